/* SPDX-License-Identifier: EUPL-1.2 */
/* Delivery reports (RFC 3464): what became of a mail of ours. */
#include <string.h>

#include "channel/email_reading.h"

static struct sv line_after(struct sv text, const char *name)
{
    struct sv rest = text, line;
    size_t n = strlen(name);
    while (sv_cut(&rest, '\n', &line))
        if (line.n > n && sv_ieq(sv_sub(line, 0, n), sv_of(name)))
            return sv_trim(sv_sub(line, n, line.n));
    return (struct sv){0};
}

static bool status_ok(struct sv s)
{
    size_t dots = 0;
    for (size_t i = 0; i < s.n; i++) {
        dots += s.p[i] == '.';
        if (s.p[i] != '.' && (s.p[i] < '0' || s.p[i] > '9'))
            return false;
    }
    return dots == 2 && s.n >= 5 && s.n <= 11;
}

/* Parts of a report: what happened, and the message (or its head) that it happened to. */
static void read_report_part(struct email_reading *r, GMimeObject *o)
{
    struct email_in *m = r->m;
    struct sv type = email_type(r, o);
    int64_t id = 0;
    if (GMIME_IS_MESSAGE_PART(o)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));
        if (inner && email_token_of_id(r->ch, sv_of(g_mime_message_get_message_id(inner)), &id))
            m->out_id = id;
    }
    if (!GMIME_IS_PART(o))
        return;
    struct sv text = email_content(r, GMIME_PART(o), EMAIL_TEXT_BYTES);
    if (sv_eq_z(type, "text/rfc822-headers") || sv_eq_z(type, "message/rfc822-headers")) {
        if (email_token_of_id(r->ch, line_after(text, "Message-ID:"), &id))
            m->out_id = id;
    } else if (sv_eq_z(type, "message/delivery-status") || sv_eq_z(type, "message/global-delivery-status")) {
        struct sv action = line_after(text, "Action:"), status = line_after(text, "Status:"), first;
        if (sv_cut(&status, ' ', &first) && status_ok(first))
            m->report_status = arena_sv(r->a, first);
        m->report = sv_ieq(action, SV("failed"))                                       ? OUT_FAILED
                    : sv_ieq(action, SV("delivered")) || sv_ieq(action, SV("relayed")) ? OUT_DELIVERED
                                                                                       : OUT_QUEUED;
    }
}

bool email_read_report(struct email_reading *r, GMimeObject *o)
{
    if (!GMIME_IS_MULTIPART(o) || !sv_eq_z(email_type(r, o), "multipart/report"))
        return false;
    const char *what = g_mime_object_get_content_type_parameter(o, "report-type");
    if (!what || g_ascii_strcasecmp(what, "delivery-status") != 0)
        return false;
    GMimeMultipart *mp = GMIME_MULTIPART(o);
    int n = g_mime_multipart_get_count(mp);
    for (int i = 0; i < n && i < 10; i++)
        if (g_mime_multipart_get_part(mp, i))
            read_report_part(r, g_mime_multipart_get_part(mp, i));
    r->m->kind = EMAIL_REPORT;
    return true;
}
