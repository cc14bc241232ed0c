/* The control API: what a test suite may do to the server it tests against. An administrator's
 * credential, and only with `rapport serve --control`. */
#include "rest/control.h"
#include "rest/call.h"
#include "rest/page.h"

/* GET shows, POST changes: never by a link or a reload. */
static enum api_rc run(struct call *call, const char *show, const char *change)
{
    const char *action = call->is_post ? change : show;
    if (!action)
        return api_fail(&call->req, API_ERR_HTTP_METHOD, call->is_post ? "Use GET" : "Use POST");
    return control_run(&call->req, action);
}

#define ACTION(function, show, change)                                                             \
    static enum api_rc function(struct call *call)                                                 \
    {                                                                                              \
        return run(call, show, change);                                                            \
    }

ACTION(faults, "faults", "faults/add")
ACTION(faults_clear, NULL, "faults/clear")
ACTION(clock, "clock", NULL)
ACTION(clock_freeze_at, NULL, "clock/freeze")
ACTION(clock_move_by, NULL, "clock/move")
ACTION(clock_resume_now, NULL, "clock/resume")
ACTION(calls, "calls", NULL)
ACTION(calls_clear, NULL, "calls/clear")
ACTION(reset, NULL, "reset")

static const struct page pages[] = {
    {.path = "/_rapport/faults",
     .summary = "the faults (GET); one more (POST)",
     .access = PAGE_CONTROL,
     .handle = faults},
    {.path = "/_rapport/faults/clear",
     .summary = "no fault, or not that of `id`",
     .access = PAGE_CONTROL,
     .handle = faults_clear},
    {.path = "/_rapport/clock",
     .summary = "what time it is",
     .access = PAGE_CONTROL,
     .handle = clock},
    {.path = "/_rapport/clock/freeze",
     .summary = "it stands, now or `at` a time",
     .access = PAGE_CONTROL,
     .handle = clock_freeze_at},
    {.path = "/_rapport/clock/move",
     .summary = "it goes on or back `by` a time",
     .access = PAGE_CONTROL,
     .handle = clock_move_by},
    {.path = "/_rapport/clock/resume",
     .summary = "the system's time again",
     .access = PAGE_CONTROL,
     .handle = clock_resume_now},
    {.path = "/_rapport/calls",
     .summary = "the last calls, `after` an id, of a `method`",
     .access = PAGE_CONTROL,
     .handle = calls},
    {.path = "/_rapport/calls/clear",
     .summary = "forget them",
     .access = PAGE_CONTROL,
     .handle = calls_clear},
    {.path = "/_rapport/reset",
     .summary = "the portal's data as they were made at first",
     .access = PAGE_CONTROL,
     .handle = reset},
};

PAGE_FAMILY(control, pages);
