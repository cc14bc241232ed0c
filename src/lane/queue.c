#include "lane/queue.h"

#include <string.h>

#include "lane/job.h"

void queue_init(struct queue *queue, size_t most, int most_running)
{
    memset(queue, 0, sizeof *queue);
    queue->most = most;
    queue->most_running = most_running;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
}

static void make_ready(struct queue *queue, struct client_queue *client)
{
    client->ready = true;
    client->next_ready = NULL;
    if (queue->ready_last)
        queue->ready_last->next_ready = client;
    else
        queue->ready_first = client;
    queue->ready_last = client;
}

static bool may_run(const struct queue *queue, const struct client_queue *client)
{
    return client->count && (!queue->most_running || client->running < queue->most_running);
}

bool queue_put(struct queue *queue, struct job *job)
{
    struct client_queue *client = &queue->clients[job->client % CLIENT_SLOTS];
    pthread_mutex_lock(&queue->lock);
    bool taken =
        !queue->closed && queue->count < queue->most && client->count < queue->most / 4 * 3;
    if (taken) {
        job->next = NULL;
        if (client->last)
            client->last->next = job;
        else
            client->first = job;
        client->last = job;
        client->count++;
        queue->count++;
        if (!client->ready && may_run(queue, client))
            make_ready(queue, client);
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return taken;
}

/* One job of the client whose turn it is. */
static struct job *take_one(struct queue *queue)
{
    struct client_queue *client = queue->ready_first;
    if (!client)
        return NULL;
    queue->ready_first = client->next_ready;
    if (!queue->ready_first)
        queue->ready_last = NULL;
    client->ready = false;
    struct job *job = client->first;
    client->first = job->next;
    if (!client->first)
        client->last = NULL;
    client->count--;
    client->running += queue->most_running > 0;
    queue->count--;
    if (may_run(queue, client))
        make_ready(queue, client);
    return job;
}

void queue_over(struct queue *queue, uint64_t client_hash)
{
    struct client_queue *client = &queue->clients[client_hash % CLIENT_SLOTS];
    if (!queue->most_running)
        return;
    pthread_mutex_lock(&queue->lock);
    client->running--;
    if (!client->ready && may_run(queue, client)) {
        make_ready(queue, client);
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
}

bool queue_has_many(struct queue *queue, uint64_t client_hash, size_t many)
{
    if (atomic_load_explicit(&queue->count, memory_order_relaxed) < many)
        return false;
    pthread_mutex_lock(&queue->lock);
    bool has = queue->clients[client_hash % CLIENT_SLOTS].count >= many;
    pthread_mutex_unlock(&queue->lock);
    return has;
}

size_t queue_take(struct queue *queue, struct job **jobs, size_t most)
{
    size_t count = 0;
    pthread_mutex_lock(&queue->lock);
    while (!queue->ready_first && !(queue->closed && !queue->count))
        pthread_cond_wait(&queue->filled, &queue->lock);
    while (count < most && (jobs[count] = take_one(queue)))
        count++;
    if (queue->closed && !queue->count)
        pthread_cond_broadcast(&queue->filled); /* the others may end */
    pthread_mutex_unlock(&queue->lock);
    return count;
}

/* `job` is the next one of its client again. */
static void put_first(struct queue *queue, struct job *job)
{
    struct client_queue *client = &queue->clients[job->client % CLIENT_SLOTS];
    job->next = client->first;
    client->first = job;
    if (!client->last)
        client->last = job;
    client->count++;
    client->running -= queue->most_running > 0;
    queue->count++;
}

static void take_turns(struct queue *queue, struct client_queue *client)
{
    if (!client->ready && may_run(queue, client))
        make_ready(queue, client);
}

void queue_return(struct queue *queue, struct job **jobs, size_t count)
{
    struct client_queue *since[CLIENT_SLOTS];
    size_t others = 0;
    if (!count)
        return;
    pthread_mutex_lock(&queue->lock);
    for (size_t i = count; i > 0; i--)
        put_first(queue, jobs[i - 1]);
    /* Whose turn it was has it now, and those that came since are behind him. */
    for (struct client_queue *client = queue->ready_first; client; client = client->next_ready) {
        since[others++] = client;
        client->ready = false;
    }
    queue->ready_first = queue->ready_last = NULL;
    for (size_t i = 0; i < count; i++)
        take_turns(queue, &queue->clients[jobs[i]->client % CLIENT_SLOTS]);
    for (size_t i = 0; i < others; i++)
        take_turns(queue, since[i]);
    pthread_cond_signal(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

struct job *queue_empty(struct queue *queue)
{
    struct job *all = NULL;
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    for (size_t i = 0; i < CLIENT_SLOTS; i++) {
        struct client_queue *client = &queue->clients[i];
        if (!client->count)
            continue;
        client->last->next = all;
        all = client->first;
        client->first = client->last = NULL;
        client->count = 0;
        client->ready = false;
    }
    queue->ready_first = queue->ready_last = NULL;
    queue->count = 0;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
    return all;
}
