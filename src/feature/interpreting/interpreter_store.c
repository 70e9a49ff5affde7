/* SPDX-License-Identifier: EUPL-1.2 */
/* Interpreters and their undertakings. */
#include "base/id.h"
#include "feature/interpreting/interpreting_store.h"

#define INTERPRETER_COLS "id, person_id, kind, service, modes, availability, reached, active, added_ms"

DB_STMT(interpreter_one, "SELECT " INTERPRETER_COLS " FROM interpreter WHERE id = $1");
DB_STMT(interpreter_by_person, "SELECT " INTERPRETER_COLS " FROM interpreter WHERE person_id = $1");
DB_STMT_SCAN(interpreter_all, "SELECT " INTERPRETER_COLS " FROM interpreter ORDER BY id",
             "tens of interpreters in an installation");
DB_STMT_SCAN(interpreter_langs_all, "SELECT interpreter_id, lang FROM interpreter_lang ORDER BY interpreter_id, lang",
             "a few for each of tens of interpreters");
DB_STMT(interpreter_langs_of, "SELECT lang FROM interpreter_lang WHERE interpreter_id = $1 ORDER BY lang");
DB_STMT(interpreter_add_row, "INSERT INTO interpreter (id, person_id, kind, service, modes, availability, reached, "
                             "active, turns, added_by, added_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0, $8, $9)");
DB_STMT(interpreter_set, "UPDATE interpreter SET kind = $2, service = $3, modes = $4, availability = $5, reached = $6 "
                         "WHERE id = $1");
DB_STMT(interpreter_set_on, "UPDATE interpreter SET active = $2 WHERE id = $1");
DB_STMT(interpreter_lang_clear, "DELETE FROM interpreter_lang WHERE interpreter_id = $1");
DB_STMT(interpreter_lang_add, "INSERT INTO interpreter_lang (interpreter_id, lang) VALUES ($1, $2) "
                              "ON CONFLICT DO NOTHING");
DB_STMT(interpreter_turn, "UPDATE interpreter SET turns = turns + 1 WHERE id = $1 AND active = 1");
DB_STMT(undertaking_add, "INSERT INTO undertaking (id, interpreter_id, doc_id, doc_version, lang, method, signed_day, "
                         "until_day, recorded_by, recorded_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
DB_STMT(undertaking_of_one, "SELECT id, interpreter_id, doc_version, lang, method, signed_day, until_day, recorded_by, "
                            "recorded_ms FROM undertaking WHERE interpreter_id = $1 ORDER BY signed_day DESC, id DESC");
DB_STMT(undertaking_set_until, "UPDATE undertaking SET until_day = $3 WHERE id = $2 AND interpreter_id = $1 AND "
                               "(until_day IS NULL OR until_day > $3)");

static struct interpreter read_interpreter(const struct db_rows *r, size_t i)
{
    return (struct interpreter){.id = db_int(r, i, 0),
                                .person_id = db_int(r, i, 1),
                                .kind = (enum interpreter_kind)db_int(r, i, 2),
                                .service = db_text(r, i, 3),
                                .modes = (unsigned)db_int(r, i, 4),
                                .availability = db_text(r, i, 5),
                                .reached = db_text(r, i, 6),
                                .active = db_int(r, i, 7) != 0,
                                .added_ms = db_int(r, i, 8)};
}

static enum pw_err one(struct ctx *c, const struct db_stmt *st, int64_t key, struct interpreter *ret)
{
    struct db_rows r, langs;
    PW_TRY(db_one(c->db, c->arena, st, DB_ARGS(DB_I(key)), &r));
    struct interpreter x = read_interpreter(&r, 0);
    PW_TRY(db_query(c->db, c->arena, &interpreter_langs_of, DB_ARGS(DB_I(x.id)), &langs));
    struct sv *v = arena_array(c->arena, struct sv, langs.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < langs.n; i++)
        v[i] = db_text(&langs, i, 0);
    x.langs = v;
    x.n_langs = langs.n;
    *ret = x;
    return PW_OK;
}

enum pw_err interpreter_row(struct ctx *c, int64_t id, struct interpreter *ret)
{
    return one(c, &interpreter_one, id, ret);
}

enum pw_err interpreter_row_of_person(struct ctx *c, int64_t person_id, struct interpreter *ret)
{
    return one(c, &interpreter_by_person, person_id, ret);
}

enum pw_err interpreter_rows(struct ctx *c, struct interpreter **ret, size_t *ret_n)
{
    struct db_rows r, langs;
    PW_TRY(db_query(c->db, c->arena, &interpreter_all, DB_NOARGS, &r));
    PW_TRY(db_query(c->db, c->arena, &interpreter_langs_all, DB_NOARGS, &langs));
    struct interpreter *v = arena_array(c->arena, struct interpreter, r.n + 1);
    struct sv *names = arena_array(c->arena, struct sv, langs.n + 1);
    if (!v || !names)
        return PW_UNAVAILABLE;
    size_t at = 0; /* both go up by the interpreter's id */
    for (size_t i = 0; i < r.n; i++) {
        v[i] = read_interpreter(&r, i);
        while (at < langs.n && db_int(&langs, at, 0) < v[i].id)
            at++;
        v[i].langs = &names[at];
        for (; at < langs.n && db_int(&langs, at, 0) == v[i].id; at++, v[i].n_langs++)
            names[at] = db_text(&langs, at, 1);
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err interpreter_insert(struct ctx *c, const struct interpreter *i)
{
    return db_exec(c->db, &interpreter_add_row,
                   DB_ARGS(DB_I(i->id), DB_I(i->person_id), DB_I(i->kind), DB_T(i->service), DB_I(i->modes),
                           DB_B(i->availability), DB_B(i->reached), DB_I(c->actor->person_id), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err interpreter_update(struct ctx *c, const struct interpreter *i)
{
    return db_exec(
        c->db, &interpreter_set,
        DB_ARGS(DB_I(i->id), DB_I(i->kind), DB_T(i->service), DB_I(i->modes), DB_B(i->availability), DB_B(i->reached)),
        NULL);
}

enum pw_err interpreter_save_active(struct ctx *c, int64_t id, bool active)
{
    return db_exec(c->db, &interpreter_set_on, DB_ARGS(DB_I(id), DB_I(active)), NULL);
}

enum pw_err interpreter_save_langs(struct ctx *c, int64_t id, const struct sv *langs, size_t n)
{
    PW_TRY(db_exec(c->db, &interpreter_lang_clear, DB_ARGS(DB_I(id)), NULL));
    for (size_t i = 0; i < n; i++)
        PW_TRY(db_exec(c->db, &interpreter_lang_add, DB_ARGS(DB_I(id), DB_T(langs[i])), NULL));
    return PW_OK;
}

enum pw_err interpreter_take_turn(struct ctx *c, int64_t id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &interpreter_turn, DB_ARGS(DB_I(id)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}

enum pw_err undertaking_insert(struct ctx *c, const struct undertaking *u, int64_t doc_id)
{
    return db_exec(c->db, &undertaking_add,
                   DB_ARGS(DB_I(u->id), DB_I(u->interpreter_id), DB_I(doc_id), DB_I(u->doc_version), DB_T(u->lang),
                           DB_I(u->method), DB_I(u->signed_day), DB_I_OR_NULL(u->until_day), DB_I(c->actor->person_id),
                           DB_I(c->now_ms)),
                   NULL);
}

enum pw_err undertaking_rows(struct ctx *c, int64_t interpreter_id, struct undertaking **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &undertaking_of_one, DB_ARGS(DB_I(interpreter_id)), &r));
    struct undertaking *v = arena_array(c->arena, struct undertaking, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct undertaking){.id = db_int(&r, i, 0),
                                    .interpreter_id = db_int(&r, i, 1),
                                    .doc_version = db_int(&r, i, 2),
                                    .lang = db_text(&r, i, 3),
                                    .method = (enum consent_method)db_int(&r, i, 4),
                                    .signed_day = db_int(&r, i, 5),
                                    .until_day = db_int(&r, i, 6),
                                    .recorded_by = db_int(&r, i, 7),
                                    .recorded_ms = db_int(&r, i, 8)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err undertaking_save_until(struct ctx *c, int64_t interpreter_id, int64_t id, int64_t until_day)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &undertaking_set_until, DB_ARGS(DB_I(interpreter_id), DB_I(id), DB_I(until_day)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}
