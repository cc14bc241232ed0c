#include "app/setup.h"

#include <stdio.h>
#include <string.h>

#include "app/demo.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/method.h"
#include "people/auth.h"
#include "portal/migrate.h"

enum api_rc setup_demo(struct portal *portal, struct db *db)
{
    struct arena arena;
    struct caller caller = {.user_id = 1, .is_admin = true};
    struct buf unused = {0};
    struct writer out;
    arena_init(&arena);
    writer_init(&out, &unused);
    struct request req = {.arena = &arena,
                          .db = db,
                          .portal = portal,
                          .zone = portal->zone,
                          .caller = &caller,
                          .params = value_array(&arena),
                          .out = &out,
                          .now = portal_now(portal)};
    enum api_rc rc = demo_fill(&req, (int64_t)req.now / 86400 * 86400);
    if (rc == API_FAIL)
        log_error("demo: %s", req.error.text ? req.error.text : api_errors[req.error.code].text);
    buf_clear(&unused);
    arena_clear(&arena);
    return rc;
}

static bool has_setting(struct db *db, const char *name, int64_t *number)
{
    struct buf value = {0};
    bool found = portal_setting(db, name, &value);
    if (!found || !text_to_int(buf_text(&value), value.len, number))
        *number = 0;
    buf_clear(&value);
    return found;
}

static enum db_rc set_number(struct db *db, const char *name, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    return portal_setting_set(db, name, text);
}

/* In place of the one that a killed start may have made and not shown. */
static enum db_rc make_webhook(struct portal *portal, struct db *db, const char *code,
                               const char *wanted)
{
    int64_t id, earlier;
    struct buf scope = {0};
    wanted ? buf_adds(&scope, wanted) : method_scopes(&scope);
    has_setting(db, "first_webhook", &earlier);
    struct db_stmt *stmt = db_prepare(db, "DELETE FROM webhook WHERE id = $1");
    db_bind_int(stmt, 1, earlier);
    enum db_rc rc = db_run(stmt);
    if (rc == DB_OK)
        rc = webhook_add(db, portal, 1, code, buf_text(&scope), (int64_t)portal_now(portal), &id);
    buf_clear(&scope);
    return rc == DB_OK ? set_number(db, "first_webhook", id) : rc;
}

static void has_no_effect(const char *option)
{
    log_warn("%s has no effect: it is for a new portal, and this one exists", option);
}

static enum db_rc fill_once(struct portal *portal, struct db *db, bool demo)
{
    int64_t unused;
    if (has_setting(db, "filled", &unused)) {
        if (demo)
            has_no_effect("--demo");
        return DB_OK;
    }
    if (demo && db_ids_again(db) != DB_OK)
        return DB_ERROR;
    if (demo && setup_demo(portal, db) != API_OK)
        return DB_ERROR;
    return set_number(db, "filled", demo);
}

static enum db_rc first_webhook(struct portal *portal, struct db *db, const struct setup *wanted,
                                char code[SETUP_CODE_SIZE])
{
    int64_t unused;
    if (has_setting(db, "webhook_shown", &unused)) {
        if (wanted->code)
            has_no_effect("--webhook-code");
        if (wanted->scope)
            has_no_effect("--webhook-scope");
        return DB_OK;
    }
    if (wanted->code)
        snprintf(code, SETUP_CODE_SIZE, "%s", wanted->code);
    else
        secret_code(code, SECRET_CODE_LEN);
    return make_webhook(portal, db, code, wanted->scope);
}

bool setup_portal(struct portal *portal, const struct setup *wanted, char code[SETUP_CODE_SIZE],
                  struct buf *why)
{
    struct db *db = portal_connect(portal, DB_WRITER, why);
    code[0] = '\0';
    if (!db)
        return false;
    enum db_rc rc = migrate_hold(db);
    if (rc == DB_OK)
        rc = fill_once(portal, db, wanted->demo);
    if (rc == DB_OK)
        rc = first_webhook(portal, db, wanted, code);
    if (wanted->time_zone && !portal->is_new &&
        strcmp(wanted->time_zone, zone_name(portal->zone)) != 0)
        has_no_effect("--time-zone");
    if (rc == DB_OK)
        rc = db_commit(db);
    if (rc != DB_OK)
        buf_printf(why, "cannot set up the new portal: %s", db_message(db));
    db_close(db);
    return rc == DB_OK;
}

bool setup_shown(struct portal *portal, struct buf *why)
{
    struct db *db = portal_connect(portal, DB_WRITER, why);
    if (!db)
        return false;
    enum db_rc rc = set_number(db, "webhook_shown", 1);
    if (rc != DB_OK)
        buf_printf(why, "cannot remember that the webhook was shown: %s", db_message(db));
    db_close(db);
    return rc == DB_OK;
}

bool setup_console(struct portal *portal, int64_t user_id, char link[TOKEN_LEN + 1],
                   struct buf *why)
{
    struct db *db = portal_connect(portal, DB_WRITER, why);
    if (!db)
        return false;
    enum db_rc rc = db_begin_write(db);
    if (rc == DB_OK)
        rc = console_link(db, portal, user_id, (int64_t)portal_now(portal), link);
    if (rc == DB_OK)
        rc = db_commit(db);
    if (rc == DB_NONE)
        buf_printf(why, "there is no active user %lld", (long long)user_id);
    else if (rc != DB_OK)
        buf_printf(why, "cannot make a link for the console: %s", db_message(db));
    db_close(db);
    return rc == DB_OK;
}
