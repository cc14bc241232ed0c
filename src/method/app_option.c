/* app.option.get, set, user.option.get, set - what an application keeps in the portal.
 *
 * Used by: the registry.
 * Pages:   api-reference/common/settings/. The errors are those of live portals, 403 ACCESS_DENIED.
 */
#include <string.h>

#include "model/method.h"

#define OPTION_NAME_BYTES 255
#define OPTION_VALUE_BYTES (256UL * 1024)
#define OPTIONS_MAX 1000 /* of one call */

static enum api_rc needs_app(struct request *req)
{
    return req->caller->app_id ? API_OK
                               : api_fail(req, API_ERR_ACCESS_DENIED,
                                          "Access denied! Application context required");
}

static enum api_rc get_one(struct request *req, int64_t user_id, const char *name)
{
    size_t len;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT value FROM app_option WHERE app_id = $1 AND user_id = $2 AND name = $3");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_int(stmt, 2, user_id);
    db_bind_textz(stmt, 3, name);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        const char *json = db_text(stmt, 0, &len);
        writer_raw(req->out, json, len);
    } else {
        writer_null(req->out);
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc get_all(struct request *req, int64_t user_id)
{
    enum db_rc rc;
    size_t len, count = 0;
    struct db_stmt *stmt = db_prepare(
        req->db,
        "SELECT name, value FROM app_option WHERE app_id = $1 AND user_id = $2 ORDER BY name");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_int(stmt, 2, user_id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (!count++)
            writer_begin_object(req->out);
        writer_keyz(req->out, db_text(stmt, 0, NULL));
        const char *json = db_text(stmt, 1, &len);
        writer_raw(req->out, json, len);
    }
    db_finish(stmt);
    if (count) {
        writer_end_object(req->out);
    } else {
        writer_begin_list(req->out);
        writer_end_list(req->out);
    }
    return api_db(req, rc);
}

static enum api_rc option_get(struct request *req, int64_t user_id)
{
    enum api_rc rc = needs_app(req);
    if (rc != API_OK)
        return rc;
    const char *name = param_text(req, "option");
    return *name ? get_one(req, user_id, name) : get_all(req, user_id);
}

static enum api_rc set_one(struct request *req, int64_t user_id, const char *name,
                           const struct value *value)
{
    struct buf json = {0};
    struct writer w;
    enum api_rc rc;
    writer_init(&w, &json);
    writer_value(&w, value);
    if (!*name || strlen(name) > OPTION_NAME_BYTES || json.len > OPTION_VALUE_BYTES) {
        rc = api_fail(req, API_ERR_INVALID_ARG_VALUE,
                      "An option has a name of 1 to 255 bytes and a value of at most 256 KiB");
    } else {
        struct db_stmt *stmt = db_prepare(
            req->db,
            "INSERT INTO app_option (app_id, user_id, name, value) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (app_id, user_id, name) DO UPDATE SET value = EXCLUDED.value");
        db_bind_int(stmt, 1, req->caller->app_id);
        db_bind_int(stmt, 2, user_id);
        db_bind_textz(stmt, 3, name);
        db_bind_text(stmt, 4, json.data, json.len);
        rc = api_db(req, db_run(stmt));
    }
    buf_clear(&json);
    return rc;
}

static enum api_rc option_set(struct request *req, int64_t user_id)
{
    const struct value *options = param_get(req, "options");
    enum api_rc rc = needs_app(req);
    if (rc != API_OK)
        return rc;
    if (value_is_empty(options))
        return api_fail(req, API_ERR_ARGUMENT_NULL, "options is empty");
    if (options->array.count > OPTIONS_MAX)
        return api_fail(req, API_ERR_INVALID_ARG_VALUE, "options has more than 1000 keys");
    for (size_t i = 0; i < options->array.count && rc == API_OK; i++)
        rc = set_one(req, user_id, options->array.items[i].key, options->array.items[i].value);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc app_option_get(struct request *req)
{
    return option_get(req, 0);
}

static enum api_rc app_option_set(struct request *req)
{
    enum api_rc rc = needs_app(req);
    if (rc == API_OK && !req->caller->is_admin)
        rc = api_fail(req, API_ERR_ACCESS_DENIED,
                      "Access denied! Administrator authorization required");
    return rc == API_OK ? option_set(req, 0) : rc;
}

static enum api_rc user_option_get(struct request *req)
{
    return option_get(req, req->caller->user_id);
}

static enum api_rc user_option_set(struct request *req)
{
    return option_set(req, req->caller->user_id);
}

static const struct param get_params[] = {
    {"option", PARAM_STRING, false, "the key; without it all"}, {NULL, PARAM_END, false, NULL}};

static const struct param set_params[] = {
    {"options", PARAM_ARRAY, true, "values by key; other keys stay"},
    {NULL, PARAM_END, false, NULL}};

#define OPTION_METHOD(method, text, in_lane, in_params, out, shown, doc, function)                 \
    {                                                                                              \
        .name = method, .summary = text, .lane = in_lane, .of_rows = true, .params = in_params,    \
        .result = out, .gives = shown, .page = "api-reference/common/settings/" doc,               \
        .handle = function                                                                         \
    }

static const struct param kept[] = {
    {"", PARAM_ANY, .summary = "The value of the key, or all by key; null: there is none"}, {0}};

static const struct method methods[] = {
    OPTION_METHOD("app.option.get", "Return what the application keeps for all.", LANE_READ,
                  get_params, SHAPE_ANY, kept, "app-option-get", app_option_get),
    OPTION_METHOD("app.option.set", "Keep values of the application for all.", LANE_WRITE,
                  set_params, SHAPE_BOOL, NULL, "app-option-set", app_option_set),
    OPTION_METHOD("user.option.get", "Return what the application keeps for the user.", LANE_READ,
                  get_params, SHAPE_ANY, kept, "user-option-get", user_option_get),
    OPTION_METHOD("user.option.set", "Keep values of the application for the user.", LANE_WRITE,
                  set_params, SHAPE_BOOL, NULL, "user-option-set", user_option_set),
};

MODULE(app_option, METHODS(methods));
