/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui/format.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uldnames.h>
#include <unicode/ulistformatter.h>
#include <unicode/unumberformatter.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

#include "base/civil.h"
#include "base/tz.h"
#include "ui/format_cache.h"
#include "ui/page.h"

enum shape {
    SHAPE_DATE,
    SHAPE_DAY,
    SHAPE_TIME,
    SHAPE_MONTH,
    SHAPE_STAMP,
    SHAPE_WEEK,
    SHAPE_YEAR,
    SHAPE_FULL,
    SHAPE__MAX
};
static const char *const skeletons[SHAPE__MAX] = {
    [SHAPE_DATE] = "yMMMMd",         [SHAPE_DAY] = "EEEEMMMMd", [SHAPE_TIME] = "Hm",     [SHAPE_MONTH] = "yMMMM",
    [SHAPE_STAMP] = "yMMMMEEEEdHms", [SHAPE_WEEK] = "EEEEHm",   [SHAPE_YEAR] = "MMMdHm", [SHAPE_FULL] = "yMMMdHm",
};
enum { DIGITS_MAX = 4, TEXT_CAP = 256, MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

/* A declared cache: filled at first use, under the lock. `number` and `digit` are made at once and never change. */
struct format_cache {
    pthread_mutex_t lock;
    char locale[160];
    UNumberFormatter *number;
    char digit[10][8]; /* UTF-8 of 0 … 9 */
    UDateFormat *date[SHAPE__MAX];
    UNumberFormatter *decimal[DIGITS_MAX + 1], *percent[DIGITS_MAX + 1];
    UListFormatter *list;
    URelativeDateTimeFormatter *relative;
    UCollator *collator;
    ULocaleDisplayNames *languages;
};

static size_t to_utf8(const UChar *s, int32_t n, char *out, size_t size)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    u_strToUTF8(out, (int32_t)size, &len, s, n, &status);
    return U_SUCCESS(status) ? (size_t)len : 0;
}

static int32_t to_utf16(struct sv s, UChar *out, int32_t size)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    u_strFromUTF8WithSub(out, size, &len, s.p ? s.p : "", (int32_t)s.n, 0xfffd, NULL, &status);
    return U_SUCCESS(status) ? len : 0;
}

static UNumberFormatter *open_number(const char *locale, const char *skeleton)
{
    UChar u[64];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = to_utf16(sv_of(skeleton), u, 64);
    UNumberFormatter *f = unumf_openForSkeletonAndLocale(u, n, locale, &status);
    if (U_SUCCESS(status))
        return f;
    unumf_close(f);
    return NULL;
}

struct format_cache *format_cache_new(const char *locale)
{
    struct format_cache *fc = calloc(1, sizeof *fc);
    if (!fc)
        return NULL;
    pthread_mutex_init(&fc->lock, NULL);
    size_t n = strlen(locale);
    if (n < sizeof fc->locale)
        memcpy(fc->locale, locale, n + 1);
    fc->number = open_number(fc->locale, "");
    UErrorCode status = U_ZERO_ERROR;
    UFormattedNumber *res = unumf_openResult(&status);
    for (int64_t d = 0; fc->number && U_SUCCESS(status) && d < 10; d++) {
        UChar u[8];
        unumf_formatInt(fc->number, d, res, &status);
        int32_t len = unumf_resultToString(res, u, 8, &status);
        if (U_SUCCESS(status))
            fc->digit[d][to_utf8(u, len, fc->digit[d], sizeof fc->digit[d] - 1)] = 0;
    }
    unumf_closeResult(res);
    if (fc->number && U_SUCCESS(status))
        return fc;
    format_cache_free(fc);
    return NULL;
}

void format_cache_free(struct format_cache *fc)
{
    if (!fc)
        return;
    unumf_close(fc->number);
    for (size_t i = 0; i < SHAPE__MAX; i++)
        if (fc->date[i])
            udat_close(fc->date[i]);
    for (size_t i = 0; i <= DIGITS_MAX; i++) {
        unumf_close(fc->decimal[i]);
        unumf_close(fc->percent[i]);
    }
    if (fc->list)
        ulistfmt_close(fc->list);
    if (fc->relative)
        ureldatefmt_close(fc->relative);
    if (fc->collator)
        ucol_close(fc->collator);
    if (fc->languages)
        uldn_close(fc->languages);
    pthread_mutex_destroy(&fc->lock);
    free(fc);
}

void format_cache_int(struct format_cache *fc, struct buf *out, int64_t v)
{
    if (v >= 0 && v < 1000) { /* most numbers of a page: no grouping, no allocation */
        if (v >= 100)
            buf_z(out, fc->digit[v / 100]);
        if (v >= 10)
            buf_z(out, fc->digit[v / 10 % 10]);
        buf_z(out, fc->digit[v % 10]);
        return;
    }
    UErrorCode status = U_ZERO_ERROR;
    UFormattedNumber *res = unumf_openResult(&status);
    UChar u[64];
    char utf8[TEXT_CAP];
    unumf_formatInt(fc->number, v, res, &status);
    int32_t n = unumf_resultToString(res, u, 64, &status);
    if (U_SUCCESS(status))
        buf_add(out, (struct sv){utf8, to_utf8(u, n, utf8, sizeof utf8)});
    else
        buf_int(out, v);
    unumf_closeResult(res);
}

struct sv format_number(const struct catalog *cat, struct arena *a, int64_t v)
{
    struct buf out;
    buf_init(&out, TEXT_CAP);
    format_cache_int(catalog_formats(cat), &out, v);
    struct sv s = arena_sv(a, buf_sv(&out));
    buf_finish(&out);
    return s;
}

static struct sv number(const struct catalog *cat, struct arena *a, double v, int digits, bool percent)
{
    static const char *const skeleton[2][DIGITS_MAX + 1] = {
        {".", ".0", ".00", ".000", ".0000"},
        {"percent scale/100 .", "percent scale/100 .0", "percent scale/100 .00", "percent scale/100 .000",
         "percent scale/100 .0000"},
    };
    struct format_cache *fc = catalog_formats(cat);
    int d = digits < 0 ? 0 : digits > DIGITS_MAX ? DIGITS_MAX : digits;
    UNumberFormatter **slot = percent ? &fc->percent[d] : &fc->decimal[d];
    pthread_mutex_lock(&fc->lock);
    if (!*slot)
        *slot = open_number(fc->locale, skeleton[percent][d]);
    UNumberFormatter *f = *slot;
    pthread_mutex_unlock(&fc->lock);
    UErrorCode status = f ? U_ZERO_ERROR : U_UNSUPPORTED_ERROR;
    UChar u[128];
    char utf8[TEXT_CAP];
    UFormattedNumber *res = unumf_openResult(&status);
    if (f)
        unumf_formatDouble(f, v, res, &status);
    int32_t n = unumf_resultToString(res, u, 128, &status);
    struct sv s = U_SUCCESS(status) ? arena_sv(a, (struct sv){utf8, to_utf8(u, n, utf8, sizeof utf8)})
                                    : arena_fmt(a, "%.*f", d, percent ? v * 100 : v);
    unumf_closeResult(res);
    return s;
}

struct sv format_decimal(const struct catalog *cat, struct arena *a, double v, int digits)
{
    return number(cat, a, v, digits, false);
}

struct sv format_percent(const struct catalog *cat, struct arena *a, double ratio, int digits)
{
    return number(cat, a, ratio, digits, true);
}

/* ---- dates ---- */

/* The wall clock of a zone as if it were UTC: what every formatter here is given. */
static int64_t wall_ms(int64_t ms, struct sv zone)
{
    const struct tz *tz = NULL;
    return zone.n && tz_find(zone, &tz) == PW_OK ? tz_local_ms(tz, ms) : ms;
}

static UDateFormat *open_date(const char *locale, enum shape shape)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar skeleton[32], pattern[160], utc[8];
    UDateTimePatternGenerator *gen = udatpg_open(locale, &status);
    int32_t n = to_utf16(sv_of(skeletons[shape]), skeleton, 32);
    int32_t np = gen ? udatpg_getBestPattern(gen, skeleton, n, pattern, 160, &status) : 0;
    int32_t nz = to_utf16(SV("UTC"), utc, 8);
    UDateFormat *f =
        U_SUCCESS(status) ? udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, utc, nz, pattern, np, &status) : NULL;
    if (gen)
        udatpg_close(gen);
    return U_SUCCESS(status) ? f : NULL;
}

/* "14 h 20" stays on one line: between a number and its h stands a space that does not break. */
static void keep_hours_together(UChar *u, int32_t n)
{
    enum { NO_BREAK_SPACE = 0xa0 };
    for (int32_t i = 1; i + 2 < n; i++)
        if (u[i] == ' ' && u[i + 1] == 'h' && u[i + 2] == ' ' && u_isdigit(u[i - 1]))
            u[i] = u[i + 2] = NO_BREAK_SPACE;
}

static struct sv date(const struct catalog *cat, struct arena *a, int64_t wall, enum shape shape)
{
    struct format_cache *fc = catalog_formats(cat);
    UChar u[TEXT_CAP];
    char utf8[TEXT_CAP * 2];
    UErrorCode status = U_UNSUPPORTED_ERROR;
    int32_t n = 0;
    pthread_mutex_lock(&fc->lock);
    if (!fc->date[shape])
        fc->date[shape] = open_date(fc->locale, shape);
    if (fc->date[shape]) {
        status = U_ZERO_ERROR;
        n = udat_format(fc->date[shape], (UDate)wall, u, TEXT_CAP, NULL, &status);
        keep_hours_together(u, U_SUCCESS(status) ? n : 0);
    }
    pthread_mutex_unlock(&fc->lock);
    if (U_FAILURE(status))
        return format_iso(a, wall);
    return arena_sv(a, (struct sv){utf8, to_utf8(u, n, utf8, sizeof utf8)});
}

struct sv format_date(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone)
{
    return date(cat, a, wall_ms(ms, zone), SHAPE_DATE);
}

struct sv format_day(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone)
{
    return date(cat, a, wall_ms(ms, zone), SHAPE_DAY);
}

struct sv format_time(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone)
{
    return date(cat, a, wall_ms(ms, zone), SHAPE_TIME);
}

struct sv format_month(const struct catalog *cat, struct arena *a, int64_t month)
{
    return date(cat, a, month_first_day(month) * CIVIL_DAY_MS, SHAPE_MONTH);
}

struct sv format_stamp(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone)
{
    return date(cat, a, wall_ms(ms, zone), SHAPE_STAMP);
}

struct sv format_minute(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone)
{
    return date(cat, a, wall_ms(ms, zone), SHAPE_FULL);
}

struct sv format_when(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone, int64_t now_ms)
{
    int64_t wall = wall_ms(ms, zone), now = wall_ms(now_ms, zone), days = civil_day_of(wall) - civil_day_of(now);
    if (days == 0)
        return date(cat, a, wall, SHAPE_TIME);
    if (days > 0 && days < 7) /* a past weekday would be read as the coming one */
        return date(cat, a, wall, SHAPE_WEEK);
    return date(cat, a, wall, days > -200 && days < 200 ? SHAPE_YEAR : SHAPE_FULL);
}

struct sv format_zone(const struct catalog *cat, struct arena *a, struct sv zone)
{
    UChar id[80], pattern[8], u[TEXT_CAP];
    char utf8[TEXT_CAP * 2];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n_id = zone.n < 80 ? to_utf16(zone, id, 80) : 0, n_pattern = to_utf16(SV("vvvv"), pattern, 8);
    UDateFormat *f = n_id ? udat_open(UDAT_PATTERN, UDAT_PATTERN, catalog_formats(cat)->locale, id, n_id, pattern,
                                      n_pattern, &status)
                          : NULL;
    int32_t n = f ? udat_format(f, 0, u, TEXT_CAP, NULL, &status) : 0;
    if (f)
        udat_close(f);
    return n && U_SUCCESS(status) ? arena_sv(a, (struct sv){utf8, to_utf8(u, n, utf8, sizeof utf8)}) : zone;
}

struct sv format_iso(struct arena *a, int64_t ms)
{
    struct civil t = civil_of(ms);
    return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)t.year, t.month, t.day, t.hour, t.minute, t.second);
}

struct sv format_input(struct arena *a, int64_t ms, struct sv zone)
{
    return sv_sub(format_iso(a, wall_ms(ms, zone)), 0, 16);
}

/* ---- spans ---- */

/* Puts the product's own texts together: nothing to isolate or to escape here. */
static struct sv fill(const struct catalog *cat, struct arena *a, const char *msgid, struct sv x, struct sv y)
{
    struct sv rest = catalog_get(cat, msgid), out = {"", 0};
    for (ptrdiff_t at = sv_find(rest, SV("{")); at >= 0; at = sv_find(rest, SV("{"))) {
        struct sv head = sv_sub(rest, 0, (size_t)at), tail = sv_sub(rest, (size_t)at, rest.n);
        bool first = sv_starts(tail, SV("{0}")), second = sv_starts(tail, SV("{1}"));
        out = arena_join(a, out, head);
        out = arena_join(a, out, first ? x : second ? y : sv_sub(tail, 0, 1));
        rest = sv_sub(tail, first || second ? 3 : 1, tail.n);
    }
    return arena_join(a, out, rest);
}

static struct sv join_units(const struct catalog *cat, struct arena *a, struct sv big, struct sv small)
{
    return fill(cat, a, N_("{0} {1}"), big, small);
}

/* One unit from 10 of it on, two below: "2 h 10 min", "14 h", "3 d". */
struct sv format_duration(const struct catalog *cat, struct arena *a, int64_t ms)
{
    int64_t minutes = (ms < 0 ? -ms : ms) / MINUTE_MS, hours = minutes / 60, days = hours / 24;
    if (days >= 2) {
        struct sv d = text_n(cat, a, "{0} d|{0} d", days);
        return days >= 10 || hours % 24 == 0 ? d : join_units(cat, a, d, text_n(cat, a, "{0} h|{0} h", hours % 24));
    }
    if (hours >= 1) {
        struct sv h = text_n(cat, a, "{0} h|{0} h", hours);
        return hours >= 10 || minutes % 60 == 0
                   ? h
                   : join_units(cat, a, h, text_n(cat, a, "{0} min|{0} min", minutes % 60));
    }
    return text_n(cat, a, "{0} min|{0} min", minutes);
}

/* One unit only, rounded down: time left is never promised too long. */
static struct sv rough(const struct catalog *cat, struct arena *a, int64_t ms)
{
    int64_t minutes = ms / MINUTE_MS, hours = minutes / 60;
    if (hours >= 48)
        return text_n(cat, a, "{0} d|{0} d", hours / 24);
    if (hours >= 1)
        return text_n(cat, a, "{0} h|{0} h", hours);
    return text_n(cat, a, "{0} min|{0} min", minutes);
}

struct sv format_left(const struct catalog *cat, struct arena *a, int64_t due_ms, int64_t now_ms)
{
    if (due_ms >= now_ms)
        return fill(cat, a, N_("{0} left"), rough(cat, a, due_ms - now_ms), (struct sv){0});
    return fill(cat, a, N_("late by {0}"), rough(cat, a, now_ms - due_ms), (struct sv){0});
}

struct sv format_due(const struct catalog *cat, struct arena *a, int64_t due_ms, struct sv zone, int64_t now_ms)
{
    struct sv when = format_when(cat, a, due_ms, zone, now_ms), left = format_left(cat, a, due_ms, now_ms);
    if (due_ms >= now_ms)
        return fill(cat, a, N_("until {0}, {1}"), when, left);
    return fill(cat, a, N_("{1} ({0})"), when, left);
}

static struct sv relative(const struct catalog *cat, struct arena *a, double offset, URelativeDateTimeUnit unit)
{
    struct format_cache *fc = catalog_formats(cat);
    UErrorCode status = U_ZERO_ERROR;
    UChar u[TEXT_CAP];
    char utf8[TEXT_CAP * 2];
    int32_t n = 0;
    pthread_mutex_lock(&fc->lock);
    if (!fc->relative)
        fc->relative =
            ureldatefmt_open(fc->locale, NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_FOR_STANDALONE, &status);
    if (U_SUCCESS(status))
        n = ureldatefmt_format(fc->relative, offset, unit, u, TEXT_CAP, &status);
    pthread_mutex_unlock(&fc->lock);
    return U_SUCCESS(status) ? arena_sv(a, (struct sv){utf8, to_utf8(u, n, utf8, sizeof utf8)}) : (struct sv){0};
}

struct sv format_ago(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone, int64_t now_ms)
{
    int64_t gone = now_ms - ms, days = civil_day_of(wall_ms(now_ms, zone)) - civil_day_of(wall_ms(ms, zone));
    struct sv s = {0};
    if (gone < 0)
        return format_when(cat, a, ms, zone, now_ms);
    if (gone < MINUTE_MS)
        return catalog_get(cat, N_("just now"));
    if (gone < HOUR_MS)
        s = relative(cat, a, -(double)(gone / MINUTE_MS), UDAT_REL_UNIT_MINUTE);
    else if (gone < 12 * (int64_t)HOUR_MS || days == 0)
        s = relative(cat, a, -(double)(gone / HOUR_MS), UDAT_REL_UNIT_HOUR);
    else if (days <= 30)
        s = relative(cat, a, -(double)days, UDAT_REL_UNIT_DAY);
    return s.n ? s : format_date(cat, a, ms, zone);
}

/* ---- lists and order ---- */

enum { LIST_MAX = 50, LIST_ITEM_MAX = 200, FSI = 0x2068, PDI = 0x2069 };

struct sv format_list(const struct catalog *cat, struct arena *a, const struct sv *v, size_t n)
{
    if (n == 0)
        return (struct sv){"", 0};
    struct format_cache *fc = catalog_formats(cat);
    size_t count = n > LIST_MAX ? LIST_MAX : n;
    UChar *text = arena_array(a, UChar, LIST_MAX * LIST_ITEM_MAX),
          *out = arena_array(a, UChar, LIST_MAX * LIST_ITEM_MAX);
    const UChar *item[LIST_MAX];
    int32_t len[LIST_MAX];
    UErrorCode status = U_ZERO_ERROR;
    for (size_t i = 0; text && i < count; i++) {
        UChar *at = text + i * LIST_ITEM_MAX;
        bool isolate = n > 1 && text_needs_isolate(v[i], catalog_rtl(cat));
        len[i] = to_utf16(v[i], at + isolate, LIST_ITEM_MAX - 2);
        if (isolate) {
            at[0] = FSI;
            at[len[i] + 1] = PDI;
            len[i] += 2;
        }
        item[i] = at;
    }
    pthread_mutex_lock(&fc->lock);
    if (!fc->list)
        fc->list = ulistfmt_open(fc->locale, &status);
    pthread_mutex_unlock(&fc->lock);
    if (!text || !out || U_FAILURE(status))
        return (struct sv){0};
    int32_t got = ulistfmt_format(fc->list, item, len, (int32_t)count, out, LIST_MAX * LIST_ITEM_MAX, &status);
    size_t size = (size_t)(got > 0 ? got : 0) * 3 + 1;
    char *utf8 = arena_alloc(a, size, 1);
    if (!utf8 || U_FAILURE(status))
        return (struct sv){0};
    return (struct sv){utf8, to_utf8(out, got, utf8, size)};
}

struct sv format_language(const struct catalog *cat, struct arena *a, struct sv code)
{
    UDisplayContext how[] = {UDISPCTX_DIALECT_NAMES, UDISPCTX_CAPITALIZATION_FOR_UI_LIST_OR_MENU};
    struct format_cache *fc = catalog_formats(cat);
    UErrorCode status = U_ZERO_ERROR;
    UChar name[TEXT_CAP];
    char out[TEXT_CAP], id[40];
    if (!code.n || code.n >= sizeof id)
        return code;
    memcpy(id, code.p, code.n);
    id[code.n] = 0;
    pthread_mutex_lock(&fc->lock);
    if (!fc->languages)
        fc->languages = uldn_openForContext(fc->locale, how, 2, &status);
    int32_t n =
        U_SUCCESS(status) && fc->languages ? uldn_localeDisplayName(fc->languages, id, name, TEXT_CAP, &status) : 0;
    pthread_mutex_unlock(&fc->lock);
    size_t len = U_SUCCESS(status) ? to_utf8(name, n, out, sizeof out) : 0;
    return len ? arena_sv(a, (struct sv){out, len}) : code;
}

int format_compare(const struct catalog *cat, struct sv x, struct sv y)
{
    struct format_cache *fc = catalog_formats(cat);
    UErrorCode status = U_ZERO_ERROR;
    pthread_mutex_lock(&fc->lock);
    if (!fc->collator)
        fc->collator = ucol_open(fc->locale, &status);
    UCollator *collator = fc->collator;
    pthread_mutex_unlock(&fc->lock);
    if (U_FAILURE(status) || !collator)
        return sv_cmp(x, y);
    UCollationResult r =
        ucol_strcollUTF8(collator, x.p ? x.p : "", (int32_t)x.n, y.p ? y.p : "", (int32_t)y.n, &status);
    return U_FAILURE(status) ? sv_cmp(x, y) : (int)r;
}
