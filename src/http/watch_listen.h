/* watch_listen - /metrics, /healthz and /readyz at an address of their own, for whoever reaches it.
 *
 * What:    one thread that answers GET and HEAD of these three and nothing else, with a connection to the store of its own. Plain HTTP, no
 *          credential: the address is to be one that only those who watch can reach.
 * Used by: app/serve (--metrics-listen).
 * Memory:  from start to stop.
 * Threads: start and stop from the same.
 * Errors:  start: NULL with a sentence in `why`.
 */
#ifndef RAPPORT_HTTP_WATCH_LISTEN_H
#define RAPPORT_HTTP_WATCH_LISTEN_H

#include "portal/portal.h"

struct watch_listen;

/* port 0: a free one. */
struct watch_listen *watch_listen_start(struct portal *portal, const char *host, int port,
                                        struct buf *why);
/* "http://127.0.0.1:9100" */
const char *watch_listen_url(const struct watch_listen *watch);
void watch_listen_stop(struct watch_listen *watch);

#endif
