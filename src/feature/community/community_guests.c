/* SPDX-License-Identifier: EUPL-1.2 */
/* What features that stand on communities add to the pages of this room, without this room knowing them. */
#include "base/log.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"

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

/* ---- one question more for who asks to join ---- */

/* Declared cache: set once at start, before the first request. */
static const struct join_asker *asker;

void join_asker_set(const struct join_asker *a)
{
    asker = a;
}

enum pw_err join_choices(struct ctx *c, const struct community *com, struct join_choices *ret)
{
    *ret = (struct join_choices){.n = 0};
    return asker ? asker->ask(c, com, ret) : PW_OK;
}

enum pw_err join_chosen(struct ctx *c, const struct community *com, int64_t person_id, struct sv code)
{
    return asker ? asker->chosen(c, com, person_id, code) : PW_OK;
}

/* ---- words that came through somebody else ---- */

/* Declared cache: set once at start, before the first request. */
static const struct through_teller *teller;

void through_set(const struct through_teller *t)
{
    teller = t;
}

enum pw_err through_offers(struct ctx *c, int64_t person_id, struct through_offer **ret, size_t *ret_n)
{
    *ret = NULL;
    *ret_n = 0;
    return teller ? teller->offers(c, person_id, ret, ret_n) : PW_OK;
}

enum pw_err through_mark(struct ctx *c, const char *object, int64_t object_id, int64_t person_id, int64_t community_id,
                         struct sv choice)
{
    return teller ? teller->mark(c, object, object_id, person_id, community_id, choice) : PW_OK;
}

enum pw_err through_words(struct ctx *c, const char *object, const int64_t *ids, size_t n, struct sv *ret)
{
    return teller ? teller->words(c, object, ids, n, ret) : PW_OK;
}

struct sv through_path(struct ctx *c, const struct community *com, const char *object, int64_t id, struct sv said,
                       struct sv channel_kind)
{
    bool by_hand = sv_eq_z(channel_kind, "phone") || sv_eq_z(channel_kind, "visit");
    bool works = c->actor->kind == ACTOR_STAFF && (community_may_moderate(c, com) || community_may_admin(c, com));
    return teller && works && (said.n || by_hand) ? teller->path(c, object, id) : (struct sv){0};
}

/* Messages of one page mostly belong to one community. */
static enum pw_err messages_path(struct ctx *c, struct message *v, size_t n)
{
    struct community com = {0};
    for (size_t i = 0; i < n; i++) {
        if (v[i].author_role != AUTHOR_MEMBER)
            continue;
        if (com.id != v[i].community_id)
            PW_TRY(community_row(c, v[i].community_id, &com));
        v[i].through_path = through_path(c, &com, "message", v[i].id, v[i].through, v[i].channel_kind);
    }
    return PW_OK;
}

enum pw_err messages_through(struct ctx *c, struct message *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct sv *said = arena_array(c->arena, struct sv, n + 1);
    size_t k = 0;
    if (!ids || !said)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        if (v[i].author_role == AUTHOR_MEMBER)
            ids[k++] = v[i].id;
    PW_TRY(through_words(c, "message", ids, k, said));
    k = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i].author_role == AUTHOR_MEMBER)
            v[i].through = said[k++];
    return c->actor->kind == ACTOR_STAFF ? messages_path(c, v, n) : PW_OK;
}
