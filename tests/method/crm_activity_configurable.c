/* Scenarios of crm.activity.configurable.*: fields, and the layout against its structure. */
#include "scenario.h"

#define METHOD "crm.activity.configurable."
#define OWNER "\"ownerTypeId\":2,\"ownerId\":1"
#define LAYOUT                                                                                     \
    "{\"icon\":{\"code\":\"info\"},\"header\":{\"title\":\"Hello\"},\"body\":{\"logo\":{\"code\":" \
    "\"call\"}}}"
#define ADD(fields, layout) "{" OWNER ",\"fields\":{" fields "},\"layout\":" layout "}"
/* A new one of application 1, found again by the origin it was given. */
#define NEW "\"originId\":\"o1\",\"originatorId\":\"test\""
#define FIND "crm.activity.list?filter[ORIGIN_ID]=o1&select[]=*&select[]=BINDINGS"

#define NO_PARAMETER(title_, call_, json_, name)                                                   \
    {                                                                                              \
        title_, .as = AS_APP, .call = METHOD call_, .json = json_, .status = 400, .error = "100",  \
                .text = "Could not find value for parameter {" name "}"                            \
    }
#define BAD(title_, fields, name)                                                                  \
    {                                                                                              \
        title_, .as = AS_APP, .call = METHOD "add", .json = ADD(fields, LAYOUT), .status = 400,    \
                .error = "WRONG_FIELD_VALUE", .text = "Incorrect value of the field " name         \
    }
#define LOOK(title_, layout, code, words)                                                          \
    {                                                                                              \
        title_, .as = AS_APP, .call = METHOD "add", .json = ADD("", layout), .status = 400,        \
                .error = code, .text = words                                                       \
    }
#define HEAD "{\"icon\":{\"code\":\"info\"},\"header\":"
#define BODY ",\"body\":{\"logo\":{\"code\":\"call\"}}}"
#define BLOCKS(blocks)                                                                             \
    HEAD "{\"title\":\"t\"},\"body\":{\"logo\":{\"code\":\"call\"},\"blocks\":" blocks "}}"
#define ACTION "{\"type\":\"redirect\",\"uri\":\"/crm/deal/details/1/\"}"
#define TAG "{\"title\":\"t\",\"type\":\"primary\"}"
#define FOOTER(footer)                                                                             \
    HEAD "{\"title\":\"t\"},\"body\":{\"logo\":{\"code\":\"call\"}},\"footer\":" footer "}"
#define TEXT "{\"type\":\"text\",\"properties\":{\"value\":\"v\"}}"
#define FIVE(a)                                                                                    \
    a "1\":" TEXT "," a "2\":" TEXT "," a "3\":" TEXT "," a "4\":" TEXT "," a "5\":" TEXT

/* In one batch: add, then what is to be seen of it under "r". */
#define CHAIN(more)                                                                                \
    "{\"halt\":0,\"cmd\":{\"a\":{\"method\":\"" METHOD                                             \
    "add\",\"params\":" ADD(NEW, LAYOUT) "}," more "}}"

static const struct scenario scenarios[] = {
    {"add answers an id within activity", .as = AS_APP, .call = METHOD "add",
     .json = ADD(NEW ",\"completed\":\"N\",\"deadline\":\"2026-02-01T01:00:00\",\"pingOffsets\":"
                     "[60,300],\"responsibleId\":2,\"isIncomingChannel\":\"N\"",
                 LAYOUT),
     .has = {"{\"activity\":{\"id\":"}, .lacks = {"\"id\":\""}, .then = FIND,
     .then_has = {"\"TYPE_ID\":\"6\",\"PROVIDER_ID\":\"CONFIGURABLE_REST_APP\","
                  "\"PROVIDER_TYPE_ID\":\"CONFIGURABLE\"",
                  "\"SUBJECT\":\"Hello\"", "\"DEADLINE\":\"2026-02-01T01:00:00+03:00\"",
                  "\"RESPONSIBLE_ID\":\"2\"", "\"SETTINGS\":{\"PING_OFFSETS\":[60,300]}",
                  "\"BINDINGS\":[{\"OWNER_TYPE_ID\":\"2\",\"OWNER_ID\":\"1\"}]"}},
    {"fields may be empty: the caller's, open, without a deadline", .as = AS_APP,
     .call = METHOD "add", .json = ADD("\"originId\":\"o1\"", LAYOUT), .then = FIND,
     .then_has = {"\"DEADLINE\":\"\"", "\"COMPLETED\":\"N\",\"STATUS\":\"1\"",
                  "\"RESPONSIBLE_ID\":\"1\""}},
    NO_PARAMETER("add without a type of owner", "add", "{}", "ownerTypeId"),
    NO_PARAMETER("add without an owner", "add", "{\"ownerTypeId\":2}", "ownerId"),
    NO_PARAMETER("add without fields", "add", "{" OWNER "}", "fields"),
    NO_PARAMETER("add without a layout", "add", "{" OWNER ",\"fields\":{}}", "layout"),
    {"a webhook has no configurable activities", .call = METHOD "add", .json = ADD("", LAYOUT),
     .status = 400, .error = "ERROR_WRONG_CONTEXT",
     .text = "Method call is only possible in the context of an application"},
    {"an owner that does not exist", .as = AS_APP, .call = METHOD "add",
     .json = "{\"ownerTypeId\":2,\"ownerId\":99999,\"fields\":{},\"layout\":" LAYOUT "}",
     .status = 400, .error = "NOT_FOUND", .text = "Not found."},
    {"add without the scope", .as = AS_BASIC, .call = METHOD "add", .status = 401,
     .error = "insufficient_scope"},
    BAD("a type that nobody registered", "\"typeId\":\"1C\"", "typeId"),
    BAD("a type that is an array", "\"typeId\":[1]", "typeId"),
    {"a type of the application", .as = AS_APP, .call = METHOD "add",
     .json = ADD(NEW ",\"typeId\":\"1C\"", LAYOUT),
     .before = "crm.activity.type.add?fields[TYPE_ID]=1C&fields[IS_CONFIGURABLE_TYPE]=Y",
     .then = FIND, .then_has = {"\"PROVIDER_TYPE_ID\":\"1C\""}},
    {"a type that is not for this", .as = AS_APP, .call = METHOD "add",
     .json = ADD("\"typeId\":\"1C\"", LAYOUT), .before = "crm.activity.type.add?fields[TYPE_ID]=1C",
     .status = 400, .error = "WRONG_FIELD_VALUE"},
    BAD("completed that is no flag", "\"completed\":\"maybe\"", "completed"),
    BAD("a deadline that is no date", "\"deadline\":\"soon\"", "deadline"),
    BAD("reminders that are no list", "\"pingOffsets\":15", "pingOffsets"),
    BAD("reminders that are no numbers", "\"pingOffsets\":[\"x\"]", "pingOffsets"),
    BAD("incoming that is no flag", "\"isIncomingChannel\":{\"a\":1}", "isIncomingChannel"),
    BAD("a responsible user who does not exist", "\"responsibleId\":4711", "responsibleId"),
    BAD("nobody is responsible", "\"responsibleId\":0", "responsibleId"),
    BAD("a badge that is an array", "\"badgeCode\":[\"none\"]", "badgeCode"),
    {"a badge may be registered later", .as = AS_APP, .call = METHOD "add",
     .json = ADD("\"badgeCode\":\"later\"", LAYOUT), .then_as = AS_APP, .then = METHOD "get?id=@id",
     .then_has = {"\"badgeCode\":\"later\""}},
    BAD("an origin that is an array", "\"originId\":[]", "originId"),
    {"an incoming activity has no deadline", .as = AS_APP, .call = METHOD "add",
     .json = ADD("\"isIncomingChannel\":true,\"deadline\":\"2026-02-01\"", LAYOUT), .status = 400,
     .error = "INCOMING_ACTIVITY_CAN_NOT_BE_WITH_DEADLINE",
     .text = "Incoming activity cannot have a deadline"},
    {"an empty layout", .as = AS_APP, .call = METHOD "add", .json = ADD("", "{}"), .status = 400,
     .error = "ERROR_EMPTY_LAYOUT", .text = "The layout field must be filled"},
    {"a layout that is no object", .as = AS_APP, .call = METHOD "add", .json = ADD("", "\"x\""),
     .status = 400, .error = "100",
     .text = "Invalid value {x} to match with parameter {layout}. Should be value of type array."},

    /* the structure */
    LOOK("no icon", "{\"header\":{\"title\":\"t\"}" BODY, "FIELD_IS_REQUIRED",
         "Field icon is required"),
    LOOK("an icon without a code", "{\"icon\":{\"code\":\"\"},\"header\":{\"title\":\"t\"}" BODY,
         "FIELD_IS_REQUIRED", "Field icon.code is required"),
    LOOK("an icon that is no object", "{\"icon\":\"info\",\"header\":{\"title\":\"t\"}" BODY,
         "WRONG_FIELD_VALUE", "Field icon must be an object"),
    LOOK("no header", "{\"icon\":{\"code\":\"info\"}" BODY, "FIELD_IS_REQUIRED",
         "Field header is required"),
    LOOK("a header without a title", HEAD "{\"tags\":{}}" BODY, "FIELD_IS_REQUIRED",
         "Field header.title is required"),
    LOOK("no body", HEAD "{\"title\":\"t\"}}", "FIELD_IS_REQUIRED", "Field body is required"),
    LOOK("a body without a logo", HEAD "{\"title\":\"t\"},\"body\":{\"blocks\":{\"a\":" TEXT "}}}",
         "FIELD_IS_REQUIRED", "Field body.logo is required"),
    LOOK("a field too many", HEAD "{\"title\":\"t\",\"color\":\"red\"}" BODY, "FIELD_IS_REDUNDANT",
         "Field header.color is redundant"),
    LOOK("a part too many",
         "{\"icon\":{\"code\":\"info\"},\"header\":{\"title\":\"t\"},\"head\":1" BODY,
         "FIELD_IS_REDUNDANT", "Field head is redundant"),
    LOOK("a field whose name is not told", HEAD "{\"title\":\"t\",\"<b>\":1}" BODY,
         "FIELD_IS_REDUNDANT", "Object header has a redundant field"),
    LOOK("a title in no language", HEAD "{\"title\":{}}" BODY, "FIELD_IS_REQUIRED",
         "Field header.title is required"),
    LOOK("a language that the portal does not have", HEAD "{\"title\":{\"xx\":\"t\"}}" BODY,
         "WRONG_LANG", "Field header.title has a language that the portal does not have"),
    LOOK("a translation that is no text", HEAD "{\"title\":{\"en\":[1]}}" BODY, "WRONG_FIELD_VALUE",
         "Field header.title must be a text in each language"),
    LOOK("an unknown type of tag",
         HEAD "{\"title\":\"t\",\"tags\":{\"a\":{\"title\":\"t\",\"type\":\"lavender\"}}}" BODY,
         "ENUM_FIELD",
         "Field header.tags.a.type must be one of: warning, success, failure, primary, secondary"),
    LOOK("three tags",
         HEAD "{\"title\":\"t\",\"tags\":{\"a\":" TAG ",\"b\":" TAG ",\"c\":" TAG "}}" BODY,
         "TOO_MANY_ITEMS", "Field header.tags must have no more than 2 items"),
    LOOK("a key with other letters", HEAD "{\"title\":\"t\",\"tags\":{\"a b\":" TAG "}}" BODY,
         "KEY_CONTAIN_WRONG_SYMBOLS",
         "Keys of header.tags may hold Latin letters, digits, hyphens and underscores"),
    LOOK("tags that are a text", HEAD "{\"title\":\"t\",\"tags\":\"x\"}" BODY, "WRONG_FIELD_VALUE",
         "Field header.tags must be an object"),
    LOOK("an unknown action", HEAD "{\"title\":\"t\",\"titleAction\":{\"type\":\"run\"}}" BODY,
         "ENUM_FIELD",
         "Field header.titleAction.type must be one of: redirect, restEvent, openRestApp"),
    LOOK("an event without an id",
         HEAD "{\"title\":\"t\",\"titleAction\":{\"type\":\"restEvent\"}}" BODY,
         "FIELD_IS_REQUIRED", "Field header.titleAction.id is required"),
    LOOK("an action of no type", HEAD "{\"title\":\"t\",\"titleAction\":{\"uri\":\"/\"}}" BODY,
         "FIELD_IS_REQUIRED", "Field header.titleAction.type is required"),
    LOOK("a field of another action",
         HEAD "{\"title\":\"t\",\"titleAction\":{\"type\":\"redirect\",\"id\":\"x\"}}" BODY,
         "FIELD_IS_REDUNDANT", "Field header.titleAction.id is redundant"),
    LOOK("an unknown animation",
         HEAD "{\"title\":\"t\",\"titleAction\":{\"type\":\"restEvent\",\"id\":\"x\","
              "\"animationType\":\"spin\"}}" BODY,
         "ENUM_FIELD", "Field header.titleAction.animationType must be one of: disable, loader"),
    LOOK("a slider with width and boundary",
         HEAD "{\"title\":\"t\",\"titleAction\":{\"type\":\"openRestApp\",\"sliderParams\":"
              "{\"width\":700,\"leftBoundary\":5}}}" BODY,
         "FIELD_IS_REDUNDANT",
         "Field header.titleAction.sliderParams.leftBoundary is redundant beside width"),
    LOOK("a width that is no number",
         HEAD "{\"title\":\"t\",\"titleAction\":{\"type\":\"openRestApp\",\"sliderParams\":"
              "{\"width\":\"wide\"}}}" BODY,
         "WRONG_FIELD_VALUE", "Field header.titleAction.sliderParams.width must be an integer"),
    LOOK("parameters that are no array",
         HEAD
         "{\"title\":\"t\",\"titleAction\":{\"type\":\"openRestApp\",\"actionParams\":5}}" BODY,
         "WRONG_FIELD_VALUE", "Field header.titleAction.actionParams must be an array"),
    {"blocks may be none, as live portals take it", .as = AS_APP, .call = METHOD "add",
     .json = ADD("", BLOCKS("{}")), .has = {"{\"activity\":{\"id\":"}},
    LOOK("21 blocks",
         BLOCKS("{" FIVE("\"a") "," FIVE("\"b") "," FIVE("\"c") "," FIVE("\"d") ",\"e\":" TEXT "}"),
         "TOO_MANY_ITEMS", "Field body.blocks must have no more than 20 items"),
    LOOK("an unknown block", BLOCKS("{\"a\":{\"type\":\"video\"}}"), "ENUM_FIELD",
         "Field body.blocks.a.type must be one of: text, largeText, link, withTitle, lineOfBlocks, "
         "deadline"),
    LOOK("a block that is a text", BLOCKS("{\"a\":\"text\"}"), "WRONG_FIELD_VALUE",
         "Field body.blocks.a must be an object"),
    LOOK("a text block without properties", BLOCKS("{\"a\":{\"type\":\"text\"}}"),
         "FIELD_IS_REQUIRED", "Field body.blocks.a.properties is required"),
    LOOK("a text block without a text",
         BLOCKS("{\"a\":{\"type\":\"text\",\"properties\":{\"bold\":true}}}"), "FIELD_IS_REQUIRED",
         "Field body.blocks.a.properties.value is required"),
    LOOK("an unknown size",
         BLOCKS("{\"a\":{\"type\":\"text\",\"properties\":{\"value\":\"v\",\"size\":\"xl\"}}}"),
         "ENUM_FIELD", "Field body.blocks.a.properties.size must be one of: xs, sm, md"),
    LOOK("an unknown colour",
         BLOCKS("{\"a\":{\"type\":\"text\",\"properties\":{\"value\":\"v\",\"color\":\"red\"}}}"),
         "ENUM_FIELD",
         "Field body.blocks.a.properties.color must be one of: base_50, base_60, base_70, base_90"),
    LOOK("an unknown scope",
         BLOCKS("{\"a\":{\"type\":\"text\",\"properties\":{\"value\":\"v\",\"scope\":\"tv\"}}}"),
         "ENUM_FIELD", "Field body.blocks.a.properties.scope must be one of: web, mobile"),
    LOOK("bold that is no flag",
         BLOCKS("{\"a\":{\"type\":\"text\",\"properties\":{\"value\":\"v\",\"bold\":\"very\"}}}"),
         "WRONG_FIELD_VALUE", "Field body.blocks.a.properties.bold must be true or false"),
    LOOK("bold in a long text",
         BLOCKS("{\"a\":{\"type\":\"largeText\",\"properties\":{\"value\":\"v\",\"bold\":true}}}"),
         "FIELD_IS_REDUNDANT", "Field body.blocks.a.properties.bold is redundant"),
    LOOK("a link without an action",
         BLOCKS("{\"a\":{\"type\":\"link\",\"properties\":{\"text\":\"v\"}}}"), "FIELD_IS_REQUIRED",
         "Field body.blocks.a.properties.action is required"),
    LOOK("a title around a long text",
         BLOCKS("{\"a\":{\"type\":\"withTitle\",\"properties\":{\"title\":\"v\",\"block\":"
                "{\"type\":\"largeText\",\"properties\":{\"value\":\"v\"}}}}}"),
         "ENUM_FIELD",
         "Field body.blocks.a.properties.block.type must be one of: text, link, deadline"),
    LOOK("lines within lines",
         BLOCKS("{\"a\":{\"type\":\"lineOfBlocks\",\"properties\":{\"blocks\":{\"b\":"
                "{\"type\":\"lineOfBlocks\"}}}}}"),
         "ENUM_FIELD",
         "Field body.blocks.a.properties.blocks.b.type must be one of: text, link, deadline"),
    LOOK("a line of nothing",
         BLOCKS("{\"a\":{\"type\":\"lineOfBlocks\",\"properties\":{\"blocks\":{}}}}"),
         "FIELD_IS_REQUIRED", "Field body.blocks.a.properties.blocks is required"),
    LOOK("three buttons", FOOTER("{\"buttons\":{\"a\":1,\"b\":1,\"c\":1}}"), "TOO_MANY_ITEMS",
         "Field footer.buttons must have no more than 2 items"),
    LOOK("an unknown type of button",
         FOOTER("{\"buttons\":{\"a\":{\"title\":\"t\",\"type\":\"red\",\"action\":" ACTION "}}}"),
         "ENUM_FIELD", "Field footer.buttons.a.type must be one of: primary, secondary"),
    LOOK("a button without an action",
         FOOTER("{\"buttons\":{\"a\":{\"title\":\"t\",\"type\":\"primary\"}}}"),
         "FIELD_IS_REQUIRED", "Field footer.buttons.a.action is required"),
    LOOK("a menu item without a title",
         FOOTER("{\"menu\":{\"items\":{\"a\":{\"action\":" ACTION "}}}}"), "FIELD_IS_REQUIRED",
         "Field footer.menu.items.a.title is required"),
    LOOK("a menu with a field too many", FOOTER("{\"menu\":{\"showAll\":true}}"),
         "FIELD_IS_REDUNDANT", "Field footer.menu.showAll is redundant"),

    /* get */
    {"get returns fields and layout", .events = "ONCRMACTIVITYADD", .as = AS_APP, .call = "batch",
     .json = "{\"cmd\":{\"a\":{\"method\":\"" METHOD "add\",\"params\":" ADD(
         "\"deadline\":\"2026-02-01T01:00:00+03:00\",\"badgeCode\":\"\"",
         "{\"icon\":{\"code\":\"call-completed\"},\"header\":{\"title\":{\"de\":\"Anruf\"},"
         "\"tags\":{\"status2\":" TAG "}},\"body\":{\"logo\":{\"code\":\"call-incoming\","
         "\"action\":" ACTION "},\"blocks\":{\"client\":{\"type\":\"withTitle\",\"properties\":"
         "{\"title\":\"Client\",\"inline\":\"true\",\"block\":" TEXT "}},\"due\":{\"type\":"
         "\"deadline\"},\"line\":{\"type\":\"lineOfBlocks\",\"properties\":{\"blocks\":{\"x\":" TEXT
         "}}}}},\"footer\":{\"buttons\":{\"b\":{\"title\":\"t\",\"type\":\"primary\",\"action\":"
         "{\"type\":\"openRestApp\",\"actionParams\":{\"clientId\":456}}}},\"menu\":"
         "{\"showPostponeItem\":\"false\",\"items\":{\"c\":{\"title\":\"t\",\"action\":" ACTION
         "}}}}}") "},\"r\":\"" METHOD "get?id=$result[a][activity][id]\"}}",
     .alone = 1,
     .has = {",\"ownerTypeId\":2,\"ownerId\":1,\"fields\":{\"typeId\":\"CONFIGURABLE\","
             "\"completed\":false,\"deadline\":\"2026-02-01T01:00:00+03:00\",\"pingOffsets\":[],"
             "\"isIncomingChannel\":false,\"responsibleId\":1,\"badgeCode\":\"\","
             "\"originatorId\":null,\"originId\":null},\"layout\":{\"icon\":{\"code\":"
             "\"call-completed\"},\"header\":{\"title\":{\"de\":\"Anruf\"},\"tags\":{\"status2\":"
             "{\"title\":\"t\",\"type\":\"primary\"}}}",
             "\"inline\":true", "\"due\":{\"type\":\"deadline\"}", "\"clientId\":456",
             "\"showPostponeItem\":false", "\"result_error\":[]"}},
    NO_PARAMETER("get without an id", "get", "{}", "id"),
    {"get of what does not exist", .as = AS_APP, .call = METHOD "get?id=99999", .status = 400,
     .error = "NOT_FOUND", .text = "Not found."},
    {"get of an activity that is none", .as = AS_APP, .call = METHOD "get?id=999", .status = 400,
     .error = "NOT_FOUND", .text = "Not found."},
    {"a webhook gets none", .call = METHOD "get?id=999", .status = 400,
     .error = "ERROR_WRONG_CONTEXT"},

    /* update */
    {"update changes what is given", .events = "ONCRMACTIVITYADD ONCRMACTIVITYUPDATE", .as = AS_APP,
     .call = "batch",
     .json =
         CHAIN("\"b\":{\"method\":\"" METHOD "update\",\"params\":{\"id\":"
               "\"$result[a][activity][id]\",\"fields\":{\"completed\":\"Y\",\"responsibleId\":"
               "2,\"pingOffsets\":[300],\"badgeCode\":\"B\"},\"layout\":" HEAD
               "{\"title\":\"Bye\"}" BODY "}},\"r\":\"" METHOD "get?id=$result[a][activity][id]\""),
     .before = "crm.activity.badge.add?code=B&title=t&value=v&type=primary", .alone = 1,
     .has = {"\"b\":{\"activity\":{\"id\":", "\"completed\":true", "\"responsibleId\":2",
             "\"pingOffsets\":[300]", "\"badgeCode\":\"B\"", "\"originatorId\":\"test\"",
             "\"title\":\"Bye\"", "\"result_error\":[]"},
     .then = FIND, .then_has = {"\"SUBJECT\":\"Bye\"", "\"COMPLETED\":\"Y\",\"STATUS\":\"2\""}},
    {"a deadline goes when it is incoming", .events = "ONCRMACTIVITYADD ONCRMACTIVITYUPDATE:2",
     .as = AS_APP, .call = "batch",
     .json = CHAIN("\"b\":\"" METHOD "update?id=$result[a][activity][id]&fields[deadline]="
                   "2026-02-01\",\"c\":\"" METHOD "update?id=$result[a][activity][id]&"
                   "fields[isIncomingChannel]=Y\",\"d\":\"" METHOD "update?id="
                   "$result[a][activity][id]&fields[isIncomingChannel]=Y&fields[deadline]=\",\"r\":"
                   "\"" METHOD "get?id=$result[a][activity][id]\""),
     .alone = 1,
     .has = {"\"result_error\":{\"c\":{\"error\":\"INCOMING_ACTIVITY_CAN_NOT_BE_WITH_DEADLINE\"",
             "\"deadline\":null", "\"isIncomingChannel\":true"}},
    NO_PARAMETER("update without an id", "update", "{\"fields\":{}}", "id"),
    NO_PARAMETER("update without fields", "update", "{\"id\":999}", "fields"),
    {"update of what does not exist", .as = AS_APP, .call = METHOD "update",
     .json = "{\"id\":99999,\"fields\":{}}", .status = 400, .error = "NOT_FOUND",
     .text = "Not found."},
    {"a webhook updates none", .call = METHOD "update", .json = "{\"id\":999,\"fields\":{}}",
     .status = 400, .error = "ERROR_WRONG_CONTEXT",
     .text = "Method call is only possible in the context of an application"},
    {"update with an empty layout", .events = "ONCRMACTIVITYADD", .as = AS_APP, .call = "batch",
     .json = CHAIN("\"b\":{\"method\":\"" METHOD "update\",\"params\":{\"id\":"
                   "\"$result[a][activity][id]\",\"fields\":{},\"layout\":[]}}"),
     .alone = 1, .has = {"\"result_error\":{\"b\":{\"error\":\"ERROR_EMPTY_LAYOUT\""}},
    {"update with a wrong layout", .events = "ONCRMACTIVITYADD", .as = AS_APP, .call = "batch",
     .json = CHAIN("\"b\":{\"method\":\"" METHOD "update\",\"params\":{\"id\":"
                   "\"$result[a][activity][id]\",\"fields\":{},\"layout\":{\"x\":1}}}"),
     .alone = 1, .has = {"\"result_error\":{\"b\":{\"error\":\"FIELD_IS_REDUNDANT\""}},

    /* the base methods */
    {"not to be changed by crm.activity.update", .events = "ONCRMACTIVITYADD", .as = AS_APP,
     .call = "batch",
     .json = CHAIN("\"b\":\"crm.activity.list?filter[ORIGIN_ID]=o1\",\"c\":"
                   "\"crm.activity.update?id=$result[b][0][ID]&fields[SUBJECT]=x\""),
     .alone = 1,
     .has = {"\"result_error\":{\"c\":{\"error\":\"\",\"error_description\":\"Use "
             "crm.activity.configurable.update for this activity provider\""}},
    {"its application deletes it", .events = "ONCRMACTIVITYADD ONCRMACTIVITYDELETE", .as = AS_APP,
     .call = "batch",
     .json = CHAIN("\"b\":\"crm.activity.delete?id=$result[a][activity][id]\",\"r\":\"" METHOD
                   "get?id=$result[a][activity][id]\""),
     .alone = 1, .has = {"\"b\":true", "\"result_error\":{\"r\":{\"error\":\"NOT_FOUND\""}},

    /* permissions */
    {"add at a deal that the user may not change", .as = AS_APP_ROLELESS, .call = METHOD "add",
     .json = ADD("", LAYOUT), .status = 400, .error = "ACCESS_DENIED"},
    {"get without a right to it", .as = AS_APP, .call = METHOD "add", .json = ADD(NEW, LAYOUT),
     .then_as = AS_APP_ROLELESS, .then = METHOD "get?id=@id",
     .then_has = {"{\"error\":\"ACCESS_DENIED\","}, .then_lacks = {"result"}},
    {"update without a right to it", .as = AS_APP, .call = METHOD "add", .json = ADD(NEW, LAYOUT),
     .then_as = AS_APP_ROLELESS, .then = METHOD "update?id=@id&fields[completed]=Y",
     .then_has = {"{\"error\":\"ACCESS_DENIED\","}},
    {"its responsible person reads it", .as = AS_APP, .call = METHOD "add",
     .json = ADD("\"responsibleId\":5", LAYOUT), .then_as = AS_APP_ROLELESS,
     .then = METHOD "get?id=@id", .then_has = {"\"responsibleId\":5"}},
};

SCENARIOS(crm_activity_configurable, scenarios);
