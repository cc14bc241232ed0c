/* row - one row of an entity: from columns to cells, from cells to the answer, from the caller's
 * values to cells.
 *
 * Used by: model/entity_read, model/entity_write, and rules that write an answer field by field.
 * Memory:  cells' texts live in the arena when they came from row_read, in the statement when they
 *          came from cell_read.
 * Threads: the lane's.
 */
#ifndef RAPPORT_MODEL_ROW_H
#define RAPPORT_MODEL_ROW_H

#include "model/entity.h"

/* Appends the columns of the chosen fields: "t.id,t.subject,u.f1". Virtual fields have none. */
void row_columns(struct buf *sql, const struct entity *entity, const bool *chosen);
/* What of the row $1 is read; a catalog has these texts ready (catalog_select). */
enum row_select {
    SELECT_GET,  /* what `get` shows */
    SELECT_ALL,  /* every column */
    SELECT_MAIN, /* the entity's own table, to be held */
    SELECT_SIDE, /* its custom fields alone, in their order; none: "" */
    SELECT_KINDS
};
void row_select(struct buf *sql, const struct entity *entity, enum row_select what);
/* Appends " LEFT JOIN TABLE_uf u ...": what columns of custom fields need. */
void row_join_side(struct buf *sql, const struct entity *entity);
/* Columns of `*`; of get. */
bool row_listed(const struct field *field);
bool row_in_get(const struct field *field);
/* One column of a statement as a cell, by reference. */
void cell_read(struct db_stmt *stmt, int column, const struct field_type *type, struct cell *cell);
/* All fields of the entity, in order, copied to the arena; of SELECT_MAIN without the custom ones, which are null. */
struct cell *row_read(struct request *req, const struct entity *entity, struct db_stmt *stmt);
struct cell *row_read_main(struct request *req, const struct entity *entity, struct db_stmt *stmt);
/* The field's value as the protocol answers it. */
void cell_write(struct request *req, const struct field *field, const struct cell *cell);
/* Takes the caller's value. False when it does not fit the type. */
bool cell_from_value(struct request *req, const struct field *field, const struct value *value,
                     struct cell *cell);
/* The error for a value it did not take. */
enum api_rc row_refuse(struct request *req, enum api_code code, const struct field *field,
                       const struct cell *cell);
bool cell_equal(const struct field_type *type, const struct cell *a, const struct cell *b);
void cell_bind(struct db_stmt *stmt, int at, const struct field_type *type,
               const struct cell *cell);
/* Binds a field's value at parameter `at`, and behind it its folded key where it has one; answers the next free
 * parameter. The columns are named in the same order. */
int field_bind(struct request *req, struct db_stmt *stmt, int at, const struct field *field,
               const struct cell *cell);

#endif
