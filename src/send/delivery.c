#include "send/delivery.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "portal/chain.h"
#include "portal/metrics.h"
#include "send/address.h"
#include "send/lease.h"
#include "send/parcel.h"
#include "send/settle.h"

#define FETCH 64         /* parcels of a target in memory */
#define PAIRS 8          /* users of a target whose tokens are remembered */
#define LOOK_S 0.02      /* between looks into the outbox under load */
#define IDLE_S 1.0       /* another process may have told something */
#define PAIR_LEFT_S 1800 /* a token is sent while it is good for so long at least */
#define AGAIN_S 0.1      /* after the store refused; doubled */
#define AGAIN_MAX_S 5
#define LOOP_STATUS 508 /* a REST address of this portal, behind whatever */
#define NICENESS 10     /* requests go before deliveries */

struct pair {
    int64_t user_id; /* 0: a free place */
    bool made;
    struct token_pair tokens;
    int64_t until;
};

struct target {
    struct target *next;
    int64_t id, app_id, hook_id;
    char *url, *scope;
    bool seen, busy, waits_for_tokens;
    struct parcel parcels[FETCH];
    size_t count, at;        /* fetched; the next to be sent */
    size_t unsettled;        /* delivered or given up, and still in the store */
    int failures;            /* in a row */
    double not_before, sent; /* of portal_now; sent: the last one */
    struct pair pairs[PAIRS];
    size_t next_pair;
    CURL *easy;
    struct address_guard guard;
    struct curl_slist *headers;
    struct buf body;
    char error[CURL_ERROR_SIZE];
};

struct delivery {
    struct event_sender sender; /* first: what the portal knows of it */
    struct portal *portal;
    struct lanes *lanes;
    char *base_url;
    int refusals;
    bool private_networks;
    int port;
    struct db *db;
    CURLM *multi;
    struct target *targets;
    double looked;
    struct lease lease;
    struct backoff reading, writing;

    struct verdict *verdicts; /* not yet submitted */
    size_t verdict_count, verdict_cap;
    struct settlement *settlement;
    bool settling; /* submitted, not yet finished */
    _Atomic bool settled, stop, leads;
    pthread_t thread;
};

/* ---- what is there to send ---- */

static void parcels_clear(struct target *t)
{
    for (size_t i = 0; i < t->count; i++) {
        free(t->parcels[i].event);
        free(t->parcels[i].data);
    }
    t->count = t->at = 0;
}

static void target_free(struct target *t)
{
    parcels_clear(t);
    if (t->easy)
        curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    buf_clear(&t->body);
    free(t->url);
    free(t->scope);
    free(t);
}

static struct target *target_find(struct delivery *d, int64_t id)
{
    for (struct target *t = d->targets; t; t = t->next) {
        if (t->id == id)
            return t;
    }
    return NULL;
}

static void target_take(struct delivery *d, struct db_stmt *stmt)
{
    struct target *t = target_find(d, db_int(stmt, 0));
    bool app = db_text(stmt, 1, NULL)[0] == 'A';
    if (!t) {
        t = xcalloc(1, sizeof *t);
        t->id = db_int(stmt, 0);
        t->app_id = app ? db_int(stmt, 2) : 0;
        t->hook_id = app ? 0 : db_int(stmt, 2);
        t->url = xstrdup(db_text(stmt, 3, NULL));
        t->scope = xstrdup(db_text(stmt, 4, NULL));
        t->next = d->targets;
        d->targets = t;
    }
    t->seen = true;
}

static enum db_rc load_targets(struct delivery *d)
{
    enum db_rc rc;
    for (struct target *t = d->targets; t; t = t->next)
        t->seen = false;
    struct db_stmt *stmt =
        db_prepare(d->db, "SELECT t.id, t.kind, t.subscriber_id, t.handler, COALESCE(a.scope, '') "
                          "FROM event_target t LEFT JOIN app a ON t.kind = 'A' AND a.id = "
                          "t.subscriber_id ORDER BY t.id");
    while ((rc = db_step(stmt)) == DB_ROW)
        target_take(d, stmt);
    db_finish(stmt);
    for (struct target **at = &d->targets; *at;) {
        struct target *t = *at;
        if (rc == DB_NONE && !t->seen && !t->busy && !t->unsettled) {
            *at = t->next;
            target_free(t);
        } else {
            at = &t->next;
        }
    }
    return rc;
}

/* Everything fetched before is out of the store by then: so a row that was committed late, with a
 * lower id, is found too. */
static enum db_rc fetch(struct delivery *d, struct target *t)
{
    enum db_rc rc;
    parcels_clear(t);
    struct db_stmt *stmt = db_prepare(
        d->db,
        "SELECT o.id, o.handler_id, o.event, o.data, o.user_id, h.auth_type, o.created, "
        "o.attempts, o.depth FROM event_outbox o JOIN event_handler h ON h.id = o.handler_id WHERE "
        "o.target_id = $1 AND o.gave_up IS NULL ORDER BY o.id LIMIT 64");
    db_bind_int(stmt, 1, t->id);
    while ((rc = db_step(stmt)) == DB_ROW && t->count < FETCH) {
        int64_t given = db_int(stmt, 5);
        t->parcels[t->count++] = (struct parcel){.id = db_int(stmt, 0),
                                                 .handler_id = db_int(stmt, 1),
                                                 .event = xstrdup(db_text(stmt, 2, NULL)),
                                                 .data = xstrdup(db_text(stmt, 3, NULL)),
                                                 .user_id = !t->app_id ? 0
                                                            : given    ? given
                                                                       : db_int(stmt, 4),
                                                 .app_id = t->app_id,
                                                 .hook_id = t->hook_id,
                                                 .created = db_int(stmt, 6),
                                                 .attempts = db_int(stmt, 7),
                                                 .depth = db_int(stmt, 8)};
    }
    db_finish(stmt);
    return rc;
}

static bool drained(const struct target *t)
{
    return t->at == t->count && !t->unsettled && !t->busy;
}

/* Looks into the outbox in one snapshot. */
static void look(struct delivery *d)
{
    if (!backoff_due(&d->reading))
        return;
    enum db_rc rc = db_begin_read(d->db);
    if (rc == DB_OK)
        rc = load_targets(d);
    for (struct target *t = d->targets; t && (rc == DB_NONE || rc == DB_ROW); t = t->next) {
        if (drained(t))
            rc = fetch(d, t);
    }
    if (rc == DB_NONE || rc == DB_ROW)
        backoff_worked(&d->reading);
    else
        backoff_failed(&d->reading, db_state(d->db), db_message(d->db));
    db_rollback(d->db);
    if (rc == DB_LOST)
        db_reconnect(d->db);
}

/* ---- sending ---- */

static size_t drop_body(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static struct pair *pair_find(struct target *t, const struct parcel *p, int64_t now)
{
    for (size_t i = 0; i < PAIRS; i++) {
        if (t->pairs[i].user_id == p->user_id && t->pairs[i].until > now)
            return &t->pairs[i];
    }
    return NULL;
}

static void open_easy(struct delivery *d, struct target *t)
{
    t->easy = curl_easy_init();
    CHECK(t->easy);
    curl_easy_setopt(t->easy, CURLOPT_URL, t->url);
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT, (long)DELIVERY_CONNECT_S);
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT, (long)DELIVERY_ANSWER_S);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, drop_body);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "Rapport/" RAPPORT_VERSION);
    t->guard.private_networks = d->private_networks;
    t->guard.port = d->port;
    address_guard_set(t->easy, &t->guard);
}

static void send_parcel(struct delivery *d, struct target *t, const struct pair *pair)
{
    const struct parcel *p = &t->parcels[t->at];
    int64_t now = (int64_t)portal_now(d->portal);
    if (!t->easy)
        open_easy(d, t);
    t->body.len = 0;
    parcel_body(&t->body, d->portal, d->base_url, p, pair && pair->made ? &pair->tokens : NULL,
                t->scope, now);
    curl_slist_free_all(t->headers);
    t->headers = parcel_headers(d->portal, p, &t->body, now);
    t->error[0] = '\0';
    t->guard.refused = t->guard.own = false;
    t->sent = portal_now(d->portal);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, buf_text(&t->body));
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.len);
    CHECK(curl_multi_add_handle(d->multi, t->easy) == CURLM_OK);
    t->busy = true;
}

/* Pauses are of the clock that tests move. No pause is longer than the longest: one that seems to be was
 * begun before the clock went back. */
static double pause_left(const struct delivery *d, const struct target *t)
{
    double left = t->not_before - portal_now(d->portal);
    double chain = t->at < t->count ? chain_pause(t->parcels[t->at].depth) : 0;
    if (chain > 0 && t->sent + chain - portal_now(d->portal) > left)
        left = t->sent + chain - portal_now(d->portal);
    return left > DELIVERY_PAUSE_MAX_S ? 0 : left;
}

/* Sends the target's next parcel if it may; *until is lowered to when it may. */
static void send_next(struct delivery *d, struct target *t, double now, double *until)
{
    t->waits_for_tokens = false;
    if (t->busy || t->at == t->count)
        return;
    double pause = pause_left(d, t);
    if (pause > 0) {
        if (!clock_is_frozen(&d->portal->clock) && now + pause < *until)
            *until = now + pause;
        return;
    }
    const struct parcel *p = &t->parcels[t->at];
    struct pair *pair = p->user_id ? pair_find(t, p, (int64_t)portal_now(d->portal)) : NULL;
    if (p->user_id && !pair) {
        t->waits_for_tokens = true;
        return;
    }
    send_parcel(d, t, pair);
    /* A refresh token is for one receiver of one event. */
    if (pair && parcel_wants_refresh(p->event))
        pair->user_id = 0;
}

/* ---- what became of it ---- */

static void add_verdict(struct delivery *d, struct target *t, enum verdict_kind kind,
                        const char *error)
{
    if (d->verdict_count == d->verdict_cap) {
        d->verdict_cap = d->verdict_cap ? 2 * d->verdict_cap : 256;
        d->verdicts = xrealloc(d->verdicts, d->verdict_cap * sizeof *d->verdicts);
    }
    struct verdict *v = &d->verdicts[d->verdict_count++];
    *v = (struct verdict){.parcel_id = t->parcels[t->at].id, .target_id = t->id, .kind = kind};
    snprintf(v->error, sizeof v->error, "%s", error);
    if (kind == VERDICT_AGAIN)
        return;
    t->at++;
    t->unsettled++;
}

static bool unreachable(CURLcode code, long status)
{
    return code != CURLE_OK || status == 429 || status == 502 || status == 503 || status == 504;
}

static void failed(struct delivery *d, struct target *t, CURLcode code, long status)
{
    struct parcel *p = &t->parcels[t->at];
    char error[SETTLE_ERROR];
    bool away = unreachable(code, status);
    bool loops = t->guard.own || status == LOOP_STATUS; /* it would be the same for ever */
    bool over = loops || (away ? (int64_t)portal_now(d->portal) - p->created > DELIVERY_AGE_S
                               : p->attempts + 1 >= d->refusals);
    double pause = DELIVERY_PAUSE_S;
    if (loops)
        snprintf(error, sizeof error, "the address is this server's own");
    else if (t->guard.refused)
        snprintf(error, sizeof error,
                 "the address is in a private network; rapport serve "
                 "--private-handlers allows it");
    else if (code != CURLE_OK)
        snprintf(error, sizeof error, "%.150s", t->error[0] ? t->error : curl_easy_strerror(code));
    else
        snprintf(error, sizeof error, "HTTP status %ld", status);
    utf8_mend(error);
    for (int i = 0; i < t->failures && pause < DELIVERY_PAUSE_MAX_S; i++)
        pause *= 2;
    t->failures++;
    p->attempts++;
    t->not_before =
        portal_now(d->portal) + (pause < DELIVERY_PAUSE_MAX_S ? pause : DELIVERY_PAUSE_MAX_S);
    if (over) {
        log_warn("event %s is given up after %lld attempt%s: %s", p->event, (long long)p->attempts,
                 p->attempts == 1 ? "" : "s", error);
        /* The next one is another event: it is not refused yet. */
        if (!away || loops)
            t->failures = 0, t->not_before = 0;
    }
    metrics_delivery(d->portal->metrics, "event", over ? "given_up" : "failed");
    add_verdict(d, t, over ? VERDICT_GAVE_UP : VERDICT_AGAIN, error);
}

static void read_answers(struct delivery *d)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(d->multi, &left))) {
        struct target *t;
        long status = 0;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(d->multi, easy);
        t->busy = false;
        if (code == CURLE_OK && status >= 200 && status < 300) {
            t->failures = 0;
            metrics_delivery(d->portal->metrics, "event", "delivered");
            add_verdict(d, t, VERDICT_DELIVERED, "");
        } else {
            failed(d, t, code, status);
        }
    }
}

/* ---- the store is told ---- */

static void wake_after_settling(struct job *job)
{
    struct delivery *d = job->context;
    atomic_store(&d->settled, true);
    curl_multi_wakeup(d->multi);
}

static void want_tokens(struct delivery *d, struct settlement *s)
{
    s->mint_count = 0;
    for (struct target *t = d->targets; t && s->mint_count < SETTLE_MINTS; t = t->next) {
        if (t->waits_for_tokens)
            s->mints[s->mint_count++] = (struct mint){
                .target_id = t->id, .app_id = t->app_id, .user_id = t->parcels[t->at].user_id};
    }
}

/* Verdicts go together: when a target has nothing else to do, or enough have come up. */
static bool worth_settling(const struct delivery *d)
{
    if (d->verdict_count >= SETTLE_VERDICTS / 2)
        return true;
    for (const struct target *t = d->targets; t; t = t->next) {
        if (d->verdict_count && t->at == t->count && t->unsettled)
            return true;
    }
    return d->verdict_count && d->verdicts[d->verdict_count - 1].kind != VERDICT_DELIVERED;
}

static void settle(struct delivery *d, double now, bool last)
{
    struct settlement *s = d->settlement;
    if (d->settling || (!last && !backoff_due(&d->writing)))
        return;
    want_tokens(d, s);
    /* At the end it is given back, so that another server need not wait. */
    bool release = last && d->lease.owner && lease_held(&d->lease, now);
    bool lease = release || (!last && lease_wanted(&d->lease, d->db, now));
    if (!worth_settling(d) && !s->mint_count && !lease && !(last && d->verdict_count))
        return;
    size_t count = d->verdict_count < SETTLE_VERDICTS ? d->verdict_count : SETTLE_VERDICTS;
    if (count)
        memcpy(s->verdicts, d->verdicts, count * sizeof *s->verdicts);
    s->verdict_count = count;
    s->owner = lease ? d->lease.owner : NULL;
    /* Of all servers, whatever clock one has. */
    s->lease_until = release ? 0 : (int64_t)clock_real() + LEASE_S;
    s->leased = false;
    d->settling = settle_submit(s, d->portal, d->lanes, wake_after_settling, d);
    if (release)
        d->lease.until = 0;
    if (!d->settling)
        backoff_failed(&d->writing, "", "");
}

static void keep_tokens(struct delivery *d, const struct mint *mint)
{
    struct target *t = target_find(d, mint->target_id);
    if (!t)
        return;
    struct pair *pair = &t->pairs[t->next_pair++ % PAIRS];
    *pair = (struct pair){.user_id = mint->user_id, .made = mint->made, .tokens = mint->pair};
    pair->until =
        mint->made ? mint->pair.expires - PAIR_LEFT_S : (int64_t)portal_now(d->portal) + 60;
}

static void finish_settling(struct delivery *d)
{
    struct settlement *s = d->settlement;
    if (!d->settling || !atomic_exchange(&d->settled, false))
        return;
    d->settling = false;
    bool kept = settle_finish(s);
    if (s->owner && s->lease_until)
        lease_told(&d->lease, kept, s->leased);
    if (!kept) { /* the lane has logged why; all of it is submitted again */
        backoff_failed(&d->writing, "", "");
        return;
    }
    backoff_worked(&d->writing);
    for (size_t i = 0; i < s->verdict_count; i++) {
        struct target *t = target_find(d, s->verdicts[i].target_id);
        if (t && s->verdicts[i].kind != VERDICT_AGAIN)
            t->unsettled--;
    }
    d->verdict_count -= s->verdict_count;
    if (d->verdict_count)
        memmove(d->verdicts, d->verdicts + s->verdict_count,
                d->verdict_count * sizeof *d->verdicts);
    for (size_t i = 0; i < s->mint_count; i++)
        keep_tokens(d, &s->mints[i]);
    d->looked = 0; /* what was waiting for this is fetched now */
}

/* ---- the thread ---- */

/* One turn; returns how long there is nothing to do, in milliseconds. */
static int turn(struct delivery *d)
{
    int running;
    double now = clock_monotonic(), until = now + IDLE_S;
    finish_settling(d);
    bool told = atomic_load(&d->portal->events_told);
    if (now - d->looked >= IDLE_S || (told && now - d->looked >= LOOK_S)) {
        atomic_store(&d->portal->events_told, false);
        if (lease_held(&d->lease, now))
            look(d);
        d->looked = now;
    } else if (told) {
        until = d->looked + LOOK_S;
    }
    for (struct target *t = d->targets; t && lease_held(&d->lease, now); t = t->next)
        send_next(d, t, now, &until);
    curl_multi_perform(d->multi, &running);
    read_answers(d);
    for (struct target *t = d->targets; t && lease_held(&d->lease, now); t = t->next) {
        if (!t->busy && t->at < t->count && pause_left(d, t) <= 0 && !t->waits_for_tokens)
            until = now;
    }
    settle(d, now, false);
    atomic_store(&d->leads, lease_held(&d->lease, now));
    return until > now ? (int)((until - now) * 1000) + 1 : 0;
}

static void end_transfers(struct delivery *d)
{
    for (struct target *t = d->targets; t; t = t->next) {
        if (t->busy)
            curl_multi_remove_handle(d->multi, t->easy);
        t->busy = t->waits_for_tokens = false;
    }
    settle(d, clock_monotonic(), true);
    while (d->settling) {
        finish_settling(d);
        if (d->settling)
            curl_multi_poll(d->multi, NULL, 0, 100, NULL);
        else if (d->writing.pause <= 0) /* what is refused now is sent again after the next start */
            settle(d, clock_monotonic(), true);
    }
}

static void *run(void *context)
{
    struct delivery *d = context;
    setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS);
    while (!atomic_load(&d->stop)) {
        int pause = turn(d);
        if (pause)
            curl_multi_poll(d->multi, NULL, 0, pause, NULL);
    }
    end_transfers(d);
    return NULL;
}

bool delivery_leads(struct delivery *delivery)
{
    return atomic_load(&delivery->leads);
}

static void wake(struct event_sender *sender)
{
    curl_multi_wakeup(((struct delivery *)sender)->multi);
}

void delivery_free(struct delivery *d)
{
    if (!d)
        return;
    atomic_store(&d->portal->sender, NULL);
    while (d->targets) {
        struct target *next = d->targets->next;
        target_free(d->targets);
        d->targets = next;
    }
    if (d->multi)
        curl_multi_cleanup(d->multi);
    db_close(d->db);
    free(d->verdicts);
    free(d->settlement);
    free(d->base_url);
    lease_clear(&d->lease);
    backoff_clear(&d->reading);
    backoff_clear(&d->writing);
    free(d);
}

struct delivery *delivery_start(struct portal *portal, struct lanes *lanes,
                                const struct delivery_options *options, struct buf *why)
{
    struct delivery *d = xcalloc(1, sizeof *d);
    d->portal = portal;
    d->lanes = lanes;
    d->base_url = xstrdup(options->base_url);
    d->refusals = options->refusals ? options->refusals : DELIVERY_REFUSALS;
    d->private_networks = options->private_networks;
    d->port = options->port;
    lease_init(&d->lease, portal);
    backoff_init(&d->reading, "events wait", AGAIN_S, AGAIN_MAX_S);
    backoff_init(&d->writing, NULL, AGAIN_S, AGAIN_MAX_S);
    d->settlement = xcalloc(1, sizeof *d->settlement);
    d->db = portal_connect(portal, DB_READER, why);
    d->multi = curl_multi_init();
    CHECK(d->multi);
    if (!d->db) {
        delivery_free(d);
        return NULL;
    }
    d->sender.wake = wake;
    atomic_store(&portal->sender, &d->sender);
    CHECK(pthread_create(&d->thread, NULL, run, d) == 0);
    return d;
}

void delivery_stop(struct delivery *d)
{
    if (!d)
        return;
    atomic_store(&d->stop, true);
    curl_multi_wakeup(d->multi);
    pthread_join(d->thread, NULL);
}
