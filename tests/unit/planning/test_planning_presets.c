/* SPDX-License-Identifier: EUPL-1.2 */
/* Each shipped preset makes a community without code and passes its example; a design goes out and in the same. */
#include "unit/planning/plantown.h"

static const char *const codes[] = {"cfn-calgary",
                                    "isans-beacon",
                                    "north-bay",
                                    "orsg",
                                    "pifi",
                                    "r613-ottawa",
                                    "assessment-network",
                                    "case-messaging",
                                    "intentional-connection",
                                    "welcome-groups",
                                    "youth-wraparound"};

/* CONF-2 */
static void export_import_export_is_identical(void **state)
{
    struct town *t = *state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct community com = from_preset(t, codes[i]);
        struct buf one, two;
        int64_t copy = 0;
        buf_init(&one, 1 << 20);
        buf_init(&two, 1 << 20);
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_text_write(c, com.id, &one)));
        struct sv text = buf_sv(&one);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, community_text_read(c, text, SV("copy-of-it"), &copy)));
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_text_write(c, copy, &two)));
        struct sv back = buf_sv(&two), line1, line2;
        while (sv_cut(&text, '\n', &line1)) { /* all but the short name */
            assert_true(sv_cut(&back, '\n', &line2));
            if (!sv_starts(line1, SV("slug =")))
                assert_memory_equal(line1.p ? line1.p : "", line2.p ? line2.p : "",
                                    line1.n > line2.n ? line1.n : line2.n);
        }
        assert_int_equal(0, back.n);
        buf_finish(&one);
        buf_finish(&two);
        assert_int_equal(
            PW_OK, CTX_ACT(&t->f, community_update(c, copy,
                                                   &(struct community_edit){.slug = arena_fmt(c->arena, "gone-%zu", i),
                                                                            .languages = com.languages,
                                                                            .zone = com.zone,
                                                                            .mode = SV("one-way"),
                                                                            .visibility = SV("link"),
                                                                            .moderation = SV("light"),
                                                                            .clock_mode = SV("deferred")})));
    }
}

/* CONF-1: the list names all, each says what it sets, and none promises what is not in its text. */
static void presets_are_listed(void **state)
{
    struct town *t = *state;
    struct preset *v;
    size_t n = 0, programs = 0;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, preset_list(c, &v, &n)));
    assert_int_equal(sizeof codes / sizeof *codes, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(v[i].name.n && v[i].about.n && v[i].n_sets > 5);
        programs += v[i].program;
    }
    assert_int_equal(5, programs);
    t->f.actor = &actor_system;
    int64_t id;
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, preset_use(c, SV("no-such"), (struct sv){0}, &id)));
    assert_true(said(t, "preset"));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, preset_get(c, SV("../r613-ottawa"), v)));
    struct community first = from_preset(t, "orsg"), second = from_preset(t, "orsg");
    assert_true(sv_eq_z(first.slug, "orsg") && sv_eq_z(second.slug, "orsg-2"));
}

/* */
static void pifi(void **state)
{
    struct town *t = *state;
    struct community com = from_preset(t, "pifi");
    struct partner_seat *seats;
    struct plan_file f;
    struct readiness r;
    size_t n = 0;
    assert_true(sv_eq_z(com.languages, "fr"));
    assert_int_equal(48, com.standard_hours);
    assert_int_equal(WORK_DEFERRED, com.clock_mode);
    assert_true(com.visibility != COM_LISTED);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, partner_seats(c, &com, &seats, &n)));
    assert_int_equal(5, n);
    /* It does not open before each partner has an administrator, unless somebody says why. */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_set_status(c, com.id, SV("live"), (struct sv){0})));
    assert_true(said(t, "status"));
    struct plan_typed yes[] = {{SV("purpose"), SV("yes")},
                               {SV("purpose-ticks"), SV("information")},
                               {SV("target"), SV("yes")},
                               {SV("experience"), SV("yes")}};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, plan_write(c, com.id, yes, 4, INT64_MAX)));
    const int64_t people[] = {t->admin, t->mod, t->mod2, t->amal, t->badi};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_set_status(c, com.id, SV("live"), (struct sv){0})));
        assert_int_equal(PW_OK, CTX_ACT(&t->f, partner_admin_name(c, com.id, seats[i].org_id, people[i])));
    }
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, plan_load(c, com.id, &f)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, plan_readiness(c, &com, &f, &r)));
    assert_int_equal(0, r.open);
    assert_int_equal(8, r.n);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_status(c, com.id, SV("live"), (struct sv){0})));
    /* 701 members, one active moderator */
    struct workload w;
    int64_t grant;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_grant(c, com.id, t->noor, ROLE_MODERATOR, 0, &grant)));
    com.active_members = 701;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, workload_of(c, &com, &w)));
    assert_true(w.on && w.moderators == 1 && w.per_moderator == 250);
    com.active_members = 250;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, workload_of(c, &com, &w)));
    assert_false(w.on);
}

/* */
static void r613(void **state)
{
    struct town *t = *state;
    struct community com = from_preset(t, "r613-ottawa");
    struct community_clock k;
    struct mod_settings s;
    struct ladder_of l;
    assert_true(sv_eq_z(lang_main(com.languages), "ar") && lang_is_rtl(lang_main(com.languages)));
    assert_int_equal(24, com.standard_hours);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_settings(c, com.id, &s)));
    assert_true(sv_eq_z(s.excluded, "political religious personal"));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_ladder_of(c, com.id, SV("off-topic"), &l)));
    assert_true(sv_eq_z(l.name, "r613-offtopic"));
    t->f.now_ms = at("2026-03-04T22:15-05:00");
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_clock_now(c, &com, &k)));
    assert_int_equal(at("2026-03-05T09:00-05:00"), k.start_ms);
    assert_int_equal(at("2026-03-06T09:00-05:00"), k.due_ms);
    com.clock_mode = WORK_WALL;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_clock_now(c, &com, &k)));
    assert_int_equal(at("2026-03-05T22:15-05:00"), k.due_ms);
}

/* light, nothing promised, so nothing becomes overdue. */
static void orsg(void **state)
{
    struct town *t = *state;
    struct community com = from_preset(t, "orsg");
    struct community_clock k;
    struct ladder_of l;
    assert_int_equal(COM_LIGHT, com.moderation);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_clock_now(c, &com, &k)));
    assert_false(k.has_promise);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_ladder_of(c, com.id, SV("off-topic"), &l)));
    assert_true(sv_eq_z(l.name, "admin-delete"));
}

/* */
static void beacon(void **state)
{
    struct town *t = *state;
    struct community com = from_preset(t, "isans-beacon");
    struct topic *v;
    struct mod_settings s;
    size_t n = 0;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, ({
                         c->lang = SV("fr");
                         topic_list(c, com.id, &v, &n);
                     })));
    assert_int_equal(7, n);
    assert_true(sv_eq_z(v[0].code, "before-arrival") && sv_has(v[0].label, "arrivée"));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, moderation_settings(c, com.id, &s)));
    assert_int_equal(PERSONAL_HOLD, s.personal);
}

int main(void)
{
    (void)dbfix_engine();
#define T(f) cmocka_unit_test_setup_teardown(f, plan_set_up, town_tear_down)
    const struct CMUnitTest tests[] = {
        T(export_import_export_is_identical), T(presets_are_listed), T(pifi), T(r613), T(orsg), T(beacon)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
