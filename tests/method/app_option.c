/* Scenarios of app.option.* and user.option.*. */
#include "scenario.h"

#define NO_APP                                                                                     \
    .status = 403, .error = "ACCESS_DENIED", .text = "Access denied! Application context required"

static const struct scenario scenarios[] = {
    {"nothing is kept yet", .as = AS_APP, .call = "app.option.get", .result = "[]"},
    {"a key that is not there", .as = AS_APP, .call = "app.option.get?option=x", .result = "null"},
    {"values are kept with their types", .as = AS_APP, .call = "app.option.set",
     .json = "{\"options\":{\"b\":[1,{\"c\":null}],\"a\":\"x'\\\"%\"}}", .then_as = AS_APP,
     .then = "app.option.get", .then_has = {"{\"a\":\"x'\\\"%\",\"b\":[1,{\"c\":null}]}"}},
    {"one key", .as = AS_APP, .call = "app.option.set?options[a]=1&options[b]=2", .then_as = AS_APP,
     .then = "app.option.get?option=b", .then_has = {"\"result\":\"2\""}},
    {"other keys stay", .as = AS_APP, .alone = 1, .call = "batch",
     .json = "{\"cmd\":[\"app.option.set?options[a]=1&options[b]=2\",\"app.option.set?options[a]=3"
             "\",\"app.option.get\"]}",
     .has = {"{\"a\":\"3\",\"b\":\"2\"}"}},
    {"another application has its own", .as = AS_APP, .call = "app.option.set?options[a]=1",
     .then_as = AS_APP_TWO, .then = "app.option.get", .then_has = {"\"result\":[]"}},
    {"set is the administrator's", .as = AS_APP_TWO, .call = "app.option.set?options[a]=1",
     .status = 403, .error = "ACCESS_DENIED",
     .text = "Access denied! Administrator authorization required"},
    {"set nothing", .as = AS_APP, .call = "app.option.set", .status = 400,
     .error = "ArgumentNullException", .text = "options is empty"},
    {"set what is no array", .as = AS_APP, .call = "app.option.set?options=1", .status = 400,
     .text = "Parameter 'options' must be array."},
    {"an empty name", .as = AS_APP, .call = "app.option.set", .json = "{\"options\":{\"\":1}}",
     .status = 400, .error = "INVALID_ARG_VALUE"},
    {"a user's are not the application's", .as = AS_APP, .call = "user.option.set?options[a]=1",
     .then_as = AS_APP, .then = "app.option.get", .then_has = {"\"result\":[]"}},
    {"a user keeps his own", .as = AS_APP_TWO, .call = "user.option.set?options[a]=1",
     .then_as = AS_APP_TWO, .then = "user.option.get", .then_has = {"{\"a\":\"1\"}"}},
    {"app.option.get by a webhook", .call = "app.option.get", NO_APP},
    {"app.option.set by a webhook", .call = "app.option.set?options[a]=1", NO_APP},
    {"user.option.get by a webhook", .call = "user.option.get", NO_APP},
    {"user.option.set by a webhook", .call = "user.option.set?options[a]=1", NO_APP},
};

SCENARIOS(app_option, scenarios);
