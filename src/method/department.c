/* department.* - the structure of the company.
 *
 * Used by: the registry.
 * Pages:   api-reference/departments/.
 */
#include "model/method.h"
#include "model/shape.h"
#include "user/department.h"

#define PAGE(verb) "api-reference/departments/department-" verb

#define VALUES                                                                                     \
    {"SORT", PARAM_INT, false, "Place among its siblings, 500 unless given"},                      \
    {                                                                                              \
        "UF_HEAD", PARAM_INT, false, "Id of the user at its head"                                  \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, PARAM_END, false, NULL                                                               \
    }

static const struct param get_params[] = {
    {"sort", PARAM_ANY, false, "Field to sort by; a number is a condition"},
    {"order", PARAM_ANY, false, "ASC or DESC"},
    {"ID", PARAM_ANY, false, "Condition; a list means any of them, here and below"},
    {"NAME", PARAM_ANY, false, "Condition: the whole name"},
    {"PARENT", PARAM_ANY, false, "Condition: the department above"},
    {"UF_HEAD", PARAM_ANY, false, "Condition: the user at its head"},
    {"START", PARAM_INT, false, "Offset of the page: 0, 50, 100"},
    END,
};
static const struct param add_params[] = {
    {"NAME", PARAM_STRING, true, "Name"},
    {"PARENT", PARAM_INT, true, "Id of the department above"},
    VALUES,
    END,
};
static const struct param update_params[] = {
    {"ID", PARAM_INT, true, "Id of the department"},
    {"NAME", PARAM_STRING, false, "Name"},
    {"PARENT", PARAM_INT, false, "Id of the department above"},
    VALUES,
    END,
};
static const struct param id_params[] = {
    {"ID", PARAM_INT, true, "Id of the department"},
    END,
};

static const struct param department_keys[] = {
    {"ID", PARAM_STRING, true}, {"NAME", PARAM_STRING, true}, {"SORT", PARAM_INT, true},
    {"PARENT", PARAM_STRING},   {"UF_HEAD", PARAM_STRING},    {0}};

static const struct method methods[] = {
    {.name = "department.fields",
     .summary = "Name the fields of a department.",
     .scope = "department",
     .lane = LANE_READ,
     .result = SHAPE_OBJECT,
     .gives = shape_captions,
     .page = PAGE("fields"),
     .handle = department_fields},
    {.name = "department.get",
     .summary = "List departments, 50 a page.",
     .scope = "department",
     .lane = LANE_READ,
     .params = get_params,
     .result = SHAPE_LIST,
     .gives = department_keys,
     .page = PAGE("get"),
     .handle = department_list},
    {.name = "department.add",
     .summary = "Add a department.",
     .scope = "department",
     .lane = LANE_WRITE,
     .params = add_params,
     .result = SHAPE_INT,
     .page = PAGE("add"),
     .handle = department_add},
    {.name = "department.update",
     .summary = "Change a department.",
     .scope = "department",
     .lane = LANE_WRITE,
     .params = update_params,
     .result = SHAPE_BOOL,
     .page = PAGE("update"),
     .handle = department_update},
    {.name = "department.delete",
     .summary = "Delete a department; its people and those below go to the one above.",
     .scope = "department",
     .lane = LANE_WRITE,
     .params = id_params,
     .result = SHAPE_BOOL,
     .page = PAGE("delete"),
     .handle = department_delete},
};
MODULE(department, METHODS(methods));
