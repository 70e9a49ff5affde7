/* SPDX-License-Identifier: EUPL-1.2 */
/* hub_fix: a hub with one channel, its work engine and the Telegram stand-in, on the engine that the test runs on; and
 * a receiver that remembers what it was told. */
#ifndef PW_TESTS_HUB_FIX_H
#define PW_TESTS_HUB_FIX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "channel/hub.h"
#include "fake.h"
#include "lib/ctxfix.h"

enum { SEEN_MAX = 200 };
struct seen { /* what the receiver was told; filled again when a transaction is run again */
    enum chan_event_kind kind;
    char id[64], chat[40], user[40], text[200], new_chat[40], file[120], token[64];
};
struct hub_fix {
    struct ctxfix c;
    struct fake *fake;
    struct net *net;
    struct hub *hub;
    struct work *work;
    int64_t channel, amal, noor, group;
    pthread_mutex_t lock;
    struct seen seen[SEEN_MAX];
    size_t n_seen;
    enum send_class last_sent;
    int64_t last_subject;
    size_t n_sent;
    const char *poison; /* a text that the receiver cannot store */
    enum pw_err poison_error;
    bool want_files;
};
int hub_fake_start(void **state); /* of the group of tests */
int hub_fake_stop(void **state);
int hub_set_up(void **state);
int hub_tear_down(void **state);

size_t hub_n_seen(struct hub_fix *f);
json_t *hub_settings(struct hub_fix *f, const char *mode);
int64_t hub_id_of(const json_t *v);
int64_t hub_make_channel(struct hub_fix *f, const char *name, const char *mode, bool enabled);
struct hub *hub_open_one(struct hub_fix *f);

/* One webhook call; how many events were kept. */
enum pw_err hub_hook(struct hub_fix *f, const char *name, const char *secret, const char *body);
int64_t hub_told(struct hub_fix *f);
#define TEXT(id, words)                                                                                                \
    "{\"update_id\":" #id ",\"message\":{\"message_id\":1,\"from\":{\"id\":5,\"is_bot\":false,\"first_name\":\"x\"},"  \
    "\"chat\":{\"id\":5,\"type\":\"private\"},\"date\":1772712000,\"text\":\"" words "\"}}"

int64_t hub_queue(struct hub_fix *f, const struct chan_send *s, int64_t subject_id, const char *idem);
struct sv hub_text_of(struct hub_fix *f, int64_t id);
void hub_run_work(struct hub_fix *f);

#endif
