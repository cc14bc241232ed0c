/* transcript - what was said in a call.
 *
 * What:    a text beside a call. There is no speech recognition here: a transcript is set from
 *          outside (rapport transcript), or the demo has it.
 * Used by: method/crm_activity_transcript.c, app/command_transcript.c, app/demo.c.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  transcript_set: DB_NONE when there is no such call.
 */
#ifndef RAPPORT_CRM_TRANSCRIPT_H
#define RAPPORT_CRM_TRANSCRIPT_H

#include "portal/request.h"

enum db_rc transcript_set(struct db *db, int64_t activity_id, const char *text);
/* DB_NONE when there was none. */
enum db_rc transcript_remove(struct db *db, int64_t activity_id);
/* *text is NULL when there is none. */
enum api_rc transcript_read(struct request *req, int64_t activity_id, const char **text);

#endif
