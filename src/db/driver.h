/* driver - what a store must provide to stand behind db/db.h.
 *
 * What:    a struct of functions, one per store; db/db.c dispatches to it. Every function has the
 *          contract of the db_* function of the same name in db/db.h.
 * Used by: db/db.c, db/sqlite.c, db/postgres.c only.
 * Memory:  a driver's struct begins with `struct db`, its statement with `struct db_stmt`.
 */
#ifndef RAPPORT_DB_DRIVER_H
#define RAPPORT_DB_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/buf.h"
#include "db/result.h"

struct stop;

struct db_driver {
    const char *name;
    bool reads_inline;
    void (*describe)(const char *url, struct buf *out); /* NULL: as it is */
    struct db *(*open)(const char *url, const char *schema, enum db_mode mode, struct buf *why);
    void (*close)(struct db *db);
    enum db_rc (*reconnect)(struct db *db);
    enum db_rc (*settle)(struct db *db); /* NULL: nothing to do */
    enum db_rc (*limit_time)(struct db *db, double seconds);
    struct db_stmt *(*prepare)(struct db *db, const char *sql);
    void (*bind_int)(struct db_stmt *stmt, int at, int64_t integer);
    void (*bind_double)(struct db_stmt *stmt, int at, double real);
    void (*bind_text)(struct db_stmt *stmt, int at, const char *text, size_t len);
    void (*bind_null)(struct db_stmt *stmt, int at);
    enum db_rc (*step)(struct db_stmt *stmt);
    bool (*is_null)(struct db_stmt *stmt, int column);
    int64_t (*get_int)(struct db_stmt *stmt, int column);
    double (*get_double)(struct db_stmt *stmt, int column);
    const char *(*get_text)(struct db_stmt *stmt, int column, size_t *len);
    void (*finish)(struct db_stmt *stmt);
    enum db_rc (*exec)(struct db *db, const char *sql);
    enum db_rc (*skip_ids)(struct db *db, const char *table, int64_t last);
    enum db_rc (*ids_again)(struct db *db); /* NULL: nothing to do */
    int64_t (*changes)(struct db *db);
    enum db_rc (*begin_write)(struct db *db);
    enum db_rc (*begin_read)(struct db *db);
    enum db_rc (*commit)(struct db *db);
    enum db_rc (*rollback)(struct db *db);
    enum db_rc (*savepoint)(struct db *db);
    enum db_rc (*savepoint_reads)(struct db *db);
    enum db_rc (*release)(struct db *db);
    enum db_rc (*rollback_to)(struct db *db);
    bool (*in_transaction)(struct db *db);
    enum db_rc (*attach)(struct db *db, const char *place, struct buf *prefix);
    const char *sql_tables, *sql_has_table, *sql_columns;
    enum db_rc (*copy_out)(struct db *db, const char *table, const char *columns, const char *order,
                           bool (*take)(void *context, const char *line, size_t len),
                           void *context);
    enum db_rc (*copy_in)(struct db *db, const char *table, const char *columns, const char *lines,
                          size_t len);
    void (*sql_last_id)(struct buf *sql, const char *table, const char *sequence);
    void (*sql_set_last_id)(struct buf *sql, const char *table, const char *sequence, int64_t last);
    void (*sql_lock)(struct db *db, struct buf *sql, const char *table);
    void (*sql_next_id)(struct db *db, struct buf *sql, const char *prefix, const char *table,
                        const char *sequence);
    void (*sql_count_ids)(struct db *db, struct buf *sql, const char *select);
    bool folds_letters; /* by those a statement binds, not by a function of ours */
    void (*sql_fold)(struct db *db, struct buf *sql, const char *column, int letters);
    void (*sql_caseless)(struct db *db, struct buf *sql, const char *column, int letters);
    void (*sql_number)(struct db *db, struct buf *sql, const char *column, bool money);
    void (*sql_datetime)(struct db *db, struct buf *sql, const char *column, int offset);
    void (*sql_search)(struct db *db, struct buf *sql, const char *table, int param);
    const char *(*search_text)(struct db *db, struct arena *arena, const char *folded, size_t len);
    /* NULL: two conditions do it. */
    const char *(*search_both)(struct arena *arena, const char *a, const char *b);
    const char *lock_rows;    /* the end of a SELECT whose rows are locked */
    const char *hurry_locks;  /* NULL: nobody is waited for */
    const char *share, *hold; /* the same, waiting for others; NULL: a writer is alone */
    void (*sql_ddl)(struct db *db, struct buf *out, const char *line);
    enum db_rc (*check)(struct db *db, struct buf *problems);
};

struct db {
    const struct db_driver *driver;
    enum db_mode mode;
    uint64_t statements; /* prepared so far */
    double deadline;     /* of clock_monotonic; 0: none */
    double soon;         /* of db_patience; 0: none */
    int worked, to_work; /* parts of work since then, and what is a third of the time */
    struct budget *budget;
    int until_look;    /* steps until db_step looks at the clock again */
    struct stop *stop; /* of db_watch; NULL: it never comes */
    uint64_t begun;    /* transactions so far */
    void *beside;      /* of db_keep_beside */
    void (*release)(void *beside);
    char message[512]; /* of the last error */
    char state[8];
};

struct db_stmt {
    struct db *db;
};

/* True when nothing more may run: by the deadline, or by a stop. */
bool db_is_late(const struct db *db);
/* The same and the budget, with what db_step then returns; DB_OK: go on. */
enum db_rc db_look(struct db *db);

extern const struct db_driver db_sqlite;
extern const struct db_driver db_postgres;

#endif
