#include "crm/category.h"

#include <string.h>

#include "crm/stage.h"

#define COLUMNS                                                                                    \
    "id, entity_type_id, name, sort, is_default, is_system, code, coalesce(created, 0), "          \
    "origin_id, originator_id, directory"

/* ---- looking ---- */

static void read_row(struct request *req, struct db_stmt *stmt, struct category *category)
{
    *category = (struct category){.id = db_int(stmt, 0),
                                  .type_id = db_int(stmt, 1),
                                  .name = request_text(req, stmt, 2, NULL),
                                  .sort = db_int(stmt, 3),
                                  .is_default = *db_text(stmt, 4, NULL) == 'Y',
                                  .is_system = *db_text(stmt, 5, NULL) == 'Y',
                                  .code = request_text(req, stmt, 6, NULL),
                                  .created = db_int(stmt, 7),
                                  .origin_id = request_text(req, stmt, 8, NULL),
                                  .originator_id = request_text(req, stmt, 9, NULL),
                                  .directory = request_text(req, stmt, 10, NULL)};
}

static enum api_rc find(struct request *req, struct db_stmt *stmt, struct category *category,
                        bool *found)
{
    enum db_rc rc = db_step(stmt);
    *found = rc == DB_ROW;
    if (*found)
        read_row(req, stmt, category);
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc category_find(struct request *req, int64_t type_id, int64_t id,
                          struct category *category, bool *found)
{
    struct db_stmt *stmt = db_prepare_share(
        req->db, "SELECT " COLUMNS " FROM category WHERE id = $1 AND entity_type_id = $2", NULL);
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, type_id);
    return find(req, stmt, category, found);
}

enum api_rc category_hold(struct request *req, int64_t type_id, int64_t id,
                          struct category *category, bool *found)
{
    struct db_stmt *stmt = db_prepare_hold(
        req->db, "SELECT " COLUMNS " FROM category WHERE id = $1 AND entity_type_id = $2", NULL);
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, type_id);
    return find(req, stmt, category, found);
}

enum api_rc category_of_directory(struct request *req, const char *directory,
                                  struct category *category, bool *found)
{
    struct db_stmt *stmt =
        db_prepare_share(req->db, "SELECT " COLUMNS " FROM category WHERE directory = $1", NULL);
    db_bind_textz(stmt, 1, directory);
    return find(req, stmt, category, found);
}

enum api_rc category_default(struct request *req, int64_t type_id, int64_t *id)
{
    struct db_stmt *stmt = db_prepare_share(
        req->db, "SELECT id FROM category WHERE entity_type_id = $1 AND is_default = 'Y'", NULL);
    db_bind_int(stmt, 1, type_id);
    enum db_rc rc = db_step(stmt);
    *id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc category_list(struct request *req, int64_t type_id, struct category **list,
                          size_t *count)
{
    struct db_stmt *stmt =
        db_prepare(req->db, type_id ? "SELECT " COLUMNS " FROM category WHERE entity_type_id = $1 "
                                      "ORDER BY sort, id"
                                    : "SELECT " COLUMNS " FROM category ORDER BY entity_type_id, "
                                      "sort, id");
    size_t cap = 0;
    enum db_rc rc;
    *count = 0;
    *list = NULL;
    if (type_id)
        db_bind_int(stmt, 1, type_id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (*count == cap) {
            struct category *more = arena_alloc(req->arena, (cap ? cap * 2 : 8) * sizeof *more);
            if (cap)
                memcpy(more, *list, cap * sizeof *more);
            *list = more;
            cap = cap ? cap * 2 : 8;
        }
        read_row(req, stmt, &(*list)[(*count)++]);
    }
    db_finish(stmt);
    return api_db(req, rc);
}

/* ---- changing ---- */

/* There is one default of a type, and this is it now. */
static enum api_rc only_default(struct request *req, const struct category *category)
{
    if (!category->is_default)
        return API_OK;
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE category SET is_default = 'N' WHERE entity_type_id = $1 AND "
                            "is_default = 'Y' AND id <> $2");
    db_bind_int(stmt, 1, category->type_id);
    db_bind_int(stmt, 2, category->id);
    return api_db(req, db_run(stmt));
}

static enum api_rc name_directory(struct request *req, const struct entity *entity,
                                  struct category *category)
{
    category->directory = stage_directory(req, entity, category->id);
    struct db_stmt *stmt = db_prepare(req->db, "UPDATE category SET directory = $1 WHERE id = $2");
    db_bind_textz(stmt, 1, category->directory);
    db_bind_int(stmt, 2, category->id);
    return api_db(req, db_run(stmt));
}

enum api_rc category_add(struct request *req, const struct entity *entity,
                         struct category *category)
{
    /* A new default, and the directory that has no name before there is an id, are one at a time. */
    enum api_rc rc = api_db(req, db_hold_rule(req->db, "category"));
    if (rc != API_OK)
        return rc;
    category->type_id = entity->type_id;
    category->created = (int64_t)req->now;
    struct db_stmt *stmt = db_prepare(
        req->db, "INSERT INTO category (entity_type_id, name, sort, is_default, is_system, "
                 "is_locked, code, created, origin_id, originator_id, directory) VALUES "
                 "($1,$2,$3,$4,$5,'N',$6,$7,$8,$9,'') RETURNING id");
    db_bind_int(stmt, 1, category->type_id);
    db_bind_textz(stmt, 2, category->name);
    db_bind_int(stmt, 3, category->sort);
    db_bind_textz(stmt, 4, category->is_default ? "Y" : "N");
    db_bind_textz(stmt, 5, category->is_system ? "Y" : "N");
    db_bind_textz(stmt, 6, category->code ? category->code : "");
    db_bind_int(stmt, 7, category->created);
    db_bind_textz(stmt, 8, category->origin_id ? category->origin_id : "");
    db_bind_textz(stmt, 9, category->originator_id ? category->originator_id : "");
    enum db_rc step = db_step(stmt);
    if (step == DB_ROW)
        category->id = db_int(stmt, 0);
    db_finish(stmt);
    rc = api_db(req, step);
    if (rc == API_OK)
        rc = only_default(req, category);
    if (rc == API_OK)
        rc = name_directory(req, entity, category);
    return rc == API_OK ? stage_make(req, entity, category->id) : rc;
}

enum api_rc category_update(struct request *req, const struct category *category)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "UPDATE category SET name = $1, sort = $2, is_default = $3, origin_id "
                            "= $4, originator_id = $5 WHERE id = $6");
    db_bind_textz(stmt, 1, category->name);
    db_bind_int(stmt, 2, category->sort);
    db_bind_textz(stmt, 3, category->is_default ? "Y" : "N");
    db_bind_textz(stmt, 4, category->origin_id);
    db_bind_textz(stmt, 5, category->originator_id);
    db_bind_int(stmt, 6, category->id);
    enum api_rc rc = api_db(req, db_run(stmt));
    return rc == API_OK ? only_default(req, category) : rc;
}

/* The literal condition lets the index serve that leaves the default funnel out. */
enum api_rc category_in_use(struct request *req, const struct entity *entity, int64_t id,
                            bool *used)
{
    struct buf sql = {0};
    const char *column = entity_field(entity, entity->category)->column;
    buf_printf(&sql, "SELECT 1 FROM %s WHERE %s = $1 AND %s <> 0 LIMIT 1", entity->table, column,
               column);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *used = rc == DB_ROW;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc category_remove(struct request *req, const struct entity *entity, int64_t id)
{
    struct db_stmt *stmt = db_prepare(req->db, "DELETE FROM category WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum api_rc rc = api_db(req, db_run(stmt));
    if (rc != API_OK)
        return rc;
    stmt = db_prepare(req->db, "DELETE FROM role_funnel WHERE category_id = $1");
    db_bind_int(stmt, 1, id);
    rc = api_db(req, db_run(stmt));
    return rc == API_OK ? stage_remove(req, entity, id) : rc;
}

/* ---- codes ---- */

static enum api_rc known_category(struct change *change, const struct field *field,
                                  struct cell *cell, bool *known)
{
    struct category category;
    (void)field;
    return category_find(change->req, change->entity->type_id, cell->integer, &category, known);
}

const struct field_codes codes_category = {.known = known_category};
