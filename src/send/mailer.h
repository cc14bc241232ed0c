/* mailer - hands e-mail activities to the relay, after the commit and apart from all requests.
 *
 * What:    one thread that takes mail_outbox in order of due time and speaks SMTP with libcurl. At
 *          most once: that it is on its way is written down before; what became of it after. Where that
 *          is not known (the connection went after the content, or the server was killed), the message is
 *          given up and `rapport mail` says so.
 * Used by: app/serve, when there is a relay (--smtp).
 * Memory:  mailer_start to mailer_stop.
 * Threads: its own.
 * Errors:  mailer_start: NULL with a sentence in `why`. What the relay refuses for good (5xx) is given
 *          up at once, what it cannot take now is tried again for a day; `rapport mail` shows both.
 */
#ifndef RAPPORT_SEND_MAILER_H
#define RAPPORT_SEND_MAILER_H

#include "send/delivery.h"

struct mailer;

/* Where the portal's smtp url leads. `delivery`: with several servers on one database, the one that
 * delivers events sends mail too. */
struct mailer *mailer_start(struct portal *portal, struct lanes *lanes, struct delivery *delivery,
                            struct buf *why);
/* After the portal's stop was asked for: what is on its way has its few seconds. Before the delivery
 * and the lanes are stopped. */
void mailer_stop(struct mailer *mailer);
/* smtp://[user:password@]host[:port] or smtps://... */
bool smtp_url_valid(const char *url);

#endif
