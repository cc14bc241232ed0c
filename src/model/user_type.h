/* user_type - what a custom field can be: string, enumeration, file ... (USER_TYPE_ID).
 *
 * What:    how its values are kept and shown is its field_type (model/type.h); this says what else there is to such a
 *          field: its settings with their defaults, whether it may hold several values, whether it has a list.
 *          A type is a file with USER_TYPE(user_type_string); the build finds it.
 * Used by: model/user_field (making and reading fields), the methods *.userfield.* and userfieldconfig.*.
 * Memory:  types are static; settings are in the arena they were made with.
 * Threads: any.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_MODEL_USER_TYPE_H
#define RAPPORT_MODEL_USER_TYPE_H

#include "model/type.h"

enum setting_form {
    SETTING_END,
    SETTING_TEXT,
    SETTING_INT,    /* below `least`: the fallback */
    SETTING_REAL,   /* null when empty */
    SETTING_WHOLE,  /* an integer, null when empty */
    SETTING_FLAG,   /* "Y" or "N" */
    SETTING_CHOICE, /* one of `choices`, else the fallback */
    SETTING_LIST,   /* texts */
    SETTING_ANY     /* kept as given */
};

struct user_setting {
    const char *name; /* "DYNAMIC_*": any that begins so, where it is given */
    enum setting_form form;
    const char *fallback; /* JSON; NULL: not there unless given */
    int64_t least;
    const char *choices;      /* "LIST|UI" */
    const char *type, *title; /* of crm.userfield.settings.fields; NULL: not described there */
};

struct user_type {
    const char *id;          /* "string" */
    const char *title;       /* of crm.userfield.types */
    const char *description; /* of userfieldconfig.getTypes */
    int place;               /* in those lists */
    const struct field_type *kind;
    const struct user_setting *settings; /* ends with SETTING_END; NULL: none */
    bool single;                         /* never multiple */
    bool listed;                         /* has items (LIST) */
    /* Of a multiple field: is this array one value (a file), not a list of them? NULL: it never is. */
    bool (*is_one)(const struct value *value);
    /* Looks at settings that were made, and completes them; NULL: nothing to do. */
    enum api_rc (*check)(struct request *req, struct value *settings);
    /* The value of a row that is added without one, as a caller would give it; NULL: DEFAULT_VALUE. */
    const struct value *(*fallback)(struct request *req, const struct field *field);
};

/* In the type's file, a line of its own; the build reads it. */
#define USER_TYPE(name) extern const struct user_type name

/* Of the program, in no order that means anything; ends with NULL. */
extern const struct user_type *const user_types[];

/* By USER_TYPE_ID; one of an application ("rest_5_color") is user_type_rest. NULL: there is none. */
const struct user_type *user_type_find(const char *id);
/* The settings of a field: `given` laid over `old` (NULL: over the defaults). */
struct value *user_type_settings(struct arena *arena, const struct user_type *type,
                                 const struct value *given, const struct value *old);

#endif
