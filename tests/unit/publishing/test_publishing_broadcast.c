/* SPDX-License-Identifier: EUPL-1.2 */
/* A post on its way to many: each once, in their language, where they are; paused, called off, waiting at night, and
 * one channel that waits alone. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "channel/file.h"
#include "channel/registry.h"
#include "core/people.h"
#include "unit/publishing/press.h"

enum { MANY = 230 };

static void many_members(struct press *p, int64_t channel, const char *kind, int n)
{
    char chat[32];
    for (int i = 0; i < n; i++) {
        snprintf(chat, sizeof chat, "%s-%03d", kind, i);
        (void)press_member(p, channel, kind, chat, i % 3 ? "fr" : "ar");
    }
}

static struct progress progress_of(struct press *p, int64_t id)
{
    struct post post = press_post(p, id);
    struct community com;
    struct progress g = {0};
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, community_get(c, p->t.com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_progress(c, &com, &post, &g)));
    return g;
}

static const struct progress_line *line(const struct progress *g, int64_t channel)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].channel_id == channel)
            return &g->v[i];
    fail_msg("no line for channel %lld", (long long)channel);
    return NULL;
}

/* Each chat at most once; how many chats. */
static size_t chats_once(struct press *p, int64_t channel)
{
    static struct chan_send v[SENT_KEPT];
    size_t n = press_sent(p, channel, v, SENT_KEPT);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(sv_eq(v[i].chat, v[k].chat));
    return n;
}

/* A-35, MSG-14: an event post reaches members on a one-to-one channel as text, in their language. */
static void an_event_reaches_a_basic_phone_as_text(void **state)
{
    struct press *p = *state;
    struct chan_send v[8];
    (void)press_member(p, SMS, "sms", "+17055550101", "fr");
    (void)press_member(p, SMS, "sms", "+17055550102", "ar");
    int64_t id = press_draft(p, "event", "Fête de quartier", "Samedi à midi, au parc.");
    assert_int_equal(PW_OK,
                     CTX_ACT(&p->t.f, post_translate(c, id, SV("ar"), SV("حفلة الحي"), SV("السبت ظهرًا في الحديقة."))));
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:09-07:00");
    assert_int_equal(press_sent(p, SMS, v, 8), 0); /* ten seconds to take it back */
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_int_equal(press_sent(p, SMS, v, 8), 2);
    for (size_t i = 0; i < 2; i++) {
        bool fr = sv_eq_z(v[i].chat, "+17055550101");
        assert_int_equal(v[i].op, OP_TEXT);
        assert_true(sv_has(v[i].text, fr ? "Samedi à midi" : "السبت ظهرًا"));
        assert_false(sv_has(v[i].text, fr ? "حفلة" : "Fête"));
        assert_true(sv_has(v[i].text, "calgary.ca")); /* MOD-10: with its source */
    }
    assert_int_equal(press_post(p, id).state, POST_PUBLISHED);
    press_go(p, "2026-02-10T12:00-07:00");
    assert_int_equal(press_sent(p, SMS, v, 8), 2);
}

static void a_group_gets_it_once_and_people_alone_once(void **state)
{
    struct press *p = *state;
    struct chan_send v[8];
    (void)town_telegram(&p->t, "-100200");
    (void)press_member(p, APP, "telegram", "u1", "fr");
    (void)press_member(p, APP, "telegram", "u2", "fr");
    many_members(p, SMS, "sms", MANY);
    int64_t id = press_draft(p, "information", "Titre", "Corps");
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_int_equal(press_sent(p, APP, v, 8), 1);
    assert_true(sv_eq_z(v[0].chat, "-100200"));
    assert_int_equal(chats_once(p, SMS), MANY);
    struct progress g = progress_of(p, id);
    assert_int_equal(line(&g, SMS)->sent, MANY);
    assert_int_equal(line(&g, SMS)->to_come, 0);
    assert_int_equal(line(&g, APP)->in_group, 2);
    assert_true(g.done);
    assert_int_equal(g.settled, g.total);
    /* the page of the community has it once, too */
    struct message *m;
    size_t n;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, message_stream(c, p->t.com, 0, 0, 50, &m, &n)));
    size_t posts = 0;
    for (size_t i = 0; i < n; i++)
        posts += m[i].purpose == FOR_POST;
    assert_int_equal(posts, 1);
}

static void only_one_language_goes_to_its_readers_alone(void **state)
{
    struct press *p = *state;
    struct chan_send v[8];
    (void)town_telegram(&p->t, "-100200");
    (void)press_member(p, APP, "telegram", "u1", "fr");
    (void)press_member(p, APP, "telegram", "u2", "ar");
    struct post_words w = {.lang = SV("ar"), .body = SV("مرحبا")};
    struct post_edit e = {.type = SV("prompt"), .only_lang = SV("ar"), .words = &w, .n_words = 1};
    int64_t id = 0;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_int_equal(press_sent(p, APP, v, 8), 1);
    assert_true(sv_eq_z(v[0].chat, "u2")); /* not the group: it reads French */
}

static void who_stopped_us_is_left_out_and_counted(void **state)
{
    struct press *p = *state;
    many_members(p, SMS, "sms", 4);
    struct identity who;
    town_as(&p->t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, identity_find(c, SMS, SV("sms-001"), &who)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, identity_set_blocked(c, who.id, true)));
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_int_equal(chats_once(p, SMS), 3);
    struct progress g = progress_of(p, id);
    assert_int_equal(line(&g, SMS)->skipped, 1);
    assert_int_equal(line(&g, SMS)->sent, 3);
}

static void a_pause_holds_and_an_end_calls_off(void **state)
{
    struct press *p = *state;
    many_members(p, SMS, "sms", MANY);
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    work_set_rate(p->t.work, SMS, 0.001, 20); /* twenty, and then hardly any */
    press_go(p, "2026-02-10T10:00:11-07:00");
    size_t left = chats_once(p, SMS);
    assert_in_range(left, 10, 20);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_pause(c, id, true)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&p->t.f, post_pause(c, id, true)));
    work_set_rate(p->t.work, SMS, 1e6, 1e6);
    press_go(p, "2026-02-10T11:00-07:00");
    assert_int_equal(chats_once(p, SMS), left);
    assert_true(progress_of(p, id).paused);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_pause(c, id, false)));
    work_set_rate(p->t.work, SMS, 0.001, 20);
    press_go(p, "2026-02-10T11:00:01-07:00");
    left = chats_once(p, SMS);
    assert_true(left < MANY);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_pause(c, id, true)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_cancel(c, id)));
    work_set_rate(p->t.work, SMS, 1e6, 1e6);
    press_go(p, "2026-02-10T12:00-07:00");
    assert_int_equal(chats_once(p, SMS), left);
    struct progress g = progress_of(p, id);
    assert_int_equal(line(&g, SMS)->sent, (int64_t)left);
    assert_int_equal(line(&g, SMS)->waiting, 0);
    assert_int_equal(press_post(p, id).state, POST_CANCELLED);
    assert_false(press_post(p, id).paused || g.paused);
    /* taken off the page */
    struct community com;
    struct post shown;
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, community_get(c, p->t.com, &com)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&p->t.f, post_shown(c, &com, id, &shown)));
}

/* Hidden in the conversation by any moderator: the rest does not leave. */
static void a_hidden_post_stops(void **state)
{
    struct press *p = *state;
    many_members(p, SMS, "sms", MANY);
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    work_set_rate(p->t.work, SMS, 0.001, 20);
    press_go(p, "2026-02-10T10:00:11-07:00");
    size_t left = chats_once(p, SMS);
    assert_true(left < MANY);
    int64_t message = press_post(p, id).message_id;
    town_as(&p->t, p->t.as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, message_hide(c, message, SV("other"))));
    press_go(p, "2026-02-10T10:00:12-07:00");
    assert_int_equal(press_post(p, id).state, POST_CANCELLED);
    work_set_rate(p->t.work, SMS, 1e6, 1e6);
    press_go(p, "2026-02-10T11:00-07:00");
    assert_int_equal(chats_once(p, SMS), left);
}

static void a_post_can_be_taken_back_for_ten_seconds(void **state)
{
    struct press *p = *state;
    many_members(p, SMS, "sms", 3);
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:05-07:00");
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_undo(c, id)));
    press_go(p, "2026-02-10T13:00-07:00");
    assert_int_equal(chats_once(p, SMS), 0);
    assert_int_equal(press_post(p, id).state, POST_DRAFT);
    press_publish(p, id); /* and published later all the same */
    press_go(p, "2026-02-10T13:00:11-07:00");
    assert_int_equal(chats_once(p, SMS), 3);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&p->t.f, post_undo(c, id)));
}

static void a_channel_that_must_wait_waits_alone(void **state)
{
    struct press *p = *state;
    many_members(p, SMS, "sms", MANY);
    many_members(p, APP, "telegram", MANY);
    p->refuses = APP;
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    press_go(p, "2026-02-10T10:00:20-07:00");
    assert_int_equal(chats_once(p, SMS), MANY);
    assert_int_equal(chats_once(p, APP), 0);
    struct progress g = progress_of(p, id);
    assert_false(g.done);
    assert_int_equal(line(&g, APP)->waiting + line(&g, APP)->to_come, MANY);
    p->refuses = 0;
    press_go(p, "2026-02-10T10:02-07:00");
    press_go(p, "2026-02-10T10:02:05-07:00");
    assert_int_equal(chats_once(p, APP), MANY);
    assert_int_equal(press_post(p, id).state, POST_PUBLISHED);
}

/* An app that lets us write only after the reader's next word: who has to write first holds up nobody else. */
static void shut_windows_hold_up_nobody(void **state)
{
    struct press *p = *state;
    struct chan_send v[MANY];
    enum { SHUT = 215 };
    many_members(p, APP, "whatsapp", MANY);
    p->shut = SHUT;
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    press_go(p, "2026-02-10T10:01-07:00");
    assert_int_equal(chats_once(p, APP), MANY - SHUT);
    assert_int_equal(press_post(p, id).state, POST_PUBLISHED);
    struct progress g = progress_of(p, id);
    assert_true(g.shut == SHUT && line(&g, APP)->waiting == 0 && g.settled == g.total);
    town_as(&p->t, &actor_system); /* one of them writes */
    assert_int_equal(
        PW_OK, CTX_ACT(&p->t.f, outbox_release(c->db, APP, channel_order_key(c, APP, SV("whatsapp-000")), c->now_ms)));
    press_go(p, "2026-02-10T10:02-07:00");
    size_t n = press_sent(p, APP, v, MANY);
    assert_int_equal(n, MANY - SHUT + 1);
    assert_true(sv_eq_z(v[n - 1].chat, "whatsapp-000"));
    town_as(&p->t, p->t.as_mod); /* stopped: the others never get it */
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_cancel(c, id)));
    g = progress_of(p, id);
    assert_true(g.shut == 0 && line(&g, APP)->cancelled == SHUT - 1);
}

static void at_night_posts_wait_unless_urgent(void **state)
{
    struct press *p = *state;
    many_members(p, SMS, "sms", 5);
    struct post_words w = {.lang = SV("fr"), .body = SV("Tempête : restez à la maison.")};
    struct post_edit e = {.type = SV("prompt"), .urgent = true, .words = &w, .n_words = 1};
    int64_t quiet, urgent = 0;
    p->t.f.now_ms = at("2026-02-10T22:30-07:00");
    quiet = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, quiet);
    press_go(p, "2026-02-10T22:31-07:00");
    assert_int_equal(chats_once(p, SMS), 0);
    assert_int_equal(progress_of(p, quiet).quiet_until_ms, at("2026-02-11T08:00-07:00"));
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &urgent)));
    press_publish(p, urgent);
    press_go(p, "2026-02-10T22:32-07:00");
    assert_int_equal(chats_once(p, SMS), 5);
    press_go(p, "2026-02-11T07:59-07:00");
    assert_int_equal(press_post(p, quiet).state, POST_PUBLISHING);
    press_go(p, "2026-02-11T08:00:01-07:00");
    assert_int_equal(press_post(p, quiet).state, POST_PUBLISHED);
    assert_int_equal(p->n_sent, 10);
}

/* "Go on" at night lets nothing out before the morning. */
static void going_on_at_night_waits_for_the_morning(void **state)
{
    struct press *p = *state;
    many_members(p, SMS, "sms", MANY);
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    work_set_rate(p->t.work, SMS, 0.001, 20);
    press_go(p, "2026-02-10T10:00:11-07:00");
    size_t left = chats_once(p, SMS);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_pause(c, id, true)));
    work_set_rate(p->t.work, SMS, 1e6, 1e6);
    p->t.f.now_ms = at("2026-02-10T23:00-07:00");
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_pause(c, id, false)));
    struct out_row *rows;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, outbox_list(c->db, c->arena, SMS, OUT_QUEUED, 10, &rows, &n)));
    assert_int_equal(n, 0); /* not even until the next look at the clock */
    press_go(p, "2026-02-10T23:01-07:00");
    assert_int_equal(chats_once(p, SMS), left);
    press_go(p, "2026-02-11T08:00:01-07:00");
    assert_int_equal(chats_once(p, SMS), MANY);
}

/* EQ-3: who pays for each megabyte, or has a basic telephone, gets a link to the picture. */
static void little_data_gets_words_and_a_link(void **state)
{
    struct press *p = *state;
    struct chan_send v[4];
    int64_t light = press_member(p, APP, "telegram", "light", "fr"), file = 0, id = 0;
    (void)press_member(p, APP, "telegram", "rich", "fr");
    (void)press_member(p, SMS, "sms-kannel", "+15550001", "fr");
    town_as(&p->t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, person_set_limited(c, light, true)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, file_put(c, 0, FILE_IMAGE, SV("a.png"), SV("image/png"), 0,
                                                      SV("\x89PNG\r\n\x1a\n"), &file)));
    struct post_words w = {.lang = SV("fr"), .body = SV("Affiche")};
    struct post_edit e = {.type = SV("prompt"), .words = &w, .n_words = 1, .file_id = file, .file_kind = MSG_IMAGE};
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_int_equal(press_sent(p, APP, v, 4), 2);
    for (size_t i = 0; i < 2; i++) {
        bool poor = sv_eq_z(v[i].chat, "light");
        assert_int_equal(v[i].op, poor ? OP_TEXT : OP_FILE);
        assert_true(sv_has(v[i].text, "Affiche"));
        assert_int_equal(poor, sv_has(v[i].text, "Picture, 1 KB: https://example.org/messages/"));
    }
    assert_int_equal(press_sent(p, SMS, v, 4), 1);
    assert_int_equal(v[0].op, OP_TEXT);
    assert_true(sv_has(v[0].text, "Picture, 1 KB: https://example.org/messages/"));
}

/* What the API or a decision of a moderator publishes goes the same way as what is written on the page. */
static void a_post_given_as_a_message_goes_the_same_way(void **state)
{
    struct press *p = *state;
    struct chan_send v[4];
    struct post *posts;
    struct post_filter all = {.community_id = p->t.com, .state = -1};
    size_t n;
    (void)press_member(p, SMS, "sms-kannel", "+15550001", "fr");
    struct message_new m = {.community_id = p->t.com,
                            .text = SV("Fête samedi"),
                            .post_type = SV("event"),
                            .source = SV("calgary.ca"),
                            .checked_on = SV("2026-02-02")};
    struct message_made made;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, message_post(c, &m, &made)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_list(c, &all, &posts, &n)));
    assert_int_equal(1, n);
    assert_true(posts[0].state == POST_PUBLISHING && posts[0].message_id == made.message_id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_int_equal(press_sent(p, SMS, v, 4), 1);
    assert_true(sv_has(v[0].text, "Fête samedi") && sv_has(v[0].text, "calgary.ca"));
    /* with an earlier time it is history: shown, sent to nobody */
    m.at_ms = p->t.f.now_ms - 1000;
    m.text = SV("Fête d'hier");
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, message_post(c, &m, &made)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_list(c, &all, &posts, &n)));
    assert_int_equal(1, n);
}

/* "it costs nothing to run a batch again": a store that is closed in the middle goes on where it was. */
static void a_restart_in_the_middle_sends_nobody_twice(void **state)
{
    struct press *p = *state;
    many_members(p, SMS, "sms", MANY);
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    work_set_rate(p->t.work, SMS, 0.001, 40);
    p->t.f.now_ms = at("2026-02-10T10:00:11-07:00");
    size_t done;
    for (int i = 0; i < 3; i++)
        assert_int_equal(PW_OK, work_run_once(p->t.work, p->t.f.now_ms, &done));
    assert_true(chats_once(p, SMS) < MANY);
    /* the timer of the run is set again as after a crash before its commit: the cursor knows */
    town_as(&p->t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, timer_set(c->db, SV("publishing.run"), id, c->now_ms)));
    work_set_rate(p->t.work, SMS, 1e6, 1e6);
    press_go(p, "2026-02-10T10:05-07:00");
    assert_int_equal(chats_once(p, SMS), MANY);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, press_set_up, press_tear_down)
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        T(an_event_reaches_a_basic_phone_as_text),
        T(a_group_gets_it_once_and_people_alone_once),
        T(only_one_language_goes_to_its_readers_alone),
        T(who_stopped_us_is_left_out_and_counted),
        T(a_pause_holds_and_an_end_calls_off),
        T(a_hidden_post_stops),
        T(a_post_can_be_taken_back_for_ten_seconds),
        T(a_channel_that_must_wait_waits_alone),
        T(shut_windows_hold_up_nobody),
        T(going_on_at_night_waits_for_the_morning),
        T(at_night_posts_wait_unless_urgent),
        T(little_data_gets_words_and_a_link),
        T(a_post_given_as_a_message_goes_the_same_way),
        T(a_restart_in_the_middle_sends_nobody_twice),
    };
    return cmocka_run_group_tests_name("publishing broadcast", tests, NULL, NULL);
}
