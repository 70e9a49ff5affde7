/* SPDX-License-Identifier: EUPL-1.2 */
/* Sanctions with their cause, reports, appeals, readmission, the urgent path, words that look personal: through the
 * actions, on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/access.h"
#include "core/notify.h"
#include "core/people.h"
#include "feature/moderation/moderation.h"
#include "unit/community/town.h"

static int set_up(void **state)
{
    struct town *t = calloc(1, sizeof *t);
    struct town_plan usual = {0};
    town_open(t, &usual);
    ctxfix_migrate(&t->f, moderation_migrations, moderation_migrations_n);
    moderation_register(t->work);
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_amal, t->amal));
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_badi, t->badi));
    *state = t;
    return 0;
}

static void ladder(struct town *t, const char *category, const char *name)
{
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_set_ladder(c, t->com, sv_of(category), sv_of(name))));
}

static struct mod_proposal propose(struct town *t, int64_t message, const char *category)
{
    struct mod_proposal p = {0};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_propose(c, message, sv_of(category), &p)));
    return p;
}

static enum pw_err act(struct town *t, const struct actor *who, int64_t message, const char *category, int64_t item,
                       int64_t *ret)
{
    struct mod_act_new n = {.message_id = message, .item_id = item, .category = sv_of(category), .clause = 1};
    town_as(t, who);
    return CTX_ACT(&t->f, moderation_act(c, &n, ret));
}

static int64_t must_act(struct town *t, int64_t message, const char *category)
{
    int64_t id = 0;
    assert_int_equal(PW_OK, act(t, t->as_mod, message, category, 0, &id));
    return id;
}

static struct message message_of(struct town *t, int64_t id)
{
    struct message m = {0};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_get(c, id, &m)));
    return m;
}

static enum membership_state state_of(struct town *t, int64_t person)
{
    struct membership m = {0};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, person, &m)));
    return m.state;
}

/* The newest words of the member's private thread. */
static struct sv last_private(struct town *t, const struct actor *who)
{
    struct thread th;
    struct message *m;
    size_t n = 0;
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, thread_own(c, t->com, &th, &m, &n)));
    assert_true(n > 0);
    return m[n - 1].body;
}

static struct sv last_public(struct town *t)
{
    struct message *m;
    size_t n = 0;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream(c, t->com, 0, 0, 10, &m, &n)));
    assert_true(n > 0);
    return m[0].body;
}

static void give_role(struct town *t, int64_t person, enum role role, enum scope_kind scope, int64_t of)
{
    struct grant g = {.person_id = person, .role = role, .scope = scope, .scope_id = of};
    int64_t id = 0;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, grant_give(c, &g, &id)));
    town_as(t, t->as_admin);
}

static void lose_roles(struct town *t, int64_t person)
{
    struct grant *g;
    size_t n = 0;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, grant_list(c, SCOPE_COMMUNITY, t->com, &g, &n)));
    for (size_t i = 0; i < n; i++)
        if (g[i].person_id == person)
            assert_int_equal(PW_OK, CTX_ACT(&t->f, grant_withdraw(c, g[i].id)));
}

/* A-25, MOD-3, MOD-4: two private warnings that quote the clause; removal is proposed with the third, never before. */
static void two_warnings_then_removal_is_proposed(void **state)
{
    struct town *t = *state;
    int64_t first = town_say(t, t->as_amal, "Vous êtes tous nuls", 0).message_id;
    town_as(t, t->as_mod);
    struct mod_proposal p = propose(t, first, "disrespect");
    assert_int_equal(ACT_WARN, p.ladder.ladder.v[p.step].acts);
    assert_int_equal(1, p.n_clauses);
    struct mod_act_new heavier = {.message_id = first, .category = SV("disrespect"), .step = 3};
    int64_t id = 0;
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, moderation_act(c, &heavier, &id)));
    must_act(t, first, "disrespect");
    struct sv words = last_private(t, t->as_amal);
    assert_true(sv_has(words, "Soyons polis."));
    assert_true(sv_has(words, "Vous êtes tous nuls"));
    assert_int_equal(SHOWN, message_of(t, first).state);

    int64_t second = town_say(t, t->as_amal, "Encore nuls", 0).message_id;
    must_act(t, second, "disrespect");
    assert_int_equal(MEMBER_ACTIVE, state_of(t, t->amal));
    int64_t third = town_say(t, t->as_amal, "Toujours nuls", 0).message_id;
    town_as(t, t->as_mod);
    p = propose(t, third, "disrespect");
    assert_int_equal(2, p.weight);
    assert_int_equal(ACT_REMOVE, p.ladder.ladder.v[p.step].acts);
    must_act(t, third, "disrespect");
    assert_int_equal(MEMBER_REMOVED, state_of(t, t->amal));
}

/* MOD-7: taken out of view, the description again, a private message naming groups, logged as step 1. */
static void an_off_topic_post(void **state)
{
    struct town *t = *state;
    struct mod_settings s;
    ladder(t, "off-topic", "r613-offtopic");
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_write_text(c, t->com, "groups", SV("ar"), SV("نادي النقاش"))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_settings(c, t->com, &s)));
    s.excluded = SV("political religious");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_set(c, t->com, &s)));
    int64_t post = town_say(t, t->as_amal, "Votez pour le parti bleu", 0).message_id;
    int64_t action = must_act(t, post, "off-topic");
    assert_int_equal(HIDDEN, message_of(t, post).state);
    assert_true(sv_has(last_public(t), "Aider"));
    assert_true(sv_has(last_public(t), "Politics"));
    assert_true(sv_has(last_private(t, t->as_amal), "نادي النقاش"));
    struct mod_action a;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_action(c, action, &a)));
    assert_int_equal(1, a.step);
    assert_true(sv_eq_z(a.acts, "delete repost suggest"));
    assert_true(sv_eq_z(a.evidence, "Votez pour le parti bleu"));
    /* the second breach: removal and a notice without a name */
    int64_t again = town_say(t, t->as_amal, "Le parti bleu encore", 0).message_id;
    must_act(t, again, "off-topic");
    assert_int_equal(MEMBER_REMOVED, state_of(t, t->amal));
    assert_true(sv_has(last_public(t), "Somebody was removed"));
    assert_false(sv_has(last_public(t), "Amal"));
}

/* channels.md rule 7: undoing restores exactly what it caused; what another sanction caused stays. */
static void undoing_restores_what_it_caused(void **state)
{
    struct town *t = *state;
    int64_t id = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, moderation_write_ladder(c, t->com, SV("offensive"), SV("delete restrict=7"))));
    ladder(t, "harassment", "r613-offensive");
    int64_t one = town_say(t, t->as_badi, "Premier", 0).message_id;
    int64_t two = town_say(t, t->as_badi, "Deuxième", 0).message_id;
    int64_t restricted = must_act(t, one, "offensive");
    struct message_new n = {.community_id = t->com, .text = SV("Je veux écrire")};
    struct message_made made;
    town_as(t, t->as_badi);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &n, &made)));
    n.to_private = true;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    int64_t removed = must_act(t, two, "harassment");
    assert_int_equal(MEMBER_REMOVED, state_of(t, t->badi));
    town_as(t, t->as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_undo(c, removed)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, moderation_undo(c, removed)));
    assert_int_equal(MEMBER_ACTIVE, state_of(t, t->badi));
    assert_int_equal(SHOWN, message_of(t, two).state);
    assert_int_equal(HIDDEN, message_of(t, one).state);
    n.to_private = false;
    town_as(t, t->as_badi);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &n, &made))); /* still restricted by the other */
    town_as(t, t->as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_undo(c, restricted)));
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    (void)id;
}

static void strikes_expire_and_the_ladder_begins_again(void **state)
{
    struct town *t = *state;
    must_act(t, town_say(t, t->as_amal, "Un", 0).message_id, "disrespect");
    town_time(t, "2026-08-20T10:00-06:00"); /* more than 180 days later */
    int64_t m = town_say(t, t->as_amal, "Deux", 0).message_id;
    town_as(t, t->as_mod);
    assert_int_equal(0, propose(t, m, "disrespect").weight);
}

/* harassment on a Sunday alerts the person on call; advertising is queued and its clock starts on Monday. */
static void reports_on_a_sunday(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    size_t n = 0;
    int64_t bad = town_say(t, t->as_badi, "Insultes", 0).message_id;
    int64_t ad = town_say(t, t->as_badi, "Achetez mes tapis", 0).message_id;
    give_role(t, t->noor, ROLE_SUPERVISOR, SCOPE_COMMUNITY, t->com);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, oncall_set(c, t->com, t->noor, (struct sv){0})));
    town_time(t, "2026-02-08T11:00-07:00"); /* Sunday */
    int64_t harassment = 0, advertising = 0, same = 0;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, report_send(c, t->com, ad, SV("advertising"), (struct sv){0}, &advertising)));
    assert_false(town_notice(t, t->noor, "Urgent report in {0}: {1}."));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, report_send(c, t->com, bad, SV("harassment"), SV("Il insiste"), &harassment)));
    assert_true(town_notice(t, t->noor, "Urgent report in {0}: {1}."));
    assert_true(town_notice(t, t->mod, "A message in {0} was reported."));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, report_send(c, t->com, bad, SV("harassment"), (struct sv){0}, &same)));
    assert_true(same == harassment);
    struct review_filter all = {.kind = -1};
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, review_list(c, &all, &v, &n)));
    assert_int_equal(2, n);
    assert_true(v[0].id == harassment && v[0].urgent);
    assert_true(v[1].id == advertising && !v[1].urgent);
    assert_true(v[1].start_ms == at("2026-02-09T09:00-07:00"));
    /* The reporter hears the outcome without details. */
    assert_int_equal(PW_OK, act(t, t->as_mod, bad, "harassment", harassment, &same));
    assert_true(
        town_notice(t, t->amal, "Thank you. What you reported in {0} was looked at, and something was done about it."));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, report_close(c, advertising, false, SV("C'est permis"))));
    assert_true(town_notice(t, t->amal, "Thank you. What you reported in {0} was looked at: it may stay. {1}"));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, report_close(c, advertising, false, SV("encore"))));
}

/* MOD-11: a report about a moderator is not there for that moderator, neither in lists nor by its address. */
static void a_conflict_is_hidden_from_the_moderator_it_is_about(void **state)
{
    struct town *t = *state;
    struct mod_item *v, one;
    size_t n = 0;
    int64_t item = 0, id = 0;
    int64_t words = town_say(t, t->as_mod, "Taisez-vous", 0).message_id;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, report_send(c, t->com, words, SV("disrespect"), (struct sv){0}, &item)));
    assert_false(town_notice(t, t->mod, "A message in {0} was reported."));
    assert_true(town_notice(t, t->mod2, "A message in {0} was reported."));
    struct review_filter all = {.kind = -1};
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, review_list(c, &all, &v, &n)));
    assert_int_equal(0, n);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, moderation_item(c, item, &one)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, report_close(c, item, false, SV("rien"))));
    assert_int_equal(PW_DENIED, act(t, t->as_mod, words, "disrespect", 0, &id));
    town_as(t, t->as_admin); /* the owner sees what moderators should not decide alone */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_item(c, item, &one)));
    assert_true(one.conflict);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_item_note(c, item, SV("Entretien mené"))));
    town_as(t, t->as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_item(c, item, &one)));
    assert_true(sv_eq_z(one.note, "Entretien mené"));
}

/* MOD-6: the appeal goes to another person, with a deadline and a reason; what it grants is taken back. */
static void an_appeal_is_decided_by_somebody_else(void **state)
{
    struct town *t = *state;
    struct mod_item it;
    int64_t item = 0;
    ladder(t, "offensive", "r613-offensive");
    int64_t words = town_say(t, t->as_amal, "Une plaisanterie", 0).message_id;
    int64_t action = must_act(t, words, "offensive");
    assert_int_equal(MEMBER_REMOVED, state_of(t, t->amal));
    struct mod_action *mine;
    size_t n = 0;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_mine(c, t->com, &mine, &n)));
    assert_int_equal(1, n);
    assert_true(mine[0].may_appeal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, appeal_send(c, t->com, action, SV("C'était une blague"), &item)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, appeal_send(c, t->com, action, SV("encore"), &item)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, moderation_item(c, item, &it)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, appeal_decide(c, item, false, SV("non"))));
    town_as(t, t->as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_item(c, item, &it)));
    assert_true(it.due_ms > it.at_ms);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, appeal_decide(c, item, true, (struct sv){0})));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, appeal_decide(c, item, true, SV("Humour mal compris"))));
    assert_int_equal(MEMBER_ACTIVE, state_of(t, t->amal));
    assert_int_equal(SHOWN, message_of(t, words).state);
    assert_true(town_notice(t, t->amal, "Your appeal in {0} was granted: {1}"));
}

/* MOD-6: coming back is asked for, not by a new join request; a blocked person cannot. */
static void a_removed_person_asks_to_come_back(void **state)
{
    struct town *t = *state;
    int64_t item = 0, id = 0;
    ladder(t, "offensive", "r613-offensive");
    must_act(t, town_say(t, t->as_amal, "Injure", 0).message_id, "offensive");
    struct join_new j = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("ar")};
    town_as(t, t->as_amal);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, join_request_send(c, &j, &id)));
    assert_non_null(problem_of(&t->f.problems, "removed"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, readmission_send(c, t->com, SV("Je regrette"), &item)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, readmission_send(c, t->com, SV("Vite"), &item)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, appeal_decide(c, item, true, SV("oui"))));
    town_as(t, t->as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, appeal_decide(c, item, true, SV("Bienvenue"))));
    assert_int_equal(MEMBER_ACTIVE, state_of(t, t->amal));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_write_ladder(c, t->com, SV("violence"), SV("remove block"))));
    must_act(t, town_say(t, t->as_badi, "Menace", 0).message_id, "violence");
    town_as(t, t->as_badi);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, readmission_send(c, t->com, SV("Pardon"), &item)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, join_request_send(c, &j, &id)));
}

/* CNS-6, A-34: the writer is warned before anything is published; publishing all the same alerts the moderators. */
static void personal_words_warn_first(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    size_t n = 0;
    struct message_new m = {.community_id = t->com, .text = SV("Appelez-moi : 613-555-0142")};
    struct message_made made;
    town_as(t, t->as_amal);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &m, &made)));
    assert_non_null(problem_of(&t->f.problems, "sure"));
    m.to_private = true;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &m, &made)));
    m.to_private = false;
    m.sure = true;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &m, &made)));
    struct review_filter f = {.kind = ITEM_PERSONAL};
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, review_list(c, &f, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, personal_decide(c, v[0].id, false)));
    assert_int_equal(HIDDEN, message_of(t, made.message_id).state);
    /* a name of the writer's own list, in any spelling of case and accents; others are not concerned */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, guarded_name_add(c, SV("Yousséf Al-Masri"))));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, guarded_name_add(c, SV("A b"))));
    struct message_new named = {.community_id = t->com, .text = SV("YOUSSEF arrive demain")};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &named, &made)));
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &named, &made)));
    struct guarded_name *names;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, guarded_names(c, &names, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(names[0].name, "Yousséf Al-Masri"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, guarded_name_drop(c, names[0].id)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, guarded_name_drop(c, names[0].id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &named, &made)));
}

/* SAFE-3: numbers in the person's language at any hour, the person on call alerted, apart from ordinary questions. */
static void the_urgent_path(void **state)
{
    struct town *t = *state;
    struct emergency_number *v;
    struct inbox_counts counts;
    size_t n = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, emergency_numbers(c, t->com, SV("en"), &v, &n)));
    assert_int_equal(3, n);
    assert_true(sv_eq_z(v[0].number, "911"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, moderation_write_text(c, t->com, "numbers", SV("fr"), SV("911"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_write_text(c, t->com, "numbers", SV("fr"), SV("112 = Secours"))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, emergency_numbers(c, t->com, SV("fr"), &v, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(v[0].number, "112") && sv_eq_z(v[0].what, "Secours"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, oncall_set(c, t->com, t->noor, (struct sv){0}))); /* no role here */
    give_role(t, t->noor, ROLE_SUPERVISOR, SCOPE_COMMUNITY, t->com);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, oncall_set(c, t->com, t->noor, SV("some day"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, oncall_set(c, t->com, t->noor, SV("mon-fri 18:00-23:00"))));
    town_time(t, "2026-02-08T03:00-07:00"); /* Sunday night: not her hours, but nobody else is there */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, urgent_alert(c, t->com, SV("Mon mari est parti avec les enfants"))));
    assert_true(town_notice(t, t->noor, "Urgent report in {0}: {1}."));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_count(c, t->com, &counts)));
    assert_int_equal(0, counts.open);
}

/* SAFE-4: whoever is on call is not alerted outside the hours they gave, as long as somebody else is there; a warning
 * carries nobody's name or number. */
static void hours_of_people_on_call_are_kept(void **state)
{
    struct town *t = *state;
    give_role(t, t->noor, ROLE_SUPERVISOR, SCOPE_COMMUNITY, t->com);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, oncall_set(c, t->com, t->noor, SV("mon-fri 18:00-23:00"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, oncall_set(c, t->com, t->mod2, SV("sat-sun 00:00-24:00"))));
    town_time(t, "2026-02-08T03:00-07:00"); /* Sunday */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, urgent_alert(c, t->com, (struct sv){0})));
    assert_true(town_notice(t, t->mod2, "Urgent report in {0}: {1}."));
    assert_false(town_notice(t, t->noor, "Urgent report in {0}: {1}."));
    must_act(t, town_say(t, t->as_badi, "Bêtises", 0).message_id, "disrespect");
    assert_false(sv_has(last_private(t, t->as_badi), "Mona"));
}

/* MOD-8 */
static void an_opportunity_is_a_private_message_until_a_post_is_made_of_it(void **state)
{
    struct town *t = *state;
    struct inbox_counts n;
    int64_t item = 0, second = 0;
    size_t done = 0;
    town_as(t, t->as_noor);
    assert_int_not_equal(PW_OK, CTX_ACT(&t->f, opportunity_send(c, t->com, SV("Un emploi"), &item)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, opportunity_send(c, t->com, (struct sv){0}, &item)));
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, opportunity_send(c, t->com, SV("Qui veut être cuisinier chez nous ?"), &item)));
    assert_true(sv_has(last_private(t, t->as_amal), "cuisinier"));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_count(c, t->com, &n)));
    assert_int_equal(0, n.open); /* an offer is no question, whatever its words */
    struct mod_item it = {0};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_item(c, item, &it)));
    int64_t message = it.message_id;
    assert_true(message != 0);
    /* a post is made of it, somewhere else: the offer is decided */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, note_fact(c, "post.suggested", "message", message, t->com, (struct sv){0})));
    for (int i = 0; i < 5; i++)
        assert_int_equal(PW_OK, work_run_once(t->work, t->f.now_ms, &done));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_item(c, item, &it)));
    assert_int_equal(ITEM_GRANTED, it.state);
    /* or it is declined, with a reason that is told */
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, opportunity_send(c, t->com, SV("Achetez mes tapis"), &second)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, opportunity_decline(c, second, (struct sv){0})));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, opportunity_decline(c, second, SV("Pas de vente ici"))));
    assert_true(town_notice(t, t->badi, "What you offered was not published in {0}: {1}"));
}

/* MOD-12, A-36: an administrator acts too; members and strangers do not. */
static void who_may_act(void **state)
{
    struct town *t = *state;
    int64_t id = 0;
    ladder(t, "off-topic", "admin-delete");
    int64_t m = town_say(t, t->as_amal, "Hors sujet", 0).message_id;
    assert_int_equal(PW_DENIED, act(t, t->as_badi, m, "off-topic", 0, &id));
    assert_int_equal(PW_NOT_FOUND, act(t, t->as_noor, m, "off-topic", 0, &id));
    assert_int_equal(PW_OK, act(t, t->as_admin, m, "off-topic", 0, &id));
    assert_int_equal(HIDDEN, message_of(t, m).state);
    town_as(t, t->as_badi);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, moderation_undo(c, id)));
    struct mod_action *v;
    size_t n = 0;
    assert_int_equal(PW_DENIED, CTX_LOOK(&t->f, moderation_log(c, t->com, 0, 0, 50, &v, &n)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_log(c, t->com, 0, 0, 50, &v, &n)));
    assert_int_equal(1, n);
    town_as(t, t->as_admin);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, moderation_set_ladder(c, t->com, SV("self-harm"), SV("toolkit"))));
}

/* CONF-2: what was set up goes into the design and comes back. */
static void the_design_as_text(void **state)
{
    struct town *t = *state;
    struct buf b;
    bool known = false;
    struct ladder_of l;
    ladder(t, "off-topic", "r613-offtopic");
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_write_ladder(c, t->com, SV("illegal"), SV("delete\nremove"))));
    buf_init(&b, 64 * 1024);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_text_write(c, t->com, &b)));
    assert_true(sv_has(buf_sv(&b), "ladder.off-topic = r613-offtopic\n"));
    assert_true(sv_has(buf_sv(&b), "ladder.illegal =\n  delete\n  remove\n"));
    buf_finish(&b);
    assert_int_equal(
        PW_OK, CTX_ACT(&t->f, moderation_text_read(c, t->com, SV("ladder.disrespect"), SV("admin-delete"), &known)));
    assert_true(known);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_ladder_of(c, t->com, SV("disrespect"), &l)));
    assert_true(sv_eq_z(l.name, "admin-delete"));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_text_read(c, t->com, SV("colour"), SV("blue"), &known)));
    assert_false(known);
    assert_int_equal(PW_INVALID,
                     CTX_ACT(&t->f, moderation_text_read(c, t->com, SV("strike_days"), SV("many"), &known)));
}

/* Two moderators see the same message, or one presses twice: one breach is one strike. */
static void one_breach_is_one_strike(void **state)
{
    struct town *t = *state;
    int64_t id = 0, words = town_say(t, t->as_amal, "Vous êtes tous nuls", 0).message_id;
    int64_t first = must_act(t, words, "disrespect");
    assert_int_equal(PW_CONFLICT, act(t, t->as_mod2, words, "disrespect", 0, &id));
    assert_int_equal(PW_CONFLICT, act(t, t->as_mod, words, "offensive", 0, &id));
    town_as(t, t->as_mod2);
    assert_true(propose(t, words, "disrespect").standing == first);
    assert_int_equal(1, propose(t, words, "disrespect").weight);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_undo(c, first)));
    assert_int_equal(PW_OK, act(t, t->as_mod2, words, "offensive", 0, &id));
}

/* MOD-11: a moderator who appeals reads neither the item nor what others note about it. */
static void who_appeals_does_not_sit_at_the_table(void **state)
{
    struct town *t = *state;
    struct mod_item it, *v;
    size_t n = 0;
    int64_t item = 0;
    ladder(t, "disrespect", "admin-delete");
    int64_t action = must_act(t, town_say(t, t->as_mod2, "Taisez-vous", 0).message_id, "disrespect");
    town_as(t, t->as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, appeal_send(c, t->com, action, SV("C'était juste"), &item)));
    struct review_filter all = {.kind = -1};
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, review_list(c, &all, &v, &n)));
    assert_int_equal(0, n);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, moderation_item(c, item, &it)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, moderation_item_note(c, item, SV("Je note"))));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_item(c, item, &it)));
}

/* MOD-6: one volunteer runs the community alone. The appeal goes to the network: somebody else always decides. */
static void an_appeal_never_waits_for_nobody(void **state)
{
    struct town *t = *state;
    int64_t item = 0;
    lose_roles(t, t->mod2);
    lose_roles(t, t->admin);
    give_role(t, t->mod, ROLE_TECH_ADMIN, SCOPE_COMMUNITY, t->com);
    give_role(t, t->noor, ROLE_NETWORK_ADMIN, SCOPE_NETWORK, 0);
    int64_t action = must_act(t, town_say(t, t->as_amal, "Nuls", 0).message_id, "disrespect");
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, appeal_send(c, t->com, action, SV("Pardon"), &item)));
    assert_false(town_notice(t, t->mod, "Somebody appeals against a decision in {0}."));
    assert_true(town_notice(t, t->noor, "Somebody appeals against a decision in {0}."));
}

/* SAFE-3: who left the team is not alerted, and does not stand in the way of those who are there. */
static void who_left_the_team_is_on_call_no_more(void **state)
{
    struct town *t = *state;
    give_role(t, t->noor, ROLE_SUPERVISOR, SCOPE_COMMUNITY, t->com);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, oncall_set(c, t->com, t->noor, (struct sv){0})));
    lose_roles(t, t->noor);
    give_role(t, t->mod, ROLE_TECH_ADMIN, SCOPE_COMMUNITY, t->com);
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, urgent_alert(c, t->com, SV("Vite"))));
    assert_false(town_notice(t, t->noor, "Urgent report in {0}: {1}."));
    assert_int_equal(1, town_notices(t, t->mod, "Urgent report in {0}: {1}.")); /* moderator and owner: told once */
    assert_int_equal(1, town_notices(t, t->admin, "Urgent report in {0}: {1}."));
}

/* Two records that were one person: what was decided about one of them stands. */
static void strikes_and_blocks_follow_a_merged_person(void **state)
{
    struct town *t = *state;
    int64_t id = 0, merge = 0, words = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_write_ladder(c, t->com, SV("violence"), SV("remove block"))));
    must_act(t, town_say(t, t->as_badi, "Bof", 0).message_id, "disrespect");
    int64_t blocked = must_act(t, town_say(t, t->as_badi, "Menace", 0).message_id, "violence");
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_merge(c, t->noor, t->badi, &merge)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, memberships_merge(c, t->noor, t->badi, merge)));
    struct join_new j = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("ar")};
    town_as(t, t->as_noor);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, join_request_send(c, &j, &id)));
    assert_non_null(problem_of(&t->f.problems, "removed"));
    struct mod_action *mine;
    size_t n = 0;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_mine(c, t->com, &mine, &n)));
    assert_int_equal(2, n);
    town_as(t, t->as_mod2); /* taken back, the person is a member again, as they are known now */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_undo(c, blocked)));
    assert_int_equal(MEMBER_ACTIVE, state_of(t, t->noor));
    words = town_say(t, t->as_noor, "Encore", 0).message_id;
    town_as(t, t->as_mod);
    assert_int_equal(1, propose(t, words, "disrespect").weight);
}

static enum pw_err count_in(struct ctx *c, size_t bytes, struct review_counts *ret)
{
    struct arena small;
    struct ctx own = *c;
    arena_init(&small, bytes);
    own.arena = &small;
    enum pw_err e = review_count(&own, 0, ret);
    arena_finish(&small);
    return e;
}

/* The list of a network with many communities takes no more memory than what stands in it. */
static void a_network_of_many_communities(void **state)
{
    struct town *t = *state;
    struct review_counts counts;
    struct mod_item *v;
    size_t n = 0;
    int64_t id = 0, com = 0;
    for (int i = 0; i < 40; i++) {
        char slug[16];
        (void)snprintf(slug, sizeof slug, "quartier-%d", i);
        struct community_edit e = {.slug = sv_of(slug),
                                   .territory = SV("Calgary"),
                                   .languages = SV("fr"),
                                   .zone = SV("America/Edmonton"),
                                   .hours = SV("mon-fri 09:00-17:00"),
                                   .calendar = SV("CA-AB"),
                                   .media = SV("voice"),
                                   .mode = SV("interactive"),
                                   .visibility = SV("listed"),
                                   .moderation = SV("full"),
                                   .clock_mode = SV("deferred"),
                                   .owner_org = t->org,
                                   .standard_hours = 24};
        struct community_words w = {.lang = SV("fr"), .name = sv_of(slug), .purpose = SV("Aider")};
        town_as(t, &actor_system);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, community_create(c, &e, &w, &com)));
    }
    int64_t first = town_say(t, t->as_badi, "Un", 0).message_id, second = town_say(t, t->as_badi, "Deux", 0).message_id;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, report_send(c, t->com, first, SV("disrespect"), (struct sv){0}, &id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, report_send(c, t->com, second, SV("harassment"), (struct sv){0}, &id)));
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, count_in(c, 512 << 10, &counts)));
    assert_int_equal(2, counts.open);
    assert_int_equal(1, counts.urgent);
    struct review_filter one = {.kind = -1, .limit = 1}, none = {.kind = ITEM_APPEAL};
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, review_list(c, &one, &v, &n)));
    assert_int_equal(1, n); /* the best of them, with its words */
    assert_true(v[0].id == id && sv_eq_z(v[0].category, "harassment"));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, review_list(c, &none, &v, &n)));
    assert_int_equal(0, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_warnings_then_removal_is_proposed, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(an_off_topic_post, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(undoing_restores_what_it_caused, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(strikes_expire_and_the_ladder_begins_again, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(reports_on_a_sunday, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(a_conflict_is_hidden_from_the_moderator_it_is_about, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(an_appeal_is_decided_by_somebody_else, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(a_removed_person_asks_to_come_back, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(personal_words_warn_first, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(the_urgent_path, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(hours_of_people_on_call_are_kept, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(an_opportunity_is_a_private_message_until_a_post_is_made_of_it, set_up,
                                        town_tear_down),
        cmocka_unit_test_setup_teardown(who_may_act, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(a_network_of_many_communities, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(one_breach_is_one_strike, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(who_appeals_does_not_sit_at_the_table, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(an_appeal_never_waits_for_nobody, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(who_left_the_team_is_on_call_no_more, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(strikes_and_blocks_follow_a_merged_person, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(the_design_as_text, set_up, town_tear_down),
    };
    return cmocka_run_group_tests_name("moderation-actions", tests, NULL, NULL);
}
