/* Scenarios of crm.activity.layout.blocks.*. In the demo activity 999 is bound to deal 102. */
#include "scenario.h"

#define METHOD "crm.activity.layout.blocks."
#define PLACE "entityTypeId=2&entityId=102&activityId=999"
#define SET(blocks)                                                                                \
    "{\"entityTypeId\":2,\"entityId\":102,\"activityId\":999,\"layout\":{\"blocks\":" blocks "}}"
#define TEXT(words) "{\"type\":\"text\",\"properties\":{\"value\":\"" words "\"}}"
#define NO_PARAMETER(title_, call_, name)                                                          \
    {                                                                                              \
        title_, .as = AS_APP, .call = METHOD call_, .status = 400, .error = "100",                 \
                .text = "Could not find value for parameter {" name "}"                            \
    }
#define REFUSED(title_, call_, code, words)                                                        \
    {                                                                                              \
        title_, .as = AS_APP, .call = METHOD call_, .status = 400, .error = code, .text = words    \
    }
#define CONTEXT(title_, call_, words)                                                              \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = "ERROR_WRONG_CONTEXT", .text = words \
    }
#define NO_OWNER "entityTypeId=2&entityId=99999&activityId=999"
#define NO_ACTIVITY "entityTypeId=2&entityId=102&activityId=99999"
#define ELSEWHERE "entityTypeId=2&entityId=1&activityId=999"
#define OWNER_TEXT "Owner was not found"
#define ACTIVITY_TEXT "The activity was not found"

static const struct scenario scenarios[] = {
    {"a set is set and comes back", .as = AS_APP, .call = METHOD "set",
     .json = SET(
         "{\"block_1\":{\"type\":\"text\",\"properties\":{\"value\":\"Hello!\\nWe are "
         "starting.\",\"multiline\":\"Y\",\"bold\":true,\"color\":\"base_90\"}},"
         "\"block_2\":{\"type\":\"largeText\",\"properties\":{\"value\":{\"en\":\"Long\"}}},"
         "\"block_3\":{\"type\":\"link\",\"properties\":{\"text\":\"Open deal\",\"action\":"
         "{\"type\":\"redirect\",\"uri\":\"/crm/deal/details/123/\"}}},\"block_4\":"
         "{\"type\":\"withTitle\",\"properties\":{\"title\":\"Title\",\"block\":" TEXT("v") "}}}"),
     .result = "{\"success\":true}", .then_as = AS_APP, .then = METHOD "get?" PLACE,
     .then_has = {"\"result\":{\"layout\":{\"blocks\":{\"block_1\":{\"type\":\"text\","
                  "\"properties\":{\"value\":\"Hello!\\nWe are starting.\",\"multiline\":true,"
                  "\"bold\":true,\"color\":\"base_90\"}},\"block_2\":{\"type\":\"largeText\","
                  "\"properties\":{\"value\":{\"en\":\"Long\"}}},\"block_3\":",
                  "\"block_4\":{\"type\":\"withTitle\""}},
    {"a new set takes the place of the old one", .as = AS_APP, .before = METHOD "set",
     .before_json = SET("{\"a\":" TEXT("old") "}"), .call = METHOD "set",
     .json = SET("{\"b\":" TEXT("new") "}"), .then_as = AS_APP, .then = METHOD "get?" PLACE,
     .then_has = {"{\"layout\":{\"blocks\":{\"b\":" TEXT("new") "}}}"}},
    {"another application sees its own only", .as = AS_APP, .call = METHOD "set",
     .json = SET("{\"a\":" TEXT("v") "}"), .then_as = AS_APP_TWO, .then = METHOD "get?" PLACE,
     .then_has = {"\"result\":{\"layout\":null}"}},
    {"another application deletes its own only", .as = AS_APP, .call = METHOD "set",
     .json = SET("{\"a\":" TEXT("v") "}"), .then_as = AS_APP_TWO, .then = METHOD "delete?" PLACE,
     .then_has = {"{\"result\":null,"}},
    {"a set at one owner shows at the others", .as = AS_APP, .before = METHOD "set",
     .before_json = SET("{\"a\":" TEXT("v") "}"),
     .call = METHOD "get?entityTypeId=3&entityId=134&activityId=999",
     .result = "{\"layout\":{\"blocks\":{\"a\":" TEXT("v") "}}}"},
    NO_PARAMETER("set without a type", "set?entityId=102&activityId=999", "entityTypeId"),
    NO_PARAMETER("set without an entity", "set?entityTypeId=2&activityId=999", "entityId"),
    NO_PARAMETER("set without an activity", "set?entityTypeId=2&entityId=102", "activityId"),
    NO_PARAMETER("set without a layout", "set?" PLACE, "layout"),
    {"set with an empty layout", .as = AS_APP, .call = METHOD "set",
     .json = "{\"entityTypeId\":2,\"entityId\":102,\"activityId\":999,\"layout\":{}}",
     .status = 400, .error = "FIELD_IS_REQUIRED", .text = "Field blocks is required"},
    {"set without blocks", .as = AS_APP, .call = METHOD "set", .json = SET("[]"), .status = 400,
     .error = "FIELD_IS_REQUIRED", .text = "Field blocks is required"},
    {"a layout of a configurable activity is another", .as = AS_APP, .call = METHOD "set",
     .json = "{\"entityTypeId\":2,\"entityId\":102,\"activityId\":999,\"layout\":{\"icon\":{}}}",
     .status = 400, .error = "FIELD_IS_REDUNDANT", .text = "Field icon is redundant"},
    {"an unknown block", .as = AS_APP, .call = METHOD "set",
     .json = SET("{\"a\":{\"type\":\"map\"}}"), .status = 400, .error = "ENUM_FIELD"},
    {"a key with other letters", .as = AS_APP, .call = METHOD "set",
     .json = SET("{\"block 1\":" TEXT("v") "}"), .status = 400,
     .error = "KEY_CONTAIN_WRONG_SYMBOLS",
     .text = "Keys of blocks may hold Latin letters, digits, hyphens and underscores"},
    {"too deep to be read", .as = AS_APP,
     .call = METHOD "set?" PLACE "&layout[blocks][a][b][c][d][e][f][g][h][i][j]=1", .status = 400,
     .error = "FIELD_IS_REQUIRED", .text = "Field blocks.a.type is required"},
    REFUSED("set at an owner that does not exist", "set?" NO_OWNER, "OWNER_NOT_FOUND", OWNER_TEXT),
    REFUSED("set at what does not exist", "set?" NO_ACTIVITY, "NOT_FOUND", ACTIVITY_TEXT),
    REFUSED("set at an owner it is not bound to", "set?" ELSEWHERE, "NOT_FOUND", ACTIVITY_TEXT),
    CONTEXT("a webhook sets none", "set?" PLACE,
            "The method call is only possible in the context of a REST application"),
    {"a configurable activity takes none", .events = "ONCRMACTIVITYADD", .as = AS_APP,
     .call = "batch",
     .json = "{\"cmd\":{\"a\":{\"method\":\"crm.activity.configurable.add\",\"params\":"
             "{\"ownerTypeId\":2,\"ownerId\":102,\"fields\":{},\"layout\":{\"icon\":{\"code\":"
             "\"info\"},\"header\":{\"title\":\"t\"},\"body\":{\"logo\":{\"code\":\"call\"}}}}},"
             "\"b\":\"" METHOD
             "set?entityTypeId=2&entityId=102&activityId=$result[a][activity][id]\"}}",
     .alone = 1,
     .has = {"\"result_error\":{\"b\":{\"error\":\"UNSUITABLE_ACTIVITY_TYPE_ERROR\","
             "\"error_description\":\"The type of this activity is not suitable for adding a set "
             "of additional content blocks\""}},
    {"an activity of a type out of use takes none",
     .sql = "UPDATE activity SET type_id = 5 WHERE id = 89", .as = AS_APP, .call = METHOD "set",
     .json = "{\"entityTypeId\":1,\"entityId\":43,\"activityId\":89,\"layout\":{\"blocks\":"
             "{\"a\":" TEXT("v") "}}}",
     .status = 400, .error = "UNSUITABLE_ACTIVITY_TYPE_ERROR"},
    {"set without the scope", .as = AS_BASIC, .call = METHOD "set", .status = 401,
     .error = "insufficient_scope"},

    {"where the suite of the Python SDK sets one", .as = AS_APP, .call = METHOD "set",
     .json = "{\"entityTypeId\":1,\"entityId\":43,\"activityId\":89,\"layout\":{\"blocks\":"
             "{\"a\":" TEXT("v") "}}}",
     .result = "{\"success\":true}"},
    {"none set, none got", .as = AS_APP, .call = METHOD "get?" PLACE,
     .result = "{\"layout\":null}"},
    NO_PARAMETER("get without an activity", "get?entityTypeId=2&entityId=102", "activityId"),
    REFUSED("get at an owner that does not exist", "get?" NO_OWNER, "OWNER_NOT_FOUND", OWNER_TEXT),
    REFUSED("get at what does not exist", "get?" NO_ACTIVITY, "NOT_FOUND", ACTIVITY_TEXT),
    CONTEXT("a webhook gets none", "get?" PLACE,
            "The method can only be called in the context of a rest application"),

    {"a set deleted is gone", .as = AS_APP, .before = METHOD "set",
     .before_json = SET("{\"a\":" TEXT("v") "}"), .call = METHOD "delete?" PLACE,
     .result = "{\"success\":true}", .then_as = AS_APP, .then = METHOD "get?" PLACE,
     .then_has = {"\"layout\":null"}},
    {"nothing to delete", .as = AS_APP, .call = METHOD "delete?" PLACE, .result = "null"},
    NO_PARAMETER("delete without an entity", "delete?entityTypeId=2&activityId=999", "entityId"),
    REFUSED("delete at an owner that does not exist", "delete?" NO_OWNER, "OWNER_NOT_FOUND",
            OWNER_TEXT),
    REFUSED("delete at what does not exist", "delete?" NO_ACTIVITY, "NOT_FOUND", ACTIVITY_TEXT),
    CONTEXT("a webhook deletes none", "delete?" PLACE,
            "The method can only be called in the context of a REST application"),

    {"set without a right to the deal", .as = AS_APP_ROLELESS, .call = METHOD "set?" PLACE,
     .status = 400, .error = "ACCESS_DENIED"},
    {"get without a right to the deal", .as = AS_APP_ROLELESS, .call = METHOD "get?" PLACE,
     .status = 400, .error = "ACCESS_DENIED"},
    {"delete without a right to the deal", .as = AS_APP_ROLELESS, .call = METHOD "delete?" PLACE,
     .status = 400, .error = "ACCESS_DENIED"},
};

SCENARIOS(crm_activity_layout, scenarios);
