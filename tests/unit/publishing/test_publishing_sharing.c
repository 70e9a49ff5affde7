/* SPDX-License-Identifier: EUPL-1.2 */
/* Copies between communities (KB-7): offered, adopted, shown as changed, taken over, detached. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unit/publishing/press.h"

struct two { /* a second community with its own moderator, who does not belong to the first */
    int64_t com, mod;
    const struct actor *as_mod;
};

static struct two second(struct press *p)
{
    struct two s = {.mod = ctxfix_person(&p->t.f, "Sami")};
    struct community_edit e = {.slug = SV("ailleurs"),
                               .languages = SV("ar en"),
                               .zone = SV("America/Edmonton"),
                               .calendar = SV("none"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .moderation = SV("full"),
                               .clock_mode = SV("deferred"),
                               .owner_org = p->t.org};
    struct community_words w = {.lang = SV("ar"), .name = SV("هناك")};
    struct grant g = {.person_id = s.mod, .role = ROLE_MODERATOR, .scope = SCOPE_COMMUNITY};
    int64_t id = 0, version = 0;
    town_as(&p->t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, community_create(c, &e, &w, &s.com)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, community_write_document(c, s.com, DOC_GUIDELINES, SV("ar"), SV("ق"),
                                                                      SV("ق"), true, &version)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, community_write_document(c, s.com, DOC_WELCOME, SV("ar"), SV("أ"), SV("أ"),
                                                                      true, &version)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, community_set_status(c, s.com, SV("live"), (struct sv){0})));
    g.scope_id = s.com;
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, grant_give(c, &g, &id)));
    s.as_mod = ctxfix_staff(&p->t.f, s.mod, &g, 1);
    return s;
}

static int64_t entry(struct press *p)
{
    struct kb_edit e = {.lang = SV("fr"),
                        .topic = SV("health"),
                        .question = SV("Où est la clinique ?"),
                        .answer = SV("Rue 9."),
                        .source = SV("ahs.ca"),
                        .checked_on = SV("2026-02-02"),
                        .is_source = true,
                        .publish = true};
    int64_t id = 0;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, kb_create(c, p->t.com, &e, &id)));
    e.lang = SV("ar");
    e.question = SV("أين العيادة؟");
    e.answer = SV("شارع 9.");
    e.is_source = false;
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, kb_write(c, id, &e)));
    return id;
}

static struct shared_item the_item(struct press *p, const struct two *s)
{
    struct shared_item *v;
    size_t n = 0;
    town_as(&p->t, s->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, shared_list(c, s->com, &v, &n)));
    assert_int_equal(n, 1);
    return v[0];
}

/* KB-7 */
static void a_copied_answer_shows_that_its_original_changed(void **state)
{
    struct press *p = *state;
    struct two s = second(p);
    int64_t id = entry(p), copy = 0;
    struct kb_entry k;
    struct copy_view view;
    town_as(&p->t, s.as_mod); /* not theirs to offer */
    assert_int_not_equal(PW_OK, CTX_ACT(&p->t.f, share_item(c, ITEM_ENTRY, id, true)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&p->t.f, shared_adopt(c, s.com, ITEM_ENTRY, id, &copy)));
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, share_item(c, ITEM_ENTRY, id, true)));
    town_as(&p->t, s.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, shared_adopt(c, s.com, ITEM_ENTRY, id, &copy)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&p->t.f, shared_adopt(c, s.com, ITEM_ENTRY, id, &copy)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, kb_get(c, copy, &k)));
    assert_int_equal(k.community_id, s.com);
    assert_true(sv_eq_z(k.answer, "شارع 9.")); /* the languages both have */
    assert_true(sv_eq_z(k.source, "ahs.ca"));
    assert_false(the_item(p, &s).changed);
    /* the original changes */
    p->t.f.now_ms = at("2026-02-11T10:00-07:00");
    struct kb_edit e = {.lang = SV("ar"),
                        .question = SV("أين العيادة؟"),
                        .answer = SV("شارع 10. مجانًا."),
                        .source = SV("ahs.ca"),
                        .checked_on = SV("2026-02-10")};
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, kb_write(c, id, &e)));
    press_go(p, "2026-02-11T10:01-07:00");
    assert_true(town_notice(&p->t, s.mod, "The original of something you copied has changed: {0}"));
    struct shared_item item = the_item(p, &s);
    assert_true(item.changed);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, adoption_view(c, item.adoption, &view)));
    assert_int_equal(view.n_langs, 1);
    size_t gone = 0, fresh = 0;
    for (size_t i = 0; i < view.langs[0].n; i++) {
        gone += view.langs[0].v[i].what == DIFF_GONE;
        fresh += view.langs[0].v[i].what == DIFF_NEW;
    }
    assert_true(gone > 0 && fresh > 0);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, adoption_take(c, item.adoption)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, kb_get(c, copy, &k)));
    assert_true(sv_eq_z(k.answer, "شارع 10. مجانًا."));
    assert_false(the_item(p, &s).changed);
    /* on its own from here */
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, adoption_detach(c, item.adoption)));
    p->t.f.now_ms = at("2026-02-12T10:00-07:00");
    e.answer = SV("شارع 11.");
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, kb_write(c, id, &e)));
    item = the_item(p, &s);
    assert_true(item.detached && !item.changed);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&p->t.f, adoption_take(c, item.adoption)));
}

static void a_copied_post_is_a_draft_of_the_local_moderators(void **state)
{
    struct press *p = *state;
    struct two s = second(p);
    int64_t id = press_draft(p, "information", "Impôts", "Avant avril."), copy = 0;
    struct post local;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_translate(c, id, SV("ar"), SV("الضرائب"), SV("قبل أبريل."))));
    assert_int_equal(PW_CONFLICT,
                     CTX_ACT(&p->t.f, share_item(c, ITEM_POST, id, true))); /* only what is out is offered */
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, share_item(c, ITEM_POST, id, true)));
    town_as(&p->t, s.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, shared_adopt(c, s.com, ITEM_POST, id, &copy)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_get(c, copy, &local)));
    assert_int_equal(local.state, POST_DRAFT);
    assert_true(sv_eq_z(local.body, "قبل أبريل."));
    assert_true(sv_eq_z(local.source, "calgary.ca"));
    /* a language that comes later is offered, and taken over */
    p->t.f.now_ms = at("2026-02-10T11:00-07:00");
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_translate(c, id, SV("en"), SV("Taxes"), SV("Before April."))));
    struct shared_item item = the_item(p, &s);
    assert_true(item.changed);
    /* whom the copy reaches and when is decided here: taking words over leaves that alone */
    struct post_words own = {.lang = SV("ar"), .title = SV("الضرائب"), .body = SV("قبل أبريل.")};
    struct post_edit e = {.type = SV("information"),
                          .source = SV("calgary.ca"),
                          .checked_on = SV("2026-02-02"),
                          .only_lang = SV("ar"),
                          .starts = SV("2026-02-12T09:00"),
                          .pinned = SV("2026-02-20"),
                          .urgent = true,
                          .words = &own,
                          .n_words = 1};
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_write(c, copy, &e)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, adoption_take(c, item.adoption)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_get(c, copy, &local)));
    assert_true(sv_eq_z(local.only_lang, "ar") && local.starts_ms == at("2026-02-12T09:00-07:00") && local.urgent &&
                local.pinned_until_ms);
    struct post_words *w;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_languages(c, &local, &w, &n)));
    assert_int_equal(n, 2);
    assert_true(w[0].written && w[1].written);
    /* the original is withdrawn: its copy says so */
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_cancel(c, id)));
    assert_true(the_item(p, &s).gone);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, press_set_up, press_tear_down)
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        T(a_copied_answer_shows_that_its_original_changed),
        T(a_copied_post_is_a_draft_of_the_local_moderators),
    };
    return cmocka_run_group_tests_name("publishing sharing", tests, NULL, NULL);
}
