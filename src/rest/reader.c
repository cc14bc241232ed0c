#include "rest/reader.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"

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
