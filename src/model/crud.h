/* crud - the usual six methods of an entity, as one line.
 *
 * What:    {"crm.deal", &deal_entity, ALL_VERBS} is crm.deal.add, update, get, list, delete and fields. Scope and
 *          page are those of data/methods.tsv; what an entity says otherwise than others stands beside it as data.
 * Used by: crm/NAME.c, by MODULE; model/method_table, which makes the methods at start.
 * Memory:  a crud is static; its methods stay for the process.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_CRUD_H
#define RAPPORT_MODEL_CRUD_H

#include "model/entity.h"
#include "model/method.h"

enum crud_verb {
    CRUD_ADD = 1 << 0,
    CRUD_UPDATE = 1 << 1,
    CRUD_GET = 1 << 2,
    CRUD_LIST = 1 << 3,
    CRUD_DELETE = 1 << 4,
    CRUD_FIELDS = 1 << 5,
    ALL_VERBS = (1 << 6) - 1,
    CRUD_USER_FIELDS = 1 << 6 /* and NAME.userfield.add ...: model/user_field_verbs */
};

struct crud {
    const char *name; /* its methods are NAME.add ... */
    const struct entity *entity;
    unsigned verbs;
    const char *one, *many; /* as the reference calls it; NULL: "a deal", "deals" */
    const char *bad_id;     /* the text for an id that is none; NULL: as of a missing row */
    bool options;           /* add and update take `params` */
    bool
        of_rows; /* whoever sets the CRM up with it (permit_settings) has rows of it without end: method_sets_up */
    bool fields_by_right; /* `fields` is for those alone who may read */
};

#define CRUD_BAD_ID "ID is not defined or invalid."

/* "a deal", "deals": for summaries; heap text. */
char *crud_called(const struct crud *crud, bool many);
size_t crud_count(const struct crud *crud);
/* Writes that many methods. */
void crud_methods(const struct crud *crud, struct method *methods);

#endif
