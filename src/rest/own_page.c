#include "rest/own_page.h"

#include <string.h>
#include <strings.h>

#include "people/token.h"
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
