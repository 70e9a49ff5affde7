/* SPDX-License-Identifier: EUPL-1.2 */
/* audit: the hash-chained log of acts and of reads of private records, written in the same transaction as the act
 * (CNS-7). Rows hold opaque ids and codes, never names or words. Each chain (one per db_lane) is: hash =
 * SHA-256(previous hash ‖ row). The head of a chain is kept with a MAC under the vault's key, so that a cut end shows;
 * heads are also appended to <data>/audit.heads for witnesses outside. Owns tables audit, audit_head. */
#ifndef PW_AUDIT_H
#define PW_AUDIT_H

#include "core/ctx.h"

/* what: "question.answer"; object: "question" and its id; detail: codes such as "from=new to=answered", no persons'
 * words: what is not plain ASCII is replaced, what is longer than 500 characters is cut. */
PW_MUST_CHECK enum pw_err audit(struct ctx *c, const char *what, const char *object, int64_t object_id,
                                struct sv detail);

struct audit_row {
    int64_t id, lane, seq, at_ms, actor_person, actor_account, request_id, object_id;
    struct sv what, object, detail;
};
/* Newest first, before `before_id` (0 = from the newest). object NULL = all. */
PW_MUST_CHECK enum pw_err audit_list(struct ctx *c, const char *object, int64_t object_id, int64_t before_id,
                                     int64_t limit, struct audit_row **ret, size_t *ret_n);

/* The same for the privacy officer, by what she asks: each part 0 or empty = whatever it is. */
struct audit_filter {
    int64_t actor_person;
    struct sv what; /* "thread.read" */
    struct sv object;
    int64_t object_id; /* with object */
    int64_t from_ms, until_ms, before_id;
};
PW_MUST_CHECK enum pw_err audit_search(struct ctx *c, const struct audit_filter *f, int64_t limit,
                                       struct audit_row **ret, size_t *ret_n);

/* What each room writes, in words: a message id for each `what`. Rooms hand their lists over at start. */
struct audit_word {
    const char *what, *msgid;
};
extern const struct audit_word core_acts[];       /* ends with what NULL, as every list */
void audit_words_add(const struct audit_word *v); /* lives as long as the process; at most 24 lists */
const char *audit_msgid(struct sv what);          /* NULL: nobody told */
const struct audit_word *audit_word_at(size_t i); /* all of them, one after the other; NULL after the last */

struct audit_finding {
    int64_t lane, seq;
    const char *kind; /* "edited", "missing", "inserted", "reordered", "truncated", "head-forged" */
};
struct audit_report {
    int64_t rows, lanes, noted; /* noted: heads of the file that were compared; 0 when there is no file */
    struct audit_finding *v;
    size_t n;
};
/* A finding's seq is where the chain stops to fit; the kind is the likeliest reason. At most 1000 findings. */
PW_MUST_CHECK enum pw_err audit_verify(struct ctx *c, struct sv heads_file /* may be empty */,
                                       struct audit_report *ret);
/* Appends the present heads to the file; run hourly and at shutdown, in a read (PW_INTERNAL in a transaction). */
PW_MUST_CHECK enum pw_err audit_checkpoint(struct ctx *c, struct sv heads_file);

#endif
