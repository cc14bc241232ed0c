/* Scenarios of crm.*.userfield.*: fields as they are made, shown, changed and removed. */
#include "scenario.h"

#define ADD(fields) "{\"fields\":" fields "}"
#define STRING                                                                                     \
    "{\"USER_TYPE_ID\":\"string\",\"FIELD_NAME\":\"note\",\"LABEL\":\"Note\",\"XML_ID\":\"n1\","   \
    "\"LIST_COLUMN_LABEL\":{\"en\":\"Column\",\"de\":\"Spalte\",\"xx\":\"?\"},\"MULTIPLE\":\"Y\"," \
    "\"MANDATORY\":\"N\",\"SHOW_FILTER\":\"Y\",\"SORT\":\"500\",\"SETTINGS\":{\"ROWS\":3,"         \
    "\"DEFAULT_VALUE\":\"x\"}}"
#define CHOICE                                                                                     \
    "{\"USER_TYPE_ID\":\"enumeration\",\"FIELD_NAME\":\"UF_CRM_CHOICE\",\"LIST\":[{\"VALUE\":"     \
    "\"one\",\"XML_ID\":\"1\",\"SORT\":20},{\"VALUE\":\"two\",\"DEF\":\"Y\",\"SORT\":10},"         \
    "{\"SORT\":5},{\"VALUE\":\"three\",\"DEF\":\"Y\",\"SORT\":30}]}"
#define OWN(name, fields) .before = "crm." name ".userfield.add", .before_json = ADD(fields)

static const struct scenario scenarios[] = {
    {"add, and what get shows of it", .call = "crm.deal.userfield.add", .json = ADD(STRING),
     .result = "~1", .then = "crm.deal.userfield.get?id=~1",
     .then_has =
         {"{\"ID\":\"~1\",\"ENTITY_ID\":\"CRM_DEAL\",\"FIELD_NAME\":\"UF_CRM_NOTE\","
          "\"USER_TYPE_ID\":\"string\",\"XML_ID\":\"n1\",\"SORT\":\"500\",\"MULTIPLE\":\"Y\","
          "\"MANDATORY\":\"N\",\"SHOW_FILTER\":\"E\",\"SHOW_IN_LIST\":\"Y\",\"EDIT_IN_LIST\":\"Y\","
          "\"IS_SEARCHABLE\":\"N\",\"SETTINGS\":{\"SIZE\":20,\"ROWS\":3,\"REGEXP\":\"\","
          "\"MIN_LENGTH\":0,\"MAX_LENGTH\":0,\"DEFAULT_VALUE\":\"x\"},\"EDIT_FORM_LABEL\":{\"ar\":"
          "\"Note\",\"br\":\"Note\",\"de\":\"Note\"",
          "\"LIST_COLUMN_LABEL\":{\"ar\":\"Note\",\"br\":\"Note\",\"de\":\"Spalte\",\"en\":"
          "\"Column\",\"fr\":\"Note\"",
          "\"HELP_MESSAGE\":{\"ar\":\"Note\""},
     .then_lacks = {"\"LIST\":", "\"xx\""}},
    {"a field of each object", .call = "crm.lead.userfield.add", .json = ADD(STRING),
     .then = "crm.lead.userfield.list", .then_has = {"\"ENTITY_ID\":\"CRM_LEAD\"", "\"total\":1"}},
    {"of contacts", .call = "crm.contact.userfield.add", .json = ADD(STRING),
     .then = "crm.contact.userfield.list", .then_has = {"\"CRM_CONTACT\"", "\"total\":1"}},
    {"of companies", .call = "crm.company.userfield.add", .json = ADD(STRING),
     .then = "crm.company.userfield.list", .then_has = {"\"CRM_COMPANY\"", "\"total\":1"}},
    {"of quotes", .call = "crm.quote.userfield.add", .json = ADD(STRING),
     .then = "crm.quote.userfield.list", .then_has = {"\"CRM_QUOTE\"", "\"total\":1"}},
    {"UF_ becomes UF_CRM_", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"integer\",\"FIELD_NAME\":\"uf_x\"}"),
     .then = "crm.deal.userfield.get?id=~1",
     .then_has = {"\"UF_CRM_X\"", "\"XML_ID\":null,\"SORT\":\"100\"", "\"SHOW_FILTER\":\"N\"",
                  "\"SETTINGS\":{\"SIZE\":20,\"MIN_VALUE\":0,\"MAX_VALUE\":0,\"DEFAULT_VALUE\":"
                  "null}",
                  "\"HELP_MESSAGE\":{\"ar\":\"\""}},
    {"yes and no is never multiple", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"boolean\",\"FIELD_NAME\":\"B\",\"MULTIPLE\":\"Y\"}"),
     .then = "crm.deal.userfield.get?id=~1", .then_has = {"\"MULTIPLE\":\"N\""}},
    {"a list has its items by sort, and of a single one the first default",
     .call = "crm.deal.userfield.add", .json = ADD(CHOICE),
     .events = "ONCRMDEALUSERFIELDADD ONCRMDEALUSERFIELDSETENUMVALUES",
     .then = "crm.deal.userfield.get?id=~1",
     .then_has =
         {"\"LIST\":[{\"ID\":\"~2\",\"SORT\":\"10\",\"VALUE\":\"two\",\"DEF\":\"Y\","
          "\"XML_ID\":\"",
          "{\"ID\":\"~1\",\"SORT\":\"20\",\"VALUE\":\"one\",\"DEF\":\"N\",\"XML_ID\":\"1\"},"
          "{\"ID\":\"~3\",\"SORT\":\"30\",\"VALUE\":\"three\",\"DEF\":\"N\"",
          "\"SETTINGS\":{\"DISPLAY\":\"LIST\",\"LIST_HEIGHT\":1,\"CAPTION_NO_VALUE\":\"\","
          "\"SHOW_NO_VALUE\":\"Y\"}"}},
    {"a crm field is for leads unless it says what for", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"crm\",\"FIELD_NAME\":\"C\"}"),
     .then = "crm.deal.userfield.get?id=~1", .then_has = {"\"SETTINGS\":{\"LEAD\":\"Y\"}"}},
    {"or for smart processes", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"crm\",\"FIELD_NAME\":\"C\",\"SETTINGS\":{\"LEAD\":\"N\","
                 "\"DYNAMIC_128\":\"Y\"}}"),
     .then = "crm.deal.userfield.get?id=~1",
     .then_has = {"\"SETTINGS\":{\"LEAD\":\"N\",\"DYNAMIC_128\":\"Y\"}"}},

    {"without a type", .call = "crm.deal.userfield.add", .json = ADD("{}"), .status = 400,
     .text = "The 'USER_TYPE_ID' field is not found."},
    {"of leads", .call = "crm.lead.userfield.add", .json = ADD("{}"), .status = 400,
     .text = "The 'USER_TYPE_ID' field is not found."},
    {"of contacts without one", .call = "crm.contact.userfield.add", .json = ADD("{}"),
     .status = 400, .text = "The 'USER_TYPE_ID' field is not found."},
    {"of quotes without one", .call = "crm.quote.userfield.add", .json = ADD("{}"), .status = 400,
     .text = "The 'USER_TYPE_ID' field is not found."},
    {"of companies without one", .call = "crm.company.userfield.add", .json = ADD("{}"),
     .status = 400, .text = "The 'USER_TYPE_ID' field is not found."},
#define NAMELESS ADD("{\"USER_TYPE_ID\":\"string\",\"FIELD_NAME\":\"\"}")
#define UNNAMED(entity)                                                                            \
    {                                                                                              \
        "without a name: " entity, .call = "crm." entity ".userfield.add", .json = NAMELESS,       \
                                   .status = 400, .text = "The 'FIELD_NAME' field is not found."   \
    }
    UNNAMED("deal"),
    UNNAMED("lead"),
    UNNAMED("company"),
    UNNAMED("quote"),
#define LONG ADD("{\"USER_TYPE_ID\":\"string\",\"FIELD_NAME\":\"" FORTY "ABCD\"}")
#define FORTY "A123456789B123456789C123456789D123456789"
#define TOO_LONG(entity)                                                                           \
    {                                                                                              \
        "44 characters are too many: " entity, .call = "crm." entity ".userfield.add",             \
                                               .json = LONG, .status = 400, .error = "ERROR_CORE", \
                                               .text = "Field name is too long (more than 50 "     \
                                                       "characters)."                              \
    }
    TOO_LONG("deal"),
    TOO_LONG("lead"),
    TOO_LONG("company"),
    TOO_LONG("quote"),
    {"43 are not", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"string\",\"FIELD_NAME\":\"" FORTY "ABC\"}"), .result = "~1"},
#define STRANGE(entity)                                                                            \
    {                                                                                              \
        "strange characters: " entity, .call = "crm." entity ".userfield.add",                     \
                                       .json = ADD("{\"USER_TYPE_ID\":\"string\",\"FIELD_NAME\":"  \
                                                   "\"A-B\"}"),                                    \
                                       .status = 400, .error = "ERROR_CORE",                       \
                                       .text = "Field name contains invalid characters. Allowed "  \
                                               "characters are: A-Z, 0-9 and _."                   \
    }
    STRANGE("deal"),
    STRANGE("lead"),
    STRANGE("company"),
    STRANGE("quote"),
    {"an unknown type", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"strings\",\"FIELD_NAME\":\"A\"}"), .status = 400,
     .error = "ERROR_CORE", .text = "Incorrect custom type specified."},
    {"a type of an application that did not make it", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"rest_1_color\",\"FIELD_NAME\":\"A\"}"), .status = 400,
     .error = "ERROR_CORE", .text = "Incorrect custom type specified."},
    {"the stand-in for those is none", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"rest\",\"FIELD_NAME\":\"A\"}"), .status = 400,
     .error = "ERROR_CORE", .text = "Incorrect custom type specified."},
    {"a name that is taken", OWN("deal", STRING), .call = "crm.deal.userfield.add",
     .json = ADD(STRING), .status = 400, .error = "ERROR_CORE",
     .text = "The field UF_CRM_NOTE for the CRM_DEAL object already exists."},
    {"by another object is free", OWN("deal", STRING), .call = "crm.lead.userfield.add",
     .json = ADD(STRING), .result = "~2"},
#define TWICE                                                                                      \
    ADD("{\"USER_TYPE_ID\":\"enumeration\",\"FIELD_NAME\":\"A\",\"LIST\":[{\"VALUE\":\"a\","       \
        "\"XML_ID\":\"xml_id\"},{\"VALUE\":\"b\",\"XML_ID\":\"xml_id\"}]}")
    {"two items of one code", .call = "crm.deal.userfield.add", .json = TWICE, .status = 400,
     .error = "ERROR_CORE", .text = "List item with value XML_ID=xml_id already exists."},
    {"an expression that nobody would look at", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"string\",\"FIELD_NAME\":\"A\",\"SETTINGS\":{\"REGEXP\":"
                 "\"/a/\"}}"),
     .status = 400, .error = "ERROR_CORE", .text = "REGEXP is not supported."},
    {"a date that is none as default", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"date\",\"FIELD_NAME\":\"A\",\"SETTINGS\":{\"DEFAULT_VALUE\":"
                 "{\"TYPE\":\"FIXED\",\"VALUE\":\"x\"}}}"),
     .status = 400, .error = "ERROR_CORE", .text = "The default value is no date."},
    {"a default in an unknown currency", .call = "crm.deal.userfield.add",
     .json = ADD("{\"USER_TYPE_ID\":\"money\",\"FIELD_NAME\":\"A\",\"SETTINGS\":{\"DEFAULT_VALUE\":"
                 "\"1|ZZZ\"}}"),
     .status = 400, .error = "ERROR_CORE",
     .text = "The default value is none of the field's type."},
    {"fields that are none", .call = "crm.deal.userfield.add?fields=x", .status = 400,
     .text = "Parameter 'fields' must be array."},
    {"who is no administrator", .as = AS_USER, .call = "crm.deal.userfield.add",
     .json = ADD(STRING), .status = 400, .text = "Access denied."},

    {"get for whoever reads deals", .as = AS_USER, .before_as_admin = 1, OWN("deal", STRING),
     .call = "crm.deal.userfield.get?id=~1", .has = {"\"UF_CRM_NOTE\""}},
    {"and not for whoever does not", .as = AS_ROLELESS, .before_as_admin = 1, OWN("deal", STRING),
     .call = "crm.deal.userfield.get?id=~1", .status = 400, .text = "Access denied."},
    {"nor a list", .as = AS_ROLELESS, .call = "crm.deal.userfield.list", .status = 400,
     .text = "Access denied."},
#define NO_ID(entity, verb)                                                                        \
    {                                                                                              \
        "without an id: " entity " " verb, .call = "crm." entity ".userfield." verb,               \
                                           .status = 400, .text = "ID is not defined or invalid."  \
    }
#define NO_FIELD(entity, verb)                                                                     \
    {                                                                                              \
        "a missing one: " entity " " verb, .call = "crm." entity ".userfield." verb "?id=77",      \
                                           .status = 400, .error = "ERROR_NOT_FOUND",              \
                                           .text = "The entity with ID '77' is not found."         \
    }
#define OTHERS(entity, other, verb)                                                                \
    {                                                                                              \
        "one of another object: " entity " " verb, OWN(other, STRING),                             \
            .call = "crm." entity ".userfield." verb "?id=~1", .status = 400,                      \
            .text = "Access denied."                                                               \
    }
#define REFUSALS(entity, other)                                                                    \
    NO_ID(entity, "get"), NO_ID(entity, "update"), NO_ID(entity, "delete"),                        \
        NO_FIELD(entity, "get"), NO_FIELD(entity, "update"), NO_FIELD(entity, "delete"),           \
        OTHERS(entity, other, "get"), OTHERS(entity, other, "update"),                             \
        OTHERS(entity, other, "delete"),                                                           \
        {"a filter that is none: " entity, .call = "crm." entity ".userfield.list?filter=x",       \
         .status = 400, .text = "Parameter 'filter' must be array."},                              \
        {"an order that is none: " entity, .call = "crm." entity ".userfield.list?order=x",        \
         .status = 400, .text = "Parameter 'order' must be array."},                               \
        {"fields of an update that are none: " entity,                                             \
         .call = "crm." entity ".userfield.update?id=~1&fields=x", .status = 400,                  \
         .text = "Parameter 'fields' must be array."},                                             \
        {"get of its own: " entity, OWN(entity, STRING),                                           \
         .call = "crm." entity ".userfield.get?id=~1", .has = {"\"UF_CRM_NOTE\""}},                \
        {"list of its own: " entity, OWN(entity, STRING),                                          \
         .call = "crm." entity ".userfield.list?filter[XML_ID]=n1", .has = {"\"UF_CRM_NOTE\""}},   \
        {"update of its own: " entity,                                                             \
         OWN(entity, STRING),                                                                      \
         .call = "crm." entity ".userfield.update?id=~1&fields[SORT]=7",                           \
         .result = "true",                                                                         \
         .then = "crm." entity ".userfield.get?id=~1",                                             \
         .then_has = {"\"SORT\":\"7\""}},                                                          \
    {                                                                                              \
        "delete of its own: " entity, OWN(entity, STRING),                                         \
            .call = "crm." entity ".userfield.delete?id=~1", .result = "true",                     \
            .then = "crm." entity ".userfield.get?id=~1", .then_has = {                            \
                "ERROR_NOT_FOUND"                                                                  \
            }                                                                                      \
    }
    REFUSALS("deal", "lead"),
    REFUSALS("lead", "deal"),
    REFUSALS("contact", "deal"),
    REFUSALS("company", "deal"),
    REFUSALS("quote", "deal"),

    {"a list in its order", .before = "batch",
     .before_json = "{\"cmd\":{\"a\":{\"method\":\"crm.deal.userfield.add\",\"params\":" ADD(
         STRING) "},\"b\":{\"method\":\"crm.deal.userfield.add\",\"params\":" ADD(CHOICE) "}}}",
     .call = "crm.deal.userfield.list",
     .has = {"[{\"ID\":\"~2\",\"ENTITY_ID\":\"CRM_DEAL\",\"FIELD_NAME\":\"UF_CRM_CHOICE\"",
             "\"LIST\":[{\"ID\":\"~2\"", "}]},{\"ID\":\"~1\"", "\"total\":2"},
     .lacks = {"EDIT_FORM_LABEL"}, .alone = 1},
    {"by conditions, backwards, in a language", .before = "batch",
     .before_json = "{\"cmd\":{\"a\":{\"method\":\"crm.deal.userfield.add\",\"params\":" ADD(
         STRING) "},\"b\":{\"method\":\"crm.deal.userfield.add\",\"params\":" ADD(CHOICE) "}}}",
     .call = "crm.deal.userfield.list?filter[MULTIPLE]=Y&filter[LANG]=de&order[ID]=DESC",
     .has = {"[{\"ID\":\"~1\"",
             "\"EDIT_FORM_LABEL\":\"Note\",\"LIST_COLUMN_LABEL\":\"Spalte\",\"LIST_FILTER_LABEL\":"
             "\"Note\""},
     .lacks = {"UF_CRM_CHOICE"}},
    {"texts that are not there are null", OWN("deal", CHOICE),
     .call = "crm.deal.userfield.list?filter[LANG]=de",
     .has = {"\"EDIT_FORM_LABEL\":null,\"LIST_COLUMN_LABEL\":null"}},
    {"by a part of the name", OWN("deal", STRING),
     .call = "crm.deal.userfield.list?filter[%25FIELD_NAME]=note", .has = {"\"UF_CRM_NOTE\""}},

    {"an update overwrites settings that are given, and labels wholly", OWN("deal", STRING),
     .call = "crm.deal.userfield.update",
     .json = "{\"id\":~1,\"fields\":{\"SETTINGS\":{\"ROWS\":7},\"LIST_COLUMN_LABEL\":{\"fr\":"
             "\"Colonne\"},\"EDIT_FORM_LABEL\":\"All\",\"MANDATORY\":\"Y\",\"MULTIPLE\":\"N\","
             "\"FIELD_NAME\":\"OTHER\",\"XML_ID\":\"\",\"SHOW_FILTER\":\"N\"}}",
     .result = "true", .then = "crm.deal.userfield.get?id=~1",
     .then_has = {"\"FIELD_NAME\":\"UF_CRM_NOTE\"", "\"XML_ID\":null",
                  "\"MULTIPLE\":\"Y\","
                  "\"MANDATORY\":\"Y\",\"SHOW_FILTER\":\"N\"",
                  "\"ROWS\":7,\"REGEXP\":\"\",\"MIN_LENGTH\":0,\"MAX_LENGTH\":0,\"DEFAULT_VALUE\":"
                  "\"x\"",
                  "\"EDIT_FORM_LABEL\":{\"ar\":\"All\"",
                  "\"LIST_COLUMN_LABEL\":{\"ar\":\"\",\"br\":\"\",\"de\":\"\",\"en\":\"\",\"fr\":"
                  "\"Colonne\"",
                  "\"HELP_MESSAGE\":{\"ar\":\"Note\""}},
    {"items are changed, removed and added; others stay", OWN("deal", CHOICE),
     .call = "crm.deal.userfield.update",
     .json = "{\"id\":~1,\"fields\":{\"LIST\":[{\"ID\":~1,\"VALUE\":\"ONE\"},{\"ID\":~3,\"DEL\":"
             "\"Y\"}"
             ",{\"VALUE\":\"four\",\"DEF\":\"Y\",\"SORT\":1}]}}",
     .events = "ONCRMDEALUSERFIELDSETENUMVALUES ONCRMDEALUSERFIELDUPDATE",
     .then = "crm.deal.userfield.get?id=~1",
     .then_has = {"\"LIST\":[{\"ID\":\"~4\",\"SORT\":\"1\",\"VALUE\":\"four\",\"DEF\":\"Y\"",
                  "{\"ID\":\"~2\",\"SORT\":\"10\",\"VALUE\":\"two\",\"DEF\":\"N\"",
                  "{\"ID\":\"~1\",\"SORT\":\"20\",\"VALUE\":\"ONE\",\"DEF\":\"N\",\"XML_ID\":\"1\"}"
                  "]"},
     .then_lacks = {"three"}},
    {"not by a code that another has", OWN("deal", CHOICE), .call = "crm.deal.userfield.update",
     .json = "{\"id\":~1,\"fields\":{\"LIST\":[{\"ID\":~2,\"XML_ID\":\"XML_ID\"},{\"ID\":~1,"
             "\"XML_ID\":"
             "\"XML_ID\"}]}}",
     .status = 400, .error = "ERROR_CORE", .text = "List item with XML_ID='XML_ID' already exists"},
    {"nor one of another field", OWN("deal", CHOICE), .call = "crm.deal.userfield.update",
     .json = "{\"id\":~1,\"fields\":{\"LIST\":[{\"ID\":9,\"VALUE\":\"x\"}]}}", .status = 400,
     .error = "ERROR_CORE", .text = "The list has no item with ID=9."},
    {"an update by who is no administrator", .as = AS_USER, .before_as_admin = 1,
     OWN("deal", STRING), .call = "crm.deal.userfield.update?id=~1&fields[SORT]=7", .status = 400,
     .text = "Access denied."},
    {"a removal by him", .as = AS_USER, .before_as_admin = 1, OWN("deal", STRING),
     .call = "crm.deal.userfield.delete?id=~1", .status = 400, .text = "Access denied."},
    {"the name of a removed field is free again", .before = "batch",
     .before_json = "{\"cmd\":{\"a\":{\"method\":\"crm.deal.userfield.add\",\"params\":" ADD(
         STRING) "},\"b\":\"crm.deal.userfield.delete?id=~1\"}}",
     .call = "crm.deal.userfield.add", .json = ADD(STRING), .result = "~2"},
};

SCENARIOS(userfield, scenarios);
