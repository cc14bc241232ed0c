/* Scenarios of crm.quote.*. What all owners do alike is in crm_lead.c and crm_deal.c. */
#include "scenario.h"

#define ADD(fields) .call = "crm.quote.add", .json = "{\"fields\":" fields "}"
/* A quote with known values stands there already, as number 900. */
#define ONE                                                                                        \
    .sql = "INSERT INTO quote (id, quote_number, title, status_id, status_semantic_id, "           \
           "currency_id, opportunity, is_manual_opportunity, tax_value, company_id, contact_id, "  \
           "begindate, closedate, actual_date, opened, closed, assigned_by_id, created_by_id, "    \
           "modify_by_id, date_create, date_modify, deal_id, lead_id) VALUES (900, '900', "        \
           "'Öl und Fett', 'SENT', 'P', 'USD', 99.5, 'N', 0, 1, 1, 20000, 20007, 20007, 'Y', "    \
           "'N', 1, 1, 1, 1768000000, 1768000000, 1, 1);"                                          \
           "INSERT INTO quote_contact (quote_id, contact_id, sort) VALUES (900, 1, 1), "           \
           "(900, 18, 2)"
#define WRITE(fields) ONE, .call = "crm.quote.update", .json = "{\"id\":900,\"fields\":" fields "}"
#define SHOW(selected) "crm.quote.list?filter[ID]=900&select[]=" selected
#define FILTER(what, filter, answer)                                                               \
    {                                                                                              \
        what, ONE, .call = "crm.quote.list?select[]=ID&filter[ID]=900&" filter, .result = answer   \
    }
#define FOUND "[{\"ID\":\"900\"}]"
#define NOTHING "[]"
/* User 4 may read his own quotes, and do no more with them. */
#define ROLE                                                                                       \
    .sql = "INSERT INTO quote (id, title, status_id, status_semantic_id, is_manual_opportunity, "  \
           "opened, closed, assigned_by_id, created_by_id, modify_by_id, date_create, "            \
           "date_modify) VALUES (900, 'His', 'SENT', 'P', 'N', 'Y', 'N', 4, 1, 1, 1, 1), (901, "   \
           "'Another', 'SENT', 'P', 'N', 'Y', 'N', 1, 1, 1, 1, 1)"

static const struct scenario scenarios[] = {
    {"a quote needs the scope", .as = AS_BASIC, .call = "crm.quote.list", .status = 401,
     .error = "insufficient_scope"},
    {"get", ONE, .call = "crm.quote.get?id=900",
     .has = {"{\"ID\":\"900\",\"QUOTE_NUMBER\":\"900\",\"TITLE\":\"Öl und Fett\",\"STATUS_ID\":"
             "\"SENT\",\"CURRENCY_ID\":\"USD\",\"OPPORTUNITY\":\"99.50\"",
             "\"TAX_VALUE\":\"0.00\","
             "\"COMPANY_ID\":\"1\",\"MYCOMPANY_ID\":null,\"CONTACT_ID\":\"1\",\"BEGINDATE\":"
             "\"2024-10-04T03:00:00+03:00\"",
             "\"CLIENT_TITLE\":null", "\"LEAD_ID\":\"1\",\"DEAL_ID\":\"1\"",
             "\"LAST_COMMUNICATION_TIME\":null"},
     .lacks = {"CONTACT_IDS", "SEMANTIC", "MOVED", "MANUAL"}},
    {"get without an id", .call = "crm.quote.get", .status = 400,
     .text = "ID is not defined or invalid."},
    {"get of a missing quote", .call = "crm.quote.get?id=99999", .status = 400,
     .text = "Not found"},

    {"everything a quote gets by itself", ADD("{\"CONTENT\":\"bare\"}"),
     .then = "crm.quote.list?filter[CONTENT]=bare&select[]=*",
     .then_has = {"\"QUOTE_NUMBER\":\"", "\"TITLE\":\"Estimate #", "\"STATUS_ID\":\"DRAFT\"",
                  "\"CURRENCY_ID\":\"USD\",\"OPPORTUNITY\":\"0.00\"",
                  "\"BEGINDATE\":\"2026-01-15T03:00:00+03:00\",\"CLOSEDATE\":"
                  "\"2026-01-22T03:00:00+03:00\",\"ACTUAL_DATE\":\"2026-01-22T03:00:00+03:00\"",
                  "\"OPENED\":\"Y\",\"CLOSED\":\"N\"",
                  "\"ASSIGNED_BY_ID\":\"1\",\"CREATED_BY_ID\":\"1\"",
                  "\"LAST_ACTIVITY_TIME\":\"2026-01-15T12:00:00+03:00\""}},
    {"it is offered by the portal's own company",
     .before = "crm.company.update?id=2&fields[IS_MY_COMPANY]=Y", ADD("{\"CONTENT\":\"own\"}"),
     .then = "crm.quote.list?filter[CONTENT]=own&select[]=MYCOMPANY_ID",
     .then_has = {"[{\"MYCOMPANY_ID\":\"2\"}]"}},
    {"what is told of it is kept",
     ADD("{\"TITLE\":\"Chairs\",\"STATUS_ID\":\"SENT\",\"CURRENCY_ID\":\"EUR\",\"OPPORTUNITY\":"
         "150000,\"COMPANY_ID\":1,\"MYCOMPANY_ID\":3,\"CONTACT_IDS\":[5,6],\"OPENED\":\"N\","
         "\"BEGINDATE\":\"2026-03-13T10:00:00+01:00\",\"CLOSEDATE\":\"2026-03-20\",\"LEAD_ID\":2,"
         "\"DEAL_ID\":3,\"PERSON_TYPE_ID\":1,\"CLIENT_TPA_ID\":\"77\",\"UTM_TERM\":\"oak\"}"),
     .then = "crm.quote.list?filter[TITLE]=chairs&select[]=*&select[]=CONTACT_IDS",
     .then_has = {"\"STATUS_ID\":\"SENT\",\"CURRENCY_ID\":\"EUR\",\"OPPORTUNITY\":\"150000.00\"",
                  "\"COMPANY_ID\":\"1\",\"MYCOMPANY_ID\":\"3\",\"CONTACT_ID\":\"5\","
                  "\"CONTACT_IDS\":[5,6],\"BEGINDATE\":\"2026-03-13T03:00:00+03:00\",\"CLOSEDATE\":"
                  "\"2026-03-20T03:00:00+03:00\"",
                  "\"OPENED\":\"N\"", "\"CLIENT_TPA_ID\":\"77\"",
                  "\"LEAD_ID\":\"2\",\"DEAL_ID\":\"3\",\"PERSON_TYPE_ID\":\"1\"",
                  "\"UTM_TERM\":\"oak\""}},
    {"import says when and by whom it was made", .call = "crm.quote.add",
     .json = "{\"fields\":{\"CONTENT\":\"old\",\"DATE_CREATE\":\"2020-02-03T10:00:00+03:00\","
             "\"CREATED_BY_ID\":2},\"params\":{\"IMPORT\":\"Y\"}}",
     .then = "crm.quote.list?filter[CONTENT]=old&select[]=DATE_CREATE&select[]=CREATED_BY_ID",
     .then_has = {"\"CREATED_BY_ID\":\"2\",\"DATE_CREATE\":\"2020-02-03T10:00:00+03:00\""}},
    {"long texts are cut at 255 letters",
     ADD("{\"CONTENT\":\"long\",\"CLIENT_ADDR\":"
         "\"ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"
         "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"
         "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"
         "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääXYZ\"}"),
     .then = "crm.quote.list?filter[CONTENT]=long&select[]=CLIENT_ADDR", .then_has = {"äX\"}"},
     .then_lacks = {"Y\""}},
    {"fields must be an array", .call = "crm.quote.add?fields=1", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"params must be an array", .call = "crm.quote.add?params=Y", .status = 400,
     .text = "Parameter 'params' must be array."},
    {"update: fields must be an array", .call = "crm.quote.update?id=1&fields=1", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"update: params must be an array", .call = "crm.quote.update?id=1&params=1", .status = 400,
     .text = "Parameter 'params' must be array."},
    {"a currency that the portal does not have", ADD("{\"CURRENCY_ID\":\"ZZZ\"}"), .status = 400,
     .text = "Invalid value for the \\\"Currency\\\" field"},
    {"a stage that there is not", ADD("{\"STATUS_ID\":\"NEW\"}"), .status = 400,
     .text = "Invalid value for the \\\"Estimate Stage\\\" field"},
    {"update of a missing quote", .call = "crm.quote.update?id=99999", .status = 400,
     .text = "Quote is not found"},
    {"update without an id", .call = "crm.quote.update", .status = 400,
     .text = "ID is not defined or invalid."},
    {"update changes what is given and nothing else", WRITE("{\"COMMENTS\":\"[B]да[/B]\"}"),
     .result = "true", .then = "crm.quote.get?id=900",
     .then_has = {"\"COMMENTS\":\"[B]да", "\"STATUS_ID\":\"SENT\"", "\"QUOTE_NUMBER\":\"900\"",
                  "\"DATE_MODIFY\":\"2026-01-15T12:00:00+03:00\"", "\"COMPANY_ID\":\"1\""}},
    {"its number is not told by a caller", WRITE("{\"QUOTE_NUMBER\":\"7\"}"),
     .then = SHOW("QUOTE_NUMBER"), .then_has = {"\"QUOTE_NUMBER\":\"900\""}},
    {"accepted is closed", WRITE("{\"STATUS_ID\":\"APPROVED\"}"), .then = SHOW("CLOSED"),
     .then_has = {"\"CLOSED\":\"Y\""}},
    {"declined too", WRITE("{\"STATUS_ID\":\"DECLAINED\"}"), .then = SHOW("CLOSED"),
     .then_has = {"\"CLOSED\":\"Y\""}},
    {"one that goes on is open again",
     .before = "crm.quote.add?fields[STATUS_ID]=APPROVED&fields["
               "TITLE]=x",
     .call = "batch", .alone = 1, .events = "ONCRMQUOTEUPDATE",
     .json = "{\"cmd\":{\"a\":\"crm.quote.list?filter[TITLE]=x\",\"b\":\"crm.quote.update?id="
             "$result[a][0][ID]&fields[STATUS_ID]=DRAFT\",\"c\":\"crm.quote.list?filter[TITLE]=x&"
             "select[]=CLOSED\"}}",
     .has = {"\"c\":[{\"CLOSED\":\"N\"}]"}},
    {"the list of contacts is replaced as a whole", WRITE("{\"CONTACT_IDS\":[7]}"),
     .then = SHOW("CONTACT_ID&select[]=CONTACT_IDS"),
     .then_has = {"[{\"CONTACT_ID\":\"7\",\"CONTACT_IDS\":[7]}]"}},
    {"a company that does not exist is not taken", WRITE("{\"COMPANY_ID\":99999}"),
     .then = SHOW("COMPANY_ID"), .then_has = {"\"COMPANY_ID\":\"1\""}},

    FILTER("quote: substring in any case", "filter[%25TITLE]=ÖL UND", FOUND),
    FILTER("quote: sum", "filter[OPPORTUNITY]=99.50", FOUND),
    FILTER("quote: stage", "filter[STATUS_ID][]=DRAFT&filter[STATUS_ID][]=SENT", FOUND),
    FILTER("quote: not the stage", "filter[!STATUS_ID]=SENT", NOTHING),
    FILTER("quote: number", "filter[QUOTE_NUMBER]=900", FOUND),
    FILTER("quote: one of its contacts", "filter[CONTACT_IDS]=18", FOUND),
    FILTER("quote: none of its contacts", "filter[CONTACT_IDS]=77", NOTHING),
    FILTER("quote: deal", "filter[DEAL_ID]=1", FOUND),
    {"filter must be an array", .call = "crm.quote.list?filter=1", .status = 400,
     .text = "Parameter 'filter' must be array."},
    {"order must be an array", .call = "crm.quote.list?order=1", .status = 400,
     .text = "Parameter 'order' must be array."},

    {"delete", ONE, .call = "crm.quote.delete?id=900", .result = "true",
     .then = "crm.quote.get?id=900", .then_has = {"Not found"}},
    {"its contacts and its deal stay", ONE, .call = "crm.quote.delete?id=900",
     .then = "crm.contact.get?id=18", .then_has = {"\"ID\":\"18\""}},
    {"a quote's activities go with it", ONE,
     .before = "crm.activity.add?fields[OWNER_TYPE_ID]=7&fields[OWNER_ID]=900&fields[TYPE_ID]=1&"
               "fields[SUBJECT]=about it&fields[START_TIME]=2026-01-20&fields[COMMUNICATIONS][0]["
               "VALUE]=x",
     .call = "crm.quote.delete?id=900", .events = "ONCRMACTIVITYDELETE ONCRMQUOTEDELETE",
     .then = "crm.activity.list?filter[SUBJECT]=about it", .then_has = {"\"result\":[]"}},
    {"delete of a missing quote", .call = "crm.quote.delete?id=99999", .status = 400,
     .error = "ERROR_CORE", .text = "Element not found"},
    {"delete without an id", .call = "crm.quote.delete", .status = 400,
     .text = "ID is not defined or invalid."},
    {"a deal that goes leaves the quote", ONE, .call = "crm.deal.delete?id=1",
     .events = "ONCRMACTIVITYDELETE ONCRMDEALDELETE", .then = SHOW("DEAL_ID"),
     .then_has = {"\"DEAL_ID\":null"}},
    {"a contact that goes leaves the quote", ONE, .call = "crm.contact.delete?id=18",
     .events = "ONCRMACTIVITYDELETE:2 ONCRMCONTACTDELETE", .then = SHOW("CONTACT_IDS"),
     .then_has = {"\"CONTACT_IDS\":[1]"}},

    {"who has no role reads no quotes", .as = AS_ROLELESS, .call = "crm.quote.list", .status = 400,
     .text = "Access denied."},
    {"nor one of them", .as = AS_ROLELESS, .call = "crm.quote.get?id=1", .status = 400,
     .text = "Access denied."},
    {"nor adds one", .as = AS_ROLELESS, .call = "crm.quote.add", .status = 400,
     .text = "Access denied."},
    {"nor changes one", .as = AS_ROLELESS, .call = "crm.quote.update?id=1", .status = 400,
     .text = "Access denied."},
    {"nor deletes one", .as = AS_ROLELESS, .call = "crm.quote.delete?id=1", .status = 400,
     .text = "Access denied."},
    {"own quotes", ROLE, .as = AS_LIMITED, .call = "crm.quote.list?select[]=TITLE",
     .result = "[{\"TITLE\":\"His\"}]"},
    {"another's quote", ROLE, .as = AS_LIMITED, .call = "crm.quote.get?id=901", .status = 400,
     .text = "Access denied."},
    {"his own one he may not change", ROLE, .as = AS_LIMITED,
     .call = "crm.quote.update?id=900&fields[TITLE]=x", .status = 400, .text = "Access denied."},

    {"fields", .call = "crm.quote.fields",
     .has = {"{\"ID\":{\"type\":\"integer\"", "\"TITLE\":{\"type\":\"string\",\"isRequired\":true",
             "\"STATUS_ID\":{\"type\":\"crm_status\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":false,\"isMultiple\":false,\"isDynamic\":false,\"statusType\":"
             "\"QUOTE_STATUS\",\"title\":\"Estimate Stage\"}",
             "\"QUOTE_NUMBER\":{\"type\":\"string\",\"isRequired\":false,\"isReadOnly\":true",
             "\"isDeprecated\":true,\"title\":\"Contact\"}",
             "\"LOCATION_ID\":{\"type\":"
             "\"location\""},
     .lacks = {"MOVED", "SEMANTIC", "MANUAL"}},
};

SCENARIOS(crm_quote, scenarios);
