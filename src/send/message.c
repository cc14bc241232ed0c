#include "send/message.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/mail_address.h"
#include "portal/file_store.h"

/* ---- addresses and headers ---- */

static bool is_plain(const char *text)
{
    for (; *text; text++) {
        if (*text < ' ' || *text > '~')
            return false;
    }
    return true;
}

void mail_encode(struct buf *out, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (is_plain(text) && !strstr(text, "=?")) {
        buf_adds(out, text);
        return;
    }
    size_t left = strlen(text);
    while (left) {
        /* A word has 75 bytes at most and ends between characters. */
        size_t len = left < 45 ? left : 45;
        while (len < left && len > 1 && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
        buf_adds(out, "=?UTF-8?B?");
        for (size_t i = 0; i < len; i += 3) {
            size_t n = len - i < 3 ? len - i : 3;
            unsigned triple = (unsigned)(unsigned char)text[i] << 16;
            triple |= n > 1 ? (unsigned)(unsigned char)text[i + 1] << 8 : 0;
            triple |= n > 2 ? (unsigned char)text[i + 2] : 0;
            for (size_t k = 0; k < 4; k++)
                buf_addc(out, k <= n ? digits[triple >> (18 - 6 * k) & 63] : '=');
        }
        buf_adds(out, "?=");
        text += len;
        left -= len;
        if (left)
            buf_addc(out, ' '); /* white space between two words is not part of the text */
    }
}

static void add_header(struct message *m, const char *name, struct buf *value)
{
    struct buf line = {0};
    buf_printf(&line, "%s: %s", name, buf_text(value));
    m->headers = curl_slist_append(m->headers, buf_text(&line));
    CHECK(m->headers);
    buf_clear(&line);
    buf_clear(value);
}

/* "Jürgen <a@b>" with the name encoded. */
static void add_mailbox(struct message *m, struct buf *out, const char *text)
{
    const char *address = mail_address(&m->arena, text), *open = strrchr(text, '<');
    if (open && open > text) {
        size_t len = (size_t)(open - text);
        while (len && text[len - 1] == ' ')
            len--;
        const char *name = arena_strndup(&m->arena, text, len);
        if (is_plain(name) && !strpbrk(name, "\"\\"))
            buf_printf(out, "\"%s\" ", name);
        else if (*name) {
            mail_encode(out, name);
            buf_addc(out, ' ');
        }
    }
    buf_printf(out, "<%s>", address ? address : "");
}

/* ---- from the store ---- */

enum db_rc message_load(struct db *db, int64_t now, struct message *m)
{
    struct db_stmt *stmt = db_prepare(
        db, "SELECT id, activity_id, sender, copy_to_sender, created, attempts FROM mail_outbox "
            "WHERE gave_up IS NULL AND sending IS NULL AND due <= $1 ORDER BY due, id LIMIT 1");
    db_bind_int(stmt, 1, now);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        memset(m, 0, sizeof *m);
        arena_init(&m->arena);
        m->outbox_id = db_int(stmt, 0);
        m->activity_id = db_int(stmt, 1);
        m->sender = arena_strdup(&m->arena, db_text(stmt, 2, NULL));
        m->copy_to_sender = db_int(stmt, 3) != 0;
        m->created = db_int(stmt, 4);
        m->attempts = db_int(stmt, 5);
    }
    db_finish(stmt);
    return rc;
}

static enum db_rc add_recipients(struct db *db, struct message *m)
{
    struct buf to = {0};
    enum db_rc rc;
    struct db_stmt *stmt = db_prepare(
        db, "SELECT value FROM activity_communication WHERE activity_id = $1 ORDER BY id");
    db_bind_int(stmt, 1, m->activity_id);
    while ((rc = db_step(stmt)) == DB_ROW) {
        const char *address = mail_address(&m->arena, db_text(stmt, 0, NULL));
        if (!address)
            continue;
        m->recipients = curl_slist_append(m->recipients, address);
        buf_printf(&to, "%s<%s>", to.len ? ", " : "", address);
    }
    db_finish(stmt);
    const char *sender = mail_address(&m->arena, m->sender);
    if (m->copy_to_sender && sender)
        m->recipients = curl_slist_append(m->recipients, sender);
    add_header(m, "To", &to);
    return rc;
}

static void add_text(struct message *m, const char *text, size_t len, int64_t kind)
{
    enum { HTML = 3 };
    curl_mimepart *part = curl_mime_addpart(m->mime);
    CHECK(part && curl_mime_data(part, text, len) == CURLE_OK);
    curl_mime_type(part, kind == HTML ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
    curl_mime_encoder(part, "quoted-printable");
}

/* Subject and text: those of the activity as it is now. */
static enum db_rc add_content(struct db *db, struct message *m)
{
    struct buf subject = {0};
    size_t len;
    struct db_stmt *stmt =
        db_prepare(db, "SELECT subject, description, description_type FROM activity WHERE id = $1");
    db_bind_int(stmt, 1, m->activity_id);
    enum db_rc rc = db_step(stmt);
    if (rc == DB_ROW) {
        mail_encode(&subject, db_text(stmt, 0, NULL));
        const char *text = db_text(stmt, 1, &len);
        add_text(m, text, len, db_int(stmt, 2));
    }
    db_finish(stmt);
    add_header(m, "Subject", &subject);
    return rc;
}

/* The content is read to memory: it is at most what a request may carry. */
static bool add_file(struct message *m, const struct portal *portal, const char *name,
                     const char *hash)
{
    struct buf bytes = {0}, word = {0};
    char block[65536];
    ssize_t got;
    int fd = file_open(portal, hash);
    if (fd < 0)
        return false;
    while ((got = read(fd, block, sizeof block)) > 0)
        buf_add(&bytes, block, (size_t)got);
    close(fd);
    curl_mimepart *part = curl_mime_addpart(m->mime);
    CHECK(part && curl_mime_data(part, bytes.data ? bytes.data : "", bytes.len) == CURLE_OK);
    mail_encode(&word, name);
    curl_mime_filename(part, buf_text(&word));
    curl_mime_type(part, "application/octet-stream");
    curl_mime_encoder(part, "base64");
    buf_clear(&word);
    buf_clear(&bytes);
    return got == 0;
}

static enum db_rc add_files(struct db *db, const struct portal *portal, struct message *m,
                            bool *readable)
{
    enum db_rc rc;
    struct db_stmt *stmt = db_prepare(
        db, "SELECT name, content FROM activity_file WHERE activity_id = $1 ORDER BY id");
    db_bind_int(stmt, 1, m->activity_id);
    while ((rc = db_step(stmt)) == DB_ROW)
        *readable =
            add_file(m, portal, db_text(stmt, 0, NULL), db_text(stmt, 1, NULL)) && *readable;
    db_finish(stmt);
    return rc;
}

bool message_compose(struct db *db, const struct portal *portal, CURL *easy, struct message *m,
                     int64_t now)
{
    struct buf line = {0};
    char date[64];
    struct tm parts;
    time_t seconds = (time_t)now;
    bool readable = true;
    m->mime = curl_mime_init(easy);
    CHECK(m->mime);
    add_mailbox(m, &line, m->sender);
    add_header(m, "From", &line);
    enum db_rc rc = add_recipients(db, m);
    if (rc == DB_NONE)
        rc = add_content(db, m);
    if (rc == DB_ROW)
        rc = add_files(db, portal, m, &readable);
    gmtime_r(&seconds, &parts);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &parts);
    buf_adds(&line, date);
    add_header(m, "Date", &line);
    buf_printf(&line, "<activity.%lld.%lld@rapport>", (long long)m->activity_id,
               (long long)m->outbox_id);
    add_header(m, "Message-ID", &line);
    return rc == DB_NONE && readable;
}

void message_free(struct message *m)
{
    curl_mime_free(m->mime);
    curl_slist_free_all(m->recipients);
    curl_slist_free_all(m->headers);
    arena_clear(&m->arena);
}
