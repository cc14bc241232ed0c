/* The bare loop on PostgreSQL: libpq, prepared statements, one round trip each. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "base/check.h"

struct bare {
    PGconn *conn;
    int64_t seen;
};

static PGresult *check(struct bare *bare, PGresult *result, const char *what)
{
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        bare_fail(what, PQerrorMessage(bare->conn));
    return result;
}

static void run(struct bare *bare, const char *sql)
{
    PQclear(check(bare, PQexec(bare->conn, sql), sql));
}

static void prepare(struct bare *bare, const char *name, const char *sql)
{
    PQclear(check(bare, PQprepare(bare->conn, name, sql, 0, NULL), sql));
}

static struct bare *open_store(const char *store, bool writer, const char *select,
                               const char *update, const char *list)
{
    struct bare *bare = xcalloc(1, sizeof *bare);
    bare->conn = PQconnectdb(store);
    (void)writer;
    if (PQstatus(bare->conn) != CONNECTION_OK)
        bare_fail("connecting", PQerrorMessage(bare->conn));
    run(bare, "SET search_path = portal_1, public");
    prepare(bare, "begin", "BEGIN");
    prepare(bare, "commit", "COMMIT");
    prepare(bare, "select", select);
    prepare(bare, "update", update);
    prepare(bare, "list", list);
    return bare;
}

static PGresult *execute(struct bare *bare, const char *name, int count, const char *const *values)
{
    return check(bare, PQexecPrepared(bare->conn, name, count, values, NULL, NULL, 0), name);
}

static void begin(struct bare *bare)
{
    PQclear(execute(bare, "begin", 0, NULL));
}

static void commit(struct bare *bare)
{
    PQclear(execute(bare, "commit", 0, NULL));
}

static int fetch(struct bare *bare, PGresult *result)
{
    int rows = PQntuples(result), columns = PQnfields(result);
    for (int row = 0; row < rows; row++) {
        for (int i = 0; i < columns; i++)
            bare->seen += PQgetvalue(result, row, i)[0] + PQgetlength(result, row, i);
    }
    PQclear(result);
    return rows;
}

static void update(struct bare *bare, int64_t id, const char *text, size_t len, int64_t now,
                   int64_t editor)
{
    char numbers[3][24];
    (void)len;
    snprintf(numbers[0], sizeof numbers[0], "%lld", (long long)now);
    snprintf(numbers[1], sizeof numbers[1], "%lld", (long long)editor);
    snprintf(numbers[2], sizeof numbers[2], "%lld", (long long)id);
    if (fetch(bare, execute(bare, "select", 1, (const char *const[]){numbers[2]})) != 1)
        bare_fail("select", "the row is not there");
    PQclear(execute(bare, "update", 4,
                    (const char *const[]){text, numbers[0], numbers[1], numbers[2]}));
}

static int list(struct bare *bare, struct owner_ref owner)
{
    char numbers[2][24];
    snprintf(numbers[0], sizeof numbers[0], "%lld", (long long)owner.type);
    snprintf(numbers[1], sizeof numbers[1], "%lld", (long long)owner.id);
    return fetch(bare, execute(bare, "list", 2, (const char *const[]){numbers[0], numbers[1]}));
}

static void close_store(struct bare *bare)
{
    PQfinish(bare->conn);
    free(bare);
}

const struct bare_driver bare_postgres = {open_store, begin, commit, update, list, close_store};
