/* SPDX-License-Identifier: EUPL-1.2 */
/* matrix: what the files of the Matrix driver share: an application service (Matrix 1.18, channels.md §7.7). The
 * homeserver pushes events; we speak as one user of it. Each event's id is its dedup key. */
#ifndef PW_MATRIX_H
#define PW_MATRIX_H

#include "channel/channel.h"

enum {
    MX_ID_MAX = 255,       /* user, room and event ids */
    MX_TEXT_UNITS = 12000, /* UTF-16 units of one message: at most 48 kB of an event's 65,536 bytes */
    MX_FILE_MAX = 50 * 1024 * 1024,
    MX_FETCH_MAX = 20 * 1024 * 1024,
};

/* One event as the homeserver tells it; unknown ones and our own add nothing. */
void matrix_decode_event(const json_t *event, struct sv own_user, struct arena *a, struct chan_events *ret);
enum pw_err matrix_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret);

bool matrix_user_ok(struct sv user); /* "@name:server" */
bool matrix_room_ok(struct sv room); /* "!opaque" */
struct sv matrix_server_of(struct sv user);
struct sv matrix_base(const struct channel *ch); /* without a slash at the end */

/* ---- calls (matrix_call.c) ---- */

struct matrix_reply {
    struct send_result res;
    int status;         /* 0: no answer */
    const json_t *body; /* borrowed; NULL when there is none */
};
/* Turns a status and a body into a class; pure. */
void matrix_classify(int status, struct sv body, struct arena *a, struct matrix_reply *ret);
/* A path is built of encoded pieces; `body` is JSON, empty for none. Every call may be repeated: those that say
 * something carry our transaction id. */
void matrix_call(const struct channel *ch, struct net *net, struct arena *a, const char *method, struct sv path,
                 struct sv body, struct matrix_reply *ret);
void matrix_upload(const struct channel *ch, struct net *net, struct arena *a, struct sv bytes, struct sv name,
                   struct sv type, struct matrix_reply *ret);
enum pw_err matrix_download(const struct channel *ch, struct net *net, struct arena *a, struct sv mxc, struct sv path);
/* "/_matrix/client/v3/rooms/{}/kick" with each {} replaced by the next argument, percent-encoded. */
struct sv matrix_path(struct arena *a, const char *pattern, const struct sv *args, size_t n);

void matrix_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat);

#endif
