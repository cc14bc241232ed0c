/* crm.activity.type.* - activity types that an application registers for itself.
 * Pages: api-reference/crm/timeline/activities/types. */
#include <string.h>

#include "base/limits.h"
#include "crm/activity.h"
#include "model/method.h"
#include "model/unknown.h"
#include "portal/file_given.h"

const struct file_reference activity_type_icon = {"activity_type", "icon", "icon", "activity type",
                                                  "id"};
FILE_COLUMN(activity_type_icon);

#define PAGE(name) "api-reference/crm/timeline/activities/types/" name

static enum api_rc may_call(struct request *req)
{
    if (!req->caller->app_id)
        return api_fail_text(req, "Access denied! Application context required");
    if (!req->caller->is_admin)
        return api_fail_text(req, "Admin permissions required");
    return API_OK;
}

static enum api_rc invalid(struct request *req, const char *text)
{
    return api_fail(req, API_ERR_INVALID_ARG_VALUE, "%s", text);
}

/* "" for what is absent; NULL for what is no text or too long for one. */
static const char *short_text(struct request *req, const struct value *value)
{
    size_t len = 0;
    if (!value)
        return "";
    const char *text = value_to_text(req->arena, value, &len);
    return text && len <= LIMIT_CODE_BYTES ? text : NULL;
}

/* What ICON_FILE holds is stored with the files of activities. */
static enum api_rc store_icon(struct request *req, const struct value *given,
                              struct file_given *icon)
{
    memset(icon, 0, sizeof *icon);
    if (value_is_empty(given))
        return API_OK;
    const struct value *pair = file_given_pair(given);
    if (!pair || !file_given_good(req, pair))
        return invalid(req, "The field ICON_FILE is invalid");
    return file_given_store(req, &activity_type_icon, pair, icon);
}

static enum api_rc insert_type(struct request *req, const char *type_id, const char *name,
                               bool configurable, const struct file_given *icon)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO activity_type (app_id, type_id, name, is_configurable, icon_name, "
                 "icon_size, icon) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING "
                 "RETURNING id");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_textz(stmt, 2, type_id);
    db_bind_textz(stmt, 3, name);
    db_bind_textz(stmt, 4, configurable ? "Y" : "N");
    db_bind_textz(stmt, 5, icon->name);
    if (icon->name)
        db_bind_int(stmt, 6, (int64_t)icon->size);
    else
        db_bind_null(stmt, 6);
    db_bind_textz(stmt, 7, icon->name ? icon->content : NULL);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    if (rc == DB_NONE) {
        if (icon->name)
            file_drop_add(req, icon->content);
        return invalid(req, "A custom activity type with the specified TYPE_ID already exists");
    }
    return api_db(req, rc);
}

static enum api_rc type_add(struct request *req)
{
    struct file_given icon;
    bool configurable = false;
    static const char *const known[] = {"TYPE_ID", "NAME", "ICON_FILE", "IS_CONFIGURABLE_TYPE",
                                        NULL};
    const struct value *fields = param_get(req, "fields");
    enum api_rc rc = may_call(req);
    if (rc == API_OK)
        rc = unknown_keys(req, IN_FIELDS, fields, known);
    if (rc != API_OK)
        return rc;
    const char *type_id = short_text(req, value_get(fields, "TYPE_ID"));
    const char *name = short_text(req, value_get(fields, "NAME"));
    const struct value *flag = value_get(fields, "IS_CONFIGURABLE_TYPE");
    if (!type_id || !*type_id)
        return invalid(req, "The required field TYPE_ID is not filled");
    if (!name)
        return invalid(req, "The field NAME is invalid");
    if (flag && !value_is_empty(flag) && !value_to_flag(flag, &configurable))
        return invalid(req, "The field IS_CONFIGURABLE_TYPE is invalid");
    rc = store_icon(req, value_get(fields, "ICON_FILE"), &icon);
    if (rc == API_OK)
        rc = insert_type(req, type_id, name, configurable, &icon);
    if (rc == API_OK)
        writer_bool(req->out, true);
    return rc;
}

static enum api_rc type_list(struct request *req)
{
    enum db_rc rc;
    enum api_rc may = may_call(req);
    if (may != API_OK)
        return may;
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT type_id, name, is_configurable, icon, id FROM activity_type WHERE app_id "
                 "= $1 ORDER BY id");
    db_bind_int(stmt, 1, req->caller->app_id);
    writer_begin_list(req->out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        static const char *const keys[] = {"TYPE_ID", "NAME", "IS_CONFIGURABLE_TYPE"};
        writer_begin_object(req->out);
        for (int i = 0; i < 3; i++) {
            size_t len;
            const char *text = db_text(stmt, i, &len);
            writer_keyz(req->out, keys[i]);
            writer_string(req->out, text, len);
        }
        writer_keyz(req->out, "ICON_ID");
        writer_int_string(req->out, db_is_null(stmt, 3) ? 0 : db_int(stmt, 4));
        writer_end_object(req->out);
    }
    db_finish(stmt);
    writer_end_list(req->out);
    return api_db(req, rc);
}

static enum api_rc type_delete(struct request *req)
{
    enum api_rc may = may_call(req);
    if (may != API_OK)
        return may;
    const char *type_id = short_text(req, param_get(req, "TYPE_ID"));
    struct db_stmt *stmt = db_prepare(
        req->db, "DELETE FROM activity_type WHERE app_id = $1 AND type_id = $2 RETURNING icon");
    db_bind_int(stmt, 1, req->caller->app_id);
    db_bind_textz(stmt, 2, type_id ? type_id : "");
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW && !db_is_null(stmt, 0))
        file_drop_add(req, db_text(stmt, 0, NULL));
    db_finish(stmt);
    if (rc == DB_NONE)
        return invalid(req, "Custom activity type with the specified TYPE_ID does not exist");
    if (rc == DB_ROW)
        writer_bool(req->out, true);
    return api_db(req, rc);
}

static const struct param add_params[] = {
    {"fields", PARAM_ARRAY, true,
     "TYPE_ID (required), NAME, ICON_FILE (fileData), IS_CONFIGURABLE_TYPE (Y: for "
     "crm.activity.configurable.add)"},
    {NULL, PARAM_END, false, NULL},
};
static const struct param delete_params[] = {
    {"TYPE_ID", PARAM_STRING, true, "The type's own code"},
    {NULL, PARAM_END, false, NULL},
};

static const struct param type_keys[] = {{"TYPE_ID", PARAM_STRING, true},
                                         {"NAME", PARAM_STRING, true},
                                         {"IS_CONFIGURABLE_TYPE", PARAM_STRING, true},
                                         {"ICON_ID", PARAM_STRING, true},
                                         {0}};

static const struct method methods[] = {
    {.name = "crm.activity.type.add",
     .summary = "Register an activity type of the application.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = add_params,
     .result = SHAPE_BOOL,
     .page = PAGE("crm-activity-type-add"),
     .handle = type_add},
    {.name = "crm.activity.type.list",
     .summary = "List the activity types of the application.",
     .scope = "crm",
     .result = SHAPE_LIST,
     .gives = type_keys,
     .page = PAGE("crm-activity-type-list"),
     .handle = type_list},
    {.name = "crm.activity.type.delete",
     .summary = "Delete an activity type of the application.",
     .scope = "crm",
     .lane = LANE_WRITE,
     .of_rows = true,
     .params = delete_params,
     .result = SHAPE_BOOL,
     .page = PAGE("crm-activity-type-delete"),
     .handle = type_delete},
};

MODULE(crm_activity_type, METHODS(methods));
