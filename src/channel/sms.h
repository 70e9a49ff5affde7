/* SPDX-License-Identifier: EUPL-1.2 */
/* sms: what the SMS drivers share: numbers, settings of price and marks, texts as messages one after the other. */
#ifndef PW_SMS_H
#define PW_SMS_H

#include "channel/channel.h"
#include "channel/sms_text.h"

enum { SMS_MESSAGE_PARTS = 10, SMS_NUMBER_MAX = 20 };

bool sms_number_ok(struct sv number); /* digits, perhaps a '+' before them */
/* A number in the one form that everything here knows people by, in the arena: +16135550101 whatever way it was
 * written. Short codes and numbers without a country stay digits. False: a name, or nothing that can be called. */
bool sms_number(const struct channel *ch, struct arena *a, struct sv given, struct sv *ret);
bool sms_country_ok(struct sv code); /* a calling code, or empty */
bool sms_plain_marks(const struct channel *ch);
void sms_measure(const struct channel *ch, struct arena *a, struct sv text, struct chan_measure *ret);
enum pw_err sms_check_settings(const json_t *config, struct problems *ps);

/* The settings "country", "marks", "price" and "currency", at the end of a driver's table. */
extern const struct chan_choice sms_marks[];
#define SMS_SETTINGS                                                                                                   \
    {"country", N_("Calling code of the country"),                                                                     \
     N_("1 for Canada, if you give none. Numbers written without a country belong there."), SET_NUMBER, NULL},         \
        {"marks", N_("Typographic marks"), N_("Letters never change."), 0, sms_marks},                                 \
        {"price", N_("Price of one part"), N_("Such as 0.0079; shown before sending."), 0, NULL},                      \
    {                                                                                                                  \
        "currency", N_("Currency"), N_("Three letters: CAD"), 0, NULL                                                  \
    }

/* Sends one message of at most SMS_MESSAGE_PARTS parts. */
struct sms_job {
    const struct channel *ch;
    struct net *net;
    struct arena *a;
    struct sv to;
    bool report; /* the first message: what becomes of it is asked for */
};
typedef void (*sms_one)(const struct sms_job *j, const struct sms_text *t, struct send_result *ret);
/* chan_driver.send of both: texts, cut where they are too long. When a later message will not go, the send is in doubt:
 * saying all again would say the first part twice. */
void sms_send(struct sms_job *j, const struct chan_send *s, sms_one one, struct send_result *ret);

/* What an SMS answer of the server's looks like: nothing more to say. */
struct chan_reply sms_silence(void);

#endif
