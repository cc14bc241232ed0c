/* Scenarios of crm.item.import and crm.item.batchImport, of multifields and observers. */
#include "scenario.h"

#define ADD(type, fields)                                                                          \
    .call = "crm.item.add", .json = "{\"entityTypeId\":" type ",\"fields\":" fields "}"
#define UPDATE(type, id, fields)                                                                   \
    .call = "crm.item.update",                                                                     \
    .json = "{\"entityTypeId\":" type ",\"id\":" id ",\"fields\":" fields "}"
#define IMPORT(type, fields)                                                                       \
    .call = "crm.item.import", .json = "{\"entityTypeId\":" type ",\"fields\":" fields "}"
#define BATCH(type, data)                                                                          \
    .call = "crm.item.batchImport", .json = "{\"entityTypeId\":" type ",\"data\":" data "}"
#define NO_TYPE .status = 400, .error = "NOT_FOUND", .text = "Smart process not found"
#define DENIED .status = 400, .error = "ACCESS_DENIED", .text = "Access denied"
#define INVALID(caption)                                                                           \
    .status = 400, .error = "CRM_FIELD_ERROR_VALUE_NOT_VALID",                                     \
    .text = "Invalid value for field \\\"" caption "\\\""
#define TWENTY "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}"
/* No row has a later one. */
#define ALONE .sql = "DELETE FROM deal"

static const struct scenario scenarios[] = {
    /* ---- import ---- */

    {"an import answers the id", IMPORT("2", "{\"title\":\"New\"}"), .events = "ONCRMDEALADD",
     .has = {"{\"item\":{\"id\":"}, .lacks = {"title"},
     .then = "crm.item.get?entityTypeId=2&id=@id",
     .then_has = {"\"title\":\"New\"", "\"createdTime\":\"2026-01-15T12:00:00+03:00\"",
                  "\"movedTime\":\"2026-01-15T12:00:00+03:00\"", "\"createdBy\":1"}},
    {"a history of its own", ALONE,
     IMPORT("2", "{\"title\":\"Old\",\"createdTime\":\"2024-01-10T10:00:00+03:00\","
                 "\"updatedTime\":\"2024-02-01T10:00:00+03:00\",\"movedTime\":"
                 "\"2024-01-20T10:00:00+03:00\",\"createdBy\":2,\"updatedBy\":3,\"movedBy\":4}"),
     .events = "ONCRMDEALADD", .then = "crm.item.get?entityTypeId=2&id=@id",
     .then_has = {"\"createdTime\":\"2024-01-10T10:00:00+03:00\"",
                  "\"updatedTime\":\"2024-02-01T10:00:00+03:00\"",
                  "\"movedTime\":\"2024-01-20T10:00:00+03:00\"", "\"createdBy\":2",
                  "\"updatedBy\":3", "\"movedBy\":4"}},
    {"it was moved when it was changed, unless it is said", ALONE,
     IMPORT("2", "{\"createdTime\":\"2024-01-10T10:00:00+03:00\",\"updatedTime\":"
                 "\"2024-02-01T10:00:00+03:00\"}"),
     .events = "ONCRMDEALADD", .then = "crm.item.get?entityTypeId=2&id=@id",
     .then_has = {"\"movedTime\":\"2024-02-01T10:00:00+03:00\"", "\"movedBy\":1"}},
    {"not before the last one", IMPORT("2", "{\"createdTime\":\"2020-01-01\"}"),
     INVALID("Creation Date")},
    {"not in the future", IMPORT("2", "{\"createdTime\":\"2027-01-01\"}"),
     INVALID("Creation Date")},
    {"nor changed then", IMPORT("2", "{\"updatedTime\":\"2027-01-01\"}"),
     INVALID("Modification Date")},
    {"not changed before it was made", ALONE,
     IMPORT("2", "{\"createdTime\":\"2024-01-10\",\"updatedTime\":\"2024-01-09\"}"),
     INVALID("Modification Date")},
    {"not moved after it was changed", ALONE,
     IMPORT("2", "{\"createdTime\":\"2024-01-10\",\"updatedTime\":\"2024-01-12\",\"movedTime\":"
                 "\"2024-01-13\"}"),
     INVALID("MOVED_TIME")},
    {"a time that is none", IMPORT("2", "{\"createdTime\":\"soon\"}"), INVALID("Creation Date")},
    {"by somebody who is not there", IMPORT("2", "{\"createdBy\":999}"), INVALID("Created By")},
    {"a history is an administrator's", .as = AS_USER,
     IMPORT("2", "{\"createdTime\":\"2026-01-15T11:00:00+03:00\"}"), INVALID("Creation Date")},
    {"a title is everybody's", .as = AS_USER, IMPORT("2", "{\"title\":\"His\"}"),
     .events = "ONCRMDEALADD", .has = {"{\"item\":{\"id\":"}},
    {"phones as other methods have them",
     IMPORT("3", "{\"name\":\"Ann\",\"PHONE\":[{\"VALUE\":\"+7495\",\"VALUE_TYPE\":\"HOME\"}],"
                 "\"fm\":[{\"typeId\":\"WEB\",\"value\":\"a.example\"}]}"),
     .events = "ONCRMCONTACTADD", .then = "crm.item.get?entityTypeId=3&id=@id",
     .then_has = {"\"valueType\":\"HOME\",\"value\":\"+7495\",\"typeId\":\"PHONE\"}",
                  "\"value\":\"a.example\",\"typeId\":\"WEB\"}", "\"hasPhone\":\"Y\""}},
    {"import of a stage that is not there", IMPORT("2", "{\"stageId\":\"NOPE\"}"),
     INVALID("Deal Stage")},
    {"import: one value where several belong", IMPORT("2", "{\"contactIds\":\"5\"}"), .status = 400,
     .error = "100", .text = "Expected iterable value for multiple field, but got string instead"},
    {"import into a type that is not there", IMPORT("9999", "{}"), NO_TYPE},
    {"import without fields", .call = "crm.item.import?entityTypeId=2", .status = 400,
     .error = "100", .text = "Could not find value for parameter {fields}"},
    {"who may add none imports none", .as = AS_LIMITED, IMPORT("4", "{\"title\":\"x\"}"), DENIED},

    /* ---- batchImport ---- */

    {"each for itself",
     BATCH("2", "[{\"title\":\"One\"},{\"stageId\":\"NOPE\"},{\"title\":\"Three\"}]"),
     .events = "ONCRMDEALADD:2",
     .has = {"{\"items\":[{\"item\":{\"id\":",
             "}},{\"error\":\"CRM_FIELD_ERROR_VALUE_NOT_VALID\",\"error_description\":\"Invalid "
             "value for field \\\"Deal Stage\\\"\"},{\"item\":{\"id\":"},
     .then = "crm.item.list?entityTypeId=2&filter[>id]=102&select[]=title",
     .then_has = {"\"title\":\"One\"", "\"title\":\"Three\""}},
    {"nothing to import", BATCH("2", "[]"), .has = {"{\"items\":[]}"}},
    {"what is no row", BATCH("2", "[5]"), .drops = 1, .events = "ONCRMDEALADD",
     .has = {"{\"item\":{\"id\":"}},
    {"twenty at most", BATCH("2", "[" TWENTY ",{}]"), .status = 400,
     .error = "MAX_IMPORT_BATCH_SIZE_EXCEEDED", .text = "You cannot import more than 20 items"},
    {"twenty of them", BATCH("2", "[" TWENTY "]"), .events = "ONCRMDEALADD:20",
     .has = {"{\"items\":["}},
    {"one value where several belong", BATCH("2", "[{\"contactIds\":\"5\"}]"),
     .has = {"{\"error\":\"100\",\"error_description\":\"Expected iterable value for multiple "
             "field, but got string instead\"}"}},
    {"batchImport into a type that is not there", BATCH("9999", "[]"), NO_TYPE},
    {"batchImport without data", .call = "crm.item.batchImport?entityTypeId=2", .status = 400,
     .error = "100", .text = "Could not find value for parameter {data}"},
    {"who may add none imports no list", .as = AS_LIMITED, BATCH("4", "[{}]"), DENIED},

    /* ---- fm ---- */

    {"all values of a contact, and the first of each kind", .call = "crm.contact.update",
     .json = "{\"id\":1,\"fields\":{\"PHONE\":[{\"VALUE\":\"+1\",\"VALUE_TYPE\":\"MOBILE\"}]}}",
     .events = "ONCRMCONTACTUPDATE", .then = "crm.item.get?entityTypeId=3&id=1",
     .then_has = {"\"phoneMobile\":\"+1\"", "\"phoneMailing\":\"\"", "\"fm\":[{\"id\":",
                  "\"valueType\":\"MOBILE\",\"value\":\"+1\",\"typeId\":\"PHONE\"}",
                  "\"typeId\":\"EMAIL\"}", "\"imol\":\"\""}},
    {"of a company in a list", .call = "crm.item.list?entityTypeId=4&filter[id]=1&select[]=*",
     .has = {"\"fm\":[{\"id\":", "\"phone\":\""}},
    {"a deal has none", .call = "crm.item.get?entityTypeId=2&id=1", .lacks = {"\"fm\"", "phone"}},
    {"given with a new one",
     ADD("1", "{\"fm\":[{\"typeId\":\"EMAIL\",\"valueType\":\"HOME\","
              "\"value\":\"a@b.example\"},{\"typeId\":\"PHONE\",\"value\":"
              "\"+7\"}]}"),
     .events = "ONCRMLEADADD",
     .has = {"\"emailHome\":\"a@b.example\"", "\"email\":\"a@b.example\"", "\"phoneWork\":\"+7\"",
             "\"hasEmail\":\"Y\"", "\"hasPhone\":\"Y\"", "\"hasImol\":\"N\""}},
    {"a new value beside the others",
     UPDATE("3", "1",
            "{\"fm\":{\"n0\":{\"typeId\":\"WEB\",\"valueType\":\"WORK\",\"value\":"
            "\"a.example\"}}}"),
     .events = "ONCRMCONTACTUPDATE",
     .has = {"\"value\":\"a.example\",\"typeId\":\"WEB\"}", "\"typeId\":\"PHONE\"}"}},
    {"a value that is there is changed by its id",
     .sql = "INSERT INTO multifield (id, entity_id, element_id, type_id, value_type, value, "
            "value_key) VALUES (9001, 'CONTACT', 1, 'WEB', 'WORK', 'old.example', 'old.example')",
     UPDATE("3", "1",
            "{\"fm\":{\"9001\":{\"typeId\":\"WEB\",\"valueType\":\"HOME\",\"value\":"
            "\"new.example\"}}}"),
     .events = "ONCRMCONTACTUPDATE",
     .has = {"{\"id\":9001,\"valueType\":\"HOME\",\"value\":\"new.example\",\"typeId\":\"WEB\"}"}},
    {"and goes when it is empty",
     .sql = "INSERT INTO multifield (id, entity_id, element_id, type_id, value_type, value, "
            "value_key) VALUES (9001, 'CONTACT', 1, 'WEB', 'WORK', 'old.example', 'old.example')",
     UPDATE("3", "1", "{\"fm\":{\"9001\":{\"typeId\":\"WEB\",\"value\":\"\"}}}"),
     .events = "ONCRMCONTACTUPDATE", .lacks = {"old.example", "9001"}},
    {"a type that is none", UPDATE("3", "1", "{\"fm\":[{\"typeId\":\"FAX\",\"value\":\"1\"}]}"),
     INVALID("FM")},
    {"a field that is no type",
     UPDATE("3", "1", "{\"fm\":[{\"typeId\":\"NAME\",\"value\":\"1\"}]}"), INVALID("FM")},
    {"a text instead of a list", UPDATE("3", "1", "{\"fm\":\"+7\"}"), .status = 400, .error = "100",
     .text = "Expected iterable value for multiple field, but got string instead"},
    {"an address that cannot be one",
     UPDATE("3", "1", "{\"fm\":[{\"typeId\":\"EMAIL\",\"value\":\"nobody\"}]}"), .status = 400,
     .error = "ERROR_CORE", .text = "The field \\\"Work e-mail\\\" contains an invalid address"},
    {"phones of the classic methods are not written",
     UPDATE("3", "1", "{\"PHONE\":[{\"VALUE\":\"+123123\"}]}"), .events = "ONCRMCONTACTUPDATE",
     .lacks = {"+123123"}},

    /* ---- observers, leadId, webformId, names ---- */

    {"observers", UPDATE("2", "1", "{\"observers\":[3,\"2\",3]}"), .events = "ONCRMDEALUPDATE",
     .has = {"\"observers\":[3,2]"},
     .then = "crm.item.list?entityTypeId=2&filter[observers]=2&select[]=id",
     .then_has = {"\"items\":[{\"id\":1}]"}},
    {"who is observed by nobody",
     .sql = "INSERT INTO observer (entity_type_id, entity_id, user_id, sort) VALUES (2, 1, 2, 10)",
     .call = "crm.item.list?entityTypeId=2&filter[!observers]=&select[]=observers",
     .has = {"\"items\":[{\"id\":1,\"observers\":[2]}]"}},
    {"observers of another type are others'",
     .sql = "INSERT INTO observer (entity_type_id, entity_id, user_id, sort) VALUES (1, 1, 2, 10)",
     .call = "crm.item.get?entityTypeId=2&id=1", .has = {"\"observers\":[]"}},
    {"the list is replaced, or emptied",
     .sql = "INSERT INTO observer (entity_type_id, entity_id, user_id, sort) VALUES (2, 1, 2, 10)",
     UPDATE("2", "1", "{\"observers\":[]}"), .events = "ONCRMDEALUPDATE",
     .has = {"\"observers\":[]"}},
    {"what is not given stays",
     .sql = "INSERT INTO observer (entity_type_id, entity_id, user_id, sort) VALUES (2, 1, 2, 10)",
     UPDATE("2", "1", "{\"title\":\"x\"}"), .events = "ONCRMDEALUPDATE",
     .has = {"\"observers\":[2]"}},
    {"they go with the row",
     .sql = "INSERT INTO observer (entity_type_id, entity_id, user_id, sort) VALUES (3, 30, 2, 10)",
     .call = "crm.item.delete?entityTypeId=3&id=30",
     .events = "ONCRMACTIVITYDELETE ONCRMCONTACTDELETE", .result = "[]",
     .then = "crm.item.list?entityTypeId=3&filter[observers]=2&select[]=id",
     .then_has = {"\"items\":[]"}},
    {"an observer who is not there", UPDATE("2", "1", "{\"observers\":[999]}"),
     INVALID("Observers")},
    {"an observer who is no number", UPDATE("2", "1", "{\"observers\":[\"x\"]}"),
     INVALID("Observers")},
    {"an observer alone", UPDATE("2", "1", "{\"observers\":2}"), .status = 400, .error = "100",
     .text = "Expected iterable value for multiple field, but got integer instead"},
    {"the classic methods know none", .call = "crm.deal.update",
     .json = "{\"id\":1,\"fields\":{\"OBSERVERS\":[2]}}",
     .then = "crm.item.get?entityTypeId=2&id=1", .then_has = {"\"observers\":[]"}},
    {"the lead that a deal came from", ADD("2", "{\"leadId\":3}"), .events = "ONCRMDEALADD",
     .has = {"\"leadId\":3"}},
    {"a lead that is not there is none", ADD("2", "{\"leadId\":99999}"), .events = "ONCRMDEALADD",
     .has = {"\"leadId\":null"}},
    {"a deal forgets a lead that goes", .sql = "UPDATE deal SET lead_id = 40 WHERE id = 1",
     .call = "crm.item.delete?entityTypeId=1&id=40",
     .events = "ONCRMACTIVITYDELETE ONCRMLEADDELETE", .result = "[]",
     .then = "crm.item.get?entityTypeId=2&id=1", .then_has = {"\"leadId\":null"}},
    {"the form of a site", ADD("1", "{\"webformId\":7}"), .events = "ONCRMLEADADD",
     .has = {"\"webformId\":7"}},
    {"which other methods do not tell", .call = "crm.lead.get?id=1", .lacks = {"WEBFORM_ID"}},
    {"a company without a name", ADD("4", "{}"), .events = "ONCRMCOMPANYADD",
     .has = {"\"title\":\"Company #"}},
    {"a contact without a name", ADD("3", "{}"), .events = "ONCRMCONTACTADD",
     .has = {"\"name\":null", "\"lastName\":null"}},
    {"a picture", ADD("3", "{\"name\":\"P\",\"photo\":[\"p.png\",\"iVBORw0KGgo=\"]}"),
     .events = "ONCRMCONTACTADD", .has = {"\"photo\":{\"id\":", "\"url\":\"", "\"urlMachine\":\""}},
};

SCENARIOS(crm_item_import, scenarios);
