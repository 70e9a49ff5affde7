/* SPDX-License-Identifier: EUPL-1.2 */
/* Registry, dedup, pollers and switching on, on both engines, against the Telegram stand-in. */
#include "hub_fix.h"

#include <unistd.h>

#include "channel/file.h"
#include "core/vault.h"
#include "lib/stmtcheck.h"

DB_STMT_SCAN(test_configs, "SELECT config FROM channel", "the test reads it all");
DB_STMT_SCAN(test_file_ids, "SELECT id, state FROM file_blob ORDER BY id", "the test reads it all");

static void registry(void **state)
{
    struct hub_fix *f = *state;
    struct db_rows r = {0};
    int64_t id = 0;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, db_query(c->db, c->arena, &test_configs, DB_NOARGS, &r)));
    assert_true(r.n == 1 && sv_find(db_text(&r, 0, 0), f->fake->token) < 0); /* the token is sealed */
    struct channel ch;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, channel_by_name(c, SV("tg"), &ch)));
    assert_true(ch.id == f->channel && ch.enabled);
    assert_true(sv_eq(json_member_sv(ch.config, "token"), f->fake->token));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&f->c, channel_by_name(c, SV("other"), &ch)));
    json_t *good = hub_settings(f, "webhook");
    assert_int_equal(PW_CONFLICT, CTX_ACT(&f->c, channel_add(c, SV("tg"), SV("telegram"), good, &id)));
    assert_non_null(problem_of(&f->c.problems, "name"));
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, channel_add(c, SV("Tg/.."), SV("telegram"), good, &id)));
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, channel_add(c, SV("x"), SV("carrier-pigeon"), good, &id)));
    json_object_del(good, "secret");
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, channel_add(c, SV("x"), SV("telegram"), good, &id)));
    assert_non_null(problem_of(&f->c.problems, "secret"));
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, channel_set_config(c, f->channel, good)));
    json_t *nothing = json_object();
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_add(c, SV("pages"), SV("web"), nothing, &id)));
    json_decref(nothing);
    struct channel_info *v;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, channel_list(c, &v, &n)));
    assert_int_equal(2, n);
    assert_true(sv_eq_z(v[0].name, "pages") && !v[0].enabled && sv_eq_z(v[1].name, "tg") && v[1].enabled);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&f->c, channel_set_enabled(c, 12345, false)));
}

static void statements(void **state)
{
    struct hub_fix *f = *state;
    assert_int_equal(0, stmtcheck_all(&f->c.db));
}

/* ---- coming in ---- */

static void webhooks(void **state) /* goal 6: forged, repeated and broken calls */
{
    struct hub_fix *f = *state;
    assert_int_equal(PW_DENIED, hub_hook(f, "tg", "wrong", TEXT(1, "a")));
    assert_int_equal(PW_DENIED, hub_hook(f, "tg", "", TEXT(1, "a")));
    assert_int_equal(PW_NOT_FOUND, hub_hook(f, "other", "s3cret", TEXT(1, "a")));
    assert_int_equal(PW_INVALID, hub_hook(f, "tg", "s3cret", "{\"update_id\":"));
    assert_int_equal(0, hub_told(f));
    for (int i = 0; i < 10; i++) { /* ten times, in changing order */
        assert_int_equal(PW_OK, hub_hook(f, "tg", "s3cret", i % 2 ? TEXT(1, "un") : TEXT(2, "deux")));
        assert_int_equal(PW_OK, hub_hook(f, "tg", "s3cret", i % 2 ? TEXT(2, "deux") : TEXT(1, "un")));
    }
    assert_int_equal(2, hub_told(f));
    assert_int_equal(2, f->n_seen);
    /* What the receiver cannot store is not acknowledged, and comes again. */
    f->poison = "trois";
    f->poison_error = PW_UNAVAILABLE;
    assert_int_equal(PW_UNAVAILABLE, hub_hook(f, "tg", "s3cret", TEXT(3, "trois")));
    assert_int_equal(2, hub_told(f));
    f->poison = NULL;
    assert_int_equal(PW_OK, hub_hook(f, "tg", "s3cret", TEXT(3, "trois")));
    assert_int_equal(3, f->n_seen);
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_set_enabled(c, f->channel, false)));
    enum pw_err e = PW_OK;
    for (int i = 0; i < 100 && (e = hub_hook(f, "tg", "s3cret", TEXT(4, "quatre"))) == PW_OK; i++)
        usleep(100000); /* noticed within a second or two, though another connection changed it */
    assert_int_equal(PW_NOT_FOUND, e);
}

static void forgetting(void **state)
{
    struct hub_fix *f = *state;
    assert_int_equal(PW_OK, hub_hook(f, "tg", "s3cret", TEXT(1, "a")));
    int64_t n = -1;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_forget_inbound(c, 10, &n)));
    assert_int_equal(0, n);
    f->c.now_ms += INT64_C(31) * 24 * 3600 * 1000;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_forget_inbound(c, 10, &n)));
    assert_int_equal(1, n);
    assert_int_equal(0, hub_told(f));
}

static void poll_once(void **state)
{
    struct hub_fix *f = *state;
    int64_t id = hub_make_channel(f, "poll", "polling", true);
    struct hub *h = hub_open_one(f), *second = hub_open_one(f);
    size_t n;
    for (int i = 0; i < 3; i++)
        (void)fake_do(f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"m%d\"}", (long long)f->group,
                      (long long)f->noor, i);
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_int_equal(3, f->n_seen);
    assert_int_equal(PW_CONFLICT, hub_poll_once(second, id, 0, &n)); /* one poller in the installation */
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_int_equal(3, f->n_seen);
    /* One event that cannot be stored does not hold up the others. */
    f->poison = "bad";
    f->poison_error = PW_INVALID;
    (void)fake_do(f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"bad\"}", (long long)f->group,
                  (long long)f->noor);
    (void)fake_do(f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"good\"}", (long long)f->group,
                  (long long)f->noor);
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_int_equal(4, f->n_seen);
    assert_string_equal("good", f->seen[3].text);
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_int_equal(0, n);
    /* A database that is away for a moment: nothing is lost. */
    f->poison = "later";
    f->poison_error = PW_UNAVAILABLE;
    (void)fake_do(f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"later\"}", (long long)f->group,
                  (long long)f->noor);
    assert_int_equal(PW_UNAVAILABLE, hub_poll_once(h, id, 0, &n));
    f->poison = NULL;
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_string_equal("later", f->seen[f->n_seen - 1].text);
    hub_close(second);
    hub_close(h);
}

/* Beside a running hub a transaction may be run again with its neighbours' (groupcommit.h): so no CTX_ACT here. */
static enum pw_err add_poller(struct db *db, void *arg)
{
    struct hub_fix *f = arg;
    int64_t id = 0;
    struct problems ps = {0};
    struct ctx c = {.arena = &f->c.arena,
                    .db = db,
                    .vault = f->c.vault,
                    .actor = &actor_system,
                    .problems = &ps,
                    .now_ms = f->c.now_ms,
                    .lang = SV("fr")};
    PW_TRY(channel_add(&c, SV("poll"), SV("telegram"), hub_settings(f, "polling"), &id));
    return channel_set_enabled(&c, id, true);
}

static void threads(void **state)
{
    struct hub_fix *f = *state;
    f->want_files = true;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_set_enabled(c, f->channel, false)));
    assert_int_equal(PW_OK, hub_start(f->hub));
    assert_int_equal(PW_OK, db_transact(f->c.db.s, add_poller, f)); /* added while it runs */
    (void)fake_do(f->fake, "say", "{\"user\":%lld,\"voice\":{\"size\":100,\"fill\":\"v\"}}", (long long)f->amal);
    struct db_rows r = {0};
    for (int i = 0; i < 200; i++) {
        assert_int_equal(PW_OK, CTX_LOOK(&f->c, db_query(c->db, c->arena, &test_file_ids, DB_NOARGS, &r)));
        if (r.n == 1 && db_int(&r, 0, 1) == FILE_STORED)
            break;
        usleep(100000);
    }
    assert_int_equal(1, hub_n_seen(f));
    assert_true(r.n == 1 && db_int(&r, 0, 1) == FILE_STORED);
    hub_stop(f->hub);
    hub_stop(f->hub);
    assert_int_equal(PW_OK, hub_start(f->hub)); /* and again */
    hub_stop(f->hub);
}

static void enabling(void **state)
{
    struct hub_fix *f = *state;
    int64_t id = hub_make_channel(f, "second", "webhook", false);
    struct problems ps = {0};
    struct sv why;
    assert_int_equal(PW_OK, hub_enable(f->hub, id, &f->c.arena, &ps, &why));
    const json_t *bot = json_array_get(json_object_get(fake_get(f->fake, "state"), "bots"), 0);
    assert_true(sv_eq_z(json_member_sv(bot, "webhook"), "http://127.0.0.1:1/hooks/telegram/second"));
    assert_int_equal(PW_OK, hub_hook(f, "second", "s3cret", TEXT(9, "neuf")));
    assert_int_equal(1, f->n_seen);
}

int main(void)
{
    (void)dbfix_engine();
#define T(f) cmocka_unit_test_setup_teardown(f, hub_set_up, hub_tear_down)
    const struct CMUnitTest tests[] = {
        T(registry), T(statements), T(webhooks), T(forgetting), T(poll_once), T(threads), T(enabling),
    };
    return cmocka_run_group_tests(tests, hub_fake_start, hub_fake_stop);
}
