/* stream - an answer that goes on: what a follower (portal/feed) is told, until it is over or the client goes.
 *
 * What:    the connection sleeps while nothing waits, and takes no thread.
 * Used by: http/server.
 * Memory:  the follower is the exchange's, and left with it.
 * Threads: the connection's HTTP thread; woken from any.
 */
#ifndef RAPPORT_HTTP_STREAM_H
#define RAPPORT_HTTP_STREAM_H

#include "http/exchange.h"

/* A response without an end; NULL: there is no memory. */
struct MHD_Response *stream_response(struct exchange *x);

#endif
