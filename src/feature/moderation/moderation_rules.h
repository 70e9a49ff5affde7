/* SPDX-License-Identifier: EUPL-1.2 */
/* moderation_rules: the pure decisions of the moderation room: categories, ladders, which step comes next, what is
 * urgent, who may decide. No SQL, no clock: time comes in as an argument. Requirement ids stand at each rule. */
#ifndef PW_MODERATION_RULES_H
#define PW_MODERATION_RULES_H

#include "base/arena.h"
#include "base/err.h"

/* What a message can be reported or sanctioned for (MOD-2, SAFE 3.5). */
enum mod_category {
    CAT_OFF_TOPIC,
    CAT_OFFENSIVE,
    CAT_ADVERTISING,
    CAT_PRIVACY,
    CAT_FALSE_INFO,
    CAT_DISRESPECT,
    CAT_ILLEGAL,
    CAT_HARASSMENT,
    CAT_VIOLENCE,
    CAT_SELF_HARM, /* never a breach: the person needs help */
    CAT_SAFETY,    /* the urgent path (SAFE-3): no breach either */
    CAT__MAX
};
const char *mod_category_code(enum mod_category c);  /* "off-topic" */
const char *mod_category_label(enum mod_category c); /* message id */
bool mod_category_parse(struct sv code, enum mod_category *ret);
bool mod_category_urgent(enum mod_category c); /* alerts the on-call person at any hour */
bool mod_category_breach(enum mod_category c); /* has a ladder */

/* ---- ladders ---- */

enum mod_act {
    ACT_WARN = 1,      /* private, quoting the clause accepted at joining (MOD-4) */
    ACT_DELETE = 2,    /* taken out of view here and on the platforms */
    ACT_REPOST = 4,    /* the description is posted again */
    ACT_SUGGEST = 8,   /* private message that names better-suited groups (MOD-7) */
    ACT_RESTRICT = 16, /* reads on, cannot write, for some days */
    ACT_REMOVE = 32,
    ACT_BLOCK = 64,  /* removed, and readmission cannot be asked for */
    ACT_NOTICE = 128 /* the group is told */
};
enum { LADDER_STEPS_MAX = 8, LADDER_TEXT_MAX = 600, RESTRICT_DAYS_MAX = 365, WEIGHT_MAX = 5 };
struct ladder_step {
    unsigned acts;
    int days;   /* of ACT_RESTRICT */
    int weight; /* breaches it counts as, from 1 */
};
struct ladder {
    size_t n;
    struct ladder_step v[LADDER_STEPS_MAX];
};
/* One step a line, words "warn delete repost suggest restrict=7 remove block notice weight=2". PW_INVALID adds a
 * problem for `field` that names the word that is not known. */
PW_MUST_CHECK enum pw_err ladder_parse(struct sv text, const char *field, struct ladder *ret, struct problems *ps);
struct sv ladder_step_text(struct arena *a, const struct ladder_step *s); /* reads back the same */
const char *mod_act_label(enum mod_act a);                                /* message id */
struct sv ladder_shipped(struct sv name);      /* the steps as text; {0} when there is no such ladder */
const char *const *ladder_shipped_names(void); /* ends with NULL; the general one first */
const char *ladder_label(struct sv name);      /* message id; "own" and "automatic" too */

/* The step that is proposed after `weight` breaches that still count: index from 0. Past the end the last step repeats.
 * A heavier step is never offered; a lighter one may be chosen (MOD-3). */
size_t ladder_next(const struct ladder *l, int64_t weight);
bool ladder_offers(const struct ladder *l, int64_t weight, size_t step);

/* ---- strikes ---- */

bool strike_counts(int64_t expires_ms, int64_t undone_ms, int64_t now_ms);
enum mod_penalty_kind { PENALTY_RESTRICT, PENALTY_REMOVE, PENALTY_BLOCK };
bool appeal_open(int64_t at_ms, int64_t appeal_days, int64_t undone_ms, int64_t now_ms);
/* Somebody else decides: not the one who acted, not the one it is about, not the one who asks (MOD-6, MOD-11). */
bool may_decide(int64_t actor, int64_t hidden_from, int64_t about, int64_t from_person);

/* ---- settings ---- */

enum mod_notice { NOTICE_NAMELESS, NOTICE_NAMED, NOTICE_NEVER, MOD_NOTICE__MAX }; /* */
enum mod_personal { PERSONAL_SHOW, PERSONAL_HOLD, PERSONAL_OFF, MOD_PERSONAL__MAX };
const char *mod_notice_code(enum mod_notice n);
const char *mod_personal_code(enum mod_personal p);
bool mod_notice_parse(struct sv code, enum mod_notice *ret);
bool mod_personal_parse(struct sv code, enum mod_personal *ret);
/* Topics excluded for neutrality (SAFE-2): "political", "religious", "personal", "commercial". */
const char *const *excluded_codes(void); /* ends with NULL */
const char *excluded_label(struct sv code);
bool excluded_ok(struct sv list); /* codes of the list above, parted by spaces */

/* ---- items of the review queue ---- */

enum mod_item_kind {
    ITEM_REPORT,
    ITEM_APPEAL,
    ITEM_READMISSION,
    ITEM_PERSONAL,
    ITEM_OPPORTUNITY,
    ITEM_AUTOMATIC, /* an automatic rule acted, or would have acted (auto_rules.h) */
    MOD_ITEM__MAX
};
enum mod_item_state { ITEM_OPEN, ITEM_GRANTED, ITEM_DECLINED };
const char *mod_item_kind_code(enum mod_item_kind k);
const char *mod_item_kind_label(enum mod_item_kind k);
bool mod_item_kind_parse(struct sv code, enum mod_item_kind *ret);

/* Do these folded words ask for help at once: "urgence", "emergency", "طوارئ", "911" … alone, or within a sentence?
 * ret_lang: the language of the word, empty when it is the same in all. */
enum urgency { URGENT_NOT, URGENT_WITHIN, URGENT_ALONE };
enum urgency urgency_of(struct sv folded, struct sv *ret_lang);

#endif
