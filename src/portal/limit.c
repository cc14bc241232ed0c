#include "portal/limit.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/lock.h"

#define STRIPES 16
#define SLOTS 64 /* chains per stripe */

/* onpremise is a self-hosted installation that has its operating limit switched on, with the default
 * it then has; rate and time are its web server's business. */
static const struct limit_plan plans[] = {
    {"unlimited", true, 0, 0, 0, 0},    {"free", false, 50, 2, 480, 60},
    {"standard", true, 50, 2, 480, 60}, {"enterprise", true, 250, 5, 480, 60},
    {"onpremise", true, 0, 0, 420, 0},
};

struct bucket {
    struct bucket *next;
    double level;
    int64_t second; /* up to which it leaked */
    char client[48];
};

struct stripe {
    pthread_mutex_t lock;
    struct bucket *chains[SLOTS];
};

struct limit_table {
    struct stripe stripes[STRIPES];
};

const struct limit_plan *limit_plan_find(const char *name)
{
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        if (!strcmp(plans[i].name, name))
            return &plans[i];
    }
    return NULL;
}

struct limit_table *limit_table_new(void)
{
    struct limit_table *table = xcalloc(1, sizeof *table);
    for (int i = 0; i < STRIPES; i++)
        lock_init(&table->stripes[i].lock);
    return table;
}

void limit_table_clear(struct limit_table *table)
{
    for (int i = 0; i < STRIPES; i++) {
        struct stripe *stripe = &table->stripes[i];
        pthread_mutex_lock(&stripe->lock);
        for (int j = 0; j < SLOTS; j++) {
            for (struct bucket *b = stripe->chains[j], *next; b; b = next) {
                next = b->next;
                free(b);
            }
            stripe->chains[j] = NULL;
        }
        pthread_mutex_unlock(&stripe->lock);
    }
}

void limit_table_free(struct limit_table *table)
{
    if (!table)
        return;
    limit_table_clear(table);
    for (int i = 0; i < STRIPES; i++)
        pthread_mutex_destroy(&table->stripes[i].lock);
    free(table);
}

static void leak(struct bucket *bucket, double rate, int64_t second)
{
    int64_t passed = second - bucket->second;
    if (passed > 0)
        bucket->level =
            bucket->level > rate * (double)passed ? bucket->level - rate * (double)passed : 0;
    bucket->second = second; /* also when the clock was set back */
}

/* Finds the bucket or makes it; empty ones met on the way are given up. */
static struct bucket *find(struct bucket **link, const struct limit_plan *plan, const char *client,
                           int64_t second)
{
    while (*link) {
        struct bucket *bucket = *link;
        leak(bucket, plan->rate, second);
        if (!strcmp(bucket->client, client))
            return bucket;
        if (bucket->level > 0) {
            link = &bucket->next;
            continue;
        }
        *link = bucket->next;
        free(bucket);
    }
    *link = xcalloc(1, sizeof **link);
    snprintf((*link)->client, sizeof(*link)->client, "%s", client);
    (*link)->second = second;
    return *link;
}

bool limit_take(struct limit_table *table, const struct limit_plan *plan, const char *client,
                double now)
{
    uint64_t hash = 1469598103934665603u;
    for (const char *c = client; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    struct stripe *stripe = &table->stripes[hash >> 60];
    pthread_mutex_lock(&stripe->lock);
    struct bucket *bucket = find(&stripe->chains[(hash >> 32) % SLOTS], plan, client, (int64_t)now);
    bool taken = bucket->level <= plan->burst;
    if (taken)
        bucket->level += 1;
    pthread_mutex_unlock(&stripe->lock);
    return taken;
}
