/* SPDX-License-Identifier: EUPL-1.2 */
/* Automatic rules through the actions, on both engines: tried out, on, taken back; a flood, a wave; the design. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void rules(struct town *t, struct auto_set s)
{
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, automatic_set(c, t->com, &s)));
}

static struct auto_set in_mode(enum auto_mode mode)
{
    struct auto_set s = auto_defaults;
    s.mode = mode;
    s.wave = 0;
    return s;
}

static enum message_state state_of(struct town *t, int64_t id)
{
    struct message m = {0};
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_get(c, id, &m)));
    return m.state;
}

/* Open items of automatic rules, as a moderator sees them. */
static size_t waiting(struct town *t, struct mod_item **ret)
{
    struct review_filter f = {.community_id = t->com, .kind = ITEM_AUTOMATIC};
    size_t n = 0;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, review_list(c, &f, ret, &n)));
    return n;
}

static size_t log_of(struct town *t, struct mod_action **ret)
{
    size_t n = 0;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_log(c, t->com, 0, 0, 50, ret, &n)));
    return n;
}

static enum pw_err decide(struct town *t, int64_t item, bool right)
{
    town_as(t, t->as_mod);
    return CTX_ACT(&t->f, automatic_decide(c, item, right));
}

static enum pw_err try_say(struct town *t, const struct actor *who, const char *words)
{
    struct message_new n = {.community_id = t->com, .text = sv_of(words)};
    struct message_made made;
    town_as(t, who);
    return CTX_ACT(&t->f, message_post(c, &n, &made));
}

static void off_does_nothing(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    int64_t m = town_say(t, t->as_amal, "Voyez https://gagner.example", 0).message_id;
    assert_int_equal(SHOWN, state_of(t, m));
    assert_int_equal(0, waiting(t, &v));
}

static void tried_out_it_only_says_what_it_would_have_done(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    struct mod_action *a;
    rules(t, in_mode(AUTO_SIMULATE));
    int64_t m = town_say(t, t->as_amal, "Voyez https://gagner.example", 0).message_id;
    town_say(t, t->as_amal, "Encore https://gagner.example", 0);
    assert_int_equal(SHOWN, state_of(t, m));
    assert_int_equal(1, waiting(t, &v)); /* one line a person and rule, not a flood of items */
    assert_true(sv_eq_z(v[0].category, "auto-link"));
    assert_int_equal(m, v[0].message_id);
    assert_int_equal(t->amal, v[0].about);
    assert_int_equal(0, v[0].action_id);
    assert_int_equal(0, log_of(t, &a));
    assert_false(town_notice(t, t->mod, "An automatic rule acted in {0}."));
    assert_int_equal(PW_OK, decide(t, v[0].id, true));
    assert_int_equal(0, waiting(t, &v));
}

static void on_it_holds_and_is_taken_back_with_its_cause(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    struct mod_action *a;
    rules(t, in_mode(AUTO_ENFORCE));
    int64_t m = town_say(t, t->as_amal, "Voyez https://gagner.example", 0).message_id;
    assert_int_equal(HIDDEN, state_of(t, m));
    assert_true(town_notice(t, t->mod, "An automatic rule acted in {0}."));
    assert_int_equal(1, waiting(t, &v));
    assert_int_equal(1, log_of(t, &a));
    assert_int_equal(v[0].action_id, a[0].id);
    assert_true(sv_eq_z(a[0].category, "auto-link"));
    assert_true(sv_eq_z(a[0].ladder, "automatic"));
    assert_int_equal(0, a[0].by_person);
    assert_false(a[0].counts);
    struct mod_proposal p; /* a machine's suspicion is no breach: the ladder begins where it began */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_propose(c, m, SV("disrespect"), &p)));
    assert_int_equal(0, p.weight);
    assert_int_equal(PW_OK, decide(t, v[0].id, false));
    assert_int_equal(SHOWN, state_of(t, m));
    assert_true(town_notice(t, t->amal, "A decision about you in {0} was taken back."));
    assert_int_equal(1, log_of(t, &a));
    assert_true(a[0].undone_ms != 0);
    assert_int_equal(PW_CONFLICT, decide(t, v[0].id, false));
    /* kept: the message stays out of view */
    m = town_say(t, t->as_badi, "Voyez https://gagner.example", 0).message_id;
    assert_int_equal(1, waiting(t, &v));
    assert_int_equal(PW_OK, decide(t, v[0].id, true));
    assert_int_equal(HIDDEN, state_of(t, m));
    /* taken back from the log: the item is answered, too */
    m = town_say(t, t->as_badi, "Encore https://gagner.example", 0).message_id;
    assert_int_equal(1, waiting(t, &v));
    int64_t action = v[0].action_id;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_undo(c, action)));
    assert_int_equal(SHOWN, state_of(t, m));
    assert_int_equal(0, waiting(t, &v));
}

static void moderators_and_private_words_are_never_held(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    struct auto_set s = in_mode(AUTO_ENFORCE);
    s.words = SV("loterie");
    rules(t, s);
    int64_t m = town_say(t, t->as_mod, "La loterie: https://gagner.example", 0).message_id;
    assert_int_equal(SHOWN, state_of(t, m));
    struct message_new n = {.community_id = t->com, .to_private = true, .text = SV("La loterie https://x.example")};
    struct message_made made;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    assert_int_equal(SHOWN, state_of(t, made.message_id));
    assert_int_equal(0, waiting(t, &v));
    assert_int_equal(HIDDEN, state_of(t, town_say(t, t->as_amal, "LOTERIE!", 0).message_id));
    town_time(t, "2026-05-12T10:00-06:00"); /* no longer new: links are theirs to send, the word still is not */
    assert_int_equal(SHOWN, state_of(t, town_say(t, t->as_amal, "https://ottawa.ca", 0).message_id));
    assert_int_equal(HIDDEN, state_of(t, town_say(t, t->as_amal, "loterie", 0).message_id));
}

static void a_flood_is_muted_for_minutes(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    struct mod_action *a;
    struct auto_set s = in_mode(AUTO_ENFORCE);
    s.flood = 3;
    s.mute_minutes = 15;
    rules(t, s);
    for (int i = 0; i < 3; i++)
        assert_int_equal(SHOWN, state_of(t, town_say(t, t->as_amal, "bonjour", 0).message_id));
    int64_t fourth = town_say(t, t->as_amal, "bonjour", 0).message_id;
    assert_int_equal(HIDDEN, state_of(t, fourth));
    assert_int_equal(PW_INVALID, try_say(t, t->as_amal, "bonjour"));
    assert_int_equal(PW_OK, try_say(t, t->as_badi, "bonjour"));
    assert_int_equal(1, waiting(t, &v));
    assert_int_equal(1, log_of(t, &a));
    assert_true(sv_has(a[0].acts, "restrict-minutes=15"));
    assert_int_equal(PW_OK, decide(t, v[0].id, false)); /* one press: shown, and may write */
    assert_int_equal(SHOWN, state_of(t, fourth));
    t->f.now_ms += 61 * 1000;
    assert_int_equal(PW_OK, try_say(t, t->as_amal, "bonjour"));
    /* left alone it ends by itself */
    for (int i = 0; i < 3; i++)
        assert_int_equal(PW_OK, try_say(t, t->as_badi, "salut"));
    assert_int_equal(PW_OK, try_say(t, t->as_badi, "salut"));
    assert_int_equal(PW_INVALID, try_say(t, t->as_badi, "salut"));
    t->f.now_ms += 15 * 60 * 1000 + 1;
    assert_int_equal(PW_OK, try_say(t, t->as_badi, "salut"));
}

static void a_wave_shuts_the_door_until_somebody_looks(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    struct join_new n = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("ar")};
    struct auto_set s = in_mode(AUTO_ENFORCE);
    int64_t id;
    s.wave = 2;
    rules(t, s);
    t->f.now_ms += 1000;
    size_t done = 0;
    for (int i = 0; i < 5; i++)
        assert_int_equal(PW_OK, work_run_once(t->work, t->f.now_ms, &done)); /* amal and badi are two */
    assert_int_equal(1, waiting(t, &v));
    assert_true(sv_eq_z(v[0].category, "auto-wave"));
    town_as(t, t->as_noor);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    assert_int_equal(PW_OK, decide(t, v[0].id, false));
    t->f.now_ms += 1000;
    town_as(t, t->as_noor);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    for (int i = 0; i < 5; i++)
        assert_int_equal(PW_OK, work_run_once(t->work, t->f.now_ms, &done));
    assert_int_equal(0, waiting(t, &v)); /* counting began again when it was lifted */
}

static void a_wave_that_is_tried_out_shuts_nothing(void **state)
{
    struct town *t = *state;
    struct mod_item *v;
    struct join_new n = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("ar")};
    struct auto_set s = in_mode(AUTO_SIMULATE);
    int64_t id;
    size_t done = 0;
    s.wave = 2;
    rules(t, s);
    t->f.now_ms += 1000;
    for (int i = 0; i < 5; i++)
        assert_int_equal(PW_OK, work_run_once(t->work, t->f.now_ms, &done));
    assert_int_equal(1, waiting(t, &v));
    town_as(t, t->as_noor);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    for (int i = 0; i < 5; i++)
        assert_int_equal(PW_OK, work_run_once(t->work, t->f.now_ms, &done));
    assert_int_equal(1, waiting(t, &v));
}

/* CONF-2 */
static void the_design_reads_back(void **state)
{
    struct town *t = *state;
    struct mod_settings set;
    struct buf b;
    bool known;
    buf_init(&b, 64 * 1024);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_text_write(c, t->com, &b)));
    assert_false(sv_has(buf_sv(&b), "automatic")); /* defaults are not written */
    struct auto_set s = in_mode(AUTO_SIMULATE);
    s.flood = 7;
    s.links = false;
    s.words = SV("loterie\nargent facile");
    rules(t, s);
    buf_clear(&b);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_text_write(c, t->com, &b)));
    static const char *const lines[] = {"automatic = simulate\n", "automatic.flood = 7\n", "automatic.links = no\n",
                                        "automatic.forwarded = yes\n",
                                        "automatic.words =\n  loterie\n  argent facile\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_true(sv_has(buf_sv(&b), lines[i]));
    buf_finish(&b);
    rules(t, auto_defaults);
    static const struct {
        const char *key, *value;
    } pairs[] = {{"automatic", "enforce"}, {"automatic.mentions", "2"}, {"automatic.first_image", "no"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_int_equal(
            PW_OK, CTX_ACT(&t->f, moderation_text_read(c, t->com, sv_of(pairs[i].key), sv_of(pairs[i].value), &known)));
        assert_true(known);
    }
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_settings(c, t->com, &set)));
    assert_int_equal(AUTO_ENFORCE, set.automatic.mode);
    assert_int_equal(2, set.automatic.mentions);
    assert_false(set.automatic.first_image);
    assert_int_equal(PW_INVALID,
                     CTX_ACT(&t->f, moderation_text_read(c, t->com, SV("automatic.flood"), SV("many"), &known)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, moderation_text_read(c, t->com, SV("automatic"), SV("hard"), &known)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_text_read(c, t->com, SV("automatic.colour"), SV("x"), &known)));
    assert_false(known);
    struct mod_settings other = {.strike_days = 90, .appeal_days = 10, .decide_days = 5};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, moderation_set(c, t->com, &other))); /* leaves the rules alone */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_settings(c, t->com, &set)));
    assert_int_equal(AUTO_ENFORCE, set.automatic.mode);
    assert_int_equal(90, set.strike_days);
}

static void only_administrators_set_rules(void **state)
{
    struct town *t = *state;
    struct auto_set s = in_mode(AUTO_ENFORCE);
    town_as(t, t->as_mod);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, automatic_set(c, t->com, &s)));
    town_as(t, t->as_amal);
    assert_int_not_equal(PW_OK, CTX_ACT(&t->f, automatic_set(c, t->com, &s)));
    s.flood = 5000;
    town_as(t, t->as_admin);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, automatic_set(c, t->com, &s)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(off_does_nothing, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(tried_out_it_only_says_what_it_would_have_done, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(on_it_holds_and_is_taken_back_with_its_cause, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(moderators_and_private_words_are_never_held, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(a_flood_is_muted_for_minutes, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(a_wave_shuts_the_door_until_somebody_looks, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(a_wave_that_is_tried_out_shuts_nothing, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(the_design_reads_back, set_up, town_tear_down),
        cmocka_unit_test_setup_teardown(only_administrators_set_rules, set_up, town_tear_down),
    };
    return cmocka_run_group_tests_name("moderation-automatic", tests, NULL, NULL);
}
