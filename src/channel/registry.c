/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/registry.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "core/vault.h"
#include "json/json.h"

enum { NAME_MAX_CHARS = 40, CONFIG_MAX = 64 * 1024, CODE_MAX = 60 };

DB_STMT(channel_insert, "INSERT INTO channel (id, name, kind, enabled, config, created_ms, generation) "
                        "VALUES ($1, $2, $3, 0, $4, $5, $6)");
DB_STMT(channel_insert_poll, "INSERT INTO channel_poll (channel_id) VALUES ($1)");
DB_STMT(channel_select_id, "SELECT id, name, kind, enabled, config FROM channel WHERE id = $1");
DB_STMT(channel_select_name, "SELECT id, name, kind, enabled, config FROM channel WHERE name = $1");
DB_STMT_SCAN(channel_select_all,
             "SELECT id, name, kind, enabled, created_ms, last_error, last_error_ms FROM channel ORDER BY name",
             "an installation has a handful of channels");
DB_STMT(channel_update_enabled, "UPDATE channel SET enabled = $2, generation = $3 WHERE id = $1");
DB_STMT(channel_update_config, "UPDATE channel SET config = $2, generation = $3 WHERE id = $1");
DB_STMT(channel_update_error, "UPDATE channel SET last_error = $2, last_error_ms = $3 WHERE id = $1");

static bool name_ok(struct sv name)
{
    if (name.n == 0 || name.n > NAME_MAX_CHARS)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}

static enum pw_err seal_config(struct ctx *c, int64_t id, const json_t *config, struct sv *ret)
{
    char *text = json_dumps(config, JSON_COMPACT);
    if (!text)
        return PW_INTERNAL;
    size_t n = strlen(text);
    enum pw_err e = n > CONFIG_MAX
                        ? PW_INVALID
                        : seal(c, 0, (struct seal_place){"channel", "config", id}, (struct sv){text, n}, ret);
    sodium_memzero(text, n);
    free(text);
    return e;
}

enum pw_err channel_add(struct ctx *c, struct sv name, struct sv kind, const json_t *config, int64_t *ret_id)
{
    const struct chan_driver *driver = chan_driver_of(kind);
    if (!name_ok(name))
        return problem_add(c->problems, "name", N_("Use 1 to 40 small letters, digits and hyphens."));
    if (!driver)
        return problem_add(c->problems, "kind", N_("This kind of channel is not known."));
    if (!json_is_object(config))
        return PW_INVALID;
    PW_TRY(driver->check_config(config, c->problems));
    int64_t id = id_new();
    struct sv sealed;
    PW_TRY(seal_config(c, id, config, &sealed));
    enum pw_err e =
        db_exec(c->db, &channel_insert,
                DB_ARGS(DB_I(id), DB_T(name), DB_T(kind), DB_B(sealed), DB_I(c->now_ms), DB_I(id_new())), NULL);
    if (e == PW_CONFLICT)
        (void)problem_add(c->problems, "name", N_("Another channel already has this name."));
    PW_TRY(e);
    PW_TRY(db_exec(c->db, &channel_insert_poll, DB_ARGS(DB_I(id)), NULL));
    *ret_id = id;
    return PW_OK;
}

static enum pw_err open_row(struct ctx *c, const struct db_rows *r, struct channel *ret)
{
    int64_t id = db_int(r, 0, 0);
    const struct chan_driver *driver = chan_driver_of(db_text(r, 0, 2));
    if (!driver)
        return PW_UNAVAILABLE; /* made by a newer release */
    struct sv plain;
    json_t *config;
    PW_TRY(unseal(c, 0, (struct seal_place){"channel", "config", id}, db_text(r, 0, 4), &plain));
    if (json_read(plain, c->arena, &config, NULL) != PW_OK || !json_is_object(config))
        return PW_INTERNAL;
    *ret = (struct channel){
        .id = id, .name = db_text(r, 0, 1), .driver = driver, .enabled = db_int(r, 0, 3) != 0, .config = config};
    return PW_OK;
}

enum pw_err channel_get(struct ctx *c, int64_t id, struct channel *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &channel_select_id, DB_ARGS(DB_I(id)), &r));
    return open_row(c, &r, ret);
}

enum pw_err channel_by_name(struct ctx *c, struct sv name, struct channel *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &channel_select_name, DB_ARGS(DB_T(name)), &r));
    return open_row(c, &r, ret);
}

enum pw_err channel_list(struct ctx *c, struct channel_info **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &channel_select_all, DB_NOARGS, &r));
    struct channel_info *v = arena_array(c->arena, struct channel_info, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct channel_info){.id = db_int(&r, i, 0),
                                     .name = db_text(&r, i, 1),
                                     .kind = db_text(&r, i, 2),
                                     .driver = chan_driver_of(db_text(&r, i, 2)),
                                     .enabled = db_int(&r, i, 3) != 0,
                                     .created_ms = db_int(&r, i, 4),
                                     .last_error = db_text(&r, i, 5),
                                     .last_error_ms = db_int(&r, i, 6)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

static enum pw_err one_changed(enum pw_err e, int64_t changed)
{
    return e != PW_OK ? e : changed == 1 ? PW_OK : PW_NOT_FOUND;
}

enum pw_err channel_set_enabled(struct ctx *c, int64_t id, bool enabled)
{
    int64_t changed = 0;
    if (enabled) {
        struct channel ch;
        PW_TRY(channel_get(c, id, &ch));
        PW_TRY(ch.driver->check_config(ch.config, c->problems));
    }
    enum pw_err e = db_exec(c->db, &channel_update_enabled, DB_ARGS(DB_I(id), DB_I(enabled), DB_I(id_new())), &changed);
    return one_changed(e, changed);
}

enum pw_err channel_set_config(struct ctx *c, int64_t id, const json_t *config)
{
    struct channel ch;
    struct sv sealed;
    int64_t changed = 0;
    PW_TRY(channel_get(c, id, &ch));
    if (!json_is_object(config))
        return PW_INVALID;
    PW_TRY(ch.driver->check_config(config, c->problems));
    PW_TRY(seal_config(c, id, config, &sealed));
    enum pw_err e = db_exec(c->db, &channel_update_config, DB_ARGS(DB_I(id), DB_B(sealed), DB_I(id_new())), &changed);
    return one_changed(e, changed);
}

enum pw_err channel_set_error(struct ctx *c, int64_t id, struct sv code)
{
    int64_t changed = 0;
    enum pw_err e = db_exec(c->db, &channel_update_error,
                            DB_ARGS(DB_I(id), DB_T(sv_sub(code, 0, CODE_MAX)), DB_I(code.n ? c->now_ms : 0)), &changed);
    return one_changed(e, changed);
}
