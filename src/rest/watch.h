/* watch - is the server well, and what does it do? For whoever watches it.
 *
 * What:    readiness (the store answers, the server does not end, there is room on the disk), and portal/metrics with what only the
 *          store and the system know at this moment.
 * Used by: page/watch, http/watch_listen.
 * Memory:  none is kept.
 * Threads: that of the connection.
 * Errors:  what cannot be found out is left out of the metrics; of readiness it is the reason.
 */
#ifndef RAPPORT_REST_WATCH_H
#define RAPPORT_REST_WATCH_H

#include "portal/portal.h"

#define WATCH_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define WATCH_HEALTH_TYPE "text/plain; charset=utf-8"
#define WATCH_ROOM (64UL << 20) /* bytes that must be free on the disk of the data directory */

/* `db` NULL: there is no connection to be had. False: not ready, with a line of why. */
bool watch_ready(struct portal *portal, struct db *db, struct buf *why);
void watch_metrics(struct portal *portal, struct db *db, struct buf *out);

#endif
