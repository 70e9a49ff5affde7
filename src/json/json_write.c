/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/id.h"
#include "json/json.h"

void json_w_init(struct json_w *w, struct buf *b)
{
    *w = (struct json_w){.b = b};
}

bool json_w_ok(const struct json_w *w)
{
    return w->done && w->depth == 0 && buf_ok(w->b);
}

static uint64_t bit(const struct json_w *w)
{
    return UINT64_C(1) << (w->depth - 1);
}

/* Before each value: a comma where one is due. False (and the buffer failed) when no value may stand here. */
static bool begin_value(struct json_w *w)
{
    if (w->depth == 0 ? w->done : ((w->in_object & bit(w)) && !w->after_key)) {
        w->b->failed = true;
        return false;
    }
    if (w->depth > 0 && !w->after_key) {
        if (w->not_first & bit(w))
            buf_c(w->b, ',');
        w->not_first |= bit(w);
    }
    w->after_key = false;
    w->done = w->depth == 0;
    return true;
}

static void open_level(struct json_w *w, bool object)
{
    if (w->depth == JSON_DEPTH_MAX)
        w->b->failed = true;
    if (w->b->failed || !begin_value(w))
        return;
    buf_c(w->b, object ? '{' : '[');
    w->depth++;
    w->not_first &= ~bit(w);
    w->in_object = object ? w->in_object | bit(w) : w->in_object & ~bit(w);
}

void json_w_object(struct json_w *w)
{
    open_level(w, true);
}

void json_w_array(struct json_w *w)
{
    open_level(w, false);
}

void json_w_end(struct json_w *w)
{
    if (w->depth == 0 || w->after_key)
        w->b->failed = true;
    if (w->b->failed)
        return;
    buf_c(w->b, w->in_object & bit(w) ? '}' : ']');
    w->depth--;
    w->done = w->depth == 0;
}

/* Length of the UTF-8 character at s (no overlong forms, no surrogates), 0 when it is none. */
static size_t utf8_len(const unsigned char *s, size_t n)
{
    if (s[0] < 0x80)
        return 1;
    size_t len = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || n < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF0 && s[1] < 0x90) ||
        (s[0] == 0xF4 && s[1] > 0x8F))
        return 0;
    return len;
}

static void put_ascii(struct buf *b, unsigned char c)
{
    switch (c) {
    case '"':
        buf_z(b, "\\\"");
        break;
    case '\\':
        buf_z(b, "\\\\");
        break;
    case '\n':
        buf_z(b, "\\n");
        break;
    case '\r':
        buf_z(b, "\\r");
        break;
    case '\t':
        buf_z(b, "\\t");
        break;
    default:
        buf_fmt(b, "\\u%04x", c);
        break;
    }
}

static void put_text(struct buf *b, struct sv text)
{
    const unsigned char *s = (const unsigned char *)text.p;
    size_t from = 0, i = 0;
    buf_c(b, '"');
    while (i < text.n) {
        unsigned char c = s[i];
        size_t len = utf8_len(s + i, text.n - i);
        bool line_mark = len == 3 && c == 0xE2 && s[i + 1] == 0x80 && (s[i + 2] == 0xA8 || s[i + 2] == 0xA9);
        bool special = len == 1 && (c < 0x20 || c == 0x7F || strchr("\"\\<>&'", c));
        if (len > 0 && !special && !line_mark) {
            i += len;
            continue;
        }
        buf_add(b, sv_sub(text, from, i - from));
        if (len == 0)
            buf_z(b, "\\ufffd");
        else if (line_mark)
            buf_z(b, s[i + 2] == 0xA8 ? "\\u2028" : "\\u2029");
        else
            put_ascii(b, c);
        i += len ? len : 1;
        from = i;
    }
    buf_add(b, sv_sub(text, from, i - from));
    buf_c(b, '"');
}

void json_w_key_sv(struct json_w *w, struct sv name)
{
    if (w->depth == 0 || !(w->in_object & bit(w)) || w->after_key) {
        w->b->failed = true;
        return;
    }
    if (w->not_first & bit(w))
        buf_c(w->b, ',');
    w->not_first |= bit(w);
    put_text(w->b, name);
    buf_c(w->b, ':');
    w->after_key = true;
}

void json_w_key(struct json_w *w, const char *name)
{
    json_w_key_sv(w, sv_of(name));
}

void json_w_sv(struct json_w *w, struct sv text)
{
    if (begin_value(w))
        put_text(w->b, text);
}

void json_w_z(struct json_w *w, const char *text)
{
    if (text)
        json_w_sv(w, sv_of(text));
    else
        json_w_null(w);
}

void json_w_int(struct json_w *w, int64_t v)
{
    if (begin_value(w))
        buf_int(w->b, v);
}

void json_w_real(struct json_w *w, double v)
{
    if (!isfinite(v))
        json_w_null(w);
    else if (begin_value(w))
        buf_fmt(w->b, "%.17g", v);
}

void json_w_bool(struct json_w *w, bool v)
{
    if (begin_value(w))
        buf_z(w->b, v ? "true" : "false");
}

void json_w_null(struct json_w *w)
{
    if (begin_value(w))
        buf_z(w->b, "null");
}

void json_w_id(struct json_w *w, int64_t id)
{
    char text[ID_TEXT + 1];
    if (id > 0)
        json_w_sv(w, id_text(id, text));
    else
        json_w_null(w);
}

void json_w_time(struct json_w *w, int64_t at_ms)
{
    int64_t ms = ((at_ms % 1000) + 1000) % 1000;
    time_t s = (time_t)((at_ms - ms) / 1000);
    struct tm t;
    if (!at_ms || !gmtime_r(&s, &t) || t.tm_year < -1900 || t.tm_year > 9999 - 1900) {
        json_w_null(w); /* RFC 3339 has four digits for a year */
        return;
    }
    if (begin_value(w))
        buf_fmt(w->b, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                t.tm_min, t.tm_sec, (int)ms);
}

void json_w_value(struct json_w *w, const json_t *v)
{
    const char *key;
    json_t *item;
    size_t i;

    if (w->b->failed) /* also ends the walk of a value that is too deep */
        return;
    if (json_is_object(v)) {
        json_w_object(w);
        json_object_foreach((json_t *)(uintptr_t)v, key, item)
        {
            json_w_key(w, key);
            json_w_value(w, item);
        }
        json_w_end(w);
    } else if (json_is_array(v)) {
        json_w_array(w);
        json_array_foreach(v, i, item) json_w_value(w, item);
        json_w_end(w);
    } else if (json_is_string(v)) {
        json_w_sv(w, json_sv(v));
    } else if (json_is_integer(v)) {
        json_w_int(w, json_integer_value(v));
    } else if (json_is_real(v)) {
        json_w_real(w, json_real_value(v));
    } else if (json_is_boolean(v)) {
        json_w_bool(w, json_is_true(v));
    } else {
        json_w_null(w);
    }
}

void json_w_kv_sv(struct json_w *w, const char *name, struct sv text)
{
    json_w_key(w, name);
    json_w_sv(w, text);
}

void json_w_kv_z(struct json_w *w, const char *name, const char *text)
{
    json_w_key(w, name);
    json_w_z(w, text);
}

void json_w_kv_int(struct json_w *w, const char *name, int64_t v)
{
    json_w_key(w, name);
    json_w_int(w, v);
}

void json_w_kv_bool(struct json_w *w, const char *name, bool v)
{
    json_w_key(w, name);
    json_w_bool(w, v);
}

void json_w_kv_id(struct json_w *w, const char *name, int64_t id)
{
    json_w_key(w, name);
    json_w_id(w, id);
}

void json_w_kv_time(struct json_w *w, const char *name, int64_t at_ms)
{
    json_w_key(w, name);
    json_w_time(w, at_ms);
}
