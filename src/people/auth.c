#include "people/auth.h"

#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/lock.h"
#include "people/access.h"
#include "people/app.h"
#include "people/console.h"
#include "portal/chain.h"
#include "portal/kept_table.h"
#include "portal/metrics.h"
#include "portal/scope.h"

KEPT_TABLE(webhook);

#define CACHE_S 1.0
#define SLOTS 256 /* a slot holds the last credential that hashed to it */

const char *const credential_params[] = {"auth", "access_token", NULL};

bool credential_param(const char *name)
{
    for (const char *const *param = credential_params; *param; param++) {
        if (!strcasecmp(*param, name))
            return true;
    }
    return false;
}

struct slot {
    unsigned char digest[SECRET_KEY_BYTES];
    struct caller caller;
    /* The cache's own, for callers to copy. */
    char *scopes;
    struct access *access;
    double until;
};

struct credential_cache {
    pthread_mutex_t lock;
    struct slot slots[SLOTS];
};

void credential_cache_clear(struct credential_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < SLOTS; i++)
        cache->slots[i].until = 0;
    pthread_mutex_unlock(&cache->lock);
}

static void release(void *part)
{
    struct credential_cache *cache = part;
    for (size_t i = 0; i < SLOTS; i++) {
        free(cache->slots[i].scopes);
        free(cache->slots[i].access);
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

void auth_open(struct portal *portal)
{
    struct credential_cache *cache = xcalloc(1, sizeof *cache);
    lock_init(&cache->lock);
    portal->credentials = cache;
    portal_attach(portal, cache, release);
}

static void give_access(struct arena *arena, const struct access *access, struct caller *caller)
{
    caller->access = access ? access_copy(arena, access) : NULL;
}

static bool cached(struct credential_cache *cache, const unsigned char *digest, struct arena *arena,
                   struct caller *caller)
{
    pthread_mutex_lock(&cache->lock);
    struct slot *slot = &cache->slots[digest[0]];
    bool found = sodium_memcmp(slot->digest, digest, SECRET_KEY_BYTES) == 0 &&
                 clock_monotonic() < slot->until;
    if (found) {
        *caller = slot->caller;
        caller->scopes = arena_strdup(arena, slot->scopes);
        give_access(arena, slot->access, caller);
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* Takes `access`. */
static void remember(struct credential_cache *cache, const unsigned char *digest,
                     const struct caller *caller, struct access *access)
{
    pthread_mutex_lock(&cache->lock);
    struct slot *slot = &cache->slots[digest[0]];
    memcpy(slot->digest, digest, SECRET_KEY_BYTES);
    struct access *old = slot->access;
    free(slot->scopes);
    slot->scopes = xstrdup(caller->scopes);
    slot->caller = *caller;
    slot->access = access;
    slot->until = clock_monotonic() + CACHE_S;
    pthread_mutex_unlock(&cache->lock);
    free(old);
}

static void fill_caller(struct request *req, struct db_stmt *stmt, struct caller *caller)
{
    memset(caller, 0, sizeof *caller);
    caller->user_id = db_int(stmt, 1);
    caller->scopes = request_text(req, stmt, 2, NULL);
    caller->is_admin = db_text(stmt, 3, NULL)[0] == 'Y';
}

/* Who is looked for: the hash of a code, or what a signed address says of itself. */
struct wanted {
    const char *hash;               /* NULL: by the two numbers */
    int64_t credential_id, user_id; /* as in struct caller */
    enum api_code unknown;          /* the error when there is no such credential */
    bool in_address;                /* where only a webhook's code stands */
    bool is_console;
};

#define WEBHOOK                                                                                    \
    "SELECT w.id, w.user_id, w.scope, m.is_admin FROM webhook w JOIN member m ON m.id = "          \
    "w.user_id WHERE w.revoked IS NULL AND m.active = 'Y' AND "

static enum db_rc look_up_webhook(struct request *req, const struct wanted *wanted,
                                  struct caller *caller)
{
    struct db_stmt *stmt =
        db_prepare(req->db, wanted->hash ? WEBHOOK "w.code_hash = $1"
                                         : WEBHOOK "w.id = $1 AND w.user_id = $2");
    if (wanted->hash) {
        db_bind_textz(stmt, 1, wanted->hash);
    } else {
        db_bind_int(stmt, 1, wanted->credential_id);
        db_bind_int(stmt, 2, wanted->user_id);
    }
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        fill_caller(req, stmt, caller);
        caller->credential_id = db_int(stmt, 0);
    }
    db_finish(stmt);
    return rc;
}

/* A token of which something is known, and why it does not open anything; API_ERROR_COUNT: it does. */
static enum api_code judge_token(struct db_stmt *stmt, int64_t user_id)
{
    bool revoked = !db_is_null(stmt, 6), unpaid = db_text(stmt, 7, NULL)[0] == 'Y',
         active = db_text(stmt, 8, NULL)[0] == 'Y';
    return revoked                                        ? API_ERR_APPLICATION_NOT_FOUND
           : unpaid                                       ? API_ERR_SUBSCRIPTION
           : !active                                      ? API_ERR_AUTHORIZATION
           : !app_allows(db_text(stmt, 5, NULL), user_id) ? API_ERR_USER_ACCESS
                                                          : API_ERROR_COUNT;
}

#define TOKEN                                                                                      \
    "SELECT t.app_id, t.user_id, t.scope, m.is_admin, t.access_expires, a.users, a.revoked, "      \
    "a.payment_expired, m.active FROM oauth_token t JOIN app a ON a.id = t.app_id JOIN member m "  \
    "ON m.id = t.user_id WHERE "

/* A signed address outlives the access token that got it, but not the pair of tokens that can still
 * be refreshed. */
static enum db_rc look_up_token(struct request *req, const struct wanted *wanted,
                                struct caller *caller, enum api_code *refused)
{
    struct db_stmt *stmt = db_prepare(
        req->db, wanted->hash ? TOKEN "t.access_hash = $1"
                              : TOKEN "t.app_id = $1 AND t.user_id = $2 AND t.ended IS NULL AND "
                                      "t.refresh_expires > $3 ORDER BY t.id DESC LIMIT 1");
    if (wanted->hash) {
        db_bind_textz(stmt, 1, wanted->hash);
    } else {
        db_bind_int(stmt, 1, -wanted->credential_id);
        db_bind_int(stmt, 2, wanted->user_id);
        db_bind_int(stmt, 3, (int64_t)portal_now(req->portal));
    }
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        fill_caller(req, stmt, caller);
        caller->app_id = db_int(stmt, 0);
        caller->credential_id = -caller->app_id;
        caller->expires = wanted->hash ? db_int(stmt, 4) : 0;
        *refused = judge_token(stmt, caller->user_id);
    }
    db_finish(stmt);
    return rc;
}

/* Every scope there is: what the page may do is what its user may. */
static const char *all_scopes(struct arena *arena)
{
    struct buf list = {0};
    for (const char *const *scope = scope_names; *scope; scope++)
        buf_printf(&list, "%s%s", list.len ? "," : "", *scope);
    const char *text = arena_strndup(arena, list.data, list.len);
    buf_clear(&list);
    return text;
}

static enum db_rc look_up_console(struct request *req, const struct wanted *wanted,
                                  struct caller *caller)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT t.expires, t.user_id, '', m.is_admin FROM console_token t JOIN session s "
                 "ON s.session_hash = t.session_hash JOIN member m ON m.id = t.user_id WHERE "
                 "t.token_hash = $1 AND s.expires > $2 AND m.active = 'Y'");
    db_bind_textz(stmt, 1, wanted->hash);
    db_bind_int(stmt, 2, (int64_t)portal_now(req->portal));
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        fill_caller(req, stmt, caller);
        caller->expires = db_int(stmt, 0);
        caller->is_console = true;
        caller->scopes = all_scopes(req->arena);
    }
    db_finish(stmt);
    return rc;
}

/* An address that a page for people got is good while its user has a session; one that an assistant got without a
 * credential (--mcp-open), while he is an administrator. */
static enum db_rc look_up_person(struct request *req, const struct wanted *wanted,
                                 struct caller *caller)
{
    struct db_stmt *stmt = db_prepare(
        req->db, "SELECT 0, m.id, '', m.is_admin FROM member m WHERE m.id = $1 AND m.active = 'Y' "
                 "AND (($2 = 1 AND m.is_admin = 'Y') OR EXISTS (SELECT 1 FROM session s WHERE "
                 "s.user_id = m.id AND s.expires > $3))");
    db_bind_int(stmt, 1, wanted->user_id);
    db_bind_int(stmt, 2, req->portal->mcp_open);
    db_bind_int(stmt, 3, (int64_t)portal_now(req->portal));
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        fill_caller(req, stmt, caller);
        caller->is_console = true;
        caller->scopes = all_scopes(req->arena);
    }
    db_finish(stmt);
    return rc;
}

static enum db_rc look_up(struct request *req, const struct wanted *wanted, struct caller *caller,
                          enum api_code *refused)
{
    enum db_rc rc = DB_NONE;
    if (wanted->is_console)
        return look_up_console(req, wanted, caller);
    if (!wanted->hash && !wanted->credential_id)
        return look_up_person(req, wanted, caller);
    if (wanted->hash || wanted->credential_id > 0)
        rc = look_up_webhook(req, wanted, caller);
    if (rc == DB_NONE && (wanted->hash || wanted->credential_id < 0))
        rc = look_up_token(req, wanted, caller, refused);
    return rc;
}

/* Asked from the store, and remembered when it is good. */
static enum api_rc find_caller(struct request *req, const struct wanted *wanted,
                               const unsigned char *digest, struct caller *caller)
{
    db_refresh(req->db); /* it may have been added a moment ago, by another process */
    enum api_code refused = API_ERROR_COUNT;
    enum db_rc rc = look_up(req, wanted, caller, &refused);
    if (rc == DB_LOST && db_reconnect(req->db) == DB_OK)
        rc = look_up(req, wanted, caller, &refused);
    if (rc == DB_NONE)
        refused = wanted->unknown;
    else if (rc != DB_ROW)
        return api_db(req, rc);
    else if (wanted->in_address && caller->app_id) /* a token has no place in a webhook's address */
        refused = API_ERR_INVALID_CREDENTIALS;
    if (refused != API_ERROR_COUNT)
        return api_fail(req, refused, NULL);
    struct access *access = NULL;
    if (!caller->is_admin && (rc = access_load(req->db, caller->user_id, &access)) != DB_OK)
        return api_db(req, rc);
    give_access(req->arena, access, caller);
    remember(req->portal->credentials, digest, caller, access);
    return API_OK;
}

enum api_rc auth_caller(struct request *req, int64_t user_id, const char *code,
                        struct caller *caller)
{
    unsigned char digest[SECRET_KEY_BYTES];
    int64_t depth = 0;
    if (!code || !*code)
        return api_fail(req, API_ERR_NO_AUTH_FOUND, NULL);
    size_t len = user_id ? strlen(code) : chain_read(&req->portal->key, code, &depth);
    if (depth > req->depth)
        req->depth = depth;
    secret_digest(&req->portal->key, code, len, digest);
    bool known = cached(req->portal->credentials, digest, req->arena, caller);
    metrics_credential(req->portal->metrics, known);
    if (!known) {
        char hash[SECRET_HASH_HEX];
        sodium_bin2hex(hash, sizeof hash, digest, sizeof digest);
        const struct wanted wanted = {.hash = hash,
                                      .in_address = user_id != 0,
                                      .is_console = !user_id && console_is_token(code),
                                      .unknown = user_id ? API_ERR_INVALID_CREDENTIALS
                                                         : API_ERR_INVALID_TOKEN};
        enum api_rc rc = find_caller(req, &wanted, digest, caller);
        if (rc != API_OK)
            return rc;
    }
    if (user_id && (user_id != caller->user_id || caller->app_id))
        return api_fail(req, API_ERR_INVALID_CREDENTIALS, NULL);
    if (caller->expires && portal_now(req->portal) >= (double)caller->expires)
        return api_fail(req, API_ERR_EXPIRED_TOKEN, NULL);
    return API_OK;
}

enum api_rc auth_administrator(struct request *req, struct caller *caller)
{
    struct db_stmt *stmt =
        db_prepare(req->db, "SELECT 0, id, '', is_admin FROM member WHERE is_admin = 'Y' AND "
                            "active = 'Y' ORDER BY id LIMIT 1");
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        fill_caller(req, stmt, caller);
        caller->scopes = all_scopes(req->arena);
    }
    db_finish(stmt);
    return rc == DB_NONE ? api_fail(req, API_ERR_NO_AUTH_FOUND, NULL) : api_db(req, rc);
}

enum api_rc auth_signed(struct request *req, int64_t credential_id, int64_t user_id,
                        struct caller *caller)
{
    unsigned char digest[SECRET_KEY_BYTES];
    /* The NUL at its head keeps it from being the digest of anything that a client can send. */
    char text[64] = "";
    size_t len = format_text(text + 1, sizeof text - 1, "signed %" PRId64 " %" PRId64,
                             credential_id, user_id);
    secret_digest(&req->portal->key, text, len + 1, digest);
    if (cached(req->portal->credentials, digest, req->arena, caller))
        return API_OK;
    const struct wanted wanted = {
        .credential_id = credential_id, .user_id = user_id, .unknown = API_ERR_ACCESS_DENIED};
    return find_caller(req, &wanted, digest, caller);
}

enum db_rc webhook_add(struct db *db, const struct portal *portal, int64_t user_id,
                       const char *code, const char *scope, int64_t now, int64_t *id)
{
    char hash[SECRET_HASH_HEX];
    secret_hash(&portal->key, code, strlen(code), hash);
    struct db_stmt *stmt =
        db_prepare(db, "INSERT INTO webhook (user_id, code_hash, scope, created) SELECT m.id, $1, "
                       "$2, $3 FROM member m WHERE m.id = $4 AND m.active = 'Y' RETURNING id");
    db_bind_textz(stmt, 1, hash);
    db_bind_textz(stmt, 2, scope);
    db_bind_int(stmt, 3, now);
    db_bind_int(stmt, 4, user_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW)
        *id = db_int(stmt, 0);
    db_finish(stmt);
    return rc == DB_ROW ? DB_OK : rc;
}

enum db_rc webhook_revoke(struct db *db, int64_t id, int64_t now)
{
    struct db_stmt *stmt =
        db_prepare(db, "UPDATE webhook SET revoked = $1 WHERE id = $2 AND revoked IS NULL");
    db_bind_int(stmt, 1, now);
    db_bind_int(stmt, 2, id);
    enum db_rc rc = db_run(stmt);
    return rc == DB_OK && !db_changes(db) ? DB_NONE : rc;
}
