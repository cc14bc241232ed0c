/* Scenarios of the protocol's methods on itself, by the pages of api-reference/common/system. */
#include "scenario.h"

static const struct scenario scenarios[] = {
    {"the time in the portal's zone", .as = AS_BASIC, .call = "server.time",
     .result = "\"2026-01-15T12:00:00+03:00\""},
    {"the time for nobody", .as = AS_NOBODY, .call = "server.time", .status = 401,
     .error = "NO_AUTH_FOUND"},
    {"parameters it does not know do not matter", .call = "server.time?__order=x&auth=y",
     .result = "\"2026-01-15T12:00:00+03:00\""},

    {"one's own scopes", .call = "scope", .result = "[\"crm\",\"user\",\"department\"]"},
    {"of another webhook", .as = AS_BASIC, .call = "scope", .result = "[]"},
    {"full=false means one's own", .as = AS_BASIC, .call = "scope?full=false", .result = "[]"},
    {"every scope there is", .as = AS_BASIC, .call = "scope?full=true",
     .has = {"\"crm\"", "\"user_brief\"", "\"telephony\"", "\"task\"", "\"tasks_extended\"",
             "\"configuration.import\"", "\"rest\""},
     .lacks = {"\"basic\""}},

    {"what a webhook may know of itself", .call = "app.info",
     .result = "{\"SCOPE\":[\"crm\",\"user\",\"department\"],\"LICENSE\":\"en_selfhosted\"}"},

    {"a feature that is here", .call = "feature.get?CODE=rest_offline_extended",
     .result = "{\"value\":\"Y\"}"},
    {"what an application may know of itself", .as = AS_APP, .call = "app.info",
     .has =
         {"\"ID\":1,\"VERSION\":1,\"INSTALLED\":true,\"DAYS\":null,\"CODE\":\"local.",
          "\"STATUS\":\"L\",\"PAYMENT_EXPIRED\":\"N\",\"LANGUAGE_ID\":\"en\"",
          "\"LICENSE\":\"en_selfhosted\"", "\"client_id\":\"local.",
          "\"scope\":\"crm,user\",\"expires\":\"2026-01-16T12:00:00+03:00\",\"user_id\":1,"
          "\"install\":{\"installed\":true,\"version\":1,\"status\":\"L\",\"scope\":\"crm,user\","
          "\"domain\":\"test\",\"uri\":\"http://test\",\"client_endpoint\":\"http://test/rest/\","
          "\"member_id\":\"",
          "\",\"member_type\":\"user\"}}"},
     .lacks = {"SCOPE"}},
    {"an application of another user", .as = AS_APP_TWO, .call = "app.info",
     .has = {"\"ID\":2,", "\"user_id\":2,"}},
    {"an application acts for its user", .as = AS_APP_TWO, .call = "user.current",
     .has = {"\"ID\":\"2\""}},
    {"a token that has run out", .as = AS_EXPIRED, .call = "app.info", .status = 401,
     .error = "expired_token", .text = "The access token provided has expired."},
    {"an application has its scopes only", .as = AS_APP, .call = "department.get", .status = 401,
     .error = "insufficient_scope",
     .text = "The request requires higher privileges than provided by the access token"},

    {"methods that can be called", .call = "methods",
     .has = {"\"profile\"", "\"user.get\"", "\"crm.activity.list\"", "\"crm.enum.ownertype\""},
     .lacks = {"tasks.task.list"}},
    {"fewer with fewer scopes", .as = AS_BASIC, .call = "methods",
     .has = {"\"profile\"", "\"methods\""}, .lacks = {"user.get", "crm."}},
    {"every method", .as = AS_BASIC, .call = "methods?full=true",
     .has = {"\"profile\"", "\"user.get\"", "\"crm.activity.list\""}, .lacks = {"tasks.task."}},
    {"methods of a scope", .as = AS_BASIC, .call = "methods?scope=user",
     .result = "[\"user.fields\",\"user.current\",\"user.get\",\"user.search\",\"user.add\",\"user."
               "update\"]"},
    {"methods without a scope", .call = "methods?scope=", .has = {"\"server.time\"", "\"profile\""},
     .lacks = {"user.get", "crm."}},
    {"methods of no scope", .call = "methods?scope=nonsense", .result = "[]"},

    {"a method that can be called", .call = "method.get?name=user.get",
     .result = "{\"isExisting\":true,\"isAvailable\":true}"},
    {"in any case of letters", .call = "method.get?name=CRM.Lead.Get",
     .result = "{\"isExisting\":true,\"isAvailable\":true}"},
    {"a method out of scope", .as = AS_BASIC, .call = "method.get?name=user.get",
     .result = "{\"isExisting\":true,\"isAvailable\":false}"},
    {"a method that is only planned", .call = "method.get?name=crm.item.delivery.list",
     .result = "{\"isExisting\":false,\"isAvailable\":false}"},
    {"no method", .call = "method.get?name=user.gets",
     .result = "{\"isExisting\":false,\"isAvailable\":false}"},
    {"no name", .call = "method.get", .result = "{\"isExisting\":false,\"isAvailable\":false}"},
    {"an empty name",
     .call = "method.get?name=", .result = "{\"isExisting\":false,\"isAvailable\":false}"},
    {"a name that is no text", .call = "method.get?name[]=user.get", .status = 400,
     .text = "Parameter 'name' must not be an array."},

    {"a feature there is not", .as = AS_BASIC, .call = "feature.get?CODE=landing",
     .result = "{\"value\":\"N\"}"},
    {"a feature nobody knows", .call = "feature.get?code=nonsense", .result = "{\"value\":\"N\"}"},
    {"a feature without a code", .call = "feature.get", .status = 400, .error = "CODE_EMPTY",
     .text = "CODE can't be empty"},
};

SCENARIOS(system, scenarios);
