/* SPDX-License-Identifier: EUPL-1.2 */
/* planning: the planning file, platform choice, promotion kit, platform move, winding down, presets (MSG-4, MSG-5,
 * MSG-16, MSG-18, MSG-19, CONF-1, CONF-2). The only header of this room that other rooms include. Owns the tables of
 * schema.sql.
 *
 * Actions run inside the caller's transaction, check the record right of c->actor and write audit and events with the
 * change; results live in c->arena. Errors as in community.h. */
#ifndef PW_PLANNING_H
#define PW_PLANNING_H

#include "core/audit.h"
#include "feature/community/community_kit.h"
#include "http/http.h"

extern const struct audit_word planning_acts[]; /* what it writes into the access log, in words */
extern const struct route planning_routes[];    /* ends with path NULL */
extern const struct migration planning_migrations[];
extern const size_t planning_migrations_n;
void planning_register(struct work *w); /* timers, event subscribers and what it listens to; before work_start() */

/* ---- presets (CONF-1) ---- */

/* Where presets/ stands; lives as long as the process. Without it there are none. */
void planning_presets_in(struct sv dir);
struct preset {
    struct sv code, text;  /* the design as it is read */
    struct sv name, about; /* in the reader's language */
    bool program;          /* of another system: it sets what exists of it today */
    const struct sv *sets; /* sentences: what it sets up, read from the design itself */
    size_t n_sets;
};
PW_MUST_CHECK enum pw_err preset_list(struct ctx *c, struct preset **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err preset_get(struct ctx *c, struct sv code, struct preset *ret);
/* Makes a draft. slug empty: the preset's own, with a number when that is taken. Problem "preset". */
PW_MUST_CHECK enum pw_err preset_use(struct ctx *c, struct sv code, struct sv slug, int64_t *ret_id);

#endif
