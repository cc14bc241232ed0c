/* Scenarios of crm.activity.binding.*. In the demo activity 999 of deal 102 is with contact 134,
 * to-do 48 is bound to deal 45 alone. */
#include "scenario.h"

#define METHOD "crm.activity.binding."
#define MISSING(name) "Could not find value for parameter {" name "}"
#define BINDINGS "crm.activity.list?filter[ID]=999&select[]=*&select[]=BINDINGS"

#define REFUSED(title_, call_, code, words)                                                        \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = code, .text = words                  \
    }
#define FROM "&sourceEntityTypeId=2&sourceEntityId=102"
#define TO "&targetEntityTypeId=2&targetEntityId=1"

static const struct scenario scenarios[] = {
    {"list has numbers", .call = METHOD "list?activityId=999",
     .result = "[{\"entityTypeId\":2,\"entityId\":102},{\"entityTypeId\":3,\"entityId\":134}]"},
    REFUSED("list without an activity", "list", "100", MISSING("activityId")),
    REFUSED("list of what does not exist", "list?activityId=99999", "NOT_FOUND",
            "Element not found"),
    REFUSED("list of what is no number", "list?activityId=x", "100",
            "Invalid value {x} to match with parameter {activityId}. Should be value of type int."),
    {"list without the scope", .as = AS_BASIC, .call = METHOD "list?activityId=999", .status = 401,
     .error = "insufficient_scope"},

    {"add binds it to one more", .call = METHOD "add?activityId=999&entityTypeId=4&entityId=1",
     .result = "true", .then = BINDINGS,
     .then_has = {"{\"OWNER_TYPE_ID\":\"3\",\"OWNER_ID\":\"134\"},{\"OWNER_TYPE_ID\":\"4\","
                  "\"OWNER_ID\":\"1\"}]",
                  "\"OWNER_ID\":\"102\",\"OWNER_TYPE_ID\":\"2\",\"TYPE_ID\"",
                  "\"LAST_UPDATED\":\"2026-01-15T12:00:00+03:00\",\"EDITOR_ID\":\"1\""}},
    {"add shows in the timeline of the other",
     .call = "crm.activity.list?filter[BINDINGS][0][OWNER_TYPE_ID]=4&filter[BINDINGS][0][OWNER_ID]="
             "1&filter[ID]=999&select[]=ID",
     .before = METHOD "add?activityId=999&entityTypeId=4&entityId=1", .has = {"{\"ID\":\"999\"}"}},
    REFUSED("add without an activity", "add?entityTypeId=4&entityId=1", "100",
            MISSING("activityId")),
    REFUSED("add without a type", "add?activityId=999&entityId=1", "100", MISSING("entityTypeId")),
    REFUSED("add without an entity", "add?activityId=999&entityTypeId=4", "100",
            MISSING("entityId")),
    REFUSED("add of what does not exist", "add?activityId=99999&entityTypeId=4&entityId=1",
            "NOT_FOUND", "Entity not found"),
    REFUSED("add to what does not exist", "add?activityId=999&entityTypeId=4&entityId=99999",
            "OWNER_NOT_FOUND", "Owner was not found"),
    REFUSED("add to a type that does not exist", "add?activityId=999&entityTypeId=6&entityId=1",
            "OWNER_NOT_FOUND", "Owner was not found"),
    REFUSED("add a second time", "add?activityId=999&entityTypeId=3&entityId=134",
            "ACTIVITY_IS_ALREADY_BOUND", "The deal is already bound to this entity"),
    {"add takes no arrays", .call = METHOD "add?activityId[]=999&entityTypeId=4&entityId=1",
     .status = 400, .error = "100",
     .text = "Invalid value {Array} to match with parameter {activityId}. Should be value of type "
             "int."},

    {"delete takes it away", .call = METHOD "delete?activityId=999&entityTypeId=3&entityId=134",
     .result = "true", .then = BINDINGS,
     .then_has = {"\"BINDINGS\":[{\"OWNER_TYPE_ID\":\"2\",\"OWNER_ID\":\"102\"}]",
                  "\"LAST_UPDATED\":\"2026-01-15T12:00:00+03:00\""}},
    {"deleted from its owner it is another's",
     .call = METHOD "delete?activityId=999&entityTypeId=2&entityId=102", .result = "true",
     .then = BINDINGS,
     .then_has = {"\"OWNER_ID\":\"134\",\"OWNER_TYPE_ID\":\"3\",\"TYPE_ID\"",
                  "\"BINDINGS\":[{\"OWNER_TYPE_ID\":\"3\",\"OWNER_ID\":\"134\"}]"}},
    REFUSED("delete without an activity", "delete?entityTypeId=3&entityId=134", "100",
            MISSING("activityId")),
    REFUSED("delete without a type", "delete?activityId=999&entityId=134", "100",
            MISSING("entityTypeId")),
    REFUSED("delete without an entity", "delete?activityId=999&entityTypeId=3", "100",
            MISSING("entityId")),
    REFUSED("delete of what does not exist", "delete?activityId=99999&entityTypeId=3&entityId=134",
            "NOT_FOUND", "Element not found"),
    REFUSED("delete from what does not exist",
            "delete?activityId=999&entityTypeId=3&entityId=99999", "OWNER_NOT_FOUND",
            "Owner was not found"),
    REFUSED("delete from where it is not", "delete?activityId=999&entityTypeId=3&entityId=1",
            "BINDING_NOT_FOUND", "Deal is not linked to this entity"),
    REFUSED("delete of the only one", "delete?activityId=48&entityTypeId=2&entityId=45",
            "LAST_BINDING_CANNOT_BE_DELETED",
            "Cannot delete the only binding of the deal to the entity"),

    {"move takes it to another", .call = METHOD "move?activityId=999" FROM TO, .result = "true",
     .then = BINDINGS,
     .then_has = {"\"OWNER_ID\":\"1\",\"OWNER_TYPE_ID\":\"2\",\"TYPE_ID\"",
                  "{\"OWNER_TYPE_ID\":\"2\",\"OWNER_ID\":\"1\"}",
                  "\"LAST_UPDATED\":\"2026-01-15T12:00:00+03:00\""},
     .then_lacks = {"\"102\""}},
    {"move of a binding that is not the owner's",
     .call = METHOD "move?activityId=999&sourceEntityTypeId=3&sourceEntityId=134&"
                    "targetEntityTypeId=3&targetEntityId=1",
     .result = "true", .then = BINDINGS,
     .then_has = {"\"OWNER_ID\":\"102\",\"OWNER_TYPE_ID\":\"2\",\"TYPE_ID\"",
                  "{\"OWNER_TYPE_ID\":\"3\",\"OWNER_ID\":\"1\"}]"}},
    REFUSED("move without an activity", "move?x=1" FROM TO, "100", MISSING("activityId")),
    REFUSED("move without a source type", "move?activityId=999&sourceEntityId=1" TO, "100",
            MISSING("sourceEntityTypeId")),
    REFUSED("move without a source", "move?activityId=999&sourceEntityTypeId=2" TO, "100",
            MISSING("sourceEntityId")),
    REFUSED("move without a target type", "move?activityId=999" FROM "&targetEntityId=1", "100",
            MISSING("targetEntityTypeId")),
    REFUSED("move without a target", "move?activityId=999" FROM "&targetEntityTypeId=2", "100",
            MISSING("targetEntityId")),
    REFUSED("move of what does not exist", "move?activityId=99999" FROM TO, "NOT_FOUND",
            "Element not found"),
    REFUSED("move to what does not exist",
            "move?activityId=999" FROM "&targetEntityTypeId=2&targetEntityId=99999",
            "OWNER_NOT_FOUND", "Owner was not found"),
    REFUSED("move from what does not exist",
            "move?activityId=999&sourceEntityTypeId=2&sourceEntityId=99999" TO, "OWNER_NOT_FOUND",
            "Owner was not found"),
    REFUSED("move to another type",
            "move?activityId=999" FROM "&targetEntityTypeId=4&targetEntityId=1",
            "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR",
            "Cannot move the deal from one CRM object type to another"),
    REFUSED("move to where it is",
            "move?activityId=999" FROM "&targetEntityTypeId=2&targetEntityId=102",
            "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR", "Cannot move the deal to the same deal"),
    {"move to where it is bound too", .call = METHOD "move?activityId=999" FROM TO,
     .before = METHOD "add?activityId=999&entityTypeId=2&entityId=1", .status = 400,
     .error = "ACTIVITY_IS_ALREADY_BOUND", .text = "The deal is already bound to this entity"},
    REFUSED("move from where it is not", "move?activityId=48" FROM TO, "BINDING_NOT_FOUND",
            "The deal is not linked to the specified entity"),

    {"what the suite of the Python SDK does", .events = "ONCRMACTIVITYUPDATE:3", .call = "batch",
     .json =
         "{\"cmd\":{\"a\":\"" METHOD "add?activityId=1&entityTypeId=2&entityId=1\",\"b\":\"" METHOD
         "move?activityId=1&sourceEntityTypeId=2&sourceEntityId=1&targetEntityTypeId=2&"
         "targetEntityId=2\",\"c\":\"" METHOD "delete?activityId=1&entityTypeId=2&entityId=2\"}}",
     .alone = 1, .has = {"\"result\":{\"a\":true,\"b\":true,\"c\":true}"}},
    {"a binding is a change of its activity", .as = AS_APP,
     .before = "event.bind?event=onCrmActivityUpdate&event_type=offline",
     .call = METHOD "add?activityId=999&entityTypeId=4&entityId=1", .then_as = AS_APP,
     .then = "event.offline.list", .then_has = {"\"FIELDS\":{\"ID\":\"999\"}"}},

    /* permissions */
    {"list has only what the caller may read", .call = "crm.deal.update",
     .json = "{\"id\":102,\"fields\":{\"ASSIGNED_BY_ID\":4}}", .then_as = AS_LIMITED,
     .then = METHOD "list?activityId=999",
     .then_has = {"{\"result\":[{\"entityTypeId\":2,\"entityId\":102}],"}},
    {"add to a company that the caller may not read", .call = "crm.deal.update",
     .json = "{\"id\":102,\"fields\":{\"ASSIGNED_BY_ID\":4}}", .then_as = AS_LIMITED,
     .then = METHOD "add?activityId=999&entityTypeId=4&entityId=1",
     .then_has = {"{\"error\":\"OWNER_NOT_FOUND\","}},
    {"add without a right to the activity", .as = AS_ROLELESS,
     .call = METHOD "add?activityId=999&entityTypeId=4&entityId=1", .status = 400,
     .error = "ACCESS_DENIED"},
    {"delete without a right to the activity", .as = AS_ROLELESS,
     .call = METHOD "delete?activityId=999&entityTypeId=3&entityId=134", .status = 400,
     .error = "ACCESS_DENIED"},
    {"list without a right to the activity", .as = AS_ROLELESS,
     .call = METHOD "list?activityId=999", .status = 400, .error = "ACCESS_DENIED"},
    {"move without a right to the activity", .as = AS_ROLELESS,
     .call = METHOD "move?activityId=999" FROM TO, .status = 400, .error = "ACCESS_DENIED"},
};

SCENARIOS(crm_activity_binding, scenarios);
