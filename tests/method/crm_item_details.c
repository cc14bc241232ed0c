/* Scenarios of crm.item.details.configuration.*. */
#include "scenario.h"

#define METHOD(verb) "crm.item.details.configuration." verb
#define SET(rest) .call = METHOD("set"), .json = "{\"entityTypeId\":2," rest "}"
#define SECTION(name)                                                                              \
    "{\"name\":\"" name "\",\"title\":\"Title\",\"type\":\"section\",\"elements\":[{\"name\":"     \
    "\"TITLE\",\"optionFlags\":1},{\"name\":\"CLIENT\",\"options\":{\"defaultCountry\":\"GB\"}}]}"
#define STORED(name)                                                                               \
    "[{\"name\":\"" name "\",\"title\":\"Title\",\"type\":\"section\",\"elements\":[{\"name\":"    \
    "\"TITLE\",\"optionFlags\":\"1\"},{\"name\":\"CLIENT\",\"optionFlags\":\"0\",\"options\":{"    \
    "\"defaultCountry\":\"GB\"}}]}]"
#define TEXT(words) .status = 400, .text = words
#define ROW(variant, user)                                                                         \
    .sql = "INSERT INTO card_configuration (entity_type_id, variant, user_id, data) VALUES "       \
           "(2, " variant ", " user ", '[1]')"

static const struct scenario scenarios[] = {
    {"a card that nobody arranged", .call = METHOD("get?entityTypeId=2"), .result = "null"},
    {"one's own card", SET("\"data\":[" SECTION("main") "]"), .result = "true",
     .then = METHOD("get?entityTypeId=2"), .then_has = {STORED("main")}},
    {"is one's own", SET("\"data\":[" SECTION("main") "]"), .result = "true", .then_as = AS_USER,
     .then = METHOD("get?entityTypeId=2"), .then_has = {"\"result\":null"}},
    {"everybody's", SET("\"scope\":\"C\",\"data\":[" SECTION("main") "]"), .result = "true",
     .then_as = AS_USER, .then = METHOD("get?entityTypeId=2&scope=C"),
     .then_has = {STORED("main")}},
    {"a card is arranged anew", ROW("0", "1"), SET("\"data\":[" SECTION("other") "]"),
     .result = "true", .then = METHOD("get?entityTypeId=2"), .then_has = {STORED("other")}},
    {"another's, by an administrator", SET("\"userId\":2,\"data\":[" SECTION("his") "]"),
     .result = "true", .then_as = AS_USER, .then = METHOD("get?entityTypeId=2"),
     .then_has = {STORED("his")}},
    {"of a funnel", SET("\"extras\":{\"dealCategoryId\":9},\"data\":[" SECTION("nine") "]"),
     .result = "true", .then = METHOD("get?entityTypeId=2&extras[dealCategoryId]=9"),
     .then_has = {STORED("nine")}},
    {"not of the other ones", ROW("9", "1"), .call = METHOD("get?entityTypeId=2"),
     .result = "null"},
    {"of repeated leads",
     .sql = "INSERT INTO card_configuration (entity_type_id, variant, user_id, data) VALUES (1, 2, "
            "1, '[2]'), (1, 1, 1, '[1]')",
     .call = METHOD("get?entityTypeId=1&extras[leadCustomerType]=2"), .result = "[2]",
     .then = METHOD("get?entityTypeId=1"), .then_has = {"\"result\":[1]"}},
    {"reset", ROW("0", "1"), .call = METHOD("reset?entityTypeId=2"), .result = "true",
     .then = METHOD("get?entityTypeId=2"), .then_has = {"\"result\":null"}},
    {"reset of everybody's", ROW("0", "0"), .call = METHOD("reset?entityTypeId=2&scope=C"),
     .result = "true", .then = METHOD("get?entityTypeId=2&scope=C"),
     .then_has = {"\"result\":null"}},
    {"everybody has the common one", ROW("0", "2"),
     .call = METHOD("forceCommonScopeForAll?entityTypeId=2"), .result = "true", .then_as = AS_USER,
     .then = METHOD("get?entityTypeId=2"), .then_has = {"\"result\":null"}},
    {"which stays itself", ROW("0", "0"), .call = METHOD("forceCommonScopeForAll?entityTypeId=2"),
     .result = "true", .then = METHOD("get?entityTypeId=2&scope=C"),
     .then_has = {"\"result\":[1]"}},

    {"another's card", .as = AS_USER, .call = METHOD("get?entityTypeId=2&userId=1"),
     TEXT("Access denied.")},
    {"to arrange another's", .as = AS_USER, SET("\"userId\":1,\"data\":[" SECTION("x") "]"),
     TEXT("Access denied.")},
    {"to arrange everybody's", .as = AS_USER, SET("\"scope\":\"C\",\"data\":[" SECTION("x") "]"),
     TEXT("Access denied.")},
    {"to reset everybody's", .as = AS_USER, .call = METHOD("reset?entityTypeId=2&scope=C"),
     TEXT("Access denied.")},
    {"to force it", .as = AS_USER, .call = METHOD("forceCommonScopeForAll?entityTypeId=2"),
     TEXT("Access denied.")},
    {"of somebody who is not there", SET("\"userId\":999,\"data\":[" SECTION("x") "]"),
     TEXT("The user is not found.")},

    {"get without a type", .call = METHOD("get"), TEXT("Parameter 'entityTypeId' is not defined")},
    {"set without a type", .call = METHOD("set"), TEXT("Parameter 'entityTypeId' is not defined")},
    {"reset without a type", .call = METHOD("reset"),
     TEXT("Parameter 'entityTypeId' is not defined")},
    {"force without a type", .call = METHOD("forceCommonScopeForAll"),
     TEXT("Parameter 'entityTypeId' is not defined")},
    {"a type without a card", .call = METHOD("get?entityTypeId=6"),
     TEXT("The entity type '6' is not supported in current context.")},
    {"a type that is none", .call = METHOD("get?entityTypeId=9999"),
     TEXT("The entity type '9999' is not supported in current context.")},

    {"no data", SET("\"scope\":\"P\""), TEXT("Parameter 'data' must be array.")},
    {"data that are a text", SET("\"data\":\"x\""), TEXT("Parameter 'data' must be array.")},
    {"data by names", SET("\"data\":{\"a\":" SECTION("x") "}"),
     TEXT("The data must be indexed array.")},
    {"empty data", SET("\"data\":[]"), TEXT("There are no data to write.")},
    {"what is no section", SET("\"data\":[{\"name\":\"x\",\"title\":\"y\",\"type\":\"column\"}]"),
     TEXT("Section at index 0 have type column. The expected type is 'section'.")},
    {"a section without a name", SET("\"data\":[{\"title\":\"y\",\"type\":\"section\"}]"),
     TEXT("Section at index 0 does not have name.")},
    {"a section without a title",
     SET("\"data\":[" SECTION("a") ",{\"name\":\"y\",\"type\":\"section\"}]"),
     TEXT("Section at index 1 does not have title.")},
    {"an element without a name",
     SET("\"data\":[" SECTION("a") ",{\"name\":\"y\",\"title\":\"z\",\"type\":\"section\","
                                   "\"elements\":[{\"optionFlags\":1}]}]"),
     TEXT("Element at index 0 in section at index 1 does not have name.")},
    {"a section without elements",
     SET("\"data\":[{\"name\":\"y\",\"title\":\"z\",\"type\":\"section\"}]"), .result = "true",
     .then = METHOD("get?entityTypeId=2"),
     .then_has = {"[{\"name\":\"y\",\"title\":\"z\",\"type\":\"section\",\"elements\":[]}]"}},
};

SCENARIOS(crm_item_details, scenarios);
