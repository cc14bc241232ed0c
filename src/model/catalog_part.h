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

#include "model/row.h"

struct catalog;

/* In this order. */
enum catalog_stage {
    CATALOG_DATA, /* reads, and may add entities */
    CATALOG_VARY, /* sees all entities, and puts others in the place of some */
    CATALOG_LATE, /* sees them as they are at last */
    CATALOG_STAGES
};

struct catalog_part {
    enum catalog_stage stage;
    /* Reads it from the store. *kept, in the arena, lives as long as the catalog. */
    enum db_rc (*load)(struct catalog *made, struct arena *arena, struct db *db, const void **kept);
    void (*release)(const void *kept); /* of what is not in the arena; NULL: nothing */
    size_t index;                      /* the program's */
    struct catalog_part *next;         /* likewise */
};

/* One more entity of the portal's own, in the catalog's arena. */
void catalog_add_entity(struct catalog *made, const struct entity *entity);
/* The entity at a place of catalog_entities is this one from now on, in the catalog's arena. */
void catalog_vary_entity(struct catalog *made, size_t place, const struct entity *entity);
/* All of them; ends with NULL. */
const struct entity *const *catalog_entities(const struct catalog *made);

/* Once for each part, before main. */
void catalog_register(struct catalog_part *part);

/* CATALOG_PART(part) = {.load = ...}; */
#define CATALOG_PART(part)                                                                         \
    static struct catalog_part part;                                                               \
    __attribute__((constructor)) static void part##_register(void)                                 \
    {                                                                                              \
        catalog_register(&(part));                                                                 \
    }                                                                                              \
    static struct catalog_part part

/* ---- the whole ---- */

struct catalog_entry {
    const struct entity *key;    /* the program's entity, or the portal's itself */
    const struct entity *entity; /* the portal's */
    const char *select[SELECT_KINDS];
};

struct catalog {
    _Atomic int holders;
    int64_t version;
    struct arena arena;
    const struct entity **entities; /* ends with NULL */
    const struct entity **bases;    /* what stood in their places */
    const struct entity **by_type;  /* those with a type, in its order */
    size_t entity_count, entity_cap, type_count;
    struct catalog_entry *slots; /* a hash; a power of two */
    size_t slot_count;
    const void **parts; /* by the index of the part */
};

/* With one holder: the caller. */
struct catalog *catalog_load(struct db *db, int64_t version, enum db_rc *rc);
void catalog_free(struct catalog *catalog);
/* Of crm.enum.ownertype; NULL. */
const struct entity *catalog_of_type(const struct catalog *catalog, int64_t type_id);
/* By the static entity or the portal's; NULL: it is in no catalog. */
const struct catalog_entry *catalog_entry(const struct catalog *catalog,
                                          const struct entity *entity);

#endif
