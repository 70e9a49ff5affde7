/* SPDX-License-Identifier: EUPL-1.2 */
/* `passerelle compute due`: one JSON line in, one JSON line out, so that anyone can check a due time (SLA-1..SLA-3)
 * with the very rules the product uses, and tests can compare them with another implementation. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/worktime.h"
#include "main/commands.h"

enum { LINE_MAX_BYTES = 64 * 1024, HOURS_ENTRIES_MAX = 64, FIELD_MAX = 40 };

struct wrong {
    char field[FIELD_MAX];
    const char *message;
};
struct request {
    int64_t received_ms;
    struct calendar calendar;
    struct worktime work;
};

static bool refuse(struct wrong *wrong, const char *field, const char *message)
{
    snprintf(wrong->field, sizeof wrong->field, "%s", field);
    wrong->message = message;
    return false;
}

/* A text member of an object; false when it is missing or no text. */
static bool member_text(const json_t *object, const char *name, struct sv *ret)
{
    const json_t *v = json_object_get(object, name);
    if (!json_is_string(v))
        return false;
    *ret = (struct sv){json_string_value(v), json_string_length(v)};
    return true;
}

static bool read_received(const json_t *line, struct request *r, struct wrong *wrong)
{
    struct sv text;
    if (!member_text(line, "received", &text) || !civil_parse_rfc3339(text, &r->received_ms))
        return refuse(wrong, "received", "Write a time with its offset, as 2026-02-13T16:59:00-07:00.");
    int64_t year = civil_of(r->received_ms).year;
    if (year < 1970 || year > 2999)
        return refuse(wrong, "received", "The year must lie between 1970 and 2999.");
    return true;
}

static bool read_place(const json_t *line, struct request *r, struct wrong *wrong)
{
    struct sv text;
    if (!member_text(line, "zone", &text) || tz_find(text, &r->work.tz) != PW_OK)
        return refuse(wrong, "zone", "No such time zone here. Write a name as America/Edmonton.");
    if (!member_text(line, "calendar", &text) || !cal_place_parse(text, &r->calendar.place))
        return refuse(wrong, "calendar", "Write none, or a jurisdiction as CA-AB.");
    return true;
}

static bool read_hours(const json_t *line, struct request *r, struct wrong *wrong)
{
    const json_t *list = json_object_get(line, "hours");
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n > HOURS_ENTRIES_MAX)
        return refuse(wrong, "hours", "Give a list of at most 64 entries with days, open and close.");
    for (size_t i = 0; i < n; i++) {
        const json_t *entry = json_array_get(list, i);
        struct sv days, open, close;
        char field[FIELD_MAX];
        const char *part = NULL, *message = NULL;
        enum hours_fault fault = HOURS_OK;
        if (!json_is_object(entry)) {
            part = "";
            message = "Give an object with days, open and close.";
        } else if (!member_text(entry, "days", &days)) {
            fault = HOURS_BAD_DAYS;
        } else if (!member_text(entry, "open", &open)) {
            fault = HOURS_BAD_OPEN;
        } else if (!member_text(entry, "close", &close)) {
            fault = HOURS_BAD_CLOSE;
        } else {
            fault = hours_add(&r->work.hours, days, open, close);
        }
        if (fault != HOURS_OK) {
            part = fault == HOURS_BAD_DAYS    ? ".days"
                   : fault == HOURS_BAD_OPEN  ? ".open"
                   : fault == HOURS_BAD_CLOSE ? ".close"
                                              : "";
            message = hours_fault_message(fault);
        }
        if (part) {
            snprintf(field, sizeof field, "hours[%zu]%s", i, part);
            return refuse(wrong, field, message);
        }
    }
    return true;
}

static bool read_promise(const json_t *line, struct request *r, struct wrong *wrong)
{
    struct sv text;
    struct problems ps = {0};
    const json_t *standard = json_object_get(line, "standard_hours");
    json_int_t hours = json_integer_value(standard);
    if (!json_is_integer(standard) || hours < 1 || hours > WORK_STANDARD_MAX_H)
        return refuse(wrong, "standard_hours", "Write a number of hours from 1 to 8760.");
    r->work.standard_h = (int32_t)hours;
    if (!member_text(line, "mode", &text) || !work_mode_parse(text, &r->work.mode))
        return refuse(wrong, "mode", "Write deferred, wall or working-hours.");
    if (work_check(&r->work, &ps) != PW_OK)
        return refuse(wrong, ps.v[0].field, ps.v[0].msgid);
    return true;
}

static bool answer(struct sv line, int64_t *ret_start_ms, int64_t *ret_due_ms, const struct tz **ret_tz,
                   struct wrong *wrong)
{
    struct request r = {0};
    json_error_t error;
    json_t *v = json_loadb(line.p ? line.p : "", line.n, JSON_REJECT_DUPLICATES, &error);
    bool ok = json_is_object(v) ? true : refuse(wrong, "$", "This line is not a JSON object.");
    r.work.cal = &r.calendar;
    ok = ok && read_received(v, &r, wrong) && read_place(v, &r, wrong) && read_hours(v, &r, wrong) &&
         read_promise(v, &r, wrong);
    if (ok && work_due(&r.work, r.received_ms, ret_start_ms, ret_due_ms) != PW_OK)
        ok = refuse(wrong, "hours",
                    "These hours do not open in time: nothing within 400 days, or ten years to the due time.");
    *ret_tz = r.work.tz;
    json_decref(v);
    return ok;
}

/* One line without its end. False at the end of the stream; a line too long for `line` leaves it failed. */
static bool read_line(FILE *in, struct buf *line)
{
    int c;
    buf_clear(line);
    bool any = false;
    while ((c = getc_unlocked(in)) != EOF) {
        any = true;
        if (c == '\n')
            break;
        buf_c(line, (char)c);
    }
    return any;
}

static void put_error(FILE *out, const struct wrong *wrong)
{
    json_t *v = json_pack("{s:{s:s,s:s}}", "error", "field", wrong->field, "message", wrong->message);
    if (v)
        json_dumpf(v, out, JSON_COMPACT);
    json_decref(v);
}

int cmd_compute_due(FILE *in, FILE *out)
{
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    while (read_line(in, &line) && !ferror(out)) {
        struct wrong wrong = {0};
        int64_t start = 0, due = 0;
        const struct tz *tz = NULL;
        char a[CIVIL_TIME_TEXT], b[CIVIL_TIME_TEXT];
        if (!buf_ok(&line)) {
            refuse(&wrong, "$", "This line is longer than 64 KiB.");
            put_error(out, &wrong);
        } else if (answer(buf_sv(&line), &start, &due, &tz, &wrong)) {
            civil_rfc3339(start, tz_offset_s(tz, start), a);
            civil_rfc3339(due, tz_offset_s(tz, due), b);
            fprintf(out, "{\"start\":\"%s\",\"due\":\"%s\"}", a, b);
        } else {
            put_error(out, &wrong);
        }
        fputc('\n', out);
        fflush(out); /* a caller may wait for each answer before it asks again */
    }
    buf_finish(&line);
    return ferror(in) || ferror(out) || fflush(out) != 0;
}
