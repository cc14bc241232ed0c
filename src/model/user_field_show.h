/* user_field_show - how the methods show a custom field, and which of them they find.
 *
 * Used by: model/user_field_verbs, method/userfieldconfig.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  as model/query.
 */
#ifndef RAPPORT_MODEL_USER_FIELD_SHOW_H
#define RAPPORT_MODEL_USER_FIELD_SHOW_H

#include "model/user_field.h"

/* The table user_field as fields that can be filtered and sorted by: ID, ENTITY_ID, FIELD_NAME ... */
extern const struct entity user_field_entity;

struct user_field_page {
    const char *entity_id;              /* NULL: of any object */
    const struct value *filter, *order; /* by the names of user_field_entity */
    int64_t start, limit;               /* limit 0: all; start -1: no total */
    int64_t *ids;                       /* found, in order */
    size_t count;
    int64_t total;
};
enum api_rc user_field_search(struct request *req, struct user_field_page *page);

/* "ID": "5", "ENTITY_ID": ... "SETTINGS": {}: members of an object that is open. */
void user_field_write_members(struct writer *out, const struct user_field *field);
/* "LIST": [...], of a field that has one. */
void user_field_write_list(struct writer *out, const struct user_field *field);
/* "EDIT_FORM_LABEL": texts in all languages, or in one of them (null where there is none). */
void user_field_write_labels(struct request *req, const struct user_field *field,
                             const char *language);

#endif
