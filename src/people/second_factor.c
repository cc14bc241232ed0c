#include "people/second_factor.h"

#include <inttypes.h>
#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "portal/kept_table.h"

KEPT_TABLE(second_factor);
KEPT_TABLE(recovery_code);

#define EARLY 1 /* steps that a device's clock may be behind or ahead */

enum db_rc second_factor_read(struct db *db, int64_t user_id, struct second_factor *factor)
{
    struct db_stmt *stmt = db_prepare(
        db, "SELECT f.confirmed, (SELECT count(*) FROM recovery_code r WHERE r.user_id = "
            "f.user_id) FROM second_factor f WHERE f.user_id = $1");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc = db_step(stmt);
    bool holds = rc == DB_ROW && !db_is_null(stmt, 0);
    *factor = (struct second_factor){.holds = holds,
                                     .begun = rc == DB_ROW && !holds,
                                     .recovery_left = holds ? db_int(stmt, 1) : 0};
    db_finish(stmt);
    return rc == DB_ROW || rc == DB_NONE ? DB_OK : rc;
}

enum db_rc second_factor_begin(struct db *db, const struct portal *portal, int64_t user_id,
                               char secret[TOTP_SECRET_TEXT])
{
    unsigned char bytes[TOTP_SECRET_BYTES];
    char sealed[SECRET_SEALED_HEX];
    secret_random(bytes, sizeof bytes);
    base32_write(bytes, sizeof bytes, secret);
    secret_seal(&portal->key, bytes, sizeof bytes, sealed);
    sodium_memzero(bytes, sizeof bytes);
    struct db_stmt *stmt = db_prepare(
        db, "INSERT INTO second_factor (user_id, secret, last_step) VALUES ($1, $2, 0) ON CONFLICT "
            "(user_id) DO UPDATE SET secret = EXCLUDED.secret, last_step = 0 WHERE "
            "second_factor.confirmed IS NULL");
    db_bind_int(stmt, 1, user_id);
    db_bind_textz(stmt, 2, sealed);
    enum db_rc rc = db_run(stmt);
    return rc == DB_OK && !db_changes(db) ? DB_CONFLICT : rc;
}

enum db_rc second_factor_hold(struct db *db, int64_t user_id, int64_t now)
{
    struct db_stmt *stmt = db_prepare(
        db, "UPDATE second_factor SET confirmed = $1 WHERE user_id = $2 AND confirmed IS NULL");
    db_bind_int(stmt, 1, now);
    db_bind_int(stmt, 2, user_id);
    enum db_rc rc = db_run(stmt);
    return rc == DB_OK && !db_changes(db) ? DB_NONE : rc;
}

static enum db_rc run_for(struct db *db, const char *sql, int64_t user_id)
{
    struct db_stmt *stmt = db_prepare(db, sql);
    db_bind_int(stmt, 1, user_id);
    return db_run(stmt);
}

enum db_rc second_factor_remove(struct db *db, int64_t user_id)
{
    enum db_rc rc = run_for(db, "DELETE FROM recovery_code WHERE user_id = $1", user_id);
    if (rc == DB_OK)
        rc = run_for(db, "DELETE FROM second_factor WHERE user_id = $1", user_id);
    return rc == DB_OK && !db_changes(db) ? DB_NONE : rc;
}

/* ---- recovery codes ---- */

/* However it is typed: "K3MQZ 7XW2P". */
static void recovery_hash(const struct portal *portal, int64_t user_id, const char *code,
                          char hash[SECRET_HASH_HEX])
{
    char text[80], bare[RECOVERY_LEN + 1];
    size_t len = 0;
    for (; *code && len < RECOVERY_LEN; code++) {
        if (isalnum((unsigned char)*code))
            bare[len++] = (char)tolower((unsigned char)*code);
    }
    bare[len] = '\0';
    size_t size =
        format_text(text, sizeof text, "recovery %" PRId64 " %s", user_id, *code ? "" : bare);
    secret_hash(&portal->key, text, size, hash);
    sodium_memzero(bare, sizeof bare);
    sodium_memzero(text, sizeof text);
}

static void recovery_code_make(char code[RECOVERY_LEN + 1])
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789"; /* none taken for another */
    unsigned char bytes[RECOVERY_LEN];
    secret_random(bytes, sizeof bytes);
    for (int i = 0; i < RECOVERY_LEN; i++)
        code[i] = i == RECOVERY_LEN / 2 ? '-' : letters[bytes[i] & 31];
    code[RECOVERY_LEN] = '\0';
}

enum db_rc recovery_make(struct db *db, const struct portal *portal, int64_t user_id,
                         char codes[RECOVERY_CODES][RECOVERY_LEN + 1])
{
    char hash[SECRET_HASH_HEX];
    enum db_rc rc = run_for(db, "DELETE FROM recovery_code WHERE user_id = $1", user_id);
    for (int i = 0; i < RECOVERY_CODES && rc == DB_OK; i++) {
        recovery_code_make(codes[i]);
        recovery_hash(portal, user_id, codes[i], hash);
        struct db_stmt *stmt =
            db_prepare(db, "INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)");
        db_bind_int(stmt, 1, user_id);
        db_bind_textz(stmt, 2, hash);
        rc = db_run(stmt);
    }
    return rc;
}

static enum db_rc recovery_use(struct db *db, const struct portal *portal, int64_t user_id,
                               const char *code, bool *right)
{
    char hash[SECRET_HASH_HEX];
    recovery_hash(portal, user_id, code, hash);
    struct db_stmt *stmt =
        db_prepare(db, "DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2");
    db_bind_int(stmt, 1, user_id);
    db_bind_textz(stmt, 2, hash);
    enum db_rc rc = db_run(stmt);
    *right = rc == DB_OK && db_changes(db) > 0;
    return rc;
}

/* ---- codes of a device ---- */

/* "123 456" too. False: it is no such code. */
static bool take_code(const char *text, char code[TOTP_DIGITS + 1])
{
    size_t len = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        if (!isdigit((unsigned char)*text) || len == TOTP_DIGITS)
            return false;
        code[len++] = *text;
    }
    code[len] = '\0';
    return len == TOTP_DIGITS;
}

/* The step whose code it is, above `last`; 0: of none. Each is compared, whichever it was. */
static int64_t find_step(const unsigned char *secret, const char *code, int64_t last, int64_t now)
{
    char right[TOTP_DIGITS + 1];
    int64_t at = now / TOTP_STEP_S, found = 0;
    for (int64_t step = at - EARLY; step <= at + EARLY; step++) {
        totp_code(secret, TOTP_SECRET_BYTES, step, right);
        if (secret_equal(right, code) && step > last)
            found = step;
    }
    sodium_memzero(right, sizeof right);
    return found;
}

/* Another server may take the same code at the same moment: one of them finds it used. */
static enum db_rc use_step(struct db *db, int64_t user_id, int64_t step, bool *right)
{
    struct db_stmt *stmt = db_prepare(
        db, "UPDATE second_factor SET last_step = $1 WHERE user_id = $2 AND last_step < $1");
    db_bind_int(stmt, 1, step);
    db_bind_int(stmt, 2, user_id);
    enum db_rc rc = db_run(stmt);
    *right = rc == DB_OK && db_changes(db) > 0;
    return rc;
}

static enum db_rc device_use(struct db *db, const struct portal *portal, int64_t user_id,
                             const char *code, bool began, int64_t now, bool *right)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    int64_t step = 0;
    struct db_stmt *stmt =
        db_prepare(db, "SELECT secret, last_step, confirmed FROM second_factor WHERE user_id = $1");
    db_bind_int(stmt, 1, user_id);
    enum db_rc rc = db_step(stmt);
    bool usable = rc == DB_ROW && db_is_null(stmt, 2) == began &&
                  secret_open(&portal->key, db_text(stmt, 0, NULL), secret, sizeof secret);
    if (usable)
        step = find_step(secret, code, db_int(stmt, 1), now);
    db_finish(stmt);
    sodium_memzero(secret, sizeof secret);
    if (rc != DB_ROW && rc != DB_NONE)
        return rc;
    return step ? use_step(db, user_id, step, right) : DB_OK;
}

static enum db_rc check(struct db *db, const struct portal *portal, const char *code, bool began,
                        int64_t now, struct signin_attempt *attempt)
{
    char digits[TOTP_DIGITS + 1];
    int64_t user_id = attempt->user_id;
    bool right = false;
    enum db_rc rc = signin_wait(db, now, attempt);
    if (rc != DB_OK || attempt->result == SIGNIN_WAIT)
        return rc;
    if (take_code(code, digits))
        rc = device_use(db, portal, user_id, digits, began, now, &right);
    else if (!began)
        rc = recovery_use(db, portal, user_id, code, &right);
    attempt->result = right ? SIGNIN_OK : SIGNIN_WRONG;
    return rc == DB_OK ? signin_record(db, now, attempt) : rc;
}

enum db_rc second_factor_check(struct db *db, const struct portal *portal, int64_t user_id,
                               const char *code, bool began, int64_t now,
                               struct signin_attempt *attempt)
{
    char who[32];
    format_text(who, sizeof who, "%" PRId64, user_id);
    attempt->kind = "code";
    attempt->login = who;
    attempt->user_id = user_id;
    enum db_rc rc = check(db, portal, code, began, now, attempt);
    attempt->login = "";
    return rc;
}
