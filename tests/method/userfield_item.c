/* Scenarios of custom fields in crm.item.*. */
#include "scenario.h"

#define OF(name, type, rest)                                                                       \
    "{\"method\":\"crm.deal.userfield.add\",\"params\":{\"fields\":{\"FIELD_NAME\":\"" name        \
    "\",\"USER_TYPE_ID\":\"" type "\"" rest "}}}"
#define NOTE OF("NOTE", "string", ",\"LABEL\":\"A note\",\"SHOW_FILTER\":\"Y\"")
#define DIGITS OF("17203", "integer", "")
#define YES OF("YES", "boolean", "")
#define SUM OF("SUM", "double", "")
#define MARK OF("MARK", "enumeration", ",\"LIST\":[{\"VALUE\":\"a\"},{\"VALUE\":\"b\"}]")
#define MANY OF("MANY", "string", ",\"MULTIPLE\":\"Y\"")
#define DAY OF("DAY", "date", "")
#define FILE OF("FILE", "file", "")
#define FILES OF("FILES", "file", ",\"MULTIPLE\":\"Y\"")
#define MUST OF("MUST", "string", ",\"MANDATORY\":\"Y\"")
#define BEFORE(commands) .before = "batch", .before_json = "{\"halt\":1,\"cmd\":[" commands "]}"
#define FIELDS BEFORE(NOTE "," DIGITS "," YES "," SUM "," MARK "," MANY "," DAY "," FILE "," FILES)
#define UPDATE(fields, rest)                                                                       \
    .call = "crm.item.update", .json = "{\"entityTypeId\":2,\"id\":1,\"fields\":" fields rest "}"
#define LIST(filter)                                                                               \
    .call = "crm.item.list",                                                                       \
    .json = "{\"entityTypeId\":2,\"select\":[\"id\",\"ufCrmNote\"],\"filter\":" filter "}"
#define VALUE(id, fields)                                                                          \
    "{\"method\":\"crm.deal.update\",\"params\":{\"id\":" id ",\"fields\":{" fields "}}}"
#define ONE_HAS VALUE("1", "\"UF_CRM_NOTE\":\"x\",\"UF_CRM_17203\":7,\"UF_CRM_YES\":1")
#define TWO_HAS VALUE("2", "\"UF_CRM_NOTE\":\"y\",\"UF_CRM_17203\":9,\"UF_CRM_MANY\":[\"p\",\"q\"]")
#define VALUES BEFORE(NOTE "," DIGITS "," YES "," MANY "," ONE_HAS "," TWO_HAS)
#define ONE "{\"items\":[{\"id\":1,\"ufCrmNote\":\"x\"}]}"
#define TWO "{\"items\":[{\"id\":2,\"ufCrmNote\":\"y\"}]}"

static const struct scenario scenarios[] = {
    {"values are what they are", FIELDS,
     UPDATE("{\"ufCrmNote\":\"text\",\"ufCrm_17203\":\"7\",\"ufCrmYes\":\"Y\",\"ufCrmSum\":1.25,"
            "\"ufCrmMark\":~2,\"ufCrmMany\":[\"p\",\"q\"],\"ufCrmDay\":\"2026-03-04\"}",
            ""),
     .events = "ONCRMDEALUPDATE",
     .has = {"\"ufCrmNote\":\"text\",\"ufCrm_17203\":7,\"ufCrmYes\":\"Y\",\"ufCrmSum\":1.25,"
             "\"ufCrmMark\":~2,\"ufCrmMany\":[\"p\",\"q\"],\"ufCrmDay\":\"2026-03-04T03:00:00+03:00"
             "\",\"ufCrmFile\":null,\"ufCrmFiles\":[]"}},
    {"and the same to the others", FIELDS,
     UPDATE("{\"ufCrmNote\":\"text\",\"ufCrmYes\":\"N\",\"ufCrmMark\":~2}", ""),
     .events = "ONCRMDEALUPDATE", .then = "crm.deal.get?id=1",
     .then_has = {"\"UF_CRM_NOTE\":\"text\"", "\"UF_CRM_YES\":\"0\"", "\"UF_CRM_MARK\":\"~2\""}},
    {"names are taken in each spelling", FIELDS,
     UPDATE("{\"ufCrm_NOTE\":\"a\",\"UF_CRM_17203\":3}", ""), .events = "ONCRMDEALUPDATE",
     .has = {"\"ufCrmNote\":\"a\",\"ufCrm_17203\":3"}},
    {"the original names are asked for", FIELDS,
     UPDATE("{\"UF_CRM_NOTE\":\"a\"}", ",\"useOriginalUfNames\":\"Y\""),
     .events = "ONCRMDEALUPDATE",
     .has = {"\"title\":", "\"UF_CRM_NOTE\":\"a\",\"UF_CRM_17203\":null"}, .lacks = {"ufCrm"}},
    {"get", VALUES, .call = "crm.item.get?entityTypeId=2&id=1",
     .has = {"\"ufCrmNote\":\"x\",\"ufCrm_17203\":7,\"ufCrmYes\":\"Y\",\"ufCrmMany\":[]"}},
    {"nobody has answered: no", VALUES, .call = "crm.item.get?entityTypeId=2&id=3",
     .has = {"\"ufCrmNote\":\"\",\"ufCrm_17203\":null,\"ufCrmYes\":\"N\""}},
    {"added with them", FIELDS, .call = "crm.item.add",
     .json = "{\"entityTypeId\":2,\"fields\":{\"title\":\"x\",\"ufCrmMany\":[\"p\"],\"ufCrmYes\":"
             "\"Y\"}}",
     .events = "ONCRMDEALADD", .has = {"\"ufCrmYes\":\"Y\"", "\"ufCrmMany\":[\"p\"]"}},
    {"described by their labels", FIELDS, .call = "crm.item.fields?entityTypeId=2",
     .has = {"\"ufCrmNote\":{\"type\":\"string\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":true,\"title\":\"A note\","
             "\"listLabel\":\"A note\"",
             "\"upperName\":\"UF_CRM_NOTE\"", "\"items\":[{\"ID\":\"~1\",\"VALUE\":\"a\"}"}},
    {"found by one", VALUES, LIST("{\"ufCrmNote\":\"X\"}"), .result = ONE},
    {"by an operator", VALUES, LIST("{\">ufCrm_17203\":8}"), .result = TWO},
    {"by yes as the page has it", VALUES, LIST("{\"ufCrmYes\":1}"), .result = ONE},
    {"by one of several", VALUES, LIST("{\"ufCrmMany\":\"q\"}"), .result = TWO},
    {"in a group", VALUES,
     LIST("{\"logic\":\"OR\",\"0\":{\"ufCrmNote\":\"y\"},\"1\":{\"ufCrm_17203\":100}}"),
     .result = TWO},
    {"sorted by one", VALUES, .call = "crm.item.list",
     .json = "{\"entityTypeId\":2,\"select\":[\"id\"],\"order\":{\"ufCrm_17203\":\"DESC\"},"
             "\"filter\":{\">ufCrm_17203\":0}}",
     .result = "{\"items\":[{\"id\":2},{\"id\":1}]}"},
    {"all of them by a mask", VALUES, .call = "crm.item.list",
     .json = "{\"entityTypeId\":2,\"select\":[\"id\",\"UF_*\"],\"filter\":{\"id\":1}}",
     .has = {"\"id\":1", "\"ufCrmNote\":\"x\""}, .lacks = {"\"title\""}},
    {"a file", FIELDS, UPDATE("{\"ufCrmFile\":[\"a.txt\",\"YWJj\"]}", ""),
     .events = "ONCRMDEALUPDATE",
     .has = {"\"ufCrmFile\":{\"id\":~1,\"url\":\"http://test/", "\"urlMachine\":\"http://test/"}},
    {"files, of which one stays",
     BEFORE(FILES ",{\"method\":\"crm.item.update\",\"params\":{"
                  "\"entityTypeId\":2,\"id\":1,\"fields\":{"
                  "\"ufCrmFiles\":[[\"a\",\"YWJj\"],[\"b\",\"ZGVm\"]]}"
                  "}}"),
     UPDATE("{\"ufCrmFiles\":[~2,[\"c\",\"Z2hp\"]]}", ""), .events = "ONCRMDEALUPDATE",
     .has = {"\"ufCrmFiles\":[{\"id\":~2,", "{\"id\":~3,"}, .lacks = {"\"id\":~1"}},
    {"no value of the type", FIELDS, UPDATE("{\"ufCrm_17203\":\"x\"}", ""), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID",
     .text = "Invalid value for field \\\"UF_CRM_17203\\\""},
    {"one value for several", FIELDS, UPDATE("{\"ufCrmMany\":\"p\"}", ""), .status = 400,
     .error = "100", .text = "Expected iterable value for multiple field, but got string instead"},
    {"a mandatory one is missing", BEFORE(MUST), .call = "crm.item.add",
     .json = "{\"entityTypeId\":2,\"fields\":{\"title\":\"x\"}}", .status = 400,
     .error = "CRM_FIELD_ERROR_REQUIRED"},
};

SCENARIOS(userfield_item, scenarios);
