/* crm.item.* - leads, deals, contacts, companies, and whatever else has names in this dialect, by one set of
 * methods. The engine is the one of crm.lead.* and its siblings; names, values and errors are those of
 * model/dialect.
 * Pages: api-reference/crm/universal/. */
#include "model/arg.h"
#include "model/catalog.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/relation.h"
#include "model/shape.h"
#include "model/translate.h"
#include "portal/feed.h"
#include "portal/portal.h"

#define PAGE(name) "api-reference/crm/universal/" name
#define OLD_INVOICE 5
#define IMPORT_MOST 20 /* rows of one crm.item.batchImport */

/* ---- what all of them begin with ---- */

/* From here on the call is about rows of entityTypeId, in the item dialect. */
static enum api_rc begin(struct request *req, const struct entity **entity)
{
    int64_t type_id;
    bool original = false;
    enum api_rc rc = arg_int(req, "entityTypeId", &type_id);
    if (rc != API_OK)
        return rc;
    if (type_id == OLD_INVOICE)
        return api_fail(req, API_ERR_TYPE_NOT_SUPPORTED, "Entity type INVOICE is not supported");
    *entity = entity_of_type(req, type_id);
    if (*entity)
        *entity = catalog_entity(req, *entity);
    if (!*entity || !(*entity)->names)
        return api_fail(req, API_ERR_ITEM_NOT_FOUND, "Smart process not found");
    value_to_flag(param_get(req, "useOriginalUfNames"), &original);
    dialect_speak_item(req, *entity, original);
    return API_OK;
}

/* The dialect is over with the call, and what a list put into the parameters too. */
static enum api_rc speak(struct request *req,
                         enum api_rc (*handle)(struct request *req, const struct entity *entity))
{
    const struct value *params = req->params;
    const struct entity *entity = NULL;
    enum api_rc rc = begin(req, &entity);
    if (rc == API_OK)
        rc = handle(req, entity);
    req->dialect = NULL;
    req->params = params;
    return rc;
}

/* The pages of what only reads say it in other words. */
static enum api_rc viewed(struct request *req, enum api_rc rc)
{
    if (rc == API_FAIL && req->error.code == API_ERR_ITEM_DENIED)
        req->error.text = "You do not have permission to view this item";
    return rc;
}

static void begin_part(struct request *req, const char *name)
{
    writer_begin_object(req->out);
    writer_keyz(req->out, name);
}

/* ---- the methods ---- */

static enum api_rc fields_of(struct request *req, const struct entity *entity)
{
    enum api_rc rc = permit_any(req, entity, ACCESS_READ);
    if (rc != API_OK)
        return viewed(req, rc);
    begin_part(req, "fields");
    rc = entity_fields(req, entity);
    writer_end_object(req->out);
    return rc;
}

static enum api_rc get_one(struct request *req, const struct entity *entity)
{
    int64_t id;
    enum api_rc rc = arg_int(req, "id", &id);
    if (rc == API_OK && id <= 0)
        rc = permit_absent(req, entity, ACCESS_READ);
    if (rc != API_OK)
        return rc;
    begin_part(req, "item");
    rc = viewed(req, entity_get(req, entity));
    writer_end_object(req->out);
    return rc;
}

static enum api_rc list_some(struct request *req, const struct entity *entity)
{
    enum api_rc rc = translate_list(req);
    if (rc != API_OK)
        return rc;
    begin_part(req, "items");
    rc = entity_list(req, entity);
    writer_end_object(req->out);
    return rc;
}

static enum api_rc show(struct request *req, const struct entity *entity, int64_t id)
{
    begin_part(req, "item");
    enum api_rc rc = entity_show(req, entity, id);
    writer_end_object(req->out);
    return rc;
}

/* {"item": {"id": 4}} */
static enum api_rc show_id(struct request *req, int64_t id)
{
    begin_part(req, "item");
    writer_begin_object(req->out);
    writer_number(req->out, "id", id);
    writer_end_object(req->out);
    writer_end_object(req->out);
    return API_OK;
}

/* What came of a write. Who may change a row and not read it is told which one it is. */
static enum api_rc show_written(struct request *req, const struct entity *entity, int64_t id)
{
    bool may = false;
    enum api_rc rc = permit_reads(req, entity, id, &may);
    if (rc != API_OK || may)
        return rc == API_OK ? show(req, entity, id) : rc;
    return show_id(req, id);
}

static enum api_rc given_fields(struct request *req, const struct value **fields)
{
    const struct value *given;
    enum api_rc rc = arg_array(req, "fields", &given);
    return rc == API_OK ? translate_fields(req, given, fields) : rc;
}

static enum api_rc add_one(struct request *req, const struct entity *entity)
{
    const struct value *fields;
    int64_t id;
    enum api_rc rc = permit_any(req, entity, ACCESS_ADD);
    if (rc == API_OK)
        rc = given_fields(req, &fields);
    if (rc == API_OK)
        rc = entity_insert(req, entity, fields, &id);
    return rc == API_OK ? show_written(req, entity, id) : rc;
}

static enum api_rc import_row(struct request *req, const struct entity *entity,
                              const struct value *given)
{
    const struct value *fields;
    int64_t id;
    enum api_rc rc = translate_import(req, given, &fields);
    if (rc == API_OK)
        rc = entity_import(req, entity, fields, &id);
    return rc == API_OK ? show_id(req, id) : rc;
}

static enum api_rc import_one(struct request *req, const struct entity *entity)
{
    const struct value *given;
    enum api_rc rc = permit_any(req, entity, ACCESS_ADD);
    if (rc == API_OK)
        rc = arg_array(req, "fields", &given);
    return rc == API_OK ? import_row(req, entity, given) : rc;
}

static void show_error(struct request *req)
{
    const struct api_error *error = &req->error;
    writer_begin_object(req->out);
    writer_text(req->out, "error", api_error_code(error));
    writer_text(req->out, "error_description",
                error->text ? error->text : api_errors[error->code].text);
    writer_end_object(req->out);
}

/* Each for itself: the savepoint that dispatch began ends with a row, and another begins. */
static enum api_rc import_next(struct request *req, const struct entity *entity,
                               const struct value *given)
{
    struct writer_mark mark = writer_mark(req->out);
    size_t noted = feed_mark(req->portal->feed);
    enum api_rc rc = import_row(req, entity, given);
    if (rc == API_STORE)
        return rc;
    if (!api_stays(rc)) {
        writer_rewind(req->out, mark);
        feed_rewind(req->portal->feed, noted);
        show_error(req);
    }
    enum api_rc ended = api_db(req, api_stays(rc) ? db_release(req->db) : db_rollback_to(req->db));
    return ended == API_OK ? api_db(req, db_savepoint(req->db)) : ended;
}

static enum api_rc import_some(struct request *req, const struct entity *entity)
{
    const struct value *data;
    enum api_rc rc = permit_any(req, entity, ACCESS_ADD);
    if (rc == API_OK)
        rc = arg_array(req, "data", &data);
    if (rc == API_OK && data->array.count > IMPORT_MOST)
        rc =
            api_fail(req, API_ERR_IMPORT_SIZE, "You cannot import more than %d items", IMPORT_MOST);
    if (rc != API_OK)
        return rc;
    begin_part(req, "items");
    writer_begin_list(req->out);
    for (size_t i = 0; i < data->array.count && rc == API_OK; i++)
        rc = import_next(req, entity, data->array.items[i].value);
    writer_end_list(req->out);
    writer_end_object(req->out);
    return rc;
}

static enum api_rc update_one(struct request *req, const struct entity *entity)
{
    const struct value *fields;
    int64_t id;
    enum api_rc rc = arg_int(req, "id", &id);
    if (rc == API_OK && id <= 0)
        rc = permit_absent(req, entity, ACCESS_UPDATE);
    if (rc == API_OK)
        rc = permit_any(req, entity, ACCESS_UPDATE);
    if (rc == API_OK)
        rc = given_fields(req, &fields);
    if (rc == API_OK)
        rc = entity_apply(req, entity, id, fields);
    return rc == API_OK ? show_written(req, entity, id) : rc;
}

static enum api_rc delete_one(struct request *req, const struct entity *entity)
{
    int64_t id;
    enum api_rc rc = arg_int(req, "id", &id);
    if (rc == API_OK && id <= 0)
        rc = permit_absent(req, entity, ACCESS_DELETE);
    if (rc == API_OK)
        rc = entity_remove(req, entity, id);
    if (rc == API_OK) {
        writer_begin_list(req->out);
        writer_end_list(req->out);
    }
    return rc;
}

/* ---- table ---- */

static enum api_rc item_fields(struct request *req)
{
    return speak(req, fields_of);
}

static enum api_rc item_get(struct request *req)
{
    return speak(req, get_one);
}

static enum api_rc item_list(struct request *req)
{
    return speak(req, list_some);
}

static enum api_rc item_add(struct request *req)
{
    return speak(req, add_one);
}

static enum api_rc item_update(struct request *req)
{
    return speak(req, update_one);
}

static enum api_rc item_delete(struct request *req)
{
    return speak(req, delete_one);
}

static enum api_rc item_import(struct request *req)
{
    return speak(req, import_one);
}

static enum api_rc item_batch_import(struct request *req)
{
    return speak(req, import_some);
}

/* ---- files, before the lane ---- */

static void prepare_fields(struct request *req, const struct entity *entity,
                           const struct value *given)
{
    const struct value *params = req->params, *fields;
    struct value *own = value_array(req->arena), *kept = NULL;
    if (!value_is_array(given) || translate_import(req, given, &fields) != API_OK)
        return; /* the handler says why */
    kept = arena_alloc(req->arena, sizeof *kept);
    *kept = *fields;
    value_set(req->arena, own, "fields", 6, kept);
    req->params = own;
    relation_prepare(req, entity);
    req->params = params;
}

static void prepare(struct request *req)
{
    const struct entity *entity = NULL;
    const struct value *data = param_get(req, "data");
    struct value *left_out = req->left_out;
    req->left_out = NULL; /* the handler notes it */
    if (begin(req, &entity) == API_OK) {
        prepare_fields(req, entity, param_get(req, "fields"));
        for (size_t i = 0; value_is_array(data) && i < data->array.count && i < IMPORT_MOST; i++)
            prepare_fields(req, entity, data->array.items[i].value);
    }
    req->dialect = NULL;
    req->left_out = left_out;
}

#define TYPE                                                                                       \
    {                                                                                              \
        "entityTypeId", PARAM_INT, true, "Type of the item: `crm.enum.ownertype`."                 \
    }
#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier, greater than 0."                                       \
    }
#define FIELDS                                                                                     \
    {                                                                                              \
        "fields", PARAM_ITEM, true, "Values by camelCase name; unknown: `--unknown-fields`."       \
    }
#define ORIGINAL                                                                                   \
    {                                                                                              \
        "useOriginalUfNames", PARAM_FLAG, false, "Y: custom fields are called UF_CRM_NAME."        \
    }

static const struct param fields_params[] = {TYPE, ORIGINAL, {0}};
static const struct param get_params[] = {TYPE, ID, ORIGINAL, {0}};
static const struct param list_params[] = {
    TYPE,
    {"select", PARAM_ANY, false, "Names of fields; \"*\" is all there is."},
    {"filter", PARAM_FILTER, false,
     "Conditions by operator and name; arrays inside are groups, \"logic\": \"OR\" wants one of "
     "them."},
    {"order", PARAM_ORDER, false, "ASC or DESC by name."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    ORIGINAL,
    {0},
};
static const struct param add_params[] = {TYPE, FIELDS, ORIGINAL, {0}};
static const struct param update_params[] = {TYPE, ID, FIELDS, ORIGINAL, {0}};
static const struct param import_params[] = {TYPE, FIELDS, ORIGINAL, {0}};
static const struct param imports[] = {
    {"", PARAM_ITEM, .summary = "What crm.item.import takes as fields"}, {0}};
static const struct param batch_params[] = {
    TYPE, {"data", PARAM_LIST, true, "Items, 20 at most.", .keys = imports}, ORIGINAL, {0}};
static const struct param delete_params[] = {TYPE, ID, {0}};

static const struct param item_key[] = {{"item", PARAM_ITEM, true, "By camelCase names"}, {0}};
static const struct param an_item[] = {{"", PARAM_ITEM, .summary = "By camelCase names"}, {0}};
static const struct param items_key[] = {{"items", PARAM_LIST, true, .keys = an_item}, {0}};
static const struct param id_key[] = {{"id", PARAM_INT, true}, {0}};
static const struct param imported[] = {{"item", PARAM_ARRAY, true, .keys = id_key}, {0}};
static const struct param outcome[] = {
    {"item", PARAM_ARRAY, false, "What was added", .keys = id_key},
    {"error", PARAM_STRING, false, "Or why it was not"},
    {"error_description", PARAM_STRING},
    {0}};
static const struct param outcomes[] = {
    {"items", PARAM_LIST, true, "One for each of `data`", .keys = outcome}, {0}};

static const struct method methods[] = {
    {.name = "crm.item.fields",
     .summary = "Describe the fields of a type.",
     .scope = "crm",
     .lane = LANE_READ,
     .binds = true,
     .params = fields_params,
     .result = SHAPE_OBJECT,
     .gives = shape_fields_key,
     .page = PAGE("crm-item-fields"),
     .handle = item_fields},
    {.name = "crm.item.get",
     .summary = "Return one item by its id.",
     .scope = "crm",
     .lane = LANE_READ,
     .binds = true,
     .params = get_params,
     .result = SHAPE_OBJECT,
     .gives = item_key,
     .page = PAGE("crm-item-get"),
     .handle = item_get},
    {.name = "crm.item.list",
     .summary = "Return items by filter, 50 a page.",
     .scope = "crm",
     .lane = LANE_READ,
     .binds = true,
     .params = list_params,
     .result = SHAPE_OBJECT,
     .gives = items_key,
     .page = PAGE("crm-item-list"),
     .handle = item_list},
    {.name = "crm.item.add",
     .summary = "Add an item and return it.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     .params = add_params,
     .result = SHAPE_OBJECT,
     .gives = item_key,
     .page = PAGE("crm-item-add"),
     .handle = item_add,
     .prepare = prepare},
    {.name = "crm.item.update",
     .summary = "Change fields of an item and return it.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     .params = update_params,
     .result = SHAPE_OBJECT,
     .gives = item_key,
     .page = PAGE("crm-item-update"),
     .handle = item_update,
     .prepare = prepare},
    {.name = "crm.item.delete",
     .summary = "Delete an item.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     .params = delete_params,
     .result = SHAPE_EMPTY,
     .page = PAGE("crm-item-delete"),
     .handle = item_delete},
    {.name = "crm.item.import",
     .summary = "Add an item with its history.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     .params = import_params,
     .result = SHAPE_OBJECT,
     .gives = imported,
     .page = PAGE("import/crm-item-import"),
     .handle = item_import,
     .prepare = prepare},
    {.name = "crm.item.batchImport",
     .summary = "Add up to twenty items with their histories.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .binds = true,
     .params = batch_params,
     .result = SHAPE_OBJECT,
     .gives = outcomes,
     .page = PAGE("import/crm-item-batch-import"),
     .handle = item_batch_import,
     .prepare = prepare},
};

MODULE(crm_item, METHODS(methods));
