/* auth - from a credential to the caller.
 *
 * What:    incoming webhooks: /rest/USER/CODE/method, or the code in `auth`, `access_token` or
 *          `Authorization: Bearer`; access tokens of applications in the latter three. Pages: settings/
 *          how-to-call-rest-api/authorization, settings/oauth/index.
 * Used by: rest/pipeline, people/signature, app/ (webhook commands).
 * Memory:  a cache of callers per portal; codes themselves are never kept.
 * Threads: any; locked inside.
 * Errors:  API_ERR_NO_AUTH_FOUND without a credential, API_ERR_INVALID_CREDENTIALS for a wrong one
 *          in the address, API_ERR_INVALID_TOKEN for one elsewhere; of a token that is known but not
 *          good: API_ERR_APPLICATION_NOT_FOUND, API_ERR_SUBSCRIPTION (the application's payment ran
 *          out), API_ERR_AUTHORIZATION (the user is dismissed), API_ERR_USER_ACCESS (an application
 *          for some users only), API_ERR_EXPIRED_TOKEN; enum db_rc trouble as API_STORE.
 *
 * A credential found valid is believed for CACHE_S seconds without asking the store again, so a
 * revoked one stops working within that time; a new one works at once.
 */
#ifndef RAPPORT_PEOPLE_AUTH_H
#define RAPPORT_PEOPLE_AUTH_H

#include "portal/portal.h"
#include "portal/request.h"

/* What this portal is to remember of credentials: before the first call. */
void auth_open(struct portal *portal);
/* The next call of each looks into the store again. */
void credential_cache_clear(struct credential_cache *cache);

/* The parameters that may hold one, best first; ends with NULL. */
extern const char *const credential_params[];
/* Is it the name of such a parameter? In any case of letters: what might be a secret is kept from others. */
bool credential_param(const char *name);

/* `user_id` 0: not named in the address. `code` NULL: no credential. Fills *caller. */
enum api_rc auth_caller(struct request *req, int64_t user_id, const char *code,
                        struct caller *caller);
/* The same for who got a signed address (people/signature): the credential by its number, as it stands in
 * struct caller. ACCESS_DENIED when it was revoked, its user dismissed, its application taken away. */
enum api_rc auth_signed(struct request *req, int64_t credential_id, int64_t user_id,
                        struct caller *caller);

/* The administrator (the first active one), with every scope and without a credential: for who need not show one.
 * API_ERR_NO_AUTH_FOUND when there is none. */
enum api_rc auth_administrator(struct request *req, struct caller *caller);

/* Adds a webhook with this code; scope is a comma list. The user must exist and be active:
 * DB_NONE when not. */
enum db_rc webhook_add(struct db *db, const struct portal *portal, int64_t user_id,
                       const char *code, const char *scope, int64_t now, int64_t *id);
/* DB_NONE when there is no such webhook. */
enum db_rc webhook_revoke(struct db *db, int64_t id, int64_t now);

#endif
