/* SPDX-License-Identifier: EUPL-1.2 */
/* Codes and times of this room as words for its templates. */
#include "feature/interpreting/interpreting_pages.h"

struct sv booking_day(const struct page *pg, const struct booking *b)
{
    bool this_year = civil_of(b->start_local).year == civil_of(pg->now_ms).year;
    return this_year ? format_day(pg->cat, pg->arena, b->start_ms, b->zone)
                     : format_date(pg->cat, pg->arena, b->start_ms, b->zone);
}

struct sv booking_time(const struct page *pg, const struct booking *b)
{
    const struct tz *tz;
    struct tz_at at = {0};
    if (tz_find(b->zone, &tz) == PW_OK)
        tz_at(tz, b->start_ms, &at);
    const struct sv args[] = {format_time(pg->cat, pg->arena, b->start_ms, b->zone),
                              format_time(pg->cat, pg->arena, b->start_ms + b->minutes * 60000, b->zone),
                              arena_sv(pg->arena, sv_of(at.abbrev))};
    return text_t(pg->cat, pg->arena, N_("{0} to {1} ({2})"), args, 3);
}

static struct sv dotted(const struct page *pg, const struct sv *v, size_t n)
{
    struct sv out = n ? v[0] : (struct sv){0};
    for (size_t i = 1; i < n; i++)
        out = arena_join(pg->arena, arena_join(pg->arena, out, SV(" · ")), v[i]);
    return out;
}

struct sv langs_text(const struct page *pg, const struct sv *codes, size_t n)
{
    struct sv *v = arena_array(pg->arena, struct sv, n + 1);
    for (size_t i = 0; v && i < n; i++)
        v[i] = person_lang_name(pg, codes[i]);
    return v ? dotted(pg, v, n) : (struct sv){0};
}

struct sv modes_text(const struct page *pg, unsigned modes)
{
    struct sv v[INTERP_MODE__MAX];
    size_t n = 0;
    for (int m = 0; m < INTERP_MODE__MAX; m++)
        if (modes >> m & 1u)
            v[n++] = page_say(pg, interp_mode_label((enum interp_mode)m));
    return dotted(pg, v, n);
}

struct sv candidate_says(const struct page *pg, const struct interp_candidate *x, struct sv zone)
{
    if (!x->fit.speaks)
        return page_say(pg, N_("does not interpret between these languages"));
    if (x->who.cover == PROMISE_ENDED)
        return page_say(pg, N_("the confidentiality undertaking has ended by then"));
    if (!x->fit.promised)
        return page_say(pg, N_("has given no confidentiality undertaking for that day"));
    if (!x->fit.does_mode)
        return page_say(pg, N_("does not work in this way"));
    if (!x->fit.free) {
        struct sv at = format_when(pg->cat, pg->arena, x->next_free_ms, zone.n ? zone : pg->zone, pg->now_ms);
        return text_t(pg->cat, pg->arena, N_("taken then; free again from {0}"), &at, 1);
    }
    return page_say(pg, x->fit.met ? N_("has interpreted for this person before") : N_("free"));
}

struct sv civil_day_words(const struct page *pg, int64_t day)
{
    return format_date(pg->cat, pg->arena, day * CIVIL_DAY_MS, SV("UTC"));
}

enum ui_tone booking_tone(enum booking_state s)
{
    static const enum ui_tone tones[BOOKING_STATE__MAX] = {
        [BOOKING_ASKED] = TONE_WAIT,      [BOOKING_CONFIRMED] = TONE_GOOD, [BOOKING_DECLINED] = TONE_LATE,
        [BOOKING_CANCELLED] = TONE_PLAIN, [BOOKING_DONE] = TONE_GOOD,      [BOOKING_NO_INTERPRETER] = TONE_LATE,
        [BOOKING_NO_PERSON] = TONE_LATE,
    };
    return tones[s];
}

struct sv hours_text_of(const struct page *pg, int64_t minutes)
{
    return format_decimal(pg->cat, pg->arena, (double)minutes / 60, minutes % 60 ? 2 : 0);
}

struct sv interp_part_name(const struct page *pg, enum interp_split_kind kind, struct sv code)
{
    enum booking_purpose p;
    enum interp_mode m;
    if (kind == PART_LANG)
        return person_lang_name(pg, code);
    if (kind == PART_PURPOSE && booking_purpose_parse(code, &p))
        return page_say(pg, booking_purpose_label(p));
    if (kind == PART_MODE && interp_mode_parse(code, &m))
        return page_say(pg, interp_mode_label(m));
    for (int h = 0; kind == PART_HOW && h < THROUGH_HOW__MAX; h++)
        if (sv_eq_z(code, through_how_code((enum through_how)h)))
            return page_say(pg, through_how_label((enum through_how)h));
    return code;
}
