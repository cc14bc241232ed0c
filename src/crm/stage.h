/* stage - the stages that rows go through, in funnels where a type has several.
 *
 * What:    a descriptor says which of its fields tell it (struct stages), and how directories and codes of its funnels
 *          are called.
 * Used by: descriptors (`.stages`), crm/stage_step, crm/directory, crm/category.
 * Memory:  descriptors are static; names in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_STAGE_H
#define RAPPORT_CRM_STAGE_H

#include "model/entity.h"
#include "portal/event.h"

/* A stage that a new funnel begins with. */
struct stage_first {
    const char *code; /* without the funnel's prefix */
    const char *name, *color;
    const char *semantics; /* "S", "F"; NULL: in progress */
    bool system;
};

struct stages {
    const char *title;     /* "Deal stages": the directory's name */
    const char *field;     /* "STAGE_ID" */
    const char *semantic;  /* "STAGE_SEMANTIC_ID": 'P', 'S' or 'F' */
    const char *previous;  /* the field with the stage before; or NULL */
    const char *directory; /* of the only funnel, or of number 0; NULL: every funnel has a number */
    /* Of the others, with {type} and {category} in it: "DEAL_STAGE_{category}" and "C{category}". */
    const char *numbered, *prefix;
    const char *start, *success,
        *failure;                   /* codes that always are there, if any is known by name */
    size_t code_max;                /* longest code, with its prefix */
    const struct event_kind *moved; /* event of a move to another funnel; or NULL */
    const struct stage_first *first;
    size_t first_count;
};

/* The directory of a funnel, and the prefix of its codes ("" where there is none). */
const char *stage_directory(struct request *req, const struct entity *entity, int64_t category_id);
const char *stage_prefix(struct request *req, const struct entity *entity, int64_t category_id);
/* Makes the stages of a new funnel. */
enum api_rc stage_make(struct request *req, const struct entity *entity, int64_t category_id);
/* They go with it. */
enum api_rc stage_remove(struct request *req, const struct entity *entity, int64_t category_id);
/* Does a row stand in a stage of this code? */
enum api_rc stage_in_use(struct request *req, const struct entity *entity, const char *code,
                         bool *used);

#endif
