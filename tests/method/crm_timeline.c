/* crm.timeline.comment.*, bindings.*, logmessage.*, note.*, item.*. The entry 900 is made by hand; deal 1 is one that the
 * limited caller may change, deal 8 is not, contact 12 is his. */
#include "scenario.h"

#define LIMITED .as = AS_LIMITED
#define TEXT(words) .status = 400, .text = words
#define CODED(code, words) .status = 400, .error = code, .text = words
#define MISSING(name) CODED("100", "Could not find value for parameter {" name "}")
#define ENTRY(kind)                                                                                \
    "INSERT INTO timeline_entry (id, kind, created, author_id, title, text, icon) VALUES (900, "   \
    "'" kind "', 1768467000, 2, 'Title', 'Hello', 'info');"
#define AT(kind, type, id)                                                                         \
    "INSERT INTO timeline_binding (owner_type_id, owner_id, entry_id, kind, created, author_id) "  \
    "VALUES (" #type ", " #id ", 900, '" kind "', 1768467000, 2);"
#define COMMENT_AT(type, id) .sql = ENTRY("comment") AT("comment", type, id)
#define LOG_AT(type, id) .sql = ENTRY("log") AT("log", type, id)
#define TWICE .sql = ENTRY("comment") AT("comment", 2, 1) AT("comment", 3, 12)
#define SHOWN                                                                                      \
    "{\"ID\":\"900\",\"ENTITY_ID\":\"1\",\"ENTITY_TYPE\":\"deal\",\"CREATED\":"                    \
    "\"2026-01-15T11:50:00+03:00\",\"COMMENT\":\"Hello\",\"AUTHOR_ID\":\"2\",\"FILES\":[]}"
#define LOG                                                                                        \
    "{\"id\":900,\"created\":\"2026-01-15T11:50:00+03:00\",\"authorId\":2,\"title\":\"Title\","    \
    "\"text\":\"Hello\",\"iconCode\":\"info\"}"
#define FIELD(name, type, flags, title)                                                            \
    "\"" name "\":{\"type\":\"" type "\"," flags ",\"isDynamic\":false,\"title\":\"" title "\"}"
#define FLAGS(required, read_only, immutable, multiple)                                            \
    "\"isRequired\":" required ",\"isReadOnly\":" read_only ",\"isImmutable\":" immutable          \
    ",\"isMultiple\":" multiple
#define BIND(entry, type, id)                                                                      \
    "{\"fields\":{\"OWNER_ID\":" #entry ",\"ENTITY_TYPE\":\"" type "\",\"ENTITY_ID\":" #id "}}"
#define ADD(fields) .call = "crm.timeline.comment.add", .json = "{\"fields\":{" fields "}}"
#define DEAL(id) "\"ENTITY_TYPE\":\"deal\",\"ENTITY_ID\":" #id
#define LOG_ADD(fields) .call = "crm.timeline.logmessage.add", .json = "{\"fields\":{" fields "}}"
#define LOGGED "\"title\":\"A\",\"text\":\"B\",\"iconCode\":\"info\""
#define NOTE(verb, rest)                                                                           \
    .call = "crm.timeline.note." verb,                                                             \
    .json = "{\"ownerTypeId\":2,\"ownerId\":1,\"itemType\":1,\"itemId\":900" rest "}"
#define NOTED                                                                                      \
    "INSERT INTO timeline_note VALUES (2, 1, 1, 900, 'Test note', 1768467000, 2, 1768467600, 1);"
#define PIN(verb)                                                                                  \
    .call = "crm.timeline.item." verb, .json = "{\"id\":900,\"ownerTypeId\":2,\"ownerId\":1}"

static const struct scenario scenarios[] = {
    /* ---- comments ---- */
    {"the fields of a comment", .call = "crm.timeline.comment.fields",
     .has = {FIELD("ID", "integer", FLAGS("false", "true", "false", "false"), "ID"),
             FIELD("CREATED", "datetime", FLAGS("false", "true", "false", "false"), "Date added"),
             FIELD("ENTITY_TYPE", "string", FLAGS("true", "false", "true", "false"),
                   "Type of the element the comment is attached to"),
             FIELD("FILES", "attached_diskfile", FLAGS("false", "false", "false", "true"),
                   "File list")}},
    {"a comment is added", ADD(DEAL(1) ",\"COMMENT\":\"Hello\""),
     .events = "ONCRMTIMELINECOMMENTADD",
     .then = "crm.timeline.comment.list?filter[ENTITY_TYPE]=deal&filter[ENTITY_ID]=1",
     .then_has = {"\"COMMENT\":\"Hello\",\"AUTHOR_ID\":\"1\",\"FILES\":[]}]", "\"total\":1",
                  "\"CREATED\":\"2026-01-15T12:00:00+03:00\""}},
    {"with files",
     ADD(DEAL(1) ",\"COMMENT\":\"x\",\"FILES\":[[\"1.gif\",\"R0lG\"],"
                 "[\"a.txt\",\"YQ==\"]]"),
     .events = "ONCRMTIMELINECOMMENTADD",
     .then = "crm.timeline.comment.list?filter[ENTITY_TYPE]=DEAL&filter[ENTITY_ID]=1",
     .then_has = {"\"type\":\"image\",\"name\":\"1.gif\",\"size\":3,\"authorId\":1",
                  "\"type\":\"file\",\"name\":\"a.txt\",\"size\":1", "\"urlPreview\":\"http",
                  "/bitrix/tools/crm_show_comment_file.php?"}},
    {"a file that is none", ADD(DEAL(1) ",\"COMMENT\":\"x\",\"FILES\":[\"?\"]"),
     CODED("INVALID_ARG_VALUE", "The field FILES is not defined or invalid")},
    {"of another type", ADD("\"ENTITY_TYPE\":\"nothing\",\"ENTITY_ID\":1,\"COMMENT\":\"x\""),
     CODED("NOT_FOUND", "Not found.")},
    {"at nothing", ADD(DEAL(99999) ",\"COMMENT\":\"x\""), .status = 400,
     .error = "OWNER_NOT_FOUND"},
    {"at a deal that is not his", LIMITED, ADD(DEAL(8) ",\"COMMENT\":\"x\""), .status = 400,
     .error = "OWNER_NOT_FOUND"},
    {"at a lead that he only reads", LIMITED,
     ADD("\"ENTITY_TYPE\":\"lead\",\"ENTITY_ID\":4,\"COMMENT\":\"x\""), .status = 400,
     .error = "ACCESS_DENIED"},
    {"without a row", ADD("\"ENTITY_TYPE\":\"deal\",\"COMMENT\":\"x\""), MISSING("ENTITY_ID")},
    {"without a type", ADD("\"ENTITY_ID\":1,\"COMMENT\":\"x\""), MISSING("ENTITY_TYPE")},
    {"without fields", .call = "crm.timeline.comment.add", MISSING("fields")},
    {"empty", ADD(DEAL(1) ",\"COMMENT\":\" \""), CODED("INVALID_ARG_VALUE", "Empty comment")},
    {"without a text", ADD(DEAL(1)), CODED("INVALID_ARG_VALUE", "Empty comment")},
    {"a comment", COMMENT_AT(2, 1), .call = "crm.timeline.comment.get?id=900", .result = SHOWN},
    {"a comment for whom it is readable", LIMITED, COMMENT_AT(2, 1),
     .call = "crm.timeline.comment.get?id=900", .result = SHOWN},
    {"a comment that is not for him", LIMITED, COMMENT_AT(2, 8),
     .call = "crm.timeline.comment.get?id=900", TEXT("Access denied.")},
    {"no comment", .call = "crm.timeline.comment.get?id=900", TEXT("Not found.")},
    {"a message of the log is none", LOG_AT(2, 1), .call = "crm.timeline.comment.get?id=900",
     TEXT("Not found.")},
    {"no id", .call = "crm.timeline.comment.get", TEXT("ID is not defined or invalid.")},
    {"comments of a card", COMMENT_AT(2, 1),
     .call = "crm.timeline.comment.list?filter[ENTITY_TYPE]=deal&filter[ENTITY_ID]=1&"
             "order[CREATED]=DESC&select[]=ID&select[]=COMMENT",
     .result = "[{\"ID\":\"900\",\"COMMENT\":\"Hello\"}]"},
    {"comments of a card that is not his", LIMITED,
     .call = "crm.timeline.comment.list?filter[ENTITY_TYPE]=deal&filter[ENTITY_ID]=8",
     TEXT("Access denied.")},
    {"comments of no card", .call = "crm.timeline.comment.list", TEXT("Access denied.")},
    {"a comment is changed", COMMENT_AT(2, 1), .call = "crm.timeline.comment.update",
     .json = "{\"id\":900,\"fields\":{\"COMMENT\":\"New\"}}", .result = "900",
     .events = "ONCRMTIMELINECOMMENTUPDATE", .then = "crm.timeline.comment.get?id=900",
     .then_has = {"\"COMMENT\":\"New\""}},
    {"at the row named", COMMENT_AT(2, 1), .call = "crm.timeline.comment.update",
     .json =
         "{\"id\":900,\"ownerTypeId\":2,\"ownerId\":1,\"fields\":{\"FILES\":[[\"a\",\"YQ==\"]]}}",
     .result = "900", .events = "ONCRMTIMELINECOMMENTUPDATE",
     .then = "crm.timeline.comment.get?id=900",
     .then_has = {"\"COMMENT\":\"Hello\"", "\"name\":\"a\""}},
    {"at another row", COMMENT_AT(2, 1), .call = "crm.timeline.comment.update",
     .json = "{\"id\":900,\"ownerTypeId\":2,\"ownerId\":2,\"fields\":{\"COMMENT\":\"x\"}}",
     CODED("NOT_FOUND", "Not found.")},
    {"a comment that is not there", .call = "crm.timeline.comment.update",
     .json = "{\"id\":900,\"fields\":{\"COMMENT\":\"x\"}}", CODED("NOT_FOUND", "Not found.")},
    {"a comment that he only reads", LIMITED, COMMENT_AT(1, 4),
     .call = "crm.timeline.comment.update", .json = "{\"id\":900,\"fields\":{\"COMMENT\":\"x\"}}",
     .status = 400, .error = "ACCESS_DENIED"},
    {"made empty", COMMENT_AT(2, 1), .call = "crm.timeline.comment.update",
     .json = "{\"id\":900,\"fields\":{\"COMMENT\":\"\"}}",
     CODED("INVALID_ARG_VALUE", "Empty comment")},
    {"changed by nothing", .call = "crm.timeline.comment.update?id=900", MISSING("fields")},
    {"a file that it does not have", COMMENT_AT(2, 1), .call = "crm.timeline.comment.update",
     .json = "{\"id\":900,\"fields\":{\"FILES\":[{\"id\":5}]}}",
     CODED("INVALID_ARG_VALUE", "The field FILES is not defined or invalid")},
    {"a comment is deleted", COMMENT_AT(2, 1), .call = "crm.timeline.comment.delete?id=900",
     .result = "null", .events = "ONCRMTIMELINECOMMENTDELETE",
     .then = "crm.timeline.comment.get?id=900", .then_has = {"Not found."}},
    {"not there", .call = "crm.timeline.comment.delete?id=900", CODED("NOT_FOUND", "Not found.")},
    {"without an id", .call = "crm.timeline.comment.delete", MISSING("id")},
    {"at two cards", TWICE, .call = "crm.timeline.comment.delete?id=900",
     CODED("MULTIPLE_BINDINGS", "Element has bindings to multiple entities")},
    {"from one of two", TWICE, .call = "crm.timeline.comment.delete?id=900&ownerTypeId=2&ownerId=1",
     .result = "null", .then = "crm.timeline.bindings.list?filter[OWNER_ID]=900",
     .then_has = {"[{\"OWNER_ID\":\"900\",\"ENTITY_ID\":\"12\",\"ENTITY_TYPE\":\"contact\"}]"}},
    {"a card that goes takes its comments along", COMMENT_AT(2, 1), .call = "crm.deal.delete?id=1",
     .events = "ONCRMACTIVITYDELETE ONCRMDEALDELETE ONCRMTIMELINECOMMENTDELETE",
     .then = "crm.timeline.comment.get?id=900", .then_has = {"Not found."}},

    /* ---- bindings ---- */
    {"the fields of a binding", .call = "crm.timeline.bindings.fields",
     .has = {FIELD("OWNER_ID", "integer", FLAGS("true", "false", "true", "false"),
                   "Timeline record ID"),
             FIELD("ENTITY_TYPE", "string", FLAGS("true", "false", "true", "false"),
                   "Element type")}},
    {"one more card", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.bind",
     .json = BIND(900, "contact", 12), .result = "true",
     .then = "crm.timeline.bindings.list?filter[OWNER_ID]=900",
     .then_has = {"[{\"OWNER_ID\":\"900\",\"ENTITY_ID\":\"1\",\"ENTITY_TYPE\":\"deal\"},"
                  "{\"OWNER_ID\":\"900\",\"ENTITY_ID\":\"12\",\"ENTITY_TYPE\":\"contact\"}]",
                  "\"total\":2"}},
    {"a card that it is at", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.bind",
     .json = BIND(900, "deal", 1), .result = "false"},
    {"no entry", .call = "crm.timeline.bindings.bind", .json = BIND(900, "deal", 1),
     TEXT("OWNER_ID is not defined or invalid.")},
    {"no row", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.bind", .json = BIND(900, "deal", 0),
     TEXT("ENTITY_ID is not defined or invalid.")},
    {"a row that is not there", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.bind",
     .json = BIND(900, "deal", 99999), TEXT("ENTITY_ID is not defined or invalid.")},
    {"no type", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.bind", .json = BIND(900, "x", 1),
     TEXT("ENTITY_TYPE is not defined or invalid.")},
    {"a row that is not his", LIMITED, COMMENT_AT(2, 1), .call = "crm.timeline.bindings.bind",
     .json = BIND(900, "deal", 8), TEXT("Access denied.")},
    {"the other card", TWICE, .call = "crm.timeline.bindings.unbind", .json = BIND(900, "deal", 1),
     .result = "true", .then = "crm.timeline.bindings.list?filter[OWNER_ID]=900",
     .then_has = {"\"total\":1"}},
    {"the last card", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.unbind",
     .json = BIND(900, "deal", 1), .result = "false"},
    {"unbound from what it is not at", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.unbind",
     .json = BIND(900, "deal", 2), TEXT("Not found.")},
    {"unbound: no entry", .call = "crm.timeline.bindings.unbind", .json = BIND(900, "deal", 1),
     TEXT("OWNER_ID is not defined or invalid.")},
    {"unbound: no row", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.unbind",
     .json = BIND(900, "deal", 0), TEXT("ENTITY_ID is not defined or invalid.")},
    {"unbound: no type", COMMENT_AT(2, 1), .call = "crm.timeline.bindings.unbind",
     .json = BIND(900, "x", 1), TEXT("ENTITY_TYPE is not defined or invalid.")},
    {"unbound: not his", LIMITED, .sql = ENTRY("comment") AT("comment", 1, 4) AT("comment", 2, 1),
     .call = "crm.timeline.bindings.unbind", .json = BIND(900, "lead", 4), TEXT("Access denied.")},
    {"bindings of nothing", .call = "crm.timeline.bindings.list",
     TEXT("OWNER_ID is not defined or invalid.")},
    {"bindings that he may not see", LIMITED,
     .sql = ENTRY("comment") AT("comment", 2, 8) AT("comment", 2, 1),
     .call = "crm.timeline.bindings.list?filter[OWNER_ID]=900",
     .result = "[{\"OWNER_ID\":\"900\",\"ENTITY_ID\":\"1\",\"ENTITY_TYPE\":\"deal\"}]"},

    /* ---- log messages ---- */
    {"a message", LOG_ADD("\"entityTypeId\":2,\"entityId\":1," LOGGED),
     .has = {"{\"logMessage\":{\"id\":", "\"created\":\"2026-01-15T12:00:00+03:00\",\"authorId\":1,"
                                         "\"title\":\"A\",\"text\":\"B\",\"iconCode\":\"info\"}}"},
     .then = "crm.timeline.logmessage.get?id=@id", .then_has = {"\"title\":\"A\""}},
    {"a message without a title", LOG_ADD("\"entityTypeId\":2,\"entityId\":1"), MISSING("title")},
    {"a message at nothing", LOG_ADD("\"entityTypeId\":2,\"entityId\":99999," LOGGED),
     .status = 400, .error = "OWNER_NOT_FOUND"},
    {"a message at what he only reads", LIMITED,
     LOG_ADD("\"entityTypeId\":1,\"entityId\":4," LOGGED), CODED("ACCESS_DENIED", "Access denied")},
    {"the message", LOG_AT(2, 1), .call = "crm.timeline.logmessage.get?id=900",
     .result = "{\"logMessage\":" LOG "}"},
    {"no message", .call = "crm.timeline.logmessage.get?id=1",
     CODED("NOT_FOUND", "Timeline logmessage not found for id 1")},
    {"a message without an id", .call = "crm.timeline.logmessage.get", MISSING("id")},
    {"messages of a card", LOG_AT(2, 1),
     .call = "crm.timeline.logmessage.list?entityTypeId=2&entityId=1&order[id]=asc",
     .result = "[" LOG "]"},
    {"messages of no card", .call = "crm.timeline.logmessage.list", MISSING("entityTypeId")},
    {"messages of a card that is not his", LIMITED,
     .call = "crm.timeline.logmessage.list?entityTypeId=2&entityId=8", .status = 400,
     .error = "OWNER_NOT_FOUND"},
    {"a message is deleted", LOG_AT(2, 1), .call = "crm.timeline.logmessage.delete?id=900",
     .result = "true", .then = "crm.timeline.logmessage.get?id=900", .then_has = {"NOT_FOUND"}},
    {"a message of an application", .as = AS_APP, LOG_AT(2, 1),
     .call = "crm.timeline.logmessage.delete?id=900",
     CODED("REMOVING_DISABLED", "The log entry was created by another application")},
    {"no message to delete", .call = "crm.timeline.logmessage.delete?id=1",
     CODED("NOT_FOUND", "Timeline logmessage not found for id 1")},
    {"a message that he only reads", LIMITED, LOG_AT(1, 4),
     .call = "crm.timeline.logmessage.delete?id=900", CODED("ACCESS_DENIED", "Access denied")},

    /* ---- notes ---- */
    {"a note", COMMENT_AT(2, 1), NOTE("save", ",\"text\":\"N\""), .result = "true",
     .then = "crm.timeline.note.get?ownerTypeId=2&ownerId=1&itemType=1&itemId=900",
     .then_has = {"{\"text\":\"N\",\"createdById\":1,\"createdTime\":\"2026-01-15T12:00:00+03:00\","
                  "\"updatedById\":1,\"updatedTime\":\"2026-01-15T12:00:00+03:00\"}"}},
    {"a note is written anew", .sql = ENTRY("comment") AT("comment", 2, 1) NOTED,
     NOTE("save", ",\"text\":\"N\""), .result = "true",
     .then = "crm.timeline.note.get?ownerTypeId=2&ownerId=1&itemType=1&itemId=900",
     .then_has = {"\"text\":\"N\",\"createdById\":2"}},
    {"a note on nothing", NOTE("save", ",\"text\":\"N\""), CODED("NOT_FOUND", "Element not found")},
    {"a note without a text", COMMENT_AT(2, 1), NOTE("save", ""), MISSING("text")},
    {"the note", .sql = ENTRY("comment") AT("comment", 2, 1) NOTED, NOTE("get", ""),
     .has = {"\"text\":\"Test note\""}},
    {"no note", COMMENT_AT(2, 1), NOTE("get", ""), CODED("NOT_FOUND", "Element not found")},
    {"a note goes", .sql = ENTRY("comment") AT("comment", 2, 1) NOTED, NOTE("delete", ""),
     .result = "true",
     .then = "crm.timeline.note.get?ownerTypeId=2&ownerId=1&itemType=1&itemId=900",
     .then_has = {"NOT_FOUND"}},
    {"no note to delete", COMMENT_AT(2, 1), NOTE("delete", ""),
     CODED("NOT_FOUND", "Element not found")},
    {"a note at what he only reads", LIMITED, COMMENT_AT(1, 4), .call = "crm.timeline.note.save",
     .json = "{\"ownerTypeId\":1,\"ownerId\":4,\"itemType\":1,\"itemId\":900,\"text\":\"x\"}",
     .status = 400, .error = "ACCESS_DENIED"},
    {"a note at nothing", .call = "crm.timeline.note.get", MISSING("ownerTypeId")},

    /* ---- pins ---- */
    {"an entry is pinned", COMMENT_AT(2, 1), PIN("pin"), .result = "null"},
    {"and unpinned", COMMENT_AT(2, 1), PIN("unpin"), .result = "null"},
    {"an entry that is not there", PIN("pin"), CODED("NOT_FOUND", "Not found.")},
    {"unpinned: not there", PIN("unpin"), CODED("NOT_FOUND", "Not found.")},
    {"at what he only reads", LIMITED, COMMENT_AT(1, 4), .call = "crm.timeline.item.pin",
     .json = "{\"id\":900,\"ownerTypeId\":1,\"ownerId\":4}", .status = 400,
     .error = "ACCESS_DENIED"},
    {"nothing to pin", .call = "crm.timeline.item.pin", MISSING("id")},
    {"three at most",
     .sql = ENTRY("comment") AT("comment", 2, 1) "INSERT INTO timeline_binding VALUES (2, 1, 901, "
                                                 "'comment', 1, 1, 1), (2, 1, 902, 'comment', "
                                                 "1, 1, 1), (2, 1, 903, 'comment', 1, 1, 1);",
     PIN("pin"), CODED("0", "Only three events can be added to favorites")},
};

SCENARIOS(crm_timeline, scenarios);
