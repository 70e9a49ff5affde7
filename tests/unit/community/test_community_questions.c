/* SPDX-License-Identifier: EUPL-1.2 */
/* Questions and their answers, checks, private matters, posts, marks. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/audit.h"
#include "unit/community/town.h"

/* MSG-11 */
static void questions_are_assigned_referred_and_closed_with_a_reason(void **state)
{
    struct town *t = *state;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, question_assign(c, id, t->mod)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_assign(c, id, t->badi))); /* no moderator */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_assign(c, id, t->mod)));
    assert_int_equal(Q_ASSIGNED, town_question(t, id).state);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_assign(c, id, 0)));
    assert_int_equal(Q_NEW, town_question(t, id).state);
    /* a partner's specialist */
    int64_t grant = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_grant(c, t->com, t->noor, ROLE_SPECIALIST, 0, &grant)));
    struct grant g = {.person_id = t->noor, .role = ROLE_SPECIALIST, .scope = SCOPE_COMMUNITY, .scope_id = t->com};
    const struct actor *specialist = ctxfix_staff(&t->f, t->noor, &g, 1);
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_refer(c, id, t->org, t->noor))); /* no partner yet */
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_add_partner(c, t->com, t->org)));
    int64_t other = town_ask(t, t->as_badi, "Et la poste ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_refer(c, id, t->org, t->noor)));
    struct question q = town_question(t, id);
    assert_int_equal(Q_REFERRED, q.state);
    assert_true(q.open); /* stays in the queue */
    struct answer_made made;
    town_as(t, specialist);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, question_answer(c, other, &town_plain, &made))); /* not theirs */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, id, &town_sourced, &made)));
    assert_int_equal(Q_VERIFIED, made.state);
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_close(c, other, (struct sv){0})));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_close(c, other, SV("duplicate"))));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, question_answer(c, other, &town_plain, &made)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_reopen(c, other)));
    assert_true(town_question(t, other).open);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_close(c, id, (struct sv){0}))); /* answered: no reason needed */
}

/* MOD-9, A-27 */
static void a_wrong_answer_is_corrected_with_thanks(void **state)
{
    struct town *t = *state;
    struct answer *v;
    int64_t id = town_ask(t, t->as_amal, "Où demander la carte santé ?");
    struct message_made made = town_say(t, t->as_badi, "À la poste.", town_question(t, id).message_id);
    assert_int_equal(MEANS_ANSWER, made.meaning);
    assert_int_equal(1, town_answers(t, id, &v));
    assert_int_equal(VER_PENDING, v[0].verification);
    struct question q = town_question(t, id);
    assert_true(q.open); /* nobody has checked it */
    assert_int_equal(1, q.pending_answers);
    int64_t a = v[0].id;
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED,
                     CTX_ACT(&t->f, answer_verify(c, a, VER_CONFIRMED, (struct sv){0}, SV("moi"), SV("2026-02-02"))));
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, answer_verify(c, a, VER_CORRECTED, SV("Non, au registre."),
                                                              (struct sv){0}, (struct sv){0})));
    assert_int_equal(
        PW_OK, CTX_ACT(&t->f, answer_verify(c, a, VER_CORRECTED, SV("la poste ne le fait pas ; allez au registre."),
                                            SV("alberta.ca"), SV("2026-02-02"))));
    assert_int_equal(1, town_answers(t, id, &v));
    assert_int_equal(VER_CORRECTED, v[0].verification);
    assert_true(sv_eq_z(v[0].source, "alberta.ca"));
    assert_true(sv_has(v[0].note, "Thank you, Badi."));
    assert_true(sv_has(v[0].note, "la poste ne le fait pas"));
    assert_int_equal(1, town_shown(t, t->as_amal, "allez au registre."));
    assert_true(town_notice(t, t->badi, "Thank you for your answer in {0}. A moderator has checked it."));
    q = town_question(t, id);
    assert_int_equal(Q_VERIFIED, q.state);
    assert_int_equal(0, q.pending_answers);
    assert_int_equal(1, q.answers);
    struct promise_row *r;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, promise_report(c, t->com, 0, INT64_MAX, false, &r, &n)));
    assert_int_equal(1, n);
    assert_int_equal(1, r[0].answered); /* one question answered */
}

static void staff_answers_are_verified_by_their_source(void **state) /* MSG-11, MOD-9 */
{
    struct town *t = *state;
    struct answer *v;
    struct answer_made made;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    struct answer_new half = {.text = SV("Ici."), .source = SV("calgary.ca")};
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_answer(c, id, &half, &made)));
    assert_non_null(problem_of(&t->f.problems, "checked_on"));
    made = town_answer(t, t->as_mod, id, town_plain);
    assert_int_equal(Q_ANSWERED, made.state);
    assert_int_equal(1, town_answers(t, id, &v));
    assert_int_equal(VER_UNCHECKED, v[0].verification);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, answer_verify(c, made.answer_id, VER_CONFIRMED, (struct sv){0},
                                                         SV("calgary.ca"), SV("2026-02-02"))));
    assert_int_equal(Q_VERIFIED, town_question(t, id).state);
    assert_true(town_notice(t, t->amal, "Your question in {0} has an answer."));
    struct public_answer *pub;
    size_t n;
    town_as(t, &actor_anonymous);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, question_answered_public(c, t->com, 0, 10, &pub, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(pub[0].a.text, "Au centre."));
}

/* MSG-12, A-28, CNS-7 */
static void a_personal_question_goes_on_in_private(void **state)
{
    struct town *t = *state;
    int64_t channel = town_telegram(t, "-100");
    int64_t id = town_ask(t, t->as_amal, "Mon dossier 12345, tél. 403 555 0100 ?");
    (void)town_say(t, t->as_badi, "Appelez le 403 555 0100 pour le 12345", town_question(t, id).message_id);
    assert_int_equal(2, town_shown(t, t->as_badi, "12345"));
    int64_t thread = 0;
    (void)channel;
    town_as(t, t->as_badi);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, question_move_private(c, id, &thread)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_move_private(c, id, &thread)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, question_move_private(c, id, &thread)));
    assert_int_equal(0, town_shown(t, t->as_badi, "12345"));
    assert_int_equal(0, town_shown(t, t->as_mod, "12345"));
    assert_int_equal(1, town_shown(t, t->as_badi, "Answered privately."));
    struct question_view v;
    town_as(t, t->as_badi);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, question_view(c, id, &v)));
    struct thread th;
    struct message *m;
    size_t n;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, thread_own(c, t->com, &th, &m, &n)));
    assert_int_equal(thread, th.id);
    bool there = false;
    for (size_t i = 0; i < n; i++)
        there |= sv_has(m[i].body, "12345");
    assert_true(there);
    (void)town_answer(t, t->as_mod, id, town_plain); /* goes to the thread, not to the group */
    assert_int_equal(0, town_shown(t, t->as_badi, "Au centre."));
    struct audit_row *rows;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, audit_list(c, "question", id, 0, 50, &rows, &n)));
    assert_true(n && sv_eq_z(rows[0].what, "question.read"));
    assert_int_equal(t->mod, rows[0].actor_person);
    /* the group hears only "Answered privately."; what had not gone out yet never goes */
    struct chan_send out[50];
    size_t n_out = town_outbox(t, out, 50);
    for (size_t i = 0; i < n_out; i++)
        assert_false(sv_has(out[i].text, "12345"));
}

/* MSG-2 */
static void one_way_posts_reach_the_moderators_only(void **state)
{
    struct town *t = *state;
    struct town_plan plan = {.mode = SV("one-way")};
    town_close(t);
    town_open(t, &plan);
    (void)town_join(t, t->as_amal, t->amal);
    struct message_made made = town_say(t, t->as_amal, "Je vends mon vélo", 0);
    assert_int_equal(MEANS_SUBMISSION, made.meaning);
    assert_int_equal(0, town_shown(t, t->as_amal, "vélo"));
    assert_true(town_notice(t, t->amal,
                            "In {0} only the moderators publish. Your message was passed on to them "
                            "privately; nobody else can read it."));
    struct thread *v;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, thread_list(c, t->com, 0, 0, 10, &v, &n)));
    assert_int_equal(1, n);
    assert_true(v[0].waiting_staff);
}

/* MOD-10 */
static void information_is_not_posted_without_a_source(void **state)
{
    struct town *t = *state;
    struct message_new n = {.community_id = t->com, .text = SV("La clinique ouvre."), .post_type = SV("information")};
    struct message_made made;
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &n, &made)));
    assert_non_null(problem_of(&t->f.problems, "source"));
    assert_non_null(problem_of(&t->f.problems, "checked_on"));
    n.source = SV("ahs.ca");
    n.checked_on = SV("2026-02-09");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    n.checked_on = SV("2026-02-11"); /* tomorrow */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &n, &made)));
    town_as(t, t->as_amal);
    n.checked_on = SV("2026-02-09");
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_post(c, &n, &made)));
}

/* MSG-3, MSG-13 */
static void voice_notes_are_asked_and_answered(void **state)
{
    struct town *t = *state;
    struct message_new n = {
        .community_id = t->com, .kind = MSG_VOICE, .file_id = 99, .duration_s = 12, .ask = true, .to_private = true};
    struct message_made made;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    struct question q = town_question(t, made.question_id);
    assert_int_equal(MSG_VOICE, q.kind);
    assert_true(q.thread_id > 0);
    struct answer_new a = {.kind = MSG_VOICE, .file_id = 100, .duration_s = 20};
    struct answer_made am = town_answer(t, t->as_mod, q.id, a);
    assert_int_equal(Q_ANSWERED, am.state); /* counted like text */
    n.kind = MSG_VIDEO;
    town_as(t, t->as_amal);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &n, &made))); /* not among the settings */
}

static void marks_and_what_members_may_not(void **state)
{
    struct town *t = *state;
    struct message_made talk = town_say(t, t->as_amal, "Je cherche une garderie", 0);
    assert_int_equal(MEANS_TALK, talk.meaning);
    int64_t id = 0;
    town_as(t, t->as_badi);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_mark_question(c, talk.message_id, &id)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_mark_question(c, talk.message_id, &id)));
    assert_true(town_question(t, id).open);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_mark_not(c, id)));
    assert_false(town_question(t, id).open);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_mark_question(c, talk.message_id, &id)));
    assert_true(town_question(t, id).open);
    town_as(t, t->as_badi);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_hide(c, talk.message_id, SV("off-topic"))));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_hide(c, talk.message_id, SV("off-topic"))));
    assert_int_equal(0, town_shown(t, t->as_badi, "garderie"));
    town_as(t, t->as_noor); /* no member: sees no stream, cannot post */
    struct message *v;
    size_t n;
    struct message_new m = {.community_id = t->com, .text = SV("Bonjour")};
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, message_stream(c, t->com, 0, 0, 10, &v, &n)));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_post(c, &m, &talk)));
    town_as(t, t->as_amal);
    m.text = (struct sv){"ok\xff", 3};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &m, &talk)));
    char *big = malloc(5001);
    memset(big, 'a', 5001);
    m.text = (struct sv){big, 5001};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &m, &talk)));
    free(big);
}

static void drafts_and_viewers(void **state)
{
    struct town *t = *state;
    struct question_view v;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    town_as(t, t->as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, viewing_touch(c, id)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, draft_save(c, id, SV("Je pense que"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_true(sv_eq_z(v.draft, "Je pense que"));
    assert_int_equal(1, v.n_viewers);
    assert_true(sv_eq_z(v.viewers[0], "Marc"));
    t->f.now_ms += 61 * 1000;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_int_equal(0, v.n_viewers);
    (void)town_answer(t, t->as_mod, id, town_plain);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_int_equal(0, v.draft.n);
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, draft_save(c, id, SV("x"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_int_equal(0, v.n_steps + v.n_viewers); /* members see no inside of the work */
}

static size_t inbox(struct town *t, const struct actor *who, bool mine, struct question **ret)
{
    struct inbox_filter f = {.state = -1, .mine = mine};
    size_t n;
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, ret, &n)));
    return n;
}

static int64_t ask_alone(struct town *t, const struct actor *who, const char *words)
{
    struct message_new n = {.community_id = t->com, .text = sv_of(words), .ask = true, .to_private = true};
    struct message_made made;
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    return made.question_id;
}

/* MSG-11: a partner's specialist finds what was given to them, and nothing else; nothing at all once the role is over.
 */
static void a_specialist_sees_what_was_given_to_them(void **state)
{
    struct town *t = *state;
    struct question *v;
    struct question_view view;
    struct inbox_counts k;
    struct text_cost cost;
    int64_t earlier = ask_alone(t, t->as_amal, "Je suis malade, que faire ?");
    int64_t id = ask_alone(t, t->as_amal, "Et mon dossier ?"), grant = 0;
    struct grant g = {.person_id = t->noor, .role = ROLE_SPECIALIST, .scope = SCOPE_COMMUNITY, .scope_id = t->com};
    const struct actor *specialist = ctxfix_staff(&t->f, t->noor, &g, 1);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_grant(c, t->com, t->noor, ROLE_SPECIALIST, 0, &grant)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_assign(c, id, t->noor)));
    assert_int_equal(1, inbox(t, specialist, false, &v));
    assert_int_equal(id, v[0].id);
    assert_int_equal(1, inbox(t, specialist, true, &v));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_count(c, 0, &k)));
    assert_int_equal(1, k.mine);
    assert_int_equal(1, k.open);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &view)));
    assert_true(view.may_answer && !view.may_moderate);
    assert_int_equal(0, view.n_earlier); /* what else the person asked in private is none of theirs */
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, question_view(c, earlier, &view)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, text_cost_person(c, t->com, t->amal, SV("Oui"), &cost)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &view)));
    assert_int_equal(1, view.n_earlier);
    /* the role ends: what was private is private again */
    assert_int_equal(0, inbox(t, ctxfix_staff(&t->f, t->noor, NULL, 0), true, &v));
    assert_int_equal(0, inbox(t, ctxfix_staff(&t->f, t->noor, NULL, 0), false, &v));
}

/* MOD-9: a form that is sent twice thanks once; another source is another check. */
static void the_same_check_twice_says_nothing_again(void **state)
{
    struct town *t = *state;
    struct answer *v;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    (void)town_say(t, t->as_badi, "Rue 5.", town_question(t, id).message_id);
    assert_int_equal(1, town_answers(t, id, &v));
    int64_t a = v[0].id;
    for (int i = 0; i < 2; i++) {
        town_as(t, t->as_mod);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, answer_verify(c, a, VER_CONFIRMED, (struct sv){0}, SV("calgary.ca"),
                                                             SV("2026-02-02"))));
    }
    assert_int_equal(1, town_shown(t, t->as_amal, "Thank you, Badi."));
    assert_int_equal(1, town_notices(t, t->badi, "Thank you for your answer in {0}. A moderator has checked it."));
    for (int i = 0; i < 2; i++) {
        town_as(t, t->as_mod);
        assert_int_equal(
            PW_OK, CTX_ACT(&t->f, answer_verify(c, a, VER_CORRECTED, SV("rue 6"), SV("calgary.ca"), SV("2026-02-02"))));
    }
    assert_int_equal(1, town_shown(t, t->as_amal, "rue 6"));
    assert_int_equal(1, town_answers(t, id, &v));
    assert_int_equal(VER_CORRECTED, v[0].verification);
}

/* MOD-9: what a member said below a question that was closed since is still checked, and leaves the list of checks. */
static void an_answer_to_a_closed_question_is_checked(void **state)
{
    struct town *t = *state;
    struct answer *v;
    struct inbox_counts k;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    (void)town_say(t, t->as_badi, "Rue 5.", town_question(t, id).message_id);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_close(c, id, SV("solved-elsewhere"))));
    assert_int_equal(1, town_answers(t, id, &v));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_count(c, t->com, &k)));
    assert_int_equal(1, k.unchecked);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, answer_verify(c, v[0].id, VER_CONFIRMED, (struct sv){0}, SV("calgary.ca"),
                                                         SV("2026-02-02"))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_count(c, t->com, &k)));
    assert_int_equal(0, k.unchecked);
    assert_int_equal(Q_CLOSED, town_question(t, id).state);
}

static bool thread_waits(struct town *t)
{
    struct thread *v;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, thread_list(c, t->com, 0, 0, 10, &v, &n)));
    for (size_t i = 0; i < n; i++)
        if (v[i].person_id == t->amal)
            return v[i].waiting_staff;
    fail_msg("no thread");
    return false;
}

/* MSG-12 */
static void a_thread_waits_until_it_is_answered(void **state)
{
    struct town *t = *state;
    struct message_new thanks = {.community_id = t->com, .text = SV("Merci beaucoup"), .to_private = true};
    struct message_made made;
    int64_t id = ask_alone(t, t->as_amal, "Et mon dossier ?");
    assert_true(thread_waits(t));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_interim(c, id, (struct sv){0})));
    assert_true(thread_waits(t)); /* we are looking: the answer is still to come */
    (void)town_answer(t, t->as_mod, id, town_plain);
    assert_false(thread_waits(t));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &thanks, &made)));
    assert_int_equal(MEANS_TALK, made.meaning);
    assert_false(thread_waits(t));
    id = ask_alone(t, t->as_amal, "Et le bail ?");
    assert_true(thread_waits(t));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_close(c, id, SV("withdrawn"))));
    assert_false(thread_waits(t));
}

/* A page is full as long as there is more: what was hidden does not end it. */
static void hidden_messages_do_not_end_a_page(void **state)
{
    struct town *t = *state;
    struct message *v;
    struct public_answer *pub;
    size_t n;
    int64_t hidden[3];
    for (int i = 0; i < 6; i++) {
        t->f.now_ms += 60000;
        int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
        if (i % 2)
            hidden[i / 2] = town_question(t, id).message_id;
        t->f.now_ms += 60000;
        (void)town_answer(t, t->as_mod, id, town_plain);
    }
    for (int i = 0; i < 3; i++) {
        town_as(t, t->as_mod);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, message_hide(c, hidden[i], SV("off-topic"))));
    }
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream(c, t->com, 0, 0, 4, &v, &n)));
    assert_int_equal(4, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(SHOWN, v[i].state);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream(c, t->com, v[n - 1].shown_ms, v[n - 1].id, 100, &v, &n)));
    assert_int_equal(5, n); /* nine are shown in all */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, question_answered_public(c, t->com, 0, 2, &pub, &n)));
    assert_int_equal(2, n);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, question_answered_public(c, t->com, pub[1].q.answered_ms, 2, &pub, &n)));
    assert_int_equal(1, n);
    town_as(t, t->as_mod); /* who moderates sees the hidden ones, too */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream(c, t->com, 0, 0, 100, &v, &n)));
    assert_int_equal(12, n);
}

/* "Everyone in the community reads this": nobody else does. */
static void public_questions_are_the_communitys(void **state)
{
    struct town *t = *state;
    struct question_view v;
    struct question q;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    (void)town_answer(t, t->as_mod, id, town_plain);
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    town_as(t, t->as_noor); /* no member */
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, question_get(c, id, &q)));
}

/* the group sees "Answered privately."; who replies to that does not answer what is private. */
static void a_reply_to_what_went_private_is_only_talk(void **state)
{
    struct town *t = *state;
    struct message *v;
    size_t n;
    int64_t thread, note = 0, id = town_ask(t, t->as_amal, "Mon dossier 12345 ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_move_private(c, id, &thread)));
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream(c, t->com, 0, 0, 10, &v, &n)));
    for (size_t i = 0; i < n; i++)
        if (v[i].answered_privately)
            note = v[i].id;
    assert_true(note != 0);
    assert_int_equal(MEANS_TALK, town_say(t, t->as_badi, "Ah, dommage", note).meaning);
    assert_int_equal(0, town_question(t, id).pending_answers);
}

/* however much was said about it. */
static void a_long_conversation_goes_private_whole(void **state)
{
    enum { MANY = 503, PAGE = 100 };
    struct town *t = *state;
    struct message *v;
    size_t n = PAGE, shown = 0;
    int64_t thread, ms = 0, last = 0, id = town_ask(t, t->as_amal, "Mon dossier 12345 ?");
    for (int i = 0; i < MANY; i++)
        (void)town_say(t, t->as_badi, "Le 12345 ? Appelez.", town_question(t, id).message_id);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_move_private(c, id, &thread)));
    town_as(t, t->as_badi);
    while (n == PAGE) {
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream(c, t->com, ms, last, PAGE, &v, &n)));
        for (size_t i = 0; i < n; i++)
            shown += v[i].state == SHOWN && sv_has(v[i].body, "12345");
        ms = n ? v[n - 1].shown_ms : 0;
        last = n ? v[n - 1].id : 0;
    }
    assert_int_equal(0, shown);
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, town_set_up_members, town_tear_down)
        T(questions_are_assigned_referred_and_closed_with_a_reason),
        T(a_wrong_answer_is_corrected_with_thanks),
        T(staff_answers_are_verified_by_their_source),
        T(a_personal_question_goes_on_in_private),
        T(one_way_posts_reach_the_moderators_only),
        T(information_is_not_posted_without_a_source),
        T(voice_notes_are_asked_and_answered),
        T(marks_and_what_members_may_not),
        T(drafts_and_viewers),
        T(a_specialist_sees_what_was_given_to_them),
        T(the_same_check_twice_says_nothing_again),
        T(an_answer_to_a_closed_question_is_checked),
        T(a_thread_waits_until_it_is_answered),
        T(hidden_messages_do_not_end_a_page),
        T(public_questions_are_the_communitys),
        T(a_reply_to_what_went_private_is_only_talk),
        T(a_long_conversation_goes_private_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
