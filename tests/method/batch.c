/* Scenarios of batch, by its page and by what live portals answer. */
#include "scenario.h"

#define ONE "{\"error\":\"\",\"error_description\":\"Activity is not found\"}"

static const struct scenario scenarios[] = {
    {"all five parts, always", .call = "batch", .alone = 1,
     .has =
         {"{\"result\":{\"result\":[],\"result_error\":[],\"result_total\":[],\"result_next\":[],"
          "\"result_time\":[]},"}},
    {"cmd must be an array", .call = "batch?cmd=crm", .alone = 1, .status = 400,
     .error = "INVALID_REQUEST"},
    {"keys 0, 1 come back as a list", .call = "batch", .alone = 1,
     .json = "{\"cmd\":[\"crm.activity.list?filter[ID]=1&select[]=ID\",\"scope\"]}",
     .has = {"\"result\":[[{\"ID\":\"1\"}],[\"crm\",\"user\",\"department\"]],\"result_"
             "error\":[],"
             "\"result_total\":[1],\"result_next\":[]"}},
    {"other keys as an object, in their order", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"z\":\"scope\",\"a\":\"crm.activity.list?filter[ID]=1&select[]=ID\"}}",
     .has = {"\"result\":{\"z\":[\"crm\",\"user\",\"department\"],\"a\":[{\"ID\":\"1\"}]},"
             "\"result_error\":[],\"result_total\":{\"a\":1},\"result_next\":[]"}},
    {"a failed command stands in result_error alone", .call = "batch", .alone = 1,
     .json = "{\"cmd\":[\"crm.activity.get?id=99999\",\"scope\"]}",
     .has = {"\"result\":{\"1\":[", "\"result_error\":[" ONE "]", "\"result_time\":{\"1\":{"}},
    {"a gap makes an object", .call = "batch", .alone = 1,
     .json = "{\"cmd\":[\"scope\",\"crm.activity.get?id=99999\"]}",
     .has = {"\"result\":[[", "\"result_error\":{\"1\":" ONE "}"}},
    /* Recorded from a portal. */
    {"each part is a list by its own keys", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"0\":\"crm.activity.get?id=99999\",\"1\":\"crm.activity.get?id=99999\","
             "\"59\":\"scope\"}}",
     .has = {"\"result\":{\"59\":[", "\"result_error\":[" ONE "," ONE "]",
             "\"result_time\":{\"59\":{"}},
    {"an own key 0 behind a word", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"a\":\"crm.activity.get?id=99999\",\"0\":\"crm.activity.list?filter[ID]=1&"
             "select[]=ID\"}}",
     .has = {"\"result\":[[{\"ID\":\"1\"}]]", "\"result_error\":{\"a\":" ONE "}",
             "\"result_total\":[1]", "\"result_time\":[{"}},
    {"keys out of their order are an object", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"1\":\"scope\",\"0\":\"scope\"}}",
     .has = {"\"result\":{\"1\":[", "],\"0\":[", "\"result_time\":{\"1\":{"}},
    {"a key that only looks like a number", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"00\":\"scope\"}}", .has = {"\"result\":{\"00\":["}},
    {"halt stops at the first error", .call = "batch", .alone = 1,
     .json = "{\"halt\":1,\"cmd\":[\"scope\",\"no.such\",\"crm.activity.delete?id=1\"]}",
     .has = {"\"result_error\":{\"1\":{\"error\":\"ERROR_METHOD_NOT_FOUND\""}, .lacks = {"\"2\":"},
     .then = "crm.activity.get?id=1", .then_has = {"\"ID\":\"1\""}},
    {"without halt the others go on", .events = "ONCRMACTIVITYDELETE", .call = "batch", .alone = 1,
     .json = "{\"halt\":false,\"cmd\":[\"no.such\",\"crm.activity.delete?id=1\"]}",
     .has = {"\"result\":{\"1\":true}"}, .then = "crm.activity.get?id=1",
     .then_has = {"Activity is not found"}},
    {"a command refers to an earlier result", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"one\":\"crm.activity.list?filter[ID]=7&select[]=ID\",\"two\":"
             "\"crm.activity.get?id=$result[one][0][ID]\"}}",
     .has = {"\"two\":{\"ID\":\"7\""}},
    {"and to what it added", .events = "ONCRMCONTACTADD", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"c\":\"crm.contact.add?fields[NAME]=Zoe\",\"get\":"
             "\"crm.contact.list?filter[ID]=$result[c]&select[]=NAME\"}}",
     .has = {"\"get\":[{\"NAME\":\"Zoe\"}]"}},
    {"the SDKs' chain of pages, encoded", .call = "batch", .alone = 1,
     .json = "{\"cmd\":[\"crm.activity.list?order%5BID%5D=ASC&start=-1&select%5B%5D=ID&filter%5B%3E"
             "ID%5D=0\",\"crm.activity.list?order%5BID%5D=ASC&start=-1&select%5B%5D=ID&filter%5B%3E"
             "ID%5D=%24result%5B0%5D%5B49%5D%5BID%5D\"]}",
     .has = {"{\"ID\":\"50\"}],[{\"ID\":\"51\"}"}},
    {"commands as method and params", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"a\":{\"method\":\"crm.activity.get\",\"params\":{\"id\":2}}}}",
     .has = {"\"a\":{\"ID\":\"2\""}},
    {"an extra parameter and a trailing & are nothing", .events = "ONCRMLEADADD", .call = "batch",
     .alone = 1,
     .json = "{\"cmd\":{\"order0000000000\":\"crm.lead.add?__order=order0000000000&fields[NAME]="
             "Bob&\"}}",
     .has = {"\"result\":{\"order0000000000\":"}, .lacks = {"result_error\":{"}},
    {"no batch inside batch", .call = "batch", .alone = 1,
     .json = "{\"cmd\":[\"batch?cmd[]=scope\"]}",
     .has = {"\"result_error\":[{\"error\":\"ERROR_BATCH_METHOD_NOT_ALLOWED\","
             "\"error_description\":\"Method is not allowed for batch usage\"}]"}},
    {"the scope is checked inside too", .as = AS_BASIC, .call = "batch", .alone = 1,
     .json = "{\"cmd\":[\"crm.activity.get?id=1\"]}", .has = {"\"error\":\"insufficient_scope\""}},
    {"a command of the 51st place", .call = "batch", .alone = 1,
     .json = "{\"cmd\":[\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\","
             "\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\","
             "\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\","
             "\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\","
             "\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\","
             "\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\",\"scope\","
             "\"scope\",\"scope\",\"scope\",\"crm.activity.delete?id=1\"]}",
     .has = {"\"result_error\":{\"50\":{\"error\":\"ERROR_BATCH_LENGTH_EXCEEDED\","
             "\"error_description\":\"Max batch length exceeded\"}}"},
     .then = "crm.activity.get?id=1", .then_has = {"\"ID\":\"1\""}},
};

SCENARIOS(batch, scenarios);
