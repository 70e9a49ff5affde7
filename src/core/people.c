/* SPDX-License-Identifier: EUPL-1.2 */
/* people: the person record: made, read, changed. */
#include "core/people.h"

#include "base/id.h"
#include "core/audit.h"
#include "core/core_text.h"
#include "core/people_parts.h"
#include "core/vault_parts.h"

DB_STMT(person_insert, "INSERT INTO person (id, display_name, lang, zone, created_ms) VALUES ($1, $2, $3, $4, $5)");
DB_STMT(person_update, "UPDATE person SET display_name = $2, lang = $3, zone = $4 WHERE id = $1 AND erased_ms IS NULL");
DB_STMT(person_update_limited, "UPDATE person SET limited_data = $2 WHERE id = $1 AND erased_ms IS NULL");
DB_STMT(person_follow, "SELECT COALESCE(merged_into, id) FROM person WHERE id = $1");

/* asked id, then the record that stands for it, then its key row with the epoch of this snapshot */
#define PERSON_COLUMNS                                                                                                 \
    "SELECT o.id, p.id, p.display_name, p.lang, p.zone, p.limited_data, p.created_ms, p.erased_ms, k.id, "             \
    "k.destroyed_ms, k.wrapped, e.epoch FROM person o JOIN person p ON p.id = COALESCE(o.merged_into, o.id) "          \
    "JOIN vault_state e ON e.id = 1 LEFT JOIN person_key k ON k.person_id = p.id "
enum { MANY = 32 };
DB_STMT(person_select, PERSON_COLUMNS "WHERE o.id = $1");
DB_STMT(person_select_many, PERSON_COLUMNS
        "WHERE o.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
        "$19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)");

static struct seal_place name_place(int64_t id)
{
    return (struct seal_place){"person", "display_name", id};
}

static enum pw_err check(struct ctx *c, const struct person_new *n, struct sv *ret_name)
{
    struct sv name;
    enum pw_err e = field_line(c, "display_name", n->display_name, NAME_MAX_CHARS, false, &name);
    enum pw_err el = field_lang(c, "lang", n->lang, false);
    enum pw_err ez = field_zone(c, "zone", n->zone);
    PW_TRY(e);
    PW_TRY(el);
    PW_TRY(ez);
    *ret_name = name;
    return PW_OK;
}

enum pw_err person_create(struct ctx *c, const struct person_new *n, int64_t *ret_id)
{
    struct sv name, sealed;
    PW_TRY(check(c, n, &name));
    int64_t id = id_new();
    PW_TRY(vault_person_key_make(c, id));
    PW_TRY(seal(c, id, name_place(id), name, &sealed));
    PW_TRY(db_exec(c->db, &person_insert,
                   DB_ARGS(DB_I(id), DB_B(sealed), DB_T(n->lang), DB_T(n->zone), DB_I(c->now_ms)), NULL));
    PW_TRY(audit(c, "person.create", "person", id, (struct sv){0}));
    *ret_id = id;
    return PW_OK;
}

/* The key travels with the row, so a list of names needs no query of its own for each of them. */
static enum pw_err from_row(struct ctx *c, const struct db_rows *r, size_t i, struct person *ret)
{
    struct person p = {.id = db_int(r, i, 1),
                       .lang = db_text(r, i, 3),
                       .zone = db_text(r, i, 4),
                       .limited_data = db_int(r, i, 5) != 0,
                       .created_ms = db_int(r, i, 6),
                       .erased_ms = db_int(r, i, 7)};
    struct sv sealed = db_text(r, i, 2);
    struct vault_key_row row = {.key_id = db_int(r, i, 8),
                                .person_id = p.id,
                                .destroyed_ms = db_int(r, i, 9),
                                .epoch = db_int(r, i, 11),
                                .wrapped = db_text(r, i, 10)};
    if (sealed.n && !row.destroyed_ms && !p.erased_ms) {
        struct vault_key key;
        enum pw_err e = vault_key_from_row(c->vault, &row, &key);
        if (e == PW_OK)
            e = vault_unseal_with(&key, c->arena, name_place(p.id), sealed, &p.display_name);
        sodium_memzero(&key, sizeof key);
        PW_TRY(e);
    }
    *ret = p;
    return PW_OK;
}

enum pw_err person_get(struct ctx *c, int64_t id, struct person *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &person_select, DB_ARGS(DB_I(id)), &r));
    return from_row(c, &r, 0, ret);
}

enum pw_err person_get_many(struct ctx *c, const int64_t *ids, size_t n, struct person *ret)
{
    struct person *got = arena_array(c->arena, struct person, n ? n : 1);
    if (!got)
        return PW_INTERNAL;
    for (size_t from = 0; from < n; from += MANY) {
        size_t count = n - from < MANY ? n - from : MANY;
        struct db_val args[MANY];
        for (size_t i = 0; i < MANY; i++)
            args[i] = DB_I(i < count ? ids[from + i] : 0);
        struct db_rows r;
        if (count == 1) /* a list of 32 costs several times as much, and most asks are for one */
            PW_TRY(db_query(c->db, c->arena, &person_select, args, 1, &r));
        else
            PW_TRY(db_query(c->db, c->arena, &person_select_many, args, MANY, &r));
        for (size_t row = 0; row < r.n; row++) {
            struct person p;
            PW_TRY(from_row(c, &r, row, &p));
            for (size_t i = 0; i < count; i++)
                if (ids[from + i] == db_int(&r, row, 0))
                    got[from + i] = p;
        }
    }
    for (size_t i = 0; i < n; i++) {
        ret[i] = got[i];
        if (!ret[i].id)
            ret[i].id = ids[i];
    }
    return PW_OK;
}

enum pw_err person_now(struct ctx *c, int64_t id, int64_t *ret_now)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &person_follow, DB_ARGS(DB_I(id)), &r));
    *ret_now = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err person_set(struct ctx *c, int64_t id, const struct person_new *n)
{
    struct sv name, sealed;
    PW_TRY(check(c, n, &name));
    PW_TRY(person_now(c, id, &id));
    PW_TRY(seal(c, id, name_place(id), name, &sealed));
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &person_update, DB_ARGS(DB_I(id), DB_B(sealed), DB_T(n->lang), DB_T(n->zone)), &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return audit(c, "person.set", "person", id, (struct sv){0});
}

enum pw_err person_set_limited(struct ctx *c, int64_t id, bool limited)
{
    int64_t changed = 0;
    PW_TRY(person_now(c, id, &id));
    PW_TRY(db_exec(c->db, &person_update_limited, DB_ARGS(DB_I(id), DB_I(limited)), &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return audit(c, "person.limited-data", "person", id, limited ? SV("yes") : SV("no"));
}
