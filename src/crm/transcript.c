#include "crm/transcript.h"

#include "crm/activity_parts.h"

enum db_rc transcript_set(struct db *db, int64_t activity_id, const char *text)
{
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO activity_transcript (activity_id, text) SELECT id, $2 FROM "
            "activity WHERE id = $1 AND type_id = $3 ON CONFLICT (activity_id) DO UPDATE "
            "SET text = excluded.text RETURNING activity_id");
    db_bind_int(stmt, 1, activity_id);
    db_bind_textz(stmt, 2, text);
    db_bind_int(stmt, 3, TYPE_CALL);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

enum db_rc transcript_remove(struct db *db, int64_t activity_id)
{
    struct db_stmt *stmt = db_prepare(
        db, "DELETE FROM activity_transcript WHERE activity_id = $1 RETURNING activity_id");
    db_bind_int(stmt, 1, activity_id);
    enum db_rc rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

enum api_rc transcript_read(struct request *req, int64_t activity_id, const char **text)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT text FROM activity_transcript WHERE activity_id = $1");
    db_bind_int(stmt, 1, activity_id);
    enum db_rc rc = db_step(stmt);
    *text = rc == DB_ROW ? request_text(req, stmt, 0, NULL) : NULL;
    db_finish(stmt);
    return api_db(req, rc);
}
