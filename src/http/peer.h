/* peer - the connections of the server: who is there, since when, and which must go.
 *
 * What:    each connection with its absolute deadlines, its share and its wire. Once half of the
 *          places are taken, one address (an IPv6 /64) may have an eighth of them; when they run
 *          out, idle connections of the address that has most are ended first. Trusted proxies have
 *          no share: their clients are counted elsewhere.
 * Used by: http/server.
 * Memory:  a peer lives from peer_opened to peer_closed, which the connection's thread calls.
 * Threads: peer_opened, peer_closed and what concerns one peer: its connection's HTTP thread;
 *          peers_sweep, peers_end_cut_off and peers_linger: one thread each. Locked inside.
 */
#ifndef RAPPORT_HTTP_PEER_H
#define RAPPORT_HTTP_PEER_H

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "http/net.h"
#include "http/wire.h"

enum peer_phase {
    PEER_WAITS,  /* for a request, or for the rest of its headers */
    PEER_SENDS,  /* a body */
    PEER_SERVED, /* a whole request is here and its answer not yet sent */
};

struct peer {
    struct peer *next, *previous;       /* of all */
    struct peer *next_of, *previous_of; /* of the same subscriber */
    struct subscriber *subscriber;
    int fd;
    _Atomic double deadline, since; /* since: when it began to wait */
    _Atomic int phase;
    _Atomic uint32_t requests; /* libmicrohttpd has begun with */
    bool trusted, dropped;
    bool refused; /* it may still be sending when its answer is there */
    /* The sweeper's own: */
    bool ended; /* it saw the end of the client's side */
    uint32_t seen;
    double headers_until;
    struct net_address address;
    char text[NET_TEXT]; /* of the address */
    struct wire wire;
};

struct peers;

/* `places`: how many there may be. The ranges must outlive it. */
struct peers *peers_new(unsigned places, const struct net_ranges *trusted);
void peers_free(struct peers *peers);

struct peer *peer_opened(struct peers *peers, struct MHD_Connection *connection);
void peer_closed(struct peers *peers, struct peer *peer);
/* Between two requests. */
void peer_waits(struct peer *peer);
/* From now on it is in that phase, until that time (clock_monotonic) at most. */
void peer_phase(struct peer *peer, enum peer_phase phase, double until);
void peer_ends_at(struct peer *peer, double until);
/* A request's headers are here. NULL, or why it must be refused. */
const char *peer_takes_request(struct peer *peer);
/* Is some of that request's body still to come? */
bool peer_sends_body(const struct peer *peer);
/* Why the request that is being read must be refused after all; NULL: it need not. */
const char *peer_objection(const struct peer *peer);

/* Ends what is past its deadline, or was cut off. To be called once a second. */
void peers_sweep(struct peers *peers);
void peers_end_cut_off(struct peers *peers);

#endif
