/* SPDX-License-Identifier: EUPL-1.2 */
/* testsite: a small site with a route of each kind and a folder of files, and a client that asks it over a socket. */
#ifndef PW_TESTSITE_H
#define PW_TESTSITE_H

#include "testhost.h"

struct fix {
    struct testhost host;
    struct httpd *h;
    struct reply r; /* the last answer */
};
extern const struct route site_routes[]; /* ends with path NULL */
int site_make_files(void **state);       /* of a group */
int site_remove_files(void **state);
int site_open(void **state); /* of a test: a struct fix */
int site_close(void **state);
#define SITE_TEST(name) cmocka_unit_test_setup_teardown(name, site_open, site_close)

struct reply *ask(struct fix *f, const char *text);
struct reply *post(struct fix *f, const char *path, const char *headers, const char *body);
bool has(const struct reply *r, const char *words);

#define GET(path, headers) "GET " path " HTTP/1.1\r\nHost: x\r\n" headers "\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

#endif
