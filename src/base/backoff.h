/* backoff - how often something that failed is tried again.
 *
 * What:    a pause that doubles from `first` up to `most` seconds, a little different each time so that
 *          several servers do not come back at once; gone as soon as it works. A loop either sleeps for
 *          it (backoff_sleep), or asks whether it is time (backoff_due), where it has other things to do.
 *          What fails is logged by its trouble, when the state changes.
 * Used by: every loop that waits for the store: send/delivery (reading, settling, the lease),
 *          send/mailer, portal/file_sweep, rest/reset, lane/lane (a call that is run again), the start, and
 *          the PostgreSQL driver (connecting, for all of them).
 * Memory:  the owner's; backoff_clear.
 * Threads: one.
 * Errors:  none.
 */
#ifndef RAPPORT_BASE_BACKOFF_H
#define RAPPORT_BASE_BACKOFF_H

#include "base/stop.h"
#include "base/trouble.h"

struct backoff {
    double first, most;
    double pause, next; /* of clock_monotonic; 0: it works */
    struct trouble *trouble;
};

/* `what` is logged in front of what fails: "events wait"; NULL: nothing is logged. */
void backoff_init(struct backoff *backoff, const char *what, double first, double most);
void backoff_clear(struct backoff *backoff);
/* It failed: the pause begins. `kind` as in trouble_failed. */
void backoff_failed(struct backoff *backoff, const char *kind, const char *words);
/* The pause begins, but nothing went wrong: somebody else has it. */
void backoff_rest(struct backoff *backoff, double seconds);
/* It worked. */
void backoff_worked(struct backoff *backoff);
/* May it be tried? */
bool backoff_due(const struct backoff *backoff);
/* Sleeps to the end of the pause. False: a stop is asked for. */
bool backoff_sleep(const struct backoff *backoff, struct stop *stop);

#endif
