/* pairs - a relation of rows to rows: contacts of leads and deals, companies of contacts.
 *
 * What:    a table of pairs (own, other, sort), and a field with the ids of the others in their order. The first is
 *          the main one and stands in the row's own column too (relation->main). Seen from the other side
 *          (relation->inverse) there is no main one, and the order is that of the inverse's lists: what is
 *          added comes last in them.
 * Used by: descriptors (crm/).
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h. Ids of rows that do not exist, or that the caller may not read
 *          (model/reference), are left out without an error.
 */
#ifndef RAPPORT_MODEL_PAIRS_H
#define RAPPORT_MODEL_PAIRS_H

#include "model/relation.h"

/* Parameters: name, main (unless inverse), table, own, other, to; inverse. */
extern const struct relation_kind relation_pairs;

#endif
