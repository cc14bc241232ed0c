#include "crm/stage.h"

#include <string.h>

/* ---- names ---- */

static const char *fill_in(struct request *req, const char *format, int64_t type_id,
                           int64_t category_id)
{
    struct buf out = {0};
    for (const char *at = format; *at; at++) {
        if (!strncmp(at, "{type}", 6))
            buf_printf(&out, "%lld", (long long)type_id);
        else if (!strncmp(at, "{category}", 10))
            buf_printf(&out, "%lld", (long long)category_id);
        else
            buf_addc(&out, *at);
        if (*at == '{')
            at = strchr(at, '}');
    }
    const char *text = arena_strndup(req->arena, buf_text(&out), out.len);
    buf_clear(&out);
    return text;
}

static bool has_number(const struct entity *entity, int64_t category_id)
{
    return entity->stages->numbered && (category_id || !entity->stages->directory);
}

const char *stage_directory(struct request *req, const struct entity *entity, int64_t category_id)
{
    const struct stages *stages = entity->stages;
    return has_number(entity, category_id)
               ? fill_in(req, stages->numbered, entity->type_id, category_id)
               : stages->directory;
}

const char *stage_prefix(struct request *req, const struct entity *entity, int64_t category_id)
{
    return has_number(entity, category_id)
               ? fill_in(req, entity->stages->prefix, entity->type_id, category_id)
               : "";
}

/* ---- the stages of a funnel ---- */

enum api_rc stage_make(struct request *req, const struct entity *entity, int64_t category_id)
{
    const struct stages *stages = entity->stages;
    const char *directory = stage_directory(req, entity, category_id);
    const char *prefix = stage_prefix(req, entity, category_id);
    enum db_rc rc = DB_OK;
    for (size_t i = 0; i < stages->first_count && rc == DB_OK; i++) {
        const struct stage_first *first = &stages->first[i];
        const char *code =
            *prefix ? arena_printf(req->arena, "%s:%s", prefix, first->code) : first->code;
        struct db_stmt *stmt = db_prepare(
            req->db, "INSERT INTO crm_status (entity_id, status_id, sort, name, name_init, system, "
                     "category_id, color, semantics) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)");
        db_bind_textz(stmt, 1, directory);
        db_bind_textz(stmt, 2, code);
        db_bind_int(stmt, 3, 10 * (int64_t)(i + 1));
        db_bind_textz(stmt, 4, first->name);
        db_bind_textz(stmt, 5, first->system ? first->name : "");
        db_bind_textz(stmt, 6, first->system ? "Y" : "N");
        db_bind_int(stmt, 7, category_id);
        db_bind_textz(stmt, 8, first->color);
        db_bind_textz(stmt, 9, first->semantics);
        rc = db_run(stmt);
    }
    return api_db(req, rc);
}

enum api_rc stage_remove(struct request *req, const struct entity *entity, int64_t category_id)
{
    struct db_stmt *stmt = db_prepare(req->db, "DELETE FROM crm_status WHERE entity_id = $1");
    db_bind_textz(stmt, 1, stage_directory(req, entity, category_id));
    return api_db(req, db_run(stmt));
}

enum api_rc stage_in_use(struct request *req, const struct entity *entity, const char *code,
                         bool *used)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT 1 FROM %s WHERE %s = $1 LIMIT 1", entity->table,
               entity_field(entity, entity->stages->field)->column);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_textz(stmt, 1, code);
    enum db_rc rc = db_step(stmt);
    *used = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}
