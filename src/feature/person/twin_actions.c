/* SPDX-License-Identifier: EUPL-1.2 */
/* Two records of one person (PPL-2): found, put together, and parted again. Names are sealed, so they are compared
 * opened, community by community; numbers are looked up as they may also be written. */
#include "base/unicode.h"
#include "channel/registry.h"
#include "core/access.h"
#include "core/audit.h"
#include "feature/person/person_room.h"

enum { PAGE = 200, LOOKED_AT_MAX = 2000, TWINS_MAX = 40, NUMBER_MIN = 7, NUMBER_MAX = 15, WRITINGS = 4 };

static bool everywhere(const struct actor *a)
{
    return a->kind == ACTOR_SYSTEM || actor_has_role(a, ROLE_NETWORK_ADMIN, SCOPE_NETWORK, 0);
}

static bool administers_all(const struct ctx *c, const struct person_place *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!community_may_admin(c, &v[i].com))
            return false;
    return true;
}

/* Roles and accounts move with a merge: nobody gets somebody else's rights that way. */
enum pw_err twins_may(struct ctx *c, int64_t person_id, const struct person_place *v, size_t n, bool *ret)
{
    bool staff = true;
    *ret = everywhere(c->actor);
    if (*ret)
        return PW_OK;
    PW_TRY(person_is_staff(c, person_id, &staff));
    *ret = !staff && administers_all(c, v, n);
    return PW_OK;
}

/* ---- finding ---- */

struct search {
    struct person p;
    struct sv folded;
    bool own_may;
    struct twins *out;
};

static enum pw_err add(struct ctx *c, struct search *s, int64_t id, bool name, bool number)
{
    struct person p;
    struct person_place *places;
    size_t n;
    enum pw_err e = person_need_places(c, id, &p, &places, &n);
    if (e == PW_NOT_FOUND || (e == PW_OK && p.id == s->p.id))
        return PW_OK;
    PW_TRY(e);
    struct twin *t = NULL;
    for (size_t i = 0; i < s->out->n; i++)
        if (s->out->v[i].p.id == p.id)
            t = &s->out->v[i];
    if (!t && s->out->n == TWINS_MAX) {
        s->out->more = true;
        return PW_OK;
    }
    if (!t) {
        t = &s->out->v[s->out->n++];
        *t = (struct twin){.p = p};
        PW_TRY(twins_may(c, p.id, places, n, &t->may_merge));
        t->may_merge &= s->own_may;
    }
    t->same_name |= name;
    t->same_number |= number;
    return PW_OK;
}

static enum pw_err compare(struct ctx *c, struct search *s, int64_t person_id, struct sv name)
{
    struct sv folded;
    if (!name.n || person_id == s->p.id || text_fold(c->arena, name, &folded) != PW_OK)
        return PW_OK;
    return sv_eq(sv_trim(folded), s->folded) ? add(c, s, person_id, true, false) : PW_OK;
}

static enum pw_err by_name(struct ctx *c, struct search *s, const struct person_place *place)
{
    static const enum membership_state looked[] = {MEMBER_ACTIVE, MEMBER_WAITING, MEMBER_LEFT, MEMBER_REMOVED};
    size_t seen = 0, n;
    for (size_t k = 0; k < sizeof looked / sizeof *looked; k++) {
        int64_t after_ms = 0, after_id = 0;
        do {
            struct membership *v;
            PW_TRY(membership_list(c, place->com.id, looked[k], after_ms, after_id, PAGE, &v, &n));
            for (size_t i = 0; i < n; i++)
                PW_TRY(compare(c, s, v[i].person_id, v[i].name));
            seen += n;
            if (n) {
                after_ms = v[n - 1].accepted_ms;
                after_id = v[n - 1].id;
            }
        } while (n == PAGE && seen < LOOKED_AT_MAX);
        s->out->more |= n == PAGE;
    }
    if (!community_may_admin(c, &place->com))
        return PW_OK;
    struct join_request *j;
    PW_TRY(join_list(c, place->com.id, PAGE, &j, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(compare(c, s, j[i].person_id, j[i].name));
    return PW_OK;
}

/* The other ways to write a telephone number: with and without +, in North America with and without 1. 0 when it is
 * none. */
static size_t writings(struct arena *a, struct sv user, struct sv v[WRITINGS])
{
    struct sv digits = user.n && user.p[0] == '+' ? sv_sub(user, 1, user.n) : user;
    for (size_t i = 0; i < digits.n; i++)
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return 0;
    if (digits.n < NUMBER_MIN || digits.n > NUMBER_MAX)
        return 0;
    size_t n = 0;
    struct sv other = {0};
    if (digits.n == 11 && digits.p[0] == '1')
        other = sv_sub(digits, 1, digits.n);
    else if (digits.n == 10)
        other = arena_fmt(a, "1%.*s", SV_ARG(digits));
    v[n++] = digits;
    v[n++] = arena_fmt(a, "+%.*s", SV_ARG(digits));
    if (other.n) {
        v[n++] = other;
        v[n++] = arena_fmt(a, "+%.*s", SV_ARG(other));
    }
    return n;
}

static bool has_numbers(struct sv kind)
{
    static const char *const kinds[] = {"sms-kannel", "sms-twilio", "whatsapp", "assisted"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (sv_eq_z(kind, kinds[i]))
            return true;
    return false;
}

static const struct channel_info *channel_in(const struct channel_info *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id)
            return &v[i];
    return NULL;
}

static enum pw_err by_number(struct ctx *c, struct search *s)
{
    struct identity *ids, own, other;
    struct channel_info *ch;
    size_t n, n_ch;
    PW_TRY(identity_channels(c, s->p.id, &ids, &n));
    PW_TRY(channel_list(c, &ch, &n_ch));
    for (size_t i = 0; i < n; i++) {
        const struct channel_info *at = channel_in(ch, n_ch, ids[i].channel_id);
        struct sv v[WRITINGS];
        if (!at || !has_numbers(at->kind))
            continue;
        PW_TRY(identity_get(c, ids[i].id, &own));
        size_t n_v = writings(c->arena, own.provider_user, v);
        for (size_t k = 0; k < n_ch * n_v; k++) {
            if (!has_numbers(ch[k / n_v].kind))
                continue;
            enum pw_err e = identity_find(c, ch[k / n_v].id, v[k % n_v], &other);
            if (e == PW_NOT_FOUND)
                continue;
            PW_TRY(e);
            PW_TRY(add(c, s, other.person_id, false, true));
        }
    }
    return PW_OK;
}

enum pw_err twins_find(struct ctx *c, int64_t person_id, struct twins *ret)
{
    struct twins out = {.v = arena_array(c->arena, struct twin, TWINS_MAX)};
    struct search s = {.out = &out};
    struct person_place *places;
    size_t n;
    if (!out.v)
        return PW_UNAVAILABLE;
    PW_TRY(person_need_places(c, person_id, &s.p, &places, &n));
    PW_TRY(twins_may(c, s.p.id, places, n, &s.own_may));
    if (text_fold(c->arena, s.p.display_name, &s.folded) != PW_OK)
        s.folded = (struct sv){0};
    s.folded = sv_trim(s.folded);
    for (size_t i = 0; i < n && s.folded.n; i++)
        if (works_at(c, &places[i]))
            PW_TRY(by_name(c, &s, &places[i]));
    PW_TRY(by_number(c, &s));
    PW_TRY(audit(c, "person.twins", "person", s.p.id, arena_fmt(c->arena, "found=%zu", out.n)));
    *ret = out;
    return PW_OK;
}

/* ---- putting together, and apart ---- */

static enum pw_err need_both(struct ctx *c, int64_t keep, int64_t drop, struct twin_view *ret)
{
    struct twin_view v;
    bool may_keep, may_drop;
    PW_TRY(person_need_places(c, keep, &v.keep, &v.keep_places, &v.n_keep));
    PW_TRY(person_need_places(c, drop, &v.drop, &v.drop_places, &v.n_drop));
    if (v.keep.id == v.drop.id)
        return PW_NOT_FOUND; /* they are one already */
    PW_TRY(twins_may(c, v.keep.id, v.keep_places, v.n_keep, &may_keep));
    PW_TRY(twins_may(c, v.drop.id, v.drop_places, v.n_drop, &may_drop));
    if (!may_keep || !may_drop)
        return PW_DENIED;
    *ret = v;
    return PW_OK;
}

enum pw_err twin_look(struct ctx *c, int64_t keep, int64_t drop, struct twin_view *ret)
{
    struct twin_view v;
    PW_TRY(need_both(c, keep, drop, &v));
    PW_TRY(audit(c, "person.twin-read", "person", v.keep.id, (struct sv){0}));
    PW_TRY(audit(c, "person.twin-read", "person", v.drop.id, (struct sv){0}));
    *ret = v;
    return PW_OK;
}

enum pw_err twins_merge(struct ctx *c, int64_t keep, int64_t drop)
{
    struct twin_view v;
    int64_t merge;
    PW_TRY(need_both(c, keep, drop, &v));
    PW_TRY(person_merge(c, v.keep.id, v.drop.id, &merge));
    return memberships_merge(c, v.keep.id, v.drop.id, merge);
}

enum pw_err twins_part(struct ctx *c, int64_t keep)
{
    struct person p;
    struct person_place *places;
    struct person_merged *m;
    size_t n, n_m;
    bool may;
    PW_TRY(person_need_places(c, keep, &p, &places, &n));
    PW_TRY(twins_may(c, p.id, places, n, &may));
    if (!may)
        return PW_DENIED;
    PW_TRY(person_merges(c, p.id, &m, &n_m));
    if (!n_m)
        return PW_CONFLICT;
    PW_TRY(memberships_unmerge(c, m[0].keep_id, m[0].drop_id, m[0].id));
    return person_unmerge(c, m[0].id);
}
