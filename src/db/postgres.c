/* postgres - the server store: connections and transactions of the PostgreSQL driver.
 *
 * A commit that returned DB_OK is durable as the server's synchronous_commit has it, never less
 * than on its own disk. How a round trip works: postgres_wire.c.
 *
 * Transactions are READ COMMITTED for writing: each statement sees what others have committed
 * before it, so that a lock that was waited for shows the newest row and not a serialization
 * failure. For reading they are REPEATABLE READ: one snapshot.
 */
#include "db/pg.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"

static const char sql_savepoint[] = "SAVEPOINT r";
static const char sql_reads_end[] = "SET LOCAL statement_timeout = 500"; /* DB_READS_S */
static const char sql_release[] = "RELEASE SAVEPOINT r";
static const char sql_rollback_to[] = "ROLLBACK TO SAVEPOINT r";

#define CONNECT_S 5 /* for the whole login */
#define RECONNECT_S 0.1
#define RECONNECT_MAX_S 2

static struct pg *cast(struct db *db)
{
    return (struct pg *)(void *)db;
}

/* ---- the connection ---- */

/* What a connection needs, in one round trip after the login. */
static bool settings(struct pg *pg, struct buf *sql)
{
    if (pg->schema) {
        char *schema = PQescapeIdentifier(pg->conn, pg->schema, strlen(pg->schema));
        if (!schema)
            return false;
        buf_printf(sql, "SET search_path = %s, public;", schema);
        PQfreemem(schema);
    }
    /* Compiling a statement takes longer than any of ours should run. */
    buf_adds(sql, "SET jit = off;");
    if (pg->mode == DB_READER)
        buf_adds(sql, "SET default_transaction_read_only = on; SET statement_timeout = '60s'");
    else /* an administrator may have traded durability away; a DB_OK of ours has not */
        buf_adds(sql, "SET lock_timeout = '10s';"
                      "SELECT set_config('synchronous_commit', 'on', false)"
                      " WHERE current_setting('synchronous_commit') = 'off'");
    if (pg->limit_ms)
        buf_printf(sql, "; SET statement_timeout = %lld", (long long)pg->limit_ms);
    return true;
}

static bool apply_settings(struct pg *pg)
{
    struct buf sql;
    buf_init(&sql);
    bool good = settings(pg, &sql);
    if (good) {
        PGresult *result = pg_simple(pg, buf_text(&sql));
        good =
            PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
        PQclear(result);
    }
    buf_clear(&sql);
    return good;
}

static void on_notice(void *context, const PGresult *notice)
{
    (void)context;
    const char *message = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    char line[256];
    pg_one_line(line, sizeof line, message ? message : "");
    log_debug("postgres: %s", line);
}

/* The value of a connection option of the url, "" when absent. */
static const char *option(const PQconninfoOption *options, const char *keyword)
{
    for (; options && options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0 && options->val)
            return options->val;
    return "";
}

/* A url whose password is not percent-encoded is read as something else: a port that is no number,
 * a database name with '@'. Messages about such a url quote pieces of the password, so they are
 * not shown. */
static bool url_is_plain(const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    const char *port = option(options, "port");
    bool plain = options && port[strspn(port, "0123456789,")] == '\0' &&
                 !strchr(option(options, "dbname"), '@') && !strchr(option(options, "host"), '@');
    PQconninfoFree(options);
    return plain;
}

static void pg_describe(const char *url, struct buf *out)
{
    PQconninfoOption *options = url_is_plain(url) ? PQconninfoParse(url, NULL) : NULL;
    const char *user = option(options, "user"), *host = option(options, "host"),
               *port = option(options, "port"), *name = option(options, "dbname");
    buf_printf(out, "postgresql://%s%s", user, *user ? "@" : "");
    buf_printf(out, "%s%s%s/%s", host, *port ? ":" : "", port, name);
    PQconninfoFree(options);
}

/* The connection's message with the password, should it appear, struck out. */
static void connect_message(struct pg *pg)
{
    pg_fail_lost(pg);
    const char *password = PQpass(pg->conn);
    if (!password || strlen(password) == 0)
        return;
    for (char *at = pg->base.message; (at = strstr(at, password)); at += strlen(password))
        memset(at, '*', strlen(password));
}

/* What the url says of connecting: `several` hosts, of which only libpq's own way of waiting tries the
 * next when one gives no sign, and its timeout. */
static double connect_seconds(const char *url, bool *several)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    double seconds = strtod(option(options, "connect_timeout"), NULL);
    *several = strchr(option(options, "host"), ',') || strchr(option(options, "hostaddr"), ',');
    PQconninfoFree(options);
    return seconds > 0 ? seconds : CONNECT_S;
}

/* Drives the login; libpq's own way of waiting for it knows no stop. */
static bool log_in(struct pg *pg, double seconds)
{
    double end = clock_monotonic() + seconds;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK && PQstatus(pg->conn) != CONNECTION_BAD) {
        if (!pg_wait_socket(pg, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, end))
            return false;
        state = PQconnectPoll(pg->conn);
        if (state == PGRES_POLLING_FAILED)
            break;
    }
    return true;
}

static enum db_rc connect_now(struct pg *pg)
{
    /* Before dbname: defaults that the url may change. Behind it: what it may not. */
    static const char *const keys[] = {"application_name",    "connect_timeout",
                                       "keepalives",          "keepalives_idle",
                                       "keepalives_interval", "keepalives_count",
                                       "tcp_user_timeout",    "dbname",
                                       "client_encoding",     NULL};
    const char *const values[] = {"rapport", "5",     "1",     "15",   "5",
                                  "3",       "20000", pg->url, "UTF8", NULL};
    PQfinish(pg->conn);
    bool several;
    double seconds = connect_seconds(pg->url, &several);
    pg->conn = several ? PQconnectdbParams(keys, values, 1) : PQconnectStartParams(keys, values, 1);
    CHECK(pg->conn);
    pg->lost = true;
    PQsetNoticeReceiver(pg->conn, on_notice, NULL);
    if (!several && !log_in(pg, seconds))
        return pg_fail(pg, DB_LOST, "08001", "the database server gives no answer");
    pg->lost = false; /* for the round trips below */
    if (PQstatus(pg->conn) == CONNECTION_OK) {
        const char *encoding = PQparameterStatus(pg->conn, "server_encoding");
        if (!encoding || strcmp(encoding, "UTF8") != 0) {
            pg->lost = true;
            return pg_fail(pg, DB_LOST, "22021", "the database's encoding must be UTF8");
        }
        /* Never blocking: a send, too, waits in pg_get_result. */
        if (PQsetnonblocking(pg->conn, 1) == 0 && apply_settings(pg) &&
            PQenterPipelineMode(pg->conn)) {
            pg->epoch++;
            return DB_OK;
        }
    }
    if (pg->lost)
        return DB_LOST;
    connect_message(pg);
    return DB_LOST;
}

static void pg_close(struct db *db)
{
    struct pg *pg = cast(db);
    pg_cache_clear(pg);
    pg_search_forget(pg);
    PQfinish(pg->conn);
    free(pg->schema);
    if (pg->url)
        explicit_bzero(pg->url, strlen(pg->url));
    free(pg->url);
    free(pg);
}

static struct db *pg_open(const char *url, const char *schema, enum db_mode mode, struct buf *why)
{
    if (!url_is_plain(url)) {
        buf_adds(why, "the PostgreSQL url cannot be read; special characters in it, as in the "
                      "password, must be percent-encoded");
        return NULL;
    }
    struct pg *pg = xcalloc(1, sizeof *pg);
    pg->base.driver = &db_postgres;
    pg->url = xstrdup(url);
    pg->schema = schema ? xstrdup(schema) : NULL;
    pg->mode = mode;
    backoff_init(&pg->connecting, NULL, RECONNECT_S, RECONNECT_MAX_S);
    if (connect_now(pg) == DB_OK)
        return &pg->base;
    buf_printf(why, "cannot connect to PostgreSQL: %s", pg->base.message);
    pg_close(&pg->base);
    return NULL;
}

static enum db_rc pg_reconnect(struct db *db)
{
    struct pg *pg = cast(db);
    if (!pg->lost && PQstatus(pg->conn) == CONNECTION_OK)
        return DB_OK;
    pg->queued = 0;
    /* Every call that finds it lost asks: it is not tried more often than makes sense. */
    if (!backoff_due(&pg->connecting))
        return DB_LOST;
    pg_cache_forget(pg);
    pg_search_forget(pg);
    enum db_rc rc = connect_now(pg);
    if (rc == DB_OK)
        backoff_worked(&pg->connecting);
    else
        backoff_failed(&pg->connecting, "", "");
    return rc;
}

static enum db_rc pg_limit_time(struct db *db, double seconds)
{
    struct pg *pg = cast(db);
    char sql[64];
    pg->limit_ms = seconds > 0 && seconds < 0.001 ? 1 : (int64_t)(seconds * 1000);
    snprintf(sql, sizeof sql, "SET statement_timeout = %lld", (long long)pg->limit_ms);
    return db_exec(db, sql);
}

/* ---- transactions ---- */

static void enqueue(struct pg *pg, const char *sql)
{
    CHECK(pg->queued < PG_QUEUE);
    pg->queue[pg->queued++] = sql;
}

static enum db_rc fail_outside(struct pg *pg)
{
    if (pg->lost)
        return pg_fail(pg, DB_LOST, "08003", "the connection is lost");
    return pg_fail(pg, DB_ERROR, "25P01", "there is no transaction");
}

static enum db_rc begin(struct pg *pg, const char *sql, bool writing)
{
    if (pg->lost)
        return fail_outside(pg);
    if (pg_in_transaction(&pg->base))
        return pg_fail(pg, DB_ERROR, "25001", "a transaction is open already");
    pg->writing = writing;
    enqueue(pg, sql);
    return DB_OK;
}

static enum db_rc pg_begin_write(struct db *db)
{
    return begin(cast(db), pg_sql_begin_write, true);
}

static enum db_rc pg_begin_read(struct db *db)
{
    return begin(cast(db), pg_sql_begin_read, false);
}

static enum db_rc pg_rollback(struct db *db)
{
    struct pg *pg = cast(db);
    if (pg->lost)
        return fail_outside(pg);
    bool unsent = pg_begin_waits(pg);
    pg->queued = 0;
    if (unsent || !pg_in_transaction(db))
        return DB_OK;
    struct pg_answer answer;
    enum db_rc rc = pg_exchange(pg, &(struct pg_call){.sql = "ROLLBACK"}, &answer);
    PQclear(answer.result);
    return rc;
}

/* A COMMIT that failed leaves no transaction behind; the message stays the one of its failure. */
static enum db_rc end_failed(struct pg *pg, enum db_rc rc)
{
    char message[sizeof pg->base.message], state[sizeof pg->base.state];
    memcpy(message, pg->base.message, sizeof message);
    memcpy(state, pg->base.state, sizeof state);
    if (pg_in_transaction(&pg->base))
        pg_rollback(&pg->base);
    return pg_fail(pg, rc, state, message);
}

static enum db_rc pg_commit(struct db *db)
{
    struct pg *pg = cast(db);
    if (!pg_in_transaction(db))
        return fail_outside(pg);
    if (pg_begin_waits(pg)) { /* nothing was done in it */
        pg->queued = 0;
        return DB_OK;
    }
    struct pg_answer answer;
    enum db_rc rc = pg_exchange(pg, &(struct pg_call){.sql = "COMMIT"}, &answer);
    /* The tag decides: a failed transaction answers COMMIT with ROLLBACK, and no error. */
    bool ended = answer.result != NULL;
    bool kept = ended && strcmp(PQcmdStatus(answer.result), "COMMIT") == 0;
    PQclear(answer.result);
    if (kept)
        return DB_OK;
    if (ended)
        return pg_fail(pg, DB_ERROR, "25P02", "the transaction had failed and was rolled back");
    if (rc == DB_LOST)
        return pg->writing ? DB_UNKNOWN : DB_LOST;
    return end_failed(pg, rc);
}

static enum db_rc pg_savepoint(struct db *db)
{
    struct pg *pg = cast(db);
    if (!pg_in_transaction(db))
        return fail_outside(pg);
    enqueue(pg, sql_savepoint);
    return DB_OK;
}

/* ROLLBACK TO takes the setting back as well. */
static enum db_rc pg_savepoint_reads(struct db *db)
{
    enum db_rc rc = pg_savepoint(db);
    if (rc == DB_OK)
        enqueue(cast(db), sql_reads_end);
    return rc;
}

/* A savepoint that the server has not heard of needs no end. */
static bool take_savepoint_back(struct pg *pg)
{
    size_t queued = pg->queued;
    if (queued && pg->queue[queued - 1] == sql_reads_end)
        queued--;
    if (!queued || pg->queue[queued - 1] != sql_savepoint)
        return false;
    pg->queued = queued - 1;
    return true;
}

static enum db_rc pg_release(struct db *db)
{
    struct pg *pg = cast(db);
    if (!pg_in_transaction(db))
        return fail_outside(pg);
    if (!take_savepoint_back(pg))
        enqueue(pg, sql_release);
    return DB_OK;
}

static enum db_rc pg_rollback_to(struct db *db)
{
    struct pg *pg = cast(db);
    if (!pg_in_transaction(db))
        return fail_outside(pg);
    if (!take_savepoint_back(pg)) {
        enqueue(pg, sql_rollback_to);
        enqueue(pg, sql_release);
    }
    return DB_OK;
}

/* ---- the rest ---- */

static enum db_rc exec_plain(struct pg *pg, const char *sql)
{
    PGresult *result = pg_simple(pg, sql);
    ExecStatusType status = PQresultStatus(result);
    enum db_rc rc = DB_OK;
    if (!result)
        return pg->lost ? DB_LOST : pg_fail_lost(pg);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        pg_note_changes(pg, result);
    else
        rc = pg_fail_result(pg, result);
    PQclear(result);
    return rc;
}

/* Several statements go by the simple protocol, which a pipeline cannot carry. It is for DDL: one
 * round trip more does not matter. */
static enum db_rc pg_exec(struct db *db, const char *sql)
{
    struct pg *pg = cast(db);
    bool alone = !pg_in_transaction(db);
    struct pg_answer answer;
    enum db_rc rc = DB_OK;
    pg_search_forget(pg);
    if (pg->queued || pg->lost)
        rc = pg_exchange(pg, NULL, &answer);
    if (rc != DB_OK)
        return rc;
    CHECK(PQexitPipelineMode(pg->conn));
    rc = exec_plain(pg, sql);
    if (!pg->lost && !PQenterPipelineMode(pg->conn))
        rc = pg_fail_lost(pg);
    return pg_outcome(pg, rc, sql, alone, true);
}

static int64_t pg_changes(struct db *db)
{
    return cast(db)->changes;
}

static enum db_rc pg_attach(struct db *db, const char *place, struct buf *prefix)
{
    struct pg *pg = cast(db);
    char *schema = PQescapeIdentifier(pg->conn, place, strlen(place));
    if (!schema)
        return pg_fail(pg, DB_ERROR, "22021", "that is no name of a schema");
    prefix->len = 0;
    buf_printf(prefix, "%s.", schema);
    PQfreemem(schema);
    return DB_OK;
}

static enum db_rc pg_skip_ids(struct db *db, const char *table, int64_t last)
{
    struct db_stmt *stmt =
        db_prepare(db, "SELECT setval(pg_get_serial_sequence($1::text, 'id'), $2::bigint)");
    db_bind_textz(stmt, 1, table);
    db_bind_int(stmt, 2, last);
    return db_run(stmt);
}

const struct db_driver db_postgres = {
    .name = "postgres",
    .reads_inline = false,
    .describe = pg_describe,
    .open = pg_open,
    .close = pg_close,
    .reconnect = pg_reconnect,
    .limit_time = pg_limit_time,
    .prepare = pg_prepare,
    .bind_int = pg_bind_int,
    .bind_double = pg_bind_double,
    .bind_text = pg_bind_text,
    .bind_null = pg_bind_null,
    .step = pg_step,
    .is_null = pg_is_null,
    .get_int = pg_get_int,
    .get_double = pg_get_double,
    .get_text = pg_get_text,
    .finish = pg_finish,
    .exec = pg_exec,
    .skip_ids = pg_skip_ids,
    .ids_again = pg_ids_again,
    .changes = pg_changes,
    .begin_write = pg_begin_write,
    .begin_read = pg_begin_read,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .savepoint = pg_savepoint,
    .savepoint_reads = pg_savepoint_reads,
    .release = pg_release,
    .rollback_to = pg_rollback_to,
    .in_transaction = pg_in_transaction,
    .attach = pg_attach,
    .sql_tables = pg_tables,
    .sql_has_table = pg_has_table,
    .sql_columns = "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_catalog.pg_attribute "
                   "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
    .copy_out = pg_copy_out,
    .copy_in = pg_copy_in,
    .sql_last_id = pg_sql_last_id,
    .sql_set_last_id = pg_sql_set_last_id,
    .sql_lock = pg_sql_lock,
    .sql_next_id = pg_sql_next_id,
    .sql_count_ids = pg_sql_count_ids,
    .folds_letters = true,
    .sql_fold = pg_sql_fold,
    .sql_caseless = pg_sql_fold,
    .sql_datetime = pg_sql_datetime,
    .sql_number = pg_sql_number,
    .sql_search = pg_sql_search,
    .search_text = pg_search_text,
    .lock_rows = " FOR UPDATE SKIP LOCKED",
    .hurry_locks = "SET LOCAL lock_timeout = '200ms'",
    .share = " FOR SHARE",
    .hold = " FOR UPDATE",
    .sql_ddl = pg_sql_ddl,
    .check = pg_check,
};
