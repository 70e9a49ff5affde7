/* SPDX-License-Identifier: EUPL-1.2 */
/* The head of a mail: who wrote, to whom, in answer to what, and whether a person did. */
#include <string.h>

#include "base/unicode.h"
#include "channel/email_reading.h"

enum { NAME_BYTES = 200, ID_MAX = 250 };

struct sv email_header(GMimeObject *o, const char *name)
{
    return sv_of(g_mime_object_get_header(o, name));
}

static bool has(GMimeObject *o, const char *name)
{
    return g_mime_object_get_header(o, name) != NULL;
}

struct sv email_lower(struct arena *a, struct sv s)
{
    struct sv out = arena_sv(a, s);
    for (size_t i = 0; i < out.n; i++)
        if (out.p[i] >= 'A' && out.p[i] <= 'Z')
            ((char *)(uintptr_t)out.p)[i] = (char)(out.p[i] + 32);
    return out;
}

struct sv email_own_text(struct arena *a, const char *z, size_t max)
{
    struct sv s = email_utf8(a, sv_of(z), NULL), clean;
    if (text_clean_line(a, text_prefix(s, max), &clean) != PW_OK)
        return (struct sv){0};
    return arena_sv(a, clean); /* GMime's own memory goes with the message */
}

static bool first_mailbox(struct email_reading *r, InternetAddressList *list)
{
    int n = list ? internet_address_list_length(list) : 0;
    for (int i = 0; i < n && i < 50; i++) {
        InternetAddress *x = internet_address_list_get_address(list, i);
        if (!INTERNET_ADDRESS_IS_MAILBOX(x))
            continue;
        const char *z = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(x));
        struct sv address;
        if (!z || mail_address_norm(r->a, sv_of(z), &address) != PW_OK || address.n > EMAIL_ADDRESS_MAX)
            continue;
        r->m->from = address;
        r->m->from_name = email_own_text(r->a, internet_address_get_name(x), NAME_BYTES);
        return true;
    }
    return false;
}

static bool usable_id(struct sv id)
{
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] <= ' ' || id.p[i] > '~' || id.p[i] == '<' || id.p[i] == '>')
            return false;
    return id.n > 0 && id.n <= ID_MAX;
}

/* The newest id of ours among "<a@x> <b@y> …". */
static int64_t token_in(const struct channel *ch, struct sv ids)
{
    int64_t found = 0, id;
    struct sv rest = ids, one;
    while (sv_cut(&rest, '<', &one)) {
        struct sv inner;
        if (sv_cut(&one, '>', &inner) && email_token_of_id(ch, inner, &id))
            found = id;
    }
    return found;
}

/* Every address that stands in a header or was given by the mail server. */
static void look_at_addresses(struct email_reading *r, struct sv list)
{
    struct email_in *m = r->m;
    size_t from = 0;
    list = sv_sub(list, 0, 16 * 1024);
    for (size_t i = 0; i <= list.n; i++) {
        if (i < list.n && !strchr(" \t\r\n,;<>\"()", list.p[i]))
            continue;
        struct sv word = sv_sub(list, from, i - from);
        from = i + 1;
        if (word.n < 3 || word.n > 320 || !memchr(word.p, '@', word.n))
            continue;
        int64_t id = 0;
        if (email_token_of_address(r->ch, word, &id)) {
            if (!m->out_id)
                m->out_id = id;
        } else if (!m->place.n) {
            m->place = email_lower(r->a, email_place_of(r->ch, word));
        }
    }
}

static void read_recipients(struct email_reading *r, GMimeObject *o, struct sv recipient)
{
    static const char *const names[] = {"X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc"};
    if (recipient.n)
        look_at_addresses(r, recipient);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        look_at_addresses(r, email_header(o, names[i]));
}

static bool starts_any(struct sv s, const char *const *v)
{
    for (; *v; v++)
        if (sv_ieq(sv_sub(s, 0, strlen(*v)), sv_of(*v)))
            return true;
    return false;
}

/* RFC 3834 and the habits of programs from before it. */
static bool written_by_program(struct email_reading *r, GMimeObject *o, struct sv sender)
{
    static const char *const robots[] = {"mailer-daemon@", "postmaster@", "noreply@",         "no-reply@",
                                         "do-not-reply@",  "donotreply@", "ne-pas-repondre@", "nepasrepondre@",
                                         "bounce@",        NULL};
    static const char *const many[] = {"bulk", "junk", "list", "auto_reply", "auto-reply", NULL};
    struct sv automatic = email_header(o, "Auto-Submitted"), own, domain,
              path = sv_trim(email_header(o, "Return-Path"));
    int64_t id;
    email_own(r->ch, &own, &domain);
    if (automatic.n && !sv_ieq(sv_sub(sv_trim(automatic), 0, 2), SV("no")))
        return true;
    if (starts_any(sv_trim(email_header(o, "Precedence")), many) || has(o, "X-Autoreply") || has(o, "X-Autorespond") ||
        has(o, "List-Id") || has(o, "List-Unsubscribe") || has(o, "Feedback-ID"))
        return true;
    if (has(o, "X-Loop") && (sv_ieq(sv_trim(email_header(o, "X-Loop")), email_setting(r->ch, "from_address"))))
        return true;
    if (email_token_of_id(r->ch, r->m->message_id, &id) || sv_ieq(r->m->from, email_setting(r->ch, "from_address")))
        return true;
    if (email_token_of_address(r->ch, r->m->from, &id))
        return true;
    if (sv_eq_z(sender, "<>") || sv_ieq(sender, SV("MAILER-DAEMON")) || sv_eq_z(path, "<>"))
        return true;
    return starts_any(r->m->from, robots);
}

static bool vouched_for(struct email_reading *r, GMimeObject *o)
{
    struct sv server = email_setting(r->ch, "auth_host"), rest = r->m->from, local;
    if (!server.n || !sv_cut(&rest, '@', &local))
        return false;
    GMimeHeaderList *list = g_mime_object_get_header_list(o);
    int n = g_mime_header_list_get_count(list);
    for (int i = 0; i < n && i < 200; i++) {
        GMimeHeader *h = g_mime_header_list_get_header_at(list, i);
        if (g_ascii_strcasecmp(g_mime_header_get_name(h), "Authentication-Results") != 0)
            continue;
        const char *value = g_mime_header_get_value(h);
        if (email_vouches(sv_of(value ? value : ""), server, rest))
            return true;
    }
    return false;
}

static void read_date(struct email_reading *r, GMimeMessage *msg, int64_t now_ms)
{
    enum { WEEK_S = 7 * 24 * 3600 };
    GDateTime *d = g_mime_message_get_date(msg);
    int64_t at = d ? g_date_time_to_unix(d) : 0;
    /* A clock that is far off must not put a question into last year. */
    if (at > now_ms / 1000 - WEEK_S && at <= now_ms / 1000)
        r->m->at_ms = at * 1000;
}

void email_read_head(struct email_reading *r, GMimeMessage *msg, struct sv sender, struct sv recipient, int64_t now_ms)
{
    GMimeObject *o = GMIME_OBJECT(msg);
    struct email_in *m = r->m;
    struct sv id = sv_of(g_mime_message_get_message_id(msg));
    if (usable_id(id))
        m->message_id = arena_sv(r->a, id);
    bool known = first_mailbox(r, g_mime_message_get_from(msg)) || first_mailbox(r, g_mime_message_get_sender(msg));
    m->out_id = token_in(r->ch, email_header(o, "References"));
    int64_t direct = token_in(r->ch, email_header(o, "In-Reply-To"));
    if (direct)
        m->out_id = direct;
    read_recipients(r, o, recipient);
    read_date(r, msg, now_ms);
    m->kind = written_by_program(r, o, sender) ? EMAIL_AUTOMATIC : known ? EMAIL_LETTER : EMAIL_NOBODY;
    if (m->kind == EMAIL_LETTER)
        m->authentic = vouched_for(r, o);
}
