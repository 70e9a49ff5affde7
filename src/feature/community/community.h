/* SPDX-License-Identifier: EUPL-1.2 */
/* community: moderated communities, their members, questions with a promise, answers with a source (MSG, MOD, SLA, KB).
 * The only header of this room that other rooms include. Owns the tables of schema.sql.
 *
 * Actions run inside the caller's transaction (c->db), check the record right of c->actor, and write audit, events and
 * outgoing sends with the change. Queries need a read. Results live in c->arena. Text given in is cleaned here again
 * (valid UTF-8, no control or bidi characters). Errors: PW_NOT_FOUND also for what this actor may not see; PW_DENIED
 * for what a visible record does not allow this actor; PW_INVALID with problems; PW_CONFLICT when the state moved on.
 */
#ifndef PW_COMMUNITY_H
#define PW_COMMUNITY_H

#include "base/worktime.h"
#include "channel/window.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/document.h"
#include "feature/community/community_rules.h"

/* ---- start ---- */

/* Words of the product in a person's language; handed in by main/, set once before the first request. NULL functions
 * (tests, tools) give the English sentence. */
enum community_named { NAMED_LANGUAGE, NAMED_HOURS, NAMED_ZONE, NAMED_NUMBER };
struct community_host {
    void *self;
    struct sv (*translate)(void *self, struct arena *a, struct sv lang, const char *msgid, const struct sv *args,
                           size_t n);
    /* "Monday 9 February, 09:00" in that language and zone. */
    struct sv (*moment)(void *self, struct arena *a, struct sv lang, struct sv zone, int64_t at_ms);
    /* A code as people say it: "French", "Monday to Friday, from 09:00 to 17:00", "Eastern Time", "1,204". */
    struct sv (*named)(void *self, struct arena *a, struct sv lang, enum community_named what, struct sv code);
    bool (*speaks)(void *self, struct sv lang); /* is there a catalogue of this language? */
    /* Context parts a timer has no request to take from. */
    struct vault *vault;
    struct sv public_url, data_dir;
};
void community_start(const struct community_host *host); /* must stay valid as long as the process */
void community_register(struct work *w);                 /* timers and event subscribers */
struct chan_receiver community_receiver(void);           /* what incoming channel events mean here */
extern const struct audit_word community_acts[];         /* what it writes into the access log, in words */
extern const struct migration community_migrations[];
extern const size_t community_migrations_n;

/* ---- communities (MSG-1, SLA-1) ---- */

struct community_words {
    struct sv lang, name, purpose, audience, topics_in, topics_out; /* topics: one a line */
};
struct community {
    int64_t id, owner_org, stand_in, guidelines_doc, welcome_doc, description_doc;
    int64_t standard_hours, member_limit, active_members, created_ms, changed_ms;
    enum community_mode mode;
    enum community_visibility visibility;
    enum community_moderation moderation;
    enum community_status status;
    enum work_mode clock_mode;
    struct sv slug, territory, languages, zone, hours, calendar, calendar_edits, media;
    struct community_words words; /* in c->lang, else the main language */
    bool rtl;                     /* of words.lang */
};
struct community_edit { /* settings as typed; all are written */
    struct sv slug, territory, languages, zone, hours, calendar, calendar_edits, media;
    struct sv mode, visibility, moderation, clock_mode; /* codes */
    int64_t owner_org, standard_hours, member_limit, stand_in;
};
/* Starts as a draft. The creator gets technical administrator (and moderator) there. PPL-7: any staff account may. */
PW_MUST_CHECK enum pw_err community_create(struct ctx *c, const struct community_edit *e,
                                           const struct community_words *words, int64_t *ret_id);
/* Open due times are computed again when the clock changed; a raised limit admits the waiting. */
PW_MUST_CHECK enum pw_err community_update(struct ctx *c, int64_t id, const struct community_edit *e);
PW_MUST_CHECK enum pw_err community_write_words(struct ctx *c, int64_t id, const struct community_words *words);
PW_MUST_CHECK enum pw_err community_set_status(struct ctx *c, int64_t id, struct sv status, struct sv reason);
PW_MUST_CHECK enum pw_err community_set_limit(struct ctx *c, int64_t id, int64_t member_limit, int64_t *ret_admitted);
PW_MUST_CHECK enum pw_err community_add_partner(struct ctx *c, int64_t id, int64_t org_id);
PW_MUST_CHECK enum pw_err community_remove_partner(struct ctx *c, int64_t id, int64_t org_id);
/* kind: the channel's driver. chat empty: one-to-one only. */
PW_MUST_CHECK enum pw_err community_add_channel(struct ctx *c, int64_t id, int64_t channel_id, struct sv kind,
                                                struct sv chat, int64_t member_limit, struct sv limit_source,
                                                int64_t *ret_id);
/* Questions asked in that place get this topic (channels by topic, A-34); empty: none. */
PW_MUST_CHECK enum pw_err community_channel_topic(struct ctx *c, int64_t community_channel_id, struct sv topic);
/* The provider's limit changed (0 = none): data with a date and a source (MSG-10). The waiting are admitted in order.
 */
PW_MUST_CHECK enum pw_err community_limit_channel(struct ctx *c, int64_t community_channel_id, int64_t member_limit,
                                                  struct sv limit_source, int64_t *ret_admitted);
PW_MUST_CHECK enum pw_err community_remove_channel(struct ctx *c, int64_t community_channel_id);
/* Guidelines, welcome or description: writes a version of the community's document, making it when missing. */
PW_MUST_CHECK enum pw_err community_write_document(struct ctx *c, int64_t id, enum doc_kind kind, struct sv lang,
                                                   struct sv title, struct sv body, bool is_source,
                                                   int64_t *ret_version);

PW_MUST_CHECK enum pw_err community_get(struct ctx *c, int64_t id, struct community *ret);
PW_MUST_CHECK enum pw_err community_by_slug(struct ctx *c, struct sv slug, struct community *ret);
/* What anyone may find: listed and taking part (live, winding down, read-only). */
PW_MUST_CHECK enum pw_err community_listed(struct ctx *c, struct community **ret, size_t *ret_n);
/* Those the actor works in (any role), or all for a network administrator. */
PW_MUST_CHECK enum pw_err community_mine(struct ctx *c, struct community **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err community_words_list(struct ctx *c, int64_t id, struct community_words **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err community_partners(struct ctx *c, int64_t id, int64_t **ret_orgs, size_t *ret_n);
struct community_channel {
    int64_t id, community_id, channel_id, member_limit, since_ms;
    struct sv kind, chat, limit_source, topic;
};
PW_MUST_CHECK enum pw_err community_channels(struct ctx *c, int64_t id, struct community_channel **ret, size_t *ret_n);
/* Hours, next opening and promise, for the pages (SLA-1). */
struct community_clock {
    bool has_hours, has_promise, open_now;
    int64_t next_open_ms;     /* now when open; 0 without hours */
    int64_t start_ms, due_ms; /* of a question asked now; due 0 without a promise */
};
PW_MUST_CHECK enum pw_err community_clock_now(struct ctx *c, const struct community *com, struct community_clock *ret);
/* The rules of time zones on this machine changed: open due times of all communities are computed again. System only.
 */
PW_MUST_CHECK enum pw_err community_clocks_again(struct ctx *c);
/* Record rights, for pages that show or hide buttons. Actions check again. */
bool community_may_admin(const struct ctx *c, const struct community *com);    /* settings, admission, grants */
bool community_may_moderate(const struct ctx *c, const struct community *com); /* queue, answers, messages */

/* ---- rights (MSG-9) ---- */

PW_MUST_CHECK enum pw_err community_grant(struct ctx *c, int64_t id, int64_t person_id, enum role role,
                                          int64_t expires_ms, int64_t *ret_id);
PW_MUST_CHECK enum pw_err community_withdraw(struct ctx *c, int64_t id, int64_t grant_id);
PW_MUST_CHECK enum pw_err community_grants(struct ctx *c, int64_t id, struct grant **ret, size_t *ret_n);
/* Away from … until …: open questions past 75 % go to the stand-in at once, others when they get there (SLA-8). */
PW_MUST_CHECK enum pw_err absence_set(struct ctx *c, int64_t community_id, int64_t person_id, int64_t from_ms,
                                      int64_t until_ms);
PW_MUST_CHECK enum pw_err absence_clear(struct ctx *c, int64_t community_id, int64_t person_id);
struct absence {
    int64_t person_id, from_ms, until_ms;
};
PW_MUST_CHECK enum pw_err absence_list(struct ctx *c, int64_t community_id, struct absence **ret, size_t *ret_n);

/* ---- topics: the parts of a community's talk ("channels by topic") ---- */

struct topic {
    int64_t position;
    struct sv code, label; /* in c->lang, else the main language, else the code */
};
PW_MUST_CHECK enum pw_err topic_list(struct ctx *c, int64_t community_id, struct topic **ret, size_t *ret_n);
/* Makes the topic, brings a retired one back, or changes its words in one language. At most 40 in use. */
PW_MUST_CHECK enum pw_err topic_write(struct ctx *c, int64_t community_id, int64_t position, struct sv code,
                                      struct sv lang, struct sv label);
PW_MUST_CHECK enum pw_err topic_retire(struct ctx *c, int64_t community_id, struct sv code);

/* ---- joining (MSG-6, MSG-7, MSG-8, MSG-10) ---- */

enum { SCREENING_MAX = 8 }; /* people give up at long forms */
struct screening {
    int64_t id, position;
    bool required;
    struct sv text; /* in c->lang, else the main language */
};
PW_MUST_CHECK enum pw_err screening_list(struct ctx *c, int64_t community_id, struct screening **ret, size_t *ret_n);
/* position 0: where it is, a new one last. PW_INVALID: fields "lang", "text". */
PW_MUST_CHECK enum pw_err screening_write(struct ctx *c, int64_t community_id, int64_t id /* 0 = new */,
                                          int64_t position, bool required, struct sv lang, struct sv text,
                                          int64_t *ret_id);
PW_MUST_CHECK enum pw_err screening_retire(struct ctx *c, int64_t id);

/* ---- invitations (MSG-1) ---- */

struct invitation {
    int64_t id, community_id, uses_max /* 0 = any number */, uses, accepted, made_by, made_ms;
    int64_t expires_ms, withdrawn_ms; /* 0 = not */
    struct sv code, label, source, by;
    bool works; /* now */
};
struct invitation_new {
    struct sv label;    /* for whom */
    int64_t uses_max;   /* 0 = any number */
    struct sv last_day; /* YYYY-MM-DD in the community's zone; empty = no end */
    struct sv source;   /* that its requests carry, new and lower case; empty = one is made */
};
/* By who administers. PW_INVALID: fields "label", "uses", "last_day". */
PW_MUST_CHECK enum pw_err invitation_make(struct ctx *c, int64_t community_id, const struct invitation_new *n,
                                          struct invitation *ret);
/* What was asked with it stays asked. PW_CONFLICT: already. */
PW_MUST_CHECK enum pw_err invitation_withdraw(struct ctx *c, int64_t community_id, int64_t id);
/* Newest first, at most 500, with how many came by it. By who administers. */
PW_MUST_CHECK enum pw_err invitation_list(struct ctx *c, int64_t community_id, struct invitation **ret, size_t *ret_n);
/* By which invitation somebody came; `source` of a request or membership. No right is checked. */
PW_MUST_CHECK enum pw_err invitation_of_source(struct ctx *c, int64_t community_id, struct sv source,
                                               struct invitation *ret);
/* What a code leads to, for whoever holds it. PW_NOT_FOUND: nothing, or (without even_ended) it does not work now. */
PW_MUST_CHECK enum pw_err invitation_open(struct ctx *c, struct sv code, bool even_ended, struct invitation *ret,
                                          struct community *ret_com);

struct join_answer {
    int64_t question_id;
    struct sv question, answer;
};
struct join_new {
    int64_t community_id, person_id; /* 0 = the actor; another person only by staff (assisted) or a channel */
    int64_t guidelines_version;      /* the version that was shown and accepted; 0 = not accepted */
    struct sv lang, source;
    struct sv invitation; /* code: needed where people are invited, counted everywhere; its source takes the place */
    const struct join_answer *answers;
    size_t n_answers;
    struct sv choice;   /* of join_choices() (community_kit.h); empty = not said */
    int64_t channel_id; /* a channel's request: 0 = web */
    struct sv channel_kind, chat, user_chat, provider_user;
};
/* PW_INVALID: field "guidelines" (not accepted, or no longer the current version), "answer_<id>", "choice",
 * "invitation". PW_NOT_FOUND: a community of invited people, and no code. PW_CONFLICT: already a member, or a request
 * is pending. */
PW_MUST_CHECK enum pw_err join_request_send(struct ctx *c, const struct join_new *n, int64_t *ret_id);
PW_MUST_CHECK enum pw_err join_withdraw(struct ctx *c, int64_t id);
/* How the actor's own last request stands here. PW_NOT_FOUND: never asked. */
PW_MUST_CHECK enum pw_err join_mine(struct ctx *c, int64_t community_id, int64_t *ret_id, enum join_state *ret_state);
/* Admits, or queues when the limit is reached (ret_state MEMBER_WAITING). PW_CONFLICT if someone else decided first;
 * PW_INVALID: field "status": nobody is admitted there now. */
PW_MUST_CHECK enum pw_err join_accept(struct ctx *c, int64_t id, enum membership_state *ret_state);
PW_MUST_CHECK enum pw_err join_refuse(struct ctx *c, int64_t id, struct sv reason /* code */);
struct join_request {
    int64_t id, community_id, person_id, guidelines_version, asked_ms, decided_ms, decided_by;
    enum join_state state;
    struct sv lang, channel_kind, source, reason, name;
    const struct join_answer *answers; /* join_get only */
    size_t n_answers;
    struct sv through;      /* for who admits: who passed the answers on (LANG-5); empty = the person alone */
    struct sv through_path; /* join_get only: where that is corrected; empty = not here */
};
PW_MUST_CHECK enum pw_err join_get(struct ctx *c, int64_t id, struct join_request *ret); /* audited when writing */
/* Pending ones, oldest first, after (after_ms, after_id). */
PW_MUST_CHECK enum pw_err join_list_after(struct ctx *c, int64_t community_id, int64_t after_ms, int64_t after_id,
                                          int64_t limit, struct join_request **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err join_list(struct ctx *c, int64_t community_id, int64_t limit, struct join_request **ret,
                                    size_t *ret_n);

/* How many requests came from each source, most first (MSG-19). For who administers or moderates. */
struct join_source {
    struct sv source;
    int64_t requests, accepted;
};
PW_MUST_CHECK enum pw_err join_sources(struct ctx *c, int64_t community_id, struct join_source **ret, size_t *ret_n);

struct membership {
    int64_t id, community_id, person_id, guidelines_version, accepted_ms, joined_ms, ended_ms;
    int64_t welcome_message, welcome_version; /* proof of the welcome (MSG-8) */
    int64_t channel_id;                       /* where the member is; 0 = web */
    int64_t asked_version, asked_ms;          /* newer guidelines that the member was asked to accept; 0 = none */
    enum membership_state state;
    bool limited_data; /* the person gets text only (EQ-3); lists and membership_of() */
    struct sv lang, source, channel_kind, end_reason, name;
};
PW_MUST_CHECK enum pw_err membership_of(struct ctx *c, int64_t community_id, int64_t person_id, struct membership *ret);
/* By state, oldest acceptance first, after (after_ms, after_id). */
PW_MUST_CHECK enum pw_err membership_list(struct ctx *c, int64_t community_id, enum membership_state state,
                                          int64_t after_ms, int64_t after_id, int64_t limit, struct membership **ret,
                                          size_t *ret_n);
/* All active ones (2000 at most) by name: to choose from, whoever came last. */
PW_MUST_CHECK enum pw_err membership_all(struct ctx *c, int64_t community_id, struct membership **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err membership_mine(struct ctx *c, struct membership **ret, size_t *ret_n);
/* The member, or an administrator on request. Tells "you are welcome back"; admits the next of the waiting list. */
PW_MUST_CHECK enum pw_err membership_leave(struct ctx *c, int64_t community_id, int64_t person_id /* 0 = the actor */);
/* The member is reached there from now on (MSG-16); channel_id 0 = web. For features, which checked their right. */
PW_MUST_CHECK enum pw_err membership_set_channel(struct ctx *c, int64_t community_id, int64_t person_id,
                                                 int64_t channel_id, struct sv kind);
/* Text only, files as links, in every community of this person (EQ-3). By a moderator or administrator. */
PW_MUST_CHECK enum pw_err membership_set_limited(struct ctx *c, int64_t community_id, int64_t person_id, bool limited);
PW_MUST_CHECK enum pw_err membership_remove(struct ctx *c, int64_t community_id, int64_t person_id, struct sv reason);

/* New guidelines (MOD-1). Has this active member accepted less than the version in force for their language? */
PW_MUST_CHECK enum pw_err guidelines_older(struct ctx *c, const struct community *com, const struct membership *m,
                                           bool *ret);
PW_MUST_CHECK enum pw_err guidelines_older_count(struct ctx *c, const struct community *com, int64_t *ret);
/* Only those, as membership_list(). */
PW_MUST_CHECK enum pw_err membership_list_older(struct ctx *c, int64_t community_id, int64_t after_ms, int64_t after_id,
                                                int64_t limit, struct membership **ret, size_t *ret_n);
/* They are told, a few at a time, on their page and their channel. By who administers. PW_CONFLICT: there are none. */
PW_MUST_CHECK enum pw_err guidelines_ask_again(struct ctx *c, int64_t community_id, int64_t *ret_people);
/* The actor, who read this version in c->lang. PW_INVALID: field "guidelines", there is a newer one. PW_CONFLICT: done
 * already. */
PW_MUST_CHECK enum pw_err guidelines_accept(struct ctx *c, int64_t community_id, int64_t version);

/* The link at the foot of a letter: ends memberships (or only posts) of the address it went to. PW_OK also for a link
 * that is none of ours, so that nobody learns who is known here (EQ-1). */
PW_MUST_CHECK enum pw_err contact_stop(struct ctx *c, struct sv token, bool posts_only);

/* Joining and leaving by text (EQ-1, A-69, MSG-17). */
struct community_keyword { /* the word that asks to join, one a language; on one channel it belongs to one community */
    int64_t community_id;
    struct sv lang, word;
};
PW_MUST_CHECK enum pw_err keyword_list(struct ctx *c, int64_t community_id, struct community_keyword **ret,
                                       size_t *ret_n);
/* Empty takes it away. PW_INVALID: field "keyword_<lang>", also when a community on the same channel has the word. */
PW_MUST_CHECK enum pw_err keyword_write(struct ctx *c, int64_t community_id, struct sv lang, struct sv word);
/* Words that do nothing on a channel, because a community that was there before has them. No right is checked. */
struct keyword_clash {
    struct sv word;
    int64_t channel_id, owner; /* owner: the other community */
};
PW_MUST_CHECK enum pw_err keyword_clashes(struct ctx *c, int64_t community_id, struct keyword_clash **ret,
                                          size_t *ret_n);
/* Are those who leave on request asked why? */
PW_MUST_CHECK enum pw_err community_asks_exit(struct ctx *c, int64_t community_id, bool *ret);
PW_MUST_CHECK enum pw_err community_set_asks_exit(struct ctx *c, int64_t community_id, bool ask);
struct exit_answer {
    int64_t person_id, answered_ms;
    struct sv code, words, name;
};
size_t exit_reasons(void); /* how many codes there are to choose from */
const char *exit_reason_code(size_t i);
const char *exit_reason_label(struct sv code); /* message id */
/* Was the actor asked why, and has not answered? */
PW_MUST_CHECK enum pw_err exit_asked(struct ctx *c, int64_t community_id, bool *ret);
/* The actor's own answer: a code, own words or both. PW_NOT_FOUND: was not asked, or has answered. */
PW_MUST_CHECK enum pw_err exit_answer(struct ctx *c, int64_t community_id, struct sv code, struct sv words);
/* Newest first, for moderators. */
PW_MUST_CHECK enum pw_err exit_list(struct ctx *c, int64_t community_id, int64_t limit, struct exit_answer **ret,
                                    size_t *ret_n);

/* What a text takes where it goes by SMS; parts 0: it goes nowhere by SMS, or is empty. For moderators; for one person
 * also for specialists. */
struct text_cost {
    int64_t people, parts, cost_micro; /* cost of all people, in millionths */
    const char *alphabet;              /* message id */
    struct sv currency;
};
PW_MUST_CHECK enum pw_err text_cost_person(struct ctx *c, int64_t community_id, int64_t person_id, struct sv text,
                                           struct text_cost *ret);
PW_MUST_CHECK enum pw_err text_cost_all(struct ctx *c, int64_t community_id, struct sv text, struct text_cost *ret);

/* ---- messages ---- */

struct message {
    int64_t id, community_id, thread_id, author, reply_to, question_id, written_ms, shown_ms, duration_s;
    int64_t file_id; /* channel/file.h; 0 = none */
    enum author_role author_role;
    enum message_kind kind;
    enum message_purpose purpose;
    enum message_state state;
    bool answered_privately; /* shown in place of a public question that was moved */
    struct sv body, name /* of the author */, lang, channel_kind, source, checked_on, post_type, topic;
    struct sv note, note_path; /* what a guest says of it: "Corrected: …" and where (community_kit.h) */
    struct sv through;      /* staff: who passed the words on ("Through interpreter: …"); empty = the person alone */
    struct sv through_path; /* where who works there corrects that; empty = not here */
};
struct message_new {
    int64_t community_id, reply_to;
    bool ask;        /* the "ask" form or command */
    bool to_private; /* to the moderators, not the group (MSG-12) */
    bool urgent;     /* staff: do not hold outside hours (SLA-5) */
    bool sure;       /* warned that it looks personal, and published all the same (CNS-6) */
    bool forwarded;  /* from a channel: somebody else's words */
    bool offer;      /* something to publish, told to the moderators in private (MOD-8): never a question */
    struct sv text, lang;
    enum message_kind kind;
    int64_t file_id, duration_s;             /* channel/file.h: file_put() or file_want() */
    struct sv source, checked_on, post_type; /* staff posts: post_type "information" … needs both (MOD-10) */
    struct sv topic;                         /* struct topic.code; empty = none */
    int64_t at_ms;                           /* 0 = now; staff entering a call give its time (EQ-2) */
    int64_t for_person;                      /* staff on behalf of a member (EQ-2); 0 = the actor */
    /* from a channel: */
    int64_t channel_id;
    struct sv channel_kind, chat, provider_message;
};
struct message_made {
    int64_t message_id, question_id, thread_id;
    enum meaning meaning;
    bool held; /* a staff reply that goes out at opening */
};
/* A member's or moderator's words: talk, question, answer or post, decided by rules.meaning_of(). */
PW_MUST_CHECK enum pw_err message_post(struct ctx *c, const struct message_new *n, struct message_made *ret);
PW_MUST_CHECK enum pw_err message_hide(struct ctx *c, int64_t message_id, struct sv reason /* code */);
PW_MUST_CHECK enum pw_err message_show(struct ctx *c, int64_t message_id); /* undoes hide; not delete */
PW_MUST_CHECK enum pw_err message_delete(struct ctx *c, int64_t message_id, struct sv reason);
PW_MUST_CHECK enum pw_err message_mark_question(struct ctx *c, int64_t message_id, int64_t *ret_question);
PW_MUST_CHECK enum pw_err question_mark_not(struct ctx *c, int64_t question_id); /* "not a question": closed */
/* The community's stream for members and staff, newest first before (before_ms, before_id; 0 = newest). */
PW_MUST_CHECK enum pw_err message_stream(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id,
                                         int64_t limit, struct message **ret, size_t *ret_n);
/* The same of one topic; empty = all. */
PW_MUST_CHECK enum pw_err message_stream_topic(struct ctx *c, int64_t community_id, struct sv topic, int64_t before_ms,
                                               int64_t before_id, int64_t limit, struct message **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err message_get(struct ctx *c, int64_t message_id, struct message *ret);

/* What came by e-mail with quoted lines and signature, for moderators: reading is audited (CNS-7). */
PW_MUST_CHECK enum pw_err message_whole(struct ctx *c, int64_t message_id, struct sv *ret);

struct thread {
    int64_t id, community_id, person_id, opened_ms, last_ms, member_read_ms;
    bool waiting_staff;
    struct sv name;
    struct chan_window window; /* thread_read() only: until when the app lets us answer */
};
/* The actor's own thread in a community (PW_NOT_FOUND when none yet), with its messages oldest first. */
PW_MUST_CHECK enum pw_err thread_own(struct ctx *c, int64_t community_id, struct thread *ret, struct message **ret_m,
                                     size_t *ret_n);
/* For moderators: reading is audited (CNS-7), so this runs in a transaction. */
PW_MUST_CHECK enum pw_err thread_read(struct ctx *c, int64_t thread_id, struct thread *ret, struct message **ret_m,
                                      size_t *ret_n);
PW_MUST_CHECK enum pw_err thread_list(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id,
                                      int64_t limit, struct thread **ret, size_t *ret_n);
/* Staff write to a member; opens the thread when there is none. */
PW_MUST_CHECK enum pw_err thread_say(struct ctx *c, int64_t community_id, int64_t person_id, struct sv text,
                                     bool urgent, struct message_made *ret);

/* ---- questions (MSG-11, SLA) ---- */

struct question {
    int64_t id, community_id, message_id, author, thread_id, assigned_to, assigned_ms, referred_org;
    int64_t received_ms, start_ms, warn_ms, due_ms, interim_ms, held_ms, answered_ms, closed_ms, sort_ms;
    int64_t pending_answers, answers, kb_entry;
    enum question_state state;
    enum question_rank rank;
    bool open, urgent, was_public, in_time /* when answered and promised */;
    struct sv topic, lang, channel_kind, close_reason;
    struct sv text;                       /* of its message */
    struct sv author_name, assigned_name; /* filled by lists and the view */
    struct sv through;                    /* as in struct message */
    enum message_kind kind;
};
struct inbox_filter {
    int64_t community_id; /* 0 = all the actor works in */
    int state;            /* enum question_state; -1 = open ones by urgency */
    struct sv lang;       /* empty = all */
    struct sv topic;
    bool mine, overdue, unassigned, unchecked; /* unchecked: members' answers wait for a check */
    /* cursor: the last row of the page before; all 0 = first page */
    int64_t after_rank, after_sort, after_id;
    int64_t limit; /* 1..200, 0 = 50 */
};
/* Open: overdue, then soon, then by due time. Other states: newest received first. */
PW_MUST_CHECK enum pw_err inbox_list(struct ctx *c, const struct inbox_filter *f, struct question **ret, size_t *ret_n);
struct inbox_counts {
    int64_t open, overdue, soon, mine, unassigned, unchecked, joins;
};
PW_MUST_CHECK enum pw_err inbox_count(struct ctx *c, int64_t community_id, struct inbox_counts *ret);

struct answer {
    int64_t id, question_id, message_id, author, verified_by, verified_ms, kb_entry, note_message, at_ms;
    bool by_staff;
    enum verification verification;
    struct sv source, checked_on, text, note, name, verified_name;
};
struct question_step {
    int64_t at_ms, by_person, other;
    enum question_state from, to;
    struct sv what, name, other_name;
};
struct question_view {
    struct question q;
    struct community community;
    struct message *messages; /* its conversation, oldest first */
    size_t n_messages;
    struct answer *answers;
    size_t n_answers;
    struct question_step *steps;
    size_t n_steps;
    struct membership asker;  /* person context: member since, language, state */
    struct question *earlier; /* the asker's last questions here */
    size_t n_earlier;
    struct sv *viewers; /* names of others who have it open */
    size_t n_viewers;
    struct sv draft;           /* the actor's own */
    struct chan_window window; /* of the app where the asker is reached alone */
    bool may_moderate;
    bool may_answer; /* a moderator, or the specialist who has it */
};
/* In a transaction for moderators when the question is private: reading is audited (CNS-7). */
PW_MUST_CHECK enum pw_err question_view(struct ctx *c, int64_t id, struct question_view *ret);
PW_MUST_CHECK enum pw_err question_get(struct ctx *c, int64_t id, struct question *ret);
/* A member's own questions; and answered public ones of a community, newest answer first. */
PW_MUST_CHECK enum pw_err question_mine(struct ctx *c, int64_t community_id, struct question **ret, size_t *ret_n);
struct public_answer {
    struct question q;
    struct answer a; /* the one that counts */
};
PW_MUST_CHECK enum pw_err question_answered_public(struct ctx *c, int64_t community_id, int64_t before_ms,
                                                   int64_t limit, struct public_answer **ret, size_t *ret_n);

PW_MUST_CHECK enum pw_err question_assign(struct ctx *c, int64_t id, int64_t person_id /* 0 = nobody */);
PW_MUST_CHECK enum pw_err question_set_topic(struct ctx *c, int64_t id, struct sv topic);
PW_MUST_CHECK enum pw_err question_set_urgent(struct ctx *c, int64_t id, bool urgent);
/* "We are looking" (SLA-4); empty text = the standard sentence. */
PW_MUST_CHECK enum pw_err question_interim(struct ctx *c, int64_t id, struct sv text);
struct answer_new {
    struct sv text, source, checked_on; /* both given: verified */
    int64_t kb_entry; /* picked: verified with its source and date (KB-3), unless past review (KB-4) */
    bool urgent;
    enum message_kind kind;      /* MSG-13 */
    int64_t file_id, duration_s; /* channel/file.h */
};
struct answer_made {
    int64_t answer_id, message_id, held_until_ms; /* 0 = it went out */
    enum question_state state;
};
PW_MUST_CHECK enum pw_err question_answer(struct ctx *c, int64_t id, const struct answer_new *n,
                                          struct answer_made *ret);
/* Confirm, complete or correct an answer with source and date (MOD-9, A-27). `text`: the missing or right words. */
PW_MUST_CHECK enum pw_err answer_verify(struct ctx *c, int64_t answer_id, enum verification to, struct sv text,
                                        struct sv source, struct sv checked_on);
/* One action: the public message goes, the private thread goes on, the group sees "answered privately". */
PW_MUST_CHECK enum pw_err question_move_private(struct ctx *c, int64_t id, int64_t *ret_thread);
PW_MUST_CHECK enum pw_err question_refer(struct ctx *c, int64_t id, int64_t org_id, int64_t specialist_person);
PW_MUST_CHECK enum pw_err question_close(struct ctx *c, int64_t id, struct sv reason /* code; needed while open */);
PW_MUST_CHECK enum pw_err question_reopen(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err held_cancel(struct ctx *c, int64_t message_id); /* a held reply that was not meant */

PW_MUST_CHECK enum pw_err draft_save(struct ctx *c, int64_t question_id, struct sv text); /* empty = forget */
PW_MUST_CHECK enum pw_err viewing_touch(struct ctx *c, int64_t question_id);              /* for one minute */
PW_MUST_CHECK enum pw_err viewing_end(struct ctx *c, int64_t question_id);

/* ---- knowledge (KB-1, KB-2, KB-4) ---- */

struct kb_entry {
    int64_t id, community_id, question_id, review_ms, version, created_ms, created_by, changed_ms;
    enum kb_state state;
    bool verified;    /* published and before its review date (KB-4) */
    bool out_of_date; /* this language is older than its source (LANG-4) */
    struct sv topic, source, checked_on, source_lang;
    struct sv lang, question, answer; /* in c->lang, else the source language */
    int64_t score;                    /* search only */
};
struct kb_edit {
    struct sv topic, lang, question, answer, source, checked_on, review_on; /* days: YYYY-MM-DD; review empty = +180 */
    bool is_source; /* this language is the source: a new version, other languages become out of date */
    bool publish;
    bool hide; /* kb_write(): what was shown becomes a draft again */
};
PW_MUST_CHECK enum pw_err kb_from_answer(struct ctx *c, int64_t answer_id, const struct kb_edit *e, int64_t *ret_id);
PW_MUST_CHECK enum pw_err kb_create(struct ctx *c, int64_t community_id, const struct kb_edit *e, int64_t *ret_id);
PW_MUST_CHECK enum pw_err kb_write(struct ctx *c, int64_t id, const struct kb_edit *e);
PW_MUST_CHECK enum pw_err kb_review(struct ctx *c, int64_t id, struct sv source, struct sv checked_on,
                                    struct sv review_on);
PW_MUST_CHECK enum pw_err kb_set_state(struct ctx *c, int64_t id, enum kb_state to);
PW_MUST_CHECK enum pw_err kb_get(struct ctx *c, int64_t id, struct kb_entry *ret);
PW_MUST_CHECK enum pw_err kb_list(struct ctx *c, int64_t community_id, struct sv topic /* empty = all */,
                                  int64_t after_id, int64_t limit, struct kb_entry **ret, size_t *ret_n);
/* The same in another state, for moderators: drafts, and what is no longer shown. */
PW_MUST_CHECK enum pw_err kb_list_state(struct ctx *c, int64_t community_id, enum kb_state state,
                                        struct sv topic /* empty = all */, int64_t after_id, int64_t limit,
                                        struct kb_entry **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err kb_due_for_review(struct ctx *c, int64_t community_id, struct kb_entry **ret, size_t *ret_n);
/* Folded and stemmed, in every language used (KB-2, LANG-6). Members see published entries. Best first. */
PW_MUST_CHECK enum pw_err kb_search(struct ctx *c, int64_t community_id, struct sv words, int64_t limit,
                                    struct kb_entry **ret, size_t *ret_n);
/* Verified entries that resemble words being typed: a question before it is sent, an answer of a moderator (KB-3). */
PW_MUST_CHECK enum pw_err kb_similar(struct ctx *c, int64_t community_id, struct sv words, int64_t limit,
                                     struct kb_entry **ret, size_t *ret_n);
/* Verified entries that resemble a question (KB-3). */
PW_MUST_CHECK enum pw_err kb_suggest(struct ctx *c, int64_t question_id, int64_t limit, struct kb_entry **ret,
                                     size_t *ret_n);

/* ---- promises kept (SLA-7, A-24) ---- */

struct promise_row { /* of one month, language and channel */
    int64_t year, month;
    struct sv lang, channel_kind;
    int64_t asked, promised, answered, in_time, late, waiting; /* waiting: not answered yet */
    int64_t acknowledged_in_time; /* interim within the promise although answered late or not yet */
    int64_t interim, median_ms;   /* median from clock start to answer, -1 = none */
    int64_t oldest_open_ms;       /* received time of the oldest open question, 0 = none */
};
/* Months by the community's wall clock, [from_ms, to_ms), newest month first; then language, channel. Without `split`
 * one row a month, lang and channel_kind empty. */
PW_MUST_CHECK enum pw_err promise_report(struct ctx *c, int64_t community_id, int64_t from_ms, int64_t to_ms,
                                         bool split, struct promise_row **ret, size_t *ret_n);

#endif
