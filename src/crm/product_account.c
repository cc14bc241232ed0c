#include "crm/product_account.h"

#include <string.h>

#include "base/limits.h"
#include "crm/currency.h"
#include "crm/product_owner.h"
#include "model/dialect.h"

enum api_rc product_account_rate(struct request *req, const struct entity *owner, int64_t id,
                                 double *rate)
{
    *rate = 1;
    if (!owner || !entity_field(owner, "CURRENCY_ID"))
        return API_OK;
    struct buf sql = {0};
    buf_printf(&sql, "SELECT currency_id FROM %s WHERE id = $1", owner->table);
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    const char *code = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : "";
    db_finish(stmt);
    enum api_rc done = api_db(req, rc);
    return done == API_OK ? currency_rate(req, code, rate) : done;
}

struct priced {
    int64_t id, owner_id;
    const char *owner_type;
    double price;
};

struct accounts {
    size_t count;
    struct priced row[LIMIT_PAGE];
};

static enum api_rc read_prices(struct request *req, const int64_t *ids, size_t count,
                               struct accounts *accounts)
{
    struct buf sql = {0};
    size_t places = count > 1 ? LIMIT_PAGE : 1;
    buf_adds(&sql, "SELECT id, owner_id, owner_type, price FROM product_row WHERE id IN (");
    db_sql_places(&sql, 1, places);
    buf_addc(&sql, ')');
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_places(stmt, 1, places, ids, count);
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW && accounts->count < LIMIT_PAGE)
        accounts->row[accounts->count++] =
            (struct priced){.id = db_int(stmt, 0),
                            .owner_id = db_int(stmt, 1),
                            .owner_type = request_text(req, stmt, 2, NULL),
                            .price = db_double(stmt, 3)};
    db_finish(stmt);
    return api_db(req, rc);
}

/* A list is about one owner mostly: its rate is asked once. */
static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    struct accounts *accounts = arena_zalloc(req->arena, sizeof *accounts);
    const struct priced *last = NULL;
    double rate = 1;
    (void)entity;
    (void)field;
    *loaded = accounts;
    enum api_rc rc = read_prices(req, ids, count, accounts);
    for (size_t i = 0; i < accounts->count && rc == API_OK; i++) {
        struct priced *row = &accounts->row[i];
        if (!last || last->owner_id != row->owner_id ||
            strcmp(last->owner_type, row->owner_type) != 0)
            rc = product_account_rate(req, product_owner(req, row->owner_type), row->owner_id,
                                      &rate);
        row->price = type_cents(row->price * rate);
        last = row;
    }
    return rc;
}

static void write(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id)
{
    const struct accounts *accounts = loaded;
    (void)field;
    for (size_t i = 0; i < accounts->count; i++) {
        struct cell cell = {.real = accounts->row[i].price};
        if (accounts->row[i].id != id)
            continue;
        writer_keyz(req->out, key);
        (req->dialect ? type_money.item.value : type_money.classic.value)(req, field, &cell);
        return;
    }
}

static const struct relation_kind of_account = {.load = load, .write = write};
const struct relation product_account = {.kind = &of_account, .name = "PRICE_ACCOUNT"};
