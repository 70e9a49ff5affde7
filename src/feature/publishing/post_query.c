/* SPDX-License-Identifier: EUPL-1.2 */
/* What is read of posts: lists, what members see, whom a post reaches and how far it is. */
#include <stdlib.h>

#include "channel/registry.h"
#include "core/document.h"
#include "feature/publishing/publishing_room.h"

enum { LIST_MAX = 200, LINES_MAX = 32, RESOURCES_MAX = 200 };

enum pw_err post_list(struct ctx *c, const struct post_filter *f, struct post **ret, size_t *ret_n)
{
    struct community com;
    struct post_filter own = *f;
    PW_TRY(need_moderate(c, f->community_id, &com));
    if (own.limit < 1 || own.limit > LIST_MAX)
        own.limit = 50;
    return post_rows(c, &own, ret, ret_n);
}

static int by_time(const void *a, const void *b)
{
    const struct post_date *x = a, *y = b;
    return x->at_ms != y->at_ms ? (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms) : x->ends - y->ends;
}

enum pw_err post_calendar(struct ctx *c, int64_t community_id, struct post_date **ret, size_t *ret_n)
{
    struct community com;
    struct post *p;
    size_t n, k = 0;
    PW_TRY(need_moderate(c, community_id, &com));
    PW_TRY(post_rows_to_come(c, community_id, LIST_MAX, &p, &n));
    struct post_date *v = arena_array(c->arena, struct post_date, 2 * n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        if (p[i].state == POST_SCHEDULED)
            v[k++] = (struct post_date){p[i], p[i].starts_ms, false};
        if (p[i].expires_ms)
            v[k++] = (struct post_date){p[i], p[i].expires_ms, true};
    }
    if (k)
        qsort(v, k, sizeof *v, by_time);
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

enum pw_err post_counts(struct ctx *c, int64_t community_id, struct post_count **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(need_moderate(c, community_id, &com));
    return post_count_rows(c, community_id, ret, ret_n);
}

enum pw_err post_languages(struct ctx *c, const struct post *p, struct post_words **ret, size_t *ret_n)
{
    struct community com;
    struct post_words *v = arena_array(c->arena, struct post_words, POST_LANGS_MAX);
    struct sv rest, lang;
    size_t n = 0;
    PW_TRY(need_moderate(c, p->community_id, &com));
    if (!v)
        return PW_UNAVAILABLE;
    rest = com.languages;
    while (n < POST_LANGS_MAX && sv_cut(&rest, ' ', &lang)) {
        struct doc_text t;
        if (!lang.n)
            continue;
        v[n] = (struct post_words){.lang = lang};
        enum pw_err e = doc_read(c, p->doc_id, lang, 0, &t);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        if (e == PW_OK && sv_eq(t.lang, lang))
            v[n] = (struct post_words){.lang = lang,
                                       .title = t.title,
                                       .body = t.body,
                                       .is_source = sv_eq(t.source_lang, lang),
                                       .out_of_date = t.out_of_date,
                                       .written = true};
        n++;
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err post_corrects(struct ctx *c, int64_t post_id, struct message **ret, size_t *ret_n)
{
    int64_t *ids;
    size_t n, k = 0;
    PW_TRY(correction_rows(c, post_id, &ids, &n));
    struct message *v = arena_array(c->arena, struct message, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        enum pw_err e = message_get(c, ids[i], &v[k]);
        if (e != PW_OK && e != PW_NOT_FOUND) /* taken away since: nothing to show */
            return e;
        k += e == PW_OK;
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

/* ---- what members read ---- */

static enum pw_err need_reader(struct ctx *c, const struct community *com)
{
    struct publishing_setting s;
    PW_TRY(press_setting_row(c, com->id, &s));
    bool open = s.public_pages && com->visibility == COM_LISTED && com->status >= COM_LIVE;
    return open ? PW_OK : need_member_or_staff(c, com);
}

enum pw_err post_shown_list(struct ctx *c, const struct community *com, struct sv type, int64_t before_ms,
                            int64_t before_id, int64_t limit, struct post **ret, size_t *ret_n)
{
    PW_TRY(need_reader(c, com));
    return post_rows_shown(c, com->id, type, before_ms, before_id, limit > 0 && limit <= LIST_MAX ? limit : 20, ret,
                           ret_n);
}

enum pw_err post_shown(struct ctx *c, const struct community *com, int64_t id, struct post *ret)
{
    struct post p;
    PW_TRY(post_row(c, id, &p));
    if (p.community_id != com->id || !post_is_shown(p.state))
        return PW_NOT_FOUND;
    PW_TRY(need_reader(c, com));
    *ret = p;
    return PW_OK;
}

enum pw_err resources_of(struct ctx *c, const struct community *com, struct resources *ret)
{
    struct resources out = {0};
    struct post *v;
    size_t n;
    PW_TRY(need_reader(c, com));
    PW_TRY(kb_list(c, com->id, (struct sv){0}, 0, RESOURCES_MAX, &out.entries, &out.n_entries));
    PW_TRY(post_rows_shown(c, com->id, (struct sv){0}, 0, 0, RESOURCES_MAX, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (post_needs_source(v[i].type)) /* facts only: no prompts, no letters */
            v[out.n_posts++] = v[i];
    out.posts = v;
    /* By topic, in the order they were written: lists are short, an insertion keeps equal ones in place. */
    for (size_t i = 1; i < out.n_entries; i++) {
        struct kb_entry e = out.entries[i];
        size_t k = i;
        for (; k > 0 && sv_cmp(out.entries[k - 1].topic, e.topic) > 0; k--)
            out.entries[k] = out.entries[k - 1];
        out.entries[k] = e;
    }
    *ret = out;
    return PW_OK;
}

/* ---- whom it reaches ---- */

static struct audience_line *line_of(struct audience *a, int64_t channel_id, struct sv kind)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].channel_id == channel_id)
            return &a->v[i];
    if (a->n == LINES_MAX)
        return NULL;
    a->v[a->n] = (struct audience_line){.channel_id = channel_id, .kind = kind};
    return &a->v[a->n++];
}

enum pw_err post_audience(struct ctx *c, const struct community *com, const struct post *p, struct audience *ret)
{
    struct audience_part *parts;
    struct community_channel *places;
    size_t n_parts, n_places;
    struct audience a = {.v = arena_array(c->arena, struct audience_line, LINES_MAX)};
    struct sv main = lang_main(com->languages);
    if (!a.v)
        return PW_UNAVAILABLE;
    PW_TRY(audience_parts(c, com->id, &parts, &n_parts));
    PW_TRY(community_channels(c, com->id, &places, &n_places));
    for (size_t i = 0; i < n_places; i++) {
        bool wanted = !p->only_channel.n || sv_eq(p->only_channel, places[i].kind);
        if (!places[i].chat.n || sv_eq_z(places[i].kind, "web") || !wanted ||
            (p->only_lang.n && !sv_eq(p->only_lang, main)))
            continue;
        struct audience_line *l = line_of(&a, places[i].channel_id, places[i].kind);
        if (l) {
            l->groups++;
            a.groups++;
        }
    }
    for (size_t i = 0; i < n_parts; i++) {
        bool web = !parts[i].channel_id || sv_eq_z(parts[i].kind, "web");
        struct sv kind = web ? SV("web") : parts[i].kind;
        enum reach how =
            reach_of(web, has_group_on(places, n_places, parts[i].channel_id), parts[i].lang, main, p->only_lang);
        if (how == REACH_NOT || (p->only_channel.n && !sv_eq(p->only_channel, kind)))
            continue;
        struct audience_line *l = line_of(&a, web ? 0 : parts[i].channel_id, kind);
        if (!l)
            continue;
        l->page += how == REACH_PAGE ? parts[i].n : 0;
        l->in_group += how == REACH_GROUP ? parts[i].n : 0;
        l->alone += how == REACH_ALONE ? parts[i].n : 0;
        a.people += parts[i].n;
    }
    *ret = a;
    return PW_OK;
}

/* ---- how far it is ---- */

static void count_sends(const struct out_count *counts, size_t n, struct progress_line *l)
{
    for (size_t i = 0; i < n; i++) {
        if (counts[i].channel_id != l->channel_id)
            continue;
        switch (counts[i].state) {
        case OUT_SENT:
        case OUT_DELIVERED:
        case OUT_READ:
            l->sent += counts[i].n;
            break;
        case OUT_FAILED:
            l->failed += counts[i].n;
            break;
        case OUT_IN_DOUBT:
            l->in_doubt += counts[i].n;
            break;
        case OUT_BY_HAND:
            l->by_hand += counts[i].n;
            break;
        case OUT_CANCELLED:
            l->cancelled += counts[i].n;
            break;
        default:
            l->waiting += counts[i].n;
        }
    }
}

static int64_t left(const struct progress_line *l)
{
    return l->sent + l->in_doubt;
}

/* What became of the requests to take copies back; how many of them a person carries out, in a group by hand. */
static int64_t count_back(const struct out_count *counts, size_t n, struct progress_line *l)
{
    struct progress_line back = {.channel_id = l->channel_id};
    count_sends(counts, n, &back);
    l->back = back.sent;
    l->backing = back.waiting;
    l->stays = left(l) - back.sent - back.waiting - back.by_hand;
    return back.by_hand;
}

enum pw_err post_can_take_back(struct ctx *c, const struct community *com, const struct post *p, struct progress *io)
{
    struct audience a;
    PW_TRY(post_audience(c, com, p, &a));
    io->can = io->stays = 0;
    for (size_t i = 0; i < io->n; i++) {
        struct progress_line *l = &io->v[i];
        const struct chan_driver *d = chan_driver_of(l->kind);
        int64_t since = take_back_since(d, c->now_ms);
        l->can = 0;
        if (since != INT64_MAX)
            PW_TRY(outbox_left_bulk(c->db, SV("message"), p->message_id, l->channel_id, since, &l->can));
        for (size_t k = 0; k < a.n && since == INT64_MAX && d && d->caps & CAP_DELETE; k++)
            if (a.v[k].channel_id == l->channel_id) /* in groups only */
                l->can = a.v[k].groups < left(l) ? a.v[k].groups : left(l);
        l->stays = left(l) - l->can;
        io->can += l->can;
        io->stays += l->stays;
    }
    return PW_OK;
}

enum pw_err post_progress(struct ctx *c, const struct community *com, const struct post *p, struct progress *ret)
{
    struct lane *lanes;
    struct out_count *counts, *back, *waits, *marks;
    struct audience a;
    size_t n, n_counts, n_back, n_waits, n_marks;
    PW_TRY(lane_rows(c, p->id, &lanes, &n));
    PW_TRY(outbox_count_bulk(c->db, c->arena, SV("message"), p->message_id, &counts, &n_counts));
    PW_TRY(outbox_waits_bulk(c->db, c->arena, SV("message"), p->message_id, &waits, &n_waits));
    PW_TRY(outbox_count_bulk(c->db, c->arena, TAKE_BACK, p->message_id, &back, &n_back));
    PW_TRY(outbox_count_bulk(c->db, c->arena, MARK, p->message_id, &marks, &n_marks));
    PW_TRY(post_audience(c, com, p, &a));
    struct progress out = {.v = arena_array(c->arena, struct progress_line, n + 1),
                           .n = n,
                           .paused = p->paused,
                           .done = p->state != POST_PUBLISHING,
                           .ended = p->ended_ms != 0};
    if (!out.v)
        return PW_UNAVAILABLE;
    if (p->state == POST_PUBLISHING && !p->paused)
        PW_TRY(quiet_until_ms(c, com, p, &out.quiet_until_ms));
    for (size_t i = 0; i < n_marks; i++)
        out.marked += marks[i].state == OUT_SENT ? marks[i].n : 0;
    for (size_t i = 0; i < n; i++) {
        struct progress_line *l = &out.v[i];
        *l = (struct progress_line){.channel_id = lanes[i].channel_id,
                                    .kind = lanes[i].kind,
                                    .skipped = lanes[i].skipped,
                                    .in_group = lanes[i].in_group};
        count_sends(counts, n_counts, l);
        for (size_t k = 0; k < n_waits; k++)
            l->shut += waits[k].channel_id == l->channel_id ? waits[k].n : 0;
        l->waiting -= l->shut;
        if (out.ended)
            out.by_hand += count_back(back, n_back, l);
        out.asked_back |= lanes[i].back != BACK_NOT;
        out.going_back |= lanes[i].back == BACK_GOING;
        for (size_t k = 0; k < a.n && !lanes[i].done && p->state == POST_PUBLISHING; k++)
            if (a.v[k].channel_id == l->channel_id) /* people not looked at yet; who joins meanwhile is among them */
                l->to_come = a.v[k].alone - lanes[i].alone - lanes[i].skipped;
        if (l->to_come < 0)
            l->to_come = 0;
        out.settled += l->sent + l->failed + l->in_doubt + l->cancelled;
        out.total += l->to_come + l->waiting + l->by_hand;
        out.by_hand += l->by_hand;
        out.shut += l->shut;
        out.sent += l->sent;
        out.failed += l->failed;
        out.in_doubt += l->in_doubt;
        out.back += l->back;
        out.backing += l->backing;
        out.stays += l->stays;
    }
    out.total += out.settled;
    *ret = out;
    return PW_OK;
}

/* ---- settings ---- */

enum pw_err publishing_setting_get(struct ctx *c, int64_t community_id, struct publishing_setting *ret)
{
    return press_setting_row(c, community_id, ret);
}

enum pw_err publishing_setting_set(struct ctx *c, const struct publishing_setting *in)
{
    struct community com;
    struct publishing_setting s = *in, old;
    PW_TRY(need_admin(c, in->community_id, &com));
    if (s.quiet_from < 0 || s.quiet_from > 1439)
        NOTED(problem_add(c->problems, "quiet_from", N_("Give a time of the day, like 21:00.")));
    if (s.quiet_until < 0 || s.quiet_until > 1439)
        NOTED(problem_add(c->problems, "quiet_until", N_("Give a time of the day, like 21:00.")));
    if (s.silence_days < 0 || s.silence_days > 365)
        NOTED(problem_add(c->problems, "silence_days", N_("Between 0 (never) and 365 days.")));
    if (c->problems->n)
        return PW_INVALID;
    PW_TRY(press_setting_row(c, com.id, &old));
    s.silent_ms = s.silence_days ? old.silent_ms : 0;
    PW_TRY(press_setting_put(c, &s));
    PW_TRY(day_timer(c, &com));
    return note_fact(c, "publishing.settings", "community", com.id, com.id, (struct sv){0});
}
