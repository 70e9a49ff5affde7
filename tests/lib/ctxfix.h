/* SPDX-License-Identifier: EUPL-1.2 */
/* ctxfix: a ctx for tests, on the engine the test was started for (dbfix.h): a store with the tables of core and work,
 * a vault with a key of its own, the system or a given actor, and a clock that the test moves. Results of acts live
 * until ctxfix_close. Anything that fails here fails the test at once. */
#ifndef PW_TEST_CTXFIX_H
#define PW_TEST_CTXFIX_H

#include "core/access.h"
#include "core/ctx.h"
#include "lib/dbfix.h"

struct ctxfix {
    struct dbfix db;
    struct vault *vault;
    struct arena arena;
    struct problems problems;  /* of the last act */
    const struct actor *actor; /* the system, until the test says otherwise */
    int64_t now_ms;            /* begins at CTXFIX_NOW */
    int64_t acts;              /* the request id of the last act */
    char key_file[128];
    struct ctxfix_open_tx *open; /* between begin and end */
};
#define CTXFIX_NOW INT64_C(1770883200000) /* Thursday 2026-02-12 08:00 UTC */

void ctxfix_open(struct ctxfix *f);
void ctxfix_migrate(struct ctxfix *f, const struct migration *m, size_t n); /* tables of another room */
void ctxfix_reopen(struct ctxfix *f); /* closes store and vault and opens both again: what only lay in memory is gone */
void ctxfix_close(struct ctxfix *f);

/* Between begin and end the test speaks to an open transaction (write) or a consistent read. `end` commits when result
 * is PW_OK, else rolls back; it returns what the whole came to. */
struct ctx *ctxfix_begin(struct ctxfix *f, bool write);
enum pw_err ctxfix_end(struct ctxfix *f, enum pw_err result);
/* One expression that uses `c`, in a transaction or a read of its own: CTX_ACT(f, person_erase(c, id)). */
#define CTX_ACT(f, expr) CTX_RUN_(f, expr, true)
#define CTX_LOOK(f, expr) CTX_RUN_(f, expr, false)
#define CTX_RUN_(f, expr, write)                                                                                       \
    ({                                                                                                                 \
        struct ctx *c = ctxfix_begin((f), (write));                                                                    \
        enum pw_err ctx_result_ = (expr);                                                                              \
        (void)c;                                                                                                       \
        ctxfix_end((f), ctx_result_);                                                                                  \
    })

/* A person with a name, as the system. */
int64_t ctxfix_person(struct ctxfix *f, const char *name);
/* A staff actor with these grants (copied into the fixture's arena): `f->actor = ctxfix_staff(…)`. */
const struct actor *ctxfix_staff(struct ctxfix *f, int64_t person_id, const struct grant *grants, size_t n);
const struct actor *ctxfix_member(struct ctxfix *f, int64_t person_id);

#endif
