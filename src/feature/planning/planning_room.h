/* SPDX-License-Identifier: EUPL-1.2 */
/* planning_room: what the files of this room share: rows, their SQL, and what people do with them. */
#ifndef PW_PLANNING_ROOM_H
#define PW_PLANNING_ROOM_H

#include "core/consent.h"
#include "feature/planning/planning.h"
#include "feature/planning/planning_fields.h"
#include "feature/planning/planning_rules.h"
#include "feature/planning/platform_rules.h"

/* ---- what planning knows about a community ---- */

struct plan {
    int64_t community_id, started_ms, per_moderator, workload_told_ms;
    bool needs_file, partner_admins;
    struct sv preset;
};
/* The defaults when nothing was set. No right is asked. */
PW_MUST_CHECK enum pw_err plan_row(struct ctx *c, int64_t community_id, struct plan *ret);
PW_MUST_CHECK enum pw_err plan_save(struct ctx *c, const struct plan *p);
PW_MUST_CHECK enum pw_err plan_begin(struct ctx *c, struct plan *p); /* the file exists from now on */

/* ---- the planning file (MSG-4) ---- */

struct plan_entry {
    int64_t id, written_ms, written_by;
    struct sv field, value, name /* of the writer */;
};
struct plan_line {
    int64_t id, number;
    struct sv list, what, note;
};
struct plan_override {
    int64_t at_ms, by_person;
    struct sv lines, reason, name;
};
struct plan_file {
    struct plan plan;
    struct plan_entry *entries; /* the newest of each field */
    size_t n_entries;
    struct plan_line *lines;
    size_t n_lines;
    struct plan_override *overrides; /* newest first */
    size_t n_overrides;
};
PW_MUST_CHECK enum pw_err plan_load(struct ctx *c, int64_t community_id, struct plan_file *ret);
const struct plan_entry *plan_entry_of(const struct plan_file *f, struct sv field); /* NULL: never written */
struct sv plan_value(const struct plan_file *f, const char *field);
/* For staff of the community. */
PW_MUST_CHECK enum pw_err plan_open(struct ctx *c, int64_t community_id, struct community *ret_com,
                                    struct plan_file *ret);
PW_MUST_CHECK enum pw_err plan_history(struct ctx *c, int64_t community_id, struct sv section_or_field,
                                       struct plan_entry **ret, size_t *ret_n);
struct plan_typed {
    struct sv field, value;
};
/* Saves what differs. seen: the newest entry the writer saw (0 = none): a field that somebody else saved since is a
 * problem that quotes what they wrote, and nothing is saved (problem named as the field). Begins the file. */
PW_MUST_CHECK enum pw_err plan_write(struct ctx *c, int64_t community_id, const struct plan_typed *v, size_t n,
                                     int64_t seen);
/* Problems "what", "number". The same thing again changes its number and note. */
PW_MUST_CHECK enum pw_err plan_line_write(struct ctx *c, int64_t community_id, struct sv list, struct sv what,
                                          int64_t number, struct sv note);
PW_MUST_CHECK enum pw_err plan_line_remove(struct ctx *c, int64_t community_id, int64_t line_id);

/* What stands against opening, as codes of the checklist and "partner-admin". */
struct readiness {
    struct ready_line {
        const char *code, *label; /* message id */
        struct sv arg;
        enum ready state;
    } v[3 + 24];
    size_t n, open; /* open: not "yes" */
};
PW_MUST_CHECK enum pw_err plan_readiness(struct ctx *c, const struct community *com, const struct plan_file *f,
                                         struct readiness *ret);
/* Draft or ready → live. reason: needed while a line is not "yes", and then stands in the file. Problem
 * "reason". */
PW_MUST_CHECK enum pw_err plan_launch(struct ctx *c, int64_t community_id, struct sv reason);

struct plan_settings {
    bool needs_file, partner_admins;
    int64_t per_moderator;
};
PW_MUST_CHECK enum pw_err plan_set(struct ctx *c, int64_t community_id, const struct plan_settings *s);
/* Names who administers for a partner, and gives the right. Problems "org", "person". */
PW_MUST_CHECK enum pw_err partner_admin_name(struct ctx *c, int64_t community_id, int64_t org_id, int64_t person_id);
struct partner_seat {
    int64_t org_id;
    struct sv org, names; /* names with commas; empty = nobody yet */
};
PW_MUST_CHECK enum pw_err partner_seats(struct ctx *c, const struct community *com, struct partner_seat **ret,
                                        size_t *ret_n);

/* ---- files and consents (A-33) ---- */

struct case_row {
    int64_t person_id, consent_ms; /* 0 = no consent in force */
    struct sv name, file_number;
    bool consent;
};
/* Active members with their file and consent, for moderators; audited: call it in a transaction. */
PW_MUST_CHECK enum pw_err case_list(struct ctx *c, int64_t community_id, struct case_row **ret, size_t *ret_n);
struct case_edit {
    int64_t person_id;
    struct sv file_number;
    bool consent;           /* a signed consent is recorded now */
    struct sv method, lang; /* code of enum consent_method */
};
/* Problems "person", "file_number", "method". */
PW_MUST_CHECK enum pw_err case_record(struct ctx *c, int64_t community_id, const struct case_edit *e);
PW_MUST_CHECK enum pw_err case_withdraw(struct ctx *c, int64_t community_id, int64_t person_id);
/* The gate: problem "text" says why staff may not write. */
PW_MUST_CHECK enum pw_err case_gate(void *self, struct ctx *c, const struct community *com, int64_t person_id);

/* The text that is signed. Problems "lang_of", "title", "body". */
PW_MUST_CHECK enum pw_err consent_write(struct ctx *c, int64_t community_id, struct sv lang, struct sv title,
                                        struct sv body, bool is_source);

/* ---- workload (Q-34) ---- */

struct workload {
    int64_t members, moderators, per_moderator;
    bool on;
};
PW_MUST_CHECK enum pw_err workload_of(struct ctx *c, const struct community *com, struct workload *ret);
PW_MUST_CHECK enum pw_err workload_look(struct ctx *c, int64_t community_id); /* tells once when it turns on */

/* ---- platform choice (MSG-5) ---- */

struct platform_view {
    struct platform all[PLATFORMS_MAX];
    struct platform_rank ranks[PLATFORMS_MAX];
    int64_t users[PLATFORMS_MAX]; /* parallel to all */
    size_t n;
    struct platform_wish wish;
    struct own_factor own[OWN_MAX];
    int64_t asked;
    struct sv chosen, why;
};
PW_MUST_CHECK enum pw_err platform_load(struct ctx *c, const struct plan_file *f, struct platform_view *ret);
/* plan_write() of the importance of factors and the choice, which needs its reason: problem "why". */
PW_MUST_CHECK enum pw_err platform_write(struct ctx *c, int64_t community_id, const struct plan_typed *v, size_t n,
                                         int64_t seen);

/* ---- promotion kit (MSG-19) ---- */

extern const char *const promo_items[];   /* codes, ends with NULL */
extern const char *const promo_labels[];  /* message ids, parallel */
extern const char *const promo_lengths[]; /* "short", "medium", "long", ends with NULL */
const char *promo_item_label(struct sv code);
/* Key messages by length; words: parallel to promo_lengths. As plan_write(); problem "lang_of". */
struct sv promo_message(struct ctx *c, const struct plan_file *f, int length, struct sv lang);
PW_MUST_CHECK enum pw_err promo_messages_write(struct ctx *c, int64_t community_id, struct sv lang,
                                               const struct sv words[3], int64_t seen);
struct promo_place {
    int64_t id, placed_by, requests, accepted;
    struct sv code, place, item, lang, placed_on, name, link;
};
struct promo_place_new {
    struct sv place, item, lang, placed_on;
    int64_t uses; /* with last_day: of the invitation it carries where people are invited, as invitation_new */
    struct sv last_day;
};
PW_MUST_CHECK enum pw_err promo_places(struct ctx *c, const struct community *com, struct promo_place **ret,
                                       size_t *ret_n);
/* Problems "place", "item", "lang_of", "placed_on", "uses", "last_day". ret_code: the source its join requests will
 * carry. Where people are invited the place gets an invitation of its own. */
PW_MUST_CHECK enum pw_err promo_place_add(struct ctx *c, int64_t community_id, const struct promo_place_new *p,
                                          struct sv *ret_code);
PW_MUST_CHECK enum pw_err promo_place_remove(struct ctx *c, int64_t community_id, int64_t id);
/* Where a sheet leads: with the place's invitation while it works, else to the form. Empty: nowhere, as people are
 * invited and the place (or no place) has no invitation that works. */
PW_MUST_CHECK enum pw_err promo_link(struct ctx *c, const struct community *com, struct sv code, struct sv *ret);
enum promo_sheet { SHEET_POSTER, SHEET_CARDS };
/* PW_NOT_FOUND: it would lead nowhere. */
PW_MUST_CHECK enum pw_err promo_print(struct ctx *c, const struct community *com, enum promo_sheet sheet, bool letter,
                                      struct sv lang, struct sv code, struct buf *out);

/* ---- platform move (MSG-16) ---- */

struct move {
    int64_t id, community_id, to_channel, started_ms, reminded_ms, reminders, ended_ms;
    struct sv from_kind, to_kind, address;
    int64_t counts[MOVE__MAX];
};
struct move_new {
    struct sv from_kind, address;
    int64_t to_channel; /* 0 = our own pages */
};
/* The open move, else the last one. */
PW_MUST_CHECK enum pw_err move_last(struct ctx *c, int64_t community_id, struct move *ret);
/* Invites every active member who is there, with a personal link. Problems "from", "to", "address". */
PW_MUST_CHECK enum pw_err move_begin(struct ctx *c, int64_t community_id, const struct move_new *n,
                                     int64_t *ret_people);
PW_MUST_CHECK enum pw_err move_remind(struct ctx *c, int64_t community_id, int64_t *ret_people);
PW_MUST_CHECK enum pw_err move_close(struct ctx *c, int64_t community_id, int64_t *ret_lost);
PW_MUST_CHECK enum pw_err move_mark(struct ctx *c, int64_t community_id, int64_t person_id, enum move_state to);
struct move_person {
    int64_t person_id, changed_ms;
    enum move_state state;
    struct sv name;
};
PW_MUST_CHECK enum pw_err move_people(struct ctx *c, const struct move *m, struct move_person **ret, size_t *ret_n);
/* What a personal link opens; PW_NOT_FOUND for unknown ones. */
struct move_invitation {
    struct move move;
    struct community com;
    int64_t person_id;
    enum move_state state;
};
PW_MUST_CHECK enum pw_err move_open(struct ctx *c, struct sv token, struct move_invitation *ret);
PW_MUST_CHECK enum pw_err move_answer(struct ctx *c, struct sv token, enum move_state to);
PW_MUST_CHECK enum pw_err move_ear(void *self, struct ctx *c, const struct community *com, int64_t person_id,
                                   const struct channel *ch, const struct chan_event *e, bool *ret_used);

/* ---- winding down (MSG-18) ---- */

struct ending {
    struct sv reason, words, read_only_on, archive_on;
    int64_t announced_ms, read_only_ms, archived_ms;
};
PW_MUST_CHECK enum pw_err ending_row(struct ctx *c, int64_t community_id, struct ending *ret); /* PW_NOT_FOUND: none */
/* Announces: tells every member in their language. Problems "reason", "read_only_on", "archive_on". */
PW_MUST_CHECK enum pw_err ending_begin(struct ctx *c, int64_t community_id, const struct ending *e);
PW_MUST_CHECK enum pw_err ending_step(struct ctx *c, int64_t community_id); /* announced → read-only → archived, now */
PW_MUST_CHECK enum pw_err ending_undo(struct ctx *c, int64_t community_id); /* until archived: live again */
PW_MUST_CHECK enum pw_err ending_due(struct ctx *c, int64_t community_id);  /* timer */

/* ---- what stands on communities ---- */

PW_MUST_CHECK enum pw_err plan_gate(void *self, struct ctx *c, const struct community *com, enum community_status to);

PW_MUST_CHECK enum pw_err planning_text_write(struct ctx *c, int64_t community_id, struct buf *out);
PW_MUST_CHECK enum pw_err planning_text_read(struct ctx *c, int64_t community_id, struct sv key, struct sv value,
                                             bool *ret_known);

bool plan_key_known(struct sv field);
PW_MUST_CHECK enum pw_err preset_cards(void *self, struct ctx *c, struct community_start **ret, size_t *ret_n);

/* All active members, whatever their number. */
typedef enum pw_err (*member_fn)(void *arg, struct ctx *c, const struct membership *m);
PW_MUST_CHECK enum pw_err members_each(struct ctx *c, int64_t community_id, member_fn fn, void *arg);
struct sv staff_path(struct ctx *c, int64_t community_id, const char *rest); /* "/communities/<id>/rest" */

#endif
