#include "model/user_field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/catalog.h"
#include "model/catalog_part.h"
#include "model/row.h"

const char *const user_label_names[USER_LABEL_COUNT] = {
    "EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL", "ERROR_MESSAGE", "HELP_MESSAGE"};

const char *const user_languages[] = {"ar", "br", "de", "en", "fr", "hi", "id", "in",
                                      "it", "ja", "kz", "la", "ms", "pl", "ru", "sc",
                                      "tc", "th", "tr", "ua", "vn", NULL};

const char *const user_field_events[] = {"USERFIELDADD", "USERFIELDUPDATE", "USERFIELDDELETE",
                                         "USERFIELDSETENUMVALUES", NULL};

static const char *copy(struct arena *arena, struct db_stmt *stmt, int column)
{
    size_t len;
    const char *text = db_text(stmt, column, &len);
    return db_is_null(stmt, column) ? NULL : arena_strndup(arena, text, len);
}

static bool flag(struct db_stmt *stmt, int column)
{
    return *db_text(stmt, column, NULL) == 'Y';
}

/* {"EDIT_FORM_LABEL": {"": "of all languages", "de": "of one"}} */
static const char *label_of(const struct value *labels, size_t kind, const char *language)
{
    const struct value *texts = value_get(labels, user_label_names[kind]);
    const struct value *text = value_get(texts, language);
    text = text ? text : value_get(texts, "");
    return text && text->type == VALUE_STRING ? text->string.text : "";
}

static void read_field(struct db_stmt *stmt, struct arena *arena, struct user_field *field)
{
    size_t len;
    *field = (struct user_field){.id = db_int(stmt, 0),
                                 .entity_id = copy(arena, stmt, 1),
                                 .name = copy(arena, stmt, 2),
                                 .type_id = copy(arena, stmt, 3),
                                 .xml_id = copy(arena, stmt, 4),
                                 .sort = db_int(stmt, 5),
                                 .multiple = flag(stmt, 6),
                                 .mandatory = flag(stmt, 7),
                                 .show_filter = *db_text(stmt, 8, NULL),
                                 .show_in_list = flag(stmt, 9),
                                 .edit_in_list = flag(stmt, 10),
                                 .is_searchable = flag(stmt, 11),
                                 .indexed = db_int(stmt, 14) != 0,
                                 .labels = copy(arena, stmt, 13)};
    const char *settings = db_text(stmt, 12, &len);
    field->type = user_type_find(field->type_id);
    field->settings = json_parse_own(arena, settings, len);
    const struct value *labels = json_parse_own(arena, field->labels, strlen(field->labels));
    for (size_t i = 0; i < USER_LABEL_COUNT; i++)
        field->label[i] = label_of(labels, i, USER_LANGUAGE);
}

static enum db_rc read_fields(struct db *db, struct arena *arena, struct user_fields *list)
{
    struct db_stmt *stmt = db_prepare(
        db,
        "SELECT id, entity_id, field_name, user_type_id, xml_id, sort, multiple, mandatory, "
        "show_filter, show_in_list, edit_in_list, is_searchable, settings, labels, indexed FROM "
        "user_field WHERE removed IS NULL ORDER BY entity_id, sort, id");
    size_t cap = 0;
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (list->count == cap) {
            size_t grown = cap ? cap * 2 : 16;
            struct user_field *fields = arena_alloc(arena, grown * sizeof *fields);
            if (cap)
                memcpy(fields, list->fields, cap * sizeof *fields);
            list->fields = fields;
            cap = grown;
        }
        read_field(stmt, arena, &list->fields[list->count]);
        /* Written by a newer program: its values stay where they are. */
        list->count += list->fields[list->count].type != NULL;
    }
    db_finish(stmt);
    return rc;
}

/* The items come in the order of the fields' ids. */
struct items {
    struct user_field_item *items;
    int64_t *owners;
    size_t count, cap;
};

static void add_item(struct db_stmt *stmt, struct arena *arena, struct items *all)
{
    if (all->count == all->cap) {
        size_t grown = all->cap ? all->cap * 2 : 32;
        struct user_field_item *items = arena_alloc(arena, grown * sizeof *items);
        int64_t *owners = arena_alloc(arena, grown * sizeof *owners);
        if (all->cap) {
            memcpy(items, all->items, all->cap * sizeof *items);
            memcpy(owners, all->owners, all->cap * sizeof *owners);
        }
        all->items = items;
        all->owners = owners;
        all->cap = grown;
    }
    all->owners[all->count] = db_int(stmt, 0);
    all->items[all->count++] = (struct user_field_item){.id = db_int(stmt, 1),
                                                        .value = copy(arena, stmt, 2),
                                                        .def = flag(stmt, 3),
                                                        .sort = db_int(stmt, 4),
                                                        .xml_id = copy(arena, stmt, 5)};
}

/* Where a field's items begin: `owners` ascends. */
static size_t first_of(const struct items *all, int64_t field_id)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->owners[middle] < field_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum db_rc read_items(struct db *db, struct arena *arena, struct user_fields *list)
{
    struct db_stmt *stmt = db_prepare(db, "SELECT field_id, id, value, def, sort, xml_id FROM "
                                          "user_field_enum ORDER BY field_id, sort, id");
    struct items all = {0};
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW)
        add_item(stmt, arena, &all);
    db_finish(stmt);
    for (size_t i = 0; i < list->count && rc == DB_NONE; i++) {
        struct user_field *field = &list->fields[i];
        size_t from = first_of(&all, field->id), to = from;
        while (to < all.count && all.owners[to] == field->id)
            to++;
        field->items = to > from ? &all.items[from] : NULL;
        field->item_count = to - from;
    }
    return rc;
}

static int compare_ids(const void *a, const void *b)
{
    const struct user_field *const *one = a, *const *other = b;
    return ((*one)->id > (*other)->id) - ((*one)->id < (*other)->id);
}

static void index_ids(struct arena *arena, struct user_fields *list)
{
    list->by_id = arena_alloc(arena, (list->count + 1) * sizeof *list->by_id);
    for (size_t i = 0; i < list->count; i++)
        list->by_id[i] = &list->fields[i];
    qsort(list->by_id, list->count, sizeof *list->by_id, compare_ids);
}

enum db_rc user_field_load(struct db *db, struct arena *arena, struct user_fields *list)
{
    *list = (struct user_fields){0};
    enum db_rc rc = read_fields(db, arena, list);
    if (rc == DB_NONE && list->count)
        rc = read_items(db, arena, list);
    index_ids(arena, list);
    return rc == DB_NONE ? DB_OK : rc;
}

const struct user_field *user_fields_of(const struct user_fields *list, const char *entity_id,
                                        size_t *count)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(list->fields[middle].entity_id, entity_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < list->count && !strcmp(list->fields[high].entity_id, entity_id);)
        high++;
    *count = high - low;
    return *count ? &list->fields[low] : NULL;
}

const struct user_field_item *user_field_item(const struct user_field *field, int64_t id)
{
    for (size_t i = 0; i < field->item_count; i++) {
        if (field->items[i].id == id)
            return &field->items[i];
    }
    return NULL;
}

void user_field_make(const struct user_field *custom, struct field *field)
{
    *field = (struct field){.name = custom->name,
                            .type = custom->type_id,
                            .title = custom->name,
                            .kind = custom->type->kind,
                            .custom = custom};
    if (custom->multiple)
        field->flags |= FIELD_MULTIPLE;
    if (custom->mandatory)
        field->flags |= FIELD_REQUIRED;
}

bool user_field_take(struct request *req, const struct field *field, const struct value *value,
                     struct cell **cells, size_t *count)
{
    const struct user_type *type = field->custom->type;
    bool list =
        field->custom->multiple && value_is_array(value) && !(type->is_one && type->is_one(value));
    size_t given = list ? value->array.count : 1;
    req->store = DB_OK; /* what it says afterwards is of these values: row_refuse */
    *cells = arena_zalloc(req->arena, (given + 1) * sizeof **cells);
    *count = 0;
    for (size_t i = 0; i < given; i++) {
        struct cell *cell = &(*cells)[*count];
        if (!cell_from_value(req, field, list ? value->array.items[i].value : value, cell))
            return false;
        *count += !cell->null; /* nothing is no value */
    }
    (*cells)[*count] = (struct cell){.null = true, .given = true};
    return true;
}

const struct value *user_field_fallback(struct request *req, const struct field *field)
{
    const struct user_field *custom = field->custom;
    const struct value *value = custom->type->fallback
                                    ? custom->type->fallback(req, field)
                                    : value_get(custom->settings, "DEFAULT_VALUE");
    return value_is_empty(value) ? NULL : value;
}

const char *user_label(struct arena *arena, const struct user_field *field,
                       enum user_label_kind kind, const char *language)
{
    return label_of(json_parse_own(arena, field->labels, strlen(field->labels)), kind, language);
}

/* ---- a portal's ---- */

static enum db_rc load_part(struct catalog *made, struct arena *arena, struct db *db,
                            const void **kept)
{
    struct user_fields *list = arena_zalloc(arena, sizeof *list);
    (void)made;
    *kept = list;
    return user_field_load(db, arena, list);
}

CATALOG_PART(part) = {.load = load_part};

const struct user_fields *user_fields(const struct request *req)
{
    static const struct user_fields none;
    const struct user_fields *list = catalog_find(req, &part);
    return list ? list : &none;
}

const struct user_field *user_field_find(const struct request *req, int64_t id)
{
    const struct user_fields *list = user_fields(req);
    const struct user_field wanted = {.id = id}, *key = &wanted;
    struct user_field **found =
        list->count ? bsearch(&key, list->by_id, list->count, sizeof *list->by_id, compare_ids)
                    : NULL;
    return found ? *found : NULL;
}

/* "CRM_7", a smart process, has UF_CRM_7_X and tells ONCRMTYPEUSERFIELDADD, as "CRM_SMART_INVOICE" does;
 * "CRM_DEAL" has UF_CRM_X. */
struct user_field_owner user_field_owner(struct arena *arena, const char *entity_id)
{
    struct user_field_owner owner = {.entity_id = entity_id, .prefix = "UF_CRM_"};
    const char *code = entity_id + strlen("CRM_");
    if (!strcmp(entity_id, "USER"))
        owner.prefix = "UF_USR_";
    if (strncmp(entity_id, "CRM_", strlen("CRM_")) != 0)
        return owner;
    bool typed = !code[strspn(code, "0123456789")] || !strncmp(code, "SMART_", 6);
    owner.event = typed ? "TYPE" : code;
    if (typed)
        owner.prefix = arena_printf(arena, "UF_%s_", entity_id);
    return owner;
}

/* ---- fields ---- */

static void write_items(struct writer *out, const struct user_field *field)
{
    writer_keyz(out, "items");
    writer_begin_list(out);
    for (size_t i = 0; i < field->item_count; i++) {
        char id[24];
        snprintf(id, sizeof id, "%lld", (long long)field->items[i].id);
        writer_begin_object(out);
        writer_text(out, "ID", id);
        writer_text(out, "VALUE", field->items[i].value);
        writer_end_object(out);
    }
    writer_end_list(out);
}

void user_field_describe(struct writer *out, const struct user_field *field, const char *title)
{
    if (field->type->listed)
        write_items(out, field);
    writer_text(out, "title", title);
    writer_text(out, "listLabel", field->label[USER_LABEL_COLUMN]);
    writer_text(out, "formLabel", field->label[USER_LABEL_FORM]);
    writer_text(out, "filterLabel", field->label[USER_LABEL_FILTER]);
    writer_keyz(out, "settings");
    writer_value(out, field->settings);
}
