/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/channel.h"

static const struct chan_driver *const drivers[] = {
    &web_driver,  &telegram_driver, &whatsapp_driver, &messenger_driver, &slack_driver, &matrix_driver,
    &xmpp_driver, &wechat_driver,   &kannel_driver,   &twilio_driver,    &email_driver, &assisted_driver,
};

const struct chan_driver *const *chan_drivers(size_t *ret_n)
{
    *ret_n = sizeof drivers / sizeof *drivers;
    return drivers;
}

const struct chan_driver *chan_driver_of(struct sv kind)
{
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++)
        if (sv_eq_z(kind, drivers[i]->kind))
            return drivers[i];
    return NULL;
}

int64_t chan_limit(const struct chan_driver *d, const char *what)
{
    for (const struct chan_limit *l = d->limits; l && l->what; l++)
        if (sv_eq_z(sv_of(what), l->what))
            return l->value;
    return 0;
}

const char *chan_kind_label(struct sv kind)
{
    const struct chan_driver *d = chan_driver_of(kind);
    return sv_eq_z(kind, "web")     ? N_("Web page")
           : sv_eq_z(kind, "phone") ? N_("Telephone")
           : sv_eq_z(kind, "visit") ? N_("Visit")
           : d                      ? d->label
                                    : NULL;
}
