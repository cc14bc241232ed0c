/* crm.item.* over invoices (31), and what else knows of them. How crm.item behaves is in crm_item.c. Their first funnel
 * has number 1. */
#include "scenario.h"

#define FIELDS(fields) "{\"entityTypeId\":31,\"fields\":" fields "}"
#define ADD(fields) .call = "crm.item.add", .json = FIELDS(fields)
#define FIRST(fields) .before = "crm.item.add", .before_json = FIELDS(fields)
#define TOLD(what) .events = "ONCRMDYNAMICITEM" what " ONCRMDYNAMICITEM" what "_31"
#define ONE                                                                                        \
    FIRST("{\"title\":\"For chairs\",\"companyId\":1,\"contactIds\":[1,18],\"parentId2\":1}")

static const struct scenario scenarios[] = {
    {"an invoice gets by itself", ADD("{}"), TOLD("ADD"),
     .has = {"{\"item\":{\"id\":1,\"accountNumber\":\"1\",\"xmlId\":null,\"title\":\"Invoice #1\"",
             "\"categoryId\":1,\"opened\":\"Y\",\"stageId\":\"DT31_1:N\",\"previousStageId\":null",
             "\"begindate\":\"2026-01-15T03:00:00+03:00\",\"closedate\":\"2026-01-22T03:00:00+03:"
             "00\"",
             "\"companyId\":0,\"contactId\":0,\"contactIds\":[],\"opportunity\":0,"
             "\"isManualOpportunity\":\"N\",\"taxValue\":0,\"currencyId\":\"USD\"",
             "\"sourceId\":\"CALL\"", "\"observers\":[]", "\"assignedById\":1",
             "\"entityTypeId\":31"}},
    {"what is told of it is kept",
     ADD("{\"title\":\"Für Stühle\",\"accountNumber\":\"R-7\",\"xmlId\":\"x1\",\"companyId\":2,"
         "\"contactIds\":[18,1],\"observers\":[3],\"opportunity\":120.5,\"taxValue\":20,"
         "\"isManualOpportunity\":\"Y\",\"currencyId\":\"EUR\",\"sourceId\":\"WEB\","
         "\"sourceDescription\":\"shop\",\"comments\":\"soon\",\"mycompanyId\":3,\"parentId2\":1,"
         "\"begindate\":\"2026-02-01\",\"closedate\":\"2026-02-09\",\"assignedById\":2,"
         "\"opened\":\"N\",\"utmSource\":\"mail\",\"locationId\":\"l\",\"webformId\":4}"),
     TOLD("ADD"),
     .has = {"\"accountNumber\":\"R-7\",\"xmlId\":\"x1\",\"title\":\"Für Stühle\"",
             "\"begindate\":\"2026-02-01T03:00:00+03:00\",\"closedate\":\"2026-02-09T03:00:00+03:"
             "00\",\"companyId\":2,\"contactId\":18,\"contactIds\":[18,1],\"opportunity\":120.5,"
             "\"isManualOpportunity\":\"Y\",\"taxValue\":20,\"currencyId\":\"EUR\"",
             "\"mycompanyId\":3,\"sourceId\":\"WEB\",\"sourceDescription\":\"shop\",\"comments\":"
             "\"soon\",\"locationId\":\"l\",\"observers\":[3],\"webformId\":4,\"assignedById\":2",
             "\"utmSource\":\"mail\"", "\"parentId2\":1", "\"opened\":\"N\""}},
    {"by its id", ONE, .call = "crm.item.get?entityTypeId=31&id=1",
     .has = {"\"title\":\"For chairs\"", "\"parentId2\":1"}},
    {"by what it is of", ONE,
     .call = "crm.item.list?entityTypeId=31&filter[parentId2]=1&filter[companyId]=1&select[]=id",
     .result = "{\"items\":[{\"id\":1}]}"},
    {"by a contact", ONE,
     .call = "crm.item.list?entityTypeId=31&filter[contactIds]=18&select[]=title",
     .result = "{\"items\":[{\"id\":1,\"title\":\"For chairs\"}]}"},
    {"by its title, whatever the case", ONE,
     .call = "crm.item.list?entityTypeId=31&filter[title]=FOR%20CHAIRS&select[]=id",
     .result = "{\"items\":[{\"id\":1}]}"},
    {"fields", .call = "crm.item.fields?entityTypeId=31",
     .has = {"\"accountNumber\":{\"type\":\"string\"",
             "\"stageId\":{\"type\":\"crm_status\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":false,\"statusType\":"
             "\"SMART_INVOICE_STAGE_1\"",
             "\"parentId2\":{\"type\":\"crm_entity\"", "\"observers\":{\"type\":\"user\""}},
    {"paid", ONE, .call = "crm.item.update",
     .json = "{\"entityTypeId\":31,\"id\":1,\"fields\":{\"stageId\":\"DT31_1:P\"}}", TOLD("UPDATE"),
     .has = {"\"stageId\":\"DT31_1:P\",\"previousStageId\":\"DT31_1:N\""},
     .then = "crm.stagehistory.list?entityTypeId=31&filter[OWNER_ID]=1&order[ID]=DESC",
     .then_has = {"\"TYPE_ID\":3,\"OWNER_ID\":1", "\"STAGE_SEMANTIC_ID\":\"S\",\"STAGE_ID\":"
                                                  "\"DT31_1:P\""}},
    {"no such stage", ONE, .call = "crm.item.update",
     .json = "{\"entityTypeId\":31,\"id\":1,\"fields\":{\"stageId\":\"NEW\"}}", .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID", .text = "Invalid value for field \\\"Stage\\\""},
    {"a number that another one has", FIRST("{\"accountNumber\":\"R-7\"}"),
     ADD("{\"accountNumber\":\"R-7\"}"), .status = 400, .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID",
     .text = "Invalid value for field \\\"Invoice number\\\""},
    {"nor does it get one", FIRST("{\"accountNumber\":\"2\"}"), ADD("{}"), TOLD("ADD"),
     .has = {"\"id\":2,\"accountNumber\":\"2-2\""}},
    {"a contact that is not there", ADD("{\"contactIds\":[99999]}"), TOLD("ADD"),
     .has = {"\"contactIds\":[]"}},
    {"goes", ONE, .call = "crm.item.delete?entityTypeId=31&id=1", TOLD("DELETE"), .result = "[]",
     .then = "crm.item.get?entityTypeId=31&id=1", .then_has = {"Item not found"}},
    {"its funnel", .call = "crm.category.list?entityTypeId=31",
     .has = {"\"categories\":[{\"id\":1,\"name\":\"General\",\"sort\":500,\"entityTypeId\":31,"
             "\"isDefault\":\"Y\""}},
    {"its stages", .call = "crm.status.list?filter[ENTITY_ID]=SMART_INVOICE_STAGE_1",
     .has = {"\"STATUS_ID\":\"DT31_1:N\"", "\"STATUS_ID\":\"DT31_1:S\"",
             "\"STATUS_ID\":\"DT31_1:P\"", "\"STATUS_ID\":\"DT31_1:D\""}},
    {"its directory", .call = "crm.status.entity.types",
     .has = {"\"ID\":\"SMART_INVOICE_STAGE_1\"", "\"PREFIX\":\"DT31_1\",\"ENTITY_TYPE_ID\":31"}},
    {"a funnel more", .call = "crm.category.add?entityTypeId=31&fields[name]=Abroad",
     .has = {"\"entityTypeId\":31"},
     .then = "crm.status.list?filter[ENTITY_ID]=SMART_INVOICE_STAGE_2",
     .then_has = {"\"STATUS_ID\":\"DT31_2:P\""}},
    {"products make its amount", ONE, .call = "crm.item.productrow.set",
     .json = "{\"ownerType\":\"SI\",\"ownerId\":1,\"productRows\":[{\"productName\":\"Chair\","
             "\"price\":12,\"quantity\":2,\"taxRate\":20}]}",
     TOLD("UPDATE"), .then = "crm.item.get?entityTypeId=31&id=1",
     .then_has = {"\"opportunity\":24,", "\"taxValue\":4,"}},
    {"activities", ONE, .call = "crm.activity.todo.add",
     .json = "{\"ownerTypeId\":31,\"ownerId\":1,\"deadline\":\"2026-02-01T10:00:00\",\"title\":"
             "\"Remind\"}",
     .events = "ONCRMACTIVITYADD",
     .then = "crm.activity.list?filter[OWNER_TYPE_ID]=31&select[]=SUBJECT",
     .then_has = {"[{\"SUBJECT\":\"Remind\"}]"}},
    {"a comment", ONE, .call = "crm.timeline.comment.add",
     .json = "{\"fields\":{\"ENTITY_ID\":1,\"ENTITY_TYPE\":\"smart_invoice\",\"COMMENT\":\"x\"}}",
     .events = "ONCRMTIMELINECOMMENTADD"},
    {"in the list of owners", .call = "crm.enum.ownertype",
     .has = {"{\"ID\":31,\"NAME\":\"Invoice\",\"SYMBOL_CODE\":\"SMART_INVOICE\","
             "\"SYMBOL_CODE_SHORT\":\"SI\"}"}},
    {"custom fields", .as = AS_SETTER, .before_as_admin = 0, .before = "userfieldconfig.add",
     .before_json = "{\"moduleId\":\"crm\",\"field\":{\"entityId\":\"CRM_SMART_INVOICE\","
                    "\"fieldName\":\"UF_CRM_SMART_INVOICE_ORDER\",\"userTypeId\":\"string\"}}",
     .call = "crm.item.add", .json = FIELDS("{\"ufCrm_SMART_INVOICE_ORDER\":\"A-1\"}"), TOLD("ADD"),
     .has = {"\"ufCrmSmartInvoiceOrder\":\"A-1\""}, .alone = 1},
    {"not without a role", .as = AS_ROLELESS, .call = "crm.item.list?entityTypeId=31",
     .status = 400, .error = "ACCESS_DENIED", .text = "Access denied"},
};

SCENARIOS(crm_invoice, scenarios);
