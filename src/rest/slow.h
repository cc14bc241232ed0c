/* slow - a request that took long is told in the log with what it did.
 *
 * What:    a warning beside its line: how long it ran and how often it began anew, by how many statements, and the names of what it asked
 *          for (filter[%TITLE], order[ID]; the methods of a batch). No values: they are data.
 * Used by: rest/pipeline.
 * Memory:  none.
 * Threads: the call's.
 * Errors:  none.
 */
#ifndef RAPPORT_REST_SLOW_H
#define RAPPORT_REST_SLOW_H

#include "rest/call.h"

#define SLOW_S 1.0 /* --slow-request */

/* `seconds`: that the call took. Nothing is told of less than the portal's bound. */
void slow_tell(const struct call *call, double seconds);

#endif
