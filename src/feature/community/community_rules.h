/* SPDX-License-Identifier: EUPL-1.2 */
/* community_rules: the pure decisions of the community room: states, what may follow what, what a message means, how
 * urgent a question is, who must say what before it may be published. No SQL, no HTTP, no clock: time comes in as an
 * argument. Requirement ids stand at each rule. */
#ifndef PW_COMMUNITY_RULES_H
#define PW_COMMUNITY_RULES_H

#include "base/err.h"

enum community_mode { COM_INTERACTIVE, COM_ONE_WAY, COM_MODE__MAX };
enum community_visibility { COM_LISTED, COM_LINK, COM_INVITATION, COM_VISIBILITY__MAX };
enum community_moderation { COM_FULL, COM_LIGHT, COM_MODERATION__MAX };
enum community_status {
    COM_DRAFT,
    COM_READY,
    COM_LIVE,
    COM_WINDING_DOWN,
    COM_READ_ONLY,
    COM_ARCHIVED,
    COM_STATUS__MAX
};
enum join_state { JOIN_PENDING, JOIN_ACCEPTED, JOIN_REFUSED, JOIN_WITHDRAWN, JOIN_STATE__MAX };
enum membership_state { MEMBER_NONE, MEMBER_WAITING, MEMBER_ACTIVE, MEMBER_LEFT, MEMBER_REMOVED, MEMBER_STATE__MAX };
enum author_role { AUTHOR_MEMBER, AUTHOR_STAFF, AUTHOR_SYSTEM, AUTHOR__MAX };
enum message_kind { MSG_TEXT, MSG_VOICE, MSG_IMAGE, MSG_FILE, MSG_VIDEO, MSG_KIND__MAX };
enum message_purpose { FOR_TALK, FOR_QUESTION, FOR_ANSWER, FOR_POST, FOR_NOTICE, FOR_INTERIM, FOR__MAX };
enum message_state { SHOWN, HIDDEN, DELETED, HELD, MESSAGE_STATE__MAX };
enum question_state {
    Q_NEW,
    Q_ASSIGNED,
    Q_RESEARCHING, /* an interim message was sent (SLA-4) */
    Q_ANSWERED,    /* a counted answer without a source yet */
    Q_VERIFIED,    /* … with source and date */
    Q_REFERRED,    /* a partner's specialist has it; still in the queue (MSG-11) */
    Q_CLOSED,
    Q_STATE__MAX
};
enum question_rank { RANK_OVERDUE, RANK_SOON, RANK_NORMAL, RANK__MAX }; /* order of the inbox (SLA-6) */
enum verification { VER_PENDING, VER_CONFIRMED, VER_COMPLETED, VER_CORRECTED, VER_UNCHECKED, VER__MAX };
enum kb_state { KB_DRAFT, KB_PUBLISHED, KB_RETIRED, KB_STATE__MAX };

/* Stable codes ("live", "one-way", "overdue"): addresses, API, audit details, configuration files. */
const char *community_mode_code(enum community_mode m);
const char *community_visibility_code(enum community_visibility v);
const char *community_moderation_code(enum community_moderation m);
const char *community_status_code(enum community_status s);
const char *join_state_code(enum join_state s);
const char *membership_state_code(enum membership_state s);
const char *message_kind_code(enum message_kind k);
const char *message_state_code(enum message_state s);
const char *question_state_code(enum question_state s);
const char *question_rank_code(enum question_rank r);
const char *verification_code(enum verification v);
const char *kb_state_code(enum kb_state s);
bool community_mode_parse(struct sv text, enum community_mode *ret);
bool community_visibility_parse(struct sv text, enum community_visibility *ret);
bool community_moderation_parse(struct sv text, enum community_moderation *ret);
bool community_status_parse(struct sv text, enum community_status *ret);
bool question_state_parse(struct sv text, enum question_state *ret);
bool verification_parse(struct sv text, enum verification *ret);
/* Message ids of the words shown to people. */
const char *question_state_label(enum question_state s);
const char *question_rank_label(enum question_rank r);
const char *verification_label(enum verification v);
const char *membership_state_label(enum membership_state s);
const char *community_status_label(enum community_status s);

/* ---- communities ---- */

bool slug_ok(struct sv slug); /* [a-z0-9], then [a-z0-9-], 2 to 40 characters, no '-' at the end */
bool lang_code_ok(struct sv lang);
bool lang_in(struct sv languages, struct sv lang); /* "ar en" holds "en" */
struct sv lang_main(struct sv languages);
bool community_takes_members(enum community_status s);  /* live only */
bool community_takes_messages(enum community_status s); /* live or winding down */
/* Forward one or more steps, back from ready to draft, and from winding down to live; never out of the archive. */
bool community_status_may(enum community_status from, enum community_status to);

/* ---- membership ---- */

enum member_act { MEMBER_ADMIT, MEMBER_QUEUE, MEMBER_LEAVE, MEMBER_REMOVE };
/* PW_CONFLICT when the state does not allow it. A person who left or was removed is admitted again by a new request. */
PW_MUST_CHECK enum pw_err membership_next(enum membership_state from, enum member_act act, enum membership_state *ret);

/* ---- what a message means ---- */

/* Ends with a question mark of any script (? ؟ ？), whatever quotes, brackets, spaces or exclamations follow. */
bool text_asks(struct sv text);
struct utterance {
    enum community_mode mode;
    bool private_chat; /* said to the moderators, or to the bot alone */
    bool ask_form;     /* the "ask" form or command */
    bool by_staff;
    bool in_question;   /* replies to (or stands in the conversation of) somebody's question … */
    bool own_question;  /* … which is the author's own */
    bool question_open; /* that question still waits for an answer */
    bool asks;          /* text_asks() */
    bool brief;         /* a few words: thanks after an answer are not a new question */
    bool wordless;      /* voice, image: nothing to read (MSG-13) */
    bool leaves;        /* text_leaves() */
};
enum meaning {
    MEANS_TALK,
    MEANS_QUESTION,
    MEANS_ANSWER,     /* to the question it replies to */
    MEANS_DETAIL,     /* the asker adds to an own open question */
    MEANS_SUBMISSION, /* a member's post in a one-way community: to the moderators only (MSG-2) */
    MEANS_LEAVE,      /* "please take me off", said in private (MSG-17) */
};
enum meaning meaning_of(const struct utterance *u);

/* ---- questions ---- */

enum question_act {
    ACT_ASSIGN,
    ACT_INTERIM,
    ACT_ANSWER, /* counted, without a source */
    ACT_VERIFY, /* counted, with source and date */
    ACT_REFER,
    ACT_CLOSE,
    ACT_REOPEN,
    ACT_MOVE_PRIVATE,
    ACT__MAX
};
/* PW_CONFLICT when the state does not allow it (MSG-11). `assigned`: someone has it (reopen goes back there). */
PW_MUST_CHECK enum pw_err question_next(enum question_state from, enum question_act act, bool assigned,
                                        enum question_state *ret);
bool question_is_open(enum question_state s); /* in the queue: until answered (MSG-11) */
enum question_rank question_rank_of(bool open, bool has_due, int used_permille); /* 750 soon, 1000 overdue (SLA-6) */
bool answered_in_time(int64_t answered_ms, int64_t due_ms);                      /* at the due moment counts */
/* Does this answer end the question's wait? Staff: yes. A member: when nobody promised to check (light), else only once
 * confirmed, completed or corrected (MOD-9). */
bool answer_counts(bool by_staff, enum community_moderation m, enum verification v);

/* Confirm, complete or correct needs source and date; the two latter need words too (MOD-9). Problems are named
 * "source", "checked_on", "text". Corrected or completed answers may be corrected again when facts change. */
PW_MUST_CHECK enum pw_err verification_check(enum verification from, enum verification to, struct sv source,
                                             struct sv checked_on, struct sv text, int64_t today, struct problems *ps);
/* A source and a day not in the future (MOD-10). `day` is civil (base/civil.h). */
PW_MUST_CHECK enum pw_err source_check(struct sv source, struct sv checked_on, int64_t today, struct problems *ps);

/* The types of posts (MSG-14), then corrections and newsletters, which are not written as a message. Ends with NULL. */
extern const char *const post_types[];
bool post_type_known(struct sv type);
const char *post_kind_label(struct sv type); /* message id; "Other" for a type nobody knows */

/* Does a post of this type carry facts, so that it needs both? A question to members does not, and a newsletter's parts
 * have their own (MOD-10). */
bool post_needs_source(struct sv type);

/* Held until opening? (SLA-5): staff replies outside hours, unless urgent; never where there are no hours. */
bool reply_is_held(bool has_hours, bool open_now, bool urgent);

/* KB-4 */
bool kb_is_verified(enum kb_state s, int64_t review_ms, int64_t now_ms);

#endif
