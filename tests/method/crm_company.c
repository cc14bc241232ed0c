/* Scenarios of crm.company.*. What all owners do alike is in crm_lead.c. */
#include "scenario.h"

#define NOTHING "\"result\":[]"
#define WRITE(fields) .call = "crm.company.update", .json = "{\"id\":1,\"fields\":" fields "}"
#define ADD(fields) .call = "crm.company.add", .json = "{\"fields\":" fields "}"
#define SHOW(selected) "crm.company.list?filter[ID]=1&select[]=" selected

static const struct scenario scenarios[] = {
    {"a company needs the scope", .as = AS_BASIC, .call = "crm.company.get?id=1", .status = 401,
     .error = "insufficient_scope"},
    {"get", .call = "crm.company.get?id=1",
     .has = {"\"ID\":\"1\"", "\"LOGO\":null", "\"REG_ADDRESS_CITY\":null", "\"ADDRESS_LEGAL\":null",
             "\"LAST_COMMUNICATION_TIME\":null", "\"IS_MY_COMPANY\":\"N\"",
             "\"WEB\":[{\"ID\":\"3\"", "\",\"OPENED\":\"Y\""},
     .lacks = {"CONTACT_ID"}},
    {"get without an id", .call = "crm.company.get", .status = 400,
     .text = "ID is not defined or invalid."},
    {"get of a missing company", .call = "crm.company.get?id=99999", .status = 400,
     .text = "Not found"},

    {"everything a company gets by itself", ADD("{\"TITLE\":\"Кафе «Ёж» & Söhne\"}"),
     .then = "crm.company.list?filter[TITLE]=Кафе «Ёж» %26 Söhne&select[]=*",
     .then_has = {"\"TITLE\":\"Кафе «Ёж» & Söhne\",\"COMPANY_TYPE\":\"CUSTOMER\"",
                  "\"INDUSTRY\":\"IT\",\"EMPLOYEES\":\"EMPLOYEES_1\"",
                  "\"CURRENCY_ID\":\"USD\",\"REVENUE\":\"0\",\"OPENED\":\"Y\"",
                  "\"ASSIGNED_BY_ID\":\"1\"", "\"DATE_CREATE\":\"2026-01-15T12:00:00+03:00\""}},
    {"add answers an integer", ADD("{\"TITLE\":\"x\"}"), .lacks = {"\"result\":\""}},
    {"a company without a title", ADD("{\"COMMENTS\":\"x\"}"), .status = 400,
     .text = "The required field 'Company Name' is missing.<br />"},
    {"add without fields", .call = "crm.company.add", .status = 400,
     .text = "The required field 'Company Name' is missing.<br />"},
    {"the title cannot be taken away", WRITE("{\"TITLE\":\"\"}"), .status = 400,
     .text = "The required field 'Company Name' is missing.<br />"},
    {"an address that is none", ADD("{\"TITLE\":\"x\",\"EMAIL\":[{\"VALUE\":\"@example.com\"}]}"),
     .status = 400, .error = "ERROR_CORE",
     .text = "The \\\"E-mail\\\" field contains an invalid address"},
    {"not in an update either", WRITE("{\"EMAIL\":[{\"VALUE\":\"a b@example.com\"}]}"),
     .status = 400, .error = "ERROR_CORE",
     .text = "The \\\"E-mail\\\" field contains an invalid address"},
    {"fields must be an array", .call = "crm.company.add?fields=1", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"params must be an array", .call = "crm.company.add?params=1", .status = 400,
     .text = "Parameter 'params' must be array"},
    {"a revenue that is no number", WRITE("{\"REVENUE\":\"lots\"}"), .status = 400,
     .text = "The field REVENUE is not defined or invalid"},
    {"import takes any date", .call = "crm.company.add",
     .json = "{\"fields\":{\"TITLE\":\"Old\",\"DATE_CREATE\":\"2001-01-01T10:00:00\"},"
             "\"params\":{\"IMPORT\":\"Y\"}}",
     .then = "crm.company.list?filter[TITLE]=Old&select[]=DATE_CREATE",
     .then_has = {"\"DATE_CREATE\":\"2001-01-01T10:00:00+03:00\""}},

    {"its contacts come and go with the list", WRITE("{\"CONTACT_ID\":[2,3]}"),
     .then = "crm.contact.list?filter[COMPANY_IDS]=1&select[]=ID&select[]=COMPANY_ID&select[]="
             "COMPANY_IDS",
     .then_has = {"\"result\":[{\"ID\":\"2\",\"COMPANY_ID\":\"2\",\"COMPANY_IDS\":[2,1]},{\"ID\":"
                  "\"3\""}},
    {"who leaves his only company has none", WRITE("{\"CONTACT_ID\":[]}"),
     .then = "crm.contact.list?filter[ID]=1&select[]=COMPANY_ID&select[]=COMPANY_IDS",
     .then_has = {"[{\"COMPANY_ID\":null,\"COMPANY_IDS\":[]}]"}},

    {"update of a missing company", .call = "crm.company.update?id=99999&fields[TITLE]=x",
     .status = 400, .text = "Company is not found"},
    {"update without an id", .call = "crm.company.update", .status = 400,
     .text = "ID is not defined or invalid."},
    {"update: fields must be an array", .call = "crm.company.update?id=1&fields=x", .status = 400,
     .text = "Parameter 'fields' must be an array"},
    {"update", WRITE("{\"BANKING_DETAILS\":\"DE00\",\"REVENUE\":\"1234567.891\"}"),
     .result = "true", .then = SHOW("BANKING_DETAILS&select[]=REVENUE"),
     .then_has = {"\"BANKING_DETAILS\":\"DE00\",\"REVENUE\":\"1234567.89\""}},
    {"an origin that is too long for an index", .call = "crm.company.update",
     .json = "{\"id\":1,\"fields\":{\"ORIGIN_ID\":\""
             "0123456789012345678901234567890123456789012345678901234567890123"
             "0123456789012345678901234567890123456789012345678901234567890123"
             "0123456789012345678901234567890123456789012345678901234567890123"
             "0123456789012345678901234567890123456789012345678901234567890123\"}}",
     .status = 400, .text = "The field ORIGIN_ID is not defined or invalid"},

    {"by the id in another system", WRITE("{\"ORIGINATOR_ID\":\"1C\",\"ORIGIN_ID\":\"Ф-7\"}"),
     .then = "crm.company.list?filter[ORIGINATOR_ID]=1C&filter[ORIGIN_ID]=Ф-7&select[]=ID",
     .then_has = {"\"result\":[{\"ID\":\"1\"}]"}},
    {"by part of the title", WRITE("{\"TITLE\":\"ООО «Ромашка»\"}"),
     .then = "crm.company.list?filter[%25TITLE]=РОМАШ&select[]=ID",
     .then_has = {"\"result\":[{\"ID\":\"1\"}]"}},
    {"a list that shows phones shows ids",
     .call = "crm.company.list?filter[ID]=1&select[]=TITLE&select[]=PHONE",
     .has = {"[{\"ID\":\"1\",\"TITLE\":"}},
    {"and one without does not", .call = "crm.company.list?filter[ID]=1&select[]=TITLE",
     .lacks = {"\"ID\":\"1\""}},
    {"revenue as it was given", .call = "crm.company.update?id=1&fields[REVENUE]=3000000.5",
     .then = "crm.company.get?id=1", .then_has = {"\"REVENUE\":\"3000000.5\""}},
    {"a part of revenue", .call = "crm.company.update?id=1&fields[REVENUE]=7654321",
     .then = "crm.company.list?filter[%25REVENUE]=54321&select[]=ID&filter[!%25REVENUE]=.00",
     .then_has = {"[{\"ID\":\"1\"}]"}},
    {"by site", .call = "crm.company.update?id=1&fields[WEB][0][VALUE]=one.example.com",
     .then = "crm.company.list?filter[WEB]=one.example.com&select[]=ID&select[]=WEB",
     .then_has = {"\"result\":[{\"ID\":\"1\",\"WEB\":["}},
    {"by contact", .call = "crm.company.list?filter[CONTACT_ID]=6&select[]=ID",
     .result = "[{\"ID\":\"6\"}]"},
    {"by revenue, in its order", WRITE("{\"REVENUE\":99999999}"),
     .then = "crm.company.list?filter[>REVENUE]=1000&order[REVENUE]=DESC&select[]=ID&start=-1",
     .then_has = {"\"result\":[{\"ID\":\"1\"},"}},
    {"filter must be an array", .call = "crm.company.list?filter=x", .status = 400,
     .text = "Parameter 'filter' must be array"},
    {"order must be an array", .call = "crm.company.list?order=x", .status = 400,
     .text = "Parameter 'order' must be array"},

    {"delete", .events = "ONCRMACTIVITYDELETE ONCRMCOMPANYDELETE",
     .call = "crm.company.delete?id=1", .result = "true", .then = "crm.company.get?id=1",
     .then_has = {"Not found"}},
    {"its deals lose it", .events = "ONCRMACTIVITYDELETE ONCRMCOMPANYDELETE",
     .call = "crm.company.delete?id=1", .then = "crm.deal.list?filter[ID]=1&select[]=COMPANY_ID",
     .then_has = {"[{\"COMPANY_ID\":null}]"}},
    {"its contacts lose it", .events = "ONCRMACTIVITYDELETE ONCRMCOMPANYDELETE",
     .call = "crm.company.delete?id=1",
     .then = "crm.contact.list?filter[ID]=1&select[]=COMPANY_ID&select[]=COMPANY_IDS",
     .then_has = {"[{\"COMPANY_ID\":null,\"COMPANY_IDS\":[]}]"}},
    {"its phones go with it", .events = "ONCRMACTIVITYDELETE ONCRMCOMPANYDELETE",
     .call = "crm.company.delete?id=1", .then = "crm.company.list?filter[PHONE]=%2B44 20 7946 0000",
     .then_has = {NOTHING}},
    {"delete of a missing company", .call = "crm.company.delete?id=99999", .status = 400,
     .text = "Company is not found"},
    {"delete without an id", .call = "crm.company.delete", .status = 400,
     .text = "ID is not defined or invalid."},

    {"fields", .call = "crm.company.fields",
     .has = {"\"TITLE\":{\"type\":\"string\",\"isRequired\":true", "\"LOGO\":{\"type\":\"file\"",
             "\"statusType\":\"EMPLOYEES\"", "\"statusType\":\"INDUSTRY\"",
             "\"CONTACT_ID\":{\"type\":\"crm_contact\",\"isRequired\":false,\"isReadOnly\":false,"
             "\"isImmutable\":false,\"isMultiple\":true",
             "\"REG_ADDRESS_LOC_ADDR_ID\":{\"type\":\"integer\"", "\"BANKING_DETAILS\":"}},
};

SCENARIOS(crm_company, scenarios);
