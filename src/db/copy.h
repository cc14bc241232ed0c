/* copy - all rows of a table as text, out of one store and into another.
 *
 * What:    PostgreSQL's COPY text: a line a row, tabs between values, \N for null, backslashes and a
 *          letter for control characters that have one, and before themselves. PostgreSQL reads and writes it;
 *          for SQLite db/sqlite_copy does, to the byte. Numbers are written so that they come back as they were.
 * Used by: app/backup_write, app/backup_read.
 * Memory:  a line lives until the function it is given to returns.
 * Threads: the connection's.
 * Errors:  enum db_rc, with db_message.
 */
#ifndef RAPPORT_DB_COPY_H
#define RAPPORT_DB_COPY_H

#include "db/db.h"

/* Appends the columns of a table as "a, b, c". */
enum db_rc db_columns(struct db *db, const char *table, struct buf *columns);

/* Takes a line with its '\n'; false stops, and db_copy_out answers DB_ERROR. */
typedef bool db_copy_line(void *context, const char *line, size_t len);
/* In the order of the columns `order`. Inside of a transaction of db_begin_read. */
enum db_rc db_copy_out(struct db *db, const char *table, const char *columns, const char *order,
                       db_copy_line *take, void *context);
/* Whole lines. Inside of a write transaction. */
enum db_rc db_copy_in(struct db *db, const char *table, const char *columns, const char *lines,
                      size_t len);

/* The last id that a table gave; 0: none. `sequence` is of db_sql_tables. */
enum db_rc db_last_id(struct db *db, const char *table, const char *sequence, int64_t *last);
/* The next one is above `last`, and so it is also when the rows with higher ids are gone. */
enum db_rc db_set_last_id(struct db *db, const char *table, const char *sequence, int64_t last);

#endif
