#include "http/peer.h"

#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"

struct peers {
    pthread_mutex_t lock;
    struct peer *list;
};

struct peers *peers_new(void)
{
    struct peers *peers = xcalloc(1, sizeof *peers);
    pthread_mutex_init(&peers->lock, NULL);
    return peers;
}

void peers_free(struct peers *peers)
{
    if (!peers)
        return;
    pthread_mutex_destroy(&peers->lock);
    free(peers);
}

void peer_may_take(struct peer *peer, double seconds)
{
    atomic_store(&peer->deadline, clock_monotonic() + seconds);
}

void peer_waits(struct peer *peer)
{
    atomic_store(&peer->served, false);
    peer_may_take(peer, TIMEOUT_IDLE_S + TIMEOUT_HEADERS_S);
}

struct peer *peer_opened(struct peers *peers, struct MHD_Connection *connection)
{
    struct peer *peer = xcalloc(1, sizeof *peer);
    peer->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    if (!address || getnameinfo(address,
                                address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                               : sizeof(struct sockaddr_in),
                                peer->address, sizeof peer->address, NULL, 0, NI_NUMERICHOST) != 0)
        snprintf(peer->address, sizeof peer->address, "-");
    peer_waits(peer);
    pthread_mutex_lock(&peers->lock);
    peer->next = peers->list;
    if (peer->next)
        peer->next->previous = peer;
    peers->list = peer;
    pthread_mutex_unlock(&peers->lock);
    return peer;
}

void peer_closed(struct peers *peers, struct peer *peer)
{
    pthread_mutex_lock(&peers->lock);
    if (peer->previous)
        peer->previous->next = peer->next;
    else
        peers->list = peer->next;
    if (peer->next)
        peer->next->previous = peer->previous;
    pthread_mutex_unlock(&peers->lock);
    free(peer);
}

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
        bool ended = !atomic_load(&peer->served) && is_ended(peer);
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

/* libmicrohttpd's timeout is for silence only, and every byte begins it anew: bytes that drip in
 * would hold a connection for ever. */
void peers_sweep(struct peers *peers)
{
    double now = clock_monotonic();
    pthread_mutex_lock(&peers->lock);
    for (struct peer *peer = peers->list; peer; peer = peer->next) {
        if (atomic_load(&peer->deadline) < now)
            shutdown(peer->fd, SHUT_RDWR);
    }
    end_cut_off(peers);
    pthread_mutex_unlock(&peers->lock);
}
