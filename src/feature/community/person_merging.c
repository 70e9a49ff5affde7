/* SPDX-License-Identifier: EUPL-1.2 */
/* Two records were one person (PPL-2): memberships, requests, questions, threads and words go to the kept record, each
 * noted, so that the merge can be taken back. Where both were members of one community one membership stays. */
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/member_actions.h"
#include "feature/community/membership_store.h"

/* Moved as they are: which rows, and to whom. A pending request stays when the kept record has one, too. */
#define MOVED(table, column, which)                                                                                    \
    DB_STMT(merging_find_##table, "SELECT id FROM " #table " WHERE " #column " = $1" which);                           \
    DB_STMT(merging_move_##table, "UPDATE " #table " SET " #column " = $2 WHERE id = $1")
MOVED(message, author, " AND author_role = 0");
MOVED(question, author, "");
MOVED(join_request, person_id, " AND state <> 0");
/* a community has one thread with a person: the other one stays where it is */
DB_STMT(merging_find_thread, "SELECT t.id FROM thread t WHERE t.person_id = $1 AND NOT EXISTS (SELECT 1 FROM thread k "
                             "WHERE k.person_id = $2 AND k.community_id = t.community_id)");
DB_STMT(merging_move_thread, "UPDATE thread SET person_id = $2 WHERE id = $1");
DB_STMT(merging_move_membership, "UPDATE membership SET person_id = $2 WHERE id = $1");
DB_STMT(merging_membership, "SELECT community_id FROM membership WHERE id = $1");

static const struct {
    const char *kind;
    const struct db_stmt *find, *move;
    bool both; /* the search knows the kept record */
} moved[] = {
    {"message", &merging_find_message, &merging_move_message, false},
    {"question", &merging_find_question, &merging_move_question, false},
    {"join_request", &merging_find_join_request, &merging_move_join_request, false},
    {"thread", &merging_find_thread, &merging_move_thread, true},
};
enum { MOVED_N = sizeof moved / sizeof *moved };

static enum pw_err move_membership(struct ctx *c, int64_t id, int64_t to)
{
    return db_exec(c->db, &merging_move_membership, DB_ARGS(DB_I(id), DB_I(to)), NULL);
}

/* A community has one membership of a person: over a place where nobody is. */
static enum pw_err swap(struct ctx *c, const struct membership *a, const struct membership *b)
{
    PW_TRY(move_membership(c, a->id, -a->id));
    PW_TRY(move_membership(c, b->id, a->person_id));
    return move_membership(c, a->id, b->person_id);
}

static bool takes_part(const struct membership *m)
{
    return m->state == MEMBER_ACTIVE || m->state == MEMBER_WAITING;
}

static enum pw_err merge_membership(struct ctx *c, int64_t keep, const struct membership *m, int64_t merge_id)
{
    struct community com;
    struct membership k;
    enum pw_err e = membership_row(c, m->community_id, keep, &k);
    if (e == PW_NOT_FOUND) {
        PW_TRY(move_membership(c, m->id, keep));
        return person_merge_note(c, merge_id, "membership", m->id);
    }
    PW_TRY(e);
    if (!takes_part(m))
        return PW_OK;
    if (k.state == MEMBER_LEFT || (k.state == MEMBER_WAITING && m->state == MEMBER_ACTIVE)) {
        PW_TRY(swap(c, m, &k));
        PW_TRY(person_merge_note(c, merge_id, "membership-swap", m->id));
        if (k.state == MEMBER_LEFT)
            return PW_OK;
        m = &k; /* waited twice, in a way */
    }
    PW_TRY(community_row(c, m->community_id, &com));
    PW_TRY(membership_end_silently(c, &com, m, SV("merged")));
    return person_merge_note(c, merge_id, "membership-ended", m->id);
}

enum pw_err memberships_merge(struct ctx *c, int64_t keep, int64_t drop, int64_t merge_id)
{
    struct membership *m;
    size_t n;
    for (size_t i = 0; i < MOVED_N; i++) {
        struct db_rows r;
        const struct db_val args[] = {DB_I(drop), DB_I(keep)};
        PW_TRY(db_query(c->db, c->arena, moved[i].find, args, moved[i].both ? 2 : 1, &r));
        for (size_t k = 0; k < r.n; k++) {
            PW_TRY(db_exec(c->db, moved[i].move, DB_ARGS(DB_I(db_int(&r, k, 0)), DB_I(keep)), NULL));
            PW_TRY(person_merge_note(c, merge_id, moved[i].kind, db_int(&r, k, 0)));
        }
    }
    PW_TRY(membership_rows_ever(c, drop, &m, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(merge_membership(c, keep, &m[i], merge_id));
    return PW_OK;
}

/* ---- the way back ---- */

static enum pw_err find_membership(struct ctx *c, int64_t id, const int64_t persons[2], struct membership *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &merging_membership, DB_ARGS(DB_I(id)), &r));
    for (int i = 0; i < 2; i++) {
        struct membership m;
        enum pw_err e = membership_row(c, db_int(&r, 0, 0), persons[i], &m);
        if (e == PW_OK && m.id == id) {
            *ret = m;
            return PW_OK;
        }
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
    }
    return PW_NOT_FOUND;
}

/* Takes part again as before; who was a member waits when there is no room any more. */
static enum pw_err take_up(struct ctx *c, struct membership m)
{
    bool in = false;
    if (m.state != MEMBER_LEFT || !sv_eq_z(m.end_reason, "merged"))
        return PW_OK;
    if (m.joined_ms)
        PW_TRY(community_count_in(c, m.community_id, &in));
    m.state = in ? MEMBER_ACTIVE : MEMBER_WAITING;
    return membership_put(c, &m);
}

enum pw_err memberships_unmerge(struct ctx *c, int64_t keep, int64_t drop, int64_t merge_id)
{
    const int64_t persons[2] = {keep, drop};
    int64_t *ids;
    size_t n;
    struct membership m, k;
    PW_TRY(person_merge_noted(c, merge_id, "membership-ended", &ids, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(find_membership(c, ids[i], persons, &m));
        PW_TRY(take_up(c, m));
    }
    PW_TRY(person_merge_noted(c, merge_id, "membership-swap", &ids, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(find_membership(c, ids[i], persons, &m));
        PW_TRY(membership_row(c, m.community_id, drop, &k));
        PW_TRY(swap(c, &m, &k));
    }
    PW_TRY(person_merge_noted(c, merge_id, "membership", &ids, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(move_membership(c, ids[i], drop));
    for (size_t i = 0; i < MOVED_N; i++) {
        PW_TRY(person_merge_noted(c, merge_id, moved[i].kind, &ids, &n));
        for (size_t k2 = 0; k2 < n; k2++)
            PW_TRY(db_exec(c->db, moved[i].move, DB_ARGS(DB_I(ids[k2]), DB_I(drop)), NULL));
    }
    return PW_OK;
}
