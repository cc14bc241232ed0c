/* Scenarios of crm.activity.call.getTranscript. The demo has one, of its first call that is over. */
#include "scenario.h"

#define METHOD "crm.activity.call.getTranscript"

static const struct scenario scenarios[] = {
    {"a call that was heard", .call = "batch",
     .json = "{\"cmd\":{\"a\":\"crm.activity.list?filter[TYPE_ID]=2&filter[COMPLETED]=Y&order[ID]="
             "asc&select[]=ID\",\"b\":\"" METHOD "?activityId=$result[a][0][ID]\"}}",
     .alone = 1,
     .has = {"\"b\":{\"transcription\":\"- Hello?\\n- Hello, it is about your offer.\"}"}},
    {"it goes with its call", .events = "ONCRMACTIVITYDELETE", .call = "batch",
     .json = "{\"cmd\":{\"a\":\"crm.activity.list?filter[TYPE_ID]=2&filter[COMPLETED]=Y&order[ID]="
             "asc&select[]=ID\",\"b\":\"crm.activity.delete?id=$result[a][0][ID]\",\"c\":\"" METHOD
             "?activityId=$result[a][0][ID]\"}}",
     .alone = 1, .has = {"\"b\":true", "\"result_error\":{\"c\":{\"error\":\"NOT_FOUND\""}},
    {"a call that nobody heard", .call = METHOD "?activityId=999", .result = "null"},
    {"an activity that is no call", .call = METHOD "?activityId=48", .result = "null"},
    {"without an activity", .call = METHOD, .status = 400, .error = "100",
     .text = "Could not find value for parameter {activityId}"},
    {"what is no number", .call = METHOD "?activityId=abc", .status = 400, .error = "100",
     .text =
         "Invalid value {abc} to match with parameter {activityId}. Should be value of type int."},
    {"what does not exist", .call = METHOD "?activityId=99999", .status = 400, .error = "NOT_FOUND",
     .text = "Element not found"},
    {"without a right to read", .as = AS_ROLELESS, .call = METHOD "?activityId=999", .status = 403,
     .error = "ACCESS_DENIED"},
    {"without the scope", .as = AS_BASIC, .call = METHOD "?activityId=999", .status = 401,
     .error = "insufficient_scope"},
};

SCENARIOS(crm_activity_transcript, scenarios);
