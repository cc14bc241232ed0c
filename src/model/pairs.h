/* pairs - a relation of rows to rows: contacts of leads and deals, companies of contacts.
 *
 * What:    a table of pairs (own, other, sort), and a field with the ids of the others in their order. The main
 *          one stands in the row's own column too (relation->main): the first of a list that is given whole. Seen from the other side
 *          (relation->inverse) there is none such, and the order is that of the inverse's lists: what is
 *          added comes last in them.
 * Used by: descriptors (crm/), model/links.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h. Ids of rows that do not exist, or that the caller may not read
 *          (model/reference), are left out without an error.
 */
#ifndef RAPPORT_MODEL_PAIRS_H
#define RAPPORT_MODEL_PAIRS_H

#include "model/relation.h"

/* Parameters: name, main (unless inverse), table, own, other, to; inverse, and then `with`: the column that marks the
 * main one as seen from that side. */
extern const struct relation_kind relation_pairs;

/* ---- one row's links, for model/links ---- */

struct pairs_list {
    struct pairs_item {
        int64_t other, sort, role_id;
    } * item;
    size_t count;
    int64_t main; /* 0: none */
};

/* In their order. */
enum api_rc pairs_read(struct request *req, const struct entity *entity,
                       const struct relation *relation, int64_t id, struct pairs_list *list);
/* From `before` to `now`, which need not be in order. *changed: they differ. */
enum api_rc pairs_write(struct request *req, const struct entity *entity,
                        const struct relation *relation, int64_t id,
                        const struct pairs_list *before, const struct pairs_list *now,
                        bool *changed);

/* ---- between the two files (model/pairs_list.c) ---- */

/* The list was written from the inverse's side: the main ones of `entity`, whose relation it is, follow. */
enum api_rc pairs_follow(struct request *req, const struct entity *entity,
                         const struct relation *relation, int64_t other);
/* The column with the main one. */
const char *pairs_main_column(const struct entity *entity, const struct relation *relation);

#endif
