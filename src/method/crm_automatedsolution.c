/* crm.automatedsolution.* - digital workplaces: which smart processes stand together.
 *
 * What:    a title and a list of types, an administrator's alone. In the dialect of crm.item.*.
 * Used by: the registry.
 * Pages:   api-reference/crm/automated-solution/.
 */
#include <string.h>

#include "model/arg.h"
#include "model/catalog.h"
#include "model/dialect.h"
#include "model/method.h"
#include "model/permit.h"
#include "model/registry.h"
#include "model/relation.h"
#include "model/shape.h"
#include "model/translate.h"

#define TYPES_MAX 1000 /* that one call may give */

/* ---- the smart processes in it: dynamic_type.custom_section_id ---- */

struct given {
    bool is_given;
    size_t count;
    int64_t ids[TYPES_MAX];
};

static enum api_rc bad_types(struct request *req)
{
    return api_fail(req, API_ERR_FIELD_NOT_VALID, "Invalid value for field \"typeIds\"");
}

static enum api_rc parse(struct change *change, const struct relation *relation, void **slot)
{
    const struct value *value = value_get(change->given, relation->name);
    struct given *given = arena_zalloc(change->req->arena, sizeof *given);
    *slot = given;
    given->is_given = value != NULL;
    if (!value || value_is_empty(value))
        return API_OK;
    if (!value_is_array(value) || value->array.count > TYPES_MAX)
        return bad_types(change->req);
    for (size_t i = 0; i < value->array.count; i++) {
        if (!value_to_int(value->array.items[i].value, &given->ids[given->count++]))
            return bad_types(change->req);
    }
    return API_OK;
}

static enum api_rc check(struct change *change, const struct relation *relation, void **slot)
{
    const struct given *given = *slot;
    enum db_rc rc = DB_ROW;
    (void)relation;
    for (size_t i = 0; i < given->count && rc == DB_ROW; i++) {
        struct db_stmt *stmt = db_prepare_hold(
            change->req->db, "SELECT 1 FROM dynamic_type WHERE id = $1 AND removed IS NULL", NULL);
        db_bind_int(stmt, 1, given->ids[i]);
        rc = db_step(stmt);
        db_finish(stmt);
    }
    return rc == DB_NONE ? bad_types(change->req) : api_db(change->req, rc);
}

static enum db_rc put(struct request *req, const char *sql, int64_t first, int64_t second)
{
    struct db_stmt *stmt = db_prepare(req->db, sql);
    db_bind_int(stmt, 1, first);
    if (second)
        db_bind_int(stmt, 2, second);
    return db_run(stmt);
}

static enum api_rc store(struct change *change, const struct relation *relation, void *slot)
{
    struct request *req = change->req;
    const struct given *given = slot;
    (void)relation;
    if (!given->is_given)
        return API_OK;
    enum db_rc rc = put(req,
                        "UPDATE dynamic_type SET custom_section_id = NULL WHERE custom_section_id "
                        "= $1",
                        change->id, 0);
    for (size_t i = 0; i < given->count && rc == DB_OK; i++)
        rc = put(req, "UPDATE dynamic_type SET custom_section_id = $1 WHERE id = $2", change->id,
                 given->ids[i]);
    return api_db(req, rc);
}

static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    (void)entity, (void)field;
    return relation_page_load(
        req,
        "SELECT custom_section_id, id FROM dynamic_type WHERE removed IS NULL "
        "AND custom_section_id IN (",
        "id", 1, ids, count, (struct relation_page **)loaded);
}

static void write_types(struct request *req, const struct field *field, const char *key,
                        void *loaded, int64_t id)
{
    (void)field;
    writer_keyz(req->out, key);
    writer_begin_list(req->out);
    for (const struct relation_row *row = relation_page_first(loaded, id); row; row = row->next)
        writer_int(req->out, relation_int(row, 0));
    writer_end_list(req->out);
}

static const struct relation_kind types_kind = {.schema = RELATION_IDS_SCHEMA,
                                                .parse = parse,
                                                .check = check,
                                                .store = store,
                                                .load = load,
                                                .write = write_types};
static const struct relation types = {.kind = &types_kind, .name = "TYPE_IDS"};
static const struct relation *const relations[] = {&types, NULL};

/* ---- the descriptor ---- */

static const struct field fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, "id", FIELD_READ_ONLY, NULL),
    FIELD_ROW("TITLE", "string", "TITLE", FIELD_TEXT, "title", FIELD_REQUIRED, NULL),
    FIELD_PART("TYPE_IDS", "crm_dynamic_type", "TYPE_IDS",
               FIELD_MULTIPLE | FIELD_IN_GET | FIELD_IN_LIST, &types),
};

static enum api_rc check_title(struct change *change)
{
    const struct cell *title = change_cell(change, "TITLE");
    if (!cell_is_empty(title) && title->text[strspn(title->text, " \t\r\n")])
        return API_OK;
    return api_fail(change->req, API_ERR_EMPTY_REQUIRED, "%s",
                    change->is_add ? "The required field 'Title' is not filled"
                                   : "Required field is not filled");
}

static struct names_slot names;

/* No permit: it is an administrator's alone. */
static const struct entity solution = {
    .name = "automated solution",
    .table = "automated_solution",
    .fields = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .relations = relations,
    .not_found = "Digital workplace with such id not found",
    .check = check_title,
    .names = &names,
};

/* ---- handlers ---- */

static enum api_rc speak(struct request *req, enum api_rc (*handle)(struct request *))
{
    const struct value *params = req->params;
    if (!req->caller->is_admin)
        return api_fail(req, API_ERR_ITEM_DENIED, "Insufficient permissions");
    dialect_speak_item(req, &solution, false);
    enum api_rc rc = handle(req);
    req->dialect = NULL;
    req->params = params;
    return rc;
}

static enum api_rc show(struct request *req, int64_t id)
{
    writer_begin_object(req->out);
    writer_keyz(req->out, "automatedSolution");
    enum api_rc rc = entity_show(req, &solution, id);
    writer_end_object(req->out);
    return rc;
}

static enum api_rc find(struct request *req, int64_t *id)
{
    bool exists = false;
    enum api_rc rc = arg_int(req, "id", id);
    if (rc == API_OK)
        rc = entity_hold(req, &solution, *id, &exists);
    if (rc == API_OK && !exists)
        rc = api_fail(req, API_ERR_ITEM_NOT_FOUND, "%s", solution.not_found);
    return rc;
}

static enum api_rc given_fields(struct request *req, const struct value **given)
{
    const struct value *camel;
    enum api_rc rc = arg_array(req, "fields", &camel);
    return rc == API_OK ? translate_fields(req, camel, given) : rc;
}

static enum api_rc get_one(struct request *req)
{
    int64_t id;
    enum api_rc rc = find(req, &id);
    return rc == API_OK ? show(req, id) : rc;
}

static enum api_rc list_some(struct request *req)
{
    enum api_rc rc = translate_list(req);
    if (rc != API_OK)
        return rc;
    writer_begin_object(req->out);
    writer_keyz(req->out, "automatedSolutions");
    rc = entity_list(req, &solution);
    writer_end_object(req->out);
    return rc;
}

static enum api_rc add_one(struct request *req)
{
    const struct value *given;
    int64_t id;
    enum api_rc rc = given_fields(req, &given);
    if (rc == API_OK)
        rc = entity_insert(req, &solution, given, &id);
    return rc == API_OK ? show(req, id) : rc;
}

static enum api_rc update_one(struct request *req)
{
    const struct value *given;
    int64_t id;
    enum api_rc rc = find(req, &id);
    if (rc == API_OK)
        rc = given_fields(req, &given);
    if (rc == API_OK)
        rc = entity_apply(req, &solution, id, given);
    return rc == API_OK ? show(req, id) : rc;
}

static enum api_rc delete_one(struct request *req)
{
    int64_t id;
    enum api_rc rc = find(req, &id);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt = db_prepare_share(
        req->db, "SELECT 1 FROM dynamic_type WHERE custom_section_id = $1 AND removed IS NULL",
        NULL);
    db_bind_int(stmt, 1, id);
    enum db_rc step = db_step(stmt);
    db_finish(stmt);
    if (step == DB_ROW)
        return api_fail(req, API_ERR_HAS_BOUND_TYPES, NULL);
    rc = api_db(req, step);
    if (rc == API_OK)
        rc = entity_remove(req, &solution, id);
    if (rc == API_OK)
        writer_null(req->out);
    return rc;
}

static enum api_rc describe(struct request *req)
{
    return entity_fields(req, &solution);
}

static enum api_rc solution_add(struct request *req)
{
    return speak(req, add_one);
}

static enum api_rc solution_update(struct request *req)
{
    return speak(req, update_one);
}

static enum api_rc solution_get(struct request *req)
{
    return speak(req, get_one);
}

static enum api_rc solution_list(struct request *req)
{
    return speak(req, list_some);
}

static enum api_rc solution_delete(struct request *req)
{
    return speak(req, delete_one);
}

static enum api_rc solution_fields(struct request *req)
{
    return speak(req, describe);
}

/* ---- the table ---- */

#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier of the workplace."                                      \
    }
static const struct param id_params[] = {ID, {0}};
static const struct param add_params[] = {
    {"fields", PARAM_ITEM, true, "title, and typeIds: ids of smart processes.",
     .entity = &solution},
    {0},
};
static const struct param update_params[] = {
    ID,
    {"fields", PARAM_ITEM, true, "The values to change.", .entity = &solution},
    {0},
};
static const struct param list_params[] = {
    {"filter", PARAM_FILTER, false, "Conditions by operator and name: id, title."},
    {"order", PARAM_ORDER, false, "ASC or DESC by name."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};

#define SOLUTION(method, about, in, takes, shape, shown)                                           \
    {                                                                                              \
        .name = "crm.automatedsolution." #method, .summary = about, .scope = "crm", .lane = in,    \
        .binds = true, .params = takes, .result = shape, .gives = shown,                           \
        .page = "api-reference/crm/automated-solution/crm-automated-solution-" #method,            \
        .handle = solution_##method                                                                \
    }

static const struct param one[] = {{"automatedSolution", PARAM_ITEM, true, .entity = &solution},
                                   {0}};
static const struct param row[] = {{"", PARAM_ITEM, .entity = &solution}, {0}};
static const struct param many[] = {{"automatedSolutions", PARAM_LIST, true, .keys = row}, {0}};

static const struct method methods[] = {
    SOLUTION(add, "Add a digital workplace.", LANE_WRITE, add_params, SHAPE_OBJECT, one),
    SOLUTION(update, "Change a digital workplace.", LANE_WRITE, update_params, SHAPE_OBJECT, one),
    SOLUTION(get, "Return one digital workplace by its id.", LANE_READ, id_params, SHAPE_OBJECT,
             one),
    SOLUTION(list, "Return digital workplaces by filter, 50 a page.", LANE_READ, list_params,
             SHAPE_OBJECT, many),
    SOLUTION(delete, "Delete a digital workplace without smart processes.", LANE_WRITE, id_params,
             SHAPE_NULL, NULL),
    SOLUTION(fields, "Describe the fields of a digital workplace.", LANE_READ, NULL, SHAPE_OBJECT,
             shape_fields),
};

MODULE(crm_automatedsolution, METHODS(methods));
