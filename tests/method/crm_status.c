/* Scenarios of crm.status.*. */
#include "scenario.h"

#define ADD(fields) .call = "crm.status.add", .json = "{\"fields\":" fields "}"
/* Entry 7 is the deal stage PREPARATION, 6 the system one NEW, 18 the source CALL. */
#define STAGE "crm.status.list?filter[ENTITY_ID]=DEAL_STAGE&filter[STATUS_ID]="

static const struct scenario scenarios[] = {
    {"a directory in its order, all at once",
     .call = "crm.status.list?filter[ENTITY_ID]=DEAL_STAGE&order[SORT]=ASC",
     .has = {"[{\"ID\":\"6\",\"ENTITY_ID\":\"DEAL_STAGE\",\"STATUS_ID\":\"NEW\",\"SORT\":\"10\"",
             "\"SYSTEM\":\"Y\",\"CATEGORY_ID\":null,\"COLOR\":\"#39A8EF\",\"SEMANTICS\":null,"
             "\"EXTRA\":{\"SEMANTICS\":\"process\",\"COLOR\":\"#39A8EF\"}",
             "\"SEMANTICS\":\"S\",\"EXTRA\":{\"SEMANTICS\":\"success\"",
             "\"SEMANTICS\":\"F\",\"EXTRA\":{\"SEMANTICS\":\"failure\"",
             "\"EXTRA\":{\"SEMANTICS\":\"apology\"", "\"total\":8"},
     .lacks = {"\"next\""}, .alone = 1},
    {"backwards", .call = "crm.status.list?filter[ENTITY_ID]=STATUS&order[SORT]=DESC",
     .has = {"[{\"ID\":\"5\",\"ENTITY_ID\":\"STATUS\",\"STATUS_ID\":\"JUNK\""}},
    {"more than 50 entries are one page", .call = "crm.status.list", .has = {"\"total\":70"},
     .lacks = {"\"next\""}, .alone = 1},
    {"whoever asks for a second page has had everything", .call = "crm.status.list?start=50",
     .has = {"\"result\":[]", "\"total\":70"}, .alone = 1},
    {"sources have no EXTRA",
     .call = "crm.status.list?filter[ENTITY_ID]=SOURCE&filter[STATUS_ID]=CALL",
     .has = {"\"NAME\":\"Call\""}, .lacks = {"EXTRA"}},
    {"a substring", .call = "crm.status.list?filter[%25NAME]=TELEcomm",
     .has = {"\"STATUS_ID\":\"TELECOM\""}, .lacks = {"\"STATUS_ID\":\"IT\""}},
    {"several codes",
     .call = "crm.status.list?filter[ENTITY_ID]=SOURCE&filter[STATUS_ID][]=WEB&"
             "filter[STATUS_ID][]=EMAIL",
     .has = {"\"EMAIL\"", "\"WEB\""}, .lacks = {"\"CALL\""}},
    {"a sort to compare with that is no number", .call = "crm.status.list?filter[>SORT]=x",
     .status = 400, .error = "INVALID_ARG_VALUE"},
    {"filter must be an array", .call = "crm.status.list?filter=x", .status = 400,
     .error = "Invalid parameters.", .text = "Incorrect parameters passed."},
    {"so must order", .call = "crm.status.list?order=x", .status = 400,
     .error = "Invalid parameters.", .text = "Incorrect parameters passed."},
    {"empty ones are none", .call = "crm.status.list?filter=&order=", .alone = 1,
     .has = {"\"total\":70"}},
    {"one directory at a time",
     .call = "crm.status.list?filter[ENTITY_ID][]=SOURCE&filter[ENTITY_ID][]=STATUS", .status = 400,
     .text = "Filter by ENTITY_ID must be a string"},
    {"with an operator as well", .call = "crm.status.list?filter[@ENTITY_ID][]=SOURCE",
     .status = 400, .text = "Filter by ENTITY_ID must be a string"},
    {"any user may read", .as = AS_USER, .call = "crm.status.get?id=7",
     .result = "{\"ID\":\"7\",\"ENTITY_ID\":\"DEAL_STAGE\",\"STATUS_ID\":\"PREPARATION\",\"SORT\":"
               "\"20\",\"NAME\":\"Document preparation\",\"NAME_INIT\":\"\",\"SYSTEM\":\"N\","
               "\"CATEGORY_ID\":null,\"COLOR\":\"#2FC6F6\",\"SEMANTICS\":null}"},
    {"get of a missing entry", .call = "crm.status.get?id=99999", .status = 400,
     .error = "Status is not found.", .text = "Directory item not found."},
    {"get without an id", .call = "crm.status.get", .status = 400, .error = "Status is not found.",
     .text = "Directory item not found."},

    {"items of a directory", .call = "crm.status.entity.items?entityId=HONORIFIC",
     .result = "[{\"NAME\":\"Mr.\",\"SORT\":10,\"STATUS_ID\":\"HNR_EN_1\"},{\"NAME\":\"Ms.\","
               "\"SORT\":20,\"STATUS_ID\":\"HNR_EN_2\"},{\"NAME\":\"Mrs.\",\"SORT\":30,"
               "\"STATUS_ID\":\"HNR_EN_3\"},{\"NAME\":\"Dr.\",\"SORT\":40,\"STATUS_ID\":"
               "\"HNR_EN_4\"}]"},
    {"items without a directory", .call = "crm.status.entity.items", .status = 400,
     .error = "The parameter entityId is not defined or invalid.",
     .text = "The directory ID is not specified or is incorrect."},
    {"items of an unknown directory", .call = "crm.status.entity.items?entityId=NOPE",
     .status = 400, .error = "The parameter entityId is not defined or invalid.",
     .text = "The directory ID is not specified or is incorrect."},
    {"the directories", .call = "crm.status.entity.types",
     .has = {"{\"ID\":\"STATUS\",\"NAME\":\"Lead stages\",\"SEMANTIC_INFO\":{\"START_FIELD\":"
             "\"NEW\",\"FINAL_SUCCESS_FIELD\":\"CONVERTED\",\"FINAL_UNSUCCESS_FIELD\":\"JUNK\","
             "\"FINAL_SORT\":0},\"ENTITY_TYPE_ID\":1}",
             "{\"ID\":\"SOURCE\",\"NAME\":\"Sources\"}", "\"CATEGORY_ID\":0",
             "{\"ID\":\"CALL_LIST\""}},

    {"add",
     ADD("{\"ENTITY_ID\":\"DEAL_STAGE\",\"STATUS_ID\":\"DECISION\",\"NAME\":\"Решение\","
         "\"SORT\":25,\"COLOR\":\"#112233\"}"),
     .lacks = {"\"result\":\""}, .then = STAGE "DECISION",
     .then_has = {"\"SORT\":\"25\",\"NAME\":\"Решение\",\"NAME_INIT\":\"\",\"SYSTEM\":\"N\"",
                  "\"EXTRA\":{\"SEMANTICS\":\"process\",\"COLOR\":\"#112233\"}"}},
    {"a failure may come behind the success",
     ADD("{\"ENTITY_ID\":\"DEAL_STAGE\",\"STATUS_ID\":"
         "\"SPAM\",\"NAME\":\"Spam\",\"SORT\":90,"
         "\"SEMANTICS\":\"F\"}"),
     .then = STAGE "SPAM",
     .then_has = {"\"SEMANTICS\":\"F\",\"EXTRA\":{\"SEMANTICS\":\"apology\""}},
    {"EXTRA instead of COLOR and SEMANTICS",
     ADD("{\"ENTITY_ID\":\"DEAL_STAGE\",\"STATUS_ID\":\"SPAM\",\"NAME\":\"Spam\",\"SORT\":90,"
         "\"EXTRA\":{\"COLOR\":\"#000000\",\"SEMANTICS\":\"apology\"}}"),
     .then = STAGE "SPAM", .then_has = {"\"COLOR\":\"#000000\",\"SEMANTICS\":\"F\""}},
    {"a source may have any code",
     ADD("{\"ENTITY_ID\":\"SOURCE\",\"STATUS_ID\":\"Мой сайт\","
         "\"NAME\":\"Мой сайт\"}"),
     .then = "crm.status.list?filter[STATUS_ID]=Мой сайт",
     .then_has = {"\"SORT\":\"10\"", "\"total\":1"}},
    {"a system entry cannot be made",
     ADD("{\"ENTITY_ID\":\"SOURCE\",\"STATUS_ID\":\"MINE\","
         "\"NAME\":\"Mine\",\"SYSTEM\":\"Y\"}"),
     .then = "crm.status.list?filter[STATUS_ID]=MINE", .then_has = {"\"SYSTEM\":\"N\""}},
    {"only an administrator may add", .as = AS_USER, ADD("{}"), .status = 400,
     .text = "Access denied."},
    {"fields must be an array", .call = "crm.status.add?fields=1", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"add without anything", ADD("{}"), .status = 400,
     .text = "The field ENTITY_ID is required.\\nThe field STATUS_ID is required."},
    {"add without a code", ADD("{\"ENTITY_ID\":\"SOURCE\",\"NAME\":\"x\"}"), .status = 400,
     .text = "The field STATUS_ID is required."},
    {"add without a directory", ADD("{\"STATUS_ID\":\"x\",\"NAME\":\"x\"}"), .status = 400,
     .text = "The field ENTITY_ID is required."},
    {"a directory that does not exist",
     ADD("{\"ENTITY_ID\":\"DEAL_STAGE_9\",\"STATUS_ID\":\"x\","
         "\"NAME\":\"x\"}"),
     .status = 400, .text = "Specified entity type is not supported."},
    {"add without a name", ADD("{\"ENTITY_ID\":\"SOURCE\",\"STATUS_ID\":\"x\"}"), .status = 400,
     .text = "The field Title is required."},
    {"a stage behind the final one",
     ADD("{\"ENTITY_ID\":\"DEAL_STAGE\",\"STATUS_ID\":\"LATE\","
         "\"NAME\":\"x\",\"SORT\":61}"),
     .status = 400,
     .text = "Cannot create more stages after the final stage because the final successful stage "
             "already exists. Try using sort order values less than that of the final stage."},
    {"a code that is there already",
     ADD("{\"ENTITY_ID\":\"SOURCE\",\"STATUS_ID\":\"CALL\","
         "\"NAME\":\"x\"}"),
     .status = 400, .error = "ERROR_CORE", .text = "The specified status ID already exists."},
    {"a stage's code with a space",
     ADD("{\"ENTITY_ID\":\"STATUS\",\"STATUS_ID\":\"A B\",\"NAME\":"
         "\"x\"}"),
     .status = 400, .text = "Error on creating status."},
    {"a stage's code that is too long",
     ADD("{\"ENTITY_ID\":\"STATUS\",\"STATUS_ID\":\"ABCDEFGHIJKLMNOPQRSTUV\",\"NAME\":\"x\"}"),
     .status = 400, .text = "Error on creating status."},

    {"update", .call = "crm.status.update?id=7&fields[NAME]=Papers&fields[SORT]=21&fields[COLOR]=",
     .result = "true", .then = "crm.status.get?id=7",
     .then_has = {"\"SORT\":\"21\",\"NAME\":\"Papers\"", "\"COLOR\":null"}},
    {"code, directory and group stay",
     .call = "crm.status.update?id=7&fields[STATUS_ID]=X&fields[ENTITY_ID]=SOURCE&"
             "fields[SEMANTICS]=F",
     .then = "crm.status.get?id=7",
     .then_has = {"\"ENTITY_ID\":\"DEAL_STAGE\",\"STATUS_ID\":\"PREPARATION\"",
                  "\"SEMANTICS\":null"}},
    {"a new name reaches the items", .call = "crm.status.update?id=18&fields[NAME]=Звонок",
     .then = "crm.status.entity.items?entityId=SOURCE",
     .then_has = {"[{\"NAME\":\"Звонок\",\"SORT\":10,\"STATUS_ID\":\"CALL\"}"}},
    {"an empty name", .call = "crm.status.update?id=7&fields[NAME]=", .status = 400,
     .text = "The field Title is required."},
    {"update of a missing entry", .call = "crm.status.update?id=99999&fields[NAME]=x",
     .status = 400, .text = "Status is not found."},
    {"update without an id", .call = "crm.status.update?fields[NAME]=x", .status = 400,
     .error = "Invalid identifier.", .text = "An incorrect identifier was passed."},
    {"only an administrator may update", .as = AS_USER, .call = "crm.status.update?id=7",
     .status = 400, .text = "Access denied."},

    {"delete", .call = "crm.status.delete?id=65", .result = "true", .then = "crm.status.get?id=65",
     .then_has = {"Status is not found."}},
    {"a second name for a code", .call = "crm.status.add?fields[STATUS_ID]=X&fields[NAME]=x",
     .status = 400, .text = "The field ENTITY_ID is required."},
    {"a system entry stays", .call = "crm.status.delete?id=18", .status = 400,
     .text = "CRM System Status can be deleted only if parameter FORCED is specified and equal to "
             "\\\"Y\\\"."},
    {"unless it is forced", .call = "crm.status.delete?id=18&params[FORCED]=Y", .result = "true",
     .then = "crm.status.list?filter[STATUS_ID]=CALL", .then_has = {"\"result\":[]"}},
    {"a stage in use stays", .call = "crm.status.delete?id=7", .status = 400,
     .text = "There are active items in this status."},
    {"force does not help", .call = "crm.status.delete?id=1&params[FORCED]=Y", .status = 400,
     .text = "There are active items in this status."},
    {"delete of a missing entry", .call = "crm.status.delete?id=99999", .status = 400,
     .text = "Status is not found."},
    {"delete without an id", .call = "crm.status.delete?id=x", .status = 400,
     .error = "Invalid identifier.", .text = "An invalid identifier was passed."},
    {"only an administrator may delete", .as = AS_USER, .call = "crm.status.delete?id=65",
     .status = 400, .text = "Access denied."},
    {"params must be an array", .call = "crm.status.delete?id=65&params=FORCED", .status = 400,
     .text = "Parameter 'params' must be array."},

    {"fields", .call = "crm.status.fields",
     .has = {"\"STATUS_ID\":{\"type\":\"string\",\"isRequired\":true,\"isReadOnly\":false,"
             "\"isImmutable\":true",
             "\"EXTRA\":{\"type\":\"crm_status_extra\"", "\"SYSTEM\":{\"type\":\"char\"",
             "\"title\":\"Additional Fields\""}},
};

SCENARIOS(crm_status, scenarios);
