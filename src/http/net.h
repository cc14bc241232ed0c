/* net - addresses and networks of clients.
 *
 * What:    an address of either kind in 16 bytes (IPv4 as ::ffff:a.b.c.d, also where it came so), its
 *          text, and lists of networks (CIDR).
 * Used by: http/peer (shares), http/origin (whom to believe), app/serve (--trusted-proxy).
 * Memory:  values; a list of ranges is freed by its owner.
 * Threads: any.
 */
#ifndef RAPPORT_HTTP_NET_H
#define RAPPORT_HTTP_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define NET_TEXT 48

struct net_address {
    unsigned char bytes[16];
};

struct net_range {
    struct net_address address;
    unsigned bits; /* of the 128 */
};

struct net_ranges {
    struct net_range *list;
    size_t count;
};

/* False for what is no internet address. */
bool net_from_sockaddr(const struct sockaddr *from, struct net_address *to);
/* "192.0.2.1", "2001:db8::1"; no port, no brackets. */
bool net_from_text(const char *text, size_t len, struct net_address *to);
void net_text(const struct net_address *address, char text[NET_TEXT]);
/* What one subscriber has: all of an IPv4 address, the /64 of an IPv6 one. */
struct net_address net_subscriber(const struct net_address *address);
/* Adds "10.0.0.0/8", "::1" or "fd00::/8"; false when it is none, or has bits beyond its length. */
bool net_ranges_add(struct net_ranges *ranges, const char *text);
bool net_ranges_hold(const struct net_ranges *ranges, const struct net_address *address);
void net_ranges_clear(struct net_ranges *ranges);

#endif
