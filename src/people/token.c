#include "people/token.h"
#include "portal/kept_table.h"

#include <stdio.h>
#include <string.h>

KEPT_TABLE(oauth_code);
KEPT_TABLE(oauth_token);
KEPT_TABLE(session);

static void hash_of(const struct portal *portal, const char *text, char hash[SECRET_HASH_HEX])
{
    secret_hash(&portal->key, text, strlen(text), hash);
}

/* One statement `sql` with a time as its only parameter. */
static enum db_rc sweep(struct db *db, const char *sql, int64_t now)
{
    struct db_stmt *stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, now);
    return db_run(stmt);
}

enum db_rc token_issue(struct db *db, const struct portal *portal, const struct app *app,
                       int64_t user_id, int64_t now, int64_t lifetime, struct token_pair *pair)
{
    char access[SECRET_HASH_HEX], refresh[SECRET_HASH_HEX];
    secret_code(pair->access, TOKEN_LEN);
    secret_code(pair->refresh, TOKEN_LEN);
    pair->user_id = user_id;
    pair->expires = now + lifetime;
    pair->lifetime = lifetime;
    hash_of(portal, pair->access, access);
    hash_of(portal, pair->refresh, refresh);
    enum db_rc rc = sweep(db, "DELETE FROM oauth_token WHERE refresh_expires < $1", now);
    if (rc != DB_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO oauth_token (app_id, user_id, scope, access_hash, access_expires, "
            "refresh_hash, refresh_expires) SELECT $1, m.id, $2, $3, $4, $5, $6 FROM member m "
            "WHERE m.id = $7 AND m.active = 'Y' RETURNING id");
    db_bind_int(stmt, 1, app->id);
    db_bind_textz(stmt, 2, app->scope);
    db_bind_textz(stmt, 3, access);
    db_bind_int(stmt, 4, pair->expires);
    db_bind_textz(stmt, 5, refresh);
    db_bind_int(stmt, 6, now + TOKEN_REFRESH_S);
    db_bind_int(stmt, 7, user_id);
    rc = db_step(stmt);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

enum db_rc token_refresh(struct db *db, const struct portal *portal, const struct app *app,
                         const char *refresh, int64_t now, struct token_pair *pair)
{
    char hash[SECRET_HASH_HEX];
    hash_of(portal, refresh, hash);
    struct db_stmt *stmt = db_prepare(
        db, "UPDATE oauth_token SET ended = $1, refresh_expires = $2 WHERE refresh_hash = $3 AND "
            "app_id = $4 AND ended IS NULL AND refresh_expires > $5 RETURNING user_id");
    db_bind_int(stmt, 1, now);
    db_bind_int(stmt, 2, now + TOKEN_MEMORY_S);
    db_bind_textz(stmt, 3, hash);
    db_bind_int(stmt, 4, app->id);
    db_bind_int(stmt, 5, now);
    enum db_rc rc = db_step(stmt);
    int64_t user_id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    return rc == DB_ROW ? token_issue(db, portal, app, user_id, now, TOKEN_ACCESS_S, pair) : rc;
}

enum db_rc token_code(struct db *db, const struct portal *portal, int64_t app_id, int64_t user_id,
                      int64_t now, char code[TOKEN_LEN + 1])
{
    char hash[SECRET_HASH_HEX];
    secret_code(code, TOKEN_LEN);
    hash_of(portal, code, hash);
    enum db_rc rc = sweep(db, "DELETE FROM oauth_code WHERE expires < $1", now);
    if (rc != DB_OK)
        return rc;
    struct db_stmt *stmt = db_prepare(db, "INSERT INTO oauth_code (code_hash, app_id, user_id, "
                                          "expires) VALUES ($1, $2, $3, $4)");
    db_bind_textz(stmt, 1, hash);
    db_bind_int(stmt, 2, app_id);
    db_bind_int(stmt, 3, user_id);
    db_bind_int(stmt, 4, now + TOKEN_CODE_S);
    return db_run(stmt);
}

enum db_rc token_redeem(struct db *db, const struct portal *portal, const struct app *app,
                        const char *code, int64_t now, struct token_pair *pair)
{
    char hash[SECRET_HASH_HEX];
    hash_of(portal, code, hash);
    struct db_stmt *stmt = db_prepare(db, "DELETE FROM oauth_code WHERE code_hash = $1 AND app_id "
                                          "= $2 RETURNING user_id, expires");
    db_bind_textz(stmt, 1, hash);
    db_bind_int(stmt, 2, app->id);
    enum db_rc rc = db_step(stmt);
    int64_t user_id = rc == DB_ROW ? db_int(stmt, 0) : 0;
    bool late = rc == DB_ROW && db_int(stmt, 1) <= now;
    db_finish(stmt);
    if (rc != DB_ROW || late)
        return late ? DB_NONE : rc;
    return token_issue(db, portal, app, user_id, now, TOKEN_ACCESS_S, pair);
}

void token_write(struct writer *out, const struct portal *portal, const char *base_url,
                 const struct app *app, const struct token_pair *pair)
{
    char member[APP_MARK_SIZE], endpoint[512];
    portal_member_id(portal, member);
    snprintf(endpoint, sizeof endpoint, "%s/rest/", base_url);
    const struct {
        const char *key, *text;
    } texts[] = {{"access_token", pair->access}, {"refresh_token", pair->refresh},
                 {"member_id", member},          {"client_endpoint", endpoint},
                 {"server_endpoint", endpoint},  {"domain", base_url_domain(base_url)},
                 {"scope", app->scope},          {"status", APP_STATUS}};
    writer_begin_object(out);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        writer_keyz(out, texts[i].key);
        writer_stringz(out, texts[i].text);
    }
    writer_keyz(out, "expires");
    writer_int(out, pair->expires);
    writer_keyz(out, "expires_in");
    writer_int(out, pair->lifetime);
    writer_keyz(out, "user_id");
    writer_int(out, pair->user_id);
    writer_end_object(out);
}

/* ---- sessions ---- */

enum db_rc session_begin(struct db *db, const struct portal *portal, int64_t user_id, int64_t now,
                         const struct session_place *place, char session[TOKEN_LEN + 1])
{
    char hash[SECRET_HASH_HEX];
    secret_code(session, TOKEN_LEN);
    hash_of(portal, session, hash);
    enum db_rc rc = sweep(db, "DELETE FROM session WHERE expires < $1", now);
    if (rc != DB_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO session (session_hash, user_id, expires, created, used, "
                       "address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    db_bind_textz(stmt, 1, hash);
    db_bind_int(stmt, 2, user_id);
    db_bind_int(stmt, 3, now + TOKEN_SESSION_S);
    db_bind_int(stmt, 4, now);
    db_bind_int(stmt, 5, now);
    db_bind_textz(stmt, 6, place->address);
    db_bind_textz(stmt, 7, place->agent);
    return db_run(stmt);
}

enum db_rc session_user(struct db *db, const struct portal *portal, const char *session,
                        int64_t now, int64_t *user_id)
{
    char hash[SECRET_HASH_HEX];
    hash_of(portal, session, hash);
    struct db_stmt *stmt =
        db_prepare(db, "SELECT m.id FROM session s JOIN member m ON m.id = s.user_id WHERE "
                       "s.session_hash = $1 AND s.expires > $2 AND m.active = 'Y'");
    db_bind_textz(stmt, 1, hash);
    db_bind_int(stmt, 2, now);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *user_id = db_int(stmt, 0);
    db_finish(stmt);
    return rc;
}

enum db_rc session_end(struct db *db, const struct portal *portal, const char *session)
{
    char hash[SECRET_HASH_HEX];
    hash_of(portal, session, hash);
    static const char *const steps[] = {"DELETE FROM console_token WHERE session_hash = $1",
                                        "DELETE FROM session WHERE session_hash = $1"};
    enum db_rc rc = DB_OK;
    for (int i = 0; i < 2 && rc == DB_OK; i++) {
        struct db_stmt *stmt = db_prepare(db, steps[i]);
        db_bind_textz(stmt, 1, hash);
        rc = db_run(stmt);
    }
    return rc;
}
