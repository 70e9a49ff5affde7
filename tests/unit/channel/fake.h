/* SPDX-License-Identifier: EUPL-1.2 */
/* fake: starts tests/fakes/telegram.mjs and speaks to its control side. One at a time; fake_stop() ends it, and it ends
 * with the test in any case. */
#ifndef PW_TEST_FAKE_H
#define PW_TEST_FAKE_H

#include <sys/types.h>

#include "base/arena.h"
#include "net/net.h"
#include "json/json.h"

struct fake {
    pid_t pid;
    int port;
    struct arena arena;
    struct net *net; /* its own way out, for the control side */
    struct sv base;  /* "http://127.0.0.1:port" */
    struct sv token;
};
/* Ends the program with 77 (skipped) when there is no node. */
void fake_start(struct fake *f);
void fake_stop(struct fake *f);
/* POST /_control/<name>; aborts unless it is answered 200. The value lives in f->arena. */
const json_t *fake_do(struct fake *f, const char *name, const char *body, ...) __attribute__((format(printf, 3, 4)));
const json_t *fake_get(struct fake *f, const char *path, ...) __attribute__((format(printf, 2, 3)));
/* How often a method was called. */
int64_t fake_count(struct fake *f, const char *method);
/* Aborts, with its words, when a request or one of the stand-in's own updates did not fit the contract. */
void fake_no_violations(struct fake *f);

#endif
