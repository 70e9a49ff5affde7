/* SPDX-License-Identifier: EUPL-1.2 */
/* What features above this room have a part in: words and join requests before they are kept (CNS-6, MOD-6), the design
 * as text (CONF-2). */
#include <stdlib.h>

#include "feature/community/community_room.h"

enum { CHECKERS_MAX = 4 };
/* Declared cache: set once at start, before the first request. */
static const struct community_checker *checkers[CHECKERS_MAX];
static size_t n_checkers;

void community_check(const struct community_checker *k)
{
    for (size_t i = 0; i < n_checkers; i++)
        if (checkers[i] == k)
            return; /* started again in the same process */
    if (n_checkers == CHECKERS_MAX)
        abort(); /* a defect: registration happens once, at start */
    checkers[n_checkers++] = k;
}

enum pw_err check_before(struct ctx *c, struct words_said *w, bool *ret_hide)
{
    bool hide = false;
    for (size_t i = 0; i < n_checkers; i++)
        if (checkers[i]->before)
            PW_TRY(checkers[i]->before(c, w, &hide));
    *ret_hide = hide;
    return PW_OK;
}

enum pw_err check_after(struct ctx *c, const struct words_said *w, const struct message *m)
{
    for (size_t i = 0; i < n_checkers; i++)
        if (checkers[i]->after)
            PW_TRY(checkers[i]->after(c, w, m));
    return PW_OK;
}

enum pw_err check_join(struct ctx *c, const struct community *com, int64_t person_id)
{
    for (size_t i = 0; i < n_checkers; i++)
        if (checkers[i]->join)
            PW_TRY(checkers[i]->join(c, com, person_id));
    return PW_OK;
}

enum pw_err community_topics_out(struct ctx *c, const struct community *com, struct sv *ret)
{
    struct sv all = com->words.topics_out, more = {0};
    for (size_t i = 0; i < n_checkers; i++) {
        if (!checkers[i]->topics_out)
            continue;
        PW_TRY(checkers[i]->topics_out(c, com, &more));
        if (more.n)
            all = all.n ? arena_fmt(c->arena, "%.*s\n%.*s", SV_ARG(all), SV_ARG(more)) : more;
    }
    *ret = all;
    return PW_OK;
}

enum { PARTS_MAX = 8 };
/* Declared cache: set once at start, before the first request. */
static const struct community_text_part *parts[PARTS_MAX];
static size_t n_parts;

void community_text_add(const struct community_text_part *part)
{
    for (size_t i = 0; i < n_parts; i++)
        if (parts[i] == part)
            return;
    if (n_parts == PARTS_MAX)
        abort();
    parts[n_parts++] = part;
}

const struct community_text_part *const *text_parts(size_t *ret_n)
{
    *ret_n = n_parts;
    return parts;
}
