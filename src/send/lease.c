#include "send/lease.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"

/* Servers of one data directory are one after the other, so they share a name. */
static char *owner_name(const struct portal *portal)
{
    char host[128] = "", text[4400];
    char *path = realpath(portal->data_dir, NULL);
    gethostname(host, sizeof host - 1);
    snprintf(text, sizeof text, "%s:%s", host, path ? path : portal->data_dir);
    free(path);
    return xstrdup(text);
}

void lease_init(struct lease *lease, const struct portal *portal)
{
    *lease = (struct lease){.owner = portal->schema ? owner_name(portal) : NULL};
    backoff_init(&lease->wait, "the lease of the delivery", 0.5, LEASE_LOOK_S);
}

void lease_clear(struct lease *lease)
{
    backoff_clear(&lease->wait);
    free(lease->owner);
    lease->owner = NULL;
}

bool lease_held(const struct lease *lease, double now)
{
    return !lease->owner || lease->until > now;
}

/* How long another server still has it; 0: it is ours, nobody's, or has run out. */
static enum db_rc others(const struct lease *lease, struct db *db, double *seconds)
{
    *seconds = 0;
    struct db_stmt *stmt = db_prepare(db, "SELECT owner, until FROM event_lease WHERE id = 1");
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW && strcmp(db_text(stmt, 0, NULL), lease->owner) != 0) {
        double left = (double)db_int(stmt, 1) - clock_real();
        *seconds = left > 0 ? left : 0;
    }
    db_finish(stmt);
    return rc;
}

bool lease_wanted(struct lease *lease, struct db *db, double now)
{
    double left;
    if (!lease->owner || lease->until - now > LEASE_S / 2.0 || !backoff_due(&lease->wait))
        return false;
    if (!lease_held(lease, now)) {
        enum db_rc rc = others(lease, db, &left);
        if (rc == DB_LOST)
            db_reconnect(db);
        if (rc != DB_ROW && rc != DB_NONE) {
            backoff_failed(&lease->wait, db_state(db), db_message(db));
            return false;
        }
        if (left > 0) {
            backoff_rest(&lease->wait, left < LEASE_LOOK_S ? left + 1 : LEASE_LOOK_S);
            return false;
        }
    }
    lease->asked = now;
    return true;
}

void lease_told(struct lease *lease, bool kept, bool ours)
{
    if (!kept) {
        /* The lane has said why; what is held is held until it runs out. */
        backoff_rest(&lease->wait, 1);
        return;
    }
    lease->until = ours ? lease->asked + LEASE_S : 0;
    backoff_worked(&lease->wait);
    if (!ours)
        backoff_rest(&lease->wait, LEASE_LOOK_S);
}
