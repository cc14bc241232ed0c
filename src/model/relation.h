/* relation - what belongs to a row and lives in other tables: phones, contacts of a deal, files of an activity.
 *
 * What:    a kind is a table of functions (model/pairs, model/parent, model/picture, crm/multifield, the parts of
 *          an activity); a relation is a kind with its parameters (tables, columns, the other entity). An entity's
 *          descriptor lists its relations, and a field that lives in one names it. The steps of a change
 *          (model/change) and the reading of a page (model/entity_read) walk them and know no kind.
 * Used by: model/change, model/entity_read, model/query; descriptors.
 * Memory:  relations are static; what a kind keeps of a change or a page lives in the request's arena.
 * Threads: the lane's; `prepare` the slow lane's, before.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_RELATION_H
#define RAPPORT_MODEL_RELATION_H

#include "model/entity.h"

struct query;
struct relation;

/* NULL: there is nothing to do. */
struct relation_kind {
    /* ---- a change of the row, in this order ---- */
    /* Reads what the caller gave, once: *slot is found by the others. Refuses what has the wrong form. */
    enum api_rc (*parse)(struct change *change, const struct relation *relation, void **slot);
    /* Looks at the rows that are named (and holds them), completes change->now. */
    enum api_rc (*check)(struct change *change, const struct relation *relation, void **slot);
    /* Writes the other tables, once the row has its id. API_KEPT: refused, but the change stays. */
    enum api_rc (*store)(struct change *change, const struct relation *relation, void *slot);

    /* ---- a row goes ---- */
    /* The row itself: what belongs to it alone goes first. */
    enum api_rc (*remove)(struct request *req, const struct entity *entity,
                          const struct relation *relation, int64_t id);
    /* The row `other` of relation->to: rows of `entity` name it no more. */
    enum api_rc (*other_gone)(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t other);

    /* ---- a row is merged into another one, and goes then (model/merge) ---- */
    /* Can what belongs to the one not be put together with what belongs to the other? */
    enum api_rc (*disagree)(struct request *req, const struct entity *entity,
                            const struct relation *relation, int64_t from, int64_t into,
                            bool *conflict);
    /* What belongs to `from` belongs to `into` from now on; what that has already goes with the row. */
    enum api_rc (*move)(struct request *req, const struct entity *entity,
                        const struct relation *relation, int64_t from, int64_t into);
    /* Rows of `entity` that name the row `from` of relation->to name `into`. */
    enum api_rc (*other_moved)(struct request *req, const struct entity *entity,
                               const struct relation *relation, int64_t from, int64_t into);

    /* ---- its fields ---- */
    /* Reads the values of up to LIMIT_PAGE rows in one go; `loaded` is handed to write. */
    enum api_rc (*load)(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded);
    /* Writes key and value (or nothing) for one of those rows; the key as the dialect calls the field. */
    void (*write)(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id);
    /* Adds the condition `op` `value` to the query, or refuses it: what is left out would find everything.
     * NULL: the field cannot be filtered by (model/unknown). */
    enum api_rc (*filter)(struct query *query, const struct field *field, int op,
                          const struct value *value);
    /* Appends what rows (`t`) are ordered by. False: there is nothing to order by, nothing was appended. */
    bool (*order)(const struct field *field, struct buf *sql);

    /* JSON Schema of a value as answers show it; NULL: as the field's `type` has it, a scalar. item_schema: in the
     * words of crm.item.*; NULL: the same. */
    const char *schema, *item_schema;
    const char *takes; /* of what a change is given; NULL: the same as schema */

    /* ---- before the lane ---- */
    /* Stores content of files in `fields`, so that the write lane need not wait for it. */
    void (*prepare)(struct request *req, const struct entity *entity,
                    const struct relation *relation, const struct value *fields);
};

struct relation {
    const struct relation_kind *kind;
    const char *name;        /* "CONTACT_IDS": of its field, when it has one */
    const char *main;        /* "CONTACT_ID": the field with the first, or the only one; NULL */
    const char *table;       /* that it lives in */
    const char *own, *other; /* its columns: of this row, of the one it names */
    const struct entity *to; /* whose rows it names; NULL: of no one entity */
    const struct relation *inverse; /* the same table seen from the other side; NULL */
    const char *rows; /* "files": what rapport check calls them; NULL: it does not look for them */
    const void *with; /* what else its kind wants to know */
};

#define FILE_TAKES(HOW)                                                                            \
    "{\"type\":[\"object\",\"array\",\"string\",\"null\"],\"description\":\"" HOW "\"}"
#define RELATION_IDS_SCHEMA "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"

/* For the `prepare` hook of methods that take `fields`. */
void relation_prepare(struct request *req, const struct entity *entity);
/* What a relation of the entity keeps of this change; NULL when it is none of it. */
void *change_slot(const struct change *change, const struct relation *relation);
/* Is the relation one of the entity's? */
bool relation_has(const struct entity *entity, const struct relation *relation);
/* The first one of that kind; NULL. */
const struct relation *relation_of_kind(const struct entity *entity,
                                        const struct relation_kind *kind);

/* Rows that belong to one row alone go with it: table, own. Also a kind of its own, for what is written elsewhere. */
enum api_rc relation_remove_owned(struct request *req, const struct entity *entity,
                                  const struct relation *relation, int64_t id);
extern const struct relation_kind relation_owned;
/* Runs a statement whose parameters are two ids, and clears its text; for the moves of kinds. */
enum api_rc relation_run(struct request *req, struct buf *sql, int64_t first, int64_t second);

/* ---- for `load` and `write` of kinds: what hangs on the rows of a page ---- */

struct relation_row {
    struct relation_row *next; /* of the same row, in the statement's order */
    const char *text[];        /* the columns behind the first */
};
struct relation_page;

/* `select` is "SELECT own, column, ... FROM table WHERE ... own IN (", without values of a caller; `columns` are
 * counted without the first. One statement for any page, one for a row alone. */
enum api_rc relation_page_load(struct request *req, const char *select, const char *order,
                               size_t columns, const int64_t *ids, size_t count,
                               struct relation_page **page);
/* The first one of a row of the page; NULL. Rows asked for in the page's order are found at once. */
struct relation_row *relation_page_first(struct relation_page *page, int64_t id);
/* Visits all; those for which it says false are dropped. */
void relation_page_filter(struct relation_page *page, void *context,
                          bool (*keep)(void *context, struct relation_row *row));
int64_t relation_int(const struct relation_row *row, size_t column);

#endif
