/* pg - what the parts of the PostgreSQL driver share.
 *
 * What:    postgres.c        connections, transactions, the driver's table
 *          postgres_wire.c   one round trip: what is queued and a statement out, all answers in
 *          postgres_stmt.c   statements: the cache by text, binding, stepping
 *          postgres_sql.c    the SQL that differs: fold, search, DDL, check
 * Used by: these files only.
 * Threads: everything belongs to the connection, which belongs to one thread at a time.
 */
#ifndef RAPPORT_DB_PG_H
#define RAPPORT_DB_PG_H

#include <libpq-fe.h>

#include "base/backoff.h"
#include "db/copy.h"
#include "db/driver.h"

#define PG_QUEUE 8          /* transaction commands that can wait for a statement */
#define PG_STATEMENTS 256   /* statements kept prepared per connection */
#define PG_BUCKETS 512      /* of the hash table over them; a power of two */
#define PG_PARAMS_MAX 65535 /* the protocol counts parameters in 16 bits */

struct pg_stmt;
struct pg_search;

/* Prepared statements by text; newest and oldest are the ends of the list by last use. */
struct pg_cache {
    struct pg_stmt *buckets[PG_BUCKETS];
    struct pg_stmt *newest, *oldest;
    size_t count;
    unsigned last_name;
    unsigned *doomed; /* names to DEALLOCATE with the next round trip; 0: done */
    size_t doomed_count, doomed_cap;
};

struct pg {
    struct db base;
    PGconn *conn; /* in pipeline mode, idle and in sync between two calls of the driver */
    char *url, *schema;
    enum db_mode mode;
    int64_t limit_ms; /* statement_timeout; 0: as settings has it */
    bool lost;        /* unusable until reconnect */
    struct backoff connecting;
    bool writing;   /* the transaction was begun by begin_write */
    unsigned epoch; /* counts connections made: a statement of an older one is dead */
    int64_t changes;
    const char *queue[PG_QUEUE]; /* constants, in order */
    size_t queued;
    struct pg_cache cache;
    struct pg_search *searches; /* what sql_search found out about tables */
};

/* ---- postgres_wire.c ---- */

/* A command for one round trip. name 0: `sql` as it is; else the prepared statement of that name,
 * made from `sql` on the way when `parse` is set. */
struct pg_call {
    const char *sql;
    unsigned name;
    bool parse;
    int count;
    const char *const *values; /* NULL entries are nulls */
};

struct pg_answer {
    PGresult *result; /* of the command when it succeeded, else NULL; the caller clears it */
    bool parsed;      /* the server has the prepared statement now */
    bool stale;       /* the prepared statement is no good any more: make it again */
};

/* Sends the queue and `call` (NULL: the queue alone), reads everything up to the sync. The rc is
 * that of the first error of all of it. DB_LOST can come with a result: only the sync is missing.
 */
enum db_rc pg_exchange(struct pg *pg, const struct pg_call *call, struct pg_answer *answer);
/* For a call that may stand alone, outside of a transaction, and so commits by itself: what DB_LOST
 * means then. `answered`: the command itself may have succeeded, its commit was not heard of. */
enum db_rc pg_outcome(struct pg *pg, enum db_rc rc, const char *sql, bool alone, bool answered);
/* Notes the error in db->message and db->state, returns rc. */
enum db_rc pg_fail(struct pg *pg, enum db_rc rc, const char *state, const char *message);
enum db_rc pg_fail_result(struct pg *pg, const PGresult *result);
/* Marks the connection as lost. */
enum db_rc pg_fail_lost(struct pg *pg);
/* PQgetResult, but a wait ends with the connection lost when the server gives no sign and the call's
 * time, or the program's, is over. */
PGresult *pg_get_result(struct pg *pg);
/* Waits for the socket as pg_get_result does, until `end` of clock_monotonic at most; 0: no such end. */
bool pg_wait_socket(struct pg *pg, short events, double end);
/* A text of one or several statements by the simple protocol, outside of pipeline mode. The last
 * result, or the one that failed; NULL: the connection is lost. The caller clears it. */
PGresult *pg_simple(struct pg *pg, const char *sql);
/* Takes db_changes over from a successful statement. */
void pg_note_changes(struct pg *pg, PGresult *result);
/* Copies text with control characters made spaces; whole UTF-8 sequences only. */
void pg_one_line(char *out, size_t size, const char *text);

/* What begins a transaction, as it stands in the queue. */
extern const char pg_sql_begin_write[], pg_sql_begin_read[];
/* It waits in the queue: the server has not heard of the transaction. */
bool pg_begin_waits(const struct pg *pg);
bool pg_in_transaction(struct db *db);

/* ---- postgres_stmt.c: the db_* functions of the same names ---- */

struct db_stmt *pg_prepare(struct db *db, const char *sql);
void pg_bind_int(struct db_stmt *stmt, int at, int64_t integer);
void pg_bind_double(struct db_stmt *stmt, int at, double real);
void pg_bind_text(struct db_stmt *stmt, int at, const char *text, size_t len);
void pg_bind_null(struct db_stmt *stmt, int at);
enum db_rc pg_step(struct db_stmt *stmt);
bool pg_is_null(struct db_stmt *stmt, int column);
int64_t pg_get_int(struct db_stmt *stmt, int column);
double pg_get_double(struct db_stmt *stmt, int column);
const char *pg_get_text(struct db_stmt *stmt, int column, size_t *len);
void pg_finish(struct db_stmt *stmt);
/* The server has none of our prepared statements (any more). */
void pg_cache_forget(struct pg *pg);
void pg_cache_clear(struct pg *pg);

/* ---- postgres_sql.c: likewise ---- */

void pg_sql_count_ids(struct db *db, struct buf *sql, const char *select);
void pg_sql_fold(struct db *db, struct buf *sql, const char *column, int letters);
void pg_sql_number(struct db *db, struct buf *sql, const char *column, bool money);
void pg_sql_datetime(struct db *db, struct buf *sql, const char *column, int offset);
void pg_sql_search(struct db *db, struct buf *sql, const char *table, int param);
const char *pg_search_text(struct db *db, struct arena *arena, const char *folded, size_t len);
extern const char pg_tables[], pg_has_table[];
void pg_sql_lock(struct db *db, struct buf *sql, const char *table);
void pg_sql_next_id(struct db *db, struct buf *sql, const char *prefix, const char *table,
                    const char *sequence);
void pg_sql_ddl(struct db *db, struct buf *out, const char *line);
enum db_rc pg_ids_again(struct db *db);
enum db_rc pg_check(struct db *db, struct buf *problems);
void pg_search_forget(struct pg *pg);

/* ---- postgres_copy.c ---- */

enum db_rc pg_copy_out(struct db *db, const char *table, const char *columns, const char *order,
                       db_copy_line *take, void *context);
enum db_rc pg_copy_in(struct db *db, const char *table, const char *columns, const char *lines,
                      size_t len);
void pg_sql_last_id(struct buf *sql, const char *table, const char *sequence);
void pg_sql_set_last_id(struct buf *sql, const char *table, const char *sequence, int64_t last);

#endif
