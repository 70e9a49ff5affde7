/* SPDX-License-Identifier: EUPL-1.2 */
#include "publishing_rules.h"

static const struct {
    const char *code, *label;
} states[POST_STATE__MAX] = {
    [POST_DRAFT] = {"draft", N_("Draft")},
    [POST_SCHEDULED] = {"scheduled", N_("Scheduled")},
    [POST_PUBLISHING] = {"publishing", N_("On its way")},
    [POST_PUBLISHED] = {"published", N_("Published")},
    [POST_EXPIRED] = {"expired", N_("Expired")},
    [POST_CANCELLED] = {"cancelled", N_("Cancelled")},
};

const char *post_state_code(enum post_state s)
{
    return (unsigned)s < POST_STATE__MAX ? states[s].code : "unknown";
}

const char *post_state_label(enum post_state s)
{
    return (unsigned)s < POST_STATE__MAX ? states[s].label : "";
}

bool post_state_parse(struct sv text, enum post_state *ret)
{
    for (int s = 0; s < POST_STATE__MAX; s++)
        if (sv_eq_z(text, states[s].code)) {
            *ret = (enum post_state)s;
            return true;
        }
    return false;
}

/* ---- a post's life ---- */

enum pw_err post_next(enum post_state from, enum post_act act, enum post_state *ret)
{
    bool ok = false;
    enum post_state to = from;
    switch (act) {
    case POST_EDIT:
        ok = from == POST_DRAFT;
        break;
    case POST_SCHEDULE:
        ok = from == POST_DRAFT;
        to = POST_SCHEDULED;
        break;
    case POST_UNDO:
        ok = from == POST_SCHEDULED;
        to = POST_DRAFT;
        break;
    case POST_BEGIN:
        ok = from == POST_SCHEDULED;
        to = POST_PUBLISHING;
        break;
    case POST_FINISH:
        ok = from == POST_PUBLISHING;
        to = POST_PUBLISHED;
        break;
    case POST_CANCEL:
        ok = from <= POST_PUBLISHED;
        to = POST_CANCELLED;
        break;
    case POST_EXPIRE:
        ok = post_is_shown(from);
        to = POST_EXPIRED;
        break;
    case POST_TRANSLATE:
        ok = from <= POST_PUBLISHED;
        break;
    }
    if (!ok)
        return PW_CONFLICT;
    *ret = to;
    return PW_OK;
}

bool post_is_shown(enum post_state s)
{
    return s == POST_PUBLISHING || s == POST_PUBLISHED;
}

enum reach reach_of(bool on_web, bool has_group, struct sv member_lang, struct sv group_lang, struct sv only_lang)
{
    if (only_lang.n && !sv_eq(member_lang, only_lang))
        return REACH_NOT;
    if (on_web)
        return REACH_PAGE;
    bool group = has_group && (!only_lang.n || sv_eq(group_lang, only_lang));
    return group ? REACH_GROUP : REACH_ALONE;
}

int quiet_wait(int from, int until, int minute)
{
    if (from == until)
        return 0;
    bool quiet = from < until ? minute >= from && minute < until : minute >= from || minute < until;
    if (!quiet)
        return 0;
    return minute < until ? until - minute : until + 24 * 60 - minute;
}

bool is_silent(int64_t last_ms, int64_t since_ms, int64_t days, int64_t now_ms)
{
    int64_t from = last_ms > since_ms ? last_ms : since_ms;
    return days > 0 && now_ms - from >= days * INT64_C(86400000);
}

/* ---- what differs ---- */

/* Cuts after the end of a sentence or a line; what follows the last cut is a piece of its own. */
static size_t pieces(struct sv text, struct sv v[DIFF_MAX])
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i < text.n && n < DIFF_MAX - 1; i++) {
        char x = text.p[i];
        bool ends = x == '\n' || ((x == '.' || x == '!' || x == '?') && i + 1 < text.n && text.p[i + 1] == ' ');
        if (!ends)
            continue;
        v[n++] = sv_sub(text, from, i + 1 - from);
        from = i + 1;
    }
    if (from < text.n)
        v[n++] = sv_sub(text, from, text.n - from);
    return n;
}

enum pw_err text_diff(struct arena *a, struct sv before, struct sv after, struct diff_piece **ret, size_t *ret_n)
{
    struct sv *x = arena_array(a, struct sv, DIFF_MAX), *y = arena_array(a, struct sv, DIFF_MAX);
    struct diff_piece *out = arena_array(a, struct diff_piece, 2 * DIFF_MAX);
    size_t wide = DIFF_MAX + 1;
    uint16_t *common = arena_array(a, uint16_t, wide * wide); /* of the pieces from i and j on */
    if (!x || !y || !out || !common)
        return PW_UNAVAILABLE;
    size_t n = pieces(before, x), m = pieces(after, y), k = 0;
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;) {
            uint16_t skip = common[(i + 1) * wide + j], take = common[i * wide + j + 1];
            bool same = sv_eq(sv_trim(x[i]), sv_trim(y[j]));
            common[i * wide + j] = same ? (uint16_t)(common[(i + 1) * wide + j + 1] + 1) : skip > take ? skip : take;
        }
    size_t i = 0, j = 0;
    while (i < n || j < m) {
        if (i < n && j < m && sv_eq(sv_trim(x[i]), sv_trim(y[j]))) {
            out[k++] = (struct diff_piece){DIFF_SAME, y[j]};
            i++;
            j++;
        } else if (i < n && (j == m || common[(i + 1) * wide + j] >= common[i * wide + j + 1])) {
            out[k++] = (struct diff_piece){DIFF_GONE, x[i++]};
        } else {
            out[k++] = (struct diff_piece){DIFF_NEW, y[j++]};
        }
    }
    *ret = out;
    *ret_n = k;
    return PW_OK;
}
