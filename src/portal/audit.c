#include "portal/audit.h"

#include <string.h>

#include "portal/kept_table.h"

KEPT_TABLE(audit);

enum db_rc audit_add(struct db *db, const struct audit_entry *entry, int64_t *id)
{
    const char *const texts[] = {entry->action, entry->client ? entry->client : "",
                                 entry->request_id ? entry->request_id : "",
                                 strlen(entry->what) <= AUDIT_WHAT ? entry->what
                                                                   : "{\"cut\":true}"};
    const int64_t numbers[] = {entry->made, entry->user_id, entry->credential_id, entry->app_id};
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO audit (made, user_id, credential_id, app_id, action, client, "
                       "request_id, what) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");
    for (int i = 0; i < 4; i++) {
        db_bind_int(stmt, 1 + i, numbers[i]);
        db_bind_textz(stmt, 5 + i, texts[i]);
    }
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW && id)
        *id = db_int(stmt, 0);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

enum db_rc audit_failed(struct db *db, int64_t id)
{
    struct db_stmt *stmt = db_prepare(db, "UPDATE audit SET failed = 1 WHERE id = $1");
    db_bind_int(stmt, 1, id);
    return db_run(stmt);
}
