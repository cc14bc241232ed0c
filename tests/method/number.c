/* Scenarios of numbers, whatever the method: what is out of range is refused, what is taken comes back
 * as it was given. */
#include "scenario.h"

#define REFUSED(title, method, fields, name)                                                       \
    {                                                                                              \
        title, .call = method, .json = "{\"id\":1,\"fields\":" fields "}", .status = 400,          \
               .text = "The field " name " is not defined or invalid"                              \
    }
#define KEPT(title, entity, field, given, shown)                                                   \
    {                                                                                              \
        title, .call = "crm." entity ".update",                                                    \
               .json = "{\"id\":1,\"fields\":{\"" field "\":" given "}}",                          \
               .then = "crm." entity ".get?id=1", .then_has = {                                    \
                   "\"" field "\":" shown                                                          \
               }                                                                                   \
    }
#define LEADS "crm.lead.list?select[]=ID&start=-1&filter[<%3DID]=2&"
#define BOTH "[{\"ID\":\"1\"},{\"ID\":\"2\"}]"
#define NONE "[]"

static const struct scenario scenarios[] = {
    REFUSED("a sum of 1e300", "crm.lead.update", "{\"OPPORTUNITY\":1e300}", "OPPORTUNITY"),
    REFUSED("a sum of 1e300 as text", "crm.lead.update", "{\"OPPORTUNITY\":\"1e300\"}",
            "OPPORTUNITY"),
    REFUSED("a sum of 1e20", "crm.deal.update", "{\"OPPORTUNITY\":1e20}", "OPPORTUNITY"),
    REFUSED("a sum that would lose its cents", "crm.deal.update",
            "{\"OPPORTUNITY\":\"10000000000000\"}", "OPPORTUNITY"),
    REFUSED("as much below zero", "crm.deal.update", "{\"OPPORTUNITY\":-10000000000000}",
            "OPPORTUNITY"),
    REFUSED("digits without end", "crm.deal.update",
            "{\"TAX_VALUE\":\"99999999999999999999999999999999999999999999999999999999999999999\"}",
            "TAX_VALUE"),
    REFUSED("not a number", "crm.deal.update", "{\"TAX_VALUE\":\"NaN\"}", "TAX_VALUE"),
    REFUSED("infinity", "crm.company.update", "{\"REVENUE\":\"Inf\"}", "REVENUE"),
    REFUSED("more than a double holds", "crm.company.update", "{\"REVENUE\":\"1e400\"}", "REVENUE"),
    REFUSED("revenue of 1e300", "crm.company.update", "{\"REVENUE\":1e300}", "REVENUE"),
    REFUSED("a probability above 100", "crm.deal.update", "{\"PROBABILITY\":101}", "PROBABILITY"),
    REFUSED("a probability below 0", "crm.deal.update", "{\"PROBABILITY\":-1}", "PROBABILITY"),
    REFUSED("an id of 2^63", "crm.lead.update", "{\"ASSIGNED_BY_ID\":\"9223372036854775808\"}",
            "ASSIGNED_BY_ID"),
    REFUSED("an id with a fraction", "crm.lead.update", "{\"COMPANY_ID\":1.5}", "COMPANY_ID"),
    REFUSED("an id below 0", "crm.lead.update", "{\"COMPANY_ID\":-5}", "COMPANY_ID"),
    REFUSED("a person below 0", "crm.contact.update", "{\"ASSIGNED_BY_ID\":-1}", "ASSIGNED_BY_ID"),
    REFUSED("a responsible person below 0", "crm.activity.update", "{\"RESPONSIBLE_ID\":-1}",
            "RESPONSIBLE_ID"),
    REFUSED("an integer of an activity that is none", "crm.activity.update",
            "{\"RESULT_MARK\":1e20}", "RESULT_MARK"),
    KEPT("the largest sum", "deal", "OPPORTUNITY", "\"9999999999999.99\"", "\"9999999999999.99\""),
    KEPT("the least sum", "deal", "OPPORTUNITY", "-9999999999999.99", "\"-9999999999999.99\""),
    KEPT("half a cent is one", "deal", "OPPORTUNITY", "1.005", "\"1.01\""),
    KEPT("below zero too", "deal", "OPPORTUNITY", "\"-2.675\"", "\"-2.68\""),
    KEPT("less than half a cent is none", "deal", "OPPORTUNITY", "1.00499", "\"1.00\""),
    KEPT("half a cent of a large sum", "deal", "OPPORTUNITY", "\"999999999999.995\"",
         "\"1000000000000.00\""),
    KEPT("minus zero is zero", "deal", "OPPORTUNITY", "\"-0\"", "\"0.00\""),
    KEPT("less than half a cent below zero too", "deal", "OPPORTUNITY", "-0.001", "\"0.00\""),
    KEPT("the largest integer", "activity", "RESULT_MARK", "\"9223372036854775807\"",
         "\"9223372036854775807\""),
    KEPT("the least integer", "activity", "RESULT_MARK", "\"-9223372036854775808\"",
         "\"-9223372036854775808\""),
    KEPT("a large double", "activity", "RESULT_VALUE", "1e300", "\"1e+300\""),
    KEPT("a small double", "activity", "RESULT_VALUE", "5e-324", "\"4.94065645841247e-324\""),
    KEPT("a double of 17 digits", "activity", "RESULT_SUM", "0.10000000000000002",
         "\"0.10000000000000002\""),
    KEPT("a double of minus zero", "activity", "RESULT_SUM", "\"-0.0\"", "\"0\""),

    {"a type that is another in 32 bits",
     .call = "crm.activity.add?fields[OWNER_TYPE_ID]=4294967298&fields[OWNER_ID]=1&fields[TYPE_ID]="
             "2&fields[SUBJECT]=x&fields[COMMUNICATIONS][0][VALUE]=1",
     .status = 400,
     .text =
         "Could not build binding. Please ensure that owner info and communications are defined "
         "correctly"},
    {"a binding to look for that is no number",
     .call = "crm.activity.list?filter[BINDINGS][0][OWNER_TYPE_ID]=18446744073709551618&"
             "filter[BINDINGS][0][OWNER_ID]=1",
     .status = 400, .error = "INVALID_ARG_VALUE"},
    {"an id above a fraction", .call = LEADS "filter[>ID]=0.5", .result = BOTH},
    {"an id below a fraction", .call = LEADS "filter[<ID]=2.5", .result = BOTH},
    {"an id not below a fraction", .call = LEADS "filter[>%3DID]=1.5",
     .result = "[{\"ID\":\"2\"}]"},
    {"an id equal to a fraction", .call = LEADS "filter[%3DID]=1.5", .result = NONE},
    {"an id unlike a fraction", .call = LEADS "filter[!ID]=1.5", .result = BOTH},
    {"an id in a list with a fraction", .call = LEADS "filter[ID][]=1.5&filter[ID][]=2",
     .result = "[{\"ID\":\"2\"}]"},
    {"an id above 1e20", .call = LEADS "filter[>ID]=1e20", .result = NONE},
    {"an id below 1e20", .call = LEADS "filter[<ID]=1e20", .result = BOTH},
    {"an id equal to 1e20", .call = LEADS "filter[%3DID]=1e20", .result = NONE},
    {"an id below -1e20", .call = LEADS "filter[<ID]=-1e20", .result = NONE},
    {"an id above -1e20", .call = LEADS "filter[>ID]=-1e20", .result = BOTH},
    {"an id above 2^63", .call = LEADS "filter[>%3DID]=9223372036854775808", .result = NONE},
    {"an id of many digits", .call = LEADS "filter[<ID]=99999999999999999999999999999999999999",
     .result = BOTH},
    {"a sum below 1e300", .call = LEADS "filter[<OPPORTUNITY]=1e300", .result = BOTH},

    {"a start near 2^63",
     .call = "crm.lead.list?start=9223372036854775807&filter[ID]=1&select[]=ID",
     .has = {"\"result\":[],\"total\":1"}, .lacks = {"next"}, .alone = 1},
    {"a start beyond 2^63", .call = "crm.lead.list?start=1e30&filter[ID]=1&select[]=ID",
     .has = {"\"result\":[],\"total\":1"}, .lacks = {"next"}, .alone = 1},
    {"a start near 2^63 of users", .call = "user.get?start=9223372036854775800",
     .has = {"\"result\":[],\"total\":"}, .lacks = {"next"}, .alone = 1},
    {"a start near 2^63 of departments", .call = "department.get?START=9223372036854775800",
     .has = {"\"result\":[],\"total\":"}, .lacks = {"next"}, .alone = 1},
    {"any negative start counts nothing",
     .call = "crm.lead.list?start=-9223372036854775808&filter[ID]=1&select[]=ID",
     .has = {"\"result\":[{\"ID\":\"1\"}],\"total\":0"}, .alone = 1},
};

SCENARIOS(number, scenarios);
