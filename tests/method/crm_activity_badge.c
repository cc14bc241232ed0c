/* Scenarios of crm.activity.badge.*. */
#include "scenario.h"

#define METHOD "crm.activity.badge."
#define ADD METHOD "add?code=missedCall&title=Call Status&value=Missed&type=failure"
#define BADGE                                                                                      \
    "{\"code\":\"missedCall\",\"title\":\"Call "                                                   \
    "Status\",\"value\":\"Missed\",\"type\":\"failure\"}"
#define LACKING(title_, call_)                                                                     \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = "REQUIRED_ARG_MISSING",              \
                .text = "Required fields are not filled"                                           \
    }
#define REFUSED(title_, call_, code, words)                                                        \
    {                                                                                              \
        title_, .call = METHOD call_, .status = 400, .error = code, .text = words                  \
    }

static const struct scenario scenarios[] = {
    {"add answers the badge", .call = ADD, .result = "{\"badge\":" BADGE "}", .then = METHOD "list",
     .then_has = {"{\"badges\":[" BADGE "]}"}},
    {"texts by language", .call = METHOD "add",
     .json = "{\"code\":\"c\",\"title\":{\"de\":\"Achtung\",\"en\":\"Alarm\"},\"value\":{\"de\":"
             "\"Ja\"},\"type\":\"warning\"}",
     .result = "{\"badge\":{\"code\":\"c\",\"title\":{\"de\":\"Achtung\",\"en\":\"Alarm\"},"
               "\"value\":{\"de\":\"Ja\"},\"type\":\"warning\"}}",
     .then = METHOD "get?code=c",
     .then_has = {"\"title\":{\"de\":\"Achtung\",\"en\":\"Alarm\"},\"value\":{\"de\":\"Ja\"}"}},
    LACKING("add without a code", "add?title=a&value=b&type=failure"),
    LACKING("add with an empty code", "add?code=&title=a&value=b&type=failure"),
    LACKING("add without a title", "add?code=c&value=b&type=failure"),
    LACKING("add without a value", "add?code=c&title=a&type=failure"),
    LACKING("add without a type", "add?code=c&title=a&value=b"),
    LACKING("add without anything", "add"),
    REFUSED("a type of badge that does not exist", "add?code=c&title=a&value=b&type=lavender",
            "INVALID_ARG_VALUE",
            "The badge type must be success, failure, warning, primary or secondary"),
    REFUSED("texts nested too deep", "add?code=c&title[en][x]=a&value=b&type=failure", "100",
            "Invalid value {Array} to match with parameter {title}. Should be value of type "
            "string|string[]."),
    {"a code that is an array", .call = METHOD "add?code[]=c&title=a&value=b&type=failure",
     .status = 400, .error = "100",
     .text =
         "Invalid value {Array} to match with parameter {code}. Should be value of type string."},
    {"a code in use", .call = ADD, .before = ADD, .status = 400, .error = "INVALID_ARG_VALUE",
     .text = "A badge with this code already exists"},
    {"only an administrator adds badges", .as = AS_USER, .call = ADD, .status = 400,
     .error = "ACCESS_DENIED"},
    {"add without the scope", .as = AS_BASIC, .call = ADD, .status = 401,
     .error = "insufficient_scope"},

    {"get returns it", .call = METHOD "get?code=missedCall", .before = ADD,
     .result = "{\"badge\":" BADGE "}"},
    REFUSED("get of what does not exist", "get?code=missedCall", "NOT_FOUND", "Not found."),
    REFUSED("get without a code", "get", "100", "Could not find value for parameter {code}"),
    {"anybody may get", .as = AS_USER, .call = METHOD "get?code=x", .status = 400,
     .error = "NOT_FOUND"},

    {"no badges, no list", .as = AS_USER, .call = METHOD "list", .result = "{\"badges\":[]}"},

    {"a badge deleted is gone", .call = METHOD "delete?code=missedCall", .before = ADD,
     .result = "true", .then = METHOD "list", .then_has = {"{\"badges\":[]}"}},
    REFUSED("delete of what does not exist", "delete?code=missedCall", "NOT_FOUND", "Not found."),
    REFUSED("delete without a code", "delete", "100", "Could not find value for parameter {code}"),
    {"only an administrator deletes badges", .as = AS_USER, .call = METHOD "delete?code=c",
     .status = 400, .error = "ACCESS_DENIED"},
};

SCENARIOS(crm_activity_badge, scenarios);
