/* listen - the socket of the server, and what the system gives it.
 *
 * What:    binds, tells the address that was bound, counts the places for connections.
 * Used by: http/server.
 * Threads: the one that starts the server.
 * Errors:  -1 or 0 with a sentence in `why`.
 */
#ifndef RAPPORT_HTTP_LISTEN_H
#define RAPPORT_HTTP_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

int listen_open(const char *host, int port, struct buf *why);
/* "http://127.0.0.1:8024"; host NULL: that of the socket. */
void listen_url(int fd, const char *host, bool secure, char *url, size_t size);
/* How many connections there may be. 0: too few to work with. */
unsigned listen_places(struct buf *why);

#endif
