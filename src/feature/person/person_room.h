/* SPDX-License-Identifier: EUPL-1.2 */
/* person_room: what the files of this room share: the SQL of its tables, its actions, and the record that its pages and
 * its API show. */
#ifndef PW_PERSON_ROOM_H
#define PW_PERSON_ROOM_H

#include "core/consent.h"
#include "feature/person/person.h"
#include "feature/person/person_kit.h"

enum { PANELS_MAX = 8, PERSON_LANGS_MAX = 40 };

/* ---- right ---- */

bool works_at(const struct ctx *c, const struct person_place *p); /* moderates or administers it */
PW_MUST_CHECK enum pw_err person_need_places(struct ctx *c, int64_t person_id, struct person *ret,
                                             struct person_place **ret_places, size_t *ret_n);
PW_MUST_CHECK enum pw_err person_is_staff(struct ctx *c, int64_t person_id, bool *ret); /* an account or a role */
/* The actor's own record. PW_NOT_FOUND for who is nobody: tokens, the system. */
PW_MUST_CHECK enum pw_err person_own(struct ctx *c, struct person *ret);
PW_MUST_CHECK enum pw_err person_panels(struct ctx *c, const struct person *p, enum person_side side,
                                        struct person_panel ret[PANELS_MAX], size_t *ret_n);

/* ---- rules: pure ---- */

bool level_scale_parse(struct sv code, enum level_scale *ret);
bool level_skill_parse(struct sv code, enum level_skill *ret);
bool level_scale_used(const struct language_level *v, size_t n, enum level_scale scale); /* withdrawn ones count, too */
const char *level_why_label(struct sv code); /* message id; NULL when it is no reason */
/* "ar=sr fr=r" and back; what does not fit is left out. */
struct sv speech_text(struct arena *a, const struct person_lang *v, size_t n);
size_t speech_parse(struct sv text, struct person_lang v[PERSON_LANGS_MAX]);
/* LANG-3: the language of messages in a community: the preferred one when the community has it or the product speaks
 * it; else the first of the community's that the person reads; else its main one. */
struct sv message_lang(struct sv community_langs, struct sv preferred, bool product_speaks_it,
                       const struct person_lang *v, size_t n);

/* ---- store ---- */

/* Of the newest row of any of the ids. */
PW_MUST_CHECK enum pw_err speech_row(struct ctx *c, const int64_t *ids, size_t n, struct sv *ret_text);
PW_MUST_CHECK enum pw_err speech_put(struct ctx *c, int64_t person_id, struct sv text);
PW_MUST_CHECK enum pw_err level_insert(struct ctx *c, int64_t person_id, const struct language_level *l);
/* Those of one id, opened, without names. */
PW_MUST_CHECK enum pw_err level_rows(struct ctx *c, int64_t person_id, struct language_level **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err level_person(struct ctx *c, int64_t level_id, int64_t *ret_person);
PW_MUST_CHECK enum pw_err level_withdraw_row(struct ctx *c, int64_t level_id, struct sv why); /* PW_CONFLICT: it was */

/* ---- retention (CNS-8) ---- */

enum retention_kind {
    RETENTION_JOINS = OLD_JOINS,
    RETENTION_EXITS = OLD_EXITS,
    RETENTION_THREADS = OLD_THREADS,
    RETENTION_REQUESTS,
    RETENTION__MAX
};
enum { RETENTION_DAYS_MIN = 30, RETENTION_DAYS_MAX = 3650 };
#define RETENTION_TIMER SV("person.retention")
struct retention_run {
    struct sv kind;
    int64_t days, n, at_ms;
};
struct retention {
    int64_t days[RETENTION__MAX]; /* 0 = kept */
    int64_t due[RETENTION__MAX];  /* how many go the next time */
    struct retention_run *runs;   /* newest first */
    size_t n_runs;
    bool may_change;
};
const char *retention_code(enum retention_kind k); /* "joins" */
const char *retention_label(struct sv code);       /* message id */
/* Privacy officers and the network's administrator; PW_NOT_FOUND to others. */
PW_MUST_CHECK enum pw_err retention_get(struct ctx *c, struct retention *ret);
/* The administrator. ret_due is written also when it refuses: PW_INVALID, field "sure", when something would go and
 * `sure` is not said. */
PW_MUST_CHECK enum pw_err retention_set(struct ctx *c, const int64_t days[RETENTION__MAX], bool sure,
                                        int64_t ret_due[RETENTION__MAX]);
PW_MUST_CHECK enum pw_err retention_run(struct ctx *c); /* every night, by the system */

/* ---- two records of one person (PPL-2) ---- */

struct twin {
    struct person p;
    bool same_name, same_number;
    bool may_merge;
};
struct twins {
    struct twin *v;
    size_t n;
    bool more; /* not every member of a large community was looked at */
};
/* Records that may be of the same person: the same name in a community of both, without case, accents and variants of
 * letters; a telephone number written another way. Only those that the actor may work with. */
PW_MUST_CHECK enum pw_err twins_find(struct ctx *c, int64_t person_id, struct twins *ret);
struct twin_view {
    struct person keep, drop;
    struct person_place *keep_places, *drop_places;
    size_t n_keep, n_drop;
};
/* Both, for who may merge them: who administers every community of both, or the network. PW_DENIED: may not. Audited.
 */
PW_MUST_CHECK enum pw_err twin_look(struct ctx *c, int64_t keep, int64_t drop, struct twin_view *ret);
/* Who administers every community of a record may merge and part it, the network's administrator any; records of staff
 * only the latter. */
PW_MUST_CHECK enum pw_err twins_may(struct ctx *c, int64_t person_id, const struct person_place *v, size_t n,
                                    bool *ret);
PW_MUST_CHECK enum pw_err twins_merge(struct ctx *c, int64_t keep, int64_t drop);
/* The newest merge into this record is taken back. PW_CONFLICT: there is none. */
PW_MUST_CHECK enum pw_err twins_part(struct ctx *c, int64_t keep);

/* ---- the record, as pages and API show it ---- */

struct person_app { /* one way in which the person is reached, never the number or name there */
    struct sv kind, channel_name;
    int64_t since_ms;
    bool stopped; /* the person stopped us there */
};
struct person_consent {
    struct consent c;
    struct sv recipient; /* name of the organisation; empty = none */
    bool in_force;
};
struct person_record {
    struct person p;
    struct person_place *places; /* staff: those where the reader works; all for the network's administrator */
    struct person_lang *langs;
    struct language_level *levels;
    struct person_app *apps;
    struct person_consent *consents;
    struct disclosure *disclosures;
    struct person_merged *merges;
    struct person_panel panels[PANELS_MAX];
    size_t n_places, n_langs, n_levels, n_apps, n_consents, n_disclosures, n_merges, n_panels;
    bool may_part; /* the newest merge can be taken back by this reader */
};
/* For staff: right, record, and the trace in the access log (CNS-7), so it needs a transaction. */
PW_MUST_CHECK enum pw_err record_read(struct ctx *c, int64_t person_id, struct person_record *ret);
/* The actor's own. */
PW_MUST_CHECK enum pw_err record_own(struct ctx *c, struct person_record *ret);
/* The actor's own record and words as one readable JSON text (CNS-8). Audited. */
struct buf;
PW_MUST_CHECK enum pw_err record_file(struct ctx *c, struct buf *out);
struct json_w;
void record_write(struct json_w *w, const struct person_record *r); /* its members, inside an object */
/* The actor's own consent ends at once (CNS-2). */
PW_MUST_CHECK enum pw_err consent_own_withdraw(struct ctx *c, int64_t consent_id);
const char *consent_purpose_label(enum consent_purpose p); /* message id */

#endif
