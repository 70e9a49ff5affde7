/* SPDX-License-Identifier: EUPL-1.2 */
/* people: one record per person in the whole installation (PPL-1) with many channel identities, never keyed by phone.
 * Names and direct identifiers are sealed with the person's key (vault.h); lookups go through blind indexes.
 * Owns tables person, identity, person_merge,
 * person_merge_row. */
#ifndef PW_PEOPLE_H
#define PW_PEOPLE_H

#include "core/ctx.h"

struct person {
    int64_t id, created_ms, erased_ms;
    struct sv display_name; /* opened; as typed, untrusted */
    struct sv lang;         /* preferred language (LANG-3) */
    struct sv zone;         /* IANA name, may be empty */
    bool limited_data;      /* EQ-3 */
};
struct person_new {
    struct sv display_name, lang, zone;
};
PW_MUST_CHECK enum pw_err person_create(struct ctx *c, const struct person_new *n, int64_t *ret_id);
/* The record that stands for this id: after a merge the kept one (its id too). Erased: PW_OK with erased_ms set and
 * no name. */
PW_MUST_CHECK enum pw_err person_get(struct ctx *c, int64_t id, struct person *ret);
PW_MUST_CHECK enum pw_err person_set(struct ctx *c, int64_t id, const struct person_new *n); /* audited */
PW_MUST_CHECK enum pw_err person_set_limited(struct ctx *c, int64_t id, bool limited);       /* EQ-3; audited */
/* Many at once, in the order of ids; an erased or missing one has an empty name. */
PW_MUST_CHECK enum pw_err person_get_many(struct ctx *c, const int64_t *ids, size_t n, struct person *ret);
/* Every id that this person is known by: the record that stands first, then those merged into it. PW_NOT_FOUND. */
PW_MUST_CHECK enum pw_err person_ids(struct ctx *c, int64_t id, int64_t **ret, size_t *ret_n);
/* All records that another one stands for, in the order of their ids: for counts of many persons at once. */
struct person_stands {
    int64_t id, stands;
};
PW_MUST_CHECK enum pw_err person_merged_all(struct ctx *c, struct person_stands **ret, size_t *ret_n);
/* Reversible (PPL-2): `drop` stands for `keep` from now on, and what was sealed for it still opens. PW_CONFLICT when
 * one of them is erased or was merged before. Events person.merged, person.unmerged: {"keep":…,"drop":…,"merge":…}. */
PW_MUST_CHECK enum pw_err person_merge(struct ctx *c, int64_t keep, int64_t drop, int64_t *ret_merge_id);
PW_MUST_CHECK enum pw_err person_unmerge(struct ctx *c, int64_t merge_id); /* newest first, else PW_CONFLICT */
struct person_merged {
    int64_t id, keep_id, drop_id, by_person, at_ms;
};
/* Merges into this record that stand, newest first. */
PW_MUST_CHECK enum pw_err person_merges(struct ctx *c, int64_t keep, struct person_merged **ret, size_t *ret_n);
/* What other rooms re-point with a merge, so that they can put it back: `kind` is theirs, none of core's tables. */
PW_MUST_CHECK enum pw_err person_merge_note(struct ctx *c, int64_t merge_id, const char *kind, int64_t row_id);
PW_MUST_CHECK enum pw_err person_merge_noted(struct ctx *c, int64_t merge_id, const char *kind, int64_t **ret,
                                             size_t *ret_n);
/* Destroys the key: sealed text is gone, also in backups. Ends accounts, sessions, links, rights. Event person.erased:
 * rooms that hold clear text about the person blank it. PW_CONFLICT for one already erased or merged into another. */
PW_MUST_CHECK enum pw_err person_erase(struct ctx *c, int64_t id);

/* A channel identity: how one app knows the person. (channel_id, provider_user) is unique; both may be rewritten. */
struct identity {
    int64_t id, person_id, channel_id;
    struct sv provider_user; /* opened */
    struct sv private_chat;  /* where a private word reaches them; may be empty */
    bool blocked;            /* the person stopped us: no more contact */
    int64_t since_ms;        /* identity_channels() only: when it was first met */
};
PW_MUST_CHECK enum pw_err identity_find(struct ctx *c, int64_t channel_id, struct sv provider_user,
                                        struct identity *ret);
PW_MUST_CHECK enum pw_err identity_get(struct ctx *c, int64_t id, struct identity *ret);
PW_MUST_CHECK enum pw_err identity_of_person(struct ctx *c, int64_t person_id, int64_t channel_id,
                                             struct identity *ret);
/* By which channels the person is known, oldest first, without the app's ids and chats. */
PW_MUST_CHECK enum pw_err identity_channels(struct ctx *c, int64_t person_id, struct identity **ret, size_t *ret_n);
/* Finds or makes identity and person in one step. */
PW_MUST_CHECK enum pw_err identity_ensure(struct ctx *c, int64_t channel_id, struct sv provider_user,
                                          const struct person_new *n, struct identity *ret);
/* The app gave the person another id. PW_CONFLICT when someone else has it. */
PW_MUST_CHECK enum pw_err identity_set_provider_user(struct ctx *c, int64_t identity_id, struct sv provider_user);
/* The app calls a person `now` whom it called `was` before: the identity, if there is one, follows. When both are known
 * already they stay two persons, whom staff may merge. Audited. */
PW_MUST_CHECK enum pw_err identity_follow(struct ctx *c, int64_t channel_id, struct sv was, struct sv now);
PW_MUST_CHECK enum pw_err identity_set_private_chat(struct ctx *c, int64_t identity_id, struct sv chat);
PW_MUST_CHECK enum pw_err identity_set_blocked(struct ctx *c, int64_t identity_id, bool blocked);

#endif
