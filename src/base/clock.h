/* clock - the time of day, replaceable in tests.
 *
 * Used by: rest/ (time block, operating baskets), crm/ (CREATED, LAST_UPDATED).
 * Threads: any. clock_freeze is for tests: one thread, before requests run.
 */
#ifndef RAPPORT_BASE_CLOCK_H
#define RAPPORT_BASE_CLOCK_H

#include <stdint.h>

/* Seconds since 1970 with a fraction. */
double clock_now(void);
/* Seconds from an arbitrary start, never going back; for durations. Not affected by a freeze. */
double clock_monotonic(void);
/* Freezes clock_now at `seconds`; 0 lets it run again. */
void clock_freeze(double seconds);

#endif
