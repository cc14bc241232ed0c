/* query - a filter of the protocol becomes SQL.
 *
 * What:    collects conditions and bound values for one SELECT over an entity's table, which has
 *          the alias `t`. Only column names of descriptors get into the SQL text; everything of the
 *          request is bound. Prefixes as documented: crm.activity.list, crm.lead.list.
 * Used by: model/entity_read, and the filter hooks of virtual fields.
 * Memory:  query_clear frees the buffers; bound values live in the request's arena.
 * Threads: the lane's.
 * Errors:  a value that cannot be compared (no number, no date, too many terms) fails the request
 *          with INVALID_ARG_VALUE. Unknown fields: model/unknown.
 */
#ifndef RAPPORT_MODEL_QUERY_H
#define RAPPORT_MODEL_QUERY_H

#include "model/query_bind.h"

/* Adds the conditions of a `filter` parameter (NULL or empty: none). In the item dialect arrays with a number
 * for key are groups; one that has the key QUERY_LOGIC wants one of its conditions, others want all. */
#define QUERY_LOGIC "logic"

enum api_rc query_filter(struct query *query, const struct value *filter);
/* Adds one condition on a free text (compared without regard to case); for filter hooks. `value` may be an
 * array. */
enum api_rc query_text(struct query *query, const char *expression, enum filter_op op,
                       const struct value *value);
/* The same on an expression that holds what this type stores. */
enum api_rc query_value(struct query *query, const char *expression, const char *name,
                        const struct field_type *type, enum filter_op op,
                        const struct value *value);
/* Adds `expression` IN / NOT IN the integers of `value` (scalar or array). */
enum api_rc query_int(struct query *query, const char *expression, const char *name,
                      enum filter_op op, const struct value *value);
/* " WHERE ..." or "". */
void query_sql_where(struct query *query, struct buf *sql);
/* " ORDER BY ..." of an `order` parameter (NULL: the entity's own), always ending with the id. */
void query_sql_order(struct buf *sql, const struct entity *entity, const struct value *order);
/* Is a custom field among what it names? */
bool query_order_side(const struct entity *entity, const struct value *order);
/* What the parameter `order` names must be fields: model/unknown. */
enum api_rc query_order_known(struct request *req, const struct entity *entity);
/* How many rows the conditions let through: of the entity's table, or by a SELECT of one number, whose
 * buffer is cleared. */
enum api_rc query_count(struct query *query, int64_t *total);
void query_sql_count(struct query *query, struct buf *sql);
enum api_rc query_count_sql(struct query *query, struct buf *sql, int64_t *total);

/* The operator whose opposite `op` is; `op` itself when it is none. */
enum filter_op query_positive(enum filter_op op);
/* A condition on a field of several values of a type. "Not equal" says that none of them is equal, and an empty
 * value that there are none, so `set` writes who has a value that `op` `value` holds for (NULL: who has any), or,
 * `negated`, all others. */
enum api_rc query_several(struct query *query, const struct field *field, enum filter_op op,
                          const struct value *value, const struct field_type *type,
                          enum api_rc (*set)(struct query *query, const struct field *field,
                                             bool negated, enum filter_op op,
                                             const struct value *value));

/* Splits ">=DEADLINE" into operator and name. */
enum filter_op filter_key(const char *key, const char **name);

#endif
