/* product_property - the properties of products, and crm.product.property.*.
 *
 * What:    each is a change of the portal's schema: products have a field more, or less. DEFAULT_VALUE and VALUES, the
 *          items of a list, are written behind the row.
 * Pages:   api-reference/crm/outdated/products/crm-product-property-*.
 */
#include <string.h>

#include "base/json.h"
#include "crm/product_file.h"
#include "crm/product_catalog.h"
#include "crm/property_type.h"
#include "model/catalog.h"
#include "model/codes.h"
#include "model/crud.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/relation.h"
#include "model/row.h"
#include "model/shape.h"

/* ---- the items of a list ---- */

static const struct field item_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("VALUE", "string", "Value", FIELD_TEXT, "value", FIELD_REQUIRED, NULL),
    FIELD_ROW("XML_ID", "string", "External code", FIELD_TEXT, "xml_id", 0, NULL),
    FIELD_ROW("SORT", "integer", "Sorting", FIELD_INT, "sort", 0, "500"),
    FIELD_ROW("DEF", "char", "By default", FIELD_FLAG, "def", 0, "N"),
};
#define ITEM_FIELDS (sizeof item_fields / sizeof item_fields[0])
enum { ITEM_ID, ITEM_VALUE, ITEM_XML_ID, ITEM_SORT, ITEM_DEF };

static enum api_rc load_items(struct request *req, const struct entity *entity,
                              const struct field *field, const int64_t *ids, size_t count,
                              void **loaded)
{
    struct relation_page *page;
    (void)entity;
    (void)field;
    enum api_rc rc = relation_page_load(req,
                                        "SELECT property_id, id, value, xml_id, sort, def FROM "
                                        "product_property_enum WHERE property_id IN (",
                                        "property_id, sort, id", ITEM_FIELDS, ids, count, &page);
    *loaded = page;
    return rc;
}

static void write_items(struct request *req, const struct field *field, const char *key,
                        void *loaded, int64_t id)
{
    const struct relation_row *row = relation_page_first(loaded, id);
    (void)field;
    writer_keyz(req->out, key);
    if (!row) {
        writer_raw(req->out, "[]", 2);
        return;
    }
    writer_begin_object(req->out);
    for (; row; row = row->next) {
        writer_keyz(req->out, row->text[ITEM_ID]);
        writer_begin_object(req->out);
        for (size_t i = 0; i < ITEM_FIELDS; i++) {
            writer_keyz(req->out, item_fields[i].name);
            writer_stringz(req->out, row->text[i]);
        }
        writer_end_object(req->out);
    }
    writer_end_object(req->out);
}

/* An item of a call: one that is there, or a new one. */
struct item {
    int64_t id; /* 0: new */
    bool given[ITEM_FIELDS];
    struct cell cell[ITEM_FIELDS];
};

static bool take_item(struct request *req, const struct value *given, struct item *item)
{
    *item = (struct item){0};
    value_to_int(value_get(given, "ID"), &item->id);
    for (size_t i = ITEM_VALUE; i < ITEM_FIELDS; i++) {
        const struct value *value = value_get(given, item_fields[i].name);
        const char *fallback = item_fields[i].fallback;
        item->given[i] = value && value->type != VALUE_NULL;
        if (!item->given[i])
            value = fallback ? value_string(req->arena, fallback, strlen(fallback))
                             : value_null(req->arena);
        if (!cell_from_value(req, &item_fields[i], value, &item->cell[i]))
            return false;
    }
    return value_is_array(given);
}

static enum api_rc is_item(struct change *change, int64_t id, bool *is)
{
    struct db_stmt *stmt = db_prepare(
        change->req->db, "SELECT 1 FROM product_property_enum WHERE id = $1 AND property_id = $2");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, change->id);
    enum db_rc rc = db_step(stmt);
    *is = rc == DB_ROW;
    db_finish(stmt);
    return api_db(change->req, rc);
}

static enum api_rc insert_item(struct change *change, const struct item *item)
{
    struct db_stmt *stmt =
        db_prepare(change->req->db, "INSERT INTO product_property_enum (property_id, value, "
                                    "xml_id, sort, def) VALUES ($1, $2, $3, $4, $5)");
    db_bind_int(stmt, 1, change->id);
    for (size_t i = ITEM_VALUE; i < ITEM_FIELDS; i++)
        cell_bind(stmt, (int)i + 1, item_fields[i].kind, &item->cell[i]);
    return api_db(change->req, db_run(stmt));
}

static enum api_rc update_item(struct change *change, const struct item *item)
{
    enum api_rc rc = API_OK;
    for (size_t i = ITEM_VALUE; i < ITEM_FIELDS && rc == API_OK; i++) {
        struct buf sql = {0};
        if (!item->given[i])
            continue;
        buf_printf(&sql, "UPDATE product_property_enum SET %s = $1 WHERE id = $2",
                   item_fields[i].column);
        struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
        buf_clear(&sql);
        cell_bind(stmt, 1, item_fields[i].kind, &item->cell[i]);
        db_bind_int(stmt, 2, item->id);
        rc = api_db(change->req, db_run(stmt));
    }
    return rc;
}

/* Products that have it have it no more. */
static enum api_rc remove_item(struct change *change, int64_t id)
{
    struct db_stmt *stmt =
        db_prepare(change->req->db,
                   "DELETE FROM product_property_value WHERE property_id = $1 AND number = $2");
    db_bind_int(stmt, 1, change->id);
    db_bind_double(stmt, 2, (double)id);
    enum db_rc rc = db_run(stmt);
    if (rc == DB_OK) {
        stmt = db_prepare(change->req->db, "DELETE FROM product_property_enum WHERE id = $1");
        db_bind_int(stmt, 1, id);
        rc = db_run(stmt);
    }
    return api_db(change->req, rc);
}

static enum api_rc store_item(struct change *change, const struct value *given)
{
    struct item item;
    bool there = false;
    if (!take_item(change->req, given, &item))
        return api_fail_text(change->req, "The field VALUES is not defined or invalid");
    enum api_rc rc = item.id ? is_item(change, item.id, &there) : API_OK;
    bool empty = cell_is_empty(&item.cell[ITEM_VALUE]);
    if (rc != API_OK)
        return rc;
    if (there)
        return item.given[ITEM_VALUE] && empty ? remove_item(change, item.id)
                                               : update_item(change, &item);
    return empty ? API_OK : insert_item(change, &item);
}

/* Those that are not named stay. One whose VALUE is empty goes. */
static enum api_rc store_items(struct change *change, const struct relation *relation, void *slot)
{
    const struct value *given = value_get(change->given, "VALUES");
    enum api_rc rc = API_OK;
    (void)relation;
    (void)slot;
    for (size_t i = 0; value_is_array(given) && i < given->array.count && rc == API_OK; i++)
        rc = store_item(change, given->array.items[i].value);
    return rc;
}

static const char items_schema[] =
    "{\"type\":[\"object\",\"array\"],\"additionalProperties\":{\"type\":\"object\",\"prope"
    "rties\":{\"ID\":{\"type\":\"string\"},\"VALUE\":{\"type\":\"string\"},\"XML_ID\":{\"ty"
    "pe\":\"string\"},\"SORT\":{\"type\":\"string\"},\"DEF\":{\"type\":\"string\"}},\"addit"
    "ionalProperties\":false},\"items\":false}";

static const struct relation_kind property_items = {
    .schema = items_schema,
    .takes = "{\"type\":[\"object\",\"array\"],\"description\":\"Items: {VALUE, SORT, XML_ID, "
             "DEF}, by id those that are there\"}",
    .store = store_items,
    .load = load_items,
    .write = write_items,
    .remove = relation_remove_owned};
static const struct relation items = {.kind = &property_items,
                                      .name = "VALUES",
                                      .table = "product_property_enum",
                                      .own = "property_id"};

/* ---- its default, of any form ---- */

static enum api_rc store_default(struct change *change, const struct relation *relation, void *slot)
{
    const struct value *given = value_get(change->given, "DEFAULT_VALUE");
    (void)relation;
    (void)slot;
    if (!given)
        return API_OK;
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_value(&w, given);
    struct db_stmt *stmt =
        db_prepare(change->req->db, "UPDATE product_property SET default_value = $1 WHERE id = $2");
    if (value_is_empty(given))
        db_bind_null(stmt, 1);
    else
        db_bind_text(stmt, 1, arena_strndup(change->req->arena, json.data, json.len), json.len);
    buf_clear(&json);
    db_bind_int(stmt, 2, change->id);
    return api_db(change->req, db_run(stmt));
}

static enum api_rc load_default(struct request *req, const struct entity *entity,
                                const struct field *field, const int64_t *ids, size_t count,
                                void **loaded)
{
    struct relation_page *page;
    (void)entity;
    (void)field;
    enum api_rc rc = relation_page_load(req,
                                        "SELECT id, default_value FROM product_property WHERE "
                                        "default_value IS NOT NULL AND id IN (",
                                        "id", 1, ids, count, &page);
    *loaded = page;
    return rc;
}

static void write_default(struct request *req, const struct field *field, const char *key,
                          void *loaded, int64_t id)
{
    const struct relation_row *row = relation_page_first(loaded, id);
    (void)field;
    writer_keyz(req->out, key);
    row ? writer_raw(req->out, row->text[0], strlen(row->text[0])) : writer_null(req->out);
}

static const struct relation_kind property_default = {
    .schema = "{\"description\":\"As values of its type are\"}",
    .store = store_default,
    .load = load_default,
    .write = write_default};
static const struct relation fallback = {.kind = &property_default, .name = "DEFAULT_VALUE"};

static const struct relation values = {
    .kind = &relation_owned, .table = "product_property_value", .own = "property_id"};
static const struct relation *const property_relations[] = {&fallback, &items, &property_files,
                                                            &values, NULL};

/* ---- the descriptor ---- */

static const struct field property_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    {.name = "IBLOCK_ID",
     .type = "integer",
     .title = "Catalog",
     .kind = FIELD_INT,
     .column = "iblock_id",
     .flags = FIELD_IMMUTABLE,
     .fallback = PRODUCT_CATALOG_ID,
     .codes = &codes_product_catalog},
    FIELD_ROW("NAME", "string", "Name", FIELD_TEXT, "name", FIELD_REQUIRED, NULL),
    FIELD_ROW("ACTIVE", "char", "Active", FIELD_FLAG, "active", 0, "Y"),
    FIELD_ROW("SORT", "integer", "Sorting", FIELD_INT, "sort", 0, "500"),
    FIELD_ROW("CODE", "string", "Symbolic code", FIELD_TEXT, "code", FIELD_CODE, NULL),
    FIELD_PART("DEFAULT_VALUE", "object", "Default value", FIELD_IN_LIST, &fallback),
    FIELD_ROW("PROPERTY_TYPE", "string", "Type", FIELD_TEXT, "property_type",
              FIELD_REQUIRED | FIELD_IMMUTABLE | FIELD_CODE, NULL),
    FIELD_ROW("ROW_COUNT", "integer", "Rows", FIELD_INT, "row_count", 0, "1"),
    FIELD_ROW("COL_COUNT", "integer", "Columns", FIELD_INT, "col_count", 0, "30"),
    FIELD_ROW("LIST_TYPE", "string", "Look of a list", FIELD_TEXT, "list_type", FIELD_CODE, "L"),
    FIELD_ROW("MULTIPLE", "char", "Multiple", FIELD_FLAG, "multiple", 0, "N"),
    FIELD_ROW("XML_ID", "string", "External code", FIELD_TEXT, "xml_id", FIELD_CODE, NULL),
    FIELD_ROW("IS_REQUIRED", "char", "Required", FIELD_FLAG, "is_required", 0, "N"),
    FIELD_ROW("USER_TYPE", "string", "Custom type", FIELD_TEXT, "user_type",
              FIELD_IMMUTABLE | FIELD_CODE, NULL),
    FIELD_ROW("USER_TYPE_SETTINGS", "object", "Settings of the custom type", FIELD_OBJECT,
              "user_type_settings", 0, NULL),
    FIELD_PART("VALUES", "object", "Items of a list", FIELD_IN_GET, &items),
    FIELD_ROW("TIMESTAMP_X", "datetime", "Modified on", FIELD_DATETIME, "timestamp_x",
              FIELD_READ_ONLY | FIELD_STAMP_UPDATED, NULL),
};

static enum api_rc property_check(struct change *change)
{
    const struct cell *type = change_cell(change, "PROPERTY_TYPE");
    struct cell *user = change_cell(change, "USER_TYPE");
    size_t multiple = entity_at(change->entity, "MULTIPLE");
    enum api_rc rc = change_required(change);
    if (rc != API_OK)
        return rc;
    if (cell_is_empty(user))
        cell_set_null(user);
    if (!property_type_find(type->text, user->null ? NULL : user->text))
        return api_fail(change->req, API_ERR_METHOD,
                        "There is no type of properties %s:%s here: crm.product.property.types",
                        type->text, user->null ? "" : user->text);
    if (change->old && change->old[multiple].text[0] == 'Y' && change->now[multiple].text[0] == 'N')
        return api_fail_text(change->req, "A property of several values cannot have one only");
    return API_OK;
}

const struct entity product_property_entity = {
    .name = "product property",
    .table = "product_property",
    .permit = &permit_settings,
    .event = "PRODUCTPROPERTY",
    .fields = property_fields,
    .field_count = sizeof property_fields / sizeof property_fields[0],
    .not_found = "Not found",
    .default_order = "SORT",
    .relations = property_relations,
    .check = property_check,
};
ENTITY(product_property_entity);

/* ---- its methods ---- */

static enum api_rc changed(struct request *req, enum api_rc rc)
{
    return rc == API_OK ? catalog_changed(req) : rc;
}

static enum api_rc add(struct request *req)
{
    return changed(req, entity_add(req, &product_property_entity));
}

static enum api_rc update(struct request *req)
{
    return changed(req, entity_update(req, &product_property_entity));
}

static enum api_rc remove_one(struct request *req)
{
    return changed(req, entity_delete(req, &product_property_entity));
}

static void write_pair(struct writer *out, const char *name, const char *text)
{
    writer_keyz(out, name);
    writer_stringz(out, text);
}

static enum api_rc types(struct request *req)
{
    writer_begin_list(req->out);
    for (const struct property_type *type = property_types; type->property; type++) {
        writer_begin_object(req->out);
        write_pair(req->out, "PROPERTY_TYPE", type->property);
        write_pair(req->out, "USER_TYPE", type->user);
        write_pair(req->out, "DESCRIPTION", type->description);
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
    return API_OK;
}

static enum api_rc enumeration_fields(struct request *req)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < ITEM_FIELDS; i++)
        field_describe(req, &item_fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

/* What USER_TYPE_SETTINGS may hold: of a text with a type, how high its editor is. */
static enum api_rc settings_fields(struct request *req)
{
    static const struct field height =
        FIELD_ROW("HEIGHT", "integer", "Height", FIELD_INT, "height", 0, "200");
    const struct property_type *type =
        property_type_find(param_text(req, "propertyType"), param_text(req, "userType"));
    if (!type)
        return api_fail(req, API_ERR_METHOD, "There is no type of properties %.100s:%.100s here",
                        param_text(req, "propertyType"), param_text(req, "userType"));
    if (!type->html) {
        writer_raw(req->out, "[]", 2);
        return API_OK;
    }
    writer_begin_object(req->out);
    field_describe(req, &height);
    writer_end_object(req->out);
    return API_OK;
}

static const struct param add_params[] = {
    {"fields", PARAM_FIELDS, true, "NAME, PROPERTY_TYPE, USER_TYPE, VALUES ...", .of_new = true,
     .asked = true, .entity = &product_property_entity},
    {0},
};
static const struct param id_params[] = {
    {"id", PARAM_INT, true, "Identifier, greater than 0.", .asked = true},
    {0},
};
static const struct param update_params[] = {
    {"id", PARAM_INT, true, "Identifier, greater than 0.", .asked = true},
    {"fields", PARAM_FIELDS, false, "The values to change.", .entity = &product_property_entity},
    {0},
};
static const struct param settings_params[] = {
    {"propertyType", PARAM_STRING, true, "S, N ...", .asked = true},
    {"userType", PARAM_STRING, false, "HTML, Date ..."},
    {0},
};

#define PAGE(name) "api-reference/crm/outdated/products/crm-product-property-" name

static const struct param type_keys[] = {{"PROPERTY_TYPE", PARAM_STRING, true},
                                         {"USER_TYPE", PARAM_STRING, true},
                                         {"DESCRIPTION", PARAM_STRING, true},
                                         {0}};

static const struct method methods[] = {
    {.name = "crm.product.property.add",
     .summary = "Add a property that products have from then on.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .schema = true,
     .params = add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = add},
    {.name = "crm.product.property.update",
     .summary = "Change a property of products.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .schema = true,
     .params = update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = update},
    {.name = "crm.product.property.delete",
     .summary = "Delete a property with its values.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .schema = true,
     .params = id_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = remove_one},
    {.name = "crm.product.property.types",
     .summary = "List the types that a property can have.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_LIST,
     .gives = type_keys,
     .page = PAGE("types"),
     .handle = types},
    {.name = "crm.product.property.enumeration.fields",
     .summary = "Describe an item of a property that is a list.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = PAGE("enumeration-fields"),
     .handle = enumeration_fields},
    {.name = "crm.product.property.settings.fields",
     .summary = "Describe the settings of a type of properties.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = settings_params,
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = PAGE("settings-fields"),
     .handle = settings_fields},
};

static const struct crud crud = {"crm.product.property", &product_property_entity,
                                 CRUD_GET | CRUD_LIST | CRUD_FIELDS, .many = "product properties"};

MODULE(crm_product_property, .crud = &crud, METHODS(methods));
