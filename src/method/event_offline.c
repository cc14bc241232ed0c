/* event.offline.get, list, clear, error - the queues of offline events.
 *
 * Used by: the registry.
 * Pages:   api-reference/events/: offline-events, event-offline-get, -list, -clear, -error.
 *
 * A queue holds one row per event and object. Taking rows with clear=0 marks them with a process_id,
 * which hides them from every other reader; two readers at once so get different rows.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/params.h"
#include "base/secret.h"
#include "model/method.h"
#include "model/query.h"

#define PROCESS_ID_SIZE 33
#define RESERVED_S 2592000 /* a reserved row that is never cleared goes after 30 days */

static const struct field fields[] = {
    {.name = "ID", .kind = FIELD_INT, .column = "id"},
    {.name = "TIMESTAMP_X", .kind = FIELD_DATETIME, .column = "timestamp_x"},
    {.name = "EVENT_NAME", .kind = FIELD_TEXT, .column = "event_name", .flags = FIELD_CODE},
    {.name = "MESSAGE_ID", .kind = FIELD_INT, .column = "id"},
    {.name = "PROCESS_ID", .kind = FIELD_TEXT, .column = "process_id", .flags = FIELD_CODE},
    {.name = "ERROR", .kind = FIELD_INT, .column = "error"},
};

#define OFFLINE_ENTITY(count, order)                                                               \
    {                                                                                              \
        .name = "event_offline", .table = "event_offline", .fields = fields, .field_count = count, \
        .default_order = order                                                                     \
    }

static const struct entity list_entity = OFFLINE_ENTITY(6, NULL);
static const struct entity get_entity = OFFLINE_ENTITY(4, "TIMESTAMP_X");

static enum api_rc needs_admin_app(struct request *req)
{
    if (!req->caller->app_id)
        return api_fail(req, API_ERR_WRONG_AUTH_TYPE, NULL);
    return req->caller->is_admin ? API_OK : api_fail(req, API_ERR_ACCESS_DENIED, NULL);
}

/* ---- rows ---- */

/* data[FIELDS][ID]=5, as the outbox and the queue keep it, as a JSON value; false when there is none. */
static void write_data(struct request *req, const char *data)
{
    struct value *tree = value_array(req->arena);
    const char *why;
    const struct value *inner = NULL;
    if (*data && params_from_form(req->arena, data, strlen(data), tree, &why))
        inner = value_get(tree, "data");
    if (inner)
        writer_value(req->out, inner);
    else
        writer_bool(req->out, false);
}

static void write_id(struct request *req, const char *key, int64_t id)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)id);
    writer_keyz(req->out, key);
    writer_stringz(req->out, text);
}

#define ROW "t.id, t.timestamp_x, t.event_name, t.event_data, t.process_id, t.error"

static void write_row(struct request *req, struct db_stmt *stmt, bool with_process)
{
    char text[DATETIME_SIZE];
    const char *data = request_text(req, stmt, 3, NULL);
    writer_begin_object(req->out);
    write_id(req, "ID", db_int(stmt, 0));
    writer_keyz(req->out, "TIMESTAMP_X");
    writer_string(req->out, text, datetime_format(req->zone, db_int(stmt, 1), text));
    writer_keyz(req->out, "EVENT_NAME");
    writer_stringz(req->out, db_text(stmt, 2, NULL));
    writer_keyz(req->out, "EVENT_DATA");
    write_data(req, data);
    writer_keyz(req->out, "EVENT_ADDITIONAL");
    writer_bool(req->out, false);
    write_id(req, "MESSAGE_ID", db_int(stmt, 0));
    if (with_process) {
        writer_keyz(req->out, "PROCESS_ID");
        writer_stringz(req->out, db_text(stmt, 4, NULL));
        write_id(req, "ERROR", db_int(stmt, 5));
    }
    writer_end_object(req->out);
}

/* The caller's queue: application and source. */
static enum api_rc queue_conditions(struct query *query)
{
    struct request *req = query->req;
    const char *connector = param_text(req, "auth_connector");
    query_and(query);
    buf_printf(&query->where, "t.app_id = $%d", query_bind_int(query, req->caller->app_id));
    query_and(query);
    buf_printf(&query->where, "t.connector = $%d",
               query_bind_text(query, connector, strlen(connector)));
    return query_filter(query, param_get(req, "filter"));
}

/* ---- event.offline.get ---- */

struct taking {
    int64_t limit;
    bool clear;             /* remove what is returned */
    bool reserve;           /* mark it with a new process_id */
    bool errors;            /* also rows marked as failed: the process's own, or anyone's */
    const char *process_id; /* given, or new; "": none */
};

static enum api_rc taking_params(struct request *req, struct taking *taking, char *fresh)
{
    bool clear = true, errors = false;
    bool limited = !value_is_empty(param_get(req, "limit"));
    taking->limit = LIMIT_PAGE;
    if ((limited && !param_int(req, "limit", &taking->limit)) || taking->limit < 1 ||
        taking->limit > 1000)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "limit must be 1 to 1000");
    value_to_flag(param_get(req, "clear"), &clear);
    value_to_flag(param_get(req, "error"), &errors);
    taking->process_id = param_text(req, "process_id");
    taking->clear = clear;
    taking->errors = errors;
    taking->reserve = !clear && !*taking->process_id;
    if (taking->reserve) {
        unsigned char random[(PROCESS_ID_SIZE - 1) / 2];
        secret_random(random, sizeof random);
        for (size_t i = 0; i < sizeof random; i++)
            snprintf(fresh + 2 * i, 3, "%02x", random[i]);
    }
    return API_OK;
}

/* The ids to take, locked against another process that takes. */
static enum api_rc find_ids(struct query *query, const struct taking *taking, int64_t *ids,
                            size_t *count)
{
    struct request *req = query->req;
    struct buf sql = {0};
    enum db_rc rc;
    int process = query_bind_text(query, taking->process_id, strlen(taking->process_id));
    query_and(query);
    if (taking->errors && !*taking->process_id)
        buf_printf(&query->where, "(t.process_id = $%d OR t.error <> 0)", process);
    else
        buf_printf(&query->where, "t.process_id = $%d%s", process,
                   taking->errors ? "" : " AND t.error = 0");
    buf_adds(&sql, "SELECT t.id FROM event_offline t");
    query_sql_where(query, &sql);
    query_sql_order(&sql, query->entity, param_get(req, "order"));
    buf_printf(&sql, " LIMIT $%d", query->bind_count + 1);
    db_sql_lock_rows(req->db, &sql);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(query, stmt);
    db_bind_int(stmt, query->bind_count + 1, taking->limit);
    *count = 0;
    while ((rc = db_step(stmt)) == DB_ROW && *count < (size_t)taking->limit)
        ids[(*count)++] = db_int(stmt, 0);
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc write_taken(struct request *req, const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct db_stmt *stmt =
            db_prepare(req->db, "SELECT " ROW " FROM event_offline t WHERE t.id = $1");
        db_bind_int(stmt, 1, ids[i]);
        enum db_rc rc = db_step(stmt);
        if (rc == DB_ROW)
            write_row(req, stmt, false);
        db_finish(stmt);
        if (rc != DB_ROW)
            return api_db(req, rc == DB_NONE ? DB_ERROR : rc);
    }
    return API_OK;
}

static enum api_rc mark_taken(struct request *req, const struct taking *taking, const char *fresh,
                              const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count && (taking->clear || taking->reserve); i++) {
        struct db_stmt *stmt = db_prepare(
            req->db, taking->clear
                         ? "DELETE FROM event_offline WHERE id = $1"
                         : "UPDATE event_offline SET process_id = $2, error = 0 WHERE id = "
                           "$1");
        db_bind_int(stmt, 1, ids[i]);
        if (!taking->clear)
            db_bind_textz(stmt, 2, fresh);
        enum db_rc rc = db_run(stmt);
        if (rc != DB_OK)
            return api_db(req, rc);
    }
    return API_OK;
}

static enum api_rc forget_reserved(struct request *req)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM event_offline WHERE app_id = $1 AND process_id <> '' AND "
                            "timestamp_x < $2");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_int(stmt, 2, (int64_t)req->now - RESERVED_S);
    return api_db(req, db_run(stmt));
}

static enum api_rc offline_get(struct request *req)
{
    struct taking taking;
    struct query query;
    char fresh[PROCESS_ID_SIZE] = "";
    size_t count = 0;
    enum api_rc rc = needs_admin_app(req);
    if (rc == API_OK)
        rc = taking_params(req, &taking, fresh);
    if (rc == API_OK)
        rc = forget_reserved(req);
    if (rc != API_OK)
        return rc;
    int64_t *ids = arena_alloc(req->arena, (size_t)taking.limit * sizeof *ids);
    query_init(&query, req, &get_entity);
    rc = queue_conditions(&query);
    if (rc == API_OK)
        rc = find_ids(&query, &taking, ids, &count);
    query_clear(&query);
    if (rc != API_OK)
        return rc;
    const char *process = taking.reserve ? fresh : taking.process_id;
    writer_begin_object(req->out);
    writer_keyz(req->out, "process_id");
    *process &&count ? writer_stringz(req->out, process) : writer_null(req->out);
    writer_keyz(req->out, "events");
    writer_begin_list(req->out);
    rc = write_taken(req, ids, count);
    writer_end_list(req->out);
    writer_end_object(req->out);
    return rc == API_OK ? mark_taken(req, &taking, fresh, ids, count) : rc;
}

/* ---- event.offline.list ---- */

static enum api_rc list_rows(struct query *query, int64_t start)
{
    struct request *req = query->req;
    struct buf sql = {0};
    enum db_rc rc;
    buf_adds(&sql, "SELECT " ROW " FROM event_offline t");
    query_sql_where(query, &sql);
    query_sql_order(&sql, query->entity, param_get(req, "order"));
    buf_printf(&sql, " LIMIT %d OFFSET $%d", LIMIT_PAGE, query->bind_count + 1);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(query, stmt);
    db_bind_int(stmt, query->bind_count + 1, start);
    writer_begin_list(req->out);
    while ((rc = db_step(stmt)) == DB_ROW)
        write_row(req, stmt, true);
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc offline_list(struct request *req)
{
    struct query query;
    int64_t start = param_start(req);
    enum api_rc rc = needs_admin_app(req);
    if (rc != API_OK)
        return rc;
    if (start < 0)
        start = 0;
    query_init(&query, req, &list_entity);
    rc = query_order_known(req, query.entity);
    if (rc == API_OK)
        rc = queue_conditions(&query);
    if (rc == API_OK)
        rc = list_rows(&query, start);
    if (rc == API_OK)
        rc = query_count(&query, &req->total);
    if (rc == API_OK && start + LIMIT_PAGE < req->total)
        req->next = start + LIMIT_PAGE;
    query_clear(&query);
    return rc;
}

/* ---- event.offline.clear, error ---- */

/* Runs `sql` on the rows of the process, or on those among them that `ids` names. */
static enum api_rc on_process(struct request *req, const char *verb, const char *ids_param)
{
    struct query query;
    struct buf sql = {0};
    const char *process = param_text(req, "process_id");
    const struct value *ids = ids_param ? param_get(req, ids_param) : NULL;
    if (!*process)
        return api_fail(req, API_ERR_ARGUMENT, "Argument 'PROCESS_ID' is null or empty");
    query_init(&query, req, &list_entity);
    query_and(&query);
    buf_printf(&query.where, "t.app_id = $%d", query_bind_int(&query, req->caller->app_id));
    query_and(&query);
    buf_printf(&query.where, "t.process_id = $%d",
               query_bind_text(&query, process, strlen(process)));
    enum api_rc rc = API_OK;
    if (ids && !value_is_empty(ids))
        rc = query_int(&query, "t.id", ids_param, OP_EQ, ids);
    if (rc == API_OK) {
        buf_printf(&sql, "%s WHERE id IN (SELECT t.id FROM event_offline t", verb);
        query_sql_where(&query, &sql);
        buf_adds(&sql, ")");
        struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
        query_bind_all(&query, stmt);
        rc = api_db(req, db_run(stmt));
    }
    buf_clear(&sql);
    query_clear(&query);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc offline_clear(struct request *req)
{
    enum api_rc rc = needs_admin_app(req);
    if (rc != API_OK)
        return rc;
    const char *by = value_is_empty(param_get(req, "id")) ? "message_id" : "id";
    return on_process(req, "DELETE FROM event_offline", by);
}

static enum api_rc offline_error(struct request *req)
{
    enum api_rc rc = needs_admin_app(req);
    return rc == API_OK ? on_process(req, "UPDATE event_offline SET error = 1", "message_id") : rc;
}

/* ---- the methods ---- */

#define QUEUE_PARAMS                                                                               \
    {"filter", PARAM_FILTER, false, "by ID, TIMESTAMP_X, EVENT_NAME, MESSAGE_ID"},                 \
        {"order", PARAM_ORDER, false, "the same fields, ASC or DESC"},                             \
    {                                                                                              \
        "auth_connector", PARAM_STRING, false, "the source key of the subscription"                \
    }

static const struct param get_params[] = {
    QUEUE_PARAMS,
    {"limit", PARAM_INT, false, "rows, 1 to 1000 (50)"},
    {"clear", PARAM_FLAG, false, "1: take the rows out; 0: reserve them under a process_id (1)"},
    {"process_id", PARAM_STRING, false, "the rows that this process reserved"},
    {"error", PARAM_FLAG, false, "1: also rows marked as failed (0)"},
    {NULL, PARAM_END, false, NULL}};

static const struct param list_params[] = {QUEUE_PARAMS,
                                           {"start", PARAM_INT, false, "offset of the page"},
                                           {NULL, PARAM_END, false, NULL}};

static const struct param clear_params[] = {
    {"process_id", PARAM_STRING, true, "who reserved the rows"},
    {"id", PARAM_ANY, false, "only these ids"},
    {"message_id", PARAM_ANY, false, "only these MESSAGE_IDs"},
    {NULL, PARAM_END, false, NULL}};

static const struct param error_params[] = {
    {"process_id", PARAM_STRING, true, "who reserved the rows"},
    {"message_id", PARAM_ANY, false, "the MESSAGE_IDs that failed; without it all"},
    {NULL, PARAM_END, false, NULL}};

static const struct param data_keys[] = {
    {"*", PARAM_ANY, .summary = "As the handler of the event would get it"}, {0}};
static const struct param message[] = {{"ID", PARAM_STRING, true},
                                       {"TIMESTAMP_X", PARAM_DATETIME, true},
                                       {"EVENT_NAME", PARAM_STRING, true},
                                       {"EVENT_DATA", PARAM_ARRAY, true, .keys = data_keys},
                                       {"EVENT_ADDITIONAL", PARAM_BOOL, true},
                                       {"MESSAGE_ID", PARAM_STRING, true},
                                       {"PROCESS_ID", PARAM_STRING, false, "Of event.offline.list"},
                                       {"ERROR", PARAM_STRING, false, "The same"},
                                       {0}};
static const struct param taken[] = {{"process_id", PARAM_STRING, true, .null = true},
                                     {"events", PARAM_LIST, true, .keys = message},
                                     {0}};

static const struct method methods[] = {
    {.name = "event.offline.get",
     .summary = "Take the first events of the queue, or reserve them.",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = get_params,
     .result = SHAPE_OBJECT,
     .gives = taken,
     .page = "api-reference/events/event-offline-get",
     .handle = offline_get},
    {.name = "event.offline.list",
     .summary = "Look at the queue and leave it as it is.",
     .lane = LANE_READ,
     .params = list_params,
     .result = SHAPE_LIST,
     .gives = message,
     .page = "api-reference/events/event-offline-list",
     .handle = offline_list},
    {.name = "event.offline.clear",
     .summary = "Remove reserved events: they are dealt with.",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = clear_params,
     .result = SHAPE_BOOL,
     .page = "api-reference/events/event-offline-clear",
     .handle = offline_clear},
    {.name = "event.offline.error",
     .summary = "Mark reserved events as failed.",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = error_params,
     .result = SHAPE_BOOL,
     .page = "api-reference/events/event-offline-error",
     .handle = offline_error},
};

MODULE(event_offline, METHODS(methods));
