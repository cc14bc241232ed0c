#include "lane/reader.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"

#define SNAPSHOT_S 0.02

struct reader {
    struct db *db;
    pthread_mutex_t
        lock; /* taken by the sweeper only once a second: never waited for in practice */
    uint64_t commits;
    double begun;
};

struct reader *reader_open(const struct portal *portal, struct buf *why)
{
    struct db *db = portal_connect(portal, DB_READER, why);
    if (!db)
        return NULL;
    struct reader *reader = xcalloc(1, sizeof *reader);
    reader->db = db;
    pthread_mutex_init(&reader->lock, NULL);
    return reader;
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    db_close(reader->db);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}

struct db *reader_begin(struct reader *reader, uint64_t commits)
{
    pthread_mutex_lock(&reader->lock);
    if (!db_reads_inline(reader->db))
        return reader->db;
    double now = clock_monotonic();
    bool open = db_in_transaction(reader->db);
    if (open && (reader->commits != commits || now - reader->begun > SNAPSHOT_S))
        open = db_commit(reader->db) != DB_OK;
    if (!open && db_begin_read(reader->db) == DB_OK) {
        reader->commits = commits;
        reader->begun = now;
    }
    return reader->db;
}

void reader_end(struct reader *reader)
{
    pthread_mutex_unlock(&reader->lock);
}

void reader_rest(struct reader *reader, uint64_t commits)
{
    if (pthread_mutex_trylock(&reader->lock) != 0)
        return;
    if (db_reads_inline(reader->db) && db_in_transaction(reader->db) && reader->commits != commits)
        db_commit(reader->db);
    pthread_mutex_unlock(&reader->lock);
}

/* ---- one for each thread ---- */

struct entry {
    struct entry *next;
    struct reader *reader;
};

struct readers {
    const struct portal *portal;
    pthread_mutex_t lock;
    struct entry *first;
};

static _Thread_local struct {
    const struct readers *readers;
    struct reader *reader;
} own;

struct readers *readers_new(const struct portal *portal)
{
    struct readers *readers = xcalloc(1, sizeof *readers);
    readers->portal = portal;
    pthread_mutex_init(&readers->lock, NULL);
    return readers;
}

void readers_free(struct readers *readers)
{
    if (!readers)
        return;
    for (struct entry *entry = readers->first, *next; entry; entry = next) {
        next = entry->next;
        reader_close(entry->reader);
        free(entry);
    }
    pthread_mutex_destroy(&readers->lock);
    free(readers);
}

struct reader *readers_own(struct readers *readers)
{
    if (own.readers == readers)
        return own.reader;
    struct buf why = {0};
    struct reader *reader = reader_open(readers->portal, &why);
    if (!reader) {
        log_error("store: %s", buf_text(&why));
        buf_clear(&why);
        return NULL;
    }
    struct entry *entry = xcalloc(1, sizeof *entry);
    entry->reader = reader;
    pthread_mutex_lock(&readers->lock);
    entry->next = readers->first;
    readers->first = entry;
    pthread_mutex_unlock(&readers->lock);
    own.readers = readers;
    own.reader = reader;
    return reader;
}

void readers_rest(struct readers *readers, uint64_t commits)
{
    pthread_mutex_lock(&readers->lock);
    for (struct entry *entry = readers->first; entry; entry = entry->next)
        reader_rest(entry->reader, commits);
    pthread_mutex_unlock(&readers->lock);
}
