/* data_dir - the folder that a server runs in, beside what is in the store.
 *
 * What:    who may read it, who uses it, which store belongs to it, the key of its portal.
 *              lock         held by the server that runs
 *              secret.key   made last at a first start: without it no portal is there
 *              store        the --store it was started with, when it is not portal.db
 *              restoring    a restore has not come to its end
 * Used by: portal/portal; app/ (restore, store).
 * Memory:  data_dir_store: the caller frees it.
 * Threads: the program's first.
 * Errors:  false, with a sentence in `why` that says what to do.
 */
#ifndef RAPPORT_PORTAL_DATA_DIR_H
#define RAPPORT_PORTAL_DATA_DIR_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/secret.h"

#define DATA_DIR_RESTORING "restoring"

/* "DIR/NAME"; the caller frees it. */
char *data_dir_path(const char *dir, const char *name);
/* It is there, or is made. */
bool data_dir_open(const char *dir, bool create, struct buf *why);
/* Only its owner may read what is in it, also in one that an older version or a copy made. */
void data_dir_tighten(const char *dir);
/* The lock is held as long as the descriptor is open, and goes with the process however it ends. */
bool data_dir_lock(const char *dir, int *fd, struct buf *why);
/* The directory itself on disk: names that were made in it. */
bool data_dir_sync(const char *dir);

/* The store that belongs to it: what `store` says, or portal.db. */
char *data_dir_store(const char *dir);
bool data_dir_store_set(const char *dir, const char *store, struct buf *why);

/* A new key waits under a name of its own until the portal that it is for is in the store. */
enum secret_key_state data_dir_key(const char *dir, struct secret_key *key, struct buf *why);
enum secret_key_state data_dir_new_key(const char *dir, struct secret_key *key);
bool data_dir_make_key(const char *dir, struct secret_key *key, struct buf *why);
bool data_dir_keep_key(const char *dir, struct buf *why);

#endif
