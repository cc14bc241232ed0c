/* links - the methods of a relation of pairs, as one line: crm.deal.contact.add, delete, fields, items.get, items.set
 * and items.delete.
 *
 * What:    {"crm.deal.contact", &deal_entity, &deal_contacts, "CONTACT_ID"} is the six of them. What a write comes
 *          to is a change of the row: it is stamped, and its event told. Of entries that the caller may not
 *          read nothing is shown, and they stay (model/reference).
 *          Pages: api-reference/crm/deals/contacts and its siblings.
 * Used by: descriptors (crm/), by MODULE(..., .links = &links); model/method_table, which makes the methods at start.
 * Memory:  static; the methods stay for the process.
 * Threads: the lane's.
 * Errors:  as the pages say: struct links has where they differ.
 */
#ifndef RAPPORT_MODEL_LINKS_H
#define RAPPORT_MODEL_LINKS_H

#include "model/method.h"
#include "model/relation.h"

struct links {
    const char *name; /* its methods are NAME.add ... */
    const struct entity *entity;
    const struct relation *relation; /* of model/pairs */
    const char *key;                 /* "CONTACT_ID": what calls name the other one by */
    /* Errors, where they are not those of most: of a missing row, and of one
     * that the caller may not touch; `closed_plainly`: of a caller who may nothing with any, "Access denied." */
    enum api_code missing, denied;
    bool closed_plainly;
    int denied_status; /* 0: the code's */
    bool gets_missing; /* items.get of a row that is not there is no error: nothing is linked */
    const char *given; /* what delete calls its `fields` when they are none; NULL: "item" */
    bool keeps_sort;   /* items.set without SORT leaves what is there; else by place */
};

size_t links_count(void);
void links_methods(const struct links *links, struct method *methods);

#endif
