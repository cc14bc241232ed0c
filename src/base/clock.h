/* clock - the time of day, which tests of this program and tests of its users may set.
 *
 * Used by: rest/ (time block, limits, tokens), crm/ (CREATED, LAST_UPDATED, deadlines), send/.
 * Threads: any. Setting it is for tests and for the control API.
 */
#ifndef RAPPORT_BASE_CLOCK_H
#define RAPPORT_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds since 1970 with a fraction. */
double clock_now(void);
/* The system's own, whatever was set: to compare with the times of files. */
double clock_real(void);
/* Seconds from an arbitrary start, never going back; for durations. Not affected by a freeze. */
double clock_monotonic(void);

/* Stops clock_now at `seconds`, above 0. */
void clock_freeze(double seconds);
/* Ahead by `seconds`, back when below 0; a frozen clock stays frozen. */
void clock_move(double seconds);
/* The system's time again. */
void clock_resume(void);
bool clock_is_frozen(void);
/* By how much a running clock was moved. */
double clock_ahead(void);

#endif
