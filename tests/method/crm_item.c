/* Scenarios of crm.item.*: names, values, filters and errors of that dialect. What is behind it is in the
 * scenarios of each entity's own methods. */
#include "scenario.h"

#define ADD(type, fields)                                                                          \
    .call = "crm.item.add", .json = "{\"entityTypeId\":" type ",\"fields\":" fields "}"
#define UPDATE(type, id, fields)                                                                   \
    .call = "crm.item.update",                                                                     \
    .json = "{\"entityTypeId\":" type ",\"id\":" id ",\"fields\":" fields "}"
#define LIST(type, rest) .call = "crm.item.list", .json = "{\"entityTypeId\":" type "," rest "}"
#define DEAL_TOLD .events = "ONCRMDEALUPDATE"

/* Deal 1 with known values, for one filter after the other. */
#define PROBE                                                                                      \
    .call = "crm.deal.update?id=1&fields[TITLE]=Probe&fields[OPPORTUNITY]=99.5&"                   \
            "fields[PROBABILITY]=33&fields[CLOSEDATE]=2031-05-01&fields[IS_RETURN_CUSTOMER]=Y"
#define FOUND "\"items\":[{\"id\":1}]"
#define NOTHING "\"items\":[]"
#define FILTER(what, filter, answer)                                                               \
    {                                                                                              \
        what, PROBE, .then = "crm.item.list",                                                      \
                     .then_json = "{\"entityTypeId\":2,\"select\":[\"id\"],\"filter\":{\"id\":1,"  \
                                  "\"9\":" filter "}}",                                            \
                     .then_has = {                                                                 \
                         answer                                                                    \
                     }                                                                             \
    }
#define UF(name, type, multiple)                                                                   \
    .before_as_admin = 1, .before = "crm.deal.userfield.add",                                      \
    .before_json = "{\"fields\":{\"FIELD_NAME\":\"" name "\",\"USER_TYPE_ID\":\"" type             \
                   "\",\"MULTIPLE\":\"" multiple "\"}}"
#define NO_TYPE .status = 400, .error = "NOT_FOUND", .text = "Smart process not found"
#define NO_ITEM .status = 400, .error = "NOT_FOUND", .text = "Item not found"
#define DENIED .status = 400, .error = "ACCESS_DENIED", .text = "Access denied"
#define NO_VIEW                                                                                    \
    .status = 400, .error = "ACCESS_DENIED", .text = "You do not have permission to view this item"
#define LACKS(name)                                                                                \
    .status = 400, .error = "100", .text = "Could not find value for parameter {" name "}"

static const struct scenario scenarios[] = {
    {"items need the scope", .as = AS_BASIC, .call = "crm.item.list?entityTypeId=2", .status = 401,
     .error = "insufficient_scope"},
    {"a type is needed", .call = "crm.item.list", LACKS("entityTypeId")},
    {"a type is a number", .call = "crm.item.list?entityTypeId=deal", .status = 400, .error = "100",
     .text = "Invalid value {deal} to match with parameter {entityTypeId}. Should be value of type "
             "int."},
    {"an activity is no item", .call = "crm.item.list?entityTypeId=6", NO_TYPE},
    {"an invoice of the old kind is none", .call = "crm.item.list?entityTypeId=5", .status = 400,
     .error = "ENTITY_TYPE_NOT_SUPPORTED", .text = "Entity type INVOICE is not supported"},
    {"a list of a type that is not there", .call = "crm.item.list?entityTypeId=9999", NO_TYPE},
    {"fields of a type that is not there", .call = "crm.item.fields?entityTypeId=9999", NO_TYPE},
    {"get of a type that is not there", .call = "crm.item.get?entityTypeId=9999&id=1", NO_TYPE},
    {"add of a type that is not there", ADD("-1", "{}"), NO_TYPE},
    {"update of a type that is not there", UPDATE("4294967298", "1", "{}"), NO_TYPE},
    {"delete of a type that is not there", .call = "crm.item.delete?entityTypeId=0&id=1", NO_TYPE},

    /* ---- fields ---- */

    {"fields of a deal", .call = "crm.item.fields?entityTypeId=2",
     .has = {"{\"fields\":{\"id\":{\"type\":\"integer\",\"isRequired\":false,"
             "\"isReadOnly\":true,\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":false,"
             "\"title\":\"ID\",\"upperName\":\"ID\"}",
             "\"createdTime\":{\"type\":\"datetime\"", "\"upperName\":\"CREATED_TIME\"",
             "\"opened\":{\"type\":\"boolean\"", "\"comments\":{\"type\":\"text\"",
             "\"title\":\"Company\",\"settings\":{\"parentEntityTypeId\":4},"
             "\"upperName\":\"COMPANY_ID\"}",
             "\"contactIds\":{\"type\":\"crm_contact\"", "\"movedBy\":{\"type\":\"user\""},
     .lacks = {"entityTypeId", "searchContent", "TITLE\":", "dateCreate"}},
    {"a lead's stage is called as a deal's", .call = "crm.item.fields?entityTypeId=1",
     .has = {"\"stageId\":{\"type\":\"crm_status\"", "\"upperName\":\"STAGE_ID\"",
             "\"stageSemanticId\":"},
     .lacks = {"\"statusId\"", "\"address\"", "\"phone\""}},
    {"a company's type and contacts", .call = "crm.item.fields?entityTypeId=4",
     .has = {"\"typeId\":{\"type\":\"crm_status\"", "\"statusType\":\"COMPANY_TYPE\"",
             "\"contactIds\":"},
     .lacks = {"\"companyType\"", "\"regAddress\"", "\"contactId\":"}},
    {"fields of the classic methods are theirs", .call = "crm.deal.fields",
     .lacks = {"ENTITY_TYPE_ID", "ITEM_NULLS", "upperName"}},
    {"fields of what one may not read", .as = AS_LIMITED, .call = "crm.item.fields?entityTypeId=4",
     NO_VIEW},

    /* ---- get ---- */

    {"get", .call = "crm.item.get?entityTypeId=2&id=1",
     .has = {"{\"item\":{\"id\":1,\"title\":\"", "\"categoryId\":0,", "\"companyId\":1,",
             "\"contactIds\":[1,18]", "\"opened\":\"Y\"", "\"isManualOpportunity\":\"N\"",
             "\"quoteId\":null", "\"leadId\":null", "\"searchContent\":null",
             "\"entityTypeId\":2}}"},
     .lacks = {"TITLE", "ITEM_NULLS", "\"total\""}},
    {"a number is one", PROBE, .then = "crm.item.get?entityTypeId=2&id=1",
     .then_has = {"\"opportunity\":99.5,", "\"probability\":33,", "\"isReturnCustomer\":\"Y\"",
                  "\"closedate\":\"2031-05-01T03:00:00+03:00\""}},
    {"a contact has its companies and no empty date", .call = "crm.item.get?entityTypeId=3&id=1",
     .has = {"\"companyIds\":[1]", "\"birthdate\":null", "\"hasPhone\":\"Y\"", "\"login\":null",
             "\"entityTypeId\":3"}},
    {"a lead without a company has 0", .call = "crm.lead.update?id=1&fields[COMPANY_ID]=",
     .then = "crm.item.get?entityTypeId=1&id=1", .then_has = {"\"companyId\":0"}},
    {"get without an id", .call = "crm.item.get?entityTypeId=2", LACKS("id")},
    {"get of a missing item", .call = "crm.item.get?entityTypeId=2&id=99999", NO_ITEM},
    {"get of an id that is none", .call = "crm.item.get?entityTypeId=2&id=-1", NO_ITEM},
    {"get of what one may not read", .as = AS_LIMITED, .call = "crm.item.get?entityTypeId=4&id=1",
     NO_VIEW},

    /* ---- list ---- */

    {"list",
     LIST("2", "\"select\":[\"id\",\"title\",\"opportunity\"],\"filter\":{\"<=id\":2},"
               "\"order\":{\"id\":\"desc\"}"),
     .has =
         {
             "{\"items\":[{\"id\":2,\"title\":",
             "},{\"id\":1,\"title\":",
         },
     .lacks = {"stageId", "entityTypeId", "result_next\":{"}},
    {"the first page of many", LIST("4", "\"select\":[\"id\"]"), .has = {"50}", "{\"id\":50}"}},
    {"the chain of SDK lists",
     LIST("2", "\"select\":[\"title\"],\"order\":{\"id\":\"ASC\"},\"filter\":{\">id\":101},"
               "\"start\":-1"),
     .has = {"\"items\":[{\"id\":102,\"title\":\""}},
    {"everything", LIST("2", "\"select\":[\"*\"],\"filter\":{\"id\":1}"),
     .has = {"\"contactIds\":[1,18]", "\"entityTypeId\":2", "\"orderStage\":null"}},
    {"without a choice as well", .call = "crm.item.list?entityTypeId=3&filter[id]=1",
     .has = {"\"companyIds\":[1]", "\"entityTypeId\":3"}},
    {"the type can be chosen", LIST("2", "\"select\":[\"entityTypeId\"],\"filter\":{\"id\":1}"),
     .has = {"\"items\":[{\"id\":1,\"entityTypeId\":2}]"}},
    {"names that are not there choose nothing",
     LIST("2", "\"select\":[\"Title\",\"wrong\"],\"filter\":{\"id\":1}"), .has = {FOUND}},
    {"names in UPPER_CASE are those of the same fields",
     LIST("2", "\"select\":[\"ID\",\"STAGE_ID\"],\"filter\":{\"=ID\":1},\"order\":{\"CREATED_"
               "TIME\":\"ASC\"}"),
     .has = {"\"items\":[{\"id\":1,\"stageId\":"}, .lacks = {"title", "STAGE_ID"}},
    {"who may read no company", .as = AS_LIMITED, .call = "crm.item.list?entityTypeId=4", DENIED},
    {"who may read some", .as = AS_LIMITED, .call = "crm.item.list?entityTypeId=3",
     .has = {"\"assignedById\":4"}, .lacks = {"\"assignedById\":1,", "\"assignedById\":2,"}},
    {"order by what is no field", LIST("2", "\"order\":{\"DATE_CREATE\":\"ASC\"}"), .status = 400,
     .error = "INVALID_ARG_VALUE",
     .text = "Invalid order: field 'DATE_CREATE' is not allowed in order"},
    {"order by a list", LIST("2", "\"order\":{\"contactIds\":\"ASC\"}"), .status = 400,
     .error = "INVALID_ARG_VALUE",
     .text = "Invalid order: field 'contactIds' is not allowed in order"},
    {"order in no direction", LIST("2", "\"order\":{\"title\":\"up\"}"), .status = 400,
     .error = "INVALID_ARG_VALUE",
     .text = "Invalid order: allowed sort directions are ASC, DESC. But got 'up' for field "
             "'title'"},
    {"order in a direction that is a list", LIST("2", "\"order\":{\"title\":[1]}"), .status = 400,
     .error = "INVALID_ARG_VALUE",
     .text = "Invalid order: allowed sort directions are ASC, DESC. But got 'Array' for field "
             "'title'"},

    /* ---- filters ---- */

    {"a field that is none", LIST("2", "\"filter\":{\">ddId\":1}"), .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Invalid filter: field 'ddId' is not allowed in filter"},
    {"a name of the classic methods alone", LIST("2", "\"filter\":{\"=DATE_CREATE\":1}"),
     .status = 400, .error = "INVALID_ARG_VALUE",
     .text = "Invalid filter: field 'DATE_CREATE' is not allowed in filter"},
    {"inside of a group", LIST("2", "\"filter\":[{\"logic\":\"OR\",\"0\":{\"wrong\":1}}]"),
     .status = 400, .error = "INVALID_ARG_VALUE",
     .text = "Invalid filter: field 'wrong' is not allowed in filter"},
    {"what nothing is compared with", LIST("2", "\"filter\":{\"entityTypeId\":2}"), .status = 400,
     .error = "INVALID_ARG_VALUE",
     .text = "Invalid filter: field 'entityTypeId' is not allowed in filter"},
    {"a date that is none", LIST("2", "\"filter\":{\">=createdTime\":\"soon\"}"), .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Invalid filter: field 'createdTime' has invalid value"},
    {"a number that is none", LIST("2", "\"filter\":{\"opportunity\":\"much\"}"), .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Invalid filter: field 'opportunity' has invalid value"},
    {"a list that is compared", LIST("2", "\"filter\":{\">opportunity\":[1,2]}"), .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Invalid filter: field 'opportunity' has invalid value"},
    FILTER("item: all of a group", "{\"title\":\"Probe\",\"probability\":33}", FOUND),
    FILTER("item: not all of a group", "{\"title\":\"Probe\",\"probability\":34}", NOTHING),
    FILTER("item: one of a group", "{\"logic\":\"OR\",\"title\":\"x\",\"probability\":33}", FOUND),
    FILTER("item: none of a group", "{\"logic\":\"OR\",\"title\":\"x\",\"probability\":34}",
           NOTHING),
    FILTER("item: AND can be said", "{\"logic\":\"AND\",\"title\":\"x\",\"probability\":33}",
           NOTHING),
    FILTER("item: in any case", "{\"LOGIC\":\"or\",\"title\":\"x\",\"probability\":33}", FOUND),
    FILTER("item: groups in a group",
           "{\"logic\":\"OR\",\"0\":{\"title\":\"x\"},\"1\":{\"title\":\"Probe\","
           "\">opportunity\":99}}",
           FOUND),
    FILTER("item: groups in a list",
           "[{\"title\":\"Probe\"},{\"logic\":\"OR\",\"0\":{\"!title\":"
           "\"Probe\"},\"1\":{\"@probability\":[32,33]}}]",
           FOUND),
    FILTER("item: three deep",
           "{\"logic\":\"OR\",\"0\":{\"title\":\"x\"},\"1\":{\"isReturnCustomer\":\"Y\",\"0\":{"
           "\"logic\":\"OR\",\"probability\":1,\"contactIds\":18}}}",
           FOUND),
    FILTER("item: an empty group", "{\"logic\":\"OR\"}", FOUND),
    FILTER("item: a group of nothing", "[]", FOUND),
    FILTER("item: substring", "{\"%title\":\"ROB\"}", FOUND),
    FILTER("item: pattern", "{\"=%title\":\"Pro%\"}", FOUND),
    FILTER("item: not the pattern", "{\"!=%title\":\"Pro%\"}", NOTHING),
    FILTER("item: not in", "{\"!@probability\":[33,34]}", NOTHING),
    FILTER("item: any contact", "{\"contactIds\":[18,99]}", FOUND),
    FILTER("item: a flag", "{\"isReturnCustomer\":\"N\"}", NOTHING),
    FILTER("item: not empty", "{\"!=title\":\"\"}", FOUND),
    FILTER("item: a day", "{\"closedate\":\"2031-05-01\"}", FOUND),
    FILTER("item: since a moment", "{\"<createdTime\":\"2026-01-16T00:00:00+02:00\"}", FOUND),
    {"the page's example, by form",
     .call = "crm.item.list?entityTypeId=1&select[]=id&filter[0][logic]=OR&filter[0][0][!%3Dname]=&"
             "filter[0][1][!%3DlastName]=&filter[@stageId][]=NEW&filter[@stageId][]=IN_PROCESS&"
             "filter[<%3Did]=3&order[lastName]=ASC&order[name]=ASC",
     .has = {"\"items\":["}},
    {"groups are not for the classic methods",
     .call = "crm.deal.list?filter[0][LOGIC]=OR&filter[0][TITLE]=x", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Filter by 0: conditions cannot be grouped here"},

    /* ---- add ---- */

    {"add",
     ADD("2", "{\"title\":\"One\",\"opportunity\":999.99,\"isManualOpportunity\":\"Y\","
              "\"opened\":\"N\",\"contactIds\":[5,6],\"begindate\":\"2026-02-01\"}"),
     .events = "ONCRMDEALADD",
     .has = {"{\"item\":{\"id\":", "\"title\":\"One\"", "\"opportunity\":999.99",
             "\"isManualOpportunity\":\"Y\"", "\"opened\":\"N\"", "\"contactIds\":[5,6]",
             "\"contactId\":5", "\"begindate\":\"2026-02-01T03:00:00+03:00\"",
             "\"createdTime\":\"2026-01-15T12:00:00+03:00\"", "\"entityTypeId\":2"},
     .lacks = {"\"total\""}, .then = "crm.deal.list?filter[TITLE]=One&select[]=OPPORTUNITY",
     .then_has = {"\"OPPORTUNITY\":\"999.99\""}},
    {"a deal without anything", ADD("2", "{}"), .events = "ONCRMDEALADD",
     .has = {"\"title\":\"Deal #", "\"stageId\":\"NEW\"", "\"typeId\":\"SALE\"",
             "\"assignedById\":1"}},
    {"names in UPPER_CASE are taken", ADD("2", "{\"TITLE\":\"Two\",\"TYPE_ID\":\"SERVICES\"}"),
     .events = "ONCRMDEALADD", .has = {"\"title\":\"Two\"", "\"typeId\":\"SERVICES\""}},
    {"names that the classic methods alone have are left out",
     ADD("2", "{\"CREATED_BY_ID\":5,\"DATE_CREATE\":\"2020-01-01\"}"), .events = "ONCRMDEALADD",
     .has = {"\"title\":\"Deal #", "\"createdBy\":1"}},
    {"what is read-only is left alone", ADD("2", "{\"createdBy\":5,\"movedBy\":5}"),
     .events = "ONCRMDEALADD", .has = {"\"createdBy\":1", "\"movedBy\":1"}},
    {"a stage that is not there", ADD("2", "{\"stageId\":\"NOPE\"}"), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID",
     .text = "Invalid value for field \\\"Deal Stage\\\""},
    {"a currency that is not there", ADD("2", "{\"currencyId\":\"ZZZ\"}"), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID",
     .text = "Invalid value for field \\\"Currency\\\""},
    {"a sum that is none", ADD("2", "{\"opportunity\":\"much\"}"), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID", .text = "Invalid value for field \\\"Amount\\\""},
    {"one value where several belong", ADD("2", "{\"contactIds\":5}"), .status = 400,
     .error = "100", .text = "Expected iterable value for multiple field, but got integer instead"},
    {"one text where several belong", ADD("2", "{\"contactIds\":\"5\"}"), .status = 400,
     .error = "100", .text = "Expected iterable value for multiple field, but got string instead"},
    {"nothing where several belong", ADD("2", "{\"contactIds\":null}"), .events = "ONCRMDEALADD",
     .has = {"\"contactIds\":[]"}},
    {"add without fields", .call = "crm.item.add?entityTypeId=2", LACKS("fields")},
    {"fields must be an array", .call = "crm.item.add?entityTypeId=2&fields=1", .status = 400,
     .error = "100",
     .text = "Invalid value {1} to match with parameter {fields}. Should be value of type array."},
    {"a custom field that is not there", ADD("2", "{\"ufCrm_17\":1}"), .status = 400,
     .error = "INVALID_ARG_VALUE"},
    {"who may add none", .as = AS_LIMITED, ADD("4", "{\"title\":\"x\"}"), DENIED},
    {"nor for others", .as = AS_LIMITED, ADD("3", "{\"name\":\"x\",\"assignedById\":1}"), DENIED},
    {"but for himself", .as = AS_LIMITED, ADD("3", "{\"name\":\"x\"}"), .events = "ONCRMCONTACTADD",
     .has = {"\"assignedById\":4"}},

    /* ---- update ---- */

    {"update", UPDATE("2", "1", "{\"stageId\":\"WON\",\"title\":\"Won\"}"), DEAL_TOLD,
     .has = {"{\"item\":{\"id\":1,\"title\":\"Won\"", "\"stageId\":\"WON\"",
             "\"stageSemanticId\":\"S\"", "\"closed\":\"Y\"", "\"companyId\":1",
             "\"contactIds\":[1,18]", "\"entityTypeId\":2"}},
    {"a list is replaced", UPDATE("2", "1", "{\"contactIds\":[7]}"), DEAL_TOLD,
     .has = {"\"contactIds\":[7]", "\"contactId\":7"}},
    {"a company's contacts", UPDATE("4", "1", "{\"contactIds\":[2]}"),
     .events = "ONCRMCOMPANYUPDATE", .has = {"\"contactIds\":[2]"}},
    {"a lead's stage", UPDATE("1", "1", "{\"stageId\":\"JUNK\"}"), .events = "ONCRMLEADUPDATE",
     .has = {"\"stageId\":\"JUNK\"", "\"stageSemanticId\":\"F\""}},
    {"update without an id", .call = "crm.item.update?entityTypeId=2&fields[title]=x", LACKS("id")},
    {"update without fields", .call = "crm.item.update?entityTypeId=2&id=1", LACKS("fields")},
    {"update of a missing item", UPDATE("2", "99999", "{}"), NO_ITEM},
    {"update of an id that is none", UPDATE("2", "0", "{}"), NO_ITEM},
    {"a value it does not take", UPDATE("2", "1", "{\"opened\":\"maybe\"}"), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID",
     .text = "Invalid value for field \\\"Available to All\\\""},
    {"several values in one", UPDATE("2", "1", "{\"contactIds\":true}"), .status = 400,
     .error = "100", .text = "Expected iterable value for multiple field, but got boolean instead"},
    {"several values in one text", UPDATE("2", "1", "{\"contactIds\":\"7\"}"), .status = 400,
     .error = "100", .text = "Expected iterable value for multiple field, but got string instead"},
    {"who may change none", .as = AS_LIMITED, UPDATE("4", "1", "{}"), DENIED},
    {"nor another's", .as = AS_LIMITED, UPDATE("1", "1", "{\"title\":\"x\"}"), DENIED},

    /* ---- custom fields ---- */

    {"a custom field by its camelCase name", UF("ORDER_NO", "string", "N"),
     ADD("2", "{\"ufCrmOrderNo\":\"A1\"}"), .events = "ONCRMDEALADD",
     .has = {"\"ufCrmOrderNo\":\"A1\""}, .lacks = {"UF_CRM"},
     .then = "crm.item.list?entityTypeId=2&filter[ufCrm_ORDER_NO]=a1&select[]=ufCrm_ORDER_NO",
     .then_has = {"\"ufCrmOrderNo\":\"A1\"}]"}},
    {"by its simplified name", UF("CODE_2", "integer", "N"), ADD("2", "{\"ufCrm_CODE_2\":7}"),
     .events = "ONCRMDEALADD", .has = {"\"ufCrm_CODE_2\":7"}},
    {"by its own name", UF("ORDER_NO", "string", "N"), .call = "crm.item.add",
     .json = "{\"entityTypeId\":2,\"useOriginalUfNames\":\"Y\",\"fields\":{\"UF_CRM_ORDER_NO\":"
             "\"A1\",\"title\":\"t\"}}",
     .events = "ONCRMDEALADD", .has = {"\"UF_CRM_ORDER_NO\":\"A1\"", "\"title\":\"t\""},
     .lacks = {"ufCrm"}},
    {"several values", UF("NUMS", "integer", "Y"), ADD("2", "{\"ufCrmNums\":[1,2]}"),
     .events = "ONCRMDEALADD", .has = {"\"ufCrmNums\":[1,2]"},
     .then = "crm.item.list?entityTypeId=2&filter[logic]=OR&filter[0][ufCrmNums]=2&"
             "filter[1][title]=nobody&select[]=ufCrmNums",
     .then_has = {"\"ufCrmNums\":[1,2]}]"}},
    {"one where several belong", UF("NUMS", "integer", "Y"), ADD("2", "{\"ufCrmNums\":1}"),
     .status = 400, .error = "100",
     .text = "Expected iterable value for multiple field, but got integer instead"},
    {"yes is Y, and asked for by 1", UF("YES", "boolean", "N"), ADD("2", "{\"ufCrmYes\":\"Y\"}"),
     .events = "ONCRMDEALADD", .has = {"\"ufCrmYes\":\"Y\""},
     .then = "crm.item.list?entityTypeId=2&filter[ufCrmYes]=1&select[]=ufCrmYes",
     .then_has = {"\"ufCrmYes\":\"Y\"}]"}},
    {"a file", UF("DOC", "file", "N"), ADD("2", "{\"ufCrmDoc\":[\"a.txt\",\"aGk=\"]}"),
     .events = "ONCRMDEALADD", .has = {"\"ufCrmDoc\":{\"id\":", "\"url\":\"", "\"urlMachine\":\""}},
    {"order by a custom field", UF("ORDER_NO", "string", "N"),
     LIST("2", "\"select\":[\"id\"],\"order\":{\"ufCrmOrderNo\":\"DESC\"},\"filter\":{\"id\":1}"),
     .has = {FOUND}},
    {"one of two custom conditions", UF("ORDER_NO", "string", "N"), .call = "crm.item.update",
     .json = "{\"entityTypeId\":2,\"id\":1,\"fields\":{\"ufCrmOrderNo\":\"A1\"}}", DEAL_TOLD,
     .then = "crm.item.list",
     .then_json = "{\"entityTypeId\":2,\"select\":[\"id\"],\"filter\":{\"logic\":\"OR\",\"0\":{"
                  "\"ufCrmOrderNo\":\"A0\"},\"1\":{\"ufCrmOrderNo\":\"A1\"},\"2\":{"
                  "\"ufCrmOrderNo\":\"A1\",\"title\":\"x\"}}}",
     .then_has = {FOUND, "\"total\":1"}},
    {"a custom condition beside a group of them", UF("ORDER_NO", "string", "N"),
     .call = "crm.item.update",
     .json = "{\"entityTypeId\":2,\"id\":1,\"fields\":{\"ufCrmOrderNo\":\"A1\"}}", DEAL_TOLD,
     .then = "crm.item.list",
     .then_json = "{\"entityTypeId\":2,\"select\":[\"id\"],\"filter\":{\"ufCrmOrderNo\":\"A1\","
                  "\"0\":{\"logic\":\"OR\",\"ufCrmOrderNo\":\"A1\",\"title\":\"x\"},"
                  "\">ufCrmOrderNo\":\"A0\"}}",
     .then_has = {FOUND, "\"total\":1"}},
    {"described", UF("ORDER_NO", "string", "N"), .call = "crm.item.fields?entityTypeId=2",
     .has = {"\"ufCrmOrderNo\":{\"type\":\"string\"", "\"isDynamic\":true",
             "\"upperName\":\"UF_CRM_ORDER_NO\""}},
    {"described by its own name", UF("ORDER_NO", "string", "N"),
     .call = "crm.item.fields?entityTypeId=2&useOriginalUfNames=Y",
     .has = {"\"UF_CRM_ORDER_NO\":{\"type\":\"string\""}},

    /* ---- delete ---- */

    {"delete", .call = "crm.item.delete?entityTypeId=2&id=1",
     .events = "ONCRMACTIVITYDELETE ONCRMDEALDELETE", .result = "[]",
     .then = "crm.item.get?entityTypeId=2&id=1", .then_has = {"Item not found"}},
    {"delete without an id", .call = "crm.item.delete?entityTypeId=2", LACKS("id")},
    {"delete of a missing item", .call = "crm.item.delete?entityTypeId=2&id=99999", NO_ITEM},
    {"delete of an id that is none", .call = "crm.item.delete?entityTypeId=2&id=0", NO_ITEM},
    {"who may delete none", .as = AS_LIMITED, .call = "crm.item.delete?entityTypeId=1&id=1",
     DENIED},

    /* amounts in the base currency */
    {"an amount is told in the base currency too",
     .sql = "UPDATE deal SET opportunity = 300, tax_value "
            "= 50, currency_id = 'RUB' WHERE id = 1",
     .call = "crm.item.get?entityTypeId=2&id=1",
     .has = {"\"opportunity\":300,", "\"opportunityAccount\":3.75,\"taxValueAccount\":0.63,"
                                     "\"accountCurrencyId\":\"USD\""}},
    {"by the rate as of now", .before = "crm.currency.update?id=RUB&fields[AMOUNT]=2.5",
     .sql = "UPDATE lead SET opportunity = 300, currency_id = 'RUB' WHERE id = 1",
     .call = "crm.item.list?entityTypeId=1&filter[id]=1",
     .has = {"\"opportunityAccount\":7.5,\"taxValueAccount\":0,\"accountCurrencyId\":\"USD\""}},
    {"it cannot be given",
     .sql = "UPDATE deal SET opportunity = 300, currency_id = 'USD' WHERE id = 1",
     .call = "crm.item.update",
     .json = "{\"entityTypeId\":2,\"id\":1,\"fields\":{\"opportunityAccount\":7}}",
     .events = "ONCRMDEALUPDATE", .has = {"\"opportunityAccount\":300"}},
};

SCENARIOS(crm_item, scenarios);
