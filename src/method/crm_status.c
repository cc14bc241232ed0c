/* crm.status.* - the directories of stages, sources and types.
 *
 * What:    whoever may read leads, deals, contacts or companies may read them, an administrator may
 *          write. Unlike other methods these refuse a
 *          stranger with an error of the method, as documented.
 * Used by: the registry.
 * Pages:   api-reference/crm/status/.
 */
#include <string.h>

#include "crm/directory.h"
#include "crm/status.h"
#include "model/method.h"
#include "model/shape.h"
#include "people/access.h"

static enum api_rc check_admin(struct request *req)
{
    return req->caller->is_admin ? API_OK : api_fail_text(req, "Access denied.");
}

static enum api_rc check_read(struct request *req)
{
    return access_some(req->caller, ACCESS_READ) ? API_OK : api_fail_text(req, "Access denied.");
}

static enum api_rc check_write(struct request *req, int64_t *id, const char *invalid)
{
    enum api_rc rc = check_admin(req);
    if (rc == API_OK && (!param_int(req, "id", id) || *id <= 0))
        rc = api_fail(req, API_ERR_INVALID_IDENTIFIER, "%s", invalid);
    return rc;
}

static enum api_rc add(struct request *req)
{
    enum api_rc rc = check_admin(req);
    return rc == API_OK ? entity_add(req, &status_entity) : rc;
}

static enum api_rc update(struct request *req)
{
    int64_t id;
    enum api_rc rc = check_write(req, &id, "An incorrect identifier was passed.");
    return rc == API_OK ? entity_update(req, &status_entity) : rc;
}

static enum api_rc get(struct request *req)
{
    int64_t id;
    bool exists = false;
    enum api_rc rc = check_read(req);
    if (rc == API_OK && param_int(req, "id", &id) && id > 0)
        rc = entity_exists(req, &status_entity, id, &exists);
    if (rc == API_OK && !exists)
        rc = api_fail(req, API_ERR_STATUS_NOT_FOUND, NULL);
    return rc == API_OK ? entity_get(req, &status_entity) : rc;
}

static enum api_rc remove_entry(struct request *req)
{
    int64_t id;
    bool forced = false;
    enum api_rc rc = check_write(req, &id, "An invalid identifier was passed.");
    value_to_flag(value_get_nocase(param_get(req, "params"), "FORCED"), &forced);
    return rc == API_OK ? status_delete(req, id, forced) : rc;
}

static bool array_or_nothing(const struct value *value)
{
    return value_is_empty(value) || value_is_array(value);
}

/* One directory or all: a list of them is refused, whatever the operator before the name. */
static bool several_directories(const struct value *filter)
{
    for (size_t i = 0; value_is_array(filter) && i < filter->array.count; i++) {
        const struct value_item *item = &filter->array.items[i];
        const char *name = item->key + strspn(item->key, "!=<>%@");
        if (!strcmp(name, "ENTITY_ID") && value_is_array(item->value))
            return true;
    }
    return false;
}

static enum api_rc list(struct request *req)
{
    const struct value *filter = param_get(req, "filter");
    enum api_rc rc = check_read(req);
    if (rc != API_OK)
        return rc;
    if (!array_or_nothing(filter) || !array_or_nothing(param_get(req, "order")))
        return api_fail(req, API_ERR_INVALID_PARAMETERS, NULL);
    if (several_directories(filter))
        return api_fail_text(req, "Filter by ENTITY_ID must be a string");
    return status_list(req);
}

static enum api_rc fields(struct request *req)
{
    return entity_fields(req, &status_entity);
}

static void write_semantics(struct writer *out, const struct directory *directory)
{
    writer_keyz(out, "SEMANTIC_INFO");
    if (!directory->start) {
        writer_begin_list(out);
        writer_end_list(out);
        return;
    }
    writer_begin_object(out);
    writer_keyz(out, "START_FIELD");
    writer_stringz(out, directory->start);
    writer_keyz(out, "FINAL_SUCCESS_FIELD");
    writer_stringz(out, directory->success);
    writer_keyz(out, "FINAL_UNSUCCESS_FIELD");
    writer_stringz(out, directory->failure);
    writer_keyz(out, "FINAL_SORT");
    writer_int(out, 0);
    writer_end_object(out);
}

/* The funnel's part. Types whose stages are not known by name tell more of it. */
static void write_funnel(struct request *req, const struct directory *directory)
{
    struct writer *out = req->out;
    const struct category *funnel = &directory->funnel;
    bool numbered = *directory->prefix;
    writer_keyz(out, "FIELD_ATTRIBUTE_SCOPE");
    writer_stringz(out, numbered ? arena_printf(req->arena, "category_%lld", (long long)funnel->id)
                                 : "");
    if (!directory->start) {
        writer_keyz(out, "IS_ENABLED");
        writer_bool(out, true);
    }
    writer_keyz(out, "CATEGORY_ID");
    if (numbered && directory->start)
        writer_stringz(out, arena_printf(req->arena, "%lld", (long long)funnel->id));
    else
        writer_int(out, funnel->id);
    if (directory->start)
        return;
    writer_keyz(out, "CATEGORY_NAME");
    writer_stringz(out, funnel->name);
    writer_keyz(out, "CATEGORY_SORT");
    writer_int(out, funnel->sort);
    writer_keyz(out, "IS_DEFAULT_CATEGORY");
    writer_bool(out, funnel->is_default);
}

static void write_directory(struct request *req, const struct directory *directory)
{
    struct writer *out = req->out;
    writer_begin_object(out);
    writer_keyz(out, "ID");
    writer_stringz(out, directory->id);
    writer_keyz(out, "NAME");
    writer_stringz(out, directory->name);
    if (*directory->prefix && directory->entity->stages->directory) {
        writer_keyz(out, "PARENT_ID");
        writer_stringz(out, directory->entity->stages->directory);
    }
    if (directory->entity)
        write_semantics(out, directory);
    if (*directory->prefix) {
        writer_keyz(out, "PREFIX");
        writer_stringz(out, directory->prefix);
    }
    if (directory->entity) {
        writer_keyz(out, "ENTITY_TYPE_ID");
        writer_int(out, directory->entity->type_id);
    }
    if (directory->has_funnel)
        write_funnel(req, directory);
    writer_end_object(out);
}

static enum api_rc entity_types(struct request *req)
{
    struct directory *list;
    size_t count;
    enum api_rc rc = directory_list(req, &list, &count);
    if (rc != API_OK)
        return rc;
    writer_begin_list(req->out);
    for (size_t i = 0; i < count; i++)
        write_directory(req, &list[i]);
    writer_end_list(req->out);
    return API_OK;
}

static enum api_rc entity_items(struct request *req)
{
    size_t len;
    struct directory directory;
    bool found = false;
    if (check_read(req) != API_OK)
        return API_FAIL;
    const char *id = value_to_text(req->arena, param_get(req, "entityId"), &len);
    enum api_rc rc = id ? directory_find(req, id, &directory, &found) : API_OK;
    if (rc != API_OK)
        return rc;
    return found ? status_items(req, id) : api_fail(req, API_ERR_INVALID_DIRECTORY, NULL);
}

static const struct param added_keys[] = {
    {"ENTITY_ID", PARAM_STRING, true, "The directory: crm.status.entity.types"},
    {"STATUS_ID", PARAM_STRING, true},
    {"NAME", PARAM_STRING, true},
    {"SORT", PARAM_INT},
    {"COLOR", PARAM_STRING},
    {"SEMANTICS", PARAM_STRING, .summary = "Of a stage: S, F, or nothing"},
    {"*", PARAM_ANY, .summary = "Left alone"},
    {0}};
static const struct param changed_keys[] = {{"NAME", PARAM_STRING},
                                            {"SORT", PARAM_INT},
                                            {"COLOR", PARAM_STRING},
                                            {"*", PARAM_ANY, .summary = "Left alone"},
                                            {0}};
static const struct param add_params[] = {
    {"fields", PARAM_ARRAY, true, "The entry.", .keys = added_keys},
    {0},
};
static const struct param update_params[] = {
    {"id", PARAM_INT, true, "Identifier of the entry."},
    {"fields", PARAM_ARRAY, true, "The values to change.", .keys = changed_keys},
    {0},
};
static const struct param id_params[] = {
    {"id", PARAM_INT, true, "Identifier of the entry."},
    {0},
};
static const struct param delete_options[] = {
    {"FORCED", PARAM_FLAG, false, "Y deletes a system entry too."},
    {0},
};
static const struct param delete_params[] = {
    {"id", PARAM_INT, true, "Identifier of the entry."},
    {"params", PARAM_ARRAY, false, "Options.", .keys = delete_options},
    {0},
};
static const struct param list_params[] = {
    {"filter", PARAM_ANY, false, "Conditions: operator and field name."},
    {"order", PARAM_ANY, false, "ASC or DESC by field name."},
    {0},
};
static const struct param items_params[] = {
    {"entityId", PARAM_STRING, true, "The directory, as crm.status.entity.types names it."},
    {0},
};

#define PAGE(name) "api-reference/crm/status/crm-status-" name

static const struct param row[] = {{"", PARAM_ROW, .entity = &status_entity}, {0}};
static const struct param semantic_keys[] = {{"START_FIELD", PARAM_STRING},
                                             {"FINAL_SUCCESS_FIELD", PARAM_STRING},
                                             {"FINAL_UNSUCCESS_FIELD", PARAM_STRING},
                                             {"FINAL_SORT", PARAM_INT},
                                             {0}};
static const struct param directory_keys[] = {
    {"ID", PARAM_STRING, true},
    {"NAME", PARAM_STRING, true},
    {"PARENT_ID", PARAM_STRING},
    {"SEMANTIC_INFO", PARAM_ARRAY, .keys = semantic_keys},
    {"PREFIX", PARAM_STRING},
    {"FIELD_ATTRIBUTE_SCOPE", PARAM_STRING},
    {"ENTITY_TYPE_ID", PARAM_INT},
    {"IS_ENABLED", PARAM_BOOL},
    {"CATEGORY_ID", PARAM_ANY, .summary = "A number; of funnels beside the first one as a text"},
    {"CATEGORY_NAME", PARAM_STRING},
    {"CATEGORY_SORT", PARAM_INT},
    {"IS_DEFAULT_CATEGORY", PARAM_BOOL},
    {0}};
static const struct param item_keys[] = {{"NAME", PARAM_STRING, true},
                                         {"SORT", PARAM_INT, true},
                                         {"STATUS_ID", PARAM_STRING, true},
                                         {0}};

static const struct method methods[] = {
    {.name = "crm.status.add",
     .summary = "Add an entry to a directory.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = add},
    {.name = "crm.status.update",
     .summary = "Change the name, order or color of an entry.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = update},
    {.name = "crm.status.get",
     .summary = "Return one entry of a directory by its id.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = id_params,
     .result = SHAPE_OBJECT,
     .gives = row,
     .page = PAGE("get"),
     .handle = get},
    {.name = "crm.status.list",
     .summary = "Return entries of directories by filter, all at once.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = list_params,
     .result = SHAPE_LIST,
     .gives = row,
     .page = PAGE("list"),
     .handle = list},
    {.name = "crm.status.delete",
     .summary = "Delete an entry that nothing stands in.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .params = delete_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = remove_entry},
    {.name = "crm.status.fields",
     .summary = "Describe the fields of a directory's entry.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_fields,
     .page = PAGE("fields"),
     .handle = fields},
    {.name = "crm.status.entity.types",
     .summary = "List the directories there are.",
     .scope = "crm",
     .lane = LANE_READ,
     .result = SHAPE_LIST,
     .gives = directory_keys,
     .page = PAGE("entity-types"),
     .handle = entity_types},
    {.name = "crm.status.entity.items",
     .summary = "Return the entries of one directory in their order.",
     .scope = "crm",
     .lane = LANE_READ,
     .params = items_params,
     .result = SHAPE_LIST,
     .gives = item_keys,
     .page = PAGE("entity-items"),
     .handle = entity_items},
};

MODULE(crm_status, METHODS(methods));
