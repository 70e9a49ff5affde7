/* SPDX-License-Identifier: EUPL-1.2 */
/* json: strict reading on jansson, typed getters that know the path of an error ("$.answers[3].text"), and a writer
 * straight into a struct buf. Reading refuses duplicate members, text after the value, NUL (also as \u0000), bad UTF-8,
 * more than JSON_DEPTH_MAX levels, JSON_TEXT_MAX bytes or JSON_VALUES_MAX values: a small body cannot become a big
 * memory. A json_t that json_read() gives is borrowed: the arena drops it. Texts from getters live as long as it does.
 * Error texts never repeat a value of the input: a place and a reason only. */
#ifndef PW_JSON_H
#define PW_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { JSON_DEPTH_MAX = 64, JSON_TEXT_MAX = 4 * 1024 * 1024, JSON_VALUES_MAX = 250000 };

/* ---- reading ---- */

/* One whole JSON object or array. PW_INVALID when it is not one; ret_path_error (optional; written then, too) says
 * where: "line 3 column 7". PW_UNAVAILABLE when the arena is full. */
PW_MUST_CHECK enum pw_err json_read(struct sv text, struct arena *a, json_t **ret, struct sv *ret_path_error);

/* Looking without complaint, for bodies of others where what is absent or of another type is simply not there. */
struct sv json_sv(const json_t *v);                               /* a string's text, else empty */
struct sv json_member_sv(const json_t *object, const char *name); /* of a string member, else empty */
int64_t json_member_int(const json_t *object, const char *name, int64_t otherwise);
bool json_member_bool(const json_t *object, const char *name); /* true only for true */
/* An integer or a string as text (provider ids come as either); empty for all else. */
struct sv json_id_sv(const json_t *v, struct arena *a);

/* A place in a value: made by json_root(), json_object_at(), json_array_at() and json_item(); `up` must outlive it. */
struct json_at {
    const json_t *v;
    const struct json_at *up;
    const char *name; /* member, or NULL for an item of an array */
    size_t index;
};
/* What is read, and the first thing found wrong. Sticky: a chain of getters is checked once with json_ok(), or each by
 * its result. `where` and `msgid` are empty while all is well. */
struct json_in {
    struct arena *a;
    struct sv where;   /* "$.answers[3].text" */
    const char *msgid; /* reason, a message id */
};
enum json_need { JSON_OPTIONAL, JSON_REQUIRED };

void json_in_init(struct json_in *in, struct arena *a);
bool json_ok(const struct json_in *in);
struct json_at json_root(const json_t *v);
struct json_at json_item(const struct json_at *array, size_t i); /* i < json_count(array) */
size_t json_count(const struct json_at *array);

/* Each: PW_OK and *ret written; or, when optional and absent or null, PW_OK and *ret untouched (set your default
 * before); or PW_INVALID with `in` filled. `name` NULL reads the place itself. */
enum pw_err json_text(struct json_in *in, const struct json_at *at, const char *name, enum json_need need,
                      size_t max_bytes, struct sv *ret);
enum pw_err json_int(struct json_in *in, const struct json_at *at, const char *name, enum json_need need, int64_t min,
                     int64_t max, int64_t *ret);
/* An id of ours: its 13 characters, or the whole number (64-bit, also past 2^53). */
enum pw_err json_id(struct json_in *in, const struct json_at *at, const char *name, enum json_need need, int64_t *ret);
enum pw_err json_bool_at(struct json_in *in, const struct json_at *at, const char *name, enum json_need need,
                         bool *ret);
enum pw_err json_object_at(struct json_in *in, const struct json_at *at, const char *name, enum json_need need,
                           struct json_at *ret);
enum pw_err json_array_at(struct json_in *in, const struct json_at *at, const char *name, enum json_need need,
                          size_t max_items, struct json_at *ret);
/* Strict: the object has no member besides `names` (ends with NULL); the error names the first unknown one. */
enum pw_err json_only(struct json_in *in, const struct json_at *object, const char *const *names);
/* For a check of the caller's own: marks at.name as wrong. Returns PW_INVALID. */
enum pw_err json_wrong(struct json_in *in, const struct json_at *at, const char *name, const char *msgid);

/* ---- writing ---- */

/* Writes valid JSON that is also safe inside HTML and scripts (< > & ' and U+2028/2029 are escaped). Bytes that are not
 * UTF-8 become U+FFFD. Misuse (a value without a key, an end too many, too deep) marks the buffer failed. */
struct json_w {
    struct buf *b;
    unsigned depth;
    uint64_t in_object, not_first; /* one bit a level */
    bool after_key, done;
};
void json_w_init(struct json_w *w, struct buf *b);
bool json_w_ok(const struct json_w *w); /* one whole value was written and the buffer held it */

void json_w_object(struct json_w *w);
void json_w_array(struct json_w *w);
void json_w_end(struct json_w *w); /* of the innermost object or array */
void json_w_key(struct json_w *w, const char *name);
void json_w_key_sv(struct json_w *w, struct sv name);
void json_w_sv(struct json_w *w, struct sv text);
void json_w_z(struct json_w *w, const char *text); /* NULL writes null */
void json_w_int(struct json_w *w, int64_t v);
void json_w_real(struct json_w *w, double v); /* not finite writes null */
void json_w_bool(struct json_w *w, bool v);
void json_w_null(struct json_w *w);
void json_w_id(struct json_w *w, int64_t id);      /* as its 13 characters; 0 writes null */
void json_w_time(struct json_w *w, int64_t at_ms); /* RFC 3339 in UTC: "2026-11-20T22:53:08.120Z"; 0 writes null */
void json_w_value(struct json_w *w, const json_t *v);

/* Key and value in one. */
void json_w_kv_sv(struct json_w *w, const char *name, struct sv text);
void json_w_kv_z(struct json_w *w, const char *name, const char *text);
void json_w_kv_int(struct json_w *w, const char *name, int64_t v);
void json_w_kv_bool(struct json_w *w, const char *name, bool v);
void json_w_kv_id(struct json_w *w, const char *name, int64_t id);
void json_w_kv_time(struct json_w *w, const char *name, int64_t at_ms);

#endif
