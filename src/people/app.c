#include "people/app.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "portal/kept_table.h"
#include "portal/migrate.h"
#include "portal/scope.h"

KEPT_TABLE(app);

/* installed 0: it has a page for its installer, which has not said yet that it is done. app_run: who has opened it. */
MIGRATION(086_app_frame, "ALTER TABLE app ADD COLUMN installed {INT} NOT NULL DEFAULT 1;\n"
                         "CREATE TABLE app_run (\n"
                         "  app_id {INT} NOT NULL,\n"
                         "  user_id {INT} NOT NULL,\n"
                         "  PRIMARY KEY (app_id, user_id)\n"
                         ");\n");

#define COLUMNS                                                                                    \
    "id, client_id, name, redirect_uri, handler, install_url, scope, users, version, "             \
    "installer_id, created, server_side, payment_expired, revoked, installed"

enum db_rc app_add(struct db *db, const struct portal *portal, const struct app *app, int64_t now,
                   struct app_secret *secret)
{
    unsigned char random[12];
    char hash[SECRET_HASH_HEX];
    uint32_t digits;
    secret_random(random, sizeof random);
    memcpy(&digits, random + 8, sizeof digits);
    snprintf(secret->client_id, sizeof secret->client_id, "local.%02x%02x%02x%02x%02x%02x%02x.%08u",
             random[0], random[1], random[2], random[3], random[4], random[5], random[6],
             digits % 100000000u);
    secret_code(secret->client_secret, APP_SECRET_LEN);
    secret_hash(&portal->key, secret->client_secret, APP_SECRET_LEN, hash);
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO app (client_id, secret_hash, name, redirect_uri, handler, install_url, "
            "scope, users, server_side, installer_id, created, installed) SELECT $1, $2, $3, $4, "
            "$5, $6, $7, $8, $9, m.id, $10, $12 FROM member m WHERE m.id = $11 AND m.active = 'Y' "
            "RETURNING id");
    const char *const texts[] = {secret->client_id, hash,         app->name,
                                 app->redirect_uri, app->handler, app->install_url,
                                 app->scope,        app->users,   app->server_side ? "Y" : "N"};
    for (int i = 0; i < 9; i++)
        db_bind_textz(stmt, i + 1, texts[i]);
    db_bind_int(stmt, 10, now);
    db_bind_int(stmt, 11, app->installer_id);
    db_bind_int(stmt, 12, !*app->install_url || app->server_side);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        secret->id = db_int(stmt, 0);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

static const char *copy(struct arena *arena, struct db_stmt *stmt, int column)
{
    size_t len;
    const char *text = db_text(stmt, column, &len);
    return arena_strndup(arena, text, len);
}

/* Reads the one row of a statement and finishes it. */
static enum db_rc read_app(struct db_stmt *stmt, struct arena *arena, struct app *app)
{
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *app = (struct app){.id = db_int(stmt, 0),
                            .client_id = copy(arena, stmt, 1),
                            .name = copy(arena, stmt, 2),
                            .redirect_uri = copy(arena, stmt, 3),
                            .handler = copy(arena, stmt, 4),
                            .install_url = copy(arena, stmt, 5),
                            .scope = copy(arena, stmt, 6),
                            .users = copy(arena, stmt, 7),
                            .version = db_int(stmt, 8),
                            .installer_id = db_int(stmt, 9),
                            .created = db_int(stmt, 10),
                            .server_side = db_text(stmt, 11, NULL)[0] == 'Y',
                            .payment_expired = db_text(stmt, 12, NULL)[0] == 'Y',
                            .revoked = !db_is_null(stmt, 13),
                            .installed = db_int(stmt, 14) != 0};
    db_finish(stmt);
    return rc;
}

enum db_rc app_find(struct db *db, struct arena *arena, int64_t id, struct app *app)
{
    /* In a write: not revoked before its token is committed, and so goes with it. */
    struct db_stmt *stmt = db_prepare_share(db, "SELECT " COLUMNS " FROM app WHERE id = $1", NULL);
    db_bind_int(stmt, 1, id);
    return read_app(stmt, arena, app);
}

enum db_rc app_find_client(struct db *db, struct arena *arena, const char *client_id,
                           struct app *app)
{
    struct db_stmt *stmt =
        db_prepare_share(db, "SELECT " COLUMNS " FROM app WHERE client_id = $1", NULL);
    db_bind_textz(stmt, 1, client_id);
    return read_app(stmt, arena, app);
}

enum db_rc app_next(struct db *db, struct arena *arena, int64_t after, struct app *app)
{
    struct db_stmt *stmt =
        db_prepare(db, "SELECT " COLUMNS " FROM app WHERE id > $1 ORDER BY id LIMIT 1");
    db_bind_int(stmt, 1, after);
    return read_app(stmt, arena, app);
}

enum db_rc app_check_secret(struct db *db, const struct portal *portal, int64_t id,
                            const char *secret, bool *right)
{
    char hash[SECRET_HASH_HEX];
    secret_hash(&portal->key, secret, strlen(secret), hash);
    struct db_stmt *stmt = db_prepare(db, "SELECT secret_hash FROM app WHERE id = $1");
    db_bind_int(stmt, 1, id);
    enum db_rc rc = db_step(stmt);
    *right = rc == DB_ROW && secret_equal(db_text(stmt, 0, NULL), hash);
    db_finish(stmt);
    return rc;
}

static enum db_rc end_tokens(struct db *db, int64_t app_id, int64_t now)
{
    struct db_stmt *stmt = db_prepare(db, "UPDATE oauth_token SET ended = $1, refresh_expires = $2 "
                                          "WHERE app_id = $3 AND ended IS NULL");
    db_bind_int(stmt, 1, now);
    db_bind_int(stmt, 2, now + TOKEN_MEMORY_S);
    db_bind_int(stmt, 3, app_id);
    return db_run(stmt);
}

enum db_rc app_revoke(struct db *db, int64_t id, int64_t now)
{
    static const char *const ends[] = {
        "DELETE FROM oauth_code WHERE app_id = $1", "DELETE FROM app_consent WHERE app_id = $1",
        "DELETE FROM app_option WHERE app_id = $1", "DELETE FROM activity_block WHERE app_id = $1",
        "DELETE FROM placement WHERE app_id = $1",  "DELETE FROM app_run WHERE app_id = $1"};
    struct db_stmt *stmt =
        db_prepare(db, "UPDATE app SET revoked = $1 WHERE id = $2 AND revoked IS NULL");
    db_bind_int(stmt, 1, now);
    db_bind_int(stmt, 2, id);
    enum db_rc rc = db_run(stmt);
    if (rc == DB_OK && !db_changes(db))
        return DB_NONE;
    if (rc == DB_OK)
        rc = end_tokens(db, id, now);
    for (size_t i = 0; rc == DB_OK && i < sizeof ends / sizeof ends[0]; i++) {
        stmt = db_prepare(db, ends[i]);
        db_bind_int(stmt, 1, id);
        rc = db_run(stmt);
    }
    return rc;
}

enum db_rc app_set(struct db *db, int64_t id, const char *users, const bool *payment_expired)
{
    struct db_stmt *stmt =
        db_prepare(db, "UPDATE app SET users = COALESCE($1, users), payment_expired = COALESCE($2, "
                       "payment_expired) WHERE id = $3 AND revoked IS NULL");
    db_bind_textz(stmt, 1, users);
    db_bind_textz(stmt, 2, !payment_expired ? NULL : *payment_expired ? "Y" : "N");
    db_bind_int(stmt, 3, id);
    enum db_rc rc = db_run(stmt);
    return rc == DB_OK && !db_changes(db) ? DB_NONE : rc;
}

enum db_rc app_finish(struct db *db, int64_t id)
{
    struct db_stmt *stmt = db_prepare(db, "UPDATE app SET installed = 1 WHERE id = $1");
    db_bind_int(stmt, 1, id);
    return db_run(stmt);
}

enum db_rc app_is_new_to(struct db *db, int64_t id, int64_t user_id, bool *is_new)
{
    struct db_stmt *stmt =
        db_prepare(db, "SELECT 1 FROM app_run WHERE app_id = $1 AND user_id = $2");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, user_id);
    enum db_rc rc = db_step(stmt);
    *is_new = rc == DB_NONE;
    db_finish(stmt);
    return rc == DB_NONE ? DB_OK : rc;
}

enum db_rc app_ran(struct db *db, int64_t id, int64_t user_id)
{
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO app_run (app_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, user_id);
    return db_run(stmt);
}

bool app_allows(const char *users, int64_t user_id)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, user_id);
    return !*users || scope_listed(users, ',', id);
}

void app_mark(const struct portal *portal, const char *kind, int64_t id, char mark[APP_MARK_SIZE])
{
    char text[64], hash[SECRET_HASH_HEX];
    size_t len = format_text(text, sizeof text, "%s %" PRId64, kind, id);
    secret_hash(&portal->key, text, len, hash);
    memcpy(mark, hash, APP_MARK_SIZE - 1);
    mark[APP_MARK_SIZE - 1] = '\0';
}

void portal_member_id(const struct portal *portal, char mark[APP_MARK_SIZE])
{
    app_mark(portal, "member_id", 0, mark);
}

const char *base_url_domain(const char *base_url)
{
    const char *at = strstr(base_url, "://");
    return at ? at + 3 : base_url;
}
