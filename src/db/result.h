/* result - what a store answers, and the names that db/db.h and its drivers share.
 *
 * Used by: db/db.h (and so all who use a store), db/driver.h.
 */
#ifndef RAPPORT_DB_RESULT_H
#define RAPPORT_DB_RESULT_H

enum db_rc {
    DB_OK,       /* done */
    DB_ROW,      /* a row is there to read */
    DB_NONE,     /* no (more) row; nothing wrong */
    DB_CONFLICT, /* a unique or other constraint refused it */
    DB_RETRY, /* serialization failure, deadlock, lock timeout: the transaction may be run again */
    DB_LOST,  /* the connection is gone or cannot be made; outside of COMMIT nothing was kept */
    DB_FULL,  /* no space on the device */
    DB_READONLY, /* the file or its directory cannot be written */
    DB_UNKNOWN, /* the connection went, or an fsync failed, during COMMIT: kept or not, nobody knows */
    DB_TIMEOUT, /* past db_deadline, or the statement's own time limit */
    DB_OVER,    /* the budget of db_budget is used up; the store was not asked */
    DB_ERROR    /* anything else: a bug in SQL, a damaged file */
};

struct db;
struct db_stmt;

enum db_mode {
    DB_READER, /* never writes; SQLite: a query-only connection */
    DB_WRITER  /* SQLite: creates the file when absent */
};

#endif
