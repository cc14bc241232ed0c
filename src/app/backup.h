/* backup - a whole portal as one tar, out of either store and into either.
 *
 * What:    the members, in this order:
 *              rapport.json            format, version, schema, time, the key's fingerprint
 *              secret.key              unless left out
 *              tables/NAME/000001      rows as db/copy has them, some MiB a member
 *              files/HASH              content, once each
 *              manifest.json           of each table its columns, rows, last id and the hash of its rows; how
 *                                      many files: a backup without it did not come to its end
 *          All rows are of one snapshot, and removal of content waits (portal/file_store), so that the
 *          files which those rows name are there. Memory is bounded by a member, not by the portal.
 * Used by: app/command_backup, app/command_restore.
 * Memory:  backup_image_clear.
 * Threads: the command's.
 * Errors:  false, with a sentence in `why`.
 */
#ifndef RAPPORT_APP_BACKUP_H
#define RAPPORT_APP_BACKUP_H

#include "portal/portal.h"

#define BACKUP_FORMAT 1
#define BACKUP_HEAD "rapport.json"
#define BACKUP_KEY "secret.key"
#define BACKUP_MANIFEST "manifest.json"

/* How far it is, told on stderr while that is a terminal. */
struct backup_progress {
    double told; /* of clock_monotonic */
    int64_t rows, files, bytes;
};
void backup_progress(struct backup_progress *p, const char *what, bool ends);

struct backup_totals {
    int64_t tables, rows, files, bytes;
    struct buf missing; /* content that is not there or damaged, a hash a line */
};

/* Writes a backup to `fd`. The portal may be served meanwhile. */
bool backup_write(struct portal *portal, struct db *db, int fd, bool with_key,
                  struct backup_totals *totals, struct buf *why);

struct backup_table {
    const char *name, *columns, *hash;
    int64_t rows, bytes, chunks, last; /* last -1: it gives no ids */
};

/* What a verified backup says of itself. */
struct backup_image {
    struct arena arena;
    const char *version, *made, *fingerprint; /* fingerprint "": an older portal's */
    const char **schema;                      /* ends with NULL */
    bool has_key;
    struct secret_key key;
    struct backup_table *tables;
    size_t table_count;
    int64_t files, bytes;
    const char **missing; /* ends with NULL */
    const char **own;     /* how tables of the portal's own are made; ends with NULL; NULL: none */
    size_t missing_count;
};

/* Reads all of it and compares it with what it says. */
bool backup_verify(const char *file, struct backup_image *image, struct buf *why);
/* Into an empty store and the folder of files, as one transaction; the files are on disk then. */
bool backup_load(const char *file, const struct backup_image *image, struct portal *portal,
                 struct backup_totals *totals, struct buf *why);
void backup_image_clear(struct backup_image *image);

#endif
