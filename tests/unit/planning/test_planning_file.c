/* SPDX-License-Identifier: EUPL-1.2 */
/* The planning file: saved without loss, opened only with a reason, files and consents, promotion. On both engines. */
#include "core/audit.h"
#include "unit/planning/plantown.h"

static int64_t draft(struct town *t)
{
    struct community_edit e = {.slug = SV("essai"),
                               .languages = SV("fr en"),
                               .zone = SV("America/Toronto"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .moderation = SV("full"),
                               .clock_mode = SV("deferred"),
                               .hours = SV("mon-fri 09:00-17:00"),
                               .standard_hours = 24};
    struct community_words w = {.lang = SV("fr"), .name = SV("Essai")};
    int64_t id = 0, version;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_create(c, &e, &w, &id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, id, DOC_GUIDELINES, SV("fr"), SV("Règles"),
                                                                    SV("Soyons polis."), true, &version)));
    return id;
}

static enum pw_err write(struct town *t, int64_t id, const char *field, const char *value, int64_t seen)
{
    struct plan_typed v = {sv_of(field), sv_of(value)};
    return CTX_ACT(&t->f, plan_write(c, id, &v, 1, seen));
}

/* */
static void an_open_line_needs_a_reason_that_stays(void **state)
{
    struct town *t = *state;
    int64_t id = draft(t);
    struct plan_file f;
    assert_int_equal(PW_OK, write(t, id, "purpose-ticks", "information isolation", 0));
    assert_int_equal(PW_OK, write(t, id, "purpose", "yes", INT64_MAX));
    assert_int_equal(PW_OK, write(t, id, "target", "yes", INT64_MAX));
    assert_int_equal(PW_OK, write(t, id, "experience", "unsure", INT64_MAX));
    /* on every path */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_set_status(c, id, SV("live"), (struct sv){0})));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, plan_launch(c, id, (struct sv){0})));
    assert_true(said(t, "reason"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, plan_launch(c, id, SV("Les gens attendent, l’enquête finit en mars."))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, plan_load(c, id, &f)));
    assert_int_equal(1, f.n_overrides);
    assert_true(sv_eq_z(f.overrides[0].lines, "experience") && sv_has(f.overrides[0].reason, "en mars"));
    struct community com;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, id, &com)));
    assert_int_equal(COM_LIVE, com.status);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, plan_launch(c, id, SV("encore une fois, pourquoi pas"))));
}

static void three_yes_open_without_a_reason(void **state)
{
    struct town *t = *state;
    int64_t id = draft(t);
    assert_int_equal(PW_INVALID, write(t, id, "purpose", "yes", 0)); /* T-1: it must say for what */
    assert_true(said(t, "purpose-ticks"));
    assert_int_equal(PW_OK, write(t, id, "purpose-ticks", "navigation", 0));
    assert_int_equal(PW_OK, write(t, id, "purpose", "yes", INT64_MAX));
    assert_int_equal(PW_OK, write(t, id, "target", "yes", INT64_MAX));
    assert_int_equal(PW_INVALID,
                     CTX_ACT(&t->f, community_set_status(c, id, SV("live"), (struct sv){0}))); /* unanswered */
    assert_int_equal(PW_OK, write(t, id, "experience", "yes", INT64_MAX));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_status(c, id, SV("live"), (struct sv){0})));
}

/* MSG-4: without loss, with history */
static void nobody_writes_over_another_unseen(void **state)
{
    struct town *t = *state;
    int64_t id = draft(t);
    struct grant g = {.person_id = t->admin, .role = ROLE_TECH_ADMIN, .scope = SCOPE_COMMUNITY, .scope_id = id};
    struct plan_entry *v;
    struct plan_file f;
    size_t n = 0;
    t->f.actor = ctxfix_staff(&t->f, t->admin, &g, 1);
    assert_int_equal(PW_OK, write(t, id, "whom", "Les familles", 0));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, plan_load(c, id, &f)));
    int64_t seen = f.entries[0].id;
    g.person_id = t->mod;
    t->f.actor = ctxfix_staff(&t->f, t->mod, &g, 1);
    assert_int_equal(PW_OK, write(t, id, "whom", "Les jeunes", seen));
    g.person_id = t->admin;
    t->f.actor = ctxfix_staff(&t->f, t->admin, &g, 1);
    assert_int_equal(PW_INVALID, write(t, id, "whom", "Les aînés", seen));
    assert_true(said(t, "whom") && sv_has(problem_of(&t->f.problems, "whom")->arg, "jeunes"));
    assert_int_equal(PW_OK, write(t, id, "whom", "Les jeunes et les aînés", INT64_MAX));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, plan_history(c, id, SV("objective"), &v, &n)));
    assert_int_equal(3, n);
    assert_true(sv_has(v[2].value, "familles"));
    t->f.actor = t->as_amal;
    assert_int_equal(PW_NOT_FOUND, write(t, id, "whom", "x", 0));
}

static void lists_keep_counts(void **state)
{
    struct town *t = *state;
    int64_t id = draft(t);
    struct plan_file f;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, plan_line_write(c, id, SV("app"), SV("WhatsApp"), 31, (struct sv){0})));
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, plan_line_write(c, id, SV("app"), SV("WhatsApp"), 33, SV("surtout des groupes"))));
    assert_int_equal(PW_INVALID,
                     CTX_ACT(&t->f, plan_line_write(c, id, SV("people"), SV("Modératrice"), 120, (struct sv){0})));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, plan_line_write(c, id, SV("nothing"), SV("x"), 1, (struct sv){0})));
    assert_int_equal(PW_OK, write(t, id, "asked", "40", 0));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, plan_load(c, id, &f)));
    assert_int_equal(1, f.n_lines);
    assert_int_equal(33, f.lines[0].number);
    struct platform_view *p = malloc(sizeof *p);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, platform_load(c, &f, p))); /* MSG-5: the study ranks */
    assert_true(sv_starts(sv_of(p->ranks[0].p->code), SV("whatsapp")));
    assert_int_equal(2, p->ranks[0].familiar);
    free(p);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, plan_line_remove(c, id, f.lines[0].id)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, plan_line_remove(c, id, f.lines[0].id)));
}

/* */
static void no_thread_without_file_and_consent(void **state)
{
    struct town *t = *state;
    struct message_made made;
    struct plan_settings s = {.needs_file = true, .per_moderator = 250};
    (void)town_join(t, t->as_amal, t->amal);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, plan_set(c, t->com, &s)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, thread_say(c, t->com, t->amal, SV("Bonjour"), true, &made)));
    assert_true(said(t, "text"));
    struct case_edit e = {
        .person_id = t->amal, .file_number = SV("C-2026-17"), .consent = true, .method = SV("signature")};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, case_record(c, t->com, &e))); /* no text to agree to yet */
    assert_true(said(t, "consent"));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, consent_write(c, t->com, SV("fr"), SV("Consentement"), SV("J’accepte."), true)));
    town_as(t, t->as_mod);
    e.consent = false;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, case_record(c, t->com, &e))); /* a file alone does not do */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, thread_say(c, t->com, t->amal, SV("Bonjour"), true, &made)));
    e.consent = true;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, case_record(c, t->com, &e)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, thread_say(c, t->com, t->amal, SV("Bonjour"), true, &made)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, case_withdraw(c, t->com, t->amal)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, thread_say(c, t->com, t->amal, SV("Encore"), true, &made)));
    struct case_row *rows;
    struct audit_row *log;
    size_t n = 0, n_log = 0;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, case_list(c, t->com, &rows, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(rows[0].file_number, "C-2026-17") && !rows[0].consent);
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, audit_list(c, "community", t->com, 0, 20, &log, &n_log)));
    assert_true(n_log && sv_eq_z(log[0].what, "case.list")); /* CNS-7: reading leaves a trace */
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, case_list(c, t->com, &rows, &n)));
}

/* Whoever came last can be chosen too, in one request. */
static void a_large_community_has_all_its_files(void **state)
{
    enum { PEOPLE = 520 };
    struct town *t = *state;
    struct case_row *rows;
    size_t n = 0;
    for (int i = PEOPLE; i-- > 0;) {
        char name[24];
        (void)snprintf(name, sizeof name, "Membre %03d", i);
        int64_t person = ctxfix_person(&t->f, name);
        (void)town_join(t, ctxfix_member(&t->f, person), person);
    }
    town_as(t, t->as_mod);
    size_t used = t->f.arena.used;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, case_list(c, t->com, &rows, &n)));
    assert_true(t->f.arena.used - used < 2u << 20); /* a request has eight, for at most 2000 people */
    assert_int_equal(PEOPLE, n);
    assert_true(sv_eq_z(rows[0].name, "Membre 000") && sv_eq_z(rows[PEOPLE - 1].name, "Membre 519"));
}

/* MSG-19 */
static void a_place_counts_its_requests(void **state)
{
    struct town *t = *state;
    struct promo_place_new p = {
        .place = SV("Bibliothèque"), .item = SV("poster"), .lang = SV("fr"), .placed_on = SV("2026-02-10")};
    struct promo_place *v;
    struct community com;
    struct sv code = {0};
    size_t n = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, promo_place_add(c, t->com, &p, &code)));
    town_as(t, t->as_amal);
    struct join_new jn = {.community_id = t->com,
                          .guidelines_version = t->guidelines,
                          .lang = SV("fr"),
                          .source = code,
                          .channel_kind = SV("web")};
    int64_t id;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &jn, &id)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, promo_places(c, &com, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(1, v[0].requests);
    p.lang = SV("zz");
    p.placed_on = SV("yesterday");
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, promo_place_add(c, t->com, &p, &code)));
    assert_true(said(t, "lang_of") && said(t, "placed_on"));
    struct buf out;
    buf_init(&out, 16 << 20);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, promo_print(c, &com, SHEET_CARDS, false, SV("ar"), code, &out)));
    assert_true(sv_starts(buf_sv(&out), SV("%PDF-")));
    buf_finish(&out);
}

int main(void)
{
    (void)dbfix_engine();
#define T(f) cmocka_unit_test_setup_teardown(f, plan_set_up, town_tear_down)
    const struct CMUnitTest tests[] = {T(an_open_line_needs_a_reason_that_stays), T(three_yes_open_without_a_reason),
                                       T(nobody_writes_over_another_unseen),      T(lists_keep_counts),
                                       T(no_thread_without_file_and_consent),     T(a_place_counts_its_requests),
                                       T(a_large_community_has_all_its_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
