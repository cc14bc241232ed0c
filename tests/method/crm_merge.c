/* Scenarios of crm.entity.mergeBatch. */
#include "scenario.h"

#define CONTACTS(columns, first, second)                                                           \
    "INSERT INTO contact (id, opened, export, has_phone, has_email, has_imol, assigned_by_id, "    \
    "created_by_id, modify_by_id, date_create, date_modify, " columns                              \
    ") VALUES (901, 'Y', 'Y', 'N', "                                                               \
    "'N', 'N', 2, 1, 1, 0, 0, " first "), (902, 'N', 'N', 'N', 'N', 'N', 3, 2, 2, 5, 5, " second   \
    ");"
#define ALIKE CONTACTS("name", "'Anna'", "'ANNA'")
#define MERGE(type, ids)                                                                           \
    .call = "crm.entity.mergeBatch",                                                               \
    .json = "{\"params\":{\"entityTypeId\":" type ",\"entityIds\":" ids "}}"
#define CONTACT MERGE("3", "[901,902]")
#define DONE .result = "{\"STATUS\":\"SUCCESS\",\"ENTITY_IDS\":[902]}"
#define TELLS .events = "ONCRMCONTACTDELETE ONCRMCONTACTUPDATE"
#define CONFLICT .result = "{\"STATUS\":\"CONFLICT\",\"ENTITY_IDS\":[]}", .events = "none"
#define SHOW "crm.contact.get?id=901"
#define REFUSED(words) .status = 400, .error = "0", .text = words
#define DENIED .status = 403, .error = "ACCESS_DENIED", .text = "Access denied"
#define PHONES                                                                                     \
    "INSERT INTO multifield (entity_id, element_id, type_id, value_type, value, value_key) "       \
    "VALUES "                                                                                      \
    "('CONTACT', 901, 'PHONE', 'WORK', '8 495 1', '84951'), ('CONTACT', 902, 'PHONE', 'HOME', "    \
    "'8(495)1', '84951'), ('CONTACT', 902, 'PHONE', 'HOME', '+7 2', '72'), ('CONTACT', 902, "      \
    "'EMAIL', "                                                                                    \
    "'WORK', 'a@b.example', 'a@b.example');"
#define LEADS                                                                                      \
    "INSERT INTO lead (id, title, status_id, status_semantic_id, is_manual_opportunity, opened, "  \
    "has_phone, has_email, has_imol, assigned_by_id, created_by_id, modify_by_id, date_create, "   \
    "date_modify, is_return_customer, opportunity, contact_id) VALUES (901, 'L', 'NEW', 'P', "     \
    "'N', "                                                                                        \
    "'Y', 'N', 'N', 'N', 8, 1, 1, 0, 0, 'N', 0, NULL), (902, 'L', 'NEW', 'P', 'N', 'Y', 'N', "     \
    "'N', "                                                                                        \
    "'N', 8, 1, 1, 0, 0, 'N', 150, 1), (903, 'l', 'NEW', 'P', 'N', 'Y', 'N', 'N', 'N', 8, 1, 1, "  \
    "0, 0, "                                                                                       \
    "'N', 150, 2);"                                                                                \
    "INSERT INTO lead_contact (lead_id, contact_id, sort) VALUES (902, 1, 10), (903, 2, 10), "     \
    "(903, 1, "                                                                                    \
    "20);"

/* A custom field, two contacts with the values given, and what becomes of them. */
#define WITH_FIELD(first, second)                                                                  \
    .alone = 1, .call = "batch",                                                                   \
    .json =                                                                                        \
        "{\"cmd\":{\"f\":\"crm.contact.userfield.add?fields[FIELD_NAME]=INN&fields[USER_TYPE_ID]=" \
        "string\",\"a\":\"crm.contact.add?fields[NAME]=Uf" first "\",\"b\":\"crm.contact.add?"     \
        "fields[NAME]=uf" second "\",\"m\":\"crm.entity.mergeBatch?params[entityTypeId]=3&"        \
        "params[entityIds][0]=$result[a]&params[entityIds][1]=$result[b]\",\"g\":"                 \
        "\"crm.contact.get?id=$result[a]\"}}"

static const struct scenario scenarios[] = {
    {"rows that are alike, whatever their case", .sql = ALIKE, CONTACT, DONE, TELLS, .then = SHOW,
     .then_has = {"\"NAME\":\"Anna\"", "\"OPENED\":\"Y\"", "\"ASSIGNED_BY_ID\":\"2\"",
                  "\"DATE_CREATE\":\"1970-01-01T03:00:00+03:00\"", "\"DATE_MODIFY\":\"2026-01-15"}},
    {"the others are gone", .sql = ALIKE, CONTACT, DONE, TELLS, .then = "crm.contact.get?id=902",
     .then_has = {"\"error_description\":\"Not found\""}},
    {"what the first lacks the others give",
     .sql = CONTACTS("name, last_name, post, birthdate, lead_id", "'Anna', NULL, '', NULL, NULL",
                     "NULL, 'Petrova', 'Boss', 4108, 7"),
     CONTACT, DONE, TELLS, .then = SHOW,
     .then_has = {"\"NAME\":\"Anna\"", "\"LAST_NAME\":\"Petrova\"", "\"POST\":\"Boss\"",
                  "\"BIRTHDATE\":\"1981-04-01", "\"LEAD_ID\":\"7\""}},
    {"and is found by it",
     .sql = CONTACTS("name, last_name", "'Anna', NULL", "NULL, 'Петрова-Икс'"), CONTACT, DONE,
     TELLS, .then = "crm.contact.list?filter[LAST_NAME]=петрова-икс&select[]=ID",
     .then_has = {"[{\"ID\":\"901\"}]"}},
    {"two names are for people to choose from", .sql = CONTACTS("name", "'Anna'", "'Maria'"),
     CONTACT, CONFLICT, .then = "crm.contact.get?id=902", .then_has = {"\"NAME\":\"Maria\""}},
    {"so are two birthdays", .sql = CONTACTS("name, birthdate", "'A', 4108", "'A', 4109"), CONTACT,
     CONFLICT},
    {"and two codes", .sql = CONTACTS("name, source_id", "'A', 'CALL'", "'A', 'WEB'"), CONTACT,
     CONFLICT},
    {"an accent is a difference", .sql = CONTACTS("name", "'Café'", "'CAFE'"), CONTACT, CONFLICT},
    {"phones and addresses come together", .sql = ALIKE PHONES, CONTACT, DONE, TELLS, .then = SHOW,
     .then_has = {"\"HAS_PHONE\":\"Y\",\"HAS_EMAIL\":\"Y\"", "\"VALUE\":\"8 495 1\"",
                  "\"VALUE\":\"+7 2\"", "\"VALUE\":\"a@b.example\""},
     .then_lacks = {"8(495)1"}},
    {"an address leads to the one that stays", .sql = ALIKE PHONES, CONTACT, DONE, TELLS,
     .then = "crm.duplicate.findbycomm?type=EMAIL&values[]=A@B.example",
     .then_has = {"{\"CONTACT\":[901]}"}},
    {"a picture comes along",
     .sql =
         ALIKE "INSERT INTO picture (owner_type_id, owner_id, field, name, size, content) VALUES "
               "(3, 902, 'PHOTO', 'p', 1, 'x')",
     CONTACT, DONE, TELLS, .then = SHOW, .then_has = {"\"PHOTO\":{\"id\":"}},
    {"two pictures are two values",
     .sql =
         ALIKE "INSERT INTO picture (owner_type_id, owner_id, field, name, size, content) VALUES "
               "(3, 902, 'PHOTO', 'p', 1, 'x'), (3, 901, 'PHOTO', 'p', 1, 'y')",
     CONTACT, CONFLICT},
    {"companies of both",
     .sql = ALIKE
     "INSERT INTO contact_company (contact_id, company_id, sort) VALUES (901, 1, 10), "
     "(902, 2, 10), (902, 1, 20); UPDATE contact SET company_id = 1 WHERE id = 901; UPDATE "
     "contact SET company_id = 2 WHERE id = 902",
     CONTACT, DONE, TELLS,
     .then = "crm.contact.list?filter[ID]=901&select[]=COMPANY_ID&select[]=COMPANY_IDS",
     .then_has = {"\"COMPANY_ID\":\"1\",\"COMPANY_IDS\":[1,2]"}},
    {"who named the one that goes names the other",
     .sql = ALIKE
     "INSERT INTO deal_contact (deal_id, contact_id, sort) VALUES (1, 902, 5); UPDATE deal "
     "SET contact_id = 902 WHERE id = 1",
     CONTACT, DONE, TELLS,
     .then = "crm.deal.list?filter[ID]=1&select[]=CONTACT_ID&select[]=CONTACT_IDS",
     .then_has = {"\"CONTACT_ID\":\"901\",\"CONTACT_IDS\":[901"}, .then_lacks = {"902"}},
    {"activities of both, and whom they were had with",
     .sql = ALIKE
     "UPDATE activity SET owner_type_id = 3, owner_id = 902 WHERE id = 1; DELETE FROM "
     "activity_binding WHERE activity_id = 1; INSERT INTO activity_binding (activity_id, "
     "owner_type_id, owner_id, assigned_by_id) VALUES (1, 3, 902, 3), (1, 3, 901, 2); DELETE "
     "FROM activity_communication WHERE activity_id = 1; INSERT INTO activity_communication "
     "(activity_id, type, value, entity_id, entity_type_id, entity_settings) VALUES (1, "
     "'PHONE', '+7 2', 902, 3, '[]')",
     CONTACT, DONE, TELLS,
     .then = "crm.activity.list?filter[ID]=1&select[]=OWNER_ID&select[]="
             "COMMUNICATIONS&select[]=BINDINGS",
     .then_has = {"\"OWNER_ID\":\"901\"", "\"ENTITY_ID\":\"901\""}, .then_lacks = {"902"}},
    {"custom fields, as all others", WITH_FIELD("", "&fields[UF_CRM_INN]=77"),
     .has = {"\"STATUS\":\"SUCCESS\"", "\"UF_CRM_INN\":\"77\""},
     .events = "ONCRMCONTACTADD:2 ONCRMCONTACTDELETE ONCRMCONTACTUPDATE ONCRMCONTACTUSERFIELDADD"},
    {"two values of one are a conflict",
     WITH_FIELD("&fields[UF_CRM_INN]=78", "&fields[UF_CRM_INN]=77"),
     .has = {"\"STATUS\":\"CONFLICT\"", "\"UF_CRM_INN\":\"78\""},
     .events = "ONCRMCONTACTADD:2 ONCRMCONTACTUSERFIELDADD"},
    {"three leads", .sql = LEADS, MERGE("1", "[901,902,903]"),
     .result = "{\"STATUS\":\"SUCCESS\",\"ENTITY_IDS\":[902,903]}",
     .events = "ONCRMLEADDELETE:2 ONCRMLEADUPDATE",
     .then = "crm.lead.list?filter[ID]=901&select[]=OPPORTUNITY&select[]=CONTACT_ID&select[]="
             "CONTACT_IDS",
     .then_has = {"\"OPPORTUNITY\":\"150.00\",\"CONTACT_ID\":\"1\",\"CONTACT_IDS\":[1,2]"}},
    {"one id twice is one", .sql = ALIKE, MERGE("3", "[901,901,\"901\"]"),
     REFUSED("The parameter entityIds must contains at least two elements.")},
    {"one id", .sql = ALIKE, MERGE("3", "[901]"),
     REFUSED("The parameter entityIds must contains at least two elements.")},
    {"no ids", MERGE("3", "[]"),
     REFUSED("The parameter entityIds does not contains valid elements.")},
    {"ids that are none", MERGE("3", "[\"x\",0,-5]"),
     REFUSED("The parameter entityIds does not contains valid elements.")},
    {"no type", .call = "crm.entity.mergeBatch", .json = "{\"params\":{\"entityIds\":[1,2]}}",
     REFUSED("The parameter entityTypeId is required.")},
    {"nothing at all", .call = "crm.entity.mergeBatch",
     REFUSED("The parameter entityTypeId is required.")},
    {"activities are not merged", MERGE("6", "[1,2]"), .status = 400, .error = "0",
     .has = {"is not supported"}},
    {"a type that there is not", MERGE("999", "[1,2]"),
     REFUSED("Entity type 999 is not supported")},
    {"a row that is not there", .sql = ALIKE, MERGE("3", "[901,909]"),
     REFUSED("Owner was not found")},
    {"too many",
     MERGE("3", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,"
                "29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51]"),
     REFUSED("The parameter entityIds holds more than 50 elements")},
    {"who has no right is refused", .as = AS_ROLELESS, .sql = ALIKE, CONTACT, DENIED},
    {"who may not read the other", .as = AS_LIMITED, .sql = ALIKE, CONTACT, DENIED},
    {"who may not delete it", .as = AS_LIMITED, .sql = LEADS, MERGE("1", "[901,902]"), DENIED},
    {"it needs the scope", .as = AS_BASIC, CONTACT, .status = 401, .error = "insufficient_scope"},
};

SCENARIOS(crm_merge, scenarios);
