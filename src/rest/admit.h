/* admit - what every call of a method must pass before it is one: the portal, the way it came, who calls.
 *
 * What:    https where the portal asks for it, a portal that is open, a credential, its plan and rate, its scope.
 * Used by: rest/pipeline (its steps), pages and tools that answer a caller (rest/mcp_tool, page/openapi).
 * Memory:  the call's.
 * Threads: the connection's; it reads with call->req.db.
 * Errors:  the protocol's, in call->req.error.
 */
#ifndef RAPPORT_REST_ADMIT_H
#define RAPPORT_REST_ADMIT_H

#include "rest/call.h"

/* A portal's answer is for https alone, or the portal is closed: HTTPS_REQUIRED, PORTAL_DELETED. Of a page it holds where it
 * stands beside methods (rest/page). Needs no credential. */
enum api_rc admit_call(struct call *call);
/* The credential, and of a page the right and scope that it asks for: call->caller. */
enum api_rc admit_caller(struct call *call);
/* The plan, and how often this address calls. A batch counts as one. */
enum api_rc admit_rate(struct call *call);
/* All of it, for a page open to anyone that answers this caller as a method of `scope` (NULL: any) would. */
enum api_rc admit_as_method(struct call *call, const char *scope);

/* Of who was admitted: does he act as an administrator himself? An application that one allowed has its scope, and what
 * is an administrator's alone (metrics, the control API, the log of calls) is in none. */
bool admit_is_administrator(const struct call *call);

/* The credential as given: in the address, `auth`, or the Authorization header; NULL: none. */
const char *call_credential(const struct call *call);

#endif
