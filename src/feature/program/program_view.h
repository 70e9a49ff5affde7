/* SPDX-License-Identifier: EUPL-1.2 */
/* program_view: what the pages of this room show. Filled by *_pages.c, read by view/X.html. */
#ifndef PW_PROGRAM_VIEW_H
#define PW_PROGRAM_VIEW_H

#include "base/civil.h"
#include "base/month.h"
#include "feature/program/program.h"
#include "ui/component.h"
#include "ui/format.h"

enum program_tab { TAB_PROGRAM, TAB_PEOPLE, TAB_RESULTS };
struct programs_view {
    const struct program *v;
    const struct sv *owners; /* parallel: names of the organisations */
    size_t n;
    bool may_create;
};
struct program_view {
    struct program p;
    struct sv owner;
    struct community space; /* id 0: none */
    const struct program_words *words;
    size_t n_words;
    struct enrolment_counts counts;   /* sight >= SIGHT_PEOPLE */
    struct sv lang_of, name, purpose; /* as typed */
};
struct program_form_view {
    struct program p; /* id 0: a new one */
    struct sv modes, languages, territory, starts_on, ends_on, name, purpose;
    int64_t owner_org, community_id;
    const struct org *owners;
    size_t n_owners;
    const struct community *spaces;
    size_t n_spaces;
};
struct people_view {
    struct program p;
    struct enrolment_counts counts;
    struct enrolment_filter f;
    const struct enrolment *v;
    size_t n;
    struct sv next; /* path of the next page, empty = none */
};
struct enrol_view {
    struct program p;
    const struct candidate *v;
    size_t n;
    struct sv next;
    struct sv since, prefers, uses; /* as typed */
    const bool *ticked;             /* parallel to v */
};
struct enrolment_view {
    struct enrolment e;
    struct program p;
    const struct enrolment_step *steps;
    size_t n_steps;
    struct sv prefers, uses, on, reason; /* as typed */
};
struct person_enrol_view {
    int64_t person_id;
    struct sv name, back;    /* back: the page of the person */
    const struct program *v; /* where the reader may enrol them */
    size_t n;
    int64_t program;
    struct sv since, prefers, uses; /* as typed */
};
struct own_view {
    struct own_part own;
    struct community com;
    bool member; /* may say what they prefer; else staff who look */
};

/* ---- the tables of a report: the page, the file and the print show the same ---- */

enum figure_kind { FIGURE_TEXT, FIGURE_NUMBER, FIGURE_CHANGE /* with its sign */, FIGURE_SHARE, FIGURE_HIDDEN };
struct figure {
    enum figure_kind kind;
    struct sv text;
    int64_t n, of; /* a share is n of `of` */
};
struct figure_table {
    struct sv title;
    struct sv columns[10];
    size_t n_columns;
    struct figure cells[10 * (WISH__MAX + 1)];
    size_t n_rows;
};
enum { REPORT_TABLES = 3 }; /* comings and goings; preferences; results */
struct report_view {
    struct program_report r;
    struct figure_table t[REPORT_TABLES];
    struct sv from, to;     /* as typed */
    struct sv older, newer; /* paths; who only sees results goes from quarter to quarter */
    bool over;              /* the period is over */
};
void report_tables(const struct page *pg, const struct program_report *r, struct figure_table t[REPORT_TABLES]);
struct sv figure_share(const struct page *pg, const struct figure *f);  /* "67 % (n = 12)" */
struct sv figure_change(const struct page *pg, const struct figure *f); /* "+2", "−1", "0" */

/* ---- words ---- */

static inline struct sv program_day(const struct page *pg, int64_t day)
{
    return format_date(pg->cat, pg->arena, day * CIVIL_DAY_MS, SV("UTC"));
}
static inline struct sv program_day_text(const struct page *pg, struct sv iso)
{
    int64_t day;
    return civil_parse_date(iso, &day) ? program_day(pg, day) : iso;
}
struct sv modes_said(const struct page *pg, unsigned modes); /* "Remote · In person" */
const char *step_label(struct sv what);                      /* message id */

#endif
