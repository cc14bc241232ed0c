/* demo_transcript - the one call of the demo whose words are known: the first that is over.
 *
 * Used by: app/demo.
 * Memory:  nothing is kept.
 * Threads: the lane's.
 * Errors:  as rest/request.h.
 */
#ifndef RAPPORT_APP_DEMO_TRANSCRIPT_H
#define RAPPORT_APP_DEMO_TRANSCRIPT_H

#include "rest/request.h"

enum api_rc demo_transcript(struct request *req);

#endif
