/* SPDX-License-Identifier: EUPL-1.2 */
/* Promises kept (SLA-7, A-24): per month of the community's wall clock, language and channel. One pass over the
 * questions received in the time asked for, from their index. */
#include <stdlib.h>
#include <string.h>

#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/question_store.h"

DB_STMT(promise_all,
        "SELECT received_ms, start_ms, due_ms, interim_ms, answered_ms, answered_in_time, lang, channel_kind, is_open "
        "FROM question WHERE community_id = $1 AND received_ms >= $2 AND received_ms < $3 "
        "AND close_reason <> 'not-a-question' ORDER BY received_ms");

enum { GROUPS_MAX = 2000, CODE_MAX = 24 };

struct group {
    struct promise_row row;
    char lang[CODE_MAX], kind[CODE_MAX];
    int64_t *spans; /* clock start to answer */
    size_t n, size;
};
struct tally {
    struct arena *arena;
    const struct tz *tz;
    struct group *v;
    size_t n;
    bool split; /* by language and channel, too */
};

static struct sv keep(char out[CODE_MAX], struct sv s)
{
    size_t n = s.n < CODE_MAX ? s.n : CODE_MAX - 1;
    if (n)
        memcpy(out, s.p, n);
    return (struct sv){out, n};
}

static struct group *group_of(struct tally *t, int64_t received_ms, struct sv lang, struct sv kind)
{
    if (!t->split)
        lang = kind = (struct sv){0};
    struct civil at = civil_of(t->tz ? tz_local_ms(t->tz, received_ms) : received_ms);
    for (size_t i = t->n; i-- > 0;) {
        struct promise_row *r = &t->v[i].row;
        if (r->year == at.year && r->month == at.month && sv_eq(r->lang, lang) && sv_eq(r->channel_kind, kind))
            return &t->v[i];
    }
    if (t->n == GROUPS_MAX)
        return NULL;
    struct group *g = &t->v[t->n++];
    g->row = (struct promise_row){.year = at.year, .month = at.month, .median_ms = -1};
    g->row.lang = keep(g->lang, lang);
    g->row.channel_kind = keep(g->kind, kind);
    return g;
}

static enum pw_err add_span(struct tally *t, struct group *g, int64_t span)
{
    if (g->n == g->size) {
        size_t size = g->size ? g->size * 2 : 64;
        int64_t *v = arena_array(t->arena, int64_t, size);
        if (!v)
            return PW_UNAVAILABLE;
        if (g->n)
            memcpy(v, g->spans, g->n * sizeof *v);
        g->spans = v;
        g->size = size;
    }
    g->spans[g->n++] = span > 0 ? span : 0;
    return PW_OK;
}

static enum pw_err count_row(void *arg, const struct db_rows *r)
{
    struct tally *t = arg;
    int64_t received = db_int(r, 0, 0), start = db_int(r, 0, 1), due = db_int(r, 0, 2), interim = db_int(r, 0, 3);
    int64_t answered = db_int(r, 0, 4);
    struct group *g = group_of(t, received, db_text(r, 0, 6), db_text(r, 0, 7));
    if (!g)
        return PW_UNAVAILABLE;
    struct promise_row *k = &g->row;
    bool in_time = answered && due && db_int(r, 0, 5);
    k->asked++;
    k->promised += due != 0;
    k->interim += interim != 0;
    k->in_time += in_time;
    k->acknowledged_in_time += !in_time && due && interim && interim <= due;
    if (answered) {
        k->answered++;
        k->late += due && !in_time;
        return add_span(t, g, answered - start);
    }
    if (db_int(r, 0, 8)) {
        k->waiting++;
        if (!k->oldest_open_ms || received < k->oldest_open_ms)
            k->oldest_open_ms = received;
    }
    return PW_OK;
}

static int by_value(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

static int newest_month_first(const void *x, const void *y)
{
    const struct promise_row *a = x, *b = y;
    if (a->year != b->year)
        return a->year > b->year ? -1 : 1;
    if (a->month != b->month)
        return a->month > b->month ? -1 : 1;
    int c = sv_cmp(a->lang, b->lang);
    return c ? c : sv_cmp(a->channel_kind, b->channel_kind);
}

enum pw_err promise_report(struct ctx *c, int64_t community_id, int64_t from_ms, int64_t to_ms, bool split,
                           struct promise_row **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(community_row(c, community_id, &com));
    if (!works_in(c, &com))
        return PW_NOT_FOUND;
    struct tally t = {.arena = c->arena, .split = split};
    if (tz_find(com.zone, &t.tz) != PW_OK)
        t.tz = NULL;
    t.v = arena_array(c->arena, struct group, GROUPS_MAX);
    if (!t.v)
        return PW_UNAVAILABLE;
    PW_TRY(db_each(c->db, &promise_all, DB_ARGS(DB_I(community_id), DB_I(from_ms), DB_I(to_ms)), count_row, &t));
    struct promise_row *out = arena_array(c->arena, struct promise_row, t.n ? t.n : 1);
    if (!out)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < t.n; i++) {
        struct group *g = &t.v[i];
        if (g->n) {
            qsort(g->spans, g->n, sizeof *g->spans, by_value);
            g->row.median_ms = g->n % 2 ? g->spans[g->n / 2] : (g->spans[g->n / 2 - 1] + g->spans[g->n / 2]) / 2;
        }
        out[i] = g->row;
    }
    qsort(out, t.n, sizeof *out, newest_month_first);
    *ret = out;
    *ret_n = t.n;
    return PW_OK;
}
