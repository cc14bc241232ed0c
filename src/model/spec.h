/* spec - a call's parameters, as the method's spec says them, checked and bound before its handler runs.
 *
 * What:    what the spec binds (BIND in its table) stands in a struct of the method's, req->args. A method that
 *          says `binds` refuses what is missing or of another type with error 100, in the order of its table; others
 *          refuse what cannot be read at all.
 * Used by: rest/dispatch.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  PARAMETER ("100"); the method's own text.
 */
#ifndef RAPPORT_MODEL_SPEC_H
#define RAPPORT_MODEL_SPEC_H

#include "portal/request.h"

enum api_rc spec_bind(struct request *req);

#endif
