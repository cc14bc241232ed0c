/* Scenarios of crm.multifield.fields. Multifields themselves: crm_lead.c. */
#include "scenario.h"

static const struct scenario scenarios[] = {
    {"fields", .call = "crm.multifield.fields",
     .has = {"\"ID\":{\"type\":\"int\",\"isRequired\":false,\"isReadOnly\":true",
             "\"TYPE_ID\":{\"type\":\"string\",\"isRequired\":false,\"isReadOnly\":true",
             "\"VALUE\":{\"type\":\"string\",\"isRequired\":false,\"isReadOnly\":false",
             "\"VALUE_TYPE\":", "\"title\":\"Value Type\""}},
    {"it needs the scope", .as = AS_BASIC, .call = "crm.multifield.fields", .status = 401,
     .error = "insufficient_scope"},
};

SCENARIOS(crm_multifield, scenarios);
