#include "portal/age.h"

#include <stdio.h>

#define SLICE 1000

/* `old`: what has gone by $1, a moment. */
static const struct rule {
    enum age_kind kind;
    const char *table, *key, *old;
} rules[] = {
    {AGE_AUDIT, "audit", "id", "made < $1"},
    {AGE_EVENTS, "event_outbox", "id", "gave_up < $1"},
    {AGE_EVENTS, "mail_outbox", "id", "gave_up < $1 AND sending IS NULL"},
    {AGE_EVENTS, "event_offline", "id", "timestamp_x < $1"},
    {AGE_HISTORY, "stage_history", "id", "created_time < $1"},
    {AGE_TOKENS, "oauth_token", "id", "refresh_expires < $1 OR ended < $1"},
    {AGE_TOKENS, "oauth_code", "code_hash", "expires < $1"},
    {AGE_TOKENS, "session", "session_hash", "expires < $1"},
    {AGE_TOKENS, "console_link", "link_hash", "expires < $1"},
    {AGE_TOKENS, "signin_failure", "subject", "last_failure < $1"},
};

static enum db_rc sweep_slice(struct db *db, const struct rule *rule, int64_t before,
                              int64_t *count)
{
    char sql[400];
    enum db_rc rc;
    snprintf(sql, sizeof sql,
             "DELETE FROM %s WHERE %s IN (SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %d) "
             "RETURNING 1",
             rule->table, rule->key, rule->key, rule->table, rule->old, rule->key, SLICE);
    struct db_stmt *stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, before);
    for (*count = 0; (rc = db_step(stmt)) == DB_ROW;)
        ++*count;
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

enum db_rc age_sweep(struct db *db, const int64_t keep[AGE_KINDS], int64_t now, int64_t *gone)
{
    enum db_rc rc = DB_OK;
    *gone = 0;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0] && rc == DB_OK; i++) {
        int64_t count = SLICE, days = keep[rules[i].kind];
        while (days && count == SLICE && rc == DB_OK) {
            rc = sweep_slice(db, &rules[i], now - days * AGE_DAY, &count);
            *gone += count;
        }
    }
    return rc;
}
