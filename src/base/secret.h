/* secret - random codes, their keyed hashes, signatures.
 *
 * What:    what is shown once to a person is kept only as a keyed hash (BLAKE2b, key in the data
 *          directory); comparisons take constant time; links are signed with the same key.
 * Used by: people/auth, portal/portal, portal/file_store, app/.
 * Memory:  the caller's buffers.
 * Threads: any, after secret_init.
 * Errors:  reading and writing the key: a sentence in `why`.
 */
#ifndef RAPPORT_BASE_SECRET_H
#define RAPPORT_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define SECRET_KEY_BYTES 32
#define SECRET_HASH_HEX 65 /* hex of 32 bytes and a NUL */
#define SECRET_CODE_LEN 24 /* of 62 letters and digits: 142 bits */

struct secret_key {
    unsigned char bytes[SECRET_KEY_BYTES];
};

/* Once, before anything else here. */
void secret_init(void);
enum secret_key_state { SECRET_KEY_GOOD, SECRET_KEY_ABSENT, SECRET_KEY_BAD };
enum secret_key_state secret_key_read(struct secret_key *key, const char *path, struct buf *why);
/* With mode 0600 and fsync, in place of what is there. */
bool secret_key_write(const struct secret_key *key, const char *path, struct buf *why);
/* Tells a key from another one, and nothing of what it is: the store keeps it. */
void secret_fingerprint(const struct secret_key *key, char hex[SECRET_HASH_HEX]);
/* `len` random letters and digits and a NUL. */
void secret_code(char *out, size_t len);
void secret_random(void *out, size_t len);
void secret_digest(const struct secret_key *key, const char *text, size_t len,
                   unsigned char digest[SECRET_KEY_BYTES]);
/* The same as hex, the form that is stored. */
void secret_hash(const struct secret_key *key, const char *text, size_t len,
                 char hex[SECRET_HASH_HEX]);
bool secret_equal(const char *a, const char *b);

/* For what must be read again: encrypted and authenticated with the key, as hex. `len` is at most SECRET_SEALED_BYTES. */
#define SECRET_SEALED_BYTES 64
#define SECRET_SEALED_HEX 209 /* of 24 bytes of nonce, 16 of tag, and the text */
void secret_seal(const struct secret_key *key, const void *text, size_t len,
                 char hex[SECRET_SEALED_HEX]);
/* False: it was not sealed with this key, or is not of this length. */
bool secret_open(const struct secret_key *key, const char *hex, void *text, size_t len);

#endif
