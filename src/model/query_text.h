/* query_text - conditions on texts: =, <>, IN and NOT IN without regard to case, and LIKE.
 *
 * What:    the case of letters is taken away by one function on every store (base/fold). Where an index looks
 *          a text up, its folded key stands in a column beside it; elsewhere the expression is folded as it is
 *          read. Above and below compare bytes, and are model/query's.
 * Used by: model/query only.
 * Memory:  as model/query_bind.h.
 * Threads: the lane's.
 * Errors:  as model/query.h.
 */
#ifndef RAPPORT_MODEL_QUERY_TEXT_H
#define RAPPORT_MODEL_QUERY_TEXT_H

#include "model/query_bind.h"

struct query_text {
    const char *expression; /* the column */
    const char *key;        /* the column of its folded key; NULL: there is none */
    const char *name;       /* for errors */
    bool searched;          /* the table's trigram index covers it: LIKE asks it */
};

bool query_is_like(enum filter_op op);
/* All operators but above and below. */
bool query_text_takes(enum filter_op op);
/* Adds one condition; `value` may be an array. */
enum api_rc query_text_term(struct query *query, const struct query_text *column, enum filter_op op,
                            const struct value *value);

#endif
