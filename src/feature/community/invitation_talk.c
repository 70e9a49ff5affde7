/* SPDX-License-Identifier: EUPL-1.2 */
/* Invitations in apps (MSG-1): the code alone, "/start code", or somewhere in a letter. */
#include "channel/registry.h"
#include "feature/community/community_room.h"
#include "feature/community/invitation.h"
#include "feature/community/join_talk.h"
#include "feature/community/membership_store.h"
#include "feature/community/optout_talk.h"

enum pw_err invitation_heard(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t person_id,
                             bool *ret_used)
{
    struct invitation v;
    struct community com;
    struct membership m;
    struct sv code, lang = talk_lang(e, NULL);
    *ret_used = false;
    if (!invitation_code_in(c->arena, e->text, &code))
        return PW_OK;
    enum pw_err r = invitation_open(c, code, true, &v, &com);
    if (r == PW_NOT_FOUND) /* other words that look alike: a postal code, a number of a file */
        return PW_OK;
    PW_TRY(r);
    r = membership_row(c, com.id, person_id, &m);
    if (r != PW_OK && r != PW_NOT_FOUND)
        return r;
    bool inside = r == PW_OK && m.state == MEMBER_ACTIVE;
    if (inside && sv_trim(e->text).n > SV("/start ").n + code.n) /* a member who speaks of an invitation */
        return PW_OK;
    *ret_used = true;
    lang = talk_lang(e, &com);
    lang = lang_in(com.languages, lang) ? lang : lang_main(com.languages);
    PW_TRY(in_words_of(c, lang, &com));
    const struct sv name[] = {com.words.name};
    if (inside)
        return talk_once_a_day(c, ch, e, person_id, "invited",
                               say(c, lang, N_("You are a member of {0}. Write your question."), name, 1));
    if (!v.works || !community_takes_members(com.status))
        return talk_once_a_day(
            c, ch, e, person_id, "invited",
            say(c, lang, N_("This invitation does not work any more. Ask for a new one where you got it."), NULL, 0));
    if (ch->driver->caps & CAP_METERED)
        PW_TRY(optout_reopen(c, ch, e, person_id));
    return join_talk_begin(c, ch, e, &com, person_id, lang, v.code);
}

enum pw_err invitation_needed(struct ctx *c, const struct community *com, int64_t person_id, bool *ret)
{
    struct membership m;
    *ret = com->visibility == COM_INVITATION;
    if (!*ret)
        return PW_OK;
    enum pw_err e = membership_row(c, com->id, person_id, &m);
    *ret = e == PW_NOT_FOUND || m.state == MEMBER_REMOVED;
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err invitation_ask_code(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t person_id,
                                struct sv lang)
{
    return talk_once_a_day(c, ch, e, person_id, "code",
                           say(c, lang, N_("To join, send the code of your invitation."), NULL, 0));
}
