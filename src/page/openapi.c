/* /openapi.json: the methods of this server as OpenAPI 3.1; with a credential also what the portal has of its own. */
#include "portal/request.h"
#include "rest/admit.h"
#include "rest/call.h"
#include "rest/openapi.h"
#include "rest/page.h"

static enum api_rc openapi(struct call *call)
{
    bool own = call->authorization || param_get(&call->req, "auth");
    enum api_rc rc = own ? admit_as_method(call, NULL) : API_OK;
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
