/* SPDX-License-Identifier: EUPL-1.2 */
/* Programs from draft to closed, who may do what, enrolments with their history, and the design as text. */
#include "base/civil.h"
#include "core/audit.h"
#include "feature/community/community_text.h"
#include "unit/program/programtown.h"

static const struct actor *with_role(struct town *t, int64_t person, enum role role, enum scope_kind scope, int64_t id)
{
    struct grant g = {.person_id = person, .role = role, .scope = scope, .scope_id = id};
    return ctxfix_staff(&t->f, person, &g, 1);
}

static bool audited(struct town *t, const char *what, int64_t id)
{
    struct audit_row *v;
    size_t n = 0;
    bool found = false;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, audit_list(c, NULL, 0, 0, 100, &v, &n)));
    for (size_t i = 0; i < n; i++)
        found |= v[i].object_id == id && sv_eq_z(v[i].what, what);
    return found;
}

/* EQ-5: a program states what it offers; what is wrong is named, all at once. */
static void a_program_needs_a_mode_a_name_and_an_owner(void **state)
{
    struct town *t = *state;
    struct program_edit e = {.languages = SV("fr !"), .starts_on = SV("2026-05-01"), .ends_on = SV("2026-04-01")};
    struct program_words w = {0};
    int64_t id = 0;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, program_create(c, &e, &w, &id)));
    assert_true(problem_at(t, "modes") && problem_at(t, "languages") && problem_at(t, "ends_on"));
    assert_true(problem_at(t, "name") && problem_at(t, "purpose") && problem_at(t, "owner_org"));
    e = (struct program_edit){.languages = SV("fr"), .modes = SV("remote"), .owner_org = t->org};
    w = (struct program_words){.name = SV("Suivi"), .purpose = SV("Suivre")};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, program_create(c, &e, &w, &id))); /* coordinates no organisation */
    assert_true(problem_at(t, "owner_org"));
    t->f.actor = with_role(t, t->mod2, ROLE_COORDINATOR, SCOPE_ORG, t->org);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_create(c, &e, &w, &id)));
    t->f.actor = t->as_amal;
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, program_create(c, &e, &w, &id)));
    assert_true(audited(t, "program.created", id));
}

/* PPL-4, PPL-7: by role; refused and not there look the same to strangers. */
static void who_may_see_and_do_what(void **state)
{
    struct town *t = *state;
    int64_t p = make_program(t, "remote hybrid"); /* by the administrator of its message space: a solo organiser */
    int64_t dina = newcomer(t, "Dina");
    struct program seen;
    struct enrolment_filter all = {0};
    struct enrolment *v;
    size_t n;
    t->f.actor = t->as_mod;
    assert_int_equal(PW_DENIED, enrol(t, p, dina, "", "", ""));
    t->f.actor = with_role(t, t->mod2, ROLE_COORDINATOR, SCOPE_ORG, t->org);
    assert_int_equal(PW_OK, enrol(t, p, dina, "", "", "remote"));
    int64_t e = enrolment_now(t, p, dina).id;
    /* a moderator reads people and records a preference, no more */
    t->f.actor = t->as_mod;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolment_list(c, p, &all, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_set(c, e, SV("in-person"), (struct sv){0})));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, enrolment_set(c, e, (struct sv){0}, SV("hybrid"))));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, enrolment_end(c, e, (struct sv){0}, SV("completed"))));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, program_set_state(c, p, PROGRAM_CLOSED)));
    /* strangers: another organisation's coordinator, a member, nobody */
    const struct actor *others[] = {with_role(t, t->noor, ROLE_COORDINATOR, SCOPE_ORG, t->org + 1), t->as_amal,
                                    &actor_anonymous};
    for (size_t i = 0; i < 3; i++) {
        t->f.actor = others[i];
        assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, program_get(c, p, &seen)));
        assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, enrolment_list(c, p, &all, &v, &n)));
        assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, enrolment_set(c, e, SV("remote"), (struct sv){0})));
        assert_int_equal(PW_NOT_FOUND, enrol(t, p, dina, "", "", ""));
        struct program *list;
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_list(c, &list, &n)));
        assert_int_equal(0, n);
    }
}

/* PPL-1: enrolling adds no person; EQ-5: preferred and in use with history, by whom. */
static void enrolments_keep_who_changed_what_and_when(void **state)
{
    struct town *t = *state;
    int64_t p = make_program(t, "remote in-person"), q_id = 0;
    int64_t three[] = {newcomer(t, "Dina"), newcomer(t, "Eva"), newcomer(t, "Fadi")}, enrolled = 0, already = 0;
    struct enrol_new some = {.persons = three, .n = 3, .uses = SV("remote")};
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, enrol(t, p, three[1], "2026-01-05", "hybrid", "in-person"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_enrol(c, p, &some, &enrolled, &already)));
    assert_int_equal(2, enrolled);
    assert_int_equal(1, already);
    struct enrolment e = enrolment_now(t, p, three[1]);
    assert_int_equal(DELIVERY_IN_PERSON, e.uses); /* as before */
    assert_int_equal(UNMET_NOT_OFFERED, e.unmet);
    assert_int_equal(civil_day(2026, 1, 5), e.since_day);
    assert_true(sv_eq_z(e.name, "Eva"));
    t->f.actor = t->as_mod;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_set(c, e.id, SV("in-person"), (struct sv){0})));
    t->f.actor = t->as_admin;
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, enrolment_set(c, e.id, SV("by-post"), SV("hybrid"))));
    assert_true(problem_at(t, "prefers") && problem_at(t, "uses")); /* hybrid is not offered */
    town_time(t, "2026-02-20T10:00-07:00");
    t->f.actor = t->as_admin;
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, enrolment_end(c, e.id, SV("2026-02-21"), SV("tired"))));
    assert_true(problem_at(t, "on") && problem_at(t, "reason"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, enrolment_end(c, e.id, SV("2026-01-01"), SV("completed"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_end(c, e.id, (struct sv){0}, SV("completed"))));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, enrolment_end(c, e.id, (struct sv){0}, SV("completed"))));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, enrolment_set(c, e.id, SV("remote"), (struct sv){0})));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_take_back(c, e.id)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, enrolment_take_back(c, e.id)));
    struct enrolment_step *s;
    struct program of;
    size_t n = 0;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolment_get(c, e.id, &e, &of, &s, &n)));
    static const char *const whats[] = {"enrolled", "changed", "ended", "taken-back"};
    assert_int_equal(4, n);
    for (size_t i = 0; i < 4; i++)
        assert_true(sv_eq_z(s[i].what, whats[i]));
    assert_true(sv_eq_z(s[0].name, "Ada") && sv_eq_z(s[1].name, "Mona"));
    assert_int_equal(WISH_HYBRID, s[0].prefers);
    assert_int_equal(WISH_IN_PERSON, s[1].prefers);
    assert_int_equal(civil_day(2026, 2, 20), s[2].on_day);
    assert_true(audited(t, "enrolment.changed", e.id) && audited(t, "enrolment.ended", e.id));
    /* a second program: the same person, one more enrolment */
    struct program_edit second = {.owner_org = t->org, .modes = SV("hybrid"), .languages = SV("fr")};
    struct program_words w = {.name = SV("Emploi"), .purpose = SV("Trouver un travail")};
    struct enrolment *v;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_create(c, &second, &w, &q_id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_set_state(c, q_id, PROGRAM_OPEN)));
    assert_int_equal(PW_OK, enrol(t, q_id, three[1], "", "", "hybrid"));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolments_of_person(c, three[1], &v, &n)));
    assert_int_equal(2, n);
    t->f.actor = t->as_mod; /* who has no part in the other program does not see it */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolments_of_person(c, three[1], &v, &n)));
    assert_int_equal(1, n);
    assert_true(v[0].program_id == p);
}

static void only_people_within_reach_and_days_that_make_sense(void **state)
{
    struct town *t = *state;
    int64_t p = make_program(t, "remote"), stranger = ctxfix_person(&t->f, "Zoé"), dina = newcomer(t, "Dina");
    t->f.actor = t->as_admin;
    assert_int_equal(PW_INVALID, enrol(t, p, stranger, "", "", ""));
    assert_true(problem_at(t, "persons"));
    assert_int_equal(PW_INVALID, enrol(t, p, 4711, "", "", ""));
    assert_int_equal(PW_INVALID, enrol(t, p, dina, "next week", "", "hybrid"));
    assert_true(problem_at(t, "since") && problem_at(t, "uses"));
    assert_int_equal(PW_INVALID, enrol(t, p, dina, "2030-01-01", "", ""));
    assert_true(problem_at(t, "since"));
    assert_int_equal(PW_OK, enrol(t, p, dina, "2026-03-01", "", "")); /* a planned start */
    struct enrol_new none = {0};
    int64_t a, b;
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, program_enrol(c, p, &none, &a, &b)));
    assert_true(problem_at(t, "persons"));
    /* a mode that somebody uses cannot be left out */
    struct enrolment e = enrolment_now(t, p, dina);
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_set(c, e.id, (struct sv){0}, SV("remote"))));
    struct program_edit edit = {.community_id = t->com, .modes = SV("hybrid"), .languages = SV("fr en")};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, program_update(c, p, &edit)));
    assert_true(problem_at(t, "modes"));
    edit.modes = SV("remote hybrid");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_update(c, p, &edit)));
    edit.languages = SV("en fr");
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, program_update(c, p, &edit)));
    assert_true(problem_at(t, "languages"));
    /* one program a message space */
    struct program_words w = {.name = SV("Autre"), .purpose = SV("Autre")};
    edit.languages = SV("fr");
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, program_create(c, &edit, &w, &a)));
    assert_true(problem_at(t, "community"));
}

/* The person says it themselves, before or after being enrolled; other members learn nothing. */
static void a_member_says_what_they_prefer(void **state)
{
    struct town *t = *state;
    int64_t p = make_program(t, "remote");
    struct own_part own;
    town_join(t, t->as_amal, t->amal);
    t->f.actor = t->as_amal;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_own(c, t->com, &own)));
    assert_int_equal(WISH_NOT_ASKED, own.prefers);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, program_own_wish(c, t->com, (struct sv){0})));
    assert_true(problem_at(t, "prefers"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_own_wish(c, t->com, SV("hybrid"))));
    t->f.actor = t->as_badi; /* not a member */
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, program_own(c, t->com, &own)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, program_own_wish(c, t->com, SV("hybrid"))));
    t->f.actor = t->as_admin;
    struct program seen;
    struct candidate *v;
    size_t n = 0;
    bool more;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_get(c, p, &seen)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_candidates(c, &seen, 0, 0, &v, &n, &more)));
    assert_true(n == 1 && !more && v[0].person_id == t->amal && v[0].prefers == WISH_HYBRID);
    assert_int_equal(PW_OK, enrol(t, p, t->amal, "", "", "remote"));
    assert_int_equal(WISH_HYBRID, enrolment_now(t, p, t->amal).prefers); /* as she said before */
    t->f.actor = t->as_amal;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_own_wish(c, t->com, SV("remote"))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_own(c, t->com, &own)));
    assert_int_equal(WISH_REMOTE, own.prefers);
    assert_int_equal(DELIVERY_REMOTE, own.e.uses);
    struct enrolment e;
    struct enrolment_step *s;
    t->f.actor = t->as_mod;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolment_get(c, own.e.id, &e, &seen, &s, &n)));
    assert_true(n == 2 && s[1].by_person == t->amal);
}

static void closing_ends_the_enrolments_and_says_why(void **state)
{
    struct town *t = *state;
    int64_t p = make_program(t, "remote"), dina = newcomer(t, "Dina");
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, enrol(t, p, dina, "", "", ""));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, program_set_state(c, p, PROGRAM_OPEN)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_set_state(c, p, PROGRAM_CLOSED)));
    assert_int_equal(PW_INVALID, enrol(t, p, dina, "", "", ""));
    struct enrolment_filter ended = {.ended = true};
    struct enrolment *v;
    size_t n = 0;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolment_list(c, p, &ended, &v, &n)));
    assert_true(n == 1 && sv_eq_z(v[0].end_reason, "program-closed"));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, enrolment_take_back(c, v[0].id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_set_state(c, p, PROGRAM_OPEN)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_take_back(c, v[0].id)));
    assert_true(enrolment_now(t, p, dina).id == v[0].id);
}

/* LANG-4: the original changes, the translation is out of date. */
/* CNS-8: who is erased is enrolled nowhere, and nobody enrols them again; a wish said under an older record counts */
static void an_erased_person_is_not_enrolled(void **state)
{
    struct town *t = *state;
    int64_t p = make_program(t, "remote"), dina = newcomer(t, "Dina"), twin = newcomer(t, "Dina"), merge;
    struct own_part own;
    t->f.actor = ctxfix_member(&t->f, twin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_own_wish(c, t->com, SV("hybrid"))));
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, enrol(t, p, dina, "2026-01-05", "not-asked", "remote"));
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_merge(c, dina, twin, &merge)));
    int64_t id = enrolment_now(t, p, dina).id;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_end(c, id, (struct sv){0}, SV("completed"))));
    t->f.actor = ctxfix_member(&t->f, dina);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_own(c, t->com, &own)));
    assert_int_equal(WISH_HYBRID, own.prefers);
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, enrol(t, p, dina, "", "", "remote"));
    id = enrolment_now(t, p, dina).id;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_erase(c, dina)));
    town_time(t, "2026-02-12T10:00-07:00");
    assert_int_equal(0, enrolment_now(t, p, dina).id);
    struct enrolment e;
    struct program of;
    struct enrolment_step *s;
    size_t n = 0;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolment_get(c, id, &e, &of, &s, &n)));
    assert_true(e.ended && !e.end_reason.n && !e.name.n);
    assert_int_equal(civil_day(2026, 2, 12), e.ended_day);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, enrolment_take_back(c, id)));
}

static void words_have_an_original_and_translations(void **state)
{
    struct town *t = *state;
    int64_t p = make_program(t, "remote");
    struct program_words en = {SV("en"), SV("First steps"), SV("The first year."), false},
                         ar = {SV("ar"), SV("خطوات"), SV("السنة الأولى"), false},
                         fr = {SV("fr"), SV("Premiers pas"), SV("La première et la deuxième année."), false}, *v;
    struct program seen;
    size_t n = 0;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_write_words(c, p, &en)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, program_write_words(c, p, &ar)));
    assert_true(problem_at(t, "lang_of"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_write_words(c, p, &fr)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_get(c, p, &seen)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_words_list(c, &seen, &v, &n)));
    assert_int_equal(2, n);
    assert_true(sv_eq_z(v[0].lang, "fr") && !v[0].old && sv_eq_z(v[1].lang, "en") && v[1].old);
}

/* CONF-2: out, in, out: the same; nobody is part of it. */
static void the_design_goes_out_and_comes_in_the_same(void **state)
{
    struct town *t = *state;
    int64_t p = make_program(t, "remote in-person"), copy = 0, other = 0;
    struct program_words en = {SV("en"), SV("First steps"), SV("The first year.\nAnd the second."), false};
    struct program made;
    struct buf one, two;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, enrol(t, p, newcomer(t, "Dina"), "", "hybrid", "remote"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, program_write_words(c, p, &en)));
    buf_init(&one, 1 << 20);
    buf_init(&two, 1 << 20);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_text_write(c, t->com, &one)));
    struct sv text = buf_sv(&one);
    assert_true(sv_has(text, "\nprogram.modes = remote in-person\n") && !sv_has(text, "Dina"));
    t->f.actor = t->as_mod2; /* any staff may bring a design in: they own what it makes (PPL-7) */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_text_read(c, text, SV("copie"), &copy)));
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_text_write(c, copy, &two)));
    struct sv a = text, b = buf_sv(&two), x, y;
    while (sv_cut(&a, '\n', &x)) {
        assert_true(sv_cut(&b, '\n', &y));
        if (!sv_starts(x, SV("slug =")))
            assert_true(sv_eq(x, y));
    }
    assert_int_equal(0, b.n);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_of_space(c, copy, &made)));
    assert_int_equal(PROGRAM_DRAFT, made.state);
    assert_true(made.id != p && sv_eq_z(made.name, "Premiers pas"));
    /* a program without a mode is refused, and a key that nobody knows is named */
    struct sv head = sv_sub(text, 0, (size_t)sv_find(text, SV("program.modes")));
    t->f.actor = t->as_mod2;
    struct sv bad = arena_join(&t->f.arena, head, SV("program.languages = fr\nprogram.words.fr.name = X\n"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_text_read(c, bad, SV("copie-2"), &other)));
    assert_true(problem_at(t, "modes") && problem_at(t, "purpose"));
    bad = arena_join(&t->f.arena, text, SV("program.price = 20\n"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_text_read(c, bad, SV("copie-3"), &other)));
    assert_true(problem_at(t, "line"));
    buf_finish(&one);
    buf_finish(&two);
}

int main(void)
{
    (void)dbfix_engine();
#define T(f) cmocka_unit_test_setup_teardown(f, program_set_up, town_tear_down)
    const struct CMUnitTest tests[] = {T(a_program_needs_a_mode_a_name_and_an_owner),
                                       T(who_may_see_and_do_what),
                                       T(enrolments_keep_who_changed_what_and_when),
                                       T(only_people_within_reach_and_days_that_make_sense),
                                       T(a_member_says_what_they_prefer),
                                       T(closing_ends_the_enrolments_and_says_why),
                                       T(an_erased_person_is_not_enrolled),
                                       T(words_have_an_original_and_translations),
                                       T(the_design_goes_out_and_comes_in_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
