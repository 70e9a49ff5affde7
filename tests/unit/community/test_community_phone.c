/* SPDX-License-Identifier: EUPL-1.2 */
/* A basic telephone: joining by a word, yes instead of a button, STOP, leaving, files as links. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "channel/file.h"
#include "channel/optout.h"
#include "channel/registry.h"
#include "core/people.h"
#include "feature/community/community_kit.h"
#include "feature/community/keyword_store.h"
#include "unit/community/town.h"

enum { CHANNEL = 4711 };
#define HUDA "+14035550101"

static struct channel sms = {.id = CHANNEL, .name = {"sms", 3}, .driver = &kannel_driver, .enabled = true};

static int with_number(void **state)
{
    int64_t place = 0;
    (void)town_set_up(state);
    struct town *t = *state;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_add_channel(c, t->com, CHANNEL, SV("sms-kannel"), SV(""), 0,
                                                                 (struct sv){0}, &place)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, keyword_write(c, t->com, SV("ar"), SV("مساندة"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, keyword_write(c, t->com, SV("fr"), SV("Entraide"))));
    sms.config = json_object();
    return 0;
}

static int without(void **state)
{
    json_decref(sms.config);
    return town_tear_down(state);
}

static void hear(struct town *t, const char *number, const char *words)
{
    static int64_t minted;
    struct chan_receiver r = community_receiver();
    struct chan_events *all = arena_new(&t->f.arena, struct chan_events);
    all->v[0] = (struct chan_event){.kind = CHAN_MESSAGE,
                                    .provider_id = arena_fmt(&t->f.arena, "sms:%lld", (long long)++minted),
                                    .private_chat = true,
                                    .chat = sv_of(number),
                                    .user = sv_of(number),
                                    .text = sv_of(words)};
    all->n = 1;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, channel_receive(c, &sms, &r, all)));
}

/* The last text that waits for a number; empty when there is none. */
static struct chan_send last(struct town *t, const char *number, size_t *ret_n)
{
    static struct chan_send v[100];
    struct chan_send found = {0};
    size_t n = town_outbox(t, v, 100), k = 0;
    for (size_t i = 0; i < n; i++)
        if (sv_eq_z(v[i].chat, number)) {
            found = v[i];
            k++;
        }
    if (ret_n)
        *ret_n = k;
    return found;
}

static bool said(struct town *t, const char *number, const char *part)
{
    return sv_has(last(t, number, NULL).text, part);
}

static size_t count(struct town *t, const char *number)
{
    size_t n;
    (void)last(t, number, &n);
    return n;
}

static int64_t pending(struct town *t)
{
    struct join_request *v;
    size_t n;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, join_list(c, t->com, 10, &v, &n)));
    return n ? v[0].id : 0;
}

static int64_t person_of(struct town *t, const char *number)
{
    struct identity who;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, identity_find(c, CHANNEL, sv_of(number), &who)));
    return who.person_id;
}

static enum membership_state state_of(struct town *t, const char *number, struct membership *ret)
{
    int64_t person = person_of(t, number);
    town_as(t, t->as_admin);
    enum pw_err e = CTX_LOOK(&t->f, membership_of(c, t->com, person, ret));
    return e == PW_OK ? ret->state : MEMBER_NONE;
}

static void joins(struct town *t, const char *number)
{
    enum membership_state s;
    hear(t, number, "مساندة");
    hear(t, number, "نعم");
    int64_t request = pending(t);
    assert_true(request != 0);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, request, &s)));
    assert_int_equal(MEMBER_ACTIVE, s);
}

/* A-69, EQ-1 */
static void a_word_begins_the_talk_in_its_language(void **state)
{
    struct town *t = *state;
    struct membership m;
    hear(t, HUDA, " مساندة. ");
    assert_true(said(t, HUDA, "Reply YES"));
    assert_true(said(t, HUDA, "Soyons polis."));
    hear(t, HUDA, "quoi ?");
    hear(t, HUDA, "quoi ?");
    size_t before = count(t, HUDA);
    assert_int_equal(3, before); /* shown, and shown again twice */
    hear(t, HUDA, "quoi ?");
    assert_int_equal(before, count(t, HUDA)); /* two machines come to an end */
    hear(t, HUDA, "Oui!");
    assert_true(said(t, HUDA, "Thank you"));
    assert_true(pending(t) != 0);
    hear(t, HUDA, "مساندة");
    assert_true(said(t, HUDA, "waits for a moderator"));
    enum membership_state s;
    int64_t request = pending(t);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, request, &s)));
    assert_true(said(t, HUDA, "Posez vos questions ici."));
    assert_int_equal(MEMBER_ACTIVE, state_of(t, HUDA, &m));
    assert_true(sv_eq_z(m.lang, "ar"));
    assert_true(sv_eq_z(m.channel_kind, "sms-kannel"));
    assert_true(m.welcome_message != 0);
    assert_true(sv_eq_z(m.name, "… 0101"));
    hear(t, HUDA, "Entraide: où est l'école ?"); /* the word addresses the community, and is not part of the question */
    struct question *q;
    struct inbox_filter f = {.state = -1};
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &q, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(q[0].text, "où est l'école ?"));
}

static void keywords_are_one_word_and_belong_to_one_community_on_a_channel(void **state)
{
    struct town *t = *state;
    static const char *const wrong[] = {"deux mots", "a", "STOP", "aide", "توقف", "x!", "motbeaucouptroplongpourunmot"};
    town_as(t, t->as_admin);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(PW_INVALID, CTX_ACT(&t->f, keyword_write(c, t->com, SV("fr"), sv_of(wrong[i]))));
    struct community_edit e = {.slug = SV("autre"),
                               .languages = SV("fr"),
                               .zone = SV("America/Toronto"),
                               .calendar = SV("CA-ON"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .moderation = SV("full"),
                               .clock_mode = SV("deferred"),
                               .owner_org = t->org};
    struct community_words w = {.lang = SV("fr"), .name = SV("Autre")};
    int64_t other = 0;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_create(c, &e, &w, &other)));
    /* Reached elsewhere, it may have the same word … */
    struct keyword_clash *clash;
    struct keyword_row *rows;
    int64_t place = 0;
    size_t n_clash, n_rows;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, keyword_write(c, other, SV("fr"), SV("ENTRAIDE"))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, keyword_clashes(c, other, &clash, &n_clash)));
    assert_int_equal(0, n_clash);
    /* … on the same number the word stays with who was there before, and whoever came later is told. */
    t->f.now_ms++;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_add_channel(c, other, CHANNEL, SV("sms-kannel"), SV(""), 0,
                                                                 (struct sv){0}, &place)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, keyword_clashes(c, other, &clash, &n_clash)));
    assert_int_equal(1, n_clash);
    assert_true(sv_eq_z(clash[0].word, "ENTRAIDE") && clash[0].channel_id == CHANNEL && clash[0].owner == t->com);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, keyword_clashes(c, t->com, &clash, &n_clash)));
    assert_int_equal(0, n_clash);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, keyword_rows_of_channel(c, CHANNEL, &rows, &n_rows)));
    assert_int_equal(2, n_rows); /* two words of the first, none of the other */
    for (size_t i = 0; i < n_rows; i++)
        assert_int_equal(t->com, rows[i].k.community_id);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, keyword_write(c, other, SV("fr"), SV("entraide"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, keyword_write(c, other, SV("fr"), SV("autre"))));
    town_as(t, t->as_amal);
    assert_int_not_equal(PW_OK, CTX_ACT(&t->f, keyword_write(c, t->com, SV("fr"), SV("pirate"))));
    struct community_keyword *k;
    size_t n;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, keyword_write(c, t->com, SV("ar"), SV(""))));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, keyword_list(c, t->com, &k, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(k[0].word, "Entraide"));
}

static bool stopped(struct town *t, const char *number)
{
    bool is = false;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, optout_has(c, CHANNEL, sv_of(number), &is)));
    return is;
}

/* channels.md §1 rule 9, EQ-1 */
static void stop_ends_everything_until_start(void **state)
{
    struct town *t = *state;
    struct membership m;
    joins(t, HUDA);
    hear(t, HUDA, "ARRÊT");
    assert_true(stopped(t, HUDA));
    assert_int_equal(MEMBER_LEFT, state_of(t, HUDA, &m));
    assert_true(sv_eq_z(m.end_reason, "on-request"));
    struct chan_send s = last(t, HUDA, NULL);
    assert_true(s.keyword_answer);
    assert_true(sv_has(s.text, "no more messages"));
    size_t n = count(t, HUDA);
    hear(t, HUDA, "stop");
    hear(t, HUDA, "Bonjour ?");
    assert_int_equal(n, count(t, HUDA));
    hear(t, HUDA, "START");
    assert_false(stopped(t, HUDA));
    assert_int_equal(n + 1, count(t, HUDA));
    hear(t, "+14035550102", "aide"); /* a stranger */
    s = last(t, "+14035550102", NULL);
    assert_true(s.keyword_answer && sv_has(s.text, "STOP"));
    hear(t, "+14035550103", "STOP");
    assert_true(stopped(t, "+14035550103"));
    hear(t, "+14035550103", "entraide"); /* asking to join opens it again */
    assert_false(stopped(t, "+14035550103"));
    assert_true(said(t, "+14035550103", "Reply YES"));
}

/* MSG-17, A-30 */
static void please_take_me_off(void **state)
{
    struct town *t = *state;
    struct membership m;
    struct exit_answer *x;
    size_t n;
    joins(t, HUDA);
    hear(t, HUDA, "من فضلكم احذفوني من المجموعة");
    assert_int_equal(MEMBER_LEFT, state_of(t, HUDA, &m));
    assert_true(sv_eq_z(m.end_reason, "on-request"));
    assert_true(town_notice(t, m.person_id, "You have left {0}. You are welcome back at any time."));
    assert_true(said(t, HUDA, "\n2 Too many messages"));
    hear(t, HUDA, "٢");
    assert_true(said(t, HUDA, "Thank you for telling us"));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, exit_list(c, t->com, 0, &x, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(x[0].code, "too-many"));
    town_as(t, t->as_amal);
    assert_int_not_equal(PW_OK, CTX_LOOK(&t->f, exit_list(c, t->com, 0, &x, &n)));
    /* nothing is asked where the community does not wish it */
    joins(t, HUDA);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_asks_exit(c, t->com, false)));
    hear(t, HUDA, "retirez-moi");
    assert_int_equal(MEMBER_LEFT, state_of(t, HUDA, &m));
    assert_true(said(t, HUDA, "You have left"));
}

static void own_words_are_kept_sealed_and_questions_are_not_answers(void **state)
{
    struct town *t = *state;
    struct exit_answer *x;
    size_t n;
    joins(t, HUDA);
    hear(t, HUDA, "unsubscribe me please");
    hear(t, HUDA, "How do I come back?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, exit_list(c, t->com, 0, &x, &n)));
    assert_int_equal(0, n);
    joins(t, HUDA);
    hear(t, HUDA, "unsubscribe me please");
    hear(t, HUDA, "I moved to Halifax");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, exit_list(c, t->com, 0, &x, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(x[0].words, "I moved to Halifax"));
}

/* MSG-17: said in the group, a moderator is shown it and nobody is taken off */
static void in_the_group_it_is_a_suggestion(void **state)
{
    struct town *t = *state;
    struct membership m;
    static const char msgid[] =
        "Somebody may have asked in the group to leave {0}. You can take them off at their request.";
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_say(t, t->as_amal, "Please take me off", 0);
    assert_true(town_notice(t, t->mod, msgid));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, t->amal, &m)));
    assert_int_equal(MEMBER_ACTIVE, m.state);
    struct message_new n = {.community_id = t->com, .text = SV("Retirez-moi, merci"), .to_private = true};
    struct message_made made = {0};
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    assert_int_equal(MEANS_LEAVE, made.meaning);
    assert_int_equal(0, made.question_id);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, t->amal, &m)));
    assert_int_equal(MEMBER_LEFT, m.state);
    bool asked = false;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, exit_asked(c, t->com, &asked)));
    assert_true(asked);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, exit_answer(c, t->com, SV(""), SV(" "))));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, exit_answer(c, t->com, SV("because"), SV(""))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, exit_answer(c, t->com, SV("found"), SV(""))));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, exit_answer(c, t->com, SV("found"), SV(""))));
}

/* MOD-1: asked again by text, "yes" accepts the newest guidelines; without a question "yes" is only a word. */
static void new_guidelines_are_accepted_by_yes(void **state)
{
    struct town *t = *state;
    struct membership m;
    int64_t n = 0, version = 0;
    joins(t, HUDA);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_GUIDELINES, SV("fr"), SV("Règles"),
                                                                    SV("Soyons très polis."), true, &version)));
    hear(t, HUDA, "oui");
    (void)state_of(t, HUDA, &m);
    assert_true(m.guidelines_version < version);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, guidelines_ask_again(c, t->com, &n)));
    assert_int_equal(1, n);
    town_time(t, "2026-02-10T11:00-07:00");
    assert_true(said(t, HUDA, "have changed") && said(t, HUDA, "Reply YES"));
    hear(t, HUDA, "نعم");
    assert_true(said(t, HUDA, "You accepted the guidelines"));
    (void)state_of(t, HUDA, &m);
    assert_int_equal(version, m.guidelines_version);
}

/* MOD-1: "yes" to a moderator who asked something else since is an answer to them, and accepts nothing. */
static void yes_answers_what_was_said_last(void **state)
{
    struct town *t = *state;
    struct membership m;
    struct question *q;
    struct message_made made;
    struct inbox_filter f = {.state = -1};
    size_t n_q;
    int64_t n = 0, version = 0;
    joins(t, HUDA);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_GUIDELINES, SV("fr"), SV("Règles"),
                                                                    SV("Soyons très polis."), true, &version)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, guidelines_ask_again(c, t->com, &n)));
    town_time(t, "2026-02-10T11:00-07:00");
    (void)state_of(t, HUDA, &m);
    t->f.now_ms += 60000;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, thread_say(c, t->com, m.person_id, SV("Faut-il un lit ?"), false, &made)));
    t->f.now_ms += 60000;
    hear(t, HUDA, "oui");
    (void)state_of(t, HUDA, &m);
    assert_true(m.guidelines_version < version);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &q, &n_q)));
    assert_int_equal(1, n_q);
    assert_true(sv_eq_z(q[0].text, "oui"));
}

/* ---- what a feature asks at the door (EQ-5), by text ---- */

static struct sv door_code;

static enum pw_err ask_tea(struct ctx *c, const struct community *com, struct join_choices *ret)
{
    static const struct join_choice ar[] = {{{"tea", 3}, {"شاي", 6}}, {{"coffee", 6}, {"قهوة", 8}}},
                                    fr[] = {{{"tea", 3}, {"Thé", 4}}, {{"coffee", 6}, {"Café", 5}}};
    bool arabic = sv_eq_z(c->lang, "ar"); /* the applicant's language */
    (void)com;
    *ret = (struct join_choices){
        .question = arabic ? SV("شاي أم قهوة؟") : SV("Thé ou café ?"), .v = arabic ? ar : fr, .n = 2};
    return PW_OK;
}

static enum pw_err tea_chosen(struct ctx *c, const struct community *com, int64_t person_id, struct sv code)
{
    (void)c;
    (void)com;
    (void)person_id;
    door_code = sv_eq_z(code, "coffee") ? SV("coffee") : SV("other");
    return PW_OK;
}

static void the_door_asks_by_numbers(void **state)
{
    static const struct join_asker asker = {ask_tea, tea_chosen};
    static const struct {
        const char *number, *first, *second; /* replies */
        const char *code;                    /* what is kept; "" = nothing */
    } people[] = {{"+14035550111", "٢", NULL, "coffee"},
                  {"+14035550112", "قهوة", NULL, "coffee"},
                  {"+14035550113", "0", NULL, ""},
                  {"+14035550114", "ماذا؟", "2", "coffee"},
                  {"+14035550115", "ماذا؟", "لا أعرف", ""}};
    struct town *t = *state;
    enum membership_state s;
    join_asker_set(&asker);
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        door_code = (struct sv){0};
        hear(t, people[i].number, "مساندة");
        hear(t, people[i].number, "نعم");
        assert_true(said(t, people[i].number, "شاي أم قهوة؟\n1 شاي\n2 قهوة\n"));
        hear(t, people[i].number, people[i].first);
        if (people[i].second) {
            assert_true(said(t, people[i].number, "شاي أم قهوة؟")); /* once more */
            hear(t, people[i].number, people[i].second);
        }
        assert_true(said(t, people[i].number, "Your request to join"));
        int64_t request = pending(t);
        assert_true(request != 0);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, request, &s)));
        assert_true(sv_eq_z(door_code, people[i].code));
    }
    join_asker_set(NULL);
}

/* EQ-1: what members say in the group does not go to telephones */
static void talk_does_not_reach_telephones(void **state)
{
    struct town *t = *state;
    joins(t, HUDA);
    (void)town_join(t, t->as_amal, t->amal);
    size_t n = count(t, HUDA);
    (void)town_say(t, t->as_amal, "Bonjour tout le monde", 0);
    assert_int_equal(n, count(t, HUDA));
    struct text_cost cost;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, text_cost_all(c, t->com, SV("x"), &cost)));
    assert_int_equal(0, cost.people); /* the channel itself is not in this database */
}

/* EQ-3 */
static void a_file_becomes_a_link_with_its_size(void **state)
{
    struct town *t = *state;
    joins(t, HUDA);
    hear(t, HUDA, "Où est le formulaire ?");
    struct question *q;
    struct inbox_filter f = {.state = -1};
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &q, &n)));
    assert_int_equal(1, n);
    int64_t id = 0;
    char bytes[3000] = {0};
    struct sv body = {bytes, sizeof bytes};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, file_put(c, 0, FILE_IMAGE, SV("plan.png"), SV("image/png"), 0, body, &id)));
    struct answer_new a = {.text = SV("Voici"), .kind = MSG_IMAGE, .file_id = id, .urgent = true};
    struct answer_made made;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, q[0].id, &a, &made)));
    struct chan_send s = last(t, HUDA, NULL);
    assert_int_equal(OP_TEXT, s.op);
    assert_true(sv_has(s.text, "Voici\nPicture, 3 KB: "));
    assert_true(sv_has(s.text, "/file"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, with_number, without)
    const struct CMUnitTest tests[] = {
        T(a_word_begins_the_talk_in_its_language),
        T(keywords_are_one_word_and_belong_to_one_community_on_a_channel),
        T(stop_ends_everything_until_start),
        T(please_take_me_off),
        T(own_words_are_kept_sealed_and_questions_are_not_answers),
        T(in_the_group_it_is_a_suggestion),
        T(new_guidelines_are_accepted_by_yes),
        T(yes_answers_what_was_said_last),
        T(the_door_asks_by_numbers),
        T(talk_does_not_reach_telephones),
        T(a_file_becomes_a_link_with_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
