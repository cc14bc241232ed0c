/* file_store - the bytes of files, content-addressed in the data directory.
 *
 * What:    DATA/files/ab/HASH, where HASH is the BLAKE2b of the bytes; equal files are kept once. A
 *          file is on disk (fsync of it and its folder) before the row that names it commits.
 *          Pages: api-reference/files/how-to-upload-files, how-to-update-files.
 * Used by: portal/file_given, the pages that send files, app/ (check).
 * Memory:  arena.
 * Threads: any; writes of equal content do not disturb each other.
 * Errors:  file_put: DB_FULL, DB_READONLY or DB_ERROR, with the reason logged.
 */
#ifndef RAPPORT_PORTAL_FILE_STORE_H
#define RAPPORT_PORTAL_FILE_STORE_H

#include "portal/request.h"

#define FILE_HASH_HEX 65

/* Content to remove after the commit, unless something refers to it again by then. */
struct file_drop {
    struct file_drop *next;
    char hash[FILE_HASH_HEX];
};

/* Content stored before the call came to its lane. */
struct file_ready {
    struct file_ready *next;
    const void *source; /* what it was decoded from */
    size_t size;
    char hash[FILE_HASH_HEX];
};

enum db_rc file_put(struct portal *portal, const void *bytes, size_t len, char hash[FILE_HASH_HEX]);
/* An open descriptor, or -1. */
int file_open(const struct portal *portal, const char *hash);
/* Is content of that size there? */
bool file_exists(const struct portal *portal, const char *hash, size_t size);
/* Where rows name content. Whoever stores content says which of these will name it (portal/file_given), and the
 * sweep, `rapport check` and backups go by all of them. */
struct file_reference {
    const char *table, *column;
    const char *kind, *owner, *owner_column; /* "file" of an "activity", whose id stands there */
};
/* In the file that writes the table, a line of its own; cmake/registry.sh finds it. */
#define FILE_COLUMN(name) extern const struct file_reference name
extern const struct file_reference *const file_references[]; /* ends with NULL */
/* Are the bytes there, and what their name says? */
bool file_is_whole(const struct portal *portal, const char *hash);
/* A place for a file of that name, its folder made; false with errno. */
bool file_place(const struct portal *portal, const char *hash, char *path, size_t size);
/* Removal waits as long as this is open: who reads content by a snapshot takes it before that. -1: it
 * cannot be had, with errno. */
int file_hold(const struct portal *portal);
/* The other side: whoever removes content asks first. -1: somebody reads, leave it to a later sweep. */
int file_removal_begin(const struct portal *portal);
/* No row names it (also not when the store cannot tell: then false). */
bool file_unused(struct db *db, const char *hash);
/* Remembers content whose last row this transaction removes. */
void file_drop_add(struct request *req, const char *hash);
/* After the commit, on the writer's thread with its connection: content that a later request of the
 * same commit took up again stays. Content of a shared (PostgreSQL) store is left to
 * `rapport check`: another process may be taking it up at this moment. */
void file_drops_run(struct portal *portal, struct db *db, const struct file_drop *drops);
/* The same for content that was stored before the lane and then not taken up by a row. */
void file_ready_run(struct portal *portal, struct db *db, const struct file_ready *ready);
/* How many bytes a text of Base64 holds; 0 when it is none, or empty. As PHP's strict decoder reads it: blanks
 * and line ends are passed over, the padding may be left out, nothing else may stand there. */
size_t file_base64_size(const char *text, size_t len);
/* The bytes; NULL where file_base64_size is 0. */
unsigned char *file_decode(struct arena *arena, const char *text, size_t len, size_t *out_len);

#endif
