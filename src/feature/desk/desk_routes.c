/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/channel.h"
#include "core/access.h"
#include "feature/desk/desk.h"
#include "feature/desk/desk_pages.h"

static const char *const role_choices[] = {"network-admin", "privacy-officer", "coordinator", "supervisor", "evaluator",
                                           "tech-admin",    "moderator",       "specialist",  NULL};
static const char *const kind_choices[] = {"agency", "solo", NULL};
static const char *const decision_choices[] = {"arrived", "again", NULL};

static const struct field sign_in_fields[] = {
    {"login", FIELD_TEXT, FIELD_REQUIRED, 1, 100, NULL, "Name to sign in with."},
    {"password", FIELD_SECRET, FIELD_REQUIRED, 1, 128, NULL, "Password."},
    {"totp", FIELD_TEXT, 0, 0, 10, NULL, "Six digits of the second factor, when it is on."},
    {"to", FIELD_TEXT, 0, 0, 500, NULL, "Path to open afterwards."},
    {0}};
static const struct field sign_in_query[] = {{"login", FIELD_TEXT, 0, 0, 100, NULL, "Name to start with."},
                                             {"to", FIELD_TEXT, 0, 0, 500, NULL, "Path to open afterwards."},
                                             {0}};
static const struct field password_fields[] = {
    {"old", FIELD_SECRET, FIELD_REQUIRED, 1, 128, NULL, "Present password."},
    {"new", FIELD_SECRET, FIELD_REQUIRED, 1, 128, NULL, "New password."},
    {"again", FIELD_SECRET, FIELD_REQUIRED, 1, 128, NULL, "New password, once more."},
    {0}};
static const struct field code_fields[] = {{"code", FIELD_TEXT, FIELD_REQUIRED, 6, 8, NULL, "Six digits."}, {0}};
static const struct field people_fields[] = {
    {"login", FIELD_TEXT, FIELD_REQUIRED, 2, 60, NULL, "Name to sign in with."},
    {"name", FIELD_TEXT, FIELD_REQUIRED, 1, 100, NULL, "Display name."},
    {"role", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, role_choices, "First role."},
    {0}};
static const struct field disable_fields[] = {
    {"disabled", FIELD_BOOL, 0, 0, 0, NULL, "Stop the account, or let it in again."}, {0}};
static const struct field reset_fields[] = {{"drop_totp", FIELD_BOOL, 0, 0, 0, NULL, "Also remove the second factor."},
                                            {0}};
static const struct field grant_fields[] = {
    {"role", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, role_choices, "Role to give."},
    {"org", FIELD_ID, 0, 0, 0, NULL, "Organisation; none = the whole network."},
    {"days", FIELD_INT, 0, 0, 3650, NULL, "Ends after so many days; 0 = no end."},
    {0}};
static const struct field settings_fields[] = {
    {"network_name", FIELD_TEXT, FIELD_REQUIRED, 1, 120, NULL, "Name of the network."},
    {"public_url", FIELD_TEXT, 0, 0, 200, NULL, "Public address, https://…"},
    {"privacy_contact", FIELD_TEXT, 0, 0, 200, NULL, "How to reach the privacy officer."},
    {0}};
static const struct field org_fields[] = {
    {"org_name", FIELD_TEXT, FIELD_REQUIRED, 1, 120, NULL, "Name of the organisation."},
    {"org_url", FIELD_TEXT, 0, 0, 200, NULL, "Web site."},
    {0}};
/* The settings of a driver in their order: which, what they mean and which are needed is the driver's to say. */
#define SETTING(n)                                                                                                     \
    {                                                                                                                  \
        "set" #n, FIELD_TEXT, 0, 0, 1000, NULL, "Setting of the channel."                                              \
    }
#define SETTINGS                                                                                                       \
    SETTING(0), SETTING(1), SETTING(2), SETTING(3), SETTING(4), SETTING(5), SETTING(6), SETTING(7), SETTING(8),        \
        SETTING(9), SETTING(10), SETTING(11), SETTING(12), SETTING(13)
_Static_assert(CHAN_SETTINGS_MAX == 14, "as many fields as a driver may have settings");
static const struct field channel_fields[] = {SETTINGS, {0}};
static const struct field channel_new_fields[] = {
    {"name", FIELD_TEXT, FIELD_REQUIRED, 1, 40, NULL, "Short name: a-z, 0-9 and -."}, SETTINGS, {0}};
static const struct field switch_fields[] = {{"enabled", FIELD_BOOL, 0, 0, 0, NULL, "On or off."}, {0}};
static const struct field sends_query[] = {{"all", FIELD_BOOL, 0, 0, 0, NULL, "Also those that are not in doubt."},
                                           {"before", FIELD_ID, 0, 0, 0, NULL, "Sends older than this one."},
                                           {0}};
static const struct field decision_fields[] = {
    {"decision", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, decision_choices, "It arrived, or send it again."}, {0}};
static const struct field audit_query[] = {
    {"who", FIELD_ID, 0, 0, 0, NULL, "Only what this person did."},
    {"what", FIELD_TEXT, 0, 0, 60, NULL, "Only this kind of act: thread.read, join.accepted, …"},
    {"from", FIELD_DATE, 0, 0, 0, NULL, "First day, in the zone of the network."},
    {"until", FIELD_DATE, 0, 0, 0, NULL, "Last day."},
    {"object", FIELD_TEXT, 0, 0, 40, NULL, "Kind of record, with record."},
    {"record", FIELD_ID, 0, 0, 0, NULL, "Only what concerns this record."},
    {"before", FIELD_ID, 0, 0, 0, NULL, "Rows older than this one."},
    {0}};
static const struct field notices_query[] = {{"before", FIELD_ID, 0, 0, 0, NULL, "Notices older than this one."}, {0}};
static const struct field notices_fields[] = {{"up_to", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "The newest one shown."},
                                              {0}};
static const struct field setup_fields[] = {
    {"code", FIELD_TEXT, FIELD_REQUIRED, 1, 20, NULL, "Twelve digits that the server printed at its start."},
    {"network", FIELD_TEXT, FIELD_REQUIRED, 1, 120, NULL, "Name of the network."},
    {"org", FIELD_TEXT, FIELD_REQUIRED, 1, 120, NULL, "Name of the first organisation or person."},
    {"kind", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, kind_choices, "Organisation, or one volunteer."},
    {"name", FIELD_TEXT, FIELD_REQUIRED, 1, 100, NULL, "Display name of the administrator."},
    {"login", FIELD_TEXT, FIELD_REQUIRED, 2, 60, NULL, "Name to sign in with."},
    {"password", FIELD_SECRET, FIELD_REQUIRED, 1, 128, NULL, "Password."},
    {"again", FIELD_SECRET, FIELD_REQUIRED, 1, 128, NULL, "Password, once more."},
    {0}};

const struct route desk_routes[] = {
    {HTTP_GET, "/sign-in", RIGHT_ANYONE, sign_in_get, sign_in_query, "Sign-in form for staff."},
    {HTTP_POST, "/sign-in", RIGHT_ANYONE, sign_in_post, sign_in_fields, "Signs a member of staff in.", ROUTE_NO_TX},
    {HTTP_POST, "/sign-out", RIGHT_PERSON, sign_out_post, NULL, "Ends this session."},
    {HTTP_GET, "/exit", RIGHT_ANYONE, exit_now, NULL, "Quick exit: ends the session, shows a neutral page.",
     ROUTE_TRACED},
    {HTTP_POST, "/exit", RIGHT_ANYONE, exit_now, NULL, "The same, asked by a script."},
    {HTTP_GET, "/me", RIGHT_STAFF, me_get, NULL, "One's own account and sessions."},
    {HTTP_GET, "/me/password", RIGHT_STAFF, me_password_get, NULL, "Form for a new password."},
    {HTTP_POST, "/me/password", RIGHT_STAFF, me_password_post, password_fields, "Changes one's own password.",
     ROUTE_NO_TX},
    {HTTP_POST, "/me/totp", RIGHT_STAFF, me_totp_post, NULL, "Starts setting up the second factor."},
    {HTTP_POST, "/me/totp/confirm", RIGHT_STAFF, me_totp_confirm_post, code_fields, "Turns the second factor on."},
    {HTTP_POST, "/me/totp/off", RIGHT_STAFF, me_totp_off_post, NULL, "Turns the second factor off."},
    {HTTP_POST, "/me/sessions/{i}/end", RIGHT_STAFF, me_session_end_post, NULL, "Ends one of one's own sessions."},
    {HTTP_GET, "/people", RIGHT_ADMIN, people_get, NULL, "Accounts of the network."},
    {HTTP_POST, "/people", RIGHT_ADMIN, people_post, people_fields, "Adds an account."},
    {HTTP_GET, "/people/{i}", RIGHT_ADMIN, person_get_page, NULL, "One account and its roles."},
    {HTTP_POST, "/people/{i}/disable", RIGHT_ADMIN, person_disable_post, disable_fields,
     "Stops an account or lets it in again."},
    {HTTP_POST, "/people/{i}/reset", RIGHT_ADMIN, person_reset_post, reset_fields, "Gives an account a new password."},
    {HTTP_POST, "/people/{i}/roles", RIGHT_ADMIN, person_grant_post, grant_fields, "Gives a role."},
    {HTTP_POST, "/people/{i}/roles/{i}/withdraw", RIGHT_ADMIN, person_withdraw_post, NULL, "Takes a role back."},
    {HTTP_GET, "/settings", RIGHT_ADMIN, settings_get, NULL, "Settings of the installation."},
    {HTTP_POST, "/settings", RIGHT_ADMIN, settings_post, settings_fields, "Saves the settings."},
    {HTTP_POST, "/settings/organisations", RIGHT_ADMIN, org_post, org_fields, "Adds an organisation."},
    {HTTP_GET, "/settings/channels/new", RIGHT_ADMIN, channel_kinds_get, NULL, "The kinds of channel."},
    {HTTP_GET, "/settings/channels/new/{s}", RIGHT_ADMIN, channel_new_get, NULL, "Form for a channel of one kind."},
    {HTTP_POST, "/settings/channels/new/{s}", RIGHT_ADMIN, channel_new_post, channel_new_fields, "Adds a channel."},
    {HTTP_GET, "/settings/channels/{i}", RIGHT_ADMIN, channel_get_page, NULL, "What a channel can do, and its state."},
    {HTTP_POST, "/settings/channels/{i}", RIGHT_ADMIN, channel_config_post, channel_fields,
     "Changes the settings of a channel."},
    {HTTP_POST, "/settings/channels/{i}/switch", RIGHT_ADMIN, channel_switch_post, switch_fields,
     "Turns a channel on or off."},
    {HTTP_GET, "/sends", RIGHT_MODERATE, sends_get, sends_query, "Sends in doubt, and the last sends."},
    {HTTP_POST, "/sends/{i}/resolve", RIGHT_MODERATE, sends_resolve_post, decision_fields, "Decides a send in doubt."},
    {HTTP_GET, "/audit", RIGHT_PRIVACY, audit_get, audit_query, "The access log, newest first."},
    {HTTP_GET, "/notices", RIGHT_PERSON, notices_get, notices_query, "What happened that concerns this person."},
    {HTTP_POST, "/notices/read", RIGHT_PERSON, notices_read_post, notices_fields, "Marks notices as read."},
    {HTTP_GET, "/privacy", RIGHT_ANYONE, privacy_get, NULL, "What is kept about a person, and their rights."},
    {HTTP_GET, "/setup", RIGHT_ANYONE, setup_get, NULL, "First start, only while there is no account."},
    {HTTP_POST, "/setup", RIGHT_ANYONE, setup_post, setup_fields, "Makes the first organisation and administrator."},
    {0},
};
