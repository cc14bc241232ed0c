/* clock - the time of day, which tests of a portal and tests of its users may set: each portal has a clock of its own.
 *
 * Used by: portal/portal (portal_now), rest/control (sets it); clock_monotonic and clock_real: everybody.
 * Memory:  a clock is its portal's; one of zeros runs as the system's does.
 * Threads: any. Setting it is for tests and for the control API.
 */
#ifndef RAPPORT_BASE_CLOCK_H
#define RAPPORT_BASE_CLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Microseconds, twice: those at which it stands when the last bit is set, else those by which it is ahead. In one
 * word, so that nobody sees half of a change. */
struct clock {
    _Atomic int64_t set;
};

/* Seconds since 1970 with a fraction. */
double clock_now(const struct clock *clock);
/* The system's own: where there is no portal, and to compare with the times of files. */
double clock_real(void);
/* Seconds from an arbitrary start, never going back; for durations. Not affected by a freeze. */
double clock_monotonic(void);

/* Stops it at `seconds`, above 0; kept to a microsecond. */
void clock_freeze(struct clock *clock, double seconds);
/* Ahead by `seconds`, back when below 0; a frozen clock stays frozen. */
void clock_move(struct clock *clock, double seconds);
/* The system's time again. */
void clock_resume(struct clock *clock);
/* As another one goes. */
void clock_copy(struct clock *clock, const struct clock *other);
bool clock_is_frozen(const struct clock *clock);
/* By how much a running clock was moved. */
double clock_ahead(const struct clock *clock);

#endif
