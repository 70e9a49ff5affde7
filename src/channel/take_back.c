/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/take_back.h"

#include "channel/text_parts.h"

#define HOUR_MS INT64_C(3600000)

int64_t take_back_since(const struct chan_driver *d, int64_t now_ms)
{
    if (!d || !(d->caps & CAP_TAKE_BACK))
        return INT64_MAX;
    int64_t hours = chan_limit(d, "delete-hours");
    return hours ? now_ms - hours * HOUR_MS : 0;
}

static struct sv delete_key(struct ctx *c, int64_t id)
{
    return arena_fmt(c->arena, "delete:%lld", (long long)id);
}

enum pw_err take_back_send(struct ctx *c, const struct out_row *row, bool *ret_asked)
{
    struct chan_send was, s = {.op = OP_DELETE, .message_id = row->provider_id};
    int64_t out = 0;
    *ret_asked = false;
    enum pw_err e = row->provider_id.n ? channel_unqueue(c, row->channel_id, row->payload, &was) : PW_NOT_FOUND;
    if (e == PW_NOT_FOUND || e == PW_INTERNAL || (e == PW_OK && !was.chat.n))
        return PW_OK; /* it never left, or the reader is erased */
    PW_TRY(e);
    if (row->more_ids.n)
        s.message_id = arena_fmt(c->arena, "%.*s %.*s", SV_ARG(row->provider_id), SV_ARG(row->more_ids));
    s.chat = was.chat;
    *ret_asked = true;
    return channel_queue(c, row->channel_id, row->lane, &s, TAKE_BACK, row->subject_id, 0, delete_key(c, row->id),
                         &out);
}

/* Of one message, in UTF-16 units; 0: none. */
static size_t room_for(const struct chan_driver *d, bool caption)
{
    int64_t n = caption ? chan_limit(d, "caption-utf16-units") : chan_limit(d, "text-utf16-units");
    if (!n && !caption)
        n = chan_limit(d, "text-characters");
    return n > 0 ? (size_t)n : 0;
}

enum pw_err take_back_mark(struct ctx *c, const struct chan_driver *d, const struct out_row *row, take_back_words words,
                           void *self, int64_t key, bool *ret_asked)
{
    struct chan_send was;
    struct sv above;
    int64_t out = 0;
    *ret_asked = false;
    if (!d || !(d->caps & CAP_MARK) || !row->provider_id.n)
        return PW_OK;
    enum pw_err e = channel_unqueue(c, row->channel_id, row->payload, &was);
    if (e == PW_INTERNAL || (e == PW_OK && (!was.chat.n || (was.op != OP_TEXT && was.op != OP_FILE) || was.n_buttons)))
        return PW_OK;
    PW_TRY(e);
    bool caption = was.op == OP_FILE;
    size_t room = room_for(d, caption);
    struct sv rest = was.text, first = {0};
    if (room && (!caption || parts_units(was.text) <= room)) /* a longer text stands below its file */
        first = parts_cut(&rest, room);
    PW_TRY(words(self, c, was.lang, &above));
    struct chan_send s = {.op = OP_MARK,
                          .chat = was.chat,
                          .message_id = row->provider_id,
                          .file_kind = caption ? was.file_kind ? was.file_kind : FILE_OTHER : FILE_NONE,
                          .lang = was.lang,
                          .text = first.n ? arena_fmt(c->arena, "%.*s\n\n%.*s", SV_ARG(above), SV_ARG(first)) : above};
    if (!room || parts_units(s.text) > room)
        return PW_OK;
    *ret_asked = true;
    return channel_queue(c, row->channel_id, row->lane, &s, MARK, row->subject_id, 0,
                         arena_fmt(c->arena, "mark:%lld:%lld", (long long)row->id, (long long)key), &out);
}

enum pw_err take_back_marked(struct ctx *c, const struct out_row *mark)
{
    struct chan_send s;
    struct out_row was;
    bool back = false;
    if (!mark->provider_id.n)
        return PW_OK;
    PW_TRY(channel_unqueue(c, mark->channel_id, mark->payload, &s));
    enum pw_err e = outbox_by_provider(c->db, c->arena, mark->channel_id, s.message_id, &was);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(outbox_add_part(c->db, was.id, mark->provider_id));
    PW_TRY(outbox_has(c->db, delete_key(c, was.id), &back));
    return back ? take_back_send(c, mark, &back) : PW_OK;
}

enum pw_err take_back_next(struct ctx *c, const struct chan_driver *d, struct sv subject, int64_t subject_id,
                           int64_t channel_id, int64_t limit, struct take_back *io)
{
    struct out_row *v;
    size_t n;
    bool asked;
    int64_t since = take_back_since(d, c->now_ms);
    if (since == INT64_MAX) {
        io->done = true;
        return PW_OK;
    }
    PW_TRY(outbox_left_page(c->db, c->arena, subject, subject_id, channel_id, since, io->state, io->id, limit, &v, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(take_back_send(c, &v[i], &asked));
    if (n) {
        io->state = v[n - 1].state;
        io->id = v[n - 1].id;
    }
    io->done = (int64_t)n < limit;
    return PW_OK;
}
