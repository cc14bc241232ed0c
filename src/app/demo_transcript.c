#include "app/demo_transcript.h"

#include "crm/transcript.h"

enum api_rc demo_transcript(struct request *req)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT min(id) FROM activity WHERE type_id = 2 AND completed = "
                            "'Y'");
    enum db_rc rc = db_step(stmt);
    int64_t call = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    if (rc == DB_ROW)
        rc = transcript_set(req->db, call, "- Hello?\n- Hello, it is about your offer.");
    return api_db(req, rc);
}
