/* SPDX-License-Identifier: EUPL-1.2 */
/* work_fix: an empty database with the tables of work, an engine, and a provider that notes what it was given. */
#ifndef PW_TEST_WORK_FIX_H
#define PW_TEST_WORK_FIX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "lib/dbfix.h"
#include "work/work_priv.h"

#define T0 INT64_C(1700000000000)
enum { CHANNEL = 7, SENDS_KEPT = 4096, TOLD_KEPT = 4096 };

struct told {
    int64_t id;
    enum out_state state;
    enum send_class cls;
    char code[32];
};
struct fix {
    struct dbfix db;
    struct work *w;
    /* the provider */
    struct send_result (*answer)(struct fix *f, const struct out_row *row);
    pthread_mutex_t lock;
    int n_sends, n_told;
    char sends[SENDS_KEPT][24]; /* payloads in the order they arrived */
    int64_t ids[SENDS_KEPT];
    struct told told[TOLD_KEPT];
    enum pw_err told_fails; /* what the sent callback returns */
    int64_t now;            /* for answers that queue more */
};

int fix_open(void **state);
int fix_close(void **state);
struct work *fix_engine(struct fix *f); /* another engine on the same database */
void fix_send(void *self, struct arena *a, const struct out_row *row, struct send_result *ret);
enum pw_err fix_sent(void *self, struct db *db, struct arena *a, const struct out_row *row,
                     const struct send_result *res, int64_t now_ms);

/* Each fails the test on an error. */
int64_t add(struct fix *f, struct out_new o, int64_t now_ms);
int64_t add_text(struct fix *f, const char *payload, enum out_lane lane, const char *order_key);
struct out_row row_of(struct fix *f, int64_t id);
void assert_state(struct fix *f, int64_t id, enum out_state want);
size_t run(struct fix *f, int64_t now_ms);
/* One function of the room in a transaction of its own. */
enum pw_err do_cancel(struct fix *f, int64_t id, int64_t now_ms);
enum pw_err do_resolve(struct fix *f, int64_t id, bool arrived, int64_t now_ms);
enum pw_err do_status(struct fix *f, const char *provider_id, enum out_state to, const char *code, int64_t now_ms);
void do_exec(struct fix *f, const struct db_stmt *st, const struct db_val *args, size_t n);
void do_work(struct fix *f, db_work fn, void *arg);

struct send_result answer_ok(struct fix *f, const struct out_row *row);
void sends_are(struct fix *f, const char *want); /* payloads joined with spaces; and forgets them */

#endif
