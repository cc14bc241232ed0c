#include "rest/cookie.h"

#include <string.h>

const char *cookie_of(struct call *call, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = call->cookie; at && *at;) {
        at += strspn(at, "; ");
        size_t pair = strcspn(at, ";");
        if (pair > len && !strncmp(at, name, len) && at[len] == '=')
            return arena_strndup(&call->arena, at + len + 1, pair - len - 1);
        at += pair;
    }
    return "";
}

void cookie_set(struct call *call, const char *name, const char *value, int64_t life)
{
    struct buf text = {0};
    buf_printf(&text, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", name, value,
               (long long)life, call->is_https ? "; Secure" : "");
    call_reply_header(call, "Set-Cookie", arena_strdup(&call->arena, buf_text(&text)));
    buf_clear(&text);
}
