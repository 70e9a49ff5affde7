/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/publishing/press.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/id.h"
#include "channel/registry.h"
#include "core/people.h"
#include "feature/community/membership_store.h"

static void note_send(void *self, struct arena *a, const struct out_row *row, struct send_result *ret)
{
    struct press *p = self;
    if (row->channel_id == p->refuses) {
        *ret = (struct send_result){.cls = SEND_RETRY, .pause_lane = true, .retry_after_ms = 60000, .code = SV("429")};
        return;
    }
    if (p->shut > 0) {
        p->shut--;
        *ret = (struct send_result){.cls = SEND_WAITS, .code = SV("window")};
        return;
    }
    assert_true(p->n_sent < SENT_KEPT);
    p->sent[p->n_sent++] = row->id;
    *ret = (struct send_result){.cls = SEND_OK, .provider_id = arena_fmt(a, "p%lld", (long long)row->id)};
    if (p->during) {
        void (*during)(struct press *, struct send_result *) = p->during;
        p->during = NULL;
        during(p, ret);
    }
}

int press_set_up(void **state)
{
    struct press *p = calloc(1, sizeof *p);
    struct town_plan plan = {.languages = SV("fr ar en")};
    town_open(&p->t, &plan);
    ctxfix_migrate(&p->t.f, publishing_migrations, publishing_migrations_n);
    publishing_register(p->t.work);
    work_on_send(p->t.work, note_send, NULL, p);
    work_set_rate(p->t.work, SMS, 1e6, 1e6);
    work_set_rate(p->t.work, APP, 1e6, 1e6);
    *state = p;
    return 0;
}

int press_tear_down(void **state)
{
    struct press *p = *state;
    town_close(&p->t);
    free(p);
    return 0;
}

static enum pw_err make_member(struct ctx *c, int64_t com, int64_t channel, struct sv kind, struct sv chat,
                               struct sv lang, int64_t *ret)
{
    struct person_new pn = {.display_name = chat, .lang = lang};
    struct identity id;
    PW_TRY(identity_ensure(c, channel, chat, &pn, &id));
    PW_TRY(identity_set_private_chat(c, id.id, chat));
    struct membership m = {.id = id_new(),
                           .community_id = com,
                           .person_id = id.person_id,
                           .state = MEMBER_ACTIVE,
                           .lang = lang,
                           .channel_id = channel,
                           .channel_kind = kind,
                           .accepted_ms = c->now_ms,
                           .joined_ms = c->now_ms};
    PW_TRY(membership_put(c, &m));
    *ret = id.person_id;
    return PW_OK;
}

int64_t press_member(struct press *p, int64_t channel, const char *kind, const char *chat, const char *lang)
{
    int64_t person = 0;
    town_as(&p->t, &actor_system);
    assert_int_equal(
        PW_OK, CTX_ACT(&p->t.f, make_member(c, p->t.com, channel, sv_of(kind), sv_of(chat), sv_of(lang), &person)));
    return person;
}

int64_t press_draft(struct press *p, const char *type, const char *title, const char *body)
{
    struct post_words w = {.lang = SV("fr"), .title = sv_of(title), .body = sv_of(body)};
    struct post_edit e = {.type = sv_of(type), .words = &w, .n_words = 1};
    int64_t id = 0;
    if (post_needs_source(e.type)) {
        e.source = SV("calgary.ca");
        e.checked_on = SV("2026-02-02");
    }
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    return id;
}

struct post press_post(struct press *p, int64_t id)
{
    struct post post = {0};
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_get(c, id, &post)));
    return post;
}

void press_publish(struct press *p, int64_t id)
{
    struct post post = press_post(p, id);
    struct community com;
    struct audience a = {0};
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, community_get(c, p->t.com, &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_audience(c, &com, &post, &a)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_publish(c, id, a.people)));
}

void press_go(struct press *p, const char *when)
{
    size_t done = 1;
    p->t.f.now_ms = at(when);
    for (int i = 0; i < 400 && done; i++)
        assert_int_equal(PW_OK, work_run_once(p->t.work, p->t.f.now_ms, &done));
}

static enum pw_err open_rows(struct ctx *c, const int64_t *ids, size_t n_ids, int64_t channel, struct chan_send *v,
                             size_t max, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < n_ids && n < max; i++) {
        struct out_row row;
        PW_TRY(outbox_get(c->db, c->arena, ids[i], &row));
        if (row.channel_id == channel)
            PW_TRY(channel_unqueue(c, channel, row.payload, &v[n++]));
    }
    *ret_n = n;
    return PW_OK;
}

size_t press_sent(struct press *p, int64_t channel, struct chan_send *v, size_t max)
{
    size_t n = 0;
    town_as(&p->t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, open_rows(c, p->sent, p->n_sent, channel, v, max, &n)));
    return n;
}
