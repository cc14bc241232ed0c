/* own_table - tables, columns and indexes that a portal has by itself, beside those of the schema.
 *
 * What:    runs DDL and writes it down, so that a restore makes the same again (app/backup_read) and a reset knows
 *          what is to go (rest/reset).
 * Used by: model/side_schema, types made at run time; in a method with `.schema`, before catalog_changed.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h. A table that others use at this moment is DB_RETRY, and the lane runs it again.
 */
#ifndef RAPPORT_MODEL_OWN_TABLE_H
#define RAPPORT_MODEL_OWN_TABLE_H

#include "portal/request.h"

/* One statement, as a line of a migration has it: "CREATE TABLE item_7 (id {ID}, ...)". */
enum api_rc own_table_run(struct request *req, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Writes a line down, or strikes it out, that was run elsewhere. */
enum api_rc own_table_note(struct request *req, const char *line);
enum api_rc own_table_forget(struct request *req, const char *line);

#endif
