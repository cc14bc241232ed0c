/* tap - lets http/wire read the bytes of a connection before libmicrohttpd does.
 *
 * What:    the program's own recv and gnutls_record_recv, which libmicrohttpd's calls are bound to;
 *          those of a connection that is tapped pass through its wire, all others straight on. Should
 *          a build or another version of the library read in another way, no wire sees a request,
 *          and http/server refuses what no wire saw.
 *          Beside them stands epoll_ctl, which bears what the library does twice when it is to end.
 * Used by: http/peer.
 * Memory:  the wire is the connection's; a table of pointers by file descriptor.
 * Threads: tap_open and tap_close on the connection's thread, before the first and after the last
 *          byte.
 * Errors:  tap_open is false for a descriptor beyond the table.
 */
#ifndef RAPPORT_HTTP_TAP_H
#define RAPPORT_HTTP_TAP_H

#include "http/wire.h"

/* `session`: the gnutls_session_t of a TLS connection, else NULL. */
bool tap_open(int fd, void *session, struct wire *wire);
void tap_close(int fd);

#endif
