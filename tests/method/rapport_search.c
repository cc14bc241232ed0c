/* rapport.search: what one text finds, and for whom. Deals 9101 to 9103 are made for it, before thousands of others. */
#include "scenario.h"

#define DEAL(id, title, who, funnel)                                                               \
    "INSERT INTO deal (id, title, title_key, stage_id, stage_semantic_id, category_id, "           \
    "is_manual_opportunity, opened, closed, is_new, is_recurring, is_return_customer, "            \
    "is_repeated_approach, probability, opportunity, assigned_by_id, created_by_id, "              \
    "modify_by_id, date_create, date_modify, moved_time, moved_by_id) VALUES (" id ", '" title     \
    "', lower('" title "'), 'NEW', 'P', " funnel ", 'N', 'Y', 'N', 'N', 'N', 'N', 'N', 0, 0, " who \
    ", 1, 1, 0, 0, 0, 1);"
#define OLD                                                                                        \
    .sql = DEAL("9101", "Quarzglas gross", "2", "0") DEAL("9102", "Quarzglas klein", "1", "0")     \
        DEAL("9103", "Quarzglas fremd", "4", "900") DEAL("99999", "Newest", "1", "0")
#define SEARCH(text) .call = "rapport.search?text=" text

static const struct scenario scenarios[] = {
    {"a title's part, in any case", SEARCH("STORAGE%20for%20acorn%20log"),
     .has = {"{\"entityTypeId\":2,\"id\":1,\"title\":\"Cold storage for Acorn Logistics\","
             "\"subtitle\":\"Prepayment invoice\"}"}},
    {"words in any order, in several fields", SEARCH("harp%20JAM"),
     .has = {"{\"entityTypeId\":3,\"id\":1,\"title\":\"James Harper\",\"subtitle\":\"Managing "
             "director\"}"},
     .lacks = {"\"entityTypeId\":4,"}},
    {"all of the words", SEARCH("Harper%20Xaver"), .result = "[]"},
    {"a number is an id", SEARCH("1"),
     .has = {"{\"entityTypeId\":2,\"id\":1,", "{\"entityTypeId\":3,\"id\":1,",
             "{\"entityTypeId\":4,\"id\":1,", "{\"entityTypeId\":6,\"id\":1,"}},
    {"an address's beginning tells the address", SEARCH("James.Harper%40"),
     .has = {"\"title\":\"James Harper\",\"subtitle\":\"james.harper@"}},
    {"a phone's beginning, however it is written", SEARCH("00%2044%20(161)%20496-0000"),
     .has = {"{\"entityTypeId\":1,\"id\":1,", "\"subtitle\":\"+44 161 496 0000\"}"}},
    {"far behind the newest, by the index", OLD, SEARCH("arzglas"),
     .has = {"\"id\":9101,\"title\":\"Quarzglas gross\"", "\"id\":9102,", "\"id\":9103,"}},
    {"so many of each type", OLD, SEARCH("quarzglas&limit=2"), .has = {"\"id\":910"},
     .lacks = {"\"id\":9101,\"title\":\"Quarzglas gross\",\"subtitle\":\"New\"},{\"entityTypeId\":"
               "2,\"id\":9102,\"title\":\"Quarzglas klein\",\"subtitle\":\"New\"},{\"entityTypeId\""
               ":2,\"id\":9103"}},
    {"what he may read, and no more", .as = AS_LIMITED, OLD, SEARCH("quarzglas"),
     .has = {"\"id\":9101,"}, .lacks = {"9102", "9103"}},
    {"nor by its id", .as = AS_LIMITED, OLD, SEARCH("9103"), .result = "[]"},
    {"nobody finds what he may not read", .as = AS_ROLELESS, OLD, SEARCH("quarzglas"),
     .result = "[]"},
    {"wildcards are letters", SEARCH("%25%25%25"), .result = "[]"},
    {"too short for an index", OLD, SEARCH("qu"), .lacks = {"Quarz"}},
    {"an empty text", SEARCH("%20"), .status = 400, .error = "100",
     .text = "Could not find value for parameter {text}"},
    {"no text", .call = "rapport.search", .status = 400, .error = "100",
     .text = "Could not find value for parameter {text}"},
    {"without the scope", .as = AS_BASIC, SEARCH("x"), .status = 401,
     .error = "insufficient_scope"},
};

SCENARIOS(rapport_search, scenarios);
