/* Scenarios of crm.stagehistory.list. */
#include "scenario.h"

#define LIST "crm.stagehistory.list?entityTypeId="

static const struct scenario scenarios[] = {
    {"a new deal begins its history", .call = "crm.deal.add?fields[TITLE]=Young",
     .then = LIST "2&order[ID]=DESC&filter[TYPE_ID]=1",
     .then_has = {"{\"items\":[{\"ID\":", "\"TYPE_ID\":1,\"OWNER_ID\":",
                  "\"CREATED_TIME\":\"2026-01-15T12:00:00+03:00\",\"CATEGORY_ID\":0,"
                  "\"STAGE_SEMANTIC_ID\":\"P\",\"STAGE_ID\":\"NEW\"}"}},
    {"a move goes on with it", .call = "crm.deal.update?id=1&fields[STAGE_ID]=EXECUTING",
     .then = LIST "2&filter[OWNER_ID]=1&order[ID]=DESC&select[]=TYPE_ID&select[]=STAGE_ID",
     .then_has = {"{\"items\":[{\"TYPE_ID\":2,\"STAGE_ID\":\"EXECUTING\"},{\"TYPE_ID\":1"}},
    {"a final stage ends it", .call = "crm.lead.update?id=1&fields[STATUS_ID]=JUNK",
     .then = LIST "1&filter[OWNER_ID]=1&order[ID]=DESC",
     .then_has = {"\"TYPE_ID\":3,\"OWNER_ID\":1,", "\"STATUS_SEMANTIC_ID\":\"F\",\"STATUS_ID\":"
                                                   "\"JUNK\"}"},
     .then_lacks = {"CATEGORY_ID"}},
    {"what changes no stage is no move", .call = "crm.deal.update?id=1&fields[TITLE]=x",
     .then = LIST "2&filter[OWNER_ID]=1", .then_has = {"\"total\":1"}},
    {"it goes with the deal", .events = "ONCRMACTIVITYDELETE ONCRMDEALDELETE",
     .call = "crm.deal.delete?id=1", .then = LIST "2&filter[OWNER_ID]=1",
     .then_has = {"{\"items\":[]}", "\"total\":0"}},
    {"total stands beside it", .call = LIST "2&filter[@OWNER_ID][]=1&filter[@OWNER_ID][]=2",
     .alone = 1, .has = {"\"total\":2"}},
    {"a page is fifty", .call = LIST "2&start=50", .alone = 1, .lacks = {"\"next\""},
     .has = {"\"total\":61"}},
    {"who may read some deals sees theirs", .as = AS_LIMITED, .call = LIST "2&filter[OWNER_ID]=2",
     .has = {"{\"items\":[]}"}},
    {"who may read none is refused", .as = AS_ROLELESS, .call = LIST "2", .status = 400,
     .text = "Access denied."},
    {"contacts have no stages", .call = LIST "3", .status = 400,
     .error = "ENTITY_TYPE_NOT_SUPPORTED", .text = "Entity type CONTACT is not supported"},
    {"a type that is not there", .call = LIST "999", .status = 400,
     .error = "ENTITY_TYPE_NOT_SUPPORTED", .text = "Entity type 999 is not supported"},
    {"no type", .call = "crm.stagehistory.list", .status = 400, .error = "100",
     .text = "Could not find value for parameter {entityTypeId}"},
    {"a filter by an unknown field", .call = LIST "2&filter[STATUS_ID]=NEW", .status = 400,
     .error = "INVALID_ARG_VALUE",
     .text = "Invalid filter: field 'STATUS_ID' is not allowed in filter"},
    {"a filter by a value that is none", .call = LIST "2&filter[>OWNER_ID]=x", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Invalid filter: field 'OWNER_ID' has invalid value"},
    {"an order by an unknown field", .call = LIST "2&order[NOPE]=ASC", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Invalid order: field 'NOPE' is not allowed in order"},
    {"an order in no direction", .call = LIST "2&order[ID]=UP", .status = 400,
     .error = "INVALID_ARG_VALUE",
     .text = "Invalid order: allowed sort directions are ASC, DESC. But got 'UP' for field 'ID'"},
};

SCENARIOS(crm_stagehistory, scenarios);
