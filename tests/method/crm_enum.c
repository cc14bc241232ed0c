/* Scenarios of crm.enum.*, answers as the pages of api-reference/crm/auxiliary/enum show them. */
#include "scenario.h"

#define ITEM(id, name)                                                                             \
    "{\"ID\":" #id ",\"NAME\":\"" name "\",\"SYMBOL_CODE\":null,\"SYMBOL_CODE_SHORT\":null}"
#define CODED(id, name, code, brief)                                                               \
    "{\"ID\":" #id ",\"NAME\":\"" name "\",\"SYMBOL_CODE\":\"" code                                \
    "\",\"SYMBOL_CODE_SHORT\":\"" brief "\"}"
#define FIELD(name, type, title)                                                                   \
    "\"" name "\":{\"type\":\"" type "\",\"isRequired\":false,\"isReadOnly\":true,"                \
    "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":false,\"title\":\"" title "\"}"

static const struct scenario scenarios[] = {
    {"a webhook without the scope is refused", .as = AS_BASIC, .call = "crm.enum.ownertype",
     .status = 401, .error = "insufficient_scope"},
    {"fields of an item", .call = "crm.enum.fields",
     .result = "{" FIELD("ID", "int", "ID") "," FIELD("NAME", "string", "Name") "," FIELD(
         "SYMBOL_CODE", "string", "Symbol code") "," FIELD("SYMBOL_CODE_SHORT", "string",
                                                           "Short symbol code") "}"},
    {"types of owners", .as = AS_USER, .call = "crm.enum.ownertype",
     .has = {"[" CODED(1, "Lead", "LEAD", "L") "," CODED(2, "Deal", "DEAL", "D"),
             CODED(3, "Contact", "CONTACT", "C"), CODED(4, "Company", "COMPANY", "CO"),
             CODED(7, "Quote", "QUOTE", "Q"), CODED(31, "Invoice", "SMART_INVOICE", "SI")}},
    {"types of activities", .call = "crm.enum.activitytype",
     .result = "[" ITEM(0, "") "," ITEM(1, "Meeting") "," ITEM(2, "Call") "," ITEM(
         3, "Task") "," ITEM(4, "E-mail") "," ITEM(5, "Action") "," ITEM(6, "User Action") "]"},
    {"priorities", .call = "crm.enum.activitypriority",
     .result = "[" ITEM(0, "") "," ITEM(1, "low") "," ITEM(2, "medium") "," ITEM(3, "high") "]"},
    {"directions", .call = "crm.enum.activitydirection",
     .result = "[" ITEM(0, "") "," ITEM(1, "Incoming") "," ITEM(2, "Outgoing") "]"},
    {"units of reminders", .call = "crm.enum.activitynotifytype",
     .result = "[" ITEM(0, "") "," ITEM(1, "min.") "," ITEM(2, "h.") "," ITEM(3, "d.") "]"},
    {"states", .call = "crm.enum.activitystatus",
     .result = "[" ITEM(0, "") "," ITEM(1, "Pending") "," ITEM(2, "Completed") "," ITEM(
         3, "Automatically Completed") "]"},
    {"formats of descriptions", .call = "crm.enum.contenttype",
     .result =
         "[" ITEM(0, "") "," ITEM(1, "Plain text") "," ITEM(2, "bbCode") "," ITEM(3, "HTML") "]"},
    {"types of addresses", .call = "crm.enum.addresstype",
     .has = {"[" ITEM(11, "Shipping address"), ITEM(1, "Physical address"),
             ITEM(6, "Legal address"), ITEM(9, "Beneficiary address") "]"}},
    {"modes of the CRM", .call = "crm.enum.settings.mode",
     .result = "[" ITEM(1, "Classic CRM") "," ITEM(2, "Simple CRM") "]"},
    {"owners of orders", .call = "crm.enum.getorderownertypes",
     .result = "[{\"attribute\":\"DYN\",\"code\":\"DEAL\",\"id\":2,\"name\":\"Deal\"}]"},
};

SCENARIOS(crm_enum, scenarios);
