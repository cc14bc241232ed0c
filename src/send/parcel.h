/* parcel - one event on its way to one handler: the body and the headers it is sent with.
 *
 * What:    the form-encoded body as documented in api-reference/events/index, and a signature over it
 *          that the original lacks.
 * Used by: send/delivery.
 * Memory:  the caller's buffers.
 * Threads: any.
 */
#ifndef RAPPORT_SEND_PARCEL_H
#define RAPPORT_SEND_PARCEL_H

#include <curl/curl.h>

#include "people/token.h"

struct parcel {
    int64_t id, handler_id, app_id; /* app_id 0: an outgoing webhook */
    int64_t hook_id;
    int64_t user_id; /* whose tokens go with it; 0: none */
    int64_t created, attempts, depth;
    char *event, *data; /* owned by the delivery */
};

/* Events whose tokens are for long: a fresh pair with its refresh token goes with each. */
bool parcel_wants_refresh(const char *event);
/* `pair` NULL: no tokens (an outgoing webhook, or nobody's change). `scope` of the application. */
void parcel_body(struct buf *body, const struct portal *portal, const char *base_url,
                 const struct parcel *parcel, const struct token_pair *pair, const char *scope,
                 int64_t now);
/* X-Rapport-Signature: "t=TS,v1=HEX", the HMAC-SHA256 of "TS.BODY" with the subscriber's
 * application_token; X-Rapport-Event, as portal/chain has it. For curl, who frees it. */
struct curl_slist *parcel_headers(const struct portal *portal, const struct parcel *parcel,
                                  const struct buf *body, int64_t now);

#endif
