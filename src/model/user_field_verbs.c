#include "model/user_field_verbs.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/check.h"
#include "model/permit.h"
#include "model/shape.h"
#include "model/user_field_show.h"
#include "portal/known.h"

/* ---- what all of them look at ---- */

static const char *owner_id(const struct request *req)
{
    return req->method->crud->entity->user_fields;
}

static enum api_rc administrator(struct request *req)
{
    return req->caller->is_admin ? API_OK : permit_denied(req);
}

/* Absent counts as empty; a scalar is the caller's mistake. */
static enum api_rc array_param(struct request *req, const char *name, const struct value **array)
{
    *array = param_get(req, name);
    if (value_is_empty(*array))
        *array = value_array(req->arena);
    if (value_is_array(*array))
        return API_OK;
    return api_fail_text(req, arena_printf(req->arena, "Parameter '%s' must be array.", name));
}

enum api_rc user_field_named(struct request *req, const char *entity_id,
                             const struct user_field **field)
{
    int64_t id;
    if (!param_int(req, "id", &id) || id <= 0)
        return api_fail_text(req, "ID is not defined or invalid.");
    *field = user_field_find(req, id);
    if (!*field)
        return api_fail(req, API_ERR_FIELD_NOT_FOUND, "The entity with ID '%lld' is not found.",
                        (long long)id);
    if (strcmp((*field)->entity_id, entity_id) != 0)
        return permit_denied(req);
    return API_OK;
}

/* ---- the five ---- */

static enum api_rc add(struct request *req)
{
    const struct value *fields;
    struct user_field_owner owner = user_field_owner(req->arena, owner_id(req));
    int64_t id;
    enum api_rc rc = administrator(req);
    if (rc == API_OK)
        rc = array_param(req, "fields", &fields);
    if (rc == API_OK)
        rc = user_field_add(req, &owner, fields, &id);
    if (rc == API_OK)
        writer_int(req->out, id);
    return rc;
}

static enum api_rc update(struct request *req)
{
    const struct value *fields;
    const struct user_field *field;
    struct user_field_owner owner = user_field_owner(req->arena, owner_id(req));
    enum api_rc rc = administrator(req);
    if (rc == API_OK)
        rc = array_param(req, "fields", &fields);
    if (rc == API_OK)
        rc = user_field_named(req, owner.entity_id, &field);
    if (rc == API_OK)
        rc = user_field_update(req, &owner, field, fields);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc get(struct request *req)
{
    const struct user_field *field;
    enum api_rc rc = permit_any(req, req->method->crud->entity, ACCESS_READ);
    if (rc == API_OK)
        rc = user_field_named(req, owner_id(req), &field);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    user_field_write_members(req->out, field);
    user_field_write_labels(req, field, NULL);
    user_field_write_list(req->out, field);
    writer_end_object(req->out);
    return API_OK;
}

/* The filter without LANG, which is no condition. */
static const char *take_language(struct request *req, const struct value *filter,
                                 struct value **conditions)
{
    const char *language = NULL;
    size_t len;
    *conditions = value_array(req->arena);
    for (size_t i = 0; i < filter->array.count; i++) {
        const struct value_item *item = &filter->array.items[i];
        if (strcmp(item->key, "LANG") != 0)
            value_set(req->arena, *conditions, item->key, item->key_len, item->value);
        else
            language = value_to_text(req->arena, item->value, &len);
    }
    return language && *language ? language : NULL;
}

enum api_rc user_field_answer_list(struct request *req, const char *entity_id)
{
    const struct value *filter, *order;
    struct value *conditions;
    enum api_rc rc = array_param(req, "order", &order);
    if (rc == API_OK)
        rc = array_param(req, "filter", &filter);
    if (rc != API_OK)
        return rc;
    const char *language = take_language(req, filter, &conditions);
    struct user_field_page page = {.entity_id = entity_id, .filter = conditions, .order = order};
    rc = user_field_search(req, &page);
    if (rc != API_OK)
        return rc;
    writer_begin_list(req->out);
    for (size_t i = 0; i < page.count; i++) {
        const struct user_field *field = user_field_find(req, page.ids[i]);
        if (!field) /* of a type that this program does not know */
            continue;
        writer_begin_object(req->out);
        user_field_write_members(req->out, field);
        if (language)
            user_field_write_labels(req, field, language);
        user_field_write_list(req->out, field);
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
    req->total = page.total;
    return API_OK;
}

static enum api_rc list(struct request *req)
{
    enum api_rc rc = permit_any(req, req->method->crud->entity, ACCESS_READ);
    return rc == API_OK ? user_field_answer_list(req, owner_id(req)) : rc;
}

static enum api_rc remove_field(struct request *req)
{
    const struct user_field *field;
    struct user_field_owner owner = user_field_owner(req->arena, owner_id(req));
    enum api_rc rc = administrator(req);
    if (rc == API_OK)
        rc = user_field_named(req, owner.entity_id, &field);
    if (rc == API_OK)
        rc = user_field_remove(req, &owner, field);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

/* ---- specs ---- */

#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier of the custom field.", .asked = true                    \
    }

static const struct param add_params[] = {
    {"fields", PARAM_ARRAY, true,
     "FIELD_NAME, USER_TYPE_ID, SETTINGS and others: see crm.userfield.fields.", .asked = true},
    {0}};
static const struct param update_params[] = {
    ID,
    {"fields", PARAM_ARRAY, false, "What changes: labels, SETTINGS, LIST, MANDATORY and others."},
    {0}};
static const struct param id_params[] = {ID, {0}};
static const struct param list_params[] = {
    {"filter", PARAM_FILTER, false, "Conditions; LANG adds the labels in that language."},
    {"order", PARAM_ORDER, false, "ASC or DESC by ID, FIELD_NAME, USER_TYPE_ID, XML_ID, SORT."},
    {0}};

/* %s: "a deal". */
static const struct verb {
    const char *name, *summary;
    enum lane lane;
    const struct param *params;
    enum shape result;
    const struct param *gives;
    enum api_rc (*handle)(struct request *req);
} verbs[] = {
    {"add", "Add a custom field of %s.", LANE_WRITE, add_params, SHAPE_INT, NULL, add},
    {"update", "Change a custom field of %s.", LANE_WRITE, update_params, SHAPE_BOOL, NULL, update},
    {"get", "Return a custom field of %s.", LANE_READ, id_params, SHAPE_OBJECT, shape_user_field,
     get},
    {"list", "Return custom fields of %s.", LANE_READ, list_params, SHAPE_LIST, shape_user_field,
     list},
    {"delete", "Remove a custom field of %s.", LANE_WRITE, id_params, SHAPE_BOOL, NULL,
     remove_field},
};
#define VERBS (sizeof verbs / sizeof verbs[0])

size_t user_field_verb_count(const struct crud *crud)
{
    return crud->verbs & CRUD_USER_FIELDS ? VERBS : 0;
}

static char *heap_text(const char *format, const char *text)
{
    struct buf out = {0};
    const char *at = strstr(format, "%s");
    buf_add(&out, format, (size_t)(at - format));
    buf_adds(&out, text);
    buf_adds(&out, at + 2);
    return buf_take(&out, NULL);
}

void user_field_verbs(const struct crud *crud, struct method *methods)
{
    CHECK(!user_field_verb_count(crud) ||
          (crud->entity->user_fields && "CRUD_USER_FIELDS: the entity has no .user_fields"));
    for (size_t i = 0; i < user_field_verb_count(crud); i++) {
        const struct verb *verb = &verbs[i];
        struct buf name = {0};
        char *one = crud_called(crud, false);
        buf_printf(&name, "%s.userfield.%s", crud->name, verb->name);
        const struct known_method *known = known_find(buf_text(&name), name.len);
        methods[i] = (struct method){.summary = heap_text(verb->summary, one),
                                     .scope = known ? known->scope : "crm",
                                     .lane = verb->lane,
                                     .schema = verb->lane == LANE_WRITE,
                                     .params = verb->params,
                                     .result = verb->result,
                                     .gives = verb->gives,
                                     .page = known ? known->page : NULL,
                                     .handle = verb->handle,
                                     .crud = crud};
        methods[i].name = buf_take(&name, NULL);
        free(one);
    }
}
