/* SPDX-License-Identifier: EUPL-1.2 */
/* moderation: ladders, strikes, reports, appeals, one review queue, the urgent path, words that look personal (MOD,
 * SAFE, CNS-6). The only header of this room that other rooms include. Owns the tables of schema.sql.
 *
 * Actions run inside the caller's transaction, check the record right of c->actor and write audit and events with the
 * change; results live in c->arena. Errors as in community.h. */
#ifndef PW_MODERATION_H
#define PW_MODERATION_H

#include "base/buf.h"
#include "core/audit.h"
#include "feature/community/community_kit.h"
#include "feature/moderation/auto_rules.h"
#include "feature/moderation/moderation_rules.h"
#include "http/api.h"
#include "http/http.h"

extern const struct audit_word moderation_acts[]; /* what it writes into the access log, in words */
extern const struct route moderation_routes[], moderation_api_routes[]; /* end with path NULL */
extern const struct api_schema moderation_api_schemas[];                /* ends with name NULL */
extern const struct migration moderation_migrations[];
extern const size_t moderation_migrations_n;
void moderation_register(struct work *w); /* what it listens to; before work_start() */
void moderation_listen(void);             /* the same for commands that have no engine; may be repeated */

/* ---- ladders and settings (MOD-2, SAFE-2, Q-6) ---- */

/* Names of the shipped ladders, ends with NULL: "toolkit", "r613-offtopic", "r613-offensive", "repost-description",
 * "admin-delete". */
const char *const *moderation_ladder_names(void);
/* Administrators. Problems "category", "ladder". */
PW_MUST_CHECK enum pw_err moderation_set_ladder(struct ctx *c, int64_t community_id, struct sv category,
                                                struct sv ladder_name);
/* Own steps: one a line. The name becomes "own", or the shipped one whose steps they are. Problem "steps". */
PW_MUST_CHECK enum pw_err moderation_write_ladder(struct ctx *c, int64_t community_id, struct sv category,
                                                  struct sv steps);
struct ladder_of {
    enum mod_category category;
    struct sv name, steps; /* the general ladder when nothing was set */
    struct ladder ladder;
    bool set;
};
PW_MUST_CHECK enum pw_err moderation_ladder_of(struct ctx *c, int64_t community_id, struct sv category,
                                               struct ladder_of *ret);

struct mod_settings {
    enum mod_notice notice;
    enum mod_personal personal;
    int64_t strike_days, appeal_days, decide_days;
    struct sv excluded; /* "political religious" */
    struct auto_set automatic;
};
PW_MUST_CHECK enum pw_err moderation_settings(struct ctx *c, int64_t community_id, struct mod_settings *ret);
/* Administrators; `automatic` is left as it is. Problems "strike_days", "appeal_days", "decide_days", "excluded". */
PW_MUST_CHECK enum pw_err moderation_set(struct ctx *c, int64_t community_id, const struct mod_settings *s);
/* Automatic rules (channels.md §3). Administrators. Problems as auto_check(). */
PW_MUST_CHECK enum pw_err automatic_set(struct ctx *c, int64_t community_id, const struct auto_set *s);
/* kind "groups": better-suited groups, one a line (MOD-7); "numbers": emergency numbers, "911 = Police" a line, in
 * place of the shipped ones (SAFE-3). Problem named as the kind. */
PW_MUST_CHECK enum pw_err moderation_write_text(struct ctx *c, int64_t community_id, const char *kind, struct sv lang,
                                                struct sv body);
/* In that language, else (unless only_lang) in another; empty when nothing was written. */
PW_MUST_CHECK enum pw_err moderation_text_of(struct ctx *c, int64_t community_id, const char *kind, struct sv lang,
                                             bool only_lang, struct sv *ret);
/* The moderation part of a community's design as text: lines "ladder.off-topic = r613-offtopic", "excluded = …".
 * Reading knows its own keys only; PW_INVALID with a problem named as the key. */
PW_MUST_CHECK enum pw_err moderation_text_write(struct ctx *c, int64_t community_id, struct buf *out);
PW_MUST_CHECK enum pw_err moderation_text_read(struct ctx *c, int64_t community_id, struct sv key, struct sv value,
                                               bool *ret_known);

/* ---- acting on a message (MOD-3 to MOD-7, MOD-12) ---- */

/* The clauses of the guidelines one may quote, in the words of that version and language. */
PW_MUST_CHECK enum pw_err moderation_clauses(struct ctx *c, const struct community *com, int64_t version,
                                             struct sv lang, struct sv **ret, size_t *ret_n);
struct mod_proposal { /* what would happen, before it happens */
    struct community com;
    struct message message;
    struct membership member; /* of its author; id 0: not a member, only taking out of view is possible */
    struct ladder_of ladder;
    int64_t standing;   /* what was done about this message already; 0 = nothing */
    int64_t weight;     /* breaches that count now */
    size_t step;        /* index of the proposed step */
    struct sv *clauses; /* to choose from by number */
    size_t n_clauses;
    struct sv groups; /* better-suited groups as they would be named, in the member's language */
};
PW_MUST_CHECK enum pw_err moderation_propose(struct ctx *c, int64_t message_id, struct sv category,
                                             struct mod_proposal *ret);
struct mod_act_new {
    int64_t message_id, item_id; /* item: the report that led to it, 0 = none */
    struct sv category, reason;  /* reason: words for the person, may be empty */
    int64_t step;                /* from 1; 0 = the proposed one; never a heavier one (PW_INVALID "step") */
    int64_t clause;              /* from 1 in the list of moderation_clauses; 0 = none */
};
/* Copies the words as evidence, then does what the step says; all of it or nothing. PW_DENIED: one's own message.
 * PW_CONFLICT: something was done about it already, and stands. */
PW_MUST_CHECK enum pw_err moderation_act(struct ctx *c, const struct mod_act_new *n, int64_t *ret_action);
/* Takes back exactly what that action caused; other sanctions stay. PW_CONFLICT: taken back already. */
PW_MUST_CHECK enum pw_err moderation_undo(struct ctx *c, int64_t action_id);

struct mod_action {
    int64_t id, community_id, person_id, message_id, item_id, step, weight, guidelines_version, by_person, at_ms;
    int64_t expires_ms, undone_ms, undone_by, undone_item;
    struct sv category, ladder, acts, clause, reason, evidence; /* the two last: not in lists */
    struct sv name, by_name;
    bool counts, may_appeal;
};
/* Newest first, before_id 0 = all; person_id 0 = everyone's. Moderators and administrators. */
PW_MUST_CHECK enum pw_err moderation_log(struct ctx *c, int64_t community_id, int64_t person_id, int64_t before_id,
                                         int64_t limit, struct mod_action **ret, size_t *ret_n);
/* The actor's own. */
PW_MUST_CHECK enum pw_err moderation_mine(struct ctx *c, int64_t community_id, struct mod_action **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err moderation_action(struct ctx *c, int64_t action_id, struct mod_action *ret); /* audited */

/* ---- the review queue (SAFE-1, MOD-6, MOD-8, MOD-11) ---- */

struct mod_item {
    int64_t id, community_id, message_id, action_id, about, from_person, hidden_from, at_ms, start_ms, due_ms;
    int64_t decided_by, decided_ms;
    enum mod_item_kind kind;
    enum mod_item_state state;
    bool urgent, conflict, overdue;
    struct sv category, lang;
    struct sv words, copy, note, reason; /* moderation_item only */
    struct sv about_name, from_name, decided_name;
};
struct review_filter {
    int64_t community_id; /* 0 = all the actor works in */
    int kind;             /* enum mod_item_kind, -1 = all */
    bool done;            /* the decided ones, newest first */
    int64_t limit;        /* 1..200, 0 = 100 */
};
/* Urgent ones first, then by due time. What involves the actor is not there. */
PW_MUST_CHECK enum pw_err review_list(struct ctx *c, const struct review_filter *f, struct mod_item **ret,
                                      size_t *ret_n);
struct review_counts {
    int64_t open, urgent, overdue, kind[MOD_ITEM__MAX];
};
PW_MUST_CHECK enum pw_err review_count(struct ctx *c, int64_t community_id, struct review_counts *ret);
/* Reading is audited: in a transaction. */
PW_MUST_CHECK enum pw_err moderation_item(struct ctx *c, int64_t id, struct mod_item *ret);
PW_MUST_CHECK enum pw_err moderation_item_note(struct ctx *c, int64_t id, struct sv note); /* mediation */

/* A member reports a message (0: none, words say what). Alerts at once, the on-call person too when urgent. The same
 * report twice is one. Problems "category", "words". */
PW_MUST_CHECK enum pw_err report_send(struct ctx *c, int64_t community_id, int64_t message_id, struct sv category,
                                      struct sv words, int64_t *ret_item);
/* Closed without a sanction (`helped`: something was done otherwise); the reporter is told. */
PW_MUST_CHECK enum pw_err report_close(struct ctx *c, int64_t item_id, bool helped, struct sv reason);
/* Against the actor's own sanction; action 0 = the last one that can be appealed. PW_CONFLICT: too late, or sent
 * already. */
PW_MUST_CHECK enum pw_err appeal_send(struct ctx *c, int64_t community_id, int64_t action_id, struct sv words,
                                      int64_t *ret_item);
/* A removed person asks to come back. PW_DENIED when blocked. */
PW_MUST_CHECK enum pw_err readmission_send(struct ctx *c, int64_t community_id, struct sv words, int64_t *ret_item);
PW_MUST_CHECK enum pw_err readmission_open(struct ctx *c, int64_t community_id, bool *ret); /* may the actor ask now? */
/* Appeals and readmissions, by somebody else than who acted; the reason is told. Problem "reason". */
PW_MUST_CHECK enum pw_err appeal_decide(struct ctx *c, int64_t item_id, bool granted, struct sv reason);
/* A private offer (job, event), for members (MOD-8). A moderator makes a post of it (publishing.h), or declines it:
 * problem "reason". */
PW_MUST_CHECK enum pw_err opportunity_send(struct ctx *c, int64_t community_id, struct sv words, int64_t *ret_item);
PW_MUST_CHECK enum pw_err opportunity_decline(struct ctx *c, int64_t item_id, struct sv reason);
/* A message that looks personal: shown again, kept out of view, or (hide) taken out of view now. */
PW_MUST_CHECK enum pw_err personal_decide(struct ctx *c, int64_t item_id, bool show);

/* What an automatic rule did: `right`: it stays; else exactly what it caused is taken back. A simulated one, or one
 * that is over, is only put away. */
PW_MUST_CHECK enum pw_err automatic_decide(struct ctx *c, int64_t item_id, bool right);

/* ---- the urgent path (SAFE-3) ---- */

struct emergency_number {
    struct sv number, what;
};
PW_MUST_CHECK enum pw_err emergency_numbers(struct ctx *c, int64_t community_id, struct sv lang,
                                            struct emergency_number **ret, size_t *ret_n);
/* Somebody used the urgent path: the on-call persons are alerted, by every way they can be reached. */
PW_MUST_CHECK enum pw_err urgent_alert(struct ctx *c, int64_t community_id, struct sv words);
PW_MUST_CHECK enum pw_err oncall_set(struct ctx *c, int64_t community_id, int64_t person_id, struct sv hours);
PW_MUST_CHECK enum pw_err oncall_remove(struct ctx *c, int64_t community_id, int64_t person_id);

/* ---- guarded names (A-34) ---- */

struct guarded_name {
    int64_t id, at_ms;
    struct sv name;
};
PW_MUST_CHECK enum pw_err guarded_names(struct ctx *c, struct guarded_name **ret, size_t *ret_n); /* the actor's own */
PW_MUST_CHECK enum pw_err guarded_name_add(struct ctx *c, struct sv name);
PW_MUST_CHECK enum pw_err guarded_names_add(struct ctx *c, struct sv lines); /* one name a line, all or none */
PW_MUST_CHECK enum pw_err guarded_name_drop(struct ctx *c, int64_t id);

#endif
