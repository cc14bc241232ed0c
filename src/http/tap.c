#include "http/tap.h"

#include <dlfcn.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/check.h"

#define TAPS 65536 /* descriptors; the lowest free one is always taken */

static struct tap {
    _Atomic(struct wire *) wire;
    _Atomic(void *) session;
} taps[TAPS];

bool tap_open(int fd, void *session, struct wire *wire)
{
    if (fd < 0 || fd >= TAPS)
        return false;
    atomic_store_explicit(&taps[fd].session, session, memory_order_relaxed);
    atomic_exchange(&taps[fd].wire, wire); /* behind the close of whoever had the number before */
    return true;
}

void tap_close(int fd)
{
    if (fd >= 0 && fd < TAPS)
        atomic_exchange(&taps[fd].wire, NULL);
}

static struct wire *tapped(int fd, const void *session)
{
    if (fd < 0 || fd >= TAPS)
        return NULL;
    struct wire *wire = atomic_load_explicit(&taps[fd].wire, memory_order_acquire);
    if (!wire || atomic_load_explicit(&taps[fd].session, memory_order_relaxed) != session)
        return NULL;
    return wire;
}

static size_t give_ending(struct wire *wire, char *to, size_t size)
{
    size_t len = strlen(wire->ending);
    if (len > size)
        len = size;
    memcpy(to, wire->ending, len);
    wire->ending += len;
    return len;
}

/* What of `got` fresh bytes goes on, with the ending of a request that is refused; 0: none yet. */
static size_t pass(struct wire *wire, char *data, size_t got, size_t size)
{
    size_t len = wire_read(wire, data, got);
    return wire->why ? len + give_ending(wire, data + len, size - len) : len;
}

typedef ssize_t recv_function(int fd, void *data, size_t size, int flags);
typedef int epoll_function(int epoll, int operation, int fd, struct epoll_event *event);
typedef ssize_t record_function(gnutls_session_t session, void *data, size_t size);

/* The next definition of that name after the program's own. */
static void *next_of(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    CHECK(found && "the C library and GnuTLS are linked");
    return found;
}

/* libmicrohttpd 0.9.75 takes the listening socket out of a worker's epoll in MHD_quiesce_daemon and in
 * the worker itself, whichever comes first, and ends the program when it is out already. */
int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    static _Atomic(epoll_function *) next;
    epoll_function *real = atomic_load_explicit(&next, memory_order_relaxed);
    if (!real) {
        void *found = next_of("epoll_ctl");
        memcpy(&real, &found, sizeof real);
        atomic_store_explicit(&next, real, memory_order_relaxed);
    }
    int done = real(epoll, operation, fd, event);
    return done != 0 && operation == EPOLL_CTL_DEL && errno == ENOENT ? 0 : done;
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
    static _Atomic(recv_function *) next;
    recv_function *real = atomic_load_explicit(&next, memory_order_relaxed);
    if (!real) {
        void *found = next_of("recv");
        memcpy(&real, &found, sizeof real);
        atomic_store_explicit(&next, real, memory_order_relaxed);
    }
    struct wire *wire = flags & MSG_PEEK ? NULL : tapped(fd, NULL);
    if (!wire)
        return real(fd, data, size, flags);
    while (!wire->why) {
        ssize_t got = real(fd, data, size, flags);
        size_t len = got > 0 ? pass(wire, data, (size_t)got, size) : 0;
        if (got <= 0 || len)
            return len ? (ssize_t)len : got;
    }
    if (*wire->ending)
        return (ssize_t)give_ending(wire, data, size);
    errno = EAGAIN; /* nothing more of this client is read */
    return -1;
}

ssize_t gnutls_record_recv(gnutls_session_t session, void *data, size_t size)
{
    static _Atomic(record_function *) next;
    record_function *real = atomic_load_explicit(&next, memory_order_relaxed);
    if (!real) {
        void *found = next_of("gnutls_record_recv");
        memcpy(&real, &found, sizeof real);
        atomic_store_explicit(&next, real, memory_order_relaxed);
    }
    struct wire *wire = tapped(gnutls_transport_get_int(session), session);
    if (!wire)
        return real(session, data, size);
    while (!wire->why) {
        ssize_t got = real(session, data, size);
        size_t len = got > 0 ? pass(wire, data, (size_t)got, size) : 0;
        if (got <= 0 || len)
            return len ? (ssize_t)len : got;
    }
    return *wire->ending ? (ssize_t)give_ending(wire, data, size) : GNUTLS_E_AGAIN;
}
