/* SPDX-License-Identifier: EUPL-1.2 */
/* interpreting_pages: the handlers behind interpreting_routes, and what their templates show. */
#ifndef PW_INTERPRETING_PAGES_H
#define PW_INTERPRETING_PAGES_H

#include "feature/interpreting/interpreting_room.h"
#include "feature/person/person_kit.h"
#include "ui/component.h"
#include "ui/format.h"

#define INTERP_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
INTERP_HANDLER(bookings_get);
INTERP_HANDLER(booking_new_get);
INTERP_HANDLER(booking_new_post);
INTERP_HANDLER(booking_one_get);
INTERP_HANDLER(booking_print_get);
INTERP_HANDLER(booking_ics_get);
INTERP_HANDLER(booking_move_get);
INTERP_HANDLER(booking_move_post);
INTERP_HANDLER(booking_end_get);
INTERP_HANDLER(booking_state_post);
INTERP_HANDLER(interpreters_get);
INTERP_HANDLER(interpreter_new_get);
INTERP_HANDLER(interpreter_new_post);
INTERP_HANDLER(interpreter_one_get);
INTERP_HANDLER(interpreter_edit_get);
INTERP_HANDLER(interpreter_edit_post);
INTERP_HANDLER(interpreter_active_post);
INTERP_HANDLER(interpreter_ics_get);
INTERP_HANDLER(undertaking_record_post);
INTERP_HANDLER(undertaking_end_post);
INTERP_HANDLER(undertaking_print_get);
INTERP_HANDLER(undertaking_text_get);
INTERP_HANDLER(undertaking_text_post);
INTERP_HANDLER(interpreting_report_get);
INTERP_HANDLER(interpreting_export_get);
INTERP_HANDLER(message_through_get);
INTERP_HANDLER(message_through_post);
INTERP_HANDLER(join_through_get);
INTERP_HANDLER(join_through_post);
INTERP_HANDLER(message_through_json_get);
INTERP_HANDLER(message_through_json_post);
INTERP_HANDLER(join_through_json_get);
INTERP_HANDLER(join_through_json_post);
extern const struct field interp_through_fields[];

enum { LANG_CHOICES = 5 }; /* fields langs of the form */

struct bookings_view {
    const struct booking *v, *open; /* open: began, and nobody said what came of it */
    size_t n, n_open;
    bool past, may_book, may_manage, sees_report;
    int64_t own; /* the reader's own entry as an interpreter; 0 = none */
};
struct booking_view {
    struct booking b;
    bool started, covered;
    struct sv calls_path; /* to enter what was said; empty = not here */
};
struct booking_form {
    struct person person;
    struct booking_edit e; /* as typed */
    int64_t moving;        /* 0 = a new one */
    const struct interp_candidate *v;
    size_t n;
    bool looked;
};
struct interpreters_view {
    const struct interpreter *v;
    size_t n;
    struct sv lang;
    bool may_manage;
};
struct interpreter_view {
    struct interpreter i;
    bool may_manage;
    const struct undertaking *u;
    size_t n_u;
    const struct booking *bookings;
    size_t n_bookings;
    int64_t version; /* of the text in force; 0 = as shipped */
    struct undertaking_new typed;
    const struct doc_text *langs;
    size_t n_langs;
};
struct option_person {
    int64_t id;
    struct sv name;
};
struct interpreter_form {
    int64_t id; /* 0 = a new one */
    struct interpreter_edit e;
    bool has_account;
    const struct option_person *people; /* accounts that are not on the list yet */
    size_t n_people;
};
struct undertaking_view {
    struct doc_text text;
    struct html html;
    const struct doc_text *langs;
    size_t n_langs;
    bool may_manage;
    struct sv lang, title, body; /* of the form */
    bool is_source;
    struct interpreter who; /* print: whose sheet; id 0 = a blank one */
};
struct interp_report_view {
    const struct interp_month *months; /* oldest first */
    size_t n;
    const struct interp_month *one; /* the month whose parts are shown */
    bool shielded;                  /* small numbers are hidden */
};

struct through_view {
    struct interpreted x;
    struct sv chosen; /* as typed, else as it is */
    const struct through_offer *offers;
    size_t n;
};

/* Words of the templates. */
enum interp_split_kind { PART_LANG, PART_PURPOSE, PART_MODE, PART_HOW };
struct sv interp_part_name(const struct page *pg, enum interp_split_kind kind, struct sv code);
struct sv booking_day(const struct page *pg, const struct booking *b);  /* with the year when it is another */
struct sv booking_time(const struct page *pg, const struct booking *b); /* "10:00–11:00 (EST)" */
struct sv langs_text(const struct page *pg, const struct sv *codes, size_t n);
struct sv modes_text(const struct page *pg, unsigned modes);
struct sv candidate_says(const struct page *pg, const struct interp_candidate *x,
                         struct sv zone); /* why not; or busy */
struct sv civil_day_words(const struct page *pg, int64_t day);
enum ui_tone booking_tone(enum booking_state s);
struct sv hours_text_of(const struct page *pg, int64_t minutes); /* "2.5" */
/* An interpreter as the form or the JSON says it. */
struct interpreter_edit interpreter_typed(const struct http_req *q);

#endif
