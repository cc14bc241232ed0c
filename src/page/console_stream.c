/* /console/stream: what changes, while it changes, for the page of who is signed in.
 *
 * Server-sent events (text/event-stream), read with the console's token in a header; each is the lines `event: NAME` and
 * `data: {JSON}` and an empty one:
 *   ready {}    what changes from now on is told
 *   change {entityTypeId, entity, id, kind}   a row was changed (kind: add, update, delete) that the user may read, or could
 *               before: of what has no number of type entityTypeId is 0 and `entity` says what it is. A card is
 *               told as changed when its product rows are, or its comments, messages, notes and pins.
 *   call {id}   with ?calls=1, for an administrator: a call came in, numbered as in the log of calls, which is kept with
 *               --control
 *   reset {}    something was missed: read all again
 * and a line that begins with a colon after 15 seconds of silence. It ends a quarter of an hour after it began, at once
 * when its session is signed out or its user dismissed; the page asks again with the next token. A user has FEED_MOST_OF_USER
 * streams, the oldest gives way; a portal FEED_MOST, then the answer is 503.
 */
#include "base/clock.h"
#include "people/console.h"
#include "portal/feed.h"
#include "portal/portal.h"
#include "rest/admit.h"
#include "rest/page.h"

static enum api_rc session_of(struct call *call, char session[SECRET_HASH_HEX])
{
    enum db_rc rc = console_token_session(call->req.db, call->req.portal, call_credential(call),
                                          (int64_t)portal_now(call->req.portal), session);
    return rc == DB_NONE ? api_fail(&call->req, API_ERR_INVALID_TOKEN, NULL)
                         : api_db(&call->req, rc);
}

/* It may be signed out at this moment: either that ends the stream, which is there already, or the second look
 * finds no session any more. */
static enum api_rc follow(struct call *call, bool calls)
{
    double until = clock_monotonic() + CONSOLE_TOKEN_S;
    char session[SECRET_HASH_HEX];
    enum api_rc rc = session_of(call, session);
    if (rc != API_OK)
        return rc;
    if (call->follows) /* run again */
        feed_leave(call->follows);
    call->follows = feed_follow(call->req.portal, call->caller.user_id, session, calls, until);
    if (!call->follows)
        return api_fail(&call->req, API_ERR_OVERLOAD_LIMIT, "Too many pages follow the changes");
    return session_of(call, session);
}

static enum api_rc stream(struct call *call)
{
    struct request *req = &call->req;
    bool calls = false;
    if (!call->caller.is_console)
        return api_fail(req, API_ERR_ACCESS_DENIED, NULL);
    value_to_flag(param_get(req, "calls"), &calls);
    enum api_rc rc = follow(call, calls && call->caller.is_admin);
    if (rc != API_OK)
        return rc;
    call_reply_header(call, "Cache-Control", "no-store");
    call_reply_header(call, "X-Accel-Buffering", "no"); /* a proxy passes it on at once */
    return API_OK;
}

static const struct page pages[] = {
    {.path = "/console/stream",
     .of_console = true,
     .summary = "what changes, told to the console",
     .lane = LANE_READ,
     .access = PAGE_CALLER,
     .scope = "crm",
     .handle = stream},
};

PAGE_FAMILY(console_stream, pages);
