/* SPDX-License-Identifier: EUPL-1.2 */
/* New guidelines for people who accepted older ones (MOD-1): whoever administers has them asked again, a few at a time;
 * each accepts with one press, on the page, by a button, or by "yes". Nobody is put out who does not answer. */
#include "feature/community/guidelines_again.h"
#include "base/id.h"
#include "channel/registry.h"
#include "core/audit.h"
#include "core/notify.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/join_talk.h"
#include "feature/community/member_actions.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"

enum { BATCH = 100 };
static const int64_t asked_lately_ms = INT64_C(7) * 24 * 3600 * 1000;

DB_STMT(again_counts, "SELECT lang, guidelines_version, count(*) FROM membership WHERE community_id = $1 AND state = 2 "
                      "GROUP BY lang, guidelines_version");
DB_STMT(again_next, "SELECT person_id, lang, guidelines_version, asked_version, id FROM membership "
                    "WHERE community_id = $1 AND state = 2 AND id > $2 ORDER BY id LIMIT $3");
DB_STMT(again_at, "SELECT again_cursor FROM community WHERE id = $1");
DB_STMT(again_move, "UPDATE community SET again_cursor = $2 WHERE id = $1");
DB_STMT(again_asked, "UPDATE membership SET asked_version = $2, asked_ms = $3 WHERE id = $1");
DB_STMT(again_accepted, "UPDATE membership SET guidelines_version = $3, asked_version = 0, asked_ms = NULL "
                        "WHERE community_id = $1 AND person_id = $2 AND state = 2 AND guidelines_version < $3");

/* The version in force for each language of the readers, read once. */
struct versions {
    struct sv lang[16];
    int64_t v[16];
    size_t n;
};

static enum pw_err version_for(struct ctx *c, const struct community *com, struct sv lang, struct versions *io,
                               int64_t *ret)
{
    for (size_t i = 0; i < io->n; i++)
        if (sv_eq(io->lang[i], lang)) {
            *ret = io->v[i];
            return PW_OK;
        }
    PW_TRY(guidelines_version(c, com, lang, ret));
    if (io->n < sizeof io->v / sizeof *io->v) {
        io->lang[io->n] = lang;
        io->v[io->n++] = *ret;
    }
    return PW_OK;
}

enum pw_err guidelines_older(struct ctx *c, const struct community *com, const struct membership *m, bool *ret)
{
    int64_t now;
    PW_TRY(guidelines_version(c, com, m->lang, &now));
    *ret = m->state == MEMBER_ACTIVE && m->guidelines_version < now;
    return PW_OK;
}

enum pw_err guidelines_older_count(struct ctx *c, const struct community *com, int64_t *ret)
{
    struct db_rows r;
    struct versions all = {.n = 0};
    int64_t n = 0, now;
    PW_TRY(db_query(c->db, c->arena, &again_counts, DB_ARGS(DB_I(com->id)), &r));
    for (size_t i = 0; i < r.n; i++) {
        PW_TRY(version_for(c, com, db_text(&r, i, 0), &all, &now));
        n += db_int(&r, i, 1) < now ? db_int(&r, i, 2) : 0;
    }
    *ret = n;
    return PW_OK;
}

enum pw_err membership_list_older(struct ctx *c, int64_t community_id, int64_t after_ms, int64_t after_id,
                                  int64_t limit, struct membership **ret, size_t *ret_n)
{
    struct community com;
    struct versions all = {.n = 0};
    struct membership *v = arena_array(c->arena, struct membership, (size_t)limit);
    size_t n = 0, got = BATCH;
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(community_get(c, community_id, &com));
    while (got == BATCH && n < (size_t)limit) {
        struct membership *page;
        PW_TRY(membership_list(c, community_id, MEMBER_ACTIVE, after_ms, after_id, BATCH, &page, &got));
        for (size_t i = 0; i < got && n < (size_t)limit; i++) {
            int64_t now;
            PW_TRY(version_for(c, &com, page[i].lang, &all, &now));
            if (page[i].guidelines_version < now)
                v[n++] = page[i];
            after_ms = page[i].accepted_ms;
            after_id = page[i].id;
        }
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

/* ---- asking ---- */

enum pw_err guidelines_ask_again(struct ctx *c, int64_t community_id, int64_t *ret_people)
{
    struct community com;
    int64_t n;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(guidelines_older_count(c, &com, &n));
    if (!n)
        return PW_CONFLICT;
    PW_TRY(db_exec(c->db, &again_move, DB_ARGS(DB_I(community_id), DB_I(0)), NULL));
    PW_TRY(timer_set(c->db, TIMER_AGAIN, community_id, c->now_ms));
    PW_TRY(
        audit(c, "guidelines.ask-again", "community", community_id, arena_fmt(c->arena, "people=%lld", (long long)n)));
    *ret_people = n;
    return PW_OK;
}

static enum pw_err ask_one(struct ctx *c, const struct community *com, int64_t membership_id, int64_t person_id,
                           struct sv lang, int64_t version)
{
    struct community own = *com;
    struct membership m;
    char id[ID_TEXT + 1];
    PW_TRY(in_words_of(c, lang, &own));
    PW_TRY(db_exec(c->db, &again_asked, DB_ARGS(DB_I(membership_id), DB_I(version), DB_I(c->now_ms)), NULL));
    int64_t notice = 0;
    PW_TRY(notify(c, person_id, N_("The guidelines of {0} have changed. Please read and accept them."), own.words.name,
                  (struct sv){0}, community_path(c, com, "/guidelines"), &notice));
    PW_TRY(membership_row(c, com->id, person_id, &m));
    const struct sv name[] = {own.words.name};
    const struct sv buttons[] = {say(c, lang, N_("I accept the guidelines"), NULL, 0),
                                 arena_fmt(c->arena, "rules:%lld:%s", (long long)version, id_text(com->id, id).p)};
    const struct chan_driver *d = chan_driver_of(m.channel_kind);
    bool press = d && (d->caps & CAP_BUTTONS);
    struct sv text = say(c, lang, N_("The guidelines of {0} have changed. Please read and accept them."), name, 1);
    struct sv path = community_path(c, com, "/guidelines");
    text =
        arena_fmt(c->arena, "%.*s %.*s%.*s?lang=%.*s", SV_ARG(text), SV_ARG(c->public_url), SV_ARG(path), SV_ARG(lang));
    if (!press)
        text =
            arena_fmt(c->arena, "%.*s\n%.*s", SV_ARG(text), SV_ARG(say(c, lang, N_("Reply YES to accept."), NULL, 0)));
    struct letter l = {.text = text, .lang = lang, .lane = LANE_BULK, .buttons = buttons, .n_buttons = press ? 1 : 0};
    return send_to_person(c, com, person_id, &l);
}

enum pw_err guidelines_again_batch(struct ctx *c, int64_t community_id)
{
    struct community com;
    struct db_rows r;
    struct versions all = {.n = 0};
    enum pw_err e = community_row(c, community_id, &com);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(db_one(c->db, c->arena, &again_at, DB_ARGS(DB_I(community_id)), &r));
    int64_t cursor = db_int(&r, 0, 0);
    PW_TRY(db_query(c->db, c->arena, &again_next, DB_ARGS(DB_I(community_id), DB_I(cursor), DB_I(BATCH)), &r));
    for (size_t i = 0; i < r.n; i++) {
        int64_t now;
        cursor = db_int(&r, i, 4);
        PW_TRY(version_for(c, &com, db_text(&r, i, 1), &all, &now));
        if (db_int(&r, i, 2) < now && db_int(&r, i, 3) < now)
            PW_TRY(ask_one(c, &com, cursor, db_int(&r, i, 0), db_text(&r, i, 1), now));
    }
    PW_TRY(db_exec(c->db, &again_move, DB_ARGS(DB_I(community_id), DB_I(cursor)), NULL));
    return r.n == BATCH ? timer_set(c->db, TIMER_AGAIN, community_id, c->now_ms) : PW_OK;
}

/* ---- accepting ---- */

enum pw_err guidelines_accept(struct ctx *c, int64_t community_id, int64_t version)
{
    struct community com;
    int64_t now, changed = 0;
    PW_TRY(community_get(c, community_id, &com));
    if (!c->actor->person_id)
        return PW_DENIED;
    PW_TRY(guidelines_version(c, &com, c->lang, &now));
    if (version != now)
        return problem_add(c->problems, "guidelines",
                           N_("The guidelines have changed meanwhile. Please read them again."));
    PW_TRY(db_exec(c->db, &again_accepted, DB_ARGS(DB_I(community_id), DB_I(c->actor->person_id), DB_I(version)),
                   &changed));
    return changed ? note_fact(c, "guidelines.accepted", "community", community_id, community_id,
                               arena_fmt(c->arena, "version=%lld", (long long)version))
                   : PW_CONFLICT;
}

/* "rules:<version>:<community>" */
static bool of_button(struct sv token, int64_t *ret_version, int64_t *ret_community)
{
    struct sv rest = token, piece = {0};
    return sv_cut(&rest, ':', &piece) && sv_eq_z(piece, "rules") && sv_cut(&rest, ':', &piece) &&
           sv_int(piece, ret_version) && id_parse(rest, ret_community);
}

/* "Yes" answers what was said last: where there is no button, and neither side has said anything since. A moderator may
 * have asked something else meanwhile. */
static enum pw_err is_about_guidelines(struct ctx *c, const struct membership *m, bool *ret)
{
    const struct chan_driver *d = chan_driver_of(m->channel_kind);
    struct thread t;
    *ret = m->asked_version > m->guidelines_version && c->now_ms - m->asked_ms < asked_lately_ms &&
           !(d && (d->caps & CAP_BUTTONS));
    if (!*ret)
        return PW_OK;
    enum pw_err e = thread_row_of(c, m->community_id, m->person_id, &t);
    *ret = e == PW_NOT_FOUND || (e == PW_OK && t.last_ms <= m->asked_ms);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err guidelines_again_hear(struct ctx *c, const struct chan_event *e, int64_t person_id,
                                  const struct membership *member, bool *ret_used)
{
    struct community com;
    struct membership m;
    struct actor who;
    struct ctx own;
    struct problems dropped = {0};
    int64_t version = 0, community = 0;
    *ret_used = false;
    if (e->kind == CHAN_BUTTON) {
        if (!of_button(e->token, &version, &community))
            return PW_OK;
        enum pw_err r = membership_row(c, community, person_id, &m);
        if (r != PW_OK)
            return r == PW_NOT_FOUND ? PW_OK : r;
    } else {
        bool about = false;
        if (!member || !says_yes(c, e->text))
            return PW_OK;
        m = *member;
        PW_TRY(is_about_guidelines(c, &m, &about));
        if (!about)
            return PW_OK;
        version = m.asked_version;
    }
    *ret_used = true;
    PW_TRY(community_row(c, m.community_id, &com));
    PW_TRY(in_words_of(c, m.lang, &com));
    PW_TRY(act_as_member(c, person_id, &who, &own));
    own.lang = m.lang;
    own.problems = &dropped;
    enum pw_err r = guidelines_accept(&own, com.id, version);
    if (r == PW_CONFLICT) /* pressed twice */
        return PW_OK;
    if (r == PW_INVALID) /* a newer version exists: asked once more */
        return ask_one(c, &com, m.id, person_id, m.lang, version);
    PW_TRY(r);
    const struct sv name[] = {com.words.name};
    struct letter l = {.lang = m.lang,
                       .text = say(c, m.lang, N_("Thank you. You accepted the guidelines of {0}."), name, 1)};
    return send_to_person(c, &com, person_id, &l);
}
