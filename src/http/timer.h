/* timer - something is to happen later, without a thread that sleeps for it.
 *
 * What:    one thread that wakes for the next of many timers; with none added it is never started.
 * Used by: http/server and http/exchange, for the delays of faults.
 * Memory:  a timer belongs to whoever added it and must live until it fired; it is not touched after.
 * Threads: timers_add from any; `fire` is called on the timer thread.
 */
#ifndef RAPPORT_HTTP_TIMER_H
#define RAPPORT_HTTP_TIMER_H

struct timer {
    void (*fire)(struct timer *timer);
    void *context;
    /* The thread's own: */
    double when;
    struct timer *next;
};

struct timers;

struct timers *timers_start(void);
void timers_add(struct timers *timers, struct timer *timer, double seconds);
/* All that wait fire now, and those added later at once. */
void timers_flush(struct timers *timers);
/* Flushes and ends. */
void timers_stop(struct timers *timers);

#endif
