/* SPDX-License-Identifier: EUPL-1.2 */
/* person: what is recorded once about a person for everybody who works with them (PPL-1, LANG-3, LANG-7, CNS-8): their
 * page for staff (/persons/ID) and for themself (/my-data). The only header of this room that other rooms include. Owns
 * the tables of schema.sql. Actions run inside the caller's transaction; results live in c->arena. */
#ifndef PW_PERSON_H
#define PW_PERSON_H

#include "core/audit.h"
#include "core/people.h"
#include "feature/community/community_kit.h"
#include "http/api.h"
#include "http/http.h"

extern const struct migration person_migrations[];
extern const size_t person_migrations_n;
extern const struct route person_routes[], person_own_routes[], person_api_routes[]; /* end with path NULL */
extern const struct api_schema person_api_schemas[];
extern const struct audit_word person_acts[]; /* what it writes into the access log, in words */
void person_register(struct work *w);

/* ---- right ---- */

/* May this actor work with this person? Who moderates or administers a community where the person is or was a member or
 * asked to be one (so also the coordinator of its owner), and the network's administrator. ret: the record that stands
 * for the id, its own id in it. PW_NOT_FOUND to everybody else, the person included, and for an erased record. Leaves
 * no trace itself: what shows or changes something about the person audits that. */
PW_MUST_CHECK enum pw_err person_need(struct ctx *c, int64_t person_id, struct person *ret);
/* The same question of a page that only shows or hides a link. */
PW_MUST_CHECK enum pw_err person_may(struct ctx *c, int64_t person_id, bool *ret);
/* "/persons/ID": the page of staff. */
struct sv person_page_path(struct ctx *c, int64_t person_id);

/* ---- panels: what other features know of a person, on the person's pages ---- */

enum person_side {
    PERSON_STAFF, /* /persons/ID: the reader was admitted by person_need(); say only what this actor may see */
    PERSON_OWN,   /* /my-data and its file: the reader is the person */
};
struct person_line {
    struct sv text, note, path; /* note and path may be empty */
};
struct person_panel {
    struct sv title; /* already translated into c->lang; empty = nothing is shown */
    struct sv empty; /* said when there are no lines */
    const struct person_line *lines;
    size_t n;
    struct sv link, path; /* below the lines: "Add …" and where it leads; may be empty */
};
/* Runs in a transaction, so that it can audit what it shows (CNS-7). */
typedef enum pw_err (*person_panel_fn)(void *self, struct ctx *c, const struct person *p, enum person_side side,
                                       struct person_panel *ret);
void person_panel_add(person_panel_fn fn, void *self); /* at start, before the first request; at most 8 */

/* ---- languages (LANG-3); no right is checked: the caller has asked person_need() or is the person ---- */

struct person_lang {
    struct sv code;
    bool speaks, reads;
};
/* What the person speaks and reads, in the order of noting; the preferred one is struct person.lang. */
PW_MUST_CHECK enum pw_err person_langs(struct ctx *c, int64_t person_id, struct person_lang **ret, size_t *ret_n);

/* ---- levels (LANG-7): English on CLB, French on NCLC, each skill for itself ---- */

enum level_scale { SCALE_CLB, SCALE_NCLC, SCALE__MAX };
enum level_skill { SKILL_LISTENING, SKILL_SPEAKING, SKILL_READING, SKILL_WRITING, SKILL__MAX };
enum { LEVEL_MIN = 1, LEVEL_MAX = 12 };
const char *level_scale_code(enum level_scale s);  /* "clb" */
const char *level_scale_label(enum level_scale s); /* message id */
const char *level_skill_code(enum level_skill k);  /* "listening" */
const char *level_skill_label(enum level_skill k); /* message id */

struct language_level {
    int64_t id, level, noted_by, noted_ms, withdrawn_by, withdrawn_ms;
    enum level_scale scale;
    enum level_skill skill;
    bool self; /* the person says so; else assessed */
    struct sv assessor, on_day, withdrawn_why;
    struct sv noted_name, withdrawn_name;
};
/* All findings, by day, the newest first; withdrawn ones too. */
PW_MUST_CHECK enum pw_err person_levels(struct ctx *c, int64_t person_id, struct language_level **ret, size_t *ret_n);
/* The newest that counts for one skill of one scale; NULL when there is none. */
const struct language_level *level_now(const struct language_level *v, size_t n, enum level_scale scale,
                                       enum level_skill skill);

/* ---- actions on languages and levels: the person themself, or who passes person_need() ---- */

/* Neither speaks nor reads: taken off the list. */
PW_MUST_CHECK enum pw_err lang_note(struct ctx *c, int64_t person_id, struct sv code, bool speaks, bool reads);
/* Messages use it from now on, in every community (message_lang). */
PW_MUST_CHECK enum pw_err lang_prefer(struct ctx *c, int64_t person_id, struct sv code);
PW_MUST_CHECK enum pw_err limited_set(struct ctx *c, int64_t person_id, bool limited); /* EQ-3 */
struct level_new {
    struct sv scale, skill; /* codes */
    int64_t level;
    bool self;
    struct sv assessor; /* needed when assessed */
    struct sv on_day;   /* YYYY-MM-DD; empty = today */
};
/* Staff only. PW_INVALID names the fields. */
PW_MUST_CHECK enum pw_err level_note(struct ctx *c, int64_t person_id, const struct level_new *n, int64_t *ret_id);
PW_MUST_CHECK enum pw_err level_withdraw(struct ctx *c, int64_t person_id, int64_t level_id, struct sv why);

/* ---- disclosures (CNS-3): what left the service about a person ---- */

struct disclosure {
    int64_t id, given_ms, noted_by, noted_ms;
    struct sv what, recipient, basis, reason, noted_name;
};
struct disclosure_new {
    struct sv what, recipient, basis /* code */, reason;
    struct sv on_day; /* YYYY-MM-DD; empty = today */
};
const char *disclosure_basis_label(struct sv basis); /* message id; NULL when it is none */
bool disclosure_needs_reason(struct sv basis);       /* without the person's own yes (CNS-4, CNS-5) */
/* Staff. In an emergency supervisors and coordinators of the owners are told (CNS-5). PW_INVALID names the fields. */
PW_MUST_CHECK enum pw_err disclosure_note(struct ctx *c, int64_t person_id, const struct disclosure_new *n,
                                          int64_t *ret_id);
PW_MUST_CHECK enum pw_err disclosure_list(struct ctx *c, const int64_t *ids, size_t n_ids, struct disclosure **ret,
                                          size_t *ret_n);

/* ---- erasing (CNS-8) ---- */

struct erasure {
    int64_t id, person_id, asked_ms, decided_ms, decided_by;
    struct sv state;         /* "open", "done", "declined", "withdrawn" */
    struct sv words, reason; /* empty once erased */
    struct sv name, decided_name;
};
const char *erasure_state_label(struct sv state); /* message id */
/* The actor's own: the newest request (PW_NOT_FOUND: none), asking, taking back. PW_CONFLICT: one is open already, or
 * none is. */
PW_MUST_CHECK enum pw_err erasure_own(struct ctx *c, struct erasure *ret);
PW_MUST_CHECK enum pw_err erasure_ask(struct ctx *c, struct sv words, int64_t *ret_id);
/* Staff write down that the person asked, by telephone or at the counter (EQ-2); words: how, needed. PW_CONFLICT: one
 * is open already. */
PW_MUST_CHECK enum pw_err erasure_ask_for(struct ctx *c, int64_t person_id, struct sv words, int64_t *ret_id);
PW_MUST_CHECK enum pw_err erasure_take_back(struct ctx *c);
/* For privacy officers and the network's administrator; PW_NOT_FOUND to others. Open ones first, oldest first; then the
 * decided ones, newest first. Reading one is audited, so it needs a transaction. */
PW_MUST_CHECK enum pw_err erasure_list(struct ctx *c, struct erasure **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err erasure_get(struct ctx *c, int64_t id, struct erasure *ret, struct person_traces *ret_traces);
/* PW_CONFLICT: decided already. PW_INVALID: the box is not ticked, or somebody of the staff whom only the administrator
 * erases. */
PW_MUST_CHECK enum pw_err erasure_do(struct ctx *c, int64_t id, bool sure);
PW_MUST_CHECK enum pw_err erasure_decline(struct ctx *c, int64_t id, struct sv reason); /* the person is told */

#endif
