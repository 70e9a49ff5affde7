/* SPDX-License-Identifier: EUPL-1.2 */
#include "work_fix.h"

#include <stdio.h>

struct work *fix_engine(struct fix *f)
{
    struct work *w = NULL;
    struct work_config cf = {.store = f->db.s, .tick_ms = 50};
    assert_int_equal(work_open(&cf, &w), PW_OK);
    work_on_send(w, fix_send, fix_sent, f);
    work_set_rate(w, CHANNEL, 1e6, 1e6);
    return w;
}

int fix_open(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    assert_non_null(f);
    dbfix_open(&f->db, dbfix_engine());
    dbfix_migrate(&f->db, work_migrations, work_migrations_n);
    pthread_mutex_init(&f->lock, NULL);
    f->answer = answer_ok;
    f->w = fix_engine(f);
    *state = f;
    return 0;
}

int fix_close(void **state)
{
    struct fix *f = *state;
    work_close(f->w);
    dbfix_close(&f->db);
    pthread_mutex_destroy(&f->lock);
    free(f);
    return 0;
}

struct send_result answer_ok(struct fix *f, const struct out_row *row)
{
    (void)f;
    return (struct send_result){.cls = SEND_OK, .provider_id = row->payload};
}

void fix_send(void *self, struct arena *a, const struct out_row *row, struct send_result *ret)
{
    struct fix *f = self;
    (void)a;
    assert_int_equal(row->state, OUT_SENDING);
    pthread_mutex_lock(&f->lock);
    if (f->n_sends < SENDS_KEPT) {
        f->ids[f->n_sends] = row->id;
        snprintf(f->sends[f->n_sends++], sizeof f->sends[0], "%.*s", SV_ARG(row->payload));
    }
    pthread_mutex_unlock(&f->lock);
    *ret = f->answer(f, row);
}

enum pw_err fix_sent(void *self, struct db *db, struct arena *a, const struct out_row *row,
                     const struct send_result *res, int64_t now_ms)
{
    struct fix *f = self;
    (void)a;
    if (f->told_fails != PW_OK)
        return f->told_fails;
    /* proves that it runs in the transaction: an event is left behind */
    enum pw_err e = event_append(db, SV("sent"), row->subject_id, (struct sv){0}, now_ms);
    pthread_mutex_lock(&f->lock);
    if (f->n_told < TOLD_KEPT) {
        struct told *t = &f->told[f->n_told++];
        *t = (struct told){row->id, row->state, res->cls, ""};
        snprintf(t->code, sizeof t->code, "%.*s", SV_ARG(res->code));
    }
    pthread_mutex_unlock(&f->lock);
    return e;
}

struct adding {
    struct out_new o;
    int64_t now_ms, id;
};

static enum pw_err adding(struct db *db, void *arg)
{
    struct adding *t = arg;
    return outbox_add(db, &t->o, t->now_ms, &t->id);
}

int64_t add(struct fix *f, struct out_new o, int64_t now_ms)
{
    struct adding t = {o, now_ms, 0};
    if (!t.o.channel_id)
        t.o.channel_id = CHANNEL;
    do_work(f, adding, &t);
    return t.id;
}

int64_t add_text(struct fix *f, const char *payload, enum out_lane lane, const char *order_key)
{
    return add(f, (struct out_new){.payload = sv_of(payload), .lane = lane, .order_key = sv_of(order_key)}, T0);
}

struct getting {
    struct fix *f;
    int64_t id;
    struct out_row row;
};

static enum pw_err getting(struct db *db, void *arg)
{
    struct getting *t = arg;
    return outbox_get(db, &t->f->db.a, t->id, &t->row);
}

struct out_row row_of(struct fix *f, int64_t id)
{
    struct getting t = {.f = f, .id = id};
    assert_int_equal(db_read(f->db.s, getting, &t), PW_OK);
    return t.row;
}

void assert_state(struct fix *f, int64_t id, enum out_state want)
{
    enum out_state got = row_of(f, id).state;
    if (got != want)
        fail_msg("state is %s, want %s", out_state_name(got), out_state_name(want));
}

size_t run(struct fix *f, int64_t now_ms)
{
    size_t done = 0;
    assert_int_equal(work_run_once(f->w, now_ms, &done), PW_OK);
    return done;
}

struct acting {
    int64_t id, now_ms;
    bool arrived;
    struct sv provider_id, code;
    enum out_state to;
};

static enum pw_err cancelling(struct db *db, void *arg)
{
    const struct acting *t = arg;
    return outbox_cancel(db, t->id, t->now_ms);
}

static enum pw_err resolving(struct db *db, void *arg)
{
    const struct acting *t = arg;
    return outbox_resolve(db, t->id, t->arrived, t->now_ms);
}

static enum pw_err status(struct db *db, void *arg)
{
    const struct acting *t = arg;
    return outbox_status(db, CHANNEL, t->provider_id, t->to, t->code, t->now_ms);
}

enum pw_err do_cancel(struct fix *f, int64_t id, int64_t now_ms)
{
    return db_transact(f->db.s, cancelling, &(struct acting){.id = id, .now_ms = now_ms});
}

enum pw_err do_resolve(struct fix *f, int64_t id, bool arrived, int64_t now_ms)
{
    return db_transact(f->db.s, resolving, &(struct acting){.id = id, .now_ms = now_ms, .arrived = arrived});
}

enum pw_err do_status(struct fix *f, const char *provider_id, enum out_state to, const char *code, int64_t now_ms)
{
    return db_transact(
        f->db.s, status,
        &(struct acting){.now_ms = now_ms, .provider_id = sv_of(provider_id), .code = sv_of(code), .to = to});
}

struct executing {
    const struct db_stmt *st;
    const struct db_val *args;
    size_t n;
};

static enum pw_err executing(struct db *db, void *arg)
{
    const struct executing *t = arg;
    return db_exec(db, t->st, t->args, t->n, NULL);
}

void do_exec(struct fix *f, const struct db_stmt *st, const struct db_val *args, size_t n)
{
    do_work(f, executing, &(struct executing){st, args, n});
}

void do_work(struct fix *f, db_work fn, void *arg)
{
    enum pw_err e = db_transact(f->db.s, fn, arg);
    if (e != PW_OK) {
        char words[256];
        store_last_error(f->db.s, words, sizeof words);
        fail_msg("%s: %s", err_name(e), words);
    }
}

void sends_are(struct fix *f, const char *want)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < f->n_sends; i++) {
        if (i)
            buf_c(&b, ' ');
        buf_z(&b, f->sends[i]);
    }
    if (!sv_eq_z(buf_sv(&b), want)) {
        char got[512];
        snprintf(got, sizeof got, "%.*s", SV_ARG(buf_sv(&b)));
        buf_finish(&b);
        fail_msg("sent: %s; want: %s", got, want);
    }
    buf_finish(&b);
    f->n_sends = 0;
}
