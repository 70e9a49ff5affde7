/* SPDX-License-Identifier: EUPL-1.2 */
/* What comes in through a channel, and what goes out to it. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "channel/file.h"
#include "channel/registry.h"
#include "core/people.h"
#include "unit/community/town.h"

enum { CHANNEL = 4711 };
#define GROUP SV("-100")
#define NOBODYS SV("-999")

static const struct channel telegram = {.id = CHANNEL, .name = {"tg", 2}, .driver = &telegram_driver, .enabled = true};

static int with_group(void **state)
{
    (void)town_set_up(state);
    (void)town_telegram(*state, "-100");
    return 0;
}

static void hear(struct town *t, struct chan_event e)
{
    struct chan_receiver r = community_receiver();
    struct chan_events *all = arena_new(&t->f.arena, struct chan_events);
    static int64_t minted;
    if (!e.provider_id.n)
        e.provider_id = arena_fmt(&t->f.arena, "update:%lld", (long long)++minted);
    all->v[0] = e;
    all->n = 1;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, channel_receive(c, &telegram, &r, all)));
}

static struct chan_event said(const char *user, const char *name, const char *words)
{
    return (struct chan_event){.kind = CHAN_MESSAGE,
                               .chat = GROUP,
                               .user = sv_of(user),
                               .user_name = sv_of(name),
                               .user_lang = SV("ar"),
                               .text = sv_of(words)};
}

static size_t open_questions(struct town *t, struct question **ret)
{
    struct inbox_filter f = {.state = -1};
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, ret, &n)));
    return n;
}

/* MSG-11, channels.md §6: ten times the same delivery counts once */
static void a_group_question_is_counted_once(void **state)
{
    struct town *t = *state;
    struct question *q;
    struct chan_event e = said("501", "Huda", "أين المدرسة؟");
    e.provider_id = SV("update:a");
    e.message_id = SV("10");
    e.at_ms = t->f.now_ms - 5000;
    for (int i = 0; i < 10; i++)
        hear(t, e);
    assert_int_equal(1, open_questions(t, &q));
    assert_true(sv_eq_z(q[0].text, "أين المدرسة؟"));
    assert_true(sv_eq_z(q[0].author_name, "Huda"));
    assert_true(sv_eq_z(q[0].channel_kind, "telegram"));
    assert_true(sv_eq_z(q[0].lang, "ar"));
    assert_int_equal(e.at_ms, q[0].received_ms);
    /* another member answers under it */
    struct chan_event r = said("502", "Omar", "في شارع المدرسة");
    r.message_id = SV("11");
    r.reply_to = SV("10");
    hear(t, r);
    struct answer *a;
    assert_int_equal(1, town_answers(t, q[0].id, &a));
    assert_int_equal(VER_PENDING, a[0].verification);
    /* the moderator's answer goes to the group, under the question */
    struct answer_new n = {.text = SV("Rue 5."), .source = SV("calgary.ca"), .checked_on = SV("2026-02-02")};
    struct answer_made made;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, q[0].id, &n, &made)));
    struct chan_send out[20];
    size_t k = town_outbox(t, out, 20);
    assert_true(k >= 1);
    assert_int_equal(OP_TEXT, out[k - 1].op);
    assert_true(sv_eq(out[k - 1].chat, GROUP));
    assert_true(sv_eq_z(out[k - 1].reply_to, "10"));
    assert_true(sv_has(out[k - 1].text, "Rue 5."));
    assert_true(sv_has(out[k - 1].text, "calgary.ca"));
}

static void other_groups_and_odd_events_leave_no_trace(void **state)
{
    struct town *t = *state;
    struct question *q;
    struct chan_event e = said("501", "Huda", "هل؟");
    e.chat = NOBODYS;
    hear(t, e);
    e = said("501", "Huda", "");
    hear(t, e); /* nothing said: dropped, not failed */
    e = said("501", "Huda\x01\xff", "bad \xff bytes?");
    hear(t, e);
    e = (struct chan_event){.kind = CHAN_LEFT, .chat = GROUP, .user = SV("777")};
    hear(t, e);
    e = (struct chan_event){.kind = CHAN_BLOCKED, .user = SV("778")};
    hear(t, e);
    e = (struct chan_event){.kind = CHAN_BUTTON, .user = SV("501"), .token = SV("join:accept:1"), .private_chat = true};
    hear(t, e);
    assert_int_equal(0, open_questions(t, &q));
}

/* MSG-12: privately to the bot; /ask in the group */
static void private_words_reach_the_moderators(void **state)
{
    struct town *t = *state;
    struct question *q;
    struct chan_event e = said("501", "Huda", "السلام عليكم");
    e.message_id = SV("1");
    hear(t, e);
    assert_int_equal(0, open_questions(t, &q)); /* a greeting */
    e = said("501", "Huda", "/ask@our_bot Quel bus va à l’école");
    e.message_id = SV("2");
    hear(t, e);
    assert_int_equal(1, open_questions(t, &q));
    assert_true(sv_eq_z(q[0].text, "Quel bus va à l’école"));
    e = said("501", "Huda", "J’ai un problème avec mon propriétaire depuis trois mois");
    e.private_chat = true;
    e.chat = SV("501");
    e.message_id = SV("3");
    hear(t, e);
    assert_int_equal(2, open_questions(t, &q));
    int64_t private_id = q[1].thread_id ? q[1].id : q[0].id;
    assert_true(town_question(t, private_id).thread_id > 0);
    struct answer_new n = {.text = SV("Appelez-nous.")};
    struct answer_made made;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, private_id, &n, &made)));
    struct chan_send out[20];
    size_t k = town_outbox(t, out, 20);
    assert_true(sv_eq_z(out[k - 1].chat, "501")); /* to the person, not to the group */
    assert_true(sv_eq_z(out[k - 1].text, "Appelez-nous."));
    e.text = SV("merci !");
    e.message_id = SV("4");
    hear(t, e);
    assert_int_equal(1, open_questions(t, &q)); /* thanks are no new question */
    e.text = SV("ARRÊT");
    e.message_id = SV("5");
    hear(t, e);
    struct membership *m;
    size_t n_m;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_list(c, t->com, MEMBER_LEFT, 0, 0, 10, &m, &n_m)));
    assert_int_equal(1, n_m);
}

/* MSG-6, MSG-7, MSG-8 by Telegram */
static void joining_happens_in_a_private_chat(void **state)
{
    struct town *t = *state;
    int64_t q = 0;
    struct join_request *j;
    struct chan_send out[30];
    size_t n, k;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK,
                     CTX_ACT(&t->f, screening_write(c, t->com, 0, 1, true, SV("fr"), SV("Où habitez-vous ?"), &q)));
    hear(t, (struct chan_event){.kind = CHAN_JOIN_REQUEST,
                                .chat = GROUP,
                                .user = SV("601"),
                                .user_chat = SV("601"),
                                .user_name = SV("Samir"),
                                .user_lang = SV("fr")});
    k = town_outbox(t, out, 30);
    assert_int_equal(1, k);
    assert_true(sv_has(out[0].text, "Soyons polis."));
    assert_int_equal(1, out[0].n_buttons);
    struct chan_event press = {.kind = CHAN_BUTTON,
                               .private_chat = true,
                               .chat = SV("601"),
                               .user = SV("601"),
                               .token = SV("join:accept:999")};
    hear(t, press); /* a version that was not shown: shown again */
    press.token = out[0].buttons[1];
    hear(t, press);
    k = town_outbox(t, out, 30);
    assert_true(sv_eq_z(out[k - 1].text, "Où habitez-vous ?"));
    struct chan_event e = said("601", "Samir", "À Calgary");
    e.private_chat = true;
    e.chat = SV("601");
    hear(t, e);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, join_list(c, t->com, 10, &j, &n)));
    assert_int_equal(1, n);
    assert_int_equal(t->guidelines, j[0].guidelines_version);
    struct join_request full;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_get(c, j[0].id, &full)));
    assert_int_equal(1, full.n_answers);
    assert_true(sv_eq_z(full.answers[0].answer, "À Calgary"));
    enum membership_state s;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, j[0].id, &s)));
    k = town_outbox(t, out, 30);
    bool approved = false, welcomed = false, told = false;
    for (size_t i = 0; i < k; i++) {
        approved |= out[i].op == OP_APPROVE_JOIN && sv_eq_z(out[i].user, "601");
        welcomed |= sv_has(out[i].text, "Posez vos questions ici.") && sv_eq_z(out[i].chat, "601");
        told |= sv_has(out[i].text, "You are now a member of Bienvenue.");
    }
    assert_true(approved && welcomed && told);
}

/* A-28 on the platform: the message is deleted there */
static void a_moved_question_is_deleted_in_the_group(void **state)
{
    struct town *t = *state;
    struct question *q;
    struct chan_event e = said("501", "Huda", "Mon numéro est 403 555 0100, dossier 77 ?");
    e.message_id = SV("10");
    hear(t, e);
    assert_int_equal(1, open_questions(t, &q));
    int64_t thread = 0;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_move_private(c, q[0].id, &thread)));
    struct chan_send out[20];
    size_t k = town_outbox(t, out, 20);
    bool deleted = false, notice = false;
    for (size_t i = 0; i < k; i++) {
        deleted |= out[i].op == OP_DELETE && sv_eq_z(out[i].message_id, "10") && sv_eq(out[i].chat, GROUP);
        notice |= sv_eq(out[i].chat, GROUP) && sv_eq_z(out[i].text, "Answered privately.");
        assert_false(sv_has(out[i].text, "403 555"));
    }
    assert_true(deleted && notice);
}

static void a_moved_chat_keeps_its_community(void **state)
{
    struct town *t = *state;
    struct question *q;
    hear(t, (struct chan_event){.kind = CHAN_MIGRATED, .chat = GROUP, .new_chat = SV("-200")});
    struct chan_event e = said("501", "Huda", "Ouvert ?");
    e.chat = SV("-200");
    hear(t, e);
    assert_int_equal(1, open_questions(t, &q));
}

static enum membership_state state_by_user(struct town *t, const char *user)
{
    struct identity who;
    struct membership m;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, identity_find(c, CHANNEL, sv_of(user), &who)));
    enum pw_err e = CTX_LOOK(&t->f, membership_of(c, t->com, who.person_id, &m));
    return e == PW_OK ? m.state : MEMBER_NONE;
}

/* MSG-10: the limit of a group in an app is data; who comes beyond it waits, and comes in when there is room. */
static void a_full_group_lets_wait(void **state)
{
    struct town *t = *state;
    struct community_channel *places;
    size_t n;
    int64_t admitted = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_channels(c, t->com, &places, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_limit_channel(c, places[0].id, -1, SV(""), &admitted)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_limit_channel(c, places[0].id, 1, SV("2020: 256"), &admitted)));
    hear(t, said("501", "Huda", "salut"));
    hear(t, said("502", "Rami", "salut"));
    assert_int_equal(MEMBER_ACTIVE, state_by_user(t, "501"));
    assert_int_equal(MEMBER_WAITING, state_by_user(t, "502"));
    assert_int_equal(MEMBER_ACTIVE, town_join(t, t->as_amal, t->amal)); /* the web has room */
    t->f.now_ms += 1000;
    hear(t, said("503", "Lina", "salut"));
    assert_int_equal(MEMBER_WAITING, state_by_user(t, "503"));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_limit_channel(c, places[0].id, 2, SV("2026: 512"), &admitted)));
    assert_int_equal(1, admitted);
    assert_int_equal(MEMBER_ACTIVE, state_by_user(t, "502"));
    hear(t, (struct chan_event){.kind = CHAN_LEFT, .chat = GROUP, .user = SV("501")});
    assert_int_equal(MEMBER_ACTIVE, state_by_user(t, "503"));
}

/* EQ-3: an app that carries files, and a person with little data */
static void limited_data_means_text_and_links(void **state)
{
    struct town *t = *state;
    struct question *q;
    struct membership m;
    struct chan_event e = said("501", "Huda", "Pouvez-vous m’envoyer le formulaire de l’école ?");
    e.message_id = SV("1");
    hear(t, e); /* a member by presence */
    e.private_chat = true;
    e.chat = SV("501");
    for (int i = 0; i < 2; i++) {
        e.message_id = i ? SV("3") : SV("2");
        e.text = i ? SV("/ask Et la carte ?") : SV("/ask Où est le formulaire ?");
        hear(t, e);
        size_t n = open_questions(t, &q);
        int64_t id = 0, file = 0;
        for (size_t k = 0; k < n; k++)
            if (q[k].thread_id)
                id = q[k].id;
        assert_true(id != 0);
        char bytes[5000] = {0};
        struct sv body = {bytes, sizeof bytes};
        assert_int_equal(PW_OK,
                         CTX_ACT(&t->f, file_put(c, 0, FILE_IMAGE, SV("f.png"), SV("image/png"), 0, body, &file)));
        struct answer_new a = {.text = SV("Le voici"), .kind = MSG_IMAGE, .file_id = file, .urgent = true};
        struct answer_made made;
        town_as(t, t->as_mod);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, id, &a, &made)));
        struct chan_send out[30];
        size_t k = town_outbox(t, out, 30);
        assert_true(sv_eq_z(out[k - 1].chat, "501"));
        assert_int_equal(i ? OP_TEXT : OP_FILE, out[k - 1].op);
        assert_int_equal(i != 0, sv_has(out[k - 1].text, "Picture, 5 KB: https://example.org/messages/"));
        struct membership *v;
        size_t n_v;
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_list(c, t->com, MEMBER_ACTIVE, 0, 0, 10, &v, &n_v)));
        assert_int_equal(1, n_v);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_set_limited(c, t->com, v[0].person_id, true)));
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, v[0].person_id, &m)));
        assert_true(m.limited_data);
        town_as(t, t->as_amal);
        assert_int_not_equal(PW_OK, CTX_ACT(&t->f, membership_set_limited(c, t->com, v[0].person_id, false)));
    }
}

/* Whoever writes in the group of a community that is not open becomes no member and is told nothing. */
static void nobody_enters_what_is_not_open(void **state)
{
    struct town *t = *state;
    struct chan_send out[5];
    struct membership *v;
    size_t n;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_status(c, t->com, SV("winding-down"), SV("moved"))));
    struct chan_event e = said("501", "Huda", "أين المدرسة؟");
    e.message_id = SV("1");
    hear(t, e); /* still taken: the question would be lost */
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_list(c, t->com, MEMBER_ACTIVE, 0, 0, 10, &v, &n)));
    assert_int_equal(1, n);
    size_t before = town_outbox(t, out, 5);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_status(c, t->com, SV("archived"), SV("moved"))));
    e = said("502", "Omar", "مرحبا");
    e.message_id = SV("2");
    hear(t, e);
    hear(t, (struct chan_event){.kind = CHAN_JOINED, .chat = GROUP, .user = SV("503"), .user_name = SV("Nour")});
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_list(c, t->com, MEMBER_ACTIVE, 0, 0, 10, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(before, town_outbox(t, out, 5));
}

/* Who asks while nobody is admitted any more is not told that the request was sent. */
static void a_talk_that_comes_too_late_says_so(void **state)
{
    struct town *t = *state;
    struct chan_send out[20];
    struct chan_event e = {.kind = CHAN_MESSAGE,
                           .private_chat = true,
                           .chat = SV("501"),
                           .user = SV("501"),
                           .user_name = SV("Huda"),
                           .user_lang = SV("fr"),
                           .text = SV("Bonjour")};
    hear(t, e);
    size_t n = town_outbox(t, out, 20);
    assert_true(n && out[n - 1].n_buttons == 1);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_status(c, t->com, SV("read-only"), SV("moved"))));
    e.kind = CHAN_BUTTON;
    e.token = out[n - 1].buttons[1];
    hear(t, e);
    n = town_outbox(t, out, 20);
    assert_true(sv_eq_z(out[n - 1].text, "Bienvenue takes no new members now."));
    e = (struct chan_event){.kind = CHAN_MESSAGE,
                            .private_chat = true,
                            .chat = SV("502"),
                            .user = SV("502"),
                            .user_lang = SV("fr"),
                            .text = SV("Bonjour")};
    for (int i = 0; i < 2; i++)
        hear(t, e); /* a stranger hears it once a day */
    size_t after = town_outbox(t, out, 20);
    assert_int_equal(n + 1, after);
    assert_true(sv_eq_z(out[after - 1].chat, "502"));
    assert_true(sv_eq_z(out[after - 1].text, "Bienvenue takes no new members now."));
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, with_group, town_tear_down)
        T(a_group_question_is_counted_once),
        T(other_groups_and_odd_events_leave_no_trace),
        T(private_words_reach_the_moderators),
        T(joining_happens_in_a_private_chat),
        T(a_moved_question_is_deleted_in_the_group),
        T(a_moved_chat_keeps_its_community),
        T(a_full_group_lets_wait),
        T(limited_data_means_text_and_links),
        T(nobody_enters_what_is_not_open),
        T(a_talk_that_comes_too_late_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
