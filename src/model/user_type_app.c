#include "model/user_type_app.h"

#include <string.h>

bool user_type_app_id(const char *id, int64_t *app_id, const char **type_id)
{
    const char *from = id + strlen("rest_");
    if (strncmp(id, "rest_", strlen("rest_")) != 0)
        return false;
    const char *to = strchr(from, '_');
    *type_id = to ? to + 1 : "";
    return to && text_to_int(from, (size_t)(to - from), app_id) && **type_id;
}

enum api_rc user_type_of(struct request *req, const char *id, const struct user_type **type)
{
    int64_t app_id;
    const char *type_id;
    *type = user_type_find(id);
    if (!*type || (*type)->place)
        return API_OK;
    *type = NULL;
    if (!user_type_app_id(id, &app_id, &type_id))
        return API_OK;
    struct db_stmt *stmt = db_prepare_share(
        req->db, "SELECT id FROM user_field_type WHERE app_id = $1 AND type_id = $2", NULL);
    db_bind_int(stmt, 1, app_id);
    db_bind_textz(stmt, 2, type_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *type = user_type_find(id);
    db_finish(stmt);
    return api_db(req, rc);
}
