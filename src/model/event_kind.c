#include "model/event_kind.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "model/catalog.h"
#include "model/catalog_part.h"
#include "model/entity.h"
#include "model/registry.h"
#include "model/user_field.h"

struct making {
    struct arena *arena;
    const struct event_kind **kinds;
    size_t count, cap;
};

static void add(struct making *making, const struct event_kind *kind)
{
    if (making->count == making->cap) {
        making->cap = making->cap ? 2 * making->cap : 64;
        making->kinds = xrealloc(making->kinds, making->cap * sizeof(*making->kinds));
    }
    making->kinds[making->count++] = kind;
}

static void add_named(struct making *making, const char *of, const char *what)
{
    struct event_kind *kind = arena_zalloc(making->arena, sizeof *kind);
    kind->name = arena_printf(making->arena, "ONCRM%s%s", of, what);
    kind->scope = "crm";
    CHECK(strlen(kind->name) < EVENT_NAME_SIZE);
    add(making, kind);
}

static void add_entity(struct making *making, const struct entity *entity)
{
    static const char *const whats[] = {"ADD", "UPDATE", "DELETE"};
    for (size_t i = 0; entity->event && i < sizeof whats / sizeof whats[0]; i++) {
        add_named(making, entity->event, whats[i]);
        if (entity->event_by_type)
            add_named(making, entity->event,
                      arena_printf(making->arena, "%s_%d", whats[i], entity->type_id));
    }
    const char *of =
        entity->user_fields ? user_field_owner(making->arena, entity->user_fields).event : NULL;
    for (const char *const *what = user_field_events; of && *what; what++)
        add_named(making, of, *what);
}

static int by_name(const void *a, const void *b)
{
    const struct event_kind *const *one = a, *const *other = b;
    return strcasecmp((*one)->name, (*other)->name);
}

/* `all` ends with NULL. */
static const struct event_kinds *make(struct arena *arena, const struct entity *const *all)
{
    struct making making = {.arena = arena};
    struct event_kinds *made = arena_zalloc(arena, sizeof *made);
    for (const struct event_kind *kind = event_kinds_own(); kind; kind = kind->next)
        add(&making, kind);
    for (; *all; all++)
        add_entity(&making, *all);
    qsort(making.kinds, making.count, sizeof(*making.kinds), by_name);
    const struct event_kind **kinds = arena_alloc(arena, making.count * sizeof *kinds);
    for (size_t i = 0; i < making.count; i++) { /* one event may be that of several types */
        if (!made->count || by_name(&kinds[made->count - 1], &making.kinds[i]) != 0)
            kinds[made->count++] = making.kinds[i];
    }
    made->kinds = kinds;
    free(making.kinds);
    return made;
}

/* ---- the catalog's ---- */

static enum db_rc load(struct catalog *catalog, struct arena *arena, struct db *db,
                       const void **kept)
{
    (void)db;
    *kept = make(arena, catalog_entities(catalog));
    return DB_OK;
}

CATALOG_PART(part) = {.stage = CATALOG_LATE, .load = load};

/* ---- those of every portal ---- */

static struct arena memory;
static const struct event_kinds *everywhere;

static void make_everywhere(void)
{
    arena_init(&memory);
    everywhere = make(&memory, program_entities);
}

const struct event_kinds *event_kinds_of(const struct request *req)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const struct event_kinds *of_portal = catalog_find(req, &part);
    if (!of_portal)
        pthread_once(&once, make_everywhere);
    return of_portal ? of_portal : everywhere;
}

const struct event_kind *event_kind_find(const struct request *req, const char *name)
{
    const struct event_kinds *all = event_kinds_of(req);
    const struct event_kind wanted = {.name = name}, *key = &wanted;
    const struct event_kind *const *found =
        bsearch(&key, all->kinds, all->count, sizeof *all->kinds, by_name);
    return found ? *found : NULL;
}
