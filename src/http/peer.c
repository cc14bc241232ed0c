#include "http/peer.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/farewell.h"
#include "http/tap.h"

#define CHAINS 1024
#define SHARE 8 /* an address may have one of so many parts of the places */
#define ROOM 16 /* one of so many parts is kept free */

/* Whoever connections are counted for. */
struct subscriber {
    struct subscriber *next; /* in its chain */
    struct net_address address;
    struct peer *peers;
    unsigned count; /* of them, without those that were dropped */
};

struct peers {
    pthread_mutex_t lock;
    struct peer *list;
    struct subscriber *chains[CHAINS];
    unsigned places, count; /* count: without those that were dropped */
    const struct net_ranges *trusted;
    struct farewell *farewell;
};

struct peers *peers_new(unsigned places, const struct net_ranges *trusted)
{
    struct peers *peers = xcalloc(1, sizeof *peers);
    pthread_mutex_init(&peers->lock, NULL);
    peers->places = places;
    peers->trusted = trusted;
    peers->farewell = farewell_start();
    return peers;
}

void peers_free(struct peers *peers)
{
    if (!peers)
        return;
    farewell_stop(peers->farewell);
    pthread_mutex_destroy(&peers->lock);
    free(peers);
}

/* ---- one connection ---- */

void peer_ends_at(struct peer *peer, double until)
{
    atomic_store_explicit(&peer->deadline, until, memory_order_relaxed);
}

void peer_phase(struct peer *peer, enum peer_phase phase, double until)
{
    peer_ends_at(peer, until);
    atomic_store(&peer->phase, (int)phase);
}

void peer_waits(struct peer *peer)
{
    double now = clock_monotonic();
    atomic_store(&peer->since, now);
    peer_phase(peer, PEER_WAITS, now + TIMEOUT_IDLE_S + TIMEOUT_HEADERS_S);
}

const char *peer_takes_request(struct peer *peer)
{
    uint32_t number = atomic_load_explicit(&peer->requests, memory_order_relaxed) + 1;
    atomic_store_explicit(&peer->requests, number, memory_order_relaxed);
    if (number > peer->wire.requests) {
        log_error("a request was seen that nobody sent: libmicrohttpd reads past http/tap");
        return "This is not the request that was sent";
    }
    return peer_objection(peer);
}

const char *peer_objection(const struct peer *peer)
{
    uint32_t number = atomic_load_explicit(&peer->requests, memory_order_relaxed);
    return peer->wire.why && number >= peer->wire.bad ? peer->wire.why : NULL;
}

bool peer_sends_body(const struct peer *peer)
{
    return peer->wire.requests == atomic_load_explicit(&peer->requests, memory_order_relaxed) &&
           atomic_load_explicit(&peer->wire.busy, memory_order_relaxed);
}

static bool is_idle(const struct peer *peer)
{
    return !peer->dropped && atomic_load(&peer->phase) == PEER_WAITS &&
           !atomic_load_explicit(&peer->wire.busy, memory_order_relaxed);
}

/* ---- places and shares; the lock is held ---- */

static struct subscriber **find(struct peers *peers, const struct net_address *address)
{
    uint64_t halves[2];
    memcpy(halves, address->bytes, sizeof halves);
    uint64_t hash = (halves[0] ^ halves[1]) * 0x9e3779b97f4a7c15u;
    struct subscriber **link = &peers->chains[hash >> 54];
    while (*link && memcmp(&(*link)->address, address, sizeof *address) != 0)
        link = &(*link)->next;
    return link;
}

static void join(struct peers *peers, struct peer *peer)
{
    struct net_address address = net_subscriber(&peer->address);
    struct subscriber **link = find(peers, &address);
    if (!*link) {
        *link = xcalloc(1, sizeof **link);
        (*link)->address = address;
    }
    struct subscriber *of = peer->subscriber = *link;
    peer->next_of = of->peers;
    if (peer->next_of)
        peer->next_of->previous_of = peer;
    of->peers = peer;
    peer->next = peers->list;
    if (peer->next)
        peer->next->previous = peer;
    peers->list = peer;
    of->count++;
    peers->count++;
}

static void leave(struct peers *peers, struct peer *peer)
{
    struct subscriber *of = peer->subscriber;
    *(peer->previous ? &peer->previous->next : &peers->list) = peer->next;
    if (peer->next)
        peer->next->previous = peer->previous;
    *(peer->previous_of ? &peer->previous_of->next_of : &of->peers) = peer->next_of;
    if (peer->next_of)
        peer->next_of->previous_of = peer->previous_of;
    if (!peer->dropped) {
        of->count--;
        peers->count--;
    }
    if (of->peers)
        return;
    *find(peers, &of->address) = of->next;
    free(of);
}

/* Its thread sees the end of the connection and closes it. */
static void drop(struct peers *peers, struct peer *peer)
{
    shutdown(peer->fd, SHUT_RDWR);
    peer->dropped = true;
    peer->subscriber->count--;
    peers->count--;
}

/* How well it can be spared: idle ones first, then those whose headers have been coming for a while. A
 * body that is coming in, and an answer that is worked on or going out, go on. */
static int spare_rank(const struct peer *peer)
{
    if (is_idle(peer))
        return 2;
    return !peer->dropped && peer->headers_until > 0 && atomic_load(&peer->phase) == PEER_WAITS;
}

/* Of the same subscriber. */
static bool rather(const struct peer *peer, const struct peer *than)
{
    int rank = spare_rank(peer), other = spare_rank(than);
    return rank > other || (rank == other && atomic_load(&peer->since) < atomic_load(&than->since));
}

static struct peer *spare_of(const struct subscriber *of, const struct peer *newcomer)
{
    struct peer *best = NULL;
    for (struct peer *peer = of->peers; peer; peer = peer->next_of) {
        if (peer != newcomer && spare_rank(peer) && (!best || rather(peer, best)))
            best = peer;
    }
    return best;
}

/* Of whoever has most; a proxy's only when there are no others. */
static struct peer *spare_of_greediest(const struct peers *peers, const struct peer *newcomer)
{
    struct peer *best = NULL;
    for (struct peer *peer = peers->list; peer; peer = peer->next) {
        if (peer == newcomer || !spare_rank(peer))
            continue;
        bool better = !best || (best->trusted && !peer->trusted);
        if (!better && best->trusted == peer->trusted)
            better = peer->subscriber->count > best->subscriber->count ||
                     (peer->subscriber == best->subscriber && rather(peer, best));
        if (better)
            best = peer;
    }
    return best;
}

static unsigned at_least_one(unsigned number)
{
    return number ? number : 1;
}

/* A newcomer, which is counted already, beyond its share takes the place of another connection of its
 * own that can be spared, or has none; else room is made when places run out. */
static void make_room(struct peers *peers, struct peer *peer)
{
    if (!peer->trusted && peers->count > peers->places / 2 &&
        peer->subscriber->count > at_least_one(peers->places / SHARE)) {
        struct peer *spare = spare_of(peer->subscriber, peer);
        drop(peers, spare ? spare : peer);
        return;
    }
    if (peers->count + at_least_one(peers->places / ROOM) <= peers->places)
        return;
    struct peer *spare = spare_of_greediest(peers, peer);
    if (spare)
        drop(peers, spare);
}

/* ---- opened, closed ---- */

struct peer *peer_opened(struct peers *peers, struct MHD_Connection *connection)
{
    struct peer *peer = xcalloc(1, sizeof *peer);
    peer->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const union MHD_ConnectionInfo *tls =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    const struct sockaddr *from =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    if (net_from_sockaddr(from, &peer->address))
        net_text(&peer->address, peer->text);
    else
        memcpy(peer->text, "-", 2);
    peer->trusted = net_ranges_hold(peers->trusted, &peer->address);
    peer_waits(peer);
    if (!tap_open(peer->fd, tls ? tls->tls_session : NULL, &peer->wire))
        shutdown(peer->fd, SHUT_RDWR);
    pthread_mutex_lock(&peers->lock);
    join(peers, peer);
    make_room(peers, peer);
    pthread_mutex_unlock(&peers->lock);
    return peer;
}

void peer_closed(struct peers *peers, struct peer *peer)
{
    tap_close(peer->fd);
    pthread_mutex_lock(&peers->lock);
    leave(peers, peer);
    pthread_mutex_unlock(&peers->lock);
    /* Refused by this server, or by libmicrohttpd in the middle of headers. */
    if (peer->refused || peer->wire.why ||
        (!peer->dropped && peer->wire.busy && atomic_load(&peer->phase) == PEER_WAITS))
        farewell_add(peers->farewell, peer->fd);
    free(peer);
}

/* ---- time ---- */

/* True when the client has ended its side and all it sent is read. */
static bool is_ended(const struct peer *peer)
{
    struct pollfd poll_fd = {.fd = peer->fd, .events = POLLRDHUP};
    int unread = 0;
    return poll(&poll_fd, 1, 0) == 1 && poll_fd.revents & (POLLRDHUP | POLLHUP | POLLERR) &&
           ioctl(peer->fd, FIONREAD, &unread) == 0 && !unread;
}

/* libmicrohttpd does not see the end that comes together with the last bytes (it reads once for
 * each edge that epoll tells): a request cut off would stay open until it is idle for too long, and
 * hold up a stop. Ends what was found ended twice in a row: what was read between is handled then. */
static void end_cut_off(struct peers *peers)
{
    for (struct peer *peer = peers->list; peer; peer = peer->next) {
        bool ended = atomic_load(&peer->phase) != PEER_SERVED && is_ended(peer);
        if (ended && peer->ended)
            shutdown(peer->fd, SHUT_RDWR);
        peer->ended = ended;
    }
}

void peers_end_cut_off(struct peers *peers)
{
    pthread_mutex_lock(&peers->lock);
    end_cut_off(peers);
    pthread_mutex_unlock(&peers->lock);
}

/* Headers have their own time, from when they are first seen to come. */
static bool headers_are_late(struct peer *peer, double now)
{
    uint32_t requests = atomic_load_explicit(&peer->requests, memory_order_relaxed);
    if (atomic_load(&peer->phase) != PEER_WAITS || requests != peer->seen ||
        !atomic_load_explicit(&peer->wire.busy, memory_order_relaxed)) {
        peer->seen = requests;
        peer->headers_until = 0;
        return false;
    }
    if (peer->headers_until == 0)
        peer->headers_until = now + TIMEOUT_HEADERS_S;
    return peer->headers_until < now;
}

/* libmicrohttpd's timeout is for silence only, and every byte begins it anew: bytes that drip in
 * would hold a connection for ever. */
void peers_sweep(struct peers *peers)
{
    double now = clock_monotonic();
    pthread_mutex_lock(&peers->lock);
    for (struct peer *peer = peers->list; peer; peer = peer->next) {
        if (atomic_load(&peer->deadline) < now || headers_are_late(peer, now))
            shutdown(peer->fd, SHUT_RDWR);
    }
    end_cut_off(peers);
    pthread_mutex_unlock(&peers->lock);
}
