/* SPDX-License-Identifier: EUPL-1.2 */
/* The outbox as others use it, and its states. */
#include "lib/stmtcheck.h"
#include "work_fix.h"

DB_STMT(test_put_in_state, "UPDATE outbox SET state = $2, provider_id = 'p' WHERE id = $1");

static void statements_are_sound(void **state)
{
    struct fix *f = *state;
    assert_int_equal(stmtcheck_all(&f->db), 0);
}

static void states_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < OUT__MAX; i++)
        assert_true(strlen(out_state_name((enum out_state)i)) > 3);
    assert_string_equal(out_state_name(OUT_IN_DOUBT), "in-doubt");
    assert_string_equal(out_state_name((enum out_state)99), "unknown");
}

/* reliability.md goal 6: status never goes back. Rows: state before; columns: the provider says sent, failed,
 * delivered, read. */
static void the_table_of_states(void **state)
{
    struct fix *f = *state;
    static const enum out_state says[4] = {OUT_SENT, OUT_FAILED, OUT_DELIVERED, OUT_READ};
    static const enum out_state table[OUT__MAX][4] = {
        [OUT_QUEUED] = {OUT_SENT, OUT_FAILED, OUT_DELIVERED, OUT_READ},
        [OUT_SENDING] = {OUT_SENT, OUT_FAILED, OUT_DELIVERED, OUT_READ},
        [OUT_IN_DOUBT] = {OUT_SENT, OUT_FAILED, OUT_DELIVERED, OUT_READ},
        [OUT_SENT] = {OUT_SENT, OUT_FAILED, OUT_DELIVERED, OUT_READ},
        [OUT_FAILED] = {OUT_FAILED, OUT_FAILED, OUT_DELIVERED, OUT_READ},
        [OUT_DELIVERED] = {OUT_DELIVERED, OUT_DELIVERED, OUT_DELIVERED, OUT_READ},
        [OUT_READ] = {OUT_READ, OUT_READ, OUT_READ, OUT_READ},
        [OUT_HELD] = {OUT_HELD, OUT_HELD, OUT_HELD, OUT_HELD},
        [OUT_CANCELLED] = {OUT_CANCELLED, OUT_CANCELLED, OUT_CANCELLED, OUT_CANCELLED},
        [OUT_BY_HAND] = {OUT_BY_HAND, OUT_BY_HAND, OUT_BY_HAND, OUT_BY_HAND},
    };
    int64_t id = add_text(f, "x", LANE_BULK, "");
    for (int from = 0; from < OUT__MAX; from++) {
        for (int i = 0; i < 4; i++) {
            do_exec(f, &test_put_in_state, DB_ARGS(DB_I(id), DB_I(from)));
            assert_int_equal(do_status(f, "p", says[i], "c", T0 + 1), PW_OK);
            assert_state(f, id, table[from][i]);
        }
        do_exec(f, &test_put_in_state, DB_ARGS(DB_I(id), DB_I(from)));
        enum pw_err e = do_cancel(f, id, T0);
        assert_int_equal(e, from == OUT_QUEUED || from == OUT_HELD || from == OUT_BY_HAND ? PW_OK : PW_CONFLICT);
        for (int arrived = 0; arrived < 2; arrived++) {
            do_exec(f, &test_put_in_state, DB_ARGS(DB_I(id), DB_I(from)));
            e = do_resolve(f, id, arrived, T0);
            assert_int_equal(e, from == OUT_IN_DOUBT ? PW_OK : PW_CONFLICT);
            assert_state(f, id, from != OUT_IN_DOUBT ? (enum out_state)from : arrived ? OUT_SENT : OUT_QUEUED);
        }
    }
    assert_int_equal(do_status(f, "p", OUT_QUEUED, "", T0), PW_INVALID);
    assert_int_equal(do_status(f, "p", OUT_IN_DOUBT, "", T0), PW_INVALID);
    assert_int_equal(do_status(f, "other", OUT_SENT, "", T0), PW_NOT_FOUND);
    assert_int_equal(do_cancel(f, 12345, T0), PW_NOT_FOUND);
    assert_int_equal(do_resolve(f, 12345, true, T0), PW_NOT_FOUND);
}

static void words_of_a_provider_in_any_order_end_the_same(void **state)
{
    struct fix *f = *state;
    static const enum out_state says[4] = {OUT_SENT, OUT_FAILED, OUT_DELIVERED, OUT_READ};
    int64_t id = add_text(f, "x", LANE_BULK, "");
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++)
            for (int c = 0; c < 4; c++) {
                if (a == b || b == c || a == c)
                    continue;
                do_exec(f, &test_put_in_state, DB_ARGS(DB_I(id), DB_I(OUT_SENT)));
                const int order[3] = {a, b, c};
                int best = 0;
                for (int i = 0; i < 3; i++) {
                    assert_int_equal(do_status(f, "p", says[order[i]], "", T0), PW_OK);
                    best = order[i] > best ? order[i] : best;
                }
                assert_state(f, id, says[best]);
            }
}

static void a_failure_keeps_its_code(void **state)
{
    struct fix *f = *state;
    int64_t id = add_text(f, "x", LANE_BULK, "");
    run(f, T0);
    assert_int_equal(do_status(f, "x", OUT_FAILED, "131026", T0 + 5), PW_OK);
    struct out_row row = row_of(f, id);
    assert_true(sv_eq_z(row.error_code, "131026"));
    assert_int_equal(row.changed_ms, T0 + 5);
}

static void one_row_for_one_key(void **state)
{
    struct fix *f = *state;
    struct out_new o = {.payload = SV("first"), .idem_key = SV("notice:1:2")};
    int64_t id = add(f, o, T0);
    o.payload = SV("second");
    assert_int_equal(add(f, o, T0 + 1), id);
    run(f, T0 + 2);
    assert_int_equal(add(f, o, T0 + 3), id); /* also when it is long gone */
    run(f, T0 + 4);
    sends_are(f, "first");
    o.idem_key = SV("notice:1:3");
    assert_int_not_equal(add(f, o, T0 + 5), id);
}

static void a_bad_lane_is_refused(void **state)
{
    struct fix *f = *state;
    struct out_new o = {.channel_id = CHANNEL, .lane = (enum out_lane)9};
    (void)f;
    assert_int_equal(outbox_add(NULL, &o, T0, NULL), PW_INVALID);
}

struct listing {
    struct fix *f;
    int64_t channel, limit;
    int state;
    struct out_row *rows;
    size_t n;
};

static enum pw_err listing(struct db *db, void *arg)
{
    struct listing *t = arg;
    return outbox_list(db, &t->f->db.a, t->channel, t->state, t->limit, &t->rows, &t->n);
}

static size_t count(struct fix *f, int64_t channel, int state, int64_t limit)
{
    struct listing t = {f, channel, limit, state, NULL, 0};
    assert_int_equal(db_read(f->db.s, listing, &t), PW_OK);
    for (size_t i = 1; i < t.n; i++)
        assert_true(t.rows[i - 1].id > t.rows[i].id);
    for (size_t i = 0; i < t.n; i++) {
        assert_true(state < 0 || t.rows[i].state == (enum out_state)state);
        assert_true(channel == 0 || t.rows[i].channel_id == channel);
    }
    return t.n;
}

static void lists_are_newest_first(void **state)
{
    struct fix *f = *state;
    for (int i = 0; i < 6; i++)
        add(f, (struct out_new){.channel_id = i % 2 ? 1 : 2, .payload = SV("x")}, T0);
    int64_t other = add(f, (struct out_new){.channel_id = 1, .payload = SV("x")}, T0);
    assert_int_equal(do_cancel(f, other, T0), PW_OK);
    assert_int_equal(count(f, 0, -1, 100), 7);
    assert_int_equal(count(f, 0, -1, 3), 3);
    assert_int_equal(count(f, 1, -1, 100), 4);
    assert_int_equal(count(f, 1, OUT_QUEUED, 100), 3);
    assert_int_equal(count(f, 0, OUT_QUEUED, 100), 6);
    assert_int_equal(count(f, 0, OUT_CANCELLED, 100), 1);
    assert_int_equal(count(f, 2, OUT_CANCELLED, 100), 0);
    assert_int_equal(count(f, 0, OUT_SENDING, 100), 0);
    struct listing bad = {f, 0, 0, -1, NULL, 0};
    assert_int_equal(db_read(f->db.s, listing, &bad), PW_INVALID);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fix_open, fix_close)
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        T(statements_are_sound),     cmocka_unit_test(states_have_names),
        T(the_table_of_states),      T(words_of_a_provider_in_any_order_end_the_same),
        T(a_failure_keeps_its_code), T(one_row_for_one_key),
        T(a_bad_lane_is_refused),    T(lists_are_newest_first),
    };
    return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
