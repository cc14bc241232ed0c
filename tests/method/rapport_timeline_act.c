/* rapport.timeline.act: what is pressed in a layout is told to the application that wrote it. */
#include "scenario.h"

#define MAKE(id, params)                                                                           \
    "\"a\":\"crm.activity.configurable.add?ownerTypeId=1&ownerId=1&fields[typeId]=CONFIGURABLE&"   \
    "fields[completed]=0&fields[responsibleId]=1&layout[icon][code]=info&layout[header][title]="   \
    "Press&layout[body][logo][code]=info&layout[body][blocks][b][type]=text&layout[body][blocks]"  \
    "[b][properties][value]=x&layout[footer][buttons][one][title]=Reset&layout[footer][buttons]"   \
    "[one][type]=primary&layout[footer][buttons][one][action][type]=restEvent&layout[footer]"      \
    "[buttons][one][action][id]=" id params "\""
#define PARAMS                                                                                     \
    "&layout[footer][buttons][one][action][actionParams][myId]=123&layout[footer][buttons][one]"   \
    "[action][actionParams][deep][x]=y"
#define ACT(id, owner)                                                                             \
    "\"b\":\"rapport.timeline.act?entityTypeId=1&entityId=" owner                                  \
    "&activityId=$result[a][activity][id]&id=" id "\""
#define BLOCKS(id)                                                                                 \
    "\"a\":\"crm.activity.layout.blocks.set?entityTypeId=2&entityId=102&activityId=999&layout"     \
    "[blocks][b][type]=link&layout[blocks][b][properties][text]=Reset&layout[blocks][b]"           \
    "[properties][action][type]=restEvent&layout[blocks][b][properties][action][id]=" id "\""
#define ACT_999(params)                                                                            \
    "\"b\":\"rapport.timeline.act?entityTypeId=2&entityId=102&activityId=999&id=reset" params "\""
#define BATCH(commands) .call = "batch", .json = "{\"cmd\":{" commands "}}", .alone = 1
#define CALL(activity, id)                                                                         \
    .call = "rapport.timeline.act?entityTypeId=1&entityId=1&activityId=" activity "&id=" id

static const struct scenario scenarios[] = {
    {"a button of it", .as = AS_APP, BATCH(MAKE("reset", PARAMS) "," ACT("reset", "1")),
     .events = "ONCRMACTIVITYADD", .has = {"\"b\":true"}},
    {"which is not there", .as = AS_APP, BATCH(MAKE("reset", "") "," ACT("other", "1")),
     .events = "ONCRMACTIVITYADD", .has = {"\"b\":{\"error\":\"NOT_FOUND\""}},
    {"at a card where it does not stand", .as = AS_APP,
     BATCH(MAKE("reset", "") "," ACT("reset", "2")), .events = "ONCRMACTIVITYADD",
     .has = {"\"b\":{\"error\":\"NOT_FOUND\""}},
    {"in the blocks of an application", .as = AS_APP, BATCH(BLOCKS("reset") "," ACT_999("")),
     .has = {"\"b\":true"}},
    {"in the blocks of another application", .as = AS_APP,
     BATCH(BLOCKS("reset") "," ACT_999("&appId=99999")), .has = {"\"b\":{\"error\":\"NOT_FOUND\""}},
    {"an activity without a layout", CALL("1", "reset"), .status = 404, .error = "NOT_FOUND"},
    {"an activity that is not there", CALL("99999999", "reset"), .status = 404,
     .error = "NOT_FOUND"},
    {"a card that is not there",
     .call = "rapport.timeline.act?entityTypeId=1&entityId=9999999&activityId=1&id=x",
     .status = 400, .error = "OWNER_NOT_FOUND"},
    {"a card that one may not read", .as = AS_ROLELESS, CALL("1", "reset"), .status = 400,
     .error = "ACCESS_DENIED"},
    {"without an action", .call = "rapport.timeline.act?entityTypeId=1&entityId=1&activityId=1",
     .status = 400, .error = "100", .text = "Could not find value for parameter {id}"},
};

SCENARIOS(rapport_timeline_act, scenarios);
