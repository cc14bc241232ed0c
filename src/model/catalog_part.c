#include "model/catalog_part.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/entity.h"

/* ---- parts ---- */

static struct catalog_part *parts;
static size_t part_count;

void catalog_register(struct catalog_part *part)
{
    part->index = part_count++;
    part->next = parts;
    parts = part;
}

static enum db_rc load_parts(struct catalog *catalog, struct db *db, enum catalog_stage stage)
{
    enum db_rc rc = DB_OK;
    for (struct catalog_part *part = parts; part && rc == DB_OK; part = part->next) {
        if (part->stage == stage)
            rc = part->load(catalog, &catalog->arena, db, &catalog->parts[part->index]);
    }
    return rc;
}

/* ---- entities ---- */

void catalog_add_entity(struct catalog *made, const struct entity *entity)
{
    if (made->entity_count + 1 >= made->entity_cap) {
        size_t cap = made->entity_cap ? 2 * made->entity_cap : 32;
        const struct entity **grown = arena_zalloc(&made->arena, cap * sizeof *grown);
        if (made->entity_count)
            memcpy(grown, made->entities, made->entity_count * sizeof *grown);
        made->entities = grown;
        made->entity_cap = cap;
    }
    made->entities[made->entity_count++] = entity;
    made->entities[made->entity_count] = NULL;
}

const struct entity *const *catalog_entities(const struct catalog *made)
{
    return made->entities;
}

void catalog_vary_entity(struct catalog *made, size_t place, const struct entity *entity)
{
    made->entities[place] = entity;
}

static int by_type(const void *a, const void *b)
{
    const struct entity *const *one = a, *const *other = b;
    return ((*one)->type_id > (*other)->type_id) - ((*one)->type_id < (*other)->type_id);
}

const struct entity *catalog_of_type(const struct catalog *catalog, int64_t type_id)
{
    size_t from = 0, to = catalog->type_count;
    while (from < to) {
        size_t at = (from + to) / 2;
        const struct entity *entity = catalog->by_type[at];
        if (entity->type_id == type_id)
            return entity;
        entity->type_id > type_id ? (to = at) : (from = at + 1);
    }
    return NULL;
}

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
        if (!entry->key)
            return NULL;
        if (entry->key == entity)
            return entry;
    }
    return NULL;
}

static void add_slot(struct catalog *catalog, const struct entity *key,
                     const struct catalog_entry *entry)
{
    size_t at = slot_of(catalog, key);
    while (catalog->slots[at].key && catalog->slots[at].key != key)
        at = (at + 1) & (catalog->slot_count - 1);
    catalog->slots[at] = *entry;
    catalog->slots[at].key = key;
}

static void make_selects(struct arena *arena, struct catalog_entry *entry)
{
    struct buf sql = {0};
    for (int i = 0; i < SELECT_KINDS; i++) {
        sql.len = 0;
        row_select(&sql, entry->entity, (enum row_select)i);
        entry->select[i] = arena_strndup(arena, buf_text(&sql), sql.len);
    }
    buf_clear(&sql);
}

/* An entity that the portal varies stands in the place of the program's. */
static void index_entities(struct catalog *catalog)
{
    struct arena *arena = &catalog->arena;
    size_t count = catalog->entity_count;
    for (catalog->slot_count = 16; catalog->slot_count < 4 * count;)
        catalog->slot_count *= 2;
    catalog->slots = arena_zalloc(arena, catalog->slot_count * sizeof *catalog->slots);
    catalog->by_type = arena_zalloc(arena, (count + 1) * sizeof(*catalog->by_type));
    for (size_t i = 0; i < count; i++) {
        struct catalog_entry entry = {.entity = catalog->entities[i]};
        make_selects(arena, &entry);
        add_slot(catalog, catalog->bases[i], &entry);
        add_slot(catalog, entry.entity, &entry);
        if (entry.entity->type_id)
            catalog->by_type[catalog->type_count++] = entry.entity;
    }
    qsort(catalog->by_type, catalog->type_count, sizeof(*catalog->by_type), by_type);
}

/* ---- the whole ---- */

static enum db_rc load_all(struct catalog *catalog, struct db *db)
{
    for (const struct entity *const *entity = program_entities; *entity; entity++)
        catalog_add_entity(catalog, *entity);
    enum db_rc rc = load_parts(catalog, db, CATALOG_DATA);
    size_t size = (catalog->entity_count + 1) * sizeof(*catalog->bases);
    catalog->bases = arena_alloc(&catalog->arena, size);
    memcpy(catalog->bases, catalog->entities, size);
    if (rc == DB_OK)
        rc = load_parts(catalog, db, CATALOG_VARY);
    if (rc == DB_OK)
        index_entities(catalog);
    return rc == DB_OK ? load_parts(catalog, db, CATALOG_LATE) : rc;
}

struct catalog *catalog_load(struct db *db, int64_t version, enum db_rc *rc)
{
    struct catalog *catalog = xcalloc(1, sizeof *catalog);
    atomic_store(&catalog->holders, 1);
    catalog->version = version;
    arena_init(&catalog->arena);
    catalog->parts = arena_zalloc(&catalog->arena, (part_count + 1) * sizeof *catalog->parts);
    *rc = load_all(catalog, db);
    if (*rc == DB_OK)
        return catalog;
    catalog_free(catalog);
    return NULL;
}

void catalog_free(struct catalog *catalog)
{
    for (const struct catalog_part *part = parts; part; part = part->next) {
        if (part->release && catalog->parts[part->index])
            part->release(catalog->parts[part->index]);
    }
    arena_clear(&catalog->arena);
    free(catalog);
}
