/* server_state - what the two halves of the server share: http/requests, and http/server (start, stop, time).
 *
 * Used by: those two and nobody else.
 * Memory:  the server's.
 * Threads: as each member says.
 */
#ifndef RAPPORT_HTTP_SERVER_STATE_H
#define RAPPORT_HTTP_SERVER_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "http/daemon.h"
#include "http/exchange.h"
#include "http/peer.h"
#include "http/intake.h"
#include "http/origin.h"
#include "http/server_options.h"
#include "http/timer.h"
#include "http/tls.h"
#include "lane/reader.h"

struct server {
    struct portal *portal;
    struct lanes *lanes;
    struct timers *timers;
    struct MHD_Daemon *daemon;
    struct server_options options;
    char url[128]; /* where it listens */
    struct origin_rules origin;
    struct tls *tls;
    bool reads_inline;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned places; /* for connections */
    struct peers *peers;
    struct intake *intake;
    struct readers *readers;
    _Atomic int active; /* requests from complete headers to the answer sent */
    _Atomic bool stopping, drained;
    bool sweeping;
    pthread_t sweeper;
    _Atomic double swept; /* when, by clock_monotonic */
};

#endif
