#include "crm/product_row_all.h"

#include <string.h>

#include "crm/product_account.h"
#include "crm/product_owner.h"
#include "crm/product_row.h"
#include "model/dialect.h"
#include "model/row.h"

/* ---- replacing them ---- */

static struct value *given_row(struct request *req, const struct entity *owner, int64_t owner_id,
                               const struct value *given)
{
    struct value *row = value_array(req->arena);
    for (size_t i = 0; i < given->array.count; i++) {
        const struct value_item *item = &given->array.items[i];
        const struct field *field = entity_field(&product_row_entity, item->key);
        if (field && strcmp(item->key, "ID") != 0)
            value_set(req->arena, row, item->key, item->key_len, item->value);
    }
    value_set(req->arena, row, "OWNER_ID", 8, value_int(req->arena, owner_id));
    value_set(req->arena, row, "OWNER_TYPE", 10,
              value_string(req->arena, owner->short_code, strlen(owner->short_code)));
    return row;
}

struct stored {
    int64_t *id;
    bool *kept;
    size_t count;
};

static enum api_rc read_stored(struct request *req, const struct entity *owner, int64_t owner_id,
                               struct stored *stored)
{
    struct db_stmt *stmt = db_prepare_hold(
        req->db, "SELECT id FROM product_row WHERE owner_type = $1 AND owner_id = $2 ORDER BY id",
        NULL);
    size_t cap = 0;
    enum db_rc rc;
    db_bind_textz(stmt, 1, owner->short_code);
    db_bind_int(stmt, 2, owner_id);
    *stored = (struct stored){0};
    while ((rc = db_step(stmt)) == DB_ROW) {
        if (stored->count == cap) {
            int64_t *more = arena_alloc(req->arena, (cap ? cap * 2 : 16) * sizeof *more);
            if (cap)
                memcpy(more, stored->id, cap * sizeof *more);
            stored->id = more;
            cap = cap ? cap * 2 : 16;
        }
        stored->id[stored->count++] = db_int(stmt, 0);
    }
    db_finish(stmt);
    stored->kept = arena_zalloc(req->arena, (stored->count + 1) * sizeof *stored->kept);
    return api_db(req, rc);
}

/* The row that is meant, which no other of the call has meant already; 0: a new one. They are in order. */
static int64_t meant(const struct stored *stored, const struct value *given)
{
    int64_t id;
    size_t from = 0, to = stored->count;
    if (!value_to_int(value_get(given, "ID"), &id))
        return 0;
    while (from < to) {
        size_t at = from + (to - from) / 2;
        if (stored->id[at] < id)
            from = at + 1;
        else
            to = at;
    }
    if (from == stored->count || stored->id[from] != id || stored->kept[from])
        return 0;
    stored->kept[from] = true;
    return id;
}

static enum api_rc remove_row(struct request *req, int64_t id)
{
    struct db_stmt *stmt = db_prepare(req->db, "DELETE FROM product_row WHERE id = $1");
    db_bind_int(stmt, 1, id);
    return api_db(req, db_run(stmt));
}

enum api_rc product_row_set(struct request *req, const struct entity *owner, int64_t id,
                            const struct value *rows)
{
    struct stored stored;
    enum api_rc rc = read_stored(req, owner, id, &stored);
    for (size_t i = 0; value_is_array(rows) && i < rows->array.count && rc == API_OK; i++) {
        const struct value *given = rows->array.items[i].value;
        int64_t row_id = meant(&stored, given), made;
        if (!value_is_array(given))
            return api_fail_text(req, "A product row is no object of fields");
        const struct value *row = given_row(req, owner, id, given);
        rc = row_id ? entity_change(req, &product_row_entity, row_id, row)
                    : entity_create(req, &product_row_entity, row, &made);
    }
    for (size_t i = 0; i < stored.count && rc == API_OK; i++) {
        if (!stored.kept[i])
            rc = remove_row(req, stored.id[i]);
    }
    return rc == API_OK ? product_owner_changed(req, owner, id) : rc;
}

enum api_rc product_row_add(struct request *req, const struct entity *owner, int64_t owner_id,
                            const struct value *given, int64_t *id)
{
    const struct value *row = given_row(req, owner, owner_id, given);
    enum api_rc rc = entity_create(req, &product_row_entity, row, id);
    return rc == API_OK ? product_owner_changed(req, owner, owner_id) : rc;
}

/* ---- showing them ---- */

/* Of crm.deal.productrows.get: which are numbers there, and which are texts. */
static const struct shown {
    const char *name;
    bool number;
} shown[] = {{"ID", false},
             {"OWNER_ID", false},
             {"OWNER_TYPE", false},
             {"PRODUCT_ID", true},
             {"PRODUCT_NAME", false},
             {"ORIGINAL_PRODUCT_NAME", false},
             {"PRODUCT_DESCRIPTION", false},
             {"PRICE", true},
             {"PRICE_EXCLUSIVE", true},
             {"PRICE_NETTO", true},
             {"PRICE_BRUTTO", true},
             {"PRICE_ACCOUNT", false},
             {"QUANTITY", true},
             {"DISCOUNT_TYPE_ID", true},
             {"DISCOUNT_RATE", true},
             {"DISCOUNT_SUM", true},
             {"TAX_RATE", true},
             {"TAX_INCLUDED", false},
             {"CUSTOMIZED", false},
             {"MEASURE_CODE", true},
             {"MEASURE_NAME", false},
             {"SORT", true},
             {"XML_ID", false},
             {"TYPE", true},
             {"STORE_ID", true},
             {"RESERVE_ID", true},
             {"DATE_RESERVE_END", false},
             {"RESERVE_QUANTITY", true}};

struct catalog_names {
    const char *name, *description; /* NULL: the row is of no product */
};

static void write_account(struct request *req, const struct cell *cells, double rate)
{
    size_t at = entity_at(&product_row_entity, "PRICE");
    struct cell cell = {.real = type_cents(cells[at].real * rate)};
    (req->dialect ? type_money.item.value
                  : type_money.classic.value)(req, &product_row_entity.fields[at], &cell);
}

static void write_text(struct writer *out, const char *text)
{
    text ? writer_stringz(out, text) : writer_null(out);
}

static void write_classic(struct request *req, const struct cell *cells,
                          const struct catalog_names *names, double rate)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const struct field *field = entity_field(&product_row_entity, shown[i].name);
        writer_keyz(req->out, shown[i].name);
        if (!strcmp(shown[i].name, "PRICE_ACCOUNT")) {
            write_account(req, cells, rate);
        } else if (!strcmp(shown[i].name, "ORIGINAL_PRODUCT_NAME")) {
            write_text(req->out, names->name);
        } else if (!strcmp(shown[i].name, "PRODUCT_DESCRIPTION")) {
            write_text(req->out, names->description);
        } else if (!field || field->kind == FIELD_VIRTUAL) {
            writer_null(req->out); /* there are no stores, and nothing is reserved in them */
        } else {
            const struct cell *cell = &cells[field - product_row_entity.fields];
            const struct writing *writing =
                shown[i].number ? &field->kind->item : &field->kind->classic;
            cell->null ? writer_null(req->out) : writing->value(req, field, cell);
        }
    }
    writer_end_object(req->out);
}

static void write_item(struct request *req, const struct cell *cells, double rate)
{
    writer_begin_object(req->out);
    for (size_t i = 0; i < product_row_entity.field_count; i++) {
        const struct field *field = &product_row_entity.fields[i];
        writer_keyz(req->out, dialect_key(req, field));
        if (!strcmp(field->name, "PRICE_ACCOUNT"))
            write_account(req, cells, rate);
        else if (field->kind == FIELD_VIRTUAL)
            writer_null(req->out);
        else
            cell_write(req, field, &cells[i]);
    }
    writer_end_object(req->out);
}

enum api_rc product_row_write(struct request *req, const struct entity *owner, int64_t id)
{
    struct buf sql = {0};
    double rate;
    enum api_rc rc = product_account_rate(req, owner, id, &rate);
    if (rc != API_OK)
        return rc;
    buf_adds(&sql, "SELECT ");
    row_columns(&sql, &product_row_entity, NULL);
    buf_adds(&sql,
             ", p.name, p.description FROM product_row t LEFT JOIN product p ON p.id = "
             "t.product_id WHERE t.owner_type = $1 AND t.owner_id = $2 ORDER BY t.sort, t.id");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_textz(stmt, 1, owner->short_code);
    db_bind_int(stmt, 2, id);
    int column = 0;
    for (size_t i = 0; i < product_row_entity.field_count; i++)
        column += product_row_entity.fields[i].kind != FIELD_VIRTUAL;
    enum db_rc step;
    writer_begin_list(req->out);
    while ((step = db_step(stmt)) == DB_ROW) {
        const struct cell *cells = row_read(req, &product_row_entity, stmt);
        struct catalog_names names = {0};
        if (!db_is_null(stmt, column))
            names.name = request_text(req, stmt, column, NULL);
        if (!db_is_null(stmt, column + 1))
            names.description = request_text(req, stmt, column + 1, NULL);
        if (dialect_is_item(req))
            write_item(req, cells, rate);
        else
            write_classic(req, cells, &names, rate);
    }
    writer_end_list(req->out);
    db_finish(stmt);
    return api_db(req, step);
}
