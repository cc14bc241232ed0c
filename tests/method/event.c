/* Scenarios of event.* and events. What is delivered is in tests/wire/event.test.mjs. */
#include "scenario.h"

#define HANDLER "handler=http://127.0.0.1:9/hear"
#define BIND(event) "event.bind?event=" event "&" HANDLER
/* Several calls in one request: what the earlier ones did, the last ones show. */
#define STEPS(...) .alone = 1, .call = "batch", .json = "{\"cmd\":[" __VA_ARGS__ "]}"

static const struct scenario scenarios[] = {
    {"bind", .as = AS_APP, .call = BIND("onCrmActivityUpdate"), .result = "true", .then_as = AS_APP,
     .then = "event.get",
     .then_has = {"[{\"event\":\"ONCRMACTIVITYUPDATE\",\"handler\":\"http://127.0.0.1:9/hear\","
                  "\"auth_type\":\"0\",\"offline\":0}]"}},
    {"bind by a webhook", .call = BIND("ONCRMLEADADD"), .status = 403, .error = "WRONG_AUTH_TYPE",
     .text = "Current authorization type is denied for this method"},
    {"bind without an event", .as = AS_APP, .call = "event.bind?" HANDLER, .status = 400,
     .error = "ERROR_ARGUMENT", .text = "Argument 'EVENT' is null or empty"},
    {"bind without a handler", .as = AS_APP, .call = "event.bind?event=ONCRMLEADADD", .status = 400,
     .error = "ERROR_ARGUMENT", .text = "Argument 'HANDLER' is null or empty"},
    {"bind an event that does not exist", .as = AS_APP, .call = BIND("ONNOTHING"), .status = 400,
     .error = "ERROR_EVENT_NOT_FOUND", .text = "Event not found"},
    {"bind to an address of no server", .as = AS_APP,
     .call = "event.bind?event=ONCRMLEADADD&handler=file:///etc/passwd", .status = 400,
     .error = "ERROR_CORE"},
    {"bind to an address with a line break", .as = AS_APP,
     .call = "event.bind?event=ONCRMLEADADD&handler=http://a/%0D%0AX:1", .status = 400,
     .error = "ERROR_CORE"},
    {"bind twice", STEPS("\"" BIND("ONCRMLEADADD") "\",\"" BIND("oncrmleadadd") "\""), .as = AS_APP,
     .has =
         {"\"result\":[true]",
          "{\"error\":\"ERROR_CORE\",\"error_description\":\"Unable to set event handler: Handler "
          "already binded\"}"}},
    {"the event's name must be one text", .as = AS_APP, .call = "event.bind?event[]=x&" HANDLER,
     .status = 400, .text = "Parameter 'event' must not be an array."},
    {"bind for another user", .as = AS_APP, .call = BIND("ONCRMLEADADD") "&auth_type=2",
     .then_as = AS_APP, .then = "event.get", .then_has = {"\"auth_type\":\"2\""}},
    {"bind for a user who does not exist", .as = AS_APP,
     .call = BIND("ONCRMLEADADD") "&auth_type=999", .status = 400, .error = "INVALID_ARG_VALUE"},
    {"another user is the administrator's to bind", .as = AS_APP_TWO,
     .call = BIND("ONCRMLEADADD") "&auth_type=1", .status = 403, .error = "ACCESS_DENIED",
     .text = "Access denied! Event binding with AUTH_TYPE requires administrator access rights"},
    {"who is no administrator binds for himself", .as = AS_APP_TWO, .call = BIND("ONCRMLEADADD"),
     .then_as = AS_APP_TWO, .then = "event.get", .then_has = {"\"auth_type\":\"2\""}},
    {"who may read nothing is told of nothing", .as = AS_APP_ROLELESS, .call = BIND("ONCRMLEADADD"),
     .then = "crm.lead.add?fields[TITLE]=x", .then_has = {"\"result\":"}},
    {"offline events are the administrator's", .as = AS_APP_TWO,
     .call = "event.bind?event=ONCRMLEADADD&event_type=offline", .status = 403,
     .error = "ACCESS_DENIED",
     .text = "Access denied! Offline events binding requires administrator access rights"},
    {"an unknown kind of event", .as = AS_APP, .call = BIND("ONCRMLEADADD") "&event_type=later",
     .status = 400, .error = "INVALID_ARG_VALUE"},
    {"a minTimeout that is no number", .as = AS_APP,
     .call = BIND("ONOFFLINEEVENT") "&options[minTimeout]=soon", .status = 400,
     .error = "INVALID_ARG_VALUE"},
    {"bind offline without a handler", .as = AS_APP,
     .call = "event.bind?event=ONCRMLEADADD&event_type=offline", .then_as = AS_APP,
     .then = "event.get",
     .then_has = {"[{\"event\":\"ONCRMLEADADD\",\"handler\":\"\",\"auth_type\":\"0\","
                  "\"offline\":1}]"}},
    {"an application sees its own only", .as = AS_APP, .call = BIND("ONCRMLEADADD"),
     .then_as = AS_APP_TWO, .then = "event.get", .then_has = {"\"result\":[]"}},

    {"unbind tells how many",
     STEPS("\"" BIND("ONCRMLEADADD") "\",\"" BIND("ONCRMLEADUPDATE") "\",\"event.unbind?event="
                                                                     "oncrmleadadd&" HANDLER
                                                                     "\",\"event.get\""),
     .as = AS_APP, .has = {"{\"count\":1},[{\"event\":\"ONCRMLEADUPDATE\""},
     .lacks = {"ONCRMLEADADD"}},
    {"unbind without parameters ends all",
     STEPS("\"" BIND("ONCRMLEADADD") "\",\"" BIND("ONCRMLEADUPDATE") "\",\"event.unbind\""),
     .as = AS_APP, .has = {"{\"count\":2}"}},
    {"unbind only those without a user",
     STEPS("\"" BIND("ONCRMLEADADD") "\",\"" BIND(
         "ONCRMLEADADD") "&auth_type=2\",\"event.unbind?"
                         "event=ONCRMLEADADD&auth_type=0\",\"event.get\""),
     .as = AS_APP, .has = {"{\"count\":1},[{\"event\":\"ONCRMLEADADD\"", "\"auth_type\":\"2\""}},
    {"unbind what is not there", .as = AS_APP, .call = "event.unbind?event=ONCRMLEADADD&" HANDLER,
     .result = "{\"count\":0}"},
    {"unbind an event that does not exist", .as = AS_APP, .call = "event.unbind?event=ONNOTHING",
     .status = 400, .error = "ERROR_EVENT_NOT_FOUND"},
    {"unbind by a webhook", .call = "event.unbind", .status = 403, .error = "WRONG_AUTH_TYPE"},
    {"unbind another user's", .as = AS_APP_TWO, .call = "event.unbind?auth_type=1", .status = 403,
     .error = "ACCESS_DENIED",
     .text = "Access denied! Event unbinding with AUTH_TYPE requires administrator access rights"},
    {"unbind offline events", .as = AS_APP_TWO, .call = "event.unbind?event_type=offline",
     .status = 403, .error = "ACCESS_DENIED",
     .text = "Access denied! Offline events unbinding requires administrator access rights"},
    {"get by a webhook", .call = "event.get", .status = 403, .error = "WRONG_AUTH_TYPE"},

    {"the events there are", .as = AS_APP, .call = "events",
     .has = {"\"ONAPPINSTALL\"", "\"ONCRMACTIVITYADD\"", "\"ONOFFLINEEVENT\""}},
    {"the events of a scope", .as = AS_APP, .call = "events?scope=crm",
     .has = {"\"ONCRMDEALDELETE\""}, .lacks = {"ONAPPINSTALL"}},
    {"the events of a scope that has none", .as = AS_APP, .call = "events?scope=disk",
     .result = "[]"},
    {"events by a webhook", .call = "events", .status = 403, .error = "WRONG_AUTH_TYPE"},

    {"a test without a handler", .as = AS_APP, .call = "event.test?any=data", .result = "1"},
    {"a test by a webhook", .call = "event.test", .status = 403, .error = "WRONG_AUTH_TYPE"},
};

SCENARIOS(event, scenarios);
