/* SPDX-License-Identifier: EUPL-1.2 */
/* wechat: what the files of the driver for WeChat official accounts share (channels.md §7.9). A chat is a person's
 * openid. Plain and encrypted mode: with an encoding key set, only encrypted calls are taken. */
#ifndef PW_WECHAT_H
#define PW_WECHAT_H

#include "channel/provider_call.h"
#include "channel/text_parts.h"

#define WECHAT_API "https://api.weixin.qq.com"
enum {
    WECHAT_TEXT_UNITS = 600, /* 2048 bytes, whatever the script */
    WECHAT_FILE_MAX = 10 * 1024 * 1024,
    WECHAT_CHOICES_MAX = 10,
    WECHAT_KEY_CHARS = 43, /* EncodingAESKey */
};

/* hex SHA-1 of the pieces, sorted and joined: equal to `hex`? At most 4 pieces. */
bool wechat_signature_is(const struct sv *pieces, size_t n, struct sv hex);
/* Opens an <Encrypt> text; PW_DENIED when it is not for this account or was not made with this key. */
enum pw_err wechat_open(struct sv encoding_key, struct sv app_id, struct sv encrypted, struct arena *a, struct sv *ret);

/* ---- XML, one level: <xml><Name>text</Name>…</xml>; no entities, no declarations, nothing fetched ---- */
struct wechat_xml {
    struct sv name, text;
};
enum { WECHAT_XML_MAX = 64 };
/* PW_INVALID: not such a document. Names and texts live in the arena. */
enum pw_err wechat_xml_read(struct sv body, struct arena *a, struct wechat_xml ret[WECHAT_XML_MAX], size_t *ret_n);
struct sv wechat_xml_get(const struct wechat_xml *v, size_t n, const char *name);

enum pw_err wechat_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret);
void wechat_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat);

/* ---- calls ---- */
struct wechat_reply {
    struct send_result res;
    int64_t errcode; /* 0: none */
    const json_t *json;
};
/* What an errcode means; pure. */
void wechat_classify(int64_t errcode, struct arena *a, struct send_result *ret);
/* POST (or GET, json and part empty) with the account's token, fetched and kept for all threads; a token that is no
 * longer good is fetched again once. */
void wechat_call(const struct channel *ch, struct net *net, struct arena *a, const char *path, struct sv json,
                 const struct net_part *part, bool repeatable, struct wechat_reply *ret);
enum pw_err wechat_token(const struct channel *ch, struct net *net, struct arena *a, struct sv refused,
                         struct sv *ret_token, struct send_result *ret_why);

#endif
