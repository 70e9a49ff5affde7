/* SPDX-License-Identifier: EUPL-1.2 */
/* community_kit: what this room and the features that stand on it (moderation, publishing, …) build actions from:
 * words in a person's language, cleaned input, record rights, sends, notices, facts. The same rules as community.h:
 * inside the caller's transaction, results in c->arena. */
#ifndef PW_COMMUNITY_KIT_H
#define PW_COMMUNITY_KIT_H

#include "channel/take_back.h"
#include "feature/community/community.h"
#include "feature/community/community_text.h"

/* ---- words ---- */

struct sv say(struct ctx *c, struct sv lang, const char *msgid, const struct sv *args, size_t n);
struct sv say_moment(struct ctx *c, struct sv lang, struct sv zone, int64_t at_ms);
struct sv say_named(struct ctx *c, enum community_named what, struct sv code); /* in c->lang */
struct sv say_number(struct ctx *c, int64_t n);
bool lang_is_rtl(struct sv lang);
bool product_speaks(struct sv lang); /* its own sentences exist in this language */

/* A check that noted its problem goes on to the next field, so that a form shows all at once; other failures end. */
#define NOTED(expr)                                                                                                    \
    do {                                                                                                               \
        enum pw_err noted_ = (expr);                                                                                   \
        if (noted_ != PW_OK && noted_ != PW_INVALID)                                                                   \
            return noted_;                                                                                             \
    } while (0)
/* Cleans typed text in place; PW_INVALID (problem named `field`) when it is not UTF-8, longer than max characters, or
 * empty though required. */
PW_MUST_CHECK enum pw_err take_line(struct ctx *c, const char *field, bool required, size_t max, struct sv *io);
PW_MUST_CHECK enum pw_err take_text(struct ctx *c, const char *field, bool required, size_t max, struct sv *io);
bool code_ok(struct sv code); /* [a-z0-9-]{0,40}: reasons, topics, sources of members */

/* ---- record rights ---- */

/* Loads a community for an actor who administers or moderates it: PW_NOT_FOUND to strangers, PW_DENIED to members and
 * colleagues without the right. */
PW_MUST_CHECK enum pw_err need_admin(struct ctx *c, int64_t community_id, struct community *ret);
PW_MUST_CHECK enum pw_err need_moderate(struct ctx *c, int64_t community_id, struct community *ret);
bool is_system(const struct ctx *c);
bool may_specialist(const struct ctx *c, const struct community *com);
bool works_in(const struct ctx *c, const struct community *com); /* any role of staff there */
/* May the actor see what members see? */
PW_MUST_CHECK enum pw_err need_member_or_staff(struct ctx *c, const struct community *com);

/* A context for the same transaction with another actor: a channel's person, the system. */
PW_MUST_CHECK enum pw_err act_as_member(struct ctx *c, int64_t person_id, struct actor *actor, struct ctx *ret);
/* For timers and events, which get no context. problems and arena are the caller's. */
void system_ctx(struct ctx *ret, struct db *db, struct arena *a, struct problems *ps, int64_t now_ms);

/* ---- later ---- */

/* What the system does by itself with one record, when its timer rings or an event tells of it. The rows live as long
 * as the process and end with do_it NULL. */
struct later {
    const char *timer;                               /* kind of timer; NULL: an event */
    const char *subscriber, *event;                  /* its name, or what it begins with */
    enum pw_err (*do_it)(struct ctx *c, int64_t id); /* id: the timer's subject, the event's subject */
    bool of_community; /* id: the community that the event names as {"community":"<id>"}, if it does */
};
void later_add(struct work *w, const struct later *rows);

/* ---- time ---- */

int64_t today_of(struct ctx *c, const struct community *com); /* civil day there */
/* The community's hours and holidays, for work_business_day(). *ret_any false: it has no opening hours. */
PW_MUST_CHECK enum pw_err community_workdays(struct ctx *c, int64_t id, struct worktime *ret, bool *ret_any);

/* Where a community lives, for pages that tell a visitor what a platform sees: never shown as it is. */
PW_MUST_CHECK enum pw_err community_channels_seen(struct ctx *c, int64_t id, struct community_channel **ret,
                                                  size_t *ret_n);

/* ---- sends ---- */

struct letter {         /* words for one person or for the group, as they go out */
    int64_t message_id; /* for the copy's record and delivery state; 0 = none */
    struct sv text;
    struct sv lang;
    int64_t author;        /* whose name goes before the words; 0 = nobody's. Read only when something is sent */
    int64_t reply_to;      /* message of ours that it answers */
    int64_t question_id;   /* it belongs to this question; 0 = none */
    int64_t not_before_ms; /* 0 = now */
    int64_t again_ms;      /* sent once more, because it was taken away there; 0 = for the first time */
    enum message_kind kind;
    int64_t file_id;
    enum out_lane lane;
    bool automatic;           /* no person wrote it now; always so without a message_id */
    const struct sv *buttons; /* pairs: label, data; only where buttons can be pressed */
    size_t n_buttons;
    int64_t except_channel; /* do not send back to where it came from … */
    struct sv except_chat;
    int64_t only_channel; /* send_to_group: the groups of this channel; 0 = all */
    bool uncopied;        /* no record beside the outbox: posts to many private chats, which nobody replies to */
    bool by_person;       /* words that a person of the staff wrote, not the product */
};
/* The file of a letter becomes a line with its size and address (EQ-3). */
PW_MUST_CHECK enum pw_err letter_as_link(struct ctx *c, struct letter *l);
PW_MUST_CHECK enum pw_err send_to_group(struct ctx *c, const struct community *com, const struct letter *l);
/* Over the channel where the person is a member, when it is not the web. */
PW_MUST_CHECK enum pw_err send_to_person(struct ctx *c, const struct community *com, int64_t person_id,
                                         const struct letter *l);
/* Over that channel, to the person alone. *ret_queued false: they stopped us there, or gave no private chat. */
PW_MUST_CHECK enum pw_err send_alone(struct ctx *c, int64_t community_id, int64_t channel_id, int64_t person_id,
                                     const struct letter *l, bool *ret_queued);
/* To an applicant's private chat of one channel. */
PW_MUST_CHECK enum pw_err send_to_chat(struct ctx *c, int64_t channel_id, struct sv chat, struct sv text,
                                       int64_t message_id);
/* Takes a message away in all groups and private chats where its copies are known and the app lets us. */
PW_MUST_CHECK enum pw_err send_deletions(struct ctx *c, int64_t message_id);
/* Every copy of a message that we sent to a group or one person says so above its words, where the app lets us. */
PW_MUST_CHECK enum pw_err message_mark(struct ctx *c, int64_t message_id, take_back_words words, void *self,
                                       int64_t key);
/* join: approve or decline on the platform; ban, leave … of a person in all groups of the community. */
PW_MUST_CHECK enum pw_err send_join_decision(struct ctx *c, int64_t channel_id, struct sv chat, struct sv user,
                                             bool accepted);
/* Into the group that was asked for; with no chat into all groups of this channel, where the app has invitations. */
PW_MUST_CHECK enum pw_err send_admission(struct ctx *c, const struct community *com, int64_t channel_id, struct sv chat,
                                         struct sv user);
PW_MUST_CHECK enum pw_err send_op_for_person(struct ctx *c, const struct community *com, int64_t person_id,
                                             enum chan_op op);
/* Cannot write in the groups of the community until then; 0 = may write again. */
PW_MUST_CHECK enum pw_err send_restriction(struct ctx *c, const struct community *com, int64_t person_id,
                                           int64_t until_ms);
/* A short notice in the product and, for members on another channel, a private word there, in their language. */
PW_MUST_CHECK enum pw_err tell(struct ctx *c, const struct community *com, int64_t person_id, const char *msgid,
                               struct sv arg0, struct sv arg1, struct sv path);
/* A notice in the product to one of its people; {0} is the community's name in the reader's language. */
PW_MUST_CHECK enum pw_err notify_of(struct ctx *c, const struct community *com, int64_t person_id, const char *msgid,
                                    struct sv path);
/* To all moderators of the community, in the product. arg0 empty: {0} is the community's name, as in notify_of(). */
PW_MUST_CHECK enum pw_err tell_moderators(struct ctx *c, const struct community *com, const char *msgid, struct sv arg0,
                                          struct sv path);
PW_MUST_CHECK enum pw_err moderators_of(struct ctx *c, const struct community *com, int64_t **ret, size_t *ret_n);
/* Who admits and sets (MSG-9), without some of them: its technical administrators and the owner's coordinators; when
 * nobody of these is left, those who run the network. */
PW_MUST_CHECK enum pw_err owners_of(struct ctx *c, const struct community *com, const int64_t *but, size_t n_but,
                                    int64_t **ret, size_t *ret_n);

/* The community with its words in another language: for notices to that language's reader (MSG-7). */
PW_MUST_CHECK enum pw_err in_words_of(struct ctx *c, struct sv lang, struct community *io);

/* ---- posts to many (MSG-14) ---- */

/* Active members by where they are and their language. channel_id 0: on our pages. */
struct audience_part {
    int64_t channel_id, n;
    struct sv kind, lang;
};
PW_MUST_CHECK enum pw_err audience_parts(struct ctx *c, int64_t community_id, struct audience_part **ret,
                                         size_t *ret_n);
struct audience_member {
    int64_t membership_id, person_id;
    struct sv lang;
};
/* Those of one channel after a membership, in the order of ids: the cursor of a post on its way. */
PW_MUST_CHECK enum pw_err audience_page(struct ctx *c, int64_t community_id, int64_t channel_id, int64_t after_id,
                                        int64_t limit, struct audience_member **ret, size_t *ret_n);
/* A post as a message of the community, shown at once and sent to nobody: the caller does that. The words are checked
 * by the caller. */
PW_MUST_CHECK enum pw_err post_put(struct ctx *c, const struct community *com, int64_t author,
                                   const struct message_new *n, int64_t *ret_message);
/* How a post that message_post() was given leaves to everybody (MSG-14): set once at start, by publishing. Without one
 * it is shown and sent to nobody. */
typedef enum pw_err (*community_publisher)(struct ctx *c, const struct community *com, const struct message_new *n,
                                           int64_t *ret_message);
void community_publisher_set(community_publisher publisher);
/* No longer shown on pages; with `on_platforms` also taken away where it stands (groups). */
PW_MUST_CHECK enum pw_err post_take_down(struct ctx *c, int64_t message_id, bool on_platforms);
/* When a member last said something in the community; 0 = never. */
PW_MUST_CHECK enum pw_err member_spoke_ms(struct ctx *c, int64_t community_id, int64_t *ret_ms);

/* ---- facts ---- */

/* Audit row and event with the same name; `other` goes into both as "other". */
PW_MUST_CHECK enum pw_err note_fact(struct ctx *c, const char *name, const char *object, int64_t object_id,
                                    int64_t community_id, struct sv detail);
struct sv community_path(struct ctx *c, const struct community *com, const char *rest); /* "/c/<slug>/rest" */
struct sv question_path(struct ctx *c, int64_t question_id);                            /* "/questions/<id>" */

/* ---- activity, counted (EVAL-1, EVAL-2) ---- */

/* What is counted in a time. Public means said in the group; what the system wrote, what is deleted and what is still
 * held does not count. */
enum activity_line {
    DID_MEMBERS,   /* members at the end of the time */
    DID_JOIN,      /* admitted */
    DID_LEAVE,     /* left on request, theirs or by staff's hand */
    DID_REMOVE,    /* removed by a moderator */
    DID_VANISH,    /* no longer there on their platform */
    DID_ANSWER,    /* public questions that got their first counted answer: one, however many answers */
    DID_TAKE_PART, /* members who said something, in public or in private */
    DID_PRIVATE,   /* private messages, of members and staff */
    DID_POST,      /* posts of the moderators, of all types */
    DID_ASK,       /* public questions asked */
    DID_REFER,     /* questions referred to a partner */
    DID_SAY,       /* all public messages: questions, answers and posts, too */
    DID__MAX
};
enum { ACTIVITY_CODES = 32, ACTIVITY_HOURS = 7 * 24 };
struct activity_codes { /* the last one stands for all that found no room: "other" */
    struct sv v[ACTIVITY_CODES];
    size_t n;
};
struct activity {
    struct activity_codes langs, kinds, types; /* languages, channels, types of post */
    int64_t all[DID__MAX];
    int64_t by_lang[ACTIVITY_CODES][DID__MAX], by_kind[ACTIVITY_CODES][DID__MAX];
    int64_t posts[ACTIVITY_CODES]; /* by type */
    int64_t hours[ACTIVITY_HOURS]; /* messages by weekday (Monday first) and hour of the wall clock, private ones too */
};
size_t activity_code(struct arena *a, struct activity_codes *codes, struct sv code); /* its place, made when new */
/* [from_ms, to_ms), from the tables as they stand. Checks no right and shows nobody: the caller does. */
PW_MUST_CHECK enum pw_err activity_count(struct ctx *c, const struct community *com, int64_t from_ms, int64_t to_ms,
                                         struct activity *ret);

/* What each member did in [from_ms, to_ms), in the order of ids; who did nothing is left out. Checks no right. */
struct person_activity {
    int64_t person_id, said, asked /* public and private */, promised, in_time;
};
PW_MUST_CHECK enum pw_err activity_by_person(struct ctx *c, int64_t community_id, int64_t from_ms, int64_t to_ms,
                                             struct person_activity **ret, size_t *ret_n);

/* ---- how much at once, for automatic rules. No right is checked ---- */

/* Public messages of a person written after since_ms (0 = ever), at most 1000. */
PW_MUST_CHECK enum pw_err member_said(struct ctx *c, int64_t community_id, int64_t person_id, int64_t since_ms,
                                      int64_t *ret_n);
/* People who asked to join after since_ms, or came into a group by themselves. */
PW_MUST_CHECK enum pw_err joins_since(struct ctx *c, int64_t community_id, int64_t since_ms, int64_t *ret_n);

/* ---- messages and members ---- */

/* The community itself says something to everyone: a rule again, somebody was removed. */
PW_MUST_CHECK enum pw_err message_announce(struct ctx *c, const struct community *com, struct sv lang, struct sv text,
                                           int64_t *ret_id);
/* A message that was taken out of view is shown again, here and in the groups it was deleted from. */
PW_MUST_CHECK enum pw_err message_show_again(struct ctx *c, int64_t message_id);
/* Our message that stands there on the platform; PW_NOT_FOUND. */
PW_MUST_CHECK enum pw_err message_on_platform(struct ctx *c, int64_t channel_id, struct sv chat,
                                              struct sv provider_message, int64_t *ret_id);
/* A removed person is a member again (or waits, when it is full), here and on the platforms. No right is checked. */
PW_MUST_CHECK enum pw_err membership_restore(struct ctx *c, const struct community *com, int64_t person_id);

/* ---- checks ---- */

/* What another feature says before a member's words are kept and when somebody asks to join. Words of moderators are
 * not checked. Any function may be NULL. Registered at start, at most 4. */
struct words_said {
    const struct community *com;
    const struct message_new *n;
    struct sv text;   /* cleaned */
    struct sv folded; /* text_fold() of it */
    int64_t author;
    bool in_private; /* only the moderators will read it */
    unsigned marks;  /* what `before` found, for `after` of the same checker: one of them may use it */
};
struct community_checker {
    /* PW_INVALID with a problem: nothing is kept (a person on a channel hears nothing of it). *io_hide: it is kept but
     * the group does not see it. */
    enum pw_err (*before)(struct ctx *c, struct words_said *w, bool *io_hide);
    enum pw_err (*after)(struct ctx *c, const struct words_said *w, const struct message *m);
    enum pw_err (*join)(struct ctx *c, const struct community *com, int64_t person_id);
    /* More topics that do not belong here, one a line, in c->lang: shown with the description (SAFE-2). */
    enum pw_err (*topics_out)(struct ctx *c, const struct community *com, struct sv *ret);
};
void community_check(const struct community_checker *k);
/* What the community excludes, with what features add to it. */
PW_MUST_CHECK enum pw_err community_topics_out(struct ctx *c, const struct community *com, struct sv *ret);

/* ---- messages ---- */

/* As it was written, with its author's name, hidden and deleted ones too: what has to be taken away by hand must be
 * found by its words. The system only (PW_DENIED). */
PW_MUST_CHECK enum pw_err message_as_written(struct ctx *c, int64_t message_id, struct message *ret);

/* ---- members ---- */

/* Staff who admit or moderate enter a person who came by telephone or visit; m: person, language, channel,
 * kind, source and the version of the guidelines that was accepted. Active and welcomed, or waiting when full.
 * PW_CONFLICT: a member already. PW_INVALID: problem "accepted" when the guidelines were not accepted. */
PW_MUST_CHECK enum pw_err membership_enter(struct ctx *c, int64_t community_id, const struct membership *m,
                                           enum membership_state *ret_state);
/* The guidelines' current version for a reader of this language; 0 = the community has none. */
PW_MUST_CHECK enum pw_err guidelines_version(struct ctx *c, const struct community *com, struct sv lang,
                                             int64_t *ret_version);

/* Where a person is or was a member, or asked to be one, one row a community, under every id the person is known by.
 * Checks no right: the caller does. */
struct person_place {
    struct community com;
    struct membership m;       /* id 0: never a member */
    struct join_request asked; /* the newest request; id 0: none */
};
PW_MUST_CHECK enum pw_err person_places(struct ctx *c, int64_t person_id, struct person_place **ret, size_t *ret_n);
/* Messages to this member, or to who asks to be one, are in this language from now on (LANG-3). No right is checked. */
PW_MUST_CHECK enum pw_err membership_speak(struct ctx *c, const struct person_place *place, struct sv lang);

/* With person_merge() and person_unmerge(), in the same transaction: what the dropped record has in communities goes to
 * the kept one, and back. Where both take part in one community, one membership stays and the other ends without a
 * word. No right is checked. */
PW_MUST_CHECK enum pw_err memberships_merge(struct ctx *c, int64_t keep, int64_t drop, int64_t merge_id);
PW_MUST_CHECK enum pw_err memberships_unmerge(struct ctx *c, int64_t keep, int64_t drop, int64_t merge_id);

/* What a person said and was told, newest first, at most `limit` of each: for the person's own file (CNS-8). Under
 * every id the person is known by; checks no right. */
struct person_words {
    struct message *said, *in_private;
    size_t n_said, n_private;
    bool more; /* there was more than that */
};
PW_MUST_CHECK enum pw_err person_words(struct ctx *c, int64_t person_id, int64_t limit, struct person_words *ret);
/* What goes when the person is erased. */
struct person_traces {
    int64_t memberships, said, in_private;
};
PW_MUST_CHECK enum pw_err person_traces(struct ctx *c, int64_t person_id, struct person_traces *ret);
/* Before person_erase(): memberships end without a word, open questions close, what the person said in public is
 * emptied, and where they are reached is forgotten. Answers of staff and saved answers stay. Checks no right. */
PW_MUST_CHECK enum pw_err person_forget(struct ctx *c, int64_t person_id);

/* ---- what is old (CNS-8) ---- */

enum old_kind {
    OLD_JOINS,   /* refused and withdrawn requests: answers, and how the applicant is reached there */
    OLD_EXITS,   /* why people left, in their own words; the chosen reason stays */
    OLD_THREADS, /* private threads in which nobody wrote any more and no question is open: words and files */
    OLD__MAX
};
/* What was over before that time and is still readable; emptied, at most `limit` at once. The rows stay for numbers. No
 * right is checked: for retention. */
PW_MUST_CHECK enum pw_err old_count(struct ctx *c, enum old_kind k, int64_t before_ms, int64_t *ret_n);
PW_MUST_CHECK enum pw_err old_empty(struct ctx *c, enum old_kind k, int64_t before_ms, int64_t limit, int64_t *ret_n);

/* ---- listening ---- */

/* A private word from a person that another feature understands (an appeal, a report, an answer to a survey): asked, in
 * the order of registration, before the word becomes a message. com: the community the person is a member of here, or
 * NULL. Setting *ret_used ends the matter. Registered at start, before the first request; at most 8. */
typedef enum pw_err (*community_ear)(void *self, struct ctx *c, const struct community *com, int64_t person_id,
                                     const struct channel *ch, const struct chan_event *e, bool *ret_used);
void community_listen(community_ear ear, void *self);
/* The same for words said in a group (e->private_chat is false; com is never NULL): commands such as "/report". */
void community_listen_in_group(community_ear ear, void *self);

/* A word said alone or in a group, before anything else is made of it: also of strangers (com NULL when the channel
 * leads to several communities), of people who are just joining, and of those who wrote STOP. For calls for help. */
void community_listen_first(community_ear ear, void *self);
/* Communities that a channel leads to, in the order in which they came to it; not archived ones. No right is checked.
 */
PW_MUST_CHECK enum pw_err communities_of_channel(struct ctx *c, int64_t channel_id, int64_t **ret, size_t *ret_n);

/* ---- the design as text ---- */

/* Lines that another feature writes into a community's design (community_text.h) and reads back: called for the keys
 * the room does not know, in the order of the text, after the community was made. Registered at start, at most 8. */
struct buf;
struct design; /* below */
struct community_text_part {
    enum pw_err (*write)(struct ctx *c, int64_t community_id, struct buf *out);
    enum pw_err (*read)(struct ctx *c, int64_t community_id, struct sv key, struct sv value, bool *ret_known);
    /* Or, before those: takes what it knows from the whole design at once, by design_take(). One of both is NULL. */
    enum pw_err (*take)(struct ctx *c, int64_t community_id, struct design *d);
};
void community_text_add(const struct community_text_part *part);

/* ---- what features that stand on communities add; registered at start, at most 8 of each ---- */

/* Asked before a community changes its state, on every path; PW_INVALID with a problem refuses. */
typedef enum pw_err (*community_gate)(void *self, struct ctx *c, const struct community *com, enum community_status to);
void community_gate_add(community_gate gate, void *self);
/* Asked before staff begin or go on with a private thread with a person. */
typedef enum pw_err (*thread_gate)(void *self, struct ctx *c, const struct community *com, int64_t person_id);
void thread_gate_add(thread_gate gate, void *self);

/* What stands at the head of a community's settings: links, and what somebody should know. */
struct community_sign {
    const char *msgid;
    struct sv arg0, arg1, path; /* path: where it leads; empty = nowhere */
    bool warning;               /* else a link */
};
struct community_signs {
    struct community_sign v[24];
    size_t n;
};
typedef enum pw_err (*community_signer)(void *self, struct ctx *c, const struct community *com,
                                        struct community_signs *io);
void community_signer_add(community_signer signer, void *self);
PW_MUST_CHECK enum pw_err community_signs(struct ctx *c, const struct community *com, struct community_signs *ret);
void sign_add(struct community_signs *io, struct community_sign s);

/* Ready-made beginnings on the page "New community": each card is made into a draft with one click. */
struct community_start {
    struct sv title, text, action; /* action: path that makes the draft by POST */
    const struct sv *lines;        /* what it sets up */
    size_t n_lines;
};
typedef enum pw_err (*community_starter)(void *self, struct ctx *c, struct community_start **ret, size_t *ret_n);
void community_starter_set(community_starter starter, void *self); /* one in the whole product */
PW_MUST_CHECK enum pw_err community_starts(struct ctx *c, struct community_start **ret, size_t *ret_n);

/* Who looks after a community: moderators by grant in force, who are not away. */
PW_MUST_CHECK enum pw_err community_active_moderators(struct ctx *c, const struct community *com, int64_t *ret_n);

/* ---- the design as a text, read without making anything (CONF-2) ---- */

struct design;
PW_MUST_CHECK enum pw_err design_open(struct ctx *c, struct sv text, struct design **ret); /* PW_INVALID: the line */
/* The value of a key, empty when it is not there. */
struct sv design_take(struct design *d, struct sv key);
/* How many keys begin with the prefix. */
size_t design_count(const struct design *d, struct sv prefix);
/* One `key = value` as community_text.h writes it. */
void design_put(struct buf *out, struct sv key, struct sv value);

/* ---- guests on the pages of communities ---- */

/* A line that a feature puts on a community's page or above the inbox. Label and title are already translated. */
struct place_note {
    struct sv label, title, text, path; /* text and path may be empty */
    bool warns;
};
enum { PLACE_NOTES_MAX = 12 };
struct community_guest {
    void *self;
    /* Messages about to be shown: may say them in c->lang, and fill note and note_path. NULL functions: nothing. */
    enum pw_err (*dress)(void *self, struct ctx *c, struct message *v, size_t n);
    /* Adds to v, which holds *io_n of PLACE_NOTES_MAX: on the community's page (`inside`: the reader belongs to it) …
     */
    enum pw_err (*on_place)(void *self, struct ctx *c, const struct community *com, bool inside, struct place_note *v,
                            size_t *io_n);
    /* … and above the inbox of who moderates it. */
    enum pw_err (*on_inbox)(void *self, struct ctx *c, const struct community *com, struct place_note *v, size_t *io_n);
};
void community_invite(const struct community_guest *g); /* at start, before the first request; at most 8 */
PW_MUST_CHECK enum pw_err community_notes(struct ctx *c, const struct community *com, bool inside,
                                          struct place_note v[PLACE_NOTES_MAX], size_t *ret_n);
PW_MUST_CHECK enum pw_err inbox_notes(struct ctx *c, const struct community *coms, size_t n_coms,
                                      struct place_note v[PLACE_NOTES_MAX], size_t *ret_n);

/* ---- words that came through somebody else (LANG-5) ---- */

/* Where staff enter what a person said they choose how it was passed on; where staff read it, it is said. One room of
 * the whole product keeps this (set at start); without it nothing is offered. Objects: "message", "join". */
struct through_offer {
    struct sv value, label; /* label: in c->lang */
};
struct through_teller {
    /* For what a person said (0 = not known yet). */
    enum pw_err (*offers)(struct ctx *c, int64_t person_id, struct through_offer **ret, size_t *ret_n);
    /* choice: a value of the offers; "" = the person spoke for themself. PW_INVALID: problem "through". */
    enum pw_err (*mark)(struct ctx *c, const char *object, int64_t object_id, int64_t person_id, int64_t community_id,
                        struct sv choice);
    /* n texts in c->lang: empty where nothing is to be said to this actor. */
    enum pw_err (*words)(struct ctx *c, const char *object, const int64_t *ids, size_t n, struct sv *ret);
    /* The page where it is corrected. */
    struct sv (*path)(struct ctx *c, const char *object, int64_t id);
};
void through_set(const struct through_teller *t); /* must stay valid as long as the process */
PW_MUST_CHECK enum pw_err through_offers(struct ctx *c, int64_t person_id, struct through_offer **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err through_mark(struct ctx *c, const char *object, int64_t object_id, int64_t person_id,
                                       int64_t community_id, struct sv choice);

/* ---- one question more for who asks to join (EQ-5) ---- */

/* A feature may ask it after the screening questions; nobody has to answer. What was chosen stays with the request and
 * goes to the feature when its chooser is a member. One room of the whole product asks (set at start). */
struct join_choice {
    struct sv code, label; /* code: [a-z0-9-]{1,40} */
};
struct join_choices { /* in c->lang */
    struct sv question, hint;
    const struct join_choice *v;
    size_t n; /* 0: nothing is asked */
};
struct join_asker {
    enum pw_err (*ask)(struct ctx *c, const struct community *com, struct join_choices *ret);
    enum pw_err (*chosen)(struct ctx *c, const struct community *com, int64_t person_id, struct sv code);
};
void join_asker_set(const struct join_asker *a); /* must stay valid as long as the process */
PW_MUST_CHECK enum pw_err join_choices(struct ctx *c, const struct community *com, struct join_choices *ret);

/* What kind of file it is by its first bytes. False for anything that is not a voice note or sound, a picture, a video
 * or a PDF. */
bool upload_sniff(struct sv bytes, enum chan_file_kind *ret_kind, struct sv *ret_type);

#endif
