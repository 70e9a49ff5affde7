/* SPDX-License-Identifier: EUPL-1.2 */
#include "letters.h"

#include "base/unicode.h"
#include "channel/registry.h"
#include "channel/stop_link.h"
#include "core/audit.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"

enum { FIRST_CHARS = 3900 };

DB_STMT(first_words_put, "INSERT INTO first_words (channel_id, person_id, body, provider_message, written_ms) "
                         "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel_id, person_id) DO UPDATE SET "
                         "body = excluded.body");
DB_STMT(first_words_one, "SELECT body, provider_message FROM first_words WHERE channel_id = $1 AND person_id = $2");
DB_STMT(first_words_drop, "DELETE FROM first_words WHERE channel_id = $1 AND person_id = $2");
DB_STMT(message_whole_put, "INSERT INTO message_whole (message_id, body, sealed_for) VALUES ($1, $2, $3) "
                           "ON CONFLICT (message_id) DO NOTHING");
DB_STMT(message_whole_one, "SELECT body, sealed_for FROM message_whole WHERE message_id = $1");

bool is_letters(const struct channel *ch)
{
    return (ch->driver->caps & CAP_LETTERS) != 0;
}

static enum pw_err by_reply(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t *ret)
{
    int64_t id = 0;
    struct message m;
    if (!e->reply_to.n)
        return PW_NOT_FOUND;
    PW_TRY(copy_find(c, ch->id, e->chat, e->reply_to, &id));
    PW_TRY(message_row(c, id, &m));
    *ret = m.community_id;
    return PW_OK;
}

enum pw_err letters_community(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                              int64_t *ret_community)
{
    struct community_channel *v;
    struct community com;
    size_t n;
    enum pw_err err = by_reply(c, ch, e, ret_community);
    if (err != PW_NOT_FOUND)
        return err;
    if (!e->place.n)
        return PW_NOT_FOUND;
    PW_TRY(community_row_by_slug(c, e->place, &com));
    PW_TRY(place_rows_of_channel(c, ch->id, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].community_id == com.id) {
            *ret_community = com.id;
            return PW_OK;
        }
    return PW_NOT_FOUND; /* a community that does not take mail here */
}

/* ---- before somebody is a member ---- */

static struct seal_place first_of(int64_t person_id)
{
    return (struct seal_place){"first_words", "body", person_id};
}

static enum pw_err first_words_read(struct ctx *c, int64_t channel_id, int64_t person_id, struct sv *ret_text,
                                    struct sv *ret_message)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &first_words_one, DB_ARGS(DB_I(channel_id), DB_I(person_id)), &r));
    PW_TRY(unseal(c, person_id, first_of(person_id), db_text(&r, 0, 0), ret_text));
    *ret_message = db_text(&r, 0, 1);
    return PW_OK;
}

enum pw_err first_words_keep(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t person_id)
{
    struct sv text = e->text, before = {0}, message = {0}, sealed;
    if (!is_letters(ch) || !sv_trim(text).n)
        return PW_OK;
    enum pw_err err = first_words_read(c, ch->id, person_id, &before, &message);
    if (err != PW_OK && err != PW_NOT_FOUND)
        return err;
    if (before.n)
        text = arena_join(c->arena, arena_join(c->arena, before, SV("\n\n")), text);
    PW_TRY(seal(c, person_id, first_of(person_id), text_cut(c->arena, text, FIRST_CHARS), &sealed));
    return db_exec(c->db, &first_words_put,
                   DB_ARGS(DB_I(ch->id), DB_I(person_id), DB_B(sealed), DB_T(message.n ? message : e->message_id),
                           DB_I(c->now_ms)),
                   NULL);
}

struct asking {
    struct ctx *c;
    const struct community *com;
    const struct membership *m;
    struct sv text, provider_message;
};

static enum pw_err ask_now(struct db *db, void *arg)
{
    struct asking *t = arg;
    struct actor actor;
    struct ctx own;
    struct identity who;
    struct message_made made;
    struct problems none = {0};
    (void)db; /* the same connection as in t->c */
    PW_TRY(act_as_member(t->c, t->m->person_id, &actor, &own));
    PW_TRY(identity_of_person(t->c, t->m->person_id, t->m->channel_id, &who));
    own.problems = &none;
    struct message_new n = {.community_id = t->com->id,
                            .to_private = true,
                            .text = t->text,
                            .channel_id = t->m->channel_id,
                            .channel_kind = t->m->channel_kind,
                            .chat = who.private_chat,
                            .provider_message = t->provider_message};
    return message_post(&own, &n, &made);
}

enum pw_err first_words_ask(struct ctx *c, const struct community *com, const struct membership *m)
{
    struct asking t = {.c = c, .com = com, .m = m};
    if (!m->channel_id)
        return PW_OK;
    enum pw_err e = first_words_read(c, m->channel_id, m->person_id, &t.text, &t.provider_message);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    e = db_savepoint(c->db, ask_now, &t);
    if (e == PW_INVALID || e == PW_DENIED || e == PW_NOT_FOUND || e == PW_CONFLICT)
        return PW_OK; /* the admission does not depend on it; the words wait for a better moment */
    PW_TRY(e);
    return db_exec(c->db, &first_words_drop, DB_ARGS(DB_I(m->channel_id), DB_I(m->person_id)), NULL);
}

/* ---- the whole of a mail ---- */

static struct seal_place whole_of(int64_t message_id)
{
    return (struct seal_place){"message_whole", "body", message_id};
}

enum pw_err whole_keep(struct ctx *c, int64_t message_id, int64_t person_id, struct sv text)
{
    struct sv sealed;
    if (!text.n)
        return PW_OK;
    PW_TRY(seal(c, person_id, whole_of(message_id), text, &sealed));
    return db_exec(c->db, &message_whole_put, DB_ARGS(DB_I(message_id), DB_B(sealed), DB_I(person_id)), NULL);
}

enum pw_err message_whole(struct ctx *c, int64_t message_id, struct sv *ret)
{
    struct message m;
    struct community com;
    struct db_rows r;
    PW_TRY(message_row(c, message_id, &m));
    PW_TRY(community_row(c, m.community_id, &com));
    if (!community_may_moderate(c, &com))
        return PW_NOT_FOUND;
    enum pw_err e = db_one(c->db, c->arena, &message_whole_one, DB_ARGS(DB_I(message_id)), &r);
    struct sv text = m.body;
    if (e == PW_OK)
        e = unseal(c, db_int(&r, 0, 1), whole_of(message_id), db_text(&r, 0, 0), &text);
    else if (e == PW_NOT_FOUND)
        e = PW_OK; /* nothing was cut off */
    PW_TRY(e);
    if (!db_is_read_only(c->db))
        PW_TRY(audit(c, "message.read-whole", "message", message_id, (struct sv){0}));
    *ret = text;
    return PW_OK;
}

/* ---- the link at the foot ---- */

static enum pw_err stop_one(struct ctx *c, const struct membership *m, bool posts_only)
{
    struct actor actor;
    struct ctx own;
    PW_TRY(act_as_member(c, m->person_id, &actor, &own));
    if (!posts_only)
        return membership_leave(&own, m->community_id, 0);
    PW_TRY(membership_stop_posts(c, m->id));
    return audit(&own, "member.posts-stopped", "membership", m->id, SV("by=link"));
}

enum pw_err contact_stop(struct ctx *c, struct sv token, bool posts_only)
{
    int64_t identity = 0, list = 0;
    struct identity who;
    struct membership *v;
    size_t n, left = 0;
    if (!stop_link_read(c, token, &identity, &list))
        return PW_OK; /* nobody learns from the answer which links are real */
    enum pw_err e = identity_get(c, identity, &who);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(membership_rows_of(c, who.person_id, &v, &n));
    if (!posts_only) /* also no farewell: who presses such a button wants silence */
        PW_TRY(identity_set_blocked(c, who.id, true));
    for (size_t i = 0; i < n; i++) {
        if (v[i].channel_id != who.channel_id)
            continue;
        if (list && v[i].community_id != list)
            left++;
        else
            PW_TRY(stop_one(c, &v[i], posts_only));
    }
    if (!posts_only && left) /* a member of others by the same address */
        PW_TRY(identity_set_blocked(c, who.id, false));
    return posts_only ? PW_OK : audit(c, "contact.stopped", "identity", who.id, SV("by=link"));
}
