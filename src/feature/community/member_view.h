/* SPDX-License-Identifier: EUPL-1.2 */
/* member_view: what the pages of members show. Filled by member_pages.c and join_pages.c, read by view/member_X.html.
 */
#ifndef PW_MEMBER_VIEW_H
#define PW_MEMBER_VIEW_H

#include "feature/community/community_kit.h"
#include "ui/page.h"

/* The community, seen by whoever looks: head of each of its pages. */
struct place {
    struct community com;
    struct community_clock clock;
    struct membership me; /* state MEMBER_NONE for visitors */
    bool active;          /* me is an active member */
    bool asked, refused;  /* no member: how the own last request stands */
    bool may_moderate;    /* staff looking at the members' side */
    bool guest;           /* sees only the form to join, by an invitation */
    bool may_act;         /* moderators and administrators: take messages away (MOD-12) */
    struct sv hours_text; /* "Mon–Fri 09:00–17:00", in words of the page's language */
};
struct home_view {
    const struct community *listed; /* without hers */
    size_t n_listed;
    const struct membership *mine;
    const struct community *mine_com; /* parallel to mine */
    size_t n_mine;
};
struct place_view {
    struct place place;
    struct html description; /* of the description document, may be empty */
    const struct sv *partners;
    size_t n_partners;
    const struct public_answer *answers;
    size_t n_answers;
    const struct question *mine;
    size_t n_mine;
    struct place_note notes[PLACE_NOTES_MAX]; /* of other features */
    size_t n_notes;
};
struct stop_view { /* the link at the foot of a letter */
    struct sv token;
    bool done, posts_only;
};
struct left_view {
    struct place place;
    struct sv reason, words; /* as typed */
};
struct join_view {
    struct place place;
    struct html guidelines;
    int64_t guidelines_version;
    bool guidelines_old; /* the text shown is an older translation */
    const struct screening *questions;
    const struct sv *answers; /* kept from the last try, parallel */
    size_t n_questions;
    struct join_choices choices; /* n 0: no feature asks */
    struct sv choice;            /* as chosen */
    struct sv name;
    struct sv invitation;                  /* code that was shown (MSG-1) */
    struct sv from;                        /* code of the place where the link was found (MSG-19) */
    const struct chan_driver *const *seen; /* outside platforms of this community (CNS-9) */
    size_t n_seen;
    bool known; /* the person is known here already: no name is asked */
};
struct asked_view { /* the request is sent, or the person is in: link and code to come back */
    struct place place;
    struct sv link, code; /* shown once */
};
struct ask_view {
    struct place place;
    struct sv text;
    bool to_private;
    const struct topic *topics;
    size_t n_topics;
    struct sv topic; /* chosen */
    const struct kb_entry *similar;
    size_t n_similar;
};
struct answers_view {
    struct place place;
    struct sv words;
    const struct kb_entry *entries;
    size_t n_entries;
    int64_t more_id; /* the next page of them begins after this one; 0 = none */
    const struct public_answer *answers;
    size_t n_answers;
    int64_t older_ms; /* next page, 0 = none */
};
struct stream_view {
    struct place place;
    const struct message *messages; /* newest first */
    size_t n;
    int64_t older_ms, older_id;
    struct sv text;
    bool may_write;
    const struct topic *topics;
    size_t n_topics;
    struct sv topic; /* shown only, and chosen for what is written; empty = all */
};
struct thread_view {
    struct place place;
    const struct message *messages; /* oldest first */
    size_t n;
    struct sv text;
};
struct question_page {
    struct place place;
    struct question_view q;
    struct sv text;
};
/* Are these the words of an answer, which stand in its card under the conversation and not twice? */
bool stands_below(const struct question_page *v, const struct message *m);
struct guidelines_view {
    struct place place;
    struct html text;
    struct sv title;
    bool old;
    bool may_accept; /* a member who accepted an older one */
    int64_t version;
};
struct back_view {
    struct sv token; /* from the link; empty = type the code */
};

#endif
