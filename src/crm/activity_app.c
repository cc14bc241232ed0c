#include "crm/activity_app.h"

#include <string.h>

#include "crm/activity_parts.h"

enum api_rc activity_app_of(struct request *req, int64_t activity_id, int64_t *app_id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT app_id FROM activity_app WHERE activity_id = $1");
    db_bind_int(stmt, 1, activity_id);
    enum db_rc rc = db_step(stmt);
    *app_id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc activity_app_claim(struct request *req, int64_t activity_id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "INSERT INTO activity_app (activity_id, app_id) VALUES ($1, $2) ON "
                            "CONFLICT (activity_id) DO UPDATE SET app_id = $2");
    db_bind_int(stmt, 1, activity_id);
    db_bind_int(stmt, 2, req->caller->app_id);
    return api_db(req, db_run(stmt));
}

enum api_rc activity_app_only(struct request *req, int64_t activity_id, const char *provider)
{
    int64_t app_id = 0;
    if (strcmp(provider, PROVIDER_APP) != 0 && strcmp(provider, PROVIDER_CONFIGURABLE) != 0)
        return API_OK;
    enum api_rc rc = activity_app_of(req, activity_id, &app_id);
    if (rc == API_OK && (!req->caller->app_id || (app_id && app_id != req->caller->app_id)))
        rc = api_fail_text(req, "Application context required");
    return rc;
}

static enum api_rc store(struct change *change, const struct relation *relation, void *slot)
{
    (void)relation, (void)slot;
    if (change->trusted || strcmp(change_cell(change, "PROVIDER_ID")->text, PROVIDER_APP) != 0)
        return API_OK;
    return activity_app_claim(change->req, change->id);
}

const struct relation activity_apps = {
    .kind = &(const struct relation_kind){.store = store, .remove = relation_remove_owned},
    .name = "application",
    .rows = "applications",
    .table = "activity_app",
    .own = "activity_id"};
