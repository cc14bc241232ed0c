/* daemon - libmicrohttpd as this server runs it: its options, and its log.
 *
 * Used by: http/server.
 * Memory:  the hooks are read while it starts; their context must live until it is stopped.
 * Threads: it has its own.
 * Errors:  NULL when it cannot be started.
 */
#ifndef RAPPORT_HTTP_DAEMON_H
#define RAPPORT_HTTP_DAEMON_H

#include <microhttpd.h>
#include <stdbool.h>

struct daemon_hooks {
    void *(*uri)(void *context, const char *uri, struct MHD_Connection *connection);
    MHD_AccessHandlerCallback request;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    void *context;
};

/* `fd` listens; `wanted` threads, 0: one per core, at least two; `places` connections at most. */
struct MHD_Daemon *daemon_start(int fd, bool secure, int wanted, unsigned places,
                                const struct daemon_hooks *hooks);

#endif
