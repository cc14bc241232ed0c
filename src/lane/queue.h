/* queue - jobs that wait for a thread, with turns for each client.
 *
 * What:    clients (a hash; those that share a slot share its turn) are served one after the other, one
 *          job a turn, however many jobs one of them has waiting.
 * Used by: lane/lane.
 * Memory:  a job belongs to whoever put it in, and to whoever took it.
 * Threads: any.
 * Errors:  queue_put: false when the queue is full or closed, or one client has three quarters of it.
 */
#ifndef RAPPORT_LANE_QUEUE_H
#define RAPPORT_LANE_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_SLOTS 256

struct job;

/* The jobs of the clients that hash to one slot, and the slot's place in the round. */
struct client_queue {
    struct job *first, *last;
    size_t count;
    int running; /* taken and not yet over */
    struct client_queue *next_ready;
    bool ready;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct client_queue clients[CLIENT_SLOTS];
    struct client_queue *ready_first, *ready_last;
    size_t most;      /* jobs; one client may have three quarters */
    int most_running; /* of one client; 0: as many as there are threads */
    _Atomic size_t count;
    bool closed;
};

void queue_init(struct queue *queue, size_t most, int most_running);
bool queue_put(struct queue *queue, struct job *job);
/* Waits for at least one job; takes up to `most`. 0: closed and empty. */
size_t queue_take(struct queue *queue, struct job **jobs, size_t most);
/* The last ones that were taken, in their order: back to the head. */
void queue_return(struct queue *queue, struct job **jobs, size_t count);
/* A job that was taken is done: its client may have the next one. */
void queue_over(struct queue *queue, uint64_t client_hash);
/* Has the client as many jobs waiting? */
bool queue_has_many(struct queue *queue, uint64_t client_hash, size_t many);
/* Takes no more in. */
void queue_close(struct queue *queue);
/* The same; what waits, as a list. */
struct job *queue_empty(struct queue *queue);

#endif
