/* SPDX-License-Identifier: EUPL-1.2 */
/* net_fix: a way out that may reach one small provider on this machine, which answers each path in its own way. */
#ifndef PW_TESTS_NET_FIX_H
#define PW_TESTS_NET_FIX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/net_priv.h"
#include "stub_server.h"

struct net_fix {
    struct stub stub;
    struct net *net;
    struct arena a;
    char dir[64];
};

int net_set_up(void **state);
int net_tear_down(void **state);
struct sv net_url(struct net_fix *f, const char *path);
struct net_result net_get(struct net_fix *f, const char *path);
struct net_result net_post(struct net_fix *f, const char *path);
void assert_net_result(const struct net_result *r, enum net_phase phase, int status, const char *code);
void assert_net_sv(struct sv got, const char *want);

#endif
