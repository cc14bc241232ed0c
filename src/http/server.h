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

#include "http/net.h"
#include "portal/portal.h"

struct server;

struct server_options {
    const char *host;               /* "127.0.0.1", "::1", "0.0.0.0" */
    int port;                       /* 0: a free one */
    int socket;                     /* listens already, and is taken in their place; 0: none */
    const char *tls_cert, *tls_key; /* PEM files; NULL: plain HTTP */
    size_t max_body;                /* bytes */
    size_t max_bodies;              /* all together; at least twice max_body */
    size_t max_unknown_bodies;      /* of clients not yet recognised */
    int threads;                    /* 0: one per core */
    int commit_jobs;                /* as in struct lane_options */
    const char *url;                /* by which it is known; NULL: as clients and proxies say */
    struct net_ranges trusted;      /* proxies whose word on the client is taken */
};

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
