/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/org.h"

#include "base/id.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/core_text.h"

enum { ORG_NAME_MAX_CHARS = 200, SETTING_MAX = 16 * 1024 };

static const struct {
    const char *name, *label;
} kinds[ORG__MAX] = {
    [ORG_AGENCY] = {"agency", N_("Settlement agency")},
    [ORG_UMBRELLA] = {"umbrella", N_("Umbrella organisation")},
    [ORG_HUB] = {"hub", N_("Newcomer centre")},
    [ORG_PARTNERSHIP] = {"partnership", N_("Local partnership")},
    [ORG_SCHOOL] = {"school", N_("School or school board")},
    [ORG_FUNDER] = {"funder", N_("Funder")},
    [ORG_SOLO] = {"solo", N_("A person without organisation")},
    [ORG_OTHER] = {"other", N_("Other organisation")},
};

#define ORG_COLUMNS "SELECT id, kind, name, url, lang, created_ms FROM organisation "
DB_STMT(org_insert, "INSERT INTO organisation (id, kind, name, url, lang, created_ms) VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(org_update, "UPDATE organisation SET kind = $2, name = $3, url = $4, lang = $5 WHERE id = $1");
DB_STMT(org_select, ORG_COLUMNS "WHERE id = $1");
DB_STMT_SCAN(org_select_all, ORG_COLUMNS "ORDER BY name, id", "tens of organisations in a network");

DB_STMT(setting_select, "SELECT value FROM setting WHERE key = $1");
DB_STMT(setting_upsert,
        "INSERT INTO setting (key, value, changed_ms, changed_by) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO UPDATE "
        "SET value = excluded.value, changed_ms = excluded.changed_ms, changed_by = excluded.changed_by");

const char *org_kind_name(enum org_kind k)
{
    return kinds[k].name;
}

const char *org_kind_label(enum org_kind k)
{
    return kinds[k].label;
}

static enum pw_err check(struct ctx *c, const struct org *o, struct sv *ret_name)
{
    struct sv name;
    if ((unsigned)o->kind >= ORG__MAX)
        return problem_add(c->problems, "kind", N_("Choose the kind of organisation."));
    enum pw_err en = field_line(c, "name", o->name, ORG_NAME_MAX_CHARS, true, &name);
    enum pw_err el = field_lang(c, "lang", o->lang, false);
    if (o->url.n && !is_http_url(o->url))
        return problem_add(c->problems, "url", N_("A web address starts with https://"));
    PW_TRY(en);
    PW_TRY(el);
    *ret_name = name;
    return PW_OK;
}

enum pw_err org_create(struct ctx *c, const struct org *o, int64_t *ret_id)
{
    struct sv name;
    PW_TRY(check(c, o, &name));
    int64_t id = id_new();
    PW_TRY(db_exec(
        c->db, &org_insert,
        DB_ARGS(DB_I(id), DB_T(sv_of(kinds[o->kind].name)), DB_T(name), DB_T(o->url), DB_T(o->lang), DB_I(c->now_ms)),
        NULL));
    PW_TRY(audit(c, "org.create", "org", id, arena_fmt(c->arena, "kind=%s", kinds[o->kind].name)));
    *ret_id = id;
    return PW_OK;
}

enum pw_err org_set(struct ctx *c, int64_t id, const struct org *o)
{
    struct sv name;
    int64_t changed = 0;
    PW_TRY(check(c, o, &name));
    PW_TRY(db_exec(c->db, &org_update,
                   DB_ARGS(DB_I(id), DB_T(sv_of(kinds[o->kind].name)), DB_T(name), DB_T(o->url), DB_T(o->lang)),
                   &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return audit(c, "org.set", "org", id, arena_fmt(c->arena, "kind=%s", kinds[o->kind].name));
}

static struct org from_row(const struct db_rows *r, size_t i)
{
    struct org o = {.id = db_int(r, i, 0),
                    .kind = ORG_OTHER,
                    .name = db_text(r, i, 2),
                    .url = db_text(r, i, 3),
                    .lang = db_text(r, i, 4),
                    .created_ms = db_int(r, i, 5)};
    for (enum org_kind k = 0; k < ORG__MAX; k++)
        if (sv_eq_z(db_text(r, i, 1), kinds[k].name))
            o.kind = k;
    return o;
}

enum pw_err org_get(struct ctx *c, int64_t id, struct org *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &org_select, DB_ARGS(DB_I(id)), &r));
    *ret = from_row(&r, 0);
    return PW_OK;
}

enum pw_err org_list(struct ctx *c, struct org **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &org_select_all, DB_NOARGS, &r));
    struct org *v = arena_array(c->arena, struct org, r.n ? r.n : 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++)
        v[i] = from_row(&r, i);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err setting_get(struct ctx *c, const char *key, struct sv *ret)
{
    struct db_rows r;
    enum pw_err e = db_one(c->db, c->arena, &setting_select, DB_ARGS(DB_T(sv_of(key))), &r);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret = e == PW_OK ? db_text(&r, 0, 0) : (struct sv){0};
    return PW_OK;
}

enum pw_err setting_set(struct ctx *c, const char *key, struct sv value)
{
    struct sv clean;
    PW_TRY(field_text(c, key, value, SETTING_MAX, false, &clean));
    PW_TRY(db_exec(c->db, &setting_upsert,
                   DB_ARGS(DB_T(sv_of(key)), DB_T(clean), DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id)), NULL));
    return audit(c, "setting.set", "setting", 0, arena_fmt(c->arena, "key=%s", key));
}
