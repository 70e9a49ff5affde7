/* SPDX-License-Identifier: EUPL-1.2 */
/* form: foreign bytes to pairs of name and value, before anything is known of what a route declares. Nothing is copied
 * that need not be: values are views of the body or live in the arena. The bytes may be anything; fields.h checks them.
 * The functions of this header are fuzzed. */
#ifndef PW_HTTP_FORM_H
#define PW_HTTP_FORM_H

#include "base/arena.h"
#include "base/err.h"

enum { FORM_PAIRS_MAX = 1000, FORM_NAME_MAX = 200, PATH_BYTES_MAX = 2048 };

enum form_kind { FORM_VALUE, FORM_FILE, FORM_EMPTY_LIST /* a JSON member that is [] */ };
struct form_pair {
    enum form_kind kind;
    struct sv name, value;
    struct sv file_name, type; /* of a FORM_FILE; as claimed */
};
struct form {
    struct form_pair *v;
    size_t n, size;
};

/* Adds one. PW_INVALID past FORM_PAIRS_MAX, PW_UNAVAILABLE when the arena is full. */
PW_MUST_CHECK enum pw_err form_add(struct arena *a, struct form *f, struct form_pair pair);

/* The first value of that name; empty when there is none. */
struct sv form_text(const struct form *f, const char *name);

/* "a=1&b=2", of a query or a body. A '%' that two hexadecimal digits do not follow stays as it is. */
PW_MUST_CHECK enum pw_err form_urlencoded(struct arena *a, struct sv text, struct form *ret);

/* The boundary of a multipart/form-data content type; empty when there is no sound one. */
struct sv form_boundary(struct arena *a, struct sv content_type);
/* multipart/form-data (RFC 7578). PW_INVALID when it is not well formed, e.g. without its last boundary. */
PW_MUST_CHECK enum pw_err form_multipart(struct arena *a, struct sv body, struct sv boundary, struct form *ret);

/* A request path, percent-decoded once. False when it is not absolute, is longer than PATH_BYTES_MAX, is not UTF-8, has
 * control characters, an encoded slash, a backslash, or a "." or ".." segment. */
bool path_decode(struct arena *a, struct sv raw, struct sv *ret);

/* The value of a cookie in a Cookie header; empty when absent. The first of several counts. */
struct sv cookie_find(struct sv header, struct sv name);

#endif
