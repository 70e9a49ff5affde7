/* SPDX-License-Identifier: EUPL-1.2 */
/* Messages: what members and moderators say, in the community or in private (MSG-2, MSG-3, MSG-12, MSG-13, MOD-10). */
#include "base/id.h"
#include "base/unicode.h"
#include "core/audit.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/leave_words.h"
#include "feature/community/member_actions.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"
#include "feature/community/question_room.h"
#include "feature/community/question_store.h"

enum { MESSAGE_CHARS = 4000, BRIEF_CHARS = 30 };

/* ---- out ---- */

/* Is the asker where the group's copies arrive? Someone on a one-to-one channel is not. */
static enum pw_err outside_groups(struct ctx *c, const struct community *com, int64_t person_id, bool *ret)
{
    struct membership m;
    struct community_channel *v;
    size_t n;
    enum pw_err e = membership_row(c, com->id, person_id, &m);
    if (e == PW_NOT_FOUND || (e == PW_OK && !m.channel_id)) {
        *ret = false;
        return PW_OK;
    }
    PW_TRY(e);
    PW_TRY(place_rows(c, com->id, &v, &n));
    bool in_group = false;
    for (size_t i = 0; i < n; i++)
        in_group |= v[i].channel_id == m.channel_id && v[i].chat.n;
    *ret = !in_group;
    return PW_OK;
}

enum pw_err message_send(struct ctx *c, const struct community *com, const struct message *m, int64_t thread_person,
                         int64_t except_channel, struct sv except_chat)
{
    struct sv text = m->body;
    if (m->source.n) {
        const struct sv args[] = {m->source, m->checked_on};
        struct sv line = say(c, m->lang, N_("Source: {0} (checked on {1})"), args, 2);
        text = arena_join(c->arena, arena_join(c->arena, text, SV("\n\n")), line);
    }
    struct letter l = {.message_id = m->id,
                       .text = text,
                       .lang = m->lang,
                       .reply_to = m->reply_to,
                       .question_id = m->question_id,
                       .automatic = m->author_role == AUTHOR_SYSTEM,
                       .kind = m->kind,
                       .file_id = m->file_id,
                       .by_person = m->author_role == AUTHOR_STAFF && m->author,
                       .except_channel = except_channel,
                       .except_chat = except_chat};
    if (m->thread_id) {
        bool to_member = thread_person && m->author_role != AUTHOR_MEMBER && !except_channel;
        return to_member ? send_to_person(c, com, thread_person, &l) : PW_OK;
    }
    l.author = m->author;
    PW_TRY(send_to_group(c, com, &l));
    if (m->purpose != FOR_ANSWER && m->purpose != FOR_INTERIM)
        return PW_OK;
    struct question q;
    bool outside = false;
    PW_TRY(question_row(c, m->question_id, &q));
    PW_TRY(outside_groups(c, com, q.author, &outside));
    return outside ? send_to_person(c, com, q.author, &l) : PW_OK;
}

/* ---- in ---- */

struct spot { /* what a new message stands in */
    struct community com;
    struct membership member; /* of the author; id 0 = staff only */
    struct question q;        /* id 0 = none */
    int64_t author, thread_id, thread_person;
    bool staff;
};

static enum pw_err find_author(struct ctx *c, const struct message_new *n, struct spot *p)
{
    p->author = c->actor->person_id;
    p->staff = community_may_moderate(c, &p->com);
    if (n->for_person && n->for_person != p->author) { /* entered on behalf of someone who called (EQ-2) */
        if (!p->staff)
            return PW_DENIED;
        p->author = n->for_person;
        p->staff = false;
    }
    if (!p->author)
        return PW_DENIED;
    enum pw_err e = PW_OK;
    if (p->member.person_id != p->author) /* not the one the caller had at hand */
        e = membership_row(c, p->com.id, p->author, &p->member);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    bool active = e == PW_OK && p->member.state == MEMBER_ACTIVE;
    if (!active) {
        p->member = (struct membership){0};
        if (!p->staff)
            return PW_DENIED;
    }
    if (n->ask || (n->to_private && active)) /* a moderator may ask like anyone */
        p->staff = p->staff && !active && !n->ask;
    return PW_OK;
}

static enum pw_err find_context(struct ctx *c, const struct message_new *n, struct spot *p)
{
    if (n->reply_to) {
        struct message to;
        PW_TRY(message_row(c, n->reply_to, &to));
        if (to.community_id != p->com.id || to.state == DELETED)
            return PW_NOT_FOUND;
        if (to.thread_id) {
            struct thread t;
            PW_TRY(thread_row(c, to.thread_id, &t));
            if (t.person_id != p->author && !p->staff)
                return PW_NOT_FOUND;
            p->thread_id = t.id;
            p->thread_person = t.person_id;
        }
        if (to.question_id)
            PW_TRY(question_row_held(c, to.question_id, &p->q));
        if (p->q.thread_id != p->thread_id) /* said about it in public, after it went on in private */
            p->q = (struct question){0};
    }
    if (!n->to_private || p->thread_id)
        return PW_OK;
    PW_TRY(thread_ensure(c, p->com.id, p->author, &p->thread_id));
    p->thread_person = p->author;
    if (n->ask || n->offer) /* a new matter, whatever was asked before */
        return PW_OK;
    enum pw_err e = question_last_of_thread(c, p->thread_id, &p->q);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err check_words(struct ctx *c, const struct spot *p, struct message_new *n)
{
    static const char *const media[MSG_KIND__MAX] = {"", "voice", "image", "file", "video"};
    PW_TRY(take_text(c, "text", !n->file_id, MESSAGE_CHARS, &n->text));
    if (n->kind != MSG_TEXT && !p->staff && !lang_in(p->com.media, sv_of(media[n->kind])))
        return problem_add(c->problems, "voice", N_("This community does not take this kind of file."));
    if (!code_ok(n->post_type))
        return problem_add(c->problems, "post_type", N_("Choose one of the list."));
    if (n->topic.n && !n->channel_id) /* a place may carry a topic of its own ("channels by topic") */
        PW_TRY(topic_check(c, p->com.id, n->topic));
    if (n->post_type.n && !p->staff)
        return PW_DENIED;
    if (post_needs_source(n->post_type)) {
        PW_TRY(take_line(c, "source", false, 500, &n->source));
        PW_TRY(source_check(n->source, n->checked_on, today_of(c, &p->com), c->problems));
    } else {
        n->source = n->checked_on = (struct sv){0};
    }
    return PW_OK;
}

static enum meaning means(struct ctx *c, const struct message_new *n, const struct spot *p)
{
    struct utterance u = {.mode = p->com.mode,
                          .private_chat = p->thread_id != 0,
                          .ask_form = n->ask,
                          .by_staff = p->staff,
                          .in_question = p->q.id != 0,
                          .own_question = p->q.id && p->q.author == p->author,
                          .question_open = p->q.id && p->q.open,
                          .asks = text_asks(n->text),
                          .wordless = !n->text.n,
                          .leaves = p->thread_id && text_leaves(c->arena, n->text),
                          .brief = text_count(n->text) <= BRIEF_CHARS};
    return n->offer ? MEANS_TALK : meaning_of(&u); /* an offer waits in the review queue, not in the inbox */
}

static enum pw_err store_message(struct ctx *c, const struct message_new *n, const struct spot *p, enum meaning meaning,
                                 bool hide, struct message *m)
{
    static const enum message_purpose purposes[] = {
        [MEANS_TALK] = FOR_TALK,   [MEANS_QUESTION] = FOR_QUESTION, [MEANS_ANSWER] = FOR_ANSWER,
        [MEANS_DETAIL] = FOR_TALK, [MEANS_SUBMISSION] = FOR_TALK,   [MEANS_LEAVE] = FOR_TALK};
    int64_t at = n->at_ms > 0 && n->at_ms < c->now_ms ? n->at_ms : c->now_ms;
    struct sv lang = lang_code_ok(n->lang) ? n->lang : p->member.lang.n ? p->member.lang : lang_main(p->com.languages);
    bool joins_question = p->q.id && meaning != MEANS_QUESTION && meaning != MEANS_SUBMISSION && meaning != MEANS_LEAVE;
    *m = (struct message){.community_id = p->com.id,
                          .thread_id = p->thread_id,
                          .author = p->author,
                          .author_role = p->staff ? AUTHOR_STAFF : AUTHOR_MEMBER,
                          .kind = n->kind,
                          .purpose = purposes[meaning],
                          .state = hide ? HIDDEN : SHOWN,
                          .body = n->text,
                          .lang = lang,
                          .channel_kind = n->channel_kind.n ? n->channel_kind : SV("web"),
                          .reply_to = n->reply_to,
                          .question_id = joins_question ? p->q.id : 0,
                          .file_id = n->file_id,
                          .duration_s = n->duration_s,
                          .source = n->source,
                          .checked_on = n->checked_on,
                          .topic = n->topic,
                          .written_ms = at,
                          .shown_ms = c->now_ms};
    PW_TRY(message_insert(c, m, n->channel_id, p->thread_person));
    if (n->channel_id && n->provider_message.n)
        PW_TRY(copy_insert(c, m->id, n->channel_id, n->chat, n->provider_message, 0));
    return PW_OK;
}

/* One-way community: the post reaches the moderators, not the group, and its author learns why (MSG-2). */
static enum pw_err to_moderators(struct ctx *c, struct spot *p, const struct message *m)
{
    if (m->channel_kind.n && !sv_eq_z(m->channel_kind, "web"))
        PW_TRY(send_deletions(c, m->id));
    struct community own = p->com;
    PW_TRY(in_words_of(c, m->lang, &own));
    return tell(c, &p->com, p->author,
                N_("In {0} only the moderators publish. Your message was passed on to them privately; nobody else can "
                   "read it."),
                own.words.name, (struct sv){0}, community_path(c, &p->com, "/private"));
}

/* Said before the group it is not acted upon: a moderator looks (MSG-17). */
static enum pw_err suggest_leaving(struct ctx *c, const struct spot *p)
{
    char id[ID_TEXT + 1];
    struct sv path = arena_fmt(c->arena, "/communities/%s/members", id_text(p->com.id, id).p);
    return tell_moderators(
        c, &p->com, N_("Somebody may have asked in the group to leave {0}. You can take them off at their request."),
        (struct sv){0}, path);
}

/* A post leaves on the one way that posts have. What is entered with an earlier time is history: shown, sent to nobody.
 */
static enum pw_err publish(struct ctx *c, const struct spot *p, const struct message_new *n, int64_t *ret_message)
{
    bool history = n->at_ms > 0 && n->at_ms < c->now_ms;
    return history ? post_put(c, &p->com, p->author, n, ret_message)
                   : community_publish(c, &p->com, p->author, n, ret_message);
}

enum pw_err message_post(struct ctx *c, const struct message_new *n, struct message_made *ret)
{
    struct community com;
    PW_TRY(community_row(c, n->community_id, &com));
    return message_post_in(c, &com, NULL, n, ret);
}

enum pw_err message_post_in(struct ctx *c, const struct community *com, const struct membership *author,
                            const struct message_new *in, struct message_made *ret)
{
    struct message_new n = *in;
    struct spot p = {.com = *com};
    struct message m;
    if (author)
        p.member = *author;
    enum pw_err e = find_author(c, &n, &p);
    if (e == PW_DENIED && (p.com.visibility != COM_LISTED || p.com.status < COM_LIVE))
        return PW_NOT_FOUND;
    PW_TRY(e);
    if (!community_takes_messages(p.com.status))
        return PW_CONFLICT;
    PW_TRY(find_context(c, &n, &p));
    PW_TRY(check_words(c, &p, &n));

    enum meaning meaning = means(c, &n, &p);
    struct message_made made = {.meaning = meaning};
    if (n.post_type.n) {
        PW_TRY(publish(c, &p, &n, &made.message_id));
        *ret = made;
        return PW_OK;
    }
    struct words_said said = {.com = &p.com,
                              .n = &n,
                              .text = n.text,
                              .author = p.author,
                              .in_private = p.thread_id || meaning == MEANS_SUBMISSION};
    bool hide = false;
    if (!p.staff) {
        PW_TRY(text_fold(c->arena, n.text, &said.folded));
        PW_TRY(check_before(c, &said, &hide));
    }
    if (meaning == MEANS_ANSWER && p.staff) {
        struct answer_new a = {.text = n.text,
                               .source = in->source,
                               .checked_on = in->checked_on,
                               .urgent = n.urgent,
                               .kind = n.kind,
                               .file_id = n.file_id,
                               .duration_s = n.duration_s};
        struct origin from = {n.channel_id, n.channel_kind, n.chat, n.provider_message};
        struct answer_made am;
        PW_TRY(answer_by_staff(c, &p.com, &p.q, &a, &from, &am));
        made.message_id = am.message_id;
        made.question_id = p.q.id;
        made.held = am.held_until_ms != 0;
        *ret = made;
        return PW_OK;
    }
    if (meaning == MEANS_SUBMISSION) {
        PW_TRY(thread_ensure(c, p.com.id, p.author, &p.thread_id));
        p.thread_person = p.author;
    }
    PW_TRY(store_message(c, &n, &p, meaning, hide, &m));
    made.message_id = m.id;
    made.thread_id = p.thread_id;
    made.question_id = m.question_id;
    if (p.thread_id)
        PW_TRY(thread_touch(c, p.thread_id, !p.staff && meaning != MEANS_LEAVE && meaning != MEANS_TALK));
    else if (hide)
        PW_TRY(send_deletions(c, m.id));
    else
        PW_TRY(message_send(c, &p.com, &m, 0, n.channel_id, n.chat));
    if (meaning == MEANS_LEAVE && p.member.person_id)
        PW_TRY(membership_leave_in(c, &p.com, &p.member, true));
    if (!p.staff && !p.thread_id && folded_may_leave(c->arena, said.folded))
        PW_TRY(suggest_leaving(c, &p));
    if (meaning == MEANS_SUBMISSION)
        PW_TRY(to_moderators(c, &p, &m));
    if (meaning == MEANS_QUESTION || (meaning == MEANS_SUBMISSION && text_asks(n.text)))
        PW_TRY(question_begin(c, &p.com, &m, &made.question_id));
    if (meaning == MEANS_ANSWER)
        PW_TRY(answer_by_member(c, &p.com, &p.q, &m));
    PW_TRY(event_append(c->db, SV("message.posted"), m.id, SV("{}"), c->now_ms));
    if (!p.staff)
        PW_TRY(check_after(c, &said, &m));
    *ret = made;
    return PW_OK;
}

/* ---- posts whose way is another feature's business (MSG-14) ---- */

enum pw_err post_put(struct ctx *c, const struct community *com, int64_t author, const struct message_new *n,
                     int64_t *ret_message)
{
    int64_t at = n->at_ms > 0 && n->at_ms < c->now_ms ? n->at_ms : c->now_ms;
    struct message m = {.community_id = com->id,
                        .author = author,
                        .author_role = AUTHOR_STAFF,
                        .kind = n->kind,
                        .purpose = FOR_POST,
                        .body = n->text,
                        .lang = lang_code_ok(n->lang) ? n->lang : lang_main(com->languages),
                        .channel_kind = SV("web"),
                        .file_id = n->file_id,
                        .source = n->source,
                        .checked_on = n->checked_on,
                        .post_type = n->post_type,
                        .written_ms = at,
                        .shown_ms = c->now_ms};
    PW_TRY(message_insert(c, &m, 0, 0));
    PW_TRY(audit(c, "message.post", "message", m.id, arena_fmt(c->arena, "type=%.*s", SV_ARG(n->post_type))));
    PW_TRY(event_append(c->db, SV("message.posted"), m.id, SV("{}"), c->now_ms));
    *ret_message = m.id;
    return PW_OK;
}

enum pw_err post_take_down(struct ctx *c, int64_t message_id, bool on_platforms)
{
    enum pw_err e = message_save_state(c, message_id, SHOWN, HIDDEN);
    if (e != PW_OK && e != PW_CONFLICT) /* a moderator may have hidden it before */
        return e;
    return on_platforms ? send_deletions(c, message_id) : PW_OK;
}

enum pw_err message_announce(struct ctx *c, const struct community *com, struct sv lang, struct sv text,
                             int64_t *ret_id)
{
    struct message m = {.community_id = com->id,
                        .author_role = AUTHOR_SYSTEM,
                        .purpose = FOR_NOTICE,
                        .body = text,
                        .lang = lang,
                        .channel_kind = SV("web"),
                        .written_ms = c->now_ms,
                        .shown_ms = c->now_ms};
    PW_TRY(message_insert(c, &m, 0, 0));
    PW_TRY(message_send(c, com, &m, 0, 0, (struct sv){0}));
    *ret_id = m.id;
    return PW_OK;
}

/* ---- private threads (MSG-12) ---- */

enum pw_err thread_say(struct ctx *c, int64_t community_id, int64_t person_id, struct sv text, bool urgent,
                       struct message_made *ret)
{
    struct community com;
    struct membership member;
    int64_t hold = 0;
    PW_TRY(need_moderate(c, community_id, &com));
    PW_TRY(membership_row(c, community_id, person_id, &member));
    PW_TRY(take_text(c, "text", true, MESSAGE_CHARS, &text));
    if (!is_system(c)) /* a decision is told whatever stands in the file */
        PW_TRY(thread_gates_ask(c, &com, person_id));
    PW_TRY(hold_until(c, &com, urgent, &hold));
    struct message m = {.community_id = com.id,
                        .author = c->actor->person_id,
                        .author_role = AUTHOR_STAFF,
                        .state = hold ? HELD : SHOWN,
                        .body = text,
                        .lang = member.lang,
                        .channel_kind = SV("web"),
                        .written_ms = c->now_ms,
                        .shown_ms = hold ? hold : c->now_ms};
    PW_TRY(thread_ensure(c, community_id, person_id, &m.thread_id));
    PW_TRY(message_insert(c, &m, 0, person_id));
    if (hold) {
        PW_TRY(timer_set(c->db, TIMER_RELEASE, m.id, hold));
    } else {
        PW_TRY(thread_touch(c, m.thread_id, false));
        PW_TRY(message_send(c, &com, &m, person_id, 0, (struct sv){0}));
    }
    PW_TRY(note_fact(c, "thread.said", "thread", m.thread_id, com.id, (struct sv){0}));
    *ret = (struct message_made){m.id, 0, m.thread_id, MEANS_TALK, hold != 0};
    return PW_OK;
}

/* ---- hide, show, delete ---- */

static enum pw_err need_keeper(struct ctx *c, int64_t message_id, bool author_too, struct message *ret)
{
    struct community com;
    PW_TRY(message_row(c, message_id, ret));
    PW_TRY(community_row(c, ret->community_id, &com));
    bool own = author_too && ret->author && ret->author == c->actor->person_id;
    if (own || community_may_moderate(c, &com) || (!ret->thread_id && community_may_admin(c, &com)))
        return PW_OK;
    return !ret->thread_id && need_member_or_staff(c, &com) == PW_OK ? PW_DENIED : PW_NOT_FOUND;
}

static enum pw_err take_away(struct ctx *c, int64_t id, struct sv reason, enum message_state to, const char *what)
{
    struct message m;
    PW_TRY(need_keeper(c, id, to == DELETED, &m));
    if (!code_ok(reason))
        return problem_add(c->problems, "reason", N_("Choose one of the list."));
    if (m.state == DELETED || m.state == HELD || m.state == to)
        return PW_CONFLICT;
    PW_TRY(message_save_state(c, id, m.state, to));
    PW_TRY(send_deletions(c, id));
    return note_fact(c, what, "message", id, m.community_id, arena_fmt(c->arena, "reason=%.*s", SV_ARG(reason)));
}

enum pw_err message_hide(struct ctx *c, int64_t message_id, struct sv reason)
{
    return take_away(c, message_id, reason, HIDDEN, "message.hidden");
}

enum pw_err message_delete(struct ctx *c, int64_t message_id, struct sv reason)
{
    return take_away(c, message_id, reason, DELETED, "message.deleted");
}

enum pw_err message_show(struct ctx *c, int64_t message_id)
{
    struct message m;
    PW_TRY(need_keeper(c, message_id, false, &m));
    PW_TRY(message_save_state(c, message_id, HIDDEN, SHOWN));
    return note_fact(c, "message.shown", "message", message_id, m.community_id, (struct sv){0});
}

enum pw_err message_show_again(struct ctx *c, int64_t message_id)
{
    struct message m;
    struct community com;
    PW_TRY(message_show(c, message_id));
    PW_TRY(message_row(c, message_id, &m));
    PW_TRY(community_row(c, m.community_id, &com));
    struct letter l = {.message_id = m.id,
                       .text = m.body,
                       .lang = m.lang,
                       .author = m.author,
                       .kind = m.kind,
                       .file_id = m.file_id,
                       .again_ms = c->now_ms};
    return m.thread_id ? PW_OK : send_to_group(c, &com, &l);
}
