/* SPDX-License-Identifier: EUPL-1.2 */
/* desk_view: what the desk's templates show. Filled by its pages, read by view/X.html. */
#ifndef PW_DESK_VIEW_H
#define PW_DESK_VIEW_H

#include "channel/registry.h"
#include "core/account.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/org.h"
#include "core/people.h"
#include "ui/page.h"
#include "work/work.h"

struct sign_in_view {
    struct sv login, to; /* kept from the last try; to: where to go afterwards */
};
struct me_view {
    struct account account;
    struct person person;
    const struct session *sessions;
    size_t n_sessions;
    struct sv totp_secret, totp_uri; /* while the second factor is being set up */
    bool setting_up;
};
struct people_row {
    struct account account;
    struct sv name;
    struct sv roles; /* translated, joined */
};
struct people_view {
    const struct people_row *rows;
    size_t n;
    struct sv login, name, role;       /* kept in the form */
    struct sv new_login, new_password; /* shown once after making an account */
};
struct choice_row {
    struct sv code;
    const char *msgid;
    bool chosen;
};
struct grant_row {
    struct grant grant;
    const char *role_msgid;
    struct sv where; /* organisation or community, empty = whole network */
};
struct person_view {
    struct account account;
    struct person person;
    const struct grant_row *grants;
    size_t n_grants;
    const struct org *orgs;
    size_t n_orgs;
};
struct settings_view {
    struct sv network_name, public_url, privacy_contact;
    struct sv tz_version;
    const struct sv *tz_stale; /* zones whose rules on this machine are older than this release knows */
    size_t n_tz_stale;
    const struct channel_row *channels;
    size_t n_channels;
    const struct org *orgs;
    size_t n_orgs;
    bool demo;
    struct sv data_dir;
    struct sv org_name, org_url; /* as typed, when something is to be corrected */
};
struct channel_row {
    int64_t id;
    struct sv name, label; /* label: message id */
    bool enabled;
    struct sv last_error;
};
struct setting_row { /* one setting of a channel's form */
    const struct chan_setting *setting;
    const char *field; /* "set3" */
    struct sv value;   /* empty for secrets */
    bool kept;         /* a secret that is there: stays when the field is left empty */
};
struct channel_view {
    const struct chan_driver *driver;
    struct channel_info info; /* id 0: a new one */
    struct sv name, webhook;  /* webhook: the whole address that the provider calls */
    struct sv other_side;     /* what is to be written there, without secrets */
    struct setting_row rows[CHAN_SETTINGS_MAX];
    size_t n_rows;
};
struct channel_kinds_view {
    const struct chan_driver *const *v;
    size_t n;
};
/* A code of a send or a channel in words, a message id; NULL: there are none. doubtful: nobody knows whether it went.
 */
const char *trouble_words(struct sv code, bool doubtful);
struct sends_row {
    struct out_row row;
    struct sv channel;
};
struct sends_view {
    const struct sends_row *rows;
    size_t n;
    bool doubtful_only;
    struct sv next; /* path of the next page, empty = none */
};
struct audit_line {
    struct audit_row row;
    struct sv who, what; /* in words */
};
struct audit_view {
    const struct audit_line *rows;
    size_t n;
    const struct ui_option *people, *whats; /* to choose from */
    size_t n_people, n_whats;
    struct sv from, until;
    struct sv record; /* "question 0an6…", when only that record was asked for */
    struct sv older;  /* address of the next page, empty = none */
};
struct notices_view {
    const struct notice *rows;
    size_t n;
    bool unread;
    int64_t older; /* the last one shown, when there may be more; 0 = none */
};
struct privacy_view {
    bool known; /* somebody is signed in */
    struct sv network, contact;
};
struct setup_view {
    struct sv network, org, login, name, kind;
};

#endif
