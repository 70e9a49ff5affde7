/* SPDX-License-Identifier: EUPL-1.2 */
/* SAFE-3 on a channel that several communities share: whoever asks for help gets numbers, known here or not. On both
 * engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "channel/registry.h"
#include "feature/moderation/moderation.h"
#include "unit/community/town.h"

enum { CHANNEL = 4711 };
#define HUDA "+14035550101"

static struct channel sms = {.id = CHANNEL, .name = {"sms", 3}, .driver = &kannel_driver, .enabled = true};

static int set_up(void **state)
{
    struct town *t = calloc(1, sizeof *t);
    struct town_plan usual = {0};
    town_open(t, &usual);
    ctxfix_migrate(&t->f, moderation_migrations, moderation_migrations_n);
    moderation_register(t->work);
    sms.config = json_object();
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    json_decref(sms.config);
    return town_tear_down(state);
}

static void on_number(struct town *t, int64_t com)
{
    int64_t place = 0;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_add_channel(c, com, CHANNEL, SV("sms-kannel"), SV(""), 0,
                                                                 (struct sv){0}, &place)));
}

/* Another community on the same number, in another town, with a number of its own. */
static int64_t second(struct town *t)
{
    struct community_edit e = {.slug = SV("autre"),
                               .languages = SV("fr en"),
                               .territory = SV("Lyon"),
                               .zone = SV("Europe/Paris"),
                               .calendar = SV("none"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .moderation = SV("full"),
                               .clock_mode = SV("deferred"),
                               .owner_org = t->org};
    struct community_words w = {.lang = SV("fr"), .name = SV("Autre")};
    int64_t id = 0, version;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_create(c, &e, &w, &id)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, id, DOC_GUIDELINES, w.lang, SV("Règles"),
                                                                    SV("Soyons polis."), true, &version)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_status(c, id, SV("live"), (struct sv){0})));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_write_text(c, id, "numbers", SV("fr"), SV("112 = Secours"))));
    on_number(t, id);
    return id;
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

/* What waits for a number: how many texts, and the last that begins as a call for help does. */
static struct chan_send help(struct town *t, const char *number, size_t *ret_n)
{
    static struct chan_send v[60];
    struct chan_send found = {0};
    size_t n = town_outbox(t, v, 60);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (sv_eq_z(v[i].chat, number) && sv_has(v[i].text, "If somebody is in danger, call now:")) {
            found = v[i];
            (*ret_n)++;
        }
    return found;
}

static size_t times_said(struct sv s, const char *part)
{
    size_t n = 0;
    for (long long at; (at = sv_find(s, sv_of(part))) >= 0; n++)
        s = sv_sub(s, (size_t)at + 1, s.n);
    return n;
}

static void a_stranger_gets_the_numbers_of_all_communities(void **state)
{
    struct town *t = *state;
    size_t n;
    on_number(t, t->com);
    (void)second(t);
    t->f.now_ms = at("2026-02-08T03:00-07:00"); /* Sunday night */
    hear(t, HUDA, "Urgence !");
    struct chan_send s = help(t, HUDA, &n);
    assert_int_equal(1, n);
    assert_true(sv_eq_z(s.lang, "fr"));
    assert_true(sv_has(s.text, "911: Police, fire, ambulance: somebody is in danger now (Calgary)"));
    assert_true(sv_has(s.text, "112: Secours (Lyon)"));
    assert_int_equal(1, times_said(s.text, "112"));
    assert_false(sv_has(s.text, "alerted too")); /* nobody knows which community would be meant */
    hear(t, HUDA, "urgence");                    /* each time, also at once */
    (void)help(t, HUDA, &n);
    assert_int_equal(2, n);
    hear(t, "+14035550102", "911"); /* in no language: in all three */
    s = help(t, "+14035550102", &n);
    assert_int_equal(3, times_said(s.text, "If somebody is in danger, call now:"));
}

static void a_sentence_of_a_stranger_is_heard_once_a_day(void **state)
{
    struct town *t = *state;
    size_t n;
    on_number(t, t->com);
    (void)second(t);
    hear(t, HUDA, "Please, there is an emergency, my husband has fallen");
    assert_true(sv_eq_z(help(t, HUDA, &n).lang, "en"));
    assert_int_equal(1, n);
    hear(t, HUDA, "This is a machine. In an emergency call 911.");
    (void)help(t, HUDA, &n);
    assert_int_equal(1, n);
    t->f.now_ms += INT64_C(25) * 3600 * 1000;
    hear(t, HUDA, "This is a machine. In an emergency call 911.");
    (void)help(t, HUDA, &n);
    assert_int_equal(2, n);
}

static void in_the_middle_of_joining_and_after_stop(void **state)
{
    struct town *t = *state;
    size_t n;
    on_number(t, t->com);
    hear(t, HUDA, "bonjour"); /* one community: the talk begins */
    hear(t, HUDA, "emergency");
    assert_true(sv_has(help(t, HUDA, &n).text, "911"));
    assert_int_equal(1, n);
    hear(t, HUDA, "STOP");
    hear(t, HUDA, "emergency");
    assert_true(help(t, HUDA, &n).keyword_answer); /* goes out although they stopped us: they asked */
    assert_int_equal(2, n);
}

static void a_member_alerts_the_own_community_and_gets_its_numbers(void **state)
{
    struct town *t = *state;
    enum membership_state state_;
    struct join_request *v;
    size_t n;
    struct grant g = {.person_id = t->noor, .role = ROLE_SUPERVISOR, .scope = SCOPE_COMMUNITY, .scope_id = t->com};
    int64_t grant = 0;
    on_number(t, t->com);
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, grant_give(c, &g, &grant)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, oncall_set(c, t->com, t->noor, (struct sv){0})));
    hear(t, HUDA, "bonjour");
    hear(t, HUDA, "oui");
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, join_list(c, t->com, 10, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, v[0].id, &state_)));
    (void)second(t);
    hear(t, HUDA, "SOS");
    struct chan_send s = help(t, HUDA, &n);
    assert_int_equal(1, n);
    assert_true(sv_eq_z(s.lang, "fr") && sv_has(s.text, "911") && !sv_has(s.text, "112"));
    assert_true(sv_has(s.text, "alerted too"));
    assert_true(town_notice(t, t->noor, "Urgent report in {0}: {1}."));
}

static void a_channel_of_nobody_gives_what_is_shipped(void **state)
{
    struct town *t = *state;
    size_t n;
    hear(t, HUDA, "نجدة");
    struct chan_send s = help(t, HUDA, &n);
    assert_int_equal(1, n);
    assert_true(sv_eq_z(s.lang, "ar") && sv_has(s.text, "911") && sv_has(s.text, "988"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_stranger_gets_the_numbers_of_all_communities), T(a_sentence_of_a_stranger_is_heard_once_a_day),
        T(in_the_middle_of_joining_and_after_stop),        T(a_member_alerts_the_own_community_and_gets_its_numbers),
        T(a_channel_of_nobody_gives_what_is_shipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
