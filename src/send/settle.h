/* settle - what the delivery writes: which parcels are done, tokens to send, who may deliver.
 *
 * What:    one job of the write lane, as a request's call is: it shares a commit with the calls that
 *          wait at the same time, so the delivery never fights them for the store's write lock.
 * Used by: send/delivery only; one settlement at a time.
 * Memory:  the delivery's; the lane works on it between settle_submit and settle_done.
 * Threads: settle_submit on the delivery's thread; `done` is called on the lane's.
 * Errors:  settle_ok false: nothing of it was kept, all of it is submitted again.
 */
#ifndef RAPPORT_SEND_SETTLE_H
#define RAPPORT_SEND_SETTLE_H

#include "lane/lane.h"
#include "people/token.h"

#define SETTLE_VERDICTS 1024
#define SETTLE_MINTS 64
#define SETTLE_ERROR 160

enum verdict_kind { VERDICT_DELIVERED, VERDICT_AGAIN, VERDICT_GAVE_UP };

struct verdict {
    int64_t parcel_id, target_id;
    enum verdict_kind kind;
    char error[SETTLE_ERROR];
};

/* A pair of tokens to make. */
struct mint {
    int64_t target_id, app_id, user_id;
    bool made; /* false after a settlement: the user or the application is gone */
    struct token_pair pair;
};

struct settlement {
    struct verdict verdicts[SETTLE_VERDICTS];
    size_t verdict_count;
    struct mint mints[SETTLE_MINTS];
    size_t mint_count;
    const char *owner; /* of the lease that is asked for; NULL: none needed */
    int64_t lease_until;
    bool leased;

    struct arena arena;
    bool kept;
    struct job job;
};

/* Fills nothing in of what the caller set; `done` is told on the lane's thread. False: the lane is
 * full or closed. */
bool settle_submit(struct settlement *settlement, struct portal *portal, struct lanes *lanes,
                   void (*done)(struct job *job), void *context);
/* After `done`: was it kept? Releases what it used. */
bool settle_finish(struct settlement *settlement);

#endif
