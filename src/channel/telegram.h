/* SPDX-License-Identifier: EUPL-1.2 */
/* telegram: what the files of the Telegram driver share. Facts are those of Bot API 10.1 (channels.md §7.1). */
#ifndef PW_TELEGRAM_H
#define PW_TELEGRAM_H

#include "channel/provider_call.h"
#include "channel/text_parts.h"

#define TG_API "https://api.telegram.org"
enum {
    TG_TEXT_UNITS = 4096, /* UTF-16 units of a text, after entities */
    TG_CAPTION_UNITS = 1024,
    TG_BUTTON_BYTES = 64, /* callback_data */
    TG_FILE_MAX = 20 * 1024 * 1024,
};

/* One update into events. PW_INVALID when it is not one; unknown kinds add nothing. */
enum pw_err telegram_decode_update(const json_t *update, struct arena *a, struct chan_events *ret);
enum pw_err telegram_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                            struct chan_events *ret);

/* ---- calls (telegram_call.c) ---- */

struct telegram_reply {
    struct send_result res; /* class, code, retry; provider_id is left to the caller */
    int status;             /* 0: no answer */
    const json_t *result;   /* borrowed, NULL unless ok */
    struct sv description;  /* Telegram's words, for the operator only */
    struct sv new_chat;     /* migrate_to_chat_id */
};
struct telegram_part { /* of a multipart body */
    const char *name;
    struct sv value;     /* plain field */
    struct sv file_path; /* or a file */
    struct sv file_name, file_type;
};
enum telegram_repeat { TG_ONCE, TG_REPEATABLE }; /* what a lost answer means: in doubt, or try again */

void telegram_call(const struct channel *ch, struct net *net, struct arena *a, const char *method, struct sv json,
                   enum telegram_repeat repeat, int timeout_s, struct telegram_reply *ret);
void telegram_upload(const struct channel *ch, struct net *net, struct arena *a, const char *method,
                     const struct telegram_part *parts, size_t n, struct telegram_reply *ret);
/* Turns a status and body (or none) into a class; pure, so that it can be tested alone. */
void telegram_classify(int status, struct sv body, bool private_chat, struct arena *a, struct telegram_reply *ret);
struct sv telegram_base(const struct channel *ch); /* without a slash at the end */

void telegram_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                   struct send_result *ret, struct sv *ret_new_chat);

#endif
