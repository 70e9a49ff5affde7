/* SPDX-License-Identifier: EUPL-1.2 */
/* view_words: stored codes as words for the templates of this room: days, languages, channels. Results live in the
 * page's arena or are constant; plain text, escaped by {{ }}. */
#ifndef PW_VIEW_WORDS_H
#define PW_VIEW_WORDS_H

#include "base/civil.h"
#include "feature/community/community.h"
#include "ui/component.h"
#include "ui/format.h"

/* "2026-11-20" as the reader writes it; anything else as it is. */
static inline struct sv day_words(const struct page *pg, struct sv iso)
{
    int64_t day;
    return civil_parse_date(iso, &day) ? format_date(pg->cat, pg->arena, day * CIVIL_DAY_MS, SV("UTC")) : iso;
}

/* "2026", "11" as "November 2026". */
static inline struct sv month_words(const struct page *pg, int64_t year, int64_t month)
{
    return format_month(pg->cat, pg->arena, month_of_day(civil_day(year, (int)month, 1)));
}

static inline struct sv lang_words(const struct page *pg, struct sv code)
{
    return ui_lang_name(pg, code);
}

static inline struct sv channel_words(const struct page *pg, struct sv kind)
{
    const char *label = chan_kind_label(kind);
    return label ? page_say(pg, label) : kind;
}

/* The shapes of a question in the inbox: what it is, and how its time stands. */
static inline enum ui_tone state_tone(const struct question *q)
{
    return q->state == Q_NEW ? TONE_NEWS : q->state == Q_ANSWERED || q->state == Q_VERIFIED ? TONE_GOOD : TONE_PLAIN;
}

static inline enum ui_tone due_tone(const struct question *q)
{
    return q->rank == RANK_OVERDUE ? TONE_LATE : q->rank == RANK_SOON ? TONE_WAIT : TONE_PLAIN;
}

#endif
