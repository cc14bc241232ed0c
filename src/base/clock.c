#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic double frozen;

static double read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double clock_now(void)
{
    double fixed = atomic_load_explicit(&frozen, memory_order_relaxed);
    return fixed > 0 ? fixed : read_clock(CLOCK_REALTIME);
}

double clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_freeze(double seconds)
{
    atomic_store(&frozen, seconds);
}
