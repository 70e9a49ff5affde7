/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/interpreting/interpreting_ics.h"

#include "base/id.h"

enum { LINE_BYTES = 75 }; /* RFC 5545, 3.1: without the line break */

/* A content line, folded between characters: each part after the first begins with a space. */
static void line(struct buf *out, struct sv text)
{
    size_t room = LINE_BYTES;
    while (text.n > room) {
        size_t cut = room;
        while (cut > 1 && ((unsigned char)text.p[cut] & 0xC0) == 0x80)
            cut--;
        buf_add(out, sv_sub(text, 0, cut));
        buf_z(out, "\r\n ");
        text = sv_sub(text, cut, text.n);
        room = LINE_BYTES - 1;
    }
    buf_add(out, text);
    buf_z(out, "\r\n");
}

/* Text values: 3.3.11. A control character would end the line or the reader's patience. */
static void text_line(struct buf *out, struct buf *scratch, const char *name, struct sv text)
{
    buf_clear(scratch);
    buf_z(scratch, name);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char x = (unsigned char)text.p[i];
        if (x == '\\' || x == ';' || x == ',')
            buf_c(scratch, '\\');
        if (x == '\n')
            buf_z(scratch, "\\n");
        else if (x >= 0x20 && x != 0x7F)
            buf_c(scratch, (char)x);
    }
    line(out, buf_sv(scratch));
    out->failed |= !buf_ok(scratch);
}

static void time_line(struct buf *out, const char *name, int64_t utc_ms)
{
    struct civil c = civil_of(utc_ms);
    buf_fmt(out, "%s:%04lld%02d%02dT%02d%02d%02dZ\r\n", name, (long long)c.year, c.month, c.day, c.hour, c.minute,
            c.second);
}

static const char *status_of(enum booking_state s)
{
    if (s == BOOKING_ASKED)
        return "TENTATIVE";
    return s == BOOKING_DECLINED || s == BOOKING_CANCELLED ? "CANCELLED" : "CONFIRMED";
}

static void event(struct buf *out, struct buf *scratch, const struct ics_event *e, struct sv host, int64_t now_ms)
{
    char id[ID_TEXT + 1];
    buf_z(out, "BEGIN:VEVENT\r\n");
    buf_clear(scratch);
    buf_fmt(scratch, "UID:%s@%.*s", id_text(e->id, id).p, SV_ARG(host));
    line(out, buf_sv(scratch));
    time_line(out, "DTSTAMP", now_ms);
    time_line(out, "LAST-MODIFIED", e->changed_ms);
    time_line(out, "DTSTART", e->start_ms);
    time_line(out, "DTEND", e->start_ms + e->minutes * INT64_C(60000));
    text_line(out, scratch, "SUMMARY:", e->title);
    if (e->text.n)
        text_line(out, scratch, "DESCRIPTION:", e->text);
    if (e->url.n) { /* an address, not a text: no backslashes */
        buf_clear(scratch);
        buf_z(scratch, "URL:");
        buf_add(scratch, e->url);
        line(out, buf_sv(scratch));
    }
    buf_fmt(out, "STATUS:%s\r\nSEQUENCE:%lld\r\nCLASS:PRIVATE\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n", status_of(e->state),
            (long long)e->turn);
}

void ics_write(struct buf *out, const struct ics_event *v, size_t n, struct sv host, struct sv lang, int64_t now_ms)
{
    struct buf scratch;
    buf_init(&scratch, 8192);
    buf_z(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    buf_fmt(out, "PRODID:-//Passerelle//interpreting//%.*s\r\n", SV_ARG(lang));
    buf_z(out, "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n");
    for (size_t i = 0; i < n; i++)
        event(out, &scratch, &v[i], host, now_ms);
    buf_z(out, "END:VCALENDAR\r\n");
    out->failed |= !buf_ok(&scratch);
    buf_finish(&scratch);
}
