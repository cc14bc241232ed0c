#include "crm/dynamic_catalog.h"

#include <string.h>

#include "model/catalog.h"
#include "model/catalog_part.h"
#include "model/dialect.h"

/* Where names are kept that do not lie in the catalog's arena. */
struct kept {
    struct kept *next;
    struct names_slot names;
};

static struct names_slot *keep_names(struct arena *arena, struct kept **all)
{
    struct kept *kept = arena_zalloc(arena, sizeof *kept);
    kept->next = *all;
    *all = kept;
    return &kept->names;
}

static void release(const void *all)
{
    for (const struct kept *at = *(struct kept *const *)all; at; at = at->next)
        names_free((struct names_slot *)(uintptr_t)&at->names);
}

/* ---- the types ---- */

struct types {
    struct kept *names; /* first: see release */
    struct dynamic_type *type;
    size_t count;
};

static const char *copy(struct arena *arena, struct db_stmt *stmt, int column)
{
    size_t len;
    const char *text = db_text(stmt, column, &len);
    return arena_strndup(arena, text, len);
}

static enum db_rc load_types(struct catalog *made, struct arena *arena, struct db *db,
                             const void **all)
{
    struct types *types = arena_zalloc(arena, sizeof *types);
    size_t cap = 0;
    struct db_stmt *stmt = db_prepare(
        db, "SELECT id, entity_type_id, title, is_categories_enabled, is_stages_enabled, "
            "is_begin_close_dates_enabled, is_client_enabled, is_use_in_userfield_enabled, "
            "is_link_with_products_enabled, is_mycompany_enabled, is_documents_enabled, "
            "is_source_enabled, is_observers_enabled, is_recyclebin_enabled, "
            "is_automation_enabled, is_biz_proc_enabled, is_set_open_permissions FROM dynamic_type "
            "WHERE removed IS NULL ORDER BY id");
    enum db_rc rc;
    *all = types;
    while ((rc = db_step(stmt)) == DB_ROW) {
        struct dynamic_type type = {
            .id = db_int(stmt, 0), .type_id = db_int(stmt, 1), .title = copy(arena, stmt, 2)};
        for (int i = 0; i < FEATURES; i++)
            type.has[i] = *db_text(stmt, 3 + i, NULL) == 'Y';
        catalog_add_entity(made, dynamic_item_make(arena, &type, keep_names(arena, &types->names)));
        if (types->count == cap) {
            struct dynamic_type *more =
                arena_alloc(arena, (cap ? cap *= 2 : (cap = 8)) * sizeof *more);
            if (types->count)
                memcpy(more, types->type, types->count * sizeof *more);
            types->type = more;
        }
        types->type[types->count++] = type;
    }
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

CATALOG_PART(types_part) = {.stage = CATALOG_DATA, .load = load_types, .release = release};

const struct dynamic_type *dynamic_types(const struct request *req, size_t *count)
{
    const struct types *types = catalog_find(req, &types_part);
    *count = types ? types->count : 0;
    return types ? types->type : NULL;
}

/* ---- their parents and children ---- */

#define NO_PLACE ((size_t)-1)

static size_t place_of(const struct catalog *made, int64_t type_id)
{
    for (size_t i = 0; i < made->entity_count; i++) {
        if (made->entities[i]->type_id == type_id)
            return i;
    }
    return NO_PLACE;
}

/* Of one child: all its parents at once. */
static void vary(struct catalog *made, struct arena *arena, int64_t child_type,
                 const struct entity *const *parents, size_t count, struct kept **kept)
{
    size_t place = place_of(made, child_type);
    if (place == NO_PLACE || !count)
        return;
    catalog_vary_entity(made, place,
                        dynamic_item_with_parents(arena, made->entities[place], parents, count,
                                                  keep_names(arena, kept)));
}

static enum db_rc load_relations(struct catalog *made, struct arena *arena, struct db *db,
                                 const void **all)
{
    struct kept **kept = arena_zalloc(arena, sizeof *kept);
    const struct entity **parents = arena_alloc(arena, (made->entity_count + 1) * sizeof *parents);
    struct db_stmt *stmt =
        db_prepare(db, "SELECT child_type_id, parent_type_id FROM "
                       "dynamic_relation ORDER BY child_type_id, parent_type_id");
    int64_t child = 0;
    size_t count = 0;
    enum db_rc rc;
    *all = kept;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (db_int(stmt, 0) != child) {
            vary(made, arena, child, parents, count, kept);
            child = db_int(stmt, 0);
            count = 0;
        }
        size_t place = place_of(made, db_int(stmt, 1));
        if (place != NO_PLACE && count < made->entity_count)
            parents[count++] = made->bases[place];
    }
    if (rc == DB_NONE)
        vary(made, arena, child, parents, count, kept);
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

CATALOG_PART(relations_part) = {.stage = CATALOG_VARY, .load = load_relations, .release = release};
