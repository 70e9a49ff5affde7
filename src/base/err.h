/* SPDX-License-Identifier: EUPL-1.2 */
/* err: the few kinds of failure a caller can act on, and the list of what was wrong with an input.
 * One table (err.c) maps a kind to its HTTP status and to a sentence (a message id, see ui/catalog.h).
 * A function that fails writes nothing to its ret_ outputs. */
#ifndef PW_ERR_H
#define PW_ERR_H

#include "sv.h"

enum pw_err {
    PW_OK,
    PW_NOT_FOUND,   /* does not exist, or may not be seen by this actor: both look the same outside */
    PW_DENIED,      /* the actor is known and may not do this */
    PW_INVALID,     /* the input is wrong; struct problems says where and why */
    PW_CONFLICT,    /* someone else was first, or the state no longer allows it */
    PW_RETRY,       /* a passing clash (lock, serialization); db_transact() retries it */
    PW_UNAVAILABLE, /* a peer or resource is down; later may work */
    PW_INTERNAL,    /* a defect or a broken machine; logged once by whoever ends the request */
    PW_ERR__MAX
};

#define PW_MUST_CHECK __attribute__((warn_unused_result))
#define PW_TRY(expr)                                                                                                   \
    do {                                                                                                               \
        enum pw_err e_ = (expr);                                                                                       \
        if (e_ != PW_OK)                                                                                               \
            return e_;                                                                                                 \
    } while (0)

/* Marks a message id for extraction into the catalogues without translating it here. */
#define N_(msgid) msgid

const char *err_name(enum pw_err e);    /* "not-found", stable, for logs and the API */
int err_http_status(enum pw_err e);     /* 200, 404, 403, 422, 409, 503, 503, 500 */
const char *err_message(enum pw_err e); /* message id of the sentence shown to people */

/* What is wrong with an input: field (form or JSON name, NULL for the whole), reason (message id that
 * also says what is accepted) and an optional value put for {0} in the reason. */
struct problem {
    const char *field;
    const char *msgid;
    struct sv arg;
};
enum { PROBLEMS_MAX = 24 };
struct problems {
    struct problem v[PROBLEMS_MAX];
    size_t n;
};
/* Adds one and returns PW_INVALID, so that a check can end with it. Past PROBLEMS_MAX it is dropped. */
enum pw_err problem_add(struct problems *ps, const char *field, const char *msgid);
enum pw_err problem_add_arg(struct problems *ps, const char *field, const char *msgid, struct sv arg);
const struct problem *problem_of(const struct problems *ps, const char *field); /* NULL if none */

#endif
