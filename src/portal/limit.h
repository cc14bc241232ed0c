/* limit - how often a client may call, by the portal's plan.
 *
 * What:    the plans with their numbers, and the leaky bucket of each source address: a request adds
 *          one, whole seconds take `rate` away, and above `burst` the next request is refused. Page:
 *          limits.md. The operating limit of the same page is in portal/operating and rest/dispatch.
 * Used by: rest/pipeline (a step of its own), app/serve (choosing the plan).
 * Memory:  one table per portal, on the heap; buckets that ran empty are given up.
 * Threads: any; locked inside, sixteen ways. A plan without a rate never comes here.
 */
#ifndef RAPPORT_PORTAL_LIMIT_H
#define RAPPORT_PORTAL_LIMIT_H

#include <stdbool.h>

/* 0 in a number: no such limit. */
struct limit_plan {
    const char *name;
    bool has_rest;    /* false: REST is not part of the plan */
    double burst;     /* X: above this a request is refused with QUERY_LIMIT_EXCEEDED */
    double rate;      /* Y: taken away each second */
    double operating; /* seconds in ten minutes per method and credential */
    double time;      /* seconds that one request may take */
};

/* NULL when no plan has this name. */
const struct limit_plan *limit_plan_find(const char *name);

struct limit_table;

struct limit_table *limit_table_new(void);
/* As if nobody had called yet. */
void limit_table_clear(struct limit_table *table);
void limit_table_free(struct limit_table *table);
/* One request from the address `client` at `now`; false: refused, and not counted. */
bool limit_take(struct limit_table *table, const struct limit_plan *plan, const char *client,
                double now);

#endif
