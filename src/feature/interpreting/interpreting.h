/* SPDX-License-Identifier: EUPL-1.2 */
/* interpreting: interpreters, their confidentiality undertakings, appointments with them, and the mark "through
 * interpreter" on what people said (LANG-5). The only header of this room that other rooms include. Owns the tables of
 * schema.sql.
 *
 * Actions run inside the caller's transaction (c->db), check the record right of c->actor, and write audit, events,
 * notices and outgoing sends with the change. Results live in c->arena. PW_NOT_FOUND also for what this actor may not
 * see; PW_INVALID with problems; PW_CONFLICT when the state moved on. */
#ifndef PW_INTERPRETING_H
#define PW_INTERPRETING_H

#include "core/access.h"
#include "core/audit.h"
#include "core/consent.h"
#include "core/document.h"
#include "feature/community/community_kit.h"
#include "feature/interpreting/interpreting_rules.h"
#include "http/api.h"
#include "http/http.h"

extern const struct migration interpreting_migrations[];
extern const size_t interpreting_migrations_n;
extern const struct audit_word interpreting_acts[]; /* what it writes into the access log, in words */
extern const struct route interpreting_routes[], interpreting_api_routes[]; /* end with path NULL */
extern const struct api_schema interpreting_api_schemas[];
void interpreting_register(struct work *w);

/* ---- the mark, for every room that takes in what a person said ---- */

/* What was chosen in a form that offers interpreted_offers(): "" = the person spoke for themself, "booking:ID",
 * "interpreter:ID", "family". Kept once for each object ("message", "join", later "assessment", "survey" …): again
 * changes it, "" takes it away. community_id 0 = in none. PW_INVALID: problem "through". The caller has checked that
 * the actor may work with the person. */
PW_MUST_CHECK enum pw_err interpreted_mark(struct ctx *c, const char *object, int64_t object_id, int64_t person_id,
                                           int64_t community_id, struct sv choice);
/* What a form offers: the appointments of this person (0 = nobody chosen yet) in the last 30 days, the interpreters
 * under an undertaking in force, and family or friend. Labels are in c->lang. */
PW_MUST_CHECK enum pw_err interpreted_offers(struct ctx *c, int64_t person_id, struct through_offer **ret,
                                             size_t *ret_n);
/* For showing: "Through interpreter: Samira" to who may see the name, "Through interpreter" to other staff, empty for
 * what has no mark, and for everybody who is no staff of the community. ret: n texts in c->lang. */
PW_MUST_CHECK enum pw_err interpreted_words(struct ctx *c, const char *object, const int64_t *ids, size_t n,
                                            struct sv *ret);

/* One thing that somebody said, and its mark: for who works there and with the person. */
struct interpreted {
    const char *object; /* "message", "join" */
    int64_t id, person_id, community_id, said_ms;
    int64_t booking_id, interpreter_id, marked_by, marked_ms; /* 0 without a mark */
    struct sv choice;                                         /* as it would be chosen now; "self" without a mark */
    struct sv said;                                           /* in words; empty without a mark */
    struct sv person_name, marked_name, words;                /* words: of a message */
    struct sv place;                                          /* the page where it is shown */
};
/* Audited as the opening of the words, so in a transaction. PW_NOT_FOUND: no such object, or not this actor's. */
PW_MUST_CHECK enum pw_err interpreted_look(struct ctx *c, struct sv object, int64_t id, struct interpreted *ret);
/* Corrects the mark: a choice of the offers, or "self": it is taken away. The months follow. ret_was: what it was
 * before. PW_INVALID: problem "through". */
PW_MUST_CHECK enum pw_err interpreted_correct(struct ctx *c, struct sv object, int64_t id, struct sv choice,
                                              struct interpreted *ret_was);
/* What the form of a correction offers: as for new words, with what is marked now. */
PW_MUST_CHECK enum pw_err interpreted_offers_for(struct ctx *c, const struct interpreted *x, struct through_offer **ret,
                                                 size_t *ret_n);

/* ---- interpreters ---- */

enum { INTERPRETER_LANGS_MAX = 40 };
struct interpreter {
    int64_t id, person_id, added_ms, upcoming; /* upcoming: open appointments from now on */
    enum interpreter_kind kind;
    unsigned modes; /* 1 << enum interp_mode */
    bool active;
    struct sv name, service;
    struct sv availability, reached; /* interpreter_read() only */
    const struct sv *langs;
    size_t n_langs;
    enum promise_cover cover; /* of an undertaking today, in the installation's zone */
    bool self;                /* the reader */
};
struct interpreter_edit {
    int64_t person_id; /* an account's person; 0 = a new record by `name`. Not changed afterwards */
    struct sv name, service, availability, reached;
    struct sv kind;                 /* code */
    const struct sv *langs, *modes; /* codes */
    size_t n_langs, n_modes;
};
bool interpreting_may_manage(const struct ctx *c); /* the list and the undertakings: who coordinates */
bool interpreting_may_book(const struct ctx *c);   /* see the list and book for those they work with */
PW_MUST_CHECK enum pw_err interpreter_add(struct ctx *c, const struct interpreter_edit *e, int64_t *ret_id);
PW_MUST_CHECK enum pw_err interpreter_change(struct ctx *c, int64_t id, const struct interpreter_edit *e);
/* No longer offered, or offered again. Appointments to come stay: they are cancelled one by one. */
PW_MUST_CHECK enum pw_err interpreter_set_active(struct ctx *c, int64_t id, bool active);
/* All of them, active first, then by name; lang empty = all. Not how they are reached. */
PW_MUST_CHECK enum pw_err interpreter_list(struct ctx *c, struct sv lang, struct interpreter **ret, size_t *ret_n);
/* With how they are reached: audited, so in a transaction. Staff who book, and the interpreter. */
PW_MUST_CHECK enum pw_err interpreter_read(struct ctx *c, int64_t id, struct interpreter *ret);
/* The actor's own entry; PW_NOT_FOUND for everybody else. */
PW_MUST_CHECK enum pw_err interpreter_own(struct ctx *c, struct interpreter *ret);

/* ---- undertakings ---- */

struct undertaking {
    int64_t id, interpreter_id, doc_version, signed_day, until_day, recorded_by, recorded_ms;
    enum consent_method method;
    struct sv lang, recorded_name;
    bool in_force; /* today */
};
struct undertaking_new {
    struct sv signed_on, until_on; /* "2026-03-04"; until_on empty = no end */
    struct sv method, lang;        /* codes */
};
const char *undertaking_method_code(enum consent_method m);
const char *undertaking_method_label(enum consent_method m);
/* With the version of the text that is in force. PW_INVALID: "signed_on", "until_on", "method", "lang". */
PW_MUST_CHECK enum pw_err undertaking_record(struct ctx *c, int64_t interpreter_id, const struct undertaking_new *n);
/* Holds no more from today on. */
PW_MUST_CHECK enum pw_err undertaking_end(struct ctx *c, int64_t interpreter_id, int64_t id);
PW_MUST_CHECK enum pw_err undertaking_list(struct ctx *c, int64_t interpreter_id, struct undertaking **ret,
                                           size_t *ret_n);
/* The text in a language, else the original; version 0: the one shipped, which nobody changed or signed yet. */
PW_MUST_CHECK enum pw_err undertaking_text(struct ctx *c, struct sv lang, struct doc_text *ret);
/* The languages it is written in, the original first. */
PW_MUST_CHECK enum pw_err undertaking_langs(struct ctx *c, struct doc_text **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err undertaking_write(struct ctx *c, struct sv lang, struct sv title, struct sv body,
                                            bool is_source);

/* ---- appointments ---- */

struct booking {
    int64_t id, person_id, interpreter_id, interpreter_person, community_id, start_local, start_ms, minutes, told_ms;
    int64_t turn, asked_by, asked_ms, changed_ms;
    enum booking_purpose purpose;
    enum interp_mode mode;
    enum booking_state state;
    struct sv lang, with_lang, zone;
    struct sv person_name, interpreter_name, asked_name;
    struct sv purpose_words, place, notes; /* booking_read() only; notes not for the interpreter */
    bool as_interpreter;                   /* the reader sees it as the one who interprets, with what that needs */
    bool may_change;                       /* the reader works with the person */
};
struct booking_edit {
    int64_t person_id, interpreter_id;
    struct sv purpose, purpose_words, lang, with_lang, mode, place, notes;
    struct sv start; /* "2026-03-08T02:30" by the clock of `zone` */
    struct sv zone;
    int64_t minutes;
};
/* PW_INVALID names the field: "interpreter" also when they are taken then (with the next free moment) or nobody holds
 * them to confidentiality that day. */
PW_MUST_CHECK enum pw_err booking_ask(struct ctx *c, const struct booking_edit *e, int64_t *ret_id);
/* Another time, place, mode or interpreter; who is concerned is told, and the interpreter confirms again. PW_CONFLICT:
 * it has begun or is over. Person and purpose stay. */
PW_MUST_CHECK enum pw_err booking_move(struct ctx *c, int64_t id, const struct booking_edit *e);
/* Staff who work with the person, and the interpreter for confirming and declining. PW_CONFLICT: not from this state.
 */
PW_MUST_CHECK enum pw_err booking_set_state(struct ctx *c, int64_t id, enum booking_state to);
/* Audited, so in a transaction. */
PW_MUST_CHECK enum pw_err booking_read(struct ctx *c, int64_t id, struct booking *ret);
struct booking_filter {
    int64_t person_id, interpreter_id; /* 0 = all that the actor may see */
    bool past;                         /* else those that have not ended */
    int64_t limit;                     /* 0 = 200 */
};
/* Upcoming: soonest first; past: latest first. */
PW_MUST_CHECK enum pw_err booking_list(struct ctx *c, const struct booking_filter *f, struct booking **ret,
                                       size_t *ret_n);

/* Who could interpret, the best first, with why not. start empty: whenever. PW_INVALID as for booking_ask. */
struct interp_candidate {
    struct interpreter who;
    struct interp_fit fit;
    int64_t next_free_ms; /* when taken then; else 0 */
};
PW_MUST_CHECK enum pw_err booking_candidates(struct ctx *c, const struct booking_edit *e, int64_t moving,
                                             struct interp_candidate **ret, size_t *ret_n);

/* ---- numbers ---- */

enum { INTERP_PARTS = 48 };
struct interp_part {
    struct sv code;
    int64_t n, minutes;
    bool hidden, fewer; /* small numbers (decision 0016) */
};
struct interp_split {
    struct interp_part v[INTERP_PARTS];
    size_t n;
};
struct interp_month {
    int64_t month; /* year * 12 + month - 1, by the wall clock of each appointment */
    int64_t held, minutes, to_come, cancelled, not_kept;
    int64_t marks;                                    /* words marked, by when they were said, calendar of UTC */
    struct interp_split langs, purposes, modes, hows; /* of held ones; hows: of marks */
};
enum interp_sight { INTERP_FULL, INTERP_PROTECTED };
/* Who manages (all of the network) or only sees results. PW_NOT_FOUND to others. */
PW_MUST_CHECK enum pw_err interpreting_see(struct ctx *c, enum interp_sight *ret);
PW_MUST_CHECK enum pw_err interpreting_months(struct ctx *c, int64_t first, int64_t last, struct interp_month **ret,
                                              size_t *ret_n);

#endif
