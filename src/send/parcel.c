#include "send/parcel.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "portal/chain.h"

bool parcel_wants_refresh(const char *event)
{
    return !strcmp(event, "ONAPPINSTALL") || !strcmp(event, "ONOFFLINEEVENT");
}

static void mark_of(const struct portal *portal, const struct parcel *parcel,
                    char mark[APP_MARK_SIZE])
{
    if (parcel->app_id)
        app_mark(portal, "app", parcel->app_id, mark);
    else
        app_mark(portal, "hook", parcel->hook_id, mark);
}

static void add_auth(struct buf *body, const char *key, const char *value)
{
    buf_printf(body, "&auth%%5B%s%%5D=", key);
    buf_add_percent(body, value, strlen(value));
}

void parcel_body(struct buf *body, const struct portal *portal, const char *base_url,
                 const struct parcel *parcel, const struct token_pair *pair, const char *scope,
                 int64_t now)
{
    char mark[APP_MARK_SIZE], member[APP_MARK_SIZE], endpoint[600];
    snprintf(endpoint, sizeof endpoint, "%s/rest/", base_url);
    portal_member_id(portal, member);
    mark_of(portal, parcel, mark);
    buf_printf(body, "event=%s&event_handler_id=%lld", parcel->event,
               (long long)parcel->handler_id);
    if (*parcel->data)
        buf_printf(body, "&%s", parcel->data);
    buf_printf(body, "&ts=%lld", (long long)now);
    if (pair) {
        char token[sizeof pair->access + CHAIN_MARK], link[CHAIN_MARK];
        chain_mark(&portal->key, pair->access, parcel->depth, link);
        snprintf(token, sizeof token, "%s%s", pair->access, link);
        add_auth(body, "access_token", token);
        buf_printf(body, "&auth%%5Bexpires%%5D=%lld&auth%%5Bexpires_in%%5D=%lld",
                   (long long)pair->expires, (long long)(pair->expires - now));
        buf_printf(body, "&auth%%5Buser_id%%5D=%lld", (long long)pair->user_id);
        if (parcel_wants_refresh(parcel->event))
            add_auth(body, "refresh_token", pair->refresh);
    }
    if (parcel->app_id) {
        add_auth(body, "scope", scope);
        add_auth(body, "status", APP_STATUS);
    }
    add_auth(body, "domain", base_url_domain(base_url));
    add_auth(body, "client_endpoint", endpoint);
    add_auth(body, "server_endpoint", endpoint);
    add_auth(body, "member_id", member);
    add_auth(body, "application_token", mark);
}

static void add_signature(struct buf *header, const struct portal *portal,
                          const struct parcel *parcel, const struct buf *body, int64_t now)
{
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char mark[APP_MARK_SIZE], hex[2 * sizeof mac + 1], stamp[32];
    mark_of(portal, parcel, mark);
    size_t len = format_text(stamp, sizeof stamp, "%lld.", (long long)now);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)mark, strlen(mark));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)stamp, len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body->data, body->len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
    buf_printf(header, "t=%lld,v1=%s", (long long)now, hex);
}

struct curl_slist *parcel_headers(const struct portal *portal, const struct parcel *parcel,
                                  const struct buf *body, int64_t now)
{
    struct buf line = {0};
    char member[APP_MARK_SIZE];
    buf_adds(&line, "X-Rapport-Signature: ");
    add_signature(&line, portal, parcel, body, now);
    struct curl_slist *headers = curl_slist_append(NULL, buf_text(&line));
    headers = curl_slist_append(headers, "Expect:");
    portal_member_id(portal, member);
    line.len = 0;
    buf_printf(&line, CHAIN_HEADER ": %s %lld", member, (long long)parcel->depth + 1);
    headers = curl_slist_append(headers, buf_text(&line));
    buf_clear(&line);
    return headers;
}
