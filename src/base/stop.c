#include "base/stop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/check.h"
#include "base/clock.h"

struct stop {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    _Atomic bool asked;
    _Atomic double over; /* set before `asked` */
};

struct stop *stop_new(void)
{
    struct stop *stop = xcalloc(1, sizeof *stop);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&stop->lock, NULL);
    pthread_cond_init(&stop->changed, &attr);
    pthread_condattr_destroy(&attr);
    return stop;
}

void stop_free(struct stop *stop)
{
    if (!stop)
        return;
    pthread_mutex_destroy(&stop->lock);
    pthread_cond_destroy(&stop->changed);
    free(stop);
}

void stop_ask(struct stop *stop, double store_seconds)
{
    pthread_mutex_lock(&stop->lock);
    if (!atomic_load(&stop->asked)) {
        atomic_store(&stop->over, clock_monotonic() + store_seconds);
        atomic_store(&stop->asked, true);
    }
    pthread_cond_broadcast(&stop->changed);
    pthread_mutex_unlock(&stop->lock);
}

bool stop_asked(const struct stop *stop)
{
    return stop && atomic_load_explicit(&stop->asked, memory_order_acquire);
}

bool stop_over(const struct stop *stop)
{
    return stop_asked(stop) && clock_monotonic() > atomic_load(&stop->over);
}

static struct timespec timespec_of(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds};
    time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
    return time;
}

bool stop_sleep(struct stop *stop, double until)
{
    struct timespec when = timespec_of(until);
    if (!stop) {
        while (clock_monotonic() < until)
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
        return true;
    }
    pthread_mutex_lock(&stop->lock);
    while (!atomic_load(&stop->asked) && clock_monotonic() < until)
        pthread_cond_timedwait(&stop->changed, &stop->lock, &when);
    pthread_mutex_unlock(&stop->lock);
    return !stop_asked(stop);
}
