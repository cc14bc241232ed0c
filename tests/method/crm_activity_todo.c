/* Scenarios of crm.activity.todo.*. In the demo to-do 48 of deal 45 is open, 9 of lead 3 is done. */
#include "scenario.h"

#define OPEN "id=48&ownerTypeId=2&ownerId=45"
#define DONE "id=9&ownerTypeId=1&ownerId=3"
#define DEAL "ownerTypeId=2&ownerId=45"
#define DUE "&deadline=2026-02-03T15:00:00"
#define MISSING(name) "Could not find value for parameter {" name "}"
#define INVALID(value, name, type)                                                                 \
    "Invalid value {" value "} to match with parameter {" name "}. Should be value of type " type  \
    "."
#define METHOD "crm.activity.todo."
#define FIFTY "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define SIX_TIMES_8 "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"

#define NO_PARAMETER(title_, call_, name)                                                          \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = "100", .text = MISSING(name)         \
    }
#define BAD_PARAMETER(title_, call_, value, name, type)                                            \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = "100",                               \
                .text = INVALID(value, name, type)                                                 \
    }
#define NOT_FOUND(title_, call_)                                                                   \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = "NOT_FOUND", .text = "Not found."    \
    }
#define NO_OWNER(title_, call_)                                                                    \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = "OWNER_NOT_FOUND",                   \
                .text = "Owner was not found"                                                      \
    }
#define REFUSED(title_, call_, code, words)                                                        \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = code, .text = words                  \
    }

static const struct scenario scenarios[] = {
    /* add */
    {"add answers the id as a number", .call = METHOD "add",
     .json = "{\"ownerTypeId\":2,\"ownerId\":45,\"deadline\":\"2026-02-03T15:00:00\",\"title\":"
             "\"Call back\",\"description\":\"About the offer\",\"responsibleId\":2,"
             "\"parentActivityId\":999,\"pingOffsets\":[0,15],\"colorId\":\"2\"}",
     .has = {"{\"id\":"}, .lacks = {"\"id\":\""},
     .then = "crm.activity.list?filter[SUBJECT]=Call back&filter[OWNER_ID]=45&select[]=*&"
             "select[]=BINDINGS",
     .then_has = {"\"TYPE_ID\":\"6\"", "\"PROVIDER_ID\":\"CRM_TODO\",\"PROVIDER_TYPE_ID\":\"TODO\"",
                  "\"START_TIME\":\"2026-02-03T15:00:00+03:00\",\"END_TIME\":"
                  "\"2026-02-03T15:00:00+03:00\",\"DEADLINE\":\"2026-02-03T15:00:00+03:00\","
                  "\"COMPLETED\":\"N\"",
                  "\"RESPONSIBLE_ID\":\"2\"", "\"DESCRIPTION\":\"About the offer\"",
                  "\"SETTINGS\":{\"PARENT_ACTIVITY_ID\":999,\"PING_OFFSETS\":[0,15],\"COLOR_ID\":"
                  "\"2\"}",
                  "\"BINDINGS\":[{\"OWNER_TYPE_ID\":\"2\",\"OWNER_ID\":\"45\"}]", "\"total\":1"}},
    {"what may be left out has defaults", .call = METHOD "add?" DEAL DUE, .has = {"{\"id\":"},
     .then = "crm.activity.list?order[ID]=desc&filter[OWNER_ID]=45&filter[OWNER_TYPE_ID]=2",
     .then_has = {"\"SUBJECT\":\"\"", "\"DESCRIPTION\":\"\"", "\"RESPONSIBLE_ID\":\"1\"",
                  "\"SETTINGS\":[]"}},
    {"the responsible user is the caller", .as = AS_USER, .call = METHOD "add?" DEAL DUE,
     .then = "crm.activity.list?order[ID]=desc&filter[OWNER_ID]=45&filter[OWNER_TYPE_ID]=2",
     .then_has = {"\"SUBJECT\":\"\"", "\"RESPONSIBLE_ID\":\"2\""}},
    {"a to-do without a title can be completed", .events = "ONCRMACTIVITYADD ONCRMACTIVITYUPDATE",
     .call = "batch",
     .json = "{\"cmd\":{\"a\":\"" METHOD "add?" DEAL DUE "\",\"b\":\"crm.activity.update?id="
             "$result[a][id]&fields[COMPLETED]=Y\",\"c\":\"crm.activity.get?id=$result[a][id]\"}}",
     .alone = 1, .has = {"\"b\":true", "\"COMPLETED\":\"Y\",\"STATUS\":\"2\""}},
    NO_PARAMETER("add without a type of owner", "add?ownerId=45" DUE, "ownerTypeId"),
    NO_PARAMETER("add without an owner", "add?ownerTypeId=2" DUE, "ownerId"),
    NO_PARAMETER("add without a deadline", "add?" DEAL, "deadline"),
    BAD_PARAMETER("a type of owner that is no number", "add?ownerTypeId=deal&ownerId=45" DUE,
                  "deal", "ownerTypeId", "int"),
    {"an owner that is an array", .call = METHOD "add?ownerTypeId=2&ownerId[a][b]=45" DUE,
     .status = 400, .error = "100", .text = INVALID("Array", "ownerId", "int")},
    NO_OWNER("add to a deal that does not exist", "add?ownerTypeId=2&ownerId=99999" DUE),
    NO_OWNER("add to a type that does not exist", "add?ownerTypeId=17&ownerId=1" DUE),
    NO_OWNER("a number beyond 32 bits is not cut", "add?ownerTypeId=4294967298&ownerId=45" DUE),
    NO_OWNER("an owner below zero", "add?ownerTypeId=2&ownerId=-45" DUE),
    REFUSED("a deadline that is no date", "add?" DEAL "&deadline=tomorrow", "WRONG_DATETIME_FORMAT",
            "Incorrect date format"),
    REFUSED("a deadline on a day that does not exist", "add?" DEAL "&deadline=2026-02-30",
            "WRONG_DATETIME_FORMAT", "Incorrect date format"),
    REFUSED("an empty deadline", "add?" DEAL "&deadline=", "WRONG_DATETIME_FORMAT",
            "Incorrect date format"),
    NOT_FOUND("add below an activity that does not exist",
              "add?" DEAL DUE "&parentActivityId=99999"),
    BAD_PARAMETER("a parent that is no number", "add?" DEAL DUE "&parentActivityId=x", "x",
                  "parentActivityId", "int"),
    {"a new to-do may follow a completed activity",
     .call = METHOD "add?" DEAL DUE "&parentActivityId=9", .has = {"{\"id\":"}},
    {"reminders that are no array", .call = METHOD "add?" DEAL DUE "&pingOffsets=15", .status = 400,
     .error = "100", .text = INVALID("15", "pingOffsets", "array")},
    BAD_PARAMETER("a reminder that is no number", "add?" DEAL DUE "&pingOffsets[]=soon", "Array",
                  "pingOffsets", "int[]"),
    BAD_PARAMETER("a reminder after the deadline", "add?" DEAL DUE "&pingOffsets[]=-5", "Array",
                  "pingOffsets", "int[]"),
    BAD_PARAMETER("reminders nested", "add?" DEAL DUE "&pingOffsets[][x]=5", "Array", "pingOffsets",
                  "int[]"),
    REFUSED("a colour that does not exist", "add?" DEAL DUE "&colorId=8",
            "CAN_NOT_UPDATE_WRONG_COLOR_TODO", "Invalid color value"),
    {"a responsible user who does not exist", .call = METHOD "add?" DEAL DUE "&responsibleId=4711",
     .status = 400, .text = "The field RESPONSIBLE_ID is not defined or invalid"},
    BAD_PARAMETER("a responsible user that is no number", "add?" DEAL DUE "&responsibleId=boss",
                  "boss", "responsibleId", "int"),
    {"a title that is an array", .call = METHOD "add?" DEAL DUE "&title[]=x", .status = 400,
     .error = "100", .text = INVALID("Array", "title", "string")},
    {"a wrong value is shown in part",
     .call = METHOD "add?ownerTypeId=" FIFTY FIFTY "\xd1\x8f\xd1\x8f&ownerId=1" DUE, .status = 400,
     .error = "100", .text = INVALID(FIFTY FIFTY, "ownerTypeId", "int")},
    {"no half of a letter",
     .call = METHOD "add?ownerTypeId=y" FIFTY SIX_TIMES_8 "\xd1\x8f\xd1\x8f&ownerId=1" DUE,
     .status = 400, .error = "100", .text = INVALID("y" FIFTY SIX_TIMES_8, "ownerTypeId", "int")},
    {"a title that is no UTF-8", .call = METHOD "add?" DEAL DUE "&title=%FF%FE", .alone = 1,
     .status = 400, .error = "INVALID_REQUEST"},
    {"add without the scope", .as = AS_BASIC, .call = METHOD "add?" DEAL DUE, .status = 401,
     .error = "insufficient_scope"},

    /* update */
    {"update changes what is given", .call = METHOD "update",
     .json = "{\"id\":48,\"ownerTypeId\":2,\"ownerId\":45,\"deadline\":\"2026-02-04T10:00:00Z\","
             "\"title\":\"New title\",\"description\":\"New text\",\"responsibleId\":2,"
             "\"pingOffsets\":[15,30],\"colorId\":\"7\",\"parentActivityId\":999}",
     .result = "{\"id\":48}", .then = "crm.activity.get?id=48",
     .then_has = {"\"SUBJECT\":\"New title\"", "\"DEADLINE\":\"2026-02-04T13:00:00+03:00\"",
                  "\"DESCRIPTION\":\"New text\"", "\"RESPONSIBLE_ID\":\"2\"",
                  "\"SETTINGS\":{\"PARENT_ACTIVITY_ID\":999,\"PING_OFFSETS\":[15,30],\"COLOR_ID\":"
                  "\"7\"}",
                  "\"LAST_UPDATED\":\"2026-01-15T12:00:00+03:00\",\"EDITOR_ID\":\"1\""}},
    {"update leaves other settings as they are", .call = METHOD "update?" OPEN DUE,
     .before = METHOD "update?" OPEN DUE "&colorId=3&pingOffsets[]=5", .result = "{\"id\":48}",
     .then = "crm.activity.get?id=48",
     .then_has = {"\"SETTINGS\":{\"PING_OFFSETS\":[5],\"COLOR_ID\":\"3\"}"}},
    {"an empty list of reminders takes them away", .call = METHOD "update",
     .json = "{\"id\":48,\"ownerTypeId\":2,\"ownerId\":45,\"deadline\":\"2026-02-04T10:00:00Z\","
             "\"pingOffsets\":[],\"parentActivityId\":0}",
     .before = METHOD "update?" OPEN DUE "&colorId=3&pingOffsets[]=5&parentActivityId=999",
     .then = "crm.activity.get?id=48", .then_has = {"\"SETTINGS\":{\"COLOR_ID\":\"3\"}"}},
    NO_PARAMETER("update without an id", "update?" DEAL DUE, "id"),
    NO_PARAMETER("update without a type of owner", "update?id=48&ownerId=45" DUE, "ownerTypeId"),
    NO_PARAMETER("update without an owner", "update?id=48&ownerTypeId=2" DUE, "ownerId"),
    NO_PARAMETER("update without a deadline", "update?" OPEN, "deadline"),
    BAD_PARAMETER("update with an id that is no number", "update?id=first&" DEAL DUE, "first", "id",
                  "int"),
    NOT_FOUND("update of what does not exist", "update?id=99999&" DEAL DUE),
    NOT_FOUND("update of an activity that is no to-do",
              "update?id=999&ownerTypeId=2&ownerId=102" DUE),
    NOT_FOUND("update at an owner it is not bound to", "update?id=48&ownerTypeId=2&ownerId=1" DUE),
    NO_OWNER("update at an owner that does not exist",
             "update?id=48&ownerTypeId=2&ownerId=99999" DUE),
    REFUSED("update with a deadline that is no date", "update?" OPEN "&deadline=x",
            "WRONG_DATETIME_FORMAT", "Incorrect date format"),
    REFUSED("update of a completed to-do", "update?" DONE DUE, "CAN_NOT_UPDATE_COMPLETED_TODO",
            "Completed activity cannot be modified"),
    REFUSED("a to-do cannot move below a completed activity",
            "update?" OPEN DUE "&parentActivityId=9", "ERROR_PARENT_ACTIVITY_RESTRICT",
            "Cannot schedule a deal for a closed deal"),
    REFUSED("a to-do cannot follow itself", "update?" OPEN DUE "&parentActivityId=48",
            "INVALID_ARG_VALUE", "Parameter \\\"parentActivityId\\\" must name another activity"),
    NOT_FOUND("update with a parent that does not exist",
              "update?" OPEN DUE "&parentActivityId=99999"),

    /* updateDeadline */
    {"updateDeadline moves it", .call = METHOD "updateDeadline?" OPEN "&value=2026-03-01 09:30:00",
     .result = "{\"id\":48}", .then = "crm.activity.get?id=48",
     .then_has = {"\"END_TIME\":\"2026-03-01T09:30:00+03:00\",\"DEADLINE\":"
                  "\"2026-03-01T09:30:00+03:00\"",
                  "\"LAST_UPDATED\":\"2026-01-15T12:00:00+03:00\""}},
    NO_PARAMETER("updateDeadline without an id", "updateDeadline?" DEAL "&value=2026-03-01", "id"),
    NO_PARAMETER("updateDeadline without a value", "updateDeadline?" OPEN, "value"),
    NOT_FOUND("updateDeadline of what does not exist",
              "updateDeadline?id=99999&" DEAL "&value=2026-03-01"),
    NO_OWNER("updateDeadline at no owner",
             "updateDeadline?id=48&ownerTypeId=2&ownerId=99999&value=2026-03-01"),
    REFUSED("updateDeadline to no date", "updateDeadline?" OPEN "&value=never",
            "WRONG_DATETIME_FORMAT", "Incorrect date format"),
    REFUSED("updateDeadline of a completed to-do", "updateDeadline?" DONE "&value=2026-03-01",
            "CAN_NOT_UPDATE_COMPLETED_TODO", "Completed activity cannot be modified"),

    /* updateDescription */
    {"updateDescription changes the text", .call = METHOD "updateDescription?" OPEN "&value=Text",
     .result = "{\"id\":48}", .then = "crm.activity.get?id=48",
     .then_has = {"\"DESCRIPTION\":\"Text\"", "\"LAST_UPDATED\":\"2026-01-15T12:00:00+03:00\""}},
    {"updateDescription empties the text",
     .call = METHOD "updateDescription?" OPEN "&value=", .result = "{\"id\":48}",
     .then = "crm.activity.get?id=48", .then_has = {"\"DESCRIPTION\":\"\""}},
    NO_PARAMETER("updateDescription without a value", "updateDescription?" OPEN, "value"),
    NO_PARAMETER("updateDescription without an owner",
                 "updateDescription?id=48&ownerTypeId=2&value=x", "ownerId"),
    NOT_FOUND("updateDescription of what does not exist",
              "updateDescription?id=99999&" DEAL "&value=x"),
    NO_OWNER("updateDescription at no owner",
             "updateDescription?id=48&ownerTypeId=9&ownerId=45&value=x"),
    REFUSED("updateDescription of a completed to-do", "updateDescription?" DONE "&value=x",
            "CAN_NOT_UPDATE_COMPLETED_TODO", "Closed activity cannot be modified"),

    /* updateColor */
    {"updateColor changes the colour", .call = METHOD "updateColor?" OPEN "&colorId=1",
     .result = "{\"id\":48}", .then = "crm.activity.get?id=48",
     .then_has = {"\"SETTINGS\":{\"COLOR_ID\":\"1\"}"}},
    {"updateColor takes it as a number too", .call = METHOD "updateColor",
     .json = "{\"id\":48,\"ownerTypeId\":2,\"ownerId\":45,\"colorId\":4}", .result = "{\"id\":48}",
     .then = "crm.activity.get?id=48", .then_has = {"\"SETTINGS\":{\"COLOR_ID\":\"4\"}"}},
    {"updateColor without a colour is the default one",
     .call = METHOD "updateColor?" OPEN "&colorId=",
     .before = METHOD "updateColor?" OPEN "&colorId=5", .result = "{\"id\":48}",
     .then = "crm.activity.get?id=48", .then_has = {"\"SETTINGS\":[]"}},
    NO_PARAMETER("updateColor without a colour parameter", "updateColor?" OPEN, "colorId"),
    NOT_FOUND("updateColor of what does not exist", "updateColor?id=99999&" DEAL "&colorId=1"),
    NO_OWNER("updateColor at no owner", "updateColor?id=48&ownerTypeId=2&ownerId=99999&colorId=1"),
    REFUSED("updateColor of a completed to-do", "updateColor?" DONE "&colorId=1",
            "CAN_NOT_UPDATE_COLOR_COMPLETED_TODO", "Cannot change color in a closed deal"),
    REFUSED("updateColor to a colour that does not exist", "updateColor?" OPEN "&colorId=0",
            "CAN_NOT_UPDATE_WRONG_COLOR_TODO", "Invalid color value"),
    REFUSED("updateColor to a word", "updateColor?" OPEN "&colorId=12",
            "CAN_NOT_UPDATE_WRONG_COLOR_TODO", "Invalid color value"),

    /* updateResponsibleUser */
    {"updateResponsibleUser hands it over",
     .call = METHOD "updateResponsibleUser?" OPEN "&responsibleId=2", .result = "{\"id\":48}",
     .then = "crm.activity.get?id=48",
     .then_has = {"\"RESPONSIBLE_ID\":\"2\"", "\"LAST_UPDATED\":\"2026-01-15T12:00:00+03:00\""}},
    NO_PARAMETER("updateResponsibleUser without a user", "updateResponsibleUser?" OPEN,
                 "responsibleId"),
    NOT_FOUND("updateResponsibleUser of what does not exist",
              "updateResponsibleUser?id=99999&" DEAL "&responsibleId=1"),
    NO_OWNER("updateResponsibleUser at no owner",
             "updateResponsibleUser?id=48&ownerTypeId=2&ownerId=99999&responsibleId=1"),
    REFUSED("updateResponsibleUser of a completed to-do",
            "updateResponsibleUser?" DONE "&responsibleId=1",
            "CAN_NOT_UPDATE_RESPONSIBLE_USER_COMPLETED_TODO",
            "Cannot change the responsible user in a closed activity"),
    {"updateResponsibleUser to nobody",
     .call = METHOD "updateResponsibleUser?" OPEN "&responsibleId=0", .status = 400,
     .error = "INVALID_ARG_VALUE", .has = {"must be greater than 0"}},
    {"updateResponsibleUser to a user who does not exist",
     .call = METHOD "updateResponsibleUser?" OPEN "&responsibleId=4711", .status = 400,
     .text = "The field RESPONSIBLE_ID is not defined or invalid"},

    /* events */
    {"a new to-do is told", .as = AS_APP,
     .before = "event.bind?event=onCrmActivityAdd&event_type=offline",
     .call = METHOD "add?" DEAL DUE, .then_as = AS_APP, .then = "event.offline.list",
     .then_has = {"\"EVENT_NAME\":\"ONCRMACTIVITYADD\""}},
    {"a change of one is told", .as = AS_APP,
     .before = "event.bind?event=onCrmActivityUpdate&event_type=offline",
     .call = METHOD "updateColor?" OPEN "&colorId=1", .then_as = AS_APP,
     .then = "event.offline.list", .then_has = {"\"FIELDS\":{\"ID\":\"48\"}"}},

    /* permissions */
    {"add without a right to the deal", .as = AS_ROLELESS, .call = METHOD "add?" DEAL DUE,
     .status = 400, .error = "ACCESS_DENIED"},
    {"update without a right to the deal", .as = AS_ROLELESS, .call = METHOD "update?" OPEN DUE,
     .status = 400, .error = "ACCESS_DENIED"},
    {"updateDeadline without a right to the deal", .as = AS_ROLELESS,
     .call = METHOD "updateDeadline?" OPEN "&value=2026-03-01", .status = 400,
     .error = "ACCESS_DENIED"},
    {"updateDescription without a right to the deal", .as = AS_ROLELESS,
     .call = METHOD "updateDescription?" OPEN "&value=x", .status = 400, .error = "ACCESS_DENIED"},
    {"updateColor without a right to the deal", .as = AS_ROLELESS,
     .call = METHOD "updateColor?" OPEN "&colorId=1", .status = 400, .error = "ACCESS_DENIED"},
    {"updateResponsibleUser without a right to the deal", .as = AS_ROLELESS,
     .call = METHOD "updateResponsibleUser?" OPEN "&responsibleId=1", .status = 400,
     .error = "ACCESS_DENIED"},
};

SCENARIOS(crm_activity_todo, scenarios);
