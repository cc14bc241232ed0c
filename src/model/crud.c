#include "model/crud.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/check.h"
#include "model/permit.h"
#include "model/relation.h"
#include "model/shape.h"
#include "model/user_file.h"
#include "portal/known.h"

/* ---- handlers ---- */

/* Before the engine looks, since the texts for a bad id and for a missing row differ. */
static enum api_rc good_id(struct request *req)
{
    const struct crud *crud = req->method->crud;
    int64_t id;
    if (crud->bad_id && (!param_int(req, "id", &id) || id <= 0))
        return api_fail_text(req, crud->bad_id);
    return API_OK;
}

static enum api_rc crud_add(struct request *req)
{
    return entity_add(req, req->method->crud->entity);
}

static enum api_rc crud_update(struct request *req)
{
    enum api_rc rc = good_id(req);
    return rc == API_OK ? entity_update(req, req->method->crud->entity) : rc;
}

static enum api_rc crud_get(struct request *req)
{
    enum api_rc rc = good_id(req);
    return rc == API_OK ? entity_get(req, req->method->crud->entity) : rc;
}

static enum api_rc crud_list(struct request *req)
{
    return entity_list(req, req->method->crud->entity);
}

static enum api_rc crud_delete(struct request *req)
{
    enum api_rc rc = good_id(req);
    return rc == API_OK ? entity_delete(req, req->method->crud->entity) : rc;
}

static enum api_rc crud_fields(struct request *req)
{
    const struct crud *crud = req->method->crud;
    enum api_rc rc = crud->fields_by_right ? permit_any(req, crud->entity, ACCESS_READ) : API_OK;
    return rc == API_OK ? entity_fields(req, crud->entity) : rc;
}

static void crud_prepare(struct request *req)
{
    relation_prepare(req, req->method->crud->entity);
    if (req->method->crud->entity->user_fields)
        user_file_prepare(req);
}

/* Has it relations, or custom fields, whose content is stored before the lane? */
static bool brings_files(const struct entity *entity)
{
    const struct relation *const *relation = entity->relations;
    while (relation && *relation && !(*relation)->kind->prepare)
        relation++;
    return (relation && *relation) || entity->user_fields;
}

/* ---- specs ---- */

#define ID                                                                                         \
    {                                                                                              \
        "id", PARAM_INT, true, "Identifier, greater than 0."                                       \
    }
#define KEY                                                                                        \
    {                                                                                              \
        "id", PARAM_STRING, true, "The code that it is named by."                                  \
    }
static const struct param option_keys[] = {
    {"REGISTER_SONET_EVENT", PARAM_ANY, false, "Accepted; nobody is told."},
    {"REGISTER_HISTORY_EVENT", PARAM_ANY, false, "Accepted; there is no such history."},
    {"IMPORT", PARAM_FLAG, false,
     "Y: add takes dates and authors as they are given, where documented."},
    {0},
};
#define OPTIONS                                                                                    \
    {                                                                                              \
        "params", PARAM_ARRAY, false, "Options.", .keys = option_keys                              \
    }
static const struct param id_params[] = {ID, {0}};
#define ADDED                                                                                      \
    {                                                                                              \
        "fields", PARAM_FIELDS, false, "Values by field name; unknown names: `--unknown-fields`.", \
            .of_new = true                                                                         \
    }
#define CHANGED                                                                                    \
    {                                                                                              \
        "fields", PARAM_FIELDS, false, "The values to change, by field name."                      \
    }
static const struct param add_params[] = {ADDED, {0}};
static const struct param add_options[] = {ADDED, OPTIONS, {0}};
static const struct param key_params[] = {KEY, {0}};
static const struct param key_update[] = {KEY, CHANGED, {0}};
static const struct param update_params[] = {ID, CHANGED, {0}};
static const struct param update_options[] = {ID, CHANGED, OPTIONS, {0}};
static const struct param list_params[] = {
    {"select", PARAM_SELECT, false, "Field names; \"*\" is all but the multiple ones."},
    {"filter", PARAM_FILTER, false, "Conditions, all of which must hold: operator and field name."},
    {"order", PARAM_ORDER, false, "ASC or DESC by field name."},
    {"start", PARAM_INT, false, "Rows to skip, a multiple of 50; -1: no total."},
    {0},
};

static const struct param row[] = {{"", PARAM_ROW}, {0}};
/* %s: what it is called, one or many. */
static const struct verb {
    const char *name, *summary;
    bool many;
    enum lane lane;
    const struct param *params, *with_options, *by_key;
    enum shape result;
    const struct param *gives;
    enum api_rc (*handle)(struct request *req);
} verbs[] = {
    {"add", "Add %s.", false, LANE_WRITE, add_params, add_options, add_params, SHAPE_INT, NULL,
     crud_add},
    {"update", "Change fields of %s.", false, LANE_WRITE, update_params, update_options, key_update,
     SHAPE_BOOL, NULL, crud_update},
    {"get", "Return %s by id.", false, LANE_READ, id_params, id_params, key_params, SHAPE_OBJECT,
     row, crud_get},
    {"list", "Return %s by filter, 50 a page.", true, LANE_READ, list_params, list_params,
     list_params, SHAPE_LIST, row, crud_list},
    {"delete", "Delete %s and what hangs on it alone.", false, LANE_WRITE, id_params, id_params,
     key_params, SHAPE_BOOL, NULL, crud_delete},
    {"fields", "Describe the fields of %s.", false, LANE_READ, NULL, NULL, NULL, SHAPE_OBJECT,
     shape_fields, crud_fields},
};
#define VERBS (sizeof verbs / sizeof verbs[0])

size_t crud_count(const struct crud *crud)
{
    size_t count = 0;
    for (size_t i = 0; i < VERBS; i++)
        count += crud->verbs >> i & 1;
    return count;
}

/* Heap text, for the process. */
static char *text_of(const char *format, const char *text)
{
    struct buf out = {0};
    const char *at = strstr(format, "%s");
    CHECK(at);
    buf_add(&out, format, (size_t)(at - format));
    buf_adds(&out, text);
    buf_adds(&out, at + 2);
    return buf_take(&out, NULL);
}

char *crud_called(const struct crud *crud, bool many)
{
    if (many)
        return crud->many ? xstrdup(crud->many) : text_of("%ss", crud->entity->name);
    if (crud->one)
        return xstrdup(crud->one);
    return text_of(strchr("aeiou", crud->entity->name[0]) ? "an %s" : "a %s", crud->entity->name);
}

static char *name_of(const struct crud *crud, const struct verb *verb)
{
    struct buf out = {0};
    buf_printf(&out, "%s.%s", crud->name, verb->name);
    return buf_take(&out, NULL);
}

static const struct param *params_of(const struct crud *crud, const struct verb *verb)
{
    return crud->entity->key ? verb->by_key : crud->options ? verb->with_options : verb->params;
}

void crud_methods(const struct crud *crud, struct method *methods)
{
    char *one = crud_called(crud, false), *many = crud_called(crud, true);
    for (size_t i = 0; i < VERBS; i++) {
        const struct verb *verb = &verbs[i];
        if (!(crud->verbs >> i & 1))
            continue;
        bool key = crud->entity->key;
        bool writes = verb->lane == LANE_WRITE, takes = writes && verb->handle != crud_delete;
        const char *name = name_of(crud, verb);
        const struct known_method *known = known_find(name, strlen(name));
        *methods++ =
            (struct method){.name = name,
                            .summary = text_of(verb->summary, verb->many ? many : one),
                            .scope = known ? known->scope : "crm",
                            .lane = verb->lane,
                            .params = params_of(crud, verb),
                            .result = key && verb->handle == crud_add ? SHAPE_STRING : verb->result,
                            .gives = verb->gives,
                            .page = known ? known->page : NULL,
                            .handle = verb->handle,
                            .crud = crud,
                            .prepare = takes && brings_files(crud->entity) ? crud_prepare : NULL};
    }
    free(one);
    free(many);
}
