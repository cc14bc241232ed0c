/* rapport.timeline.list: what stands at a card, in order. Leads 901 and 902 are made for it, with nothing at them. */
#include "scenario.h"

#define LEADS                                                                                      \
    .sql = "INSERT INTO lead (id, title, status_id, status_semantic_id, is_manual_opportunity, "   \
           "opened, has_phone, has_email, has_imol, assigned_by_id, created_by_id, modify_by_id, " \
           "date_create, date_modify, is_return_customer, opportunity) VALUES (901, 'Card', "      \
           "'NEW', 'P', 'N', 'Y', 'N', 'N', 'N', 1, 1, 1, 0, 0, 'N', 0), (902, 'Card', 'NEW', "    \
           "'P', 'N', 'Y', 'N', 'N', 'N', 1, 1, 1, 0, 0, 'N', 0)"
/* The clock was set back between the first and the second. */
#define SET_BACK                                                                                   \
    .sql =                                                                                         \
        "INSERT INTO lead (id, title, status_id, status_semantic_id, is_manual_opportunity, "      \
        "opened, has_phone, has_email, has_imol, assigned_by_id, created_by_id, modify_by_id, "    \
        "date_create, date_modify, is_return_customer, opportunity) VALUES (901, 'Card', "         \
        "'NEW', 'P', 'N', 'Y', 'N', 'N', 'N', 1, 1, 1, 0, 0, 'N', 0); INSERT INTO "                \
        "stage_history (id, type_id, owner_type_id, owner_id, created_time, category_id, "         \
        "stage_semantic_id, stage_id) VALUES (9001, 2, 1, 901, 2000, 0, 'P', 'NEW'), (9002, 2, "   \
        "1, 901, 1000, 0, 'P', 'IN_PROCESS'), (9003, 2, 1, 901, 3000, 0, 'P', 'PROCESSED')"
#define CMD(name, call) "\"" name "\":\"" call "\""
#define CALL(name, done, subject)                                                                  \
    CMD(name, "crm.activity.add?fields[OWNER_TYPE_ID]=1&fields[OWNER_ID]=901&fields[TYPE_ID]=2&"   \
              "fields[SUBJECT]=" subject "&fields[COMPLETED]=" done                                \
              "&fields[RESPONSIBLE_ID]=1&fields[COMMUNICATIONS][0][VALUE]=1")
#define COMMENT(name, text)                                                                        \
    CMD(name, "crm.timeline.comment.add?fields[ENTITY_TYPE]=lead&fields[ENTITY_ID]=901&"           \
              "fields[COMMENT]=" text)
#define FILLED                                                                                     \
    LEADS,                                                                                         \
        .before = "batch", .before_as_admin = 1,                                                   \
        .before_json = "{\"cmd\":{" CALL("a", "N", "Ring") "," CALL("b", "Y", "Rang") "," COMMENT( \
            "c", "Nice") "," CMD("d",                                                              \
                                 "crm.lead.update?id=901&"                                         \
                                 "fields[STATUS_ID]=IN_PROCESS") "," CMD("e",                      \
                                                                         "crm.lead.update?id=902&" \
                                                                         "fields[STATUS_ID]=IN_"   \
                                                                         "PROCESS") "}}"
#define BOUND CMD("b", "crm.activity.binding.add?activityId=1&entityTypeId=1&entityId=901")
#define LIST .call = "rapport.timeline.list?entityTypeId=1&entityId=901"
#define EMPTY "{\"planned\":[],\"pinned\":[],\"history\":[],\"after\":null}"

static const struct scenario scenarios[] = {
    {"nothing", LEADS, LIST, .result = EMPTY},
    {"what is planned stands apart, and the rest in order", FILLED, LIST,
     .has = {"{\"planned\":[{\"kind\":\"activity\",\"id\":",
             "\"title\":\"Ring\",\"text\":\"\","
             "\"completed\":false,\"deadline\":\"",
             "\"layout\":null,\"blocks\":[]}],\"pinned\":[],\"history\":[{\"kind\":\"activity\"",
             "\"title\":\"Rang\",\"text\":\"\",\"completed\":true",
             "\"layout\":null,\"blocks\":[]},{\"kind\":\"comment\"",
             "\"text\":\"Nice\",\"iconCode\":\"\","
             "\"files\":[]},{\"kind\":\"stage\"",
             "\"typeId\":2,\"categoryId\":0,\"stageId\":\"IN_PROCESS\",\"stageSemanticId\":\"P\"}],"
             "\"after\":null}"}},
    {"blocks of an application", .as = AS_APP, .before = "crm.activity.layout.blocks.set",
     .before_json =
         "{\"entityTypeId\":2,\"entityId\":102,\"activityId\":999,\"layout\":{\"blocks\":{"
         "\"b\":{\"type\":\"text\",\"properties\":{\"value\":\"Hello\"}}}}}",
     .call = "rapport.timeline.list?entityTypeId=2&entityId=102",
     .has = {",\"layout\":{\"blocks\":{\"b\":{\"type\":\"text\",\"properties\":{\"value\":"
             "\"Hello\"}}}}}]}",
             "\"blocks\":[{\"appId\":"}},
    {"a page", FILLED, LIST "&limit=1", .has = {"\"title\":\"Rang\"", "\"after\":\""},
     .lacks = {"Nice", "IN_PROCESS"}},
    {"the next one", FILLED, LIST "&limit=1&after=1-0-0",
     .has = {"{\"planned\":[],\"pinned\":[],\"history\":[{\"kind\":\"comment\"", "\"after\":\"1-"},
     .lacks = {"IN_PROCESS"}},
    {"a clock that was set back hides nothing", SET_BACK, LIST "&limit=1&after=0-0-9003",
     .has = {"\"id\":9002,", "\"after\":\"0-0-9002\""}, .lacks = {"9001"}},
    {"nor what comes after it", SET_BACK, LIST "&limit=1&after=0-0-9002",
     .has = {"\"id\":9001,", "\"after\":null"}},
    {"bound to another card and opened again it is planned there", LEADS, .before = "batch",
     .before_as_admin = 1,
     .before_json =
         "{\"cmd\":{" CMD("a", "crm.activity.update?id=1&fields[COMPLETED]=Y") "," BOUND "}}",
     .call = "crm.activity.update?id=1&fields[COMPLETED]=N", .result = "true",
     .then = "rapport.timeline.list?entityTypeId=1&entityId=901",
     .then_has = {"{\"planned\":[{\"kind\":\"activity\",\"id\":1,", "\"history\":[]"}},
    {"completed it is history", LEADS, .before = "batch", .before_as_admin = 1,
     .before_json =
         "{\"cmd\":{" BOUND "," CMD("a", "crm.activity.update?id=1&fields[COMPLETED]=N") "}}",
     .call = "crm.activity.update?id=1&fields[COMPLETED]=Y", .result = "true",
     .then = "rapport.timeline.list?entityTypeId=1&entityId=901",
     .then_has = {"{\"planned\":[],", "\"history\":[{\"kind\":\"activity\",\"id\":1,"}},
    {"what is merged brings its timeline", FILLED, .call = "crm.entity.mergeBatch",
     .json = "{\"params\":{\"entityTypeId\":1,\"entityIds\":[902,901]}}",
     .events = "ONCRMLEADDELETE ONCRMLEADUPDATE",
     .then = "rapport.timeline.list?entityTypeId=1&entityId=902",
     .then_has = {"\"title\":\"Ring\"", "\"title\":\"Rang\"", "\"text\":\"Nice\""}},
    {"a pinned comment, with a note", LEADS, .before = "batch", .before_as_admin = 1,
     .before_json = "{\"cmd\":{" COMMENT("c", "Nice") "," CMD(
         "p",
         "crm.timeline.item.pin?id=$result[c]&"
         "ownerTypeId=1&ownerId=901") "," CMD("n",
                                              "crm.timeline.note.save?ownerTypeId=1&ownerId="
                                              "901&itemType=1&itemId=$result[c]&text=Look") "}}",
     LIST,
     .has = {"\"pinned\":[{\"kind\":\"comment\"", "\"pinned\":true,\"note\":{\"text\":\"Look\","
                                                  "\"updatedById\":1}"}},
    {"not of a card that he may not read", .as = AS_LIMITED, FILLED, LIST, .status = 400,
     .error = "OWNER_NOT_FOUND", .text = "Owner was not found"},
    {"not of one that is not there", .call = "rapport.timeline.list?entityTypeId=1&entityId=99999",
     .status = 400, .error = "OWNER_NOT_FOUND", .text = "Owner was not found"},
    {"not of what has none", .call = "rapport.timeline.list?entityTypeId=999&entityId=1",
     .status = 400, .error = "OWNER_NOT_FOUND", .text = "Owner was not found"},
    {"a place that is none", LEADS, LIST "&after=x", .status = 400, .error = "100",
     .text = "Invalid value {x} to match with parameter {after}. Should be value of type string."},
};

SCENARIOS(rapport_timeline, scenarios);
