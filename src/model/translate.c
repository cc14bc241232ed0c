#include "model/translate.h"

#include <string.h>
#include <strings.h>

#include "model/query.h"
#include "model/relation.h"
#include "model/unknown.h"

static const struct field *field_of(const struct request *req, const char *name)
{
    return names_find(req->dialect->names, name);
}

static void put(struct request *req, struct value *array, const char *key, struct value *value)
{
    value_set(req->arena, array, key, strlen(key), value);
}

/* ---- select ---- */

static enum api_rc select_one(struct request *req, const struct value *item, struct value *chosen)
{
    if (item->type != VALUE_STRING)
        return API_OK;
    const char *name = item->string.text;
    const struct field *field = field_of(req, name);
    if (!field && strcmp(name, "*") != 0 && strcmp(name, "UF_*") != 0)
        return unknown_name(req, IN_SELECT, name);
    const char *own = field ? field->name : name;
    value_push(req->arena, chosen, value_string(req->arena, own, strlen(own)));
    return API_OK;
}

/* Nothing known of what was asked for is the id. */
static enum api_rc select_names(struct request *req, const struct value *given,
                                struct value **select)
{
    enum api_rc rc = API_OK;
    *select = value_array(req->arena);
    if (value_is_empty(given))
        return API_OK;
    if (!value_is_array(given))
        rc = select_one(req, given, *select);
    for (size_t i = 0; value_is_array(given) && i < given->array.count && rc == API_OK; i++)
        rc = select_one(req, given->array.items[i].value, *select);
    if (!(*select)->array.count)
        value_push(req->arena, *select, value_string(req->arena, "ID", 2));
    return rc;
}

/* ---- order ---- */

static enum api_rc bad_direction(struct request *req, const struct value_item *item)
{
    size_t len;
    const char *text = value_to_text(req->arena, item->value, &len);
    return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                    "Invalid order: allowed sort directions are ASC, DESC. But got '%.100s' for "
                    "field '%.100s'",
                    text ? text : "Array", item->key);
}

static enum api_rc order_names(struct request *req, const struct value *given, struct value **order)
{
    *order = value_array(req->arena);
    for (size_t i = 0; value_is_array(given) && i < given->array.count; i++) {
        const struct value_item *item = &given->array.items[i];
        const struct field *field = field_of(req, item->key);
        const char *way = item->value->type == VALUE_STRING ? item->value->string.text : "";
        if (!field || !field->kind->orders)
            return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                            "Invalid order: field '%.100s' is not allowed in order", item->key);
        if (strcasecmp(way, "asc") != 0 && strcasecmp(way, "desc") != 0)
            return bad_direction(req, item);
        put(req, *order, field->name, item->value);
    }
    return API_OK;
}

/* ---- filter ---- */

static enum api_rc filter_names(struct request *req, const struct value *given,
                                struct value **filter);

static bool filters(const struct field *field)
{
    return field->kind != FIELD_VIRTUAL || (field->relation && field->relation->kind->filter);
}

/* Only "OR" says so: conditions are joined by AND. */
static bool says_or(const struct value *value)
{
    return value->type == VALUE_STRING && !strcasecmp(value->string.text, "or");
}

static enum api_rc filter_one(struct request *req, const struct value_item *item,
                              struct value *filter)
{
    const char *name;
    struct value *group = NULL;
    if (!strcasecmp(item->key, QUERY_LOGIC)) {
        if (says_or(item->value))
            put(req, filter, QUERY_LOGIC, item->value);
        return API_OK;
    }
    if (value_is_array(item->value) && item->key[strspn(item->key, "0123456789")] == '\0') {
        enum api_rc rc = filter_names(req, item->value, &group);
        put(req, filter, item->key, group);
        return rc;
    }
    filter_key(item->key, &name);
    const struct field *field = field_of(req, name);
    if (!field || !filters(field))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                        "Invalid filter: field '%.100s' is not allowed in filter", name);
    put(req, filter,
        arena_printf(req->arena, "%.*s%s", (int)(name - item->key), item->key, field->name),
        item->value);
    return API_OK;
}

static enum api_rc filter_names(struct request *req, const struct value *given,
                                struct value **filter)
{
    enum api_rc rc = API_OK;
    *filter = value_array(req->arena);
    for (size_t i = 0; value_is_array(given) && i < given->array.count && rc == API_OK; i++)
        rc = filter_one(req, &given->array.items[i], *filter);
    return rc;
}

enum api_rc translate_list(struct request *req)
{
    struct value *select, *filter, *order, *params = value_array(req->arena);
    enum api_rc rc = select_names(req, param_get(req, "select"), &select);
    if (rc == API_OK)
        rc = filter_names(req, param_get(req, "filter"), &filter);
    if (rc == API_OK)
        rc = order_names(req, param_get(req, "order"), &order);
    if (rc != API_OK)
        return rc;
    const struct value *start = param_get(req, "start");
    put(req, params, "select", select);
    put(req, params, "filter", filter);
    put(req, params, "order", order);
    if (start) {
        struct value *copy = arena_alloc(req->arena, sizeof *copy);
        *copy = *start;
        put(req, params, "start", copy);
    }
    req->params = params;
    return API_OK;
}

/* ---- fields ---- */

static const char *kind_of(const struct value *value)
{
    static const char *const names[] = {[VALUE_BOOL] = "boolean",
                                        [VALUE_INT] = "integer",
                                        [VALUE_DOUBLE] = "double",
                                        [VALUE_STRING] = "string"};
    return names[value->type];
}

/* {VALUE, VALUE_TYPE, ID} of a field PHONE into the list `fm`. */
static void add_multifields(struct request *req, const char *type, const struct value *given,
                            struct value *fields)
{
    static const char *const keys[][2] = {
        {"VALUE", "value"}, {"VALUE_TYPE", "valueType"}, {"ID", "id"}};
    const struct value *others = value_get(fields, "FM");
    struct value *all = value_array(req->arena);
    for (size_t i = 0; value_is_array(others) && i < others->array.count; i++)
        put(req, all, others->array.items[i].key, others->array.items[i].value);
    put(req, fields, "FM", all);
    for (size_t i = 0; value_is_array(given) && i < given->array.count; i++) {
        const struct value *item = given->array.items[i].value;
        struct value *one = value_array(req->arena);
        put(req, one, "typeId", value_string(req->arena, type, strlen(type)));
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            if (value_get(item, keys[k][0]))
                put(req, one, keys[k][1], value_get(item, keys[k][0]));
        }
        value_push(req->arena, all, one);
    }
}

/* A name that is none of this dialect: PHONE, EMAIL ... are known to imports. */
static enum api_rc field_unknown(struct request *req, const struct value_item *item, bool imports,
                                 struct value *fields)
{
    const struct field *field = entity_field(req->dialect->entity, item->key);
    if (!imports || !field || strcmp(field->type, "crm_multifield") != 0)
        return unknown_name(req, IN_FIELDS, item->key);
    add_multifields(req, field->name, item->value, fields);
    return API_OK;
}

static enum api_rc field_one(struct request *req, const struct value_item *item, bool imports,
                             struct value *fields)
{
    const struct field *field = field_of(req, item->key);
    if (!field)
        return API_OK;
    if (imports && field->flags & FIELD_IMPORTED && !req->caller->is_admin)
        return req->dialect->invalid(req, field);
    if (field->flags & FIELD_MULTIPLE && !value_is_empty(item->value) &&
        !value_is_array(item->value))
        return api_fail(req, API_ERR_PARAMETER,
                        "Expected iterable value for multiple field, but got %s instead",
                        kind_of(item->value));
    put(req, fields, field->name, item->value);
    return API_OK;
}

static enum api_rc translate(struct request *req, const struct value *given, bool imports,
                             const struct value **fields)
{
    enum api_rc rc = API_OK;
    struct value *own = value_array(req->arena);
    for (size_t i = 0; value_is_array(given) && i < given->array.count && rc == API_OK; i++)
        rc = field_one(req, &given->array.items[i], imports, own);
    for (size_t i = 0; value_is_array(given) && i < given->array.count && rc == API_OK; i++) {
        if (!field_of(req, given->array.items[i].key)) /* they may join others: `fm` is there */
            rc = field_unknown(req, &given->array.items[i], imports, own);
    }
    *fields = own;
    return rc;
}

enum api_rc translate_fields(struct request *req, const struct value *given,
                             const struct value **fields)
{
    return translate(req, given, false, fields);
}

enum api_rc translate_import(struct request *req, const struct value *given,
                             const struct value **fields)
{
    return translate(req, given, true, fields);
}
