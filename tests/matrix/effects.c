/* What a call may have changed in the store, whatever it was: each difference is held against the rules
 * as they stood before it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matrix.h"

void effects_begin(void)
{
    sql("SAVEPOINT matrix");
}

struct effects {
    const struct user *user;
    const struct subject *subject;
    const struct answer *answer;
};

static bool is_subject(const struct effects *e, int type, int64_t id)
{
    return e->subject->type == type && e->subject->id == id;
}

/* The row that the call deletes takes its references with it. */
static bool goes(const struct effects *e, int type, int64_t id)
{
    return e->subject->deletes && is_subject(e, type, id);
}

/* ---- rows ---- */

/* The first link stands in the row too. */
static void check_first(const struct effects *e, const struct row *row)
{
    struct pair pair = {row->type, row->id, row->type == CONTACT ? COMPANY : CONTACT, row->first};
    check(!row->first || find_pair(after.links, after.link_count, &pair), e->answer,
          "%s %lld has its first link among its links, not %lld", type_names[row->type],
          (long long)row->id, (long long)row->first);
}

static void check_rows(const struct effects *e)
{
    for (int i = 0; i < after.row_count; i++) {
        const struct row *now = &after.rows[i], *old = find_row(&before, now->type, now->id);
        check_first(e, now);
        if (!old) {
            check(covers(e->user, ADD, now), e->answer, "no new %s for user %lld",
                  type_names[now->type], (long long)now->assigned);
            check(!now->company || may(&before, e->user, READ, COMPANY, now->company), e->answer,
                  "no COMPANY_ID that is not readable");
            continue;
        }
        bool moved = now->company != old->company && !goes(e, COMPANY, old->company);
        if (now->assigned != old->assigned || moved || strcmp(now->word, old->word))
            check(covers(e->user, UPDATE, old), e->answer, "no change of %s %lld",
                  type_names[old->type], (long long)old->id);
        if (moved && now->company)
            check(may(&before, e->user, READ, COMPANY, now->company), e->answer,
                  "no COMPANY_ID that is not readable");
    }
    for (int i = 0; i < before.row_count; i++) {
        const struct row *old = &before.rows[i];
        if (!find_row(&after, old->type, old->id))
            check(goes(e, old->type, old->id) && covers(e->user, DELETE, old), e->answer,
                  "no end of %s %lld", type_names[old->type], (long long)old->id);
    }
}

/* ---- references ---- */

static bool exists(const struct facts *facts, int type, int64_t id)
{
    return type ? find_row(facts, type, id) != NULL : find_act(facts, id) != NULL;
}

static bool readable(const struct effects *e, int type, int64_t id)
{
    return may(&before, e->user, READ, type, id);
}

/* A link is written from the side that the call is about, and names the other one. */
static void check_link(const struct effects *e, const struct pair *link, const char *what)
{
    bool from_here = is_subject(e, link->type, link->id) || !exists(&before, link->type, link->id);
    bool from_there = is_subject(e, link->other_type, link->other) ||
                      !exists(&before, link->other_type, link->other);
    bool good = (from_here && readable(e, link->other_type, link->other)) ||
                (from_there && readable(e, link->type, link->id));
    check(good, e->answer, "no link %s between %s %lld and %s %lld", what, type_names[link->type],
          (long long)link->id, type_names[link->other_type], (long long)link->other);
}

static void check_links(const struct effects *e)
{
    for (int i = 0; i < after.link_count; i++) {
        if (!find_pair(before.links, before.link_count, &after.links[i]))
            check_link(e, &after.links[i], "made");
    }
    for (int i = 0; i < before.link_count; i++) {
        const struct pair *link = &before.links[i];
        if (!find_pair(after.links, after.link_count, link) &&
            exists(&after, link->type, link->id) && exists(&after, link->other_type, link->other))
            check_link(e, link, "ended");
    }
}

static bool is_owner(const struct pair *pair)
{
    const struct act *act = find_act(&before, pair->id);
    return act && act->owner_type == pair->other_type && act->owner == pair->other;
}

/* Bindings and communications: what is new must be readable, what is not readable stays. */
static void check_parts(const struct effects *e, const char *what, const struct pair *old,
                        int old_count, const struct pair *now, int now_count)
{
    for (int i = 0; i < now_count; i++) {
        if (now[i].other_type && !find_pair(old, old_count, &now[i]))
            check(is_owner(&now[i]) || readable(e, now[i].other_type, now[i].other), e->answer,
                  "no %s that is not readable: %s %lld", what, type_names[now[i].other_type],
                  (long long)now[i].other);
    }
    for (int i = 0; i < old_count; i++) {
        if (old[i].other_type && !find_pair(now, now_count, &old[i]) &&
            exists(&after, 0, old[i].id) && !goes(e, old[i].other_type, old[i].other))
            check(readable(e, old[i].other_type, old[i].other), e->answer,
                  "a %s that is not readable stays: %s %lld", what, type_names[old[i].other_type],
                  (long long)old[i].other);
    }
}

/* ---- activities ---- */

static bool alone_at(const struct effects *e, const struct act *act)
{
    for (int i = 0; i < before.binding_count; i++) {
        const struct pair *binding = &before.bindings[i];
        if (binding->id == act->id && !goes(e, binding->other_type, binding->other))
            return false;
    }
    return true;
}

static void check_new_act(const struct effects *e, const struct act *now)
{
    check(may(&before, e->user, READ, now->owner_type, now->owner) &&
              may(&before, e->user, UPDATE, now->owner_type, now->owner),
          e->answer, "no new activity of %s %lld", type_names[now->owner_type],
          (long long)now->owner);
}

static void check_acts(const struct effects *e)
{
    for (int i = 0; i < after.act_count; i++) {
        const struct act *now = &after.acts[i], *old = find_act(&before, now->id);
        if (!old) {
            check_new_act(e, now);
            continue;
        }
        bool moved = now->owner != old->owner || now->owner_type != old->owner_type;
        if (moved && !goes(e, old->owner_type, old->owner))
            check(e->subject->moves && is_subject(e, 0, old->id) &&
                      may(&before, e->user, UPDATE, old->owner_type, old->owner),
                  e->answer, "the owner of activity %lld stays", (long long)old->id);
        if (now->responsible != old->responsible || now->completed != old->completed ||
            now->files != old->files || strcmp(now->subject, old->subject))
            check(is_subject(e, 0, old->id) && updates(&before, e->user, old), e->answer,
                  "no change of activity %lld", (long long)old->id);
    }
    for (int i = 0; i < before.act_count; i++) {
        const struct act *old = &before.acts[i];
        if (!find_act(&after, old->id))
            check((goes(e, 0, old->id) && deletes(&before, e->user, old)) || alone_at(e, old),
                  e->answer, "no end of activity %lld", (long long)old->id);
    }
}

/* ---- events ---- */

/* What was told: to handlers of nobody (user 0), to those bound for a user, to an offline queue. */
enum { OFFLINE = -1 };

static struct told {
    int64_t user;
    char event[40], data[80];
} told[MANY];

static int told_count;

static void read_told(void)
{
    struct db_stmt *stmt = db_prepare(
        db, "SELECT h.auth_type, o.event, o.data FROM event_outbox o JOIN event_handler h ON h.id "
            "= o.handler_id UNION ALL SELECT -1, event_name, event_data FROM event_offline");
    enum db_rc rc;
    for (told_count = 0; (rc = db_step(stmt)) == DB_ROW && told_count < MANY; told_count++) {
        struct told *one = &told[told_count];
        one->user = db_int(stmt, 0);
        snprintf(one->event, sizeof one->event, "%s", db_text(stmt, 1, NULL));
        snprintf(one->data, sizeof one->data, "%s", db_text(stmt, 2, NULL));
    }
    db_finish(stmt);
    if (rc != DB_NONE)
        die("events", db_message(db));
}

static int told_to(int64_t user, const char *event, int64_t id)
{
    char data[80];
    int count = 0;
    snprintf(data, sizeof data, "data%%5BFIELDS%%5D%%5BID%%5D=%lld", (long long)id);
    for (int i = 0; i < told_count; i++)
        count +=
            told[i].user == user && !strcmp(told[i].event, event) && !strcmp(told[i].data, data);
    return count;
}

static int told_in_all(int64_t user)
{
    int count = 0;
    for (int i = 0; i < told_count; i++)
        count += told[i].user == user;
    return count;
}

static bool hears(const struct facts *facts, const struct user *user, int type, int64_t id)
{
    const struct act *act = type ? NULL : find_act(facts, id);
    return type ? may(facts, user, READ, type, id) : act && reads(facts, user, act);
}

struct wanted {
    int events, heard[LISTENERS];
};

/* Once to everybody's handlers; to those bound for a user if he may read it: as it is then, and what
 * goes as it was. */
static void check_told(const struct effects *e, struct wanted *wanted, int type, int64_t id,
                       const char *what)
{
    static const char *const names[] = {"ACTIVITY", "LEAD", "DEAL", "CONTACT", "COMPANY"};
    const struct facts *facts = strcmp(what, "DELETE") != 0 ? &after : &before;
    char event[40];
    snprintf(event, sizeof event, "ONCRM%s%s", names[type], what);
    check(told_to(0, event, id) == 1 && told_to(OFFLINE, event, id) == 1, e->answer,
          "%s of %lld told once", event, (long long)id);
    wanted->events++;
    for (int i = 0; i < LISTENERS; i++) {
        const struct user *user = world.listeners[i];
        bool heard = hears(facts, user, type, id);
        check(told_to(user->id, event, id) == heard, e->answer, "%s of %lld %s user %lld", event,
              (long long)id, heard ? "told to" : "not told to", (long long)user->id);
        wanted->heard[i] += heard;
    }
}

/* Nothing else is told. */
static void check_totals(const struct effects *e, const struct wanted *wanted)
{
    check(told_in_all(0) == wanted->events && told_in_all(OFFLINE) == wanted->events, e->answer,
          "%d events and no other", wanted->events);
    for (int i = 0; i < LISTENERS; i++) {
        int64_t user = world.listeners[i]->id;
        check(told_in_all(user) == wanted->heard[i], e->answer, "%d events for user %lld",
              wanted->heard[i], (long long)user);
    }
}

/* Each thing made or ended is told once, a change of what the call is about too. */
static void check_events(const struct effects *e)
{
    struct wanted wanted = {0};
    read_told();
    for (int i = 0; i < after.row_count; i++) {
        if (!find_row(&before, after.rows[i].type, after.rows[i].id))
            check_told(e, &wanted, after.rows[i].type, after.rows[i].id, "ADD");
    }
    for (int i = 0; i < after.act_count; i++) {
        if (!find_act(&before, after.acts[i].id))
            check_told(e, &wanted, 0, after.acts[i].id, "ADD");
    }
    for (int i = 0; i < before.row_count; i++) {
        if (!find_row(&after, before.rows[i].type, before.rows[i].id))
            check_told(e, &wanted, before.rows[i].type, before.rows[i].id, "DELETE");
    }
    for (int i = 0; i < before.act_count; i++) {
        if (!find_act(&after, before.acts[i].id))
            check_told(e, &wanted, 0, before.acts[i].id, "DELETE");
    }
    if (e->answer->result && !e->subject->deletes && e->subject->id)
        check_told(e, &wanted, e->subject->type, e->subject->id, "UPDATE");
    check_totals(e, &wanted);
}

void effects_end(const struct user *user, const struct subject *subject,
                 const struct answer *answer)
{
    const struct effects e = {user, subject, answer};
    facts_read(&after);
    check_rows(&e);
    check_links(&e);
    check_parts(&e, "binding", before.bindings, before.binding_count, after.bindings,
                after.binding_count);
    check_parts(&e, "communication", before.communications, before.communication_count,
                after.communications, after.communication_count);
    check_acts(&e);
    check_events(&e);
    sql("ROLLBACK TO SAVEPOINT matrix; RELEASE SAVEPOINT matrix");
}
