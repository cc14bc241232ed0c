#include "rest/admit.h"

#include <string.h>
#include <strings.h>

#include "people/auth.h"
#include "people/console.h"
#include "people/signature.h"
#include "portal/portal.h"
#include "portal/scope.h"

static bool is_rest(const struct call *call)
{
    return !call->page || page_beside_methods(call->page);
}

/* ---- the portal, and the way the call came ---- */

/* The page for people says so by the form of its token; whether it is one is found out later. */
static bool is_console(const struct call *call)
{
    return call->authorization && !strncasecmp(call->authorization, "Bearer ", 7) &&
           console_is_token(call->authorization + 7);
}

static enum api_rc check_portal(struct call *call)
{
    const struct portal *portal = call->req.portal;
    if (portal->require_https && !call->is_https)
        return api_fail(&call->req, API_ERR_HTTPS_REQUIRED, NULL);
    if (!is_console(call) && atomic_load_explicit(&portal->closed, memory_order_relaxed))
        return api_fail(&call->req, API_ERR_PORTAL_DELETED, NULL);
    return API_OK;
}

enum api_rc admit_call(struct call *call)
{
    return is_rest(call) ? check_portal(call) : API_OK;
}

/* ---- the plan ---- */

static enum api_rc check_plan(struct call *call)
{
    struct portal *portal = call->req.portal;
    if (call->caller.is_console)
        return API_OK;
    if (!portal->plan.has_rest)
        return api_fail(&call->req, API_ERR_PLAN, NULL);
    if (portal->plan.rate > 0 &&
        !limit_take(portal->buckets, &portal->plan, call->client, call->started))
        return api_fail(&call->req, API_ERR_QUERY_LIMIT_EXCEEDED, NULL);
    return API_OK;
}

enum api_rc admit_rate(struct call *call)
{
    return is_rest(call) ? check_plan(call) : API_OK;
}

/* ---- who calls ---- */

const char *call_credential(const struct call *call)
{
    if (call->path_code)
        return call->path_code;
    for (const char *const *name = credential_params; *name; name++) {
        const struct value *auth = value_get(call->req.params, *name);
        if (auth && auth->type == VALUE_STRING)
            return auth->string.text;
    }
    if (call->authorization && !strncasecmp(call->authorization, "Bearer ", 7))
        return call->authorization + 7;
    return NULL;
}

/* --mcp-open: an assistant on this machine needs no credential. */
static bool is_open(const struct call *call)
{
    return call->envelope && call->req.portal->mcp_open && !call_credential(call);
}

static enum api_rc authenticate(struct call *call)
{
    if (is_open(call))
        return auth_administrator(&call->req, &call->caller);
    return auth_caller(&call->req, call->path_user, call_credential(call), &call->caller);
}

static enum api_rc authenticate_page(struct call *call)
{
    const struct page *page = call->page;
    const char *auth = param_text(&call->req, "auth");
    if (page->access == PAGE_SIGNED && signature_is(auth))
        return signature_caller(&call->req, page->path, page->signs, auth, &call->caller);
    return authenticate(call);
}

static enum api_rc check_scope(struct call *call, const char *scope)
{
    return scope_allows(call->caller.scopes, scope) ? API_OK : dispatch_out_of_scope(&call->req);
}

bool admit_is_administrator(const struct call *call)
{
    return call->caller.is_admin && !call->caller.app_id;
}

enum api_rc admit_caller(struct call *call)
{
    const struct page *page = call->page;
    if (!page)
        return authenticate(call);
    if (page->access == PAGE_ANYONE)
        return API_OK;
    enum api_rc rc = authenticate_page(call);
    if (rc == API_OK)
        rc = check_scope(call, page->scope);
    if (rc == API_OK && !page_beside_methods(page) && !admit_is_administrator(call))
        rc = api_fail(&call->req, API_ERR_ACCESS_DENIED, NULL);
    return rc;
}

enum api_rc admit_as_method(struct call *call, const char *scope)
{
    enum api_rc rc = check_portal(call);
    if (rc == API_OK)
        rc = authenticate(call);
    if (rc == API_OK)
        rc = check_plan(call);
    return rc == API_OK ? check_scope(call, scope) : rc;
}
