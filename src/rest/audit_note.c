#include "rest/audit_note.h"

#include <string.h>

#include "portal/audit.h"
#include "portal/portal.h"
#include "rest/shown.h"

static enum api_rc add(struct request *req, struct audit_entry *entry, const struct value *params)
{
    struct buf what = {0};
    struct writer out;
    writer_init(&out, &what);
    if (shown_fits(params, AUDIT_WHAT))
        shown_params(&out, params);
    else
        writer_raw(&out, "{\"cut\":true}", strlen("{\"cut\":true}"));
    entry->made = (int64_t)req->now;
    entry->client = req->client;
    entry->request_id = req->request_id;
    entry->what = buf_text(&what);
    enum db_rc rc = audit_add(req->db, entry, NULL);
    buf_clear(&what);
    return api_db(req, rc);
}

enum api_rc audit_call(struct request *req)
{
    const struct caller *caller = req->caller;
    struct audit_entry entry = {.action = req->method->name,
                                .user_id = caller->user_id,
                                .credential_id = caller->credential_id,
                                .app_id = caller->app_id};
    if (!req->portal->audit_rows && !method_sets_up(req->method))
        return API_OK;
    return add(req, &entry, req->params);
}

enum api_rc audit_note(struct request *req, const char *action, int64_t user_id,
                       const struct value *params)
{
    struct audit_entry entry = {.action = action, .user_id = user_id};
    if (req->caller && req->caller->user_id == user_id) {
        entry.credential_id = req->caller->credential_id;
        entry.app_id = req->caller->app_id;
    }
    return add(req, &entry, params);
}
