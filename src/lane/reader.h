/* reader - a read connection that keeps its snapshot from request to request.
 *
 * What:    beginning and ending a read transaction costs SQLite several system calls, more than the
 *          reading of a row. So a reader stays in its transaction and begins a new one only when
 *          something was committed since: by this process (the lanes count), or, looked at after
 *          SNAPSHOT_S at most, by another one (a command of the program).
 * Used by: http/server, one reader per HTTP thread; its sweeper.
 * Memory:  reader_open to reader_close.
 * Threads: reader_begin to reader_end on the HTTP thread; reader_rest from the sweeper, which ends
 *          a snapshot nobody uses: it would keep the WAL from being reset.
 * Errors:  reader_open: NULL with a sentence in `why`. A snapshot that cannot be begun shows in the
 *          statements that follow.
 */
#ifndef RAPPORT_LANE_READER_H
#define RAPPORT_LANE_READER_H

#include "portal/portal.h"

struct reader;

struct reader *reader_open(const struct portal *portal, struct buf *why);
void reader_close(struct reader *reader);
/* The connection, in a snapshot that holds all of the `commits` counted so far. */
struct db *reader_begin(struct reader *reader, uint64_t commits);
void reader_end(struct reader *reader);
/* Ends the snapshot when it is out of date and not in use. */
void reader_rest(struct reader *reader, uint64_t commits);

/* The readers of a server's threads, one for each that asks. */
struct readers;

struct readers *readers_new(const struct portal *portal);
void readers_free(struct readers *readers);
/* This thread's; NULL, with a line in the log: the store cannot be opened. */
struct reader *readers_own(struct readers *readers);
/* reader_rest for all of them; from any thread. */
void readers_rest(struct readers *readers, uint64_t commits);

#endif
