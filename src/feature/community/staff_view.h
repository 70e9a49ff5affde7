/* SPDX-License-Identifier: EUPL-1.2 */
/* staff_view: what the moderators' pages show. Filled by inbox_pages.c, answer_pages.c, manage_pages.c,
 * knowledge_pages.c; read by view/staff_X.html. */
#ifndef PW_STAFF_VIEW_H
#define PW_STAFF_VIEW_H

#include "core/org.h"
#include "core/people.h"
#include "feature/community/community_kit.h"
#include "ui/page.h"

struct option_row {
    int64_t id;
    struct sv code, label;
    bool chosen;
};
struct inbox_view {
    struct inbox_filter filter;
    struct inbox_counts counts;
    const struct question *rows;
    size_t n;
    const struct community *coms; /* all the actor works in */
    size_t n_coms;
    struct sv lang, state;            /* filters as codes */
    struct sv keep;                   /* the filter as a query text, "" or "?community=…" */
    struct sv next;                   /* path of the next page, empty = none */
    const struct question_view *open; /* the question in the right pane, NULL = none */
    const struct kb_entry *similar;   /* verified entries offered as answers (KB-3) */
    size_t n_similar;
    const struct option_row *people; /* who can be assigned */
    size_t n_people;
    const struct option_row *orgs; /* partners to refer to */
    size_t n_orgs;
    const struct topic *topics; /* of its community */
    size_t n_topics;
    struct sv answer, source, checked_on, interim; /* kept from the last try */
    struct sv today;                               /* YYYY-MM-DD in the community's zone */
    int64_t kb_entry;
    struct community_clock clock;
    struct place_note notes[PLACE_NOTES_MAX]; /* of other features, above the list */
    size_t n_notes;
    struct text_cost cost; /* of the answer as it stands, for an asker who reads by SMS (people > 0) */
};
struct joins_view {
    bool may_admit; /* in at least one community */
    const struct join_request *rows;
    const struct sv *com_names; /* parallel */
    size_t n;
    const struct join_request *open; /* with answers; NULL = none */
    struct sv open_com;
    struct sv open_invitation; /* for whom the invitation was made, empty = came without one */
};
struct invitations_view {
    struct community com;
    const struct invitation *rows;
    size_t n;
    struct sv public_url;                         /* of links as they are passed on */
    struct sv typed_label, typed_uses, typed_day; /* as typed last */
};
struct com_row {
    struct community com;
    struct inbox_counts counts;
};
struct communities_view {
    const struct com_row *rows;
    size_t n;
    bool may_create;
};
struct manage_view {
    struct community com;
    struct community_clock clock;
    bool may_admin, is_new;
    struct community_edit edit; /* as typed */
    struct sv words_lang;
    const struct community_words *words;
    size_t n_words;
    const struct community_start *starts; /* new: ready-made beginnings */
    size_t n_starts;
    const struct community_signs *signs; /* what other features say about it */
    const struct topic *topics;
    size_t n_topics;
    const struct screening *screening;
    size_t n_screening;
    const struct doc_text *docs[3]; /* guidelines, welcome, description: language versions */
    size_t n_docs[3];
    const struct grant *grants;
    const struct sv *grant_names;
    size_t n_grants;
    const struct option_row *people; /* accounts that may be given a role */
    size_t n_people;
    const struct option_row *orgs, *partners;
    size_t n_orgs, n_partners;
    const struct community_channel *channels;
    size_t n_channels;
    const struct option_row *connectable; /* channels of the installation */
    size_t n_connectable;
    /* The part that is shown again because something in it is to be corrected, and what was typed into it. */
    enum manage_form {
        MANAGE_NONE,
        MANAGE_WORDS,
        MANAGE_SCREENING,
        MANAGE_ROLE,
        MANAGE_PARTNER,
        MANAGE_CHANNEL,
        MANAGE_KEYWORDS,
        MANAGE_TOPIC
    } form;
    struct community_words typed;
    struct sv keywords[3]; /* fr, en, ar: as kept, or as typed */
    bool asks_exit;
    struct sv typed_question, typed_code, typed_label, typed_days, typed_chat, typed_limit, typed_limit_source;
};
struct text_view { /* editing one language of a document */
    struct community com;
    enum doc_kind kind;
    struct sv lang, title, body;
    bool is_source;
};
/* "By SMS: 2 parts · long alphabet (Unicode) · 0.02 CAD" */
struct sv cost_words(struct page *pg, const struct text_cost *t);
struct members_view {
    struct community com;
    bool may_admin;
    const struct exit_answer *exits; /* among those who left */
    size_t n_exits;
    const struct membership *rows;
    size_t n;
    enum membership_state state;
    bool older;      /* only those who accepted older guidelines */
    int64_t n_older; /* how many there are */
    struct sv next;
};
struct whole_view { /* a mail with what was cut off */
    struct sv text;
};
struct threads_view {
    struct community com;
    const struct thread *rows;
    size_t n;
    const struct thread *open;
    const struct message *messages;
    size_t n_messages;
    struct sv text;
    struct sv next; /* path of the next page, empty = none */
    struct community_clock clock;
};
struct knowledge_view {
    struct sv words;
    int64_t community_id;
    const struct community *coms;
    size_t n_coms;
    const struct kb_entry *rows;
    size_t n;
    const struct kb_entry *due;
    size_t n_due;
    enum kb_state state; /* which are listed */
    bool may_edit;
    struct sv next; /* path of the next page, empty = none */
};
struct entry_view {
    struct kb_entry entry; /* id 0 = new */
    struct community com;
    struct kb_edit edit; /* as typed */
    int64_t from_answer; /* the answer it is made from, 0 = none */
    bool may_edit;
};

struct absences_view {
    struct community com;
    bool may_admin;
    const struct absence *away;
    const struct sv *names; /* of those away */
    size_t n;
    struct sv stand_in; /* name; empty = none */
    const struct option_row *people;
    size_t n_people;
    int64_t person; /* as typed */
    struct sv from, until;
};

#endif
