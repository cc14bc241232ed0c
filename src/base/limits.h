/* limits - every bound that a request can meet, in one place.
 *
 * A request beyond one of these gets a clear protocol error, never a crash or a cut-off value.
 */
#ifndef RAPPORT_BASE_LIMITS_H
#define RAPPORT_BASE_LIMITS_H

#include <stdint.h>

#define LIMIT_BODY_BYTES (100UL * 1024 * 1024)  /* default of --max-body; files come as Base64 */
#define LIMIT_ANSWER_BYTES (64UL * 1024 * 1024) /* default of --max-answer */
#define LIMIT_QUERY_BYTES (32UL * 1024)         /* request line and headers together */
#define LIMIT_PARAM_COUNT 20000UL               /* values of one request, at any depth */
#define LIMIT_PARAM_DEPTH 32                    /* nesting of arrays in parameters */
#define LIMIT_BATCH_COMMANDS 50                /* documented: settings/how-to-call-rest-api/batch */
#define LIMIT_BATCH_TEXT (16UL * 1024 * 1024)  /* text that the references of one command copy */
#define LIMIT_BATCH_PARSED (4UL * 1024 * 1024) /* JSON of results that a batch's references read */
#define LIMIT_PAGE 50                          /* rows of a list answer, fixed by the protocol */
#define LIMIT_START (INT64_C(1) << 53)         /* a page that begins later holds nothing */
#define LIMIT_FILTER_TERMS 200                 /* conditions in one filter, IN lists count once */
#define LIMIT_IN_VALUES 5000                   /* values of one IN list */
#define LIMIT_FILTER_VALUES 5500               /* values of one filter, all its lists together */
#define LIMIT_TEXT_BYTES (1024UL * 1024)       /* a description, a comment, a transcript */
#define LIMIT_LINE_BYTES 4096UL                /* any other text field */
#define LIMIT_OBJECT_BYTES (256UL * 1024)      /* a field or a layout that is kept as JSON */
#define LIMIT_MONEY 1e13                       /* sums are below it: doubles hold each cent */
#define LIMIT_LIKE_BYTES 1024UL                /* pattern of a substring filter */
#define LIMIT_COMMUNICATIONS 1000              /* communications of one e-mail activity */
#define LIMIT_FILES 100                        /* files of one activity */
#define LIMIT_BINDINGS 100                     /* CRM objects of one activity, documented */
#define LIMIT_PING_OFFSETS 100                 /* reminders of one activity */
#define LIMIT_CODE_BYTES 255                   /* codes and names of types and badges */
#define LIMIT_LANGUAGES 100                    /* translations of one text */
#define LIMIT_INLINE_BYTES (256UL * 1024) /* of a body or an answer worked on by an HTTP thread */
#define LIMIT_QUEUE 4096                  /* jobs waiting for a lane */
#define LIMIT_SLOW_QUEUE 1024             /* jobs waiting for the slow lane */
#define LIMIT_COMMIT_JOBS 256             /* requests that share one commit */

#define LIMIT_TIME_S 30 /* default of --limit-time */

/* Bodies of requests together, and of it those of clients not yet recognised; without a look at who
 * sends it a small one is taken. */
#define LIMIT_BODIES_BYTES (512UL * 1024 * 1024)
#define LIMIT_UNKNOWN_BODIES_BYTES (64UL * 1024 * 1024)
#define LIMIT_SMALL_BODY 16384UL

#define TIMEOUT_IDLE_S 60     /* a connection without a byte */
#define TIMEOUT_HEADERS_S 30  /* from the first wait to complete headers, beyond TIMEOUT_IDLE_S */
#define TIMEOUT_BODY_S 30     /* for a body, beyond what RATE_BODY gives */
#define TIMEOUT_STREAM_S 960  /* an answer that goes on (portal/feed) ends by itself before */
#define TIMEOUT_REQUEST_S 300 /* to the whole answer sent, beyond what RATE_BODY gives */
#define RATE_BODY 16384       /* bytes a second that a body or an answer makes at least */

#endif
