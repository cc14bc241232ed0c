/* Scenarios of department.*, by the pages of api-reference/departments. */
#include "scenario.h"

#define CORE(message) .status = 400, .error = "ERROR_CORE", .text = message
#define NO_RIGHT .as = AS_LIMITED, CORE("Access denied")
#define ONE_ROOT CORE("There can only be one top-level department in the company structure")
#define SALES "{\"ID\":\"2\",\"NAME\":\"Sales\",\"SORT\":200,\"PARENT\":\"1\",\"UF_HEAD\":\"2\"}"
#define KEY                                                                                        \
    "{\"ID\":\"3\",\"NAME\":\"Key accounts\",\"SORT\":300,\"PARENT\":\"2\",\"UF_HEAD\":\"3\"}"

static const struct scenario scenarios[] = {
    {"the scope is needed", .as = AS_USER, .call = "department.get", .status = 401,
     .error = "insufficient_scope"},
    {"fields, as the page has them", .call = "department.fields",
     .result = "{\"ID\":\"ID\",\"NAME\":\"Department Name\",\"SORT\":\"Sort Order\",\"PARENT\":"
               "\"Parent Department\",\"UF_HEAD\":\"Manager\"}"},

    /* get */
    {"all, by id, and the root has no parent", .as = AS_LIMITED, .call = "department.get",
     .has = {"[{\"ID\":\"1\",\"NAME\":\"Meridian Supply\",\"SORT\":500,\"UF_HEAD\":\"1\"}," SALES
             "," KEY ","}},
    {"the total", .call = "department.get", .alone = 1, .has = {"\"total\":6,"},
     .lacks = {"\"next\""}},
    {"by id", .call = "department.get?ID=3", .result = "[" KEY "]"},
    {"several ids", .call = "department.get?ID[]=3&ID[]=2", .result = "[" SALES "," KEY "]"},
    {"by name", .call = "department.get?NAME=Sales", .result = "[" SALES "]"},
    {"by half a name", .call = "department.get?NAME=Sal", .result = "[]"},
    {"by parent", .call = "department.get?PARENT=2", .result = "[" KEY "]"},
    {"by head", .call = "department.get?UF_HEAD=2", .result = "[" SALES "]"},
    {"by sort", .call = "department.get?SORT=300", .result = "[" KEY "]"},
    {"sorted", .call = "department.get?sort=SORT&order=DESC&PARENT=1",
     .has = {"[{\"ID\":\"6\",", "\"Sales\",\"SORT\":200,\"PARENT\":\"1\",\"UF_HEAD\":\"2\"}]"}},
    {"sorted by name", .call = "department.get?sort=name&order=asc", .has = {"[{\"ID\":\"6\","}},
    {"an id that is no number", .call = "department.get?ID=x", .status = 400,
     .error = "INVALID_ARG_VALUE"},
    {"behind the last page", .call = "department.get?START=50", .alone = 1,
     .has = {"\"result\":[]", "\"total\":6,"}},

    /* add */
    {"add", .call = "department.add?NAME=Depot&PARENT=2&SORT=5&UF_HEAD=4",
     .then = "department.get?NAME=Depot",
     .then_has = {"\"NAME\":\"Depot\",\"SORT\":5,\"PARENT\":\"2\",\"UF_HEAD\":\"4\""}},
    {"add with the least", .call = "department.add?NAME=Depot&PARENT=1",
     .then = "department.get?NAME=Depot", .then_has = {"\"SORT\":500,\"PARENT\":\"1\"}"}},
    {"add answers an integer", .call = "department.add?NAME=Depot&PARENT=1", .has = {"\"result\":"},
     .lacks = {"\"result\":\""}},
    {"add without a name", .call = "department.add?PARENT=1",
     CORE("Department name not provided.<br>")},
    {"add with a blank name", .call = "department.add?PARENT=1&NAME=+",
     CORE("Department name not provided.<br>")},
    {"add a second root", .call = "department.add?NAME=Depot", ONE_ROOT},
    {"add below nothing", .call = "department.add?NAME=Depot&PARENT=4711", ONE_ROOT},
    {"add below a word", .call = "department.add?NAME=Depot&PARENT=x", ONE_ROOT},
    {"add with a head that does not exist", .call = "department.add?NAME=A&PARENT=1&UF_HEAD=4711",
     CORE("The field UF_HEAD is not defined or invalid")},
    {"add with a name that is an array", .call = "department.add?NAME[]=A&PARENT=1", .status = 400,
     .text = "Parameter 'NAME' must not be an array."},
    {"add without rights", .call = "department.add?NAME=Depot&PARENT=1", NO_RIGHT},

    /* update */
    {"update changes what is given", .call = "department.update?ID=3&NAME=Keys", .result = "true",
     .then = "department.get?ID=3",
     .then_has = {"\"NAME\":\"Keys\",\"SORT\":300,\"PARENT\":\"2\",\"UF_HEAD\":\"3\""}},
    {"update moves", .call = "department.update?ID=3&PARENT=1", .result = "true",
     .then = "department.get?ID=3", .then_has = {"\"PARENT\":\"1\""}},
    {"update takes the head away", .call = "department.update?ID=3&UF_HEAD=", .result = "true",
     .then = "department.get?ID=3", .then_lacks = {"UF_HEAD"}},
    {"update names the root", .call = "department.update?ID=1&NAME=Firm", .result = "true"},
    {"update of nothing", .call = "department.update?ID=4711&NAME=A", CORE("Department not found")},
    {"update without an id", .call = "department.update?NAME=A", CORE("Department not found")},
    {"update to below itself", .call = "department.update?ID=2&PARENT=3",
     CORE("A department cannot stand below itself")},
    {"update to below itself at once", .call = "department.update?ID=2&PARENT=2",
     CORE("A department cannot stand below itself")},
    {"update of the root to below another", .call = "department.update?ID=1&PARENT=2",
     CORE("A department cannot stand below itself")},
    {"update to a second root", .call = "department.update?ID=2&PARENT=0", ONE_ROOT},
    {"update with an empty name",
     .call = "department.update?ID=2&NAME=", CORE("Department name not provided.<br>")},
    {"update without rights", .call = "department.update?ID=3&NAME=A", NO_RIGHT},

    /* delete */
    {"delete lifts those below", .call = "department.delete?ID=2", .result = "true",
     .then = "department.get?ID=3", .then_has = {"\"PARENT\":\"1\""}},
    {"delete moves its people", .call = "department.delete?ID=2", .result = "true",
     .then = "user.get?ID=4&select[]=UF_DEPARTMENT", .then_has = {"\"UF_DEPARTMENT\":[1]"}},
    {"delete takes it out", .call = "department.delete?ID=3", .result = "true",
     .then = "department.get", .then_lacks = {"Key accounts"}},
    {"delete of the root", .call = "department.delete?ID=1", ONE_ROOT},
    {"delete of nothing", .call = "department.delete?ID=4711", CORE("Department not found")},
    {"delete without rights", .call = "department.delete?ID=3", NO_RIGHT},
};

SCENARIOS(department, scenarios);
