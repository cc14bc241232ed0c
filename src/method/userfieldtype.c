/* userfieldtype.* - types of custom fields that an application makes and shows in frames of its own.
 *
 * What:    an application's types, by codes of its own; a field of the type "color" of the application 5 has the
 *          USER_TYPE_ID "rest_5_color". For administrators, through the application.
 * Used by: the registry.
 * Pages:   api-reference/widgets/user-field/.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "model/catalog.h"
#include "model/method.h"
#include "model/user_field_write.h"
#include "model/user_type_app.h"

static enum api_rc may_call(struct request *req)
{
    if (!req->caller->app_id)
        return api_fail(req, API_ERR_ACCESS_DENIED, "Access denied! Application context required");
    return req->caller->is_admin ? API_OK : api_fail(req, API_ERR_ACCESS_DENIED, NULL);
}

/* ---- what is given ---- */

struct given {
    const char *type_id, *handler, *title, *description, *options;
};

/* In small letters; the full name must fit where fields keep it. */
static enum api_rc take_type_id(struct request *req, struct given *given)
{
    const char *text = param_text(req, "USER_TYPE_ID");
    char *lower = arena_strdup(req->arena, text);
    for (char *at = lower; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    if (!*lower)
        return api_fail(req, API_ERR_ARGUMENT, "Argument 'USER_TYPE_ID' is null or empty");
    const char *full =
        arena_printf(req->arena, "rest_%lld_%s", (long long)req->caller->app_id, lower);
    if (strlen(full) > USER_FIELD_NAME_CHARS ||
        lower[strspn(lower, "abcdefghijklmnopqrstuvwxyz0123456789_")])
        return api_fail(req, API_ERR_ARGUMENT,
                        "USER_TYPE_ID is made of a-z, 0-9 and _, and no longer than %d characters "
                        "with the prefix rest_%lld_",
                        USER_FIELD_NAME_CHARS, (long long)req->caller->app_id);
    given->type_id = lower;
    return API_OK;
}

static bool is_address(const char *text)
{
    return !strncasecmp(text, "http://", 7) || !strncasecmp(text, "https://", 8);
}

static enum api_rc take_options(struct request *req, struct given *given)
{
    const struct value *options = param_get(req, "OPTIONS");
    struct buf json = {0};
    struct writer w;
    writer_init(&w, &json);
    writer_value(&w, value_is_array(options) ? options : value_array(req->arena));
    given->options = arena_strndup(req->arena, json.data, json.len);
    buf_clear(&json);
    return API_OK;
}

static enum api_rc take(struct request *req, struct given *given)
{
    given->handler = param_text(req, "HANDLER");
    given->title = param_text(req, "TITLE");
    given->description = param_text(req, "DESCRIPTION");
    if (!*given->handler)
        return api_fail(req, API_ERR_ARGUMENT, "Argument 'HANDLER' is null or empty");
    if (!is_address(given->handler))
        return api_fail(req, API_ERR_ARGUMENT, "HANDLER is no address");
    if (strlen(given->handler) > LIMIT_LINE_BYTES || strlen(given->title) > LIMIT_LINE_BYTES ||
        strlen(given->description) > LIMIT_TEXT_BYTES)
        return api_fail(req, API_ERR_ARGUMENT, "An argument is too long");
    return take_options(req, given);
}

/* ---- rows ---- */

static enum api_rc find(struct request *req, const char *type_id, bool *exists)
{
    struct db_stmt *stmt = db_prepare_hold(
        req->db, "SELECT id FROM user_field_type WHERE app_id = $1 AND type_id = $2", NULL);
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_textz(stmt, 2, type_id);
    enum db_rc rc = db_step(stmt);
    *exists = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

/* Another type of the application has this handler. */
static enum api_rc handler_free(struct request *req, const struct given *given)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT 1 FROM user_field_type WHERE app_id = $1 AND handler = $2 AND "
                            "type_id <> $3");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_textz(stmt, 2, given->handler);
    db_bind_textz(stmt, 3, given->type_id);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    if (rc == DB_ROW)
        return api_fail(req, API_ERR_CORE,
                        "Unable to set placement handler: Handler already binded");
    return api_db(req, rc);
}

static enum api_rc write_row(struct request *req, const struct given *given, const char *sql)
{
    struct db_stmt *stmt = db_prepare(req->db, sql);
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_textz(stmt, 2, given->type_id);
    db_bind_textz(stmt, 3, given->handler);
    db_bind_textz(stmt, 4, given->title);
    db_bind_textz(stmt, 5, given->description);
    db_bind_textz(stmt, 6, given->options);
    return api_db(req, db_run(stmt));
}

/* ---- methods ---- */

static enum api_rc add(struct request *req)
{
    struct given given = {0};
    bool exists = false;
    enum api_rc rc = may_call(req);
    if (rc == API_OK)
        rc = take_type_id(req, &given);
    if (rc == API_OK)
        rc = take(req, &given);
    if (rc == API_OK)
        rc = find(req, given.type_id, &exists);
    if (rc == API_OK && exists)
        rc = api_fail(req, API_ERR_CORE, "Unable to set placement handler: Handler already binded");
    if (rc == API_OK)
        rc = handler_free(req, &given);
    if (rc == API_OK)
        rc = write_row(req, &given,
                       "INSERT INTO user_field_type (app_id, type_id, handler, title, "
                       "description, options) VALUES ($1, $2, $3, $4, $5, $6)");
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc missing(struct request *req)
{
    return api_fail(req, API_ERR_FIELD_NOT_FOUND, "User Field Type not found");
}

static enum api_rc update(struct request *req)
{
    struct given given = {0};
    bool exists = false;
    enum api_rc rc = may_call(req);
    if (rc == API_OK)
        rc = take_type_id(req, &given);
    if (rc == API_OK)
        rc = find(req, given.type_id, &exists);
    if (rc == API_OK && !exists)
        rc = missing(req);
    if (rc == API_OK)
        rc = take(req, &given);
    if (rc == API_OK)
        rc = handler_free(req, &given);
    if (rc == API_OK)
        rc = write_row(req, &given,
                       "UPDATE user_field_type SET handler = $3, title = $4, description = $5, "
                       "options = $6 WHERE app_id = $1 AND type_id = $2");
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc list(struct request *req)
{
    static const char *const keys[] = {"USER_TYPE_ID", "HANDLER", "TITLE", "DESCRIPTION"};
    enum api_rc may = may_call(req);
    enum db_rc rc;
    if (may != API_OK)
        return may;
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT type_id, handler, title, description FROM user_field_type "
                            "WHERE app_id = $1 ORDER BY id DESC");
    db_bind_int(stmt, 1, req->caller->app_id);
    req->total = 0;
    writer_begin_list(req->out);
    for (; (rc = db_step(stmt)) == DB_ROW; req->total++) {
        writer_begin_object(req->out);
        for (int i = 0; i < 4; i++)
            writer_text(req->out, keys[i], db_text(stmt, i, NULL));
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, rc);
}

/* Fields of the type stay, with what they hold. */
static enum api_rc remove_type(struct request *req)
{
    struct given given = {0};
    enum api_rc rc = may_call(req);
    if (rc == API_OK)
        rc = take_type_id(req, &given);
    if (rc != API_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM user_field_type WHERE app_id = $1 AND type_id = $2");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_textz(stmt, 2, given.type_id);
    rc = api_db(req, db_run(stmt));
    if (rc == API_OK && !db_changes(req->db))
        return missing(req);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

#define TYPE_ID                                                                                    \
    {                                                                                              \
        "USER_TYPE_ID", PARAM_STRING, true, "Its code, of a-z, 0-9 and _.", .asked = true          \
    }
#define REST                                                                                       \
    {"DESCRIPTION", PARAM_STRING, false, "What it is."},                                           \
    {                                                                                              \
        "OPTIONS", PARAM_ARRAY, false, "height: of its frame, in pixels."                          \
    }

static const struct param id_params[] = {TYPE_ID, {0}};
static const struct param params[] = {
    TYPE_ID,
    {"HANDLER", PARAM_STRING, true, "The address of its frame.", .asked = true},
    {"TITLE", PARAM_STRING, false, "What it is called."},
    REST,
    {0}};
static const struct param type_keys[] = {{"USER_TYPE_ID", PARAM_STRING, true},
                                         {"HANDLER", PARAM_STRING, true},
                                         {"TITLE", PARAM_STRING, true},
                                         {"DESCRIPTION", PARAM_STRING, true},
                                         {0}};

#define PAGE(name) "api-reference/widgets/user-field/userfieldtype-" name
static const struct method methods[] = {
    {.name = "userfieldtype.add",
     .summary = "Register a type of custom fields of the application.",
     .scope = "placement",
     .lane = LANE_WRITE,
     .params = params,
     .result = SHAPE_BOOL,
     .page = PAGE("add"),
     .handle = add},
    {.name = "userfieldtype.update",
     .summary = "Change a type of custom fields of the application.",
     .scope = "placement",
     .lane = LANE_WRITE,
     .params = params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = update},
    {.name = "userfieldtype.list",
     .summary = "Return the types of custom fields of the application.",
     .scope = "placement",
     .lane = LANE_READ,
     .result = SHAPE_LIST,
     .gives = type_keys,
     .page = PAGE("list"),
     .handle = list},
    {.name = "userfieldtype.delete",
     .summary = "Remove a type of custom fields of the application.",
     .scope = "placement",
     .lane = LANE_WRITE,
     .params = id_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = remove_type},
};

MODULE(userfieldtype, METHODS(methods));
