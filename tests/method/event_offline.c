/* Scenarios of event.offline.*: what the queue holds after changes, and who may take it. */
#include "scenario.h"

#define STEPS(...) .as = AS_APP, .alone = 1, .call = "batch", .json = "{\"cmd\":[" __VA_ARGS__ "]}"
#define BIND(event) "\"event.bind?event=" event "&event_type=offline\","
#define UPDATE(id) "\"crm.activity.update?id=" #id "&fields[LOCATION]=Here\""
#define NO_ADMIN .status = 403, .error = "ACCESS_DENIED", .text = "Access denied!"
#define NO_APP .status = 403, .error = "WRONG_AUTH_TYPE"

static const struct scenario scenarios[] = {
    {"a change waits in the queue", .events = "ONCRMACTIVITYUPDATE",
     STEPS(BIND("ONCRMACTIVITYUPDATE") UPDATE(5) ",\"event.offline.list\""),
     .has =
         {"\"TIMESTAMP_X\":\"2026-01-15T12:00:00+03:00\",\"EVENT_NAME\":\"ONCRMACTIVITYUPDATE\","
          "\"EVENT_DATA\":{\"FIELDS\":{\"ID\":\"5\"}},\"EVENT_ADDITIONAL\":false,\"MESSAGE_ID\":",
          "\"PROCESS_ID\":\"\",\"ERROR\":\"0\"}", "\"result_total\":{\"2\":1}"}},
    {"a thousand changes of one object are one row", .events = "ONCRMACTIVITYUPDATE:3",
     STEPS(BIND("ONCRMACTIVITYUPDATE")
               UPDATE(5) "," UPDATE(5) "," UPDATE(6) ",\"event.offline.list\""),
     .has = {"\"result_total\":{\"4\":2}"}},
    {"get takes rows out", .events = "ONCRMACTIVITYUPDATE:2",
     STEPS(BIND("ONCRMACTIVITYUPDATE") UPDATE(5) "," UPDATE(
         6) ",\"event.offline.get?limit=1\",\"event.offline.list\",\"event.offline.get\","
            "\"event.offline.get\""),
     .has = {"{\"process_id\":null,\"events\":[{\"ID\":\"", "\"FIELDS\":{\"ID\":\"6\"}",
             "\"result_total\":{\"4\":1}", "{\"process_id\":null,\"events\":[]}"}},
    {"rows that are reserved are hidden from the next reader", .events = "ONCRMACTIVITYUPDATE",
     STEPS(BIND("ONCRMACTIVITYUPDATE") UPDATE(
         5) ",\"event.offline.get?clear=0\",\"event.offline.get?clear=0\",\"event.offline.list\""),
     .has = {"{\"process_id\":\"", "{\"process_id\":null,\"events\":[]}",
             "\"result_total\":{\"4\":1}"}},
    {"a change after the reservation is a new row", .events = "ONCRMACTIVITYUPDATE:2",
     STEPS(BIND("ONCRMACTIVITYUPDATE")
               UPDATE(5) ",\"event.offline.get?clear=0\"," UPDATE(5) ",\"event.offline.list\""),
     .has = {"\"result_total\":{\"4\":2}"}},
    {"reserved rows are cleared by their process", .events = "ONCRMACTIVITYUPDATE",
     STEPS(BIND("ONCRMACTIVITYUPDATE") UPDATE(5) ",\"event.offline.get?clear=0\",\"event.offline."
                                                 "clear?process_id=$result[2][process_id]\""
                                                 ",\"event.offline.list\""),
     .has = {"\"result_total\":{\"4\":0}"}},
    {"some of them only", .events = "ONCRMACTIVITYUPDATE:2",
     STEPS(BIND("ONCRMACTIVITYUPDATE") UPDATE(5) "," UPDATE(
         6) ",\"event.offline.get?clear=0\",\"event.offline.clear?process_id=$result[3][process_id]"
            "&message_id[]=$result[3][events][0][MESSAGE_ID]\",\"event.offline.list\""),
     .has = {"\"result_total\":{\"5\":1}"}},
    {"id goes before message_id", .events = "ONCRMACTIVITYUPDATE",
     STEPS(BIND("ONCRMACTIVITYUPDATE") UPDATE(
         5) ",\"event.offline.get?clear=0\",\"event.offline.clear?process_id=$result[2][process_id]"
            "&id[]=999&message_id[]=$result[2][events][0][MESSAGE_ID]\",\"event.offline.list\""),
     .has = {"\"result_total\":{\"4\":1}"}},
    {"what failed is left out, unless asked for", .events = "ONCRMACTIVITYUPDATE",
     STEPS(BIND("ONCRMACTIVITYUPDATE") UPDATE(
         5) ",\"event.offline.get?clear=0\",\"event.offline.error?process_id=$result[2][process_id]"
            "&message_id[]=$result[2][events][0][MESSAGE_ID]\""
            ",\"event.offline.get?clear=0&process_id=$result[2][process_id]\""
            ",\"event.offline.get?clear=0&error=1&process_id=$result[2][process_id]\""
            ",\"event.offline.list?filter[ERROR]=1\""),
     .has = {"true,{\"process_id\":null,\"events\":[]},{\"process_id\":\"", "\"ERROR\":\"1\"}",
             "\"result_total\":{\"6\":1}"}},
    {"what failed is given out again without its process, and removed",
     .events = "ONCRMACTIVITYUPDATE:2",
     STEPS(BIND("ONCRMACTIVITYUPDATE") UPDATE(
         5) ",\"event.offline.get?clear=0\",\"event.offline.error?"
            "process_id=$result[2][process_id]\"," UPDATE(
                6) ",\"event.offline.get?limit=1\","
                   "\"event.offline.get\",\"event.offline.get?error=1\",\"event.offline.list\""),
     .has = {"{\"process_id\":null,\"events\":[{",
             "{\"process_id\":null,\"events\":[]},"
             "{\"process_id\":null,\"events\":[{",
             "\"result_total\":{\"8\":0}"}},
    {"with what waits beside it", .events = "ONCRMACTIVITYUPDATE:2",
     STEPS(BIND("ONCRMACTIVITYUPDATE")
               UPDATE(5) ",\"event.offline.get?clear=0\",\"event.offline.error?"
                         "process_id=$result[2][process_id]\"," UPDATE(
                             6) ",\"event.offline.get?error=1\",\"event."
                                "offline.list\""),
     .has = {"\"ID\":\"5\"", "\"ID\":\"6\"", "\"result_total\":{\"6\":0}"}},
    {"and to one reader only", .events = "ONCRMACTIVITYUPDATE",
     STEPS(BIND("ONCRMACTIVITYUPDATE")
               UPDATE(5) ",\"event.offline.get?clear=0\",\"event.offline.error?"
                         "process_id=$result[2][process_id]\",\"event.offline.get?error=1&clear="
                         "0\",\"event.offline.get?"
                         "error=1\",\"event.offline.list\",\"event.offline.get?process_id=$result["
                         "4][process_id]\","
                         "\"event.offline.list\""),
     .has = {"{\"process_id\":null,\"events\":[]},[{", "\"ERROR\":\"0\"}",
             "\"result_total\":{\"6\":1,\"8\":0}"}},
    {"a source does not hear of its own calls", .events = "ONCRMACTIVITYUPDATE:2",
     STEPS("\"event.bind?event=ONCRMACTIVITYUPDATE&event_type=offline&auth_connector=mine\","
           "\"crm.activity.update?id=5&fields[LOCATION]=A&auth_connector=mine\","
           "\"crm.activity.update?id=6&fields[LOCATION]=A\","
           "\"event.offline.list?auth_connector=mine\",\"event.offline.list\""),
     .has = {"\"FIELDS\":{\"ID\":\"6\"}", "\"result_total\":{\"3\":1,\"4\":0}"},
     .lacks = {"\"FIELDS\":{\"ID\":\"5\"}"}},
    {"filter", .events = "ONCRMACTIVITYDELETE ONCRMACTIVITYUPDATE:2",
     STEPS(BIND("ONCRMACTIVITYUPDATE") BIND("ONCRMACTIVITYDELETE") UPDATE(5) "," UPDATE(
         6) ",\"crm.activity.delete?id=7\""
            ",\"event.offline.list?filter[EVENT_NAME]=ONCRMACTIVITYUPDATE\""
            ",\"event.offline.get?filter[EVENT_NAME]=ONCRMACTIVITYDELETE\",\"event.offline.list\""),
     .has = {"\"EVENT_NAME\":\"ONCRMACTIVITYDELETE\",\"EVENT_DATA\":{\"FIELDS\":{\"ID\":\"7\"}}",
             "\"result_total\":{\"5\":2,\"7\":2}"}},
    {"order", .events = "ONCRMACTIVITYUPDATE:2",
     STEPS(BIND("ONCRMACTIVITYUPDATE")
               UPDATE(5) "," UPDATE(6) ",\"event.offline.get?limit=1&order[ID]=DESC\""),
     .has = {"\"FIELDS\":{\"ID\":\"6\"}"}, .lacks = {"\"FIELDS\":{\"ID\":\"5\"}"}},
    {"an owner that goes takes its activities with it, and each is told",
     .events = "ONCRMACTIVITYDELETE:11 ONCRMLEADDELETE",
     STEPS(BIND("ONCRMACTIVITYDELETE")
               BIND("ONCRMLEADDELETE") "\"crm.lead.delete?id=43\",\"event.offline.list\""),
     .has = {"\"EVENT_NAME\":\"ONCRMACTIVITYDELETE\"",
             "\"EVENT_NAME\":\"ONCRMLEADDELETE\",\"EVENT_DATA\":{\"FIELDS\":{\"ID\":\"43\"}}"}},
    {"what failed tells nobody",
     STEPS(BIND("ONCRMACTIVITYUPDATE") "\"crm.activity.update?id=5&fields[PRIORITY]=9\""
                                       ",\"event.offline.list\""),
     .has = {"\"result_total\":{\"2\":0}"}},

    {"get by a webhook", .call = "event.offline.get", NO_APP},
    {"list by a webhook", .call = "event.offline.list", NO_APP},
    {"clear by a webhook", .call = "event.offline.clear?process_id=x", NO_APP},
    {"error by a webhook", .call = "event.offline.error?process_id=x", NO_APP},
    {"get without being administrator", .as = AS_APP_TWO, .call = "event.offline.get", NO_ADMIN},
    {"list without being administrator", .as = AS_APP_TWO, .call = "event.offline.list", NO_ADMIN},
    {"clear without being administrator", .as = AS_APP_TWO,
     .call = "event.offline.clear?process_id=x", NO_ADMIN},
    {"error without being administrator", .as = AS_APP_TWO,
     .call = "event.offline.error?process_id=x", NO_ADMIN},
    {"clear without a process", .as = AS_APP, .call = "event.offline.clear", .status = 400,
     .error = "ERROR_ARGUMENT", .text = "Argument 'PROCESS_ID' is null or empty"},
    {"error without a process", .as = AS_APP, .call = "event.offline.error", .status = 400,
     .error = "ERROR_ARGUMENT"},
    {"clear of an unknown process", .as = AS_APP, .call = "event.offline.clear?process_id=%27--",
     .result = "true"},
    {"a limit of nothing", .as = AS_APP, .call = "event.offline.get?limit=0", .status = 400,
     .error = "INVALID_ARG_VALUE"},
    {"an id that is no number", .as = AS_APP, .call = "event.offline.clear?process_id=x&id[]=one",
     .status = 400, .error = "INVALID_ARG_VALUE"},
};

SCENARIOS(event_offline, scenarios);
