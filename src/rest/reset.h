/* reset - the portal's data as they were made at first, in milliseconds.
 *
 * What:    makes the demo (or an empty portal) once, beside the portal's store, and from then on changes
 *          only the rows that differ from it. Who signs in stays able to: webhooks with their users,
 *          applications with their tokens, sessions, passwords, roles, outgoing webhooks (unless they
 *          are part of it) and the portal's settings are left alone.
 * Used by: rest/control; app/serve opens it.
 * Memory:  one struct reset per portal, on the heap.
 * Threads: any; one reset at a time. Requests go on, before or after it.
 * Errors:  false, with a sentence in `why`; nothing has changed then.
 */
#ifndef RAPPORT_REST_RESET_H
#define RAPPORT_REST_RESET_H

#include "portal/portal.h"

enum reset_to { RESET_EMPTY, RESET_DEMO, RESET_STATES };

/* Before the first of the others. */
void reset_open(struct portal *portal);
/* The demo is built around the day of portal_now: on a clock that stands it is always the same. `hooks`: the
 * outgoing webhooks go, too. */
bool reset_portal(struct portal *portal, enum reset_to to, bool hooks, struct buf *why);
/* Removes what was made beside the store, when no reset comes any more. */
void reset_forget(struct portal *portal);

#endif
