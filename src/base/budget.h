/* budget - how much memory one request may take, alone and together with all others.
 *
 * What:    a request's arena and the buffers of its answer tell its budget when they grow. The budget
 *          has a bound of its own, and takes what it needs out of a pool that all requests share, in
 *          which one client has a part only. Memory is never refused here: `state` says that the bound
 *          is passed, db_step ends with DB_OVER, and the request is refused (rest/dispatch).
 * Used by: base/arena and base/buf (growing), db/db (stopping), rest/pipeline (begins and ends one).
 * Memory:  a budget lies in its call, the pool in the portal.
 * Threads: a budget has one owner at a time; the pool is counted with atomics.
 * Errors:  none.
 */
#ifndef RAPPORT_BASE_BUDGET_H
#define RAPPORT_BASE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUDGET_CLIENTS 256

struct budget_pool {
    size_t most, share; /* of all; of one client */
    _Atomic size_t used, clients[BUDGET_CLIENTS];
};

enum budget_state {
    BUDGET_GOOD,
    BUDGET_ANSWER, /* the answer is larger than `answer` */
    BUDGET_MEMORY, /* the request takes more memory than `most` */
    BUDGET_POOL    /* the pool, or the client's part of it, is used up */
};

struct budget {
    struct budget_pool *pool; /* NULL: there is no bound, and nothing is counted */
    uint64_t client;
    size_t answer, floor;    /* bytes that the answer may have; that stay when it would have more */
    size_t most, used;       /* bytes of memory */
    size_t taken;            /* out of the pool */
    enum budget_state state; /* the first bound that was passed */
    bool look; /* since db_step looked last, memory grew (so time may have passed) or was used up */
};

void budget_begin(struct budget *budget, struct budget_pool *pool, uint64_t client, size_t answer);
/* Everything goes back to the pool. */
void budget_end(struct budget *budget);
/* Memory that grew, or was given back. NULL: nobody counts. */
void budget_take(struct budget *budget, size_t bytes);
void budget_give(struct budget *budget, size_t bytes);
/* A buffer of `*len` bytes is to hold `more`: drops what stands above the floor when that is more than
 * the answer may have. Returns the most that the buffer then needs. */
size_t budget_room(struct budget *budget, size_t *len, size_t more);
/* Passes a bound for a reason of the caller's. */
void budget_fail(struct budget *budget, enum budget_state state);
/* What passed the bound was given back: as if it had not been. */
void budget_forgive(struct budget *budget);

#endif
