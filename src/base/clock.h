/* SPDX-License-Identifier: EUPL-1.2 */
/* clock: the two clocks of the machine. Rules never read them: time comes in as an argument. */
#ifndef PW_CLOCK_H
#define PW_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void);  /* wall clock, ms since 1970 UTC */
int64_t clock_mono_ms(void); /* never jumps: leases, timeouts, durations */

#endif
