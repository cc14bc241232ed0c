#include "base/clock.h"

#include <pthread.h>
#include <time.h>

/* Held while one is set; every request reads without it. */
static pthread_mutex_t setting = PTHREAD_MUTEX_INITIALIZER;

static double read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double clock_now(const struct clock *clock)
{
    double fixed = atomic_load_explicit(&clock->frozen, memory_order_relaxed);
    return fixed > 0 ? fixed
                     : read_clock(CLOCK_REALTIME) +
                           atomic_load_explicit(&clock->ahead, memory_order_relaxed);
}

double clock_real(void)
{
    return read_clock(CLOCK_REALTIME);
}

double clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

bool clock_is_frozen(const struct clock *clock)
{
    return atomic_load(&clock->frozen) > 0;
}

double clock_ahead(const struct clock *clock)
{
    return atomic_load(&clock->ahead);
}

void clock_freeze(struct clock *clock, double seconds)
{
    pthread_mutex_lock(&setting);
    atomic_store(&clock->frozen, seconds);
    atomic_store(&clock->ahead, 0);
    pthread_mutex_unlock(&setting);
}

void clock_move(struct clock *clock, double seconds)
{
    pthread_mutex_lock(&setting);
    _Atomic double *moved = atomic_load(&clock->frozen) > 0 ? &clock->frozen : &clock->ahead;
    atomic_store(moved, atomic_load(moved) + seconds);
    pthread_mutex_unlock(&setting);
}

void clock_resume(struct clock *clock)
{
    clock_freeze(clock, 0);
}

void clock_copy(struct clock *clock, const struct clock *other)
{
    pthread_mutex_lock(&setting);
    atomic_store(&clock->frozen, atomic_load(&other->frozen));
    atomic_store(&clock->ahead, atomic_load(&other->ahead));
    pthread_mutex_unlock(&setting);
}
