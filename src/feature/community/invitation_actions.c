/* SPDX-License-Identifier: EUPL-1.2 */
/* Invitations (MSG-1): a personal code that lets its holder ask to join, also where a community is for invited people
 * only. Whoever administers makes them, for one or several uses, with an end; each is a source of members of its own.
 */
#include "base/id.h"
#include "base/tz.h"
#include "core/audit.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/invitation.h"

enum { HALF = 5, CODE = 2 * HALF + 1, SOURCE_TAIL = 6, LABEL_CHARS = 160, USES_MAX = 10000, SHOWN_MAX = 500 };

#define INVITATION_COLS                                                                                                \
    "id, community_id, code, source, label, uses_max, uses, made_by, made_ms, expires_ms, withdrawn_ms"

DB_STMT(invitation_add, "INSERT INTO invitation (id, community_id, code, source, label, uses_max, made_by, made_ms, "
                        "expires_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
DB_STMT(invitation_all, "SELECT " INVITATION_COLS " FROM invitation WHERE community_id = $1 "
                        "ORDER BY made_ms DESC, id DESC LIMIT $2");
DB_STMT(invitation_one, "SELECT " INVITATION_COLS " FROM invitation WHERE id = $1");
DB_STMT(invitation_code, "SELECT " INVITATION_COLS " FROM invitation WHERE code = $1");
DB_STMT(invitation_origin, "SELECT " INVITATION_COLS " FROM invitation WHERE source = $1");
DB_STMT(invitation_end, "UPDATE invitation SET withdrawn_ms = $2 WHERE id = $1 AND withdrawn_ms IS NULL");
DB_STMT(invitation_use, "UPDATE invitation SET uses = uses + 1 WHERE id = $1 AND withdrawn_ms IS NULL "
                        "AND (expires_ms IS NULL OR expires_ms > $2) AND (uses_max = 0 OR uses < uses_max)");

static enum pw_err shut(struct ctx *c, struct sv code, struct sv *ret)
{
    return seal_same(c, "invitation.code", code, ret);
}

/* For whom: often a person's name. */
static struct seal_place label_place(int64_t id)
{
    return (struct seal_place){"invitation", "label", id};
}

static enum pw_err read_row(struct ctx *c, const struct db_rows *r, size_t i, struct invitation *v)
{
    *v = (struct invitation){.id = db_int(r, i, 0),
                             .community_id = db_int(r, i, 1),
                             .source = db_text(r, i, 3),
                             .uses_max = db_int(r, i, 5),
                             .uses = db_int(r, i, 6),
                             .made_by = db_int(r, i, 7),
                             .made_ms = db_int(r, i, 8),
                             .expires_ms = db_int(r, i, 9),
                             .withdrawn_ms = db_int(r, i, 10)};
    v->works =
        !v->withdrawn_ms && (!v->expires_ms || v->expires_ms > c->now_ms) && (!v->uses_max || v->uses < v->uses_max);
    PW_TRY(unseal(c, 0, label_place(v->id), db_text(r, i, 4), &v->label));
    return unseal_same(c, "invitation.code", db_text(r, i, 2), &v->code);
}

static enum pw_err one_row(struct ctx *c, const struct db_stmt *st, struct db_val by, struct invitation *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, st, &by, 1, &r));
    return read_row(c, &r, 0, ret);
}

/* ---- making ---- */

static enum pw_err take_end(struct ctx *c, const struct community *com, struct sv last_day, int64_t *ret_ms)
{
    const struct tz *tz;
    int64_t day;
    *ret_ms = 0;
    if (!last_day.n)
        return PW_OK;
    if (!civil_parse_date(last_day, &day) || day < today_of(c, com))
        return problem_add(c->problems, "last_day", N_("Give a day from today on, like 2026-09-01."));
    PW_TRY(tz_find(com->zone, &tz));
    *ret_ms = tz_utc_ms(tz, (day + 1) * CIVIL_DAY_MS, TZ_EARLIER, NULL);
    return PW_OK;
}

enum pw_err invitation_make(struct ctx *c, int64_t community_id, const struct invitation_new *n, struct invitation *ret)
{
    struct community com;
    struct sv label = n->label, sealed, sealed_label;
    size_t before = c->problems->n;
    char half[2][HALF + 1], tail[SOURCE_TAIL + 1];
    PW_TRY(need_admin(c, community_id, &com));
    struct invitation v = {
        .id = id_new(), .community_id = com.id, .uses_max = n->uses_max, .made_by = c->actor->person_id, .works = true};
    NOTED(take_line(c, "label", true, LABEL_CHARS, &label));
    NOTED(take_end(c, &com, n->last_day, &v.expires_ms));
    if (n->uses_max < 0 || n->uses_max > USES_MAX)
        NOTED(problem_add(c->problems, "uses", N_("Write a number from 1 to 10000; 0 is as often as one likes.")));
    if (c->problems->n > before)
        return PW_INVALID;
    id_random_text(half[0], HALF);
    id_random_text(half[1], HALF);
    if (!n->source.n)
        id_random_text(tail, SOURCE_TAIL);
    v.code = arena_fmt(c->arena, "%s-%s", half[0], half[1]);
    v.source = n->source.n ? n->source : arena_fmt(c->arena, "inv-%s", tail);
    v.label = label;
    v.made_ms = c->now_ms;
    PW_TRY(shut(c, v.code, &sealed));
    PW_TRY(seal(c, 0, label_place(v.id), v.label, &sealed_label));
    PW_TRY(db_exec(c->db, &invitation_add,
                   DB_ARGS(DB_I(v.id), DB_I(v.community_id), DB_T(sealed), DB_T(v.source), DB_B(sealed_label),
                           DB_I(v.uses_max), DB_I(v.made_by), DB_I(v.made_ms), DB_I_OR_NULL(v.expires_ms)),
                   NULL));
    PW_TRY(audit(c, "invitation.make", "invitation", v.id, arena_fmt(c->arena, "uses=%lld", (long long)v.uses_max)));
    *ret = v;
    return PW_OK;
}

enum pw_err invitation_withdraw(struct ctx *c, int64_t community_id, int64_t id)
{
    struct invitation v;
    struct community com;
    int64_t changed = 0;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(one_row(c, &invitation_one, DB_I(id), &v));
    if (v.community_id != community_id)
        return PW_NOT_FOUND;
    PW_TRY(db_exec(c->db, &invitation_end, DB_ARGS(DB_I(id), DB_I(c->now_ms)), &changed));
    return changed ? audit(c, "invitation.withdraw", "invitation", id, (struct sv){0}) : PW_CONFLICT;
}

/* ---- reading ---- */

enum pw_err invitation_list(struct ctx *c, int64_t community_id, struct invitation **ret, size_t *ret_n)
{
    struct community com;
    struct join_source *s;
    struct db_rows r;
    size_t n_s;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(db_query(c->db, c->arena, &invitation_all, DB_ARGS(DB_I(community_id), DB_I(SHOWN_MAX)), &r));
    PW_TRY(join_sources(c, community_id, &s, &n_s));
    struct invitation *v = arena_array(c->arena, struct invitation, r.n + 1);
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    struct person *p = arena_array(c->arena, struct person, r.n + 1);
    if (!v || !ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        PW_TRY(read_row(c, &r, i, &v[i]));
        ids[i] = v[i].made_by;
        for (size_t k = 0; k < n_s; k++)
            if (sv_eq(s[k].source, v[i].source))
                v[i].accepted = s[k].accepted;
    }
    PW_TRY(person_get_many(c, ids, r.n, p));
    for (size_t i = 0; i < r.n; i++)
        v[i].by = p[i].display_name;
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err invitation_of_source(struct ctx *c, int64_t community_id, struct sv source, struct invitation *ret)
{
    struct invitation v;
    PW_TRY(one_row(c, &invitation_origin, DB_T(source), &v));
    if (v.community_id != community_id)
        return PW_NOT_FOUND;
    *ret = v;
    return PW_OK;
}

/* ---- whoever holds the code ---- */

bool invitation_code_in(struct arena *a, struct sv text, struct sv *ret)
{
    struct sv rest = text, word;
    for (int words = 0; words < 60 && rest.n; words++) {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '\n' && rest.p[n] != '\t')
            n++;
        word = sv_sub(rest, 0, n);
        rest = sv_sub(rest, n + 1, rest.n);
        while (word.n > CODE && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == ','))
            word.n--;
        if (word.n != CODE || word.p[HALF] != '-')
            continue;
        char *code = arena_array(a, char, CODE);
        bool good = code != NULL;
        for (size_t i = 0; good && i < CODE; i++) {
            char x = word.p[i];
            x = x >= 'A' && x <= 'Z' ? (char)(x - 'A' + 'a') : x;
            code[i] = x == 'o' ? '0' : x == 'i' || x == 'l' ? '1' : x; /* as people read them aloud */
            good = i == HALF || (code[i] >= '0' && code[i] <= '9') || (code[i] >= 'a' && code[i] <= 'z');
        }
        if (good) {
            *ret = (struct sv){code, CODE};
            return true;
        }
    }
    return false;
}

enum pw_err invitation_open(struct ctx *c, struct sv typed, bool even_ended, struct invitation *ret,
                            struct community *ret_com)
{
    struct sv code, sealed;
    struct invitation v;
    struct community com;
    if (!invitation_code_in(c->arena, typed, &code))
        return PW_NOT_FOUND;
    PW_TRY(shut(c, code, &sealed));
    PW_TRY(one_row(c, &invitation_code, DB_T(sealed), &v));
    PW_TRY(community_row(c, v.community_id, &com));
    PW_TRY(in_words_of(c, c->lang, &com));
    if (!even_ended && (!v.works || !community_takes_members(com.status)))
        return PW_NOT_FOUND;
    *ret = v;
    *ret_com = com;
    return PW_OK;
}

enum pw_err invitation_take(struct ctx *c, const struct community *com, struct sv code, struct sv *ret_source)
{
    struct invitation v;
    struct community of;
    int64_t changed = 0;
    enum pw_err e = invitation_open(c, code, true, &v, &of);
    if (e == PW_OK && of.id == com->id)
        e = db_exec(c->db, &invitation_use, DB_ARGS(DB_I(v.id), DB_I(c->now_ms)), &changed);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (!changed)
        return problem_add(c->problems, "invitation",
                           N_("This invitation does not work any more. Ask for a new one where you got it."));
    *ret_source = v.source;
    return PW_OK;
}
