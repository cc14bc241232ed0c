#include "crm/multifield_item.h"

#include <string.h>

#include "model/dialect.h"

/* ---- writing ---- */

static enum api_rc refuse(struct change *change)
{
    return change->req->dialect->invalid(change->req,
                                         entity_field(change->entity, item_multifields.name));
}

static void copy(struct arena *arena, struct value *to, const char *key, const struct value *from,
                 const char *name)
{
    struct value *value = value_get(from, name);
    if (value)
        value_set(arena, to, key, strlen(key), value);
}

/* One value of the list into the form of a field of its type. */
static enum api_rc take_one(struct change *change, const struct value_item *item, bool is_new,
                            struct value *given)
{
    struct arena *arena = change->req->arena;
    size_t len = 0;
    int64_t id;
    const struct value *type_value = value_get(item->value, "typeId");
    const char *type = type_value ? value_to_text(arena, type_value, &len) : NULL;
    const struct field *field = type ? entity_field(change->entity, type) : NULL;
    if (!field || strcmp(field->type, "crm_multifield") != 0 || field->flags & FIELD_ITEM_ONLY)
        return refuse(change);
    struct value *entry = value_array(arena), *list = value_get(given, field->name);
    copy(arena, entry, "VALUE", item->value, "value");
    copy(arena, entry, "VALUE_TYPE", item->value, "valueType");
    copy(arena, entry, "ID", item->value, "id");
    if (!is_new && text_to_int(item->key, strlen(item->key), &id) && id > 0)
        value_set(arena, entry, "ID", 2, value_int(arena, id));
    if (!list) {
        list = value_array(arena);
        value_set(arena, given, field->name, strlen(field->name), list);
    }
    value_push(arena, list, entry);
    return API_OK;
}

enum api_rc multifield_item_given(struct change *change, const struct value **given)
{
    const struct value *list = value_get(change->given, item_multifields.name);
    struct value *own = value_array(change->req->arena);
    enum api_rc rc = API_OK;
    bool is_new = value_is_array(list) && value_is_list(list);
    *given = own;
    for (size_t i = 0; value_is_array(list) && i < list->array.count && rc == API_OK; i++)
        rc = take_one(change, &list->array.items[i], is_new, own);
    return rc;
}

/* ---- reading ---- */

enum { ID, TYPE, KIND, VALUE, COLUMNS };

static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    (void)field;
    struct relation_page *page;
    const char *select = arena_printf(
        req->arena,
        "SELECT element_id, id, type_id, value_type, value FROM multifield WHERE entity_id = '%s' "
        "AND element_id IN (",
        entity->code);
    enum api_rc rc = relation_page_load(req, select, "element_id, id", COLUMNS, ids, count, &page);
    *loaded = page;
    return rc;
}

static void write_all(struct writer *out, const struct relation_row *row)
{
    writer_begin_list(out);
    for (; row; row = row->next) {
        writer_begin_object(out);
        writer_number(out, "id", relation_int(row, ID));
        writer_text(out, "valueType", row->text[KIND]);
        writer_text(out, "value", row->text[VALUE]);
        writer_text(out, "typeId", row->text[TYPE]);
        writer_end_object(out);
    }
    writer_end_list(out);
}

/* Of a kind, or of any (NULL); "" when there is none. */
static const char *first(const struct relation_row *row, const char *type, const char *kind)
{
    for (; row; row = row->next) {
        if (!strcmp(row->text[TYPE], type) && (!kind || !strcmp(row->text[KIND], kind)))
            return row->text[VALUE];
    }
    return "";
}

static void write(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id)
{
    static const struct {
        const char *name, *type, *kind;
    } names[] = {{"phoneMobile", "PHONE", "MOBILE"},
                 {"phoneWork", "PHONE", "WORK"},
                 {"phoneMailing", "PHONE", "MAILING"},
                 {"emailHome", "EMAIL", "HOME"},
                 {"emailWork", "EMAIL", "WORK"},
                 {"emailMailing", "EMAIL", "MAILING"},
                 {"imol", "IM", "IMOL"},
                 {"email", "EMAIL", NULL},
                 {"phone", "PHONE", NULL}};
    const struct relation_row *row = relation_page_first(loaded, id);
    (void)field;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        writer_text(req->out, names[i].name, first(row, names[i].type, names[i].kind));
    writer_keyz(req->out, key);
    write_all(req->out, row);
}

static const char item_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\""
    "integer\"},\"valueType\":{\"type\":\"string\"},\"value\":{\"type\":\"string\"},\"typeI"
    "d\":{\"type\":\"string\"}},\"required\":[\"id\",\"valueType\",\"value\",\"typeId\"],\""
    "additionalProperties\":false}}";

static const struct relation_kind kind = {.schema = item_schema, .load = load, .write = write};

const struct relation item_multifields = {.kind = &kind, .name = "FM"};
