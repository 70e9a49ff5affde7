/* SPDX-License-Identifier: EUPL-1.2 */
/* moderation: ladders, strikes, reports, appeals, one review queue, the urgent path, words that look personal (MOD,
 * SAFE, CNS-6). The only header of this room that other rooms include. Owns the tables of schema.sql.
 *
 * Actions run inside the caller's transaction, check the record right of c->actor and write audit and events with the
 * change; results live in c->arena. Errors as in community.h. */
#ifndef PW_MODERATION_H
#define PW_MODERATION_H

#include "base/buf.h"
#include "feature/community/community_kit.h"
#include "feature/moderation/moderation_rules.h"
#include "http/http.h"

extern const struct route moderation_routes[]; /* ends with path NULL */
extern const struct migration moderation_migrations[];
extern const size_t moderation_migrations_n;
void moderation_register(struct work *w); /* timers, event subscribers and what it listens to; before work_start() */

/* ---- ladders and settings (MOD-2, SAFE-2, Q-6) ---- */

/* Names of the shipped ladders, ends with NULL: "toolkit", "r613-offtopic", "r613-offensive", "repost-description",
 * "admin-delete". */
const char *const *moderation_ladder_names(void);
/* Administrators. Problems "category", "ladder". */
PW_MUST_CHECK enum pw_err moderation_set_ladder(struct ctx *c, int64_t community_id, struct sv category,
                                                struct sv ladder_name);
/* Own steps: one a line. The name becomes "own", or the shipped one whose steps they are. Problem "steps". */
PW_MUST_CHECK enum pw_err moderation_write_ladder(struct ctx *c, int64_t community_id, struct sv category,
                                                  struct sv steps);
struct ladder_of {
    enum mod_category category;
    struct sv name, steps; /* the general ladder when nothing was set */
    struct ladder ladder;
    bool set;
};
PW_MUST_CHECK enum pw_err moderation_ladder_of(struct ctx *c, int64_t community_id, struct sv category,
                                               struct ladder_of *ret);

struct mod_settings {
    enum mod_notice notice;
    enum mod_personal personal;
    int64_t strike_days, appeal_days, decide_days;
    struct sv excluded; /* "political religious" */
};
PW_MUST_CHECK enum pw_err moderation_settings(struct ctx *c, int64_t community_id, struct mod_settings *ret);
/* Administrators. Problems "strike_days", "appeal_days", "decide_days", "excluded". */
PW_MUST_CHECK enum pw_err moderation_set(struct ctx *c, int64_t community_id, const struct mod_settings *s);
/* kind "groups": better-suited groups, one a line (MOD-7); "numbers": emergency numbers, "911 = Police" a line, in
 * place of the shipped ones (SAFE-3). Problem named as the kind. */
PW_MUST_CHECK enum pw_err moderation_write_text(struct ctx *c, int64_t community_id, const char *kind, struct sv lang,
                                                struct sv body);
/* In that language, else (unless only_lang) in another; empty when nothing was written. */
PW_MUST_CHECK enum pw_err moderation_text_of(struct ctx *c, int64_t community_id, const char *kind, struct sv lang,
                                             bool only_lang, struct sv *ret);
/* The moderation part of a community's design as text: lines "ladder.off-topic = r613-offtopic", "excluded = …".
 * Reading knows its own keys only; PW_INVALID with a problem named as the key. */
PW_MUST_CHECK enum pw_err moderation_text_write(struct ctx *c, int64_t community_id, struct buf *out);
PW_MUST_CHECK enum pw_err moderation_text_read(struct ctx *c, int64_t community_id, struct sv key, struct sv value,
                                               bool *ret_known);

#endif
