/* operating - how long each credential kept each method busy in the last ten minutes.
 *
 * What:    one-minute baskets per credential and method; a basket counts for ten minutes from the
 *          first call in it. Page: limits.md (Resource Intensity Limits).
 * Used by: rest/dispatch (checks and adds), rest/pipeline (shows it).
 * Memory:  one table per portal, on the heap; entries unused for ten minutes are given up.
 * Threads: any; locked inside.
 */
#ifndef RAPPORT_PORTAL_OPERATING_H
#define RAPPORT_PORTAL_OPERATING_H

#include <stdint.h>

struct operating_table;
struct method;

struct operating {
    double seconds;   /* in the baskets that count */
    int64_t reset_at; /* when the oldest of them stops counting */
};

struct operating_table *operating_new(void);
/* As if nothing had been called yet. */
void operating_clear(struct operating_table *table);
void operating_free(struct operating_table *table);
/* Adds `seconds` of work that began at `now`; returns the sum including it. */
struct operating operating_add(struct operating_table *table, int64_t credential_id,
                               const struct method *method, double now, double seconds);
/* What the baskets hold at `now`, before a call. */
struct operating operating_sum(struct operating_table *table, int64_t credential_id,
                               const struct method *method, double now);

#endif
