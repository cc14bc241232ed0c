#include "people/console.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "portal/kept_table.h"
#include "portal/portal.h"

KEPT_TABLE(console_token);
KEPT_TABLE(console_link);

bool console_is_token(const char *code)
{
    return !strncmp(code, CONSOLE_MARK, strlen(CONSOLE_MARK));
}

static void hash_of(const struct portal *portal, const char *secret, char hash[SECRET_HASH_HEX])
{
    secret_hash(&portal->key, secret, strlen(secret), hash);
}

void console_session_hash(const struct portal *portal, const char *session,
                          char hash[SECRET_HASH_HEX])
{
    hash_of(portal, session, hash);
}

enum db_rc console_token_session(struct db *db, const struct portal *portal, const char *token,
                                 int64_t now, char hash[SECRET_HASH_HEX])
{
    char token_hash[SECRET_HASH_HEX];
    hash_of(portal, token, token_hash);
    db_refresh(db);
    struct db_stmt *stmt = db_prepare(
        db, "SELECT s.session_hash FROM console_token t JOIN session s ON s.session_hash = "
            "t.session_hash JOIN member m ON m.id = t.user_id WHERE t.token_hash = $1 AND "
            "t.expires > $2 AND s.expires > $2 AND m.active = 'Y'");
    db_bind_textz(stmt, 1, token_hash);
    db_bind_int(stmt, 2, now);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        snprintf(hash, SECRET_HASH_HEX, "%s", db_text(stmt, 0, NULL));
    db_finish(stmt);
    return rc;
}

/* What has run out goes when something new is made. */
static enum db_rc sweep(struct db *db, const char *sql, int64_t now)
{
    struct db_stmt *stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, now);
    return db_run(stmt);
}

enum db_rc console_token(struct db *db, const struct portal *portal, const char *session,
                         int64_t user_id, int64_t now, char token[CONSOLE_CODE_LEN + 1])
{
    char hash[SECRET_HASH_HEX], session_hash[SECRET_HASH_HEX];
    memcpy(token, CONSOLE_MARK, strlen(CONSOLE_MARK));
    secret_code(token + strlen(CONSOLE_MARK), TOKEN_LEN);
    hash_of(portal, token, hash);
    hash_of(portal, session, session_hash);
    enum db_rc rc = sweep(db, "DELETE FROM console_token WHERE expires < $1", now);
    if (rc != DB_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO console_token (token_hash, session_hash, user_id, expires) "
                       "VALUES ($1, $2, $3, $4)");
    db_bind_textz(stmt, 1, hash);
    db_bind_textz(stmt, 2, session_hash);
    db_bind_int(stmt, 3, user_id);
    db_bind_int(stmt, 4, now + CONSOLE_TOKEN_S);
    return db_run(stmt);
}

enum db_rc console_link(struct db *db, const struct portal *portal, int64_t user_id, int64_t now,
                        char link[TOKEN_LEN + 1])
{
    char hash[SECRET_HASH_HEX];
    secret_code(link, TOKEN_LEN);
    hash_of(portal, link, hash);
    enum db_rc rc = sweep(db, "DELETE FROM console_link WHERE expires < $1", now);
    if (rc != DB_OK)
        return rc;
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO console_link (link_hash, user_id, expires) SELECT $1, m.id, $2 "
                       "FROM member m WHERE m.id = $3 AND m.active = 'Y'");
    db_bind_textz(stmt, 1, hash);
    db_bind_int(stmt, 2, now + CONSOLE_LINK_S);
    db_bind_int(stmt, 3, user_id);
    rc = db_run(stmt);
    return rc == DB_OK && !db_changes(db) ? DB_NONE : rc;
}

enum db_rc console_link_use(struct db *db, const struct portal *portal, const char *link,
                            int64_t now, int64_t *user_id)
{
    char hash[SECRET_HASH_HEX];
    hash_of(portal, link, hash);
    struct db_stmt *stmt = db_prepare(
        db, "DELETE FROM console_link WHERE link_hash = $1 AND expires > $2 RETURNING user_id");
    db_bind_textz(stmt, 1, hash);
    db_bind_int(stmt, 2, now);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *user_id = db_int(stmt, 0);
    db_finish(stmt);
    return rc;
}

enum db_rc console_end_all(struct db *db, const struct portal *portal, int64_t user_id,
                           const char *kept)
{
    static const char *const steps[] = {
        "DELETE FROM console_token WHERE user_id = $1 AND session_hash <> $2",
        "DELETE FROM session WHERE user_id = $1 AND session_hash <> $2"};
    char hash[SECRET_HASH_HEX] = "";
    if (*kept)
        hash_of(portal, kept, hash);
    enum db_rc rc = DB_OK;
    for (int i = 0; i < 2 && rc == DB_OK; i++) {
        struct db_stmt *stmt = db_prepare(db, steps[i]);
        db_bind_int(stmt, 1, user_id);
        db_bind_textz(stmt, 2, hash);
        rc = db_run(stmt);
    }
    return rc;
}
