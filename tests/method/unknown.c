/* Scenarios of names that mean nothing here, in the mode `portal`; the two others are in
 * tests/wire/unknown.test.mjs. */
#include "scenario.h"

#define MAKES(entity)                                                                              \
    " crm." entity ".userfield.add makes one; serve with "                                         \
    "--unknown-fields ignore to leave such names out"
#define CUSTOM(title, request, body, place, rest)                                                  \
    {                                                                                              \
        title, .call = request, .json = body, .status = 400, .error = "INVALID_ARG_VALUE",         \
               .text = "There is no custom field UF_CRM_NO (in " place ")" rest                    \
    }

static const struct scenario scenarios[] = {
    CUSTOM("a filter by a custom field that is not there finds no stranger's deal",
           "crm.deal.list?filter[UF_CRM_NO]=2026-17&select[]=ID", NULL, "filter",
           "." MAKES("deal")),
    CUSTOM("with an operator", "crm.lead.list?filter[!%25UF_CRM_NO]=1", NULL, "filter",
           "." MAKES("lead")),
    CUSTOM("with an operator that is not there", "crm.deal.list?filter[><UF_CRM_NO][]=1", NULL,
           "filter", "." MAKES("deal")),
    {"in a group of conditions", .call = "crm.deal.list",
     .json = "{\"filter\":{\"LOGIC\":\"OR\",\"0\":{\"=UF_CRM_NO\":17}}}", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Filter by 0: conditions cannot be grouped here"},
    {"a condition whose operator is not there", .call = "crm.activity.list?filter[><ID][]=1",
     .status = 400, .error = "INVALID_ARG_VALUE",
     .text = "Filter by ID: there is no such operator"},
    {"of people as well", .call = "user.get?FILTER[?NAME]=zzz", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Filter by NAME: there is no such operator"},
    {"by what a field cannot be found", .call = "crm.activity.list?filter[COMMUNICATIONS]=1",
     .status = 400, .error = "INVALID_ARG_VALUE",
     .text = "Filter by COMMUNICATIONS: this field cannot be filtered by"},
    {"by a picture", .call = "crm.contact.list?filter[!PHOTO]=", .status = 400,
     .error = "INVALID_ARG_VALUE", .text = "Filter by PHOTO: this field cannot be filtered by"},
    {"bindings by an operator", .call = "crm.activity.list?filter[!BINDINGS][OWNER_ID]=1",
     .status = 400, .error = "INVALID_ARG_VALUE",
     .text = "Filter by BINDINGS: give a list of {OWNER_TYPE_ID, OWNER_ID}"},
    CUSTOM("an order by it", "crm.contact.list?order[UF_CRM_NO]=ASC", NULL, "order",
           "." MAKES("contact")),
    CUSTOM("a value that would be lost", "crm.company.add",
           "{\"fields\":{\"TITLE\":\"T\",\"UF_CRM_NO\":\"17\"}}", "fields", "." MAKES("company")),
    CUSTOM("in an update", "crm.deal.update", "{\"id\":1,\"fields\":{\"UF_CRM_NO\":\"17\"}}",
           "fields", "." MAKES("deal")),
    CUSTOM("beside the filter, where it was forgotten", "crm.deal.list?UF_CRM_NO=17", NULL,
           "parameters", "." MAKES("deal")),
    CUSTOM("of an activity", "crm.activity.list?filter[UF_CRM_NO]=17", NULL, "filter",
           ", and none can be made for crm.activity.list"),
    CUSTOM("of a person, among the parameters", "user.get?UF_CRM_NO=17", NULL, "filter",
           ". user.userfield.add makes one; serve with "
           "--unknown-fields ignore to leave such names out"),
    CUSTOM("a value of a person", "user.update?ID=2&UF_CRM_NO=17", NULL, "fields",
           ". user.userfield.add makes one; serve with "
           "--unknown-fields ignore to leave such names out"),
    CUSTOM("an order of people", "user.get?sort=UF_CRM_NO", NULL, "order",
           ". user.userfield.add makes one; serve with "
           "--unknown-fields ignore to leave such names out"),
    CUSTOM("of a department", "department.get?UF_CRM_NO=17", NULL, "parameters",
           ", and none can be made for department.get"),

    {"in a select it is left out",
     .call = "crm.deal.list?filter[ID]=1&select[]=ID&select[]=UF_CRM_NO&select[]=UF_*",
     .result = "[{\"ID\":\"1\"}]"},
    {"a person's own UF_ fields are there",
     .call = "user.get?FILTER[UF_DEPARTMENT]=1&FILTER[ID]=1&select[]=UF_PHONE_INNER&sort=UF_SKYPE",
     .has = {"UF_PHONE_INNER"}},
    {"all other names are left out",
     .call = "crm.deal.list?filter[ID]=1&filter[NOPE]=1&order[NOPE]=ASC&select[]=ID&select[]=NOPE"
             "&nope=1",
     .result = "[{\"ID\":\"1\"}]"},
    {"also in fields", .call = "crm.deal.update?id=1&fields[NOPE]=1&fields[TITLE]=Known",
     .result = "true", .then = "crm.deal.get?id=1", .then_has = {"\"TITLE\":\"Known\""}},
    {"a text where a list of addresses belongs is left out", .call = "crm.lead.add", .drops = 1,
     .json = "{\"fields\":{\"TITLE\":\"Texts\",\"EMAIL\":\"no address\",\"PHONE\":7}}",
     .then = "crm.lead.list?filter[TITLE]=Texts&select[]=TITLE&select[]=HAS_EMAIL&select[]=EMAIL",
     .then_has = {"\"TITLE\":\"Texts\",\"HAS_EMAIL\":\"N\"}]"}},
};

SCENARIOS(unknown, scenarios);
