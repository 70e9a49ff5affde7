/* SPDX-License-Identifier: EUPL-1.2 */
/* One mail as it came, read with GMime: who wrote what, to whom, in answer to what, and whether a person wrote it. */
#include <pthread.h>
#include <sodium.h>

#include "base/unicode.h"
#include "channel/email_reading.h"

/* Declared cache: GMime is made ready once a process. */
static pthread_once_t gmime_ready = PTHREAD_ONCE_INIT;

/* Message-ID and body: what arrives twice, by two ways or after a lost answer, counts once. The head is not in it: each
 * way adds lines of its own there. */
static struct sv key_of(struct email_reading *r, struct sv raw, struct sv fallback)
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

/* In every language: something did not fit. */
#define FILES_LEFT "\n\n[📎 …]"

static void finish_text(struct email_reading *r)
{
    struct email_in *m = r->m;
    struct email_file f;
    struct sv all = arena_sv(r->a, buf_sv(&r->text)), clean;
    for (int i = 0; i < EMAIL_FILES_MAX && email_cut_uuencoded(r->a, &all, &f); i++)
        email_add_file(r, email_file_name(r, arena_z(r->a, f.name)), f.type, f.bytes);
    if (text_clean(r->a, text_prefix(all, EMAIL_WHOLE_BYTES), &clean) != PW_OK)
        clean = (struct sv){0};
    clean = sv_trim(clean);
    struct sv left = SV(FILES_LEFT);
    struct sv own = email_own_words(r->a, clean);
    m->text = text_cut(r->a, own, EMAIL_TEXT_CHARS - (m->files_left ? text_count(left) : 0));
    if (!sv_eq(m->text, clean))
        m->whole = clean;
}

static void read_message(struct email_reading *r, GMimeMessage *msg, struct sv raw, struct sv sender,
                         struct sv recipient, int64_t now_ms)
{
    GMimeObject *o = GMIME_OBJECT(msg);
    struct email_in *m = r->m;
    email_read_head(r, msg, sender, recipient, now_ms);
    struct sv about = arena_fmt(r->a, "%.*s %.*s", SV_ARG(email_header(o, "Date")), SV_ARG(email_header(o, "Subject")));
    m->key = key_of(r, raw, about);
    GMimeObject *part = g_mime_message_get_mime_part(msg);
    if ((part && email_read_report(r, part)) || m->kind != EMAIL_LETTER)
        return;
    email_read_parts(r, part);
    finish_text(r);
    /* Some write all they have to say into the subject. */
    if (!m->text.n && !m->n_files)
        m->text = email_own_text(r->a, g_mime_message_get_subject(msg), 1000);
    if (m->files_left)
        m->text = arena_join(r->a, m->text, SV(FILES_LEFT));
    struct sv said = sv_trim(email_header(o, "Content-Language"));
    m->lang = email_lang_of(m->text);
    if (!m->lang.n && said.n >= 2)
        m->lang = email_lower(r->a, sv_sub(said, 0, 2));
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
    struct email_reading r = {.ch = ch, .a = a, .m = &m};
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
