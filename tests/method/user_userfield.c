/* Scenarios of user.userfield.* and of the values that people have of such fields. */
#include "scenario.h"

#define ADD(name, type, rest)                                                                      \
    "{\"fields\":{\"FIELD_NAME\":\"" name "\",\"USER_TYPE_ID\":\"" type "\"" rest "}}"
#define COLOR ADD("color", "string", ",\"LABEL\":\"Color\",\"XML_ID\":\"c\"")
#define SHIRT                                                                                      \
    ADD("uf_shirt", "enumeration",                                                                 \
        ",\"MULTIPLE\":\"Y\",\"SHOW_FILTER\":\"Y\",\"LIST\":[{\"VALUE\":\"M\"},{\"VALUE\":\"L\"}"  \
        "]")
#define OWN(field) .before = "user.userfield.add", .before_json = field
#define ADDED(field) "{\"method\":\"user.userfield.add\",\"params\":" field "}"
#define BOTH                                                                                       \
    .before = "batch",                                                                             \
    .before_json = "{\"halt\":1,\"cmd\":[" ADDED(COLOR) "," ADDED(                                 \
        SHIRT) ",{\"method\":\"user.update\",\"params\":{\"ID\":2,\"UF_USR_COLOR\":\"Red\","       \
               "\"UF_USR_SHIRT\":[~1,~2]}}]}"

static const struct scenario scenarios[] = {
    {"add", .as = AS_SETTER, .call = "user.userfield.add", .json = COLOR, .result = "~1",
     .then_as = AS_SETTER, .then = "user.userfield.list",
     .then_has = {"[{\"ID\":\"~1\",\"ENTITY_ID\":\"USER\",\"FIELD_NAME\":\"UF_USR_COLOR\","
                  "\"USER_TYPE_ID\":\"string\",\"XML_ID\":\"c\",\"SORT\":\"100\"",
                  "\"total\":1"},
     .then_lacks = {"EDIT_FORM_LABEL"}},
    {"UF_ becomes UF_USR_", .as = AS_SETTER, .call = "user.userfield.add", .json = SHIRT,
     .then_as = AS_SETTER, .then = "user.userfield.list?filter[USER_TYPE_ID]=enumeration",
     .then_has = {"\"UF_USR_SHIRT\"", "\"LIST\":[{\"ID\":\"~1\""}},
    {"update", .as = AS_SETTER, OWN(COLOR), .call = "user.userfield.update?id=~1&fields[SORT]=5",
     .result = "true", .then_as = AS_SETTER, .then = "user.userfield.list",
     .then_has = {"\"SORT\":\"5\""}},
    {"list", .as = AS_SETTER, OWN(COLOR), .call = "user.userfield.list?order[ID]=desc",
     .has = {"\"UF_USR_COLOR\""}},
    {"delete", .as = AS_SETTER, OWN(COLOR), .call = "user.userfield.delete?id=~1", .result = "true",
     .then_as = AS_SETTER, .then = "user.userfield.list", .then_has = {"\"result\":[]"}},
    {"without a name", .as = AS_SETTER, .call = "user.userfield.add?fields[USER_TYPE_ID]=string",
     .status = 400, .text = "The 'FIELD_NAME' field is not found."},
    {"without a type", .as = AS_SETTER, .call = "user.userfield.add", .status = 400,
     .text = "The 'USER_TYPE_ID' field is not found."},
    {"a name that is taken", .as = AS_SETTER, OWN(COLOR), .call = "user.userfield.add",
     .json = COLOR, .status = 400, .error = "ERROR_CORE",
     .text = "The field UF_USR_COLOR for the USER object already exists."},
    {"who is no administrator may not add", .as = AS_SETTER_USER, .call = "user.userfield.add",
     .json = COLOR, .status = 400, .text = "Access denied."},
    {"nor change", .as = AS_SETTER_USER, .call = "user.userfield.update?id=1", .status = 400,
     .text = "Access denied."},
    {"nor remove", .as = AS_SETTER_USER, .call = "user.userfield.delete?id=1", .status = 400,
     .text = "Access denied."},
    {"nor list", .as = AS_SETTER_USER, .call = "user.userfield.list", .status = 400,
     .text = "Access denied."},
    {"update without an id", .as = AS_SETTER, .call = "user.userfield.update", .status = 400,
     .text = "ID is not defined or invalid"},
    {"delete without an id", .as = AS_SETTER, .call = "user.userfield.delete?id=0", .status = 400,
     .text = "ID is not defined or invalid"},
    {"a field of deals is none of people", .as = AS_SETTER,
     .before = "crm.deal.userfield.add?fields[FIELD_NAME]=A&fields[USER_TYPE_ID]=string",
     .call = "user.userfield.delete?id=~1", .status = 400, .text = "Access denied."},

    {"what a person has of them", .as = AS_SETTER, BOTH, .call = "user.get?ID=2",
     .has = {"\"UF_USR_COLOR\":\"Red\",\"UF_USR_SHIRT\":[\"~1\",\"~2\"]"}},
    {"who has nothing", .as = AS_SETTER, BOTH, .call = "user.get?ID=1",
     .has = {"\"UF_USR_COLOR\":\"\",\"UF_USR_SHIRT\":[]"}},
    {"by name", .as = AS_SETTER, BOTH, .call = "user.get?ID=2&select[]=ID&select[]=UF_USR_COLOR",
     .result = "[{\"ID\":\"2\",\"UF_USR_COLOR\":\"Red\"}]"},
    {"found by one", .as = AS_SETTER, BOTH, .call = "user.get?FILTER[UF_USR_COLOR]=red&select[]=ID",
     .result = "[{\"ID\":\"2\"}]"},
    {"found by one of several", .as = AS_SETTER, BOTH,
     .call = "user.get?FILTER[UF_USR_SHIRT]=~2&select[]=ID", .result = "[{\"ID\":\"2\"}]"},
    {"sorted by one", .as = AS_SETTER, BOTH,
     .call = "user.get?sort=UF_USR_COLOR&order=DESC&select[]=ID", .has = {"[{\"ID\":\"2\"},"}},
    {"told among the fields", .as = AS_SETTER, BOTH, .call = "user.fields",
     .has = {"\"UF_USR_COLOR\":\"Color\",\"UF_USR_SHIRT\":\"UF_USR_SHIRT\""}},
    {"a person is added with them", .as = AS_SETTER, BOTH, .call = "user.add",
     .json = "{\"EMAIL\":\"new@example.com\",\"UF_DEPARTMENT\":[1],\"UF_USR_COLOR\":\"blue\"}",
     .then_as = AS_SETTER, .then = "user.get?FILTER[UF_USR_COLOR]=blue",
     .then_has = {"new@example.com"}},
    {"emptied", .as = AS_SETTER, BOTH,
     .call = "user.update?ID=2&UF_USR_COLOR=&UF_USR_SHIRT=", .result = "true", .then_as = AS_SETTER,
     .then = "user.get?ID=2", .then_has = {"\"UF_USR_COLOR\":\"\",\"UF_USR_SHIRT\":[]"}},
    {"an item that is not there", .as = AS_SETTER, BOTH, .call = "user.update?ID=2&UF_USR_SHIRT=1",
     .status = 400, .error = "ERROR_CORE",
     .text = "The field UF_USR_SHIRT is not defined or invalid"},
    {"a mandatory one", .as = AS_SETTER, OWN(ADD("must", "string", ",\"MANDATORY\":\"Y\"")),
     .call = "user.add", .json = "{\"EMAIL\":\"new@example.com\",\"UF_DEPARTMENT\":[1]}",
     .status = 400, .text = "The field UF_USR_MUST is required."},
};

SCENARIOS(user_userfield, scenarios);
