/* SPDX-License-Identifier: EUPL-1.2 */
/* identity: how one app knows a person. Found by the blind index of the app's id; the id itself is sealed. */
#include "base/id.h"
#include "base/unicode.h"
#include "core/audit.h"
#include "core/people_parts.h"
#include "core/vault_parts.h"

enum { PROVIDER_MAX = 200 };

#define IDENTITY_COLUMNS "SELECT id, person_id, channel_id, provider_user, private_chat, blocked FROM identity "
DB_STMT(identity_by_blind, IDENTITY_COLUMNS "WHERE channel_id = $1 AND provider_blind = $2");
DB_STMT(identity_by_id, IDENTITY_COLUMNS "WHERE id = $1");
DB_STMT(identity_by_person_channel,
        IDENTITY_COLUMNS "WHERE person_id = (SELECT COALESCE(merged_into, id) FROM person WHERE id = $1) AND "
                         "channel_id = $2 ORDER BY blocked, id DESC LIMIT 1");
DB_STMT(identity_ids_of_person, "SELECT id FROM identity WHERE person_id = $1");
DB_STMT(identity_channels_of,
        "SELECT id, person_id, channel_id, blocked, created_ms FROM identity WHERE person_id = (SELECT "
        "COALESCE(merged_into, id) FROM person WHERE id = $1) ORDER BY created_ms, id");
DB_STMT(identity_insert,
        "INSERT INTO identity (id, person_id, channel_id, provider_user, provider_blind, private_chat, blocked, "
        "created_ms) VALUES ($1, $2, $3, $4, $5, $6, 0, $7) ON CONFLICT (channel_id, provider_blind) DO NOTHING");
DB_STMT(identity_set_chat, "UPDATE identity SET private_chat = $2 WHERE id = $1");
DB_STMT(identity_set_sealed, "UPDATE identity SET provider_user = $2, private_chat = $3 WHERE id = $1");
DB_STMT(identity_set_user, "UPDATE identity SET provider_user = $2, provider_blind = $3 WHERE id = $1");
DB_STMT(identity_set_block, "UPDATE identity SET blocked = $2 WHERE id = $1");
DB_STMT(identity_set_blank,
        "UPDATE identity SET provider_user = $2, provider_blind = $3, private_chat = $2, blocked = 1 WHERE id = $1");

static struct seal_place user_place(int64_t id)
{
    return (struct seal_place){"identity", "provider_user", id};
}

static struct seal_place chat_place(int64_t id)
{
    return (struct seal_place){"identity", "private_chat", id};
}

static struct sv blind_of(struct ctx *c, struct sv provider_user)
{
    return blind_index(c->vault, c->arena, "identity.provider_user", provider_user);
}

static enum pw_err from_row(struct ctx *c, const struct db_rows *r, struct identity *ret)
{
    struct identity d = {.id = db_int(r, 0, 0),
                         .person_id = db_int(r, 0, 1),
                         .channel_id = db_int(r, 0, 2),
                         .blocked = db_int(r, 0, 5) != 0};
    PW_TRY(unseal(c, d.person_id, user_place(d.id), db_text(r, 0, 3), &d.provider_user));
    PW_TRY(unseal(c, d.person_id, chat_place(d.id), db_text(r, 0, 4), &d.private_chat));
    *ret = d;
    return PW_OK;
}

enum pw_err identity_find(struct ctx *c, int64_t channel_id, struct sv provider_user, struct identity *ret)
{
    struct sv blind = blind_of(c, provider_user);
    if (!blind.n)
        return PW_INTERNAL;
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &identity_by_blind, DB_ARGS(DB_I(channel_id), DB_B(blind)), &r));
    return from_row(c, &r, ret);
}

enum pw_err identity_get(struct ctx *c, int64_t id, struct identity *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &identity_by_id, DB_ARGS(DB_I(id)), &r));
    return from_row(c, &r, ret);
}

enum pw_err identity_of_person(struct ctx *c, int64_t person_id, int64_t channel_id, struct identity *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &identity_by_person_channel, DB_ARGS(DB_I(person_id), DB_I(channel_id)), &r));
    return from_row(c, &r, ret);
}

enum pw_err identity_channels(struct ctx *c, int64_t person_id, struct identity **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &identity_channels_of, DB_ARGS(DB_I(person_id)), &r));
    struct identity *v = arena_array(c->arena, struct identity, r.n + 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct identity){.id = db_int(&r, i, 0),
                                 .person_id = db_int(&r, i, 1),
                                 .channel_id = db_int(&r, i, 2),
                                 .blocked = db_int(&r, i, 3) != 0,
                                 .since_ms = db_int(&r, i, 4)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err identity_ensure(struct ctx *c, int64_t channel_id, struct sv provider_user, const struct person_new *n,
                            struct identity *ret)
{
    enum pw_err e = identity_find(c, channel_id, provider_user, ret);
    if (e != PW_NOT_FOUND)
        return e;
    if (!provider_user.n || provider_user.n > PROVIDER_MAX)
        return problem_add(c->problems, "provider_user", N_("The app did not say who is writing."));

    /* a name that an app sends is never a reason to lose a message */
    struct person_new fresh = *n;
    struct sv clean;
    if (text_clean_line(c->arena, n->display_name, &clean) != PW_OK)
        clean = (struct sv){0};
    fresh.display_name = text_cut(c->arena, clean, NAME_MAX_CHARS);
    int64_t person = 0, id = id_new(), changed = 0;
    struct sv user, blind = blind_of(c, provider_user);
    PW_TRY(person_create(c, &fresh, &person));
    PW_TRY(seal(c, person, user_place(id), provider_user, &user));
    if (!blind.n)
        return PW_INTERNAL;
    PW_TRY(db_exec(c->db, &identity_insert,
                   DB_ARGS(DB_I(id), DB_I(person), DB_I(channel_id), DB_B(user), DB_B(blind), DB_B((struct sv){0}),
                           DB_I(c->now_ms)),
                   &changed));
    if (!changed)
        return PW_RETRY; /* somebody else met this person just now: the next try finds theirs */
    *ret = (struct identity){
        .id = id, .person_id = person, .channel_id = channel_id, .provider_user = arena_sv(c->arena, provider_user)};
    return PW_OK;
}

static enum pw_err owner_of(struct ctx *c, int64_t identity_id, int64_t *ret_person)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &identity_by_id, DB_ARGS(DB_I(identity_id)), &r));
    *ret_person = db_int(&r, 0, 1);
    return PW_OK;
}

enum pw_err identity_set_private_chat(struct ctx *c, int64_t identity_id, struct sv chat)
{
    int64_t person;
    struct sv sealed;
    if (chat.n > PROVIDER_MAX)
        return PW_INVALID;
    PW_TRY(owner_of(c, identity_id, &person));
    PW_TRY(seal(c, person, chat_place(identity_id), chat, &sealed));
    return db_exec(c->db, &identity_set_chat, DB_ARGS(DB_I(identity_id), DB_B(sealed)), NULL);
}

enum pw_err identity_set_provider_user(struct ctx *c, int64_t identity_id, struct sv provider_user)
{
    int64_t person;
    struct sv sealed, blind = blind_of(c, provider_user);
    if (!provider_user.n || provider_user.n > PROVIDER_MAX)
        return PW_INVALID;
    PW_TRY(owner_of(c, identity_id, &person));
    PW_TRY(seal(c, person, user_place(identity_id), provider_user, &sealed));
    if (!blind.n)
        return PW_INTERNAL;
    return db_exec(c->db, &identity_set_user, DB_ARGS(DB_I(identity_id), DB_B(sealed), DB_B(blind)), NULL);
}

enum pw_err identity_follow(struct ctx *c, int64_t channel_id, struct sv was, struct sv now)
{
    struct identity id;
    enum pw_err e = identity_find(c, channel_id, now, &id);
    if (e != PW_NOT_FOUND)
        return e;
    e = identity_find(c, channel_id, was, &id);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(identity_set_provider_user(c, id.id, now));
    return audit(c, "identity.moved", "person", id.person_id, (struct sv){0});
}

enum pw_err identity_set_blocked(struct ctx *c, int64_t identity_id, bool blocked)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &identity_set_block, DB_ARGS(DB_I(identity_id), DB_I(blocked)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}

enum pw_err identity_reseal(struct ctx *c, int64_t identity_id, int64_t from_person, int64_t to_person)
{
    struct db_rows r;
    struct sv user, chat;
    PW_TRY(db_one(c->db, c->arena, &identity_by_id, DB_ARGS(DB_I(identity_id)), &r));
    PW_TRY(unseal(c, from_person, user_place(identity_id), db_text(&r, 0, 3), &user));
    PW_TRY(unseal(c, from_person, chat_place(identity_id), db_text(&r, 0, 4), &chat));
    PW_TRY(seal(c, to_person, user_place(identity_id), user, &user));
    PW_TRY(seal(c, to_person, chat_place(identity_id), chat, &chat));
    return db_exec(c->db, &identity_set_sealed, DB_ARGS(DB_I(identity_id), DB_B(user), DB_B(chat)), NULL);
}

enum pw_err identity_blank(struct ctx *c, int64_t person_id)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &identity_ids_of_person, DB_ARGS(DB_I(person_id)), &r));
    for (size_t i = 0; i < r.n; i++) {
        char nobody[VAULT_BLIND]; /* unlike any blind index, so the app's user is a new person when they write again */
        randombytes_buf(nobody, sizeof nobody);
        PW_TRY(db_exec(
            c->db, &identity_set_blank,
            DB_ARGS(DB_I(db_int(&r, i, 0)), DB_B((struct sv){0}), DB_B(((struct sv){nobody, sizeof nobody}))), NULL));
    }
    return PW_OK;
}
