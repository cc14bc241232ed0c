/* rehearse - a dry run: the method runs as it would, and all it wrote is undone.
 *
 * What:    a call in a savepoint that is rolled back. Events and mails are rows, which go with it; files that it would have
 *          removed stay, and those it brought are nobody's. Behind `result` stands what handlers would hear: would_tell.
 * Used by: rest/pipeline, for calls that say so (rest/mcp).
 * Memory:  the call's.
 * Threads: the write lane's.
 * Errors:  the method's; API_ERR_INVALID_REQUEST for a change of the schema.
 */
#ifndef RAPPORT_REST_REHEARSE_H
#define RAPPORT_REST_REHEARSE_H

#include "rest/call.h"

enum api_rc rehearse(struct call *call);

#endif
