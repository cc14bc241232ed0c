/* postgres_copy - COPY out of and into PostgreSQL. It is no part of a pipeline, so that is left for it. */
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "db/pg.h"

static struct pg *cast(struct db *db)
{
    return (struct pg *)(void *)db;
}

/* Out of the pipeline, with what was queued (a BEGIN) sent, and into COPY. */
static enum db_rc copy_begin(struct pg *pg, const char *sql, ExecStatusType wanted)
{
    struct pg_answer answer;
    enum db_rc rc = pg->queued || pg->lost ? pg_exchange(pg, NULL, &answer) : DB_OK;
    if (rc != DB_OK)
        return rc;
    CHECK(PQexitPipelineMode(pg->conn));
    PGresult *result = PQexec(pg->conn, sql);
    if (PQresultStatus(result) != wanted)
        rc = pg_fail_result(pg, result);
    PQclear(result);
    return rc;
}

/* Reads the end of a COPY; an error of before stays. */
static enum db_rc copy_end(struct pg *pg, enum db_rc rc)
{
    PGresult *result;
    while ((result = PQgetResult(pg->conn))) {
        if (rc == DB_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
            rc = pg_fail_result(pg, result);
        PQclear(result);
    }
    if (!pg->lost && !PQenterPipelineMode(pg->conn))
        rc = pg_fail_lost(pg);
    return rc;
}

enum db_rc pg_copy_out(struct db *db, const char *table, const char *columns, const char *order,
                       db_copy_line *take, void *context)
{
    struct pg *pg = cast(db);
    struct buf sql = {0};
    char *line;
    int len = 0;
    buf_printf(&sql, "COPY (SELECT %s FROM %s ORDER BY %s) TO STDOUT", columns, table, order);
    enum db_rc rc = copy_begin(pg, buf_text(&sql), PGRES_COPY_OUT);
    bool wanted = rc == DB_OK;
    while (rc == DB_OK && (len = PQgetCopyData(pg->conn, &line, 0)) > 0) {
        wanted = wanted && take(context, line, (size_t)len); /* the rest is read and dropped */
        PQfreemem(line);
    }
    buf_clear(&sql);
    if (len == -2)
        rc = pg_fail_lost(pg);
    rc = copy_end(pg, rc);
    return rc == DB_OK && !wanted ? DB_ERROR : rc;
}

enum db_rc pg_copy_in(struct db *db, const char *table, const char *columns, const char *lines,
                      size_t len)
{
    struct pg *pg = cast(db);
    struct buf sql = {0};
    buf_printf(&sql, "COPY %s (%s) FROM STDIN", table, columns);
    enum db_rc rc = copy_begin(pg, buf_text(&sql), PGRES_COPY_IN);
    buf_clear(&sql);
    for (size_t part; rc == DB_OK && len; lines += part, len -= part) {
        part = len < 1u << 20 ? len : 1u << 20;
        if (PQputCopyData(pg->conn, lines, (int)part) != 1)
            rc = pg_fail_lost(pg);
    }
    if (rc == DB_OK && PQputCopyEnd(pg->conn, NULL) != 1)
        rc = pg_fail_lost(pg);
    return copy_end(pg, rc);
}

/* ---- ids ---- */

void pg_sql_last_id(struct buf *sql, const char *table, const char *sequence)
{
    (void)table;
    buf_printf(sql, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM %s", sequence);
}

void pg_sql_set_last_id(struct buf *sql, const char *table, const char *sequence, int64_t last)
{
    (void)table;
    buf_printf(sql, "SELECT setval('%s', %lld, %s)", sequence, (long long)(last > 0 ? last : 1),
               last > 0 ? "true" : "false");
}
