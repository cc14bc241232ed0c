/* Scenarios of methods that are known and not there yet: not found, and the text says so. */
#include "scenario.h"

#define NOT_YET(name) "Method not found! " name " is known, but not there yet."

static const struct scenario scenarios[] = {
    {"a known method says so", .call = "tasks.task.add?fields[TITLE]=x", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = NOT_YET("tasks.task.add")},
    {"in any case of letters, with its suffix", .call = "IMBOT.Register.json", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = NOT_YET("imbot.register")},
    {"near the beginning of the table", .call = "ai.engine.list", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = NOT_YET("ai.engine.list")},
    {"the last of the table", .call = "voximplant.user.get", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = NOT_YET("voximplant.user.get")},
    {"the scope is not looked at", .as = AS_USER, .call = "catalog.product.list", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = NOT_YET("catalog.product.list")},
    {"the credential is", .as = AS_NOBODY, .call = "tasks.task.list", .status = 401,
     .error = "NO_AUTH_FOUND"},
    {"what nobody knows is not found", .call = "crm.activity.todo.nonsense", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = "Method not found!"},
    {"the beginning of a known name", .call = "tasks.task.ad", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = "Method not found!"},
    {"a known name and more", .call = "tasks.task.adds", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = "Method not found!"},
    {"a space behind it", .call = "tasks.task.add ", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = "Method not found!"},
};

SCENARIOS(known, scenarios);
