/* SPDX-License-Identifier: EUPL-1.2 */
/* Settings, joining, waiting, rights. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/audit.h"
#include "core/notify.h"
#include "feature/community/community_kit.h"
#include "lib/stmtcheck.h"
#include "unit/community/town.h"

static void every_statement_uses_an_index(void **state)
{
    struct town *t = *state;
    assert_int_equal(0, stmtcheck_all(&t->f.db));
}

/* MSG-1, SLA-1 */
static void a_community_tells_what_it_is(void **state)
{
    struct town *t = *state;
    struct community m;
    struct community_clock k;
    struct community_words w = {.lang = SV("ar"), .name = SV("أهلا"), .topics_out = SV("سياسة\nدين")};
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_words(c, t->com, &w)));
    town_as(t, &actor_anonymous);
    struct ctx *c = ctxfix_begin(&t->f, false);
    c->lang = SV("ar");
    assert_int_equal(PW_OK, community_by_slug(c, SV("bienvenue"), &m));
    assert_true(m.rtl);
    assert_true(sv_eq(m.words.topics_out, w.topics_out));
    assert_int_equal(24, m.standard_hours);
    assert_int_equal(PW_OK, community_clock_now(c, &m, &k));
    assert_true(k.open_now && k.has_promise);
    c->lang = SV("so"); /* not one of its languages: the main one */
    assert_int_equal(PW_OK, community_by_slug(c, SV("bienvenue"), &m));
    assert_true(sv_eq_z(m.words.name, "Bienvenue"));
    (void)ctxfix_end(&t->f, PW_OK);
}

static void wrong_settings_name_their_fields(void **state)
{
    struct town *t = *state;
    struct community_edit e = {.slug = SV("x"),
                               .languages = SV("français"),
                               .zone = SV("Mars/Olympus"),
                               .mode = SV("loud"),
                               .visibility = SV("listed"),
                               .moderation = SV("full"),
                               .clock_mode = SV("deferred"),
                               .standard_hours = 24};
    town_as(t, t->as_admin);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_update(c, t->com, &e)));
    assert_non_null(problem_of(&t->f.problems, "slug"));
    assert_non_null(problem_of(&t->f.problems, "languages"));
    assert_non_null(problem_of(&t->f.problems, "zone"));
    assert_non_null(problem_of(&t->f.problems, "mode"));
    town_as(t, t->as_mod); /* a moderator does not change settings (MSG-9) */
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, community_update(c, t->com, &e)));
}

/* MSG-6, MOD-1 */
static void joining_needs_answers_and_the_current_guidelines(void **state)
{
    struct town *t = *state;
    int64_t q = 0, id = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, screening_write(c, t->com, 0, 1, true, SV("fr"), SV("Où habitez-vous ?"), &q)));
    struct join_new n = {.community_id = t->com, .lang = SV("ar")};
    town_as(t, t->as_amal);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    assert_non_null(problem_of(&t->f.problems, "guidelines"));
    assert_int_equal(2, t->f.problems.n); /* and the answer */
    struct join_answer a = {.question_id = q, .answer = SV("Calgary")};
    n.answers = &a;
    n.n_answers = 1;
    n.guidelines_version = t->guidelines + 1; /* a version that nobody showed */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    n.guidelines_version = t->guidelines;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    int64_t twice = 0;
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, join_request_send(c, &n, &twice)));

    struct join_request j;
    town_as(t, t->as_badi);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, join_get(c, id, &j)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_get(c, id, &j)));
    assert_int_equal(t->guidelines, j.guidelines_version);
    assert_int_equal(1, j.n_answers);
    assert_true(sv_eq_z(j.answers[0].answer, "Calgary"));
    assert_true(sv_eq_z(j.answers[0].question, "Où habitez-vous ?"));
    enum membership_state s;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, id, &s)));
    struct membership m;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, t->amal, &m)));
    assert_int_equal(t->guidelines, m.guidelines_version);                          /* known for each member (MOD-1) */
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, join_refuse(c, id, SV("other")))); /* decided once */
}

static enum pw_err read_welcome(struct ctx *c, struct town *t, struct membership *m, struct message *msg)
{
    PW_TRY(membership_of(c, t->com, t->amal, m));
    return message_get(c, m->welcome_message, msg);
}

/* MSG-7, MSG-8 */
static void applicants_are_told_and_welcomed(void **state)
{
    struct town *t = *state;
    struct membership m;
    struct message msg;
    struct thread th;
    struct message *v;
    size_t n;
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_amal, t->amal));
    assert_true(town_notice(t, t->amal, "You are now a member of {0}."));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, read_welcome(c, t, &m, &msg)));
    assert_int_equal(1, m.welcome_version);      /* which text was sent … */
    assert_int_equal(t->f.now_ms, msg.shown_ms); /* … and when: provable later */
    assert_true(sv_has(msg.body, "Posez vos questions ici."));
    assert_true(sv_has(msg.body, "https://example.org/c/bienvenue/guidelines"));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, thread_own(c, t->com, &th, &v, &n)));
    assert_int_equal(1, n);
    /* refused */
    struct join_new j = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("ar")};
    int64_t id = 0;
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &j, &id)));
    town_as(t, t->as_mod); /* admitting is the administrator's (MSG-9) */
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, join_refuse(c, id, SV("not-audience"))));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_refuse(c, id, SV("not-audience"))));
    assert_true(town_notice(t, t->badi, "Your request to join {0} could not be accepted."));
    assert_false(town_notice(t, t->badi, "You are now a member of {0}."));
}

static enum membership_state state_of(struct town *t, int64_t person)
{
    struct membership m = {0};
    town_as(t, t->as_admin);
    enum pw_err e = CTX_LOOK(&t->f, membership_of(c, t->com, person, &m));
    return e == PW_OK ? m.state : MEMBER_NONE;
}

/* A-26, MSG-10 */
static void a_full_community_keeps_a_waiting_list(void **state)
{
    struct town *t = *state;
    int64_t admitted = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_limit(c, t->com, 1, &admitted)));
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_amal, t->amal));
    t->f.now_ms += 1000;
    assert_int_equal(MEMBER_WAITING, town_join(t, t->as_noor, t->noor));
    t->f.now_ms += 1000;
    assert_int_equal(MEMBER_WAITING, town_join(t, t->as_badi, t->badi));
    assert_false(town_notice(t, t->noor, "You are now a member of {0}."));
    assert_int_equal(1, town_notices(t, t->noor,
                                     "Your request to join {0} was accepted. The community is full at the "
                                     "moment: you are on the waiting list and will be told as soon as "
                                     "there is room."));
    town_as(t, t->as_admin); /* one place more: the first accepted comes first */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_limit(c, t->com, 2, &admitted)));
    assert_int_equal(1, admitted);
    assert_int_equal(MEMBER_ACTIVE, state_of(t, t->noor));
    assert_int_equal(MEMBER_WAITING, state_of(t, t->badi));
    assert_true(town_notice(t, t->noor, "You are now a member of {0}."));
    town_as(t, t->as_amal); /* someone leaves: the next comes in */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_leave(c, t->com, 0)));
    assert_int_equal(MEMBER_ACTIVE, state_of(t, t->badi));
    assert_int_equal(MEMBER_LEFT, state_of(t, t->amal));
    assert_true(town_notice(t, t->amal, "You have left {0}. You are welcome back at any time."));
    assert_int_equal(MEMBER_WAITING, town_join(t, t->as_amal, t->amal)); /* welcome back, in turn */
}

/* MOD-1: who accepted older guidelines is known, asked again, and accepts with one press; a newer one is read first. */
static void new_guidelines_are_accepted_again(void **state)
{
    struct town *t = *state;
    struct membership m, *v;
    int64_t n = 0, version = 0, newer = 0;
    size_t n_v;
    static const char msgid[] = "The guidelines of {0} have changed. Please read and accept them.";
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_join(t, t->as_badi, t->badi);
    town_as(t, t->as_admin);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, guidelines_ask_again(c, t->com, &n))); /* nobody has older ones */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_GUIDELINES, SV("fr"), SV("Règles"),
                                                                    SV("Soyons très polis."), true, &version)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_list_older(c, t->com, 0, 0, 50, &v, &n_v)));
    assert_int_equal(2, n_v);
    town_as(t, t->as_mod);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, guidelines_ask_again(c, t->com, &n)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, guidelines_ask_again(c, t->com, &n)));
    assert_int_equal(2, n);
    town_time(t, "2026-02-10T11:00-07:00");
    assert_int_equal(1, town_notices(t, t->amal, msgid));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, guidelines_ask_again(c, t->com, &n)));
    town_time(t, "2026-02-10T11:05-07:00");
    assert_int_equal(1, town_notices(t, t->amal, msgid)); /* once for each version */
    town_as(t, t->as_amal);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, guidelines_accept(c, t->com, version - 1)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, guidelines_accept(c, t->com, version)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, guidelines_accept(c, t->com, version)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, t->amal, &m)));
    assert_true(m.guidelines_version == version && m.asked_version == 0);
    town_as(t, t->as_noor); /* no member */
    assert_int_not_equal(PW_OK, CTX_ACT(&t->f, guidelines_accept(c, t->com, version)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_list_older(c, t->com, 0, 0, 50, &v, &n_v)));
    assert_true(n_v == 1 && v[0].person_id == t->badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_GUIDELINES, SV("fr"), SV("Règles"),
                                                                    SV("Encore mieux."), true, &newer)));
    town_as(t, t->as_badi);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, guidelines_accept(c, t->com, version)));
}

/* MSG-9 */
static void rights_are_separate_and_logged(void **state)
{
    struct town *t = *state;
    int64_t id = 0;
    struct audit_row *rows;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, community_grant(c, t->com, t->amal, ROLE_MODERATOR, 0, &id)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, community_grant(c, t->com, t->amal, ROLE_MODERATOR, 0, &id)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_grant(c, t->com, t->amal, ROLE_MODERATOR, 0, &id)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_grant(c, t->com, t->amal, ROLE_NETWORK_ADMIN, 0, &id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_withdraw(c, t->com, id)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, community_withdraw(c, t->com, 12345)));
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, audit_list(c, "grant", id, 0, 10, &rows, &n)));
    assert_int_equal(2, n); /* given and withdrawn */
    /* an administrator who is no moderator does not read private threads by the way */
    struct thread *threads;
    town_as(t, t->as_admin);
    assert_int_equal(PW_DENIED, CTX_LOOK(&t->f, thread_list(c, t->com, 0, 0, 10, &threads, &n)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, thread_list(c, t->com, 0, 0, 10, &threads, &n)));
}

/* LANG-3: whoever caused it, a notice names the community in its reader's language. */
static void notices_speak_the_readers_language(void **state)
{
    struct town *t = *state;
    struct community_words w = {.lang = SV("ar"), .name = SV("أهلا"), .purpose = SV("مساعدة")};
    struct notice *v;
    size_t n;
    int64_t id;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_words(c, t->com, &w)));
    struct join_new j = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("fr")};
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &j, &id)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, notice_list(c, t->admin, 0, 10, &v, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(v[0].arg0, "أهلا"));
}

static void drafts_are_not_found_by_strangers(void **state)
{
    struct town *t = *state;
    struct community m;
    struct community_edit e = {.slug = SV("brouillon"),
                               .languages = SV("fr"),
                               .zone = SV("America/Toronto"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .moderation = SV("light"),
                               .clock_mode = SV("wall")};
    struct community_words w = {.lang = SV("fr"), .name = SV("Brouillon")};
    int64_t id = 0;
    struct grant none = {0};
    town_as(t, ctxfix_staff(&t->f, t->noor, &none, 0)); /* a volunteer without any organisation (PPL-7) */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_create(c, &e, &w, &id)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_create(c, &e, &w, &id))); /* address taken */
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, community_get(c, id, &m)));
    struct grant g[] = {{.person_id = t->noor, .role = ROLE_TECH_ADMIN, .scope = SCOPE_COMMUNITY, .scope_id = id}};
    town_as(t, ctxfix_staff(&t->f, t->noor, g, 1));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, id, &m)));
    assert_true(m.owner_org > 0);
    int64_t owner = m.owner_org, second = 0;
    e.slug = SV("deuxieme"); /* the same organiser, not another one of the same name */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_create(c, &e, &w, &second)));
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, second, &m)));
    assert_int_equal(owner, m.owner_org);
    town_as(t, ctxfix_staff(&t->f, t->noor, g, 1));
    assert_int_equal(PW_INVALID,
                     CTX_ACT(&t->f, community_set_status(c, id, SV("live"), (struct sv){0}))); /* rules first */
}

/* MSG-9: who admits is told of a request; who only moderates could not open it. */
static void who_admits_is_told_of_requests(void **state)
{
    struct town *t = *state;
    struct join_new n = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("fr")};
    int64_t id = 0;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    assert_int_equal(1, town_notices(t, t->admin, "Someone asks to join {0}."));
    assert_int_equal(0, town_notices(t, t->mod, "Someone asks to join {0}."));
    int64_t mine = 0;
    enum join_state stands = JOIN_WITHDRAWN;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, join_mine(c, t->com, &mine, &stands)));
    assert_int_equal(id, mine);
    assert_int_equal(JOIN_PENDING, stands);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_withdraw(c, mine)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, join_mine(c, t->com, &mine, &stands)));
    assert_int_equal(JOIN_WITHDRAWN, stands);
}

/* MSG-6: a translation leaves a question where it is, a new one comes last, and a form has room for eight. */
static void screening_questions_keep_their_order(void **state)
{
    struct town *t = *state;
    struct screening *v;
    size_t n;
    int64_t id[8], more = 0;
    for (int i = 0; i < 8; i++) {
        town_as(t, t->as_admin);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, screening_write(c, t->com, 0, i < 2 ? i + 1 : 0, true, SV("fr"),
                                                               arena_fmt(c->arena, "Question %d ?", i), &id[i])));
    }
    assert_int_equal(PW_OK, CTX_ACT(&t->f, screening_write(c, t->com, id[5], 0, false, SV("ar"), SV("سؤال؟"), &more)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, screening_list(c, t->com, &v, &n)));
    assert_int_equal(8, n);
    for (int i = 0; i < 8; i++)
        assert_int_equal(id[i], v[i].id);
    assert_false(v[5].required);
    assert_int_equal(PW_INVALID,
                     CTX_ACT(&t->f, screening_write(c, t->com, 0, 0, true, SV("fr"), SV("Encore ?"), &more)));
    assert_non_null(problem_of(&t->f.problems, "text"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, screening_retire(c, id[0])));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, screening_write(c, t->com, 0, 0, true, SV("fr"), SV("Encore ?"), &more)));
}

/* ---- what a feature asks at the door (EQ-5) ---- */

static struct {
    int64_t person;
    char code[20];
    int times;
} chosen;

static enum pw_err ask_tea(struct ctx *c, const struct community *com, struct join_choices *ret)
{
    static const struct join_choice v[] = {{{"tea", 3}, {"Thé", 4}}, {{"coffee", 6}, {"Café", 5}}};
    (void)c;
    (void)com;
    *ret = (struct join_choices){.question = SV("Thé ou café ?"), .v = v, .n = 2};
    return PW_OK;
}

static enum pw_err tea_chosen(struct ctx *c, const struct community *com, int64_t person_id, struct sv code)
{
    (void)c;
    (void)com;
    chosen.person = person_id;
    chosen.times++;
    (void)snprintf(chosen.code, sizeof chosen.code, "%.*s", SV_ARG(code));
    return PW_OK;
}

static void what_was_chosen_at_the_door_arrives_with_the_member(void **state)
{
    static const struct join_asker asker = {ask_tea, tea_chosen};
    struct town *t = *state;
    struct join_new n = {
        .community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("fr"), .choice = SV("milk")};
    struct join_request j;
    enum membership_state s;
    int64_t id = 0, admitted = 0;
    chosen.times = 0;
    join_asker_set(&asker);
    town_as(t, t->as_amal);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    assert_non_null(problem_of(&t->f.problems, "choice"));
    n.choice = SV("coffee");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_get(c, id, &j)));
    assert_int_equal(1, j.n_answers);
    assert_true(sv_eq_z(j.answers[0].question, "Thé ou café ?") && sv_eq_z(j.answers[0].answer, "Café"));
    assert_int_equal(0, chosen.times); /* nobody's business before they are in */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_limit(c, t->com, 1, &admitted)));
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_badi, t->badi)); /* who says nothing */
    assert_int_equal(0, chosen.times);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, id, &s)));
    assert_int_equal(MEMBER_WAITING, s);
    assert_int_equal(0, chosen.times);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_limit(c, t->com, 2, &admitted)));
    assert_int_equal(1, admitted);
    assert_int_equal(1, chosen.times);
    assert_int_equal(t->amal, chosen.person);
    assert_string_equal("coffee", chosen.code);
    join_asker_set(NULL);
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, town_set_up, town_tear_down)
        T(every_statement_uses_an_index),
        T(a_community_tells_what_it_is),
        T(wrong_settings_name_their_fields),
        T(joining_needs_answers_and_the_current_guidelines),
        T(applicants_are_told_and_welcomed),
        T(a_full_community_keeps_a_waiting_list),
        T(rights_are_separate_and_logged),
        T(drafts_are_not_found_by_strangers),
        T(notices_speak_the_readers_language),
        T(new_guidelines_are_accepted_again),
        T(who_admits_is_told_of_requests),
        T(screening_questions_keep_their_order),
        T(what_was_chosen_at_the_door_arrives_with_the_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
