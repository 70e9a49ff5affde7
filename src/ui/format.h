/* SPDX-License-Identifier: EUPL-1.2 */
/* format: numbers, dates, times and order the way the reader writes them, by ICU. Times are ms UTC and a zone's name;
 * the offset comes from base/tz.h, never from ICU's own (older) zone data. Unknown zones are shown as UTC. Results live
 * in the arena and hold plain text: escape them with {{ }}. Formatters are dear to open, so each catalogue keeps its
 * own (opened at first use, used under its lock): any thread may call. */
#ifndef PW_FORMAT_H
#define PW_FORMAT_H

#include "base/arena.h"
#include "base/month.h"
#include "ui/catalog.h"

struct sv format_number(const struct catalog *cat, struct arena *a, int64_t v);
struct sv format_decimal(const struct catalog *cat, struct arena *a, double v, int digits);
struct sv format_percent(const struct catalog *cat, struct arena *a, double ratio, int digits); /* 0.42 → 42 % */

struct sv format_date(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone); /* 13 February 2026 */
struct sv format_day(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone);  /* Friday 13 February */
struct sv format_time(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone); /* 14:20 */
struct sv format_month(const struct catalog *cat, struct arena *a, int64_t month); /* base/month.h; February 2026 */
struct sv format_stamp(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone); /* all of it, exact */
struct sv format_minute(const struct catalog *cat, struct arena *a, int64_t ms,
                        struct sv zone); /* 13 Feb 2026, 14:20 */
/* As short as it stays clear: today "14:20", this week "Thursday 14:20", this year "13 Feb, 14:20", else with year. */
struct sv format_when(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone, int64_t now_ms);
/* "5 minutes ago", "yesterday", "3 days ago"; past a month the date. */
struct sv format_ago(const struct catalog *cat, struct arena *a, int64_t ms, struct sv zone, int64_t now_ms);
/* "until Thursday 14:20, 3 h left", or "late by 2 h (Thursday 14:20)". */
struct sv format_due(const struct catalog *cat, struct arena *a, int64_t due_ms, struct sv zone, int64_t now_ms);
struct sv format_left(const struct catalog *cat, struct arena *a, int64_t due_ms, int64_t now_ms); /* "3 h left" */
struct sv format_duration(const struct catalog *cat, struct arena *a, int64_t ms); /* two units: "2 h 10 min" */
struct sv format_list(const struct catalog *cat, struct arena *a, const struct sv *v, size_t n); /* "a, b and c" */
struct sv format_iso(struct arena *a, int64_t ms); /* 2026-02-13T19:20:00Z, for <time datetime> */
/* The value of <input type="datetime-local">: 2026-02-13T14:20 in the zone. */
struct sv format_input(struct arena *a, int64_t ms, struct sv zone);

/* A language by its code, named in the reader's language and ready for a list: "Tigrinya"; unknown ones stay codes. */
struct sv format_language(const struct catalog *cat, struct arena *a, struct sv code);
struct sv format_zone(const struct catalog *cat, struct arena *a, struct sv zone); /* "Eastern Time" */

/* Order of names in the reader's language; both valid UTF-8. */
int format_compare(const struct catalog *cat, struct sv x, struct sv y);

#endif
