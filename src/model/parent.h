/* parent - a relation to one row, whose id stands in a column of this one: the company of a deal.
 *
 * What:    one that does not exist, or that the caller may not read, is left out in silence: the field is
 *          what it was (model/reference). When it goes, the column is emptied. The column is an ordinary field.
 * Used by: descriptors (crm/).
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_PARENT_H
#define RAPPORT_MODEL_PARENT_H

#include "model/relation.h"

/* Parameters: main (the field), to. */
extern const struct relation_kind relation_parent;

#endif
