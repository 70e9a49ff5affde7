/* SPDX-License-Identifier: EUPL-1.2 */
#include "optout_talk.h"

#include "base/unicode.h"
#include "channel/registry.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/join_talk.h"
#include "feature/community/member_actions.h"
#include "feature/community/membership_store.h"

enum { ANSWER_CHARS = 160 };

static enum pw_err reply(struct ctx *c, const struct channel *ch, const struct chan_event *e, struct sv text)
{
    struct chan_send s = {.op = OP_TEXT, .chat = e->chat, .text = text, .keyword_answer = true};
    int64_t out = 0;
    return channel_queue(c, ch->id, LANE_INTERACTIVE, &s, SV("keyword"), 0, 0, (struct sv){0}, &out);
}

static enum pw_err set_blocked(struct ctx *c, const struct channel *ch, int64_t person_id, bool blocked)
{
    struct identity who;
    enum pw_err e = identity_of_person(c, person_id, ch->id, &who);
    if (e == PW_NOT_FOUND || (e == PW_OK && who.blocked == blocked))
        return PW_OK;
    PW_TRY(e);
    return identity_set_blocked(c, who.id, blocked);
}

static enum pw_err leave_all(struct ctx *c, const struct channel *ch, int64_t person_id)
{
    struct actor actor;
    struct ctx own;
    struct membership *m;
    struct community_channel *v;
    size_t n_m, n_v;
    PW_TRY(act_as_member(c, person_id, &actor, &own));
    PW_TRY(membership_rows_of(c, person_id, &m, &n_m));
    for (size_t i = 0; i < n_m; i++) {
        struct community com;
        if (m[i].channel_id != ch->id)
            continue;
        PW_TRY(community_row(c, m[i].community_id, &com));
        PW_TRY(membership_leave_in(&own, &com, &m[i], false));
    }
    PW_TRY(place_rows_of_channel(c, ch->id, &v, &n_v));
    for (size_t i = 0; i < n_v; i++) {
        int64_t request = 0;
        enum pw_err e = join_pending_of(c, v[i].community_id, person_id, &request);
        if (e == PW_OK)
            e = join_withdraw(&own, request);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
    }
    return join_talk_end(c, ch->id, person_id);
}

enum pw_err optout_reopen(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t person_id)
{
    PW_TRY(optout_end(c, ch->id, e->chat));
    return set_blocked(c, ch, person_id, false);
}

/* INFO belongs to several languages: the person's own here, else the community's. */
static enum pw_err lang_of(struct ctx *c, const struct channel *ch, int64_t person_id, const struct optout_word *w,
                           struct sv *ret)
{
    struct membership *m;
    struct community_channel *v;
    struct community com;
    size_t n;
    *ret = w->lang;
    if (w->lang.n)
        return PW_OK;
    PW_TRY(membership_rows_of(c, person_id, &m, &n));
    for (size_t i = 0; i < n && !ret->n; i++)
        if (m[i].channel_id == ch->id)
            *ret = m[i].lang;
    PW_TRY(place_rows_of_channel(c, ch->id, &v, &n));
    if (!ret->n && n) {
        PW_TRY(community_row(c, v[0].community_id, &com));
        *ret = lang_main(com.languages);
    }
    if (!ret->n)
        *ret = SV("fr");
    return PW_OK;
}

static struct sv help_words(struct ctx *c, struct sv lang)
{
    const struct sv url[] = {c->public_url};
    struct sv text =
        say(c, lang, N_("Questions to moderators and their answers, by text. To stop: STOP. More: {0}"), url, 1);
    if (c->public_url.n && text_count(text) <= ANSWER_CHARS)
        return text;
    return say(c, lang, N_("Questions to moderators and their answers, by text. To stop: STOP."), NULL, 0);
}

enum pw_err optout_heard(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t person_id,
                         const struct optout_word *w)
{
    struct sv lang;
    bool stopped = false;
    PW_TRY(lang_of(c, ch, person_id, w, &lang));
    PW_TRY(optout_has(c, ch->id, e->chat, &stopped));
    switch (w->means) {
    case OPTOUT_STOP:
        if (stopped) /* said and answered */
            return PW_OK;
        PW_TRY(optout_note(c, ch->id, e->chat, w));
        PW_TRY(set_blocked(c, ch, person_id, true)); /* first, so that no farewell follows */
        PW_TRY(leave_all(c, ch, person_id));
        return reply(
            c, ch, e,
            say(c, lang, N_("You will get no more messages from this number. You are welcome back: START."), NULL, 0));
    case OPTOUT_START:
        PW_TRY(optout_reopen(c, ch, e, person_id));
        return reply(c, ch, e,
                     say(c, lang,
                         N_("You can get messages from this number again. To join, send the community's word."), NULL,
                         0));
    case OPTOUT_HELP:
        return reply(c, ch, e, help_words(c, lang));
    case OPTOUT_NONE:
        break;
    }
    return PW_OK;
}
