#include "send/mailer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mail_address.h"
#include "base/utf8.h"
#include "portal/metrics.h"
#include "send/message.h"

#define LOOK_S 0.3
#define AGAIN_S 0.1 /* after the store refused; doubled */
#define AGAIN_MAX_S 10
#define PAUSE_S 2 /* after the first failure of a message; doubled up to PAUSE_MAX_S */
#define PAUSE_MAX_S 900
#define AGE_S 86400
#define CONNECT_S 10
#define SEND_S 120
#define LOST_S 300 /* a message that another server has been sending for so long */
#define UNKNOWN "it is not known whether the relay took it: "

/* What became of one message, for the write lane. */
struct verdict {
    int64_t outbox_id, due;
    enum { BEGIN, SENT, AGAIN, GAVE_UP, LOST } kind;
    char error[160];
};

struct mailer {
    struct portal *portal;
    struct lanes *lanes;
    struct delivery *delivery;
    struct db *db;
    CURL *easy;
    struct backoff reading, writing;
    double looked_lost; /* for what a server that was killed had begun; 0: not yet */
    struct verdict verdict;
    bool open;       /* the verdict is not stored yet: nothing else is sent meanwhile */
    int64_t changed; /* rows, by what was stored last */
    bool kept;
    struct job job;
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool settled;
    pthread_t thread;
};

bool smtp_url_valid(const char *url)
{
    size_t scheme = !strncmp(url, "smtp://", 7) ? 7 : !strncmp(url, "smtps://", 8) ? 8 : 0;
    return scheme && url[scheme] && !strpbrk(url, " \t\r\n") && strlen(url) < 1000;
}

/* ---- the store is told ---- */

static enum db_rc settle(void *subject, struct db *db, double patience, bool *slow)
{
    static const char *const sql[] = {
        [BEGIN] = "UPDATE mail_outbox SET sending = $2 WHERE id = $1 AND sending IS NULL AND "
                  "gave_up IS NULL",
        [SENT] = "DELETE FROM mail_outbox WHERE id = $1",
        [AGAIN] = "UPDATE mail_outbox SET attempts = attempts + 1, last_error = $2, due = $3, "
                  "sending = NULL WHERE id = $1",
        [GAVE_UP] = "UPDATE mail_outbox SET attempts = attempts + 1, last_error = $2, gave_up = "
                    "$3, sending = NULL WHERE id = $1",
        [LOST] = "UPDATE mail_outbox SET attempts = attempts + 1, last_error = $2, gave_up = $3, "
                 "sending = NULL WHERE sending <= $1"};
    struct mailer *m = subject;
    const struct verdict *v = &m->verdict;
    (void)patience, (void)slow;
    struct db_stmt *stmt = db_prepare(db, sql[v->kind]);
    db_bind_int(stmt, 1, v->outbox_id);
    if (v->kind == BEGIN)
        db_bind_int(stmt, 2, (int64_t)clock_real());
    if (v->kind > SENT) {
        db_bind_textz(stmt, 2, v->error);
        db_bind_int(stmt, 3, v->due);
    }
    enum db_rc rc = db_run(stmt);
    m->changed = rc == DB_OK ? db_changes(db) : 0;
    return rc;
}

static void note_kept(void *subject, struct db *db)
{
    (void)db;
    ((struct mailer *)subject)->kept = true;
}

static void name(const void *subject, struct job_name *name)
{
    (void)subject;
    *name = (struct job_name){.name = "mail", .name_len = 4, .id = ""};
}

static const struct runner runner = {.run = settle, .kept = note_kept, .name = name};

static void told(struct job *job)
{
    struct mailer *m = job->context;
    pthread_mutex_lock(&m->lock);
    m->settled = true;
    pthread_cond_broadcast(&m->told);
    pthread_mutex_unlock(&m->lock);
}

/* Waits for the commit. False: not kept, to be submitted again after a pause. */
static bool submit(struct mailer *m)
{
    m->settled = m->kept = false;
    m->job = (struct job){
        .runner = &runner, .subject = m, .portal = m->portal, .done = told, .context = m};
    bool kept = lane_submit(m->lanes, LANE_WRITE, &m->job);
    if (kept) {
        pthread_mutex_lock(&m->lock);
        while (!m->settled)
            pthread_cond_wait(&m->told, &m->lock);
        pthread_mutex_unlock(&m->lock);
        kept = m->kept;
    }
    m->open = !kept;
    if (kept)
        backoff_worked(&m->writing);
    else
        backoff_failed(&m->writing, "", ""); /* the lane has logged why */
    return kept;
}

/* ---- sending ---- */

static int look_at_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct mailer *m = context;
    (void)a, (void)b, (void)c, (void)d;
    return stop_over(m->portal->stop); /* what is nearly sent is sent */
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

/* `status` is the relay's last word. 354 asks for the content: whether it has all of it is unknown then. */
static void judge(struct mailer *m, const struct message *message, CURLcode code, long status,
                  const char *words)
{
    bool unknown = status == 354;
    struct verdict *v = &m->verdict;
    int64_t now = (int64_t)portal_now(m->portal), pause = PAUSE_S;
    *v = (struct verdict){.outbox_id = message->outbox_id, .kind = SENT};
    if (code == CURLE_OK) {
        metrics_delivery(m->portal->metrics, "mail", "delivered");
        return;
    }
    for (int64_t i = 0; i < message->attempts && pause < PAUSE_MAX_S; i++)
        pause *= 2;
    bool refused = status >= 500 && status < 600;
    v->kind = refused || unknown || now - message->created > AGE_S ? GAVE_UP : AGAIN;
    metrics_delivery(m->portal->metrics, "mail", v->kind == GAVE_UP ? "given_up" : "failed");
    v->due = v->kind == GAVE_UP ? now : now + (pause < PAUSE_MAX_S ? pause : PAUSE_MAX_S);
    words = *words ? words : curl_easy_strerror(code);
    if (unknown)
        snprintf(v->error, sizeof v->error, UNKNOWN "%.90s", words);
    else if (status)
        snprintf(v->error, sizeof v->error, "SMTP status %ld: %.120s", status, words);
    else
        snprintf(v->error, sizeof v->error, "%.150s", words);
    utf8_mend(v->error); /* a relay may speak in any encoding */
    if (v->kind == GAVE_UP)
        log_warn("the e-mail of activity %lld is given up: %s", (long long)message->activity_id,
                 v->error);
}

static void send_message(struct mailer *m, struct message *message)
{
    char words[CURL_ERROR_SIZE] = "";
    long status = 0;
    open_easy(m);
    if (!message_compose(m->db, m->portal, m->easy, message, (int64_t)portal_now(m->portal))) {
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

/* What was begun and never told of: by this server before it was killed, or by another one. */
static bool give_up_lost(struct mailer *m)
{
    bool alone = !m->portal->schema; /* then whatever is on its way is from before */
    double now = clock_monotonic();
    if (m->looked_lost > 0 && (alone || now - m->looked_lost < LOST_S / 5.0))
        return true;
    m->verdict = (struct verdict){.outbox_id = (int64_t)clock_real() - (alone ? 0 : LOST_S),
                                  .kind = LOST,
                                  .due = (int64_t)portal_now(m->portal),
                                  .error = UNKNOWN "the server ended meanwhile"};
    struct db_stmt *stmt =
        db_prepare(m->db, "SELECT activity_id FROM mail_outbox WHERE sending <= $1");
    db_bind_int(stmt, 1, m->verdict.outbox_id);
    enum db_rc rc = db_step(stmt);
    int64_t activity = rc == DB_ROW ? db_int(stmt, 0) : 0;
    db_finish(stmt);
    if (rc != DB_ROW && rc != DB_NONE)
        return false;
    m->looked_lost = now;
    if (rc == DB_ROW)
        log_warn("the e-mail of activity %lld is given up: %s", (long long)activity,
                 m->verdict.error);
    return rc == DB_NONE || submit(m);
}

/* The next message that is due and nobody sends; DB_NONE. */
static enum db_rc find(struct mailer *m, struct message *message)
{
    if (!backoff_due(&m->reading))
        return DB_NONE;
    enum db_rc rc =
        give_up_lost(m) ? message_load(m->db, (int64_t)portal_now(m->portal), message) : DB_ERROR;
    if (rc == DB_ROW || rc == DB_NONE) {
        backoff_worked(&m->reading);
        return rc;
    }
    if (!m->open) {
        backoff_failed(&m->reading, db_state(m->db), db_message(m->db));
        db_reconnect(m->db);
    }
    return DB_NONE;
}

/* One message; false when there is none, or the store cannot be told. It is written down that the
 * message is on its way before it is: so it is never sent twice. */
static bool turn(struct mailer *m)
{
    struct message message;
    if (m->open)
        return backoff_due(&m->writing) && submit(m);
    if (!delivery_leads(m->delivery) || find(m, &message) != DB_ROW)
        return false;
    m->verdict = (struct verdict){.outbox_id = message.outbox_id, .kind = BEGIN};
    bool begun = submit(m), mine = begun && m->changed;
    if (mine)
        send_message(m, &message);
    else if (!begun) /* perhaps it stands there all the same, with nothing on its way */
        m->verdict = (struct verdict){.outbox_id = message.outbox_id,
                                      .kind = AGAIN,
                                      .due = (int64_t)portal_now(m->portal),
                                      .error = "the store could not be written"};
    message_free(&message);
    return begun && (!mine || submit(m));
}

static void *run(void *context)
{
    struct mailer *m = context;
    do {
        while (!stop_asked(m->portal->stop) && turn(m))
            ;
    } while (stop_sleep(m->portal->stop, clock_monotonic() + LOOK_S));
    if (m->open)
        submit(m);
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
    pthread_cond_init(&m->told, NULL);
    backoff_init(&m->reading, "e-mails wait", AGAIN_S, AGAIN_MAX_S);
    backoff_init(&m->writing, NULL, AGAIN_S, AGAIN_MAX_S);
    CHECK(pthread_create(&m->thread, NULL, run, m) == 0);
    return m;
}

void mailer_stop(struct mailer *m)
{
    if (!m)
        return;
    pthread_join(m->thread, NULL);
    curl_easy_cleanup(m->easy);
    db_close(m->db);
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->told);
    backoff_clear(&m->reading);
    backoff_clear(&m->writing);
    free(m);
}
