/* SPDX-License-Identifier: EUPL-1.2 */
/* A month worked by hand, closed and kept (EVAL-1, EVAL-2, Q-19, Q-20, A-30, A-55); who sees what; tables from
 * before; summaries for members (EVAL-14). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "core/org.h"
#include "feature/usage/usage.h"
#include "unit/community/town.h"

enum { FEB = 2026 * 12 + 1, MAR = FEB + 1 };

static int set_up(void **state)
{
    (void)town_set_up(state);
    struct town *t = *state;
    ctxfix_migrate(&t->f, usage_migrations, usage_migrations_n);
    usage_register(t->work);
    return 0;
}

static const struct usage_month *month_as(struct town *t, const struct actor *who, int64_t month)
{
    struct community com;
    enum usage_sight sight;
    struct usage_month *v;
    size_t n = 0;
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_see(c, t->com, &com, &sight)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_months(c, &com, sight, month, month, &v, &n)));
    assert_int_equal(1, n);
    return v;
}

static void lines_are(const struct usage_month *m, const int64_t want[DID__MAX])
{
    for (int i = 0; i < DID__MAX; i++)
        if (m->a->all[i] != want[i])
            fail_msg("%s: %lld, not %lld", usage_line_code((enum activity_line)i), (long long)m->a->all[i],
                     (long long)want[i]);
}

static void answer(struct town *t, int64_t question, const char *words)
{
    struct answer_new n = {.text = sv_of(words), .urgent = true};
    struct answer_made made;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, question, &n, &made)));
}

static void post(struct town *t, const char *type)
{
    struct message_new n = {.community_id = t->com,
                            .text = SV("Fête samedi"),
                            .post_type = sv_of(type),
                            .source = SV("ville"),
                            .checked_on = SV("2026-02-10")};
    struct message_made made;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
}

/* Three join; one asks in public and gets two answers, and asks in private; a voice note; two posts; a referral; one
 * leaves on request, one is removed. */
static int64_t live_through_february(struct town *t)
{
    struct message_made made;
    struct org o = {.kind = ORG_AGENCY, .name = SV("Clinique"), .lang = SV("fr")};
    int64_t partner = 0;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, org_create(c, &o, &partner)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_add_partner(c, t->com, partner)));
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_amal, t->amal));
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_badi, t->badi));
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_noor, t->noor));
    int64_t asked = town_ask(t, t->as_amal, "Où inscrire mon fils ?");
    answer(t, asked, "À l'école.");
    answer(t, asked, "Ou au centre.");
    int64_t other = town_ask(t, t->as_badi, "Où est la clinique ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_refer(c, other, partner, 0)));
    struct message_new secret = {.community_id = t->com, .text = SV("Mon loyer ?"), .ask = true, .to_private = true};
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &secret, &made)));
    answer(t, made.question_id, "Je regarde.");
    struct message_new voice = {.community_id = t->com, .kind = MSG_VOICE, .file_id = 7, .duration_s = 3};
    town_as(t, t->as_noor);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &voice, &made)));
    post(t, "event");
    post(t, "information");
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_leave(c, t->com, 0)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_remove(c, t->com, t->noor, SV("spam"))));
    return made.message_id;
}

static const int64_t february[DID__MAX] = {
    [DID_MEMBERS] = 1, [DID_JOIN] = 3,      [DID_LEAVE] = 1 /* */, [DID_REMOVE] = 1, [DID_VANISH] = 0,
    [DID_ANSWER] = 1,  [DID_TAKE_PART] = 3, [DID_PRIVATE] = 2,          [DID_POST] = 2,   [DID_ASK] = 2,
    [DID_REFER] = 1,   [DID_SAY] = 7, /* two questions, two answers, a voice note, two posts */
};

static void a_month_worked_by_hand(void **state) /* EVAL-1, EVAL-2, Q-20, A-30 */
{
    struct town *t = *state;
    (void)live_through_february(t);
    const struct usage_month *m = month_as(t, t->as_mod, FEB);
    assert_true(m->running && !m->closed);
    lines_are(m, february);
    assert_int_equal(2, m->a->types.n);
    int64_t hours = 0;
    for (int i = 0; i < ACTIVITY_HOURS; i++)
        hours += m->a->hours[i];
    assert_int_equal(9, hours);
    assert_int_equal(9, m->a->hours[1 * 24 + 10]); /* Tuesday, ten o'clock in Calgary */
    for (size_t k = 0; k < m->a->langs.n; k++)
        if (sv_eq_z(m->a->langs.v[k], "ar"))
            assert_int_equal(3, m->a->by_lang[k][DID_JOIN]);
}

static void a_closed_month_stays(void **state)
{
    struct town *t = *state;
    int64_t said = live_through_february(t);
    town_time(t, "2026-03-03T12:00-07:00");
    assert_false(month_as(t, t->as_mod, FEB)->closed);
    town_time(t, "2026-03-04T03:00-07:00");
    assert_true(month_as(t, t->as_mod, FEB)->closed);
    lines_are(month_as(t, t->as_mod, FEB), february);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_delete(c, said, SV("spam"))));
    lines_are(month_as(t, t->as_mod, FEB), february);
    /* whoever comes back is new again, and the month before keeps its comings and goings */
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_badi, t->badi));
    lines_are(month_as(t, t->as_mod, FEB), february);
    const struct usage_month *m = month_as(t, t->as_mod, MAR);
    assert_int_equal(2, m->a->all[DID_MEMBERS]);
    assert_int_equal(1, m->a->all[DID_JOIN]);
    town_time(t, "2026-07-10T03:00-06:00"); /* several months at once */
    for (int64_t month = MAR; month <= MAR + 3; month++)
        assert_true(month_as(t, t->as_mod, month)->closed);
    assert_false(month_as(t, t->as_mod, MAR + 4)->closed);
}

static void who_vanished_is_accepted_with_a_note(void **state) /* */
{
    struct town *t = *state;
    struct community com;
    struct usage_end e;
    (void)live_through_february(t);
    town_time(t, "2026-03-10T12:00-06:00");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_end_propose(c, &com, FEB, 0, &e)));
    assert_int_equal(0, e.previous);
    assert_int_equal(3, e.joined);
    assert_int_equal(1, e.computed);
    assert_int_equal(1, e.missing);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_end_accept(c, t->com, FEB, 0, (struct sv){0})));
    assert_non_null(problem_of(&t->f.problems, "note"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_end_accept(c, t->com, FEB, 2, SV("?"))));
    assert_non_null(problem_of(&t->f.problems, "entered")); /* more than we know of */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_end_accept(c, t->com, FEB, 0, SV("Compté dans l'application"))));
    const struct usage_month *m = month_as(t, t->as_mod, FEB);
    assert_int_equal(0, m->a->all[DID_MEMBERS]);
    assert_int_equal(1, m->a->all[DID_VANISH]);
    assert_true(m->has_end && sv_eq_z(m->note, "Compté dans l'application"));
    m = month_as(t, t->as_mod, MAR); /* the identity holds over months */
    assert_int_equal(0, m->a->all[DID_MEMBERS]);
    assert_int_equal(0, m->a->all[DID_VANISH]);
    town_as(t, t->as_mod); /* found again next month */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_end_accept(c, t->com, MAR, 1, SV("Retrouvée"))));
    assert_int_equal(1, month_as(t, t->as_mod, MAR)->a->all[DID_MEMBERS]);
    assert_int_equal(-1, month_as(t, t->as_mod, MAR)->a->all[DID_VANISH]);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_end_accept(c, t->com, MAR, 0, (struct sv){0}))); /* agrees: no note */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_end_accept(c, t->com, MAR + 1, 0, SV("?")))); /* to come */
}

static void small_parts_are_protected_for_those_who_see_results(void **state) /* Q-29, LOC-2 */
{
    struct town *t = *state;
    (void)live_through_february(t);
    int64_t eva = ctxfix_person(&t->f, "Eva");
    struct grant g = {.person_id = eva, .role = ROLE_EVALUATOR, .scope = SCOPE_COMMUNITY, .scope_id = t->com};
    const struct actor *as_eva = ctxfix_staff(&t->f, eva, &g, 1);
    const struct usage_month *m = month_as(t, as_eva, FEB);
    lines_are(m, february); /* totals are shown */
    assert_non_null(m->lang_show);
    for (size_t k = 0; k < m->a->langs.n; k++) {
        assert_int_equal(SMALL_HIDDEN, m->lang_show[k][DID_JOIN]);
        assert_int_equal(SMALL_HIDDEN, m->lang_show[k][DID_MEMBERS]);
    }
    for (int i = 0; i < ACTIVITY_HOURS; i++)
        assert_true(m->a->hours[i] == 0 || m->a->hours[i] >= SMALL_LIMIT);
    assert_null(month_as(t, t->as_mod, FEB)->lang_show);
    struct community com;
    enum usage_sight sight;
    town_as(t, as_eva);
    assert_int_equal(PW_DENIED, CTX_LOOK(&t->f, usage_keep(c, t->com, &com)));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, usage_note_add_to(c, t->com, FEB, SV("x"))));
    town_as(t, t->as_amal);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, usage_see(c, t->com, &com, &sight)));
    town_as(t, &actor_anonymous);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, usage_see(c, t->com, &com, &sight)));
}

static void causes_are_noted_with_their_month(void **state) /* EVAL-4 */
{
    struct town *t = *state;
    struct community com;
    struct usage_note *v;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_note_add_to(c, t->com, MAR, SV("trop tôt"))));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_note_add_to(c, t->com, FEB, SV("  "))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_note_add_to(c, t->com, FEB, SV("Rentrée"))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_notes(c, &com, FEB, FEB, &v, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(v[0].text, "Rentrée"));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, usage_note_remove(c, t->com, v[0].id + 1)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_note_remove(c, t->com, v[0].id)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_notes(c, &com, FEB, FEB, &v, &n)));
    assert_int_equal(0, n);
}

static enum pw_err import(struct ctx *c, int64_t com, const char *text, bool correct, const char *reason, size_t rows)
{
    static const struct sv codes[] = {{"requests", 8}, {"information", 11}, {"referrals", 9}, {"messages", 8}, {0}};
    const struct csv_limits limits = {100, 100, 1000};
    struct csv_table grid;
    struct csv_fault fault;
    struct count_table t;
    struct sv where;
    const char *msgid;
    assert_int_equal(PW_OK, csv_read(c->arena, sv_of(text), ',', false, &limits, &grid, &fault));
    assert_int_equal(PW_OK, table_of_grid(c->arena, &grid, &t, &where, &msgid));
    assert_int_equal(rows, t.rows);
    struct usage_import_new n = {.community_id = com,
                                 .first_month = 2017 * 12 + 7,
                                 .table = &t,
                                 .categories = codes,
                                 .correct = correct,
                                 .reason = sv_of(reason)};
    return usage_import_table(c, &n);
}

static enum pw_err activity(struct ctx *c, const struct community *com, int64_t first, int64_t last,
                            struct usage_table *ret)
{
    struct usage_month *v;
    size_t n;
    PW_TRY(usage_months(c, com, USAGE_ALL, first, last, &v, &n));
    return usage_activity(c, com, first, last, v, n, ret);
}

static void a_table_from_before_is_corrected_and_joins_the_trend(void **state) /* */
{
    static const char t5[] = ",Aug,Sep,Oct,Total\nInformation requests,23,21,24,68\nInformation,11,12,20,43\n"
                             "Referrals,19,199,37,75\nMessages,35,29,58,122\nUnknown before,1,2,3,6\n"
                             "Total,89,83,142,314\n";
    struct town *t = *state;
    struct community com;
    struct usage_table v;
    struct usage_import *imports;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, import(c, t->com, t5, true, "", 5)));
    assert_non_null(problem_of(&t->f.problems, "reason"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, import(c, t->com, t5, true, "Statistiques WhatsApp 2017", 5)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity(c, &com, 2017 * 12 + 7, 2017 * 12 + 10, &v)));
    assert_int_equal(5, v.n); /* the unknown row became a category */
    assert_int_equal(4, v.months);
    assert_true(sv_eq_z(v.categories[4].name, "Unknown before"));
    assert_int_equal(19, v.cells[2 * 4 + 1]); /* corrected */
    assert_int_equal(24, v.cells[0 * 4 + 2]);
    assert_true(v.imported[0] && v.imported[2] && !v.imported[3] && !v.known[3]);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_imports(c, &com, &imports, &n)));
    assert_int_equal(1, n);
    assert_int_equal(0, imports[0].remarks);
    assert_true(sv_eq_z(imports[0].corrected, "Referrals, Sep: 199 → 19"));
    assert_true(sv_eq_z(imports[0].reason, "Statistiques WhatsApp 2017"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_set_categories(c, t->com, NULL, 0))); /* its figures need it */
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, import(c, t->com, ",Aug,Total\nA,1,1\nB,1,2\nTotal,2,2\n", false, "tel quel", 2)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_imports(c, &com, &imports, &n)));
    assert_int_equal(1, imports[0].remarks);
    assert_int_equal(2017 * 12 + 7, imports[0].first);
    assert_int_equal(2017 * 12 + 7, imports[0].last);
}

/* A month of two tables shows the newest and nothing of the other; taken back, it shows the other again. */
static void a_month_taken_over_twice_is_of_one_table(void **state)
{
    enum { AUG = 2017 * 12 + 7 };
    struct town *t = *state;
    struct community com;
    struct usage_table v;
    struct usage_import *imports;
    struct usage_meets meets;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, import(c, t->com, ",Aug,Sep\nA,1,2\nB,3,4\nC,5,6\n", false, "ancien", 3)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, import(c, t->com, ",Aug\nA,10\n", false, "nouveau", 1)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity(c, &com, AUG, AUG + 1, &v)));
    assert_int_equal(10, v.cells[0]);
    assert_int_equal(0, v.cells[v.months]); /* B in August: the newest table has no such row */
    assert_int_equal(4, v.cells[v.months + 1]);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_import_meets(c, &com, AUG, AUG + 2, &meets)));
    assert_int_equal(2, meets.imported);
    assert_int_equal(0, meets.counted);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_imports(c, &com, &imports, &n)));
    assert_int_equal(2, n);
    int64_t newest = imports[0].id, oldest = imports[1].id;
    town_as(t, t->as_amal);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, usage_import_remove(c, t->com, newest)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, usage_import_remove(c, t->com, newest + 1)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_import_remove(c, t->com, newest)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity(c, &com, AUG, AUG + 1, &v)));
    assert_int_equal(1, v.cells[0]);
    assert_int_equal(3, v.cells[v.months]);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_import_remove(c, t->com, oldest)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity(c, &com, AUG, AUG + 1, &v)));
    assert_int_equal(0, v.months);
}

/* What was counted is shown again when the table that stood in its place is taken back. */
static void a_counted_month_comes_back(void **state)
{
    struct town *t = *state;
    struct community com;
    struct usage_table v;
    struct usage_meets meets;
    struct usage_import *imports;
    size_t n;
    (void)live_through_february(t);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_import_meets(c, &com, FEB - 1, FEB, &meets)));
    assert_int_equal(1, meets.counted);
    static const struct sv codes[] = {{"requests", 8}};
    struct sv row = SV("Demandes"), column = SV("Feb");
    int64_t cell = 99, zero = 0;
    bool no = false;
    struct count_table table = {.rows = 1,
                                .columns = 1,
                                .row_names = &row,
                                .column_names = &column,
                                .cells = &cell,
                                .row_totals = &zero,
                                .column_totals = &zero,
                                .has_row_total = &no,
                                .has_column_total = &no};
    struct usage_import_new in = {
        .community_id = t->com, .first_month = FEB - 1, .table = &table, .categories = codes, .reason = SV("Tableau")};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_import_table(c, &in))); /* the column says February */
    assert_non_null(problem_of(&t->f.problems, "first"));
    in.first_month = FEB;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_import_table(c, &in)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity(c, &com, FEB, FEB, &v)));
    assert_int_equal(99, v.cells[0]);
    assert_int_equal(0, v.cells[1]);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_imports(c, &com, &imports, &n)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_import_remove(c, t->com, imports[0].id)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity(c, &com, FEB, FEB, &v)));
    assert_int_equal(2, v.cells[0]);
    assert_false(v.imported[0]);
}

static void categories_map_to_what_is_counted(void **state) /* */
{
    struct town *t = *state;
    struct community com;
    struct usage_table v;
    (void)live_through_february(t);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity(c, &com, FEB, FEB, &v)));
    static const int64_t shipped[] = {2, 2, 1, 2}; /* questions, posts, referrals, private messages */
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(shipped[i], v.cells[i]);
    const struct usage_category own[] = {{.name = SV("Fêtes"), .source = SV("post:event")},
                                         {.code = SV("requests"), .source = SV("answered")}};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_set_categories(c, t->com, own, 2)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, activity(c, &com, FEB, FEB, &v)));
    assert_int_equal(2, v.n);
    assert_true(sv_eq_z(v.categories[0].name, "Fêtes"));
    assert_int_equal(1, v.cells[0]);
    assert_int_equal(1, v.cells[1]);
    const struct usage_category bad[] = {{.name = SV("x"), .source = SV("members")}};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_set_categories(c, t->com, bad, 1)));
    assert_non_null(problem_of(&t->f.problems, "source0"));
}

static void members_read_what_was_published(void **state) /* EVAL-14 */
{
    struct town *t = *state;
    struct community com;
    struct usage_summary *v;
    size_t n;
    (void)live_through_february(t);
    const struct usage_words words[] = {{SV("fr"), SV("Merci à toutes et à tous")}, {SV("ar"), SV("شكرا")}};
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, usage_summary_publish(c, t->com, FEB, words, 2)));
    t->f.now_ms = at("2026-03-02T09:00-07:00");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_summary_publish(c, t->com, FEB, words, 2)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, (c->lang = SV("ar"), usage_summaries(c, &com, 0, &v, &n))));
    assert_int_equal(1, n);
    assert_int_equal(1, v[0].members);
    assert_int_equal(2, v[0].asked);
    assert_int_equal(1, v[0].answered);
    assert_true(sv_eq_z(v[0].words, "شكرا"));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_summary_withdraw(c, t->com, FEB)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, usage_summary_withdraw(c, t->com, FEB)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_summaries(c, &com, 0, &v, &n)));
    assert_int_equal(0, n);
}

/* ---- any period of days (T-6, EVAL-1) ---- */

static struct usage_period period(struct town *t, const char *from, const char *to)
{
    struct usage_period p = {0};
    struct community com;
    enum usage_sight sight;
    int64_t a, b;
    assert_true(civil_parse_date(sv_of(from), &a) && civil_parse_date(sv_of(to), &b));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_see(c, t->com, &com, &sight)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_period(c, &com, sight, a, b, &p)));
    return p;
}

static void identity_holds(const struct usage_period *p)
{
    const int64_t *n = p->a->all;
    assert_int_equal(n[DID_MEMBERS], p->members_before + n[DID_JOIN] - n[DID_LEAVE] - n[DID_REMOVE] - n[DID_VANISH]);
}

static void a_period_is_the_sum_of_its_days_and_a_month_is_a_period(void **state)
{
    struct town *t = *state;
    (void)live_through_february(t); /* all on Tuesday 10 February */
    struct usage_period p = period(t, "2026-02-01", "2026-02-28");
    struct usage_month m = {.a = p.a};
    lines_are(&m, february);
    assert_int_equal(0, p.members_before);
    p = period(t, "2026-02-10", "2026-02-10");
    m.a = p.a;
    lines_are(&m, february);
    p = period(t, "2026-02-01", "2026-02-09");
    for (int i = 0; i < DID__MAX; i++)
        assert_int_equal(0, p.a->all[i]);
    /* March: one more question of amal, one more member; then from the middle of one to the middle of the other */
    town_time(t, "2026-03-17T10:00-06:00");
    town_ask(t, t->as_amal, "Où est la piscine ?");
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_badi, t->badi));
    struct usage_period feb = period(t, "2026-02-05", "2026-02-28"), mar = period(t, "2026-03-01", "2026-03-17"),
                        both = period(t, "2026-02-05", "2026-03-17");
    identity_holds(&feb);
    identity_holds(&mar);
    identity_holds(&both);
    assert_int_equal(1, mar.members_before);
    assert_int_equal(2, both.a->all[DID_MEMBERS]);
    for (int i = 0; i < DID__MAX; i++)
        if (i != DID_MEMBERS && i != DID_TAKE_PART)
            assert_int_equal(both.a->all[i], feb.a->all[i] + mar.a->all[i]);
    assert_int_equal(3, both.a->all[DID_TAKE_PART]); /* amal spoke in both and is one person */
    assert_int_equal(3, feb.a->all[DID_TAKE_PART]);
    assert_int_equal(1, mar.a->all[DID_TAKE_PART]);
    /* whole months are the months as they are kept */
    assert_true(month_as(t, t->as_mod, FEB)->closed);
    struct usage_period whole = period(t, "2026-02-01", "2026-03-17");
    assert_int_equal(both.a->all[DID_SAY], whole.a->all[DID_SAY]);
    /* silently gone stands on the last day of its month */
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, usage_end_accept(c, t->com, FEB, 0, SV("l’application"))));
    p = period(t, "2026-02-05", "2026-02-27");
    assert_int_equal(0, p.a->all[DID_VANISH]);
    assert_int_equal(1, p.a->all[DID_MEMBERS]);
    p = period(t, "2026-02-05", "2026-02-28");
    assert_int_equal(1, p.a->all[DID_VANISH]);
    assert_int_equal(0, p.a->all[DID_MEMBERS]);
    identity_holds(&p);
    p = period(t, "2026-02-20", "2026-03-17");
    identity_holds(&p);
    assert_int_equal(1, p.a->all[DID_VANISH]);
    p = period(t, "2026-03-05", "2026-03-17");
    assert_int_equal(0, p.members_before);
    identity_holds(&p);
}

static void periods_that_cannot_be(void **state)
{
    struct town *t = *state;
    struct usage_period p;
    struct community com;
    int64_t feb = civil_day(2026, 2, 1);
    town_time(t, "2026-03-17T10:00-06:00");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_INVALID, CTX_LOOK(&t->f, usage_period(c, &com, USAGE_ALL, feb + 3, feb, &p)));
    assert_int_equal(PW_INVALID, CTX_LOOK(&t->f, usage_period(c, &com, USAGE_ALL, feb + 100, feb + 101, &p)));
    assert_int_equal(PW_INVALID, CTX_LOOK(&t->f, usage_period(c, &com, USAGE_ALL, feb - 3000, feb, &p)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_period(c, &com, USAGE_ALL, feb, feb + 1000, &p)));
    assert_int_equal(civil_day(2026, 3, 17), p.to_day); /* no further than today */
    /* who only sees results gets whole months: two periods that differ by a day would tell of one person */
    assert_int_equal(PW_INVALID, CTX_LOOK(&t->f, usage_period(c, &com, USAGE_PROTECTED, feb, feb + 10, &p)));
    assert_int_equal(PW_INVALID, CTX_LOOK(&t->f, usage_period(c, &com, USAGE_PROTECTED, feb + 1, feb + 27, &p)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, usage_period(c, &com, USAGE_PROTECTED, feb, feb + 27, &p)));
}

int main(void)
{
    (void)dbfix_engine();
#define IN_TOWN(f) cmocka_unit_test_setup_teardown(f, set_up, town_tear_down)
    const struct CMUnitTest tests[] = {
        IN_TOWN(a_month_worked_by_hand),
        IN_TOWN(a_closed_month_stays),
        IN_TOWN(who_vanished_is_accepted_with_a_note),
        IN_TOWN(small_parts_are_protected_for_those_who_see_results),
        IN_TOWN(causes_are_noted_with_their_month),
        IN_TOWN(a_table_from_before_is_corrected_and_joins_the_trend),
        IN_TOWN(a_month_taken_over_twice_is_of_one_table),
        IN_TOWN(a_counted_month_comes_back),
        IN_TOWN(categories_map_to_what_is_counted),
        IN_TOWN(members_read_what_was_published),
        IN_TOWN(a_period_is_the_sum_of_its_days_and_a_month_is_a_period),
        IN_TOWN(periods_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
