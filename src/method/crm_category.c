/* crm.category.* - the funnels of deals and of whatever else has some.
 *
 * What:    whoever may read a type's rows may read its funnels, an administrator may change them.
 * Used by: the registry.
 * Pages:   api-reference/crm/universal/category/.
 */
#include <string.h>

#include "base/utf8.h"
#include "crm/category.h"
#include "crm/stage.h"
#include "model/arg.h"
#include "model/method.h"
#include "model/registry.h"
#include "model/shape.h"
#include "model/unknown.h"
#include "people/access.h"

#define NAME_CHARS 255
#define SORT_FIRST 500

static enum api_rc denied(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_DENIED, "Access denied");
}

/* ---- what a call names ---- */

/* The pages call a smart process in two ways: `absent` is the text for one that is not there. */
static enum api_rc entity_param(struct request *req, const char *absent,
                                const struct entity **entity)
{
    int64_t type_id;
    enum api_rc rc = arg_int(req, "entityTypeId", &type_id);
    if (rc != API_OK)
        return rc;
    *entity = entity_of_type(req, type_id);
    if (!*entity)
        return api_fail(req, API_ERR_ITEM_NOT_FOUND, "%s", absent);
    if (!(*entity)->stages || !(*entity)->category)
        return api_fail(req, API_ERR_TYPE_NOT_SUPPORTED, "Entity type %s is not supported",
                        (*entity)->code);
    return API_OK;
}

/* Deals have a default funnel that never changes its place, and say where a funnel came from. */
static bool is_deal(const struct entity *entity)
{
    return entity->stages->directory != NULL;
}

static enum api_rc find_param(struct request *req, const struct entity *entity, bool hold,
                              struct category *category)
{
    int64_t id;
    bool found;
    enum api_rc rc = arg_int(req, "id", &id);
    if (rc == API_OK)
        rc = hold ? category_hold(req, entity->type_id, id, category, &found)
                  : category_find(req, entity->type_id, id, category, &found);
    if (rc == API_OK && !found)
        rc = api_fail(req, API_ERR_ITEM_NOT_FOUND, "Element not found");
    return rc;
}

static bool may_read(const struct request *req, const struct category *category)
{
    return access_level_in(req->caller, (int)category->type_id, category->id, ACCESS_READ) !=
           ACCESS_NONE;
}

/* ---- answers ---- */

static void write_text(struct writer *out, const char *key, const char *text)
{
    writer_keyz(out, key);
    writer_stringz(out, text);
}

static void write_category(struct request *req, const struct entity *entity,
                           const struct category *category)
{
    struct writer *out = req->out;
    writer_begin_object(out);
    writer_keyz(out, "id");
    writer_int(out, category->id);
    write_text(out, "name", category->name);
    writer_keyz(out, "sort");
    writer_int(out, category->sort);
    writer_keyz(out, "entityTypeId");
    writer_int(out, entity->type_id);
    write_text(out, "isDefault", category->is_default ? "Y" : "N");
    if (!is_deal(entity)) {
        write_text(out, "isSystem", category->is_system ? "Y" : "N");
        write_text(out, "code", category->code);
    } else if (category->id) {
        write_text(out, "originId", category->origin_id);
        write_text(out, "originatorId", category->originator_id);
    }
    writer_end_object(out);
}

static enum api_rc answer_one(struct request *req, const struct entity *entity,
                              const struct category *category)
{
    writer_begin_object(req->out);
    writer_keyz(req->out, "category");
    write_category(req, entity, category);
    writer_end_object(req->out);
    return API_OK;
}

/* ---- reading ---- */

static enum api_rc get(struct request *req)
{
    const struct entity *entity;
    struct category category;
    enum api_rc rc = entity_param(req, "SPA not found", &entity);
    if (rc == API_OK && !access_any(req->caller, entity->type_id, ACCESS_READ))
        rc = denied(req);
    if (rc == API_OK)
        rc = find_param(req, entity, false, &category);
    if (rc == API_OK && !may_read(req, &category))
        rc = denied(req);
    return rc == API_OK ? answer_one(req, entity, &category) : rc;
}

static enum api_rc list(struct request *req)
{
    const struct entity *entity;
    struct category *categories;
    size_t count;
    enum api_rc rc = entity_param(req, "Smart process not found", &entity);
    if (rc == API_OK)
        rc = category_list(req, entity->type_id, &categories, &count);
    if (rc != API_OK)
        return rc;
    req->total = 0;
    writer_begin_object(req->out);
    writer_keyz(req->out, "categories");
    writer_begin_list(req->out);
    for (size_t i = 0; i < count; i++) {
        if (!may_read(req, &categories[i]))
            continue;
        write_category(req, entity, &categories[i]);
        req->total++;
    }
    writer_end_list(req->out);
    writer_end_object(req->out);
    return API_OK;
}

/* ---- changing ---- */

static enum api_rc take_name(struct request *req, const struct value *value,
                             struct category *category)
{
    size_t len = 0;
    const char *text = value ? value_to_text(req->arena, value, &len) : NULL;
    if (!text || strspn(text, " \t\r\n") == len)
        return api_fail(req, API_ERR_ZERO, "Field 'NAME' is required");
    if (utf8_length(text, len) > NAME_CHARS)
        return api_fail(req, API_ERR_ZERO, "Field 'NAME' is longer than %d characters", NAME_CHARS);
    category->name = text;
    return API_OK;
}

static enum api_rc take_sort(struct request *req, const struct value *value,
                             struct category *category)
{
    int64_t sort;
    if (!value)
        return API_OK;
    if (!value_to_int(value, &sort))
        return api_fail(req, API_ERR_FIELD_NOT_VALID, "Invalid value for field \"sort\"");
    category->sort = sort < 0 ? 0 : sort;
    return API_OK;
}

/* A deal's funnel neither becomes the default one nor stops being it: what is said of that is left alone. The
 * default of another type is one at a time. */
static enum api_rc take_default(struct request *req, const struct entity *entity,
                                const struct value *value, struct category *category)
{
    bool is_default;
    if (!value)
        return API_OK;
    if (!value_to_flag(value, &is_default))
        return api_fail(req, API_ERR_FIELD_NOT_VALID, "Invalid value for field \"isDefault\"");
    if (is_default == category->is_default)
        return API_OK;
    if (is_deal(entity)) {
        unknown_note(req, IN_FIELDS, "isDefault");
        return API_OK;
    }
    if (!is_default)
        return api_fail(req, API_ERR_ZERO,
                        "The default funnel changes when another one becomes it");
    category->is_default = true;
    return API_OK;
}

static void take_origin(struct request *req, const struct entity *entity,
                        const struct value *fields, const char *name, const char **origin)
{
    size_t len;
    const struct value *value = value_get_nocase(fields, name);
    const char *text = value ? value_to_text(req->arena, value, &len) : NULL;
    if (text && is_deal(entity))
        *origin = text;
    else if (value)
        unknown_note(req, IN_FIELDS, name);
}

static enum api_rc take_fields(struct request *req, const struct entity *entity, bool is_add,
                               struct category *category)
{
    static const char *const known[] = {"name",         "sort", "isDefault",    "originId",
                                        "originatorId", "id",   "entityTypeId", NULL};
    const struct value *fields;
    enum api_rc rc = arg_array(req, "fields", &fields);
    if (rc == API_OK)
        rc = unknown_keys(req, IN_FIELDS, fields, known);
    const struct value *name = rc == API_OK ? value_get_nocase(fields, "name") : NULL;
    if (rc == API_OK && (name || is_add))
        rc = take_name(req, name, category);
    if (rc == API_OK)
        rc = take_sort(req, value_get_nocase(fields, "sort"), category);
    if (rc == API_OK)
        rc = take_default(req, entity, value_get_nocase(fields, "isDefault"), category);
    if (rc != API_OK)
        return rc;
    take_origin(req, entity, fields, "originId", &category->origin_id);
    take_origin(req, entity, fields, "originatorId", &category->originator_id);
    return API_OK;
}

static enum api_rc add(struct request *req)
{
    const struct entity *entity;
    struct category category = {
        .sort = SORT_FIRST, .code = "", .origin_id = "", .originator_id = ""};
    enum api_rc rc = entity_param(req, "SPA not found", &entity);
    if (rc == API_OK && !req->caller->is_admin)
        rc = denied(req);
    if (rc == API_OK)
        rc = take_fields(req, entity, true, &category);
    if (rc == API_OK)
        rc = category_add(req, entity, &category);
    return rc == API_OK ? answer_one(req, entity, &category) : rc;
}

static enum api_rc update(struct request *req)
{
    const struct entity *entity;
    struct category category;
    enum api_rc rc = entity_param(req, "Smart process not found", &entity);
    if (rc == API_OK && !req->caller->is_admin)
        rc = denied(req);
    if (rc == API_OK)
        rc = find_param(req, entity, true, &category);
    if (rc == API_OK)
        rc = take_fields(req, entity, false, &category);
    if (rc == API_OK)
        rc = category_update(req, &category);
    return rc == API_OK ? answer_one(req, entity, &category) : rc;
}

static enum api_rc check_remove(struct request *req, const struct entity *entity,
                                const struct category *category)
{
    bool used;
    enum api_code code = is_deal(entity) ? API_ERR_ZERO : API_ERR_BX_ERROR;
    if (category->is_default)
        return api_fail(req, code, "%s",
                        is_deal(entity) ? "Default deal category cannot be deleted"
                                        : "This funnel is the default funnel");
    if (category->is_system)
        return api_fail(req, API_ERR_REMOVING_DISABLED, NULL);
    enum api_rc rc = category_in_use(req, entity, category->id, &used);
    if (rc != API_OK || !used)
        return rc;
    if (is_deal(entity))
        return api_fail(req, code, "Deals related to the funnel %s found", category->name);
    return api_fail(req, code, "Elements related to the funnel found");
}

static enum api_rc remove_one(struct request *req)
{
    const struct entity *entity;
    struct category category;
    enum api_rc rc = entity_param(req, "SPA not found", &entity);
    if (rc == API_OK && !req->caller->is_admin)
        rc = denied(req);
    if (rc == API_OK)
        rc = find_param(req, entity, true, &category);
    if (rc == API_OK)
        rc = check_remove(req, entity, &category);
    if (rc == API_OK)
        rc = category_remove(req, entity, category.id);
    if (rc == API_OK)
        writer_null(req->out);
    return rc;
}

/* ---- fields ---- */

static void write_field(struct writer *out, const struct field *field)
{
    static const struct {
        const char *name;
        unsigned flag;
    } flags[] = {{"isRequired", FIELD_REQUIRED},
                 {"isReadOnly", FIELD_READ_ONLY},
                 {"isImmutable", FIELD_IMMUTABLE},
                 {"isMultiple", FIELD_MULTIPLE},
                 {"isDynamic", 0}};
    writer_keyz(out, field->name);
    writer_begin_object(out);
    write_text(out, "type", field->type);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        writer_keyz(out, flags[i].name);
        writer_bool(out, field->flags & flags[i].flag);
    }
    write_text(out, "title", field->title);
    write_text(out, "upperName", field->title);
    writer_end_object(out);
}

static enum api_rc fields(struct request *req)
{
    static const struct field both[] = {
        {.name = "id", .type = "integer", .title = "ID", .flags = FIELD_READ_ONLY},
        {.name = "name", .type = "string", .title = "NAME"},
        {.name = "sort", .type = "integer", .title = "SORT"},
        {.name = "entityTypeId",
         .type = "integer",
         .title = "ENTITY_TYPE_ID",
         .flags = FIELD_REQUIRED | FIELD_READ_ONLY},
    };
    static const struct field deal[] = {
        {.name = "isDefault", .type = "boolean", .title = "IS_DEFAULT", .flags = FIELD_READ_ONLY},
        {.name = "originId", .type = "string", .title = "ORIGIN_ID"},
        {.name = "originatorId", .type = "string", .title = "ORIGINATOR_ID"},
    };
    static const struct field other[] = {
        {.name = "isDefault", .type = "boolean", .title = "IS_DEFAULT"},
        {.name = "isSystem", .type = "boolean", .title = "IS_SYSTEM", .flags = FIELD_READ_ONLY},
        {.name = "code", .type = "string", .title = "CODE", .flags = FIELD_READ_ONLY},
    };
    const struct entity *entity;
    enum api_rc rc = entity_param(req, "SPA not found", &entity);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "fields");
    writer_begin_object(req->out);
    for (size_t i = 0; i < sizeof both / sizeof both[0]; i++)
        write_field(req->out, &both[i]);
    for (size_t i = 0; i < sizeof deal / sizeof deal[0]; i++)
        write_field(req->out, is_deal(entity) ? &deal[i] : &other[i]);
    writer_end_object(req->out);
    writer_end_object(req->out);
    return API_OK;
}

#define TYPE                                                                                       \
    {                                                                                              \
        "entityTypeId", PARAM_INT, true, "Whose funnels: 2 are deals."                             \
    }
#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier of the funnel."                                         \
    }
static const struct param type_params[] = {TYPE, {0}};
static const struct param id_params[] = {TYPE, ID, {0}};
static const struct param category_keys[] = {
    {"name", PARAM_STRING},         {"sort", PARAM_INT},
    {"isDefault", PARAM_FLAG},      {"originId", PARAM_STRING},
    {"originatorId", PARAM_STRING}, {0}};
static const struct param add_params[] = {
    TYPE,
    {"fields", PARAM_ARRAY, true, "The funnel; its name is needed.", .keys = category_keys},
    {0}};
static const struct param update_params[] = {
    TYPE, ID, {"fields", PARAM_ARRAY, true, "The values to change.", .keys = category_keys}, {0}};

#define PAGE(name) "api-reference/crm/universal/category/crm-category-" name

static const struct param funnel_keys[] = {
    {"id", PARAM_INT, true},         {"name", PARAM_STRING, true},
    {"sort", PARAM_INT, true},       {"entityTypeId", PARAM_INT, true},
    {"isDefault", PARAM_FLAG, true}, {"isSystem", PARAM_FLAG},
    {"code", PARAM_STRING},          {"originId", PARAM_STRING},
    {"originatorId", PARAM_STRING},  {0}};
static const struct param one[] = {{"category", PARAM_ARRAY, true, .keys = funnel_keys}, {0}};
static const struct param many[] = {{"categories", PARAM_LIST, true, .keys = funnel_keys}, {0}};

static const struct method methods[] = {
    {.name = "crm.category.add",
     .summary = "Add a funnel with its stages.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .binds = true,
     .params = add_params,
     .result = SHAPE_OBJECT,
     .gives = one,
     .page = PAGE("add"),
     .handle = add},
    {.name = "crm.category.update",
     .summary = "Change a funnel.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .binds = true,
     .params = update_params,
     .result = SHAPE_OBJECT,
     .gives = one,
     .page = PAGE("update"),
     .handle = update},
    {.name = "crm.category.get",
     .summary = "Return one funnel by its id.",
     .scope = "crm",
     .lane = LANE_READ,
     .binds = true,
     .params = id_params,
     .result = SHAPE_OBJECT,
     .gives = one,
     .page = PAGE("get"),
     .handle = get},
    {.name = "crm.category.list",
     .summary = "Return the funnels of a type, all at once.",
     .scope = "crm",
     .lane = LANE_READ,
     .binds = true,
     .params = type_params,
     .result = SHAPE_OBJECT,
     .gives = many,
     .page = PAGE("list"),
     .handle = list},
    {.name = "crm.category.delete",
     .summary = "Delete a funnel that nothing is in, with its stages.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .binds = true,
     .params = id_params,
     .result = SHAPE_NULL,
     .page = PAGE("delete"),
     .handle = remove_one},
    {.name = "crm.category.fields",
     .summary = "Describe the fields of a funnel.",
     .scope = "crm",
     .lane = LANE_READ,
     .binds = true,
     .params = type_params,
     .result = SHAPE_OBJECT,
     .gives = shape_fields_key,
     .page = PAGE("fields"),
     .handle = fields},
};

MODULE(crm_category, METHODS(methods));
