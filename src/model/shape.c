#include "model/shape.h"

static const struct param choices[] = {{"ID", PARAM_STRING, true},
                                       {"VALUE", PARAM_STRING, true},
                                       {"VALUE_ID", PARAM_STRING},
                                       {"DEF", PARAM_STRING},
                                       {"SORT", PARAM_STRING},
                                       {"XML_ID", PARAM_STRING},
                                       {0}};
static const struct param settings[] = {{"*", PARAM_ANY, .summary = "As its type has them"}, {0}};

const struct param shape_field[] = {
    {"type", PARAM_STRING, true},
    {"isRequired", PARAM_BOOL, true},
    {"isReadOnly", PARAM_BOOL, true},
    {"title", PARAM_STRING, true},
    {"isImmutable", PARAM_BOOL},
    {"isMultiple", PARAM_BOOL},
    {"isDynamic", PARAM_BOOL},
    {"isDeprecated", PARAM_BOOL},
    {"upperName", PARAM_STRING},
    {"statusType", PARAM_STRING},
    {"size", PARAM_STRING},
    {"propertyType", PARAM_STRING},
    {"userType", PARAM_STRING, .null = true},
    {"values", PARAM_ANY, .summary = "Of a property that is a list: its items"},
    {"listLabel", PARAM_STRING},
    {"formLabel", PARAM_STRING},
    {"filterLabel", PARAM_STRING},
    {"items", PARAM_LIST, .keys = choices},
    {"settings", PARAM_ARRAY, .keys = settings},
    {0},
};
const struct param shape_fields[] = {
    {"*", PARAM_ARRAY, .summary = "By the name of the field.", .keys = shape_field}, {0}};
const struct param shape_fields_key[] = {{"fields", PARAM_ARRAY, true, .keys = shape_fields}, {0}};
const struct param shape_captions[] = {{"*", PARAM_STRING, .summary = "By the name of the field"},
                                       {0}};

#define LABEL(name)                                                                                \
    {                                                                                              \
        name, PARAM_ANY, .summary = "By language; of a list with LANG in that one, or null"        \
    }

const struct param shape_user_field[] = {
    {"ID", PARAM_STRING, true},
    {"ENTITY_ID", PARAM_STRING, true},
    {"FIELD_NAME", PARAM_STRING, true},
    {"USER_TYPE_ID", PARAM_STRING, true},
    {"XML_ID", PARAM_STRING, true, .null = true},
    {"SORT", PARAM_STRING, true},
    {"MULTIPLE", PARAM_FLAG, true},
    {"MANDATORY", PARAM_FLAG, true},
    {"SHOW_FILTER", PARAM_STRING, true},
    {"SHOW_IN_LIST", PARAM_FLAG, true},
    {"EDIT_IN_LIST", PARAM_FLAG, true},
    {"IS_SEARCHABLE", PARAM_FLAG, true},
    {"SETTINGS", PARAM_ARRAY, true, .keys = settings},
    {"LIST", PARAM_LIST, .keys = choices},
    LABEL("EDIT_FORM_LABEL"),
    LABEL("LIST_COLUMN_LABEL"),
    LABEL("LIST_FILTER_LABEL"),
    LABEL("ERROR_MESSAGE"),
    LABEL("HELP_MESSAGE"),
    {0},
};
