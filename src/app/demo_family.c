#include "app/demo_family.h"

#include "crm/activity.h"
#include "crm/owner.h"
#include "crm/transcript.h"

static enum api_rc add_transcript(struct request *req)
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

enum api_rc demo_family(struct request *req)
{
    enum api_rc rc = add_transcript(req);
    return rc == API_OK ? bindings_add(req, 89, OWNER_LEAD, 43) : rc;
}
