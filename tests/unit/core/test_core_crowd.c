/* SPDX-License-Identifier: EUPL-1.2 */
/* many at once: the same stranger met by several connections is one person, and the chains stay whole. */
#include "core_test.h"

#include <pthread.h>

#include "core/audit.h"
#include "core/people.h"
#include "core/vault.h"

enum { THREADS = 8, ROUNDS = 40, STRANGERS = 10 };

struct worker {
    struct ctxfix *f;
    int number;
    int64_t seen[STRANGERS];
    struct arena arena;
    struct problems problems;
    int round;
    enum pw_err worst;
};

static enum pw_err meet(struct db *db, void *arg)
{
    struct worker *w = arg;
    char user[32];
    struct identity who;
    struct ctx c = {.arena = &w->arena,
                    .db = db,
                    .vault = w->f->vault,
                    .actor = &actor_system,
                    .problems = &w->problems,
                    .now_ms = w->f->now_ms,
                    .lang = SV("fr")};
    struct person_new n = {SV("Stranger"), SV("ar"), SV("")};
    int k = (w->round + w->number) % STRANGERS;
    (void)snprintf(user, sizeof user, "user-%d", k);
    PW_TRY(audit(&c, "before", "thing", w->number, SV("")));
    PW_TRY(identity_ensure(&c, 1, sv_of(user), &n, &who));
    PW_TRY(audit(&c, "after", "thing", w->number, SV("")));
    w->seen[k] = who.person_id;
    return PW_OK;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    arena_init(&w->arena, 64 * 1024 * 1024);
    for (w->round = 0; w->round < ROUNDS; w->round++) {
        enum pw_err e = db_transact(w->f->db.s, meet, w);
        if (e != PW_OK)
            w->worst = e;
        arena_reset(&w->arena);
    }
    arena_finish(&w->arena);
    return NULL;
}

static void strangers_met_at_once_are_one_person(void **state)
{
    struct ctxfix *f = *state;
    static struct worker w[THREADS];
    pthread_t t[THREADS];
    memset(w, 0, sizeof w);
    for (int i = 0; i < THREADS; i++) {
        w[i].f = f;
        w[i].number = i;
        assert_int_equal(0, pthread_create(&t[i], NULL, work, &w[i]));
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(PW_OK, w[i].worst);
        for (int k = 0; k < STRANGERS; k++)
            assert_int_equal(w[0].seen[k], w[i].seen[k]);
    }
    struct ctx *tx = ctxfix_begin(f, false);
    assert_int_equal(STRANGERS, raw_int(tx, "SELECT count(*) FROM person", DB_NOARGS));
    assert_int_equal(STRANGERS, raw_int(tx, "SELECT count(*) FROM identity", DB_NOARGS));
    assert_int_equal(STRANGERS, raw_int(tx, "SELECT count(*) FROM person_key", DB_NOARGS));
    assert_int_equal(PW_OK, ctxfix_end(f, PW_OK));
    struct audit_report r;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_verify(c, SV(""), &r)));
    assert_int_equal(0, r.n);
    assert_int_equal(2 * THREADS * ROUNDS + STRANGERS, r.rows);
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {CORE_TEST(strangers_met_at_once_are_one_person)};
    return cmocka_run_group_tests_name("core crowd", tests, NULL, NULL);
}
