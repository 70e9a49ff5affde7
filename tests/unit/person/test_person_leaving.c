/* SPDX-License-Identifier: EUPL-1.2 */
/* Two records of one person put together and parted again (PPL-2); a person's file and the end of a record (CNS-8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "channel/registry.h"
#include "core/notify.h"
#include "feature/person/person_room.h"
#include "lib/keptword.h"
#include "unit/community/town.h"

static int set_up(void **state)
{
    struct town *t = calloc(1, sizeof *t);
    struct town_plan usual = {0};
    town_open(t, &usual);
    ctxfix_migrate(&t->f, person_migrations, person_migrations_n);
    person_register(t->work);
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_amal, t->amal));
    *state = t;
    return 0;
}

static struct membership member(struct town *t, int64_t person)
{
    struct membership m = {0};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, person, &m)));
    return m;
}

static int64_t members(struct town *t)
{
    struct community com;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    return com.active_members;
}

static const struct twin *twin_of(const struct twins *t, int64_t person)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i].p.id == person)
            return &t->v[i];
    return NULL;
}

/* PPL-2 */
static void the_same_name_in_other_letters_is_found(void **state)
{
    struct town *t = *state;
    struct twins found;
    int64_t twin = ctxfix_person(&t->f, " ÁMAL"), far = ctxfix_person(&t->f, "Amal");
    const struct actor *as_twin = ctxfix_member(&t->f, twin);
    town_join(t, as_twin, twin);
    town_join(t, t->as_badi, t->badi);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_find(c, t->amal, &found)));
    assert_int_equal(1, found.n);
    assert_true(twin_of(&found, twin)->same_name && !twin_of(&found, twin)->same_number);
    assert_true(twin_of(&found, twin)->may_merge);
    assert_null(twin_of(&found, far)); /* in none of our communities: not ours to know */
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_find(c, t->amal, &found)));
    assert_false(twin_of(&found, twin)->may_merge); /* moderators do not administer */
    town_as(t, t->as_badi);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, twins_find(c, t->amal, &found)));
}

static void identity(struct town *t, int64_t channel, const char *user, int64_t *ret_person)
{
    struct person_new n = {.display_name = SV("Numéro"), .lang = SV("fr")};
    struct identity id;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, identity_ensure(c, channel, sv_of(user), &n, &id)));
    *ret_person = id.person_id;
}

/* A telephone by hand: its users are numbers. */
static int64_t telephone(struct town *t)
{
    json_t *config = json_pack("{s:s}", "app", "phone");
    int64_t id = 0;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, channel_add(c, SV("phone"), SV("assisted"), config, &id)));
    json_decref(config);
    return id;
}

/* PPL-2: "SMS: one number written with and without + is two people". */
static void the_same_number_written_another_way_is_found(void **state)
{
    struct town *t = *state;
    struct twins found;
    int64_t channel = telephone(t), plus, plain, short_one, other;
    identity(t, channel, "+16135550142", &plus);
    identity(t, channel, "16135550142", &plain);
    identity(t, channel, "6135550142", &short_one);
    identity(t, channel, "+16135550143", &other);
    const int64_t all[] = {plus, plain, short_one, other};
    for (size_t i = 0; i < 4; i++)
        town_join(t, ctxfix_member(&t->f, all[i]), all[i]);
    struct person_new rename = {.display_name = SV("Quelqu’un d’autre"), .lang = SV("fr")};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_set(c, plain, &rename)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_find(c, plus, &found)));
    assert_non_null(twin_of(&found, plain));
    assert_true(twin_of(&found, plain)->same_number && !twin_of(&found, plain)->same_name);
    assert_true(twin_of(&found, short_one)->same_number && twin_of(&found, short_one)->same_name);
    assert_true(twin_of(&found, other)->same_name && !twin_of(&found, other)->same_number);
}

/* PPL-2 */
static void a_merge_brings_everything_together_and_is_taken_back(void **state)
{
    struct town *t = *state;
    town_join(t, t->as_badi, t->badi);
    int64_t question = town_ask(t, t->as_badi, "Où est l’école?"), id;
    struct level_new level = {.scale = SV("nclc"), .skill = SV("reading"), .level = 5, .self = true};
    struct language_level *levels;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, level_note(c, t->badi, &level, &id)));
    assert_int_equal(2, members(t));

    town_as(t, t->as_mod);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, twins_merge(c, t->amal, t->badi)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, twins_merge(c, t->amal, t->badi)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, twins_part(c, t->amal)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_merge(c, t->amal, t->badi)));
    assert_int_equal(1, members(t)); /* one person, one membership */
    assert_int_equal(MEMBER_ACTIVE, member(t, t->amal).state);
    assert_true(town_question(t, question).author == t->amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_levels(c, t->amal, &levels, &n)));
    assert_int_equal(1, n);
    struct person p;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_need(c, t->badi, &p)));
    assert_true(p.id == t->amal); /* the old address leads to the kept record */
    town_as(t, t->as_admin);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, twins_merge(c, t->amal, t->badi)));

    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_part(c, t->amal)));
    assert_int_equal(2, members(t));
    assert_int_equal(MEMBER_ACTIVE, member(t, t->badi).state);
    assert_true(town_question(t, question).author == t->badi);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_levels(c, t->amal, &levels, &n)));
    assert_int_equal(0, n);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_levels(c, t->badi, &levels, &n)));
    assert_int_equal(5, levels[0].level);
}

/* The kept record had left, the other one is a member: the member stays one. */
static void the_membership_that_counts_goes_with_the_kept_record(void **state)
{
    struct town *t = *state;
    town_join(t, t->as_badi, t->badi);
    int64_t was = member(t, t->badi).id;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_leave(c, t->com, 0)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_merge(c, t->amal, t->badi)));
    assert_int_equal(MEMBER_ACTIVE, member(t, t->amal).state);
    assert_true(member(t, t->amal).id == was);
    assert_int_equal(1, members(t));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_part(c, t->amal)));
    assert_int_equal(MEMBER_LEFT, member(t, t->amal).state);
    assert_true(member(t, t->badi).id == was && member(t, t->badi).state == MEMBER_ACTIVE);
}

/* Roles would move with the record: nobody becomes an administrator that way. */
static void records_of_staff_are_merged_by_the_administrator_only(void **state)
{
    struct town *t = *state;
    struct join_new n = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("fr")};
    struct grant host = {.person_id = t->mod2, .role = ROLE_NETWORK_ADMIN, .scope = SCOPE_NETWORK};
    int64_t id;
    town_as(t, ctxfix_member(&t->f, t->mod));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, twins_merge(c, t->amal, t->mod)));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, twins_merge(c, t->mod, t->amal)));
    town_as(t, ctxfix_staff(&t->f, t->mod2, &host, 1));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_merge(c, t->mod, t->amal)));
}

/* ---- CNS-8 ---- */

static const struct actor *officer(struct town *t)
{
    struct grant g = {.person_id = ctxfix_person(&t->f, "Paule"), .role = ROLE_PRIVACY_OFFICER, .scope = SCOPE_NETWORK};
    int64_t id;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, grant_give(c, &g, &id)));
    return ctxfix_staff(&t->f, g.person_id, &g, 1);
}

static void the_file_holds_what_was_said_and_noted(void **state)
{
    struct town *t = *state;
    struct buf out;
    struct message_made made;
    buf_init(&out, 1 << 20);
    town_say(t, t->as_amal, "Bonjour tout le monde", 0);
    struct message_new n = {.community_id = t->com, .text = SV("Un secret"), .to_private = true};
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, lang_note(c, t->amal, SV("ti"), true, false)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, record_file(c, &out)));
    static const char *const parts[] = {
        "Bonjour tout le monde", "Un secret", "Amal", "\"ti\"", "Bienvenue", "\"older_messages_left_out\":false"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!sv_has(buf_sv(&out), parts[i]))
            fail_msg("not in the file: %s", parts[i]);
    buf_finish(&out);
    buf_init(&out, 1 << 20);
    town_as(t, &actor_system);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, record_file(c, &out))); /* nobody's own */
    buf_finish(&out);
}

static void a_request_is_asked_taken_back_and_declined(void **state)
{
    struct town *t = *state;
    const struct actor *paule = officer(t);
    struct erasure e;
    struct person_traces traces;
    int64_t id, second;
    town_as(t, t->as_amal);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, erasure_own(c, &e)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, SV("Je pars"), &id)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, erasure_ask(c, SV("Encore"), &second)));
    assert_true(town_notice(t, paule->person_id, "{0} asks to have everything about them deleted."));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_take_back(c)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, erasure_take_back(c)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, (struct sv){0}, &id)));

    town_as(t, t->as_badi);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, erasure_ask_for(c, t->amal, SV("Pour elle"), &second)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, erasure_ask_for(c, t->amal, (struct sv){0}, &second)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, erasure_ask_for(c, t->amal, SV("Pour elle"), &second)));

    static const char *const who[] = {"moderator", "administrator of the community", "another member"};
    const struct actor *const strangers[] = {t->as_mod, t->as_admin, t->as_badi};
    for (size_t i = 0; i < 3; i++) {
        struct erasure *v;
        size_t n;
        town_as(t, strangers[i]);
        if (CTX_LOOK(&t->f, erasure_list(c, &v, &n)) != PW_NOT_FOUND ||
            CTX_ACT(&t->f, erasure_get(c, id, &e, &traces)) != PW_NOT_FOUND ||
            CTX_ACT(&t->f, erasure_do(c, id, true)) != PW_NOT_FOUND ||
            CTX_ACT(&t->f, erasure_decline(c, id, SV("Non"))) != PW_NOT_FOUND)
            fail_msg("a %s gets through", who[i]);
    }
    town_as(t, paule);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, erasure_decline(c, id, (struct sv){0})));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_decline(c, id, SV("Une loi l’exige"))));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, erasure_do(c, id, true)));
    assert_true(town_notice(t, t->amal, "Your information is not deleted for now. The reason: {0}"));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, erasure_own(c, &e)));
    assert_true(sv_eq_z(e.state, "declined") && sv_eq_z(e.reason, "Une loi l’exige"));
}

static void an_erased_person_leaves_nothing_to_read(void **state)
{
    struct town *t = *state;
    const struct actor *paule = officer(t);
    struct level_new level = {.scale = SV("clb"), .skill = SV("reading"), .level = 5, .self = true};
    struct person_traces traces;
    struct erasure e;
    int64_t id, level_id;
    int64_t question = town_ask(t, t->as_amal, "Une question publique?");
    int64_t said = town_say(t, t->as_amal, "Mon adresse est ici", 0).message_id;
    int64_t staff = town_say(t, t->as_mod, "Réponse du service", 0).message_id;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, level_note(c, t->amal, &level, &level_id)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, SV("Effacez tout"), &id)));
    town_as(t, paule);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_get(c, id, &e, &traces)));
    assert_int_equal(1, traces.memberships);
    assert_int_equal(2, traces.said);
    assert_true(sv_eq_z(e.words, "Effacez tout") && sv_eq_z(e.name, "Amal"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, erasure_do(c, id, false)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_do(c, id, true)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, erasure_do(c, id, true)));

    struct person p;
    struct message m;
    struct language_level *v;
    size_t n;
    assert_int_equal(0, members(t));
    assert_int_equal(MEMBER_LEFT, member(t, t->amal).state);
    assert_int_equal(Q_CLOSED, town_question(t, question).state);
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_get(c, t->amal, &p)));
    assert_true(p.erased_ms && !p.display_name.n);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_as_written(c, said, &m)));
    assert_int_equal(0, m.body.n);
    assert_int_equal(DELETED, m.state);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_as_written(c, staff, &m)));
    assert_true(sv_eq_z(m.body, "Réponse du service"));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, person_levels(c, t->amal, &v, &n))); /* nothing opens any more */
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, person_need(c, t->amal, &p)));
    town_as(t, paule);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_get(c, id, &e, &traces)));
    assert_true(sv_eq_z(e.state, "done") && !e.words.n && !e.name.n);
}

/* PPL-2, CNS-8: asked under two records before they became one: one erasing answers both */
static void requests_of_merged_records_are_one(void **state)
{
    struct town *t = *state;
    const struct actor *paule = officer(t);
    struct erasure *v, e;
    size_t n;
    int64_t first, second, again;
    town_join(t, t->as_badi, t->badi);
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, SV("Sous l’autre nom"), &second)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_merge(c, t->amal, t->badi)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, erasure_own(c, &e)));
    assert_int_equal(second, e.id);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, erasure_ask(c, (struct sv){0}, &again)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_part(c, t->amal)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, (struct sv){0}, &first)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, twins_merge(c, t->amal, t->badi)));
    town_as(t, paule);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_do(c, first, true)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, erasure_list(c, &v, &n)));
    assert_int_equal(2, n);
    for (size_t i = 0; i < n; i++)
        assert_true(sv_eq_z(v[i].state, "done"));
}

/* CNS-8: what others were told about the person names them no more, either */
static void no_table_keeps_the_name(void **state)
{
    struct town *t = *state;
    const struct actor *paule = officer(t);
    struct grant supervisor = {.person_id = t->mod2, .role = ROLE_SUPERVISOR, .scope = SCOPE_ORG, .scope_id = t->org};
    struct person_new named = {.display_name = SV("Zqamal"), .lang = SV("ar")};
    struct disclosure_new d = {
        .what = SV("Adresse"), .recipient = SV("Pompiers"), .basis = SV("emergency"), .reason = SV("Feu")};
    struct notice *v;
    size_t n;
    int64_t id;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, grant_give(c, &supervisor, &id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_set(c, t->amal, &named)));
    town_ask(t, t->as_amal, "Une question publique?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, disclosure_note(c, t->amal, &d, &id)));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, SV("Effacez Zqamal"), &id)));
    assert_true(keptword_place(&t->f, "Zqamal").n > 0);
    town_as(t, paule);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_do(c, id, true)));
    town_time(t, "2026-02-16T10:00-07:00");
    struct sv place = keptword_place(&t->f, "Zqamal");
    if (place.n)
        fail_msg("the name is still in %.*s", SV_ARG(place));
    const int64_t told[] = {paule->person_id, t->mod2};
    for (size_t i = 0; i < 2; i++) { /* what they were told stays, about an erased person */
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, notice_list(c, told[i], 0, 50, &v, &n)));
        size_t about = 0;
        for (size_t k = 0; k < n; k++)
            about += v[k].about == t->amal && !v[k].arg0.n;
        assert_int_equal(1, about);
    }
}

/* Sent words are sealed with the installation's key: they go, too, and what waits does not leave. */
static void sends_to_an_erased_person_are_emptied(void **state)
{
    struct town *t = *state;
    const struct actor *paule = officer(t);
    struct chan_send sends[20];
    int64_t channel = town_telegram(t, "-100"), id, person;
    identity(t, channel, "777", &person);
    struct identity i;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, identity_find(c, channel, SV("777"), &i)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, identity_set_private_chat(c, i.id, SV("777"))));
    struct join_new n = {.community_id = t->com,
                         .guidelines_version = t->guidelines,
                         .lang = SV("fr"),
                         .person_id = person,
                         .channel_id = channel,
                         .channel_kind = SV("telegram"),
                         .user_chat = SV("777"),
                         .provider_user = SV("777")};
    enum membership_state s;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, id, &s)));
    size_t waiting = town_outbox(t, sends, 20), for_person = 0;
    for (size_t k = 0; k < waiting; k++)
        for_person += sv_eq_z(sends[k].chat, "777");
    assert_true(for_person > 0);
    town_as(t, ctxfix_member(&t->f, person));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, (struct sv){0}, &id)));
    town_as(t, paule);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_do(c, id, true)));
    size_t left = town_outbox(t, sends, 20);
    for (size_t k = 0; k < left; k++)
        assert_false(sv_eq_z(sends[k].chat, "777"));
}

/* Who works here is not erased by the way. */
static void staff_are_erased_by_the_administrator_only(void **state)
{
    struct town *t = *state;
    const struct actor *paule = officer(t);
    struct grant host = {.person_id = t->mod2, .role = ROLE_NETWORK_ADMIN, .scope = SCOPE_NETWORK};
    int64_t id;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, (struct sv){0}, &id)));
    town_as(t, paule);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, erasure_do(c, id, true)));
    town_as(t, ctxfix_staff(&t->f, t->mod2, &host, 1));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_do(c, id, true)));
}

static int64_t say_privately(struct town *t, const struct actor *who, const char *words, int64_t *ret_question)
{
    struct message_new n = {.community_id = t->com, .text = sv_of(words), .to_private = true};
    struct message_made made;
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    *ret_question = made.question_id;
    return made.message_id;
}

static size_t written(struct town *t, int64_t message)
{
    struct message m;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_as_written(c, message, &m)));
    return m.body.n;
}

/* CNS-8: retention per type of record, applied by itself, with a report */
static void what_is_over_for_long_is_emptied_every_night(void **state)
{
    struct town *t = *state;
    const struct actor *paule = officer(t);
    struct grant host = {.person_id = t->mod2, .role = ROLE_NETWORK_ADMIN, .scope = SCOPE_NETWORK};
    const struct actor *admin = ctxfix_staff(&t->f, t->mod2, &host, 1);
    const int64_t rules[RETENTION__MAX] = {30, 30, 30, 30}, short_ones[RETENTION__MAX] = {29, 0, 0, 0};
    int64_t due[RETENTION__MAX], question, open, id;
    struct retention v;
    town_join(t, t->as_badi, t->badi);
    int64_t old = say_privately(t, t->as_amal, "Un secret", &question);
    int64_t waits = say_privately(t, t->as_badi, "Une question ouverte", &open);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_close(c, question, SV("done"))));
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_leave(c, t->com, 0)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, exit_answer(c, t->com, (struct sv){0}, SV("Trop de messages"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_ask(c, SV("Tout"), &id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, erasure_take_back(c)));

    town_time(t, "2026-04-01T10:00-06:00"); /* no rule yet: nothing goes */
    assert_true(written(t, old) > 0);
    town_as(t, paule);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, retention_set(c, rules, true, due)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, retention_get(c, &v)));
    assert_false(v.may_change);
    town_as(t, t->as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, retention_get(c, &v)));
    town_as(t, admin);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, retention_set(c, short_ones, true, due)));
    assert_non_null(problem_of(&t->f.problems, "joins"));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, retention_set(c, rules, false, due)));
    assert_non_null(problem_of(&t->f.problems, "sure"));
    assert_int_equal(1, due[RETENTION_EXITS]);
    assert_int_equal(1, due[RETENTION_THREADS]);
    assert_int_equal(1, due[RETENTION_REQUESTS]);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, retention_set(c, rules, true, due)));
    assert_true(written(t, old) > 0); /* not before the night */

    town_time(t, "2026-04-02T10:00-06:00");
    assert_int_equal(0, written(t, old));
    assert_true(written(t, waits) > 0); /* somebody still waits for an answer */
    town_as(t, paule);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, retention_get(c, &v)));
    assert_int_equal(3, v.n_runs); /* the report */
    for (int i = 0; i < RETENTION__MAX; i++) {
        assert_int_equal(30, v.days[i]);
        assert_int_equal(0, v.due[i]);
    }
    town_time(t, "2026-04-03T10:00-06:00");
    town_as(t, paule);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, retention_get(c, &v)));
    assert_int_equal(3, v.n_runs); /* each goes once */
}

static void refused_requests_lose_what_was_answered(void **state)
{
    struct town *t = *state;
    struct grant host = {.person_id = t->mod2, .role = ROLE_NETWORK_ADMIN, .scope = SCOPE_NETWORK};
    const int64_t rules[RETENTION__MAX] = {60, 0, 0, 0};
    int64_t channel = town_telegram(t, "-100"), id, person, due[RETENTION__MAX];
    struct retention v;
    identity(t, channel, "778", &person);
    struct join_new n = {.community_id = t->com,
                         .guidelines_version = t->guidelines,
                         .lang = SV("fr"),
                         .person_id = person,
                         .channel_id = channel,
                         .channel_kind = SV("telegram"),
                         .user_chat = SV("778"),
                         .provider_user = SV("778")};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_refuse(c, id, SV("other"))));
    town_as(t, ctxfix_staff(&t->f, t->mod2, &host, 1));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, retention_set(c, rules, false, due)));
    town_time(t, "2026-05-01T10:00-06:00");
    town_as(t, ctxfix_staff(&t->f, t->mod2, &host, 1));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, retention_get(c, &v)));
    assert_int_equal(1, v.n_runs);
    assert_true(sv_eq_z(v.runs[0].kind, "joins") && v.runs[0].n == 1 && v.runs[0].days == 60);
    assert_int_equal(0, v.due[RETENTION_JOINS]);
}

int main(void)
{
#define WITH_TOWN(f) cmocka_unit_test_setup_teardown(f, set_up, town_tear_down)
    const struct CMUnitTest tests[] = {
        WITH_TOWN(the_same_name_in_other_letters_is_found),
        WITH_TOWN(the_same_number_written_another_way_is_found),
        WITH_TOWN(a_merge_brings_everything_together_and_is_taken_back),
        WITH_TOWN(the_membership_that_counts_goes_with_the_kept_record),
        WITH_TOWN(records_of_staff_are_merged_by_the_administrator_only),
        WITH_TOWN(the_file_holds_what_was_said_and_noted),
        WITH_TOWN(a_request_is_asked_taken_back_and_declined),
        WITH_TOWN(an_erased_person_leaves_nothing_to_read),
        WITH_TOWN(requests_of_merged_records_are_one),
        WITH_TOWN(no_table_keeps_the_name),
        WITH_TOWN(sends_to_an_erased_person_are_emptied),
        WITH_TOWN(staff_are_erased_by_the_administrator_only),
        WITH_TOWN(what_is_over_for_long_is_emptied_every_night),
        WITH_TOWN(refused_requests_lose_what_was_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
