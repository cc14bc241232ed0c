/* method - the table entry of one REST method.
 *
 * What:    a method is data: its spec and its handler side by side at the end of a file of src/. The table drives the checks of parameters, scope and lane, the methods
 *          `methods` and `method.get`, `rapport methods`, the reference and the tests.
 * Used by: src/crm/, src/user/, src/method/ (definitions), rest/dispatch, app/.
 * Memory:  static; those of a crud are made at start, and stay.
 *
 * To add a method: an entry and a handler in its family's file, scenarios in tests/method/FAMILY.c.
 */
#ifndef RAPPORT_MODEL_METHOD_H
#define RAPPORT_MODEL_METHOD_H

#include <stddef.h>

#include "lane/lane.h"
#include "portal/request.h"

struct crud;
struct links;

/* What a parameter, or a part of a result, is. As the forms of the protocol go, a caller may write each scalar
 * as text. */
enum param_type {
    PARAM_END,
    PARAM_INT,
    PARAM_NUMBER,
    PARAM_STRING,
    PARAM_DATETIME, /* a text */
    PARAM_FLAG,     /* Y or N */
    PARAM_BOOL,
    PARAM_ARRAY, /* an object, or a list: `keys` tells which */
    PARAM_LIST,
    PARAM_ANY,
    /* Of an entity, which is the method's own unless `entity` names another: */
    PARAM_FIELDS, /* values to write, by field name */
    PARAM_ROW,    /* values as answers show them */
    PARAM_ITEM, /* either in the words of crm.item.*; without an entity: of any type that those know */
    PARAM_NULL,
    PARAM_SELECT,
    PARAM_FILTER,
    PARAM_ORDER,
};

struct entity;
struct writer;

/* A parameter, a key of one, or a part of a result. What is not said of a table's row is zero. */
struct param {
    const char
        *name; /* "*": any other key. "": not a key of it, but it itself; of a list each item */
    enum param_type type;
    bool required;
    const char *summary;
    const struct param *keys; /* what is in it; ends with PARAM_END. NULL: anything */
    const char *one_of;       /* "success|failure": nothing else; NULL: anything of the type */
    bool null;                /* may be null, too */
    bool
        asked; /* it is the handler that refuses a call without it, or with an array or none, with a text of its own */
    bool of_new; /* PARAM_FIELDS: of a row that is added */
    const struct entity *entity;
    void (*schema)(
        struct writer *out); /* of an object: its JSON Schema, where a table cannot say it; NULL */
    size_t bind;             /* BIND(): where in the method's args it goes */
};

/* For a table's row: int64_t, double, const char *, bool, or const struct value * by its type; zero where it is
 * not given. */
#define BIND(args, member) .bind = 1 + offsetof(args, member)

/* What `result` is; what it holds is told by `gives`. */
enum shape {
    SHAPE_ANY,
    SHAPE_INT,
    SHAPE_BOOL,
    SHAPE_STRING,
    SHAPE_OBJECT,
    SHAPE_LIST,
    SHAPE_NULL,
    SHAPE_EMPTY /* [] */
};

struct method {
    const char *name;    /* as documented, "crm.activity.get" */
    const char *summary; /* one line, our own words */
    const char *scope;   /* "crm"; NULL: any credential may call it */
    enum lane lane;      /* LANE_SLOW is no method's */
    bool no_batch;       /* refused inside batch */
    bool
        schema; /* changes the portal's own schema (model/catalog): runs in a transaction of its own */
    bool of_rows; /* what it changes are rows, or an application's own values (method_sets_up) */
    bool admin_only;
    enum api_code denied; /* what anybody else is told then; 0: ACCESS_DENIED */
    bool binds; /* what it is not given, or not by type, is error 100 (model/spec, model/arg) */
    bool
        names_beside; /* its parameters are fields or conditions too: the handler judges the others */
    const struct param *params; /* ends with PARAM_END; NULL: none */
    size_t args_size;           /* of the struct that its parameters are bound to; 0: none is */
    enum shape result;
    bool result_null; /* or null */
    const struct param
        *gives;       /* what the object holds, or each item of the list; NULL: it says nothing */
    const char *page; /* of the public documentation; NULL: it has none */
    enum api_rc (*handle)(struct request *req);
    const struct crud *crud;   /* whose method it is, when it is one of the usual six: model/crud */
    const struct links *links; /* or of which relation's six: model/links */
    /* Slow work that needs no transaction, in the slow lane before its own. What it finds wrong
     * is left to the handler to say. May be NULL. */
    void (*prepare)(struct request *req);
};

/* What a file of src/ gives the program: methods one by one, and an entity whose usual six are a line. */
struct module {
    const char *name;
    const struct crud *crud;   /* or NULL */
    const struct links *links; /* or NULL */
    const struct method *methods;
    size_t method_count;
};

/* At the end of the file, MODULE(its name, .crud = &crud, METHODS(methods)), either or both: the build finds
 * the line by itself. */
#define MODULE(file, ...)                                                                          \
    extern const struct module module_##file;                                                      \
    const struct module module_##file = {.name = #file, __VA_ARGS__}
/* In a method: its parameters, bound to a struct that the handler finds in req->args. */
#define TAKES(args, table) .params = table, .args_size = sizeof(args)
#define METHODS(table) .methods = table, .method_count = sizeof(table) / sizeof((table)[0])

/* Generated by the build; ends with NULL. */
extern const struct module *const modules[];

/* All methods, in the order of their modules. Threads: any, after method_registry_init. */
size_t method_count(void);
const struct method *method_at(size_t i);
/* Without regard to case; NULL when unknown. Threads: any, after method_registry_init. */
const struct method *method_find(const char *name, size_t len);
/* Does it change what the portal is set up with (rights, credentials, fields, stages, types, who hears of what), not its rows?
 * The trail (portal/audit) tells of those; what says nothing of itself is one. */
bool method_sets_up(const struct method *method);
/* Makes the methods of each crud, and the look-up table; once, at start. A method that stands twice is a bug. */
void method_registry_init(void);
/* What is answered where method_find finds nothing: a method of the protocol is told to be known, and
 * not there yet. */
enum api_rc method_missing(struct request *req, const char *name, size_t len);
/* Appends the scopes that methods here ask for, as "crm,department,user". */
void method_scopes(struct buf *list);
/* True when the caller's scopes hold the method's. */
bool method_in_scope(const struct method *method, const struct caller *caller);

#endif
