/* server_options - what a server is started with.
 *
 * Used by: http/server, app/.
 * Memory:  the caller's, until server_stop.
 */
#ifndef RAPPORT_HTTP_SERVER_OPTIONS_H
#define RAPPORT_HTTP_SERVER_OPTIONS_H

#include "http/net.h"

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

#endif
