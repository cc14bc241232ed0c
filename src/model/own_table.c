#include "model/own_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"

enum api_rc own_table_note(struct request *req, const char *line)
{
    struct db_stmt *stmt = db_prepare(req->db, "INSERT INTO own_table (line) VALUES ($1)");
    db_bind_textz(stmt, 1, line);
    return api_db(req, db_run(stmt));
}

enum api_rc own_table_forget(struct request *req, const char *line)
{
    struct db_stmt *stmt = db_prepare(req->db, "DELETE FROM own_table WHERE line = $1");
    db_bind_textz(stmt, 1, line);
    return api_db(req, db_run(stmt));
}

enum api_rc own_table_run(struct request *req, const char *format, ...)
{
    char line[4096];
    struct buf ddl = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    CHECK(strlen(line) < sizeof line - 1);
    db_sql_ddl(req->db, &ddl, line);
    enum db_rc rc = db_exec(req->db, buf_text(&ddl));
    buf_clear(&ddl);
    return rc == DB_OK ? own_table_note(req, line) : api_db(req, rc);
}
