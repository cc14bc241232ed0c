/* Scenarios of crm.activity.type.*: for applications of administrators only. */
#include "scenario.h"

#define METHOD "crm.activity.type."
#define CONTEXT(title_, call_)                                                                     \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400,                                               \
                .text = "Access denied! Application context required"                              \
    }
#define ADMIN(title_, call_)                                                                       \
    {                                                                                              \
        title_, .as = AS_APP_TWO, .call = METHOD call_, .status = 400,                             \
                .text = "Admin permissions required"                                               \
    }
#define REFUSED(title_, call_, words)                                                              \
    {                                                                                              \
        title_, .as = AS_APP, .call = METHOD call_, .status = 400, .error = "INVALID_ARG_VALUE",   \
                .text = words                                                                      \
    }

static const struct scenario scenarios[] = {
    {"a type registered is in the list", .as = AS_APP,
     .call = METHOD "add?fields[TYPE_ID]=1C&fields[NAME]=1C case&fields[IS_CONFIGURABLE_TYPE]=Y",
     .result = "true", .then_as = AS_APP, .then = METHOD "list",
     .then_has = {"\"result\":[{\"TYPE_ID\":\"1C\",\"NAME\":\"1C case\","
                  "\"IS_CONFIGURABLE_TYPE\":\"Y\",\"ICON_ID\":\"0\"}]"}},
    {"name and flag may be left out", .as = AS_APP, .call = METHOD "add?fields[TYPE_ID]=x",
     .result = "true", .then_as = AS_APP, .then = METHOD "list",
     .then_has = {"{\"TYPE_ID\":\"x\",\"NAME\":\"\",\"IS_CONFIGURABLE_TYPE\":\"N\",\"ICON_ID\":"
                  "\"0\"}"}},
    {"an icon has an id", .as = AS_APP, .call = METHOD "add",
     .json = "{\"fields\":{\"TYPE_ID\":\"x\",\"ICON_FILE\":{\"fileData\":[\"icon.png\","
             "\"aGVsbG8=\"]}}}",
     .result = "true", .then_as = AS_APP, .then = METHOD "list", .then_has = {"\"ICON_ID\":\""},
     .then_lacks = {"\"ICON_ID\":\"0\""}},
    {"an icon that is no Base64", .as = AS_APP, .call = METHOD "add",
     .json = "{\"fields\":{\"TYPE_ID\":\"x\",\"ICON_FILE\":[\"icon.png\",\"=\"]}}", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "The field ICON_FILE is invalid"},
    REFUSED("an icon that is no file", "add?fields[TYPE_ID]=x&fields[ICON_FILE]=icon.png",
            "The field ICON_FILE is invalid"),
    REFUSED("add without fields", "add", "The required field TYPE_ID is not filled"),
    REFUSED("add without a type", "add?fields[NAME]=x", "The required field TYPE_ID is not filled"),
    REFUSED("a type that is an array", "add?fields[TYPE_ID][]=x",
            "The required field TYPE_ID is not filled"),
    REFUSED("a name that is an array", "add?fields[TYPE_ID]=x&fields[NAME][a]=x",
            "The field NAME is invalid"),
    REFUSED("a flag that is none", "add?fields[TYPE_ID]=x&fields[IS_CONFIGURABLE_TYPE]=sometimes",
            "The field IS_CONFIGURABLE_TYPE is invalid"),
    {"fields must be an array", .as = AS_APP, .call = METHOD "add?fields=x", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"a type that exists", .as = AS_APP, .call = METHOD "add?fields[TYPE_ID]=1C",
     .before = METHOD "add?fields[TYPE_ID]=1C", .status = 400, .error = "INVALID_ARG_VALUE",
     .text = "A custom activity type with the specified TYPE_ID already exists"},
    CONTEXT("a webhook cannot add types", "add?fields[TYPE_ID]=1C"),
    ADMIN("only an administrator adds types", "add?fields[TYPE_ID]=1C"),

    {"no types, no list", .as = AS_APP, .call = METHOD "list", .result = "[]"},
    CONTEXT("a webhook has no types", "list"),
    ADMIN("only an administrator lists types", "list"),
    {"list without the scope", .as = AS_BASIC, .call = METHOD "list", .status = 401,
     .error = "insufficient_scope"},

    {"a type deleted is gone", .as = AS_APP, .call = METHOD "delete?TYPE_ID=1C",
     .before = METHOD "add?fields[TYPE_ID]=1C", .result = "true", .then_as = AS_APP,
     .then = METHOD "list", .then_has = {"\"result\":[]"}},
    REFUSED("delete of what does not exist", "delete?TYPE_ID=1C",
            "Custom activity type with the specified TYPE_ID does not exist"),
    REFUSED("delete of nothing", "delete",
            "Custom activity type with the specified TYPE_ID does not exist"),
    CONTEXT("a webhook cannot delete types", "delete?TYPE_ID=1C"),
    ADMIN("only an administrator deletes types", "delete?TYPE_ID=1C"),
};

SCENARIOS(crm_activity_type, scenarios);
