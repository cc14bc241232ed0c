/* rehearse - a dry run: a method or a batch runs as it would, and all it wrote is undone.
 *
 * What:    a call in a savepoint that is rolled back. Events and mails are rows, which go with it; files that it would have
 *          removed stay, and those it brought are nobody's. Behind `result` stands what handlers would hear: would_tell, each
 *          {event, handlers: how many are called, queued: offline handlers too}, for administrators with data and addresses.
 * Used by: rest/pipeline, for calls that say so (rest/mcp).
 * Memory:  the call's.
 * Threads: the write lane's.
 * Errors:  the method's; API_ERR_INVALID_REQUEST for a change of the schema.
 */
#ifndef RAPPORT_REST_REHEARSE_H
#define RAPPORT_REST_REHEARSE_H

#include "rest/call.h"

/* `run` runs the call. */
enum api_rc rehearse(struct call *call, enum api_rc (*run)(struct call *call));

#endif
