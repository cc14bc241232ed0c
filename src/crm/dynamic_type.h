/* dynamic_type - smart processes: types of rows that a portal makes for itself.
 *
 * What:    what is known of one (a row of dynamic_type, and whose child and parent it is), and the types as entities
 *          of the portal's catalog, each with its table item_<id>.
 * Used by: crm/dynamic_item (makes the entity), method/crm_type, method/crm_automatedsolution, method/crm_enum.
 * Memory:  the catalog's, or the request's arena.
 * Threads: any read; changes in the write lane, in methods with `.schema`.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_DYNAMIC_TYPE_H
#define RAPPORT_CRM_DYNAMIC_TYPE_H

#include "model/entity.h"

/* What a type may have switched on. The first ones are fields of its rows. */
enum feature {
    FEATURE_NONE = -1,
    FEATURE_CATEGORIES,
    FEATURE_STAGES,
    FEATURE_DATES,
    FEATURE_CLIENT,
    FEATURE_USERFIELD,
    FEATURE_PRODUCTS,
    FEATURE_MYCOMPANY,
    FEATURE_DOCUMENTS,
    FEATURE_SOURCE,
    FEATURE_OBSERVERS,
    FEATURE_RECYCLEBIN,
    FEATURE_AUTOMATION,
    FEATURE_BIZPROC,
    FEATURE_OPEN,
    FEATURES
};

struct dynamic_type {
    int64_t id;
    int64_t type_id; /* entityTypeId */
    const char *title;
    bool has[FEATURES];
    const int64_t *parents; /* types whose rows its rows may name */
    size_t parent_count;
};

/* Numbers that a type may be given: 128 to 192, and even ones from 1030 on. */
bool dynamic_type_number_fits(int64_t type_id);
/* Is it one of those numbers, so that a type of it can only be a smart process? */
bool dynamic_type_is(int64_t type_id);

#endif
