/* crm.timeline.icon.*, crm.timeline.logo.*. */
#include "scenario.h"

#define CODED(code, words) .status = 400, .error = code, .text = words
#define PNG                                                                                        \
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"   \
    "Jggg=="
#define ADD(kind, content)                                                                         \
    .call = "crm.timeline." kind ".add",                                                           \
    .json = "{\"code\":\"info\",\"fileContent\":\"" content "\"}"
#define ADDED(kind)                                                                                \
    .before = "crm.timeline." kind ".add",                                                         \
    .before_json = "{\"code\":\"info\",\"fileContent\":\"" PNG "\"}"
/* All of one kind. */
#define SCENARIOS_OF(kind, title)                                                                  \
    {kind ": added", ADD(kind, PNG),                                                               \
     .has = {"{\"" kind "\":{\"code\":\"info\",\"isSystem\":false,\"fileUri\":\"http"},            \
     .then = "crm.timeline." kind ".list",                                                         \
     .then_has = {"{\"" kind "s\":[{\"code\":\"info\",\"isSystem\":false,", "\"total\":1"}},       \
        {kind ": by an administrator", .as = AS_USER, ADD(kind, PNG),                              \
         CODED("ACCESS_DENIED", "Access denied")},                                                 \
        {kind ": no picture", ADD(kind, "YQ=="),                                                   \
         CODED("INVALID_ARG_VALUE", "Invalid fileContent parameter specified")},                   \
        {kind ": no code", .call = "crm.timeline." kind ".add",                                    \
         CODED("100", "Could not find value for parameter {code}")},                               \
        {kind ": replaced", ADDED(kind), ADD(kind, PNG), .then = "crm.timeline." kind ".list",     \
         .then_has = {"\"total\":1"}},                                                             \
        {kind ": shown", ADDED(kind), .call = "crm.timeline." kind ".get?code=info",               \
         .has = {"\"code\":\"info\",\"isSystem\":false", "crm_show_timeline_image.php?fileId="}},  \
        {kind ": not there", .call = "crm.timeline." kind ".get?code=test",                        \
         CODED("NOT_FOUND", title " not found for code `test`")},                                  \
        {kind ": none", .call = "crm.timeline." kind ".list", .result = "{\"" kind "s\":[]}"},     \
        {kind ": deleted",                                                                         \
         ADDED(kind),                                                                              \
         .call = "crm.timeline." kind ".delete?code=info",                                         \
         .result = "true",                                                                         \
         .then = "crm.timeline." kind ".list",                                                     \
         .then_has = {"\"total\":0"}},                                                             \
        {kind ": not deleted by others", .as = AS_USER,                                            \
         .call = "crm.timeline." kind ".delete?code=info",                                         \
         CODED("ACCESS_DENIED", "Access denied")},                                                 \
    {                                                                                              \
        kind ": nothing to delete", .call = "crm.timeline." kind ".delete?code=info",              \
                                    CODED("NOT_FOUND", title " not found for code `info`")         \
    }

static const struct scenario scenarios[] = {
    SCENARIOS_OF("icon", "Icon"),
    SCENARIOS_OF("logo", "Logo"),
};

SCENARIOS(crm_timeline_image, scenarios);
