/* SPDX-License-Identifier: EUPL-1.2 */
/* Codes of sends and channels that did not go well, in words. A code without words is shown as it is. */
#include "feature/desk/desk_view.h"

#define OUR_NAME N_("The service does not accept our name, password or token. See the settings of the channel.")
#define NO_MORE N_("The person wants no more messages from us.")

static const struct {
    const char *code, *words;
} known[] = {
    {"401", OUR_NAME},
    {"404", OUR_NAME},
    {"token-refused", OUR_NAME},
    {"sign-in-refused", OUR_NAME},
    {"429", N_("The service asks us to wait.")},
    {"not-delivered", N_("The service took it and could not deliver it.")},
    {"refused", N_("The telephone company refused it.")},
    {"bad-number", N_("This is not a telephone number.")},
    {"interrupted", N_("The server stopped while it was being sent.")},
    {"unreadable", N_("The service answered something we cannot read.")},
    {"channel-off", N_("The channel is off.")},
    {"opted-out", NO_MORE},
    {"blocked", NO_MORE},
};

const char *trouble_words(struct sv code, bool doubtful)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sv_eq_z(code, known[i].code))
            return known[i].words;
    if (sv_starts(code, SV("net-")))
        return doubtful ? N_("The line broke before the service answered.") : N_("The service cannot be reached.");
    if (sv_starts(code, SV("partial")))
        return N_("The service took only a part of it.");
    if (code.n == 3 && code.p[0] == '5')
        return N_("The service has a fault of its own.");
    if (code.n == 3 && code.p[0] == '4')
        return N_("The service refused it.");
    return NULL;
}
