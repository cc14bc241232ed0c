#include "crm/item_rule.h"

#include "crm/owner_rule.h"
#include "crm/stage_step.h"
#include "portal/portal.h"

#define CLOSE_DAYS 7 /* an item is expected to close this long after it began */

static void default_dates(struct change *change)
{
    struct cell *begin = change_cell(change, "BEGINDATE");
    struct cell *close = change_cell(change, "CLOSEDATE");
    int64_t today = day_of(change->req->zone, (int64_t)change->req->now);
    if (begin->null)
        cell_set_int(begin, today);
    if (close->null)
        cell_set_int(close, today + CLOSE_DAYS);
}

enum api_rc item_check(struct change *change)
{
    bool moved;
    char semantics;
    owner_assigned(change);
    if (change->is_add)
        default_dates(change);
    enum api_rc rc = owner_currency(change);
    if (rc == API_OK)
        rc = stage_settle(change, &moved, &semantics);
    return rc == API_OK ? owner_title(change, change->entity->title) : rc;
}

enum api_rc item_stored(struct change *change)
{
    return owner_title(change, change->entity->title);
}
