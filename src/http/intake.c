#include "http/intake.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define CHAINS 256

/* A client with bodies that are not small. */
struct intake_owner {
    struct intake_owner *next;
    struct net_address address;
    size_t all, unknown;
    unsigned tickets;
};

struct pool {
    _Atomic size_t taken;
    size_t most;
};

struct intake {
    struct pool all, unknown;
    size_t largest;
    pthread_mutex_t lock;
    bool single; /* there is one */
    struct intake_owner *chains[CHAINS];
};

struct intake *intake_new(size_t most, size_t most_unknown, size_t single)
{
    struct intake *intake = xcalloc(1, sizeof *intake);
    intake->all.most = most;
    intake->unknown.most = most_unknown;
    intake->largest = single;
    pthread_mutex_init(&intake->lock, NULL);
    return intake;
}

void intake_free(struct intake *intake)
{
    if (!intake)
        return;
    pthread_mutex_destroy(&intake->lock);
    free(intake);
}

struct intake_counts intake_counts(struct intake *intake)
{
    return (struct intake_counts){atomic_load(&intake->all.taken),
                                  atomic_load(&intake->unknown.taken)};
}

/* ---- pools ---- */

/* Adds what fits. `mine`: what the client has already; SIZE_MAX: it has no share. */
static bool fill(struct pool *pool, size_t mine, size_t bytes)
{
    size_t taken = atomic_load_explicit(&pool->taken, memory_order_relaxed);
    do {
        size_t after = taken + bytes;
        if (after > pool->most)
            return false;
        if (mine != SIZE_MAX && after > pool->most / 2 && mine + bytes > pool->most / 4)
            return false;
    } while (!atomic_compare_exchange_weak(&pool->taken, &taken, taken + bytes));
    return true;
}

static void empty(struct pool *pool, size_t bytes)
{
    size_t before = atomic_fetch_sub(&pool->taken, bytes);
    CHECK(before >= bytes && "a body was counted once");
}

bool intake_take_small(struct intake *intake, struct intake_ticket *ticket, size_t bytes)
{
    if (ticket->owner || bytes <= ticket->bytes)
        return ticket->bytes >= bytes;
    size_t more = bytes - ticket->bytes;
    if (!fill(&intake->all, SIZE_MAX, more))
        return false;
    if (!ticket->known && !fill(&intake->unknown, SIZE_MAX, more)) {
        empty(&intake->all, more);
        return false;
    }
    ticket->bytes = bytes;
    return true;
}

/* ---- owners; the lock is held ---- */

static struct intake_owner **find(struct intake *intake, const struct net_address *address)
{
    uint64_t halves[2];
    memcpy(halves, address->bytes, sizeof halves);
    uint64_t hash = (halves[0] ^ halves[1]) * 0x9e3779b97f4a7c15u;
    struct intake_owner **link = &intake->chains[hash >> 56];
    while (*link && memcmp(&(*link)->address, address, sizeof *address) != 0)
        link = &(*link)->next;
    return link;
}

/* A small ticket becomes one with an owner. */
static void own(struct intake *intake, struct intake_ticket *ticket,
                const struct net_address *client)
{
    struct net_address address = net_subscriber(client);
    struct intake_owner **link = find(intake, &address);
    if (!*link) {
        *link = xcalloc(1, sizeof **link);
        (*link)->address = address;
    }
    ticket->owner = *link;
    ticket->owner->tickets++;
    ticket->owner->all += ticket->bytes;
    ticket->owner->unknown += ticket->known ? 0 : ticket->bytes;
}

static void disown(struct intake *intake, struct intake_ticket *ticket)
{
    struct intake_owner *owner = ticket->owner;
    owner->all -= ticket->bytes;
    owner->unknown -= ticket->known || ticket->single ? 0 : ticket->bytes;
    ticket->owner = NULL;
    if (--owner->tickets)
        return;
    CHECK(owner->all == 0 && owner->unknown == 0);
    *find(intake, &owner->address) = owner->next;
    free(owner);
}

/* What is unknown of it moves out of that pool. */
static void leave_unknown(struct intake *intake, struct intake_ticket *ticket)
{
    if (ticket->single) {
        ticket->single = intake->single = false;
    } else if (!ticket->known) {
        empty(&intake->unknown, ticket->bytes);
        ticket->owner->unknown -= ticket->bytes;
    }
}

/* The bytes of the single one count among all, and not among the unknown. */
static bool grow(struct intake *intake, struct intake_ticket *ticket, size_t more)
{
    struct intake_owner *owner = ticket->owner;
    if (!fill(&intake->all, owner->all, more))
        return false;
    owner->all += more;
    if (ticket->known || ticket->single)
        return true;
    if (fill(&intake->unknown, owner->unknown, more)) {
        owner->unknown += more;
        return true;
    }
    if (!intake->single && ticket->bytes + more <= intake->largest) {
        leave_unknown(intake, ticket);
        ticket->single = intake->single = true;
        return true;
    }
    empty(&intake->all, more);
    owner->all -= more;
    return false;
}

bool intake_take(struct intake *intake, struct intake_ticket *ticket,
                 const struct net_address *client, size_t bytes)
{
    if (bytes <= ticket->bytes)
        return true;
    pthread_mutex_lock(&intake->lock);
    bool fresh = !ticket->owner;
    if (fresh)
        own(intake, ticket, client);
    bool grown = grow(intake, ticket, bytes - ticket->bytes);
    if (grown)
        ticket->bytes = bytes;
    else if (fresh)
        disown(intake, ticket);
    pthread_mutex_unlock(&intake->lock);
    return grown;
}

void intake_know(struct intake *intake, struct intake_ticket *ticket)
{
    if (ticket->known)
        return;
    if (ticket->owner) {
        pthread_mutex_lock(&intake->lock);
        leave_unknown(intake, ticket);
        pthread_mutex_unlock(&intake->lock);
    } else if (ticket->bytes) {
        empty(&intake->unknown, ticket->bytes);
    }
    ticket->known = true;
}

void intake_give(struct intake *intake, struct intake_ticket *ticket)
{
    intake_know(intake, ticket);
    if (ticket->owner) {
        pthread_mutex_lock(&intake->lock);
        disown(intake, ticket);
        pthread_mutex_unlock(&intake->lock);
    }
    if (ticket->bytes)
        empty(&intake->all, ticket->bytes);
    ticket->bytes = 0;
    ticket->known = false;
}
