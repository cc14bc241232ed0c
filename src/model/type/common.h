/* common - what several types have in common.
 *
 * Used by: model/type/.
 * Memory:  texts of cells and bound values live in the request's arena.
 * Threads: the lane's.
 * Errors:  as model/type.h.
 */
#ifndef RAPPORT_MODEL_TYPE_COMMON_H
#define RAPPORT_MODEL_TYPE_COMMON_H

#include "model/query.h"

void type_none_null(struct writer *out, const struct field *field);
void type_none_text(struct writer *out, const struct field *field);
void type_none_list(struct writer *out, const struct field *field);
void type_write_text(struct request *req, const struct field *field, const struct cell *cell);
void type_write_int_text(struct request *req, const struct field *field, const struct cell *cell);
void type_write_int(struct request *req, const struct field *field, const struct cell *cell);
void type_write_real_text(struct request *req, const struct field *field, const struct cell *cell);
void type_write_real(struct request *req, const struct field *field, const struct cell *cell);
void type_sql_int(struct request *req, const struct field *field, const char *column,
                  struct buf *sql);
void type_sql_real(struct request *req, const struct field *field, const char *column,
                   struct buf *sql);
/* Nothing given, or false; or zero. */
bool type_asks_empty(const struct value *value);
bool type_asks_zero(const struct value *value);
int type_bind_int(struct query *query, const char *name, enum filter_op *op,
                  const struct value *value);
int type_bind_number(struct query *query, const char *name, enum filter_op *op,
                     const struct value *value);
int type_bind_text(struct query *query, const char *name, enum filter_op *op,
                   const struct value *value);
/* Fails the request; returns BIND_FAILED. `what`: "number". */
int type_bind_refuse(struct query *query, const char *name, const char *what);
bool type_take_real(const struct value *value, struct cell *cell);

#endif
