/* SPDX-License-Identifier: EUPL-1.2 */
/* slack: what the files of the Slack driver share (channels.md §7.4). A chat is a conversation's id; a private one may
 * also be given as the user's id, then the conversation is opened first. A message that stands in a thread has the id
 * "<its time stamp>@<the thread's>": answers go to the thread, deletions to the message. */
#ifndef PW_SLACK_H
#define PW_SLACK_H

#include "channel/provider_call.h"
#include "channel/text_parts.h"

#define SLACK_API "https://slack.com/api"
enum {
    SLACK_TEXT_MAX = 4000, /* Slack advises it; it cuts at 40,000 */
    SLACK_SECTION_MAX = 3000,
    SLACK_BUTTON_CHARS = 75,
    SLACK_BUTTONS_MAX = 5,
    SLACK_FILE_MAX = 20 * 1024 * 1024, /* ours */
};

struct slack_reply {
    struct send_result res;
    const json_t *json; /* NULL unless ok */
    struct sv error;    /* Slack's word: "not_in_channel" */
};
/* pairs: name, value of a form. get: parameters go into the address. admin: with the administrator's token. */
void slack_call(const struct channel *ch, struct net *net, struct arena *a, const char *method, const struct sv *pairs,
                size_t n_pairs, bool get, bool repeatable, bool admin, struct slack_reply *ret);
/* What an answer means; pure. */
void slack_classify(int status, const json_t *json, struct arena *a, struct slack_reply *io);

enum pw_err slack_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                         struct chan_events *ret);
void slack_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                struct send_result *ret, struct sv *ret_new_chat);

/* Slack's three escapes, and its marks for people, places and links, as readable text; and back. */
struct sv slack_plain(struct arena *a, struct sv text);
struct sv slack_escaped(struct arena *a, struct sv text);

#endif
