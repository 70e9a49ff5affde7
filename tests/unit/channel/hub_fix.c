/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub_fix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "channel/channel_schema.h"
#include "channel/file.h"

static struct fake the_fake;

static void keep(char *out, size_t size, struct sv s)
{
    (void)snprintf(out, size, "%.*s", SV_ARG(s));
}

DB_STMT_SCAN(test_told, "SELECT COUNT(*) FROM channel_inbound", "the test reads it all");

static enum pw_err receive(void *self, struct ctx *c, const struct channel *ch, const struct chan_event *e)
{
    struct hub_fix *f = self;
    assert_non_null(ch);
    assert_true(e->at_ms > 0);
    if (f->poison && sv_eq_z(e->text, f->poison))
        return f->poison_error;
    pthread_mutex_lock(&f->lock);
    assert_true(f->n_seen < SEEN_MAX);
    struct seen *s = &f->seen[f->n_seen++];
    *s = (struct seen){.kind = e->kind};
    keep(s->id, sizeof s->id, e->provider_id);
    keep(s->chat, sizeof s->chat, e->chat);
    keep(s->user, sizeof s->user, e->user);
    keep(s->text, sizeof s->text, e->text);
    keep(s->new_chat, sizeof s->new_chat, e->new_chat);
    keep(s->token, sizeof s->token, e->token);
    pthread_mutex_unlock(&f->lock);
    int64_t id;
    return f->want_files && e->file_kind ? file_want(c, ch->id, 0, e, &id) : PW_OK;
}

static enum pw_err sent(void *self, struct ctx *c, const struct channel *ch, const struct out_row *row,
                        const struct send_result *res)
{
    struct hub_fix *f = self;
    assert_non_null(ch);
    assert_non_null(c->db);
    f->last_sent = res->cls;
    f->last_subject = row->subject_id;
    f->n_sent++;
    return PW_OK;
}

size_t hub_n_seen(struct hub_fix *f)
{
    pthread_mutex_lock(&f->lock);
    size_t n = f->n_seen;
    pthread_mutex_unlock(&f->lock);
    return n;
}

json_t *hub_settings(struct hub_fix *f, const char *mode)
{
    json_t *v;
    struct sv text =
        arena_fmt(&f->c.arena, "{\"token\":\"%.*s\",\"secret\":\"s3cret\",\"mode\":\"%s\",\"api_base\":\"%.*s\"}",
                  SV_ARG(f->fake->token), mode, SV_ARG(f->fake->base));
    assert_int_equal(PW_OK, json_read(text, &f->c.arena, &v, NULL));
    return v;
}

int64_t hub_id_of(const json_t *v)
{
    return json_member_int(v, "id", 0);
}

int64_t hub_make_channel(struct hub_fix *f, const char *name, const char *mode, bool enabled)
{
    int64_t id = 0;
    json_t *config = hub_settings(f, mode);
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_add(c, sv_of(name), SV("telegram"), config, &id)));
    if (enabled)
        assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_set_enabled(c, id, true)));
    return id;
}

struct hub *hub_open_one(struct hub_fix *f)
{
    struct hub *h;
    struct hub_config cf = {.store = f->c.db.s,
                            .vault = f->c.vault,
                            .net = f->net,
                            .receiver = {.self = f, .receive = receive, .sent = sent},
                            .data_dir = sv_of(f->c.db.folder),
                            .public_url = SV("http://127.0.0.1:1")};
    assert_int_equal(PW_OK, hub_open(&cf, &h));
    return h;
}

int hub_set_up(void **state)
{
    struct hub_fix *f = calloc(1, sizeof *f);
    *state = f;
    ctxfix_open(&f->c);
    ctxfix_migrate(&f->c, channel_migrations, channel_migrations_n);
    f->c.now_ms = clock_now_ms();
    f->fake = &the_fake;
    pthread_mutex_init(&f->lock, NULL);
    (void)fake_do(f->fake, "reset", "{}");
    f->amal = hub_id_of(fake_do(f->fake, "users", "{\"first_name\":\"Amal\",\"started\":true}"));
    f->noor = hub_id_of(fake_do(f->fake, "users", "{\"first_name\":\"Noor\"}"));
    f->group = hub_id_of(fake_do(f->fake, "chats", "{\"type\":\"supergroup\",\"members\":[%lld,%lld]}",
                                 (long long)f->amal, (long long)f->noor));
    assert_int_equal(PW_OK, net_open("test", &f->net));
    f->channel = hub_make_channel(f, "tg", "webhook", true);
    f->hub = hub_open_one(f);
    assert_int_equal(PW_OK, work_open(&(struct work_config){.store = f->c.db.s}, &f->work));
    hub_register(f->hub, f->work);
    return 0;
}

int hub_tear_down(void **state)
{
    struct hub_fix *f = *state;
    fake_no_violations(f->fake);
    hub_stop(f->hub);
    hub_close(f->hub);
    work_close(f->work);
    net_close(f->net);
    ctxfix_close(&f->c);
    pthread_mutex_destroy(&f->lock);
    free(f);
    return 0;
}

int hub_fake_start(void **state)
{
    (void)state;
    fake_start(&the_fake);
    return 0;
}

int hub_fake_stop(void **state)
{
    (void)state;
    fake_stop(&the_fake);
    return 0;
}

static struct sv secret_header(const void *self, const char *name)
{
    return strcmp(name, "X-Telegram-Bot-Api-Secret-Token") == 0 ? sv_of(self) : (struct sv){0};
}

enum pw_err hub_hook(struct hub_fix *f, const char *name, const char *secret, const char *body)
{
    struct chan_request rq = {.body = sv_of(body), .header = secret_header, .self = secret};
    struct chan_reply reply = {0};
    return hub_webhook(f->hub, SV("telegram"), sv_of(name), &rq, &f->c.arena, 1, &reply);
}

int64_t hub_told(struct hub_fix *f)
{
    struct db_rows r = {0};
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, db_one(c->db, c->arena, &test_told, DB_NOARGS, &r)));
    return db_int(&r, 0, 0);
}

int64_t hub_queue(struct hub_fix *f, const struct chan_send *s, int64_t subject_id, const char *idem)
{
    int64_t id = 0;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_queue(c, f->channel, LANE_INTERACTIVE, s, SV("message"), subject_id,
                                                         0, sv_of(idem), &id)));
    return id;
}

struct sv hub_text_of(struct hub_fix *f, int64_t id)
{
    return arena_fmt(&f->c.arena, "%lld", (long long)id);
}

void hub_run_work(struct hub_fix *f)
{
    size_t done;
    int64_t now = clock_now_ms();
    assert_int_equal(PW_OK, work_run_once(f->work, now > f->c.now_ms ? now : f->c.now_ms, &done));
}
