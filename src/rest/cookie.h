/* cookie - what a browser keeps for the pages of this host. No REST method looks at them.
 *
 * Used by: page/oauth, page/console_session.
 * Memory:  the call's arena.
 */
#ifndef RAPPORT_REST_COOKIE_H
#define RAPPORT_REST_COOKIE_H

#include "rest/call.h"

#define COOKIE_SESSION "rapport_session" /* who is signed in: people/token */

/* "" when it is not there. */
const char *cookie_of(struct call *call, const char *name);
/* `life` in seconds; 0: forget it. */
void cookie_set(struct call *call, const char *name, const char *value, int64_t life);

#endif
