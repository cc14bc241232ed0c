/* /console/hook: outgoing webhooks, for administrators in the page as by `rapport hook out`.
 *
 * POST with a JSON body {"action": ...}, with the cookie of an administrator's session, as /console/session:
 *   hooks                            {events: ["ONCRMLEADADD", ...], hooks: [{id, title, handler, created, application_token, events:
 *                                    [...]}]}: what can be heard here, and who hears it; the newest first
 *   hook_add {handler, title, events: [...]}
 *                                    {id, application_token}
 *   hook_remove {id}                 true: with what still waits for it
 * What is refused has a text for people in error_description: 400 it is not so, 403 no administrator, 404 it is not there.
 */
#include <string.h>

#include "model/event_kind.h"
#include "people/token.h"
#include "portal/portal.h"
#include "rest/admin_page.h"
#include "rest/page.h"
#include "send/subscription.h"

#define TITLE_BYTES 255

static void write_kinds(struct call *call)
{
    const struct event_kinds *all = event_kinds_of(&call->req);
    writer_keyz(&call->out, "events");
    writer_begin_list(&call->out);
    for (size_t i = 0; i < all->count; i++) {
        if (all->kinds[i]->scope)
            writer_stringz(&call->out, all->kinds[i]->name);
    }
    writer_end_list(&call->out);
}

static void begin_hook(struct call *call, struct db_stmt *stmt, int64_t id)
{
    char mark[APP_MARK_SIZE];
    app_mark(call->req.portal, "hook", id, mark);
    writer_begin_object(&call->out);
    writer_number(&call->out, "id", id);
    writer_text(&call->out, "title", db_text(stmt, 1, NULL));
    writer_text(&call->out, "handler", db_text(stmt, 2, NULL));
    writer_number(&call->out, "created", db_int(stmt, 3));
    writer_text(&call->out, "application_token", mark);
    writer_keyz(&call->out, "events");
    writer_begin_list(&call->out);
}

static void end_hook(struct call *call)
{
    writer_end_list(&call->out);
    writer_end_object(&call->out);
}

static enum api_rc hooks(struct call *call)
{
    struct writer *out = &call->out;
    struct db_stmt *stmt = db_prepare(
        call->req.db, "SELECT o.id, o.title, t.handler, o.created, h.event FROM outgoing_hook o "
                      "JOIN event_handler h ON h.kind = 'H' AND h.subscriber_id = o.id JOIN "
                      "event_target t ON t.id = h.target_id ORDER BY o.id DESC, h.event");
    int64_t open = 0;
    enum db_rc rc;
    writer_begin_object(out);
    write_kinds(call);
    writer_keyz(out, "hooks");
    writer_begin_list(out);
    while ((rc = db_step(stmt)) == DB_ROW) {
        int64_t id = db_int(stmt, 0);
        if (open && open != id)
            end_hook(call);
        if (open != id)
            begin_hook(call, stmt, id);
        open = id;
        writer_stringz(out, db_text(stmt, 4, NULL));
    }
    if (open)
        end_hook(call);
    writer_end_list(out);
    writer_end_object(out);
    db_finish(stmt);
    return api_db(&call->req, rc);
}

/* The list of their names, as stored; NULL: not all of them are events that can be heard here, or there is none. */
static const char **read_events(struct call *call)
{
    const struct value *given = param_get(&call->req, "events");
    if (!given || !value_is_array(given) || !given->array.count)
        return NULL;
    const char **names = arena_zalloc(call->req.arena, (given->array.count + 1) * sizeof *names);
    for (size_t i = 0; i < given->array.count; i++) {
        const struct value *one = given->array.items[i].value;
        const struct event_kind *kind =
            one->type == VALUE_STRING ? event_kind_find(&call->req, one->string.text) : NULL;
        if (!kind || !kind->scope)
            return NULL;
        names[i] = kind->name;
    }
    return names;
}

static enum api_rc make(struct call *call)
{
    struct request *req = &call->req;
    const char *handler = param_text(req, "handler"), *title = param_text(req, "title");
    char mark[APP_MARK_SIZE];
    int64_t id;
    if (!handler_valid(handler))
        return own_page_refuse(call, 400, "An address begins with http:// or https://.");
    if (handler_is_own(handler, call->base_url, atomic_load(&req->portal->port)))
        return own_page_refuse(call, 400, "That is this server's own address.");
    if (strlen(title) > TITLE_BYTES)
        return own_page_refuse(call, 400, "The title is longer than 255 bytes.");
    const char **events = read_events(call);
    if (!events)
        return own_page_refuse(call, 400, "Say which events are told there.");
    enum db_rc rc = hook_out_add(req->db, handler, title, events, (int64_t)req->now, &id);
    if (rc != DB_OK)
        return api_db(req, rc);
    event_subscriptions_changed(req->portal);
    app_mark(req->portal, "hook", id, mark);
    writer_begin_object(&call->out);
    writer_number(&call->out, "id", id);
    writer_text(&call->out, "application_token", mark);
    writer_end_object(&call->out);
    return API_OK;
}

static enum api_rc drop(struct call *call)
{
    enum db_rc rc = hook_out_remove(call->req.db, admin_id(call));
    if (rc == DB_OK)
        event_subscriptions_changed(call->req.portal);
    return admin_done(call, rc, "There is no such outgoing webhook.");
}

static enum api_rc hook(struct call *call)
{
    static const struct admin_action actions[] = {
        {"hooks", true, hooks}, {"hook_add", false, make}, {"hook_remove", false, drop}, {0}};
    return admin_run(call, actions);
}

static const struct page pages[] = {
    {.path = "/console/hook",
     .of_console = true,
     .summary = "outgoing webhooks, for administrators",
     .lane = LANE_WRITE,
     .handle = hook},
};

PAGE_FAMILY(console_hook, pages);
