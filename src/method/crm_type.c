/* crm.type.* - smart processes: the types that a portal makes for itself.
 *
 * What:    a type is a row of the engine's, in the dialect of crm.item.*. Making one makes its tables and its first
 *          funnel; all that changes what its rows are is a change of the portal's schema.
 * Used by: the registry.
 * Pages:   api-reference/crm/universal/user-defined-object-types/.
 */
#include <string.h>

#include "crm/category.h"
#include "crm/dynamic_catalog.h"
#include "crm/item_parent.h"
#include "crm/stage.h"
#include "crm/type_part.h"
#include "model/arg.h"
#include "model/catalog.h"
#include "model/dialect.h"
#include "model/hearing.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/shape.h"
#include "model/translate.h"
#include "user/user.h"

#define FIRST_NUMBER 1030 /* of those that a type gets by itself: even ones */
#define FIRST_FUNNEL "General"
#define FUNNEL_SORT 500

/* ---- the descriptor ---- */

#define IS(NAME, COLUMN, TITLE, FALLBACK)                                                          \
    FIELD_ROW(NAME, "boolean", TITLE, FIELD_FLAG, COLUMN, 0, FALLBACK)

static const struct field type_fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("TITLE", "string", "Title", FIELD_TEXT, "title", FIELD_REQUIRED, NULL),
    FIELD_ROW("CODE", "string", "Symbolic code", FIELD_TEXT, "code", FIELD_CODE, ""),
    FIELD_ROW("CREATED_BY", "user", "Created by", FIELD_INT, "created_by",
              FIELD_READ_ONLY | FIELD_STAMP_AUTHOR, NULL),
    FIELD_ROW("ENTITY_TYPE_ID", "integer", "Number of the type", FIELD_INT, "entity_type_id",
              FIELD_REQUIRED | FIELD_IMMUTABLE, NULL),
    FIELD_ROW("CUSTOM_SECTION_ID", "integer", "Digital workplace", FIELD_INT, "custom_section_id",
              FIELD_NULL_ZERO, NULL),
    IS("IS_CATEGORIES_ENABLED", "is_categories_enabled", "Funnels of its own", "N"),
    IS("IS_STAGES_ENABLED", "is_stages_enabled", "Stages of its own", "N"),
    IS("IS_BEGIN_CLOSE_DATES_ENABLED", "is_begin_close_dates_enabled", "Start and end dates", "N"),
    IS("IS_CLIENT_ENABLED", "is_client_enabled", "Client", "N"),
    IS("IS_USE_IN_USERFIELD_ENABLED", "is_use_in_userfield_enabled", "In custom fields", "N"),
    IS("IS_LINK_WITH_PRODUCTS_ENABLED", "is_link_with_products_enabled", "Products", "N"),
    IS("IS_MYCOMPANY_ENABLED", "is_mycompany_enabled", "Own company", "N"),
    IS("IS_DOCUMENTS_ENABLED", "is_documents_enabled", "Documents", "N"),
    IS("IS_SOURCE_ENABLED", "is_source_enabled", "Source", "N"),
    IS("IS_OBSERVERS_ENABLED", "is_observers_enabled", "Observers", "N"),
    IS("IS_RECYCLEBIN_ENABLED", "is_recyclebin_enabled", "Recycle bin", "N"),
    IS("IS_AUTOMATION_ENABLED", "is_automation_enabled", "Automation", "N"),
    IS("IS_BIZ_PROC_ENABLED", "is_biz_proc_enabled", "Workflows", "N"),
    IS("IS_SET_OPEN_PERMISSIONS", "is_set_open_permissions", "New funnels are everybody's", "Y"),
    FIELD_ROW("CREATED_TIME", "datetime", "Created", FIELD_DATETIME, "created_time",
              FIELD_READ_ONLY | FIELD_STAMP_CREATED, NULL),
    FIELD_ROW("UPDATED_TIME", "datetime", "Changed", FIELD_DATETIME, "updated_time",
              FIELD_READ_ONLY | FIELD_STAMP_UPDATED, NULL),
    FIELD_ROW("UPDATED_BY", "user", "Changed by", FIELD_INT, "updated_by",
              FIELD_READ_ONLY | FIELD_STAMP_EDITOR, NULL),
    FIELD_PART("RELATIONS", "object", "Relations", FIELD_IN_GET | FIELD_HIDDEN, &type_relations),
    {.name = "LINKED_USER_FIELDS",
     .type = "object",
     .title = "Linked fields",
     .kind = FIELD_OBJECT,
     .column = "linked_user_fields",
     .flags = FIELD_IN_GET | FIELD_HIDDEN,
     .fallback = "{}"},
    FIELD_PART("CUSTOM_SECTIONS", "array", "Digital workplaces",
               FIELD_IN_GET | FIELD_HIDDEN | FIELD_READ_ONLY, &type_sections),
};

/* In the order of enum feature. */
static const char *const features[FEATURES] = {
    [FEATURE_CATEGORIES] = "IS_CATEGORIES_ENABLED",
    [FEATURE_STAGES] = "IS_STAGES_ENABLED",
    [FEATURE_DATES] = "IS_BEGIN_CLOSE_DATES_ENABLED",
    [FEATURE_CLIENT] = "IS_CLIENT_ENABLED",
    [FEATURE_USERFIELD] = "IS_USE_IN_USERFIELD_ENABLED",
    [FEATURE_PRODUCTS] = "IS_LINK_WITH_PRODUCTS_ENABLED",
    [FEATURE_MYCOMPANY] = "IS_MYCOMPANY_ENABLED",
    [FEATURE_DOCUMENTS] = "IS_DOCUMENTS_ENABLED",
    [FEATURE_SOURCE] = "IS_SOURCE_ENABLED",
    [FEATURE_OBSERVERS] = "IS_OBSERVERS_ENABLED",
    [FEATURE_RECYCLEBIN] = "IS_RECYCLEBIN_ENABLED",
    [FEATURE_AUTOMATION] = "IS_AUTOMATION_ENABLED",
    [FEATURE_BIZPROC] = "IS_BIZ_PROC_ENABLED",
    [FEATURE_OPEN] = "IS_SET_OPEN_PERMISSIONS",
};

/* ---- a change ---- */

static enum api_rc number_taken(struct request *req, int64_t number, bool *taken)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT 1 FROM dynamic_type WHERE entity_type_id = $1");
    db_bind_int(stmt, 1, number);
    enum db_rc rc = db_step(stmt);
    *taken = rc == DB_ROW || entity_of_type(req, number);
    db_finish(stmt);
    return api_db(req, rc);
}

/* Removed ones count: no number is given twice. */
static enum api_rc next_number(struct request *req, int64_t *number)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT max(entity_type_id) FROM dynamic_type WHERE entity_type_id >= "
                            "$1 AND entity_type_id % 2 = 0");
    db_bind_int(stmt, 1, FIRST_NUMBER);
    enum db_rc rc = db_step(stmt);
    *number = rc == DB_ROW && !db_is_null(stmt, 0) ? db_int(stmt, 0) + 2 : FIRST_NUMBER;
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc settle_number(struct change *change)
{
    struct request *req = change->req;
    struct cell *cell = change_cell(change, "ENTITY_TYPE_ID");
    int64_t number;
    bool taken = false;
    if (!change->is_add)
        return API_OK;
    enum api_rc rc = api_db(req, db_hold_rule(req->db, "dynamic_type"));
    if (rc == API_OK && !cell->given) {
        rc = next_number(req, &number);
        cell_set_int(cell, number);
        return rc;
    }
    if (rc == API_OK && (cell->null || !dynamic_type_number_fits(cell->integer)))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "entityTypeId is out of allowed range");
    if (rc == API_OK)
        rc = number_taken(req, cell->integer, &taken);
    if (rc == API_OK && taken)
        rc = api_fail(req, API_ERR_INVALID_ARG_VALUE, "entityTypeId %lld is in use, or was",
                      (long long)cell->integer);
    return rc;
}

static enum api_rc check_section(struct change *change)
{
    struct request *req = change->req;
    const struct value *given = param_get(req, "fields");
    const struct cell *section = change_cell(change, "CUSTOM_SECTION_ID");
    bool is_external = false;
    value_to_flag(value_get(given, "isExternal"), &is_external);
    if (is_external && (section->null || !section->integer))
        return api_fail(req, API_ERR_ZERO, "Select a workplace where the SPA will be located");
    if (!section->given || section->null || !section->integer)
        return API_OK;
    struct db_stmt *stmt =
        db_prepare_share(req->db, "SELECT 1 FROM automated_solution WHERE id = $1", NULL);
    db_bind_int(stmt, 1, section->integer);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_NONE ? item_dialect.invalid(req, &type_fields[5]) : api_db(req, rc);
}

static enum api_rc type_check(struct change *change)
{
    const struct cell *title = change_cell(change, "TITLE");
    struct cell *linked = change_cell(change, "LINKED_USER_FIELDS");
    if (cell_is_empty(title) || title->text[strspn(title->text, " \t\r\n")] == '\0')
        return item_dialect.missing(change->req, &type_fields[1]);
    enum api_rc rc = settle_number(change);
    if (rc == API_OK)
        rc = check_section(change);
    if (rc == API_OK && (change->is_add || linked->given))
        rc = type_linked_take(change->req, value_get(change->given, "LINKED_USER_FIELDS"), linked);
    return rc;
}

/* The role that says nothing of a type says what it says of all others; so one that is nobody's is named. */
static enum api_rc close_to_roles(struct change *change)
{
    struct request *req = change->req;
    if (change_cell(change, "IS_SET_OPEN_PERMISSIONS")->text[0] == 'Y')
        return API_OK;
    struct db_stmt *stmt = db_prepare(
        req->db,
        "INSERT INTO role_permission (role_id, entity_type_id, action, level) SELECT r.id, "
        "$1, a.name, 0 FROM role r CROSS JOIN (SELECT 'read' AS name UNION ALL SELECT "
        "'add' UNION ALL SELECT 'update' UNION ALL SELECT 'delete' UNION ALL SELECT "
        "'export') a");
    db_bind_int(stmt, 1, change_cell(change, "ENTITY_TYPE_ID")->integer);
    return api_db(req, db_run(stmt));
}

/* As it will be in the catalog. */
static const struct entity *make_entity(struct change *change)
{
    struct dynamic_type type = {.id = change->id,
                                .type_id = change_cell(change, "ENTITY_TYPE_ID")->integer,
                                .title = change_cell(change, "TITLE")->text};
    for (size_t i = 0; i < FEATURES; i++)
        type.has[i] = change_cell(change, features[i])->text[0] == 'Y';
    return dynamic_item_make(change->req->arena, &type, NULL);
}

static enum api_rc type_stored(struct change *change)
{
    struct request *req = change->req;
    struct category first = {.name = FIRST_FUNNEL,
                             .sort = FUNNEL_SORT,
                             .is_default = true,
                             .code = "",
                             .origin_id = "",
                             .originator_id = ""};
    enum api_rc rc = API_OK;
    if (change->is_add)
        rc = dynamic_item_make_tables(req, change->id);
    if (rc == API_OK && change->is_add)
        rc = category_add(req, make_entity(change), &first);
    if (rc == API_OK && change->is_add)
        rc = close_to_roles(change);
    return rc == API_OK ? catalog_changed(req) : rc;
}

/* The handlers have looked at who asks. */
static bool may_any(const struct caller *caller, const struct entity *entity,
                    enum access_action action)
{
    (void)entity;
    return action == ACCESS_READ || caller->is_admin;
}

static enum api_rc may_row(struct request *req, const struct entity *entity,
                           enum access_action action, const struct cell *row)
{
    (void)row;
    return may_any(req->caller, entity, action) ? API_OK : permit_denied(req);
}

/* Who hears of it: administrators. */
static enum api_rc may_see(struct request *req, const struct entity *entity, int64_t id,
                           enum access_action action, enum permit_sight *sight)
{
    (void)entity, (void)id, (void)action;
    *sight = req->caller->access ? PERMIT_REFUSED : PERMIT_FREE;
    return API_OK;
}

static void may_list(struct query *query)
{
    (void)query;
}

static const struct permit type_permit = {
    .any = may_any, .row = may_row, .sight = may_see, .list = may_list};

static const struct relation *const relations_of_type[] = {&type_relations, NULL};

static struct names_slot names;

const struct entity type_entity = {
    .name = "type",
    .table = "dynamic_type",
    .where = "t.removed IS NULL",
    .permit = &type_permit,
    .event = "TYPE",
    .fields = type_fields,
    .field_count = sizeof type_fields / sizeof type_fields[0],
    .relations = relations_of_type,
    .not_found = "SPA not found",
    .check = type_check,
    .after_write = type_stored,
    .names = &names,
};
ENTITY(type_entity);

/* ---- handlers ---- */

/* The dialect is over with the call, and what a list put into the parameters too. */
static enum api_rc speak(struct request *req, bool for_all, enum api_rc (*handle)(struct request *))
{
    const struct value *params = req->params;
    if (!for_all && !req->caller->is_admin)
        return api_fail(req, API_ERR_ITEM_DENIED, "Access denied");
    dialect_speak_item(req, catalog_entity(req, &type_entity), false);
    enum api_rc rc = handle(req);
    req->dialect = NULL;
    req->params = params;
    return rc;
}

static enum api_rc show(struct request *req, int64_t id)
{
    writer_begin_object(req->out);
    writer_keyz(req->out, "type");
    enum api_rc rc = entity_show(req, &type_entity, id);
    writer_end_object(req->out);
    return rc;
}

/* One that is about to be changed or removed. */
static enum api_rc hold(struct request *req, const char *missing, int64_t *id, int64_t *number)
{
    enum api_rc rc = arg_int(req, "id", id);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare_hold(
        req->db, "SELECT entity_type_id FROM dynamic_type WHERE id = $1 AND removed IS NULL", NULL);
    db_bind_int(stmt, 1, *id);
    enum db_rc step = db_step(stmt);
    *number = step == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    if (step == DB_NONE)
        return api_fail(req, API_ERR_ZERO, "%s", missing);
    return api_db(req, step);
}

/* Who may read its rows may know what they are. */
static enum api_rc show_to_readers(struct request *req, const struct dynamic_type *type,
                                   const char *missing)
{
    if (!type)
        return api_fail(req, API_ERR_ZERO, "%s", missing);
    if (!access_any(req->caller, (int)type->type_id, ACCESS_READ))
        return api_fail(req, API_ERR_ITEM_DENIED, "Access denied");
    return show(req, type->id);
}

static enum api_rc get_one(struct request *req)
{
    int64_t id;
    size_t count;
    const struct dynamic_type *types = dynamic_types(req, &count), *type = NULL;
    enum api_rc rc = arg_int(req, "id", &id);
    for (size_t i = 0; i < count && !type; i++)
        type = types[i].id == id ? &types[i] : NULL;
    return rc == API_OK ? show_to_readers(req, type, "SPA not found") : rc;
}

static enum api_rc get_by_number(struct request *req)
{
    int64_t number;
    size_t count;
    const struct dynamic_type *types = dynamic_types(req, &count), *type = NULL;
    enum api_rc rc = arg_int(req, "entityTypeId", &number);
    for (size_t i = 0; i < count && !type; i++)
        type = types[i].type_id == number ? &types[i] : NULL;
    return rc == API_OK ? show_to_readers(req, type, "Smart process not found") : rc;
}

static enum api_rc list_some(struct request *req)
{
    enum api_rc rc = translate_list(req);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "types");
    rc = entity_list(req, &type_entity);
    writer_end_object(req->out);
    return rc;
}

static enum api_rc given_fields(struct request *req, const struct value **fields)
{
    const struct value *given;
    enum api_rc rc = arg_array(req, "fields", &given);
    return rc == API_OK ? translate_fields(req, given, fields) : rc;
}

static enum api_rc add_one(struct request *req)
{
    const struct value *fields;
    int64_t id;
    enum api_rc rc = given_fields(req, &fields);
    if (rc == API_OK)
        rc = entity_insert(req, &type_entity, fields, &id);
    return rc == API_OK ? show(req, id) : rc;
}

static enum api_rc update_one(struct request *req)
{
    const struct value *fields;
    int64_t id, number;
    enum api_rc rc = hold(req, "SPA not found", &id, &number);
    if (rc == API_OK)
        rc = given_fields(req, &fields);
    if (rc == API_OK)
        rc = entity_apply(req, &type_entity, id, fields);
    return rc == API_OK ? show(req, id) : rc;
}

static enum api_rc has_rows(struct request *req, int64_t id, bool *has)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT 1 FROM item_%lld LIMIT 1", (long long)id);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    enum db_rc rc = db_step(stmt);
    *has = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

/* What names it goes at once; its tables stay for a day. */
static enum api_rc forget(struct request *req, int64_t id, int64_t number)
{
    static const char *const lines[] = {
        "DELETE FROM crm_status WHERE entity_id IN (SELECT directory FROM category WHERE "
        "entity_type_id = $1)",
        "DELETE FROM category WHERE entity_type_id = $1",
        "DELETE FROM dynamic_relation WHERE parent_type_id = $1 OR child_type_id = $1",
        "DELETE FROM role_permission WHERE entity_type_id = $1",
        "DELETE FROM card_configuration WHERE entity_type_id = $1",
        "DELETE FROM role_funnel WHERE entity_type_id = $1",
    };
    enum api_rc rc = item_parent_forget_type(req, number);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0] && rc == API_OK; i++) {
        struct db_stmt *stmt = db_prepare(req->db, lines[i]);
        db_bind_int(stmt, 1, number);
        rc = api_db(req, db_run(stmt));
    }
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE dynamic_type SET removed = $1 WHERE id = $2");
    db_bind_int(stmt, 1, (int64_t)req->now);
    db_bind_int(stmt, 2, id);
    return api_db(req, db_run(stmt));
}

static enum api_rc delete_one(struct request *req)
{
    int64_t id, number;
    bool has = false;
    struct event_deaf deaf;
    if (!arg_given(req, "id")) { /* no error, as documented: null, and nothing is gone */
        writer_null(req->out);
        return API_OK;
    }
    enum api_rc rc = hold(req, "Smart process not found", &id, &number);
    if (rc == API_OK)
        rc = has_rows(req, id, &has);
    if (rc == API_OK && has)
        rc = api_fail(req, API_ERR_BX_ERROR, "You cannot delete an entity type that has elements");
    if (rc == API_OK)
        rc = hearing_deaf(req, &type_entity, "DELETE", id, &deaf);
    if (rc == API_OK)
        rc = forget(req, id, number);
    if (rc == API_OK)
        rc = event_raise(req, type_entity.event, "DELETE", id, &deaf);
    if (rc == API_OK)
        rc = catalog_changed(req);
    if (rc == API_OK) {
        writer_begin_list(req->out);
        writer_end_list(req->out);
    }
    return rc;
}

static enum api_rc describe(struct request *req)
{
    writer_begin_object(req->out);
    writer_keyz(req->out, "fields");
    enum api_rc rc = entity_fields(req, &type_entity);
    writer_end_object(req->out);
    return rc;
}

static enum api_rc type_add(struct request *req)
{
    return speak(req, false, add_one);
}

static enum api_rc type_update(struct request *req)
{
    return speak(req, false, update_one);
}

static enum api_rc type_get(struct request *req)
{
    return speak(req, true, get_one);
}

static enum api_rc type_get_by_number(struct request *req)
{
    return speak(req, true, get_by_number);
}

static enum api_rc type_list(struct request *req)
{
    return speak(req, false, list_some);
}

static enum api_rc type_delete(struct request *req)
{
    return speak(req, false, delete_one);
}

static enum api_rc fields_of_type(struct request *req)
{
    return speak(req, false, describe);
}

/* ---- the table ---- */

#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier of the type (not its entityTypeId)."                    \
    }
static const struct param id_params[] = {ID, {0}};
static const struct param delete_params[] = {
    {"id", PARAM_INT, false,
     "Identifier of the type (not its entityTypeId); without it nothing is deleted, and the answer "
     "is null."},
    {0},
};
static const struct param number_params[] = {
    {"entityTypeId", PARAM_INT, true, "Number of the type."},
    {0},
};
static const struct param add_params[] = {
    {"fields", PARAM_ITEM, true, "title, and entityTypeId, relations, is...Enabled.",
     .entity = &type_entity},
    {0},
};
static const struct param update_params[] = {
    ID,
    {"fields", PARAM_ITEM, true, "The values to change.", .entity = &type_entity},
    {0},
};
static const struct param list_params[] = {
    {"filter", PARAM_FILTER, false, "Conditions: operator and name."},
    {"order", PARAM_ORDER, false, "ASC or DESC by name."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};

#define TYPE(method, about, in, changes, takes, shape, shown, file, handler)                       \
    {                                                                                              \
        .name = "crm.type." method, .summary = about, .scope = "crm", .lane = in,                  \
        .schema = changes, .binds = true, .params = takes, .result = shape, .gives = shown,        \
        .page = "api-reference/crm/universal/user-defined-object-types/crm-type-" file,            \
        .handle = handler                                                                          \
    }

static const struct param one[] = {{"type", PARAM_ITEM, true, .entity = &type_entity}, {0}};
static const struct param row[] = {{"", PARAM_ITEM, .entity = &type_entity}, {0}};
static const struct param many[] = {{"types", PARAM_LIST, true, .keys = row}, {0}};

static const struct method methods[] = {
    TYPE("add", "Make a smart process, with its tables and first funnel.", LANE_WRITE, true,
         add_params, SHAPE_OBJECT, one, "add", type_add),
    TYPE("update", "Change a smart process.", LANE_WRITE, true, update_params, SHAPE_OBJECT, one,
         "update", type_update),
    TYPE("get", "Return one smart process by its id.", LANE_READ, false, id_params, SHAPE_OBJECT,
         one, "get", type_get),
    TYPE("getByEntityTypeId", "Return one smart process by its number.", LANE_READ, false,
         number_params, SHAPE_OBJECT, one, "get-by-entity-type-id", type_get_by_number),
    TYPE("list", "Return smart processes by filter, 50 a page.", LANE_READ, false, list_params,
         SHAPE_OBJECT, many, "list", type_list),
    {.name = "crm.type.delete",
     .summary = "Delete a smart process that has no rows.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .schema = true,
     .binds = true,
     .params = delete_params,
     .result = SHAPE_EMPTY,
     .result_null = true,
     .page = "api-reference/crm/universal/user-defined-object-types/crm-type-delete",
     .handle = type_delete},
    TYPE("fields", "Describe the fields of a smart process.", LANE_READ, false, NULL, SHAPE_OBJECT,
         shape_fields_key, "fields", fields_of_type),
};

MODULE(crm_type, METHODS(methods));
