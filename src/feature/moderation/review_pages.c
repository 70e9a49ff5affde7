/* SPDX-License-Identifier: EUPL-1.2 */
/* The review queue (SAFE-1, MOD-6, MOD-8, MOD-11, CNS-6): reports, appeals, offers and join requests by urgency; one
 * item with its conversation and the person's sanctions beside the list. */
#include "base/id.h"
#include "feature/moderation/auto_store.h"
#include "feature/moderation/moderation_pages.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/moderation_view.h"
#include "ui/web.h"
#include "views_moderation.h"

enum { JOINS_SHOWN = 100, BEFORE = 4 };

/* ---- the list ---- */

static void read_filter(const struct http_req *q, struct review_view *v)
{
    enum mod_item_kind kind;
    struct sv code = http_text(q, "kind");
    char id[ID_TEXT + 1];
    v->filter =
        (struct review_filter){.community_id = http_int(q, "community"), .kind = -1, .done = http_int(q, "done") != 0};
    if (mod_item_kind_parse(code, &kind))
        v->filter.kind = (int)kind;
    v->only_joins = sv_eq_z(code, "join");
    struct sv keep = code.n ? arena_fmt(q->arena, "kind=%.*s", SV_ARG(code)) : v->filter.done ? SV("done=1") : SV("");
    if (v->filter.community_id)
        keep = arena_fmt(q->arena, "%.*s%scommunity=%s", SV_ARG(keep), keep.n ? "&" : "",
                         id_text(v->filter.community_id, id).p);
    v->keep = keep.n ? arena_fmt(q->arena, "?%.*s", SV_ARG(keep)) : (struct sv){0};
}

static struct sv name_of(const struct review_view *v, int64_t community_id)
{
    for (size_t i = 0; i < v->n_coms; i++)
        if (v->coms[i].id == community_id)
            return v->coms[i].words.name;
    return (struct sv){0};
}

/* Join requests stand behind what has a clock: who admits sees them in the same list. */
static enum pw_err add_joins(struct ctx *c, struct review_view *v, struct review_row *rows, size_t *io_n)
{
    for (size_t i = 0; i < v->n_coms; i++) {
        struct join_request *j;
        size_t n;
        if (v->filter.community_id && v->coms[i].id != v->filter.community_id)
            continue;
        enum pw_err e = join_list(c, v->coms[i].id, JOINS_SHOWN, &j, &n);
        if (e == PW_DENIED || e == PW_NOT_FOUND)
            continue; /* works there, but does not admit */
        PW_TRY(e);
        v->joins += (int64_t)n;
        bool wanted = !v->filter.done && v->filter.kind < 0;
        for (size_t k = 0; wanted && k < n && *io_n < 2 * JOINS_SHOWN; k++)
            rows[(*io_n)++] = (struct review_row){.join = &j[k], .com_name = v->coms[i].words.name};
    }
    return PW_OK;
}

static enum pw_err load_list(struct http_req *q, struct review_view *v)
{
    struct ctx *c = q->ctx;
    struct community *coms;
    struct mod_item *items = NULL;
    size_t n = 0, k = 0;
    read_filter(q, v);
    PW_TRY(community_mine(c, &coms, &v->n_coms));
    v->coms = coms;
    PW_TRY(review_count(c, v->filter.community_id, &v->counts));
    if (!v->only_joins)
        PW_TRY(review_list(c, &v->filter, &items, &n));
    struct review_row *rows = arena_array(c->arena, struct review_row, n + 2 * JOINS_SHOWN);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < n; i++)
        rows[k++] = (struct review_row){.item = items[i], .com_name = name_of(v, items[i].community_id)};
    PW_TRY(add_joins(c, v, rows, &k));
    v->rows = rows;
    v->n = k;
    return PW_OK;
}

static enum pw_err show(struct http_req *q, struct http_res *r, struct review_view *v)
{
    PW_TRY(load_list(q, v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("To review"));
    if (v->com.zone.n)
        pg.zone = v->com.zone;
    view_review(&pg, v);
    return page_end(&pg, r);
}

enum pw_err review_get(struct http_req *q, struct http_res *r)
{
    struct review_view v = {0};
    return show(q, r, &v);
}

/* ---- one item ---- */

/* The reported message with what was said before it; nothing when the reader may not read that conversation. */
static enum pw_err load_around(struct ctx *c, const struct mod_item *it, struct review_view *v)
{
    struct message m, *rows;
    size_t n;
    enum pw_err e = it->message_id ? message_get(c, it->message_id, &m) : PW_NOT_FOUND;
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    if (m.thread_id) {
        struct message *one = arena_array(c->arena, struct message, 1);
        if (!one)
            return PW_INTERNAL;
        *one = m;
        v->around = one;
        v->n_around = 1;
        return PW_OK;
    }
    PW_TRY(message_stream(c, it->community_id, m.shown_ms, m.id + 1, BEFORE, &rows, &n));
    for (size_t i = 0; i < n / 2; i++) { /* newest first → oldest first */
        struct message swap = rows[i];
        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = swap;
    }
    v->around = rows;
    v->n_around = n;
    return PW_OK;
}

static enum pw_err show_item(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct review_view v = {.reason = http_kept(q, "reason"), .note = http_kept(q, "note")};
    struct mod_item *it = arena_new(q->arena, struct mod_item);
    struct mod_action *a = arena_new(q->arena, struct mod_action), *strikes;
    if (!it || !a)
        return PW_INTERNAL;
    PW_TRY(moderation_item(c, q->arg[0], it));
    PW_TRY(community_get(c, it->community_id, &v.com));
    PW_TRY(load_around(c, it, &v));
    bool about_sender = it->kind == ITEM_APPEAL || it->kind == ITEM_READMISSION;
    int64_t person = about_sender ? it->from_person : it->about;
    if (person) {
        PW_TRY(moderation_log(c, it->community_id, person, 0, 20, &strikes, &v.n_strikes));
        v.strikes = strikes;
    }
    if (it->action_id) {
        PW_TRY(moderation_action(c, it->action_id, a));
        v.action = a;
    }
    struct wave wave = {0};
    enum pw_err w = wave_last(c, it->community_id, &wave);
    if (w != PW_OK && w != PW_NOT_FOUND)
        return w;
    v.wave_shut = wave.item_id == it->id && !wave.simulated && wave.until_ms > c->now_ms;
    v.may_decide = may_decide(c->actor->person_id, it->hidden_from, it->about, it->from_person);
    v.open = it;
    return show(q, r, &v);
}

enum pw_err review_item_get(struct http_req *q, struct http_res *r)
{
    return show_item(q, r);
}

/* ---- decisions ---- */

static enum pw_err decided(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid)
{
    if (e == PW_INVALID && q->problems.n)
        return show_item(q, r);
    if (e == PW_CONFLICT)
        return page_done(q, r, SV("/review"), N_("Somebody else decided this first."));
    PW_TRY(e);
    return page_done(q, r, SV("/review"), msgid);
}

enum pw_err review_close_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : report_close(q->ctx, q->arg[0], http_int(q, "helped") != 0, http_text(q, "reason"));
    return decided(q, r, e, N_("The report is closed and the person was told."));
}

enum pw_err review_decide_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e =
        q->problems.n ? PW_INVALID
                      : appeal_decide(q->ctx, q->arg[0], sv_eq_z(http_text(q, "grant"), "yes"), http_text(q, "reason"));
    return decided(q, r, e, N_("Decided. The person was told, with your reason."));
}

enum pw_err review_personal_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e =
        q->problems.n ? PW_INVALID : personal_decide(q->ctx, q->arg[0], sv_eq_z(http_text(q, "show"), "yes"));
    return decided(q, r, e, N_("Decided."));
}

enum pw_err review_decline_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : opportunity_decline(q->ctx, q->arg[0], http_text(q, "reason"));
    return decided(q, r, e, N_("Decided. The person was told, with your reason."));
}

enum pw_err review_note_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : moderation_item_note(q->ctx, q->arg[0], http_text(q, "note"));
    if (e == PW_INVALID && q->problems.n)
        return show_item(q, r);
    PW_TRY(e);
    return page_done(q, r, item_path(q->ctx, q->arg[0]), N_("The note is saved."));
}
