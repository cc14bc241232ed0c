/* /healthz, /readyz and /metrics: for whoever watches the server.
 *
 *   /healthz   200 "ok": the process lives and answers; nothing else is looked at
 *   /readyz    200 "ready", or 503 with a line of why: the store does not answer, the server is ending, the portal is closed, the disk is
 *              full (rest/watch)
 *   /metrics   in the text format of Prometheus, for an administrator's credential (Authorization: Bearer); without one they are told
 *              at --metrics-listen alone
 * The first two need no credential, and come over plain HTTP whatever --require-https says: load balancers ask from beside.
 */
#include "rest/call.h"
#include "rest/page.h"
#include "rest/watch.h"

static enum api_rc reply(struct call *call, const char *type)
{
    call->reply.type = type;
    call_reply_header(call, "Cache-Control", "no-store");
    return API_OK;
}

static enum api_rc healthz(struct call *call)
{
    buf_adds(&call->answer, "ok\n");
    return reply(call, WATCH_HEALTH_TYPE);
}

static enum api_rc readyz(struct call *call)
{
    struct buf why = {0};
    if (watch_ready(call->req.portal, call->req.db, &why))
        buf_adds(&why, "ready\n");
    else
        call->reply.status = 503;
    buf_add(&call->answer, why.data, why.len);
    buf_clear(&why);
    return reply(call, WATCH_HEALTH_TYPE);
}

static enum api_rc metrics(struct call *call)
{
    watch_metrics(call->req.portal, call->req.db, &call->answer);
    return reply(call, WATCH_METRICS_TYPE);
}

static const struct page pages[] = {
    {.path = "/healthz",
     .of_console = true,
     .quiet = true,
     .summary = "the process lives",
     .lane = LANE_READ,
     .handle = healthz},
    {.path = "/readyz",
     .of_console = true,
     .quiet = true,
     .summary = "the server can be used",
     .lane = LANE_READ,
     .handle = readyz},
    {.path = "/metrics",
     .of_console = true,
     .quiet = true,
     .summary = "what the server does, for Prometheus",
     .lane = LANE_READ,
     .access = PAGE_ADMIN,
     .handle = metrics},
};

PAGE_FAMILY(watch, pages);
