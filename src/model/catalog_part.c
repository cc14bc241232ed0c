#include "model/catalog_part.h"

#include <stdlib.h>

#include "base/check.h"

/* ---- parts ---- */

static struct catalog_part *parts;
static size_t part_count;

void catalog_register(struct catalog_part *part)
{
    part->index = part_count++;
    part->next = parts;
    parts = part;
}

static enum db_rc load_parts(struct catalog *catalog, struct db *db)
{
    enum db_rc rc = DB_OK;
    catalog->parts = arena_zalloc(&catalog->arena, (part_count + 1) * sizeof *catalog->parts);
    for (struct catalog_part *part = parts; part && rc == DB_OK; part = part->next)
        rc = part->load(catalog, &catalog->arena, db, &catalog->parts[part->index]);
    return rc;
}

/* ---- entities ---- */

static size_t slot_of(const struct catalog *catalog, const struct entity *entity)
{
    uint64_t hash = (uint64_t)(uintptr_t)entity * 0x9E3779B97F4A7C15u;
    return (size_t)(hash >> 32) & (catalog->slot_count - 1);
}

const struct catalog_entry *catalog_entry(const struct catalog *catalog,
                                          const struct entity *entity)
{
    for (size_t at = slot_of(catalog, entity); catalog->slot_count;
         at = (at + 1) & (catalog->slot_count - 1)) {
        const struct catalog_entry *entry = &catalog->slots[at];
        if (!entry->base)
            return NULL;
        if (entry->base == entity || entry->entity == entity)
            return entry;
    }
    return NULL;
}

/* ---- the whole ---- */

struct catalog *catalog_load(struct db *db, int64_t version, enum db_rc *rc)
{
    struct catalog *catalog = xcalloc(1, sizeof *catalog);
    atomic_store(&catalog->holders, 1);
    catalog->version = version;
    arena_init(&catalog->arena);
    *rc = load_parts(catalog, db);
    if (*rc == DB_OK)
        return catalog;
    catalog_free(catalog);
    return NULL;
}

void catalog_free(struct catalog *catalog)
{
    arena_clear(&catalog->arena);
    free(catalog);
}
