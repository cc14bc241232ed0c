/* crm.item.productrow.* - product rows in the dialect of crm.item.*, of whatever may own some.
 *
 * What:    who may read or change an owner may do so with its rows. There are no payments here: all rows are there
 *          to be paid.
 * Used by: the registry.
 * Pages:   api-reference/crm/universal/product-rows/.
 */
#include <string.h>

#include "crm/product_owner.h"
#include "crm/product_row.h"
#include "crm/product_row_all.h"
#include "model/arg.h"
#include "model/method.h"
#include "model/shape.h"
#include "model/translate.h"
#include "model/unknown.h"

struct owner {
    const struct entity *entity;
    int64_t id;
};

static enum api_rc not_found(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_NOT_FOUND, "Item not found");
}

static enum api_rc denied(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_DENIED, "Access denied");
}

static enum api_rc owner_look(struct request *req, const struct owner *owner,
                              enum access_action action)
{
    enum permit_sight sight = PERMIT_MISSING;
    if (!owner->entity)
        return api_fail(req, API_ERR_TYPE_NOT_SUPPORTED, "Entity type is not supported");
    enum api_rc rc = permit_any(req, owner->entity, action);
    if (rc == API_FAIL)
        return denied(req);
    if (rc == API_OK)
        rc = product_owner_sight(req, owner->entity, owner->id, action, &sight);
    if (rc != API_OK || sight == PERMIT_FREE)
        return rc;
    return sight == PERMIT_REFUSED ? denied(req) : api_fail(req, API_ERR_OWNER_NOT_FOUND, NULL);
}

/* The owner of a row, which must be one that the caller may do this with. */
static enum api_rc row_look(struct request *req, int64_t id, enum access_action action,
                            struct owner *owner)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT owner_type, owner_id FROM product_row WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc step = db_step(stmt);
    if (step == DB_ROW)
        *owner = (struct owner){product_owner(req, db_text(stmt, 0, NULL)), db_int(stmt, 1)};
    db_finish(stmt);
    if (step == DB_NONE)
        return not_found(req);
    return step == DB_ROW ? owner_look(req, owner, action) : api_db(req, step);
}

/* The row of the parameter id. */
static enum api_rc begin_row(struct request *req, enum access_action action, int64_t *id,
                             struct owner *owner)
{
    enum api_rc rc = arg_int(req, "id", id);
    return rc == API_OK ? row_look(req, *id, action, owner) : rc;
}

static enum api_rc begin_owner(struct request *req, enum access_action action, struct owner *owner)
{
    const char *type;
    enum api_rc rc = arg_int(req, "ownerId", &owner->id);
    if (rc == API_OK)
        rc = arg_text(req, "ownerType", &type);
    if (rc != API_OK)
        return rc;
    owner->entity = product_owner(req, type);
    return owner_look(req, owner, action);
}

/* ---- in the item dialect ---- */

/* The dialect is over with the call, and what a list put into the parameters too. */
static enum api_rc spoken(struct request *req, const struct value *params, enum api_rc rc)
{
    req->dialect = NULL;
    req->params = params;
    return rc;
}

static void speak(struct request *req)
{
    dialect_speak_item(req, &product_row_entity, false);
}

static enum api_rc show_row(struct request *req, int64_t id)
{
    speak(req);
    writer_begin_object(req->out);
    writer_keyz(req->out, "productRow");
    enum api_rc rc = entity_show(req, &product_row_entity, id);
    writer_end_object(req->out);
    return spoken(req, req->params, rc);
}

static enum api_rc show_all(struct request *req, const struct owner *owner)
{
    speak(req);
    writer_begin_object(req->out);
    writer_keyz(req->out, "productRows");
    enum api_rc rc = product_row_write(req, owner->entity, owner->id);
    writer_end_object(req->out);
    return spoken(req, req->params, rc);
}

/* Names of the descriptor, of those that a caller may give. `refuses`: a name that none may is refused. */
static enum api_rc take_row(struct request *req, const struct value *given, bool refuses,
                            struct value **row)
{
    const struct names *names = names_of(req, &product_row_entity);
    enum api_rc rc = API_OK;
    *row = value_array(req->arena);
    for (size_t i = 0; i < given->array.count && rc == API_OK; i++) {
        const struct value_item *item = &given->array.items[i];
        const struct field *field = names_find(names, item->key);
        if (field && !(field->flags & (FIELD_READ_ONLY | FIELD_IMMUTABLE)))
            value_set(req->arena, *row, field->name, strlen(field->name), item->value);
        else if (refuses)
            rc = api_fail(req, API_ERR_INVALID_ARG_VALUE,
                          "Field '%.100s' is unknown or not available for update", item->key);
        else if (field)
            unknown_note(req, IN_FIELDS, item->key);
        else
            rc = unknown_name(req, IN_FIELDS, item->key);
    }
    return rc;
}

/* ---- the methods ---- */

/* Of what a row holds, the account price and the code are not told. */
static bool is_told(const struct field *field)
{
    return strcmp(field->name, "PRICE_ACCOUNT") != 0 && strcmp(field->name, "XML_ID") != 0;
}

/* As descriptions of old, by the names of this dialect. */
static enum api_rc fields(struct request *req)
{
    const struct names *names = names_of(req, &product_row_entity);
    writer_begin_object(req->out);
    writer_keyz(req->out, "fields");
    writer_begin_object(req->out);
    for (size_t i = 0; i < product_row_entity.field_count; i++) {
        if (!is_told(&product_row_entity.fields[i]))
            continue;
        writer_keyz(req->out, names_key(names, i));
        field_describe_value(req, &product_row_entity.fields[i]);
    }
    writer_end_object(req->out);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc get(struct request *req)
{
    struct owner owner;
    int64_t id;
    enum api_rc rc = begin_row(req, ACCESS_READ, &id, &owner);
    return rc == API_OK ? show_row(req, id) : rc;
}

/* Of `fields` of a new row: its owner. */
static enum api_rc given_owner(struct request *req, const struct value *given, struct owner *owner)
{
    size_t len;
    const struct value *type = value_get(given, "ownerType");
    const char *code = type ? value_to_text(req->arena, type, &len) : NULL;
    if (!value_to_int(value_get(given, "ownerId"), &owner->id))
        return arg_missing(req, "ownerId");
    if (!code || !len)
        return arg_missing(req, "ownerType");
    owner->entity = product_owner(req, code);
    return owner_look(req, owner, ACCESS_UPDATE);
}

static enum api_rc add(struct request *req)
{
    const struct value *given;
    struct value *taken;
    struct owner owner;
    int64_t id;
    enum api_rc rc = arg_array(req, "fields", &given);
    if (rc == API_OK)
        rc = given_owner(req, given, &owner);
    if (rc != API_OK)
        return rc;
    speak(req);
    rc = take_row(req, given, false, &taken);
    if (rc == API_OK)
        rc = product_row_add(req, owner.entity, owner.id, taken, &id);
    rc = spoken(req, req->params, rc);
    return rc == API_OK ? show_row(req, id) : rc;
}

static enum api_rc update(struct request *req)
{
    const struct value *given;
    struct value *taken;
    struct owner owner;
    int64_t id;
    enum api_rc rc = begin_row(req, ACCESS_UPDATE, &id, &owner);
    if (rc == API_OK)
        rc = arg_array(req, "fields", &given);
    if (rc != API_OK)
        return rc;
    speak(req);
    rc = take_row(req, given, true, &taken);
    if (rc == API_OK)
        rc = entity_change(req, &product_row_entity, id, taken);
    rc = spoken(req, req->params, rc);
    if (rc == API_OK)
        rc = product_owner_changed(req, owner.entity, owner.id);
    return rc == API_OK ? show_row(req, id) : rc;
}

static enum api_rc remove_one(struct request *req)
{
    struct owner owner;
    int64_t id;
    enum api_rc rc = begin_row(req, ACCESS_UPDATE, &id, &owner);
    if (rc == API_OK)
        rc = entity_remove(req, &product_row_entity, id);
    if (rc == API_OK)
        rc = product_owner_changed(req, owner.entity, owner.id);
    if (rc == API_OK)
        writer_null(req->out);
    return rc;
}

static enum api_rc take_rows(struct request *req, const struct value *given, struct value *rows)
{
    enum api_rc rc = API_OK;
    for (size_t i = 0; rc == API_OK && i < given->array.count; i++) {
        struct value *row = NULL;
        if (!value_is_array(given->array.items[i].value))
            return api_fail(req, API_ERR_INVALID_ARG_VALUE, "A product row must be an object");
        rc = take_row(req, given->array.items[i].value, false, &row);
        value_push(req->arena, rows, row);
    }
    return rc;
}

static enum api_rc set(struct request *req)
{
    const struct value *given;
    struct owner owner;
    struct value *rows = value_array(req->arena);
    enum api_rc rc = begin_owner(req, ACCESS_UPDATE, &owner);
    if (rc == API_OK)
        rc = arg_array(req, "productRows", &given);
    if (rc != API_OK)
        return rc;
    speak(req);
    rc = take_rows(req, given, rows);
    if (rc == API_OK)
        rc = product_row_set(req, owner.entity, owner.id, rows);
    rc = spoken(req, req->params, rc);
    return rc == API_OK ? show_all(req, &owner) : rc;
}

static enum api_rc payable(struct request *req)
{
    struct owner owner;
    enum api_rc rc = begin_owner(req, ACCESS_READ, &owner);
    return rc == API_OK ? show_all(req, &owner) : rc;
}

/* =ownerType and =ownerId, which a list must have. */
static enum api_rc filter_owner(struct request *req, const struct value *filter,
                                struct owner *owner)
{
    size_t len;
    const struct value *type = value_get(filter, "=ownerType");
    const struct value *id = value_get(filter, "=ownerId");
    const char *code = type ? value_to_text(req->arena, type, &len) : NULL;
    if (!code || !id || !value_to_int(id, &owner->id))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                        "Filter must have =ownerType and =ownerId, of one owner");
    owner->entity = product_owner(req, code);
    return owner_look(req, owner, ACCESS_READ);
}

static enum api_rc list(struct request *req)
{
    const struct value *filter, *params = req->params;
    struct owner owner;
    enum api_rc rc = arg_array(req, "filter", &filter);
    if (rc == API_OK)
        rc = filter_owner(req, filter, &owner);
    if (rc != API_OK)
        return rc;
    speak(req);
    rc = translate_list(req);
    if (rc == API_OK) {
        writer_begin_object(req->out);
        writer_keyz(req->out, "productRows");
        rc = entity_list(req, &product_row_entity);
        writer_end_object(req->out);
    }
    return spoken(req, params, rc);
}

#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier of the row."                                            \
    }
#define OWNER                                                                                      \
    {"ownerId", PARAM_INT, true, "Identifier of the owner."},                                      \
    {                                                                                              \
        "ownerType", PARAM_STRING, true, "Short code of its type: `crm.enum.ownertype`."           \
    }

static const struct param add_params[] = {
    {"fields", PARAM_ITEM, true, "ownerId, ownerType, and values by camelCase name.",
     .entity = &product_row_entity},
    {0},
};
static const struct param id_params[] = {ID, {0}};
static const struct param update_params[] = {
    ID,
    {"fields", PARAM_ITEM, true, "The values to change, by camelCase name.",
     .entity = &product_row_entity},
    {0},
};
static const struct param owner_params[] = {OWNER, {0}};
static const struct param set_params[] = {
    OWNER,
    {"productRows", PARAM_ARRAY, true, "All rows that it will have."},
    {0},
};
static const struct param list_params[] = {
    {"filter", PARAM_FILTER, true, "=ownerType, =ownerId, and further conditions."},
    {"order", PARAM_ORDER, false, "ASC or DESC by camelCase name."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};

#define PAGE(name) "api-reference/crm/universal/product-rows/crm-item-productrow-" name
#define ROW(verb, where, what, way, takes, shape, shown, function)                                 \
    {                                                                                              \
        .name = "crm.item.productrow." verb, .summary = what, .scope = "crm", .lane = way,         \
        .of_rows = true, .binds = true, .params = takes, .result = shape, .gives = shown,          \
        .page = PAGE(where), .handle = function                                                    \
    }

static const struct param one[] = {{"productRow", PARAM_ITEM, true, .entity = &product_row_entity},
                                   {0}};
static const struct param row[] = {{"", PARAM_ITEM, .entity = &product_row_entity}, {0}};
static const struct param many[] = {{"productRows", PARAM_LIST, true, .keys = row}, {0}};

static const struct method methods[] = {
    ROW("add", "add", "Add a product row to an owner.", LANE_WRITE, add_params, SHAPE_OBJECT, one,
        add),
    ROW("update", "update", "Change a product row.", LANE_WRITE, update_params, SHAPE_OBJECT, one,
        update),
    ROW("get", "get", "Return a product row by its id.", LANE_READ, id_params, SHAPE_OBJECT, one,
        get),
    ROW("list", "list", "Return product rows of one owner by filter, 50 a page.", LANE_READ,
        list_params, SHAPE_OBJECT, many, list),
    ROW("delete", "delete", "Delete a product row.", LANE_WRITE, id_params, SHAPE_NULL, NULL,
        remove_one),
    ROW("set", "set", "Replace the product rows of an owner.", LANE_WRITE, set_params, SHAPE_OBJECT,
        many, set),
    ROW("getAvailableForPayment", "get-available-for-payment",
        "Return the product rows of an owner that no payment is for: all of them.", LANE_READ,
        owner_params, SHAPE_OBJECT, many, payable),
    ROW("fields", "fields", "Describe the fields of a product row.", LANE_READ, NULL, SHAPE_OBJECT,
        shape_fields_key, fields),
};

MODULE(crm_item_productrow, METHODS(methods));
