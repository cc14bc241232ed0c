#include "crm/account.h"

#include <string.h>

#include "base/limits.h"
#include "crm/currency.h"
#include "model/query.h"

enum { AMOUNT, TAX };

struct reported {
    int64_t id;
    const char *currency;
    double amount[2];
};

struct account {
    const char *base;
    size_t count;
    struct reported row[LIMIT_PAGE];
};

static struct db_stmt *prepare(struct request *req, const struct entity *entity, const int64_t *ids,
                               size_t count)
{
    struct buf sql = {0};
    size_t places = count > 1 ? LIMIT_PAGE : 1;
    buf_printf(&sql, "SELECT t.id, t.currency_id, t.opportunity, %s FROM %s t WHERE t.id IN (",
               entity_field(entity, "TAX_VALUE") ? "t.tax_value" : "0", entity->table);
    db_sql_places(&sql, 1, places);
    buf_addc(&sql, ')');
    struct db_stmt *stmt = db_prepare(req->db, buf_text(&sql));
    buf_clear(&sql);
    db_bind_places(stmt, 1, places, ids, count);
    return stmt;
}

static enum api_rc convert(struct request *req, struct account *account)
{
    const char *last = "";
    double rate = 1;
    enum api_rc rc = currency_base(req, &account->base);
    for (size_t i = 0; i < account->count && rc == API_OK; i++) {
        struct reported *row = &account->row[i];
        if (strcmp(last, row->currency) != 0)
            rc = currency_rate(req, row->currency, &rate);
        last = row->currency;
        row->amount[AMOUNT] = type_cents(row->amount[AMOUNT] * rate);
        row->amount[TAX] = type_cents(row->amount[TAX] * rate);
    }
    return rc;
}

static enum api_rc load(struct request *req, const struct entity *entity, const struct field *field,
                        const int64_t *ids, size_t count, void **loaded)
{
    struct account *account = arena_zalloc(req->arena, sizeof *account);
    struct db_stmt *stmt = prepare(req, entity, ids, count);
    enum db_rc rc;
    (void)field;
    *loaded = account;
    while ((rc = db_step(stmt)) == DB_ROW && account->count < LIMIT_PAGE)
        account->row[account->count++] =
            (struct reported){.id = db_int(stmt, 0),
                              .currency = request_text(req, stmt, 1, NULL),
                              .amount = {db_double(stmt, 2), db_double(stmt, 3)}};
    db_finish(stmt);
    enum api_rc done = api_db(req, rc);
    return done == API_OK ? convert(req, account) : done;
}

static void write(struct request *req, const struct field *field, const char *key, void *loaded,
                  int64_t id)
{
    const struct account *account = loaded;
    (void)field;
    for (size_t i = 0; i < account->count; i++) {
        const struct reported *row = &account->row[i];
        if (row->id != id)
            continue;
        writer_keyz(req->out, key);
        writer_double(req->out, row->amount[AMOUNT]);
        writer_keyz(req->out, "taxValueAccount");
        writer_double(req->out, row->amount[TAX]);
        writer_keyz(req->out, "accountCurrencyId");
        writer_stringz(req->out, account->base);
        return;
    }
}

static const struct relation_kind of_account = {.load = load, .write = write};
const struct relation account_amounts = {.kind = &of_account, .name = "OPPORTUNITY_ACCOUNT"};
