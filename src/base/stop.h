/* stop - the wish that a server ends, which everything that waits gives way to.
 *
 * What:    one per portal. Sleeps end at once; what waits for a store may go on for some seconds more, so
 *          that what is nearly done is done, and then ends too.
 * Used by: app/serve asks; base/backoff sleeps, db/ waits.
 * Memory:  the owner's.
 * Threads: any. NULL is a stop that never comes.
 * Errors:  none.
 */
#ifndef RAPPORT_BASE_STOP_H
#define RAPPORT_BASE_STOP_H

#include <stdbool.h>

#define STOP_STORE_S 4 /* how long a store is still waited for */

struct stop;

struct stop *stop_new(void);
void stop_free(struct stop *stop);
void stop_ask(struct stop *stop, double store_seconds);
bool stop_asked(const struct stop *stop);
/* Asked, and the seconds are over: a store is not waited for any more. */
bool stop_over(const struct stop *stop);
/* Sleeps until this point of clock_monotonic. False: a stop is asked for. */
bool stop_sleep(struct stop *stop, double until);

#endif
