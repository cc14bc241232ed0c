/* requests - one request after the other: its body within its limits, its lane, its answer.
 *
 * Used by: http/server, whose daemon calls it.
 * Memory:  the server's, and an exchange per request.
 * Threads: those of the daemon.
 */
#ifndef RAPPORT_HTTP_REQUESTS_H
#define RAPPORT_HTTP_REQUESTS_H

#include "http/daemon.h"

/* What the daemon calls for requests; its context is the struct server. */
void requests_hooks(struct daemon_hooks *hooks);

#endif
