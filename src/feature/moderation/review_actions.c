/* SPDX-License-Identifier: EUPL-1.2 */
/* What people put into the review queue, and how it is decided: reports, appeals, coming back, private offers, words
 * that look personal (SAFE-1, MOD-6, MOD-8, CNS-6). */
#include "base/id.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/review_store.h"
#include "feature/moderation/sanction_store.h"
#include "feature/moderation/setup_store.h"

enum { WORDS_CHARS = 2000, LIST_MAX = 200 };

/* ---- reports (SAFE-1) ---- */

static struct sv lang_of_sender(struct ctx *c, const struct community *com)
{
    struct membership m;
    enum pw_err e = membership_of(c, com->id, c->actor->person_id, &m);
    return e == PW_OK && m.lang.n ? m.lang : c->lang.n ? c->lang : lang_main(com->languages);
}

enum pw_err report_send(struct ctx *c, int64_t community_id, int64_t message_id, struct sv category, struct sv words,
                        int64_t *ret_item)
{
    struct community com;
    struct message m = {0};
    enum mod_category cat;
    int64_t *mods;
    size_t n_mods;
    PW_TRY(community_get(c, community_id, &com));
    PW_TRY(need_member_or_staff(c, &com));
    if (message_id)
        PW_TRY(message_get(c, message_id, &m));
    if (message_id && m.community_id != community_id)
        return PW_NOT_FOUND;
    if (!c->actor->person_id)
        return PW_DENIED;
    if (message_id && m.author == c->actor->person_id)
        return problem_add(c->problems, "category", N_("This is your own message. Write to the moderators instead."));
    if (!mod_category_parse(category, &cat))
        return problem_add(c->problems, "category", N_("Choose one of the list."));
    PW_TRY(take_text(c, "words", !message_id, WORDS_CHARS, &words));
    enum pw_err e = message_id ? item_open_of(c, ITEM_REPORT, c->actor->person_id, message_id, ret_item) : PW_NOT_FOUND;
    if (e != PW_NOT_FOUND)
        return e;
    PW_TRY(moderators_of(c, &com, &mods, &n_mods));
    struct mod_item it = {.kind = ITEM_REPORT,
                          .urgent = mod_category_urgent(cat),
                          .category = category,
                          .message_id = message_id,
                          .about = m.author,
                          .from_person = c->actor->person_id,
                          .hidden_from = m.author,
                          .conflict =
                              m.author && (m.author_role == AUTHOR_STAFF || holds_person(mods, n_mods, m.author)),
                          .lang = lang_of_sender(c, &com),
                          .words = words,
                          .copy = m.body};
    PW_TRY(item_begin(c, &com, &it));
    *ret_item = it.id;
    return PW_OK;
}

enum pw_err report_close(struct ctx *c, int64_t item_id, bool helped, struct sv reason)
{
    struct mod_item it;
    struct community com;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_REPORT)
        return PW_CONFLICT;
    PW_TRY(take_text(c, "reason", !helped, 1000, &reason));
    return item_close(c, &com, &it, helped ? ITEM_GRANTED : ITEM_DECLINED, reason);
}

enum pw_err reports_answered(struct ctx *c, const struct community *com, int64_t message_id)
{
    struct mod_item *v;
    size_t n;
    PW_TRY(item_rows(c, com->id, false, c->actor->person_id, LIST_MAX, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].message_id == message_id && v[i].kind == ITEM_REPORT && v[i].from_person != c->actor->person_id)
            PW_TRY(item_close(c, com, &v[i], ITEM_GRANTED, (struct sv){0}));
    return PW_OK;
}

/* ---- appeals and coming back (MOD-6) ---- */

enum pw_err appeal_send(struct ctx *c, int64_t community_id, int64_t action_id, struct sv words, int64_t *ret_item)
{
    struct community com;
    struct mod_action *v;
    size_t n, at = 0;
    PW_TRY(community_anyway(c, community_id, &com));
    PW_TRY(moderation_mine(c, community_id, &v, &n));
    while (at < n && (action_id ? v[at].id != action_id : !v[at].may_appeal))
        at++;
    if (at == n)
        return action_id ? PW_NOT_FOUND : PW_CONFLICT;
    if (!v[at].may_appeal)
        return PW_CONFLICT;
    PW_TRY(take_text(c, "words", true, WORDS_CHARS, &words));
    struct mod_item it = {.kind = ITEM_APPEAL,
                          .category = v[at].category,
                          .message_id = v[at].message_id,
                          .action_id = v[at].id,
                          .from_person = c->actor->person_id,
                          .hidden_from = v[at].by_person,
                          .conflict = true,
                          .lang = lang_of_sender(c, &com),
                          .words = words};
    PW_TRY(item_begin(c, &com, &it));
    *ret_item = it.id;
    return PW_OK;
}

/* The removal the actor may ask to have lifted. PW_DENIED: blocked; PW_CONFLICT: not removed, or asked already. */
static enum pw_err removal_of_actor(struct ctx *c, int64_t community_id, int64_t *ret_action)
{
    struct penalty *v;
    struct mod_item *own;
    size_t n, n_own;
    int64_t cause = 0;
    if (!c->actor->person_id)
        return PW_NOT_FOUND;
    PW_TRY(penalty_rows(c, community_id, c->actor->person_id, &v, &n));
    if (penalty_has(v, n, PENALTY_BLOCK, 0))
        return PW_DENIED;
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == PENALTY_REMOVE)
            cause = v[i].action_id;
    PW_TRY(item_rows_from(c, c->actor->person_id, LIST_MAX, &own, &n_own));
    for (size_t i = 0; i < n_own; i++)
        if (own[i].kind == ITEM_READMISSION && own[i].community_id == community_id && own[i].state == ITEM_OPEN)
            return PW_CONFLICT;
    if (!cause)
        return PW_CONFLICT;
    *ret_action = cause;
    return PW_OK;
}

enum pw_err readmission_open(struct ctx *c, int64_t community_id, bool *ret)
{
    int64_t cause = 0;
    enum pw_err e = removal_of_actor(c, community_id, &cause);
    *ret = e == PW_OK;
    return e == PW_DENIED || e == PW_CONFLICT ? PW_OK : e;
}

enum pw_err readmission_send(struct ctx *c, int64_t community_id, struct sv words, int64_t *ret_item)
{
    struct community com;
    struct mod_action a;
    int64_t cause = 0;
    PW_TRY(community_anyway(c, community_id, &com));
    PW_TRY(removal_of_actor(c, community_id, &cause));
    PW_TRY(take_text(c, "words", true, WORDS_CHARS, &words));
    PW_TRY(action_row(c, cause, &a));
    struct mod_item it = {.kind = ITEM_READMISSION,
                          .category = a.category,
                          .action_id = cause,
                          .from_person = c->actor->person_id,
                          .hidden_from = a.by_person,
                          .conflict = true,
                          .lang = lang_of_sender(c, &com),
                          .words = words};
    PW_TRY(item_begin(c, &com, &it));
    *ret_item = it.id;
    return PW_OK;
}

/* Back in, although the sanction stands: the strike still counts. */
static enum pw_err readmit(struct ctx *c, const struct community *com, const struct mod_item *it)
{
    struct penalty *v;
    size_t n;
    PW_TRY(penalty_rows(c, com->id, it->from_person, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == PENALTY_REMOVE)
            PW_TRY(penalty_lift(c, v[i].action_id));
    return membership_restore(c, com, it->from_person);
}

enum pw_err appeal_decide(struct ctx *c, int64_t item_id, bool granted, struct sv reason)
{
    struct mod_item it;
    struct community com;
    struct mod_action a;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_APPEAL && it.kind != ITEM_READMISSION)
        return PW_CONFLICT;
    PW_TRY(take_text(c, "reason", true, 1000, &reason));
    PW_TRY(action_row(c, it.action_id, &a));
    if (a.by_person == c->actor->person_id)
        return PW_DENIED;
    PW_TRY(item_close(c, &com, &it, granted ? ITEM_GRANTED : ITEM_DECLINED, reason));
    if (granted && it.kind == ITEM_READMISSION)
        PW_TRY(readmit(c, &com, &it));
    else if (granted && !a.undone_ms)
        PW_TRY(undo_action(c, &com, &a, it.id));
    struct community own = com;
    PW_TRY(in_words_of(c, it.lang, &own));
    const char *msgid =
        it.kind == ITEM_APPEAL
            ? (granted ? N_("Your appeal in {0} was granted: {1}") : N_("Your appeal in {0} was not granted: {1}"))
            : (granted ? N_("You may come back to {0}: {1}") : N_("You cannot come back to {0} yet: {1}"));
    return tell(c, &com, it.from_person, msgid, own.words.name, reason, decisions_path(c, &com));
}

/* ---- private offers (MOD-8) ---- */

/* A private message like any other, so that a post can be made of it; the queue only says that it is an offer. */
enum pw_err opportunity_send(struct ctx *c, int64_t community_id, struct sv words, int64_t *ret_item)
{
    struct community com;
    struct membership m;
    struct message_made made;
    PW_TRY(community_get(c, community_id, &com));
    PW_TRY(need_member_or_staff(c, &com));
    enum pw_err e = membership_of(c, com.id, c->actor->person_id, &m);
    if (e == PW_NOT_FOUND || (e == PW_OK && m.state != MEMBER_ACTIVE))
        return PW_DENIED; /* who publishes there writes a post */
    PW_TRY(e);
    PW_TRY(take_text(c, "words", true, WORDS_CHARS, &words));
    struct message_new n = {.community_id = com.id, .to_private = true, .offer = true, .text = words, .lang = m.lang};
    PW_TRY(message_post(c, &n, &made));
    struct mod_item it = {.kind = ITEM_OPPORTUNITY,
                          .message_id = made.message_id,
                          .from_person = c->actor->person_id,
                          .lang = m.lang,
                          .words = words};
    PW_TRY(item_begin(c, &com, &it));
    *ret_item = it.id;
    return PW_OK;
}

enum pw_err opportunity_decline(struct ctx *c, int64_t item_id, struct sv reason)
{
    struct mod_item it;
    struct community com;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_OPPORTUNITY)
        return PW_CONFLICT;
    PW_TRY(take_text(c, "reason", true, 1000, &reason));
    PW_TRY(item_close(c, &com, &it, ITEM_DECLINED, reason));
    struct community own = com;
    PW_TRY(in_words_of(c, it.lang, &own));
    return tell(c, &com, it.from_person, N_("What you offered was not published in {0}: {1}"), own.words.name, reason,
                community_path(c, &com, "/private"));
}

enum pw_err opportunity_taken_up(struct ctx *c, int64_t message_id)
{
    struct message m;
    struct mod_item it;
    struct community com;
    int64_t id;
    enum pw_err e = message_get(c, message_id, &m);
    if (e == PW_OK)
        e = item_open_of(c, ITEM_OPPORTUNITY, m.author, m.id, &id);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_OK : e;
    PW_TRY(item_row(c, id, &it));
    PW_TRY(community_get(c, it.community_id, &com));
    return item_close(c, &com, &it, ITEM_GRANTED, (struct sv){0});
}

/* ---- words that look personal (CNS-6) ---- */

enum pw_err personal_decide(struct ctx *c, int64_t item_id, bool show)
{
    struct mod_item it;
    struct community com;
    struct message m;
    PW_TRY(need_item(c, item_id, &it, &com));
    if (it.kind != ITEM_PERSONAL)
        return PW_CONFLICT;
    PW_TRY(message_get(c, it.message_id, &m));
    if (show && m.state == HIDDEN)
        PW_TRY(message_show_again(c, m.id));
    if (!show && m.state == SHOWN)
        PW_TRY(message_hide(c, m.id, SV("privacy")));
    return item_close(c, &com, &it, show ? ITEM_GRANTED : ITEM_DECLINED, (struct sv){0});
}
