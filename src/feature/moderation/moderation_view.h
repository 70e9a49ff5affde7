/* SPDX-License-Identifier: EUPL-1.2 */
/* moderation_view: what the pages of this room show. Filled by review_pages.c, sanction_pages.c, ladder_pages.c,
 * report_pages.c; read by view/X.html. */
#ifndef PW_MODERATION_VIEW_H
#define PW_MODERATION_VIEW_H

#include "core/people.h"
#include "feature/moderation/moderation.h"
#include "feature/moderation/setup_store.h"
#include "ui/component.h"
#include "ui/page.h"

/* ---- stored codes as words ---- */

struct sv acts_words(struct page *pg, struct sv acts);      /* "out of view, description again, …" */
struct sv category_label(struct page *pg, struct sv code);  /* "Off-topic" */
struct sv excluded_words(struct page *pg, struct sv codes); /* "Politics, Religion" */
enum ui_tone item_tone(const struct mod_item *it);

/* ---- staff ---- */

struct review_row { /* an item, or a join request of the community room */
    struct mod_item item;
    const struct join_request *join;
    struct sv com_name;
};
struct review_view {
    struct review_filter filter;
    struct review_counts counts;
    int64_t joins;
    bool only_joins;
    struct sv keep; /* the filter as a query text */
    const struct review_row *rows;
    size_t n;
    const struct community *coms;
    size_t n_coms;
    /* the open item: */
    const struct mod_item *open;
    struct community com;
    const struct message *around; /* its conversation, oldest first */
    size_t n_around;
    const struct mod_action *strikes; /* of the person it is about */
    size_t n_strikes;
    const struct mod_action *action; /* that is appealed */
    bool may_decide, wave_shut;
    struct sv reason, note; /* kept from the last try */
};
struct act_view {
    struct community com;
    struct message message;
    struct mod_proposal p;
    bool chosen; /* a category was chosen: p is filled */
    struct sv category, reason, excluded;
    int64_t item_id, step, clause, standing; /* standing: what was done already, 0 = nothing */
};
struct action_view {
    struct community com;
    struct mod_action a;
};
struct log_view {
    struct community com;
    const struct mod_action *rows;
    size_t n;
    int64_t older;
};
struct automatic_view {
    struct community com;
    struct auto_set s; /* as typed or as saved */
};
struct oncall_person {
    int64_t id;
    struct sv name;
};
struct ladders_view {
    struct community com;
    struct mod_settings set;
    struct ladder_of ladders[CAT__MAX];
    size_t n_ladders;
    struct sv lang; /* of the texts shown */
    struct sv groups, numbers;
    const struct oncall *oncall;
    size_t n_oncall;
    const struct oncall_person *people;
    size_t n_people;
    struct sv typed_category, typed_steps, typed_hours;
};

/* ---- members ---- */

struct report_form_view {
    struct community com;
    struct message message;
    struct sv category, words, excluded;
};
struct urgent_view {
    struct community com;
    const struct emergency_number *numbers;
    size_t n;
    bool member;
    struct sv words;
};
struct decisions_view {
    struct community com;
    const struct mod_action *rows;
    size_t n;
    bool removed, may_return;
    struct sv words;
    int64_t open_form; /* the appeal whose form is shown again, 0 = none */
};
struct opportunity_view {
    struct community com;
    struct sv words;
};
struct names_view {
    struct community com;
    const struct guarded_name *rows;
    size_t n;
    struct sv name;
};

#endif
