/* entity - what a lead, a deal, an activity is, and the engine behind its methods.
 *
 * What:    a descriptor (table of fields and a few hooks) turned into fields, add, get, list,
 *          update, delete. Filters become SQL through a whitelist of columns and bound values.
 * Used by: crm/NAME.c (descriptors and rules), method/crm_*.c (handlers of one line).
 * Memory:  descriptors are static; everything else is in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_ENTITY_H
#define RAPPORT_MODEL_ENTITY_H

#include "model/type.h"
#include "people/access.h"

enum field_flag {
    FIELD_READ_ONLY = 1 << 0, /* given values are left alone, no error */
    FIELD_IMMUTABLE = 1 << 1, /* given on add only */
    FIELD_REQUIRED = 1 << 2,  /* as `fields` tells it; the check hook enforces it */
    FIELD_MULTIPLE = 1 << 3,
    FIELD_DEPRECATED = 1 << 4, /* `fields` adds isDeprecated */
    FIELD_SEARCH = 1 << 5,     /* in the table's trigram index: a line @search of a migration */
    FIELD_IN_GET = 1 << 6,     /* virtual or hidden: part of `get` all the same */
    FIELD_HIDDEN = 1 << 7,     /* not in `fields`; still readable by name */
    FIELD_NULL_ZERO = 1 << 8,  /* 0 given or stored means "none": null in answers (foreign keys) */
    FIELD_NOT_LISTED = 1 << 9, /* not in the answers of get and list (write-only) */
    FIELD_BY_NAME = 1 << 14,   /* in answers only when `select` names it */
    FIELD_NOT_NULL = 1 << 15,  /* the column never is null: its index orders it on every store */
    FIELD_IN_LIST = 1 << 20,   /* virtual: part of a list without `select`, and of "*" */
    FIELD_WITH_ID = 1 << 19,   /* a list that shows it shows ID too */
    FIELD_CLASSIC_ONLY = 1 << 29, /* none of the item dialect (model/dialect) */
    FIELD_ITEM_ONLY = 1 << 30,    /* of that one alone */
    FIELD_IMPORTED = 1 << 26, /* read-only, and yet an administrator's to give to crm.item.import */
    FIELD_ITEM_ZERO = 1 << 27,  /* none is 0 there, not null */
    FIELD_ITEM_TAKEN = 1 << 28, /* crm.item.add and update take it, though the others do not */
    FIELD_PLAIN = 1 << 18,      /* of money: "1500000" instead of "1500000.00" */
    FIELD_PARENT = 1 << 16,     /* a parent entity: `fields` adds settings.parentEntityTypeId */
    FIELD_TAKEN =
        1 << 17, /* read-only as `fields` tells it, and yet a parameter of add and update */
    FIELD_SIDE =
        1 << 25, /* a custom field: its column is one of the table entity->side (model/side) */
    FIELD_CODE = 1 << 23, /* of a text: an id or a code, compared to the letter */
    FIELD_KEYED =
        1 << 24, /* of a text that an index looks up: its folded key is in the column COLUMN_key */
    FIELD_LONG = 1 << 18, /* a text of many lines: LIMIT_TEXT_BYTES instead of LIMIT_LINE_BYTES */
    /* Set by the engine: */
    FIELD_STAMP_CREATED = 1 << 10, /* now, on add unless given and not read-only */
    FIELD_STAMP_UPDATED = 1 << 11, /* now, on every write */
    FIELD_STAMP_AUTHOR = 1 << 12,  /* the caller, on add */
    FIELD_STAMP_EDITOR = 1 << 13   /* the caller, on every write */
};

struct entity;
struct field;
struct field_codes;
struct stages;
struct change;
struct change_part;
struct permit;
struct user_field;
struct names_slot;
struct relation;

struct field {
    const char *name;
    const char *type; /* as `fields` tells it */
    const char *title;
    const struct field_type *kind;
    const char *column; /* lower case; NULL for virtual fields */
    unsigned flags;
    const char *fallback;            /* value on add when none is given, as text; NULL: null */
    const char *status_type;         /* directory of crm_status fields, "STATUS" */
    const struct relation *relation; /* of FIELD_VIRTUAL: where it lives */
    const struct field_codes *codes; /* what its values are codes of (model/codes); or NULL */
    const char *item_name;           /* what the item dialect derives its name from; NULL: `name` */
    const struct user_field
        *custom; /* a custom field (model/user_field); NULL: the program's own */
};

/* A line of a table of fields. */
#define FIELD_ROW(NAME, TYPE, TITLE, KIND, COLUMN, FLAGS, FALLBACK)                                \
    {                                                                                              \
        .name = NAME, .type = TYPE, .title = TITLE, .kind = KIND, .column = COLUMN,                \
        .flags = FLAGS, .fallback = FALLBACK                                                       \
    }
#define FIELD_PART(NAME, TYPE, TITLE, FLAGS, RELATION)                                             \
    {                                                                                              \
        .name = NAME, .type = TYPE, .title = TITLE, .kind = FIELD_VIRTUAL, .flags = FLAGS,         \
        .relation = RELATION                                                                       \
    }

/* A write in progress. `old` and `now` are indexed like entity->fields, `slots` like entity->relations. */
struct change {
    struct request *req;
    const struct entity *entity;
    int64_t id; /* 0 before the row is inserted */
    bool is_add;
    bool imports;              /* crm.item.import: FIELD_IMPORTED is taken */
    bool trusted;              /* from a method of the entity's own family: see entity_create */
    const struct value *given; /* the caller's `fields` */
    const struct cell *old;    /* NULL on add */
    struct cell *now;
    void **slots;
    size_t noted; /* what pages that follow were told before it (model/hearing) */
};

/* Does add with params[IMPORT] take the dates and authors of a row as they are given? */
enum import {
    IMPORT_NONE,
    IMPORT_TAKEN,
    IMPORT_IN_ORDER /* not earlier than the last row: a list by id stays one by date */
};

struct entity {
    const char *name; /* "activity" */
    const char *table;
    const char *where;           /* which rows of the table t are its own; NULL: all */
    int type_id;                 /* crm.enum.ownertype, or our own below 128; 0: it has none */
    const char *code;            /* "DEAL": by which others name it; NULL: nobody does */
    const char *short_code;      /* "D": crm.enum.ownertype; NULL: it does not stand there */
    const char *title;           /* "Deal" */
    const struct permit *permit; /* who may do what with its rows; NULL: administrators */
    const char *event;           /* "LEAD": its changes raise ONCRMLEADADD ...; NULL: none */
    const uint16_t *places;      /* of fields by their names: entity_index; NULL: they are few */
    uint32_t place_count;
    bool event_by_type;   /* and ONCRM..._<type_id>; both tell the type */
    const char *category; /* "CATEGORY_ID": the field with a row's funnel; NULL: there are none */
    const struct stages *stages; /* what its rows go through (crm/stage); NULL: nothing */
    const struct field *fields;
    size_t field_count; /* field 0 is ID */
    const char
        *side; /* the table of custom fields; NULL: the portal has none for it (model/side) */
    size_t side_from; /* the first of them */
    /* In the order of the steps; ends with NULL. May be NULL. */
    const struct relation *const *relations;
    const char *key; /* the field whose text names a row to others, "CURRENCY"; NULL: ID does */
    bool with_owner; /* its changes are told as its owner's, which they change (model/hearing) */
    bool whole;      /* a list is all there is: no pages, and total stays 0 */
    const char *not_found; /* error text of get, update, delete */
    /* What update or delete say of a missing row instead, where the pages differ. */
    struct missing {
        enum api_code code;
        const char *text;
    } missing[ACCESS_ACTIONS];
    enum import import;
    const char *default_order; /* field of list without order, then id; NULL: by id */
    const char *select_prefix; /* what chooses all fields that begin so, "PROPERTY_*"; NULL */
    const char *user_fields;   /* whose custom fields it has, "CRM_DEAL"; NULL: it can have none */
    bool stays;                /* its rows are never removed: to name one needs no lock */

    /* ---- steps of a change (model/change); all may be NULL ---- */
    /* Checks and completes `now` before the relations are looked at. */
    enum api_rc (*check)(struct change *change);
    /* Completes `now` by what the relations came to, before it is written. */
    enum api_rc (*settle)(struct change *change);
    /* After the row is written: what needs its id. */
    enum api_rc (*after_write)(struct change *change);
    /* By a caller's delete, before the row goes: may refuse. */
    enum api_rc (*before_delete)(struct request *req, int64_t id);
    const struct change_part *history, *duplicates, *timeline;

    /* Before `get` answers: may refuse by the text of a field. Both may be NULL. */
    const char *get_field;
    enum api_rc (*may_get)(struct request *req, int64_t id, const char *text);
    int pictures_as; /* what its pictures are kept under (model/picture) where it has no type_id; 0: that */
    /* Where its names in the item dialect are kept (model/dialect.h); NULL: crm.item.* does not know it. */
    struct names_slot *names;
};

/* Those of the program (ENTITY); ends with NULL. */
extern const struct entity *const program_entities[];

/* The handlers. They read the parameters id, fields, select, filter, order, start. */
enum api_rc entity_fields(struct request *req, const struct entity *entity);
enum api_rc entity_add(struct request *req, const struct entity *entity);
enum api_rc entity_get(struct request *req, const struct entity *entity);
enum api_rc entity_list(struct request *req, const struct entity *entity);
enum api_rc entity_update(struct request *req, const struct entity *entity);
enum api_rc entity_delete(struct request *req, const struct entity *entity);

/* Which row get, update and delete mean by the parameter id: an id, or the text of the entity's key. Fails where
 * there cannot be such a row, and where the caller may do that with no row at all. */
enum api_rc entity_named(struct request *req, const struct entity *entity,
                         enum access_action action, int64_t *id);
/* The same for an entity with a key, and no questions asked: 0 where there is no such row. */
enum api_rc entity_id(struct request *req, const struct entity *entity, int64_t *id);
/* The text of the key of a row, in the arena; "" when there is no such row. */
enum api_rc entity_key(struct request *req, const struct entity *entity, int64_t id,
                       const char **text);

/* By name, exact; NULL when unknown. entity_at: the index of a field that must exist. */
const struct field *entity_field(const struct entity *entity, const char *name);
size_t entity_at(const struct entity *entity, const char *name);
/* For a copy with many fields: makes them be found by a hash. Its fields stay as they are from then on. */
void entity_index(struct entity *entity, struct arena *arena);

/* Is it compared without regard to case? Texts are, but for ids and codes. */
bool field_is_free_text(const struct field *field);

/* The cell of a named field in a change. */
struct cell *change_cell(struct change *change, const char *name);
/* Refuses a row in which a field that is FIELD_REQUIRED is empty. For hooks. */
enum api_rc change_required(struct change *change);
/* True when the caller gave this field a value in this call. */
bool change_given(struct change *change, const char *name);
void cell_set_int(struct cell *cell, int64_t integer);
void cell_set_text(struct cell *cell, const char *text);
void cell_set_null(struct cell *cell);
/* Nothing, or a text without letters. */
bool cell_is_empty(const struct cell *cell);

/* Writes one row of fields description, as X.fields has them. Shared with methods that describe
 * things that are no entities. */
void field_describe(struct request *req, const struct field *field);
/* The same without its name. */
void field_describe_value(struct request *req, const struct field *field);

/* Does a row exist? API_OK with *exists set. In a write it goes on existing, as it is, until the
 * commit: other servers' changes of it wait. */
enum api_rc entity_exists(struct request *req, const struct entity *entity, int64_t id,
                          bool *exists);
/* The same of a row that is about to be changed or removed. */
enum api_rc entity_hold(struct request *req, const struct entity *entity, int64_t id, bool *exists);
/* A row of the portal's variant of an entity (catalog_entity), held: its fields' values, or NULL when there is none. */
enum api_rc entity_row(struct request *req, const struct entity *entity, int64_t id,
                       struct cell **row);
/* Inserts the fields of a value tree without a request of its own, for demo data and tests. */
enum api_rc entity_insert(struct request *req, const struct entity *entity,
                          const struct value *fields, int64_t *id);
/* For methods of the entity's own family, which checked what they give: read-only and immutable
 * fields are taken too, and the check hook leaves out what is for the caller's values only.
 * entity_change fails with the entity's `not_found` text when there is no such row. Neither
 * answers. */
enum api_rc entity_create(struct request *req, const struct entity *entity,
                          const struct value *fields, int64_t *id);
enum api_rc entity_change(struct request *req, const struct entity *entity, int64_t id,
                          const struct value *fields);

/* ---- for methods that read their parameters otherwise: what update and delete do, without the answer ---- */
enum api_rc entity_apply(struct request *req, const struct entity *entity, int64_t id,
                         const struct value *fields);
enum api_rc entity_remove(struct request *req, const struct entity *entity, int64_t id);
/* A row from elsewhere: model/import. */
enum api_rc entity_import(struct request *req, const struct entity *entity,
                          const struct value *fields, int64_t *id);
/* Writes the row as `get` does; whether the caller may read it is not asked. */
enum api_rc entity_show(struct request *req, const struct entity *entity, int64_t id);

#endif
