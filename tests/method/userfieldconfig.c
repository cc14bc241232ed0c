/* Scenarios of userfieldconfig.* and userfieldtype.*. */
#include "scenario.h"

#define FIELD                                                                                      \
    "{\"moduleId\":\"crm\",\"field\":{\"entityId\":\"CRM_DEAL\",\"fieldName\":\"UF_CRM_LIST\","    \
    "\"userTypeId\":\"enumeration\",\"multiple\":\"Y\",\"editFormLabel\":{\"en\":\"Marks\","       \
    "\"de\":\"Zeichen\"},\"showInList\":\"N\",\"enum\":[{\"value\":\"one\",\"sort\":100,"          \
    "\"xmlId\":\"1\"},{\"value\":\"two\",\"def\":\"Y\",\"sort\":200,\"xmlId\":\"2\"}]}}"
#define OWN .before = "userfieldconfig.add", .before_json = FIELD
#define WITH(field) "{\"moduleId\":\"crm\",\"field\":" field "}"
#define TYPE(id, handler)                                                                          \
    "{\"USER_TYPE_ID\":\"" id "\",\"HANDLER\":\"" handler "\",\"TITLE\":\"Color\","                \
    "\"DESCRIPTION\":\"A color\",\"OPTIONS\":{\"height\":60}}"
#define OWN_TYPE .before = "userfieldtype.add", .before_json = TYPE("color", "http://a/1")

static const struct scenario scenarios[] = {
    {"add answers the whole field", .as = AS_SETTER, .call = "userfieldconfig.add", .json = FIELD,
     .events = "ONCRMDEALUSERFIELDADD ONCRMDEALUSERFIELDSETENUMVALUES",
     .result =
         "{\"field\":{\"id\":\"~1\",\"entityId\":\"CRM_DEAL\",\"fieldName\":\"UF_CRM_LIST\","
         "\"userTypeId\":\"enumeration\",\"xmlId\":null,\"sort\":\"100\",\"multiple\":\"Y\","
         "\"mandatory\":\"N\",\"showFilter\":\"N\",\"showInList\":\"Y\",\"editInList\":\"Y\","
         "\"isSearchable\":\"N\",\"settings\":{\"DISPLAY\":\"LIST\",\"LIST_HEIGHT\":1,"
         "\"CAPTION_NO_VALUE\":\"\",\"SHOW_NO_VALUE\":\"Y\"},\"languageId\":{\"de\":\"de\",\"en\":"
         "\"en\"},\"editFormLabel\":{\"de\":\"Zeichen\",\"en\":\"Marks\"},\"listColumnLabel\":{"
         "\"de\":null,\"en\":null},\"listFilterLabel\":{\"de\":null,\"en\":null},\"errorMessage\":{"
         "\"de\":null,\"en\":null},\"helpMessage\":{\"de\":null,\"en\":null},\"enum\":[{\"id\":"
         "\"~1\",\"userFieldId\":\"~1\",\"value\":\"one\",\"def\":\"N\",\"sort\":\"100\","
         "\"xmlId\":"
         "\"1\"},{\"id\":\"~2\",\"userFieldId\":\"~1\",\"value\":\"two\",\"def\":\"Y\",\"sort\":"
         "\"200\",\"xmlId\":\"2\"}]}}"},
    {"and so does update", .as = AS_SETTER, OWN, .call = "userfieldconfig.update",
     .json = "{\"moduleId\":\"crm\",\"id\":~1,\"field\":{\"mandatory\":\"Y\",\"userTypeId\":"
             "\"enumeration\",\"enum\":[{\"id\":~1,\"del\":\"Y\"},{\"value\":\"three\",\"xmlId\":"
             "\"3\"}]}}",
     .events = "ONCRMDEALUSERFIELDSETENUMVALUES ONCRMDEALUSERFIELDUPDATE",
     .has = {"\"mandatory\":\"Y\"",
             "\"enum\":[{\"id\":\"~3\",\"userFieldId\":\"~1\",\"value\":\"three\",\"def\":\"N\","
             "\"sort\":\"0\",\"xmlId\":\"3\"},{\"id\":\"~2\""},
     .lacks = {"\"one\""}},
    {"get", .as = AS_SETTER, OWN, .call = "userfieldconfig.get?moduleId=crm&id=~1",
     .has = {"{\"field\":{\"id\":\"~1\",\"entityId\":\"CRM_DEAL\""}},
    {"get for whoever reads deals", .as = AS_SETTER_USER, .before_as_admin = 1,
     .before = "crm.deal.userfield.add?fields[USER_TYPE_ID]=url&fields[FIELD_NAME]=U",
     .call = "userfieldconfig.get?moduleId=crm&id=~1",
     .has = {"\"languageId\":{\"en\":\"en\"},\"editFormLabel\":{\"en\":null}"}},
    {"a list with its pages", .as = AS_SETTER, OWN, .call = "userfieldconfig.list?moduleId=crm",
     .has = {"{\"fields\":[{\"id\":\"~1\",\"entityId\":\"CRM_DEAL\"", "\"total\":1"},
     .lacks = {"languageId", "\"enum\":", "\"next\""}, .alone = 1},
    {"a list in a language", .as = AS_SETTER, OWN, .call = "userfieldconfig.list",
     .json = "{\"moduleId\":\"crm\",\"select\":{\"0\":\"*\",\"language\":\"de\"},\"order\":{\"id\":"
             "\"DESC\"},\"filter\":{\"multiple\":\"Y\",\"%fieldName\":\"LIST\"},\"start\":0}",
     .has = {"\"languageId\":{\"de\":\"de\"},\"editFormLabel\":{\"de\":\"Zeichen\"},"
             "\"listColumnLabel\":{\"de\":null}"}},
    {"a list of what is asked for", .as = AS_SETTER, OWN, .call = "userfieldconfig.list",
     .json = "{\"moduleId\":\"crm\",\"select\":[\"fieldName\",\"settings\",\"enum\"]}",
     .has = {"[{\"fieldName\":\"UF_CRM_LIST\",\"settings\":{\"DISPLAY\"", "\"enum\":[{\"id\":"}},
    {"a list of an object that he reads", .as = AS_SETTER_USER,
     .call = "userfieldconfig.list?moduleId=crm&filter[entityId]=CRM_DEAL",
     .result = "{\"fields\":[]}"},
    {"delete", .as = AS_SETTER, OWN, .call = "userfieldconfig.delete?moduleId=crm&id=~1",
     .events = "ONCRMDEALUSERFIELDDELETE", .result = "null", .then_as = AS_SETTER,
     .then = "userfieldconfig.get?moduleId=crm&id=~1",
     .then_has = {"You do not have permission to view user field settings"}},
    {"types", .as = AS_SETTER, .call = "userfieldconfig.getTypes?moduleId=crm",
     .has = {"\"string\":{\"userTypeId\":\"string\",\"description\":\"String\"}",
             "\"crm\":{\"userTypeId\":\"crm\",\"description\":\"Linked to CRM entities\"}",
             "\"iblock_section\":"}},

    {"without a name", .as = AS_SETTER, .call = "userfieldconfig.add",
     .json = WITH("{\"entityId\":\"CRM_DEAL\",\"userTypeId\":\"string\"}"), .status = 400,
     .text = "The 'FIELD_NAME' field is not found."},
    {"without a type", .as = AS_SETTER, .call = "userfieldconfig.add",
     .json = WITH("{\"entityId\":\"CRM_DEAL\",\"fieldName\":\"UF_CRM_A\"}"), .status = 400,
     .text = "The 'USER_TYPE_ID' field is not found."},
    {"with another prefix", .as = AS_SETTER, .call = "userfieldconfig.add",
     .json = WITH("{\"entityId\":\"CRM_DEAL\",\"fieldName\":\"A\",\"userTypeId\":\"string\"}"),
     .status = 400, .text = "You cannot create custom fields"},
    {"of an object that is not there", .as = AS_SETTER, .call = "userfieldconfig.add",
     .json = WITH("{\"entityId\":\"CRM_99\",\"fieldName\":\"UF_CRM_99_A\",\"userTypeId\":"
                  "\"string\"}"),
     .status = 400, .text = "You cannot create custom fields"},
    {"by who is no administrator", .as = AS_SETTER_USER, .call = "userfieldconfig.add",
     .json = FIELD, .status = 400, .text = "Access denied"},
    {"a name that is taken", .as = AS_SETTER, OWN, .call = "userfieldconfig.add", .json = FIELD,
     .status = 400, .error = "ERROR_CORE",
     .text = "The field UF_CRM_LIST for the CRM_DEAL object already exists."},
    {"without a module", .as = AS_SETTER, .call = "userfieldconfig.getTypes", .status = 400,
     .error = "100", .text = "Could not find value for parameter {moduleId}"},
#define STRANGE(verb)                                                                              \
    {"a module that has none: " verb, .as = AS_SETTER,                                             \
     .call = "userfieldconfig." verb "?moduleId=rpa&id=~1", .status = 400,                         \
     .text = "No settings for UserFieldAccess"},                                                   \
    {                                                                                              \
        "without the scope of the module: " verb,                                                  \
            .as = AS_SETTER_BARE, .call = "userfieldconfig." verb "?moduleId=crm&id=~1",           \
            .status = 400, .text = "The current method required more scopes. (crm)"                \
    }
    STRANGE("getTypes"),
    STRANGE("get"),
    STRANGE("list"),
    STRANGE("update"),
    STRANGE("delete"),
    {"get of a missing one", .as = AS_SETTER, .call = "userfieldconfig.get?moduleId=crm&id=5",
     .status = 400, .text = "You do not have permission to view user field settings"},
    {"a list of everything by who is no administrator", .as = AS_SETTER_USER,
     .call = "userfieldconfig.list?moduleId=crm", .status = 400,
     .text = "You do not have permission to view user field settings"},
    {"update by him", .as = AS_SETTER_USER, .call = "userfieldconfig.update?moduleId=crm&id=~1",
     .status = 400, .text = "You cannot change the settings of the user field"},
    {"delete by him", .as = AS_SETTER_USER, .call = "userfieldconfig.delete?moduleId=crm&id=~1",
     .status = 400, .text = "You cannot delete the user field"},
    {"delete of a missing one", .as = AS_SETTER,
     .call = "userfieldconfig.delete?moduleId=crm&id=~1", .status = 400,
     .text = "You cannot delete the user field"},

    {"a type of an application", .as = AS_APP_SETTER, .call = "userfieldtype.add",
     .json = TYPE("Color", "http://a/1"), .result = "true", .then_as = AS_APP_SETTER,
     .then = "userfieldtype.list",
     .then_has = {"[{\"USER_TYPE_ID\":\"color\",\"HANDLER\":\"http://a/1\",\"TITLE\":\"Color\","
                  "\"DESCRIPTION\":\"A color\"}]",
                  "\"total\":1"}},
    {"a field of it", .as = AS_APP_SETTER, OWN_TYPE, .call = "userfieldconfig.add",
     .json = WITH("{\"entityId\":\"CRM_LEAD\",\"fieldName\":\"UF_CRM_A\",\"userTypeId\":"
                  "\"rest_3_color\"}"),
     .events = "ONCRMLEADUSERFIELDADD",
     .has = {"\"userTypeId\":\"rest_3_color\"", "\"settings\":[]"}, .then_as = AS_SETTER,
     .then = "userfieldconfig.getTypes?moduleId=crm",
     .then_has = {"\"rest_3_color\":{\"userTypeId\":\"rest_3_color\",\"description\":\"Color\"}"}},
    {"none registered", .as = AS_APP_SETTER, .call = "userfieldtype.list", .result = "[]"},
    {"changed", .as = AS_APP_SETTER, OWN_TYPE, .call = "userfieldtype.update",
     .json = TYPE("color", "http://a/2"), .result = "true", .then_as = AS_APP_SETTER,
     .then = "userfieldtype.list", .then_has = {"http://a/2"}},
    {"removed", .as = AS_APP_SETTER, OWN_TYPE, .call = "userfieldtype.delete?USER_TYPE_ID=color",
     .result = "true", .then_as = AS_APP_SETTER, .then = "userfieldtype.list",
     .then_has = {"\"result\":[]"}},
    {"a type twice", .as = AS_APP_SETTER, OWN_TYPE, .call = "userfieldtype.add",
     .json = TYPE("color", "http://a/2"), .status = 400, .error = "ERROR_CORE",
     .text = "Unable to set placement handler: Handler already binded"},
    {"a handler twice", .as = AS_APP_SETTER, OWN_TYPE, .call = "userfieldtype.add",
     .json = TYPE("shade", "http://a/1"), .status = 400, .error = "ERROR_CORE",
     .text = "Unable to set placement handler: Handler already binded"},
    {"changed to another's handler", .as = AS_APP_SETTER, .before = "batch",
     .before_json = "{\"cmd\":{\"a\":{\"method\":\"userfieldtype.add\",\"params\":" TYPE(
         "color", "http://a/1") "},"
                                "\"b\":{\"method\":\"userfieldtype.add\",\"params\":" TYPE(
                                    "shade", "http://a/2") "}}}",
     .call = "userfieldtype.update", .json = TYPE("shade", "http://a/1"), .status = 400,
     .error = "ERROR_CORE", .text = "Unable to set placement handler: Handler already binded"},
    {"without a code", .as = AS_APP_SETTER, .call = "userfieldtype.add", .status = 400,
     .error = "ERROR_ARGUMENT", .text = "Argument 'USER_TYPE_ID' is null or empty"},
    {"nor changed", .as = AS_APP_SETTER, .call = "userfieldtype.update", .status = 400,
     .error = "ERROR_ARGUMENT", .text = "Argument 'USER_TYPE_ID' is null or empty"},
    {"nor removed", .as = AS_APP_SETTER, .call = "userfieldtype.delete", .status = 400,
     .error = "ERROR_ARGUMENT", .text = "Argument 'USER_TYPE_ID' is null or empty"},
    {"without a handler", .as = AS_APP_SETTER, .call = "userfieldtype.add?USER_TYPE_ID=x",
     .status = 400, .error = "ERROR_ARGUMENT", .text = "Argument 'HANDLER' is null or empty"},
    {"a code of other letters", .as = AS_APP_SETTER,
     .call = "userfieldtype.add?USER_TYPE_ID=a-b&HANDLER=http://a/1", .status = 400,
     .error = "ERROR_ARGUMENT",
     .text = "USER_TYPE_ID is made of a-z, 0-9 and _, and no longer than 50 characters with the "
             "prefix rest_3_"},
    {"a handler that is no address", .as = AS_APP_SETTER,
     .call = "userfieldtype.add?USER_TYPE_ID=a&HANDLER=x", .status = 400, .error = "ERROR_ARGUMENT",
     .text = "HANDLER is no address"},
    {"a change of what is not there", .as = AS_APP_SETTER, .call = "userfieldtype.update",
     .json = TYPE("color", "http://a/1"), .status = 400, .error = "ERROR_NOT_FOUND",
     .text = "User Field Type not found"},
    {"a removal of it", .as = AS_APP_SETTER, .call = "userfieldtype.delete?USER_TYPE_ID=color",
     .status = 400, .error = "ERROR_NOT_FOUND", .text = "User Field Type not found"},
    {"a webhook has no types", .as = AS_SETTER, .call = "userfieldtype.list", .status = 403,
     .error = "ACCESS_DENIED", .text = "Access denied! Application context required"},
};

SCENARIOS(userfieldconfig, scenarios);
