/* side_order - a list in the order of a custom field.
 *
 * What:    two ranges: the rows that have no value, in the order of their ids, and those that have one, along its
 *          index. Empty is lowest. A join of both in one order would be sorted as a whole.
 * Used by: model/entity_read.
 * Memory:  the caller's.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_SIDE_ORDER_H
#define RAPPORT_MODEL_SIDE_ORDER_H

#include "base/limits.h"
#include "model/query.h"

struct side_order {
    const struct field *field;
    bool descending;
};

/* Is the order that of one custom field whose index has it? */
bool side_order_by(const struct entity *entity, const struct value *order, struct side_order *by);
/* The ids of a page of the rows that the query's conditions let through. */
enum api_rc side_order_page(struct query *query, const struct side_order *by, int64_t start,
                            int64_t ids[LIMIT_PAGE], size_t *count);

#endif
