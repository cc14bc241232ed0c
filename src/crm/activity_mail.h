/* activity_mail - e-mail activities that are really sent: they wait in mail_outbox for send/mailer.
 *
 * Used by: crm/activity (its descriptor).
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ACTIVITY_MAIL_H
#define RAPPORT_CRM_ACTIVITY_MAIL_H

#include "model/relation.h"

/* Queues the e-mail of an activity that was just added, when it is to be sent (API_KEPT: it cannot be; the
 * activity stays). When the activity goes, what still waits is not sent. */
extern const struct relation activity_mails;

#endif
