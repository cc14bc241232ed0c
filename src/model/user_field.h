/* user_field - the custom fields of a portal: what they are called, hold and show.
 *
 * What:    reads the tables user_field and user_field_enum, and makes a field of an entity of each.
 * Used by: model/catalog (an entity with its custom fields), the types of values, the methods that describe fields.
 * Memory:  all of a registry is in the arena that it was loaded with, and is not changed afterwards.
 * Threads: one loads, any read.
 * Errors:  the store's.
 */
#ifndef RAPPORT_MODEL_USER_FIELD_H
#define RAPPORT_MODEL_USER_FIELD_H

#include "model/entity.h"
#include "model/user_type.h"

/* Texts by language: EDIT_FORM_LABEL, LIST_COLUMN_LABEL, LIST_FILTER_LABEL, ERROR_MESSAGE, HELP_MESSAGE. */
enum user_label_kind {
    USER_LABEL_FORM,
    USER_LABEL_COLUMN,
    USER_LABEL_FILTER,
    USER_LABEL_ERROR,
    USER_LABEL_HELP,
    USER_LABEL_COUNT
};
extern const char *const user_label_names[USER_LABEL_COUNT];
/* Languages that texts are kept in; ends with NULL. */
extern const char *const user_languages[];
/* A portal's own, of those. */
#define USER_LANGUAGE "en"

struct user_field_item {
    int64_t id;
    const char *value;
    bool def;
    int64_t sort;
    const char *xml_id;
};

struct user_field {
    int64_t id;
    const char *entity_id; /* "CRM_DEAL" */
    const char *name;      /* "UF_CRM_ORDER" */
    const char *type_id;   /* "string" */
    const struct user_type *type;
    const char *xml_id; /* NULL: none */
    int64_t sort;
    bool multiple, mandatory, show_in_list, edit_in_list, is_searchable;
    bool indexed;     /* its column has an index */
    char show_filter; /* N, I, E, S */
    const struct value *settings;
    const char *labels;                  /* JSON: see user_label */
    const char *label[USER_LABEL_COUNT]; /* of USER_LANGUAGE; "" */
    struct user_field_item *items;       /* by sort, then id */
    size_t item_count;
};

struct user_fields {
    struct user_field *fields; /* by entity_id, then sort, then id; removed ones are not there */
    size_t count;
    struct user_field **by_id;
};

enum db_rc user_field_load(struct db *db, struct arena *arena, struct user_fields *list);
/* Those of an object: *count of them from the answer on. NULL when there are none. */
const struct user_field *user_fields_of(const struct user_fields *list, const char *entity_id,
                                        size_t *count);
/* An item of an enumeration; NULL. */
const struct user_field_item *user_field_item(const struct user_field *field, int64_t id);
/* The field of an entity that it is: name, type, flags, `custom`; whoever stores it says where. */
void user_field_make(const struct user_field *custom, struct field *field);

/* The caller's value: of a multiple field a list, or one value. False when one does not fit. Without any value
 * cells[0] is null. */
bool user_field_take(struct request *req, const struct field *field, const struct value *value,
                     struct cell **cells, size_t *count);
/* What a row is given that is added without a value; NULL: nothing. */
const struct value *user_field_fallback(struct request *req, const struct field *field);

/* "" where there is none. */
const char *user_label(struct arena *arena, const struct user_field *field,
                       enum user_label_kind kind, const char *language);

/* The object by its entity_id: what its fields are called, who hears of them. */
struct user_field_owner {
    const char *entity_id; /* "CRM_DEAL" */
    const char *prefix;    /* "UF_CRM_" */
    const char *event;     /* "DEAL" of ONCRMDEALUSERFIELDADD; NULL: nobody hears */
};
/* Behind ONCRM and that: USERFIELDADD ...; ends with NULL. */
extern const char *const user_field_events[];
struct user_field_owner user_field_owner(struct arena *arena, const char *entity_id);

/* Those of the request's catalog; none where nothing is pinned. */
const struct user_fields *user_fields(const struct request *req);
/* NULL: there is none, or it was removed. */
const struct user_field *user_field_find(const struct request *req, int64_t id);

/* Writes what `fields` tells of a custom field behind its flags: items, title, labels, settings. */
void user_field_describe(struct writer *out, const struct user_field *field, const char *title);

#endif
