/* Scenarios of crm.userfield.*. */
#include "scenario.h"

static const struct scenario scenarios[] = {
    {"attributes of a custom field", .call = "crm.userfield.fields", .as = AS_USER,
     .has = {"{\"result\":{\"ID\":{\"type\":\"int\",\"title\":\"ID\",\"isReadOnly\":true},"
             "\"ENTITY_ID\":{\"type\":\"string\",\"title\":\"Object\",\"isImmutable\":true},"
             "\"FIELD_NAME\":{\"type\":\"string\",\"title\":\"Code\",\"isImmutable\":true}",
             "\"LIST\":{\"type\":\"uf_enum_element\",\"title\":\"List elements\",\"isMultiple\":"
             "true},\"SETTINGS\":{\"type\":\"object\",\"title\":\"Additional settings (dependent "
             "on type)\"}}"},
     .alone = 1},
    {"of an item of a list", .call = "crm.userfield.enumeration.fields",
     .result = "{\"ID\":{\"type\":\"int\",\"title\":\"ID\",\"isReadOnly\":true},\"SORT\":{\"type\":"
               "\"int\",\"title\":\"Sorting\"},\"VALUE\":{\"type\":\"string\",\"title\":\"Value\"},"
               "\"DEF\":{\"type\":\"string\",\"title\":\"Default Value\"},\"XML_ID\":{\"type\":"
               "\"string\",\"title\":\"XML ID\"},\"DEL\":{\"type\":\"string\",\"title\":\"Element "
               "Deletion Flag\"}}"},
    {"types, in the order of the page", .call = "crm.userfield.types",
     .has = {"[{\"ID\":\"string\",\"title\":\"String\"},{\"ID\":\"integer\",\"title\":\"Integer\"},"
             "{\"ID\":\"double\",\"title\":\"Number\"},{\"ID\":\"boolean\",\"title\":\"Yes/No\"},"
             "{\"ID\":\"enumeration\",\"title\":\"List\"},{\"ID\":\"datetime\",\"title\":"
             "\"Date/Time\"},{\"ID\":\"date\",\"title\":\"Date\"}"}},
    {"settings of a number", .call = "crm.userfield.settings.fields?type=double",
     .result = "{\"PRECISION\":{\"type\":\"int\",\"title\":\"Precision\"},\"DEFAULT_VALUE\":{"
               "\"type\":\"double\",\"title\":\"Default Value\"}}"},
    {"settings of nothing", .call = "crm.userfield.settings.fields", .status = 400,
     .text = "Parameter 'type' is not specified or empty."},
    {"settings of a type that is not there", .call = "crm.userfield.settings.fields?type=strings",
     .result = "[]"},
};

SCENARIOS(crm_userfield, scenarios);
