/* /openapi.json: the methods of this server as OpenAPI 3.1; with a credential that may read some of the CRM also what the
 * portal has of its own. */
#include "people/access.h"
#include "portal/request.h"
#include "portal/scope.h"
#include "rest/admit.h"
#include "rest/call.h"
#include "rest/openapi.h"
#include "rest/page.h"

static enum api_rc openapi(struct call *call)
{
    bool own = call->authorization || param_get(&call->req, "auth");
    enum api_rc rc = own ? admit_as_method(call, NULL) : API_OK;
    /* Its fields and types are told to whom crm.*.fields would tell of them, or of some. */
    own = own && rc == API_OK && scope_allows(call->caller.scopes, "crm") &&
          access_some(&call->caller, ACCESS_READ);
    if (rc == API_OK)
        openapi_write(&call->out, &call->req, call->base_url, own);
    return rc;
}

static const struct page pages[] = {
    {.path = "/openapi.json",
     .summary = "the methods, described for programs",
     .lane = LANE_READ,
     .handle = openapi},
};

PAGE_FAMILY(openapi, pages);
