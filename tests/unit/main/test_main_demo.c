/* SPDX-License-Identifier: EUPL-1.2 */
/* The demonstration through the same doors as `passerelle serve --demo`: an empty database of either engine. */
#include "unit/main/main_test.h"

#include "base/tz.h"
#include "core/account.h"
#include "core/audit.h"
#include "core/org.h"
#include "core/people.h"
#include "main/commands.h"
#include "main/demo.h"

static const struct cli_option options[] = {APP_OPTIONS, {0}};
static const struct cli_command command = {"test", "", "", "", options, NULL};

struct place {
    struct dbfix db;
    struct cli cli;
    struct app app;
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    dbfix_open(&p->db, dbfix_engine());
    p->cli = (struct cli){.command = &command,
                          .values = {sv_of(p->db.folder), sv_of(p->db.url)},
                          .given = {true, true},
                          .arena = &p->db.a};
    store_close(p->db.s); /* the command opens the empty database itself */
    p->db.s = NULL;
    assert_int_equal(0, app_open(&p->app, &p->cli, APP_CREATE));
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    community_start(NULL);
    app_close(&p->app);
    dbfix_close(&p->db);
    free(p);
    return 0;
}

/* Closes and opens, as the next start of the server. */
static void open_again(struct place *p)
{
    community_start(NULL);
    app_close(&p->app);
    assert_int_equal(0, app_open(&p->app, &p->cli, APP_EXISTING));
}

struct counts {
    size_t accounts, orgs, communities, live, questions, open, answered, entries;
    int64_t members;
};

static enum pw_err count_all(struct ctx *c, void *arg)
{
    struct counts *n = arg;
    struct account *accounts;
    struct org *orgs;
    struct community *v;
    *n = (struct counts){0};
    PW_TRY(account_list(c, &accounts, &n->accounts));
    PW_TRY(org_list(c, &orgs, &n->orgs));
    PW_TRY(community_mine(c, &v, &n->communities));
    for (size_t i = 0; i < n->communities; i++) {
        n->live += v[i].status == COM_LIVE;
        n->members += v[i].active_members;
    }
    return PW_OK;
}

static struct counts counted(struct place *p)
{
    struct counts n = {0};
    assert_int_equal(PW_OK, app_look(&p->app, count_all, &n));
    return n;
}

static enum pw_err verify(struct ctx *c, void *arg)
{
    return audit_verify(c, (struct sv){0}, arg);
}

static struct said said;

static int load(void *arg)
{
    struct place *p = arg;
    return demo_ensure(&p->app, &p->cli);
}

static void loads_into_an_empty_installation(void **state)
{
    struct place *p = *state;
    say_to(&said, load, p);
    if (said.rc)
        fail_msg("%s", said.err);
    assert_true(p->app.demo);
    struct counts n = counted(p);
    assert_int_equal(n.accounts, 5);
    assert_int_equal(n.orgs, demo_orgs_n);
    assert_int_equal(n.communities, demo_communities_n);
    assert_int_equal(n.live, demo_communities_n);
    int64_t joined = 0;
    for (size_t i = 0; i < demo_members_n; i++)
        joined += !demo_members[i].pending;
    assert_true(n.members > joined); /* the past months and the group by hand bring more */
    struct audit_report report = {0};
    assert_int_equal(PW_OK, app_look(&p->app, verify, &report)); /* acts in the past make a whole log, too */
    assert_int_equal(report.n, 0);
    assert_true(report.rows > 50);
    open_again(p);
    assert_true(p->app.demo); /* the banner stays */
}

static void a_second_time_changes_nothing(void **state)
{
    struct place *p = *state;
    say_to(&said, load, p);
    assert_int_equal(said.rc, 0);
    struct counts before = counted(p);
    open_again(p);
    say_to(&said, load, p);
    assert_int_equal(said.rc, 0);
    struct counts after = counted(p);
    assert_memory_equal(&before, &after, sizeof before);
}

static enum pw_err make_account(struct ctx *c, void *arg)
{
    (void)arg;
    struct person_new n = {.display_name = SV("Real person"), .lang = SV("fr"), .zone = SV("America/Toronto")};
    int64_t person, account;
    PW_TRY(person_create(c, &n, &person));
    return account_create(c, SV("real"), person, SV("a long enough password 7"), &account);
}

static void a_real_installation_is_left_alone(void **state)
{
    struct place *p = *state;
    assert_int_equal(PW_OK, app_act(&p->app, make_account, NULL));
    say_to(&said, load, p);
    assert_int_equal(said.rc, 1);
    assert_non_null(strstr(said.err, "real installation"));
    assert_false(p->app.demo);
    struct counts n = counted(p);
    assert_int_equal(n.accounts, 1);
    assert_int_equal(n.orgs + n.communities, 0);
}

static int say_accounts(void *arg)
{
    (void)arg;
    demo_say_accounts(stdout);
    return 0;
}

static void it_says_who_can_sign_in(void **state)
{
    (void)state;
    say_to(&said, say_accounts, NULL);
    static const char *const names[] = {"nadia", "amira", "luc", "joan", "sofia", "invented"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_non_null(strstr(said.out, names[i]));
}

static int remove_it(void *arg)
{
    struct place *p = arg;
    return cmd_demo_remove.run(&p->cli);
}

static void only_a_demonstration_is_removed(void **state)
{
    struct place *p = *state;
    assert_int_equal(PW_OK, app_act(&p->app, make_account, NULL));
    app_close(&p->app);
    say_to(&said, remove_it, p);
    assert_int_equal(said.rc, 1);
    assert_non_null(strstr(said.err, "not a demonstration"));
    assert_int_equal(0, app_open(&p->app, &p->cli, APP_EXISTING));
    assert_int_equal(counted(p).accounts, 1);
}

/* An old tree makes due times wrong by an hour without any other sign, so doctor says it in words. */
static int doctor(void *arg)
{
    struct place *p = arg;
    return cmd_doctor.run(&p->cli);
}

static void old_time_zone_data_is_named_with_the_cure(void **state)
{
    struct place *p = *state;
    const char *share = getenv("PASSERELLE_SHARE");
    app_close(&p->app);
    tz_set_dir(arena_join(&p->db.a, sv_of(share), SV("/tests/data/tz/law_2025b")));
    say_to(&said, doctor, p);
    assert_int_equal(said.rc, 1);
    assert_non_null(strstr(said.out, "is too old"));
    assert_non_null(strstr(said.out, "apt-get install tzdata"));
    tz_set_dir(arena_join(&p->db.a, sv_of(share), SV("/tests/data/tz/law_2026f")));
    say_to(&said, doctor, p);
    assert_null(strstr(said.out, "is too old"));
    assert_non_null(strstr(said.out, "knows the rules of this release"));
    tz_set_dir(SV(""));
    assert_int_equal(0, app_open(&p->app, &p->cli, APP_EXISTING));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        TEST(loads_into_an_empty_installation),  TEST(a_second_time_changes_nothing),
        TEST(a_real_installation_is_left_alone), TEST(it_says_who_can_sign_in),
        TEST(only_a_demonstration_is_removed),   TEST(old_time_zone_data_is_named_with_the_cure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
