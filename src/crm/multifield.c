#include "crm/multifield.h"

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/limits.h"
#include "base/mail_address.h"
#include "base/phone.h"
#include "base/utf8.h"
#include "model/query.h"
#include "crm/multifield_item.h"
#include "model/dialect.h"
#include "model/unknown.h"

#define VALUE_CHARS 250 /* of VALUE: it is in an index */
#define KIND_CHARS 50   /* of VALUE_TYPE */
#define INSERT_ROWS 50  /* values in one INSERT */

static const struct type {
    const char *id;
    const char *kind; /* VALUE_TYPE when none is given */
} types[] = {
    {"PHONE", "WORK"}, {"EMAIL", "WORK"}, {"WEB", "WORK"}, {"IM", "OTHER"}, {"LINK", "OTHER"}};

#define TYPE_COUNT (sizeof types / sizeof types[0])
enum { TYPE_PHONE, TYPE_EMAIL, TYPE_IM = 3 };

/* One value as the caller gave it. */
struct entry {
    int64_t id; /* 0: a new one */
    bool remove;
    const char *kind; /* NULL: not given */
    size_t kind_len;
    const char *value;
    size_t len;
};

/* ---- reading what the caller gave ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(struct entry *entry)
{
    while (entry->len && is_space(*entry->value)) {
        entry->value++;
        entry->len--;
    }
    while (entry->len && is_space(entry->value[entry->len - 1]))
        entry->len--;
}

static bool take_text(struct arena *arena, const struct value *item, struct entry *entry)
{
    entry->value = value_to_text(arena, item, &entry->len);
    if (!entry->value)
        return false;
    trim(entry);
    return utf8_length(entry->value, entry->len) <= VALUE_CHARS;
}

/* {ID, VALUE, VALUE_TYPE, DELETE} or a bare text. False when it is neither. */
static bool take_entry(struct arena *arena, const struct value *item, struct entry *entry)
{
    *entry = (struct entry){.value = ""};
    if (!value_is_array(item))
        return !item || take_text(arena, item, entry);
    const struct value *value = value_get(item, "VALUE");
    const struct value *kind = value_get(item, "VALUE_TYPE");
    const struct value *id = value_get(item, "ID");
    if (value && !take_text(arena, value, entry))
        return false;
    if (!value_is_empty(id) && (!value_to_int(id, &entry->id) || entry->id < 0))
        return false;
    if (!value_is_empty(kind)) {
        entry->kind = value_to_text(arena, kind, &entry->kind_len);
        if (!entry->kind || utf8_length(entry->kind, entry->kind_len) > KIND_CHARS)
            return false;
    }
    value_to_flag(value_get(item, "DELETE"), &entry->remove);
    entry->remove = entry->remove || !entry->len;
    return true;
}

/* The list of a field; one object stands for a list of one. */
struct list {
    const struct value *one;
    const struct value_array *many;
    size_t count;
};

static struct list list_of(const struct value *given, const struct type *type)
{
    const struct value *value = value_get(given, type->id);
    if (value_is_empty(value) || !value_is_array(value)) /* a bare text: see left_out */
        return (struct list){0};
    if (value_is_array(value) && !value_get(value, "VALUE") && !value_get(value, "ID"))
        return (struct list){.many = &value->array, .count = value->array.count};
    return (struct list){.one = value, .count = 1};
}

static const struct value *list_at(const struct list *list, size_t i)
{
    return list->one ? list->one : list->many->items[i].value;
}

/* ---- check ---- */

static enum api_rc bad_email(struct change *change, const struct relation *relation,
                             const struct entry *entry)
{
    static const struct {
        const char *kind, *caption;
    } captions[] = {
        {"HOME", "Home e-mail"}, {"MAILING", "Mailing e-mail"}, {"OTHER", "Other e-mail"}};
    const char *caption = "Work e-mail";
    if (relation == &multifields_of_organization)
        return api_fail(change->req, API_ERR_CORE,
                        "The \"E-mail\" field contains an invalid address");
    for (size_t i = 0; entry->kind && i < sizeof captions / sizeof captions[0]; i++) {
        if (!strcmp(entry->kind, captions[i].kind))
            caption = captions[i].caption;
    }
    return api_fail(change->req, API_ERR_CORE, "The field \"%s\" contains an invalid address",
                    caption);
}

/* A value of this type that makes the owner HAS_ something. */
static bool counts(size_t type, const struct entry *entry)
{
    return !entry->remove && entry->len &&
           (type != TYPE_IM || (entry->len > 5 && !memcmp(entry->value, "imol|", 5)));
}

/* A text where a list belongs is left out, as the original does. */
static enum api_rc left_out(struct change *change, const struct value *given,
                            const struct type *type)
{
    const struct value *value = value_get(given, type->id);
    if (value_is_empty(value) || value_is_array(value))
        return API_OK;
    return unknown_value(change->req, IN_FIELDS, type->id, "it is a list of {VALUE, VALUE_TYPE}");
}

/* What the caller gave, by type. */
struct given {
    bool any;
    struct entries {
        struct entry *entry;
        size_t count;
    } of[TYPE_COUNT];
};

static enum api_rc bad_entry(struct change *change, const struct type *type)
{
    if (dialect_is_item(change->req))
        return change->req->dialect->invalid(change->req, entity_field(change->entity, type->id));
    return api_fail(change->req, API_ERR_METHOD, "The field %s is not defined or invalid",
                    type->id);
}

static enum api_rc parse_type(struct change *change, const struct relation *relation,
                              const struct value *given, size_t t, struct entries *entries)
{
    static const char *const known[] = {"ID", "VALUE", "VALUE_TYPE", "TYPE_ID", "DELETE", NULL};
    struct request *req = change->req;
    const struct list list = list_of(given, &types[t]);
    enum api_rc rc = left_out(change, given, &types[t]);
    entries->entry = list.count && rc == API_OK
                         ? arena_alloc(req->arena, list.count * sizeof *entries->entry)
                         : NULL;
    for (; entries->count < list.count && rc == API_OK; entries->count++) {
        const struct value *item = list_at(&list, entries->count);
        struct entry *entry = &entries->entry[entries->count];
        rc = unknown_keys(req, IN_FIELDS, item, known);
        if (rc == API_OK && !take_entry(req->arena, item, entry))
            rc = bad_entry(change, &types[t]);
        if (rc == API_OK && t == TYPE_EMAIL && !entry->remove && entry->len &&
            !mail_address_fits(entry->value, entry->len))
            rc = bad_email(change, relation, entry);
    }
    return rc;
}

static enum api_rc parse(struct change *change, const struct relation *relation, void **slot)
{
    struct given *given = arena_zalloc(change->req->arena, sizeof *given);
    const struct value *values = change->given;
    enum api_rc rc = dialect_is_item(change->req) ? multifield_item_given(change, &values) : API_OK;
    for (size_t t = 0; t < TYPE_COUNT && rc == API_OK; t++) {
        rc = parse_type(change, relation, values, t, &given->of[t]);
        given->any = given->any || given->of[t].count;
    }
    *slot = given;
    return rc;
}

/* A new row has what it is given; of one that is there `store` finds out. */
static enum api_rc check(struct change *change, const struct relation *relation, void **slot)
{
    static const char *const flags[TYPE_COUNT] = {
        [TYPE_PHONE] = "HAS_PHONE", [TYPE_EMAIL] = "HAS_EMAIL", [TYPE_IM] = "HAS_IMOL"};
    const struct given *given = *slot;
    (void)relation;
    for (size_t t = 0; t < TYPE_COUNT && change->is_add && given->any; t++) {
        bool has = false;
        for (size_t i = 0; i < given->of[t].count; i++)
            has = has || counts(t, &given->of[t].entry[i]);
        if (has && flags[t])
            cell_set_text(change_cell(change, flags[t]), "Y");
    }
    return API_OK;
}

/* ---- store ---- */

/* What is stored to find the value by. */
const char *multifield_key(struct arena *arena, const char *type, const char *value, size_t len,
                           size_t *key_len)
{
    return !strcmp(type, types[TYPE_PHONE].id) ? phone_key(arena, value, len, key_len)
                                               : fold_key(arena, value, len, key_len);
}

/* New values of one type, collected for one INSERT. */
struct fresh {
    struct entry entry[INSERT_ROWS];
    size_t count;
};

static enum api_rc insert_fresh(struct change *change, const struct type *type, struct fresh *fresh)
{
    struct request *req = change->req;
    struct buf sql = {0};
    if (!fresh->count)
        return API_OK;
    buf_adds(&sql, "INSERT INTO multifield (entity_id, element_id, type_id, value_type, value, "
                   "value_key) VALUES ");
    for (size_t i = 0; i < fresh->count; i++)
        buf_printf(&sql, "%s($1, $2, $3, $%zu, $%zu, $%zu)", i ? "," : "", 3 * i + 4, 3 * i + 5,
                   3 * i + 6);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_textz(stmt, 1, change->entity->code);
    db_bind_int(stmt, 2, change->id);
    db_bind_textz(stmt, 3, type->id);
    for (size_t i = 0; i < fresh->count; i++) {
        const struct entry *entry = &fresh->entry[i];
        const char *kind = entry->kind ? entry->kind : type->kind;
        size_t key_len;
        const char *key = multifield_key(req->arena, type->id, entry->value, entry->len, &key_len);
        db_bind_text(stmt, (int)(3 * i + 4), kind, entry->kind ? entry->kind_len : strlen(kind));
        db_bind_text(stmt, (int)(3 * i + 5), entry->value, entry->len);
        db_bind_text(stmt, (int)(3 * i + 6), key, key_len);
    }
    fresh->count = 0;
    return api_db(req, db_run(stmt));
}

/* Values of other owners are out of reach: an id that is not this owner's changes nothing. */
static enum api_rc change_one(struct change *change, const struct type *type,
                              const struct entry *entry)
{
    struct db *db = change->req->db;
    struct db_stmt *stmt;
    if (entry->remove)
        stmt = db_prepare(db, "DELETE FROM multifield WHERE id = $1 AND entity_id = $2 AND "
                              "element_id = $3 AND type_id = $4");
    else if (entry->kind)
        stmt = db_prepare(
            db,
            "UPDATE multifield SET value = $5, value_key = $6, value_type = $7 WHERE id = $1 AND "
            "entity_id = $2 AND element_id = $3 AND type_id = $4");
    else
        stmt = db_prepare(
            db, "UPDATE multifield SET value = $5, value_key = $6 WHERE id = $1 AND entity_id = $2 "
                "AND element_id = $3 AND type_id = $4");
    db_bind_int(stmt, 1, entry->id);
    db_bind_textz(stmt, 2, change->entity->code);
    db_bind_int(stmt, 3, change->id);
    db_bind_textz(stmt, 4, type->id);
    if (!entry->remove) {
        size_t len;
        const char *key =
            multifield_key(change->req->arena, type->id, entry->value, entry->len, &len);
        db_bind_text(stmt, 5, entry->value, entry->len);
        db_bind_text(stmt, 6, key, len);
        if (entry->kind)
            db_bind_text(stmt, 7, entry->kind, entry->kind_len);
    }
    return api_db(change->req, db_run(stmt));
}

static enum api_rc store_type(struct change *change, const struct type *type,
                              const struct entries *entries)
{
    struct fresh fresh = {.count = 0};
    enum api_rc rc = API_OK;
    for (size_t i = 0; i < entries->count && rc == API_OK; i++) {
        const struct entry *entry = &entries->entry[i];
        if (entry->id && !change->is_add) {
            rc = change_one(change, type, entry);
        } else if (entry->len && !entry->remove) {
            fresh.entry[fresh.count++] = *entry;
            if (fresh.count == INSERT_ROWS)
                rc = insert_fresh(change, type, &fresh);
        }
    }
    return rc == API_OK ? insert_fresh(change, type, &fresh) : rc;
}

static enum api_rc keep_flags(struct request *req, const struct entity *entity, int64_t id)
{
    static const char has[] = "CASE WHEN EXISTS (SELECT 1 FROM multifield m WHERE m.entity_id = $1 "
                              "AND m.element_id = $2 AND m.type_id = ";
    struct buf sql = {0};
    buf_printf(&sql,
               "UPDATE %s SET has_phone = %s'PHONE') THEN 'Y' ELSE 'N' END, has_email = %s'EMAIL') "
               "THEN 'Y' ELSE 'N' END, has_imol = %s'IM' AND m.value LIKE 'imol|%%') THEN 'Y' ELSE "
               "'N' END WHERE id = $2",
               entity->table, has, has, has);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_textz(stmt, 1, entity->code);
    db_bind_int(stmt, 2, id);
    return api_db(req, db_run(stmt));
}

static enum api_rc store(struct change *change, const struct relation *relation, void *slot)
{
    const struct given *given = slot;
    enum api_rc rc = API_OK;
    (void)relation;
    for (size_t t = 0; t < TYPE_COUNT && given->any && rc == API_OK; t++)
        rc = store_type(change, &types[t], &given->of[t]);
    return rc == API_OK && given->any && !change->is_add
               ? keep_flags(change->req, change->entity, change->id)
               : rc;
}

static enum api_rc remove_all(struct request *req, const struct entity *entity,
                              const struct relation *relation, int64_t id)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM multifield WHERE entity_id = $1 AND element_id = $2");
    (void)relation;
    db_bind_textz(stmt, 1, entity->code);
    db_bind_int(stmt, 2, id);
    return api_db(req, db_run(stmt));
}

/* Values that stand there already, as a phone in another way of writing, are left behind. */
static enum api_rc move(struct request *req, const struct entity *entity,
                        const struct relation *relation, int64_t from, int64_t into)
{
    struct buf sql = {0};
    (void)relation;
    buf_printf(&sql,
               "UPDATE multifield SET element_id = $2 WHERE entity_id = '%s' AND element_id = $1 "
               "AND NOT EXISTS (SELECT 1 FROM multifield m WHERE m.entity_id = '%s' AND "
               "m.element_id = $2 AND m.type_id = multifield.type_id AND m.value_key = "
               "multifield.value_key)",
               entity->code, entity->code);
    enum api_rc rc = relation_run(req, &sql, from, into);
    return rc == API_OK ? keep_flags(req, entity, into) : rc;
}

/* ---- reading ---- */

struct row {
    int64_t id, element;
    const char *kind, *value;
    size_t kind_len, len;
};

struct rows {
    struct row *row;
    size_t count, cap;
};

static struct row *rows_add(struct arena *arena, struct rows *rows)
{
    if (rows->count == rows->cap) {
        size_t cap = rows->cap ? rows->cap * 2 : 8;
        struct row *more = arena_alloc(arena, cap * sizeof *more);
        if (rows->count)
            memcpy(more, rows->row, rows->count * sizeof *more);
        rows->row = more;
        rows->cap = cap;
    }
    return &rows->row[rows->count++];
}

/* One owner or a page of them: two texts of SQL for the statement cache, whatever the count. */
static struct db_stmt *load_stmt(struct request *req, const struct entity *entity,
                                 const struct field *field, const int64_t *ids, size_t count)
{
    struct buf sql = {0};
    size_t slots = count == 1 ? 1 : LIMIT_PAGE;
    buf_adds(&sql, "SELECT id, element_id, value_type, value FROM multifield WHERE entity_id = $1 "
                   "AND type_id = $2 AND element_id IN (");
    db_sql_places(&sql, 3, slots);
    buf_adds(&sql, ") ORDER BY id");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_textz(stmt, 1, entity->code);
    db_bind_textz(stmt, 2, field->name);
    db_bind_places(stmt, 3, slots, ids, count);
    return stmt;
}

static enum api_rc multifield_load(struct request *req, const struct entity *entity,
                                   const struct field *field, const int64_t *ids, size_t count,
                                   void **loaded)
{
    struct rows *rows = arena_zalloc(req->arena, sizeof *rows);
    struct db_stmt *stmt = load_stmt(req, entity, field, ids, count);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        struct row *row = rows_add(req->arena, rows);
        row->id = db_int(stmt, 0);
        row->element = db_int(stmt, 1);
        row->kind = request_text(req, stmt, 2, &row->kind_len);
        row->value = request_text(req, stmt, 3, &row->len);
    }
    db_finish(stmt);
    *loaded = rows;
    return api_db(req, rc);
}

static void write_one(struct writer *out, const struct field *field, const struct row *row)
{
    writer_begin_object(out);
    writer_keyz(out, "ID");
    writer_int_string(out, row->id);
    writer_keyz(out, "VALUE_TYPE");
    writer_string(out, row->kind, row->kind_len);
    writer_keyz(out, "VALUE");
    writer_string(out, row->value, row->len);
    writer_keyz(out, "TYPE_ID");
    writer_stringz(out, field->name);
    writer_end_object(out);
}

/* Nothing at all for an owner without a value: that is how clients know it. */
static void multifield_write(struct request *req, const struct field *field, const char *key,
                             void *loaded, int64_t id)
{
    const struct rows *rows = loaded;
    bool begun = false;
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->row[i].element != id)
            continue;
        if (!begun) {
            writer_keyz(req->out, key);
            writer_begin_list(req->out);
            begun = true;
        }
        write_one(req->out, field, &rows->row[i]);
    }
    if (begun)
        writer_end_list(req->out);
}

/* By the index of the keys, and among equal keys (a phone's number, written in any way) by the text itself. */
static enum api_rc filter_equal(struct query *query, const char *type, const struct value *value)
{
    struct arena *arena = query->req->arena;
    size_t count = value_is_array(value) ? value->array.count : 1, len;
    if (count && count <= LIMIT_IN_VALUES) {
        query_and(query);
        buf_adds(&query->where, "m.value_key IN (");
        query->beside += (int)count;
        for (size_t i = 0; i < count; i++) {
            const struct value *item = value_is_array(value) ? value->array.items[i].value : value;
            const char *text = value_to_text(arena, item, &len);
            const char *key = text ? multifield_key(arena, type, text, len, &len) : "";
            buf_printf(&query->where, "%s$%d", i ? "," : "",
                       query_bind_text(query, key, text ? len : 0));
        }
        buf_addc(&query->where, ')');
    }
    return query_text(query, "m.value", OP_EQ, value);
}

static enum api_rc filter_set(struct query *query, const struct field *field, bool negated,
                              enum filter_op op, const struct value *value)
{
    const char *entity = query->entity->code;
    int entity_at_param = query_bind_text(query, entity, strlen(entity));
    int type_param = query_bind_text(query, field->name, strlen(field->name));
    buf_printf(&query->where,
               "t.id %sIN (SELECT m.element_id FROM multifield m WHERE m.entity_id = $%d AND "
               "m.type_id = $%d",
               negated ? "NOT " : "", entity_at_param, type_param);
    enum api_rc rc = API_OK;
    if (value && op == OP_EQ)
        rc = filter_equal(query, field->name, value);
    else if (value)
        rc = query_text(query, "m.value", op, value);
    buf_addc(&query->where, ')');
    return rc;
}

static enum api_rc multifield_filter(struct query *query, const struct field *field, int op,
                                     const struct value *value)
{
    return query_several(query, field, (enum filter_op)op, value, FIELD_TEXT, filter_set);
}

static const char multifield_takes[] =
    "{\"type\":\"array\",\"items\":{\"type\":[\"object\",\"string\"],\"properties\":{\"ID\":"
    "{\"type\":\"integer\",\"description\":\"Of one that is "
    "there\"},\"VALUE\":{\"type\":\"string\"},\"VALUE_TYPE\":{\"type\":"
    "\"string\",\"description\":\"WORK, HOME, MOBILE ...\"},\"DELETE\":{\"enum\":[\"Y\",\"N\"],"
    "\"description\":\"Y: the one with that ID goes\"}}}}";
static const char multifield_schema[] =
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"ID\":{\"type\":\""
    "string\"},\"VALUE_TYPE\":{\"type\":\"string\"},\"VALUE\":{\"type\":\"string\"},\"TYPE_"
    "ID\":{\"type\":\"string\"}},\"required\":[\"ID\",\"VALUE_TYPE\",\"VALUE\",\"TYPE_ID\"]"
    ",\"additionalProperties\":false}}";

static const struct relation_kind multifield_kind = {.schema = multifield_schema,
                                                     .takes = multifield_takes,
                                                     .parse = parse,
                                                     .check = check,
                                                     .store = store,
                                                     .remove = remove_all,
                                                     .move = move,
                                                     .load = multifield_load,
                                                     .write = multifield_write,
                                                     .filter = multifield_filter};

#define MULTIFIELDS                                                                                \
    {                                                                                              \
        .kind = &multifield_kind, .name = "multifields", .table = "multifield"                     \
    }
const struct relation multifields = MULTIFIELDS, multifields_of_organization = MULTIFIELDS;

bool multifield_has(const struct entity *entity)
{
    return relation_of_kind(entity, &multifield_kind) != NULL;
}

/* ---- looking a value up ---- */

static const char *known_type(const char *id)
{
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        if (!strcmp(types[t].id, id))
            return types[t].id;
    }
    return NULL;
}

enum api_rc multifield_first(struct request *req, const struct entity *entity, int64_t owner_id,
                             const char *value, const char **type_out)
{
    *type_out = NULL;
    struct db_stmt *stmt = db_prepare(req->db, "SELECT type_id, value_key FROM multifield WHERE "
                                               "entity_id = $1 AND element_id = $2 ORDER BY id");
    enum db_rc rc;
    size_t len;
    db_bind_textz(stmt, 1, entity->code);
    db_bind_int(stmt, 2, owner_id);
    while ((rc = db_step(stmt)) == DB_ROW && !*type_out) {
        const char *type = known_type(db_text(stmt, 0, NULL));
        const char *key =
            multifield_key(req->arena, db_text(stmt, 0, NULL), value, strlen(value), &len);
        if (type && !strcmp(db_text(stmt, 1, NULL), key))
            *type_out = type;
    }
    db_finish(stmt);
    return api_db(req, rc);
}
