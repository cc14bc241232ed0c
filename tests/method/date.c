/* Scenarios of dates without a time: a date is a day, whatever was given with it. */
#include "scenario.h"

#define SHOWN(title, given, shown)                                                                 \
    {                                                                                              \
        title, .call = "crm.lead.update",                                                          \
               .json = "{\"id\":1,\"fields\":{\"BIRTHDATE\":\"" given "\"}}",                      \
               .then = "crm.lead.get?id=1", .then_has = {                                          \
                   "\"BIRTHDATE\":\"" shown "\""                                                   \
               }                                                                                   \
    }
/* Lead 1 was born on 1981-04-01, lead 2 the day after, all others never. */
#define BORN                                                                                       \
    .call = "batch",                                                                               \
    .json = "{\"cmd\":[\"crm.lead.update?id=1&fields[BIRTHDATE]=1981-04-01\","                     \
            "\"crm.lead.update?id=2&fields[BIRTHDATE]=02.04.1981\"]}",                             \
    .events = "ONCRMLEADUPDATE:2", .alone = 1
#define FOUND(title, filter, ids)                                                                  \
    {                                                                                              \
        title, BORN, .then = "crm.lead.list?select[]=ID&start=-1&" filter, .then_has = {           \
            "\"result\":[" ids "]"                                                                 \
        }                                                                                          \
    }
#define FIRST "{\"ID\":\"1\"}"
#define SECOND "{\"ID\":\"2\"}"

static const struct scenario scenarios[] = {
    SHOWN("a day", "1981-04-01", "1981-04-01T03:00:00+03:00"),
    SHOWN("a day as the interface writes it", "01.04.1981", "1981-04-01T03:00:00+03:00"),
    SHOWN("a time beside it is left out", "1981-04-01T23:30:00", "1981-04-01T03:00:00+03:00"),
    SHOWN("what was read may be written", "1981-04-01T03:00:00+03:00", "1981-04-01T03:00:00+03:00"),
    SHOWN("midnight in any zone is its day", "1981-04-01T00:00:00-07:00",
          "1981-04-01T03:00:00+03:00"),
    SHOWN("a moment elsewhere is the day it is here", "1981-03-31T21:00:00Z",
          "1981-04-01T03:00:00+03:00"),
    SHOWN("no day", "", ""),
    {"a day that is none", .call = "crm.lead.update?id=1&fields[BIRTHDATE]=1981-02-30",
     .status = 400, .text = "The field BIRTHDATE is not defined or invalid"},

    FOUND("on a day", "filter[BIRTHDATE]=1981-04-01", FIRST),
    FOUND("on a day, at a time", "filter[%3DBIRTHDATE]=1981-04-01T15:00:00", FIRST),
    FOUND("from a day on", "filter[>%3DBIRTHDATE]=1981-04-01", FIRST "," SECOND),
    FOUND("after a day", "filter[>BIRTHDATE]=1981-04-01T09:00:00", SECOND),
    FOUND("before a day", "filter[<BIRTHDATE]=1981-04-02", FIRST),
    FOUND("up to a day", "filter[<%3DBIRTHDATE]=02.04.1981", FIRST "," SECOND),
    FOUND("on one of two days", "filter[BIRTHDATE][]=1981-04-02&filter[BIRTHDATE][]=1981-04-03",
          SECOND),
    FOUND("by a part of it", "filter[%25BIRTHDATE]=-04-02", SECOND),
    FOUND("as it is shown", "filter[BIRTHDATE]=1981-04-02T03:00:00%2B03:00", SECOND),
    FOUND("in order", "filter[!BIRTHDATE]=&order[BIRTHDATE]=DESC", SECOND "," FIRST),
};

SCENARIOS(date, scenarios);
