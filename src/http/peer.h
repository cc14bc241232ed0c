/* peer - the connections of the server: who is there, since when, and which must go.
 *
 * What:    a list of all connections with their absolute deadlines.
 * Used by: http/server.
 * Memory:  a peer lives from peer_opened to peer_closed, which the connection's thread calls.
 * Threads: peer_opened, peer_closed and what concerns one peer: its connection's HTTP thread;
 *          peers_sweep and peers_end_cut_off any. Locked inside.
 */
#ifndef RAPPORT_HTTP_PEER_H
#define RAPPORT_HTTP_PEER_H

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdbool.h>

struct peer {
    struct peer *next, *previous;
    int fd;
    _Atomic double deadline;
    _Atomic bool served; /* a whole request is here and its answer not yet sent */
    bool ended;          /* the sweeper saw the end of the client's side */
    char address[48];
};

struct peers;

struct peers *peers_new(void);
void peers_free(struct peers *peers);

struct peer *peer_opened(struct peers *peers, struct MHD_Connection *connection);
void peer_closed(struct peers *peers, struct peer *peer);
/* Between two requests. */
void peer_waits(struct peer *peer);
/* A request has come: it may take so long. */
void peer_may_take(struct peer *peer, double seconds);

/* Ends what is past its deadline, or was cut off. To be called once a second. */
void peers_sweep(struct peers *peers);
void peers_end_cut_off(struct peers *peers);

#endif
