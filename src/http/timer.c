#include "http/timer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/check.h"
#include "base/clock.h"

struct timers {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool running, flushing, ended;
    struct timer *first; /* by time */
};

struct timers *timers_start(void)
{
    struct timers *timers = xcalloc(1, sizeof *timers);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&timers->lock, NULL);
    pthread_cond_init(&timers->changed, &attr);
    pthread_condattr_destroy(&attr);
    return timers;
}

/* The first one when it is due, taken out; else waits until something may have changed. */
static struct timer *next_due(struct timers *timers)
{
    struct timer *timer = timers->first;
    if (!timer) {
        if (!timers->ended)
            pthread_cond_wait(&timers->changed, &timers->lock);
        return NULL;
    }
    if (timers->flushing || timer->when <= clock_monotonic()) {
        timers->first = timer->next;
        return timer;
    }
    struct timespec until = {.tv_sec = (time_t)timer->when};
    until.tv_nsec = (long)((timer->when - (double)until.tv_sec) * 1e9);
    pthread_cond_timedwait(&timers->changed, &timers->lock, &until);
    return NULL;
}

static void *run(void *context)
{
    struct timers *timers = context;
    pthread_mutex_lock(&timers->lock);
    while (!timers->ended || timers->first) {
        struct timer *timer = next_due(timers);
        if (!timer)
            continue;
        pthread_mutex_unlock(&timers->lock);
        timer->fire(timer);
        pthread_mutex_lock(&timers->lock);
    }
    pthread_mutex_unlock(&timers->lock);
    return NULL;
}

void timers_add(struct timers *timers, struct timer *timer, double seconds)
{
    timer->when = clock_monotonic() + seconds;
    pthread_mutex_lock(&timers->lock);
    CHECK(!timers->ended);
    if (!timers->running)
        CHECK(pthread_create(&timers->thread, NULL, run, timers) == 0);
    timers->running = true;
    struct timer **link = &timers->first;
    while (*link && (*link)->when <= timer->when)
        link = &(*link)->next;
    timer->next = *link;
    *link = timer;
    pthread_cond_signal(&timers->changed);
    pthread_mutex_unlock(&timers->lock);
}

void timers_flush(struct timers *timers)
{
    pthread_mutex_lock(&timers->lock);
    timers->flushing = true;
    pthread_cond_signal(&timers->changed);
    pthread_mutex_unlock(&timers->lock);
}

void timers_stop(struct timers *timers)
{
    pthread_mutex_lock(&timers->lock);
    timers->flushing = timers->ended = true;
    pthread_cond_signal(&timers->changed);
    pthread_mutex_unlock(&timers->lock);
    if (timers->running)
        pthread_join(timers->thread, NULL);
    pthread_mutex_destroy(&timers->lock);
    pthread_cond_destroy(&timers->changed);
    free(timers);
}
