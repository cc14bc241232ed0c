/* sqlite - between the two files of the SQLite driver; the contracts are those of db/db.h.
 *
 * Used by: db/sqlite.c, db/sqlite_sql.c, db/sqlite_count.c only.
 */
#ifndef RAPPORT_DB_SQLITE_H
#define RAPPORT_DB_SQLITE_H

#include "db/copy.h"
#include "db/driver.h"

void sqlite_sql_fold(struct db *db, struct buf *sql, const char *column, int letters);
void sqlite_sql_caseless(struct db *db, struct buf *sql, const char *column, int letters);
void sqlite_sql_number(struct db *db, struct buf *sql, const char *column, bool money);
void sqlite_sql_datetime(struct db *db, struct buf *sql, const char *column, int offset);
void sqlite_sql_search(struct db *db, struct buf *sql, const char *table, int param);
const char *sqlite_search_text(struct db *db, struct arena *arena, const char *folded, size_t len);
const char *sqlite_search_both(struct arena *arena, const char *a, const char *b);
void sqlite_sql_ddl(struct db *db, struct buf *out, const char *line);

extern const char sqlite_tables[];
void sqlite_sql_lock(struct db *db, struct buf *sql, const char *table);
void sqlite_sql_next_id(struct db *db, struct buf *sql, const char *prefix, const char *table,
                        const char *sequence);

void sqlite_sql_count_ids(struct db *db, struct buf *sql, const char *select);
struct sqlite3;
/* The functions they use, for a connection; SQLite's code. */
int sqlite_count_register(struct sqlite3 *handle);
int sqlite_functions_register(struct sqlite3 *handle);

/* ---- sqlite_copy.c ---- */

enum db_rc sqlite_copy_out(struct db *db, const char *table, const char *columns, const char *order,
                           db_copy_line *take, void *context);
enum db_rc sqlite_copy_in(struct db *db, const char *table, const char *columns, const char *lines,
                          size_t len);
void sqlite_sql_last_id(struct buf *sql, const char *table, const char *sequence);
void sqlite_sql_set_last_id(struct buf *sql, const char *table, const char *sequence, int64_t last);

#endif
