/* SPDX-License-Identifier: EUPL-1.2 */
/* who may what: the two tables of access.c against a second, plainly written one; and the giving of roles. */
#include "core_test.h"

#include "core/access.h"
#include "core/audit.h"
#include "core/people.h"

/* One line a right: A anonymous, P member, s staff without role, t reading token without role, T writing token without
 * role; then the roles that give it to staff, and the roles that give it to a writing token. */
static const struct {
    enum right right;
    const char *kinds, *staff, *token;
} wanted[] = {
    {RIGHT_ANYONE, "APstT", "", ""},
    {RIGHT_PERSON, "Ps", "", ""},
    {RIGHT_STAFF, "s", "", ""},
    {RIGHT_MODERATE, "", "moderator specialist tech-admin coordinator network-admin",
     "moderator specialist tech-admin coordinator network-admin"},
    {RIGHT_COORDINATE, "", "tech-admin coordinator network-admin", "tech-admin coordinator network-admin"},
    {RIGHT_ADMIN, "", "network-admin", ""},
    {RIGHT_PRIVACY, "", "privacy-officer", ""},
    {RIGHT_API_READ, "stT", "", ""},
    {RIGHT_API_WRITE, "sT", "", ""},
};

static bool lists(const char *names, const char *name)
{
    struct sv rest = sv_of(names), word;
    while (sv_cut(&rest, ' ', &word))
        if (sv_eq_z(word, name))
            return true;
    return false;
}

static void role_rights_are_those_of_the_table(void **state)
{
    (void)state;
    assert_int_equal(RIGHT__MAX, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < RIGHT__MAX; i++) {
        static const struct {
            char letter;
            struct actor a;
        } bare[] = {{'A', {.kind = ACTOR_ANONYMOUS}},
                    {'P', {.kind = ACTOR_MEMBER, .person_id = 1}},
                    {'s', {.kind = ACTOR_STAFF, .person_id = 1, .write = true}},
                    {'t', {.kind = ACTOR_TOKEN, .person_id = 1}},
                    {'T', {.kind = ACTOR_TOKEN, .person_id = 1, .write = true}}};
        enum right right = wanted[i].right;
        assert_true(actor_may(&actor_system, right));
        for (size_t k = 0; k < sizeof bare / sizeof bare[0]; k++)
            assert_int_equal(strchr(wanted[i].kinds, bare[k].letter) != NULL, actor_may(&bare[k].a, right));
        for (enum role r = 0; r < ROLE__MAX; r++) {
            struct grant g = {.role = r, .scope = SCOPE_COMMUNITY, .scope_id = 5};
            bool kind = strchr(wanted[i].kinds, 's') != NULL;
            struct actor a = {.kind = ACTOR_STAFF, .person_id = 1, .write = true, .grants = &g, .n_grants = 1};
            assert_int_equal(kind || lists(wanted[i].staff, role_name(r)), actor_may(&a, right));
            a.kind = ACTOR_TOKEN;
            kind = strchr(wanted[i].kinds, 'T') != NULL;
            assert_int_equal(kind || lists(wanted[i].token, role_name(r)), actor_may(&a, right));
            a.write = false;
            assert_int_equal(strchr(wanted[i].kinds, 't') != NULL, actor_may(&a, right));
            /* a return link or a stranger never has a role's right, whatever is in the list */
            a.kind = ACTOR_MEMBER;
            assert_int_equal(strchr(wanted[i].kinds, 'P') != NULL, actor_may(&a, right));
            a.kind = ACTOR_ANONYMOUS;
            assert_int_equal(strchr(wanted[i].kinds, 'A') != NULL, actor_may(&a, right));
        }
    }
    assert_false(actor_may(&actor_system, RIGHT__MAX));
}

/* MSG-9: administering and moderating are separate rights */
static void community_rights_are_those_of_the_table(void **state)
{
    (void)state;
    static const struct {
        enum role least;
        const char *roles;
    } table[] = {
        {ROLE_MEMBER, "member moderator specialist tech-admin coordinator network-admin"},
        {ROLE_MODERATOR, "moderator coordinator network-admin"},
        {ROLE_SPECIALIST, "specialist moderator coordinator network-admin"},
        {ROLE_TECH_ADMIN, "tech-admin coordinator network-admin"},
        {ROLE_COORDINATOR, "coordinator network-admin"},
        {ROLE_SUPERVISOR, "supervisor network-admin"},
        {ROLE_EVALUATOR, "evaluator coordinator network-admin"},
        {ROLE_PRIVACY_OFFICER, "privacy-officer"},
        {ROLE_NETWORK_ADMIN, "network-admin"},
    };
    enum { COMMUNITY = 5, OWNER = 70 };
    assert_int_equal(ROLE__MAX, sizeof table / sizeof table[0]);
    for (size_t i = 0; i < ROLE__MAX; i++)
        for (enum role r = 0; r < ROLE__MAX; r++) {
            static const struct {
                enum scope_kind scope;
                int64_t id;
                bool here;
            } places[] = {{SCOPE_NETWORK, 0, true},           {SCOPE_ORG, OWNER, true},
                          {SCOPE_COMMUNITY, COMMUNITY, true}, {SCOPE_ORG, OWNER + 1, false},
                          {SCOPE_ORG, COMMUNITY, false},      {SCOPE_COMMUNITY, OWNER, false},
                          {SCOPE_COMMUNITY, 6, false}};
            for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
                struct grant g = {.role = r, .scope = places[k].scope, .scope_id = places[k].id};
                struct actor a = {.kind = ACTOR_STAFF, .person_id = 1, .grants = &g, .n_grants = 1};
                bool want = places[k].here && lists(table[i].roles, role_name(r));
                assert_int_equal(want, actor_in_community(&a, COMMUNITY, OWNER, table[i].least));
                a.kind = ACTOR_TOKEN;
                assert_int_equal(want, actor_in_community(&a, COMMUNITY, OWNER, table[i].least));
                a.kind = ACTOR_MEMBER;
                assert_false(actor_in_community(&a, COMMUNITY, OWNER, table[i].least));
                a.kind = ACTOR_STAFF;
                assert_int_equal(r == table[i].least && (places[k].scope == SCOPE_NETWORK || k == 2),
                                 actor_has_role(&a, table[i].least, SCOPE_COMMUNITY, COMMUNITY));
            }
        }
    struct grant of_no_org = {.role = ROLE_COORDINATOR, .scope = SCOPE_ORG, .scope_id = 0};
    struct actor a = {.kind = ACTOR_STAFF, .grants = &of_no_org, .n_grants = 1};
    assert_false(actor_in_community(&a, COMMUNITY, 0, ROLE_MODERATOR));
    assert_false(actor_in_community(&actor_anonymous, COMMUNITY, OWNER, ROLE_MEMBER));
    assert_true(actor_in_community(&actor_system, COMMUNITY, OWNER, ROLE_NETWORK_ADMIN));
}

static void role_names_read_back(void **state)
{
    (void)state;
    for (enum role r = 0; r < ROLE__MAX; r++) {
        enum role got = ROLE__MAX;
        assert_true(role_parse(sv_of(role_name(r)), &got));
        assert_int_equal(r, got);
        assert_true(strlen(role_label(r)) > 0);
    }
    enum role got = ROLE_MEMBER;
    assert_false(role_parse(SV("Moderator"), &got));
    assert_false(role_parse(SV(""), &got));
}

/* PPL-4, MSG-9: given and withdrawn with an entry in the log */
static void roles_are_given_and_withdrawn_with_a_trace(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), id = 0, id2 = 0;
    struct grant *v, g = {.person_id = amal, .role = ROLE_MODERATOR, .scope = SCOPE_COMMUNITY, .scope_id = 5};
    size_t n;
    assert_int_equal(PW_OK, CTX_ACT(f, grant_give(c, &g, &id)));
    g.expires_ms = f->now_ms + 1000;
    g.role = ROLE_TECH_ADMIN;
    assert_int_equal(PW_OK, CTX_ACT(f, grant_give(c, &g, &id2)));
    assert_int_equal(PW_OK, CTX_LOOK(f, grant_list(c, SCOPE_COMMUNITY, 5, &v, &n)));
    assert_int_equal(2, n);
    assert_int_equal(id, v[0].id);
    assert_int_equal(ROLE_MODERATOR, v[0].role);
    assert_int_equal(CTXFIX_NOW, v[0].granted_ms);
    assert_int_equal(0, v[0].expires_ms);
    f->now_ms += 1000;
    assert_int_equal(PW_OK, CTX_LOOK(f, grant_of_person(c, amal, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_OK, CTX_ACT(f, grant_withdraw(c, id)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, grant_withdraw(c, id)));
    assert_int_equal(PW_OK, CTX_LOOK(f, grant_list(c, SCOPE_COMMUNITY, 5, &v, &n)));
    assert_int_equal(0, n);
    struct audit_row *rows;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_list(c, "grant", id, 0, 10, &rows, &n)));
    assert_int_equal(2, n);
    assert_sv(rows[0].what, "grant.withdraw");
    assert_sv(rows[1].what, "grant.give");
    assert_true(sv_starts(rows[1].detail, SV("role=moderator scope=community scope_id=5 ")));
    /* nonsense */
    const struct grant bad[] = {{.person_id = amal, .role = ROLE__MAX},
                                {.person_id = amal, .role = ROLE_MODERATOR, .scope = SCOPE_ORG},
                                {.person_id = amal, .role = ROLE_MODERATOR, .scope = SCOPE_NETWORK, .scope_id = 4},
                                {.person_id = amal, .role = ROLE_MODERATOR, .scope = 9, .scope_id = 4},
                                {.person_id = amal, .role = ROLE_MODERATOR, .expires_ms = 1}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(PW_INVALID, CTX_ACT(f, grant_give(c, &bad[i], &id)));
    g = (struct grant){.person_id = 99, .role = ROLE_MODERATOR, .scope = SCOPE_COMMUNITY, .scope_id = 5};
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, grant_give(c, &g, &id)));
}

static void nobody_gives_more_than_they_may(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), id = 0;
    const struct grant wish[] = {{.person_id = amal, .role = ROLE_NETWORK_ADMIN},
                                 {.person_id = amal, .role = ROLE_PRIVACY_OFFICER, .scope = SCOPE_ORG, .scope_id = 70},
                                 {.person_id = amal, .role = ROLE_MODERATOR},
                                 {.person_id = amal, .role = ROLE_COORDINATOR, .scope = SCOPE_ORG, .scope_id = 70},
                                 {.person_id = amal, .role = ROLE_COORDINATOR, .scope = SCOPE_ORG, .scope_id = 71},
                                 {.person_id = amal, .role = ROLE_MODERATOR, .scope = SCOPE_COMMUNITY, .scope_id = 5}};
    static const struct {
        struct grant has;
        const char *may; /* one letter a wish */
    } cases[] = {{{.role = ROLE_NETWORK_ADMIN}, "yyyyyy"},
                 {{.role = ROLE_COORDINATOR, .scope = SCOPE_ORG, .scope_id = 70}, "nnnyny"},
                 {{.role = ROLE_TECH_ADMIN, .scope = SCOPE_COMMUNITY, .scope_id = 5}, "nnnnny"},
                 {{.role = ROLE_MODERATOR, .scope = SCOPE_COMMUNITY, .scope_id = 5}, "nnnnnn"},
                 {{.role = ROLE_PRIVACY_OFFICER}, "nnnnnn"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t k = 0; k < 6; k++) {
            f->actor = ctxfix_staff(f, amal, &cases[i].has, 1);
            assert_int_equal(cases[i].may[k] == 'y' ? PW_OK : PW_DENIED, CTX_ACT(f, grant_give(c, &wish[k], &id)));
        }
    f->actor = ctxfix_member(f, amal);
    for (size_t k = 0; k < 6; k++)
        assert_int_equal(PW_DENIED, CTX_ACT(f, grant_give(c, &wish[k], &id)));
    /* taking away needs the same right, but everyone may lay down their own */
    f->actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(f, grant_give(c, &wish[0], &id)));
    f->actor = ctxfix_staff(f, ctxfix_person(f, "Other"), &cases[1].has, 1);
    assert_int_equal(PW_DENIED, CTX_ACT(f, grant_withdraw(c, id)));
    f->actor = ctxfix_staff(f, amal, NULL, 0);
    assert_int_equal(PW_OK, CTX_ACT(f, grant_withdraw(c, id)));
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        CORE_TEST(every_statement_is_well),
        cmocka_unit_test(role_rights_are_those_of_the_table),
        cmocka_unit_test(community_rights_are_those_of_the_table),
        cmocka_unit_test(role_names_read_back),
        CORE_TEST(roles_are_given_and_withdrawn_with_a_trace),
        CORE_TEST(nobody_gives_more_than_they_may),
    };
    return cmocka_run_group_tests_name("core access", tests, NULL, NULL);
}
