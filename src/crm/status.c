#include "crm/status.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "crm/directory.h"
#include "crm/status_code.h"
#include "model/relation.h"
#include "model/permit.h"
#include "model/query.h"
#include "model/row.h"

/* ---- the descriptor ---- */

#define STATUS_TEXT(NAME, COLUMN, TITLE, FLAGS, FALLBACK)                                          \
    {                                                                                              \
        .name = NAME, .type = "string", .title = TITLE, .kind = FIELD_TEXT, .column = COLUMN,      \
        .flags = FLAGS, .fallback = FALLBACK                                                       \
    }

static const struct relation_kind extra_kind = {
    .schema =
        "{\"type\":\"object\",\"properties\":{\"SEMANTICS\":{\"enum\":[\"process\",\"success\","
        "\"failure\","
        "\"apology\"]},\"COLOR\":{\"type\":\"string\"}},\"required\":[\"SEMANTICS\",\"COLOR\"],"
        "\"additionalProperties\":false}"};
static const struct relation status_extra = {.kind = &extra_kind, .name = "EXTRA"};

static const struct field status_fields[] = {
    {.name = "ID",
     .type = "integer",
     .title = "ID",
     .kind = FIELD_INT,
     .column = "id",
     .flags = FIELD_READ_ONLY},
    STATUS_TEXT("ENTITY_ID", "entity_id", "Entity ID",
                FIELD_REQUIRED | FIELD_IMMUTABLE | FIELD_CODE, NULL),
    STATUS_TEXT("STATUS_ID", "status_id", "Status", FIELD_REQUIRED | FIELD_IMMUTABLE | FIELD_CODE,
                NULL),
    {.name = "SORT",
     .type = "integer",
     .title = "Sorting",
     .kind = FIELD_INT,
     .column = "sort",
     .fallback = "10"},
    STATUS_TEXT("NAME", "name", "Name", FIELD_REQUIRED, NULL),
    STATUS_TEXT("NAME_INIT", "name_init", "Default Name", FIELD_READ_ONLY, ""),
    {.name = "SYSTEM",
     .type = "char",
     .title = "System",
     .kind = FIELD_FLAG,
     .column = "system",
     .flags = FIELD_READ_ONLY,
     .fallback = "N"},
    {.name = "CATEGORY_ID",
     .type = "integer",
     .title = "CATEGORY_ID",
     .kind = FIELD_INT,
     .column = "category_id",
     .flags = FIELD_IMMUTABLE | FIELD_NULL_ZERO},
    STATUS_TEXT("COLOR", "color", "COLOR", 0, NULL),
    {.name = "SEMANTICS",
     .type = "char",
     .title = "SEMANTICS",
     .kind = FIELD_TEXT,
     .column = "semantics",
     .flags = FIELD_IMMUTABLE | FIELD_CODE},
    {.name = "EXTRA",
     .type = "crm_status_extra",
     .title = "Additional Fields",
     .kind = FIELD_VIRTUAL,
     .relation = &status_extra}, /* made of the others: write_extra, take_extra */
};

/* Places in status_fields. */
enum { AT_ENTITY_ID = 1, AT_STATUS_ID = 2, AT_COLOR = 8, AT_SEMANTICS = 9 };

/* Both messages stand in one answer when both are missing. */
static enum api_rc check_required(struct change *change)
{
    bool entity_id = cell_is_empty(change_cell(change, "ENTITY_ID"));
    bool status_id = cell_is_empty(change_cell(change, "STATUS_ID"));
    if (!entity_id && !status_id)
        return API_OK;
    return api_fail(
        change->req, API_ERR_METHOD, "%s%s%s", entity_id ? "The field ENTITY_ID is required." : "",
        entity_id && status_id ? "\n" : "", status_id ? "The field STATUS_ID is required." : "");
}

/* Codes of stages go into addresses and kanban keys: letters, digits, hyphens and underscores. */
static bool good_code(const struct directory *directory, const struct cell *code)
{
    size_t prefix = *directory->prefix ? strlen(directory->prefix) + 1 : 0;
    if (code->len > directory->code_max)
        return false;
    for (size_t i = prefix; directory->entity && i < code->len; i++) {
        unsigned char c = (unsigned char)code->text[i];
        if (c >= 0x80 || (!isalnum(c) && c != '-' && c != '_'))
            return false;
    }
    return true;
}

/* A funnel's stages are called "C5:...", whether they were told so or not. */
static void put_prefix(struct request *req, const struct directory *directory, struct cell *code)
{
    size_t len = strlen(directory->prefix);
    if (!len || (!strncmp(code->text, directory->prefix, len) && code->text[len] == ':'))
        return;
    cell_set_text(code, arena_printf(req->arena, "%s:%s", directory->prefix, code->text));
}

/* In progress first, then the one success, then the failures: nothing may be put behind the
 * success that is no failure. */
static enum api_rc check_sort(struct change *change, const struct directory *directory)
{
    struct request *req = change->req;
    const struct cell *group = change_cell(change, "SEMANTICS");
    if (!directory->entity || (!cell_is_empty(group) && group->text[0] == 'F'))
        return API_OK;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT max(sort) FROM crm_status WHERE entity_id = $1 AND semantics = "
                            "'S'");
    db_bind_textz(stmt, 1, directory->id);
    enum db_rc rc = db_step(stmt);
    bool behind = rc == DB_ROW && !db_is_null(stmt, 0) &&
                  change_cell(change, "SORT")->integer > db_int(stmt, 0);
    db_finish(stmt);
    if (behind)
        return api_fail_text(req, "Cannot create more stages after the final stage because the "
                                  "final successful stage already exists. Try using sort order "
                                  "values less than that of the final stage.");
    return api_db(req, rc);
}

static enum api_rc check_new(struct change *change)
{
    struct request *req = change->req;
    struct directory directory;
    bool found = false;
    char taken;
    enum api_rc rc = check_required(change);
    if (rc == API_OK)
        rc = api_db(req, db_hold_rule(req->db, "status"));
    if (rc == API_OK)
        rc = directory_find(req, change_cell(change, "ENTITY_ID")->text, &directory, &found);
    if (rc != API_OK)
        return rc;
    if (!found)
        return api_fail_text(req, "Specified entity type is not supported.");
    if (cell_is_empty(change_cell(change, "NAME")))
        return api_fail_text(req, "The field Title is required.");
    struct cell *code = change_cell(change, "STATUS_ID");
    put_prefix(req, &directory, code);
    if (!good_code(&directory, code))
        return api_fail_text(req, "Error on creating status.");
    /* The funnel follows from the directory. */
    if (*directory.prefix)
        cell_set_int(change_cell(change, "CATEGORY_ID"), directory.funnel.id);
    rc = check_sort(change, &directory);
    if (rc == API_OK)
        rc = status_semantics(req, directory.id, code->text, &taken);
    if (rc == API_OK && taken)
        rc = api_fail(req, API_ERR_CORE, "The specified status ID already exists.");
    return rc;
}

/* EXTRA says the same as COLOR and SEMANTICS, in the words of the kanban. */
static void take_extra(struct change *change)
{
    const struct value *extra = value_get(change->given, "EXTRA");
    struct cell *color = change_cell(change, "COLOR");
    struct cell *group = change_cell(change, "SEMANTICS");
    size_t len;
    const char *text = value_to_text(change->req->arena, value_get(extra, "COLOR"), &len);
    if (text && len && !color->given)
        cell_set_text(color, text);
    text = value_to_text(change->req->arena, value_get(extra, "SEMANTICS"), &len);
    if (text && len && change->is_add && !group->given)
        cell_set_text(group, !strcmp(text, "success")                               ? "S"
                             : !strcmp(text, "failure") || !strcmp(text, "apology") ? "F"
                                                                                    : "");
}

static enum api_rc status_check(struct change *change)
{
    take_extra(change);
    struct cell *group = change_cell(change, "SEMANTICS");
    if (cell_is_empty(group) || (group->text[0] != 'S' && group->text[0] != 'F'))
        cell_set_null(group);
    if (cell_is_empty(change_cell(change, "COLOR")))
        cell_set_null(change_cell(change, "COLOR"));
    if (change->is_add)
        return check_new(change);
    if (cell_is_empty(change_cell(change, "NAME")))
        return api_fail_text(change->req, "The field Title is required.");
    return API_OK;
}

const struct entity status_entity = {
    .name = "status",
    .table = "crm_status",
    .permit = &permit_settings,
    .fields = status_fields,
    .field_count = sizeof status_fields / sizeof status_fields[0],
    .not_found = "Status is not found.",
    .check = status_check,
};

/* ---- answers ---- */

/* Stages that are known by name have EXTRA. Failures beyond the first one are "apologies", as the kanban calls
 * them. */
static void write_extra(struct writer *out, const struct directory *directory,
                        const struct cell *row)
{
    const struct cell *color = &row[AT_COLOR], *group = &row[AT_SEMANTICS];
    if (!directory || !directory->start)
        return;
    const char *word = "process";
    if (!cell_is_empty(group) && group->text[0] == 'S')
        word = "success";
    else if (!cell_is_empty(group))
        word = strcmp(row[AT_STATUS_ID].text, directory->failure) ? "apology" : "failure";
    writer_keyz(out, "EXTRA");
    writer_begin_object(out);
    writer_keyz(out, "SEMANTICS");
    writer_stringz(out, word);
    writer_keyz(out, "COLOR");
    writer_string(out, cell_is_empty(color) ? "" : color->text, color->len);
    writer_end_object(out);
}

static void status_write(struct request *req, const struct cell *row,
                         const struct directory *directory)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < status_entity.field_count; i++) {
        if (status_fields[i].kind == FIELD_VIRTUAL)
            continue;
        writer_keyz(req->out, status_fields[i].name);
        cell_write(req, &status_fields[i], &row[i]);
    }
    write_extra(req->out, directory, row);
    writer_end_object(req->out);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct directory *)a)->id, ((const struct directory *)b)->id);
}

static void list_order(struct buf *sql, const struct value *order)
{
    buf_adds(sql, " ORDER BY ");
    for (size_t i = 0; value_is_array(order) && i < order->array.count; i++) {
        const struct field *field = entity_field(&status_entity, order->array.items[i].key);
        const struct value *way = order->array.items[i].value;
        bool down = way->type == VALUE_STRING && !strncasecmp(way->string.text, "desc", 4);
        if (field && field->kind != FIELD_VIRTUAL)
            buf_printf(sql, "t.%s %s, ", field->column,
                       down ? "DESC NULLS LAST" : "ASC NULLS FIRST");
    }
    buf_adds(sql, "t.sort, t.id");
}

/* There are no pages. A client that asks for a second one all the same has had everything. */
enum api_rc status_list(struct request *req)
{
    struct query query;
    struct buf sql = {0};
    query_init(&query, req, &status_entity);
    struct directory *directories, wanted;
    size_t count = 0;
    enum api_rc rc = query_filter(&query, param_get(req, "filter"));
    if (rc == API_OK)
        rc = query_order_known(req, &status_entity);
    if (rc == API_OK)
        rc = directory_list(req, &directories, &count);
    if (rc != API_OK) {
        query_clear(&query);
        return rc;
    }
    qsort(directories, count, sizeof *directories, by_id);
    bool beyond = param_start(req) > 0;
    buf_adds(&sql, "SELECT ");
    row_columns(&sql, &status_entity, NULL);
    buf_adds(&sql, " FROM crm_status t");
    query_sql_where(&query, &sql);
    list_order(&sql, param_get(req, "order"));
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    query_bind_all(&query, stmt);
    buf_clear(&sql);
    query_clear(&query);
    enum db_rc step;
    req->total = 0;
    writer_begin_list(req->out);
    while ((step = db_step(stmt)) == DB_ROW) {
        req->total++;
        if (beyond)
            continue;
        const struct cell *row = row_read(req, &status_entity, stmt);
        wanted.id = row[AT_ENTITY_ID].text;
        status_write(req, row, bsearch(&wanted, directories, count, sizeof wanted, by_id));
    }
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, step);
}

enum api_rc status_items(struct request *req, const char *directory)
{
    struct db_stmt *stmt = db_prepare(req->db, "SELECT name, sort, status_id FROM crm_status WHERE "
                                               "entity_id = $1 ORDER BY sort, id");
    enum db_rc rc;
    size_t len;
    db_bind_textz(stmt, 1, directory);
    writer_begin_list(req->out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        const char *text = db_text(stmt, 0, &len);
        writer_begin_object(req->out);
        writer_keyz(req->out, "NAME");
        writer_string(req->out, text, len);
        writer_keyz(req->out, "SORT");
        writer_int(req->out, db_int(stmt, 1));
        text = db_text(stmt, 2, &len);
        writer_keyz(req->out, "STATUS_ID");
        writer_string(req->out, text, len);
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, rc);
}

/* ---- deleting ---- */

static enum api_rc in_use(struct request *req, const char *id, const char *code, bool *used)
{
    struct directory directory;
    bool found;
    enum api_rc rc = directory_find(req, id, &directory, &found);
    *used = false;
    if (rc == API_OK && found && directory.entity && directory.entity->table)
        rc = stage_in_use(req, directory.entity, code, used);
    return rc;
}

enum api_rc status_delete(struct request *req, int64_t id, bool forced)
{
    struct db_stmt *stmt = db_prepare_hold(
        req->db, "SELECT entity_id, status_id, system FROM crm_status WHERE id = $1", NULL);
    db_bind_int(stmt, 1, id);
    enum db_rc step = db_step(stmt);
    bool found = step == DB_ROW, system = false, used;
    const char *directory = NULL, *code = NULL;
    if (found) {
        directory = request_text(req, stmt, 0, NULL);
        code = request_text(req, stmt, 1, NULL);
        system = *db_text(stmt, 2, NULL) == 'Y';
    }
    db_finish(stmt);
    enum api_rc rc = api_db(req, step);
    if (rc != API_OK)
        return rc;
    if (!found)
        return api_fail_text(req, status_entity.not_found);
    if (system && !forced)
        return api_fail_text(req, "CRM System Status can be deleted only if parameter FORCED is "
                                  "specified and equal to \"Y\".");
    rc = in_use(req, directory, code, &used);
    if (rc != API_OK)
        return rc;
    if (used)
        return api_fail_text(req, "There are active items in this status.");
    return entity_delete(req, &status_entity);
}
