/* SPDX-License-Identifier: EUPL-1.2 */
/* community_store: the SQL of communities, their words, partners, channels, screening questions and absences. No right
 * is checked here: actions do that. Rows live in c->arena. */
#ifndef PW_COMMUNITY_STORE_H
#define PW_COMMUNITY_STORE_H

#include "feature/community/community.h"

PW_MUST_CHECK enum pw_err community_row(struct ctx *c, int64_t id, struct community *ret);
PW_MUST_CHECK enum pw_err community_row_by_slug(struct ctx *c, struct sv slug, struct community *ret);
PW_MUST_CHECK enum pw_err community_rows_listed(struct ctx *c, struct community **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err community_rows_owned(struct ctx *c, int64_t org_id /* 0 = all */, struct community **ret,
                                               size_t *ret_n);
PW_MUST_CHECK enum pw_err community_insert(struct ctx *c, const struct community *com);
PW_MUST_CHECK enum pw_err community_save(struct ctx *c, const struct community *com);
PW_MUST_CHECK enum pw_err community_save_status(struct ctx *c, int64_t id, enum community_status s);
PW_MUST_CHECK enum pw_err community_save_document(struct ctx *c, int64_t id, enum doc_kind kind, int64_t doc_id);
/* Counts one member in if the limit allows: the row is the lock. ret_in false = full. */
PW_MUST_CHECK enum pw_err community_count_in(struct ctx *c, int64_t id, bool *ret_in);
PW_MUST_CHECK enum pw_err community_count_out(struct ctx *c, int64_t id);

PW_MUST_CHECK enum pw_err words_save(struct ctx *c, int64_t community_id, const struct community_words *w);
PW_MUST_CHECK enum pw_err words_rows(struct ctx *c, int64_t community_id, struct community_words **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err words_for(struct ctx *c, int64_t community_id, struct sv lang, struct sv languages,
                                    struct community_words *ret);

PW_MUST_CHECK enum pw_err partner_insert(struct ctx *c, int64_t community_id, int64_t org_id);
PW_MUST_CHECK enum pw_err partner_delete(struct ctx *c, int64_t community_id, int64_t org_id, int64_t *ret_changed);
PW_MUST_CHECK enum pw_err partner_rows(struct ctx *c, int64_t community_id, int64_t **ret, size_t *ret_n);

PW_MUST_CHECK enum pw_err place_insert(struct ctx *c, const struct community_channel *p);
PW_MUST_CHECK enum pw_err place_delete(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err place_row(struct ctx *c, int64_t id, struct community_channel *ret);
PW_MUST_CHECK enum pw_err place_rows(struct ctx *c, int64_t community_id, struct community_channel **ret,
                                     size_t *ret_n);
/* Of a provider's chat; of a channel that serves one community only (private chats): PW_NOT_FOUND when several do. */
PW_MUST_CHECK enum pw_err place_by_chat(struct ctx *c, int64_t channel_id, struct sv chat,
                                        struct community_channel *ret);
PW_MUST_CHECK enum pw_err place_rows_of_channel(struct ctx *c, int64_t channel_id, struct community_channel **ret,
                                                size_t *ret_n);
PW_MUST_CHECK enum pw_err place_set_topic(struct ctx *c, int64_t id, struct sv topic);
PW_MUST_CHECK enum pw_err place_has_room(struct ctx *c, int64_t community_id, int64_t channel_id, bool *ret_room);
PW_MUST_CHECK enum pw_err place_set_limit(struct ctx *c, int64_t id, int64_t limit, struct sv source);
PW_MUST_CHECK enum pw_err place_set_chat(struct ctx *c, int64_t id, struct sv chat);

PW_MUST_CHECK enum pw_err screening_rows(struct ctx *c, int64_t community_id, struct sv lang, struct sv main_lang,
                                         struct screening **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err screening_community(struct ctx *c, int64_t id, int64_t *ret_community);
PW_MUST_CHECK enum pw_err screening_save(struct ctx *c, int64_t community_id, int64_t id, int64_t position,
                                         bool required);
PW_MUST_CHECK enum pw_err screening_save_text(struct ctx *c, int64_t id, struct sv lang, struct sv text);
PW_MUST_CHECK enum pw_err screening_save_retired(struct ctx *c, int64_t id);
/* The words of a question, also of a retired one. */
PW_MUST_CHECK enum pw_err screening_text_of(struct ctx *c, int64_t id, struct sv lang, struct sv main_lang,
                                            struct sv *ret);

PW_MUST_CHECK enum pw_err absence_save(struct ctx *c, int64_t community_id, const struct absence *a);
PW_MUST_CHECK enum pw_err absence_delete(struct ctx *c, int64_t community_id, int64_t person_id);
PW_MUST_CHECK enum pw_err absence_rows(struct ctx *c, int64_t community_id, struct absence **ret, size_t *ret_n);
bool absent_at(const struct absence *v, size_t n, int64_t person_id, int64_t at_ms);

#endif
