#include "base/budget.h"

#define FREE_BYTES 65536     /* not worth counting: an idle connection keeps as much */
#define STEP_BYTES 65536     /* the pool is asked for whole steps */
#define MEMORY_OF_ANSWER 4   /* rows read, their JSON, and what was kept of both while growing */
#define SMALLEST (8UL << 20) /* of memory, whatever the answer's bound is */

void budget_begin(struct budget *budget, struct budget_pool *pool, uint64_t client, size_t answer)
{
    size_t most = answer * MEMORY_OF_ANSWER;
    *budget = (struct budget){.pool = pool,
                              .client = client % BUDGET_CLIENTS,
                              .answer = answer,
                              .most = most > SMALLEST ? most : SMALLEST};
}

void budget_end(struct budget *budget)
{
    if (budget->taken) {
        atomic_fetch_sub(&budget->pool->used, budget->taken);
        atomic_fetch_sub(&budget->pool->clients[budget->client], budget->taken);
    }
    *budget = (struct budget){0};
}

void budget_fail(struct budget *budget, enum budget_state state)
{
    if (budget->state == BUDGET_GOOD)
        budget->state = state;
    budget->look = true;
}

void budget_forgive(struct budget *budget)
{
    budget->state = BUDGET_GOOD;
}

size_t budget_room(struct budget *budget, size_t *len, size_t more)
{
    if (!budget->pool)
        return SIZE_MAX;
    if (*len + more > budget->answer) {
        budget_fail(budget, BUDGET_ANSWER);
        *len = budget->floor < *len ? budget->floor : *len;
    }
    /* One value larger than all of the answer may be is written all the same, to be dropped next. */
    size_t needed = *len + more;
    return (needed < budget->answer ? budget->answer : needed) + 1;
}

static void take_from_pool(struct budget *budget, size_t bytes)
{
    struct budget_pool *pool = budget->pool;
    size_t all = atomic_fetch_add(&pool->used, bytes) + bytes;
    size_t own = atomic_fetch_add(&pool->clients[budget->client], bytes) + bytes;
    budget->taken += bytes;
    if (all > pool->most || own > pool->share)
        budget_fail(budget, BUDGET_POOL);
}

void budget_take(struct budget *budget, size_t bytes)
{
    if (!budget || !budget->pool)
        return;
    budget->used += bytes;
    budget->look = true;
    if (budget->used > FREE_BYTES + budget->taken)
        take_from_pool(budget, (budget->used - FREE_BYTES - budget->taken + STEP_BYTES - 1) /
                                   STEP_BYTES * STEP_BYTES);
    if (budget->used > budget->most)
        budget_fail(budget, BUDGET_MEMORY);
}

void budget_give(struct budget *budget, size_t bytes)
{
    if (!budget || !budget->pool)
        return;
    /* What was there before the budget began was not counted. */
    budget->used -= bytes < budget->used ? bytes : budget->used;
    size_t keep = budget->used > FREE_BYTES
                      ? (budget->used - FREE_BYTES + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES
                      : 0;
    if (keep >= budget->taken)
        return;
    atomic_fetch_sub(&budget->pool->used, budget->taken - keep);
    atomic_fetch_sub(&budget->pool->clients[budget->client], budget->taken - keep);
    budget->taken = keep;
}
