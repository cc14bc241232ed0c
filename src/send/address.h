/* address - where the server itself may connect to.
 *
 * What:    looks at the address a name was resolved to, at the moment of connecting, so that no name
 *          leads around it. Loopback is allowed (a developer's handler is there; the original forbids
 *          it), private and link-local networks only when the operator says so. The server's
 *          own address never is.
 * Used by: send/delivery.
 * Threads: any.
 */
#ifndef RAPPORT_SEND_ADDRESS_H
#define RAPPORT_SEND_ADDRESS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <sys/socket.h>

/* Is it in a private, link-local or otherwise special network, other than loopback? Of an IPv6 address
 * that carries an IPv4 address (a translator's or a tunnel's) that one counts. */
bool address_is_private(const struct sockaddr *address);
/* Is it this port of this machine, by loopback or any interface? */
bool address_is_here(const struct sockaddr *address, int port);
struct address_guard {
    bool private_networks; /* they are allowed */
    int port;              /* where this server listens: it sends nothing to itself; 0: anywhere */
    bool refused, own;     /* an address was, since the flags were cleared: private; its own */
};
/* Makes the handle refuse such addresses, unless they are allowed. `guard` lives as long as it. */
void address_guard_set(CURL *easy, struct address_guard *guard);

#endif
