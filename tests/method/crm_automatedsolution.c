/* Scenarios of crm.automatedsolution.*. */
#include "scenario.h"

#define MADE .before = "crm.automatedsolution.add?fields[title]=HR"
#define TYPED                                                                                      \
    .before = "batch", .before_json =                                                              \
                           "{\"cmd\":{\"a\":\"crm.type.add?fields[title]=Staff\",\"b\":"           \
                           "\"crm.automatedsolution.add?fields[title]=HR&fields[typeIds][]=1\"}}"
#define DENIED .status = 400, .error = "ACCESS_DENIED", .text = "Insufficient permissions"

static const struct scenario scenarios[] = {
    {"add", .call = "crm.automatedsolution.add?fields[title]=HR",
     .result = "{\"automatedSolution\":{\"id\":1,\"title\":\"HR\",\"typeIds\":[]}}"},
    {"smart processes stand in it", TYPED, .call = "crm.automatedsolution.get?id=1",
     .result = "{\"automatedSolution\":{\"id\":1,\"title\":\"HR\",\"typeIds\":[1]}}",
     .then = "crm.type.get?id=1", .then_has = {"\"customSectionId\":1"}},
    {"one that is not there does not",
     .call = "crm.automatedsolution.add?fields[title]=HR&fields[typeIds][]=77", .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID", .text = "Invalid value for field \\\"typeIds\\\""},
    {"add without a title", .call = "crm.automatedsolution.add?fields[title]=%20", .status = 400,
     .error = "BX_EMPTY_REQUIRED", .text = "The required field 'Title' is not filled"},
    {"add without fields", .call = "crm.automatedsolution.add", .status = 400, .error = "100",
     .text = "Could not find value for parameter {fields}"},
    {"only an administrator may add", .as = AS_USER,
     .call = "crm.automatedsolution.add?fields[title]=HR", DENIED},

    {"update", TYPED, .call = "crm.automatedsolution.update?id=1&fields[title]=Staff",
     .result = "{\"automatedSolution\":{\"id\":1,\"title\":\"Staff\",\"typeIds\":[1]}}"},
    {"smart processes leave it", TYPED, .call = "crm.automatedsolution.update",
     .json = "{\"id\":1,\"fields\":{\"typeIds\":[]}}",
     .result = "{\"automatedSolution\":{\"id\":1,\"title\":\"HR\",\"typeIds\":[]}}",
     .then = "crm.type.get?id=1", .then_has = {"\"customSectionId\":null"}},
    {"update to no title", MADE, .call = "crm.automatedsolution.update?id=1&fields[title]=",
     .status = 400, .error = "BX_EMPTY_REQUIRED", .text = "Required field is not filled"},
    {"update of a missing one", .call = "crm.automatedsolution.update?id=77&fields[title]=x",
     .status = 400, .error = "NOT_FOUND", .text = "Digital workplace with such id not found"},
    {"only an administrator may update", .as = AS_USER, .call = "crm.automatedsolution.update?id=1",
     DENIED},

    {"get of a missing one", .call = "crm.automatedsolution.get?id=77", .status = 400,
     .error = "NOT_FOUND", .text = "Digital workplace with such id not found"},
    {"only an administrator may get", .as = AS_USER, .call = "crm.automatedsolution.get?id=1",
     DENIED},
    {"list", MADE, .alone = 1,
     .call = "crm.automatedsolution.list?filter[%25title]=h&order[id]=asc",
     .has = {"{\"automatedSolutions\":[{\"id\":1,\"title\":\"HR\",\"typeIds\":[]}]}",
             "\"total\":1"}},
    {"list by an unknown name", .call = "crm.automatedsolution.list?filter[nope]=1", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Invalid filter: field 'nope' is not allowed in filter"},
    {"only an administrator may list", .as = AS_USER, .call = "crm.automatedsolution.list", DENIED},

    {"delete", MADE, .call = "crm.automatedsolution.delete?id=1", .result = "null",
     .then = "crm.automatedsolution.list", .then_has = {"\"automatedSolutions\":[]"}},
    {"one with smart processes stays", TYPED, .call = "crm.automatedsolution.delete?id=1",
     .status = 400, .error = "HAS_BOUND_TYPES",
     .text = "Cannot delete the workplace that has SPAs. Move them to another workplace"},
    {"delete of a missing one", .call = "crm.automatedsolution.delete?id=77", .status = 400,
     .error = "NOT_FOUND", .text = "Digital workplace with such id not found"},
    {"only an administrator may delete", .as = AS_USER, .call = "crm.automatedsolution.delete?id=1",
     DENIED},
    {"fields", .call = "crm.automatedsolution.fields",
     .has = {"{\"id\":{\"type\":\"integer\"", "\"title\":{\"type\":\"string\",\"isRequired\":true",
             "\"typeIds\":{\"type\":\"crm_dynamic_type\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":false,\"isMultiple\":true",
             "\"upperName\":\"TYPE_IDS\""}},
    {"only an administrator may know them", .as = AS_USER, .call = "crm.automatedsolution.fields",
     DENIED},
};

SCENARIOS(crm_automatedsolution, scenarios);
