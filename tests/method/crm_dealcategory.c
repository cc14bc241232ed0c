/* Scenarios of crm.dealcategory.*: what is said of funnels in general is in crm_category.c. */
#include "scenario.h"

#define MADE .before = "crm.dealcategory.add?fields[NAME]=Export&fields[SORT]=20"

static const struct scenario scenarios[] = {
    {"add answers an integer", .call = "crm.dealcategory.add?fields[NAME]=Export&fields[SORT]=20",
     .result = "2", .then = "crm.dealcategory.get?id=2",
     .then_has = {"{\"ID\":\"2\",\"CREATED_DATE\":\"2026-01-15T12:00:00+03:00\",\"NAME\":"
                  "\"Export\",\"IS_LOCKED\":\"N\",\"SORT\":\"20\"}"}},
    {"add without a name", .call = "crm.dealcategory.add?fields[SORT]=20", .status = 400,
     .text = "Field 'NAME' is required"},
    {"add: fields must be an array", .call = "crm.dealcategory.add?fields=x", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"a sort that is no number", .call = "crm.dealcategory.add?fields[NAME]=x&fields[SORT]=x",
     .status = 400, .text = "The field SORT is not defined or invalid"},
    {"only an administrator may add", .as = AS_USER, .call = "crm.dealcategory.add?fields[NAME]=x",
     .status = 400, .text = "Access denied."},

    {"update", MADE, .call = "crm.dealcategory.update?id=2&fields[SORT]=100", .result = "true",
     .then = "crm.dealcategory.get?id=2", .then_has = {"\"NAME\":\"Export\"", "\"SORT\":\"100\""}},
    {"update of a missing funnel", .call = "crm.dealcategory.update?id=77&fields[SORT]=1",
     .status = 400, .text = "Not found"},
    {"update without an id", .call = "crm.dealcategory.update?fields[SORT]=1", .status = 400,
     .text = "ID is not defined or invalid."},
    {"only an administrator may update", .as = AS_USER, MADE, .before_as_admin = 1,
     .call = "crm.dealcategory.update?id=2", .status = 400, .text = "Access denied."},

    {"any user may read", MADE, .before_as_admin = 1, .as = AS_USER,
     .call = "crm.dealcategory.get?id=2", .has = {"\"Export\""}},
    {"but for those who may read no deals", .as = AS_ROLELESS, .call = "crm.dealcategory.get?id=2",
     .status = 400, .text = "Access denied."},
    {"the default funnel is apart", .call = "crm.dealcategory.get?id=0", .status = 400,
     .text = "Not found"},
    {"get of a missing funnel", .call = "crm.dealcategory.get?id=77", .status = 400,
     .text = "Not found"},
    {"list, without the default one", MADE, .alone = 1,
     .call = "crm.dealcategory.list?order[SORT]=ASC&filter[IS_LOCKED]=N&select[]=ID&select[]=NAME&"
             "select[]=SORT",
     .has = {"\"result\":[{\"ID\":\"2\",\"NAME\":\"Export\",\"SORT\":\"20\"}]", "\"total\":1"}},
    {"list: who may read no deals", .as = AS_ROLELESS, .call = "crm.dealcategory.list",
     .status = 400, .text = "Access denied."},

    {"delete", MADE, .call = "crm.dealcategory.delete?id=2", .result = "true",
     .then = "crm.dealcategory.list", .then_has = {"\"result\":[]"}},
    {"a funnel with deals stays",
     .before = "batch?cmd[a]=crm.dealcategory.add%3Ffields%5BNAME%5D%3DExport"
               "&cmd[b]=crm.deal.add%3Ffields%5BCATEGORY_ID%5D%3D2",
     .call = "crm.dealcategory.delete?id=2", .status = 400,
     .text = "Deals related to the funnel Export found"},
    {"delete of a missing funnel", .call = "crm.dealcategory.delete?id=77", .status = 400,
     .text = "Not found"},
    {"the default funnel cannot be deleted", .call = "crm.dealcategory.delete?id=0", .status = 400,
     .text = "ID is not defined or invalid."},
    {"only an administrator may delete", .as = AS_USER, MADE, .before_as_admin = 1,
     .call = "crm.dealcategory.delete?id=2", .status = 400, .text = "Access denied."},

    {"fields", .call = "crm.dealcategory.fields",
     .has = {"\"CREATED_DATE\":{\"type\":\"datetime\"", "\"IS_LOCKED\":{\"type\":\"char\"",
             "\"NAME\":{\"type\":\"string\",\"isRequired\":true"},
     .lacks = {"directory"}},

    {"the default funnel", .call = "crm.dealcategory.default.get",
     .result = "{\"ID\":0,\"NAME\":\"General\"}"},
    {"gets another name", .call = "crm.dealcategory.default.set?name=Shop", .result = "true",
     .then = "crm.dealcategory.default.get", .then_has = {"\"NAME\":\"Shop\""}},
    {"but not none", .call = "crm.dealcategory.default.set", .status = 400,
     .text = "Field 'NAME' is required"},
    {"only an administrator may rename it", .as = AS_USER,
     .call = "crm.dealcategory.default.set?name=x", .status = 400, .text = "Access denied."},

    {"the directory of a funnel's stages", MADE, .call = "crm.dealcategory.status?id=2",
     .result = "\"DEAL_STAGE_2\""},
    {"of the default one", .call = "crm.dealcategory.status?id=0", .result = "\"DEAL_STAGE\""},
    {"of none", .call = "crm.dealcategory.status?id=77", .status = 400, .text = "Not found"},
    {"the stages", MADE, .call = "crm.dealcategory.stage.list?id=2",
     .has = {"[{\"NAME\":\"New\",\"SORT\":10,\"STATUS_ID\":\"C2:NEW\"}"}},
    {"of the default funnel", .call = "crm.dealcategory.stage.list",
     .has = {"[{\"NAME\":\"New\",\"SORT\":10,\"STATUS_ID\":\"NEW\"}"}},
    {"of a funnel that is not there", .call = "crm.dealcategory.stage.list?id=77", .result = "[]"},
    {"an id that is no number", .call = "crm.dealcategory.stage.list?id=x", .status = 400,
     .text = "ID is not defined or invalid."},
};

SCENARIOS(crm_dealcategory, scenarios);
