/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "base/b64.h"
#include "base/civil.h"
#include "base/id.h"
#include "base/idn.h"
#include "base/unicode.h"
#include "net/mail.h"

enum { LINE_BYTES = 57 }; /* 76 characters of base64 */

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool address_ok(struct sv address, bool any_script)
{
    struct sv domain = address, local;
    if (any_script && !text_valid(address))
        return false;
    if (address.n > 254 || !sv_cut(&domain, '@', &local) || local.n == 0 || local.n > 64 || domain.n == 0)
        return false;
    for (size_t i = 0; i < local.n; i++) {
        char c = local.p[i];
        bool dot = c == '.';
        bool foreign = any_script && (unsigned char)c >= 0x80;
        if (!is_alnum(c) && !dot && !foreign && (c == 0 || !strchr("!#$%&'*+-/=?^_`{|}~", c)))
            return false;
        if (dot && (i == 0 || i + 1 == local.n || local.p[i + 1] == '.'))
            return false;
    }
    for (size_t i = 0; i < domain.n; i++) {
        char c = domain.p[i];
        if (!is_alnum(c) && c != '-' && c != '.')
            return false;
        if ((c == '.' || c == '-') && (i == 0 || i + 1 == domain.n || domain.p[i - 1] == '.'))
            return false;
    }
    return true;
}

bool mail_address_ok(struct sv address)
{
    return address_ok(address, false);
}

bool mail_recipient_ok(struct sv address)
{
    return address_ok(address, true);
}

enum pw_err mail_address_norm(struct arena *a, struct sv address, struct sv *ret)
{
    struct sv domain = sv_trim(address), local, ascii, composed;
    if (domain.n > 254 || !text_valid(domain) || !sv_cut(&domain, '@', &local) || !local.n || !domain.n)
        return PW_INVALID;
    PW_TRY(idn_ascii(a, domain, &ascii));
    PW_TRY(text_nfc(a, local, &composed));
    struct buf b;
    buf_init(&b, 512);
    for (size_t i = 0; i < composed.n; i++)
        buf_c(&b, composed.p[i] >= 'A' && composed.p[i] <= 'Z' ? (char)(composed.p[i] + 32) : composed.p[i]);
    buf_z(&b, "@");
    buf_add(&b, ascii);
    struct sv whole = buf_ok(&b) ? arena_sv(a, buf_sv(&b)) : (struct sv){0};
    buf_finish(&b);
    if (!whole.n)
        return PW_UNAVAILABLE;
    if (!mail_recipient_ok(whole))
        return PW_INVALID;
    *ret = whole;
    return PW_OK;
}

static bool message_id_ok(struct sv id)
{
    return id.n < 200 && mail_address_ok(id);
}

/* The longest beginning of s within max bytes that ends between two characters. */
static size_t whole_characters(struct sv s, size_t max)
{
    size_t n = s.n < max ? s.n : max;
    if (n == s.n)
        return n;
    size_t back = n;
    while (back > 0 && ((unsigned char)s.p[back] & 0xC0) == 0x80)
        back--;
    return back ? back : n;
}

/* RFC 2047: plain words as they are, all else in encoded words of at most 75 characters. What is encoded cannot begin
 * another header. */
static void add_words(struct buf *b, struct sv s)
{
    bool plain = s.n <= 60;
    for (size_t i = 0; plain && i < s.n; i++)
        plain = is_alnum(s.p[i]) || s.p[i] == ' ' || (s.p[i] == '-' && i > 0);
    if (plain) {
        buf_add(b, s);
        return;
    }
    while (s.n > 0) {
        size_t n = whole_characters(s, 42);
        buf_z(b, "=?UTF-8?B?");
        b64_encode(b, sv_sub(s, 0, n));
        buf_z(b, "?=");
        s = sv_sub(s, n, s.n);
        if (s.n)
            buf_z(b, "\r\n ");
    }
}

static void add_mailbox(struct buf *b, const char *header, struct sv name, struct sv address)
{
    buf_fmt(b, "%s: ", header);
    if (name.n) {
        add_words(b, name);
        buf_z(b, "\r\n ");
    }
    buf_fmt(b, "<%.*s>\r\n", SV_ARG(address));
}

static void add_date(struct buf *b, int64_t at_ms)
{
    static const char days[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = civil_of(at_ms);
    buf_fmt(b, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[civil_weekday(civil_day_of(at_ms))], c.day,
            months[c.month - 1], (int)c.year, c.hour, c.minute, c.second);
}

static void add_base64(struct buf *b, struct sv bytes)
{
    buf_z(b, "Content-Transfer-Encoding: base64\r\n\r\n");
    while (bytes.n > 0) {
        b64_encode(b, sv_sub(bytes, 0, LINE_BYTES));
        buf_z(b, "\r\n");
        bytes = sv_sub(bytes, LINE_BYTES, bytes.n);
    }
}

static void add_body(struct buf *b, const char *type, struct sv text)
{
    buf_fmt(b, "Content-Type: %s; charset=utf-8\r\n", type);
    add_base64(b, text);
}

static void add_words_body(struct buf *b, const struct mail *m)
{
    if (m->html.n == 0) {
        add_body(b, "text/plain", m->text);
        return;
    }
    char boundary[27];
    id_random_text(boundary, 26);
    buf_fmt(b, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
    add_body(b, "text/plain", m->text);
    buf_fmt(b, "--%s\r\n", boundary);
    add_body(b, "text/html", m->html);
    buf_fmt(b, "--%s--\r\n", boundary);
}

/* "image/png": what is not like that is only bytes. */
static bool media_type_ok(struct sv type)
{
    size_t slashes = 0;
    for (size_t i = 0; i < type.n; i++) {
        char c = type.p[i];
        slashes += c == '/';
        if (!is_alnum(c) && (c == 0 || !strchr("/+.-_", c)))
            return false;
    }
    return slashes == 1 && type.n < 100 && type.p[0] != '/' && type.p[type.n - 1] != '/';
}

/* RFC 2231: any name, percent-encoded, so that nothing in it can end the header. */
static void add_file(struct buf *b, const struct mail *m)
{
    struct sv type = media_type_ok(m->file_type) && !sv_starts(m->file_type, SV("multipart/")) &&
                             !sv_starts(m->file_type, SV("message/"))
                         ? m->file_type
                         : SV("application/octet-stream");
    struct sv name = m->file_name.n ? sv_sub(m->file_name, 0, whole_characters(m->file_name, 150)) : SV("file");
    buf_fmt(b, "Content-Type: %.*s\r\nContent-Disposition: attachment;\r\n filename*=UTF-8''", SV_ARG(type));
    buf_url(b, name);
    buf_z(b, "\r\n");
    add_base64(b, m->file);
}

/* An id that a stranger's program made: anything visible, within reason. */
static bool foreign_id_ok(struct sv id)
{
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] <= ' ' || id.p[i] > '~' || id.p[i] == '<' || id.p[i] == '>')
            return false;
    return id.n > 0 && id.n <= 250;
}

static bool url_ok(struct sv url)
{
    for (size_t i = 0; i < url.n; i++)
        if (url.p[i] <= ' ' || url.p[i] > '~' || url.p[i] == '<' || url.p[i] == '>')
            return false;
    return url.n > 0 && url.n <= 600;
}

static void add_handling(struct buf *b, const struct mail *m)
{
    if (foreign_id_ok(m->answers))
        buf_fmt(b, "In-Reply-To: <%.*s>\r\nReferences: <%.*s>\r\n", SV_ARG(m->answers), SV_ARG(m->answers));
    if (m->origin != MAIL_WRITTEN)
        buf_fmt(b, "Auto-Submitted: %s\r\n", m->origin == MAIL_REPLIED ? "auto-replied" : "auto-generated");
    if (m->bulk)
        buf_z(b, "Precedence: bulk\r\n");
    if (mail_address_ok(m->loop))
        buf_fmt(b, "X-Loop: %.*s\r\n", SV_ARG(m->loop));
    /* Absence notes do not come back to us. */
    buf_z(b, "X-Auto-Response-Suppress: OOF, AutoReply\r\n");
    if (url_ok(m->stop_url))
        buf_fmt(b, "List-Unsubscribe: <%.*s>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                SV_ARG(m->stop_url));
}

static bool lang_ok(struct sv lang)
{
    for (size_t i = 0; i < lang.n; i++)
        if (!is_alnum(lang.p[i]) && lang.p[i] != '-')
            return false;
    return lang.n <= 35;
}

enum pw_err mail_build(const struct mail_server *s, const struct mail *m, struct buf *out)
{
    if (!mail_address_ok(s->from) || !mail_recipient_ok(m->to) || !message_id_ok(m->message_id) || !lang_ok(m->lang) ||
        (m->reply_to.n && !mail_address_ok(m->reply_to)) || (m->return_path.n && !mail_address_ok(m->return_path)))
        return PW_INVALID;
    add_date(out, m->at_ms);
    add_mailbox(out, "From", s->from_name, s->from);
    add_mailbox(out, "To", m->to_name, m->to);
    if (m->reply_to.n)
        add_mailbox(out, "Reply-To", (struct sv){0}, m->reply_to);
    buf_z(out, "Subject: ");
    add_words(out, m->subject);
    buf_fmt(out, "\r\nMessage-ID: <%.*s>\r\n", SV_ARG(m->message_id));
    add_handling(out, m);
    buf_z(out, "MIME-Version: 1.0\r\n");
    if (m->lang.n)
        buf_fmt(out, "Content-Language: %.*s\r\n", SV_ARG(m->lang));
    if (m->file.n == 0) {
        add_words_body(out, m);
    } else {
        char boundary[27];
        id_random_text(boundary, 26);
        buf_fmt(out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
        add_words_body(out, m);
        buf_fmt(out, "--%s\r\n", boundary);
        add_file(out, m);
        buf_fmt(out, "--%s--\r\n", boundary);
    }
    return buf_ok(out) ? PW_OK : PW_UNAVAILABLE;
}
