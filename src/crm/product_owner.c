#include "crm/product_owner.h"

#include <string.h>
#include <strings.h>

#include "model/registry.h"
#include "model/dialect.h"
#include "model/unknown.h"

/* Who has not this field has no amount by hand. */
#define MANUAL "IS_MANUAL_OPPORTUNITY"

/* A smart process that is not linked with products says so in its copy of the field. */
static bool has_amount(const struct entity *entity)
{
    const struct field *amount = entity_field(entity, "OPPORTUNITY");
    return amount && !(amount->flags & FIELD_READ_ONLY);
}

const struct entity *product_owner(const struct request *req, const char *short_code)
{
    for (const struct entity *const *e = entity_all(req); *e; e++) {
        if ((*e)->short_code && !strcasecmp((*e)->short_code, short_code) &&
            relation_has(*e, &product_rows) && has_amount(*e))
            return *e;
    }
    return NULL;
}

enum api_rc product_owner_sight(struct request *req, const struct entity *owner, int64_t id,
                                enum access_action action, enum permit_sight *sight)
{
    bool exists = false;
    enum api_rc rc = action == ACCESS_READ ? entity_exists(req, owner, id, &exists)
                                           : entity_hold(req, owner, id, &exists);
    *sight = PERMIT_MISSING;
    return rc == API_OK && exists ? permit_sees(req, owner, id, action, sight) : rc;
}

/* ---- amounts ---- */

struct sums {
    int64_t rows;
    double amount, tax;
};

static enum api_rc sum_rows(struct request *req, const struct entity *owner, int64_t id,
                            struct sums *sums)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT price, price_exclusive, quantity FROM product_row WHERE "
                            "owner_type = $1 AND owner_id = $2");
    db_bind_textz(stmt, 1, owner->short_code);
    db_bind_int(stmt, 2, id);
    enum db_rc rc;
    *sums = (struct sums){0};
    while ((rc = db_step(stmt)) == DB_ROW) {
        double price = db_double(stmt, 0), quantity = db_double(stmt, 2);
        sums->rows++;
        sums->amount = type_cents(sums->amount + type_cents(price * quantity));
        sums->tax = type_cents(sums->tax + type_cents((price - db_double(stmt, 1)) * quantity));
    }
    db_finish(stmt);
    return api_db(req, rc);
}

static enum api_rc is_manual(struct request *req, const struct entity *owner, int64_t id,
                             bool *manual)
{
    *manual = false;
    if (!entity_field(owner, MANUAL))
        return API_OK;
    struct buf sql = {0};
    buf_printf(&sql, "SELECT is_manual_opportunity FROM %s WHERE id = $1", owner->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *manual = rc == DB_ROW && db_text(stmt, 0, NULL)[0] == 'Y';
    db_finish(stmt);
    return api_db(req, rc);
}

static void put(struct request *req, const struct entity *owner, struct value *fields,
                const char *name, double amount)
{
    if (entity_field(owner, name))
        value_set(req->arena, fields, name, strlen(name), value_double(req->arena, amount));
}

enum api_rc product_owner_changed(struct request *req, const struct entity *owner, int64_t id)
{
    const struct dialect *dialect = req->dialect;
    struct value *fields = value_array(req->arena);
    struct sums sums;
    bool manual = false;
    enum api_rc rc = is_manual(req, owner, id, &manual);
    if (rc == API_OK && !manual)
        rc = sum_rows(req, owner, id, &sums);
    if (rc != API_OK)
        return rc;
    if (!manual) {
        put(req, owner, fields, "OPPORTUNITY", sums.amount);
        put(req, owner, fields, "TAX_VALUE", sums.tax);
    }
    req->dialect = NULL;
    rc = entity_change(req, owner, id, fields);
    req->dialect = dialect;
    return rc;
}

static enum api_rc store_sums(struct request *req, const struct entity *owner, int64_t id,
                              const struct sums *sums)
{
    bool taxed = entity_field(owner, "TAX_VALUE");
    struct buf sql = {0};
    buf_printf(&sql, "UPDATE %s SET opportunity = $1%s WHERE id = $2", owner->table,
               taxed ? ", tax_value = $3" : "");
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_double(stmt, 1, sums->amount);
    db_bind_int(stmt, 2, id);
    if (taxed)
        db_bind_double(stmt, 3, sums->tax);
    return api_db(req, db_run(stmt));
}

/* ---- the relation ---- */

static void set_amount(struct change *change, const char *name, double amount)
{
    if (!entity_field(change->entity, name))
        return;
    struct cell *cell = change_cell(change, name);
    if (cell->given && (cell->null || cell->real != amount))
        unknown_note(change->req, IN_FIELDS, name);
    cell->null = false;
    cell->real = amount;
}

static bool gives(struct change *change, const char *name)
{
    return entity_field(change->entity, name) && change_given(change, name);
}

/* A caller's amount gives way to that of the rows, unless he says that it is kept by hand. */
static enum api_rc rows_check(struct change *change, const struct relation *relation, void **slot)
{
    struct sums sums;
    (void)relation;
    (void)slot;
    if (change->is_add || change->trusted ||
        (entity_field(change->entity, MANUAL) && change_cell(change, MANUAL)->text[0] == 'Y') ||
        !(gives(change, "OPPORTUNITY") || gives(change, "TAX_VALUE") || gives(change, MANUAL)))
        return API_OK;
    enum api_rc rc = sum_rows(change->req, change->entity, change->id, &sums);
    if (rc == API_OK && sums.rows) {
        set_amount(change, "OPPORTUNITY", sums.amount);
        set_amount(change, "TAX_VALUE", sums.tax);
    }
    return rc;
}

static enum api_rc rows_remove(struct request *req, const struct entity *entity,
                               const struct relation *relation, int64_t id)
{
    (void)relation;
    struct db_stmt *stmt =
        db_prepare(req->db, "DELETE FROM product_row WHERE owner_type = $1 AND owner_id = $2");
    db_bind_textz(stmt, 1, entity->short_code);
    db_bind_int(stmt, 2, id);
    return api_db(req, db_run(stmt));
}

/* What the merged row has stays; where it has none, it takes those of the other, and their sums. Its change is told
 * by the merge. */
static enum api_rc rows_move(struct request *req, const struct entity *entity,
                             const struct relation *relation, int64_t from, int64_t into)
{
    struct sums sums;
    bool manual = false;
    (void)relation;
    enum api_rc rc = sum_rows(req, entity, into, &sums);
    if (rc != API_OK || sums.rows)
        return rc;
    struct db_stmt *stmt = db_prepare(
        req->db, "UPDATE product_row SET owner_id = $1 WHERE owner_type = $2 AND owner_id = $3");
    db_bind_int(stmt, 1, into);
    db_bind_textz(stmt, 2, entity->short_code);
    db_bind_int(stmt, 3, from);
    rc = api_db(req, db_run(stmt));
    if (rc == API_OK)
        rc = is_manual(req, entity, into, &manual);
    if (rc == API_OK && !manual)
        rc = sum_rows(req, entity, into, &sums);
    return rc == API_OK && !manual && sums.rows ? store_sums(req, entity, into, &sums) : rc;
}

static const struct relation_kind of_rows = {
    .check = rows_check, .remove = rows_remove, .move = rows_move};
const struct relation product_rows = {.kind = &of_rows};
