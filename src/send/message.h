/* message - an e-mail activity as a message of the Internet: headers, text, attachments.
 *
 * What:    RFC 5322 and MIME by libcurl's mime interface; words that are not ASCII by RFC 2047. What
 *          comes from a request is never more than the content of a header or a part.
 * Used by: send/mailer.
 * Memory:  message_free; texts of message_load in the message's arena.
 * Threads: the mailer's.
 * Errors:  enum db_rc.
 */
#ifndef RAPPORT_SEND_MESSAGE_H
#define RAPPORT_SEND_MESSAGE_H

#include <curl/curl.h>

#include "portal/portal.h"

struct message {
    struct arena arena;
    int64_t outbox_id, activity_id, created, attempts;
    const char *sender; /* "Name <address>" */
    bool copy_to_sender;
    struct curl_slist *recipients, *headers;
    curl_mime *mime;
};

/* The next message that is due at `now`: DB_ROW with `message` filled, DB_NONE. */
enum db_rc message_load(struct db *db, int64_t now, struct message *message);
/* Headers and parts for this handle. False: an attachment's content cannot be read. */
bool message_compose(struct db *db, const struct portal *portal, CURL *easy,
                     struct message *message, int64_t now);
void message_free(struct message *message);
/* Appends a header's text: as it is when it is printable ASCII, else as encoded words. */
void mail_encode(struct buf *out, const char *text);

#endif
