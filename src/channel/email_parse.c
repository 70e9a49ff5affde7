/* SPDX-License-Identifier: EUPL-1.2 */
/* One mail as it came, read with GMime: who wrote what, to whom, in answer to what, and whether a person wrote it. */
#include <gmime/gmime.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/unicode.h"
#include "channel/email.h"

enum {
    DEPTH_MAX = 20,
    PARTS_MAX = 500,
    NAME_BYTES = 200,
    INLINE_PICTURE_MAX = 20 * 1024,
    ID_MAX = 250,
    TEXT_BYTES = 2 * 1024 * 1024
};

/* Declared cache: GMime is made ready once a process. */
static pthread_once_t gmime_ready = PTHREAD_ONCE_INIT;

struct reading {
    const struct channel *ch;
    struct arena *a;
    struct email_in *m;
    struct buf text;
    size_t parts, bytes;
};

/* ---- headers ---- */

static struct sv header(GMimeObject *o, const char *name)
{
    return sv_of(g_mime_object_get_header(o, name));
}

static bool has(GMimeObject *o, const char *name)
{
    return g_mime_object_get_header(o, name) != NULL;
}

static struct sv lower(struct arena *a, struct sv s)
{
    struct sv out = arena_sv(a, s);
    for (size_t i = 0; i < out.n; i++)
        if (out.p[i] >= 'A' && out.p[i] <= 'Z')
            ((char *)(uintptr_t)out.p)[i] = (char)(out.p[i] + 32);
    return out;
}

static struct sv own_text(struct arena *a, const char *z, size_t max)
{
    struct sv s = email_utf8(a, sv_of(z), NULL), clean;
    if (text_clean_line(a, text_prefix(s, max), &clean) != PW_OK)
        return (struct sv){0};
    return arena_sv(a, clean); /* GMime's own memory goes with the message */
}

static bool first_mailbox(struct reading *r, InternetAddressList *list)
{
    int n = list ? internet_address_list_length(list) : 0;
    for (int i = 0; i < n && i < 50; i++) {
        InternetAddress *x = internet_address_list_get_address(list, i);
        if (!INTERNET_ADDRESS_IS_MAILBOX(x))
            continue;
        const char *z = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(x));
        struct sv address = sv_trim(sv_of(z));
        if (address.n > EMAIL_ADDRESS_MAX || !mail_address_ok(address))
            continue;
        r->m->from = lower(r->a, address);
        r->m->from_name = own_text(r->a, internet_address_get_name(x), NAME_BYTES);
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
static void look_at_addresses(struct reading *r, struct sv list)
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
            m->place = lower(r->a, email_place_of(r->ch, word));
        }
    }
}

static void read_recipients(struct reading *r, GMimeObject *o, struct sv recipient)
{
    static const char *const names[] = {"X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc"};
    if (recipient.n)
        look_at_addresses(r, recipient);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        look_at_addresses(r, header(o, names[i]));
}

static bool starts_any(struct sv s, const char *const *v)
{
    for (; *v; v++)
        if (sv_ieq(sv_sub(s, 0, strlen(*v)), sv_of(*v)))
            return true;
    return false;
}

/* RFC 3834 and the habits of programs from before it. */
static bool written_by_program(struct reading *r, GMimeObject *o, struct sv sender)
{
    static const char *const robots[] = {"mailer-daemon@", "postmaster@", "noreply@",         "no-reply@",
                                         "do-not-reply@",  "donotreply@", "ne-pas-repondre@", "nepasrepondre@",
                                         "bounce@",        NULL};
    static const char *const many[] = {"bulk", "junk", "list", "auto_reply", "auto-reply", NULL};
    struct sv automatic = header(o, "Auto-Submitted"), own, domain, path = sv_trim(header(o, "Return-Path"));
    int64_t id;
    email_own(r->ch, &own, &domain);
    if (automatic.n && !sv_ieq(sv_sub(sv_trim(automatic), 0, 2), SV("no")))
        return true;
    if (starts_any(sv_trim(header(o, "Precedence")), many) || has(o, "X-Autoreply") || has(o, "X-Autorespond") ||
        has(o, "List-Id") || has(o, "List-Unsubscribe") || has(o, "Feedback-ID"))
        return true;
    if (has(o, "X-Loop") && (sv_ieq(sv_trim(header(o, "X-Loop")), email_setting(r->ch, "from_address"))))
        return true;
    if (email_token_of_id(r->ch, r->m->message_id, &id) || sv_ieq(r->m->from, email_setting(r->ch, "from_address")))
        return true;
    if (email_token_of_address(r->ch, r->m->from, &id))
        return true;
    if (sv_eq_z(sender, "<>") || sv_ieq(sender, SV("MAILER-DAEMON")) || sv_eq_z(path, "<>"))
        return true;
    return starts_any(r->m->from, robots);
}

static bool vouched_for(struct reading *r, GMimeObject *o)
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

static void read_date(struct reading *r, GMimeMessage *msg, int64_t now_ms)
{
    enum { WEEK_S = 7 * 24 * 3600 };
    GDateTime *d = g_mime_message_get_date(msg);
    int64_t at = d ? g_date_time_to_unix(d) : 0;
    /* A clock that is far off must not put a question into last year. */
    if (at > now_ms / 1000 - WEEK_S && at <= now_ms / 1000)
        r->m->at_ms = at * 1000;
}

/* ---- parts ---- */

static struct sv content_of(struct reading *r, GMimePart *part, size_t max)
{
    GMimeDataWrapper *w = g_mime_part_get_content(part);
    if (!w)
        return (struct sv){0};
    GMimeStream *mem = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(w, mem);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
    struct sv out = {0};
    if (bytes && bytes->len)
        out = arena_sv(r->a, sv_sub((struct sv){(const char *)bytes->data, bytes->len}, 0, max));
    g_object_unref(mem);
    return out;
}

static void add_file(struct reading *r, struct sv name, struct sv type, struct sv bytes)
{
    struct email_in *m = r->m;
    if (!bytes.n)
        return;
    if (m->n_files == EMAIL_FILES_MAX || r->bytes + bytes.n > EMAIL_FILES_BYTES) {
        m->files_left = true;
        return;
    }
    r->bytes += bytes.n;
    m->files[m->n_files++] = (struct email_file){name, type, bytes};
}

static void add_text(struct reading *r, struct sv text)
{
    text = sv_trim(text);
    if (!text.n)
        return;
    if (r->text.n)
        buf_z(&r->text, "\n\n");
    buf_add(&r->text, text);
}

static struct sv type_of(struct reading *r, GMimeObject *o)
{
    GMimeContentType *t = g_mime_object_get_content_type(o);
    const char *type = t ? g_mime_content_type_get_media_type(t) : NULL;
    const char *sub = t ? g_mime_content_type_get_media_subtype(t) : NULL;
    if (!type || !sub)
        return SV("text/plain");
    return lower(r->a, email_utf8(r->a, arena_fmt(r->a, "%.90s/%.90s", type, sub), NULL));
}

static struct sv text_of(struct reading *r, GMimePart *part, struct sv type)
{
    const char *charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
    struct sv text = email_utf8(r->a, content_of(r, part, TEXT_BYTES), charset);
    return sv_eq_z(type, "text/html") ? email_text_of_html(r->a, text) : text;
}

static bool is_attachment(GMimeObject *o)
{
    const char *how = g_mime_object_get_disposition(o);
    return how && g_ascii_strcasecmp(how, "attachment") == 0;
}

/* A name, never a way through folders. */
static struct sv file_name(struct reading *r, const char *z)
{
    struct sv name = own_text(r->a, z, NAME_BYTES);
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/' || name.p[i - 1] == '\\')
            return sv_sub(name, i, name.n);
    return name;
}

static void read_part(struct reading *r, GMimePart *part)
{
    GMimeObject *o = GMIME_OBJECT(part);
    struct sv type = type_of(r, o);
    const char *z = g_mime_part_get_filename(part);
    bool words = sv_eq_z(type, "text/plain") || sv_eq_z(type, "text/html");
    if (words && !is_attachment(o) && !(z && *z)) {
        add_text(r, text_of(r, part, type));
        return;
    }
    if (sv_eq_z(type, "application/pgp-signature") || sv_eq_z(type, "application/pkcs7-signature") ||
        sv_eq_z(type, "message/delivery-status"))
        return;
    struct sv bytes = content_of(r, part, EMAIL_FILES_BYTES + 1);
    /* Logos of signatures and dots that count readers. */
    if (sv_starts(type, SV("image/")) && g_mime_part_get_content_id(part) && bytes.n < INLINE_PICTURE_MAX &&
        !is_attachment(o))
        return;
    add_file(r, file_name(r, z), type, bytes);
}

static void walk(struct reading *r, GMimeObject *o, int depth);

/* The plain form where there is one; else the page as text. */
static void read_alternatives(struct reading *r, GMimeMultipart *mp, int depth)
{
    int n = g_mime_multipart_get_count(mp);
    GMimeObject *best = NULL;
    for (int i = 0; i < n && i < PARTS_MAX; i++) {
        GMimeObject *o = g_mime_multipart_get_part(mp, i);
        if (!o)
            continue;
        struct sv type = type_of(r, o);
        if (GMIME_IS_PART(o) && sv_eq_z(type, "text/plain")) {
            if (sv_trim(text_of(r, GMIME_PART(o), type)).n) {
                best = o;
                break;
            }
            continue;
        }
        if (!best && (sv_eq_z(type, "text/html") || GMIME_IS_MULTIPART(o)))
            best = o;
    }
    if (best)
        walk(r, best, depth + 1);
}

static void read_enclosed(struct reading *r, GMimeObject *o)
{
    GMimeStream *mem = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(o, NULL, mem);
    GByteArray *b = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
    if (b && b->len && b->len <= EMAIL_FILES_BYTES)
        add_file(r, SV("message.eml"), SV("message/rfc822"),
                 arena_sv(r->a, (struct sv){(const char *)b->data, b->len}));
    else
        r->m->files_left = true;
    g_object_unref(mem);
}

static void walk(struct reading *r, GMimeObject *o, int depth)
{
    if (!o || depth > DEPTH_MAX || ++r->parts > PARTS_MAX) {
        r->m->files_left |= o != NULL;
        return;
    }
    if (GMIME_IS_MULTIPART(o)) {
        GMimeMultipart *mp = GMIME_MULTIPART(o);
        if (sv_eq_z(type_of(r, o), "multipart/alternative")) {
            read_alternatives(r, mp, depth);
            return;
        }
        int n = g_mime_multipart_get_count(mp);
        for (int i = 0; i < n && i < PARTS_MAX; i++)
            walk(r, g_mime_multipart_get_part(mp, i), depth + 1);
        const char *all =
            n ? NULL : g_mime_multipart_get_prologue(mp); /* no boundary: all of it stands before the first */
        if (all)
            add_text(r, email_utf8(r->a, sv_sub(sv_of(all), 0, TEXT_BYTES), NULL));
    } else if (GMIME_IS_MESSAGE_PART(o)) {
        read_enclosed(r, o);
    } else if (GMIME_IS_PART(o)) {
        read_part(r, GMIME_PART(o));
    }
}

/* ---- delivery reports ---- */

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
static void read_report_part(struct reading *r, GMimeObject *o)
{
    struct email_in *m = r->m;
    struct sv type = type_of(r, o);
    int64_t id = 0;
    if (GMIME_IS_MESSAGE_PART(o)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));
        if (inner && email_token_of_id(r->ch, sv_of(g_mime_message_get_message_id(inner)), &id))
            m->out_id = id;
    }
    if (!GMIME_IS_PART(o))
        return;
    struct sv text = content_of(r, GMIME_PART(o), TEXT_BYTES);
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

static bool read_report(struct reading *r, GMimeObject *o)
{
    if (!GMIME_IS_MULTIPART(o) || !sv_eq_z(type_of(r, o), "multipart/report"))
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

/* ---- the whole ---- */

/* Message-ID and body: what arrives twice, by two ways or after a lost answer, counts once. The head is not in it: each
 * way adds lines of its own there. */
static struct sv key_of(struct reading *r, struct sv raw, struct sv fallback)
{
    static const struct sv ends[] = {{"\r\n\r\n", 4}, {"\n\n", 2}};
    struct sv body = raw;
    ptrdiff_t at = -1;
    for (size_t i = 0; i < 2; i++) {
        ptrdiff_t x = sv_find(raw, ends[i]);
        if (x >= 0 && (at < 0 || x < at)) {
            at = x;
            body = sv_sub(raw, (size_t)x + ends[i].n, raw.n);
        }
    }
    crypto_generichash_state st;
    unsigned char hash[20];
    crypto_generichash_init(&st, NULL, 0, sizeof hash);
    const struct sv parts[] = {r->m->message_id.n ? r->m->message_id : fallback, r->m->from, r->m->place};
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].n)
            crypto_generichash_update(&st, (const unsigned char *)parts[i].p, parts[i].n);
        crypto_generichash_update(&st, (const unsigned char *)"\n", 1);
    }
    for (size_t i = 0; i < body.n; i++) { /* line ends differ between ways too */
        size_t run = i;
        while (run < body.n && body.p[run] != '\r')
            run++;
        if (run > i)
            crypto_generichash_update(&st, (const unsigned char *)body.p + i, run - i);
        i = run;
    }
    crypto_generichash_final(&st, hash, sizeof hash);
    struct buf b;
    buf_init(&b, 100);
    buf_z(&b, "mail:");
    buf_hex(&b, (struct sv){(const char *)hash, sizeof hash});
    struct sv out = arena_sv(r->a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static void finish_text(struct reading *r)
{
    struct email_in *m = r->m;
    struct email_file f;
    struct sv all = arena_sv(r->a, buf_sv(&r->text)), clean;
    for (int i = 0; i < EMAIL_FILES_MAX && email_cut_uuencoded(r->a, &all, &f); i++)
        add_file(r, file_name(r, arena_z(r->a, f.name)), f.type, f.bytes);
    if (text_clean(r->a, text_prefix(all, EMAIL_WHOLE_BYTES), &clean) != PW_OK)
        clean = (struct sv){0};
    clean = sv_trim(clean);
    struct sv own = email_own_words(r->a, clean);
    m->text = text_cut(r->a, own, EMAIL_TEXT_CHARS);
    if (!sv_eq(m->text, clean))
        m->whole = clean;
}

static void read_message(struct reading *r, GMimeMessage *msg, struct sv raw, struct sv sender, struct sv recipient,
                         int64_t now_ms)
{
    GMimeObject *o = GMIME_OBJECT(msg);
    struct email_in *m = r->m;
    struct sv id = sv_of(g_mime_message_get_message_id(msg));
    if (usable_id(id))
        m->message_id = arena_sv(r->a, id);
    bool known = first_mailbox(r, g_mime_message_get_from(msg)) || first_mailbox(r, g_mime_message_get_sender(msg));
    m->out_id = token_in(r->ch, header(o, "References"));
    int64_t direct = token_in(r->ch, header(o, "In-Reply-To"));
    if (direct)
        m->out_id = direct;
    read_recipients(r, o, recipient);
    read_date(r, msg, now_ms);
    struct sv about = arena_fmt(r->a, "%.*s %.*s", SV_ARG(header(o, "Date")), SV_ARG(header(o, "Subject")));
    m->key = key_of(r, raw, about);
    GMimeObject *part = g_mime_message_get_mime_part(msg);
    if (part && read_report(r, part))
        return;
    m->kind = written_by_program(r, o, sender) ? EMAIL_AUTOMATIC : known ? EMAIL_LETTER : EMAIL_NOBODY;
    if (m->kind != EMAIL_LETTER)
        return;
    m->authentic = vouched_for(r, o);
    walk(r, part, 0);
    finish_text(r);
    /* Some write all they have to say into the subject. */
    if (!m->text.n && !m->n_files)
        m->text = own_text(r->a, g_mime_message_get_subject(msg), 1000);
    if (m->files_left) /* in every language: something did not fit */
        m->text = arena_join(r->a, m->text, SV("\n\n[📎 …]"));
    struct sv said = sv_trim(header(o, "Content-Language"));
    m->lang = email_lang_of(m->text);
    if (!m->lang.n && said.n >= 2)
        m->lang = lower(r->a, sv_sub(said, 0, 2));
}

/* A head of megabytes takes GMime minutes: no mail server passes such heads on, so what is beyond is left out. The same
 * for a line that is folded thousands of times, in a part's head too, and for thousands of parts. */
static struct sv tamed(struct arena *a, struct sv raw, bool *ret_rest_left)
{
    enum { HEAD_BYTES = 256 * 1024, FOLDS = 500, BOUNDARIES = 2000 };
    struct buf b;
    struct sv rest = raw, line;
    size_t folds = 0, head = 0, boundaries = 0;
    bool in_head = true, cut = false;
    buf_init(&b, raw.n + 2);
    while (rest.n) {
        const char *from = rest.p;
        (void)sv_cut(&rest, '\n', &line);
        struct sv whole = {from, rest.p ? (size_t)(rest.p - from) : line.n};
        boundaries += sv_starts(line, SV("--"));
        *ret_rest_left = boundaries > BOUNDARIES;
        if (*ret_rest_left) {
            cut = true;
            break;
        }
        bool empty = !line.n || sv_eq_z(line, "\r");
        in_head &= !empty;
        head += in_head ? whole.n : 0;
        folds = !empty && (line.p[0] == ' ' || line.p[0] == '\t') ? folds + 1 : 0;
        if (folds > FOLDS || (in_head && head > HEAD_BYTES))
            cut = true;
        else
            buf_add(&b, whole);
    }
    struct sv out = cut ? arena_sv(a, buf_sv(&b)) : raw;
    buf_finish(&b);
    return out;
}

static void make_gmime_ready(void)
{
    g_mime_init();
}

enum pw_err email_parse(const struct channel *ch, struct arena *a, struct sv raw, struct sv sender, struct sv recipient,
                        int64_t now_ms, struct email_in *ret)
{
    pthread_once(&gmime_ready, make_gmime_ready);
    struct email_in m = {.kind = EMAIL_NOBODY, .report = OUT_QUEUED};
    struct reading r = {.ch = ch, .a = a, .m = &m};
    raw = tamed(a, raw, &m.files_left);
    buf_init(&r.text, EMAIL_RAW_MAX);
    GByteArray *bytes = g_byte_array_new();
    if (raw.n)
        g_byte_array_append(bytes, (const guint8 *)raw.p, (guint)raw.n);
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), TRUE);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *msg = g_mime_parser_construct_message(parser, NULL);
    if (msg) {
        read_message(&r, msg, raw, sender, recipient, now_ms);
        g_object_unref(msg);
    } else {
        m.key = key_of(&r, raw, SV("unreadable"));
    }
    g_object_unref(parser);
    g_object_unref(stream);
    bool ok = !a->oom && m.key.n;
    buf_finish(&r.text);
    if (ok)
        *ret = m;
    return ok ? PW_OK : PW_UNAVAILABLE;
}

/* ---- events ---- */

static enum chan_file_kind kind_of(struct sv type)
{
    return sv_starts(type, SV("image/"))   ? FILE_IMAGE
           : sv_starts(type, SV("audio/")) ? FILE_AUDIO
           : sv_starts(type, SV("video/")) ? FILE_VIDEO
                                           : FILE_OTHER;
}

enum pw_err email_events(struct arena *a, const struct email_in *m, struct chan_events *io)
{
    if (io->n + 1 + m->n_files > CHAN_EVENTS_MAX)
        return PW_INVALID;
    if (m->kind == EMAIL_REPORT && m->out_id && (m->report == OUT_FAILED || m->report == OUT_DELIVERED))
        io->v[io->n++] = (struct chan_event){.kind = CHAN_STATUS,
                                             .provider_id = m->key,
                                             .out_id = m->out_id,
                                             .status = m->report,
                                             .status_code = m->report_status,
                                             .gone = m->report == OUT_FAILED && email_nobody_there(m->report_status)};
    if (m->kind != EMAIL_LETTER)
        return PW_OK;
    struct chan_event e = {.kind = CHAN_MESSAGE,
                           .provider_id = m->key,
                           .message_id = m->message_id,
                           .at_ms = m->at_ms,
                           .private_chat = true,
                           .chat = m->from,
                           .user = m->from,
                           .user_name = m->from_name,
                           .user_lang = m->lang,
                           .out_id = m->out_id,
                           .unproven = !m->authentic,
                           .place = m->place};
    if (m->text.n) {
        struct chan_event *t = &io->v[io->n++];
        *t = e;
        t->text = m->text;
        t->whole = m->whole;
    }
    for (size_t i = 0; i < m->n_files; i++) {
        struct chan_event *f = &io->v[io->n++];
        *f = e;
        f->provider_id = arena_fmt(a, "%.*s:%zu", SV_ARG(m->key), i + 1);
        f->message_id = (struct sv){0}; /* the words have it; of two messages with one id only one could be found */
        f->file_kind = kind_of(m->files[i].type);
        f->file_name = m->files[i].name;
        f->file_type = m->files[i].type;
        f->file_bytes = m->files[i].bytes;
        f->file_size = (int64_t)m->files[i].bytes.n;
    }
    if (!m->text.n && m->n_files)
        io->v[io->n - m->n_files].message_id = m->message_id;
    return a->oom ? PW_UNAVAILABLE : PW_OK;
}
