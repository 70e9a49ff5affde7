/* SPDX-License-Identifier: EUPL-1.2 */
/* A platform move (MSG-16): each member is invited with a personal link and counted as moved, declined or lost. The
 * community stays the same one, so what was said and answered is found in the new place as before. */
#include "base/id.h"
#include "channel/registry.h"
#include "core/access.h"
#include "core/account.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/planning/planning_room.h"

enum { TOKEN_CHARS = 26, REMINDERS_MAX = 3, PAGE = 500 };
#define WEEK_MS INT64_C(604800000)

#define MOVE_COLS                                                                                                      \
    "id, community_id, from_kind, to_kind, to_channel, address, started_ms, reminded_ms, reminders, ended_ms"
DB_STMT(move_add,
        "INSERT INTO move (id, community_id, from_kind, to_kind, to_channel, address, started_ms, started_by, "
        "reminders) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)");
DB_STMT(move_newest, "SELECT " MOVE_COLS " FROM move WHERE community_id = $1 ORDER BY id DESC LIMIT 1");
DB_STMT(move_one, "SELECT " MOVE_COLS " FROM move WHERE id = $1");
DB_STMT(move_reminded, "UPDATE move SET reminded_ms = $2, reminders = reminders + 1 WHERE id = $1");
DB_STMT(move_end, "UPDATE move SET ended_ms = $2 WHERE id = $1 AND ended_ms IS NULL");
DB_STMT(move_count, "SELECT state, count(*) FROM move_person WHERE move_id = $1 GROUP BY state");
DB_STMT(move_person_add, "INSERT INTO move_person (move_id, person_id, state, token, changed_ms) "
                         "VALUES ($1, $2, 0, $3, $4)");
DB_STMT(move_person_token, "UPDATE move_person SET token = $3 WHERE move_id = $1 AND person_id = $2");
DB_STMT(move_person_set, "UPDATE move_person SET state = $3, changed_ms = $4 WHERE move_id = $1 AND person_id = $2");
DB_STMT(move_person_lost, "UPDATE move_person SET state = 3, changed_ms = $2 WHERE move_id = $1 AND state = 0");
DB_STMT(move_person_one, "SELECT state FROM move_person WHERE move_id = $1 AND person_id = $2");
DB_STMT(move_person_by_token, "SELECT move_id, person_id, state FROM move_person WHERE token = $1");
DB_STMT(move_person_all, "SELECT person_id, state, changed_ms FROM move_person WHERE move_id = $1 "
                         "ORDER BY state, person_id LIMIT 20000");
DB_STMT(move_person_waiting, "SELECT person_id FROM move_person WHERE move_id = $1 AND state = 0 AND person_id > $2 "
                             "ORDER BY person_id LIMIT 500");

enum pw_err members_each(struct ctx *c, int64_t community_id, member_fn fn, void *arg)
{
    int64_t after_ms = 0, after_id = 0;
    for (;;) {
        struct membership *v;
        size_t n;
        PW_TRY(membership_list(c, community_id, MEMBER_ACTIVE, after_ms, after_id, PAGE, &v, &n));
        for (size_t i = 0; i < n; i++)
            PW_TRY(fn(arg, c, &v[i]));
        if (n < PAGE)
            return PW_OK;
        after_ms = v[n - 1].accepted_ms;
        after_id = v[n - 1].id;
    }
}

static void read_move(const struct db_rows *r, struct move *m)
{
    *m = (struct move){.id = db_int(r, 0, 0),
                       .community_id = db_int(r, 0, 1),
                       .from_kind = db_text(r, 0, 2),
                       .to_kind = db_text(r, 0, 3),
                       .to_channel = db_int(r, 0, 4),
                       .address = db_text(r, 0, 5),
                       .started_ms = db_int(r, 0, 6),
                       .reminded_ms = db_int(r, 0, 7),
                       .reminders = db_int(r, 0, 8),
                       .ended_ms = db_int(r, 0, 9)};
}

static enum pw_err newest(struct ctx *c, int64_t community_id, struct move *ret)
{
    struct db_rows r, n;
    PW_TRY(db_one(c->db, c->arena, &move_newest, DB_ARGS(DB_I(community_id)), &r));
    read_move(&r, ret);
    PW_TRY(db_query(c->db, c->arena, &move_count, DB_ARGS(DB_I(ret->id)), &n));
    for (size_t i = 0; i < n.n; i++)
        if (db_int(&n, i, 0) >= 0 && db_int(&n, i, 0) < MOVE__MAX)
            ret->counts[db_int(&n, i, 0)] = db_int(&n, i, 1);
    return PW_OK;
}

static enum pw_err need_open(struct ctx *c, int64_t community_id, struct community *com, struct move *ret)
{
    PW_TRY(need_admin(c, community_id, com));
    PW_TRY(newest(c, community_id, ret));
    return ret->ended_ms ? PW_CONFLICT : PW_OK;
}

enum pw_err move_last(struct ctx *c, int64_t community_id, struct move *ret)
{
    struct community com;
    PW_TRY(community_get(c, community_id, &com));
    if (!works_in(c, &com))
        return PW_NOT_FOUND;
    return newest(c, community_id, ret);
}

/* ---- inviting ---- */

static struct sv token_mac(struct ctx *c, struct sv token)
{
    return vault_mac(c->vault, c->arena, "planning-move", token);
}

static struct sv new_token(struct ctx *c)
{
    char text[TOKEN_CHARS + 1];
    id_random_text(text, TOKEN_CHARS);
    return arena_sv(c->arena, (struct sv){text, TOKEN_CHARS});
}

static struct sv platform_name(struct ctx *c, struct sv lang, struct sv kind)
{
    const struct chan_driver *d = chan_driver_of(kind);
    if (sv_eq_z(kind, "web"))
        return say(c, lang, N_("our own pages"), NULL, 0);
    return d ? sv_of(d->label) : kind;
}

/* The link carries the token; only its MAC is kept. */
static enum pw_err invite(struct ctx *c, const struct community *com, const struct move *m, int64_t person_id,
                          struct sv lang, struct sv token, const char *msgid)
{
    struct community own = *com;
    PW_TRY(in_words_of(c, lang, &own));
    struct sv path = arena_fmt(c->arena, "/move/%.*s", SV_ARG(token));
    struct sv link = arena_join(c->arena, c->public_url, path);
    const struct sv args[] = {own.words.name, platform_name(c, lang, m->to_kind), link};
    struct letter l = {.text = say(c, lang, msgid, args, 3), .lang = lang, .lane = LANE_BULK};
    PW_TRY(notify(c, person_id, N_("{0} moves to {1}: choose whether you come along."), args[0], args[1], path, NULL));
    return send_to_person(c, com, person_id, &l);
}

struct inviting {
    const struct community *com;
    const struct move *m;
    int64_t people;
};

static enum pw_err invite_one(void *arg, struct ctx *c, const struct membership *mb)
{
    struct inviting *in = arg;
    if (!sv_eq(mb->channel_kind, in->m->from_kind))
        return PW_OK;
    struct sv token = new_token(c);
    PW_TRY(db_exec(c->db, &move_person_add,
                   DB_ARGS(DB_I(in->m->id), DB_I(mb->person_id), DB_B(token_mac(c, token)), DB_I(c->now_ms)), NULL));
    in->people++;
    return invite(c, in->com, in->m, mb->person_id, mb->lang, token,
                  N_("{0} moves to {1}. Open your personal link and choose whether you come along: {2}"));
}

enum pw_err move_begin(struct ctx *c, int64_t community_id, const struct move_new *n, int64_t *ret_people)
{
    struct community com;
    struct move m = {.id = id_new(),
                     .community_id = community_id,
                     .from_kind = n->from_kind,
                     .to_kind = SV("web"),
                     .to_channel = n->to_channel,
                     .address = n->address};
    struct community_channel *v;
    size_t n_v, before = c->problems->n;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(community_channels(c, community_id, &v, &n_v));
    bool from = sv_eq_z(m.from_kind, "web"), to = !m.to_channel;
    for (size_t i = 0; i < n_v; i++) {
        from |= sv_eq(v[i].kind, m.from_kind);
        if (v[i].channel_id == m.to_channel) {
            m.to_kind = v[i].kind;
            to = true;
        }
    }
    NOTED(take_line(c, "address", false, 300, &m.address));
    if (!from)
        (void)problem_add(c->problems, "from", N_("Choose where the members are today."));
    if (!to)
        (void)problem_add(c->problems, "to",
                          N_("Connect the new channel to the community first, on its settings page."));
    else if (sv_eq(m.to_kind, m.from_kind))
        (void)problem_add(c->problems, "to", N_("Choose another place than the one that is left."));
    if (m.address.n && !sv_starts(m.address, SV("https://")))
        (void)problem_add(c->problems, "address", N_("An address that begins with https://"));
    if (m.to_channel && !m.address.n)
        (void)problem_add(c->problems, "address", N_("Write the invitation link of the new place."));
    if (c->problems->n > before)
        return PW_INVALID;
    struct move last;
    enum pw_err e = newest(c, community_id, &last);
    if (e == PW_OK && !last.ended_ms)
        return PW_CONFLICT;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    PW_TRY(db_exec(c->db, &move_add,
                   DB_ARGS(DB_I(m.id), DB_I(community_id), DB_T(m.from_kind), DB_T(m.to_kind),
                           DB_I_OR_NULL(m.to_channel), DB_T(m.address), DB_I(c->now_ms), DB_I(c->actor->person_id)),
                   NULL));
    struct inviting in = {&com, &m, 0};
    PW_TRY(members_each(c, community_id, invite_one, &in));
    PW_TRY(timer_set(c->db, SV("planning.move-remind"), community_id, c->now_ms + WEEK_MS));
    PW_TRY(note_fact(c, "planning.move", "community", community_id, community_id,
                     arena_fmt(c->arena, "from=%.*s to=%.*s people=%lld", SV_ARG(m.from_kind), SV_ARG(m.to_kind),
                               (long long)in.people)));
    *ret_people = in.people;
    return PW_OK;
}

/* A new link each time: the old one of this person stops working. */
enum pw_err move_remind(struct ctx *c, int64_t community_id, int64_t *ret_people)
{
    struct community com;
    struct move m;
    int64_t after = 0, people = 0;
    PW_TRY(need_open(c, community_id, &com, &m));
    if (m.reminders >= REMINDERS_MAX)
        return problem_add(c->problems, NULL, N_("Everyone was reminded three times. Close the move instead."));
    for (struct db_rows r;;) {
        PW_TRY(db_query(c->db, c->arena, &move_person_waiting, DB_ARGS(DB_I(m.id), DB_I(after)), &r));
        for (size_t i = 0; i < r.n; i++) {
            struct membership mb;
            after = db_int(&r, i, 0);
            enum pw_err e = membership_of(c, community_id, after, &mb);
            if (e == PW_NOT_FOUND || (e == PW_OK && mb.state != MEMBER_ACTIVE))
                continue;
            PW_TRY(e);
            struct sv token = new_token(c);
            PW_TRY(
                db_exec(c->db, &move_person_token, DB_ARGS(DB_I(m.id), DB_I(after), DB_B(token_mac(c, token))), NULL));
            PW_TRY(invite(
                c, &com, &m, after, mb.lang, token,
                N_("A reminder: {0} moves to {1}. Open your personal link and choose whether you come along: {2}")));
            people++;
        }
        if (r.n < 500)
            break;
    }
    PW_TRY(db_exec(c->db, &move_reminded, DB_ARGS(DB_I(m.id), DB_I(c->now_ms)), NULL));
    if (m.reminders + 1 < REMINDERS_MAX)
        PW_TRY(timer_set(c->db, SV("planning.move-remind"), community_id, c->now_ms + WEEK_MS));
    PW_TRY(audit(c, "planning.move-remind", "community", community_id,
                 arena_fmt(c->arena, "people=%lld", (long long)people)));
    *ret_people = people;
    return PW_OK;
}

enum pw_err move_close(struct ctx *c, int64_t community_id, int64_t *ret_lost)
{
    struct community com;
    struct move m;
    PW_TRY(need_open(c, community_id, &com, &m));
    PW_TRY(db_exec(c->db, &move_end, DB_ARGS(DB_I(m.id), DB_I(c->now_ms)), NULL));
    PW_TRY(db_exec(c->db, &move_person_lost, DB_ARGS(DB_I(m.id), DB_I(c->now_ms)), ret_lost));
    enum pw_err e = timer_clear(c->db, SV("planning.move-remind"), community_id);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    return note_fact(c, "planning.move-closed", "community", community_id, community_id,
                     arena_fmt(c->arena, "lost=%lld", (long long)*ret_lost));
}

/* ---- answers ---- */

static enum pw_err set_state(struct ctx *c, const struct move *m, int64_t person_id, enum move_state from,
                             enum move_state to)
{
    if (from == to)
        return PW_OK;
    if (!move_may(from, to, m->ended_ms != 0))
        return PW_CONFLICT;
    PW_TRY(db_exec(c->db, &move_person_set, DB_ARGS(DB_I(m->id), DB_I(person_id), DB_I(to), DB_I(c->now_ms)), NULL));
    if (to == MOVE_MOVED && !m->to_channel) /* our own pages; in an app the person is known once they write there */
        PW_TRY(membership_set_channel(c, m->community_id, person_id, 0, SV("web")));
    return audit(c, "planning.move-answer", "community", m->community_id,
                 arena_fmt(c->arena, "person=%lld to=%s", (long long)person_id, move_state_code(to)));
}

enum pw_err move_mark(struct ctx *c, int64_t community_id, int64_t person_id, enum move_state to)
{
    struct community com;
    struct move m;
    struct db_rows r;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(newest(c, community_id, &m));
    PW_TRY(db_one(c->db, c->arena, &move_person_one, DB_ARGS(DB_I(m.id), DB_I(person_id)), &r));
    return set_state(c, &m, person_id, (enum move_state)db_int(&r, 0, 0), to);
}

enum pw_err move_people(struct ctx *c, const struct move *m, struct move_person **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &move_person_all, DB_ARGS(DB_I(m->id)), &r));
    struct move_person *v = arena_array(c->arena, struct move_person, r.n + 1);
    struct person *p = arena_array(c->arena, struct person, r.n + 1);
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    if (!v || !p || !ids)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        ids[i] = db_int(&r, i, 0);
    PW_TRY(person_get_many(c, ids, r.n, p));
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct move_person){ids[i], db_int(&r, i, 2), (enum move_state)db_int(&r, i, 1), p[i].display_name};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err move_open(struct ctx *c, struct sv token, struct move_invitation *ret)
{
    struct db_rows r, m;
    struct ctx system = *c; /* the link is the right */
    if (token.n != TOKEN_CHARS)
        return PW_NOT_FOUND;
    PW_TRY(db_one(c->db, c->arena, &move_person_by_token, DB_ARGS(DB_B(token_mac(c, token))), &r));
    PW_TRY(db_one(c->db, c->arena, &move_one, DB_ARGS(DB_I(db_int(&r, 0, 0))), &m));
    struct move_invitation v = {.person_id = db_int(&r, 0, 1), .state = (enum move_state)db_int(&r, 0, 2)};
    read_move(&m, &v.move);
    system.actor = &actor_system;
    PW_TRY(community_get(&system, v.move.community_id, &v.com));
    PW_TRY(in_words_of(c, c->lang, &v.com));
    *ret = v;
    return PW_OK;
}

enum pw_err move_answer(struct ctx *c, struct sv token, enum move_state to)
{
    struct move_invitation v;
    PW_TRY(move_open(c, token, &v));
    if (to != MOVE_MOVED && to != MOVE_DECLINED)
        return PW_INVALID;
    return set_state(c, &v.move, v.person_id, v.state, to);
}

/* May the record that came with an identity in the new app become part of the member's? Only one that did nothing else,
 * and only once: who is known here already (a member, one of the team) holds the link of somebody else. */
static enum pw_err may_become(struct ctx *c, int64_t member, int64_t other, int64_t channel_id, bool *ret)
{
    struct identity *ids, there;
    struct person_place *places;
    struct grant *g;
    size_t n_ids, n_places, n_grants;
    bool account;
    PW_TRY(identity_channels(c, other, &ids, &n_ids));
    PW_TRY(person_places(c, other, &places, &n_places));
    PW_TRY(grant_of_person(c, other, &g, &n_grants));
    PW_TRY(account_of_person(c, other, &account));
    enum pw_err e = identity_of_person(c, member, channel_id, &there);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret = e == PW_NOT_FOUND && n_ids == 1 && !n_places && !n_grants && !account;
    return PW_OK;
}

static enum pw_err refuse_link(struct ctx *c, const struct move_invitation *v, int64_t person_id,
                               const struct channel *ch, const struct chan_event *e)
{
    struct person p;
    PW_TRY(person_get(c, person_id, &p));
    struct sv lang = p.lang.n ? p.lang : lang_main(v->com.languages);
    return send_to_chat(
        c, ch->id, e->chat,
        say(c, lang,
            N_("You are known here already, so this personal link was not used. If it is yours, write to "
               "the moderators: they bring both together."),
            NULL, 0),
        0);
}

/* "/start move-<token>" in the new app: this identity belongs to the member with that link. The new record of the
 * identity joins the member's, so that questions and answers stay in one place. */
enum pw_err move_ear(void *self, struct ctx *c, const struct community *com, int64_t person_id,
                     const struct channel *ch, const struct chan_event *e, bool *ret_used)
{
    (void)self;
    (void)com;
    struct sv text = sv_trim(e->text), start = SV("/start ");
    if (sv_starts(text, start))
        text = sv_trim(sv_sub(text, start.n, text.n));
    if (!sv_starts(text, SV("move-")))
        return PW_OK;
    struct move_invitation v;
    int64_t merge;
    enum pw_err r = move_open(c, sv_sub(text, 5, text.n), &v);
    if (r == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(r);
    if (v.move.to_channel != ch->id)
        return PW_OK;
    struct ctx system = *c;
    system.actor = &actor_system;
    if (v.person_id != person_id) {
        bool may;
        *ret_used = true; /* the words hold a personal link: they become no message */
        PW_TRY(may_become(&system, v.person_id, person_id, ch->id, &may));
        if (!may)
            return refuse_link(&system, &v, person_id, ch, e);
        PW_TRY(person_merge(&system, v.person_id, person_id, &merge));
    }
    PW_TRY(membership_set_channel(&system, v.move.community_id, v.person_id, ch->id, sv_of(ch->driver->kind)));
    PW_TRY(set_state(&system, &v.move, v.person_id, v.state, MOVE_MOVED));
    struct membership m;
    PW_TRY(membership_of(&system, v.move.community_id, v.person_id, &m));
    PW_TRY(in_words_of(c, m.lang, &v.com));
    *ret_used = true;
    return tell(&system, &v.com, v.person_id,
                N_("You are in {0} here from now on. Your earlier questions and their answers came along."),
                v.com.words.name, (struct sv){0}, community_path(c, &v.com, ""));
}
