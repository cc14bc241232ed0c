/* pairs_list - one row's links as a list with all that a pair holds: see model/pairs.h. */
#include <string.h>

#include "model/pairs.h"

/* ---- reading ---- */

static void list_add(struct arena *arena, struct pairs_list *list, size_t *room,
                     const struct pairs_item *item)
{
    if (list->count == *room) {
        *room = *room ? *room * 2 : 16;
        struct pairs_item *more = arena_alloc(arena, *room * sizeof *more);
        if (list->count)
            memcpy(more, list->item, list->count * sizeof *more);
        list->item = more;
    }
    list->item[list->count++] = *item;
}

/* The row's own column says which is the main one. */
static enum api_rc read_main(struct request *req, const struct entity *entity,
                             const struct relation *relation, int64_t id, int64_t *main)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT %s FROM %s WHERE id = $1", pairs_main_column(entity, relation),
               entity->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *main = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return api_db(req, rc);
}

enum api_rc pairs_read(struct request *req, const struct entity *entity,
                       const struct relation *relation, int64_t id, struct pairs_list *list)
{
    const char *mark = relation->inverse ? relation->with : NULL;
    struct buf sql = {0};
    size_t room = 0;
    *list = (struct pairs_list){0};
    buf_printf(&sql, "SELECT %s, sort, role_id, %s FROM %s WHERE %s = $1 ORDER BY sort, %s",
               relation->other, mark ? mark : "0", relation->table, relation->own, relation->other);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        const struct pairs_item item = {
            .other = db_int(stmt, 0), .sort = db_int(stmt, 1), .role_id = db_int(stmt, 2)};
        list_add(req->arena, list, &room, &item);
        if (db_int(stmt, 3))
            list->main = item.other;
    }
    db_finish(stmt);
    if (rc == DB_NONE && relation->main)
        return read_main(req, entity, relation, id, &list->main);
    /* Nobody was named yet: the first one is. */
    if (mark && !list->main && list->count)
        list->main = list->item[0].other;
    return api_db(req, rc);
}

/* ---- writing ---- */

static const struct pairs_item *find_item(const struct pairs_list *list, int64_t other)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->item[i].other == other)
            return &list->item[i];
    }
    return NULL;
}

static enum api_rc run_pair(struct request *req, struct buf *sql, int64_t id, int64_t other)
{
    struct db_stmt *stmt = db_prepare(req->db, buf_text(sql));
    buf_clear(sql);
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, other);
    return api_db(req, db_run(stmt));
}

static enum api_rc drop_gone(struct request *req, const struct relation *relation, int64_t id,
                             const struct pairs_list *before, const struct pairs_list *now,
                             bool *changed)
{
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < before->count && rc == API_OK; i++) {
        struct buf sql = {0};
        if (find_item(now, before->item[i].other))
            continue;
        *changed = true;
        buf_printf(&sql, "DELETE FROM %s WHERE %s = $1 AND %s = $2", relation->table, relation->own,
                   relation->other);
        rc = run_pair(req, &sql, id, before->item[i].other);
    }
    return rc;
}

static enum api_rc store_item(struct request *req, const struct relation *relation, int64_t id,
                              const struct pairs_item *item)
{
    struct buf sql = {0};
    buf_printf(
        &sql,
        "INSERT INTO %s (%s, %s, sort, role_id) VALUES ($1, $2, $3, $4) ON CONFLICT (%s, %s) "
        "DO UPDATE SET sort = EXCLUDED.sort, role_id = EXCLUDED.role_id",
        relation->table, relation->own, relation->other,
        relation->inverse ? relation->other : relation->own,
        relation->inverse ? relation->own : relation->other);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, item->other);
    db_bind_int(stmt, 3, item->sort);
    db_bind_int(stmt, 4, item->role_id);
    return api_db(req, db_run(stmt));
}

static enum api_rc store_items(struct request *req, const struct relation *relation, int64_t id,
                               const struct pairs_list *before, const struct pairs_list *now,
                               bool *changed)
{
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < now->count && rc == API_OK; i++) {
        const struct pairs_item *item = &now->item[i];
        const struct pairs_item *stored = find_item(before, item->other);
        if (stored && stored->sort == item->sort && stored->role_id == item->role_id)
            continue;
        *changed = true;
        rc = store_item(req, relation, id, item);
    }
    return rc;
}

static enum api_rc store_main(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t id, int64_t main)
{
    struct buf sql = {0};
    if (relation->main)
        buf_printf(&sql, "UPDATE %s SET %s = $2 WHERE id = $1", entity->table,
                   pairs_main_column(entity, relation));
    else
        buf_printf(&sql, "UPDATE %s SET %s = CASE WHEN %s = $2 THEN 1 ELSE 0 END WHERE %s = $1",
                   relation->table, (const char *)relation->with, relation->other, relation->own);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    if (main)
        db_bind_int(stmt, 2, main);
    else
        db_bind_null(stmt, 2);
    return api_db(req, db_run(stmt));
}

enum api_rc pairs_write(struct request *req, const struct entity *entity,
                        const struct relation *relation, int64_t id,
                        const struct pairs_list *before, const struct pairs_list *now,
                        bool *changed)
{
    enum api_rc rc = drop_gone(req, relation, id, before, now, changed);
    if (rc == API_OK)
        rc = store_items(req, relation, id, before, now, changed);
    if (rc == API_OK && (relation->main || relation->with) && now->main != before->main) {
        *changed = true;
        rc = store_main(req, entity, relation, id, now->main);
    }
    if (rc == API_OK && *changed && relation->inverse && relation->inverse->main)
        rc = pairs_follow(req, relation->to, relation->inverse, id);
    return rc;
}
