/* Scenarios of crm.activity.add: who is responsible, which types and owners there are, which communications
 * count, and e-mails that cannot be sent. Pages: activity-base/crm-activity-add, tutorials
 * how-to-add-activity-to-contact, how-to-send-email. */
#include "scenario.h"

#define ADD "crm.activity.add"
#define DEAL "\"OWNER_TYPE_ID\":2,\"OWNER_ID\":1,\"SUBJECT\":\"Added\""
#define CONTACT "\"OWNER_TYPE_ID\":3,\"OWNER_ID\":3,\"SUBJECT\":\"Added\""
#define PHONE "\"COMMUNICATIONS\":[{\"VALUE\":\"+49\"}]"
#define SEND CONTACT ",\"TYPE_ID\":4,\"DIRECTION\":2,\"COMPLETED\":\"Y\""
#define TO(value) "\"COMMUNICATIONS\":[{\"VALUE\":\"" value "\"}]"
#define FIELDS(fields) "{\"fields\":{" fields "}}"
#define LIST(select) "crm.activity.list?filter[SUBJECT]=Added&select[]=" select
#define NO_COMMUNICATIONS "The field COMMUNICATIONS is not defined or invalid"
#define INVALID_EMAIL "Email send error. Invalid email is specified"

static const struct scenario scenarios[] = {
    {"nobody named: the owner's responsible person is it",
     .sql = "UPDATE deal SET assigned_by_id = 2 WHERE id = 1", .call = ADD,
     .json = FIELDS(DEAL ",\"TYPE_ID\":2," PHONE), .then = LIST("RESPONSIBLE_ID"),
     .then_has = {"[{\"RESPONSIBLE_ID\":\"2\"}]"}},
    {"so it is for an empty one", .sql = "UPDATE deal SET assigned_by_id = 2 WHERE id = 1",
     .call = ADD, .json = FIELDS(DEAL ",\"TYPE_ID\":2,\"RESPONSIBLE_ID\":\"\"," PHONE),
     .then = LIST("RESPONSIBLE_ID"), .then_has = {"[{\"RESPONSIBLE_ID\":\"2\"}]"}},
    {"and for an owner found by the communication",
     .sql = "UPDATE contact SET assigned_by_id = 2 WHERE id = 3", .call = ADD,
     .json = FIELDS("\"SUBJECT\":\"Added\",\"TYPE_ID\":2,\"COMMUNICATIONS\":[{\"VALUE\":\"+49\","
                    "\"ENTITY_TYPE_ID\":3,\"ENTITY_ID\":3}]"),
     .then = LIST("RESPONSIBLE_ID"), .then_has = {"[{\"RESPONSIBLE_ID\":\"2\"}]"}},
    {"an owner for whom nobody is responsible",
     .sql = "UPDATE deal SET assigned_by_id = 0 WHERE id = 1", .call = ADD,
     .json = FIELDS(DEAL ",\"TYPE_ID\":2," PHONE), .status = 400,
     .text = "The field RESPONSIBLE_ID is not defined or invalid"},
    {"an owner whose responsible person is gone",
     .sql = "UPDATE deal SET assigned_by_id = 4711 WHERE id = 1", .call = ADD,
     .json = FIELDS(DEAL ",\"TYPE_ID\":2," PHONE), .status = 400,
     .text = "The field RESPONSIBLE_ID is not defined or invalid"},
    {"an update does not empty it", .call = "crm.activity.update?id=1&fields[RESPONSIBLE_ID]=",
     .status = 400, .text = "The field RESPONSIBLE_ID is not defined or invalid"},

    {"a task is made elsewhere", .call = ADD, .json = FIELDS(DEAL ",\"TYPE_ID\":3," PHONE),
     .status = 400, .text = "The activity type \\\"Task\\\" is not supported in current context"},
    {"type 5 is not made at all", .call = ADD, .json = FIELDS(DEAL ",\"TYPE_ID\":5," PHONE),
     .status = 400, .text = "The activity type \\\"Action\\\" is not supported in current context"},
    {"a type below the list", .call = ADD, .json = FIELDS(DEAL ",\"TYPE_ID\":0," PHONE),
     .status = 400, .text = "The field TYPE_ID is not defined or invalid"},
    {"a type above the list", .call = ADD, .json = FIELDS(DEAL ",\"TYPE_ID\":7," PHONE),
     .status = 400, .text = "The field TYPE_ID is not defined or invalid"},
    {"one of type 3 that is there is updated",
     .sql = "UPDATE activity SET type_id = 3 WHERE id = 1",
     .call = "crm.activity.update?id=1&fields[SUBJECT]=Added", .then = LIST("TYPE_ID"),
     .then_has = {"[{\"TYPE_ID\":\"3\"}]"}},

    {"a contact that is not there", .call = ADD,
     .json = FIELDS(
         "\"OWNER_TYPE_ID\":3,\"OWNER_ID\":999999,\"SUBJECT\":\"Added\",\"TYPE_ID\":2," PHONE),
     .status = 400, .text = "Could not find 'CONTACT' with ID: 999999"},
    {"a contact that is not there, and somebody else to talk to", .call = ADD,
     .json =
         FIELDS("\"OWNER_TYPE_ID\":3,\"OWNER_ID\":999999,\"SUBJECT\":\"Added\",\"TYPE_ID\":2,"
                "\"COMMUNICATIONS\":[{\"VALUE\":\"+49\",\"ENTITY_TYPE_ID\":3,\"ENTITY_ID\":3}]"),
     .status = 400, .text = "Could not find 'CONTACT' with ID: 999999"},
    {"a type of owners there is not", .call = ADD,
     .json = FIELDS("\"OWNER_TYPE_ID\":99,\"OWNER_ID\":1,\"SUBJECT\":\"Added\",\"TYPE_ID\":6,"
                    "\"PROVIDER_ID\":\"X\",\"RESPONSIBLE_ID\":1"),
     .status = 400,
     .text =
         "Could not build binding. Please ensure that owner info and communications are defined "
         "correctly"},
    {"no owner at all", .call = ADD,
     .json =
         FIELDS("\"SUBJECT\":\"Added\",\"TYPE_ID\":6,\"PROVIDER_ID\":\"X\",\"RESPONSIBLE_ID\":1"),
     .status = 400,
     .text =
         "Could not build binding. Please ensure that owner info and communications are defined "
         "correctly"},

    {"a meeting with nothing to reach anybody by", .call = ADD,
     .json = FIELDS(CONTACT ",\"TYPE_ID\":1," TO("")), .status = 400, .text = NO_COMMUNICATIONS},
    {"nor with the entity alone", .call = ADD,
     .json =
         FIELDS(CONTACT ",\"TYPE_ID\":1,\"COMMUNICATIONS\":[{\"VALUE\":\"\",\"ENTITY_TYPE_ID\":3,"
                        "\"ENTITY_ID\":3}]"),
     .status = 400, .text = NO_COMMUNICATIONS},
    {"an update to it", .sql = "UPDATE activity SET type_id = 1 WHERE id = 1",
     .call = "crm.activity.update?id=1&fields[COMMUNICATIONS][0][VALUE]=", .status = 400,
     .text = NO_COMMUNICATIONS},
    {"a call with an empty number", .call = ADD, .json = FIELDS(CONTACT ",\"TYPE_ID\":2," TO("")),
     .status = 400, .text = NO_COMMUNICATIONS},
    {"an e-mail by telephone", .call = ADD,
     .json =
         FIELDS(CONTACT ",\"TYPE_ID\":4,\"COMMUNICATIONS\":[{\"VALUE\":\"a@example.org\",\"TYPE\":"
                        "\"PHONE\"}]"),
     .status = 400, .text = NO_COMMUNICATIONS},
    {"an e-mail to be sent by telephone", .call = ADD,
     .json = FIELDS(SEND ",\"COMMUNICATIONS\":[{\"VALUE\":\"a@example.org\",\"TYPE\":\"phone\"}]"),
     .status = 400, .text = NO_COMMUNICATIONS},
    {"what leads nowhere is left out of an e-mail", .call = ADD,
     .json =
         FIELDS(CONTACT ",\"TYPE_ID\":4,\"COMMUNICATIONS\":[{\"VALUE\":\"\"},{\"VALUE\":\"+49\","
                        "\"TYPE\":\"PHONE\"},{\"VALUE\":\"a@example.org\",\"TYPE\":\"email\"}]"),
     .then = LIST("COMMUNICATIONS"), .then_has = {"\"TYPE\":\"EMAIL\",\"VALUE\":\"a@example.org\""},
     .then_lacks = {"},{", "+49"}},

    {"the kind of a communication: none of a meeting's", .call = ADD,
     .json = FIELDS(CONTACT ",\"TYPE_ID\":1," PHONE), .then = LIST("COMMUNICATIONS"),
     .then_has = {"\"TYPE\":\"\",\"VALUE\":\"+49\""}},
    {"unless it is given", .call = ADD,
     .json = FIELDS(CONTACT
                    ",\"TYPE_ID\":1,\"COMMUNICATIONS\":[{\"VALUE\":\"+49\",\"TYPE\":\"PHONE\"}]"),
     .then = LIST("COMMUNICATIONS"), .then_has = {"\"TYPE\":\"PHONE\",\"VALUE\":\"+49\""}},
    {"a call's by its value", .call = ADD, .json = FIELDS(CONTACT ",\"TYPE_ID\":2," PHONE),
     .then = LIST("COMMUNICATIONS"), .then_has = {"\"TYPE\":\"PHONE\",\"VALUE\":\"+49\""}},

    /* Refused, but kept: also without a relay. */
    {"an e-mail from nobody stays", .events = "ONCRMACTIVITYADD", .call = ADD,
     .json = FIELDS(SEND ",\"SETTINGS\":{\"MESSAGE_FROM\":\"nonsense\"}," TO("a@example.org")),
     .status = 400, .text = INVALID_EMAIL, .then = LIST("COMMUNICATIONS"),
     .then_has = {"\"VALUE\":\"a@example.org\""}},
    {"from a list stays", .events = "ONCRMACTIVITYADD", .call = ADD,
     .json =
         FIELDS(SEND ",\"SETTINGS\":{\"MESSAGE_FROM\":[\"a@example.org\"]}," TO("a@example.org")),
     .status = 400, .text = INVALID_EMAIL, .then = LIST("ID"), .then_has = {"\"total\":1"}},
    {"an e-mail to no address stays", .events = "ONCRMACTIVITYADD", .call = ADD,
     .json = FIELDS(SEND "," TO("somebody")), .status = 400, .text = INVALID_EMAIL,
     .then = LIST("ID"), .then_has = {"\"total\":1"}},
    {"an e-mail to nobody stays", .events = "ONCRMACTIVITYADD", .call = ADD,
     .json = FIELDS(SEND "," TO("")), .status = 400,
     .text = "Email send error. \\\"To\\\" is not found", .then = LIST("ID"),
     .then_has = {"\"total\":1"}},
    {"what is not to be sent is not looked at", .call = ADD,
     .json = FIELDS(CONTACT ",\"TYPE_ID\":4,\"DIRECTION\":2,\"COMPLETED\":\"N\",\"SETTINGS\":{"
                            "\"MESSAGE_FROM\":\"nonsense\"}," TO("a@example.org"))},
    {"a good one", .call = ADD,
     .json = FIELDS(
         SEND ",\"SETTINGS\":{\"MESSAGE_FROM\":\"Me <me@example.org>\"}," TO("a@example.org"))},
    {"in a batch it stays as well, and the batch goes on",
     .events = "ONCRMACTIVITYADD ONCRMLEADADD", .call = "batch", .alone = 1,
     .json = "{\"cmd\":{\"mail\":{\"method\":\"crm.activity.add\",\"params\":" FIELDS(
         SEND ",\"SETTINGS\":{\"MESSAGE_FROM\":\"nonsense\"}," TO(
             "a@example.org")) "},"
                               "\"lead\":\"crm.lead.add?fields[TITLE]=x\"}}",
     .has = {"\"result\":{\"lead\":", "\"result_error\":{\"mail\":{\"error\":\"\","
                                      "\"error_description\":\"" INVALID_EMAIL "\"}}"},
     .then = LIST("ID"), .then_has = {"\"total\":1"}},
    {"and halts one that is told to", .events = "ONCRMACTIVITYADD", .call = "batch", .alone = 1,
     .json = "{\"halt\":1,\"cmd\":{\"mail\":{\"method\":\"crm.activity.add\",\"params\":" FIELDS(
         SEND ",\"SETTINGS\":{\"MESSAGE_FROM\":\"nonsense\"}," TO(
             "a@example.org")) "},"
                               "\"lead\":\"crm.lead.add?fields[TITLE]=x\"}}",
     .has = {"\"result\":[]", "\"result_error\":{\"mail\":"}, .then = LIST("ID"),
     .then_has = {"\"total\":1"}},
    {"who may not add it does not keep it", .as = AS_LIMITED, .events = "none", .call = ADD,
     .json = FIELDS("\"OWNER_TYPE_ID\":1,\"OWNER_ID\":4,\"SUBJECT\":\"Added\",\"TYPE_ID\":4,"
                    "\"DIRECTION\":2,\"COMPLETED\":\"Y\",\"RESPONSIBLE_ID\":1,\"SETTINGS\":{"
                    "\"MESSAGE_FROM\":\"nonsense\"}," TO("a@example.org")),
     .status = 400, .text = "Access denied.", .then = LIST("ID"), .then_has = {"\"total\":0"}},

    {"what an incoming channel brought, and what it belongs to", .call = ADD,
     .json = FIELDS(
         DEAL ",\"TYPE_ID\":2,\"IS_INCOMING_CHANNEL\":\"Y\",\"ASSOCIATED_ENTITY_ID\":77," PHONE),
     .then = LIST("IS_INCOMING_CHANNEL&select[]=ASSOCIATED_ENTITY_ID"),
     .then_has = {"[{\"ASSOCIATED_ENTITY_ID\":\"77\",\"IS_INCOMING_CHANNEL\":\"Y\"}]"}},
    {"given later",
     .call = "crm.activity.update?id=1&fields[IS_INCOMING_CHANNEL]=Y&"
             "fields[ASSOCIATED_ENTITY_ID]=77",
     .then = "crm.activity.list?filter[ID]=1&select[]=IS_INCOMING_CHANNEL&"
             "select[]=ASSOCIATED_ENTITY_ID",
     .then_has = {"[{\"ASSOCIATED_ENTITY_ID\":\"77\",\"IS_INCOMING_CHANNEL\":\"Y\"}]"}},
    {"they are described as read-only, as on the page", .call = "crm.activity.fields",
     .has =
         {"\"ASSOCIATED_ENTITY_ID\":{\"type\":\"integer\",\"isRequired\":false,\"isReadOnly\":true",
          "\"IS_INCOMING_CHANNEL\":{\"type\":\"char\",\"isRequired\":false,\"isReadOnly\":true"}},
};

SCENARIOS(crm_activity_add, scenarios);
