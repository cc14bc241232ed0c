/* permit - who may do what with an entity's rows: what a descriptor says of it, and the checks by it.
 *
 * What:    an entity's descriptor names its permit, and the engine asks it: about a method, a row, a list. One
 *          that names none is an administrator's alone.
 *          permit_assigned is that of rows that belong to their responsible person (ASSIGNED_BY_ID):
 *          leads, deals, contacts, companies. An activity's is crm/activity_permit. What a row refers to is
 *          model/reference's.
 * Used by: model/entity_*, model/hearing, crm/ (its permits and rules).
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  api_rc functions fail with "Access denied.", status 400, as the pages of the CRM methods
 *          say; enum db_rc functions with the store's trouble.
 */
#ifndef RAPPORT_MODEL_PERMIT_H
#define RAPPORT_MODEL_PERMIT_H

#include "model/query.h"
#include "people/access.h"

/* What a row is to a caller. "None" may hide rows. */
enum permit_sight {
    PERMIT_FREE,    /* he may do it */
    PERMIT_REFUSED, /* he may not; or he may nothing at all, and does not hear whether it exists */
    PERMIT_MISSING  /* there is none, as far as he may know */
};

/* `row` and `list` are asked only of callers who may not everything. */
struct permit {
    /* May he do it with any row at all? */
    bool (*any)(const struct caller *caller, const struct entity *entity,
                enum access_action action);
    /* With this row? It is indexed like entity->fields. */
    enum api_rc (*row)(struct request *req, const struct entity *entity, enum access_action action,
                       const struct cell *row);
    /* With the row of this id, which is looked at? */
    enum api_rc (*sight)(struct request *req, const struct entity *entity, int64_t id,
                         enum access_action action, enum permit_sight *sight);
    /* Adds the condition that leaves only rows that he may read, if any is needed. */
    void (*list)(struct query *query);
    /* May he hear that there is no such row? NULL: everybody may. */
    bool (*hears)(const struct caller *caller, enum access_action action);
    /* Where that condition looks at one row after the other, and the filter is about ids alone: finds what
     * it would leave by an index. NULL: there is no such way. */
    const struct permit_index *index;
};

struct permit_index {
    bool (*serves)(const struct query *query);
    /* A SELECT of the ids of what the caller may read and `where` lets through, each once. `window`: the
     * number of the parameter that says how many of the lowest (or highest) are wanted. */
    void (*ids)(struct query *query, struct buf *sql, int window, bool descending);
    /* A SELECT of how many they are. */
    void (*count)(struct query *query, struct buf *sql);
};

extern const struct permit permit_assigned;
/* Do roles have levels for its rows? */
bool permit_has_levels(const struct entity *entity);
/* What any caller may do with any row. */
extern const struct permit permit_everybody;
/* What the CRM is set up with: whoever may read anything of it reads that, and administrators change it. */
extern const struct permit permit_settings;

/* ---- the engine's questions ---- */

/* Refuses a caller that may do it with no row of this entity at all. */
enum api_rc permit_any(struct request *req, const struct entity *entity, enum access_action action);
/* Refuses a caller that may not do it with this row. */
enum api_rc permit_row(struct request *req, const struct entity *entity, enum access_action action,
                       const struct cell *row);
/* There is no such row: fails with the entity's text, unless that would tell a caller that may not know. */
enum api_rc permit_absent(struct request *req, const struct entity *entity,
                          enum access_action action);
/* The same of an id that is none: nothing is told by that. */
enum api_rc permit_missing(struct request *req, const struct entity *entity,
                           enum access_action action);
/* A row that exists and is about to go. */
enum api_rc permit_delete(struct request *req, const struct entity *entity, int64_t id);
/* What the row of this id, which there is, is to the caller. */
enum api_rc permit_sees(struct request *req, const struct entity *entity, int64_t id,
                        enum access_action action, enum permit_sight *sight);
/* May the caller read this row? */
enum api_rc permit_reads(struct request *req, const struct entity *entity, int64_t id, bool *may);
/* The condition of a list, if any is needed. */
void permit_list(struct query *query);
/* The index to ask instead, or NULL. */
const struct permit_index *permit_by_index(const struct query *query);

/* ---- rows that belong to their responsible person ---- */

/* Whose a row is, and in which funnel (0 where there are none). */
struct permit_whose {
    int64_t assigned_by, category_id;
};
/* DB_ROW, or DB_NONE when there is no such one. `entity` may be NULL. */
enum db_rc permit_owner(struct request *req, const struct entity *entity, int64_t id,
                        struct permit_whose *whose);
/* Appends ", o.assigned_by_id, o.category_id" (0 for the funnel where there are none), `o` being what the rows of
 * the entity are called. */
void permit_sql_whose(struct buf *sql, const struct entity *entity, const char *rows);
bool permit_covers(const struct request *req, const struct entity *entity,
                   enum access_action action, const struct permit_whose *whose);
/* Appends a condition in parentheses: the caller may read what has this responsible person and funnel. Not for a
 * type of which he may read all. */
void permit_sql_covered(struct query *query, struct buf *sql, int type_id, const char *assigned_by,
                        const char *category_id);
/* For filters that look at what a row refers to, so that they find no more than is shown: `column`
 * holds the id of an `other` that the caller may read. */
void permit_reference(struct query *query, const struct entity *other, const char *column);
/* Appends "= $1" or "IN (...)": the people whose rows a level covers. */
void permit_people(struct query *query, struct buf *sql, enum access_level level);
enum api_rc permit_denied(struct request *req);

#endif
