/* SPDX-License-Identifier: EUPL-1.2 */
/* id: 63-bit, time-ordered identifiers minted in the process: 41 bits of milliseconds since 2024-01-01 UTC, 8 bits of
 * node, 14 bits of sequence that starts at random in each millisecond. Shown as 13 characters of lower-case Crockford
 * base32, so that they can be read aloud. Not secret: never use one as a token. */
#ifndef PW_ID_H
#define PW_ID_H

#include "sv.h"

enum { ID_TEXT = 13 };

int64_t id_new(void);                                 /* > 0, larger than the last one of this process */
int64_t id_time_ms(int64_t id);                       /* when it was minted, ms UTC */
int64_t id_first_at(int64_t ms);                      /* no id minted since then is smaller */
struct sv id_text(int64_t id, char out[ID_TEXT + 1]); /* also NUL-terminates out */
bool id_parse(struct sv text, int64_t *ret);          /* reads 13 characters, o as 0, i and l as 1, any case */
/* A random text of n base32 characters from the system's generator: 5 bits each (tokens, codes). */
void id_random_text(char *out, size_t n); /* writes n + 1 bytes */

#endif
