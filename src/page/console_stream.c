/* /console/stream: what changes, while it changes, for the page of who is signed in.
 *
 * Server-sent events (text/event-stream), read with the console's token in a header: `ready` at first, `change`
 * {entityTypeId, entity, id, kind} for rows that the user may read, `call` {id} with ?calls=1 for an administrator, `reset`
 * when something was missed, and a line that says nothing every 15 seconds. It ends with the token; the page asks
 * again with the next one.
 */
#include "base/clock.h"
#include "people/console.h"
#include "portal/feed.h"
#include "portal/portal.h"
#include "rest/call.h"
#include "rest/page.h"

static enum api_rc stream(struct call *call)
{
    struct request *req = &call->req;
    bool calls = false;
    if (!call->caller.is_console)
        return api_fail(req, API_ERR_ACCESS_DENIED, NULL);
    value_to_flag(param_get(req, "calls"), &calls);
    double until = clock_monotonic() + CONSOLE_TOKEN_S;
    call->reply.follows =
        feed_follow(req->portal, call->caller.user_id, calls && call->caller.is_admin, until);
    if (!call->reply.follows)
        return api_fail(req, API_ERR_OVERLOAD_LIMIT, "Too many pages follow the changes");
    call_reply_header(call, "Cache-Control", "no-store");
    call_reply_header(call, "X-Accel-Buffering", "no"); /* a proxy passes it on at once */
    return API_OK;
}

static const struct page pages[] = {
    {.path = "/console/stream",
     .summary = "what changes, told to the console",
     .lane = LANE_READ,
     .access = PAGE_CALLER,
     .scope = "crm",
     .handle = stream},
};

PAGE_FAMILY(console_stream, pages);
