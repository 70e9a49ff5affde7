/* SPDX-License-Identifier: EUPL-1.2 */
/* clock: the two clocks of the machine. Rules never read them: time comes in as an argument. */
#ifndef PW_CLOCK_H
#define PW_CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

int64_t clock_now_ms(void);  /* wall clock, ms since 1970 UTC */
int64_t clock_mono_ms(void); /* never jumps: leases, timeouts, durations */

/* A condition that is waited for by a clock that never jumps, and the end of a wait of ms from now for
 * pthread_cond_timedwait(). */
void clock_cond_init(pthread_cond_t *c);
struct timespec clock_cond_until(int64_t ms);

#endif
