/* SPDX-License-Identifier: EUPL-1.2 */
/* kb_store: the SQL of saved questions and answers and of their word index. No right is checked here. */
#ifndef PW_KB_STORE_H
#define PW_KB_STORE_H

#include "feature/community/community.h"

/* Words in `lang`, else in the source language. */
PW_MUST_CHECK enum pw_err kb_row(struct ctx *c, int64_t id, struct sv lang, struct kb_entry *ret);
PW_MUST_CHECK enum pw_err kb_rows(struct ctx *c, int64_t community_id, enum kb_state s, struct sv topic,
                                  int64_t after_id, int64_t limit, struct sv lang, struct kb_entry **ret,
                                  size_t *ret_n);
PW_MUST_CHECK enum pw_err kb_rows_review(struct ctx *c, int64_t community_id, struct sv lang, struct kb_entry **ret,
                                         size_t *ret_n);
PW_MUST_CHECK enum pw_err kb_insert(struct ctx *c, const struct kb_entry *e);
PW_MUST_CHECK enum pw_err kb_save(struct ctx *c, const struct kb_entry *e);
PW_MUST_CHECK enum pw_err kb_save_review_due(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err kb_save_text(struct ctx *c, const struct kb_entry *e, int64_t from_version);

/* ---- words (kb_words.c) ---- */

enum { KB_TERMS_MAX = 400 };
struct kb_term {
    struct sv stem;
    int64_t weight; /* or, in a query, the number of its word */
};
/* Folded, stop words left out, stemmed in that language; each stem once, weights added. Returns how many. */
PW_MUST_CHECK enum pw_err kb_terms(struct ctx *c, struct sv text, struct sv lang, int64_t weight, struct kb_term *v,
                                   size_t max, size_t *io_n);
PW_MUST_CHECK enum pw_err kb_index(struct ctx *c, const struct kb_entry *e); /* of e->lang, replaces what was there */
struct kb_hit {
    int64_t entry_id, score;
    size_t words; /* how many of the query's words it holds */
};
/* Best first; languages: those to stem the words in ("ar en"). ret_asked: words that count. */
PW_MUST_CHECK enum pw_err kb_lookup(struct ctx *c, int64_t community_id, struct sv words, struct sv languages,
                                    struct kb_hit **ret, size_t *ret_n, size_t *ret_asked);

#endif
