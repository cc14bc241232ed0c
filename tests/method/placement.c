/* Scenarios of placement.*: an application fills places of the page for people. */
#include "scenario.h"

#define BIND(place, handler) "{\"PLACEMENT\":\"" place "\",\"HANDLER\":\"" handler "\""
#define TAB "CRM_DEAL_DETAIL_TAB"
#define TWICE(a, place_a, handler_a, b, place_b, handler_b)                                        \
    "{\"cmd\":{\"a\":{\"method\":\"" a                                                             \
    "\",\"params\":" BIND(place_a, handler_a) "}},\"b\":{"                                         \
                                              "\"method\":\"" b                                    \
                                              "\",\"params\":" BIND(place_b, handler_b) "}}}}"
#define BOUND                                                                                      \
    .as = AS_APP_SETTER, .before = "placement.bind",                                               \
    .before_json = BIND(TAB, "http://localhost:3000/tab") ",\"TITLE\":\"My tab\"}"
#define REFUSED(json_, code_, text_)                                                               \
    .as = AS_APP_SETTER, .call = "placement.bind", .json = json_, .status = 400, .error = code_,   \
    .text = text_

static const struct scenario scenarios[] = {
    {"bind", .as = AS_APP_SETTER, .call = "placement.bind",
     .json = BIND(TAB, "http://localhost:3000/tab?x=1") ",\"TITLE\":\"My tab\"}", .result = "true"},
    {"what get shows of it", .as = AS_APP_SETTER, .before = "placement.bind",
     .before_json = BIND(TAB, "http://localhost:3000/tab?x=1") ",\"TITLE\":\"My tab\"}",
     .call = "placement.get",
     .result = "[{\"placement\":\"CRM_DEAL_DETAIL_TAB\",\"userId\":0,\"handler\":\"http://"
               "localhost:3000/tab?x=1\",\"options\":[],\"title\":\"My tab\",\"description\":"
               "\"\",\"langAll\":{\"en\":{\"TITLE\":\"My tab\",\"DESCRIPTION\":\"\","
               "\"GROUP_NAME\":\"\"}}}]"},
    {"options and languages are kept", .as = AS_APP_SETTER, .before = "placement.bind",
     .before_json = BIND("CRM_LEAD_DETAIL_ACTIVITY",
                         "https://app.example/a") ",\"OPTIONS\":{"
                                                  "\"useBuiltInInterface\":\"Y\"},\"LANG_ALL\":{"
                                                  "\"de\":{\"TITLE\":\"Reiter\"}}}",
     .call = "placement.get",
     .has = {"\"options\":{\"useBuiltInInterface\":\"Y\"}",
             "\"langAll\":{\"de\":{\"TITLE\":\"Reiter\"}}"}},
    {"in small letters", .as = AS_APP_SETTER, .before = "placement.bind",
     .before_json = BIND("crm_contact_list_menu", "https://app.example/a") "}",
     .call = "placement.get", .has = {"\"CRM_CONTACT_LIST_MENU\""}},
    {"two handlers of one place", .as = AS_APP_SETTER, .before = "batch",
     .before_json = TWICE("placement.bind", TAB, "http://localhost:3000/tab", "placement.bind", TAB,
                          "http://localhost:3000/other"),
     .call = "placement.get", .has = {"/tab\"", "/other\""}},
    {"the same one twice", BOUND, .call = "placement.bind",
     .json = BIND(TAB, "http://localhost:3000/tab") "}", .status = 400, .error = "ERROR_CORE",
     .text = "Unable to set placement handler: Handler already binded"},
    {"a place of a smart process", .as = AS_APP_SETTER, .before = "crm.type.add",
     .before_as_admin = 1,
     .before_json = "{\"fields\":{\"title\":\"Machines\",\"entityTypeId\":1040}}",
     .call = "placement.bind", .json = BIND("CRM_DYNAMIC_1040_DETAIL_TAB", "http://a.example/") "}",
     .result = "true"},
    {"of one that is not there",
     REFUSED(BIND("CRM_DYNAMIC_1040_DETAIL_TAB", "http://a.example/") "}",
             "ERROR_PLACEMENT_NOT_FOUND", "Placement not found")},
    {"no such place", REFUSED(BIND("CRM_NOWHERE", "http://a.example/") "}",
                              "ERROR_PLACEMENT_NOT_FOUND", "Placement not found")},
    {"contacts have no menu in the timeline",
     REFUSED(BIND("CRM_CONTACT_ACTIVITY_TIMELINE_MENU", "http://a.example/") "}",
             "ERROR_PLACEMENT_NOT_FOUND", "Placement not found")},
    {"a place of another scope", REFUSED(BIND("TASK_VIEW_TAB", "http://a.example/") "}",
                                         "ERROR_PLACEMENT_NOT_FOUND", "Placement not found")},
    {"without a place", REFUSED("{\"HANDLER\":\"http://a.example/\"}", "ERROR_ARGUMENT",
                                "Argument 'PLACEMENT' is null or empty")},
    {"a place that is no text",
     REFUSED("{\"PLACEMENT\":[1],\"HANDLER\":\"http://a.example/\"}", "ERROR_ARGUMENT",
             "The value of an argument 'PLACEMENT' must be of type string")},
    {"without a handler", REFUSED("{\"PLACEMENT\":\"" TAB "\"}", "ERROR_ARGUMENT",
                                  "Argument 'HANDLER' is null or empty")},
    {"a handler of another protocol",
     REFUSED(BIND(TAB, "ftp://a.example/") "}", "ERROR_UNSUPPORTED_PROTOCOL",
             "Unsupported handler protocol")},
    {"a handler that is no address",
     REFUSED(BIND(TAB, "a page") "}", "ERROR_WRONG_HANDLER_URL", "Wrong handler URL")},
    {"for one user where all see it",
     REFUSED(BIND(TAB, "http://a.example/") ",\"USER_ID\":1}", "ERROR_PLACEMENT_USER_MODE",
             "User mode is not available")},
    {"for no user is for all", .as = AS_APP_SETTER, .before = "placement.bind",
     .before_json = BIND(TAB, "http://a.example/") ",\"USER_ID\":null}", .call = "placement.get",
     .has = {"\"userId\":0"}},
    {"a worker needs the address of its errors",
     REFUSED(BIND("PAGE_BACKGROUND_WORKER", "http://a.example/") "}", "EMPTY_ERROR_HANDLER_URL",
             "OPTIONS[errorHandlerUrl] is not given")},
    {"a worker for one user", .as = AS_APP_SETTER, .before = "placement.bind",
     .before_json =
         BIND("PAGE_BACKGROUND_WORKER",
              "http://a.example/") ",\"USER_ID\":2,"
                                   "\"OPTIONS\":{\"errorHandlerUrl\":\"http://a.example/e\"}}",
     .call = "placement.get", .has = {"\"userId\":2"}},
    {"for a user who is not there",
     REFUSED(BIND("PAGE_BACKGROUND_WORKER",
                  "http://a.example/") ",\"USER_ID\":999,\"OPTIONS\":{"
                                       "\"errorHandlerUrl\":\"http://a.example/e\"}}",
             "ERROR_ARGUMENT", "USER_ID is no active user")},
    {"an address of the application is one", .as = AS_APP_SETTER, .before = "placement.bind",
     .before_json = BIND("REST_APP_URI", "http://a.example/") "}", .call = "placement.bind",
     .json = BIND("REST_APP_URI", "http://a.example/other") "}", .status = 400,
     .error = "ERROR_PLACEMENT_MAX_COUNT", .text = "Placement max count of handlers is reached"},
    {"not by a webhook", .as = AS_SETTER, .call = "placement.bind",
     .json = BIND(TAB, "http://a.example/") "}", .status = 403, .error = "WRONG_AUTH_TYPE",
     .text = "Current authorization type is denied for this method Application context required"},
    {"not without the scope", .as = AS_APP, .call = "placement.bind",
     .json = BIND(TAB, "http://a.example/") "}", .status = 401, .error = "insufficient_scope",
     .text = "The request requires higher privileges than provided by the access token"},
    {"unbind one", BOUND, .call = "placement.unbind",
     .json = BIND(TAB, "http://localhost:3000/tab") "}", .result = "{\"count\":2}"},
    {"unbound it is gone", .as = AS_APP_SETTER, .before = "batch",
     .before_json = TWICE("placement.bind", TAB, "http://localhost:3000/tab", "placement.unbind",
                          TAB, "http://localhost:3000/tab"),
     .call = "placement.get", .result = "[]"},
    {"unbind all of a place", BOUND, .call = "placement.unbind?PLACEMENT=" TAB,
     .result = "{\"count\":2}"},
    {"unbind what is not there", .as = AS_APP_SETTER, .before = "batch",
     .before_json = TWICE("placement.bind", TAB, "http://localhost:3000/tab", "placement.unbind",
                          TAB, "http://localhost:3000/none"),
     .call = "placement.get", .has = {TAB}},
    {"unbind of whatever handler and user", BOUND, .call = "placement.unbind",
     .json = "{\"PLACEMENT\":\"" TAB "\",\"HANDLER\":null,\"USER_ID\":null}",
     .result = "{\"count\":2}"},
    {"unbind of a user", BOUND, .call = "placement.unbind?PLACEMENT=" TAB "&USER_ID=1",
     .result = "{\"count\":0}"},
    {"unbind without a place", .as = AS_APP_SETTER, .call = "placement.unbind", .status = 400,
     .error = "ERROR_ARGUMENT", .text = "Argument 'PLACEMENT' is null or empty"},
    {"unbind not by a webhook", .as = AS_SETTER, .call = "placement.unbind?PLACEMENT=" TAB,
     .status = 403, .error = "WRONG_AUTH_TYPE",
     .text = "Current authorization type is denied for this method Application context required"},
    {"get not by a webhook", .as = AS_SETTER, .call = "placement.get", .status = 403,
     .error = "WRONG_AUTH_TYPE",
     .text = "Current authorization type is denied for this method Application context required"},
    {"get of nothing", .as = AS_APP_SETTER, .call = "placement.get", .result = "[]"},
    {"list", .as = AS_APP_SETTER, .call = "placement.list",
     .has = {"\"CRM_DEAL_DETAIL_TAB\"", "\"CRM_SMART_INVOICE_LIST_MENU\"", "\"LEFT_MENU\"",
             "\"CRM_QUOTE_ACTIVITY_TIMELINE_MENU\"", "\"USERFIELD_TYPE\"", "\"REST_APP_URI\""},
     .lacks = {"TASK_VIEW_TAB", "CRM_CONTACT_ACTIVITY_TIMELINE_MENU"}},
    {"list of all scopes", .as = AS_APP_SETTER, .call = "placement.list?FULL=true",
     .has = {"\"TASK_VIEW_TAB\"", "\"CRM_DEAL_DETAIL_TAB\""}},
    {"list of one scope", .as = AS_APP_SETTER, .call = "placement.list?SCOPE=task&FULL=true",
     .has = {"\"TASK_VIEW_TAB\""}, .lacks = {"CRM_DEAL_DETAIL_TAB", "LEFT_MENU"}},
    {"list not by a webhook", .as = AS_SETTER, .call = "placement.list", .status = 403,
     .error = "WRONG_AUTH_TYPE",
     .text = "Current authorization type is denied for this method Application context required"},
};

SCENARIOS(placement, scenarios);
