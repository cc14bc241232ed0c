#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* At most one of them is not 0. Written under the lock, read by every request without it. */
static _Atomic double frozen, ahead;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static double read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double clock_now(void)
{
    double fixed = atomic_load_explicit(&frozen, memory_order_relaxed);
    return fixed > 0
               ? fixed
               : read_clock(CLOCK_REALTIME) + atomic_load_explicit(&ahead, memory_order_relaxed);
}

double clock_real(void)
{
    return read_clock(CLOCK_REALTIME);
}

double clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

bool clock_is_frozen(void)
{
    return atomic_load(&frozen) > 0;
}

double clock_ahead(void)
{
    return atomic_load(&ahead);
}

void clock_freeze(double seconds)
{
    pthread_mutex_lock(&lock);
    atomic_store(&frozen, seconds);
    atomic_store(&ahead, 0);
    pthread_mutex_unlock(&lock);
}

void clock_move(double seconds)
{
    pthread_mutex_lock(&lock);
    _Atomic double *moved = atomic_load(&frozen) > 0 ? &frozen : &ahead;
    atomic_store(moved, atomic_load(moved) + seconds);
    pthread_mutex_unlock(&lock);
}

void clock_resume(void)
{
    clock_freeze(0);
}
