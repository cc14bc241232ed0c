/* crm.timeline.comment.* - comments on the cards of leads, deals ...
 * Pages: api-reference/crm/timeline/comments. */
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "crm/activity_family.h"
#include "crm/owner.h"
#include "crm/timeline.h"
#include "crm/timeline_file.h"
#include "model/arg.h"
#include "model/method.h"
#include "model/row.h"
#include "model/shape.h"
#include "model/unknown.h"

#define PAGE(name) "api-reference/crm/timeline/comments/crm-timeline-comment-" name

static const struct field fields[] = {
    FIELD_ROW("ID", "integer", "ID", FIELD_INT, NULL, FIELD_READ_ONLY, NULL),
    FIELD_ROW("CREATED", "datetime", "Date added", FIELD_DATETIME, NULL, FIELD_READ_ONLY, NULL),
    FIELD_ROW("ENTITY_ID", "integer", "ID of the element the comment is attached to", FIELD_INT,
              NULL, FIELD_REQUIRED | FIELD_IMMUTABLE, NULL),
    FIELD_ROW("ENTITY_TYPE", "string", "Type of the element the comment is attached to", FIELD_TEXT,
              NULL, FIELD_REQUIRED | FIELD_IMMUTABLE, NULL),
    FIELD_ROW("AUTHOR_ID", "integer", "Author", FIELD_INT, NULL, FIELD_IMMUTABLE, NULL),
    FIELD_ROW("COMMENT", "string", "Comment text", FIELD_TEXT, NULL, 0, NULL),
    FIELD_ROW("FILES", "attached_diskfile", "File list", FIELD_TEXT, NULL, FIELD_MULTIPLE, NULL),
};
#define FIELD_COUNT (sizeof fields / sizeof fields[0])
enum { ID, CREATED, ENTITY_ID, ENTITY_TYPE, AUTHOR_ID, COMMENT, FILES };

static enum api_rc comment_fields(struct request *req)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        field_describe(req, &fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc not_found(struct request *req)
{
    return api_fail(req, API_ERR_ITEM_NOT_FOUND, "Not found.");
}

/* ---- writing ---- */

static enum api_rc take_text(struct request *req, const struct value *given, const char **text)
{
    size_t len = 0;
    const struct value *value = value_get(given, "COMMENT");
    *text = value ? value_to_text(req->arena, value, &len) : NULL;
    if (value && (!*text || len > LIMIT_TEXT_BYTES))
        return api_fail(req, API_ERR_INVALID_ARG_VALUE,
                        "The field COMMENT is not defined or invalid");
    if (*text && strspn(*text, " \t\r\n") == len)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "Empty comment");
    return API_OK;
}

static enum api_rc known_fields(struct request *req, const struct value *given)
{
    const char *known[FIELD_COUNT + 1] = {NULL};
    for (size_t i = 0; i < FIELD_COUNT; i++)
        known[i] = fields[i].name;
    return unknown_keys(req, IN_FIELDS, given, known);
}

/* ENTITY_TYPE and ENTITY_ID of a new one. */
static enum api_rc take_owner(struct request *req, const struct value *given,
                              const struct entity **owner, int64_t *owner_id)
{
    size_t len;
    const struct value *type = value_get(given, "ENTITY_TYPE"), *id = value_get(given, "ENTITY_ID");
    const char *code = type ? value_to_text(req->arena, type, &len) : NULL;
    if (value_is_empty(id))
        return arg_missing(req, "ENTITY_ID");
    if (!code || !*code)
        return arg_missing(req, "ENTITY_TYPE");
    *owner = timeline_owner(req, code);
    if (!*owner)
        return not_found(req);
    if (!value_to_int(id, owner_id))
        *owner_id = 0;
    return activity_owner_look(req, (*owner)->type_id, *owner_id, ACCESS_UPDATE);
}

struct comment_args {
    int64_t id, owner_type_id, owner_id;
    const struct value *fields;
};

static enum api_rc comment_add(struct request *req)
{
    const struct comment_args *args = req->args;
    struct timeline_entry entry = {.kind = TIMELINE_COMMENT};
    const struct value *files = value_get(args->fields, "FILES");
    const struct entity *owner = NULL;
    int64_t owner_id = 0;
    enum api_rc rc = known_fields(req, args->fields);
    if (rc == API_OK)
        rc = take_owner(req, args->fields, &owner, &owner_id);
    if (rc == API_OK)
        rc = take_text(req, args->fields, &entry.text);
    if (rc == API_OK && !entry.text)
        rc = api_fail(req, API_ERR_INVALID_ARG_VALUE, "Empty comment");
    if (rc == API_OK)
        rc = timeline_files_check(req, files);
    if (rc == API_OK)
        rc = timeline_add(req, owner, owner_id, &entry);
    if (rc == API_OK)
        rc = timeline_files_store(req, entry.id, files);
    if (rc == API_OK)
        rc = timeline_tell(req, "ADD", entry.id);
    if (rc == API_OK)
        writer_int(req->out, entry.id);
    return rc;
}

/* The comment that may be changed, at the row named, if one is. One that may not be read is a missing one. */
static enum api_rc find_comment(struct request *req, const struct comment_args *args,
                                struct timeline_entry *entry, const struct entity **owner)
{
    bool found = false, bound = true;
    enum permit_sight sight = PERMIT_FREE;
    *owner = NULL;
    enum api_rc rc = timeline_read(req, TIMELINE_COMMENT, args->id, entry, &found);
    if (rc == API_OK && (!found || !entry->owner))
        return not_found(req);
    if (rc == API_OK && (args->owner_type_id || args->owner_id)) {
        rc = activity_owner_look(req, args->owner_type_id, args->owner_id, ACCESS_UPDATE);
        *owner = rc == API_OK ? owner_entity(req, args->owner_type_id) : NULL;
        if (rc == API_OK)
            rc = timeline_is_bound(req, args->id, *owner, args->owner_id, &bound);
        if (rc == API_OK && !bound)
            rc = not_found(req);
    }
    if (rc == API_OK)
        rc = timeline_sight(req, args->id, ACCESS_UPDATE, &sight);
    if (rc == API_OK && sight != PERMIT_FREE)
        rc = api_fail(req, API_ERR_ITEM_DENIED, NULL);
    return rc;
}

static enum api_rc comment_update(struct request *req)
{
    const struct comment_args *args = req->args;
    struct timeline_entry entry;
    const struct entity *owner;
    const struct value *files = value_get(args->fields, "FILES");
    const char *text;
    enum api_rc rc = find_comment(req, args, &entry, &owner);
    if (rc == API_OK)
        rc = known_fields(req, args->fields);
    if (rc == API_OK)
        rc = take_text(req, args->fields, &text);
    if (rc == API_OK)
        rc = timeline_files_check(req, files);
    if (rc == API_OK && text) {
        struct db_stmt *stmt =
            db_prepare(req->db, "UPDATE timeline_entry SET text = $1 WHERE id = $2");
        db_bind_textz(stmt, 1, text);
        db_bind_int(stmt, 2, args->id);
        rc = api_db(req, db_run(stmt));
    }
    if (rc == API_OK)
        rc = timeline_files_store(req, args->id, files);
    if (rc == API_OK)
        rc = timeline_changed(req, args->id);
    if (rc == API_OK)
        writer_int(req->out, args->id);
    return rc;
}

/* Of one row of several, when it is named: then it shows at the others still. */
static enum api_rc comment_delete(struct request *req)
{
    const struct comment_args *args = req->args;
    struct timeline_entry entry;
    const struct entity *owner;
    enum api_rc rc = find_comment(req, args, &entry, &owner);
    if (rc == API_OK && entry.bindings > 1 && !owner)
        rc = api_fail(req, API_ERR_MULTIPLE_BINDINGS, NULL);
    if (rc == API_OK && entry.bindings > 1)
        rc = timeline_unbind(req, args->id, owner, args->owner_id);
    else if (rc == API_OK)
        rc = timeline_remove(req, TIMELINE_COMMENT, args->id);
    if (rc == API_OK)
        writer_null(req->out);
    return rc;
}

/* ---- reading ---- */

static void write_comment(struct request *req, const struct timeline_entry *entry,
                          const bool *chosen, struct relation_page *files)
{
    struct writer *out = req->out;
    const struct cell cells[] = {
        [ID] = {.integer = entry->id},
        [CREATED] = {.integer = entry->created},
        [ENTITY_ID] = {.integer = entry->owner_id},
        [ENTITY_TYPE] = {.text = timeline_owner_code(req, entry->owner),
                         .len = strlen(entry->owner->code)},
        [AUTHOR_ID] = {.integer = entry->author_id},
        [COMMENT] = {.text = entry->text, .len = strlen(entry->text)},
    };
    static const int order[] = {ID, ENTITY_ID, ENTITY_TYPE, CREATED, COMMENT, AUTHOR_ID};
    writer_begin_object(out);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (!chosen[order[i]])
            continue;
        writer_keyz(out, fields[order[i]].name);
        cell_write(req, &fields[order[i]], &cells[order[i]]);
    }
    if (chosen[FILES]) {
        writer_keyz(out, "FILES");
        timeline_files_write(req, files, entry->id);
    }
    writer_end_object(out);
}

static enum api_rc comment_get(struct request *req)
{
    struct timeline_entry entry;
    struct relation_page *files;
    bool found = false, chosen[FIELD_COUNT];
    int64_t id;
    memset(chosen, 1, sizeof chosen);
    if (!param_int(req, "id", &id) || id <= 0)
        return api_fail_text(req, "ID is not defined or invalid.");
    enum api_rc rc = timeline_read(req, TIMELINE_COMMENT, id, &entry, &found);
    if (rc == API_OK && !found)
        return api_fail_text(req, "Not found.");
    if (rc == API_OK && !entry.owner)
        return permit_denied(req);
    if (rc == API_OK)
        rc = timeline_files_load(req, &id, 1, &files);
    if (rc == API_OK)
        write_comment(req, &entry, chosen, files);
    return rc;
}

/* ---- list ---- */

static enum api_rc choose(struct request *req, bool *chosen)
{
    const struct value *select = param_get(req, "select");
    bool any = false;
    enum api_rc rc = API_OK;
    for (size_t i = 0; value_is_array(select) && i < select->array.count && rc == API_OK; i++) {
        size_t len, at = 0;
        const char *name = value_to_text(req->arena, select->array.items[i].value, &len);
        while (name && at < FIELD_COUNT && strcmp(fields[at].name, name) != 0)
            at++;
        if (name && at < FIELD_COUNT)
            chosen[at] = any = true;
        else if (name && strcmp(name, "*") != 0)
            rc = unknown_name(req, IN_SELECT, name);
    }
    if (!any)
        memset(chosen, 1, FIELD_COUNT);
    return rc;
}

/* " ORDER BY ...", always ending with the id. */
static enum api_rc add_order(struct request *req, struct buf *sql)
{
    static const char *const columns[][2] = {
        {"ID", "b.entry_id"}, {"CREATED", "b.created"}, {"AUTHOR_ID", "b.author_id"}};
    const struct value *order = param_get(req, "order");
    const char *comma = "";
    bool by_id = false;
    enum api_rc rc = API_OK;
    buf_adds(sql, " ORDER BY ");
    for (size_t i = 0; value_is_array(order) && i < order->array.count && !by_id && rc == API_OK;
         i++) {
        const struct value *way = order->array.items[i].value;
        size_t at = 0;
        while (at < 3 && strcmp(columns[at][0], order->array.items[i].key) != 0)
            at++;
        if (at == 3) {
            rc = unknown_name(req, IN_ORDER, order->array.items[i].key);
            continue;
        }
        bool down = way->type == VALUE_STRING && !strncasecmp(way->string.text, "desc", 4);
        buf_printf(sql, "%s%s%s", comma, columns[at][1], down ? " DESC" : "");
        comma = ", ";
        by_id = at == 0;
    }
    if (!by_id)
        buf_printf(sql, "%sb.entry_id", comma);
    return rc;
}

static enum api_rc filter_owner(struct request *req, const struct entity **owner, int64_t *owner_id)
{
    static const char *const known[] = {"ENTITY_ID", "ENTITY_TYPE", NULL};
    const struct value *filter = param_get(req, "filter");
    size_t len;
    const struct value *type = value_get(filter, "ENTITY_TYPE");
    const char *code = type ? value_to_text(req->arena, type, &len) : NULL;
    bool may = false;
    enum api_rc rc = unknown_keys(req, IN_FILTER, filter, known);
    *owner = code ? timeline_owner(req, code) : NULL;
    if (rc == API_OK && (!*owner || !value_to_int(value_get(filter, "ENTITY_ID"), owner_id)))
        rc = permit_denied(req);
    if (rc == API_OK)
        rc = permit_reads(req, *owner, *owner_id, &may);
    return rc == API_OK && !may ? permit_denied(req) : rc;
}

/* Ids first, by the index of the card, then the entries. */
static enum api_rc read_page(struct request *req, const struct entity *owner, int64_t owner_id,
                             const struct buf *order, struct timeline_entry *page, size_t *count)
{
    struct buf sql = {0};
    int64_t start = param_start(req);
    buf_printf(&sql,
               "SELECT b.entry_id, b.created, b.author_id, e.text FROM timeline_binding b JOIN "
               "timeline_entry e ON e.id = b.entry_id WHERE b.owner_type_id = $1 AND b.owner_id = "
               "$2 AND b.kind = 'comment'%s LIMIT $3 OFFSET $4",
               order->data);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, owner->type_id);
    db_bind_int(stmt, 2, owner_id);
    db_bind_int(stmt, 3, LIMIT_PAGE);
    db_bind_int(stmt, 4, start > 0 ? start : 0);
    enum db_rc rc;
    for (*count = 0; (rc = db_step(stmt)) == DB_ROW && *count < LIMIT_PAGE; ++*count)
        page[*count] = (struct timeline_entry){.id = db_int(stmt, 0),
                                               .created = db_int(stmt, 1),
                                               .author_id = db_int(stmt, 2),
                                               .text = request_text(req, stmt, 3, NULL),
                                               .owner = owner,
                                               .owner_id = owner_id};
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc count_all(struct request *req, const struct entity *owner, int64_t owner_id,
                             size_t shown)
{
    int64_t start = param_start(req);
    req->total = 0;
    if (start < 0)
        return API_OK;
    if (shown < LIMIT_PAGE && (shown || !start)) {
        req->total = start + (int64_t)shown;
        return API_OK;
    }
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT count(*) FROM timeline_binding WHERE owner_type_id = $1 AND "
                            "owner_id = $2 AND kind = 'comment'");
    db_bind_int(stmt, 1, owner->type_id);
    db_bind_int(stmt, 2, owner_id);
    enum db_rc rc = db_step(stmt);
    req->total = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    if (start + LIMIT_PAGE < req->total)
        req->next = start + LIMIT_PAGE;
    return api_db(req, rc);
}

static enum api_rc write_page(struct request *req, const struct timeline_entry *page, size_t count,
                              const bool *chosen)
{
    int64_t ids[LIMIT_PAGE];
    struct relation_page *files = NULL;
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < count; i++)
        ids[i] = page[i].id;
    if (chosen[FILES] && count)
        rc = timeline_files_load(req, ids, count, &files);
    writer_begin_list(req->out);
    for (size_t i = 0; i < count && rc == API_OK; i++)
        write_comment(req, &page[i], chosen, files);
    writer_end_list(req->out);
    return rc;
}

static enum api_rc comment_list(struct request *req)
{
    struct timeline_entry page[LIMIT_PAGE];
    bool chosen[FIELD_COUNT] = {false};
    const struct entity *owner;
    int64_t owner_id = 0;
    struct buf order = {0};
    size_t count = 0;
    enum api_rc rc = filter_owner(req, &owner, &owner_id);
    if (rc == API_OK)
        rc = choose(req, chosen);
    if (rc == API_OK)
        rc = add_order(req, &order);
    if (rc == API_OK)
        rc = read_page(req, owner, owner_id, &order, page, &count);
    buf_clear(&order);
    if (rc == API_OK)
        rc = count_all(req, owner, owner_id, count);
    return rc == API_OK ? write_page(req, page, count, chosen) : rc;
}

/* ---- specs ---- */

#define COMMENT_ID                                                                                 \
    {                                                                                              \
        "id", PARAM_INT, true, "Id of the comment", BIND(struct comment_args, id)                  \
    }
#define OWNER                                                                                      \
    {"ownerTypeId", PARAM_INT, false, "Type of the row it shows at",                               \
     BIND(struct comment_args, owner_type_id)},                                                    \
    {                                                                                              \
        "ownerId", PARAM_INT, false, "Id of that row", BIND(struct comment_args, owner_id)         \
    }

static const struct param changed_keys[] = {
    {"COMMENT", PARAM_STRING, false, "Its text."},
    {"FILES", PARAM_ANY, false, "Files: names with Base64, ids of those that stay."},
    {"*", PARAM_ANY, .summary = "Left alone"},
    {0},
};
static const struct param added_keys[] = {
    {"ENTITY_ID", PARAM_INT, true, "Id of the row at whose card it shows."},
    {"ENTITY_TYPE", PARAM_STRING, true, "lead, deal, contact ..."},
    {"COMMENT", PARAM_STRING, true, "Its text."},
    {"FILES", PARAM_ANY, false, "Files: names with Base64."},
    {"*", PARAM_ANY, .summary = "Left alone"},
    {0},
};
static const struct param add_params[] = {
    {"fields", PARAM_ARRAY, true, "The comment.", .keys = added_keys,
     BIND(struct comment_args, fields)},
    {0},
};
static const struct param update_params[] = {
    COMMENT_ID,
    {"fields", PARAM_ARRAY, true, "What changes.", .keys = changed_keys,
     BIND(struct comment_args, fields)},
    OWNER,
    {0},
};
static const struct param delete_params[] = {COMMENT_ID, OWNER, {0}};
static const struct param get_params[] = {
    {"id", PARAM_INT, true, "Id of the comment", .asked = true}, {0}};
static const struct param list_params[] = {
    {"select", PARAM_ANY, false, "Names of fields; all without it."},
    {"filter", PARAM_FILTER, true, "ENTITY_ID and ENTITY_TYPE: the row.", .asked = true},
    {"order", PARAM_ORDER, false, "ASC or DESC by ID, CREATED, AUTHOR_ID."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};
static const struct param file_keys[] = {{"id", PARAM_INT, true},
                                         {"date", PARAM_DATETIME, true},
                                         {"type", PARAM_STRING, true},
                                         {"name", PARAM_STRING, true},
                                         {"size", PARAM_INT, true},
                                         {"authorId", PARAM_INT, true},
                                         {"authorName", PARAM_STRING, true},
                                         {"urlPreview", PARAM_STRING},
                                         {"urlShow", PARAM_STRING, true},
                                         {"urlDownload", PARAM_STRING, true},
                                         {0}};
static const struct param files_by_id[] = {
    {"*", PARAM_ARRAY, false, "By its id", .keys = file_keys}, {0}};
static const struct param shown[] = {{"ID", PARAM_STRING},
                                     {"ENTITY_ID", PARAM_STRING},
                                     {"ENTITY_TYPE", PARAM_STRING},
                                     {"CREATED", PARAM_STRING},
                                     {"COMMENT", PARAM_STRING},
                                     {"AUTHOR_ID", PARAM_STRING},
                                     {"FILES", PARAM_ARRAY, .keys = files_by_id},
                                     {0}};

#define WRITES(verb, about, takes, shape)                                                          \
    .name = "crm.timeline.comment." verb, .summary = about, .scope = "crm", .lane = LANE_WRITE,    \
    .of_rows = true, .binds = true, TAKES(struct comment_args, takes), .result = shape,            \
    .page = PAGE(verb)
#define READS(verb, about, takes, shape)                                                           \
    .name = "crm.timeline.comment." verb, .summary = about, .scope = "crm", .params = takes,       \
    .result = shape, .page = PAGE(verb)

static const struct method methods[] = {
    {WRITES("add", "Add a comment to a card.", add_params, SHAPE_INT), .handle = comment_add,
     .prepare = timeline_files_prepare},
    {WRITES("update", "Change a comment.", update_params, SHAPE_INT), .handle = comment_update,
     .prepare = timeline_files_prepare},
    {WRITES("delete", "Delete a comment, or take it away from a card.", delete_params, SHAPE_NULL),
     .handle = comment_delete},
    {READS("get", "Return a comment by its id.", get_params, SHAPE_OBJECT), .gives = shown,
     .handle = comment_get},
    {READS("list", "Return the comments of a card, 50 a page.", list_params, SHAPE_LIST),
     .gives = shown, .handle = comment_list},
    {READS("fields", "Describe the fields of a comment.", NULL, SHAPE_OBJECT),
     .gives = shape_fields, .handle = comment_fields},
};

MODULE(crm_timeline_comment, METHODS(methods));
