/* crm.enum.* - the numbers that CRM fields hold, and their names.
 *
 * What:    fixed tables. The numbers of activities stand here as the activity rules use them.
 * Used by: the registry.
 * Pages:   api-reference/crm/auxiliary/enum/.
 */
#include <stdlib.h>

#include "model/method.h"
#include "model/registry.h"
#include "model/shape.h"

struct item {
    int id;
    const char *name;
    const char *code, *short_code; /* NULL: null */
};

static void write_code(struct request *req, const char *key, const char *code)
{
    writer_keyz(req->out, key);
    if (code)
        writer_stringz(req->out, code);
    else
        writer_null(req->out);
}

static enum api_rc write_items(struct request *req, const struct item *items, size_t count)
{
    writer_begin_list(req->out);
    for (size_t i = 0; i < count; i++) {
        writer_begin_object(req->out);
        writer_keyz(req->out, "ID");
        writer_int(req->out, items[i].id);
        writer_keyz(req->out, "NAME");
        writer_stringz(req->out, items[i].name);
        write_code(req, "SYMBOL_CODE", items[i].code);
        write_code(req, "SYMBOL_CODE_SHORT", items[i].short_code);
        writer_end_object(req->out);
    }
    writer_end_list(req->out);
    return API_OK;
}

/* The handler of one enumeration. */
#define ENUMERATION(name, ...)                                                                     \
    static enum api_rc enum_##name(struct request *req)                                            \
    {                                                                                              \
        static const struct item items[] = {__VA_ARGS__};                                          \
        return write_items(req, items, sizeof items / sizeof items[0]);                            \
    }

/* Types of the protocol that nothing here has rows of. */
static const struct item no_entities[] = {
    {5, "Invoice (old version)", "INVOICE", "I"}, {7, "Quote", "QUOTE", "Q"},
    {8, "Billing Details", "REQUISITE", "RQ"},    {31, "Invoice", "SMART_INVOICE", "SI"},
    {36, "Document", "SMART_DOCUMENT", "DO"},     {39, "Company Document", "SMART_B2E_DOC", "SBD"}};

static int by_id(const void *a, const void *b)
{
    return ((const struct item *)a)->id - ((const struct item *)b)->id;
}

/* Those that have rows say of themselves what they are called. */
static enum api_rc enum_ownertype(struct request *req)
{
    size_t most = sizeof no_entities / sizeof no_entities[0], count = 0;
    for (const struct entity *const *e = entity_all(req); *e; e++)
        most++;
    struct item *items = arena_alloc(req->arena, most * sizeof *items);
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if ((*e)->short_code)
            items[count++] =
                (struct item){(*e)->type_id, (*e)->title, (*e)->code, (*e)->short_code};
    }
    for (size_t i = 0; i < sizeof no_entities / sizeof no_entities[0]; i++) {
        if (!entity_of_type(req, no_entities[i].id))
            items[count++] = no_entities[i];
    }
    qsort(items, count, sizeof *items, by_id);
    return write_items(req, items, count);
}

ENUMERATION(activitytype, {0, "", NULL, NULL}, {1, "Meeting", NULL, NULL}, {2, "Call", NULL, NULL},
            {3, "Task", NULL, NULL}, {4, "E-mail", NULL, NULL}, {5, "Action", NULL, NULL},
            {6, "User Action", NULL, NULL})

ENUMERATION(activitypriority, {0, "", NULL, NULL}, {1, "low", NULL, NULL},
            {2, "medium", NULL, NULL}, {3, "high", NULL, NULL})

ENUMERATION(activitydirection, {0, "", NULL, NULL}, {1, "Incoming", NULL, NULL},
            {2, "Outgoing", NULL, NULL})

ENUMERATION(activitynotifytype, {0, "", NULL, NULL}, {1, "min.", NULL, NULL}, {2, "h.", NULL, NULL},
            {3, "d.", NULL, NULL})

ENUMERATION(activitystatus, {0, "", NULL, NULL}, {1, "Pending", NULL, NULL},
            {2, "Completed", NULL, NULL}, {3, "Automatically Completed", NULL, NULL})

ENUMERATION(contenttype, {0, "", NULL, NULL}, {1, "Plain text", NULL, NULL},
            {2, "bbCode", NULL, NULL}, {3, "HTML", NULL, NULL})

ENUMERATION(addresstype, {11, "Shipping address", NULL, NULL}, {1, "Physical address", NULL, NULL},
            {6, "Legal address", NULL, NULL}, {4, "Registered address", NULL, NULL},
            {8, "Mailing address", NULL, NULL}, {9, "Beneficiary address", NULL, NULL})

ENUMERATION(settings_mode, {1, "Classic CRM", NULL, NULL}, {2, "Simple CRM", NULL, NULL})

/* This one has a form of its own. */
static enum api_rc enum_getorderownertypes(struct request *req)
{
    writer_begin_list(req->out);
    writer_begin_object(req->out);
    write_code(req, "attribute", "DYN");
    write_code(req, "code", "DEAL");
    writer_keyz(req->out, "id");
    writer_int(req->out, 2);
    write_code(req, "name", "Deal");
    writer_end_object(req->out);
    writer_end_list(req->out);
    return API_OK;
}

static enum api_rc enum_fields(struct request *req)
{
    static const struct field fields[] = {
        {.name = "ID", .type = "int", .title = "ID", .flags = FIELD_READ_ONLY},
        {.name = "NAME", .type = "string", .title = "Name", .flags = FIELD_READ_ONLY},
        {.name = "SYMBOL_CODE", .type = "string", .title = "Symbol code", .flags = FIELD_READ_ONLY},
        {.name = "SYMBOL_CODE_SHORT",
         .type = "string",
         .title = "Short symbol code",
         .flags = FIELD_READ_ONLY},
    };
    writer_begin_object(req->out);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        field_describe(req, &fields[i]);
    writer_end_object(req->out);
    return API_OK;
}

#define ENUM_PAGES "api-reference/crm/auxiliary/enum/"
/* Items of all of them but one. */
static const struct param items[] = {{"ID", PARAM_INT, true},
                                     {"NAME", PARAM_STRING, true},
                                     {"SYMBOL_CODE", PARAM_STRING, true, .null = true},
                                     {"SYMBOL_CODE_SHORT", PARAM_STRING, true, .null = true},
                                     {0}};
static const struct param order_owners[] = {{"attribute", PARAM_STRING, true},
                                            {"code", PARAM_STRING, true},
                                            {"id", PARAM_INT, true},
                                            {"name", PARAM_STRING, true},
                                            {0}};

#define ENUM_METHOD(method, shape, about, page_name, handler, ...)                                 \
    {                                                                                              \
        .name = "crm.enum." method, .summary = about, .scope = "crm", .lane = LANE_READ,           \
        .result = shape, .page = ENUM_PAGES page_name, .handle = handler, __VA_ARGS__              \
    }

static const struct method methods[] = {
    ENUM_METHOD("fields", SHAPE_OBJECT, "Describe the fields of an enumeration's items.",
                "crm-enum-fields", enum_fields, .gives = shape_fields),
    ENUM_METHOD("ownertype", SHAPE_LIST, "List the types of CRM objects.", "crm-enum-owner-type",
                enum_ownertype, .gives = items),
    ENUM_METHOD("addresstype", SHAPE_LIST, "List the types of addresses.", "crm-enum-address-type",
                enum_addresstype, .gives = items),
    ENUM_METHOD("settings.mode", SHAPE_LIST, "List the modes a CRM can work in.",
                "crm-enum-settings-mode", enum_settings_mode, .gives = items),
    ENUM_METHOD("getorderownertypes", SHAPE_LIST, "List the objects an order can belong to.",
                "crm-enum-get-order-owner-types", enum_getorderownertypes, .gives = order_owners),
    ENUM_METHOD("activitytype", SHAPE_LIST, "List the types of activities.",
                "outdated/crm-enum-activity-type", enum_activitytype, .gives = items),
    ENUM_METHOD("activitypriority", SHAPE_LIST, "List the priorities of activities.",
                "outdated/crm-enum-activity-priority", enum_activitypriority, .gives = items),
    ENUM_METHOD("activitydirection", SHAPE_LIST, "List the directions of calls and e-mails.",
                "outdated/crm-enum-activity-direction", enum_activitydirection, .gives = items),
    ENUM_METHOD("activitynotifytype", SHAPE_LIST, "List the units of a reminder.",
                "outdated/crm-enum-activity-notify-type", enum_activitynotifytype, .gives = items),
    ENUM_METHOD("activitystatus", SHAPE_LIST, "List the states of activities.",
                "outdated/crm-enum-activity-status", enum_activitystatus, .gives = items),
    ENUM_METHOD("contenttype", SHAPE_LIST, "List the formats of a description.",
                "outdated/crm-enum-content-type", enum_contenttype, .gives = items),
};
MODULE(crm_enum, METHODS(methods));
