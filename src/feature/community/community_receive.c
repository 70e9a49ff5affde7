/* SPDX-License-Identifier: EUPL-1.2 */
/* What an incoming channel event means to communities: identity → person → membership → message or question, all in
 * the transaction that stored the event's dedup key (design.md §5). What a person may not do is dropped, not failed:
 * the provider would only call again. */
#include "base/id.h"
#include "base/unicode.h"
#include "channel/file.h"
#include "channel/take_back.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/exit_talk.h"
#include "feature/community/guidelines_again.h"
#include "feature/community/invitation.h"
#include "feature/community/join_talk.h"
#include "feature/community/keyword_store.h"
#include "feature/community/leave_words.h"
#include "feature/community/letters.h"
#include "feature/community/member_actions.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"
#include "feature/community/optout_talk.h"

struct incoming {
    struct ctx *c;
    const struct channel *ch;
    const struct chan_event *e;
    struct identity who;
    struct community com;
    struct sv topic;          /* of the place, when it has one */
    struct membership member; /* of `who` in `com`, when it is active; else person_id 0 */
    bool stopped;             /* wrote STOP to this number */
};

/* ---- who, and which community ---- */

static enum pw_err find_person(struct incoming *in)
{
    const struct chan_event *e = in->e;
    struct sv name = e->user_name, lang = sv_sub(e->user_lang, 0, 2);
    struct problems none = {0};
    struct ctx quiet = *in->c;
    quiet.problems = &none;
    if (take_line(&quiet, "name", false, 80, &name) != PW_OK)
        name = (struct sv){0};
    if (!name.n && !(in->ch->driver->caps & CAP_GROUPS)) /* moderators need something to tell people apart by */
        name = arena_fmt(in->c->arena, "… %.*s", SV_ARG(sv_sub(e->user, e->user.n > 4 ? e->user.n - 4 : 0, 4)));
    struct person_new p = {.display_name = name, .lang = lang_code_ok(lang) ? lang : (struct sv){0}};
    if (e->user_was.n)
        PW_TRY(identity_follow(in->c, in->ch->id, e->user_was, e->user));
    PW_TRY(identity_ensure(in->c, in->ch->id, e->user, &p, &in->who));
    if (in->ch->driver->caps & CAP_METERED)
        PW_TRY(optout_has(in->c, in->ch->id, e->chat, &in->stopped));
    if (in->who.blocked && e->private_chat && !in->stopped) { /* they write again: contact is open again */
        PW_TRY(identity_set_blocked(in->c, in->who.id, false));
        in->who.blocked = false;
    }
    struct sv chat = e->private_chat ? e->chat : e->user_chat;
    if (chat.n && !sv_eq(chat, in->who.private_chat)) {
        PW_TRY(identity_set_private_chat(in->c, in->who.id, chat));
        in->who.private_chat = chat;
    }
    return PW_OK;
}

static enum pw_err community_of_group(struct incoming *in)
{
    struct community_channel p;
    PW_TRY(place_by_chat(in->c, in->ch->id, in->e->chat, &p));
    in->topic = p.topic;
    return community_row(in->c, p.community_id, &in->com);
}

/* A private word: the community where this person is a member and that uses this channel; of several, the one that
 * was last spoken with. */
static enum pw_err community_of_person(struct incoming *in, bool *ret_member)
{
    struct community_channel *v;
    size_t n;
    int64_t newest = -1, meant = 0;
    enum pw_err named = is_letters(in->ch) ? letters_community(in->c, in->ch, in->e, &meant) : PW_NOT_FOUND;
    if (named != PW_OK && named != PW_NOT_FOUND)
        return named;
    PW_TRY(place_rows_of_channel(in->c, in->ch->id, &v, &n));
    *ret_member = false;
    for (size_t i = 0; i < n; i++) {
        struct membership m;
        struct thread t = {0};
        if (meant && v[i].community_id != meant)
            continue;
        enum pw_err e = membership_row(in->c, v[i].community_id, in->who.person_id, &m);
        if (e == PW_NOT_FOUND || (e == PW_OK && m.state != MEMBER_ACTIVE))
            continue;
        PW_TRY(e);
        e = thread_row_of(in->c, v[i].community_id, in->who.person_id, &t);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        if (t.last_ms <= newest)
            continue;
        newest = t.last_ms;
        *ret_member = true;
        in->member = m;
    }
    if (*ret_member)
        return community_row(in->c, in->member.community_id, &in->com);
    if (meant)
        return community_row(in->c, meant, &in->com);
    for (size_t i = 1; i < n; i++)
        if (v[i].community_id != v[0].community_id)
            return PW_NOT_FOUND; /* several: the word of one of them is needed */
    return n ? community_row(in->c, v[0].community_id, &in->com) : PW_NOT_FOUND;
}

/* Whoever is in the group on the platform was let in there: the membership follows, unless they were removed here, or
 * the community is not open. */
static enum pw_err member_by_presence(struct incoming *in, bool *ret_member)
{
    struct membership m;
    enum pw_err e = membership_row(in->c, in->com.id, in->who.person_id, &m);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    enum membership_state state = e == PW_OK ? m.state : MEMBER_NONE;
    if ((state == MEMBER_NONE || state == MEMBER_LEFT) && community_takes_messages(in->com.status)) {
        struct sv lang = sv_sub(in->e->user_lang, 0, 2);
        m = (struct membership){.person_id = in->who.person_id,
                                .lang = lang_in(in->com.languages, lang) ? lang : lang_main(in->com.languages),
                                .source = SV("platform"),
                                .channel_id = in->ch->id,
                                .channel_kind = sv_of(in->ch->driver->kind)};
        PW_TRY(admit(in->c, &in->com, &m, &state));
    } else if (state == MEMBER_ACTIVE) {
        in->member = m;
    }
    *ret_member = state == MEMBER_ACTIVE;
    return PW_OK;
}

/* ---- messages ---- */

static enum message_kind kind_of(enum chan_file_kind k)
{
    switch (k) {
    case FILE_NONE:
        return MSG_TEXT;
    case FILE_VOICE:
    case FILE_AUDIO:
        return MSG_VOICE;
    case FILE_IMAGE:
        return MSG_IMAGE;
    case FILE_VIDEO:
        return MSG_VIDEO;
    case FILE_OTHER:
        return MSG_FILE;
    }
    return MSG_FILE;
}

/* "/ask When …" or "/ask@our_bot When …" */
static bool cut_command(struct sv *io, const char *command)
{
    struct sv c = sv_of(command);
    if (!sv_starts(*io, c))
        return false;
    struct sv rest = sv_sub(*io, c.n, io->n);
    if (rest.n && rest.p[0] == '@') {
        size_t i = 0;
        while (i < rest.n && rest.p[i] != ' ' && rest.p[i] != '\n')
            i++;
        rest = sv_sub(rest, i, rest.n);
    } else if (rest.n && rest.p[0] != ' ' && rest.p[0] != '\n') {
        return false;
    }
    *io = sv_trim(rest);
    return true;
}

static enum pw_err post(struct db *db, void *arg)
{
    struct incoming *in = arg;
    const struct chan_event *e = in->e;
    struct actor actor;
    struct ctx own;
    (void)db; /* the same connection as in->c->db */
    PW_TRY(act_as_member(in->c, in->who.person_id, &actor, &own));
    struct message_new n = {.community_id = in->com.id,
                            .to_private = e->private_chat,
                            .text = e->text,
                            .kind = kind_of(e->file_kind),
                            .duration_s = e->duration_s,
                            .forwarded = e->forwarded,
                            .at_ms = e->at_ms,
                            .channel_id = in->ch->id,
                            .channel_kind = sv_of(in->ch->driver->kind),
                            .chat = e->chat,
                            .provider_message = e->message_id,
                            .topic = in->topic};
    n.ask = cut_command(&n.text, "/ask") || cut_command(&n.text, "/question");
    enum pw_err r = copy_find(&own, in->ch->id, e->chat, e->reply_to, &n.reply_to);
    if (r != PW_OK && r != PW_NOT_FOUND)
        return r;
    if (is_letters(in->ch) && !n.reply_to && text_asks(n.text)) /* a new letter is a new matter */
        n.ask = true;
    if (e->unproven && text_leaves(in->c->arena, n.text)) /* a moderator looks at it; nobody is put out by it */
        n.ask = true;
    if (e->file_kind != FILE_NONE)
        PW_TRY(file_want(&own, in->ch->id, in->who.person_id, e, &n.file_id));
    struct message_made made;
    PW_TRY(message_post_in(&own, &in->com, in->member.person_id ? &in->member : NULL, &n, &made));
    return whole_keep(&own, made.message_id, in->who.person_id, e->whole);
}

/* What a person may not do, or did wrongly, leaves no trace and is no failure of the delivery. */
static enum pw_err try_it(struct incoming *in, db_work fn)
{
    struct problems dropped = {0};
    struct ctx own = *in->c;
    own.problems = &dropped;
    struct incoming copy = *in;
    copy.c = &own;
    enum pw_err e = db_savepoint(in->c->db, fn, &copy);
    return e == PW_INVALID || e == PW_DENIED || e == PW_NOT_FOUND || e == PW_CONFLICT ? PW_OK : e;
}

/* ---- words said alone ---- */

static enum pw_err answer_alone(struct incoming *in, struct sv text)
{
    return send_to_chat(in->c, in->ch->id, in->e->chat, text, 0);
}

/* The word of a community, and nothing else: asks to join it. */
static enum pw_err asks_to_join(struct incoming *in, const struct keyword_hit *k, bool member)
{
    int64_t pending = 0;
    struct community own = in->com;
    PW_TRY(in_words_of(in->c, k->lang, &own));
    const struct sv name[] = {own.words.name};
    if (in->stopped) {
        PW_TRY(optout_reopen(in->c, in->ch, in->e, in->who.person_id));
        in->stopped = false;
    }
    if (member)
        return answer_alone(in, say(in->c, k->lang, N_("You are a member of {0}. Write your question."), name, 1));
    enum pw_err e = join_pending_of(in->c, own.id, in->who.person_id, &pending);
    if (e == PW_OK)
        return answer_alone(in, say(in->c, k->lang, N_("Your request to join {0} waits for a moderator."), name, 1));
    if (e != PW_NOT_FOUND)
        return e;
    if (!community_takes_members(own.status))
        return answer_alone(in, say(in->c, k->lang, N_("{0} takes no new members now."), name, 1));
    return join_talk_begin(in->c, in->ch, in->e, &own, in->who.person_id, k->lang, (struct sv){0});
}

/* "KEYWORD" joins; "KEYWORD my question" of a member is for that community. */
static enum pw_err hear_keyword(struct incoming *in, struct chan_event *words, bool *ret_used, bool *ret_member)
{
    struct keyword_hit k;
    struct membership m;
    *ret_used = false;
    enum pw_err e = keyword_match(in->c, in->ch->id, in->e->text, &k);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    e = membership_row(in->c, k.community_id, in->who.person_id, &m);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    bool member = e == PW_OK && m.state == MEMBER_ACTIVE;
    if (k.rest.n && !member) /* a sentence that happens to begin with the word */
        return PW_OK;
    PW_TRY(community_row(in->c, k.community_id, &in->com));
    bool invited_only = false;
    if (!member)
        PW_TRY(invitation_needed(in->c, &in->com, in->who.person_id, &invited_only));
    if (invited_only) /* as if there were no such word */
        return PW_OK;
    if (!k.rest.n) {
        *ret_used = true;
        return asks_to_join(in, &k, member);
    }
    in->member = m;
    words->text = k.rest;
    *ret_member = true;
    return PW_OK;
}

/* A draft is nobody's business; of the others a stranger may know that nobody is admitted. */
static enum pw_err say_closed(struct incoming *in, struct sv lang)
{
    struct community own = in->com;
    if (own.status < COM_LIVE)
        return PW_OK;
    lang = lang_in(own.languages, lang) ? lang : lang_main(own.languages);
    PW_TRY(in_words_of(in->c, lang, &own));
    const struct sv name[] = {own.words.name};
    return talk_once_a_day(in->c, in->ch, in->e, in->who.person_id, "closed",
                           say(in->c, lang, N_("{0} takes no new members now."), name, 1));
}

/* The talk about joining; where people are invited, the code comes first. */
static enum pw_err begin_talk(struct incoming *in, struct sv lang)
{
    bool code = false;
    PW_TRY(invitation_needed(in->c, &in->com, in->who.person_id, &code));
    if (!community_takes_members(in->com.status))
        return code ? PW_OK : say_closed(in, lang);
    if (code)
        return invitation_ask_code(in->c, in->ch, in->e, in->who.person_id,
                                   lang.n ? lang : lang_main(in->com.languages));
    return join_talk_begin(in->c, in->ch, in->e, &in->com, in->who.person_id, lang, (struct sv){0});
}

/* Somebody new. With one community on this channel any word begins the talk; with several, its word is needed. */
static enum pw_err hear_stranger(struct incoming *in, bool one_community)
{
    struct keyword_row *v;
    size_t n;
    if (one_community)
        return begin_talk(in, talk_lang(in->e, &in->com));
    PW_TRY(keyword_rows_of_channel(in->c, in->ch->id, &v, &n));
    struct sv list = {0}, lang = {0};
    for (size_t i = 0, told = 0; i < n && told < 10; i++) {
        if (!community_takes_members(v[i].status) || v[i].invited_only) /* nobody's business */
            continue;
        list = arena_join(in->c->arena, list, list.n ? SV(", ") : (struct sv){0});
        list = arena_join(in->c->arena, list, v[i].k.word);
        lang = lang.n ? lang : v[i].k.lang;
        told++;
    }
    if (!list.n)
        return PW_OK;
    return talk_once_a_day(in->c, in->ch, in->e, in->who.person_id, "hint",
                           say(in->c, lang, N_("To join a community, send its word: {0}"), &list, 1));
}

/* Keeps the question; no talk begins for a file, nor while a request waits for its answer. */
static enum pw_err letter_of_stranger(struct incoming *in, bool *ret_talk)
{
    int64_t pending = 0;
    PW_TRY(first_words_keep(in->c, in->ch, in->e, in->who.person_id));
    enum pw_err e = join_pending_of(in->c, in->com.id, in->who.person_id, &pending);
    *ret_talk = e == PW_NOT_FOUND && !in->e->file_bytes.n;
    return e == PW_NOT_FOUND ? PW_OK : e;
}

/* Anybody may have written "stop" in a member's name: the member answers what we send, or opens the link at its foot.
 */
static enum pw_err ask_for_proof(struct incoming *in)
{
    struct community own = in->com;
    PW_TRY(in_words_of(in->c, in->member.lang, &own));
    const struct sv name[] = {own.words.name};
    struct letter l = {.text = say(in->c, in->member.lang,
                                   N_("Somebody asked in your name to leave {0}. If it was you, reply to this message "
                                      "with the word stop, or open the link below. If not, there is nothing to do."),
                                   name, 1),
                       .lang = in->member.lang};
    return send_to_person(in->c, &in->com, in->who.person_id, &l);
}

static enum pw_err on_private(struct incoming *in)
{
    bool member = false, used = false, letters = is_letters(in->ch);
    /* What nobody proves, and a file beside a letter, is no step of a talk. */
    bool step = !in->e->unproven && !in->e->file_bytes.n;
    struct chan_event words = *in->e;
    PW_TRY(ears_ask(HEAR_FIRST, in->c, NULL, in->who.person_id, in->ch, in->e, &used));
    if (used)
        return PW_OK;
    if (in->ch->driver->caps & CAP_METERED) {
        struct optout_word w = optout_word_of(in->c->arena, in->e->text);
        if (w.means != OPTOUT_NONE)
            return optout_heard(in->c, in->ch, in->e, in->who.person_id, &w);
    }
    if (step)
        PW_TRY(invitation_heard(in->c, in->ch, in->e, in->who.person_id, &used));
    if (!used && !letters)
        PW_TRY(hear_keyword(in, &words, &used, &member));
    if (used || in->stopped) /* who wrote STOP comes back by START or by the word of a community */
        return PW_OK;
    in->e = &words;
    enum pw_err e = PW_OK;
    if (!member) {
        if (step)
            PW_TRY(join_talk_hear(in->c, in->ch, in->e, in->who.person_id, &used));
        if (used)
            return PW_OK;
        e = community_of_person(in, &member);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        if (step)
            PW_TRY(exit_hear(in->c, in->ch, in->e, in->who.person_id, member, &used));
        if (used)
            return PW_OK;
    }
    PW_TRY(ears_ask(HEAR_PRIVATE, in->c, e == PW_OK ? &in->com : NULL, in->who.person_id, in->ch, in->e, &used));
    if (used)
        return PW_OK;
    if (!member && letters && e == PW_OK) {
        PW_TRY(letter_of_stranger(in, &used));
        if (!used)
            return PW_OK;
    }
    if (!member)
        return hear_stranger(in, e == PW_OK);
    PW_TRY(guidelines_again_hear(in->c, in->e, in->who.person_id, &in->member, &used));
    if (used)
        return PW_OK;
    if (in->e->unproven && text_leaves(in->c->arena, in->e->text))
        PW_TRY(ask_for_proof(in));
    return sv_starts(in->e->text, SV("/start")) ? PW_OK : try_it(in, post);
}

static enum pw_err on_message(struct incoming *in)
{
    bool member = false, used = false;
    PW_TRY(find_person(in));
    if (in->e->private_chat)
        return on_private(in);
    enum pw_err e = community_of_group(in);
    if (e == PW_NOT_FOUND)
        return PW_OK; /* a group of nobody's */
    PW_TRY(e);
    PW_TRY(member_by_presence(in, &member));
    PW_TRY(ears_ask(HEAR_FIRST, in->c, &in->com, in->who.person_id, in->ch, in->e, &used));
    if (member && !used)
        PW_TRY(ears_ask(HEAR_GROUP, in->c, &in->com, in->who.person_id, in->ch, in->e, &used));
    return member && !used ? try_it(in, post) : PW_OK;
}

/* ---- the other events ---- */

static enum pw_err on_join_request(struct incoming *in)
{
    struct membership m;
    enum pw_err e = community_of_group(in);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(find_person(in));
    e = membership_row(in->c, in->com.id, in->who.person_id, &m);
    if (e == PW_OK && m.state == MEMBER_ACTIVE) /* a member of ours who comes to this group too */
        return send_join_decision(in->c, in->ch->id, in->e->chat, in->e->user, true);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    return begin_talk(in, sv_sub(in->e->user_lang, 0, 2));
}

static enum pw_err on_presence(struct incoming *in, bool came)
{
    bool member = false;
    enum pw_err e = community_of_group(in);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(find_person(in));
    return came ? member_by_presence(in, &member) : membership_gone(in->c, &in->com, in->who.person_id);
}

static enum pw_err on_migrated(struct incoming *in)
{
    struct community_channel p;
    enum pw_err e = place_by_chat(in->c, in->ch->id, in->e->chat, &p);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    return place_set_chat(in->c, p.id, in->e->new_chat);
}

/* An address that does not exist any more: somebody should find another way to the person. */
static enum pw_err tell_lost(struct incoming *in, int64_t person_id)
{
    struct membership *v;
    struct person p;
    size_t n;
    char id[ID_TEXT + 1];
    PW_TRY(person_get_many(in->c, &person_id, 1, &p));
    PW_TRY(membership_rows_of(in->c, person_id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct community com;
        if (v[i].channel_id != in->ch->id)
            continue;
        PW_TRY(community_row(in->c, v[i].community_id, &com));
        PW_TRY(tell_moderators(in->c, &com,
                               N_("Messages to {0} do not arrive any more: the address does not exist. Nothing more is "
                                  "sent there."),
                               p.display_name,
                               arena_fmt(in->c->arena, "/communities/%.*s/members", SV_ARG(id_text(com.id, id)))));
    }
    return PW_OK;
}

static enum pw_err on_blocked(struct incoming *in)
{
    struct identity who;
    enum pw_err e = identity_find(in->c, in->ch->id, in->e->user, &who);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    if (who.blocked)
        return PW_OK;
    PW_TRY(identity_set_blocked(in->c, who.id, true));
    return is_letters(in->ch) ? tell_lost(in, who.person_id) : PW_OK;
}

/* Somebody wrote what only the people in the room can read: said there once, else they wait for an answer. */
static enum pw_err on_trouble(struct incoming *in)
{
    if (!in->e->chat.n || !sv_eq_z(in->e->status_code, "encrypted-room"))
        return PW_OK;
    enum pw_err e = community_of_group(in);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    struct sv text = say(in->c, lang_main(in->com.languages),
                         N_("This room is encrypted: the moderators cannot read what is written here. Please write to "
                            "them privately, or on the web page of the community."),
                         NULL, 0);
    return send_to_chat(in->c, in->ch->id, in->e->chat, text, 0);
}

static enum pw_err receive(void *self, struct ctx *c, const struct channel *ch, const struct chan_event *e)
{
    (void)self;
    struct incoming in = {.c = c, .ch = ch, .e = e};
    bool used = false;
    switch (e->kind) {
    case CHAN_MESSAGE:
        return e->user.n ? on_message(&in) : PW_OK;
    case CHAN_JOIN_REQUEST:
        return on_join_request(&in);
    case CHAN_JOINED:
        return on_presence(&in, true);
    case CHAN_LEFT:
        return on_presence(&in, false);
    case CHAN_MIGRATED:
        return on_migrated(&in);
    case CHAN_BLOCKED:
        return on_blocked(&in);
    case CHAN_USER_MOVED:
        return identity_follow(c, ch->id, e->user_was, e->user);
    case CHAN_BUTTON:
        PW_TRY(find_person(&in));
        PW_TRY(guidelines_again_hear(c, e, in.who.person_id, NULL, &used));
        if (!used)
            PW_TRY(exit_hear(c, ch, e, in.who.person_id, false, &used));
        return used ? PW_OK : join_talk_hear(c, ch, e, in.who.person_id, &used);
    case CHAN_INVITED: /* a private chat that is known before the first word */
        return e->private_chat && e->user.n ? find_person(&in) : PW_OK;
    case CHAN_TROUBLE:
        return on_trouble(&in);
    case CHAN_EDITED: /* what was asked stays as it was asked: answers refer to it */
    case CHAN_STATUS: /* the channel room follows sends */
        return PW_OK;
    }
    return PW_OK;
}

/* Our words have a place on the platform now: replies to them are understood, and they can be taken away; at once when
 * somebody did so while they were leaving. */
static enum pw_err sent(void *self, struct ctx *c, const struct channel *ch, const struct out_row *row,
                        const struct send_result *res)
{
    (void)self;
    (void)ch;
    bool deleted = false;
    if (res->cls == SEND_WAITS && sv_eq_z(res->code, "window-waits") && sv_eq_z(row->subject, "message"))
        return answer_waits(c, row->subject_id);
    if (res->cls != SEND_OK || !res->provider_id.n || !sv_eq_z(row->subject, "message"))
        return PW_OK;
    PW_TRY(copy_set_sent(c, row->id, res->provider_id, &deleted));
    return deleted ? take_back_send(c, row, &deleted) : PW_OK;
}

struct chan_receiver community_receiver(void)
{
    return (struct chan_receiver){.receive = receive, .sent = sent};
}
