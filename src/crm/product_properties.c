/* product_properties - the properties that a portal's products have, as fields of theirs: PROPERTY_12.
 *
 * What:    a part of the catalog: the portal's products are the program's with a field, and a relation, for each
 *          property. crm.product.fields, which tells more of them than of other fields.
 * Pages:   api-reference/crm/outdated/products/crm-product-fields.
 */
#include <stdio.h>
#include <string.h>

#include "crm/product.h"
#include "crm/property_value.h"
#include "model/catalog.h"
#include "model/catalog_part.h"
#include "model/method.h"
#include "model/shape.h"

struct properties {
    struct property *property;
    size_t count, cap;
};

static struct property *add(struct arena *arena, struct properties *all)
{
    if (all->count == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 16;
        struct property *more = arena_alloc(arena, cap * sizeof *more);
        if (all->count)
            memcpy(more, all->property, all->count * sizeof *more);
        all->property = more;
        all->cap = cap;
    }
    return memset(&all->property[all->count++], 0, sizeof(struct property));
}

static const char *text_of(struct arena *arena, struct db_stmt *stmt, int column)
{
    size_t len;
    const char *text = db_text(stmt, column, &len);
    return arena_strndup(arena, text, len);
}

static enum db_rc read_properties(struct arena *arena, struct db *db, struct properties *all)
{
    struct db_stmt *stmt =
        db_prepare(db, "SELECT id, name, property_type, user_type, multiple, is_required, "
                       "default_value FROM product_property WHERE active = 'Y' ORDER BY sort, id");
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        const struct property_type *type = property_type_find(
            db_text(stmt, 2, NULL), db_is_null(stmt, 3) ? NULL : text_of(arena, stmt, 3));
        if (!type) /* of a later program */
            continue;
        struct property *property = add(arena, all);
        property->id = db_int(stmt, 0);
        property->type = type;
        property->multiple = db_text(stmt, 4, NULL)[0] == 'Y';
        property->required = db_text(stmt, 5, NULL)[0] == 'Y';
        property->fallback = db_is_null(stmt, 6) ? NULL : text_of(arena, stmt, 6);
        property->one =
            (struct field){.name = arena_printf(arena, "PROPERTY_%lld", (long long)property->id),
                           .type = "product_property",
                           .title = text_of(arena, stmt, 1),
                           .kind = type->kind,
                           .flags = FIELD_LONG};
    }
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

static struct property *find(struct properties *all, int64_t id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->property[i].id == id)
            return &all->property[i];
    }
    return NULL;
}

/* They come by property: a change of it is a new list. */
static enum db_rc read_items(struct arena *arena, struct db *db, struct properties *all)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT property_id, id, value, def FROM "
                                          "product_property_enum ORDER BY property_id, sort, id");
    struct property *property = NULL;
    size_t cap = 0;
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (!property || property->id != db_int(stmt, 0)) {
            property = find(all, db_int(stmt, 0));
            cap = 0;
        }
        if (!property)
            continue;
        if (property->item_count == cap) {
            struct property_item *more = arena_alloc(arena, (cap ? cap * 2 : 16) * sizeof *more);
            if (cap)
                memcpy(more, property->items, cap * sizeof *more);
            property->items = more;
            cap = cap ? cap * 2 : 16;
        }
        property->items[property->item_count++] =
            (struct property_item){.id = db_int(stmt, 1),
                                   .value = text_of(arena, stmt, 2),
                                   .is_default = db_text(stmt, 3, NULL)[0] == 'Y'};
    }
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

/* The program's products with a field and a relation more for each property. */
static const struct entity *make_entity(struct arena *arena, const struct entity *base,
                                        struct properties *all)
{
    size_t relations = 0;
    while (base->relations[relations])
        relations++;
    struct entity *made = arena_alloc(arena, sizeof *made);
    struct field *fields = arena_zalloc(arena, (base->field_count + all->count) * sizeof *fields);
    const struct relation **list = arena_zalloc(arena, (relations + all->count + 1) * sizeof *list);
    memcpy(fields, base->fields, base->field_count * sizeof *fields);
    memcpy(list, base->relations, relations * sizeof *list);
    for (size_t i = 0; i < all->count; i++) {
        struct property *property = &all->property[i];
        struct field *field = &fields[base->field_count + i];
        property->relation = (struct relation){
            .kind = &property_values, .name = property->one.name, .with = property};
        *field = property->one;
        field->kind = FIELD_VIRTUAL;
        field->relation = list[relations + i] = &property->relation;
        field->flags = FIELD_IN_GET | FIELD_BY_NAME | (property->multiple ? FIELD_MULTIPLE : 0) |
                       (property->required ? FIELD_REQUIRED : 0);
    }
    *made = *base;
    made->fields = fields;
    made->field_count = base->field_count + all->count;
    made->relations = list;
    entity_index(made, arena);
    return made;
}

static enum db_rc vary(struct catalog *catalog, struct arena *arena, struct db *db,
                       const void **kept)
{
    const struct entity *const *entities = catalog_entities(catalog);
    struct properties all = {0};
    enum db_rc rc = read_properties(arena, db, &all);
    (void)kept;
    if (rc == DB_OK && all.count)
        rc = read_items(arena, db, &all);
    for (size_t i = 0; entities[i] && all.count && rc == DB_OK; i++) {
        if (entities[i] == &product_entity)
            catalog_vary_entity(catalog, i, make_entity(arena, entities[i], &all));
    }
    return rc;
}

CATALOG_PART(part) = {.stage = CATALOG_VARY, .load = vary};

/* ---- crm.product.fields ---- */

static void write_items(struct writer *out, const struct property *property)
{
    char id[24];
    writer_keyz(out, "values");
    if (!property->item_count) {
        writer_raw(out, "[]", 2);
        return;
    }
    writer_begin_object(out);
    for (size_t i = 0; i < property->item_count; i++) {
        snprintf(id, sizeof id, "%lld", (long long)property->items[i].id);
        writer_keyz(out, id);
        writer_begin_object(out);
        writer_keyz(out, "ID");
        writer_stringz(out, id);
        writer_keyz(out, "VALUE");
        writer_stringz(out, property->items[i].value);
        writer_end_object(out);
    }
    writer_end_object(out);
}

static void write_property(struct writer *out, const struct field *field)
{
    static const struct {
        const char *name;
        unsigned flag;
    } flags[] = {{"isRequired", FIELD_REQUIRED},
                 {"isReadOnly", 0},
                 {"isImmutable", 0},
                 {"isMultiple", FIELD_MULTIPLE}};
    const struct property *property = field->relation->with;
    writer_begin_object(out);
    writer_keyz(out, "type");
    writer_stringz(out, field->type);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        writer_keyz(out, flags[i].name);
        writer_bool(out, field->flags & flags[i].flag);
    }
    writer_keyz(out, "isDynamic");
    writer_bool(out, true);
    writer_keyz(out, "title");
    writer_stringz(out, field->title);
    writer_keyz(out, "propertyType");
    writer_stringz(out, property->type->property);
    writer_keyz(out, "userType");
    writer_stringz(out, property->type->user);
    if (property->type->list)
        write_items(out, property);
    writer_end_object(out);
}

static enum api_rc fields(struct request *req)
{
    const struct entity *entity = catalog_entity(req, &product_entity);
    writer_begin_object(req->out);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        writer_keyz(req->out, field->name);
        if (field->relation && field->relation->kind == &property_values)
            write_property(req->out, field);
        else
            field_describe_value(req, field);
    }
    writer_end_object(req->out);
    return API_OK;
}

static const struct method methods[] = {
    {.name = "crm.product.fields",
     .summary = "Describe the fields of a product, its properties among them.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = "api-reference/crm/outdated/products/crm-product-fields",
     .handle = fields},
};

MODULE(crm_product_fields, METHODS(methods));
