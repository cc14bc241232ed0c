/* activity_mail - e-mail activities that are really sent: they wait in mail_outbox for send/mailer.
 *
 * Used by: crm/activity.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_ACTIVITY_MAIL_H
#define RAPPORT_CRM_ACTIVITY_MAIL_H

#include "model/entity.h"

struct communication;

/* The activity goes: its e-mail, if it still waits, is not sent. */
enum api_rc mail_withdraw(struct request *req, int64_t activity_id);
/* Queues the e-mail of an activity that was just added, when it is to be sent. API_KEPT: it cannot be; the
 * activity stays. */
enum api_rc mail_queue(struct change *change, const struct communication *list);

#endif
