/* crm.userfield.* - what custom fields can be: their attributes, types and settings.
 *
 * What:    fixed descriptions, and the list of types with those of applications.
 * Used by: the registry.
 * Pages:   api-reference/crm/universal/user-defined-fields/.
 */
#include <string.h>

#include "model/method.h"
#include "model/user_field.h"

struct line {
    const char *name, *type, *title;
    const char *flag; /* "isReadOnly"; NULL: none */
};

static const struct line attributes[] = {
    {"ID", "int", "ID", "isReadOnly"},
    {"ENTITY_ID", "string", "Object", "isImmutable"},
    {"FIELD_NAME", "string", "Code", "isImmutable"},
    {"USER_TYPE_ID", "string", "Data Type", "isImmutable"},
    {"XML_ID", "string", "External ID (XML ID)", NULL},
    {"SORT", "int", "Sorting", NULL},
    {"MULTIPLE", "char", "Multiple", NULL},
    {"MANDATORY", "char", "Mandatory", NULL},
    {"SHOW_FILTER", "char", "Show in list filter", NULL},
    {"SHOW_IN_LIST", "char", "Show in list", NULL},
    {"EDIT_IN_LIST", "char", "Allow user editing", NULL},
    {"IS_SEARCHABLE", "char", "Field values are searchable", NULL},
    {"EDIT_FORM_LABEL", "string", "Label in edit form", NULL},
    {"LIST_COLUMN_LABEL", "string", "Header in list", NULL},
    {"LIST_FILTER_LABEL", "string", "Filter label in list", NULL},
    {"ERROR_MESSAGE", "string", "Error message", NULL},
    {"HELP_MESSAGE", "string", "Help", NULL},
    {"LIST", "uf_enum_element", "List elements", "isMultiple"},
    {"SETTINGS", "object", "Additional settings (dependent on type)", NULL},
};

static const struct line item_attributes[] = {
    {"ID", "int", "ID", "isReadOnly"},    {"SORT", "int", "Sorting", NULL},
    {"VALUE", "string", "Value", NULL},   {"DEF", "string", "Default Value", NULL},
    {"XML_ID", "string", "XML ID", NULL}, {"DEL", "string", "Element Deletion Flag", NULL},
};

static void describe(struct writer *out, const struct line *line)
{
    writer_keyz(out, line->name);
    writer_begin_object(out);
    writer_text(out, "type", line->type);
    writer_text(out, "title", line->title);
    if (line->flag) {
        writer_keyz(out, line->flag);
        writer_bool(out, true);
    }
    writer_end_object(out);
}

static enum api_rc describe_all(struct request *req, const struct line *lines, size_t count)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < count; i++)
        describe(req->out, &lines[i]);
    writer_end_object(req->out);
    return API_OK;
}

static enum api_rc fields(struct request *req)
{
    return describe_all(req, attributes, sizeof attributes / sizeof attributes[0]);
}

static enum api_rc enumeration_fields(struct request *req)
{
    return describe_all(req, item_attributes, sizeof item_attributes / sizeof item_attributes[0]);
}

/* The program's, in the order of the page. */
static const struct user_type *type_at(int place)
{
    for (size_t i = 0; user_types[i]; i++) {
        if (user_types[i]->place == place)
            return user_types[i];
    }
    return NULL;
}

static enum api_rc types(struct request *req)
{
    const struct user_type *type;
    writer_begin_list(req->out);
    for (int place = 1; (type = type_at(place)); place++) {
        writer_begin_object(req->out);
        writer_text(req->out, "ID", type->id);
        writer_text(req->out, "title", type->title);
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
    return API_OK;
}

static enum api_rc settings_fields(struct request *req)
{
    const char *id = param_text(req, "type");
    if (!*id)
        return api_fail_text(req, "Parameter 'type' is not specified or empty.");
    const struct user_type *type = user_type_find(id);
    if (!type || !type->settings) {
        writer_value(req->out, value_array(req->arena));
        return API_OK;
    }
    writer_begin_object(req->out);
    for (const struct user_setting *s = type->settings; s->form; s++) {
        if (s->title)
            describe(req->out, &(struct line){s->name, s->type, s->title, NULL});
    }
    writer_end_object(req->out);
    return API_OK;
}

static const struct param description[] = {
    {"type", PARAM_STRING, true},
    {"title", PARAM_STRING, true},
    {"*", PARAM_BOOL},
    {0},
};
static const struct param descriptions[] = {
    {"*", PARAM_ARRAY, .summary = "By the name of the attribute.", .keys = description}, {0}};
static const struct param type_keys[] = {
    {"ID", PARAM_STRING, true}, {"title", PARAM_STRING, true}, {0}};
static const struct param type_params[] = {
    {"type", PARAM_STRING, true, "A type of crm.userfield.types.", .asked = true}, {0}};

#define PAGE(name) "api-reference/crm/universal/user-defined-fields/crm-userfield-" name
static const struct method methods[] = {
    {.name = "crm.userfield.fields",
     .summary = "Describe the attributes of a custom field.",
     .scope = "crm",
     .result = SHAPE_OBJECT,
     .gives = descriptions,
     .page = PAGE("fields"),
     .handle = fields},
    {.name = "crm.userfield.enumeration.fields",
     .summary = "Describe an item of a custom field that is a list.",
     .scope = "crm",
     .result = SHAPE_OBJECT,
     .gives = descriptions,
     .page = PAGE("enumeration-fields"),
     .handle = enumeration_fields},
    {.name = "crm.userfield.types",
     .summary = "Return the types that a custom field can have.",
     .scope = "crm",
     .result = SHAPE_LIST,
     .gives = type_keys,
     .page = PAGE("types"),
     .handle = types},
    {.name = "crm.userfield.settings.fields",
     .summary = "Describe the settings of a type of custom fields.",
     .scope = "crm",
     .params = type_params,
     .result = SHAPE_OBJECT,
     .gives = descriptions,
     .page = PAGE("settings-fields"),
     .handle = settings_fields},
};

MODULE(crm_userfield, METHODS(methods));
