#include "model/side_order.h"

#include <strings.h>

#include "model/user_field.h"

bool side_order_by(const struct entity *entity, const struct value *order, struct side_order *by)
{
    if (!entity->side || !value_is_array(order) || order->array.count != 1)
        return false;
    const struct value *way = order->array.items[0].value;
    by->field = entity_field(entity, order->array.items[0].key);
    by->descending = way->type == VALUE_STRING && !strncasecmp(way->string.text, "desc", 4);
    return by->field && by->field->flags & FIELD_SIDE && by->field->kind->orders &&
           by->field->kind->storage != STORE_TEXT && by->field->custom->indexed;
}

/* Where a range is: rows with a value begin at the table of custom fields, whose index has them in order. */
static void sql_range(struct query *query, const struct side_order *by, bool filled,
                      struct buf *sql)
{
    const struct entity *entity = query->entity;
    if (filled)
        buf_printf(sql, " FROM %s u JOIN %s t ON t.id = u.id", entity->side, entity->table);
    else
        buf_printf(sql, " FROM %s t LEFT JOIN %s u ON u.id = t.id", entity->table, entity->side);
    if (query->from.len)
        buf_adds(sql, buf_text(&query->from));
    buf_printf(sql, " WHERE u.%s IS %sNULL", by->field->column, filled ? "NOT " : "");
    if (query->where.len)
        buf_printf(sql, " AND (%s)", buf_text(&query->where));
}

static enum api_rc count_range(struct query *query, const struct side_order *by, bool filled,
                               int64_t *count)
{
    struct buf sql = {0};
    buf_adds(&sql, "SELECT count(*)");
    sql_range(query, by, filled, &sql);
    return query_count_sql(query, &sql, count);
}

static enum api_rc read_range(struct query *query, const struct side_order *by, bool filled,
                              int64_t start, int64_t *ids, size_t *count)
{
    struct buf sql = {0};
    int at = query->bind_count + 1;
    buf_adds(&sql, "SELECT t.id");
    sql_range(query, by, filled, &sql);
    if (filled)
        buf_printf(&sql, " ORDER BY u.%s%s, u.id", by->field->column,
                   by->descending ? " DESC" : "");
    else
        buf_adds(&sql, " ORDER BY t.id");
    buf_printf(&sql, " LIMIT $%d OFFSET $%d", at, at + 1);
    struct db_stmt *stmt = db_prepare(query->req->db, buf_text(&sql));
    buf_clear(&sql);
    query_bind_all(query, stmt);
    db_bind_int(stmt, at, LIMIT_PAGE - (int64_t)*count);
    db_bind_int(stmt, at + 1, start);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW && *count < LIMIT_PAGE)
        ids[(*count)++] = db_int(stmt, 0);
    db_finish(stmt);
    return api_db(query->req, rc);
}

enum api_rc side_order_page(struct query *query, const struct side_order *by, int64_t start,
                            int64_t ids[LIMIT_PAGE], size_t *count)
{
    *count = 0;
    enum api_rc rc = read_range(query, by, by->descending, start, ids, count);
    if (rc != API_OK || *count == LIMIT_PAGE)
        return rc;
    int64_t before = 0; /* rows of the first range; those of this page begin the second */
    if (start && !*count)
        rc = count_range(query, by, by->descending, &before);
    if (rc == API_OK)
        rc = read_range(query, by, !by->descending, start && !*count ? start - before : 0, ids,
                        count);
    return rc;
}
