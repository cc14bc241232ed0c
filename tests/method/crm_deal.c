/* Scenarios of crm.deal.*. What all owners do alike is in crm_lead.c. */
#include "scenario.h"

/* Deal 1 with known values, for one filter after the other. */
#define PROBE                                                                                      \
    "crm.deal.update?id=1&fields[TITLE]=Сделка "                                             \
    "Öl&fields[OPPORTUNITY]=99.5&fields[PROBABILITY]=33&"                                         \
    "fields[CLOSEDATE]=2031-05-01&fields[IS_RETURN_CUSTOMER]=Y&fields[STAGE_ID]=EXECUTING"
#define FOUND "\"result\":[{\"ID\":\"1\"}]"
#define NOTHING "\"result\":[]"
#define FILTER(what, filter, answer)                                                               \
    {                                                                                              \
        what, .call = PROBE, .then = "crm.deal.list?select[]=ID&filter[ID]=1&" filter,             \
              .then_has = {                                                                        \
                  answer                                                                           \
              }                                                                                    \
    }
#define WRITE(fields) .call = "crm.deal.update", .json = "{\"id\":1,\"fields\":" fields "}"
#define ADD(fields) .call = "crm.deal.add", .json = "{\"fields\":" fields "}"
#define SHOW(selected) "crm.deal.list?filter[ID]=1&select[]=" selected

static const struct scenario scenarios[] = {
    {"a deal needs the scope", .as = AS_BASIC, .call = "crm.deal.list", .status = 401,
     .error = "insufficient_scope"},
    {"fields tell which entities a deal belongs to", .call = "crm.deal.fields",
     .has = {"\"title\":\"Company\",\"settings\":{\"parentEntityTypeId\":4}}",
             "\"title\":\"Estimate\",\"settings\":{\"parentEntityTypeId\":7}}",
             "\"title\":\"Lead\",\"settings\":{\"parentEntityTypeId\":1}}"},
     .lacks = {"\"title\":\"Contact\",\"settings\""}},
    {"get", .call = "crm.deal.get?id=1",
     .has = {"\"ID\":\"1\"", "\"CATEGORY_ID\":\"0\"", "\"COMPANY_ID\":\"1\"",
             "\"CONTACT_ID\":\"1\"", "\"TAX_VALUE\":\"0.00\"", "\"LEAD_ID\":null",
             "\"QUOTE_ID\":null", "\"LOCATION_ID\":null", "T03:00:00+03:00\",\"OPENED\":\"Y\""},
     .lacks = {"CONTACT_IDS", "PHONE"}},
    {"get without an id", .call = "crm.deal.get", .status = 400,
     .text = "ID is not defined or invalid"},
    {"get with a negative id", .call = "crm.deal.get?id=-1", .status = 400,
     .text = "ID is not defined or invalid"},
    {"get of a missing deal", .call = "crm.deal.get?id=99999", .status = 400, .text = "Not found"},

    {"everything a deal gets by itself", ADD("{\"ADDITIONAL_INFO\":\"bare\"}"),
     .then = "crm.deal.list?filter[ADDITIONAL_INFO]=bare&select[]=*",
     .then_has = {"\"TITLE\":\"Deal #", "\"TYPE_ID\":\"SALE\",\"CATEGORY_ID\":\"0\"",
                  "\"STAGE_ID\":\"NEW\",\"STAGE_SEMANTIC_ID\":\"P\",\"IS_NEW\":\"Y\"",
                  "\"BEGINDATE\":\"2026-01-15T03:00:00+03:00\"",
                  "\"CLOSEDATE\":\"2026-01-22T03:00:00+03:00\",\"OPENED\":\"Y\",\"CLOSED\":\"N\"",
                  "\"ASSIGNED_BY_ID\":\"1\",\"CREATED_BY_ID\":\"1\"", "\"SOURCE_ID\":\"CALL\"",
                  "\"CURRENCY_ID\":\"USD\",\"OPPORTUNITY\":\"0.00\""}},
    {"add answers an integer", ADD("{\"TITLE\":\"One\"}"), .lacks = {"\"result\":\""}},
    {"another user is responsible for what he adds", .as = AS_USER,
     .call = "crm.deal.add?fields[TITLE]=His", .then = "crm.deal.list?filter[TITLE]=His&select[]=*",
     .then_has = {"\"ASSIGNED_BY_ID\":\"2\",\"CREATED_BY_ID\":\"2\",\"MODIFY_BY_ID\":\"2\""}},
    {"fields must be an array", .call = "crm.deal.add?fields=1", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"params must be an array", .call = "crm.deal.add?params=Y", .status = 400,
     .text = "Parameter 'params' must be array"},
    {"update: fields must be an array", .call = "crm.deal.update?id=1&fields=1", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"update: params must be an array", .call = "crm.deal.update?id=1&params=1", .status = 400,
     .text = "Parameter 'params' must be array"},
    {"a currency that cannot be one", ADD("{\"CURRENCY_ID\":\"euros\"}"), .status = 400,
     .text = "Invalid value for the \\\"Currency\\\" field"},
    {"not in an update either", WRITE("{\"CURRENCY_ID\":\"€\"}"), .status = 400,
     .text = "Invalid value for the \\\"Currency\\\" field"},
    {"a probability that is no number", WRITE("{\"PROBABILITY\":\"high\"}"), .status = 400,
     .text = "The field PROBABILITY is not defined or invalid"},
    {"a flag that is none", WRITE("{\"OPENED\":\"maybe\"}"), .status = 400,
     .text = "The field OPENED is not defined or invalid"},
    {"the funnel cannot be changed", WRITE("{\"CATEGORY_ID\":3}"), .then = SHOW("CATEGORY_ID"),
     .then_has = {"\"CATEGORY_ID\":\"0\""}},
    {"update of a missing deal", .call = "crm.deal.update?id=99999", .status = 400,
     .text = "Not found"},
    {"update without an id", .call = "crm.deal.update", .status = 400,
     .text = "ID is not defined or invalid"},
    {"update changes what is given and nothing else", WRITE("{\"COMMENTS\":\"[B]да[/B]\"}"),
     .then = "crm.deal.get?id=1",
     .then_has = {"\"COMMENTS\":\"[B]да", "\"STAGE_ID\":\"PREPAYMENT_INVOICE\"",
                  "\"DATE_MODIFY\":\"2026-01-15T12:00:00+03:00\"", "\"COMPANY_ID\":\"1\"",
                  "\"CLOSEDATE\":\"2026-01-18T03:00:00+03:00\"", "\"CONTACT_ID\":\"1\""}},

    {"won is closed, today", WRITE("{\"STAGE_ID\":\"WON\"}"), .then = "crm.deal.get?id=1",
     .then_has = {"\"STAGE_SEMANTIC_ID\":\"S\"", "\"CLOSED\":\"Y\"",
                  "\"CLOSEDATE\":\"2026-01-15T03:00:00+03:00\"", "\"IS_NEW\":\"N\"",
                  "\"MOVED_BY_ID\":\"1\"", "\"MOVED_TIME\":\"2026-01-15T12:00:00+03:00\""}},
    {"or on the day that is given", WRITE("{\"STAGE_ID\":\"LOSE\",\"CLOSEDATE\":\"2026-01-02\"}"),
     .then = "crm.deal.get?id=1",
     .then_has = {"\"STAGE_SEMANTIC_ID\":\"F\"", "\"CLOSEDATE\":\"2026-01-02T03:00:00+03:00\""}},
    {"a deal that goes on is open again", .call = "crm.deal.update?id=4&fields[STAGE_ID]=NEW",
     .then = "crm.deal.get?id=4",
     .then_has = {"\"STAGE_SEMANTIC_ID\":\"P\"", "\"CLOSED\":\"N\"", "\"IS_NEW\":\"Y\""}},
    {"a stage of another funnel is not taken", WRITE("{\"STAGE_ID\":\"C5:WON\"}"),
     .then = SHOW("STAGE_ID&select[]=CLOSED"),
     .then_has = {"\"STAGE_ID\":\"PREPAYMENT_INVOICE\"", "\"CLOSED\":\"N\""}},

    {"a list of contacts, and the first is the main one",
     ADD("{\"TITLE\":\"C\",\"CONTACT_IDS\":"
         "[5,\"6\",5,99999,\"x\"]}"),
     .then = "crm.deal.list?filter[TITLE]=C&select[]=CONTACT_ID&select[]=CONTACT_IDS",
     .then_has = {"[{\"CONTACT_ID\":\"5\",\"CONTACT_IDS\":[5,6]}]"}},
    {"the list is replaced as a whole", WRITE("{\"CONTACT_IDS\":[7]}"),
     .then = SHOW("CONTACT_ID&select[]=CONTACT_IDS"),
     .then_has = {"[{\"CONTACT_ID\":\"7\",\"CONTACT_IDS\":[7]}]"}},
    {"an empty list ends all links", WRITE("{\"CONTACT_IDS\":[]}"),
     .then = SHOW("CONTACT_ID&select[]=CONTACT_IDS"),
     .then_has = {"[{\"CONTACT_ID\":null,\"CONTACT_IDS\":[]}]"}},
    {"a new main contact joins the others", WRITE("{\"CONTACT_ID\":7}"),
     .then = SHOW("CONTACT_ID&select[]=CONTACT_IDS"),
     .then_has = {"[{\"CONTACT_ID\":\"7\",\"CONTACT_IDS\":[7,1,18]}]"}},
    {"a contact that does not exist is not taken", WRITE("{\"CONTACT_ID\":99999}"),
     .then = SHOW("CONTACT_ID&select[]=CONTACT_IDS"),
     .then_has = {"[{\"CONTACT_ID\":\"1\",\"CONTACT_IDS\":[1,18]}]"}},
    {"a company that does not exist is not taken", WRITE("{\"COMPANY_ID\":99999}"),
     .then = SHOW("COMPANY_ID"), .then_has = {"\"COMPANY_ID\":\"1\""}},
    {"a company can be taken away", WRITE("{\"COMPANY_ID\":0}"), .then = SHOW("COMPANY_ID"),
     .then_has = {"\"COMPANY_ID\":null"}},

    FILTER("deal: substring in any case", "filter[%25TITLE]=ДЕЛКА öL", FOUND),
    FILTER("deal: sum between", "filter[>OPPORTUNITY]=99&filter[<OPPORTUNITY]=100", FOUND),
    FILTER("deal: sum is", "filter[OPPORTUNITY]=99.50", FOUND),
    FILTER("deal: one of the sums", "filter[OPPORTUNITY][]=1&filter[OPPORTUNITY][]=99.5", FOUND),
    FILTER("deal: integer", "filter[>%3DPROBABILITY]=33", FOUND),
    FILTER("deal: not integer", "filter[!PROBABILITY]=33", NOTHING),
    FILTER("deal: day", "filter[CLOSEDATE]=2031-05-01", FOUND),
    FILTER("deal: day in the site's form", "filter[CLOSEDATE]=01.05.2031", FOUND),
    FILTER("deal: not day", "filter[!CLOSEDATE]=2031-05-01", NOTHING),
    FILTER("deal: flag", "filter[IS_RETURN_CUSTOMER]=Y", FOUND),
    FILTER("deal: stage", "filter[STAGE_ID][]=NEW&filter[STAGE_ID][]=EXECUTING", FOUND),
    FILTER("deal: group of stages", "filter[!STAGE_SEMANTIC_ID][]=S", FOUND),
    FILTER("deal: company", "filter[COMPANY_ID]=1", FOUND),
    FILTER("deal: main contact", "filter[CONTACT_ID]=1", FOUND),
    FILTER("deal: any contact", "filter[CONTACT_IDS]=18", FOUND),
    FILTER("deal: one of the contacts", "filter[CONTACT_IDS][]=99&filter[CONTACT_IDS][]=18", FOUND),
    FILTER("deal: not the contact", "filter[!CONTACT_IDS]=18", NOTHING),
    FILTER("deal: some contact", "filter[!CONTACT_IDS]=", FOUND),
    {"a contact to filter by that is no number", .call = "crm.deal.list?filter[CONTACT_IDS]=x",
     .status = 400, .error = "INVALID_ARG_VALUE"},
    {"a number to filter by that is none", .call = "crm.deal.list?filter[PROBABILITY]=x",
     .status = 400, .error = "INVALID_ARG_VALUE"},
    {"order by a sum", .call = PROBE,
     .then = "crm.deal.list?select[]=ID&order[OPPORTUNITY]=ASC&filter[ID][]=2&filter[ID][]=1",
     .then_has = {"[{\"ID\":\"1\"},{\"ID\":\"2\"}]"}},
    {"the chain of SDK lists",
     .call = "crm.deal.list?order[ID]=ASC&filter[>ID]=57&start=-1&select[]=ID",
     .result = "[{\"ID\":\"58\"},{\"ID\":\"59\"},{\"ID\":\"60\"},{\"ID\":\"102\"}]"},
    {"filter must be an array", .call = "crm.deal.list?filter=1", .status = 400,
     .text = "Parameter 'filter' must be array."},

    {"delete", .events = "ONCRMACTIVITYDELETE ONCRMDEALDELETE", .call = "crm.deal.delete?id=1",
     .result = "true", .then = "crm.deal.get?id=1", .then_has = {"Not found"}},
    {"its own activities go with it", .events = "ONCRMACTIVITYDELETE ONCRMDEALDELETE",
     .call = "crm.deal.delete?id=1",
     .then = "crm.activity.list?filter[OWNER_TYPE_ID]=2&filter[OWNER_ID]=1", .then_has = {NOTHING}},
    {"its contacts stay", .events = "ONCRMACTIVITYDELETE ONCRMDEALDELETE",
     .call = "crm.deal.delete?id=1", .then = "crm.contact.get?id=1", .then_has = {"\"ID\":\"1\""}},
    {"delete of a missing deal", .call = "crm.deal.delete?id=99999", .status = 400,
     .text = "Not found"},
    {"delete without an id", .call = "crm.deal.delete", .status = 400,
     .text = "ID is not defined or invalid."},

    {"fields", .call = "crm.deal.fields",
     .has = {"\"CATEGORY_ID\":{\"type\":\"crm_category\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":true",
             "\"statusType\":\"DEAL_STAGE\"", "\"QUOTE_ID\":{\"type\":\"crm_quote\"",
             "\"LOCATION_ID\":{\"type\":\"location\"", "\"CONTACT_IDS\":{\"type\":\"crm_contact\"",
             "\"CLOSEDATE\":{\"type\":\"date\"", "\"IS_NEW\":{\"type\":\"char\""},
     .lacks = {"PHONE"}},
};

SCENARIOS(crm_deal, scenarios);
