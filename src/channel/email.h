/* SPDX-License-Identifier: EUPL-1.2 */
/* email: what the files of the e-mail driver share. Not for others; they use channel.h.
 *
 * A token names one row of the outbox and proves that we wrote it: it is our Message-ID, the plus part of the address
 * that answers and bounces go to, and so the thread. Only somebody who received the message can know it. */
#ifndef PW_EMAIL_H
#define PW_EMAIL_H

#include "channel/channel.h"
#include "net/mail.h"

enum {
    EMAIL_TOKEN = 26,
    EMAIL_RAW_MAX = 25 * 1024 * 1024,     /* a longer message is refused, or read to here from a mailbox */
    EMAIL_FILES_MAX = 10,                 /* attachments of one message */
    EMAIL_FILES_BYTES = 15 * 1024 * 1024, /* all of them together */
    EMAIL_TEXT_CHARS = 3900,              /* of what becomes a message; the whole is kept beside it */
    EMAIL_WHOLE_BYTES = 200 * 1024,
    EMAIL_ADDRESS_MAX = 200,
};

/* ---- email_token.c ---- */

struct sv email_setting(const struct channel *ch, const char *name);
/* "aide", "example.org" of the channel's own address. */
void email_own(const struct channel *ch, struct sv *ret_local, struct sv *ret_domain);
void email_token_make(const struct channel *ch, int64_t out_id, char ret[EMAIL_TOKEN + 1]);
bool email_token_read(const struct channel *ch, struct sv text, int64_t *ret_out_id);
/* Of a message id of ours ("token@our.domain", with or without < >), of an address ("aide+token@our.domain"). */
bool email_token_of_id(const struct channel *ch, struct sv message_id, int64_t *ret_out_id);
bool email_token_of_address(const struct channel *ch, struct sv address, int64_t *ret_out_id);
/* The part of an address of ours that names a community: behind the plus, else the local part; may be empty. */
struct sv email_place_of(const struct channel *ch, struct sv address);

/* ---- email_text.c ---- */

/* Bytes in a named charset (empty: unknown) as UTF-8; what cannot be read becomes U+FFFD. */
struct sv email_utf8(struct arena *a, struct sv bytes, const char *charset);
struct sv email_text_of_html(struct arena *a, struct sv html);
/* Without the quoted history and the signature that mail programs add (fr, en, ar). Never empty when text is not. */
struct sv email_own_words(struct arena *a, struct sv text);
/* "fr", "en", "ar" by the words themselves, else empty. */
struct sv email_lang_of(struct sv text);
/* Takes a uuencoded file out of a text. False: none (left) in it. */
struct email_file {
    struct sv name, type, bytes;
};
bool email_cut_uuencoded(struct arena *a, struct sv *io_text, struct email_file *ret);

/* ---- email_parse.c ---- */

enum email_kind {
    EMAIL_LETTER,
    EMAIL_AUTOMATIC, /* written by a program, our own, of a list: never answered, no event */
    EMAIL_REPORT,    /* a delivery report (RFC 3464) */
    EMAIL_NOBODY     /* no usable sender */
};
struct email_in {
    enum email_kind kind;
    struct sv from, from_name; /* address in lower case */
    struct sv message_id;      /* without < >; empty when missing or strange */
    int64_t at_ms;             /* 0: no believable date */
    struct sv lang, place;
    struct sv text, whole; /* whole: empty when nothing was cut */
    int64_t out_id;        /* send of ours that it answers or reports; 0 = none */
    bool authentic;        /* our own mail server vouches for the sender's domain */
    struct email_file files[EMAIL_FILES_MAX];
    size_t n_files;
    bool files_left;         /* some did not fit */
    struct sv report_status; /* EMAIL_REPORT: "5.1.1" */
    enum out_state report;   /* OUT_FAILED, OUT_DELIVERED; OUT_QUEUED: only late */
    struct sv key;           /* the dedup key: Message-ID and what the body is */
};
/* sender and recipient: of the envelope, when the mail server told them; sender "<>" is the null sender. PW_UNAVAILABLE
 * when memory is short. Whatever the bytes are, something comes out. */
PW_MUST_CHECK enum pw_err email_parse(const struct channel *ch, struct arena *a, struct sv raw, struct sv sender,
                                      struct sv recipient, int64_t now_ms, struct email_in *ret);
/* As the events that channel_receive() takes, behind those that are there. PW_INVALID: no room for them. */
PW_MUST_CHECK enum pw_err email_events(struct arena *a, const struct email_in *m, struct chan_events *io);

/* ---- email_auth.c ---- */

/* Does this Authentication-Results value, of the named server of ours, vouch for the domain of an address? */
bool email_vouches(struct sv value, struct sv server, struct sv domain);

/* ---- email_send.c ---- */

bool email_smtp(const struct channel *ch, struct mail_server *ret);
void email_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                struct send_result *ret, struct sv *ret_new_chat);
/* Of a refusal: status and enhanced status ("5.1.1"). */
void email_classify(struct arena *a, const struct net_result *r, struct send_result *ret);

/* Enhanced statuses (RFC 3463) of an address that does not exist, or not any more. */
bool email_nobody_there(struct sv status);

/* ---- email_poll.c ---- */

enum pw_err email_poll(const struct channel *ch, struct net *net, struct arena *a, int wait_s, struct sv *io_cursor,
                       struct chan_events *ret);
enum pw_err email_mailbox_try(const struct channel *ch, struct net *net); /* signs in once */

#endif
