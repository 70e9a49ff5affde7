/* SPDX-License-Identifier: EUPL-1.2 */
/* Who may work with a person, languages, levels, what was passed on, panels: through the actions, on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/notify.h"
#include "core/org.h"
#include "feature/person/person_room.h"
#include "unit/community/town.h"

static int set_up(void **state)
{
    struct town *t = calloc(1, sizeof *t);
    struct town_plan usual = {0};
    town_open(t, &usual);
    ctxfix_migrate(&t->f, person_migrations, person_migrations_n);
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_amal, t->amal));
    *state = t;
    return 0;
}

static int64_t other_community(struct town *t, const struct actor **ret_mod)
{
    struct org o = {.kind = ORG_AGENCY, .name = SV("Ailleurs"), .lang = SV("fr")};
    int64_t org = 0, com = 0, id = 0, person = ctxfix_person(&t->f, "Oscar");
    struct community_edit e = {.slug = SV("ailleurs"),
                               .languages = SV("fr"),
                               .zone = SV("America/Toronto"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .moderation = SV("full"),
                               .clock_mode = SV("deferred"),
                               .owner_org = 0};
    struct community_words w = {.lang = SV("fr"), .name = SV("Ailleurs"), .purpose = SV("Autre chose")};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, org_create(c, &o, &org)));
    e.owner_org = org;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_create(c, &e, &w, &com)));
    struct grant g = {.person_id = person, .role = ROLE_MODERATOR, .scope = SCOPE_COMMUNITY, .scope_id = com};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, grant_give(c, &g, &id)));
    *ret_mod = ctxfix_staff(&t->f, person, &g, 1);
    return com;
}

static enum pw_err need(struct town *t, const struct actor *who, int64_t person)
{
    struct person p;
    town_as(t, who);
    return CTX_LOOK(&t->f, person_need(c, person, &p));
}

/* PPL-1, CNS-7 */
static void only_who_works_with_the_person_reaches_the_record(void **state)
{
    struct town *t = *state;
    const struct actor *elsewhere;
    struct person_record r;
    other_community(t, &elsewhere);
    struct grant special = {
        .person_id = t->mod2, .role = ROLE_SPECIALIST, .scope = SCOPE_COMMUNITY, .scope_id = t->com};
    struct grant evaluator = {
        .person_id = t->mod2, .role = ROLE_EVALUATOR, .scope = SCOPE_COMMUNITY, .scope_id = t->com};
    struct grant coordinator = {.person_id = t->mod2, .role = ROLE_COORDINATOR, .scope = SCOPE_ORG, .scope_id = t->org};
    struct grant host = {.person_id = t->mod2, .role = ROLE_NETWORK_ADMIN, .scope = SCOPE_NETWORK};
    assert_int_equal(PW_OK, need(t, t->as_mod, t->amal));
    assert_int_equal(PW_OK, need(t, t->as_admin, t->amal));
    assert_int_equal(PW_OK, need(t, ctxfix_staff(&t->f, t->mod2, &coordinator, 1), t->amal));
    assert_int_equal(PW_OK, need(t, ctxfix_staff(&t->f, t->mod2, &host, 1), t->amal));
    assert_int_equal(PW_NOT_FOUND, need(t, ctxfix_staff(&t->f, t->mod2, &special, 1), t->amal));
    assert_int_equal(PW_NOT_FOUND, need(t, ctxfix_staff(&t->f, t->mod2, &evaluator, 1), t->amal));
    assert_int_equal(PW_NOT_FOUND, need(t, elsewhere, t->amal));
    assert_int_equal(PW_NOT_FOUND, need(t, t->as_badi, t->amal));
    assert_int_equal(PW_NOT_FOUND, need(t, t->as_amal, t->amal)); /* the person has a page of their own */
    assert_int_equal(PW_NOT_FOUND, need(t, t->as_mod, t->noor));  /* known to nobody there */
    struct join_new n = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("ar")};
    int64_t id = 0;
    town_as(t, t->as_noor);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    assert_int_equal(PW_OK, need(t, t->as_mod, t->noor)); /* has applied */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_leave(c, t->com, 0)));
    assert_int_equal(PW_OK, need(t, t->as_mod, t->amal)); /* was a member */
    assert_int_equal(PW_NOT_FOUND, need(t, elsewhere, t->noor));
    town_as(t, elsewhere);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, record_read(c, t->amal, &r)));
}

static int64_t traces(struct town *t, int64_t person, const char *what)
{
    int64_t n = 0;
    struct ctx *c = ctxfix_begin(&t->f, false);
    struct db_rows rows;
    DB_STMT(test_traces, "SELECT count(*) FROM audit WHERE object = 'person' AND object_id = $1 AND what = $2");
    assert_int_equal(PW_OK, db_one(c->db, c->arena, &test_traces, DB_ARGS(DB_I(person), DB_T(sv_of(what))), &rows));
    n = db_int(&rows, 0, 0);
    assert_int_equal(PW_OK, ctxfix_end(&t->f, PW_OK));
    return n;
}

/* CNS-7 */
static void opening_the_record_leaves_a_trace(void **state)
{
    struct town *t = *state;
    struct person_record r;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, record_read(c, t->amal, &r)));
    assert_int_equal(1, traces(t, t->amal, "person.read"));
    assert_int_equal(1, r.n_places);
    assert_int_equal(MEMBER_ACTIVE, r.places[0].m.state);
}

static struct membership member(struct town *t, int64_t person)
{
    struct membership m = {0};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, person, &m)));
    return m;
}

/* LANG-3 */
static void languages_are_noted_by_the_person_and_by_staff_and_messages_follow(void **state)
{
    struct town *t = *state;
    const struct actor *elsewhere;
    struct person_lang *v;
    size_t n;
    other_community(t, &elsewhere);
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, lang_note(c, t->amal, SV("ar"), true, true)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, lang_note(c, t->amal, SV("fr"), false, true)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, lang_note(c, t->amal, SV("so"), true, false)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, lang_note(c, t->amal, SV("klingon"), true, false)));
    town_as(t, elsewhere);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, lang_note(c, t->amal, SV("es"), true, true)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, lang_prefer(c, t->amal, SV("es"))));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, limited_set(c, t->amal, true)));
    town_as(t, t->as_badi);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, lang_note(c, t->amal, SV("es"), true, true)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, lang_note(c, t->amal, SV("ar"), false, false))); /* taken off */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_langs(c, t->amal, &v, &n)));
    assert_int_equal(2, n);
    assert_true(sv_eq_z(v[0].code, "fr") && v[0].reads && !v[0].speaks);
    assert_int_equal(4, traces(t, t->amal, "person.language"));

    assert_true(sv_eq_z(member(t, t->amal).lang, "ar")); /* as joined */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, lang_prefer(c, t->amal, SV("en"))));
    assert_true(sv_eq_z(member(t, t->amal).lang, "en")); /* the community has it */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, lang_prefer(c, t->amal, SV("so"))));
    assert_true(sv_eq_z(member(t, t->amal).lang, "fr")); /* not there: the first of its languages that is read */
    struct person p;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_get(c, t->amal, &p)));
    assert_true(sv_eq_z(p.lang, "so")); /* what the person prefers stays known */
}

static int64_t note(struct town *t, const char *scale, const char *skill, int64_t level, const char *day, bool self)
{
    struct level_new n = {.scale = sv_of(scale),
                          .skill = sv_of(skill),
                          .level = level,
                          .self = self,
                          .assessor = SV("Centre d’évaluation"),
                          .on_day = sv_of(day)};
    int64_t id = 0;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, level_note(c, t->amal, &n, &id)));
    return id;
}

/* LANG-7 */
static void levels_keep_their_history_and_their_scales_apart(void **state)
{
    struct town *t = *state;
    const struct actor *elsewhere;
    struct language_level *v;
    size_t n;
    int64_t id;
    other_community(t, &elsewhere);
    note(t, "clb", "reading", 4, "2025-09-01", false);
    int64_t wrong = note(t, "clb", "reading", 12, "2026-01-15", false);
    note(t, "nclc", "reading", 7, "2026-02-01", true);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_levels(c, t->amal, &v, &n)));
    assert_int_equal(3, n);
    assert_int_equal(12, level_now(v, n, SCALE_CLB, SKILL_READING)->level);
    assert_int_equal(7, level_now(v, n, SCALE_NCLC, SKILL_READING)->level);
    assert_true(level_now(v, n, SCALE_NCLC, SKILL_READING)->self);
    assert_int_equal(0, level_now(v, n, SCALE_NCLC, SKILL_READING)->assessor.n);
    assert_null(level_now(v, n, SCALE_CLB, SKILL_WRITING));

    struct level_new bad = {.scale = SV("ielts"), .skill = SV("singing"), .level = 13, .on_day = SV("2030-01-01")};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, level_note(c, t->amal, &bad, &id)));
    static const char *const fields[] = {"scale", "skill", "level", "assessor", "on_day"};
    for (size_t i = 0; i < 5; i++)
        assert_non_null(problem_of(&t->f.problems, fields[i]));
    bad = (struct level_new){.scale = SV("clb"), .skill = SV("reading"), .level = 0, .self = true};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, level_note(c, t->amal, &bad, &id)));

    town_as(t, elsewhere);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, level_withdraw(c, t->amal, wrong, SV("typing"))));
    bad.level = 3;
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, level_note(c, t->amal, &bad, &id)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, level_withdraw(c, t->amal, wrong, SV("typing"))));
    town_as(t, t->as_mod2);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, level_withdraw(c, t->amal, wrong, SV("because"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, level_withdraw(c, t->amal, wrong, SV("typing"))));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, level_withdraw(c, t->amal, wrong, SV("typing"))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_levels(c, t->amal, &v, &n)));
    assert_int_equal(3, n); /* still there, with who and why */
    assert_int_equal(4, level_now(v, n, SCALE_CLB, SKILL_READING)->level);
    assert_true(sv_eq_z(v[1].withdrawn_name, "Marc") && sv_eq_z(v[1].noted_name, "Mona"));
    assert_true(sv_eq_z(v[1].withdrawn_why, "typing"));
}

/* A level of somebody else is not withdrawn through a person whom one may work with. */
static void a_level_belongs_to_its_person(void **state)
{
    struct town *t = *state;
    int64_t id = note(t, "clb", "speaking", 5, "2026-01-01", true);
    town_join(t, t->as_badi, t->badi);
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, level_withdraw(c, t->badi, id, SV("typing"))));
}

/* CNS-3, CNS-4, CNS-5, A-65 */
static void what_is_passed_on_is_noted_with_its_ground(void **state)
{
    struct town *t = *state;
    struct disclosure_new n = {.what = SV("Adresse"), .recipient = SV("911"), .basis = SV("emergency")};
    struct disclosure *v;
    size_t k;
    int64_t id, lead = ctxfix_person(&t->f, "Lucie");
    struct grant g = {.person_id = lead, .role = ROLE_SUPERVISOR, .scope = SCOPE_ORG, .scope_id = t->org};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, grant_give(c, &g, &id)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, disclosure_note(c, t->amal, &n, &id)));
    assert_non_null(problem_of(&t->f.problems, "reason"));
    n.reason = SV("Danger immédiat");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, disclosure_note(c, t->amal, &n, &id)));
    assert_true(town_notice(t, lead, "Information about {0} was passed on in an emergency."));
    n = (struct disclosure_new){.what = SV("Nom"), .recipient = SV("École"), .basis = SV("asked")};
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, disclosure_note(c, t->amal, &n, &id)));
    assert_int_equal(1, town_notices(t, lead, "Information about {0} was passed on in an emergency."));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, disclosure_list(c, &t->amal, 1, &v, &k)));
    assert_int_equal(2, k);
    assert_true(sv_eq_z(v[0].what, "Nom") && sv_eq_z(v[1].reason, "Danger immédiat"));
    struct person_record own;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, record_own(c, &own))); /* shown to the person */
    assert_int_equal(2, own.n_disclosures);
    assert_true(sv_eq_z(own.disclosures[0].noted_name, "Mona"));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, disclosure_note(c, t->amal, &n, &id)));
}

static enum pw_err panel(void *self, struct ctx *c, const struct person *p, enum person_side side,
                         struct person_panel *ret)
{
    struct person_line *l = arena_new(c->arena, struct person_line);
    if (!l)
        return PW_UNAVAILABLE;
    *l = (struct person_line){.text = p->display_name, .note = side == PERSON_OWN ? SV("own") : SV("staff")};
    if (*(bool *)self)
        *ret = (struct person_panel){.title = SV("Program"), .lines = l, .n = 1};
    return PW_OK;
}

static void other_features_add_panels(void **state)
{
    struct town *t = *state;
    static bool shown = true;
    struct person_record r;
    person_panel_add(panel, &shown);
    person_panel_add(panel, &shown); /* once, however often the product starts in one process */
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, record_read(c, t->amal, &r)));
    assert_int_equal(1, r.n_panels);
    assert_true(sv_eq_z(r.panels[0].lines[0].note, "staff"));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, record_own(c, &r)));
    assert_true(sv_eq_z(r.panels[0].lines[0].note, "own"));
    shown = false;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, record_own(c, &r)));
    assert_int_equal(0, r.n_panels);
}

int main(void)
{
#define WITH_TOWN(f) cmocka_unit_test_setup_teardown(f, set_up, town_tear_down)
    const struct CMUnitTest tests[] = {
        WITH_TOWN(only_who_works_with_the_person_reaches_the_record),
        WITH_TOWN(opening_the_record_leaves_a_trace),
        WITH_TOWN(languages_are_noted_by_the_person_and_by_staff_and_messages_follow),
        WITH_TOWN(levels_keep_their_history_and_their_scales_apart),
        WITH_TOWN(a_level_belongs_to_its_person),
        WITH_TOWN(what_is_passed_on_is_noted_with_its_ground),
        WITH_TOWN(other_features_add_panels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
