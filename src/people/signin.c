#include "people/signin.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/fold.h"
#include "portal/kept_table.h"

KEPT_TABLE(signin_failure);

/* Failures that cost nothing yet; each further one doubles the wait, to a quarter of an hour. Many
 * people may share an address. After an hour without one all is forgotten. */
#define FREE_BY_LOGIN 5
#define FREE_BY_ADDRESS 30
#define WAIT_MAX_S 900
#define FORGET_S 3600

static void subject(char out[256], const char *kind, const char *name)
{
    struct arena arena;
    size_t len;
    arena_init(&arena); /* whoever tries is the same whatever the case of what he writes */
    snprintf(out, 256, "%s:%.200s", kind, fold_key(&arena, name, strlen(name), &len));
    arena_clear(&arena);
}

enum db_rc password_set(struct db *db, int64_t user_id, const char *password)
{
    char hash[crypto_pwhash_STRBYTES];
    CHECK(crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0);
    struct db_stmt *stmt = db_prepare(db, "UPDATE member SET password_hash = $1 WHERE id = $2");
    db_bind_textz(stmt, 1, hash);
    db_bind_int(stmt, 2, user_id);
    enum db_rc rc = db_run(stmt);
    return rc == DB_OK && !db_changes(db) ? DB_NONE : rc;
}

/* Seconds until the subject may try again. */
static enum db_rc wait_of(struct db *db, const char *kind, const char *name, int64_t freely,
                          int64_t now, int64_t *wait)
{
    char who[256];
    subject(who, kind, name);
    struct db_stmt *stmt =
        db_prepare(db, "SELECT failures, last_failure FROM signin_failure WHERE subject = $1");
    db_bind_textz(stmt, 1, who);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        int64_t over = db_int(stmt, 0) - freely, last = db_int(stmt, 1);
        int64_t pause = over < 0 ? 0 : over > 8 ? WAIT_MAX_S : (int64_t)2 << over;
        if (last + pause - now > *wait)
            *wait = last + pause - now;
    }
    db_finish(stmt);
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

/* An unknown login takes as long as a wrong password. */
static bool password_right(char hash[crypto_pwhash_STRBYTES], const char *password)
{
    bool known = *hash != '\0';
    if (!known)
        snprintf(hash, crypto_pwhash_STRBYTES, "%s",
                 "$argon2id$v=19$m=65536,t=2,p=1$cmFwcG9ydCBub2JvZHkhIQ$"
                 "0000000000000000000000000000000000000000000");
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0 && known;
}

/* A password's failures are a login's, those of a code its user's. */
static const char *kind_of(const struct signin_attempt *attempt)
{
    return attempt->kind ? attempt->kind : "login";
}

enum db_rc signin_wait(struct db *db, int64_t now, struct signin_attempt *attempt)
{
    attempt->wait = 0;
    enum db_rc rc =
        wait_of(db, kind_of(attempt), attempt->login, FREE_BY_LOGIN, now, &attempt->wait);
    if (rc == DB_OK)
        rc = wait_of(db, "address", attempt->address, FREE_BY_ADDRESS, now, &attempt->wait);
    attempt->result = attempt->wait > 0 ? SIGNIN_WAIT : SIGNIN_WRONG;
    return rc;
}

enum db_rc signin_check(struct db *db, const char *password, int64_t now,
                        struct signin_attempt *attempt)
{
    char hash[crypto_pwhash_STRBYTES] = "";
    int64_t user_id = 0;
    enum db_rc rc = signin_wait(db, now, attempt);
    if (rc != DB_OK || attempt->wait > 0)
        return rc;
    struct arena arena;
    size_t len;
    arena_init(&arena);
    /* Of two from before logins were the same whatever their case, the one that is written so. */
    struct db_stmt *stmt = db_prepare(
        db, "SELECT id, password_hash FROM member WHERE login_key = $1 AND active = 'Y' ORDER BY "
            "CASE WHEN login = $2 THEN 0 ELSE 1 END, id LIMIT 1");
    db_bind_textz(stmt, 1, fold_key(&arena, attempt->login, strlen(attempt->login), &len));
    db_bind_textz(stmt, 2, attempt->login);
    rc = db_step(stmt);
    if (rc == DB_ROW) {
        user_id = db_int(stmt, 0);
        snprintf(hash, sizeof hash, "%s", db_text(stmt, 1, NULL));
    }
    db_finish(stmt);
    arena_clear(&arena);
    if (rc != DB_ROW && rc != DB_NONE)
        return rc;
    if (password_right(hash, password)) {
        attempt->result = SIGNIN_OK;
        attempt->user_id = user_id;
    }
    return DB_OK;
}

static enum db_rc count_failure(struct db *db, const char *kind, const char *name, int64_t now)
{
    char who[256];
    subject(who, kind, name);
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO signin_failure (subject, failures, last_failure) VALUES ($1, "
                       "1, $2) ON CONFLICT (subject) DO UPDATE SET failures = "
                       "signin_failure.failures + 1, last_failure = EXCLUDED.last_failure");
    db_bind_textz(stmt, 1, who);
    db_bind_int(stmt, 2, now);
    return db_run(stmt);
}

enum db_rc signin_record(struct db *db, int64_t now, struct signin_attempt *attempt)
{
    struct db_stmt *stmt;
    char who[256];
    const enum signin found = attempt->result;
    if (found == SIGNIN_WAIT)
        return DB_OK;
    enum db_rc waits = signin_wait(db, now, attempt);
    if (waits != DB_OK || attempt->result == SIGNIN_WAIT)
        return waits;
    attempt->result = found;
    if (attempt->result == SIGNIN_OK) {
        subject(who, kind_of(attempt), attempt->login);
        stmt = db_prepare(db, "DELETE FROM signin_failure WHERE subject = $1");
        db_bind_textz(stmt, 1, who);
        return db_run(stmt);
    }
    stmt = db_prepare(db, "DELETE FROM signin_failure WHERE last_failure < $1");
    db_bind_int(stmt, 1, now - FORGET_S);
    enum db_rc rc = db_run(stmt);
    if (rc == DB_OK)
        rc = count_failure(db, kind_of(attempt), attempt->login, now);
    return rc == DB_OK ? count_failure(db, "address", attempt->address, now) : rc;
}
