#include "send/subscription.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "people/app.h"
#include "portal/kept_table.h"

KEPT_TABLE(outgoing_hook);

EVENT_KIND(app_installed_event, "ONAPPINSTALL", NULL);
EVENT_KIND(app_uninstalled_event, "ONAPPUNINSTALL", NULL);

bool handler_valid(const char *handler)
{
    size_t len = strlen(handler);
    const char *host = strstr(handler, "://");
    if ((strncmp(handler, "http://", 7) != 0 && strncmp(handler, "https://", 8) != 0) ||
        len > 2000 || !host[3] || host[3] == '/')
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)handler[i] <= ' ' || handler[i] == 127)
            return false;
    }
    return true;
}

/* Host and port of a valid address; the host without user, brackets or a last dot. */
static int authority(const char *url, char host[256])
{
    bool secure = !strncasecmp(url, "https", 5);
    const char *at = strstr(url, "://") + 3;
    size_t len = strcspn(at, "/?#");
    for (size_t i = len; i-- > 0;) {
        if (at[i] == '@') {
            at += i + 1;
            len -= i + 1;
            break;
        }
    }
    const char *close = *at == '[' ? memchr(at, ']', len) : NULL;
    const char *colon = memchr(close ? close : at, ':', len - (close ? (size_t)(close - at) : 0));
    size_t name = close ? (size_t)(close - at - 1) : colon ? (size_t)(colon - at) : len;
    snprintf(host, 256, "%.*s", name < 255 ? (int)name : 255, close ? at + 1 : at);
    if (*host && host[strlen(host) - 1] == '.')
        host[strlen(host) - 1] = '\0';
    return colon ? (int)strtol(colon + 1, NULL, 10) : secure ? 443 : 80;
}

bool address_valid(const char *address)
{
    for (const char *c = address; *c; c++) {
        if ((unsigned char)*c >= 127)
            return false;
    }
    return handler_valid(address) && !strpbrk(address, "\"'<>\\^`{}|#");
}

bool handler_is_own(const char *handler, const char *base_url, int port)
{
    char host[256], own[256];
    int its_port = authority(handler, host);
    if (base_url && strstr(base_url, "://") && authority(base_url, own) == its_port &&
        !strcasecmp(host, own))
        return true;
    return port && its_port == port &&
           (!strcasecmp(host, "localhost") || !strncmp(host, "127.", 4) || !strcmp(host, "::1") ||
            !strcmp(host, "0.0.0.0") || !strcmp(host, "::"));
}

/* Finds or makes the target of an address. */
static enum db_rc target_of(struct db *db, const struct subscription *s, int64_t *target)
{
    *target = 0;
    if (!s->handler)
        return DB_OK;
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO event_target (kind, subscriber_id, handler) VALUES ($1, $2, "
                       "$3) ON CONFLICT (kind, subscriber_id, handler) DO UPDATE SET handler = "
                       "EXCLUDED.handler RETURNING id");
    db_bind_textz(stmt, 1, s->kind);
    db_bind_int(stmt, 2, s->subscriber_id);
    db_bind_textz(stmt, 3, s->handler);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *target = db_int(stmt, 0);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

enum db_rc subscription_add(struct db *db, const struct subscription *s, int64_t *id)
{
    int64_t target;
    /* An address without a handler is removed: not between the two steps here. */
    enum db_rc rc = db_hold_rule(db, "event");
    if (rc == DB_OK)
        rc = target_of(db, s, &target);
    if (rc != DB_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO event_handler (event, target_id, kind, subscriber_id, auth_type, offline, "
            "connector, min_timeout) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO "
            "NOTHING RETURNING id");
    db_bind_textz(stmt, 1, s->event);
    db_bind_int(stmt, 2, target);
    db_bind_textz(stmt, 3, s->kind);
    db_bind_int(stmt, 4, s->subscriber_id);
    db_bind_int(stmt, 5, s->auth_type);
    db_bind_int(stmt, 6, s->handler ? 0 : 1);
    db_bind_textz(stmt, 7, s->connector ? s->connector : "");
    db_bind_int(stmt, 8, s->min_timeout);
    rc = db_step(stmt);
    if (rc == DB_ROW && id)
        *id = db_int(stmt, 0);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc == DB_NONE ? DB_CONFLICT : rc;
}

#define MATCHING                                                                                   \
    "SELECT h.id FROM event_handler h LEFT JOIN event_target t ON t.id = h.target_id WHERE "       \
    "h.kind = $1 AND h.subscriber_id = $2 AND h.offline = $3 AND ($4 = '' OR h.event = $4) AND "   \
    "($5 = '' OR t.handler = $5) AND ($6 < 0 OR h.auth_type = $6) AND ($7 = '' OR h.connector = "  \
    "$7)"

enum db_rc subscription_remove(struct db *db, const struct subscription_match *m, int64_t *count)
{
    /* Held first: what another server is telling them is committed then, and goes too. */
    static const char *const steps[] = {
        MATCHING, "DELETE FROM event_outbox WHERE handler_id IN (" MATCHING ")",
        "DELETE FROM event_handler WHERE id IN (" MATCHING ")"};
    const char *const texts[] = {m->event, m->handler, m->connector};
    enum db_rc rc = db_hold_rule(db, "event");
    for (int i = 0; i < 3 && rc == DB_OK; i++) {
        struct db_stmt *stmt = i ? db_prepare(db, steps[i]) : db_prepare_hold(db, steps[i], "h");
        db_bind_textz(stmt, 1, m->kind);
        db_bind_int(stmt, 2, m->subscriber_id);
        db_bind_int(stmt, 3, m->offline);
        db_bind_textz(stmt, 4, texts[0] ? texts[0] : "");
        db_bind_textz(stmt, 5, texts[1] ? texts[1] : "");
        db_bind_int(stmt, 6, m->auth_type);
        db_bind_textz(stmt, 7, texts[2] ? texts[2] : "");
        rc = db_run(stmt);
    }
    if (count)
        *count = rc == DB_OK ? db_changes(db) : 0;
    return rc == DB_OK ? db_exec(db, "DELETE FROM event_target WHERE id NOT IN (SELECT target_id "
                                     "FROM event_handler)")
                       : rc;
}

/* ---- outgoing webhooks ---- */

enum db_rc hook_out_add(struct db *db, const char *handler, const char *title,
                        const char *const *events, int64_t now, int64_t *id)
{
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO outgoing_hook (title, created) VALUES ($1, $2) RETURNING id");
    db_bind_textz(stmt, 1, title);
    db_bind_int(stmt, 2, now);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *id = db_int(stmt, 0);
    db_finish(stmt);
    if (rc != DB_ROW)
        return rc;
    rc = DB_OK;
    for (; *events && rc == DB_OK; events++) {
        struct subscription s = {
            .event = *events, .handler = handler, .kind = SUBSCRIBER_HOOK, .subscriber_id = *id};
        rc = subscription_add(db, &s, NULL);
        if (rc == DB_CONFLICT) /* an event named twice */
            rc = DB_OK;
    }
    return rc;
}

enum db_rc hook_out_remove(struct db *db, int64_t id)
{
    struct subscription_match match = {
        .kind = SUBSCRIBER_HOOK, .subscriber_id = id, .auth_type = -1};
    struct db_stmt *stmt = db_prepare(db, "DELETE FROM outgoing_hook WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_run(stmt);
    if (rc == DB_OK && !db_changes(db))
        return DB_NONE;
    return rc == DB_OK ? subscription_remove(db, &match, NULL) : rc;
}

/* ---- applications come and go ---- */

enum db_rc app_installed(struct db *db, const struct app *app, int64_t now)
{
    struct subscription s = {.event = app_installed_event.name,
                             .handler = *app->install_url ? app->install_url : app->handler,
                             .kind = SUBSCRIBER_APP,
                             .subscriber_id = app->id,
                             .auth_type = app->installer_id};
    if (!*s.handler)
        return DB_OK;
    enum db_rc rc = subscription_add(db, &s, NULL);
    if (rc != DB_OK && rc != DB_CONFLICT)
        return rc;
    struct event_news news = {.kind = &app_installed_event,
                              .data = "data%5BVERSION%5D=1&data%5BACTIVE%5D=Y&data%5BINSTALLED%5D="
                                      "Y&data%5BLANGUAGE_ID%5D=en",
                              .app_id = app->id,
                              .user_id = app->installer_id,
                              .now = now};
    return event_tell(db, &news);
}

enum db_rc app_uninstalled(struct db *db, int64_t app_id, int64_t now)
{
    static const char *const steps[] = {
        "SELECT id FROM event_handler WHERE kind = 'A' AND subscriber_id = $1",
        "DELETE FROM event_outbox WHERE handler_id IN (SELECT id FROM event_handler WHERE kind = "
        "'A' AND subscriber_id = $1 AND event <> 'ONAPPUNINSTALL')",
        "DELETE FROM event_handler WHERE kind = 'A' AND subscriber_id = $1 AND event <> "
        "'ONAPPUNINSTALL'",
        "DELETE FROM event_offline WHERE app_id = $1"};
    enum db_rc rc = db_hold_rule(db, "event");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && rc == DB_OK; i++) {
        struct db_stmt *stmt = i ? db_prepare(db, steps[i]) : db_prepare_hold(db, steps[i], NULL);
        db_bind_int(stmt, 1, app_id);
        rc = db_run(stmt);
    }
    if (rc != DB_OK)
        return rc;
    struct event_news news = {.kind = &app_uninstalled_event,
                              .data = "data%5BLANGUAGE_ID%5D=en&data%5BCLEAN%5D=1",
                              .app_id = app_id,
                              .now = now};
    return event_tell(db, &news);
}
