/* catalog_load - how a catalog is made, and what it is inside.
 *
 * Used by: model/catalog.
 * Memory:  catalog_load to catalog_free; everything of it is in its arena.
 * Threads: one makes it, then any read it.
 * Errors:  NULL, with the store's in *rc.
 */
#ifndef RAPPORT_MODEL_CATALOG_LOAD_H
#define RAPPORT_MODEL_CATALOG_LOAD_H

#include <stdatomic.h>

#include "model/catalog.h"

struct catalog_entry {
    const struct entity *base, *entity;
};

struct catalog {
    _Atomic int holders;
    int64_t version;
    struct arena arena;
    struct catalog_entry *slots; /* a hash by `base` and by `entity`; a power of two */
    size_t slot_count;
    const void **parts; /* by the index of the part */
};

/* With one holder: the caller. */
struct catalog *catalog_load(struct db *db, int64_t version, enum db_rc *rc);
void catalog_free(struct catalog *catalog);
/* By the static entity or the portal's; NULL: it is in no catalog. */
const struct catalog_entry *catalog_entry(const struct catalog *catalog,
                                          const struct entity *entity);

#endif
