/* server - the sockets: HTTP/1.1 and TLS by libmicrohttpd, one call per request.
 *
 * What:    collects a request within its limits of size and time, hands it to rest/pipeline, sends
 *          the one answer. Reads run on the HTTP thread where the store allows, writes wait
 *          suspended on their lane.
 * Used by: app/serve, tests.
 * Memory:  server_start to server_stop.
 * Threads: its own pool; server_stop from the thread that started it.
 * Errors:  server_start: NULL with a sentence in `why`.
 */
#ifndef RAPPORT_HTTP_SERVER_H
#define RAPPORT_HTTP_SERVER_H

#include "http/server_options.h"
#include "portal/portal.h"

struct server;

struct server *server_start(struct portal *portal, const struct server_options *options,
                            struct buf *why);
/* It will stop: from now on each answer is the last one of its connection. */
void server_leave(struct server *server);
/* Takes no new connection, finishes what is in flight, ends. */
void server_stop(struct server *server);
/* Reads the certificate again, if there is one; what is bad changes nothing. */
bool server_reload(struct server *server, struct buf *why);
/* Did its threads do in the last seconds what they do every second? */
bool server_lives(const struct server *server);
/* Its lanes, until server_stop. */
struct lanes *server_lanes(struct server *server);
/* Where it listens: "http://127.0.0.1:8024" */
const char *server_url(const struct server *server);
/* By which address it is known where no request tells. */
const char *server_public_url(const struct server *server);

#endif
