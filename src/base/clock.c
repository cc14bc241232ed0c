#include "base/clock.h"

#include <math.h>
#include <time.h>

enum { FROZEN = 1 };

static double read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int64_t state(double seconds, int64_t frozen)
{
    return 2 * llround(seconds * 1e6) | frozen;
}

static double seconds_of(int64_t set)
{
    return (double)((set - (set & FROZEN)) / 2) * 1e-6;
}

double clock_now(const struct clock *clock)
{
    int64_t set = atomic_load_explicit(&clock->set, memory_order_relaxed);
    if (!set)
        return read_clock(CLOCK_REALTIME);
    return seconds_of(set) + (set & FROZEN ? 0 : read_clock(CLOCK_REALTIME));
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
    return atomic_load(&clock->set) & FROZEN;
}

double clock_ahead(const struct clock *clock)
{
    int64_t set = atomic_load(&clock->set);
    return set & FROZEN ? 0 : seconds_of(set);
}

void clock_freeze(struct clock *clock, double seconds)
{
    atomic_store(&clock->set, state(seconds, FROZEN));
}

void clock_move(struct clock *clock, double seconds)
{
    atomic_fetch_add(&clock->set, state(seconds, 0));
}

void clock_resume(struct clock *clock)
{
    atomic_store(&clock->set, 0);
}

void clock_copy(struct clock *clock, const struct clock *other)
{
    atomic_store(&clock->set, atomic_load(&other->set));
}
