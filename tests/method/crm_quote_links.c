/* crm.quote.contact.*: what is its own. How links behave is in crm_links.c. */
#include "scenario.h"

/* Quote 901 is user 4's, 902 is not; he may read his own ones and do no more. */
#define QUOTES                                                                                     \
    .sql = "INSERT INTO quote (id, title, status_id, status_semantic_id, is_manual_opportunity, "  \
           "opened, closed, assigned_by_id, created_by_id, modify_by_id, date_create, "            \
           "date_modify, contact_id) VALUES (901, 'His', 'SENT', 'P', 'N', 'Y', 'N', 4, 1, 1, 1, " \
           "1, 1), (902, 'Another', 'SENT', 'P', 'N', 'Y', 'N', 1, 1, 1, 1, 1, 1);"                \
           "INSERT INTO quote_contact (quote_id, contact_id, sort) VALUES (901, 1, 10), (902, 1, " \
           "10), (902, 18, 20)"
#define TEXT(words) .status = 400, .text = words
#define DENIED .status = 403, .error = "ACCESS_DENIED", .text = "Access denied!"
#define CONTACT(id, sort, main)                                                                    \
    "{\"CONTACT_ID\":" #id ",\"SORT\":" #sort ",\"ROLE_ID\":0,\"IS_PRIMARY\":\"" main "\"}"
#define THEN(items)                                                                                \
    .then = "crm.quote.contact.items.get?id=902", .then_has = {"\"result\":[" items "]"}
#define BAD_ITEM_ID "The parameter 'ownerEntityID' is invalid or not defined."
#define BAD_ID "The parameter ownerEntityID is invalid or not defined."

static const struct scenario scenarios[] = {
    {"the fields of a link", .call = "crm.quote.contact.fields",
     .has = {"\"CONTACT_ID\":{\"type\":\"integer\",\"isRequired\":true", "\"SORT\"",
             "\"IS_PRIMARY\""},
     .lacks = {"ROLE_ID"}},
    {"the links of a quote", QUOTES, .call = "crm.quote.contact.items.get?id=902",
     .result = "[" CONTACT(1, 10, "Y") "," CONTACT(18, 20, "N") "]"},
    {"of his own quote, but a contact that he may not read", .as = AS_LIMITED, QUOTES,
     .call = "crm.quote.contact.items.get?id=901", .result = "[]"},
    {"a link more", QUOTES, .call = "crm.quote.contact.add",
     .json = "{\"id\":902,\"fields\":{\"CONTACT_ID\":5}}", .result = "true",
     .events = "ONCRMQUOTEUPDATE",
     THEN(CONTACT(1, 10, "Y") "," CONTACT(18, 20, "N") "," CONTACT(5, 30, "N"))},
    {"a new main one, which the quote names", QUOTES, .call = "crm.quote.contact.add",
     .json = "{\"id\":902,\"fields\":{\"CONTACT_ID\":5,\"IS_PRIMARY\":\"Y\"}}", .result = "true",
     .events = "ONCRMQUOTEUPDATE", .then = "crm.quote.get?id=902",
     .then_has = {"\"CONTACT_ID\":\"5\""}},
    {"a link less", QUOTES, .call = "crm.quote.contact.delete",
     .json = "{\"id\":902,\"fields\":{\"CONTACT_ID\":1}}", .result = "true",
     .events = "ONCRMQUOTEUPDATE", THEN(CONTACT(18, 20, "Y"))},
    {"other links", QUOTES, .call = "crm.quote.contact.items.set",
     .json = "{\"id\":902,\"items\":[{\"CONTACT_ID\":7},{\"CONTACT_ID\":5,\"IS_PRIMARY\":\"Y\"}]}",
     .result = "true", .events = "ONCRMQUOTEUPDATE",
     THEN(CONTACT(7, 10, "N") "," CONTACT(5, 20, "Y"))},
    {"no links", QUOTES, .call = "crm.quote.contact.items.delete?id=902", .result = "true",
     .events = "ONCRMQUOTEUPDATE", THEN("")},
    {"with quotes that are read only", .as = AS_LIMITED, QUOTES, .call = "crm.quote.contact.add",
     .json = "{\"id\":901,\"fields\":{\"CONTACT_ID\":5}}", DENIED},

    {"add: no such quote", .call = "crm.quote.contact.add",
     .json = "{\"id\":99999,\"fields\":{\"CONTACT_ID\":5}}", TEXT("Not found.")},
    {"add: no fields of a link", QUOTES, .call = "crm.quote.contact.add",
     .json = "{\"id\":902,\"fields\":{\"SORT\":5}}", TEXT("The parameter 'fields' is not valid.")},
    {"add: no array", QUOTES, .call = "crm.quote.contact.add?id=902&fields=x",
     TEXT("The parameter 'fields' must be array.")},
    {"add: no id", .call = "crm.quote.contact.add", .json = "{\"fields\":{\"CONTACT_ID\":5}}",
     TEXT(BAD_ITEM_ID)},
    {"add: nothing with any quote", .as = AS_ROLELESS, QUOTES, .call = "crm.quote.contact.add",
     .json = "{\"id\":902,\"fields\":{\"CONTACT_ID\":5}}", DENIED},
    {"delete: no such quote", .call = "crm.quote.contact.delete",
     .json = "{\"id\":99999,\"fields\":{\"CONTACT_ID\":5}}", TEXT("Not found.")},
    {"delete: no fields of a link", QUOTES, .call = "crm.quote.contact.delete",
     .json = "{\"id\":902,\"fields\":{\"SORT\":5}}", TEXT("The parameter 'fields' is not valid.")},
    {"delete: no array", QUOTES, .call = "crm.quote.contact.delete?id=902&fields=x",
     TEXT("The parameter 'item' must be array.")},
    {"delete: no id", .call = "crm.quote.contact.delete", .json = "{\"fields\":{\"CONTACT_ID\":5}}",
     TEXT(BAD_ITEM_ID)},
    {"delete: nothing with any quote", .as = AS_ROLELESS, QUOTES,
     .call = "crm.quote.contact.delete", .json = "{\"id\":902,\"fields\":{\"CONTACT_ID\":1}}",
     DENIED},
    {"items.get: no id", .call = "crm.quote.contact.items.get", TEXT(BAD_ID)},
    {"items.get: no such quote", .call = "crm.quote.contact.items.get?id=99999", .result = "[]"},
    {"items.get: no such quote, by one who may not know", .as = AS_LIMITED,
     .call = "crm.quote.contact.items.get?id=99999", DENIED},
    {"items.get: not of this quote", .as = AS_LIMITED, QUOTES,
     .call = "crm.quote.contact.items.get?id=902", DENIED},
    {"items.set: no such quote", .call = "crm.quote.contact.items.set",
     .json = "{\"id\":99999,\"items\":[{\"CONTACT_ID\":5}]}", TEXT("Not found.")},
    {"items.set: no array", QUOTES, .call = "crm.quote.contact.items.set?id=902&items=x",
     TEXT("The parameter items must be array.")},
    {"items.set: no id", .call = "crm.quote.contact.items.set",
     .json = "{\"items\":[{\"CONTACT_ID\":5}]}", TEXT(BAD_ID)},
    {"items.set: nothing with any quote", .as = AS_ROLELESS, QUOTES,
     .call = "crm.quote.contact.items.set", .json = "{\"id\":902,\"items\":[{\"CONTACT_ID\":5}]}",
     DENIED},
    {"items.delete: no id", .call = "crm.quote.contact.items.delete", TEXT(BAD_ID)},
    {"items.delete: nothing with any quote", .as = AS_ROLELESS, QUOTES,
     .call = "crm.quote.contact.items.delete?id=902", DENIED},
};

SCENARIOS(crm_quote_links, scenarios);
