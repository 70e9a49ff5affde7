/* SPDX-License-Identifier: EUPL-1.2 */
/* Members: admitted and welcomed, waiting, leaving, removed (MSG-8, MSG-10, MSG-17, A-26). */
#include "feature/community/member_actions.h"

#include <stdlib.h>

#include "base/id.h"
#include "channel/sms_text.h"
#include "core/audit.h"
#include "core/document.h"
#include "core/notify.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/exit_talk.h"
#include "feature/community/keyword_store.h"
#include "feature/community/letters.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"

static struct sv page_url(struct ctx *c, const struct community *com, const char *rest)
{
    return arena_join(c->arena, c->public_url, community_path(c, com, rest));
}

static bool is_metered(const struct membership *m)
{
    const struct chan_driver *d = chan_driver_of(m->channel_kind);
    return d && (d->caps & CAP_METERED);
}

/* By SMS at most three joined parts: cut at a word, and the rest is behind the link. */
static struct sv welcome_by_text(struct ctx *c, const struct community *com, const struct membership *m, struct sv text)
{
    enum { PARTS = 3 };
    struct sv rest = arena_fmt(c->arena, "?lang=%.*s", SV_ARG(m->lang));
    struct sv url = page_url(c, com, arena_z(c->arena, rest));
    struct sv whole = sms_fit(c->arena, text, (struct sv){0}, true, PARTS);
    return sv_eq(whole, sv_trim(text)) ? whole : sms_fit(c->arena, text, url, true, PARTS);
}

/* The welcome is a message of the member's own thread, so that what was sent, when, and whether it arrived can be shown
 * later (MSG-8). */
static enum pw_err welcome(struct ctx *c, const struct community *com, const struct membership *m)
{
    struct doc_text doc = {0};
    if (com->welcome_doc)
        PW_TRY(doc_read(c, com->welcome_doc, m->lang, 0, &doc));
    const struct sv name[] = {com->words.name};
    struct sv text = doc.body.n ? doc.body
                                : say(c, m->lang,
                                      N_("Welcome to {0}. You can ask your question here at any time; a moderator or "
                                         "another member will answer. Personal matters go in a private message."),
                                      name, 1);
    if (com->guidelines_doc) {
        const struct sv url[] = {page_url(c, com, "/guidelines")};
        struct sv line = say(c, m->lang, N_("The guidelines of this community: {0}"), url, 1);
        text = arena_join(c->arena, arena_join(c->arena, text, SV("\n\n")), line);
    }
    struct message msg = {.community_id = com->id,
                          .author_role = AUTHOR_SYSTEM,
                          .purpose = FOR_NOTICE,
                          .body = text,
                          .lang = m->lang,
                          .channel_kind = SV("web"),
                          .written_ms = c->now_ms,
                          .shown_ms = c->now_ms};
    PW_TRY(thread_ensure(c, com->id, m->person_id, &msg.thread_id));
    PW_TRY(message_insert(c, &msg, 0, m->person_id));
    struct letter l = {.message_id = msg.id,
                       .text = is_metered(m) ? welcome_by_text(c, com, m, text) : text,
                       .lang = m->lang,
                       .automatic = true};
    PW_TRY(send_to_person(c, com, m->person_id, &l));
    return membership_set_welcome(c, m->id, msg.id, doc.version);
}

static enum pw_err entered(struct ctx *c, const struct community *in, const struct membership *m)
{
    struct community own = *in;
    const struct community *com = &own;
    PW_TRY(in_words_of(c, m->lang, &own));
    static const char msgid[] = N_("You are now a member of {0}.");
    struct sv path = community_path(c, com, "");
    int64_t notice = 0;
    /* Found in a group by hand: a person let them in there and welcomed them there. */
    if (!sv_eq_z(m->source, "platform") || !sv_eq_z(m->channel_kind, assisted_driver.kind)) {
        if (is_metered(m)) /* the welcome says it: one text less to pay */
            PW_TRY(notify(c, m->person_id, msgid, com->words.name, (struct sv){0}, path, &notice));
        else
            PW_TRY(tell(c, com, m->person_id, msgid, com->words.name, (struct sv){0}, path));
        PW_TRY(welcome(c, com, m));
    }
    PW_TRY(exit_drop_open(c, m->person_id, com->id));
    PW_TRY(first_words_ask(c, com, m));
    return note_fact(c, "member.joined", "membership", m->id, com->id, (struct sv){0});
}

/* A place in the community and in the group of that channel; full: the community itself has none left (MSG-10, A-26).
 * The community's row is locked by the first count, so two at once cannot take the last place. */
static enum pw_err take_place(struct ctx *c, const struct community *com, int64_t channel_id, bool *ret_full,
                              bool *ret_in)
{
    bool room = false, there = true;
    PW_TRY(community_count_in(c, com->id, &room));
    *ret_full = !room;
    if (room && channel_id)
        PW_TRY(place_has_room(c, com->id, channel_id, &there));
    if (room && !there)
        PW_TRY(community_count_out(c, com->id));
    *ret_in = room && there;
    return PW_OK;
}

enum pw_err admit(struct ctx *c, const struct community *com, const struct membership *in,
                  enum membership_state *ret_state)
{
    struct membership m = *in, old;
    enum membership_state from = MEMBER_NONE;
    enum pw_err e = membership_row(c, com->id, m.person_id, &old);
    if (e == PW_OK) {
        from = old.state;
        m.id = old.id;
    } else if (e != PW_NOT_FOUND) {
        return e;
    } else {
        m.id = id_new();
    }
    bool room = false, full = false;
    enum membership_state to = from;
    PW_TRY(membership_next(from, MEMBER_ADMIT, &to));
    PW_TRY(take_place(c, com, m.channel_id, &full, &room));
    if (!room)
        PW_TRY(membership_next(from, MEMBER_QUEUE, &to));
    m.state = to;
    m.community_id = com->id;
    m.accepted_ms = c->now_ms;
    m.joined_ms = room ? c->now_ms : 0;
    PW_TRY(membership_put(c, &m));
    if (room) {
        PW_TRY(entered(c, com, &m));
    } else {
        struct community own = *com;
        PW_TRY(in_words_of(c, m.lang, &own));
        PW_TRY(tell(c, com, m.person_id,
                    N_("Your request to join {0} was accepted. The community is full at the moment: you are on the "
                       "waiting list and will be told as soon as there is room."),
                    own.words.name, (struct sv){0}, community_path(c, com, "")));
        PW_TRY(note_fact(c, "member.waiting", "membership", m.id, com->id, (struct sv){0}));
    }
    *ret_state = to;
    return PW_OK;
}

enum pw_err membership_enter(struct ctx *c, int64_t community_id, const struct membership *m,
                             enum membership_state *ret_state)
{
    struct community com;
    int64_t version = 0;
    enum pw_err e = need_admin(c, community_id, &com);
    if (e == PW_DENIED)
        e = need_moderate(c, community_id, &com);
    PW_TRY(e);
    if (!community_takes_members(com.status))
        return PW_CONFLICT;
    PW_TRY(guidelines_version(c, &com, m->lang, &version));
    if (version && m->guidelines_version != version)
        return problem_add(c->problems, "accepted",
                           N_("Nobody becomes a member without accepting the guidelines. Read them to the person."));
    PW_TRY(check_join(c, &com, m->person_id));
    PW_TRY(audit(c, "member.enter", "person", m->person_id, arena_fmt(c->arena, "kind=%.*s", SV_ARG(m->channel_kind))));
    return admit(c, &com, m, ret_state);
}

/* One of the waiting, if there is room in the community and in the group where the person is (MSG-10). */
static enum pw_err admit_one(struct ctx *c, const struct community *com, const struct membership *m, bool *ret_full,
                             bool *ret_in)
{
    struct join_row j;
    *ret_in = false;
    PW_TRY(take_place(c, com, m->channel_id, ret_full, ret_in));
    if (!*ret_in)
        return PW_OK;
    PW_TRY(membership_admit_row(c, m->id, c->now_ms));
    enum pw_err e = join_last_of(c, com->id, m->person_id, &j);
    if (e == PW_OK)
        e = send_admission(c, com, j.channel_id, j.chat, j.provider_user);
    if (e == PW_OK && j.r.decided_ms == m->accepted_ms) /* it is this request that waits */
        e = join_choice_tell(c, com, &j);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    return entered(c, com, m);
}

enum pw_err admit_waiting(struct ctx *c, const struct community *com, int64_t *ret_admitted)
{
    enum { AT_ONCE = 100 };
    int64_t admitted = 0, after_ms = 0, after_id = 0;
    for (bool full = false; !full;) {
        struct membership *v;
        size_t n;
        PW_TRY(membership_rows(c, com->id, MEMBER_WAITING, after_ms, after_id, AT_ONCE, &v, &n));
        for (size_t i = 0; i < n && !full; i++) {
            bool in;
            PW_TRY(admit_one(c, com, &v[i], &full, &in));
            admitted += in;
        }
        if (n < AT_ONCE)
            break;
        after_ms = v[n - 1].accepted_ms;
        after_id = v[n - 1].id;
    }
    *ret_admitted = admitted;
    return PW_OK;
}

/* ---- the end ---- */

static enum pw_err end_row(struct ctx *c, const struct community *com, const struct membership *m, enum member_act act,
                           struct sv reason)
{
    enum membership_state to;
    PW_TRY(membership_next(m->state, act, &to));
    PW_TRY(membership_end_row(c, m->id, m->state, to, reason));
    if (m->state == MEMBER_ACTIVE) {
        PW_TRY(community_count_out(c, com->id));
        int64_t admitted = 0;
        PW_TRY(admit_waiting(c, com, &admitted));
    }
    return note_fact(c, to == MEMBER_LEFT ? "member.left" : "member.removed", "membership", m->id, com->id,
                     arena_fmt(c->arena, "reason=%.*s", SV_ARG(reason)));
}

/* Kicked, not banned: the person may come back. */
static enum pw_err kick(struct ctx *c, const struct community *com, int64_t person_id)
{
    PW_TRY(send_op_for_person(c, com, person_id, OP_BAN));
    return send_op_for_person(c, com, person_id, OP_UNBAN);
}

enum pw_err membership_leave_in(struct ctx *c, const struct community *com, const struct membership *m, bool farewell)
{
    struct community own = *com;
    PW_TRY(end_row(c, com, m, MEMBER_LEAVE, SV("on-request")));
    if (farewell) {
        PW_TRY(in_words_of(c, m->lang, &own));
        PW_TRY(tell(c, com, m->person_id, N_("You have left {0}. You are welcome back at any time."), own.words.name,
                    (struct sv){0}, community_path(c, com, "")));
        PW_TRY(exit_ask(c, com, m));
    }
    return kick(c, com, m->person_id);
}

enum pw_err membership_leave(struct ctx *c, int64_t community_id, int64_t person_id)
{
    struct community com;
    struct membership m;
    PW_TRY(community_row(c, community_id, &com));
    if (!person_id)
        person_id = c->actor->person_id;
    bool own = person_id && person_id == c->actor->person_id;
    if (!own && !community_may_admin(c, &com))
        return PW_NOT_FOUND;
    PW_TRY(membership_row(c, community_id, person_id, &m));
    return membership_leave_in(c, &com, &m, true);
}

enum pw_err membership_remove(struct ctx *c, int64_t community_id, int64_t person_id, struct sv reason)
{
    struct community com;
    struct membership m;
    PW_TRY(need_admin(c, community_id, &com));
    if (!reason.n || !code_ok(reason))
        return problem_add(c->problems, "reason", N_("Choose one of the list."));
    PW_TRY(membership_row(c, community_id, person_id, &m));
    /* Told first, then removed (MOD-5). */
    PW_TRY(in_words_of(c, m.lang, &com));
    PW_TRY(tell(c, &com, person_id, N_("You have been removed from {0}. You may write to the moderators about it."),
                com.words.name, (struct sv){0}, community_path(c, &com, "")));
    PW_TRY(end_row(c, &com, &m, MEMBER_REMOVE, reason));
    return send_op_for_person(c, &com, person_id, OP_BAN);
}

enum pw_err membership_set_limited(struct ctx *c, int64_t community_id, int64_t person_id, bool limited)
{
    struct community com;
    struct membership m;
    PW_TRY(community_row(c, community_id, &com));
    if (!community_may_admin(c, &com) && !community_may_moderate(c, &com))
        return works_in(c, &com) ? PW_DENIED : PW_NOT_FOUND;
    PW_TRY(membership_row(c, community_id, person_id, &m));
    return person_set_limited(c, person_id, limited);
}

enum pw_err membership_restore(struct ctx *c, const struct community *com, int64_t person_id)
{
    struct membership m;
    enum membership_state state;
    PW_TRY(membership_row(c, com->id, person_id, &m));
    PW_TRY(send_op_for_person(c, com, person_id, OP_UNBAN));
    return admit(c, com, &m, &state);
}

enum pw_err membership_end_silently(struct ctx *c, const struct community *com, const struct membership *m,
                                    struct sv reason)
{
    if (m->state != MEMBER_ACTIVE && m->state != MEMBER_WAITING)
        return PW_OK;
    return end_row(c, com, m, MEMBER_LEAVE, reason);
}

enum pw_err membership_gone(struct ctx *c, const struct community *com, int64_t person_id)
{
    struct membership m;
    enum pw_err e = membership_row(c, com->id, person_id, &m);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    return membership_end_silently(c, com, &m, SV("silent"));
}

/* ---- reading ---- */

static enum pw_err fill_names(struct ctx *c, struct membership *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, n ? n : 1);
    struct person *p = arena_array(c->arena, struct person, n ? n : 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].person_id;
    PW_TRY(person_get_many(c, ids, n, p));
    for (size_t i = 0; i < n; i++) {
        v[i].name = p[i].display_name;
        v[i].limited_data = p[i].limited_data;
    }
    return PW_OK;
}

enum pw_err membership_of(struct ctx *c, int64_t community_id, int64_t person_id, struct membership *ret)
{
    struct community com;
    struct membership m;
    PW_TRY(community_row(c, community_id, &com));
    if (person_id != c->actor->person_id && !works_in(c, &com))
        return PW_NOT_FOUND;
    if (!person_id)
        return PW_NOT_FOUND;
    PW_TRY(membership_row(c, community_id, person_id, &m));
    PW_TRY(fill_names(c, &m, 1));
    *ret = m;
    return PW_OK;
}

enum pw_err membership_list(struct ctx *c, int64_t community_id, enum membership_state state, int64_t after_ms,
                            int64_t after_id, int64_t limit, struct membership **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(community_row(c, community_id, &com));
    if (!works_in(c, &com))
        return PW_NOT_FOUND;
    if (limit < 1 || limit > 500)
        limit = 50;
    PW_TRY(membership_rows(c, community_id, state, after_ms, after_id, limit, ret, ret_n));
    return fill_names(c, *ret, *ret_n);
}

static int by_name(const void *x, const void *y)
{
    const struct membership *a = x, *b = y;
    int order = sv_cmp(a->name, b->name);
    return order ? order : a->id < b->id ? -1 : a->id > b->id;
}

enum pw_err membership_all(struct ctx *c, int64_t community_id, struct membership **ret, size_t *ret_n)
{
    enum { AT_ONCE = 500, MOST = 2000 };
    struct membership *all = arena_array(c->arena, struct membership, MOST), *some;
    int64_t after_ms = 0, after_id = 0;
    size_t n = AT_ONCE, n_all = 0;
    if (!all)
        return PW_UNAVAILABLE;
    while (n == AT_ONCE && n_all < MOST) {
        PW_TRY(membership_list(c, community_id, MEMBER_ACTIVE, after_ms, after_id, AT_ONCE, &some, &n));
        for (size_t i = 0; i < n; i++)
            all[n_all++] = some[i];
        if (n) {
            after_ms = some[n - 1].accepted_ms;
            after_id = some[n - 1].id;
        }
    }
    qsort(all, n_all, sizeof *all, by_name);
    *ret = all;
    *ret_n = n_all;
    return PW_OK;
}

enum pw_err membership_mine(struct ctx *c, struct membership **ret, size_t *ret_n)
{
    return membership_rows_of(c, c->actor->person_id, ret, ret_n);
}
