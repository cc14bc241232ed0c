/* import - a row from elsewhere, with the dates and people of its history.
 *
 * Pages: api-reference/crm/universal/import/. */
#include "model/import.h"

#include "model/dialect.h"

enum { CREATED, UPDATED, MOVED, TIMES };

/* The fields of that name in the item dialect; NULL: it has none. */
static const struct field *called(const struct change *change, const char *name)
{
    return names_find(change->req->dialect->names, name);
}

static struct cell *cell_of(struct change *change, const struct field *field)
{
    return &change->now[field - change->entity->fields];
}

/* A list by id stays one by date. */
static enum api_rc last_created(struct change *change, const struct field *created, int64_t *last)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT %s FROM %s ORDER BY id DESC LIMIT 1", created->column,
               change->entity->table);
    struct db_stmt *stmt = db_prepare(change->req->db, buf_text(&sql));
    buf_clear(&sql);
    enum db_rc rc = db_step(stmt);
    *last = rc == DB_ROW ? db_int(stmt, 0) : INT64_MIN;
    db_finish(stmt);
    return api_db(change->req, rc);
}

/* Of what is not given: made now, changed then, moved when it was changed. */
enum api_rc import_times(struct change *change)
{
    static const char *const names[TIMES] = {"createdTime", "updatedTime", "movedTime"};
    int64_t now = (int64_t)change->req->now, last = INT64_MIN;
    const struct field *fields[TIMES];
    struct cell *cells[TIMES];
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < TIMES; i++) {
        fields[i] = called(change, names[i]);
        cells[i] = fields[i] ? cell_of(change, fields[i]) : NULL;
    }
    if (!cells[CREATED] || !cells[UPDATED])
        return API_OK;
    if (cells[CREATED]->null)
        cell_set_int(cells[CREATED], now);
    if (cells[UPDATED]->null)
        cell_set_int(cells[UPDATED], now);
    int64_t created = cells[CREATED]->integer, updated = cells[UPDATED]->integer;
    if (cells[CREATED]->given)
        rc = last_created(change, fields[CREATED], &last);
    if (rc != API_OK)
        return rc;
    if (created > now || created < last)
        return change->req->dialect->invalid(change->req, fields[CREATED]);
    if (updated > now || updated < created)
        return change->req->dialect->invalid(change->req, fields[UPDATED]);
    if (!cells[MOVED])
        return API_OK;
    if (cells[MOVED]->null) {
        cell_set_int(cells[MOVED], updated);
        cells[MOVED]->given = true;
    }
    if (cells[MOVED]->integer < created || cells[MOVED]->integer > updated)
        return change->req->dialect->invalid(change->req, fields[MOVED]);
    return API_OK;
}
