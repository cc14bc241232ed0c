#include "portal/operating.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/lock.h"

#define BASKET_S 60
#define WINDOW_S 600
#define BASKETS 11 /* ten minutes reach into eleven of the clock's */
#define STRIPES 16
#define SLOTS 64 /* chains per stripe */

struct basket {
    int64_t minute;
    int64_t first; /* the first call in that minute */
    double seconds;
};

struct entry {
    struct entry *next;
    int64_t credential_id;
    const struct method *method;
    struct basket baskets[BASKETS];
};

struct stripe {
    pthread_mutex_t lock;
    struct entry *chains[SLOTS];
};

struct operating_table {
    struct stripe stripes[STRIPES];
};

struct operating_table *operating_new(void)
{
    struct operating_table *table = xcalloc(1, sizeof *table);
    for (int i = 0; i < STRIPES; i++)
        lock_init(&table->stripes[i].lock);
    return table;
}

void operating_clear(struct operating_table *table)
{
    for (int i = 0; i < STRIPES; i++) {
        struct stripe *stripe = &table->stripes[i];
        pthread_mutex_lock(&stripe->lock);
        for (int j = 0; j < SLOTS; j++) {
            for (struct entry *e = stripe->chains[j], *next; e; e = next) {
                next = e->next;
                free(e);
            }
            stripe->chains[j] = NULL;
        }
        pthread_mutex_unlock(&stripe->lock);
    }
}

void operating_free(struct operating_table *table)
{
    if (!table)
        return;
    operating_clear(table);
    for (int i = 0; i < STRIPES; i++)
        pthread_mutex_destroy(&table->stripes[i].lock);
    free(table);
}

static int64_t newest(const struct entry *entry)
{
    int64_t first = 0;
    for (int i = 0; i < BASKETS; i++)
        first = entry->baskets[i].first > first ? entry->baskets[i].first : first;
    return first;
}

/* Finds the entry or makes it; stale ones met on the way are given up. */
static struct entry *find(struct stripe *stripe, size_t slot, int64_t credential_id,
                          const struct method *method, int64_t now)
{
    struct entry **link = &stripe->chains[slot];
    while (*link) {
        struct entry *entry = *link;
        if (entry->credential_id == credential_id && entry->method == method)
            return entry;
        if (newest(entry) + 2 * WINDOW_S < now) {
            *link = entry->next;
            free(entry);
            continue;
        }
        link = &entry->next;
    }
    *link = xcalloc(1, sizeof **link);
    (*link)->credential_id = credential_id;
    (*link)->method = method;
    return *link;
}

static struct stripe *stripe_of(struct operating_table *table, int64_t credential_id,
                                const struct method *method, size_t *slot)
{
    uint64_t hash = ((uint64_t)credential_id * 0x9E3779B97F4A7C15u) ^ ((uintptr_t)method >> 4);
    hash *= 0x9E3779B97F4A7C15u;
    *slot = (hash >> 32) % SLOTS;
    return &table->stripes[hash >> 60];
}

/* A basket of the future is from before the clock was set back: it counts no more than an old one. */
static bool counts(const struct basket *basket, int64_t second)
{
    return basket->first && basket->first + WINDOW_S > second && basket->first <= second + BASKET_S;
}

static struct operating sum_up(const struct entry *entry, int64_t second)
{
    struct operating sum = {0, INT64_MAX};
    for (int i = 0; i < BASKETS; i++) {
        const struct basket *b = &entry->baskets[i];
        if (!counts(b, second))
            continue;
        sum.seconds += b->seconds;
        if (b->first + WINDOW_S < sum.reset_at)
            sum.reset_at = b->first + WINDOW_S;
    }
    return sum;
}

struct operating operating_add(struct operating_table *table, int64_t credential_id,
                               const struct method *method, double now, double seconds)
{
    size_t slot;
    struct stripe *stripe = stripe_of(table, credential_id, method, &slot);
    int64_t second = (int64_t)now, minute = second / BASKET_S;
    pthread_mutex_lock(&stripe->lock);
    struct entry *entry = find(stripe, slot, credential_id, method, second);
    struct basket *basket = &entry->baskets[minute % BASKETS];
    if (basket->minute != minute || !basket->first)
        *basket = (struct basket){.minute = minute, .first = second};
    basket->seconds += seconds;
    struct operating sum = sum_up(entry, second);
    pthread_mutex_unlock(&stripe->lock);
    return sum;
}

struct operating operating_sum(struct operating_table *table, int64_t credential_id,
                               const struct method *method, double now)
{
    size_t slot;
    struct stripe *stripe = stripe_of(table, credential_id, method, &slot);
    pthread_mutex_lock(&stripe->lock);
    struct operating sum =
        sum_up(find(stripe, slot, credential_id, method, (int64_t)now), (int64_t)now);
    pthread_mutex_unlock(&stripe->lock);
    return sum;
}
