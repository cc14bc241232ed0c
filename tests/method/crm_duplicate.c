/* Scenarios of crm.duplicate.*. What makes two numbers one: tests/unit/test_fold.c. */
#include "scenario.h"

#define COMM(params) .call = "crm.duplicate.findbycomm", .json = "{" params "}"
#define PHONE(value) COMM("\"type\":\"PHONE\",\"values\":[\"" value "\"]")
#define EMAIL(value) COMM("\"type\":\"EMAIL\",\"values\":[\"" value "\"]")
#define DOUBLE                                                                                     \
    .before = "crm.contact.add",                                                                   \
    .before_json =                                                                                 \
        "{\"fields\":{\"NAME\":\"Double\",\"PHONE\":[{\"VALUE\":\"8 (912) 345-67-89\"}],"          \
        "\"EMAIL\":[{\"VALUE\":\"Double@Example.Org\"}]}}"
#define FOUND .has = {"\"CONTACT\":["}, .lacks = {"LEAD", "COMPANY"}
#define VOLATILE(name, params) .call = "crm.duplicate.volatileType." name, .json = "{" params "}"
#define REGISTER(type, field)                                                                      \
    VOLATILE("register", "\"entityTypeId\":" type ",\"fieldCode\":\"" field "\"")
#define REGISTERED(field)                                                                          \
    .before = "crm.duplicate.volatileType.register?entityTypeId=1&fieldCode=" field
#define REFUSED(code, words) .status = 400, .error = code, .text = words
#define STRANGER .as = AS_USER, .status = 400, .error = "ACCESS_DENIED", .text = "Access denied"

static const struct scenario scenarios[] = {
    {"a phone, written in another way", DOUBLE, PHONE("+7 912 345 67 89"), FOUND},
    {"an extension does not count", DOUBLE, PHONE("79123456789 доб. 12"), FOUND},
    {"another number is another", DOUBLE, PHONE("9123456789"), .result = "[]"},
    {"an address in capitals", DOUBLE, EMAIL("DOUBLE@EXAMPLE.ORG"), FOUND},
    {"one of several", DOUBLE,
     COMM("\"type\":\"EMAIL\",\"values\":[\"a@b.example\",\"double@example.org\"]"), FOUND},
    {"a value that is no list", DOUBLE,
     COMM("\"type\":\"EMAIL\",\"values\":\"double@example.org\""), FOUND},
    {"a phone is no address", DOUBLE, EMAIL("89123456789"), .result = "[]"},
    {"of contacts only", DOUBLE,
     COMM("\"entity_type\":\"CONTACT\",\"type\":\"PHONE\",\"values\":[\"89123456789\"]"), FOUND},
    {"of companies only", DOUBLE,
     COMM("\"entity_type\":\"COMPANY\",\"type\":\"PHONE\",\"values\":[\"89123456789\"]"),
     .result = "[]"},
    {"an entity that there is not means all", DOUBLE,
     COMM("\"entity_type\":\"DEAL\",\"type\":\"PHONE\",\"values\":[\"89123456789\"]"), FOUND},
    {"so does a list of them", DOUBLE,
     COMM("\"entity_type\":[\"LEAD\"],\"type\":\"PHONE\",\"values\":[\"89123456789\"]"), FOUND},
    {"leads, contacts and companies, each by id", .before = "crm.company.update",
     .before_json = "{\"id\":3,\"fields\":{\"PHONE\":[{\"VALUE\":\"+49 30 5550\"}]}}",
     PHONE("0049-30-5550"), .result = "{\"COMPANY\":[3]}"},
    {"what is changed is found no more", .before = "crm.contact.update",
     .before_json = "{\"id\":1,\"fields\":{\"PHONE\":[{\"ID\":181,\"VALUE\":\"+49 30 5551\"}]}}",
     PHONE("+49305551"), .result = "{\"CONTACT\":[1]}"},
    {"an empty value finds nobody", PHONE(""), .result = "[]"},
    {"who may not read it does not find it", .as = AS_LIMITED, DOUBLE, .before_as_admin = 1,
     PHONE("89123456789"), .result = "[]"},
    {"who may read no one is refused", .as = AS_ROLELESS, PHONE("89123456789"), .status = 403,
     .error = "ACCESS_DENIED", .text = "Access denied"},
    {"without a type", COMM("\"values\":[\"1\"]"),
     REFUSED("Communication type is not defined", "Parameter 'type' is required.")},
    {"with one that is none", COMM("\"type\":\"WEB\",\"values\":[\"1\"]"),
     REFUSED("", "Communication type 'WEB' is not supported in current context")},
    {"without values", COMM("\"type\":\"PHONE\""),
     REFUSED("", "Communication values is not defined")},
    {"with none", COMM("\"type\":\"PHONE\",\"values\":[]"),
     REFUSED("", "Communication values is not defined")},
    {"it needs the scope", .as = AS_BASIC, PHONE("1"), .status = 401,
     .error = "insufficient_scope"},

    {"fields of all", VOLATILE("fields", ""),
     .has = {"{\"entityTypeId\":1,\"fieldCode\":\"TITLE\",\"fieldTitle\":\"Lead Title\"}",
             "{\"entityTypeId\":3,\"fieldCode\":\"LAST_NAME\"",
             "{\"entityTypeId\":4,\"fieldCode\":\"ADDRESS\""},
     .lacks = {"STATUS_ID", "PHONE", "\"ID\""}},
    {"fields of one", VOLATILE("fields", "\"entityTypeId\":4"), .has = {"\"entityTypeId\":4"},
     .lacks = {"\"entityTypeId\":1", "\"entityTypeId\":3"}},
    {"deals have none", VOLATILE("fields", "\"entityTypeId\":2"), .result = "[]"},
    {"fields are an administrator's", STRANGER, VOLATILE("fields", "")},
    {"a portal begins without", VOLATILE("list", ""), .result = "[]"},
    {"the list is an administrator's", STRANGER, VOLATILE("list", "")},
    {"register", REGISTER("1", "TITLE"), .has = {"{\"id\":"},
     .then = "crm.duplicate.volatileType.list",
     .then_has = {",\"entityTypeId\":1,\"fieldCode\":\"TITLE\"}]"}},
    {"the same field again", REGISTERED("TITLE"), REGISTER("1", "TITLE"),
     .then = "crm.duplicate.volatileType.list", .then_lacks = {"},{"}},
    {"a field that is not there", REGISTER("1", "NONE"),
     REFUSED("FIELD_NOT_FOUND", "Field not found")},
    {"one that is a code", REGISTER("1", "STATUS_ID"),
     REFUSED("FIELD_NOT_FOUND", "Field not found")},
    {"of an entity without duplicates", REGISTER("2", "TITLE"),
     REFUSED("FIELD_NOT_FOUND", "Field not found")},
    {"an eighth",
     .sql =
         "INSERT INTO duplicate_field (entity_type_id, field_code) VALUES (1, 'A'), (1, 'B'), (1, "
         "'C'), (3, 'D'), (3, 'E'), (4, 'F'), (4, 'G')",
     REGISTER("1", "TITLE"),
     REFUSED("MAX_TYPES_COUNT_EXCEEDED", "There is already a maximum number of volatile types")},
    {"one of seven again",
     .sql =
         "INSERT INTO duplicate_field (entity_type_id, field_code) VALUES (1, 'TITLE'), (1, 'B'), "
         "(1, 'C'), (3, 'D'), (3, 'E'), (4, 'F'), (4, 'G')",
     REGISTER("1", "TITLE"), .has = {"{\"id\":"}},
    {"register is an administrator's", STRANGER, REGISTER("1", "TITLE")},
    {"register without a field", VOLATILE("register", "\"entityTypeId\":1"), .status = 400,
     .error = "100", .text = "Could not find value for parameter {fieldCode}"},
    {"unregister", REGISTERED("TITLE"), .call = "crm.duplicate.volatileType.list",
     .has = {"\"fieldCode\":\"TITLE\""}},
    {"what is unregistered is gone",
     .sql = "INSERT INTO duplicate_field (id, entity_type_id, field_code) VALUES (77, 1, 'TITLE')",
     VOLATILE("unregister", "\"id\":77"), .result = "true",
     .then = "crm.duplicate.volatileType.list", .then_has = {"\"result\":[]"}},
    {"unregister what is not there", VOLATILE("unregister", "\"id\":77"),
     REFUSED("TYPE_IS_NOT_ASSIGNED", "This type is not assigned")},
    {"unregister is an administrator's", STRANGER, VOLATILE("unregister", "\"id\":77")},
    {"unregister without an id", VOLATILE("unregister", ""), .status = 400, .error = "100",
     .text = "Could not find value for parameter {id}"},
};

SCENARIOS(crm_duplicate, scenarios);
