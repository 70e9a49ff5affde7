/* SPDX-License-Identifier: EUPL-1.2 */
/* audit: adding to a chain and reading it. The head of the lane is read and moved in the transaction of the act, so a
 * row exists exactly when its act does, and its number has no gap. */
#include "core/audit.h"

#include <sodium.h>
#include <string.h>

#include "base/id.h"
#include "core/access.h"
#include "core/audit_chain.h"

DB_STMT(audit_head_get, "SELECT seq, hash FROM audit_head WHERE lane = $1");
/* On PostgreSQL several connections may share a lane: the row lock comes first, then the head is read. */
DB_STMT(audit_head_lock, "UPDATE audit_head SET changed_ms = $2 WHERE lane = $1 RETURNING seq, hash");
DB_STMT(audit_head_new,
        "INSERT INTO audit_head (lane, seq, hash, mac, changed_ms) VALUES ($1, 0, $2, $3, $4) ON CONFLICT (lane) DO "
        "NOTHING");
DB_STMT(audit_head_move, "UPDATE audit_head SET seq = $2, hash = $3, mac = $4, changed_ms = $5 WHERE lane = $1");
DB_STMT(audit_insert,
        "INSERT INTO audit (id, lane, seq, at_ms, actor_kind, actor_person, actor_account, request_id, what, object, "
        "object_id, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
#define AUDIT_COLUMNS                                                                                                  \
    "SELECT id, lane, seq, at_ms, actor_person, actor_account, request_id, what, object, object_id, detail FROM "      \
    "audit "
DB_STMT(audit_select_all, AUDIT_COLUMNS "WHERE id < $1 ORDER BY id DESC LIMIT $2");
DB_STMT(audit_select_object,
        AUDIT_COLUMNS "WHERE object = $1 AND object_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4");
/* An id tells when it was minted, so days are bounds of ids. */
#define AUDIT_SPAN "id < $1 AND id >= $2 AND ($3 = '' OR what = $3) "
DB_STMT(audit_search_all, AUDIT_COLUMNS "WHERE " AUDIT_SPAN "ORDER BY id DESC LIMIT $4");
DB_STMT(audit_search_actor, AUDIT_COLUMNS "WHERE actor_person = $5 AND " AUDIT_SPAN "ORDER BY id DESC LIMIT $4");
DB_STMT(audit_search_what, AUDIT_COLUMNS "WHERE what = $3 AND id < $1 AND id >= $2 ORDER BY id DESC LIMIT $4");
DB_STMT(audit_search_object, AUDIT_COLUMNS "WHERE object = $6 AND object_id = $7 AND " AUDIT_SPAN
                                           "AND ($5 = 0 OR actor_person = $5) ORDER BY id DESC LIMIT $4");

static void hash_int(crypto_hash_sha256_state *st, int64_t v)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
    crypto_hash_sha256_update(st, b, sizeof b);
}

static void hash_text(crypto_hash_sha256_state *st, struct sv s)
{
    hash_int(st, (int64_t)s.n);
    crypto_hash_sha256_update(st, (const unsigned char *)(s.p ? s.p : ""), s.n);
}

void audit_row_hash(const unsigned char before[AUDIT_HASH], const struct audit_row *row, int64_t actor_kind,
                    unsigned char out[AUDIT_HASH])
{
    crypto_hash_sha256_state st;
    crypto_hash_sha256_init(&st);
    crypto_hash_sha256_update(&st, before, AUDIT_HASH);
    crypto_hash_sha256_update(&st, (const unsigned char *)"PWA1", 4);
    hash_int(&st, row->id);
    hash_int(&st, row->lane);
    hash_int(&st, row->seq);
    hash_int(&st, row->at_ms);
    hash_int(&st, actor_kind);
    hash_int(&st, row->actor_person);
    hash_int(&st, row->actor_account);
    hash_int(&st, row->request_id);
    hash_text(&st, row->what);
    hash_text(&st, row->object);
    hash_int(&st, row->object_id);
    hash_text(&st, row->detail);
    crypto_hash_sha256_final(&st, out);
}

struct sv audit_head_mac(const struct vault *v, struct arena *a, int64_t lane, int64_t seq, struct sv hash)
{
    unsigned char bytes[16 + AUDIT_HASH];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)((uint64_t)lane >> (56 - 8 * i));
        bytes[8 + i] = (unsigned char)((uint64_t)seq >> (56 - 8 * i));
    }
    if (hash.n != AUDIT_HASH)
        return (struct sv){0};
    memcpy(bytes + 16, hash.p, AUDIT_HASH);
    return vault_mac(v, a, "audit-head", (struct sv){(const char *)bytes, sizeof bytes});
}

static enum pw_err head_of(struct ctx *c, int64_t lane, struct db_rows *ret)
{
    static const char zero[AUDIT_HASH];
    bool lock = db_engine_of(c->db) == DB_POSTGRES;
    for (int attempt = 0; attempt < 2; attempt++) {
        enum pw_err e = lock ? db_one(c->db, c->arena, &audit_head_lock, DB_ARGS(DB_I(lane), DB_I(c->now_ms)), ret)
                             : db_one(c->db, c->arena, &audit_head_get, DB_ARGS(DB_I(lane)), ret);
        if (e != PW_NOT_FOUND)
            return e;
        struct sv start = {zero, sizeof zero}, mac = audit_head_mac(c->vault, c->arena, lane, 0, start);
        PW_TRY(db_exec(c->db, &audit_head_new, DB_ARGS(DB_I(lane), DB_B(start), DB_B(mac), DB_I(c->now_ms)), NULL));
    }
    return PW_RETRY;
}

/* Codes are plain ASCII; whatever else slipped in is not kept, so that nobody's words ever stand here. */
static struct sv codes_only(struct arena *a, struct sv detail)
{
    struct sv s = arena_sv(a, sv_sub(detail, 0, AUDIT_DETAIL_MAX));
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            ((char *)(uintptr_t)s.p)[i] = '?';
    return s;
}

enum pw_err audit(struct ctx *c, const char *what, const char *object, int64_t object_id, struct sv detail)
{
    struct db_rows head;
    int64_t lane = db_lane(c->db);
    PW_TRY(head_of(c, lane, &head));
    struct sv before = db_text(&head, 0, 1);
    if (before.n != AUDIT_HASH)
        return PW_INTERNAL;
    struct audit_row row = {.id = id_new(), /* after the lock: ids grow along a chain */
                            .lane = lane,
                            .seq = db_int(&head, 0, 0) + 1,
                            .at_ms = c->now_ms,
                            .actor_person = c->actor->person_id,
                            .actor_account = c->actor->account_id,
                            .request_id = c->request_id,
                            .object_id = object_id,
                            .what = sv_of(what),
                            .object = sv_of(object),
                            .detail = codes_only(c->arena, detail)};
    unsigned char hash[AUDIT_HASH];
    audit_row_hash((const unsigned char *)before.p, &row, c->actor->kind, hash);
    struct sv hash_sv = {(const char *)hash, sizeof hash};
    struct sv mac = audit_head_mac(c->vault, c->arena, lane, row.seq, hash_sv);
    if (c->arena->oom)
        return PW_INTERNAL;
    PW_TRY(db_exec(c->db, &audit_head_move,
                   DB_ARGS(DB_I(lane), DB_I(row.seq), DB_B(hash_sv), DB_B(mac), DB_I(c->now_ms)), NULL));
    return db_exec(c->db, &audit_insert,
                   DB_ARGS(DB_I(row.id), DB_I(lane), DB_I(row.seq), DB_I(row.at_ms), DB_I(c->actor->kind),
                           DB_I(row.actor_person), DB_I(row.actor_account), DB_I(row.request_id), DB_T(row.what),
                           DB_T(row.object), DB_I(row.object_id), DB_T(row.detail), DB_B(hash_sv)),
                   NULL);
}

static enum pw_err read_rows(struct ctx *c, const struct db_rows *r, struct audit_row **ret, size_t *ret_n)
{
    struct audit_row *v = arena_array(c->arena, struct audit_row, r->n ? r->n : 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r->n; i++)
        v[i] = (struct audit_row){.id = db_int(r, i, 0),
                                  .lane = db_int(r, i, 1),
                                  .seq = db_int(r, i, 2),
                                  .at_ms = db_int(r, i, 3),
                                  .actor_person = db_int(r, i, 4),
                                  .actor_account = db_int(r, i, 5),
                                  .request_id = db_int(r, i, 6),
                                  .what = db_text(r, i, 7),
                                  .object = db_text(r, i, 8),
                                  .object_id = db_int(r, i, 9),
                                  .detail = db_text(r, i, 10)};
    *ret = v;
    *ret_n = r->n;
    return PW_OK;
}

enum pw_err audit_list(struct ctx *c, const char *object, int64_t object_id, int64_t before_id, int64_t limit,
                       struct audit_row **ret, size_t *ret_n)
{
    struct db_rows r;
    if (limit < 1 || limit > 1000)
        return PW_INVALID;
    if (!before_id)
        before_id = INT64_MAX;
    if (object)
        PW_TRY(db_query(c->db, c->arena, &audit_select_object,
                        DB_ARGS(DB_T(sv_of(object)), DB_I(object_id), DB_I(before_id), DB_I(limit)), &r));
    else
        PW_TRY(db_query(c->db, c->arena, &audit_select_all, DB_ARGS(DB_I(before_id), DB_I(limit)), &r));
    return read_rows(c, &r, ret, ret_n);
}

enum pw_err audit_search(struct ctx *c, const struct audit_filter *f, int64_t limit, struct audit_row **ret,
                         size_t *ret_n)
{
    if (limit < 1 || limit > 1000)
        return PW_INVALID;
    int64_t before = f->until_ms ? id_first_at(f->until_ms) : INT64_MAX;
    if (f->before_id && f->before_id < before)
        before = f->before_id;
    const struct db_val args[] = {DB_I(before),          DB_I(f->from_ms ? id_first_at(f->from_ms) : 0),
                                  DB_T(f->what),         DB_I(limit),
                                  DB_I(f->actor_person), DB_T(f->object),
                                  DB_I(f->object_id)};
    struct db_rows r;
    if (f->object.n)
        PW_TRY(db_query(c->db, c->arena, &audit_search_object, args, 7, &r));
    else if (f->actor_person)
        PW_TRY(db_query(c->db, c->arena, &audit_search_actor, args, 5, &r));
    else
        PW_TRY(db_query(c->db, c->arena, f->what.n ? &audit_search_what : &audit_search_all, args, 4, &r));
    return read_rows(c, &r, ret, ret_n);
}

/* ---- words ---- */

enum { LISTS_MAX = 24 };
/* Declared cache: what rooms hand over at start, before the first request. */
static struct {
    const struct audit_word *v[LISTS_MAX];
    size_t n;
} lists;

void audit_words_add(const struct audit_word *v)
{
    for (size_t i = 0; i < lists.n; i++)
        if (lists.v[i] == v)
            return; /* started again in the same process */
    if (lists.n < LISTS_MAX)
        lists.v[lists.n++] = v;
}

const struct audit_word *audit_word_at(size_t i)
{
    for (size_t l = 0; l < lists.n; l++)
        for (const struct audit_word *w = lists.v[l]; w->what; w++)
            if (i-- == 0)
                return w;
    return NULL;
}

const char *audit_msgid(struct sv what)
{
    const struct audit_word *w;
    for (size_t i = 0; (w = audit_word_at(i)); i++)
        if (sv_eq_z(what, w->what))
            return w->msgid;
    return NULL;
}
