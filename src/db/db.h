/* db - one connection to a store, its statements and transactions.
 *
 * What:    the one interface of both stores, SQLite (db/sqlite.c) and PostgreSQL (db/postgres.c).
 *          SQL is written once, in the subset both take: $1 parameters, ON CONFLICT, RETURNING.
 *          Where the stores must differ, the difference is a named function here.
 * Used by: every layer above, for data; portal/migrate for the schema.
 * Memory:  a statement's texts live until its next step or finish: copy them to the arena first.
 *          Statements are kept prepared inside the connection and reused by their text.
 * Threads: a connection belongs to one thread at a time.
 * Errors:  enum db_rc. Binding never fails: an error sticks to the statement and comes out of
 *          db_step. The message for the log is db_message. The environment's errors are logged
 *          once, by the lane (lane/lane.c), not here.
 */
#ifndef RAPPORT_DB_DB_H
#define RAPPORT_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/buf.h"
#include "db/result.h"

/* Opens `url`: "postgresql://..." or the path of an SQLite file. For PostgreSQL every statement
 * runs in the schema `schema` (search_path; NULL: the default one). NULL on failure, with one line
 * in `why` (a program's `struct buf`). A PostgreSQL password in the url never gets into `why`. */
struct db *db_open(const char *url, const char *schema, enum db_mode mode, struct buf *why);
void db_close(struct db *db);

/* Takes a connection that was lost up again; DB_OK when it stands. After an attempt that failed the next
 * ones are refused at once until a pause is over. Statements stay valid to finish only. SQLite: always
 * DB_OK. */
enum db_rc db_reconnect(struct db *db);

/* At the start of a server: what one that was killed had written is made durable before more is built on
 * it. */
enum db_rc db_settle(struct db *db);
/* What this connection waits for ends when the stop's time for stores is over: as DB_LOST (PostgreSQL), or
 * as DB_RETRY where another process has the lock (SQLite). So does what SQLite works on for a reader, or for
 * a request, as DB_TIMEOUT. */
struct stop;
void db_watch(struct db *db, struct stop *stop);
/* For the life of the connection: how long one statement may take, in seconds; 0: for ever. SQLite
 * looks at the deadline only. */
enum db_rc db_limit_time(struct db *db, double seconds);
/* Statements that run past this point of clock_monotonic end with DB_TIMEOUT; 0: none. In a write
 * transaction SQLite may then roll all of it back. */
void db_deadline(struct db *db, double when);
/* What a layer above keeps with a connection, to be released with it; NULL: nothing yet. */
void *db_beside(const struct db *db);
void db_keep_beside(struct db *db, void *beside, void (*release)(void *beside));
/* In front of the deadline: what goes on for `seconds` from `now` is ended already, if it worked for a
 * third of them (SQLite; if not, the system has held up its thread, and the deadline decides). */
void db_patience(struct db *db, double now, double seconds);
/* Steps end with DB_OVER once this budget has failed; NULL: there is none. */
void db_budget(struct db *db, struct budget *budget);

/* A prepared statement for this SQL, with no parameters bound. Never NULL. */
struct db_stmt *db_prepare(struct db *db, const char *sql);
/* How many of them there were so far: for tests of how many a page costs. */
uint64_t db_statements(const struct db *db);
/* Parameters count from 1, as in the SQL. Text is taken by reference until the next db_finish. */
void db_bind_int(struct db_stmt *stmt, int at, int64_t integer);
void db_bind_double(struct db_stmt *stmt, int at, double real);
void db_bind_text(struct db_stmt *stmt, int at, const char *text, size_t len);
void db_bind_textz(struct db_stmt *stmt, int at, const char *text); /* NULL binds null */
void db_bind_null(struct db_stmt *stmt, int at);
/* "$3,$4,$5": one text for any number of ids up to `places`, so that the statement is kept; those that are
 * not needed repeat the last. `count` is at least 1. */
void db_sql_places(struct buf *sql, int first, size_t places);
void db_bind_places(struct db_stmt *stmt, int first, size_t places, const int64_t *ids,
                    size_t count);
/* DB_ROW, DB_NONE at the end, or an error. */
enum db_rc db_step(struct db_stmt *stmt);
/* Columns count from 0. */
bool db_is_null(struct db_stmt *stmt, int column);
int64_t db_int(struct db_stmt *stmt, int column); /* 0 for null */
double db_double(struct db_stmt *stmt, int column);
const char *db_text(struct db_stmt *stmt, int column,
                    size_t *len); /* "" for null; len may be NULL */
/* Gives the statement back; its texts are gone. Always called, also after an error. */
void db_finish(struct db_stmt *stmt);

/* One step and finish, for statements without parameters or rows. Several statements separated by
 * ';' are allowed. */
enum db_rc db_exec(struct db *db, const char *sql);
/* Steps once and finishes: DB_OK when the statement ran (whatever rows it has), else the error. */
enum db_rc db_run(struct db_stmt *stmt);
/* The ids that `table` gives from now on are above `last`. */
enum db_rc db_skip_ids(struct db *db, const char *table, int64_t last);
/* In the transaction that makes the first rows of a store: the ids that an earlier attempt took, which
 * was rolled back, are given again. */
enum db_rc db_ids_again(struct db *db);
/* Rows changed by the last statement of this connection. */
int64_t db_changes(struct db *db);
/* Words on the last error, for the log. Never NULL. */
const char *db_message(struct db *db);
/* The SQLSTATE or extended code of the last error, for the log. */
const char *db_state(struct db *db);

/* Transactions. A write transaction takes the store's write lock at once. The savepoint is one
 * level: db_savepoint, then db_release or db_rollback_to (which also releases it). */
enum db_rc db_begin_write(struct db *db);
enum db_rc db_begin_read(struct db *db); /* one snapshot for several statements */
/* Was it opened as a writer? */
bool db_may_write(const struct db *db);
/* The number of the transaction that goes on, of this connection; 0: there is none. */
uint64_t db_transaction(struct db *db);
/* Of a reader: takes the snapshot anew, so that it holds what was committed by now. */
void db_refresh(struct db *db);
enum db_rc db_commit(struct db *db); /* durable when DB_OK */
enum db_rc db_rollback(struct db *db);
enum db_rc db_savepoint(struct db *db);
/* A savepoint for reads, which db_rollback_to ends: they have DB_READS_S together, then DB_TIMEOUT. */
#define DB_READS_S 0.5
enum db_rc db_savepoint_reads(struct db *db);
enum db_rc db_release(struct db *db);
enum db_rc db_rollback_to(struct db *db);
/* False when the store ended the transaction by itself after an error (a full disk can do that). */
bool db_in_transaction(struct db *db);

/* True: reads are answered on the thread that asks. False: they wait for a network, so they belong
 * on threads of their own. */
bool db_reads_inline(const struct db *db);
bool db_is_postgres(const char *url);
/* Appends how a person is told of a store: its path, or its address without the password. */
void db_describe(const char *url, struct buf *out);

/* Another place of the same kind of store (SQLite: a file; PostgreSQL: a schema of the same database)
 * becomes readable to this connection: `prefix` is set to what stands before its tables' names. Outside
 * of a transaction. */
enum db_rc db_attach(struct db *db, const char *place, struct buf *prefix);

/* ---- where the two stores' SQL differs ---- */

/* SELECT of this store's own tables, in order: name, its key columns as "a, b", and the name of what
 * gives its ids, or null. */
const char *db_sql_tables(struct db *db);
/* Is there a table of this name among them? */
enum db_rc db_has_table(struct db *db, const char *table, bool *has);
/* Appends a statement, or none: other writers of the table wait for the end of the transaction. */
void db_sql_lock(struct db *db, struct buf *sql, const char *table);
/* Appends a statement: the table's next id is the one of the table `prefix` names, but above all ids
 * that it holds. */
void db_sql_next_id(struct db *db, struct buf *sql, const char *prefix, const char *table,
                    const char *sequence);

/* Appends a SELECT of how many different values the column `id` of `select` has; they are ids. */
void db_sql_count_ids(struct db *db, struct buf *sql, const char *select);
/* The letters that a comparison with `folded` (utf8_fold made it; several values in a row) takes the case of:
 * to bind as the parameters `letters` and `letters` + 1 of the two expressions below. False: nothing is to
 * bind, and `letters` is 0. */
bool db_fold_letters(struct db *db, const char *folded, size_t len, struct buf *from,
                     struct buf *to);
/* Appends an expression: `column` with the case of letters taken away, for a LIKE whose pattern is folded. It is
 * exact for patterns of those letters only. */
void db_sql_fold(struct db *db, struct buf *sql, const char *column, int letters);
/* The same for =, <>, IN and NOT IN, before values that are folded. */
void db_sql_caseless(struct db *db, struct buf *sql, const char *column, int letters);
/* Appends an expression: a column of doubles as text, as answers show it; `money`: with two decimals. */
void db_sql_number(struct db *db, struct buf *sql, const char *column, bool money);
/* Appends an expression: the text "2024-04-03T10:26:32" of a column of seconds since 1970, shifted
 * by `offset` seconds. */
void db_sql_datetime(struct db *db, struct buf *sql, const char *column, int offset);
/* Appends a condition that holds for (at least) all rows of `table` whose search document contains
 * the text of parameter `param`, by the table's trigram index; bind db_search_text's result. The
 * exact comparison must stand beside it. */
void db_sql_search(struct db *db, struct buf *sql, const char *table, int param);
/* The value to bind for that condition. NULL when `text` (folded already) is too short for the
 * index: then leave the condition out. */
const char *db_search_text(struct db *db, struct arena *arena, const char *folded, size_t len);
/* One value for two: the rows that hold both texts are found without those that hold one. NULL: this store does that
 * with two conditions. */
const char *db_search_both(struct db *db, struct arena *arena, const char *a, const char *b);
/* A SELECT for a rule that a write depends on, in a write transaction. share: its rows stay as they
 * are until the transaction ends; hold: and no other transaction that will change them sees them
 * before that. `of`: the alias whose rows are meant where there are several; else NULL. On a reader,
 * and on SQLite, whose write transaction is alone, the SQL is taken as it is. */
struct db_stmt *db_prepare_share(struct db *db, const char *sql, const char *of);
struct db_stmt *db_prepare_hold(struct db *db, const char *sql, const char *of);
/* For the rest of a write transaction that changes tables: it waits for other users of them for a moment only
 * (then DB_RETRY), since whoever comes later waits behind it. */
enum db_rc db_hurry_locks(struct db *db);
/* The same for rules about rows that are not there, as "no other user has this address": waits for
 * other transactions that hold the rule, a row of the table `rule`. */
enum db_rc db_hold_rule(struct db *db, const char *rule);
/* Appends what such a SELECT ends with, for one inside of another statement. */
void db_sql_share(struct db *db, struct buf *sql, const char *of);
/* Ends a SELECT of one table in a write transaction: its rows are this transaction's, and rows that
 * another one holds are passed over. */
void db_sql_lock_rows(struct db *db, struct buf *sql);
/* Turns one line of a migration into DDL of this store. Tokens:
 *   {ID}    the column type and constraints of an automatic 64-bit primary key that never reuses
 *   {INT} {REAL} {TEXT}   column types
 *   {BESIDE}  of CREATE INDEX and DROP INDEX, outside of a transaction: writers need not wait, where the store can
 * A line "@search TABLE COLUMN ..." makes the trigram index of a table with key `id`; "@search_anew" again, where
 * an older program's knew other letters. */
void db_sql_ddl(struct db *db, struct buf *out, const char *line);

/* Runs `VACUUM`-free integrity checks; appends one line per problem. DB_OK when it could look. */
enum db_rc db_check(struct db *db, struct buf *problems);

#endif
