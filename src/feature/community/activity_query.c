/* SPDX-License-Identifier: EUPL-1.2 */
/* Activity of a time, counted by language and channel (EVAL-1, EVAL-2). Comings and goings and questions are counted by
 * the database; messages are walked through once, because one pass gives them by author, type and hour together. */
#include <string.h>

#include "feature/community/community_room.h"

DB_STMT(activity_joined, "SELECT lang, channel_kind, count(*) FROM membership_spell "
                         "WHERE community_id = $1 AND joined_ms >= $2 AND joined_ms < $3 GROUP BY lang, channel_kind");
DB_STMT(activity_members,
        "SELECT lang, channel_kind, count(*) FROM membership_spell WHERE community_id = $1 AND joined_ms < $2 "
        "AND (ended_ms IS NULL OR ended_ms >= $2) GROUP BY lang, channel_kind");
DB_STMT(activity_ended,
        "SELECT lang, channel_kind, count(*), end_state, CASE WHEN end_reason = 'silent' THEN 1 ELSE 0 END "
        "FROM membership_spell WHERE community_id = $1 AND ended_ms IS NOT NULL AND ended_ms >= $2 AND ended_ms < $3 "
        "GROUP BY lang, channel_kind, end_state, CASE WHEN end_reason = 'silent' THEN 1 ELSE 0 END");
DB_STMT(activity_asked, "SELECT lang, channel_kind, count(*) FROM question WHERE community_id = $1 "
                        "AND received_ms >= $2 AND received_ms < $3 AND thread_id IS NULL "
                        "AND close_reason <> 'not-a-question' GROUP BY lang, channel_kind");
DB_STMT(activity_answered, "SELECT lang, channel_kind, count(*) FROM question WHERE community_id = $1 "
                           "AND answered_ms IS NOT NULL AND answered_ms >= $2 AND answered_ms < $3 "
                           "AND thread_id IS NULL AND close_reason <> 'not-a-question' GROUP BY lang, channel_kind");
/* CROSS: SQLite begins with the few referrals of the time and not with all questions of the community. */
DB_STMT(activity_referred,
        "SELECT q.lang, q.channel_kind, count(DISTINCT q.id) FROM question_step s CROSS JOIN question q "
        "WHERE q.id = s.question_id AND s.what = 'referred' AND s.at_ms >= $2 AND s.at_ms < $3 "
        "AND q.community_id = $1 GROUP BY q.lang, q.channel_kind");
DB_STMT(activity_public,
        "SELECT author, author_role, lang, channel_kind, shown_ms, purpose, post_type FROM message "
        "WHERE community_id = $1 AND thread_id IS NULL AND shown_ms >= $2 AND shown_ms < $3 AND state IN (0, 1) "
        "AND author_role <> 2");
/* A thread that was silent since cannot hold anything of the time. */
DB_STMT(activity_private,
        "SELECT m.author, m.author_role, m.lang, m.channel_kind, m.shown_ms, m.purpose, '' FROM thread t "
        "JOIN message m ON m.thread_id = t.id AND m.shown_ms >= $2 AND m.shown_ms < $3 "
        "WHERE t.community_id = $1 AND t.last_ms >= $2 AND m.thread_id IS NOT NULL AND m.state IN (0, 1) "
        "AND m.author_role <> 2");

size_t activity_code(struct arena *a, struct activity_codes *codes, struct sv code)
{
    for (size_t i = 0; i < codes->n; i++)
        if (sv_eq(codes->v[i], code))
            return i;
    if (codes->n + 1 < ACTIVITY_CODES)
        codes->v[codes->n] = arena_sv(a, code);
    else if (codes->n < ACTIVITY_CODES)
        codes->v[codes->n] = SV("other");
    else
        return ACTIVITY_CODES - 1;
    return codes->n++;
}

/* ---- who took part: each author once, and once in each language and channel they used ---- */

struct taker {
    int64_t author; /* 0 = free */
    uint32_t langs, kinds;
};
struct takers {
    struct taker *v;
    size_t n, size; /* size is a power of two */
};

static struct taker *taker_slot(struct taker *v, size_t size, int64_t author)
{
    uint64_t h = (uint64_t)author * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(h >> 20) & (size - 1);
    while (v[i].author && v[i].author != author)
        i = (i + 1) & (size - 1);
    return &v[i];
}

static enum pw_err take_part(struct arena *a, struct takers *t, int64_t author, size_t lang, size_t kind)
{
    if (t->n * 2 >= t->size) {
        size_t size = t->size ? t->size * 2 : 256;
        struct taker *v = arena_array(a, struct taker, size);
        if (!v)
            return PW_UNAVAILABLE;
        for (size_t i = 0; i < t->size; i++)
            if (t->v[i].author)
                *taker_slot(v, size, t->v[i].author) = t->v[i];
        t->v = v;
        t->size = size;
    }
    struct taker *x = taker_slot(t->v, t->size, author);
    t->n += !x->author;
    x->author = author;
    x->langs |= UINT32_C(1) << lang;
    x->kinds |= UINT32_C(1) << kind;
    return PW_OK;
}

/* ---- one pass ---- */

struct tally {
    struct arena *arena;
    struct activity *out;
    const struct tz *tz;
    struct takers takers;
    enum activity_line line;
    int64_t quarter; /* of the last message, and its hour of the week */
    size_t hour;
};
enum { QUARTER_MS = 15 * 60 * 1000 };

static void add(struct tally *t, enum activity_line line, size_t lang, size_t kind, int64_t n)
{
    t->out->all[line] += n;
    t->out->by_lang[lang][line] += n;
    t->out->by_kind[kind][line] += n;
}

static enum pw_err on_group(void *self, const struct db_rows *r)
{
    struct tally *t = self;
    size_t lang = activity_code(t->arena, &t->out->langs, db_text(r, 0, 0));
    size_t kind = activity_code(t->arena, &t->out->kinds, db_text(r, 0, 1));
    enum activity_line line = t->line;
    if (line == DID_LEAVE && db_int(r, 0, 3) == MEMBER_REMOVED)
        line = DID_REMOVE;
    else if (line == DID_LEAVE && db_int(r, 0, 4))
        line = DID_VANISH;
    add(t, line, lang, kind, db_int(r, 0, 2));
    return PW_OK;
}

/* Messages come in the order of time: most share the quarter of an hour of the one before, and no zone changes inside
 * one. */
static size_t hour_of(struct tally *t, int64_t at_ms)
{
    int64_t quarter = at_ms / QUARTER_MS;
    if (quarter == t->quarter)
        return t->hour;
    t->quarter = quarter;
    struct civil c = civil_of(t->tz ? tz_local_ms(t->tz, at_ms) : at_ms);
    t->hour = (size_t)civil_weekday(civil_day(c.year, c.month, c.day)) * 24 + (size_t)c.hour;
    return t->hour;
}

static enum pw_err on_message(void *self, const struct db_rows *r)
{
    struct tally *t = self;
    size_t lang = activity_code(t->arena, &t->out->langs, db_text(r, 0, 2));
    size_t kind = activity_code(t->arena, &t->out->kinds, db_text(r, 0, 3));
    add(t, t->line, lang, kind, 1);
    t->out->hours[hour_of(t, db_int(r, 0, 4))]++;
    if (t->line == DID_SAY && db_int(r, 0, 5) == FOR_POST) {
        add(t, DID_POST, lang, kind, 1);
        t->out->posts[activity_code(t->arena, &t->out->types, db_text(r, 0, 6))]++;
    }
    if (db_int(r, 0, 1) != AUTHOR_MEMBER || !db_int(r, 0, 0))
        return PW_OK;
    return take_part(t->arena, &t->takers, db_int(r, 0, 0), lang, kind);
}

static void count_takers(struct tally *t)
{
    struct activity *out = t->out;
    for (size_t i = 0; i < t->takers.size; i++) {
        const struct taker *x = &t->takers.v[i];
        if (!x->author)
            continue;
        out->all[DID_TAKE_PART]++;
        for (size_t k = 0; k < ACTIVITY_CODES; k++) {
            out->by_lang[k][DID_TAKE_PART] += x->langs >> k & 1;
            out->by_kind[k][DID_TAKE_PART] += x->kinds >> k & 1;
        }
    }
}

enum pw_err activity_count(struct ctx *c, const struct community *com, int64_t from_ms, int64_t to_ms,
                           struct activity *ret)
{
    static const struct {
        const struct db_stmt *stmt;
        enum activity_line line;
        db_row_fn fn;
    } parts[] = {
        {&activity_joined, DID_JOIN, on_group},       {&activity_ended, DID_LEAVE, on_group},
        {&activity_asked, DID_ASK, on_group},         {&activity_answered, DID_ANSWER, on_group},
        {&activity_referred, DID_REFER, on_group},    {&activity_public, DID_SAY, on_message},
        {&activity_private, DID_PRIVATE, on_message},
    };
    struct activity *out = arena_new(c->arena, struct activity);
    struct tally t = {.arena = c->arena, .out = out};
    if (!out)
        return PW_UNAVAILABLE;
    if (tz_find(com->zone, &t.tz) != PW_OK)
        t.tz = NULL;
    t.line = DID_MEMBERS;
    PW_TRY(db_each(c->db, &activity_members, DB_ARGS(DB_I(com->id), DB_I(to_ms)), on_group, &t));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        t.line = parts[i].line;
        PW_TRY(db_each(c->db, parts[i].stmt, DB_ARGS(DB_I(com->id), DB_I(from_ms), DB_I(to_ms)), parts[i].fn, &t));
    }
    if (c->arena->oom)
        return PW_UNAVAILABLE;
    count_takers(&t);
    *ret = *out;
    return PW_OK;
}
