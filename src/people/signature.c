#include "people/signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "people/auth.h"

#define GOOD_S 86400 /* how long an address holds */
#define HASH_HEX 40

struct signature {
    int64_t credential_id, user_id, until;
    char hash[HASH_HEX + 1];
};

static void sign(struct request *req, const char *path, const struct signed_param *params,
                 struct signature *signature)
{
    char hash[SECRET_HASH_HEX];
    struct buf text = {0};
    buf_printf(&text, "address %s %" PRId64 " %" PRId64 " %" PRId64, path, signature->credential_id,
               signature->user_id, signature->until);
    for (; params->name; params++)
        buf_printf(&text, " %s=%" PRId64, params->name, params->value);
    secret_hash(&req->portal->key, buf_text(&text), text.len, hash);
    buf_clear(&text);
    memcpy(signature->hash, hash, HASH_HEX);
    signature->hash[HASH_HEX] = '\0';
}

const char *signature_address(struct request *req, const char *path,
                              const struct signed_param *params)
{
    struct signature signature = {.credential_id = req->caller->credential_id,
                                  .user_id = req->caller->user_id,
                                  .until = (int64_t)req->now + GOOD_S};
    struct buf text = {0};
    sign(req, path, params, &signature);
    buf_printf(&text, "%s%s?", req->base_url ? req->base_url : "", path);
    for (; params->name; params++)
        buf_printf(&text, "%s=%" PRId64 "&", params->name, params->value);
    buf_printf(&text, "auth=%" PRId64 ".%" PRId64 ".%" PRId64 ".%s", signature.credential_id,
               signature.user_id, signature.until, signature.hash);
    const char *address = arena_strndup(req->arena, text.data, text.len);
    buf_clear(&text);
    return address;
}

/* Three numbers and a hash, with dots between them. */
static bool parse(const char *auth, struct signature *signature)
{
    int64_t *const numbers[] = {&signature->credential_id, &signature->user_id, &signature->until};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        size_t len = strcspn(auth, ".");
        if (!auth[len] || !text_to_int(auth, len, numbers[i]))
            return false;
        auth += len + 1;
    }
    if (strlen(auth) != HASH_HEX || strspn(auth, "0123456789abcdef") != HASH_HEX)
        return false;
    memcpy(signature->hash, auth, HASH_HEX + 1);
    return true;
}

bool signature_is(const char *auth)
{
    struct signature signature;
    return auth && parse(auth, &signature);
}

/* The signed parameters as they came; false when one of them is no number. */
static bool take_params(struct request *req, const char *const *names, struct signed_param **params)
{
    size_t count = 0;
    while (names[count])
        count++;
    *params = arena_zalloc(req->arena, (count + 1) * sizeof **params);
    for (size_t i = 0; i < count; i++) {
        (*params)[i].name = names[i];
        if (!param_int(req, names[i], &(*params)[i].value))
            return false;
    }
    return true;
}

enum api_rc signature_caller(struct request *req, const char *path, const char *const *names,
                             const char *auth, struct caller *caller)
{
    struct signature given, expected;
    struct signed_param *params;
    if (!parse(auth, &given) || (double)given.until < portal_now(req->portal) ||
        !take_params(req, names, &params))
        return api_fail(req, API_ERR_ACCESS_DENIED, NULL);
    expected = given;
    sign(req, path, params, &expected);
    if (!secret_equal(given.hash, expected.hash))
        return api_fail(req, API_ERR_ACCESS_DENIED, NULL);
    return auth_signed(req, given.credential_id, given.user_id, caller);
}
