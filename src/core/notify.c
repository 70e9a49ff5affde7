/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/notify.h"

#include "base/id.h"
#include "core/people_parts.h"
#include "core/vault.h"
#include "work/work.h"

enum { ARG_MAX_BYTES = 400, PATH_MAX_BYTES = 400 };

DB_STMT(
    notice_insert,
    "INSERT INTO notice (id, person_id, msgid, about, arg0, arg1, path, at_ms, read_ms) VALUES ($1, $2, $3, $4, $5, "
    "$6, $7, $8, NULL)");
DB_STMT(notice_select,
        "SELECT id, person_id, msgid, arg0, arg1, path, at_ms, read_ms, about FROM notice WHERE person_id = (SELECT "
        "COALESCE(merged_into, id) FROM person WHERE id = $1) AND id < $2 ORDER BY id DESC LIMIT $3");
DB_STMT(notice_mark,
        "UPDATE notice SET read_ms = $3 WHERE person_id = (SELECT COALESCE(merged_into, id) FROM person WHERE id = $1) "
        "AND id <= $2 AND read_ms IS NULL");

DB_STMT(notice_count, "SELECT COUNT(*) FROM (SELECT id FROM notice WHERE person_id = (SELECT COALESCE(merged_into, id) "
                      "FROM person WHERE id = $1) AND read_ms IS NULL LIMIT 100) AS unread");

static enum pw_err seal_arg(struct ctx *c, int64_t person, const char *column, int64_t row, struct sv arg,
                            struct sv *ret)
{
    if (!arg.n) {
        *ret = (struct sv){0};
        return PW_OK;
    }
    return seal(c, person, (struct seal_place){"notice", column, row}, arg, ret);
}

static enum pw_err put(struct ctx *c, int64_t person_id, int64_t about, const char *msgid, struct sv arg0,
                       struct sv arg1, struct sv path, int64_t *ret_id)
{
    int64_t person, id = id_new();
    struct sv a0, a1;
    if (arg0.n > ARG_MAX_BYTES || arg1.n > ARG_MAX_BYTES || path.n > PATH_MAX_BYTES || (path.n && path.p[0] != '/') ||
        sv_starts(path, SV("//"))) /* a notice leads to a page of ours, never elsewhere */
        return PW_INVALID;
    PW_TRY(person_now(c, person_id, &person));
    PW_TRY(seal_arg(c, person, "arg0", id, arg0, &a0));
    PW_TRY(seal_arg(c, person, "arg1", id, arg1, &a1));
    PW_TRY(db_exec(c->db, &notice_insert,
                   DB_ARGS(DB_I(id), DB_I(person), DB_T(sv_of(msgid)), DB_I_OR_NULL(about), DB_B(a0), DB_B(a1),
                           DB_T(path), DB_I(c->now_ms)),
                   NULL));
    PW_TRY(event_append(c->db, SV("notice.made"), id, arena_fmt(c->arena, "{\"person\":%lld}", (long long)person),
                        c->now_ms));
    if (ret_id)
        *ret_id = id;
    return PW_OK;
}

enum pw_err notify(struct ctx *c, int64_t person_id, const char *msgid, struct sv arg0, struct sv arg1, struct sv path,
                   int64_t *ret_id)
{
    return put(c, person_id, 0, msgid, arg0, arg1, path, ret_id);
}

enum pw_err notify_about(struct ctx *c, int64_t person_id, int64_t about, const char *msgid, struct sv arg,
                         struct sv path)
{
    return put(c, person_id, about, msgid, arg, (struct sv){0}, path, NULL);
}

static enum pw_err fill_names(struct ctx *c, struct notice *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct person *p = arena_array(c->arena, struct person, n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].about;
    PW_TRY(person_get_many(c, ids, n, p));
    for (size_t i = 0; i < n; i++)
        if (v[i].about)
            *(v[i].arg0.n ? &v[i].arg1 : &v[i].arg0) = p[i].display_name;
    return PW_OK;
}

enum pw_err notice_list(struct ctx *c, int64_t person_id, int64_t before_id, int64_t limit, struct notice **ret,
                        size_t *ret_n)
{
    struct db_rows r;
    if (limit < 1 || limit > 500)
        return PW_INVALID;
    PW_TRY(db_query(c->db, c->arena, &notice_select,
                    DB_ARGS(DB_I(person_id), DB_I(before_id ? before_id : INT64_MAX), DB_I(limit)), &r));
    struct notice *v = arena_array(c->arena, struct notice, r.n ? r.n : 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++) {
        struct notice n = {.id = db_int(&r, i, 0),
                           .person_id = db_int(&r, i, 1),
                           .msgid = db_text(&r, i, 2),
                           .path = db_text(&r, i, 5),
                           .at_ms = db_int(&r, i, 6),
                           .read_ms = db_int(&r, i, 7),
                           .about = db_int(&r, i, 8)};
        PW_TRY(unseal(c, n.person_id, (struct seal_place){"notice", "arg0", n.id}, db_text(&r, i, 3), &n.arg0));
        PW_TRY(unseal(c, n.person_id, (struct seal_place){"notice", "arg1", n.id}, db_text(&r, i, 4), &n.arg1));
        v[i] = n;
    }
    PW_TRY(fill_names(c, v, r.n));
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err notice_unread(struct ctx *c, int64_t person_id, int64_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &notice_count, DB_ARGS(DB_I(person_id)), &r));
    *ret_n = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err notice_read(struct ctx *c, int64_t person_id, int64_t up_to_id)
{
    return db_exec(c->db, &notice_mark, DB_ARGS(DB_I(person_id), DB_I(up_to_id), DB_I(c->now_ms)), NULL);
}
