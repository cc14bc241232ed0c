/* Scenarios of methods that are known and not implemented: 501, apart from 404. */
#include "scenario.h"

#define PLANNED_TEXT "This method of the protocol is known but not implemented here yet"

static const struct scenario scenarios[] = {
    {"a planned method says so", .call = "crm.item.add?entityTypeId=1", .status = 501,
     .error = "ERROR_METHOD_NOT_IMPLEMENTED", .text = PLANNED_TEXT},
    {"in any case of letters", .call = "CRM.Item.UPDATE", .status = 501,
     .error = "ERROR_METHOD_NOT_IMPLEMENTED"},
    {"the scope is checked before", .as = AS_BASIC, .call = "crm.item.list", .status = 401,
     .error = "insufficient_scope"},
    {"the credential as well", .as = AS_NOBODY, .call = "crm.item.list", .status = 401,
     .error = "NO_AUTH_FOUND"},
    {"the universal methods", .call = "crm.item.get?entityTypeId=1&id=1", .status = 501,
     .error = "ERROR_METHOD_NOT_IMPLEMENTED"},
    {"the trade methods", .call = "crm.item.productrow.list", .status = 501,
     .error = "ERROR_METHOD_NOT_IMPLEMENTED"},
    {"a planned method of another scope", .call = "im.message.add", .status = 401,
     .error = "insufficient_scope"},
    {"what nobody knows is not found", .call = "crm.activity.todo.nonsense", .status = 404,
     .error = "ERROR_METHOD_NOT_FOUND", .text = "Method not found!"},
};

SCENARIOS(planned, scenarios);
