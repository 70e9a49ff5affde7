/* SPDX-License-Identifier: EUPL-1.2 */
/* usage: honest monthly numbers computed from activity (EVAL-1 to EVAL-4, SLA-7, Q-19, Q-20, Q-29, Q-30).
 * The only header of this room that other rooms include. Owns the tables of schema.sql. The same rules as community.h:
 * actions run inside the caller's transaction, results live in c->arena. */
#ifndef PW_USAGE_H
#define PW_USAGE_H

#include "base/smallcount.h"
#include "core/audit.h"
#include "feature/community/community_kit.h"
#include "feature/usage/table_rules.h"
#include "feature/usage/usage_rules.h"
#include "http/api.h"
#include "http/http.h"
#include "sheet/sheet.h"

extern const struct audit_word usage_acts[]; /* what it writes into the access log, in words */
extern const struct route usage_routes[];    /* ends with path NULL */
extern const struct route usage_api_routes[];
extern const struct api_schema usage_api_schemas[];
extern const struct migration usage_migrations[];
extern const size_t usage_migrations_n;
void usage_register(struct work *w); /* timers, event subscribers; before work_start() */

/* ---- who sees what ---- */

/* Who moderates or administers a community sees its counts as they are. An evaluator or supervisor (of the community,
 * its owner or the network) sees results: totals as they are, parts by language and channel with small numbers
 * protected, whole months only. Others: PW_NOT_FOUND. The community is shown whatever its visibility. */
enum usage_sight { USAGE_PROTECTED, USAGE_ALL };
PW_MUST_CHECK enum pw_err usage_see(struct ctx *c, int64_t community_id, struct community *ret,
                                    enum usage_sight *ret_sight);
/* The same, but only those who moderate or administer: notes, ends, imports, categories, summaries. */
PW_MUST_CHECK enum pw_err usage_keep(struct ctx *c, int64_t community_id, struct community *ret);

/* Every community whose numbers the actor may see. */
PW_MUST_CHECK enum pw_err usage_seen(struct ctx *c, struct community **ret, size_t *ret_n);

/* ---- months ---- */

struct usage_month {
    int64_t month;
    bool closed;              /* computed once and kept; else as of now */
    bool running;             /* not over yet */
    const struct activity *a; /* all[DID_VANISH] and all[DID_MEMBERS] with what was accepted as silently gone */
    /* What may be shown of the parts, by place in a->langs and a->kinds; NULL = everything. */
    enum small_show (*lang_show)[DID__MAX], (*kind_show)[DID__MAX];
    bool has_end; /* a person entered what the platform showed */
    int64_t entered, gone /* accepted in this month */, gone_so_far;
    struct sv note;
};
enum { USAGE_MONTHS_MAX = 60 };
/* The months of [first, last] that the community has lived through, oldest first. PW_INVALID: more than
 * USAGE_MONTHS_MAX. */
PW_MUST_CHECK enum pw_err usage_months(struct ctx *c, const struct community *com, enum usage_sight sight,
                                       int64_t first, int64_t last, struct usage_month **ret, size_t *ret_n);
int64_t usage_current_month(struct ctx *c, const struct community *com);
int64_t usage_first_month(const struct community *com);

/* ---- any period of days (T-6) ---- */

struct usage_period {
    int64_t from_day, to_day; /* civil days by the community's clock; to_day at most today */
    int64_t members_before;   /* when from_day began */
    const struct activity *a; /* all[], posts and hours of the period; all[DID_MEMBERS] at its end */
};
/* Problem "from". Who only sees results gets whole months. */
PW_MUST_CHECK enum pw_err usage_period(struct ctx *c, const struct community *com, enum usage_sight sight,
                                       int64_t from_day, int64_t to_day, struct usage_period *ret);

/* ---- silently gone (A-55, Q-30) ---- */

struct usage_end {
    int64_t previous, joined, left, removed, gone, computed, entered;
    int64_t missing;     /* proposed as silently gone; below 0 = more people than we know of */
    int64_t gone_before; /* accepted in earlier months: so many may be found again */
};
PW_MUST_CHECK enum pw_err usage_end_propose(struct ctx *c, const struct community *com, int64_t month, int64_t entered,
                                            struct usage_end *ret);
PW_MUST_CHECK enum pw_err usage_end_accept(struct ctx *c, int64_t community_id, int64_t month, int64_t entered,
                                           struct sv note);

/* ---- notes on causes (EVAL-4) ---- */

struct usage_note {
    int64_t id, month, at_ms;
    struct sv text;
};
PW_MUST_CHECK enum pw_err usage_notes(struct ctx *c, const struct community *com, int64_t first, int64_t last,
                                      struct usage_note **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err usage_note_add_to(struct ctx *c, int64_t community_id, int64_t month, struct sv text);
PW_MUST_CHECK enum pw_err usage_note_remove(struct ctx *c, int64_t community_id, int64_t id);

/* ---- activity categories and tables from before (T-5, Q-19, EVAL-3) ---- */

PW_MUST_CHECK enum pw_err usage_categories(struct ctx *c, int64_t community_id, struct usage_category **ret,
                                           size_t *ret_n);
/* code empty: a new one. n = 0: the shipped four again. Codes that imported figures use cannot be left out. */
PW_MUST_CHECK enum pw_err usage_set_categories(struct ctx *c, int64_t community_id, const struct usage_category *v,
                                               size_t n);
struct usage_table { /* categories by months */
    int64_t first;
    size_t months, n;
    const struct usage_category *categories;
    int64_t *cells; /* n * months */
    bool *imported; /* months whose figures were imported */
    bool *known;    /* false: neither lived through nor imported */
};
/* Months from the first that is known; `months` are those of usage_months() for the same time. Imported figures stand
 * in place of computed ones. */
PW_MUST_CHECK enum pw_err usage_activity(struct ctx *c, const struct community *com, int64_t first, int64_t last,
                                         const struct usage_month *months, size_t n, struct usage_table *ret);
struct usage_import {
    int64_t id, at_ms, remarks, first, last; /* months */
    struct sv reason, corrected;
};
/* A foreign table, read and placed: XLSX, CSV or pasted text. One problem of `field` says where it cannot be read, and
 * why. */
PW_MUST_CHECK enum pw_err usage_table_read(struct ctx *c, struct sv bytes, const char *field, struct sheet_read *ret,
                                           struct count_table *ret_table);
/* Are its columns months from the first on? Problem "first", or `field` that names the column which is not. */
PW_MUST_CHECK enum pw_err usage_import_months(struct ctx *c, const struct count_table *t, int64_t first,
                                              const char *field);
/* What would stand beside it: months that another table gave, and months that were counted. */
struct usage_meets {
    int64_t imported, counted;
};
PW_MUST_CHECK enum pw_err usage_import_meets(struct ctx *c, const struct community *com, int64_t first, int64_t last,
                                             struct usage_meets *ret);
struct usage_import_new {
    int64_t community_id, first_month; /* of the first column; the others follow */
    struct count_table *table;
    const struct sv *categories; /* for each row: a code, or empty = a new category of that name */
    bool correct;                /* take the suggested correction */
    struct sv reason;
};
/* Problems "reason", "first", "table", "category<row>". A month shows the figures of the newest table that has it. */
PW_MUST_CHECK enum pw_err usage_import_table(struct ctx *c, const struct usage_import_new *n);
/* Its months show what they showed before: an older table, what was counted, or nothing. */
PW_MUST_CHECK enum pw_err usage_import_remove(struct ctx *c, int64_t community_id, int64_t import_id);
PW_MUST_CHECK enum pw_err usage_imports(struct ctx *c, const struct community *com, struct usage_import **ret,
                                        size_t *ret_n);

/* ---- for members: what we did last month (EVAL-14) ---- */

struct usage_summary {
    int64_t month, members, joined, asked, answered, in_time, promised, median_ms, posts, published_ms;
    struct sv words; /* the moderators', in c->lang or the community's main language */
};
PW_MUST_CHECK enum pw_err usage_summary_draft(struct ctx *c, const struct community *com, int64_t month,
                                              struct usage_summary *ret);
struct usage_words {
    struct sv lang, words;
};
PW_MUST_CHECK enum pw_err usage_summary_publish(struct ctx *c, int64_t community_id, int64_t month,
                                                const struct usage_words *words, size_t n);
PW_MUST_CHECK enum pw_err usage_summary_withdraw(struct ctx *c, int64_t community_id, int64_t month);
/* Published ones, newest first, for whoever may see the community; month 0 = all. */
PW_MUST_CHECK enum pw_err usage_summaries(struct ctx *c, const struct community *com, int64_t month,
                                          struct usage_summary **ret, size_t *ret_n);

#endif
