/* address - where the server itself may connect to.
 *
 * What:    looks at the address a name was resolved to, at the moment of connecting, so that no name
 *          leads around it. Loopback is allowed (a developer's handler is there; the original forbids
 *          it), private and link-local networks only when the operator says so.
 * Used by: event/delivery.
 * Threads: any.
 */
#ifndef RAPPORT_EVENT_ADDRESS_H
#define RAPPORT_EVENT_ADDRESS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <sys/socket.h>

/* Is it in a private, link-local or otherwise local network, other than loopback? */
bool address_is_private(const struct sockaddr *address);
struct address_guard {
    bool private_networks; /* they are allowed */
    bool refused;          /* an address was, since the flag was cleared */
};
/* Makes the handle refuse such addresses, unless they are allowed. `guard` lives as long as it. */
void address_guard_set(CURL *easy, struct address_guard *guard);

#endif
