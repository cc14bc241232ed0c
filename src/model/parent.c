#include "model/parent.h"

#include "model/reference.h"

static enum api_rc check(struct change *change, const struct relation *relation, void **slot)
{
    size_t at = entity_at(change->entity, relation->main);
    struct cell *cell = &change->now[at];
    const struct cell *old = change->old ? &change->old[at] : NULL;
    enum reference reference = REFERENCE_MISSING;
    (void)slot;
    if (!cell->given || cell->null || (old && !old->null && old->integer == cell->integer))
        return API_OK;
    enum api_rc rc = reference_find(change->req, relation->to, cell->integer, &reference);
    if (rc != API_OK || reference != REFERENCE_MISSING)
        return rc;
    if (!old || !cell->integer)
        cell_set_null(cell);
    else
        *cell = *old;
    return API_OK;
}

static enum api_rc other_gone(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t other)
{
    const char *column = entity->fields[entity_at(entity, relation->main)].column;
    struct buf sql = {0};
    buf_printf(&sql, "UPDATE %s SET %s = NULL WHERE %s = $1", entity->table, column, column);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, other);
    return api_db(req, db_run(stmt));
}

static enum api_rc other_moved(struct request *req, const struct entity *entity,
                               const struct relation *relation, int64_t from, int64_t into)
{
    const char *column = entity->fields[entity_at(entity, relation->main)].column;
    struct buf sql = {0};
    buf_printf(&sql, "UPDATE %s SET %s = $2 WHERE %s = $1", entity->table, column, column);
    return relation_run(req, &sql, from, into);
}

const struct relation_kind relation_parent = {
    .check = check, .other_gone = other_gone, .other_moved = other_moved};
