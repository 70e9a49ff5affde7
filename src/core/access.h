/* SPDX-License-Identifier: EUPL-1.2 */
/* access: who acts, and what a role allows. Role rights are asked by the router (route row) and record rights by
 * actions: both end here. Roles are given per organisation or per scope (a community, a program) and expire (PPL-4).
 * Owns table role_grant. Refused and not-found look the same outside. */
#ifndef PW_ACCESS_H
#define PW_ACCESS_H

#include "core/ctx.h"

enum right {
    RIGHT_ANYONE,     /* no session needed */
    RIGHT_PERSON,     /* any recognised person: member session (return link) or staff session */
    RIGHT_STAFF,      /* an account that signed in with its second factor where one is required */
    RIGHT_MODERATE,   /* moderator somewhere; which community is the record right */
    RIGHT_COORDINATE, /* technical administrator of a community, coordinator of an organisation */
    RIGHT_ADMIN,      /* the network host's administrator: accounts, organisations, channels, settings */
    RIGHT_PRIVACY,    /* privacy officer: audit log, access requests */
    RIGHT_API_READ,   /* API token or session that may read */
    RIGHT_API_WRITE,
    RIGHT__MAX
};

enum role {
    ROLE_MEMBER,
    ROLE_MODERATOR,
    ROLE_SPECIALIST,  /* partner's information and referral specialist: sees and answers questions assigned to them */
    ROLE_TECH_ADMIN,  /* technical administrator of a community: settings, admits, grants (MSG-9); need not moderate */
    ROLE_COORDINATOR, /* of an organisation: all its communities */
    ROLE_SUPERVISOR,
    ROLE_EVALUATOR,
    ROLE_PRIVACY_OFFICER,
    ROLE_NETWORK_ADMIN,
    ROLE__MAX
};
const char *role_name(enum role r);  /* "moderator": stable code */
const char *role_label(enum role r); /* message id */
bool role_parse(struct sv name, enum role *ret);

enum scope_kind { SCOPE_NETWORK, SCOPE_ORG, SCOPE_COMMUNITY };
struct grant {
    int64_t id, person_id, scope_id, granted_ms, expires_ms /* 0 = never */, granted_by;
    enum role role;
    enum scope_kind scope;
};

enum actor_kind { ACTOR_ANONYMOUS, ACTOR_MEMBER, ACTOR_STAFF, ACTOR_TOKEN, ACTOR_SYSTEM };
struct actor {
    enum actor_kind kind;
    int64_t person_id;  /* 0 for anonymous and system */
    int64_t account_id; /* staff and tokens */
    int64_t session_id;
    bool write;                 /* tokens: scope write */
    struct sv name;             /* display name */
    const struct grant *grants; /* those in force now */
    size_t n_grants;
};
extern const struct actor actor_anonymous, actor_system;

bool actor_may(const struct actor *a, enum right right); /* the role right of a route row */
bool actor_has_role(const struct actor *a, enum role r, enum scope_kind k,
                    int64_t scope_id); /* exactly there, or network-wide */
/* Moderator, tech admin, or specialist in this community; coordinator of owner_org; or network admin. */
bool actor_in_community(const struct actor *a, int64_t community_id, int64_t owner_org_id, enum role least);

/* Audited. PW_DENIED: network-wide roles and the roles network-admin and privacy-officer only from the network's
 * administrator; an organisation's also from its coordinator. For a community the caller asks actor_in_community()
 * first, because it knows the owner; here any RIGHT_COORDINATE will do. PW_CONFLICT: no such person. */
PW_MUST_CHECK enum pw_err grant_give(struct ctx *c, const struct grant *g, int64_t *ret_id);
/* Audited. As for giving; anyone may lay down a role of their own. */
PW_MUST_CHECK enum pw_err grant_withdraw(struct ctx *c, int64_t grant_id);
/* Those in force now. */
PW_MUST_CHECK enum pw_err grant_list(struct ctx *c, enum scope_kind k, int64_t scope_id, struct grant **ret,
                                     size_t *ret_n);
PW_MUST_CHECK enum pw_err grant_of_person(struct ctx *c, int64_t person_id, struct grant **ret, size_t *ret_n);

#endif
