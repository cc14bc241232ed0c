#include "model/user_field_list.h"

#include <sodium.h>
#include <string.h>

#include "base/limits.h"

/* The list as it will be. */
struct items {
    struct entry {
        int64_t id; /* 0: new */
        bool removed, changed;
        const char *value, *xml_id;
        bool def;
        int64_t sort;
    } * entries;
    size_t count;
};

static const char *text_of(struct request *req, const struct value *item, const char *key)
{
    size_t len = 0;
    const char *text = value_to_text(req->arena, value_get(item, key), &len);
    return text && len ? text : NULL;
}

/* Of an item without one: a text that no other has. */
static const char *made_xml_id(struct request *req, int64_t field_id, const struct entry *entry,
                               size_t place)
{
    unsigned char digest[16];
    char hex[2 * sizeof digest + 1];
    const char *text = arena_printf(req->arena, "%lld %zu %lld %s", (long long)field_id, place,
                                    (long long)req->now, entry->value);
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text, strlen(text), NULL, 0);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return arena_strdup(req->arena, hex);
}

static void take_item(struct request *req, int64_t field_id, struct entry *entry,
                      const struct value *given, size_t place)
{
    const char *value = text_of(req, given, "VALUE"), *xml_id = text_of(req, given, "XML_ID");
    bool flag;
    int64_t sort;
    entry->changed = true;
    entry->value = value ? value : entry->value;
    entry->xml_id = xml_id ? xml_id : entry->xml_id;
    if (!entry->xml_id)
        entry->xml_id = made_xml_id(req, field_id, entry, place);
    if (value_to_flag(value_get(given, "DEF"), &flag))
        entry->def = flag;
    if (value_to_int(value_get(given, "SORT"), &sort) && sort >= 0)
        entry->sort = sort;
    if (value_to_flag(value_get(given, "DEL"), &flag) && flag)
        entry->removed = true;
}

static struct entry *find(struct items *items, int64_t id)
{
    for (size_t i = 0; i < items->count; i++) {
        if (items->entries[i].id == id)
            return &items->entries[i];
    }
    return NULL;
}

/* Of a single field one item is the default: the first that this call names. */
static void keep_one_default(struct items *items)
{
    struct entry *kept = NULL;
    for (size_t i = 0; i < items->count; i++) {
        struct entry *entry = &items->entries[i];
        if (entry->def && !entry->removed && (!kept || (entry->changed && !kept->changed)))
            kept = entry;
    }
    for (size_t i = 0; i < items->count; i++) {
        struct entry *entry = &items->entries[i];
        entry->changed = entry->changed || (entry->def && entry != kept);
        entry->def = entry == kept;
    }
}

static enum api_rc xml_ids_differ(struct request *req, const struct items *items, bool adds)
{
    for (size_t i = 0; i < items->count; i++) {
        for (size_t k = i + 1; k < items->count; k++) {
            const struct entry *a = &items->entries[i], *b = &items->entries[k];
            if (!a->removed && !b->removed && !strcmp(a->xml_id, b->xml_id))
                return api_fail(req, API_ERR_CORE,
                                adds ? "List item with value XML_ID=%s already exists."
                                     : "List item with XML_ID='%s' already exists",
                                b->xml_id);
        }
    }
    return API_OK;
}

static enum api_rc take(struct request *req, int64_t field_id, struct items *items,
                        const struct value *list, bool adds)
{
    for (size_t i = 0; i < list->array.count; i++) {
        const struct value *given = list->array.items[i].value;
        struct entry *entry = NULL;
        int64_t id;
        if (!adds && value_to_int(value_get(given, "ID"), &id) && id > 0) {
            entry = find(items, id);
            if (!entry)
                return api_fail(req, API_ERR_CORE, "The list has no item with ID=%lld.",
                                (long long)id);
        } else if (text_of(req, given, "VALUE")) {
            entry = &items->entries[items->count++];
            *entry = (struct entry){0};
        }
        if (!entry)
            continue;
        take_item(req, field_id, entry, given, i);
        if (strlen(entry->value) > LIMIT_LINE_BYTES || strlen(entry->xml_id) > LIMIT_CODE_BYTES)
            return api_fail(req, API_ERR_CORE, "An item of the list is too long.");
    }
    return API_OK;
}

static enum api_rc write(struct request *req, int64_t field_id, const struct entry *entry)
{
    struct db_stmt *stmt = db_prepare(
        req->db, entry->removed ? "DELETE FROM user_field_enum WHERE id = $1"
                 : entry->id
                     ? "UPDATE user_field_enum SET value = $2, def = $3, sort = $4, xml_id = $5 "
                       "WHERE id = $1"
                     : "INSERT INTO user_field_enum (field_id, value, def, sort, xml_id) VALUES "
                       "($1, $2, $3, $4, $5)");
    db_bind_int(stmt, 1, entry->id ? entry->id : field_id);
    if (!entry->removed) {
        db_bind_textz(stmt, 2, entry->value);
        db_bind_textz(stmt, 3, entry->def ? "Y" : "N");
        db_bind_int(stmt, 4, entry->sort);
        db_bind_textz(stmt, 5, entry->xml_id);
    }
    return api_db(req, db_run(stmt));
}

static enum api_rc store(struct request *req, int64_t field_id, struct items *items,
                         const struct value *list, bool multiple, bool adds)
{
    enum api_rc rc = take(req, field_id, items, list, adds);
    if (rc == API_OK)
        rc = xml_ids_differ(req, items, adds);
    if (!multiple)
        keep_one_default(items);
    for (size_t i = 0; i < items->count && rc == API_OK; i++) {
        const struct entry *entry = &items->entries[i];
        if (entry->changed && (entry->id || !entry->removed))
            rc = write(req, field_id, entry);
    }
    return rc;
}

enum api_rc user_field_list_add(struct request *req, int64_t field_id, bool multiple,
                                const struct value *list, bool *changed)
{
    struct items items = {0};
    if (!value_is_array(list) || !list->array.count)
        return API_OK;
    *changed = true;
    items.entries = arena_alloc(req->arena, list->array.count * sizeof *items.entries);
    return store(req, field_id, &items, list, multiple, true);
}

enum api_rc user_field_list_update(struct request *req, const struct user_field *field,
                                   const struct value *list, bool *changed)
{
    struct items items = {.count = field->item_count};
    if (!value_is_array(list) || !list->array.count)
        return API_OK;
    *changed = true;
    items.entries =
        arena_alloc(req->arena, (field->item_count + list->array.count) * sizeof *items.entries);
    for (size_t i = 0; i < field->item_count; i++) {
        const struct user_field_item *item = &field->items[i];
        items.entries[i] = (struct entry){.id = item->id,
                                          .value = item->value,
                                          .xml_id = item->xml_id,
                                          .def = item->def,
                                          .sort = item->sort};
    }
    return store(req, field->id, &items, list, field->multiple, false);
}
