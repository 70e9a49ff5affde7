/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/desk/desk.h"

const struct audit_word desk_acts[] = {
    {"channel.add", N_("Channel added")},
    {"channel.config", N_("Channel set up")},
    {"channel.switch", N_("Channel switched on or off")},
    {"send.resolve", N_("Send in doubt decided")},
    {0},
};
