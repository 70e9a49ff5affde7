/* SPDX-License-Identifier: EUPL-1.2 */
/* sv: a view of text. Never owns, not NUL-terminated, {NULL,0} and {"",0} are both "empty".
 * Bytes are UTF-8 unless a function says otherwise. Nothing here allocates. */
#ifndef PW_SV_H
#define PW_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sv {
    const char *p;
    size_t n;
};

#define SV(lit) ((struct sv){"" lit, sizeof(lit) - 1})
#define SV_ARG(s) (int)(s).n, (s).p ? (s).p : "" /* for "%.*s" */

struct sv sv_of(const char *z); /* of a NUL-terminated string; NULL gives empty */
bool sv_eq(struct sv a, struct sv b);
bool sv_eq_z(struct sv a, const char *z);
bool sv_ieq(struct sv a, struct sv b); /* ASCII case-insensitive: header names, codes */
int sv_cmp(struct sv a, struct sv b);  /* bytes */
bool sv_starts(struct sv s, struct sv prefix);
bool sv_ends(struct sv s, struct sv suffix);
struct sv sv_trim(struct sv s);                       /* ASCII white space off both ends */
struct sv sv_sub(struct sv s, size_t from, size_t n); /* clamped to s */
/* Cuts `head<sep>rest`: true when *rest was not yet exhausted. After the last piece *rest is {NULL,0}. */
bool sv_cut(struct sv *rest, char sep, struct sv *ret_head);
ptrdiff_t sv_find(struct sv s, struct sv needle); /* -1 when absent */
/* Whole text is a decimal number within range; nothing else (no sign but '-', no spaces). */
bool sv_int(struct sv s, int64_t *ret);

#endif
