/* postgres_wire - one round trip to PostgreSQL.
 *
 * What:    BEGIN, SAVEPOINT and RELEASE cost no round trip of their own: they wait in the queue and
 *          go out in front of the next statement. A statement's first use is parsed on the way too.
 *          All of it is one pipeline that ends with one Sync:
 *
 *              queue ... | DEALLOCATE ... | Parse | Bind Execute | Sync
 *
 *          After an error the server skips everything up to the Sync, so the first error is the one
 *          to report. Every call reads up to the Sync: between two calls the connection is idle and
 *          PQtransactionStatus is true to the server. Inside BEGIN a Sync ends nothing; outside it
 *          commits, which is what a single statement wants.
 * Used by: postgres.c, postgres_stmt.c.
 * Errors:  by SQLSTATE, never by text. A message is the server's primary line alone: DETAIL would
 *          carry the row's values into the log.
 */
#include "db/pg.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/clock.h"

#define LOOK_MS 100 /* between looks at the stop and the deadline */
#define GRACE_S 2   /* a server that lives ends a late statement by itself */

/* The first entry that the state begins with decides. */
static const struct {
    const char *state;
    enum db_rc rc;
} states[] = {
    {"23", DB_CONFLICT},    /* integrity constraint violation */
    {"40001", DB_RETRY},    /* serialization failure */
    {"40P01", DB_RETRY},    /* deadlock */
    {"55P03", DB_RETRY},    /* lock not available, lock_timeout */
    {"26000", DB_RETRY},    /* a prepared statement that a pooler or DISCARD took away */
    {"53100", DB_FULL},     /* disk full */
    {"25006", DB_READONLY}, /* read-only transaction, or a standby */
    {"08P01", DB_ERROR},    /* a protocol violation is our bug, not a lost connection */
    {"08", DB_LOST},        /* connection exception */
    {"57P01", DB_LOST},     /* admin shutdown, pg_terminate_backend */
    {"57P02", DB_LOST},     /* crash shutdown */
    {"57P03", DB_LOST},     /* cannot connect now */
    {"57014", DB_TIMEOUT},  /* query canceled, by statement_timeout */
};

static enum db_rc classify(const struct pg *pg, const char *state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strncmp(state, states[i].state, strlen(states[i].state)) == 0)
            return states[i].rc;
    if (strcmp(state, "42501") == 0 && pg->mode == DB_WRITER) /* insufficient privilege */
        return DB_READONLY;
    return DB_ERROR;
}

void pg_one_line(char *out, size_t size, const char *text)
{
    size_t len = strnlen(text, size - 1);
    if (text[len]) /* cut: not inside of a character */
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
            len--;
    for (size_t i = 0; i < len; i++)
        out[i] = (unsigned char)text[i] < ' ' ? ' ' : text[i];
    while (len > 0 && out[len - 1] == ' ')
        len--;
    out[len] = '\0';
}

enum db_rc pg_fail(struct pg *pg, enum db_rc rc, const char *state, const char *message)
{
    pg_one_line(pg->base.state, sizeof pg->base.state, state);
    pg_one_line(pg->base.message, sizeof pg->base.message, message);
    return rc;
}

enum db_rc pg_fail_lost(struct pg *pg)
{
    const char *message = PQerrorMessage(pg->conn);
    pg->lost = true;
    pg->queued = 0;
    return pg_fail(pg, DB_LOST, "08006", *message ? message : "the connection is lost");
}

enum db_rc pg_fail_result(struct pg *pg, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    bool fatal = severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
    enum db_rc rc = state ? classify(pg, state) : DB_ERROR;
    if (fatal || rc == DB_LOST || PQstatus(pg->conn) != CONNECTION_OK) {
        rc = pg_fail_lost(pg);
        if (!state)
            state = "08006";
    }
    if (!message)
        message = PQresultErrorMessage(result);
    return pg_fail(pg, rc, state ? state : "", message);
}

void pg_note_changes(struct pg *pg, PGresult *result)
{
    /* A SELECT counts its rows too, but it changes none: leave the number as SQLite does. */
    if (strncmp(PQcmdStatus(result), "SELECT", 6) != 0)
        pg->changes = strtoll(PQcmdTuples(result), NULL, 10);
}

enum db_rc pg_outcome(struct pg *pg, enum db_rc rc, const char *sql, bool alone, bool answered)
{
    if (rc != DB_LOST || !alone || pg->mode != DB_WRITER || strncasecmp(sql, "SELECT", 6) == 0)
        return rc;
    /* A server that said goodbye in place of an answer did not commit; silence can mean anything,
     * and 08003 is ours: nothing was sent. */
    bool silent = strcmp(pg->base.state, "08006") == 0;
    bool unsent = strcmp(pg->base.state, "08003") == 0;
    return silent || (answered && !unsent) ? DB_UNKNOWN : DB_LOST;
}

/* ---- out ---- */

static bool send_plain(struct pg *pg, const char *sql)
{
    return PQsendQueryParams(pg->conn, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

static bool send_call(struct pg *pg, const struct pg_call *call)
{
    if (!call->name)
        return PQsendQueryParams(pg->conn, call->sql, call->count, NULL, call->values, NULL, NULL,
                                 0) == 1;
    char name[16];
    snprintf(name, sizeof name, "s%u", call->name);
    if (call->parse && !PQsendPrepare(pg->conn, name, call->sql, 0, NULL))
        return false;
    return PQsendQueryPrepared(pg->conn, name, call->count, call->values, NULL, NULL, 0) == 1;
}

/* How many DEALLOCATEs go along. None with COMMIT or ROLLBACK: in a failed transaction they would
 * be refused, and the ROLLBACK behind them skipped. */
static size_t closing(const struct pg *pg, const struct pg_call *call)
{
    return call && call->name ? pg->cache.doomed_count : 0;
}

static bool send_all(struct pg *pg, const struct pg_call *call)
{
    for (size_t i = 0; i < pg->queued; i++)
        if (!send_plain(pg, pg->queue[i]))
            return false;
    for (size_t i = 0; i < closing(pg, call); i++) {
        char sql[32];
        snprintf(sql, sizeof sql, "DEALLOCATE s%u", pg->cache.doomed[i]);
        if (!send_plain(pg, sql))
            return false;
    }
    return !call || send_call(pg, call);
}

/* ---- waiting ---- */

static bool is_over(const struct pg *pg, double end)
{
    double now = clock_monotonic(), deadline = pg->base.deadline;
    return stop_over(pg->base.stop) || (end > 0 && now > end) ||
           (deadline > 0 && now > deadline + GRACE_S);
}

bool pg_wait_socket(struct pg *pg, short events, double end)
{
    struct pollfd fd = {.fd = PQsocket(pg->conn), .events = events};
    while (!is_over(pg, end)) {
        int ready = poll(&fd, 1, LOOK_MS);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
    return false;
}

PGresult *pg_get_result(struct pg *pg)
{
    while (PQisBusy(pg->conn)) {
        int flushed = PQflush(pg->conn);
        if (flushed >= 0 && !pg_wait_socket(pg, (short)(POLLIN | (flushed ? POLLOUT : 0)), 0)) {
            pg->lost = true;
            pg->queued = 0;
            pg_fail(pg, DB_LOST, "08006", "the database server gives no answer");
            return NULL;
        }
        if (flushed < 0 || !PQconsumeInput(pg->conn))
            break; /* PQgetResult tells what is wrong */
    }
    return PQgetResult(pg->conn);
}

PGresult *pg_simple(struct pg *pg, const char *sql)
{
    PGresult *kept = NULL, *result;
    if (!PQsendQuery(pg->conn, sql)) {
        pg_fail_lost(pg);
        return NULL;
    }
    while ((result = pg_get_result(pg))) {
        ExecStatusType status = PQresultStatus(kept);
        bool failed = kept && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
                      status != PGRES_EMPTY_QUERY;
        PQclear(failed ? result : kept);
        kept = failed ? kept : result;
        if (PQstatus(pg->conn) != CONNECTION_OK)
            break;
    }
    if (pg->lost) {
        PQclear(kept);
        kept = NULL;
    }
    return kept;
}

/* ---- in ---- */

/* Where the answers of one pipeline stand: queue, DEALLOCATEs, Parse, the command. */
struct order {
    size_t close, parse, command; /* position of the first of each kind */
};

static bool is_stale(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
    if (!state)
        return false;
    /* "cached plan must not change result type": a migration ran beside us. */
    return strcmp(state, "26000") == 0 || (strcmp(state, "0A000") == 0 && function &&
                                           strcmp(function, "RevalidateCachedQuery") == 0);
}

/* One answer: takes it over or clears it. */
static enum db_rc take_answer(struct pg *pg, const struct order *order, size_t at, PGresult *result,
                              struct pg_answer *answer)
{
    enum db_rc rc = DB_OK;
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
        if (at == order->command) {
            answer->result = result;
            return DB_OK;
        }
        if (at >= order->parse)
            answer->parsed = true;
        else if (at >= order->close)
            pg->cache.doomed[at - order->close] = 0;
        break;
    case PGRES_PIPELINE_ABORTED:
        rc = DB_ERROR; /* not the first error: its message is not taken */
        break;
    default:
        rc = pg_fail_result(pg, result);
        answer->stale = at >= order->close && is_stale(result);
    }
    PQclear(result);
    return rc;
}

static enum db_rc read_all(struct pg *pg, const struct order *order, struct pg_answer *answer)
{
    enum db_rc first = DB_OK;
    bool answered = false; /* libpq ends every command's answers with one NULL */
    for (size_t at = 0; !pg->lost;) {
        PGresult *result = pg_get_result(pg);
        if (!result) {
            if (pg->lost)
                return DB_LOST;
            if (!answered)
                return pg_fail_lost(pg);
            answered = false;
            at++;
            continue;
        }
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            return first;
        }
        answered = true;
        enum db_rc rc = take_answer(pg, order, at, result, answer);
        if (first == DB_OK || rc == DB_LOST)
            first = rc;
        if (!pg->lost && PQstatus(pg->conn) != CONNECTION_OK)
            first = pg_fail_lost(pg);
    }
    return first;
}

static void forget_doomed(struct pg_cache *cache)
{
    size_t kept = 0;
    for (size_t i = 0; i < cache->doomed_count; i++)
        if (cache->doomed[i])
            cache->doomed[kept++] = cache->doomed[i];
    cache->doomed_count = kept;
}

enum db_rc pg_exchange(struct pg *pg, const struct pg_call *call, struct pg_answer *answer)
{
    *answer = (struct pg_answer){0};
    if (pg->lost)
        return pg_fail(pg, DB_LOST, "08003", "the connection is lost");
    struct order order = {.close = pg->queued};
    order.parse = order.close + closing(pg, call);
    order.command = order.parse + (call && call->name && call->parse);
    char problem[256] = "";
    if (!send_all(pg, call))
        pg_one_line(problem, sizeof problem, PQerrorMessage(pg->conn));
    pg->queued = 0;
    /* Also after a failed send: what went out before it must be read to be in step again. */
    if (!PQpipelineSync(pg->conn))
        return pg_fail_lost(pg);
    enum db_rc rc = read_all(pg, &order, answer);
    forget_doomed(&pg->cache);
    if (rc == DB_OK && *problem)
        return pg_fail(pg, DB_ERROR, "", problem);
    return rc;
}

/* ---- what of a transaction has gone out ---- */

const char pg_sql_begin_write[] = "BEGIN ISOLATION LEVEL READ COMMITTED";
const char pg_sql_begin_read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

bool pg_begin_waits(const struct pg *pg)
{
    return pg->queued && (pg->queue[0] == pg_sql_begin_write || pg->queue[0] == pg_sql_begin_read);
}

bool pg_in_transaction(struct db *db)
{
    struct pg *pg = (struct pg *)(void *)db;
    if (pg->lost)
        return false;
    PGTransactionStatusType status = PQtransactionStatus(pg->conn);
    return pg_begin_waits(pg) || status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}
