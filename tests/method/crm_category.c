/* Scenarios of crm.category.*: deals' funnels. Those of smart processes are in crm_type.c. */
#include "scenario.h"

#define ADD(fields) .call = "crm.category.add", .json = "{\"entityTypeId\":2,\"fields\":" fields "}"
#define MADE .before = "crm.category.add?entityTypeId=2&fields[name]=Export&fields[sort]=200"
/* MADE is funnel 1. */
#define ONE "crm.category.get?entityTypeId=2&id=2"

static const struct scenario scenarios[] = {
    {"a new funnel", ADD("{\"name\":\"Export\",\"sort\":200,\"isDefault\":\"N\"}"),
     .result = "{\"category\":{\"id\":2,\"name\":\"Export\",\"sort\":200,\"entityTypeId\":2,"
               "\"isDefault\":\"N\",\"originId\":\"\",\"originatorId\":\"\"}}"},
    {"has stages of its own",
     ADD("{\"name\":\"Export\",\"originId\":\"7\",\"originatorId\":\"erp\"}"),
     .has = {"\"sort\":500", "\"originId\":\"7\",\"originatorId\":\"erp\""},
     .then = "crm.status.list?filter[ENTITY_ID]=DEAL_STAGE_2",
     .then_has =
         {"\"ENTITY_ID\":\"DEAL_STAGE_2\",\"STATUS_ID\":\"C2:NEW\",\"SORT\":\"10\",\"NAME\":"
          "\"New\",\"NAME_INIT\":\"New\",\"SYSTEM\":\"Y\",\"CATEGORY_ID\":\"2\"",
          "\"STATUS_ID\":\"C2:PREPARATION\"", "\"STATUS_ID\":\"C2:WON\"",
          "\"SEMANTICS\":\"S\",\"EXTRA\":{\"SEMANTICS\":\"success\"", "\"STATUS_ID\":\"C2:LOSE\"",
          "\"EXTRA\":{\"SEMANTICS\":\"failure\"", "\"EXTRA\":{\"SEMANTICS\":\"apology\"",
          "\"total\":8"},
     .alone = 1},
    {"is a directory", ADD("{\"name\":\"Export\"}"), .then = "crm.status.entity.types",
     .then_has = {"{\"ID\":\"DEAL_STAGE_2\",\"NAME\":\"Deal stages (Export)\",\"PARENT_ID\":"
                  "\"DEAL_STAGE\",\"SEMANTIC_INFO\":{\"START_FIELD\":\"C2:NEW\","
                  "\"FINAL_SUCCESS_FIELD\":\"C2:WON\",\"FINAL_UNSUCCESS_FIELD\":\"C2:LOSE\","
                  "\"FINAL_SORT\":0},\"PREFIX\":\"C2\",\"ENTITY_TYPE_ID\":2,"
                  "\"FIELD_ATTRIBUTE_SCOPE\":\"category_2\",\"CATEGORY_ID\":\"2\"}"}},
    {"a sort below zero is zero", ADD("{\"name\":\"x\",\"sort\":-5}"), .has = {"\"sort\":0"}},
    {"no funnel of deals becomes the default one", ADD("{\"name\":\"x\",\"isDefault\":\"Y\"}"),
     .has = {"\"isDefault\":\"N\""}},
    {"add without a name", ADD("{}"), .status = 400, .error = "0",
     .text = "Field 'NAME' is required"},
    {"add with an empty name", ADD("{\"name\":\" \\t\"}"), .status = 400, .error = "0",
     .text = "Field 'NAME' is required"},
    {"a sort that is no number", ADD("{\"name\":\"x\",\"sort\":\"first\"}"), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID", .text = "Invalid value for field \\\"sort\\\""},
    {"a default that is no flag", ADD("{\"name\":\"x\",\"isDefault\":\"maybe\"}"), .status = 400,
     .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID",
     .text = "Invalid value for field \\\"isDefault\\\""},
    {"add without fields", .call = "crm.category.add?entityTypeId=2", .status = 400, .error = "100",
     .text = "Could not find value for parameter {fields}"},
    {"add without a type", .call = "crm.category.add?fields[name]=x", .status = 400, .error = "100",
     .text = "Could not find value for parameter {entityTypeId}"},
    {"add to a type that is not there", .call = "crm.category.add?entityTypeId=999&fields[name]=x",
     .status = 400, .error = "NOT_FOUND", .text = "SPA not found"},
    {"leads have no funnels", .call = "crm.category.add?entityTypeId=1&fields[name]=x",
     .status = 400, .error = "ENTITY_TYPE_NOT_SUPPORTED",
     .text = "Entity type LEAD is not supported"},
    {"only an administrator may add", .as = AS_USER,
     .call = "crm.category.add?entityTypeId=2&fields[name]=x", .status = 400,
     .error = "ACCESS_DENIED", .text = "Access denied"},

    {"get", MADE, .call = ONE,
     .result = "{\"category\":{\"id\":2,\"name\":\"Export\",\"sort\":200,\"entityTypeId\":2,"
               "\"isDefault\":\"N\",\"originId\":\"\",\"originatorId\":\"\"}}"},
    {"the default funnel", .call = "crm.category.get?entityTypeId=2&id=0",
     .result = "{\"category\":{\"id\":0,\"name\":\"General\",\"sort\":300,\"entityTypeId\":2,"
               "\"isDefault\":\"Y\"}}"},
    {"any user may read", MADE, .before_as_admin = 1, .as = AS_USER, .call = ONE,
     .has = {"\"Export\""}},
    {"but for those who may read no deals", .as = AS_ROLELESS,
     .call = "crm.category.get?entityTypeId=2&id=0", .status = 400, .error = "ACCESS_DENIED",
     .text = "Access denied"},
    {"get of a missing funnel", .call = "crm.category.get?entityTypeId=2&id=77", .status = 400,
     .error = "NOT_FOUND", .text = "Element not found"},
    {"get without an id", .call = "crm.category.get?entityTypeId=2", .status = 400, .error = "100",
     .text = "Could not find value for parameter {id}"},
    {"get of a type that is not there", .call = "crm.category.get?entityTypeId=999&id=1",
     .status = 400, .error = "NOT_FOUND", .text = "SPA not found"},
    {"get of a type without funnels", .call = "crm.category.get?entityTypeId=1&id=1", .status = 400,
     .error = "ENTITY_TYPE_NOT_SUPPORTED", .text = "Entity type LEAD is not supported"},

    {"list", MADE, .call = "crm.category.list?entityTypeId=2", .alone = 1,
     .has =
         {"\"result\":{\"categories\":[{\"id\":2,\"name\":\"Export\",\"sort\":200",
          "{\"id\":0,\"name\":\"General\",\"sort\":300,\"entityTypeId\":2,\"isDefault\":\"Y\"}]}",
          "\"total\":2"}},
    {"who may read no deals sees no funnels", .as = AS_ROLELESS,
     .call = "crm.category.list?entityTypeId=2", .result = "{\"categories\":[]}"},
    {"list of a type that is not there", .call = "crm.category.list?entityTypeId=999",
     .status = 400, .error = "NOT_FOUND", .text = "Smart process not found"},
    {"list of a type without funnels", .call = "crm.category.list?entityTypeId=1", .status = 400,
     .error = "ENTITY_TYPE_NOT_SUPPORTED", .text = "Entity type LEAD is not supported"},

    {"update", MADE, .call = "crm.category.update?entityTypeId=2&id=2&fields[name]=Import",
     .result = "{\"category\":{\"id\":2,\"name\":\"Import\",\"sort\":200,\"entityTypeId\":2,"
               "\"isDefault\":\"N\",\"originId\":\"\",\"originatorId\":\"\"}}",
     .then = ONE, .then_has = {"\"Import\""}},
    {"the default funnel can be renamed",
     .call = "crm.category.update?entityTypeId=2&id=0&fields[name]=Shop&fields[isDefault]=N",
     .has = {"\"name\":\"Shop\"", "\"isDefault\":\"Y\""}},
    {"update with an empty name", MADE,
     .call = "crm.category.update?entityTypeId=2&id=2&fields[name]=", .status = 400, .error = "0",
     .text = "Field 'NAME' is required"},
    {"update of a missing funnel",
     .call = "crm.category.update?entityTypeId=2&id=77&fields[name]=x", .status = 400,
     .error = "NOT_FOUND", .text = "Element not found"},
    {"update of a type that is not there",
     .call = "crm.category.update?entityTypeId=999&id=1&fields[name]=x", .status = 400,
     .error = "NOT_FOUND", .text = "Smart process not found"},
    {"update of a type without funnels",
     .call = "crm.category.update?entityTypeId=1&id=1&fields[name]=x", .status = 400,
     .error = "ENTITY_TYPE_NOT_SUPPORTED", .text = "Entity type LEAD is not supported"},
    {"only an administrator may update", .as = AS_USER,
     .call = "crm.category.update?entityTypeId=2&id=0&fields[name]=x", .status = 400,
     .error = "ACCESS_DENIED", .text = "Access denied"},

    {"delete, with its stages", MADE, .call = "crm.category.delete?entityTypeId=2&id=2",
     .result = "null", .then = "crm.status.list?filter[ENTITY_ID]=DEAL_STAGE_2",
     .then_has = {"\"result\":[]"}},
    {"a funnel with deals stays",
     .before = "batch?cmd[a]=crm.category.add%3FentityTypeId%3D2%26fields%5Bname%5D%3DExport"
               "&cmd[b]=crm.deal.add%3Ffields%5BCATEGORY_ID%5D%3D2",
     .call = "crm.category.delete?entityTypeId=2&id=2", .status = 400, .error = "0",
     .text = "Deals related to the funnel Export found"},
    {"so does the default one", .call = "crm.category.delete?entityTypeId=2&id=0", .status = 400,
     .error = "0", .text = "Default deal category cannot be deleted"},
    {"and one of the system",
     .sql =
         "INSERT INTO category (id, entity_type_id, name, sort, is_default, is_system, is_locked, "
         "code, origin_id, originator_id, directory) VALUES (2, 2, 'System', 100, 'N', 'Y', 'N', "
         "'', '', '', 'DEAL_STAGE_2')",
     .call = "crm.category.delete?entityTypeId=2&id=2", .status = 400, .error = "REMOVING_DISABLED",
     .text = "Deletion of system category is prohibited"},
    {"delete of a missing funnel", .call = "crm.category.delete?entityTypeId=2&id=77",
     .status = 400, .error = "NOT_FOUND", .text = "Element not found"},
    {"delete of a type that is not there", .call = "crm.category.delete?entityTypeId=999&id=1",
     .status = 400, .error = "NOT_FOUND", .text = "SPA not found"},
    {"delete of a type without funnels", .call = "crm.category.delete?entityTypeId=1&id=1",
     .status = 400, .error = "ENTITY_TYPE_NOT_SUPPORTED",
     .text = "Entity type LEAD is not supported"},
    {"only an administrator may delete", .as = AS_USER,
     .call = "crm.category.delete?entityTypeId=2&id=0", .status = 400, .error = "ACCESS_DENIED",
     .text = "Access denied"},

    {"fields", .call = "crm.category.fields?entityTypeId=2",
     .has = {"{\"fields\":{\"id\":{\"type\":\"integer\",\"isRequired\":false,\"isReadOnly\":true,"
             "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":false,\"title\":\"ID\","
             "\"upperName\":\"ID\"}",
             "\"entityTypeId\":{\"type\":\"integer\",\"isRequired\":true,\"isReadOnly\":true",
             "\"isDefault\":{\"type\":\"boolean\",\"isRequired\":false,\"isReadOnly\":true",
             "\"originatorId\":{\"type\":\"string\""}},
    {"fields of a type that is not there", .call = "crm.category.fields?entityTypeId=999",
     .status = 400, .error = "NOT_FOUND", .text = "SPA not found"},
    {"fields of a type without funnels", .call = "crm.category.fields?entityTypeId=1",
     .status = 400, .error = "ENTITY_TYPE_NOT_SUPPORTED",
     .text = "Entity type LEAD is not supported"},

    {"a deal in a funnel begins with its first stage", MADE,
     .call = "crm.deal.add?fields[TITLE]=Far&fields[CATEGORY_ID]=2",
     .then = "crm.deal.list?filter[TITLE]=Far&select[]=CATEGORY_ID&select[]=STAGE_ID&select[]="
             "STAGE_SEMANTIC_ID&select[]=IS_NEW",
     .then_has = {"[{\"CATEGORY_ID\":\"2\",\"STAGE_ID\":\"C2:NEW\",\"STAGE_SEMANTIC_ID\":\"P\","
                  "\"IS_NEW\":\"Y\"}]"}},
    {"a stage that is given tells the funnel", MADE,
     .call = "crm.deal.add?fields[TITLE]=Far&fields[STAGE_ID]=C2:WON",
     .then = "crm.deal.list?filter[TITLE]=Far&select[]=CATEGORY_ID&select[]=STAGE_ID&select[]="
             "STAGE_SEMANTIC_ID&select[]=CLOSED",
     .then_has = {"[{\"CATEGORY_ID\":\"2\",\"STAGE_ID\":\"C2:WON\",\"STAGE_SEMANTIC_ID\":\"S\","
                  "\"CLOSED\":\"Y\"}]"}},
    {"a stage of another funnel than the one that is given", MADE,
     .call = "crm.deal.add?fields[CATEGORY_ID]=2&fields[STAGE_ID]=WON", .status = 400,
     .text = "Invalid value for the \\\"Deal Stage\\\" field"},
    {"a funnel that is not there", .call = "crm.deal.add?fields[CATEGORY_ID]=5", .status = 400,
     .text = "Invalid value for the \\\"Sales Funnel\\\" field"},
    {"a stage can be added to a funnel, its prefix by itself", MADE,
     .call = "crm.status.add?fields[ENTITY_ID]=DEAL_STAGE_2&fields[STATUS_ID]=CUSTOMS&fields[NAME]="
             "Customs&fields[SORT]=25",
     .then = "crm.status.list?filter[STATUS_ID]=C2:CUSTOMS",
     .then_has = {"\"ENTITY_ID\":\"DEAL_STAGE_2\",\"STATUS_ID\":\"C2:CUSTOMS\"",
                  "\"CATEGORY_ID\":\"2\""}},
    {"or with it", MADE,
     .call = "crm.status.add?fields[ENTITY_ID]=DEAL_STAGE_2&fields[STATUS_ID]=C2:CUSTOMS&"
             "fields[NAME]=Customs&fields[SORT]=25",
     .then = "crm.status.list?filter[STATUS_ID]=C2:CUSTOMS", .then_has = {"\"total\":1"}},
    {"but not behind its success", MADE,
     .call = "crm.status.add?fields[ENTITY_ID]=DEAL_STAGE_2&fields[STATUS_ID]=LATE&fields[NAME]=x&"
             "fields[SORT]=61",
     .status = 400,
     .text = "Cannot create more stages after the final stage because the final successful stage "
             "already exists. Try using sort order values less than that of the final stage."},
    {"a funnel's stage with a deal stays",
     .before = "batch?cmd[a]=crm.category.add%3FentityTypeId%3D2%26fields%5Bname%5D%3DExport"
               "&cmd[b]=crm.deal.add%3Ffields%5BSTAGE_ID%5D%3DC2:EXECUTING",
     .call = "crm.status.delete?id=74", .status = 400,
     .text = "There are active items in this status."},
};

SCENARIOS(crm_category, scenarios);
