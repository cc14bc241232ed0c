#include "db/copy.h"

#include "db/driver.h"

enum db_rc db_columns(struct db *db, const char *table, struct buf *columns)
{
    struct db_stmt *stmt = db_prepare(db, db->driver->sql_columns);
    db_bind_textz(stmt, 1, table);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        buf_adds(columns, db_text(stmt, 0, NULL));
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

enum db_rc db_copy_out(struct db *db, const char *table, const char *columns, const char *order,
                       db_copy_line *take, void *context)
{
    return db->driver->copy_out(db, table, columns, order, take, context);
}

enum db_rc db_copy_in(struct db *db, const char *table, const char *columns, const char *lines,
                      size_t len)
{
    return db->driver->copy_in(db, table, columns, lines, len);
}

enum db_rc db_last_id(struct db *db, const char *table, const char *sequence, int64_t *last)
{
    struct buf sql = {0};
    db->driver->sql_last_id(&sql, table, sequence);
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    enum db_rc rc = db_step(stmt);
    *last = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    buf_clear(&sql);
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

enum db_rc db_set_last_id(struct db *db, const char *table, const char *sequence, int64_t last)
{
    struct buf sql = {0};
    db->driver->sql_set_last_id(&sql, table, sequence, last);
    enum db_rc rc = db_exec(db, buf_text(&sql));
    buf_clear(&sql);
    return rc;
}
