/* openapi - the description of all methods that are there, as OpenAPI 3.1.
 *
 * What:    made of the methods' own specs, as the reference is, and of the errors that their pages and scenarios know. Each
 *          method is a POST with a JSON body, though a query or a form does as well. With a catalog in the request what a
 *          portal has of its own stands in it too: custom fields, smart processes.
 * Used by: page/openapi, app/command_openapi.
 * Memory:  what is written is the writer's.
 * Threads: any.
 * Errors:  none.
 */
#ifndef RAPPORT_REST_OPENAPI_H
#define RAPPORT_REST_OPENAPI_H

#include "base/writer.h"
#include "portal/request.h"

/* `base`: where the server is, without a slash at its end; NULL: http://127.0.0.1:8024. `own`: of this portal. */
void openapi_write(struct writer *out, struct request *req, const char *base, bool own);

#endif
