/* Scenarios of activities that belong to an application: it alone changes and deletes them. */
#include "scenario.h"

#define FIELDS                                                                                     \
    "fields[OWNER_TYPE_ID]=1&fields[OWNER_ID]=1&fields[PROVIDER_ID]=REST_APP&fields[SUBJECT]=New " \
    "case&fields[RESPONSIBLE_ID]=1&fields[ORIGIN_ID]=o1"
#define ADD "crm.activity.add?" FIELDS "&fields[PROVIDER_TYPE_ID]=1C"
#define FIND "crm.activity.list?filter[ORIGIN_ID]=o1&select[]=*"
#define LAYOUT                                                                                     \
    "{\"icon\":{\"code\":\"info\"},\"header\":{\"title\":\"Hello\"},\"body\":{\"logo\":{\"code\":" \
    "\"call\"}}}"
#define CONFIGURABLE                                                                               \
    "{\"ownerTypeId\":2,\"ownerId\":1,\"fields\":{\"originId\":\"o1\"},\"layout\":" LAYOUT "}"
#define ON_IT(command)                                                                             \
    "{\"cmd\":{\"a\":\"crm.activity.list?filter[ORIGIN_ID]=o1&select[]=ID\",\"b\":\"" command "\"" \
    "}}"
#define UPDATE "crm.activity.update?id=$result[a][0][ID]&fields[SUBJECT]=Changed"
#define DELETE "crm.activity.delete?id=$result[a][0][ID]"
#define FAILED(words) "\"result_error\":{\"b\":{\"error\":\"\",\"error_description\":\"" words "\""

static const struct scenario scenarios[] = {
    {"an application makes its own", .as = AS_APP, .call = ADD, .then = FIND,
     .then_has = {"\"TYPE_ID\":\"6\",\"PROVIDER_ID\":\"REST_APP\",\"PROVIDER_TYPE_ID\":\"1C\"",
                  "\"SUBJECT\":\"New case\""}},
    {"a webhook does not", .call = ADD, .status = 400, .text = "Application context required"},
    {"without a type of its own", .as = AS_APP, .call = "crm.activity.add?" FIELDS, .status = 400,
     .text = "The field PROVIDER_TYPE_ID is not defined or invalid"},
    {"the application changes it", .events = "ONCRMACTIVITYUPDATE", .as = AS_APP, .before = ADD,
     .call = "batch", .json = ON_IT(UPDATE), .alone = 1, .has = {"\"b\":true"}, .then = FIND,
     .then_has = {"\"SUBJECT\":\"Changed\""}},
    {"another application does not", .as = AS_APP, .call = ADD, .then_as = AS_APP_TWO,
     .then = "batch", .then_json = ON_IT(UPDATE),
     .then_has = {FAILED("Application context required")}},
    {"a webhook does not change it", .as = AS_APP, .call = ADD, .then = "batch",
     .then_json = ON_IT(UPDATE), .then_has = {FAILED("Application context required")}},
    {"a webhook makes no activity the application's", .call = "crm.activity.update",
     .json = "{\"id\":1,\"fields\":{\"PROVIDER_ID\":\"REST_APP\"}}", .status = 400,
     .text = "Application context required"},
    {"the application deletes it", .events = "ONCRMACTIVITYDELETE", .as = AS_APP, .before = ADD,
     .call = "batch", .json = ON_IT(DELETE), .alone = 1, .has = {"\"b\":true"}, .then = FIND,
     .then_has = {"\"result\":[]"}},
    {"another application does not delete it", .as = AS_APP, .call = ADD, .then_as = AS_APP_TWO,
     .then = "batch", .then_json = ON_IT(DELETE),
     .then_has = {FAILED("Application context required")}},
    {"a webhook does not delete it", .as = AS_APP, .call = ADD, .then = "batch",
     .then_json = ON_IT(DELETE), .then_has = {FAILED("Application context required")}},
    {"its owner takes it along", .events = "ONCRMACTIVITYDELETE:2 ONCRMLEADDELETE", .as = AS_APP,
     .before = ADD, .call = "crm.lead.delete?id=1", .result = "true", .then = FIND,
     .then_has = {"\"result\":[]"}},

    {"configurable activities have methods of their own", .as = AS_APP,
     .call = "crm.activity.add?fields[OWNER_TYPE_ID]=1&fields[OWNER_ID]=1&fields[TYPE_ID]=6&"
             "fields[PROVIDER_ID]=CONFIGURABLE_REST_APP&fields[SUBJECT]=x&fields[RESPONSIBLE_ID]=1",
     .status = 400, .text = "Use crm.activity.configurable.add for this activity provider"},
    {"also for changing into one", .as = AS_APP,
     .call = "crm.activity.update?id=1&fields[PROVIDER_ID]=CONFIGURABLE_REST_APP", .status = 400,
     .text = "Use crm.activity.configurable.update for this activity provider"},
    {"a webhook does not change one", .as = AS_APP, .call = "crm.activity.configurable.add",
     .json = CONFIGURABLE, .then = "batch", .then_json = ON_IT(UPDATE),
     .then_has = {FAILED("Use crm.activity.configurable.update for this activity provider")}},
    {"another application does not update one", .as = AS_APP,
     .call = "crm.activity.configurable.add", .json = CONFIGURABLE, .then_as = AS_APP_TWO,
     .then = "batch",
     .then_json =
         ON_IT("crm.activity.configurable.update?id=$result[a][0][ID]&fields[completed]=Y"),
     .then_has = {"\"result_error\":{\"b\":{\"error\":\"ERROR_WRONG_APPLICATION\","
                  "\"error_description\":\"The activity can only be updated by the application "
                  "that created it\""}},
    {"a webhook does not delete one", .as = AS_APP, .call = "crm.activity.configurable.add",
     .json = CONFIGURABLE, .then = "batch", .then_json = ON_IT(DELETE),
     .then_has = {FAILED("Application context required")}},
};

SCENARIOS(crm_activity_app, scenarios);
