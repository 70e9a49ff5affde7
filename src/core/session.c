/* SPDX-License-Identifier: EUPL-1.2 */
/* session: a browser that proved who it is. Staff: 30 minutes idle, 12 hours in all. Members: 90 days idle, a year in
 * all, and never more than a member. Every request reads the row, so an ended session is over at once. */
#include <sodium.h>

#include "base/buf.h"
#include "base/id.h"
#include "core/account_parts.h"
#include "core/core_text.h"
#include "core/people.h"
#include "core/vault.h"

#define MEMBER_IDLE_MS (90 * DAY_MS)
#define MEMBER_ABSOLUTE_MS (365 * DAY_MS)
enum { TOUCH_MS = 60 * 1000 };

#define SESSION_COLUMNS                                                                                                \
    "SELECT s.id, s.person_id, s.account_id, s.created_ms, s.seen_ms, s.expires_ms, s.lang, a.disabled_ms, "           \
    "a.must_change FROM "                                                                                              \
    "session "                                                                                                         \
    "s LEFT JOIN account a ON a.id = s.account_id "
DB_STMT(session_select, SESSION_COLUMNS "WHERE s.token_hash = $1");
DB_STMT(session_select_account, SESSION_COLUMNS "WHERE s.account_id = $1 ORDER BY s.id DESC");
DB_STMT(
    session_insert,
    "INSERT INTO session (id, token_hash, person_id, account_id, created_ms, seen_ms, expires_ms, lang) VALUES ($1, "
    "$2, $3, $4, $5, $5, $6, $7)");
DB_STMT(session_forget_old, "DELETE FROM session WHERE expires_ms <= $1");
DB_STMT(session_see, "UPDATE session SET seen_ms = $2 WHERE id = $1 AND seen_ms <= $3");
DB_STMT(session_see_account,
        "UPDATE account SET last_seen_day = $2 WHERE id = (SELECT account_id FROM session WHERE id = $1) AND "
        "last_seen_day < $2");
DB_STMT(session_delete, "DELETE FROM session WHERE id = $1");
DB_STMT(session_delete_others, "DELETE FROM session WHERE account_id = $1 AND id <> $2");
DB_STMT(session_set_language, "UPDATE session SET lang = $2 WHERE id = $1");

enum pw_err token_hash(struct ctx *c, struct sv token, struct sv *ret_hash)
{
    unsigned char *hash = arena_alloc(c->arena, TOKEN_HASH, 1);
    if (!hash)
        return PW_INTERNAL;
    crypto_generichash(hash, TOKEN_HASH, (const unsigned char *)(token.p ? token.p : ""), token.n, NULL, 0);
    *ret_hash = (struct sv){(char *)hash, TOKEN_HASH};
    return PW_OK;
}

enum pw_err token_mint(struct ctx *c, const char *prefix, struct sv *ret_token, struct sv *ret_hash)
{
    char text[TOKEN_CHARS + 1];
    id_random_text(text, TOKEN_CHARS);
    struct sv token = arena_fmt(c->arena, "%s%s", prefix, text);
    sodium_memzero(text, sizeof text);
    PW_TRY(token_hash(c, token, ret_hash));
    if (c->arena->oom)
        return PW_INTERNAL;
    *ret_token = token;
    return PW_OK;
}

enum pw_err session_make(struct ctx *c, int64_t person_id, int64_t account_id, struct sv *ret_token)
{
    struct sv token, hash;
    int64_t end = c->now_ms + (account_id ? SESSION_ABSOLUTE_MS : MEMBER_ABSOLUTE_MS);
    PW_TRY(token_mint(c, "", &token, &hash));
    PW_TRY(db_exec(c->db, &session_forget_old, DB_ARGS(DB_I(c->now_ms)), NULL));
    PW_TRY(db_exec(c->db, &session_insert,
                   DB_ARGS(DB_I(id_new()), DB_B(hash), DB_I(person_id), DB_I_OR_NULL(account_id), DB_I(c->now_ms),
                           DB_I(end), DB_T((struct sv){0})),
                   NULL));
    *ret_token = token;
    return PW_OK;
}

/* A MAC of the session's id: the same in every process, worthless in another session. */
static struct sv csrf_of(struct ctx *c, int64_t session_id)
{
    char id[ID_TEXT + 1];
    struct sv mac = vault_mac(c->vault, c->arena, "csrf", id_text(session_id, id));
    struct buf b;
    buf_init(&b, 128);
    buf_hex(&b, sv_sub(mac, 0, 16));
    struct sv text = arena_sv(c->arena, buf_sv(&b));
    buf_finish(&b);
    return text;
}

static struct session from_row(struct ctx *c, const struct db_rows *r, size_t i)
{
    struct session s = {.id = db_int(r, i, 0),
                        .person_id = db_int(r, i, 1),
                        .account_id = db_int(r, i, 2),
                        .created_ms = db_int(r, i, 3),
                        .seen_ms = db_int(r, i, 4),
                        .expires_ms = db_int(r, i, 5),
                        .lang = db_text(r, i, 6),
                        .must_change = db_int(r, i, 8) != 0};
    s.here = s.id == c->actor->session_id;
    return s;
}

static bool is_live(struct ctx *c, const struct session *s)
{
    int64_t idle = s->account_id ? SESSION_IDLE_MS : MEMBER_IDLE_MS;
    return c->now_ms < s->expires_ms && c->now_ms - s->seen_ms < idle;
}

enum pw_err actor_fill(struct ctx *c, int64_t person_id, struct actor *a)
{
    struct person p;
    struct grant *grants = NULL;
    size_t n = 0;
    PW_TRY(person_get(c, person_id, &p));
    if (p.erased_ms)
        return PW_DENIED;
    if (a->kind == ACTOR_STAFF || a->kind == ACTOR_TOKEN) /* a return link never carries a role */
        PW_TRY(grant_of_person(c, p.id, &grants, &n));
    a->person_id = p.id;
    a->name = p.display_name;
    a->grants = grants;
    a->n_grants = n;
    return PW_OK;
}

enum pw_err session_open(struct ctx *c, struct sv token, struct session *ret, struct actor *ret_actor)
{
    struct db_rows r;
    struct sv hash;
    if (token.n != TOKEN_CHARS)
        return PW_DENIED;
    PW_TRY(token_hash(c, token, &hash));
    enum pw_err e = db_one(c->db, c->arena, &session_select, DB_ARGS(DB_B(hash)), &r);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_DENIED : e;
    struct session s = from_row(c, &r, 0);
    if (!is_live(c, &s) || !db_is_null(&r, 0, 7))
        return PW_DENIED;
    struct actor a = {.kind = s.account_id ? ACTOR_STAFF : ACTOR_MEMBER,
                      .account_id = s.account_id,
                      .session_id = s.id,
                      .write = true};
    e = actor_fill(c, s.person_id, &a);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_DENIED : e;
    s.csrf = csrf_of(c, s.id);
    if (c->arena->oom)
        return PW_INTERNAL;
    s.here = true;
    *ret = s;
    *ret_actor = a;
    return PW_OK;
}

enum pw_err session_touch(struct ctx *c, int64_t session_id)
{
    int64_t changed = 0;
    PW_TRY(
        db_exec(c->db, &session_see, DB_ARGS(DB_I(session_id), DB_I(c->now_ms), DB_I(c->now_ms - TOUCH_MS)), &changed));
    if (!changed)
        return PW_OK;
    return db_exec(c->db, &session_see_account, DB_ARGS(DB_I(session_id), DB_I(c->now_ms / DAY_MS)), NULL);
}

enum pw_err session_end(struct ctx *c, int64_t session_id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &session_delete, DB_ARGS(DB_I(session_id)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}

enum pw_err session_end_others(struct ctx *c, int64_t account_id, int64_t but_session)
{
    return db_exec(c->db, &session_delete_others, DB_ARGS(DB_I(account_id), DB_I(but_session)), NULL);
}

enum pw_err session_list(struct ctx *c, int64_t account_id, struct session **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &session_select_account, DB_ARGS(DB_I(account_id)), &r));
    struct session *v = arena_array(c->arena, struct session, r.n ? r.n : 1);
    if (!v)
        return PW_INTERNAL;
    size_t n = 0;
    for (size_t i = 0; i < r.n; i++) {
        struct session s = from_row(c, &r, i);
        if (is_live(c, &s))
            v[n++] = s;
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err session_set_lang(struct ctx *c, int64_t session_id, struct sv lang)
{
    int64_t changed = 0;
    PW_TRY(field_lang(c, "lang", lang, true));
    PW_TRY(db_exec(c->db, &session_set_language, DB_ARGS(DB_I(session_id), DB_T(lang)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}
