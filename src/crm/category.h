/* category - the funnels of deals and smart processes.
 *
 * What:    the only SQL for the table category. A type that has funnels says so in its descriptor (struct stages).
 *          Deals have a default funnel 0; of other types one of the numbered ones is the default.
 * Used by: crm/stage, crm/directory, method/crm_category, method/crm_dealcategory.
 * Memory:  in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_CATEGORY_H
#define RAPPORT_CRM_CATEGORY_H

#include "model/codes.h"

struct category {
    int64_t id;
    int64_t type_id; /* whose funnel */
    const char *name;
    int64_t sort;
    bool is_default, is_system;
    const char *code;
    int64_t created; /* 0: it always was there */
    const char *origin_id, *originator_id;
    const char *directory; /* of its stages */
};

/* In a write the funnel stays as it is until the commit. */
enum api_rc category_find(struct request *req, int64_t type_id, int64_t id,
                          struct category *category, bool *found);
/* The same of one that is about to be changed or removed. */
enum api_rc category_hold(struct request *req, int64_t type_id, int64_t id,
                          struct category *category, bool *found);
/* The funnel whose stages this directory holds. */
enum api_rc category_of_directory(struct request *req, const char *directory,
                                  struct category *category, bool *found);
/* The type's default funnel; 0 when it has none. */
enum api_rc category_default(struct request *req, int64_t type_id, int64_t *id);
/* All of a type by sort, or (0) of all types. */
enum api_rc category_list(struct request *req, int64_t type_id, struct category **list,
                          size_t *count);

/* With its stages; the id is set. A new default takes the place of the old one. */
enum api_rc category_add(struct request *req, const struct entity *entity,
                         struct category *category);
/* Writes name, sort, default and origin. */
enum api_rc category_update(struct request *req, const struct category *category);
/* Is there a row of the type in it? */
enum api_rc category_in_use(struct request *req, const struct entity *entity, int64_t id,
                            bool *used);
/* With its stages. */
enum api_rc category_remove(struct request *req, const struct entity *entity, int64_t id);

/* Codes of fields that hold a funnel of the row's type. */
extern const struct field_codes codes_category;

#endif
