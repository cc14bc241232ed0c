/* Scenarios of references from a row that a caller may touch to one that he may not read: what he cannot
 * read he cannot name, does not see the name of, and does not remove. Limited is responsible for
 * contacts 12 and 22, deals 12 and 22, lead 23; he may read lead 4, and no company. Contact 1, deal 8
 * are others'. */
#include "scenario.h"

#define LIMITED .as = AS_LIMITED
#define THEN_LIMITED .then_as = AS_LIMITED
#define BEFORE .before_as_admin = 1
#define MESSENGER(more)                                                                            \
    "{\"cmd\":{\"x\":\"crm.contact.update?id=1&fields[IM][0][VALUE]=xyz&fields[IM][0][VALUE_TYPE]" \
    "="                                                                                            \
    "OTHER\",\"y\":\"crm.activity.add?fields[TYPE_ID]=6&fields[PROVIDER_ID]=OWN&fields[SUBJECT]="  \
    "S&fields[RESPONSIBLE_ID]="                                                                    \
    "4&"                                                                                           \
    "fields[ORIGIN_ID]=ref&fields[OWNER_TYPE_ID]=3&fields[OWNER_ID]=1" more "\"}}"
#define ROLELESS .as = AS_ROLELESS
#define DENIED .status = 400, .error = "", .text = "Access denied."
#define CODED .status = 400, .error = "ACCESS_DENIED"
#define ABSENT .status = 400, .error = "", .text = "Activity is not found"
#define NO_COMMUNICATIONS                                                                          \
    .status = 400, .text = "The field COMMUNICATIONS is not defined or invalid"
#define NO_DEAL(id) .status = 400, .text = "Could not find 'DEAL' with ID: " id
#define WITH(type, id) "{\"VALUE\":\"a@b\",\"ENTITY_TYPE_ID\":" #type ",\"ENTITY_ID\":" #id "}"
#define OWNED(type, id) "\"OWNER_TYPE_ID\":" #type ",\"OWNER_ID\":" #id ","
/* An activity that is found by its ORIGIN_ID, of a kind that takes any number of communications. */
#define ADD_OF(kind, owner, communications)                                                        \
    "{\"fields\":{\"TYPE_ID\":" #kind                                                              \
    ",\"PROVIDER_ID\":\"OWN\",\"SUBJECT\":\"S\",\"RESPONSIBLE_ID\":1,\"ORIGIN_ID\":"               \
    "\"ref\"," owner "\"COMMUNICATIONS\":[" communications "]}}"
#define ADD(owner, communications) ADD_OF(6, owner, communications)
#define FIND                                                                                       \
    "crm.activity.list?filter[ORIGIN_ID]=ref&select[]=ID&select[]=COMMUNICATIONS&select[]="        \
    "BINDINGS"
/* FIND it, then a command with its id, then FIND it again. */
#define ON_IT(command) "{\"cmd\":{\"a\":\"" FIND "\",\"b\":\"" command "\",\"c\":\"" FIND "\"}}"
#define UPDATE "crm.activity.update?id=$result[a][0][ID]"
#define TALK(at, type, id)                                                                         \
    "&fields[COMMUNICATIONS][" #at "][VALUE]=a@b&fields[COMMUNICATIONS][" #at                      \
    "][ENTITY_TYPE_ID]=" #type "&fields[COMMUNICATIONS][" #at "][ENTITY_ID]=" #id
#define TALKED(type, id, settings)                                                                 \
    "\"VALUE\":\"a@b\",\"ENTITY_ID\":\"" #id "\",\"ENTITY_TYPE_ID\":\"" #type                      \
    "\",\"ENTITY_SETTINGS\":" settings
#define BOUND(type, id) "{\"OWNER_TYPE_ID\":\"" #type "\",\"OWNER_ID\":\"" #id "\"}"
#define FAILED(words)                                                                              \
    "\"result_error\":{\"b\":{\"error\":\"\",\"error_description\":\"" words "\"}}"
#define APP_FIELDS                                                                                 \
    "fields[OWNER_TYPE_ID]=1&fields[OWNER_ID]=1&fields[PROVIDER_ID]=REST_APP&fields[SUBJECT]=x&"   \
    "fields[PROVIDER_TYPE_ID]=1C&fields[RESPONSIBLE_ID]=1&fields[ORIGIN_ID]=ref"
#define GET "crm.activity.get?id=$result[a][0][ID]"
#define CONFIGURABLE                                                                               \
    "{\"ownerTypeId\":2,\"ownerId\":1,\"fields\":{\"originId\":\"ref\"},\"layout\":{\"icon\":{"    \
    "\"code\":\"info\"},\"header\":{\"title\":\"Hello\"},\"body\":{\"logo\":{\"code\":\"call\"}}}" \
    "}"
#define LINKED(ids) "{\"id\":12,\"fields\":{\"CONTACT_IDS\":[" ids "]}}"
#define LINKS                                                                                      \
    "crm.deal.list?filter[ID]=12&select[]=CONTACT_ID&select[]=CONTACT_IDS&select[]=COMPANY_ID"

static const struct scenario scenarios[] = {
    /* an activity's owner and communications, named anew */
    {"a communication with a contact he may not read", LIMITED, .call = "crm.activity.add",
     .json = ADD(OWNED(1, 23), WITH(3, 1)), NO_COMMUNICATIONS},
    {"as with one that does not exist", LIMITED, .call = "crm.activity.add",
     .json = ADD(OWNED(1, 23), WITH(3, 99999)), NO_COMMUNICATIONS},
    {"a communication with a company, of which he may read none", LIMITED,
     .call = "crm.activity.add", .json = ADD(OWNED(1, 23), WITH(4, 1)), NO_COMMUNICATIONS},
    {"his owner, and a communication with a deal of others", LIMITED, .call = "crm.activity.add",
     .json = ADD(OWNED(3, 12), WITH(2, 8)), NO_COMMUNICATIONS,
     .then = "crm.activity.list?filter[ORIGIN_ID]=ref", .then_has = {"\"result\":[]"}},
    {"a deal of others as owner, and his communication", LIMITED, .call = "crm.activity.add",
     .json = ADD(OWNED(2, 8), WITH(3, 12)), NO_DEAL("8"),
     .then = "crm.activity.list?filter[ORIGIN_ID]=ref", .then_has = {"\"result\":[]"}},
    {"as with an owner that does not exist", LIMITED, .call = "crm.activity.add",
     .json = ADD(OWNED(2, 99999), WITH(3, 12)), NO_DEAL("99999")},
    {"an owner that he may only read", LIMITED, .call = "crm.activity.add",
     .json = ADD(OWNED(1, 4), WITH(3, 12)), DENIED},
    {"the same as owner by its communication", LIMITED, .call = "crm.activity.add",
     .json = ADD("", WITH(1, 4)), DENIED},
    {"what he may only read takes part in what is his", LIMITED, .call = "crm.activity.add",
     .json = ADD(OWNED(2, 12), WITH(1, 4)), .then = FIND,
     .then_has = {"\"ENTITY_ID\":\"4\"", "\"LEAD_TITLE\":\"", BOUND(1, 4), BOUND(2, 12)}},

    /* and what stands there already */
    {"names of a contact that he may not read are not shown", .call = "crm.activity.add",
     .json = ADD(OWNED(1, 23), WITH(3, 1)), THEN_LIMITED, .then = FIND,
     .then_has = {TALKED(3, 1, "[]"), "\"BINDINGS\":[" BOUND(1, 23) "]"},
     .then_lacks = {"LAST_NAME"}},
    {"but to whoever may", .call = "crm.activity.add", .json = ADD(OWNED(1, 23), WITH(3, 1)),
     .then = FIND,
     .then_has = {TALKED(3, 1, "{\"HONORIFIC\""),
                  "\"BINDINGS\":[" BOUND(1, 23) "," BOUND(3, 1) "]"}},
    {"a filter by such a binding finds nothing", .call = "crm.activity.add",
     .json = ADD(OWNED(1, 23), WITH(3, 1)), THEN_LIMITED,
     .then = FIND "&filter[BINDINGS][0][OWNER_TYPE_ID]=3&filter[BINDINGS][0][OWNER_ID]=1",
     .then_has = {"\"result\":[]", "\"total\":0"}},
    {"by one of the pairs it finds it once", .call = "crm.activity.add",
     .json = ADD(OWNED(1, 23), WITH(3, 1)), THEN_LIMITED,
     .then = FIND "&filter[BINDINGS][0][OWNER_ID]=1&filter[BINDINGS][1][OWNER_TYPE_ID]=1",
     .then_has = {"\"total\":1,", TALKED(3, 1, "[]")}},
    {"a contact's company is not called by name", .call = "crm.contact.update",
     .json = "{\"id\":12,\"fields\":{\"COMPANY_ID\":1}}", THEN_LIMITED, .then = "batch",
     .then_json =
         "{\"cmd\":{\"x\":\"crm.activity.add?fields[TYPE_ID]=6&fields[PROVIDER_ID]=OWN&fields["
         "SUBJECT]=S&fields["
         "RESPONSIBLE_ID]=4&fields[ORIGIN_ID]=ref" TALK(0, 3, 12) "\",\"y\":\"" FIND "\"}}",
     .then_has = {TALKED(3, 12, "{\"HONORIFIC\""), "\"COMPANY_ID\":\"1\"}"},
     .then_lacks = {"COMPANY_TITLE"}},
    {"a stored communication is repeated", .call = "crm.activity.add",
     .json = ADD(OWNED(1, 23), WITH(3, 1)), THEN_LIMITED, .then = "batch",
     .then_json = ON_IT(UPDATE TALK(0, 3, 1) TALK(1, 3, 12)),
     .then_has = {"\"b\":true", "\"c\":[", TALKED(3, 12, "{\"HONORIFIC\"")}},
    {"and keeps its name for who may see it", LIMITED, .alone = 1, BEFORE,
     .before = "crm.activity.add", .before_json = ADD(OWNED(1, 23), WITH(3, 1)), .call = "batch",
     .json = ON_IT(UPDATE TALK(0, 3, 1)), .events = "ONCRMACTIVITYUPDATE", .then = FIND,
     .then_has = {TALKED(3, 1, "{\"HONORIFIC\""), BOUND(1, 23), BOUND(3, 1)}},
    {"the type of a value is not looked up in what he may not read", LIMITED, .alone = 1, BEFORE,
     .before = "batch", .before_json = MESSENGER(""), .call = "batch",
     .json = ON_IT(UPDATE "&fields[COMMUNICATIONS][0][VALUE]=xyz"), .events = "ONCRMACTIVITYUPDATE",
     .has = {"\"b\":true", "\"TYPE\":\"\",\"VALUE\":\"xyz\",\"ENTITY_ID\":\"1\",\"ENTITY_TYPE_ID\":"
                           "\"3\",\"ENTITY_SETTINGS\":[]"}},
    {"and stays where it stands", LIMITED, .alone = 1, BEFORE, .before = "batch",
     .before_json = MESSENGER("&fields[COMMUNICATIONS][0][VALUE]=xyz"), .call = "batch",
     .json = ON_IT(UPDATE "&fields[COMMUNICATIONS][0][VALUE]=xyz"), .events = "ONCRMACTIVITYUPDATE",
     .then = FIND, .then_has = {"\"TYPE\":\"IM\",\"VALUE\":\"xyz\"", "\"NAME\":\""}},
    {"but for who may", .before = "batch",
     .before_json = MESSENGER("&fields[COMMUNICATIONS][0][VALUE]=xyz"), .call = FIND,
     .has = {"\"TYPE\":\"IM\",\"VALUE\":\"xyz\""}},
    {"what he does not see stays when he writes the list", LIMITED, .alone = 1, BEFORE,
     .before = "crm.activity.add",
     .before_json = ADD(OWNED(1, 23), WITH(3, 1) "," WITH(3, 12) "," WITH(3, 2)), .call = "batch",
     .json = ON_IT(UPDATE TALK(0, 3, 22)), .events = "ONCRMACTIVITYUPDATE",
     .has = {TALKED(3, 1, "[]"), "\"BINDINGS\":[" BOUND(1, 23) "," BOUND(3, 22) "]"}, .then = FIND,
     .then_has = {TALKED(3, 1, "{\"HONORIFIC\""), TALKED(3, 22, "{\"HONORIFIC\""),
                  TALKED(3, 2, "{\"HONORIFIC\""), BOUND(3, 1), BOUND(3, 2), BOUND(3, 22)},
     .then_lacks = {BOUND(3, 12), "\"ENTITY_ID\":\"12\""}},
    {"an empty list empties it of what he sees", LIMITED, .alone = 1, BEFORE,
     .before = "crm.activity.add", .before_json = ADD(OWNED(1, 23), WITH(3, 1) "," WITH(3, 12)),
     .call = "batch", .json = ON_IT(UPDATE "&fields[COMMUNICATIONS]="),
     .events = "ONCRMACTIVITYUPDATE", .then = FIND,
     .then_has = {TALKED(3, 1, "{\"HONORIFIC\""), BOUND(1, 23), BOUND(3, 1)},
     .then_lacks = {BOUND(3, 12)}},
    {"a call has one communication: the unseen one", .call = "crm.activity.add",
     .json = ADD_OF(2, OWNED(1, 23), WITH(3, 1)), THEN_LIMITED, .then = "batch",
     .then_json = ON_IT(UPDATE TALK(0, 3, 12)),
     .then_has = {FAILED("The only one communication is allowed for activity of specified type")}},
    {"which may be repeated", .call = "crm.activity.add",
     .json = ADD_OF(2, OWNED(1, 23), WITH(3, 1)), THEN_LIMITED, .then = "batch",
     .then_json = ON_IT(UPDATE TALK(0, 3, 1)), .then_has = {"\"b\":true"}},
    {"a communication with what was deleted is repeated", .call = "batch", .alone = 1,
     .events = "ONCRMACTIVITYADD ONCRMACTIVITYDELETE:2 ONCRMACTIVITYUPDATE ONCRMCONTACTDELETE",
     .json =
         "{\"cmd\":{\"x\":\"crm.activity.add?fields[TYPE_ID]=6&fields[PROVIDER_ID]=OWN&fields["
         "SUBJECT]=S&fields["
         "RESPONSIBLE_ID]=4&fields[ORIGIN_ID]=ref&fields[OWNER_TYPE_ID]=1&fields[OWNER_ID]=23" TALK(
             0, 3, 1) "\",\"y\":\"crm.contact.delete?id=1\",\"a\":\"" FIND
                      "\",\"b\":\"" UPDATE TALK(0, 3, 1) "\",\"c\":\"" FIND "\"}}",
     .has = {"\"b\":true", "\"BINDINGS\":[" BOUND(1, 23) "]"}, .lacks = {BOUND(3, 1)}},

    /* the right to delete */
    {"a binding gives no right to delete",
     .call = "crm.activity.update?id=1&fields[RESPONSIBLE_ID]=4", THEN_LIMITED, .then = "batch",
     .then_json = "{\"cmd\":{\"a\":\"crm.activity.binding.add?activityId=1&entityTypeId=2&entityId="
                  "12\",\"b\":\"crm.activity.delete?id=1\",\"c\":\"crm.activity.get?id=1\"}}",
     .then_has = {"\"a\":true", FAILED("Access denied."), "\"c\":{\"ID\":\"1\""}},
    {"a communication gives none", LIMITED, .alone = 1, BEFORE, .before = "batch",
     .before_json = "{\"cmd\":{\"x\":\"crm.activity.add?fields[TYPE_ID]=6&fields[PROVIDER_ID]=OWN&"
                    "fields[SUBJECT]=S&fields["
                    "RESPONSIBLE_ID]=4&fields[ORIGIN_ID]=ref&fields[OWNER_TYPE_ID]=2&fields[OWNER_"
                    "ID]=8\"}}",
     .call = "batch",
     .json = "{\"cmd\":{\"a\":\"" FIND "\",\"x\":\"" UPDATE TALK(
         0, 3, 12) "\",\"b\":"
                   "\"crm.activity.delete?id=$result[a][0][ID]\",\"c\":\"" FIND "\"}}",
     .events = "ONCRMACTIVITYUPDATE",
     .has = {"\"x\":true", FAILED("Access denied."), "\"BINDINGS\":[" BOUND(3, 12) "]"}},
    {"an activity of others is bound to nothing", LIMITED,
     .call = "crm.activity.binding.add?activityId=1&entityTypeId=2&entityId=12", CODED},

    /* none */
    {"none: get of what is missing", ROLELESS, .call = "crm.activity.get?id=99999", DENIED},
    {"none: update of what is missing", ROLELESS,
     .call = "crm.activity.update?id=99999&fields[SUBJECT]=x", DENIED},
    {"none: update of what is not his", ROLELESS,
     .call = "crm.activity.update?id=2&fields[SUBJECT]=x", DENIED},
    {"none: delete of what is missing", ROLELESS, .call = "crm.activity.delete?id=99999", DENIED},
    {"none: delete of what is not his", ROLELESS, .call = "crm.activity.delete?id=2", DENIED},
    {"none: add at what is missing", ROLELESS, .call = "crm.activity.add",
     .json = ADD(OWNED(2, 99999), ""), DENIED},
    {"none: add at what is there", ROLELESS, .call = "crm.activity.add",
     .json = ADD(OWNED(2, 8), ""), DENIED},
    {"none: bindings of what is missing", ROLELESS,
     .call = "crm.activity.binding.list?activityId=99999", CODED},
    {"none: bindings of what is not his", ROLELESS,
     .call = "crm.activity.binding.list?activityId=2", CODED},
    {"none: a binding more of what is missing", ROLELESS,
     .call = "crm.activity.binding.add?activityId=99999&entityTypeId=2&entityId=8", CODED},
    {"none: moving what is missing", ROLELESS,
     .call = "crm.activity.binding.move?activityId=99999&sourceEntityTypeId=2&sourceEntityId=8&"
             "targetEntityTypeId=2&targetEntityId=9",
     CODED},
    {"none: a to-do at what is missing", ROLELESS,
     .call = "crm.activity.todo.add?ownerTypeId=2&ownerId=99999&deadline=2026-02-01T10:00:00",
     CODED},
    {"none: a to-do that is missing", ROLELESS,
     .call = "crm.activity.todo.updateColor?id=99999&ownerTypeId=2&ownerId=8&colorId=1", CODED},
    {"none: a transcript of what is missing", ROLELESS,
     .call = "crm.activity.call.getTranscript?activityId=99999", .status = 403,
     .error = "ACCESS_DENIED", .text = "Access denied"},
    {"none: a configurable one that is missing", .as = AS_APP_ROLELESS,
     .call = "crm.activity.configurable.get?id=99999", CODED},
    {"none: one that is there", .as = AS_APP_ROLELESS, .call = "crm.activity.configurable.get?id=2",
     CODED},
    {"none: an update of one that is missing", .as = AS_APP_ROLELESS,
     .call = "crm.activity.configurable.update?id=99999&fields[completed]=Y", CODED},
    {"none: blocks of what is missing", .as = AS_APP_ROLELESS,
     .call = "crm.activity.layout.blocks.get?entityTypeId=2&entityId=99999&activityId=99999",
     CODED},
    {"none for one type: what is bound to it alone is not there",
     .call = "crm.activity.todo.add?ownerTypeId=4&ownerId=1&deadline=2026-02-01T10:00:00",
     THEN_LIMITED, .then = "crm.activity.get?id=@id", .then_has = {"\"Activity is not found\""}},
    {"nor to be changed",
     .call = "crm.activity.todo.add?ownerTypeId=4&ownerId=1&deadline=2026-02-01T10:00:00",
     THEN_LIMITED, .then = "crm.activity.update?id=@id&fields[SUBJECT]=x",
     .then_has = {"\"Activity is not found\""}},
    {"nor to be deleted",
     .call = "crm.activity.todo.add?ownerTypeId=4&ownerId=1&deadline=2026-02-01T10:00:00",
     THEN_LIMITED, .then = "crm.activity.delete?id=@id", .then_has = {"\"Activity is not found\""}},
    {"nor to be bound",
     .call = "crm.activity.todo.add?ownerTypeId=4&ownerId=1&deadline=2026-02-01T10:00:00",
     THEN_LIMITED, .then = "crm.activity.binding.list?activityId=@id",
     .then_has = {"\"NOT_FOUND\""}},
    {"what is missing to him with another level", LIMITED, .call = "crm.activity.delete?id=99999",
     ABSENT},

    /* parents */
    {"a parent he may not read", LIMITED,
     .call = "crm.activity.todo.add?ownerTypeId=2&ownerId=12&deadline=2026-02-01T10:00:00&"
             "parentActivityId=1",
     .status = 400, .error = "NOT_FOUND", .text = "Not found."},
    {"a parent that is missing", LIMITED,
     .call = "crm.activity.todo.add?ownerTypeId=2&ownerId=12&deadline=2026-02-01T10:00:00&"
             "parentActivityId=99999",
     .status = 400, .error = "NOT_FOUND", .text = "Not found."},
    {"a parent he may read", LIMITED,
     .call = "crm.activity.todo.add?ownerTypeId=2&ownerId=12&deadline=2026-02-01T10:00:00&"
             "parentActivityId=11",
     .has = {"\"id\":"}},
    {"a stored parent is repeated",
     .call = "crm.activity.todo.add?ownerTypeId=2&ownerId=12&deadline=2026-02-01T10:00:00&"
             "parentActivityId=1",
     THEN_LIMITED,
     .then =
         "crm.activity.todo.update?id=@id&ownerTypeId=2&ownerId=12&deadline=2026-02-02T10:00:00&"
         "parentActivityId=1",
     .then_has = {"\"result\":{\"id\":"}},
    {"another is not",
     .call = "crm.activity.todo.add?ownerTypeId=2&ownerId=12&deadline=2026-02-01T10:00:00&"
             "parentActivityId=1",
     THEN_LIMITED,
     .then =
         "crm.activity.todo.update?id=@id&ownerTypeId=2&ownerId=12&deadline=2026-02-02T10:00:00&"
         "parentActivityId=2",
     .then_has = {"\"Not found.\""}},
    {"a to-do of others is not found at his deal", LIMITED,
     .call = "crm.activity.todo.updateColor?id=1&ownerTypeId=2&ownerId=12&colorId=1", .status = 400,
     .error = "NOT_FOUND"},

    /* links */
    {"a contact he may not read is not linked", LIMITED, .call = "crm.deal.update",
     .json = LINKED("1,12,99999"), .result = "true", .then = LINKS,
     .then_has = {"\"CONTACT_ID\":\"12\",\"CONTACT_IDS\":[12]"}},
    {"nor alone", LIMITED, .call = "crm.deal.update?id=12&fields[CONTACT_ID]=1", .result = "true",
     .then = LINKS, .then_lacks = {"\"CONTACT_ID\":\"1\"", "[1]"}},
    {"a company he may not read is not taken", LIMITED,
     .call = "crm.deal.add?fields[TITLE]=refs&fields[COMPANY_ID]=1",
     .then = "crm.deal.list?filter[TITLE]=refs&select[]=COMPANY_ID",
     .then_has = {"\"COMPANY_ID\":null"}},
    {"a stored company is repeated", .call = "crm.deal.update?id=12&fields[COMPANY_ID]=1",
     THEN_LIMITED, .then = "batch",
     .then_json = "{\"cmd\":{\"a\":\"crm.deal.update?id=12&fields[COMPANY_ID]=1&fields[TITLE]=x\","
                  "\"b\":\"crm.deal.update?id=12&fields[COMPANY_ID]=2\",\"c\":\"" LINKS "\"}}",
     .then_has = {"\"a\":true,\"b\":true", "\"COMPANY_ID\":\"1\""}},
    {"a list shows what he may read, the row its main one", .call = "crm.deal.update",
     .json = LINKED("1,12"), THEN_LIMITED, .then = LINKS,
     .then_has = {"\"CONTACT_ID\":\"1\",\"CONTACT_IDS\":[12]"}},
    {"written back as he saw it, it stays as it was", LIMITED, BEFORE, .before = "crm.deal.update",
     .before_json = LINKED("1,12,2"), .call = "crm.deal.update", .json = LINKED("12"),
     .result = "true", .then = LINKS,
     .then_has = {"\"CONTACT_ID\":\"1\",\"CONTACT_IDS\":[1,12,2]"}},
    {"what he does not see keeps its place", LIMITED, BEFORE, .before = "crm.deal.update",
     .before_json = LINKED("12,1,2"), .call = "crm.deal.update", .json = LINKED("22"),
     .result = "true", .then = LINKS,
     .then_has = {"\"CONTACT_ID\":\"22\",\"CONTACT_IDS\":[22,1,2]"}},
    {"what stands there may be repeated", LIMITED, BEFORE, .before = "crm.deal.update",
     .before_json = LINKED("12,1"), .call = "crm.deal.update", .json = LINKED("1,12,2"),
     .result = "true", .then = LINKS, .then_has = {"\"CONTACT_ID\":\"1\",\"CONTACT_IDS\":[1,12]"}},
    {"an empty main one ends what he sees", LIMITED, BEFORE, .before = "crm.deal.update",
     .before_json = LINKED("12,2,1"), .call = "crm.deal.update?id=12&fields[CONTACT_ID]=",
     .result = "true", .then = LINKS, .then_has = {"\"CONTACT_ID\":\"2\",\"CONTACT_IDS\":[2,1]"}},
    {"a linked one may become the main one", LIMITED, BEFORE, .before = "crm.deal.update",
     .before_json = LINKED("12,1"), .call = "crm.deal.update?id=12&fields[CONTACT_ID]=1",
     .result = "true", .then = LINKS, .then_has = {"\"CONTACT_ID\":\"1\",\"CONTACT_IDS\":[1,12]"}},
    {"a filter by the list finds what it shows", .call = "crm.deal.update", .json = LINKED("1,12"),
     THEN_LIMITED, .then = "batch",
     .then_json = "{\"cmd\":{\"a\":\"crm.deal.list?filter[ID]=12&filter[CONTACT_IDS]=1\",\"b\":"
                  "\"crm.deal.list?filter[ID]=12&filter[CONTACT_IDS]=12&select[]=ID\",\"c\":"
                  "\"crm.deal.list?filter[ID]=12&filter[!CONTACT_IDS]=1&select[]=ID\"}}",
     .then_has = {"\"a\":[],\"b\":[{\"ID\":\"12\"}],\"c\":[{\"ID\":\"12\"}]"}},
    {"companies of a contact, of which he may read none", .call = "crm.contact.update",
     .json = "{\"id\":12,\"fields\":{\"COMPANY_IDS\":[2,1]}}", THEN_LIMITED, .then = "batch",
     .then_json = "{\"cmd\":{\"a\":\"crm.contact.list?filter[ID]=12&select[]=COMPANY_ID&select[]="
                  "COMPANY_IDS\",\"b\":\"crm.contact.update?id=12&fields[COMPANY_IDS]=\",\"c\":"
                  "\"crm.contact.list?filter[COMPANY_IDS]=1\",\"d\":\"crm.contact.update?id=12&"
                  "fields[COMPANY_ID]=\",\"e\":\"crm.contact.get?id=12\"}}",
     .then_has = {"\"a\":[{\"COMPANY_ID\":\"2\",\"COMPANY_IDS\":[]}]",
                  "\"b\":true,\"c\":[],\"d\":true", "\"COMPANY_ID\":\"2\""}},

    /* activities of applications */
    {"an application's activity is answered to it", .as = AS_APP,
     .call = "crm.activity.add?" APP_FIELDS, .then_as = AS_APP, .then = "batch",
     .then_json = ON_IT(GET), .then_has = {"\"PROVIDER_ID\":\"REST_APP\"", "\"result_error\":[]"}},
    {"not to another", .as = AS_APP, .call = "crm.activity.add?" APP_FIELDS, .then_as = AS_APP_TWO,
     .then = "batch", .then_json = ON_IT(GET),
     .then_has = {FAILED("Application context required")}},
    {"not to a webhook", .as = AS_APP, .call = "crm.activity.add?" APP_FIELDS, .then = "batch",
     .then_json = ON_IT(GET), .then_has = {FAILED("Application context required")},
     .then_lacks = {"\"PROVIDER_ID\""}},
    {"nor a configurable one", .as = AS_APP, .call = "crm.activity.configurable.add",
     .json = CONFIGURABLE, .then = "crm.activity.get?id=@id",
     .then_has = {"\"error_description\":\"Application context required\""}},
    {"which another one does not hear of", .as = AS_APP, .call = "crm.activity.configurable.add",
     .json = CONFIGURABLE, .then_as = AS_ROLELESS, .then = "crm.activity.delete?id=@id",
     .then_has = {"\"error_description\":\"Access denied.\""}},
};

SCENARIOS(crm_reference, scenarios);
