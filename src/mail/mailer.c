#include "mail/mailer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "mail/message.h"

#define LOOK_MS 300
#define PAUSE_S 2 /* after the first failure of a message; doubled up to PAUSE_MAX_S */
#define PAUSE_MAX_S 900
#define AGE_S 86400
#define CONNECT_S 10
#define SEND_S 120

/* What became of one message, for the write lane. */
struct verdict {
    int64_t outbox_id, due;
    enum { SENT, AGAIN, GAVE_UP } kind;
    char error[160];
};

struct mailer {
    struct portal *portal;
    struct lanes *lanes;
    struct delivery *delivery;
    struct db *db;
    CURL *easy;
    bool db_failed;
    struct verdict verdict;
    struct call call;
    struct job job;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool settled;
    _Atomic bool stop;
    pthread_t thread;
};

bool smtp_url_valid(const char *url)
{
    size_t scheme = !strncmp(url, "smtp://", 7) ? 7 : !strncmp(url, "smtps://", 8) ? 8 : 0;
    return scheme && url[scheme] && !strpbrk(url, " \t\r\n") && strlen(url) < 1000;
}

/* ---- the store is told ---- */

static enum api_rc settle(struct call *call)
{
    static const char *const sql[] = {
        [SENT] = "DELETE FROM mail_outbox WHERE id = $1",
        [AGAIN] = "UPDATE mail_outbox SET attempts = attempts + 1, last_error = $2, due = $3 WHERE "
                  "id = $1",
        [GAVE_UP] = "UPDATE mail_outbox SET attempts = attempts + 1, last_error = $2, gave_up = $3 "
                    "WHERE id = $1"};
    const struct verdict *v = call->prepared;
    struct db_stmt *stmt = db_prepare(call->req.db, sql[v->kind]);
    db_bind_int(stmt, 1, v->outbox_id);
    if (v->kind != SENT) {
        db_bind_textz(stmt, 2, v->error);
        db_bind_int(stmt, 3, v->due);
    }
    return api_db(&call->req, db_run(stmt));
}

static const struct page settle_page = {
    .path = "mail", .summary = "what became of an e-mail", .lane = LANE_WRITE, .handle = settle};

static void told(struct job *job)
{
    struct mailer *m = job->context;
    pthread_mutex_lock(&m->lock);
    m->settled = true;
    pthread_cond_broadcast(&m->changed);
    pthread_mutex_unlock(&m->lock);
}

/* Waits for the commit. False: not kept; the message will be sent again. */
static bool submit(struct mailer *m)
{
    m->settled = false;
    call_init(&m->call);
    pipeline_prepare_own(&m->call, m->portal, &settle_page);
    m->call.prepared = &m->verdict;
    m->job = (struct job){.call = &m->call, .done = told, .context = m};
    bool kept = lane_submit(m->lanes, LANE_WRITE, &m->job);
    if (kept) {
        pthread_mutex_lock(&m->lock);
        while (!m->settled)
            pthread_cond_wait(&m->changed, &m->lock);
        pthread_mutex_unlock(&m->lock);
        kept = m->call.rc == API_OK;
    }
    call_clear(&m->call);
    return kept;
}

/* ---- sending ---- */

static int look_at_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct mailer *m = context;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(&m->stop);
}

static void open_easy(struct mailer *m)
{
    curl_easy_reset(m->easy);
    curl_easy_setopt(m->easy, CURLOPT_URL, m->portal->smtp);
    curl_easy_setopt(m->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(m->easy, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    curl_easy_setopt(m->easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(m->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(m->easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(m->easy, CURLOPT_TIMEOUT, (long)SEND_S);
    curl_easy_setopt(m->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(m->easy, CURLOPT_XFERINFOFUNCTION, look_at_stop);
    curl_easy_setopt(m->easy, CURLOPT_XFERINFODATA, m);
}

static void judge(struct mailer *m, const struct message *message, CURLcode code, long status,
                  const char *words)
{
    struct verdict *v = &m->verdict;
    int64_t now = (int64_t)clock_now(), pause = PAUSE_S;
    *v = (struct verdict){.outbox_id = message->outbox_id, .kind = SENT};
    if (code == CURLE_OK)
        return;
    for (int64_t i = 0; i < message->attempts && pause < PAUSE_MAX_S; i++)
        pause *= 2;
    bool refused = status >= 500 && status < 600;
    v->kind = refused || now - message->created > AGE_S ? GAVE_UP : AGAIN;
    v->due = v->kind == GAVE_UP ? now : now + (pause < PAUSE_MAX_S ? pause : PAUSE_MAX_S);
    words = *words ? words : curl_easy_strerror(code);
    if (status)
        snprintf(v->error, sizeof v->error, "SMTP status %ld: %.120s", status, words);
    else
        snprintf(v->error, sizeof v->error, "%.150s", words);
    if (v->kind == GAVE_UP)
        log_warn("the e-mail of activity %lld is given up: %s", (long long)message->activity_id,
                 v->error);
}

static void send_message(struct mailer *m, struct message *message)
{
    char words[CURL_ERROR_SIZE] = "";
    long status = 0;
    open_easy(m);
    if (!message_compose(m->db, m->portal, m->easy, message, (int64_t)clock_now())) {
        judge(m, message, CURLE_READ_ERROR, 0, "its activity or a file of it cannot be read");
        return;
    }
    curl_easy_setopt(m->easy, CURLOPT_ERRORBUFFER, words);
    curl_easy_setopt(
        m->easy, CURLOPT_MAIL_FROM,
        arena_printf(&message->arena, "<%s>", mail_address(&message->arena, message->sender)));
    curl_easy_setopt(m->easy, CURLOPT_MAIL_RCPT, message->recipients);
    curl_easy_setopt(m->easy, CURLOPT_HTTPHEADER, message->headers);
    curl_easy_setopt(m->easy, CURLOPT_MIMEPOST, message->mime);
    CURLcode code = curl_easy_perform(m->easy);
    curl_easy_getinfo(m->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_setopt(m->easy, CURLOPT_ERRORBUFFER, NULL);
    judge(m, message, code, status, words);
}

/* One message; false when there is none. */
static bool turn(struct mailer *m)
{
    struct message message;
    if (!delivery_leads(m->delivery))
        return false;
    enum db_rc rc = message_load(m->db, (int64_t)clock_now(), &message);
    if (rc == DB_LOST)
        db_reconnect(m->db);
    if (rc != DB_ROW && rc != DB_NONE && !m->db_failed)
        log_error("e-mails wait: cannot read the outbox: %s", db_message(m->db));
    m->db_failed = rc != DB_ROW && rc != DB_NONE;
    if (rc != DB_ROW)
        return false;
    send_message(m, &message);
    message_free(&message);
    return (!atomic_load(&m->stop) || m->verdict.kind == SENT) && submit(m);
}

static void *run(void *context)
{
    struct mailer *m = context;
    while (!atomic_load(&m->stop)) {
        if (turn(m))
            continue;
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_mutex_lock(&m->lock);
        if (!atomic_load(&m->stop))
            pthread_cond_timedwait(&m->changed, &m->lock, &until);
        pthread_mutex_unlock(&m->lock);
    }
    return NULL;
}

struct mailer *mailer_start(struct portal *portal, struct lanes *lanes, struct delivery *delivery,
                            struct buf *why)
{
    struct db *db = portal_connect(portal, DB_READER, why);
    if (!db)
        return NULL;
    struct mailer *m = xcalloc(1, sizeof *m);
    m->portal = portal;
    m->lanes = lanes;
    m->delivery = delivery;
    m->db = db;
    m->easy = curl_easy_init();
    CHECK(m->easy);
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->changed, NULL);
    CHECK(pthread_create(&m->thread, NULL, run, m) == 0);
    return m;
}

void mailer_stop(struct mailer *m)
{
    if (!m)
        return;
    pthread_mutex_lock(&m->lock);
    atomic_store(&m->stop, true);
    pthread_cond_broadcast(&m->changed);
    pthread_mutex_unlock(&m->lock);
    pthread_join(m->thread, NULL);
    curl_easy_cleanup(m->easy);
    db_close(m->db);
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->changed);
    free(m);
}
