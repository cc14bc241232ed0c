/* key - how methods name a row: by its id, or by the text of a field of its own (a currency by its code). */
#include "model/permit.h"

static enum api_rc id_of(struct request *req, const struct entity *entity, const char *key,
                         size_t len, int64_t *id)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT id FROM %s WHERE %s = $1", entity->table,
               entity_field(entity, entity->key)->column);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_text(stmt, 1, key, len);
    enum db_rc rc = db_step(stmt);
    *id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc entity_id(struct request *req, const struct entity *entity, int64_t *id)
{
    size_t len;
    const char *key = value_to_text(req->arena, param_get(req, "id"), &len);
    *id = 0;
    return key && len ? id_of(req, entity, key, len, id) : API_OK;
}

enum api_rc entity_named(struct request *req, const struct entity *entity,
                         enum access_action action, int64_t *id)
{
    if (!entity->key && (!param_int(req, "id", id) || *id <= 0))
        return permit_missing(req, entity, action);
    enum api_rc rc = permit_any(req, entity, action);
    if (!entity->key || rc != API_OK)
        return rc;
    rc = entity_id(req, entity, id);
    return rc == API_OK && !*id ? permit_absent(req, entity, action) : rc;
}

enum api_rc entity_key(struct request *req, const struct entity *entity, int64_t id,
                       const char **text)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT %s FROM %s WHERE id = $1", entity_field(entity, entity->key)->column,
               entity->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *text = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : "";
    db_finish(stmt);
    return api_db(req, rc);
}
