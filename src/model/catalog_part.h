/* catalog_part - what a catalog is made of, and what others keep in one.
 *
 * What:    the program's parts (CATALOG_PART) each read something of the portal's own from the store; the whole is
 *          one immutable snapshot.
 * Used by: model/catalog; whoever keeps a part.
 * Memory:  catalog_load to catalog_free; everything of a catalog is in its arena.
 * Threads: one makes it, then any read it.
 * Errors:  NULL, with the store's in *rc.
 */
#ifndef RAPPORT_MODEL_CATALOG_PART_H
#define RAPPORT_MODEL_CATALOG_PART_H

#include <stdatomic.h>

#include "base/arena.h"
#include "db/db.h"

struct catalog;
struct entity;

struct catalog_part {
    /* Reads it from the store. *kept, in the arena, lives as long as the catalog. */
    enum db_rc (*load)(struct catalog *made, struct arena *arena, struct db *db, const void **kept);
    size_t index;              /* the program's */
    struct catalog_part *next; /* likewise */
};

/* Once for each part, before main: see CATALOG_PART. */
void catalog_register(struct catalog_part *part);

#define CATALOG_PART(part)                                                                         \
    __attribute__((constructor)) static void part##_register(void)                                 \
    {                                                                                              \
        catalog_register(&(part));                                                                 \
    }                                                                                              \
    struct catalog_part

/* ---- the whole ---- */

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
