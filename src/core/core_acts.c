/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "core/audit.h"

const struct audit_word core_acts[] = {
    {"account.create", N_("Account made")},
    {"account.disable", N_("Account disabled")},
    {"account.enable", N_("Account enabled again")},
    {"account.login", N_("Signed in")},
    {"account.login-refused", N_("Sign-in refused")},
    {"account.password", N_("Password changed")},
    {"account.totp-off", N_("Second factor turned off")},
    {"account.totp-on", N_("Second factor turned on")},
    {"consent.give", N_("Consent given")},
    {"consent.withdraw", N_("Consent withdrawn")},
    {"document.create", N_("Text begun")},
    {"document.write", N_("Text written")},
    {"grant.give", N_("Role given")},
    {"grant.withdraw", N_("Role withdrawn")},
    {"identity.moved", N_("Identity in an app changed")},
    {"member.link-made", N_("Return link made")},
    {"member.return", N_("Came back with a link or code")},
    {"org.create", N_("Organisation added")},
    {"org.set", N_("Organisation changed")},
    {"person.create", N_("Person recorded")},
    {"person.erase", N_("Data of a person erased")},
    {"person.merged", N_("Two records joined into one")},
    {"person.set", N_("Record of a person changed")},
    {"person.unmerged", N_("Joined records parted again")},
    {"setting.set", N_("Setting changed")},
    {"token.add", N_("API token made")},
    {"token.revoke", N_("API token revoked")},
    {0},
};
