/* SPDX-License-Identifier: EUPL-1.2 */
/* program: what an organisation offers people over a time: the modes it offers, who is enrolled, which mode each person
 * prefers and uses, and results by mode (EQ-5, EQ-6, PPL-1, CONF-2). A program may have a message space: a community.
 * The only header of this room that other rooms include. Owns the tables of schema.sql.
 *
 * The same rules as community.h: actions run inside the caller's transaction, check the record right, write audit and
 * event with the change; results live in c->arena.
 *
 * Rights. Writes: a coordinator of the owner organisation, whoever administers the message space (a solo organiser has
 * nobody else), the network's administrator. Reads people and records preferences: moderators of the message space,
 * too. Sees results: an evaluator or supervisor of the owner, of the message space or of the network. For all others
 * the program does not exist; members of its message space see their own part of it. */
#ifndef PW_PROGRAM_H
#define PW_PROGRAM_H

#include "core/audit.h"
#include "core/org.h"
#include "feature/community/community_kit.h"
#include "feature/program/program_rules.h"
#include "http/api.h"
#include "http/http.h"

extern const struct route program_routes[], program_member_routes[], program_api_routes[]; /* end with path NULL */
extern const struct audit_word program_acts[]; /* in words, for the access log */
extern const struct api_schema program_api_schemas[];
extern const struct migration program_migrations[];
extern const size_t program_migrations_n;
void program_register(struct work *w); /* what it adds to communities and persons; before work_start() */

/* ---- programs ---- */

enum program_sight { SIGHT_NONE, SIGHT_RESULTS, SIGHT_PEOPLE, SIGHT_WRITE };
struct program {
    int64_t id, owner_org, community_id /* 0 = no message space */, words_doc, created_ms, changed_ms;
    enum program_state state;
    unsigned modes; /* offered: bits 1 << enum delivery */
    struct sv languages, territory, zone, starts_on, ends_on;
    struct sv name, purpose, lang; /* in c->lang, else the source language */
    bool words_old;                /* these words are older than their source (LANG-4) */
    enum program_sight sight;      /* of c->actor */
};
struct program_edit {  /* as typed; all are written */
    int64_t owner_org; /* 0: that of the message space */
    int64_t community_id;
    struct sv modes, languages, territory, starts_on, ends_on; /* modes, languages: codes with spaces */
};
struct program_words {
    struct sv lang, name, purpose;
    bool old; /* older than the source */
};
/* A draft, with its words in the first language. Problems "modes", "languages", "owner_org", "community", "starts_on",
 * "ends_on", "territory", "name", "purpose". */
PW_MUST_CHECK enum pw_err program_create(struct ctx *c, const struct program_edit *e, const struct program_words *words,
                                         int64_t *ret_id);
PW_MUST_CHECK enum pw_err program_update(struct ctx *c, int64_t id, const struct program_edit *e);
/* In the source language: the others become out of date. Problems "lang_of", "name", "purpose". */
PW_MUST_CHECK enum pw_err program_write_words(struct ctx *c, int64_t id, const struct program_words *words);
/* Closing ends the enrolments of that day. PW_CONFLICT: not from this state. */
PW_MUST_CHECK enum pw_err program_set_state(struct ctx *c, int64_t id, enum program_state to);

PW_MUST_CHECK enum pw_err program_get(struct ctx *c, int64_t id, struct program *ret);
/* Those of which the actor sees anything, drafts and open ones first. */
PW_MUST_CHECK enum pw_err program_list(struct ctx *c, struct program **ret, size_t *ret_n);
/* Open ones where the actor may enrol. */
PW_MUST_CHECK enum pw_err program_writable(struct ctx *c, struct program **ret, size_t *ret_n);
/* Every language of the program, empty names for what is not written. */
PW_MUST_CHECK enum pw_err program_words_list(struct ctx *c, const struct program *p, struct program_words **ret,
                                             size_t *ret_n);
/* The program whose message space this is; PW_NOT_FOUND. No right is asked. */
PW_MUST_CHECK enum pw_err program_of_space(struct ctx *c, int64_t community_id, struct program *ret);
/* What the actor may make a program of: organisations they coordinate, message spaces they administer that have none.
 */
PW_MUST_CHECK enum pw_err program_owners(struct ctx *c, struct org **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err program_spaces(struct ctx *c, struct community **ret, size_t *ret_n);

/* ---- enrolments (PPL-1) ---- */

struct enrolment {
    int64_t id, program_id, person_id, since_day, ended_day; /* days since 1970-01-01 */
    bool ended;
    enum wish prefers;
    enum delivery uses;
    enum unmet unmet;
    struct sv end_reason, name /* of the person */, program /* its name, in lists of a person */;
};
struct enrolment_filter {
    int64_t after_id; /* cursor */
    bool ended, unmet_only;
    int64_t limit; /* 1..200, 0 = 50 */
};
PW_MUST_CHECK enum pw_err enrolment_list(struct ctx *c, int64_t program_id, const struct enrolment_filter *f,
                                         struct enrolment **ret, size_t *ret_n);
struct enrolment_counts {
    int64_t now, ended, unmet;
    int64_t uses[DELIVERY__MAX], wishes[WISH__MAX]; /* of those enrolled now */
};
PW_MUST_CHECK enum pw_err enrolment_count(struct ctx *c, const struct program *p, struct enrolment_counts *ret);
struct enrolment_step {
    int64_t at_ms, by_person, on_day;
    enum wish prefers;
    enum delivery uses;
    struct sv what, name; /* of who did it */
};
/* One enrolment with its history, oldest first. */
PW_MUST_CHECK enum pw_err enrolment_get(struct ctx *c, int64_t id, struct enrolment *ret, struct program *ret_program,
                                        struct enrolment_step **ret_steps, size_t *ret_n);
/* All of a person that the actor may read, newest first. */
PW_MUST_CHECK enum pw_err enrolments_of_person(struct ctx *c, int64_t person_id, struct enrolment **ret, size_t *ret_n);

struct enrol_new {
    const int64_t *persons;
    size_t n;
    struct sv since;         /* day; empty = today */
    struct sv prefers, uses; /* codes; prefers empty: what the person said before, else "not-asked" */
};
/* Several at once; who is enrolled already is left as is and counted. Problems "persons", "since", "prefers", "uses".
 */
PW_MUST_CHECK enum pw_err program_enrol(struct ctx *c, int64_t program_id, const struct enrol_new *n,
                                        int64_t *ret_enrolled, int64_t *ret_already);
/* Codes; empty = as it is. The mode in use must be offered; a preferred one need not. Problems "prefers", "uses". */
PW_MUST_CHECK enum pw_err enrolment_set(struct ctx *c, int64_t id, struct sv prefers, struct sv uses);
/* on: the last day, not after today; empty = today. Problems "on", "reason". */
PW_MUST_CHECK enum pw_err enrolment_end(struct ctx *c, int64_t id, struct sv on, struct sv reason);
PW_MUST_CHECK enum pw_err enrolment_take_back(struct ctx *c, int64_t id); /* the end was an error */

/* Members of the message space who are not enrolled, after a membership of (after_ms, after_id). */
struct candidate {
    int64_t membership_id, person_id, accepted_ms;
    enum wish prefers; /* said before; else not asked */
    struct sv name;
};
PW_MUST_CHECK enum pw_err program_candidates(struct ctx *c, const struct program *p, int64_t after_ms, int64_t after_id,
                                             struct candidate **ret, size_t *ret_n, bool *ret_more);

/* ---- the person themselves ---- */

struct own_part {
    struct program p;
    struct enrolment e; /* id 0: not enrolled */
    enum wish prefers;
};
/* For a member of the message space. PW_NOT_FOUND: no program there, or it is not open. */
PW_MUST_CHECK enum pw_err program_own(struct ctx *c, int64_t community_id, struct own_part *ret);
PW_MUST_CHECK enum pw_err program_own_wish(struct ctx *c, int64_t community_id, struct sv prefers);

/* ---- the report (EQ-5) ---- */

enum { REPORT_MONTHS_MAX = 36 };
struct program_report {
    struct program p;
    int64_t first, last; /* months (base/month.h) */
    bool protect;        /* parts as mode_show and wish_show allow; one calendar quarter that is over */
    struct program_figures f;
};
/* PW_INVALID: problem "from". Who only sees results gets the last whole quarter that begins not after `first`. */
PW_MUST_CHECK enum pw_err program_report(struct ctx *c, int64_t id, int64_t first, int64_t last,
                                         struct program_report *ret);
int64_t program_month(struct ctx *c, const struct program *p); /* the running one */

#endif
