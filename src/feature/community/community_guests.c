/* SPDX-License-Identifier: EUPL-1.2 */
/* What features that stand on communities add to the pages of this room, without this room knowing them. */
#include "base/log.h"
#include "feature/community/community_room.h"

enum { GUESTS_MAX = 8 };
/* Declared cache: filled at start, before the first request. */
static const struct community_guest *guests[GUESTS_MAX];
static size_t n_guests;

void community_invite(const struct community_guest *g)
{
    for (size_t i = 0; i < n_guests; i++)
        if (guests[i] == g)
            return; /* a second start in one process: tests */
    if (n_guests < GUESTS_MAX)
        guests[n_guests++] = g;
    else
        log_line(LOG_ERROR, "community-guest", "error=too-many");
}

enum pw_err messages_dress(struct ctx *c, struct message *v, size_t n)
{
    for (size_t i = 0; i < n_guests; i++)
        if (guests[i]->dress)
            PW_TRY(guests[i]->dress(guests[i]->self, c, v, n));
    return PW_OK;
}

enum pw_err community_notes(struct ctx *c, const struct community *com, bool inside,
                            struct place_note v[PLACE_NOTES_MAX], size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < n_guests; i++)
        if (guests[i]->on_place)
            PW_TRY(guests[i]->on_place(guests[i]->self, c, com, inside, v, &n));
    *ret_n = n;
    return PW_OK;
}

enum pw_err inbox_notes(struct ctx *c, const struct community *coms, size_t n_coms,
                        struct place_note v[PLACE_NOTES_MAX], size_t *ret_n)
{
    size_t n = 0;
    for (size_t k = 0; k < n_coms; k++)
        for (size_t i = 0; i < n_guests && community_may_moderate(c, &coms[k]); i++)
            if (guests[i]->on_inbox)
                PW_TRY(guests[i]->on_inbox(guests[i]->self, c, &coms[k], v, &n));
    *ret_n = n;
    return PW_OK;
}
