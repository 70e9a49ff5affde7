/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of a mail: what is words, what is a file, and what is neither. */
#include "base/unicode.h"
#include "channel/email_reading.h"

enum { DEPTH_MAX = 20, PARTS_MAX = 500, FILE_NAME_BYTES = 200, INLINE_PICTURE_MAX = 20 * 1024 };

struct sv email_content(struct email_reading *r, GMimePart *part, size_t max)
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

void email_add_file(struct email_reading *r, struct sv name, struct sv type, struct sv bytes)
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

static void add_text(struct email_reading *r, struct sv text)
{
    text = sv_trim(text);
    if (!text.n)
        return;
    if (r->text.n)
        buf_z(&r->text, "\n\n");
    buf_add(&r->text, text);
}

struct sv email_type(struct email_reading *r, GMimeObject *o)
{
    GMimeContentType *t = g_mime_object_get_content_type(o);
    const char *type = t ? g_mime_content_type_get_media_type(t) : NULL;
    const char *sub = t ? g_mime_content_type_get_media_subtype(t) : NULL;
    if (!type || !sub)
        return SV("text/plain");
    return email_lower(r->a, email_utf8(r->a, arena_fmt(r->a, "%.90s/%.90s", type, sub), NULL));
}

static struct sv text_of(struct email_reading *r, GMimePart *part, struct sv type)
{
    const char *charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
    struct sv text = email_utf8(r->a, email_content(r, part, EMAIL_TEXT_BYTES), charset);
    return sv_eq_z(type, "text/html") ? email_text_of_html(r->a, text) : text;
}

static bool is_attachment(GMimeObject *o)
{
    const char *how = g_mime_object_get_disposition(o);
    return how && g_ascii_strcasecmp(how, "attachment") == 0;
}

/* A name, never a way through folders. */
struct sv email_file_name(struct email_reading *r, const char *z)
{
    struct sv name = email_own_text(r->a, z, FILE_NAME_BYTES);
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/' || name.p[i - 1] == '\\')
            return sv_sub(name, i, name.n);
    return name;
}

static void read_part(struct email_reading *r, GMimePart *part)
{
    GMimeObject *o = GMIME_OBJECT(part);
    struct sv type = email_type(r, o);
    const char *z = g_mime_part_get_filename(part);
    bool words = sv_eq_z(type, "text/plain") || sv_eq_z(type, "text/html");
    if (words && !is_attachment(o) && !(z && *z)) {
        add_text(r, text_of(r, part, type));
        return;
    }
    if (sv_eq_z(type, "application/pgp-signature") || sv_eq_z(type, "application/pkcs7-signature") ||
        sv_eq_z(type, "message/delivery-status"))
        return;
    struct sv bytes = email_content(r, part, EMAIL_FILES_BYTES + 1);
    /* Logos of signatures and dots that count readers. */
    if (sv_starts(type, SV("image/")) && g_mime_part_get_content_id(part) && bytes.n < INLINE_PICTURE_MAX &&
        !is_attachment(o))
        return;
    email_add_file(r, email_file_name(r, z), type, bytes);
}

static void walk(struct email_reading *r, GMimeObject *o, int depth);

/* The plain form where there is one; else the page as text. */
static void read_alternatives(struct email_reading *r, GMimeMultipart *mp, int depth)
{
    int n = g_mime_multipart_get_count(mp);
    GMimeObject *best = NULL;
    for (int i = 0; i < n && i < PARTS_MAX; i++) {
        GMimeObject *o = g_mime_multipart_get_part(mp, i);
        if (!o)
            continue;
        struct sv type = email_type(r, o);
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

static void read_enclosed(struct email_reading *r, GMimeObject *o)
{
    GMimeStream *mem = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(o, NULL, mem);
    GByteArray *b = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
    if (b && b->len && b->len <= EMAIL_FILES_BYTES)
        email_add_file(r, SV("message.eml"), SV("message/rfc822"),
                       arena_sv(r->a, (struct sv){(const char *)b->data, b->len}));
    else
        r->m->files_left = true;
    g_object_unref(mem);
}

static void walk(struct email_reading *r, GMimeObject *o, int depth)
{
    if (!o || depth > DEPTH_MAX || ++r->parts > PARTS_MAX) {
        r->m->files_left |= o != NULL;
        return;
    }
    if (GMIME_IS_MULTIPART(o)) {
        GMimeMultipart *mp = GMIME_MULTIPART(o);
        if (sv_eq_z(email_type(r, o), "multipart/alternative")) {
            read_alternatives(r, mp, depth);
            return;
        }
        int n = g_mime_multipart_get_count(mp);
        for (int i = 0; i < n && i < PARTS_MAX; i++)
            walk(r, g_mime_multipart_get_part(mp, i), depth + 1);
        const char *all =
            n ? NULL : g_mime_multipart_get_prologue(mp); /* no boundary: all of it stands before the first */
        if (all)
            add_text(r, email_utf8(r->a, sv_sub(sv_of(all), 0, EMAIL_TEXT_BYTES), NULL));
    } else if (GMIME_IS_MESSAGE_PART(o)) {
        read_enclosed(r, o);
    } else if (GMIME_IS_PART(o)) {
        read_part(r, GMIME_PART(o));
    }
}

void email_read_parts(struct email_reading *r, GMimeObject *whole)
{
    walk(r, whole, 0);
}
