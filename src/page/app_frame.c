/* /app/ID and /console/app: an application in a frame, for the person who looks at it.
 *
 * /app/ID[?place=N or ?type=CODE] is a page of this host in which the frame stands: on its own, or in a frame of the console's. Its content
 * policy names the origin of the handler, of one application and of one place, and nothing else may be framed or posted to, nor
 * images of it shown.
 * The frame itself is opened, and its messages are answered, by the page's script (console/src/frame).
 *
 * /console/app: POST with a JSON body {"action": ...} and the cookie of a session, as /console/session:
 *   list              [{id, title, open, places: [{id, placement, title, description, options}]}]: what the user may open
 *   open {app, place, type}    what the frame is opened with: {title, handler, placement, fields: {...}, domain, protocol, height,
 *                     is_admin, install, first_run}; place 0: its own page, or with a type (of userfieldtype.add) the one that
 *                     shows a field of it; height: of the frame in pixels, 0: nothing is said
 *   refresh {app}     {AUTH_ID, REFRESH_ID, AUTH_EXPIRES}: of the user, for this application
 *   ran {app}         he has opened it before, from now on: true
 *   finish {app}      of an administrator: its installer's page is done: true
 * What is refused has a text for people in error_description.
 * Pages: settings/app-installation, sdk/bx24-js-sdk, api-reference/widgets.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "page/console.h"
#include "people/token.h"
#include "rest/cookie.h"
#include "rest/html.h"
#include "rest/own_page.h"
#include "rest/page.h"

#define APP_PAGE "/app/"

struct looker {
    struct call *call;
    int64_t user_id;
    bool is_admin;
};

/* A place of the page for people that the application fills; the application's own page has id 0. */
struct place {
    int64_t id, height;
    const char *code, *handler, *type; /* type: of a field; "" */
};

/* ---- who, and which ---- */

/* May he open it? Before its installer is done only an administrator may. */
static bool may_open(const struct looker *who, const struct app *app)
{
    return !app->revoked && !app->server_side && app_allows(app->users, who->user_id) &&
           (*app->handler || *app->install_url) && (app->installed || who->is_admin);
}

/* *why: for people, when there is nothing to open. */
static enum api_rc find_app(const struct looker *who, int64_t id, struct app *app, const char **why)
{
    struct request *req = &who->call->req;
    enum db_rc rc = app_find(req->db, req->arena, id, app);
    *why = rc == DB_NONE || app->revoked || !app_allows(app->users, who->user_id)
               ? "There is no such application, or not for you."
           : !app->installed && !who->is_admin
               ? "The application is not fully installed yet. Ask an administrator to open it."
           : !may_open(who, app) ? "This application has no page of its own."
                                 : NULL;
    return rc == DB_NONE ? API_OK : api_db(req, rc);
}

/* What shows the fields of a type of the application's. */
static enum api_rc find_type(struct request *req, const struct app *app, struct place *place,
                             const char **why)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT handler, options FROM user_field_type WHERE app_id = $1 AND "
                            "type_id = $2");
    db_bind_int(stmt, 1, app->id);
    db_bind_textz(stmt, 2, place->type);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        size_t len;
        const char *options = request_text(req, stmt, 1, &len);
        const struct value *height = value_get(json_parse_own(req->arena, options, len), "height");
        place->code = "USERFIELD_TYPE";
        place->handler = request_text(req, stmt, 0, NULL);
        if (!height || !value_to_int(height, &place->height) || place->height < 0)
            place->height = 0;
        *why = NULL;
    }
    db_finish(stmt);
    return rc == DB_NONE ? API_OK : api_db(req, rc);
}

/* Its own page (its installer's, until that is done), or a place of it; *why as find_app. */
static enum api_rc find_place(const struct looker *who, const struct app *app, struct place *place,
                              const char **why)
{
    struct request *req = &who->call->req;
    bool installs = *app->install_url && (!app->installed || !*app->handler);
    *place = (struct place){.code = "DEFAULT",
                            .handler = installs ? app->install_url : app->handler,
                            .type = param_text(req, "type")};
    int64_t id = 0;
    param_int(req, "place", &id);
    if (!id && !*place->type)
        return API_OK;
    *why = "There is no such place.";
    if (!app->installed)
        return API_OK;
    if (!id)
        return find_type(req, app, place, why);
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT placement, handler FROM placement WHERE id = $1 AND app_id = "
                            "$2 AND user_id IN (0, $3)");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, app->id);
    db_bind_int(stmt, 3, who->user_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        *place = (struct place){.id = id,
                                .code = request_text(req, stmt, 0, NULL),
                                .handler = request_text(req, stmt, 1, NULL),
                                .type = ""};
        *why = NULL;
    }
    db_finish(stmt);
    return rc == DB_NONE ? API_OK : api_db(req, rc);
}

/* Bytes of a host's name or number; a browser takes no other letters as they stand. */
static size_t host_len(const char *text)
{
    if (*text == '[') {
        size_t len = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
        return text[len] == ']' ? len + 1 : 0;
    }
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");
}

/* "https://host:port" of an http or https address that a policy can name, as browsers write it: the port a number, and only
 * where it is not the usual one; NULL: it is none. */
static const char *origin_of(struct arena *arena, const char *address)
{
    bool tls = !strncmp(address, "https://", 8);
    if (!tls && strncmp(address, "http://", 7) != 0)
        return NULL;
    const char *host = address + (tls ? 8 : 7);
    size_t len = host_len(host), digits = 0;
    const int64_t usual = tls ? 443 : 80;
    int64_t port = usual;
    if (host[len] == ':') {
        digits = strspn(host + len + 1, "0123456789");
        if (digits && !value_to_int(value_string(arena, host + len + 1, digits), &port))
            return NULL;
        digits++;
    }
    if (!len || port < 1 || port > 65535 ||
        (host[len + digits] && !strchr("/?#", host[len + digits])))
        return NULL;
    char number[8] = "";
    if (port != usual)
        snprintf(number, sizeof number, ":%d", (int)port);
    return arena_printf(arena, "%s://%.*s%s", tls ? "https" : "http", (int)len, host, number);
}

/* A page of this host would have all that the person has. */
static const char *frame_origin(struct call *call, const struct place *place)
{
    const char *origin = origin_of(call->req.arena, place->handler);
    const char *own = origin_of(call->req.arena, call->base_url);
    return origin && own && strcasecmp(origin, own) != 0 ? origin : NULL;
}

#define NO_ORIGIN "The application's address is none that can be opened in a frame."

/* ---- the page ---- */

static void page_headers(struct call *call, const char *origin)
{
    call->reply.type = "text/html; charset=utf-8";
    call_reply_header(
        call, "Content-Security-Policy",
        arena_printf(call->req.arena,
                     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
                     "data: blob: %s; connect-src 'self'; form-action %s; frame-src %s; "
                     "frame-ancestors 'self'; base-uri 'none'",
                     origin, origin, origin));
    call_reply_header(call, "X-Frame-Options", "SAMEORIGIN");
    call_reply_header(call, "X-Content-Type-Options", "nosniff");
    call_reply_header(call, "Referrer-Policy", "no-referrer");
    call_reply_header(call, "Cache-Control", "no-store");
}

static void write_page(struct call *call, const struct app *app, const struct place *place)
{
    char ids[80];
    snprintf(ids, sizeof ids, "\" data-app=\"%lld\" data-place=\"%lld\" data-type=\"",
             (long long)app->id, (long long)place->id);
    html_markup(call, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
                      "name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    html_text(call, app->name);
    html_markup(call, " - Rapport</title><link rel=\"stylesheet\" href=\"");
    html_text(call, console_file_named("/console/app-", ".css"));
    html_markup(call, "\"><script type=\"module\" src=\"");
    html_text(call, console_file_named("/console/frame-", ".js"));
    html_markup(call, "\"></script></head><body class=\"frame\" data-title=\"");
    html_text(call, app->name);
    html_markup(call, ids);
    html_text(call, place->type);
    html_markup(call, "\"></body></html>\n");
}

static enum api_rc app_page(struct call *call)
{
    struct looker who = {.call = call};
    struct app app = {0};
    struct place place;
    const char *why = "There is no such application, or not for you.", *origin = NULL;
    int64_t id = 0;
    const char *at = call->path + strspn(call->path, "/");
    at += strcspn(at, "/");
    at += strspn(at, "/");
    if (!console_file_named("/console/frame-", ".js"))
        return html_message(call, 404, "Application", "This server was built without its console.");
    enum db_rc step = session_user(call->req.db, call->req.portal, cookie_of(call, COOKIE_SESSION),
                                   (int64_t)call->req.now, &who.user_id);
    if (step == DB_NONE)
        return html_message(call, 401, "Application",
                            "Nobody is signed in. Sign in at the console.");
    enum api_rc rc = api_db(&call->req, step);
    if (rc == API_OK)
        rc = own_page_is_admin(call, who.user_id, &who.is_admin);
    if (rc == API_OK && value_to_int(value_string(call->req.arena, at, strcspn(at, "/")), &id))
        rc = find_app(&who, id, &app, &why);
    if (rc == API_OK && !why)
        rc = find_place(&who, &app, &place, &why);
    if (rc == API_OK && !why && !(origin = frame_origin(call, &place)))
        why = NO_ORIGIN;
    if (rc != API_OK)
        return rc;
    if (why)
        return html_message(call, 404, "Application", why);
    page_headers(call, origin);
    write_page(call, &app, &place);
    return API_OK;
}

/* ---- what its script asks for ---- */

static void write_places(struct writer *out, struct db_stmt *stmt)
{
    static const char *const keys[] = {"placement", "title", "description"};
    enum db_rc rc;
    while ((rc = db_step(stmt)) == DB_ROW) {
        size_t len;
        writer_begin_object(out);
        writer_number(out, "id", db_int(stmt, 0));
        for (int i = 0; i < 3; i++)
            writer_text(out, keys[i], db_text(stmt, i + 1, NULL));
        writer_keyz(out, "options");
        const char *options = db_text(stmt, 4, &len);
        writer_raw(out, options, len);
        writer_end_object(out);
    }
}

static enum api_rc write_listed(const struct looker *who, const struct app *app)
{
    struct writer *out = &who->call->out;
    struct db_stmt *stmt = db_prepare(
        who->call->req.db, "SELECT id, placement, title, description, options FROM placement WHERE "
                           "app_id = $1 AND user_id IN (0, $2) ORDER BY id");
    db_bind_int(stmt, 1, app->id);
    db_bind_int(stmt, 2, who->user_id);
    writer_begin_object(out);
    writer_number(out, "id", app->id);
    writer_text(out, "title", app->name);
    writer_keyz(out, "installed");
    writer_bool(out, app->installed);
    writer_keyz(out, "places");
    writer_begin_list(out);
    if (app->installed)
        write_places(out, stmt);
    writer_end_list(out);
    writer_end_object(out);
    db_finish(stmt);
    return API_OK;
}

static enum api_rc list(const struct looker *who)
{
    struct request *req = &who->call->req;
    struct app app = {0};
    enum db_rc step;
    writer_begin_list(&who->call->out);
    while ((step = app_next(req->db, req->arena, app.id, &app)) == DB_ROW) {
        if (may_open(who, &app))
            write_listed(who, &app);
    }
    writer_end_list(&who->call->out);
    return api_db(req, step);
}

static enum api_rc issue(const struct looker *who, const struct app *app, struct token_pair *pair)
{
    struct request *req = &who->call->req;
    return api_db(req, token_issue(req->db, req->portal, app, who->user_id, (int64_t)req->now,
                                   TOKEN_ACCESS_S, pair));
}

static void write_auth(struct writer *out, const struct token_pair *pair)
{
    char life[24];
    snprintf(life, sizeof life, "%lld", (long long)pair->lifetime);
    writer_text(out, "AUTH_ID", pair->access);
    writer_text(out, "REFRESH_ID", pair->refresh);
    writer_text(out, "AUTH_EXPIRES", life);
}

static void write_fields(const struct looker *who, const struct app *app, const struct place *place,
                         const struct token_pair *pair)
{
    struct call *call = who->call;
    char mark[APP_MARK_SIZE], member[APP_MARK_SIZE];
    app_mark(call->req.portal, "app", app->id, mark);
    portal_member_id(call->req.portal, member);
    const char *const texts[][2] = {
        {"SERVER_ENDPOINT", arena_printf(call->req.arena, "%s/rest/", call->base_url)},
        {"APPLICATION_TOKEN", mark},
        {"APPLICATION_SCOPE", app->scope},
        {"member_id", member},
        {"status", APP_STATUS},
        {"PLACEMENT", place->code}};
    writer_keyz(&call->out, "fields");
    writer_begin_object(&call->out);
    write_auth(&call->out, pair);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        writer_text(&call->out, texts[i][0], texts[i][1]);
    writer_end_object(&call->out);
}

static void write_init(const struct looker *who, const struct app *app, const struct place *place,
                       bool is_new)
{
    struct writer *out = &who->call->out;
    bool installs = !app->installed && place->handler == app->install_url;
    writer_keyz(out, "domain");
    writer_stringz(out, base_url_domain(who->call->base_url));
    writer_text(out, "protocol", strncmp(who->call->base_url, "https://", 8) ? "0" : "1");
    const struct {
        const char *key;
        bool is;
    } flags[] = {{"is_admin", who->is_admin}, {"install", installs}, {"first_run", is_new}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        writer_keyz(out, flags[i].key);
        writer_bool(out, flags[i].is);
    }
}

static enum api_rc open_app(const struct looker *who, const struct app *app)
{
    struct call *call = who->call;
    struct token_pair pair;
    struct place place;
    const char *why = NULL;
    bool is_new = false;
    enum api_rc rc = find_place(who, app, &place, &why);
    if (rc == API_OK && (why || !frame_origin(call, &place)))
        return own_page_refuse(call, 404, why ? why : NO_ORIGIN);
    if (rc == API_OK)
        rc = api_db(&call->req, app_is_new_to(call->req.db, app->id, who->user_id, &is_new));
    if (rc == API_OK)
        rc = issue(who, app, &pair);
    if (rc != API_OK)
        return rc;
    writer_begin_object(&call->out);
    writer_text(&call->out, "title", app->name);
    writer_text(&call->out, "handler", place.handler);
    writer_text(&call->out, "placement", place.code);
    writer_number(&call->out, "height", place.height);
    write_fields(who, app, &place, &pair);
    write_init(who, app, &place, is_new);
    writer_end_object(&call->out);
    return API_OK;
}

static enum api_rc refresh(const struct looker *who, const struct app *app)
{
    struct token_pair pair;
    enum api_rc rc = issue(who, app, &pair);
    if (rc != API_OK)
        return rc;
    writer_begin_object(&who->call->out);
    write_auth(&who->call->out, &pair);
    writer_end_object(&who->call->out);
    return API_OK;
}

static enum api_rc ran(const struct looker *who, const struct app *app)
{
    writer_bool(&who->call->out, true);
    return api_db(&who->call->req, app_ran(who->call->req.db, app->id, who->user_id));
}

static enum api_rc finish(const struct looker *who, const struct app *app)
{
    if (!who->is_admin)
        return own_page_refuse(who->call, 403, "Only an administrator may do this.");
    writer_bool(&who->call->out, true);
    return api_db(&who->call->req, app_finish(who->call->req.db, app->id));
}

static enum api_rc act(const struct looker *who)
{
    static const struct {
        const char *action;
        enum api_rc (*run)(const struct looker *who, const struct app *app);
    } actions[] = {{"open", open_app}, {"refresh", refresh}, {"ran", ran}, {"finish", finish}};
    struct call *call = who->call;
    struct app app;
    const char *why = NULL;
    int64_t id = 0;
    param_int(&call->req, "app", &id);
    enum api_rc rc = find_app(who, id, &app, &why);
    if (rc != API_OK || why)
        return rc != API_OK ? rc : own_page_refuse(call, 404, why);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (!strcmp(actions[i].action, own_page_action(call)))
            return actions[i].run(who, &app);
    }
    return own_page_refuse(call, 400, "There is no such action.");
}

static enum api_rc app_calls(struct call *call)
{
    struct looker who = {.call = call};
    const char *session;
    call_reply_header(call, "Cache-Control", "no-store");
    if (!own_page_asks(call))
        return own_page_refuse(call, 403, "Only the console itself may ask this.");
    enum api_rc rc = own_page_session(call, &session, &who.user_id);
    if (rc == API_OK)
        rc = own_page_is_admin(call, who.user_id, &who.is_admin);
    if (rc != API_OK)
        return rc;
    return strcmp(own_page_action(call), "list") != 0 ? act(&who) : list(&who);
}

static const struct page pages[] = {
    {.path = APP_PAGE,
     .of_console = true,
     .below = true,
     .summary = "the page in which an application's frame stands",
     .lane = LANE_READ,
     .handle = app_page},
    {.path = "/console/app",
     .of_console = true,
     .summary = "what an application's frame is opened with",
     .lane = LANE_WRITE,
     .handle = app_calls},
};

PAGE_FAMILY(app_frame, pages);
