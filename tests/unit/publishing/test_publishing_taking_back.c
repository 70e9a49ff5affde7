/* SPDX-License-Identifier: EUPL-1.2 */
/* A post that is taken down is taken back where it arrived, as far as each app lets us. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "unit/publishing/press.h"

enum { MANY = 230, FEW = 3 };
#define DAY1 "2026-02-10T10:00:11-07:00"

static void members(struct press *p, int64_t channel, const char *kind, int n)
{
    char chat[32];
    for (int i = 0; i < n; i++) {
        snprintf(chat, sizeof chat, "%s-%03d", kind, i);
        (void)press_member(p, channel, kind, chat, "fr");
    }
}

static struct progress progress_of(struct press *p, int64_t id, bool before)
{
    struct post post = press_post(p, id);
    struct community com;
    struct progress g = {0};
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, community_get(c, p->t.com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_progress(c, &com, &post, &g)));
    if (before)
        assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_can_take_back(c, &com, &post, &g)));
    return g;
}

static int64_t published(struct press *p)
{
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    press_go(p, DAY1);
    return id;
}

static void take_down(struct press *p, int64_t id)
{
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_cancel(c, id)));
}

struct asked {
    size_t said, deleted;
};
/* Whoever was asked to delete something was told it before, under the very id, and was asked once. */
static struct asked asked_of(struct press *p, int64_t channel)
{
    static struct chan_send v[SENT_KEPT];
    struct asked out = {0};
    size_t n = press_sent(p, channel, v, SENT_KEPT);
    for (size_t i = 0; i < n; i++) {
        bool said = false;
        out.said += v[i].op != OP_DELETE;
        out.deleted += v[i].op == OP_DELETE;
        for (size_t k = 0; k < i && v[i].op == OP_DELETE; k++) {
            said |= v[k].op != OP_DELETE && sv_eq(v[k].chat, v[i].chat);
            assert_false(v[k].op == OP_DELETE && sv_eq(v[k].chat, v[i].chat));
        }
        assert_true(v[i].op != OP_DELETE || (said && sv_starts(v[i].message_id, SV("p"))));
    }
    return out;
}

static void each_copy_is_asked_back_once_where_the_app_can(void **state)
{
    struct press *p = *state;
    members(p, APP, "telegram", MANY);
    members(p, SMS, "sms-kannel", FEW);
    int64_t id = published(p);
    struct progress g = progress_of(p, id, true);
    assert_true(g.can == MANY && g.stays == FEW && !g.ended);
    take_down(p, id);
    assert_true(progress_of(p, id, false).going_back);
    press_go(p, "2026-02-10T11:00-07:00");
    struct asked a = asked_of(p, APP);
    assert_true(a.said == MANY && a.deleted == MANY);
    a = asked_of(p, SMS);
    assert_true(a.said == FEW && a.deleted == 0);
    g = progress_of(p, id, false);
    assert_true(g.ended && g.asked_back && !g.going_back && g.backing == 0);
    assert_true(g.back == MANY && g.stays == FEW && g.sent == MANY + FEW);
    /* the same again, as after a crash before its commit: nobody is asked twice */
    town_as(&p->t, &actor_system);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_take_back(c, &(struct post){.id = id})));
    press_go(p, "2026-02-10T12:00-07:00");
    assert_int_equal(asked_of(p, APP).deleted, MANY);
}

/* Telegram deletes for 48 hours (chan_limit): what is older stays, and is not asked for. */
static void what_is_too_old_stays(void **state)
{
    struct press *p = *state;
    members(p, APP, "telegram", MANY);
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    work_set_rate(p->t.work, APP, 0.00001, 40); /* forty, and then nobody for long */
    press_go(p, DAY1);
    int64_t old = (int64_t)asked_of(p, APP).said;
    assert_in_range(old, 20, 40);
    work_set_rate(p->t.work, APP, 1e6, 1e6);
    press_go(p, "2026-02-11T10:00:11-07:00");
    assert_int_equal(asked_of(p, APP).said, MANY);
    p->t.f.now_ms = at("2026-02-12T10:00:12-07:00"); /* 48 hours and a second */
    struct progress g = progress_of(p, id, true);
    assert_true(g.can == MANY - old && g.stays == old);
    take_down(p, id);
    press_go(p, "2026-02-12T10:01-07:00");
    assert_int_equal(asked_of(p, APP).deleted, MANY - (size_t)old);
    g = progress_of(p, id, false);
    assert_true(g.back == MANY - old && g.stays == old);
}

static void stop_meanwhile(struct press *p, struct send_result *ret)
{
    struct post_filter f = {.community_id = p->t.com, .state = POST_PUBLISHING};
    struct post *v;
    size_t n;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_list(c, &f, &v, &n)));
    assert_int_equal(1, n);
    int64_t id = v[0].id;
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_cancel(c, id)));
    if (p->refuses < 0)
        *ret = (struct send_result){.cls = SEND_RETRY, .code = SV("503")};
}

/* Stopped while one is on its way: it arrives and is taken back, too. */
static void what_was_leaving_comes_back(void **state)
{
    struct press *p = *state;
    members(p, APP, "telegram", 1);
    p->during = stop_meanwhile;
    int64_t id = published(p);
    press_go(p, "2026-02-10T10:05-07:00");
    struct asked a = asked_of(p, APP);
    assert_true(a.said == 1 && a.deleted == 1);
    assert_int_equal(progress_of(p, id, false).back, 1);
}

/* … or the provider sends it back for another try: then it does not go. */
static void what_was_refused_meanwhile_does_not_go(void **state)
{
    struct press *p = *state;
    members(p, APP, "telegram", 1);
    p->during = stop_meanwhile;
    p->refuses = -1;
    int64_t id = published(p);
    press_go(p, "2026-02-10T10:00:14-07:00");
    press_go(p, "2026-02-10T11:05-07:00");
    struct asked a = asked_of(p, APP);
    assert_true(a.said == 1 && a.deleted == 0); /* said: the one try that was refused */
    struct progress g = progress_of(p, id, false);
    assert_true(g.n == 1 && g.v[0].cancelled == 1 && g.back == 0 && g.stays == 0 && !g.going_back);
}

static void groups_follow_and_so_does_what_was_hidden_in_the_conversation(void **state)
{
    struct press *p = *state;
    (void)town_telegram(&p->t, "-100200");
    members(p, APP, "telegram", FEW); /* read it in the group */
    int64_t id = published(p);
    assert_int_equal(asked_of(p, APP).said, 1);
    int64_t message = press_post(p, id).message_id;
    town_as(&p->t, p->t.as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, message_hide(c, message, SV("other"))));
    press_go(p, "2026-02-10T10:05-07:00");
    struct asked a = asked_of(p, APP);
    assert_true(a.said == 1 && a.deleted == 1);
    assert_int_equal(progress_of(p, id, false).back, 1);
    assert_int_equal(press_post(p, id).state, POST_CANCELLED);
}

/* KB-6: where the wrong post arrived it names its correction, in the reader's language and above its own words. */
static void copies_name_their_correction(void **state)
{
    struct press *p = *state;
    static struct chan_send v[SENT_KEPT];
    members(p, APP, "telegram", MANY);
    members(p, SMS, "sms-kannel", FEW);
    int64_t wrong = published(p), message = press_post(p, wrong).message_id, id = 0;
    struct post_words w = {.lang = SV("fr"), .title = SV("C’est gratuit"), .body = SV("L’inscription est gratuite.")};
    struct post_edit e = {.type = SV("correction"),
                          .source = SV("calgary.ca"),
                          .checked_on = SV("2026-02-02"),
                          .words = &w,
                          .n_words = 1,
                          .corrects = &message,
                          .n_corrects = 1};
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    press_publish(p, id);
    press_go(p, "2026-02-10T11:00-07:00");
    for (int again = 0; again < 2; again++) {
        size_t n = press_sent(p, APP, v, SENT_KEPT), marked = 0;
        for (size_t i = 0; i < n; i++) {
            marked += v[i].op == OP_MARK;
            assert_true(v[i].op != OP_MARK || (sv_starts(v[i].text, SV("Corrected, see: C’est gratuit\nhttps://")) &&
                                               sv_ends(v[i].text, SV("\n\n"
                                                                     "Bienvenue: Bonjour ?")) &&
                                               sv_starts(v[i].message_id, SV("p"))));
        }
        assert_int_equal(marked, MANY);
        assert_int_equal(press_sent(p, SMS, v, SENT_KEPT), 2 * FEW); /* both posts, nothing else */
        assert_int_equal(progress_of(p, wrong, false).marked, MANY);
        town_as(&p->t, &actor_system); /* the same again changes nothing */
        struct post k = press_post(p, id);
        assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_mark_corrected(c, &k)));
        press_go(p, "2026-02-10T11:05-07:00");
    }
}

static void an_end_takes_back_only_when_it_was_asked_to(void **state)
{
    struct press *p = *state;
    members(p, APP, "telegram", FEW);
    for (int there = 0; there < 2; there++) {
        struct post_words w = {.lang = SV("fr"), .body = SV("Jusqu’à midi")};
        struct post_edit e = {
            .type = SV("prompt"), .expires = SV("2026-02-10T12:00"), .delete_there = there, .words = &w, .n_words = 1};
        int64_t id = 0;
        p->t.f.now_ms = at("2026-02-10T10:00-07:00");
        town_as(&p->t, p->t.as_mod);
        assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
        press_publish(p, id);
        p->n_sent = 0;
        press_go(p, DAY1);
        press_go(p, "2026-02-10T12:01-07:00");
        assert_int_equal(press_post(p, id).state, POST_EXPIRED);
        assert_int_equal(asked_of(p, APP).deleted, there ? FEW : 0);
        struct progress g = progress_of(p, id, false);
        assert_true(g.asked_back == there && g.stays == (there ? 0 : FEW));
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, press_set_up, press_tear_down)
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        T(each_copy_is_asked_back_once_where_the_app_can),
        T(what_is_too_old_stays),
        T(what_was_leaving_comes_back),
        T(what_was_refused_meanwhile_does_not_go),
        T(groups_follow_and_so_does_what_was_hidden_in_the_conversation),
        T(copies_name_their_correction),
        T(an_end_takes_back_only_when_it_was_asked_to),
    };
    return cmocka_run_group_tests_name("publishing taking back", tests, NULL, NULL);
}
