/* bare - what one store does with the work of a method when nothing stands around it.
 *
 * What:    two hands-on loops, on SQLite's and PostgreSQL's own interface: the ceiling that the
 *          server is compared with. Same tables, same settings, same columns, prepared statements.
 * Memory:  bare_open to close.
 * Threads: one connection belongs to one thread.
 * Errors:  any ends the program with the store's message.
 */
#ifndef RAPPORT_BENCH_BARE_H
#define RAPPORT_BENCH_BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common.h"

struct bare; /* a connection with its statements */

struct bare_driver {
    /* `update` and `list` are the SQL; parameters are $1, $2 ... in the order of the functions. */
    struct bare *(*open)(const char *store, bool writer, const char *select, const char *update,
                         const char *list);
    void (*begin)(struct bare *bare);
    void (*commit)(struct bare *bare);
    /* Reads the whole row, then writes the columns. */
    void (*update)(struct bare *bare, int64_t id, const char *text, size_t len, int64_t now,
                   int64_t editor);
    /* Fetches every column of every row; returns how many rows there were. */
    int (*list)(struct bare *bare, struct owner_ref owner);
    void (*close)(struct bare *bare);
};

extern const struct bare_driver bare_sqlite, bare_postgres;

void bare_fail(const char *what, const char *message);

#endif
