#include "http/farewell.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"

#define MOST 64
#define SILENCE_S 2.0 /* without a byte */
#define WHOLE_S 20.0
#define STEP_BYTES 1048576 /* thrown away at once of one socket, so that they take turns */

struct lingering {
    int fd;
    double silent, until;
};

struct farewell {
    pthread_mutex_t lock;
    struct lingering list[MOST];
    size_t count;
    int wake;
    bool stopping;
    pthread_t thread;
};

static void wake(const struct farewell *farewell)
{
    ssize_t written = write(farewell->wake, &(uint64_t){1}, sizeof(uint64_t));
    (void)written;
}

/* The lock is held; the order stays. */
static void end(struct farewell *farewell, size_t at)
{
    close(farewell->list[at].fd);
    farewell->count--;
    memmove(&farewell->list[at], &farewell->list[at + 1],
            (farewell->count - at) * sizeof farewell->list[0]);
}

void farewell_add(struct farewell *farewell, int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        return;
    shutdown(copy, SHUT_WR);
    double now = clock_monotonic();
    pthread_mutex_lock(&farewell->lock);
    if (farewell->count == MOST)
        end(farewell, 0);
    farewell->list[farewell->count++] = (struct lingering){copy, now + SILENCE_S, now + WHOLE_S};
    pthread_mutex_unlock(&farewell->lock);
    wake(farewell);
}

/* False when the client has ended, or its time is over. */
static bool goes_on(struct lingering *one, bool readable, double now)
{
    if (readable) {
        /* TCP throws away without copying. */
        ssize_t got = recv(one->fd, NULL, STEP_BYTES, MSG_TRUNC | MSG_DONTWAIT);
        if (got == 0)
            return false;
        if (got > 0)
            one->silent = now + SILENCE_S;
    }
    return now < one->silent && now < one->until;
}

/* Of the descriptors that were polled; others may have come and gone since. */
static void look(struct farewell *farewell, const struct pollfd *polled, size_t count)
{
    double now = clock_monotonic();
    for (size_t i = farewell->count; i--;) {
        bool readable = false;
        for (size_t j = 0; j < count; j++)
            readable |= polled[j].fd == farewell->list[i].fd && polled[j].revents;
        if (!goes_on(&farewell->list[i], readable, now))
            end(farewell, i);
    }
}

static void *run(void *context)
{
    struct farewell *farewell = context;
    struct pollfd polled[MOST + 1];
    pthread_mutex_lock(&farewell->lock);
    while (!farewell->stopping) {
        size_t count = farewell->count;
        for (size_t i = 0; i < count; i++)
            polled[i] = (struct pollfd){.fd = farewell->list[i].fd, .events = POLLIN};
        polled[count] = (struct pollfd){.fd = farewell->wake, .events = POLLIN};
        pthread_mutex_unlock(&farewell->lock);
        poll(polled, count + 1, count ? 500 : -1);
        uint64_t drained;
        if (polled[count].revents && read(farewell->wake, &drained, sizeof drained) < 0)
            drained = 0;
        pthread_mutex_lock(&farewell->lock);
        look(farewell, polled, count);
    }
    while (farewell->count)
        end(farewell, 0);
    pthread_mutex_unlock(&farewell->lock);
    return NULL;
}

struct farewell *farewell_start(void)
{
    struct farewell *farewell = xcalloc(1, sizeof *farewell);
    pthread_mutex_init(&farewell->lock, NULL);
    farewell->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    CHECK(farewell->wake >= 0);
    CHECK(pthread_create(&farewell->thread, NULL, run, farewell) == 0);
    return farewell;
}

void farewell_stop(struct farewell *farewell)
{
    pthread_mutex_lock(&farewell->lock);
    farewell->stopping = true;
    pthread_mutex_unlock(&farewell->lock);
    wake(farewell);
    pthread_join(farewell->thread, NULL);
    close(farewell->wake);
    pthread_mutex_destroy(&farewell->lock);
    free(farewell);
}
