/* SPDX-License-Identifier: EUPL-1.2 */
/* main_test: an installation as `serve` opens it, on the engine of the run: every room's tables, the words of the
 * source tree ($PASSERELLE_SHARE), the clock of this machine (sessions are looked up by the server's own clock). The
 * server, when a test starts one, answers at a free port of 127.0.0.1. */
#ifndef PW_MAIN_TEST_H
#define PW_MAIN_TEST_H

#include "main/app.h"
#include "unit/core/core_test.h"

#include "feature/community/community.h"
#include "feature/community/community_rules.h"
#include "http/http.h"

struct installation {
    struct ctxfix f;
    struct app app; /* store, vault, words; http once it serves */
    struct community_host words;
    struct http_host host;
};
void installation_open(struct installation *in);
void installation_close(struct installation *in);
void installation_serve(struct installation *in, const struct route *routes);

int installation_set_up(void **state);
int installation_tear_down(void **state);
#define MAIN_TEST(fn) cmocka_unit_test_setup_teardown(fn, installation_set_up, installation_tear_down)

/* A staff account with a role of the network; its id and person. */
int64_t installation_account(struct installation *in, const char *login, enum role role, int64_t *ret_person);
/* The cookie value of a new session of that account; password as installation_account gives it. */
struct sv installation_session(struct installation *in, const char *login);

/* Runs fn with what it writes to standard output and error kept in out and err (NUL-terminated, cut to size). */
struct said {
    int rc;
    char out[16384], err[16384];
};
void say_to(struct said *s, int (*fn)(void *arg), void *arg);

#endif
