#include "rest/own_page.h"

#include <string.h>
#include <strings.h>

#include "people/token.h"
#include "rest/audit_note.h"
#include "rest/cookie.h"

bool own_page_asks(const struct call *call)
{
    static const char json[] = "application/json";
    return call->is_post && call->content_type &&
           !strncasecmp(call->content_type, json, strlen(json)) &&
           (!call->origin || !strcmp(call->origin, call->base_url));
}

const char *own_page_action(const struct call *call)
{
    return param_text(&call->req, "action");
}

enum api_rc own_page_refuse(struct call *call, int status, const char *text)
{
    enum api_rc rc = api_fail(&call->req, API_ERR_ACCESS_DENIED, "%s", text);
    call->req.error.status = status;
    return rc;
}

enum api_rc own_page_keep(struct call *call, int status, const char *text)
{
    own_page_refuse(call, status, text);
    return API_KEPT;
}

enum api_rc own_page_session(struct call *call, const char **session, int64_t *user_id)
{
    *session = cookie_of(call, COOKIE_SESSION);
    enum db_rc rc =
        session_user(call->req.db, call->req.portal, *session, (int64_t)call->req.now, user_id);
    if (rc == DB_NONE)
        return own_page_refuse(call, 401, "Nobody is signed in.");
    return api_db(&call->req, rc);
}

enum api_rc own_page_note(struct call *call, enum api_rc rc, const char *did, int64_t user_id,
                          const struct value *params)
{
    if (rc != API_OK) /* what is kept of a refusal is how often one tried */
        return rc;
    enum api_rc noted = audit_note(
        &call->req, arena_printf(&call->arena, "%s %s", call->page->path, did), user_id, params);
    return noted == API_OK ? rc : noted;
}

enum api_rc own_page_is_admin(struct call *call, int64_t user_id, bool *is_admin)
{
    struct db_stmt *stmt = db_prepare(call->req.db, "SELECT is_admin FROM member WHERE id = $1");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc = db_step(stmt);
    *is_admin = rc == DB_ROW && *db_text(stmt, 0, NULL) == 'Y';
    db_finish(stmt);
    if (rc == DB_NONE)
        return own_page_refuse(call, 401, "Nobody is signed in.");
    return rc == DB_ROW ? API_OK : api_db(&call->req, rc);
}

enum api_rc own_page_admin(struct call *call, int64_t user_id)
{
    bool is_admin = false;
    enum api_rc rc = own_page_is_admin(call, user_id, &is_admin);
    return rc != API_OK || is_admin
               ? rc
               : own_page_refuse(call, 403, "Only an administrator may do this.");
}
