#include "crm/property_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/json.h"
#include "crm/product_file.h"
#include "model/query.h"
#include "model/query_text.h"
#include "model/row.h"
#include "model/unknown.h"
#include "portal/file_given.h"

struct given {
    int64_t value_id;
    bool gone; /* a file that was there */
    struct cell cell;
};

struct slot {
    bool clears; /* files: those that were there all go */
    size_t count;
    struct given value[];
};

/* ---- reading what the caller gave ---- */

static bool removes(const struct value *value)
{
    bool remove = false;
    value_to_flag(value_get(value, "remove"), &remove);
    return remove;
}

/* {"TYPE": "HTML", "TEXT": "..."}, of a text or of such an object. */
static bool take_html(struct request *req, const struct value *given, struct cell *cell)
{
    size_t len;
    const struct value *text = value_is_array(given) ? value_get(given, "TEXT") : given;
    const struct value *type = value_is_array(given) ? value_get(given, "TYPE") : NULL;
    const char *words = text ? value_to_text(req->arena, text, &len) : NULL;
    const char *called = type ? value_to_text(req->arena, type, &len) : "HTML";
    if (!words || !called)
        return false;
    struct value *whole = value_array(req->arena);
    const char *name = strcasecmp(called, "text") ? "HTML" : "TEXT";
    value_set(req->arena, whole, "TYPE", 4, value_string(req->arena, name, 4));
    value_set(req->arena, whole, "TEXT", 4, value_string(req->arena, words, strlen(words)));
    return cell_from_value(req, &(struct field){.name = "HTML", .kind = &type_object}, whole, cell);
}

/* Nothing: one that was there stays. */
static enum api_rc take_file(struct request *req, const struct property *property,
                             const struct value *value, struct slot *slot)
{
    struct given *made = &slot->value[slot->count];
    const struct value *pair = NULL;
    made->gone = removes(value);
    if (!made->gone && !value_is_empty(value)) {
        pair = value_is_array(value) ? file_given_pair(value) : NULL;
        if (!pair && value_get_nocase(value, "id"))
            return API_OK;
        if (!pair || !file_given_good(req, pair))
            return row_refuse(req, API_ERR_METHOD, &property->one, &made->cell);
    }
    enum api_rc rc =
        pair ? product_file_store(req, property->id, pair, &made->cell.integer) : API_OK;
    slot->count += pair || made->gone;
    return rc;
}

static enum api_rc take_one(struct request *req, const struct property *property,
                            const struct value *given, struct slot *slot)
{
    struct given *made = &slot->value[slot->count];
    const struct value *value = given;
    *made = (struct given){0};
    if (value_get(given, "value") || value_get(given, "valueId")) {
        value = value_get(given, "value");
        value_to_int(value_get(given, "valueId"), &made->value_id);
    }
    if (property->type->file)
        return take_file(req, property, value, slot);
    if (value_is_empty(value) || removes(value))
        return API_OK;
    bool fits = property->type->html ? take_html(req, value, &made->cell)
                                     : cell_from_value(req, &property->one, value, &made->cell);
    if (!fits)
        return row_refuse(req, API_ERR_METHOD, &property->one, &made->cell);
    slot->count += !made->cell.null;
    return API_OK;
}

/* Several values: a list, or an object that is neither one value nor a text with its type. */
static bool is_several(const struct property *property, const struct value *given)
{
    return property->multiple && value_is_array(given) && !value_get(given, "value") &&
           !value_get(given, "valueId") && !(property->type->html && value_get(given, "TEXT")) &&
           !(property->type->file && product_file_is_one(given));
}

static enum api_rc take(struct request *req, const struct property *property,
                        const struct value *given, struct slot **slot)
{
    bool several = is_several(property, given);
    size_t count = several ? given->array.count : 1;
    enum api_rc rc = API_OK;
    *slot = arena_zalloc(req->arena, sizeof **slot + count * sizeof(*slot)->value[0]);
    (*slot)->clears = property->type->file && value_is_empty(given);
    for (size_t i = 0; i < count && rc == API_OK; i++)
        rc = take_one(req, property, several ? given->array.items[i].value : given, *slot);
    return rc;
}

static enum api_rc parse(struct change *change, const struct relation *relation, void **slot)
{
    const struct property *property = relation->with;
    const struct value *given = value_get(change->given, property->one.name);
    struct slot *made = NULL;
    enum api_rc rc = API_OK;
    if (!given && change->is_add && property->fallback)
        given = json_parse_own(change->req->arena, property->fallback, strlen(property->fallback));
    if (given)
        rc = take(change->req, property, given, &made);
    *slot = made;
    return rc;
}

static enum api_rc check_value(struct change *change, const struct property *property,
                               const struct cell *cell)
{
    bool known = !property->type->list;
    for (size_t i = 0; i < property->item_count; i++)
        known = known || property->items[i].id == cell->integer;
    enum api_rc rc = property->type->of
                         ? entity_exists(change->req, property->type->of, cell->integer, &known)
                         : API_OK;
    return rc == API_OK && !known ? row_refuse(change->req, API_ERR_METHOD, &property->one, cell)
                                  : rc;
}

/* A list that names no value has those that are its default. */
static struct slot *default_items(struct request *req, const struct property *property)
{
    struct slot *slot =
        arena_zalloc(req->arena, sizeof *slot + property->item_count * sizeof slot->value[0]);
    for (size_t i = 0; i < property->item_count; i++) {
        if (property->items[i].is_default && (!slot->count || property->multiple))
            slot->value[slot->count++].cell.integer = property->items[i].id;
    }
    return slot;
}

/* Is the value that was there another one, or none, from now on? */
static bool is_named(const struct property *property, const struct slot *given, int64_t value_id)
{
    for (size_t i = 0; i < given->count; i++) {
        const struct given *one = &given->value[i];
        if (one->value_id == value_id || (!property->multiple && (!one->gone || !one->value_id)))
            return true;
    }
    return given->clears;
}

/* Those that were there and stay, and then the new ones. */
static enum api_rc merge_files(struct change *change, const struct property *property,
                               struct slot **slot)
{
    struct request *req = change->req;
    const struct slot *given = *slot;
    size_t cap = given->count + 16, count = 0;
    struct given *all = xcalloc(cap, sizeof *all);
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT id, number FROM product_property_value WHERE product_id = $1 "
                            "AND property_id = $2 ORDER BY sort, id");
    enum db_rc rc;
    db_bind_int(stmt, 1, change->id);
    db_bind_int(stmt, 2, property->id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (is_named(property, given, db_int(stmt, 0)))
            continue;
        if (count + given->count == cap)
            all = xrealloc(all, (cap *= 2) * sizeof *all);
        all[count++] = (struct given){.value_id = db_int(stmt, 0),
                                      .cell = {.integer = (int64_t)db_double(stmt, 1)}};
    }
    db_finish(stmt);
    for (size_t i = 0; i < given->count; i++) {
        if (!given->value[i].gone)
            all[count++] = given->value[i];
    }
    *slot = arena_zalloc(req->arena, sizeof **slot + count * sizeof *all);
    (*slot)->count = count;
    if (count)
        memcpy((*slot)->value, all, count * sizeof *all);
    free(all);
    return api_db(req, rc);
}

static enum api_rc check(struct change *change, const struct relation *relation, void **slot)
{
    const struct property *property = relation->with;
    if (!*slot && change->is_add && property->type->list)
        *slot = default_items(change->req, property);
    enum api_rc rc = API_OK;
    if (*slot && property->type->file)
        rc = merge_files(change, property, (struct slot **)slot);
    if (rc != API_OK)
        return rc;
    const struct slot *values = *slot;
    if (property->required && (values ? !values->count : change->is_add))
        return api_fail(change->req, API_ERR_METHOD, "The field %s is required.",
                        property->one.name);
    for (size_t i = 0; values && i < values->count && rc == API_OK; i++)
        rc = check_value(change, property, &values->value[i].cell);
    return rc;
}

/* ---- writing ---- */

/* The ids of values that were there and are given again; the others become 0. */
static enum api_rc keep_ids(struct change *change, const struct property *property,
                            struct slot *slot)
{
    struct db_stmt *stmt = db_prepare(
        change->req->db,
        "SELECT id FROM product_property_value WHERE product_id = $1 AND property_id = $2");
    bool *kept = arena_zalloc(change->req->arena, slot->count + 1);
    enum db_rc rc;
    db_bind_int(stmt, 1, change->id);
    db_bind_int(stmt, 2, property->id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        for (size_t i = 0; i < slot->count; i++) {
            if (!kept[i] && slot->value[i].value_id == db_int(stmt, 0)) {
                kept[i] = true;
                break;
            }
        }
    }
    db_finish(stmt);
    for (size_t i = 0; i < slot->count; i++)
        slot->value[i].value_id = kept[i] ? slot->value[i].value_id : 0;
    return api_db(change->req, rc);
}

static enum api_rc insert(struct change *change, const struct property *property,
                          const struct given *given, size_t sort)
{
    const struct cell *cell = &given->cell;
    enum storage storage = property->type->kind->storage;
    char number[40];
    if (storage == STORE_INT)
        snprintf(number, sizeof number, "%lld", (long long)cell->integer);
    else if (storage == STORE_REAL)
        double_to_text(cell->real, number, sizeof number);
    struct db_stmt *stmt = db_prepare(
        change->req->db,
        given->value_id ? "INSERT INTO product_property_value (product_id, property_id, value, "
                          "number, sort, id) VALUES ($1, $2, $3, $4, $5, $6)"
                        : "INSERT INTO product_property_value (product_id, property_id, value, "
                          "number, sort) VALUES ($1, $2, $3, $4, $5)");
    db_bind_int(stmt, 1, change->id);
    db_bind_int(stmt, 2, property->id);
    db_bind_textz(stmt, 3, storage == STORE_TEXT ? cell->text : number);
    if (storage == STORE_TEXT)
        db_bind_null(stmt, 4);
    else
        db_bind_double(stmt, 4, storage == STORE_INT ? (double)cell->integer : cell->real);
    db_bind_int(stmt, 5, (int64_t)sort);
    if (given->value_id)
        db_bind_int(stmt, 6, given->value_id);
    return api_db(change->req, db_run(stmt));
}

static enum api_rc store(struct change *change, const struct relation *relation, void *slot)
{
    const struct property *property = relation->with;
    struct slot *values = slot;
    if (!values || (change->is_add && !values->count))
        return API_OK;
    enum api_rc rc = change->is_add ? API_OK : keep_ids(change, property, values);
    if (rc == API_OK && !change->is_add) {
        struct db_stmt *stmt = db_prepare(
            change->req->db,
            "DELETE FROM product_property_value WHERE product_id = $1 AND property_id = $2");
        db_bind_int(stmt, 1, change->id);
        db_bind_int(stmt, 2, property->id);
        rc = api_db(change->req, db_run(stmt));
    }
    for (size_t i = 0; i < values->count && rc == API_OK; i++)
        rc = insert(change, property, &values->value[i], i);
    return rc == API_OK && property->type->file
               ? product_file_settle(change->req, change->id, property->id)
               : rc;
}

/* ---- showing ---- */

static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    const struct property *property = field->relation->with;
    struct relation_page *page;
    (void)entity;
    const char *select = arena_printf(
        req->arena,
        "SELECT product_id, id, value FROM product_property_value WHERE property_id = %lld AND "
        "product_id IN (",
        (long long)property->id);
    enum api_rc rc = relation_page_load(req, select, "product_id, sort, id", 2, ids, count, &page);
    *loaded = page;
    return rc;
}

static void write_one(struct request *req, const struct property *property,
                      const struct relation_row *row)
{
    const char *text = row->text[1];
    struct cell cell = {.text = text, .len = strlen(text)};
    if (property->type->kind->storage == STORE_INT)
        cell.integer = strtoll(text, NULL, 10);
    else if (property->type->kind->storage == STORE_REAL)
        cell.real = strtod(text, NULL);
    writer_begin_object(req->out);
    writer_keyz(req->out, "valueId");
    writer_stringz(req->out, row->text[0]);
    writer_keyz(req->out, "value");
    property->type->kind->classic.value(req, &property->one, &cell);
    writer_end_object(req->out);
}

static void write(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id)
{
    const struct property *property = field->relation->with;
    const struct relation_row *row = relation_page_first(loaded, id);
    writer_keyz(req->out, key);
    if (!property->multiple || !row) {
        row ? write_one(req, property, row) : writer_null(req->out);
        return;
    }
    writer_begin_list(req->out);
    for (; row; row = row->next)
        write_one(req, property, row);
    writer_end_list(req->out);
}

static enum api_rc filter_set(struct query *query, const struct field *field, bool negated,
                              enum filter_op op, const struct value *value)
{
    const struct property *property = field->relation->with;
    bool text = property->type->kind->storage == STORE_TEXT;
    enum api_rc rc = API_OK;
    buf_printf(&query->where,
               "t.id %sIN (SELECT v.product_id FROM product_property_value v WHERE v.property_id "
               "= $%d",
               negated ? "NOT " : "", query_bind_int(query, property->id));
    if (value && (text || query_is_like(op)))
        rc = query_text(query, "v.value", op, value);
    else if (value)
        rc = query_value(query, "v.number", field->name, property->type->kind, op, value);
    buf_addc(&query->where, ')');
    return rc;
}

static enum api_rc filter(struct query *query, const struct field *field, int op,
                          const struct value *value)
{
    const struct property *property = field->relation->with;
    const struct field_type *kind = property->type->kind;
    bool moment = kind == &type_date || kind == &type_datetime;
    if (property->type->html || property->type->file ||
        (moment && query_is_like((enum filter_op)op)))
        return unknown_condition(query->req, field->name, "this field cannot be compared so");
    return query_several(query, field, (enum filter_op)op, value, property->type->kind, filter_set);
}

/* The first of several; an item of a list by its id. */
static bool order(const struct field *field, struct buf *sql)
{
    const struct property *property = field->relation->with;
    bool text = property->type->kind->storage == STORE_TEXT;
    if (property->type->html || property->type->file)
        return false;
    buf_printf(sql,
               "(SELECT v.%s FROM product_property_value v WHERE v.product_id = t.id AND "
               "v.property_id = %lld ORDER BY v.sort, v.id LIMIT 1)",
               text ? "value" : "number", (long long)property->id);
    return true;
}

const struct relation_kind property_values = {
    .order = order,
    .schema = "{\"description\":\"As values of the property's type are: {valueId, value}, or a "
              "list of them\"}",
    .parse = parse,
    .check = check,
    .store = store,
    .load = load,
    .write = write,
    .filter = filter};
