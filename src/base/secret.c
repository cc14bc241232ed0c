#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"

void secret_init(void)
{
    CHECK(sodium_init() >= 0);
}

enum secret_key_state secret_key_read(struct secret_key *key, const char *path, struct buf *why)
{
    unsigned char bytes[SECRET_KEY_BYTES + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        buf_printf(why, "cannot read %s: %s", path, strerror(errno));
        return errno == ENOENT ? SECRET_KEY_ABSENT : SECRET_KEY_BAD;
    }
    ssize_t got = read(fd, bytes, sizeof bytes);
    close(fd);
    if (got == SECRET_KEY_BYTES)
        memcpy(key->bytes, bytes, sizeof key->bytes);
    else
        buf_printf(why, "%s is damaged: it must hold %d bytes", path, SECRET_KEY_BYTES);
    sodium_memzero(bytes, sizeof bytes);
    return got == SECRET_KEY_BYTES ? SECRET_KEY_GOOD : SECRET_KEY_BAD;
}

bool secret_key_write(const struct secret_key *key, const char *path, struct buf *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, key->bytes, sizeof key->bytes) == (ssize_t)sizeof key->bytes &&
                fsync(fd) == 0;
    if (!good)
        buf_printf(why, "cannot write %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return good;
}

void secret_fingerprint(const struct secret_key *key, char hex[SECRET_HASH_HEX])
{
    static const char what[] = "the key of this portal";
    secret_hash(key, what, sizeof what - 1, hex);
}

void secret_random(void *out, size_t len)
{
    randombytes_buf(out, len);
}

void secret_code(char *out, size_t len)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (size_t i = 0; i < len; i++)
        out[i] = letters[randombytes_uniform(sizeof letters - 1)];
    out[len] = '\0';
}

void secret_digest(const struct secret_key *key, const char *text, size_t len,
                   unsigned char digest[SECRET_KEY_BYTES])
{
    crypto_generichash(digest, SECRET_KEY_BYTES, (const unsigned char *)text, len, key->bytes,
                       sizeof key->bytes);
}

void secret_hash(const struct secret_key *key, const char *text, size_t len,
                 char hex[SECRET_HASH_HEX])
{
    unsigned char hash[SECRET_KEY_BYTES];
    secret_digest(key, text, len, hash);
    sodium_bin2hex(hex, SECRET_HASH_HEX, hash, sizeof hash);
}

bool secret_equal(const char *a, const char *b)
{
    size_t len = strlen(a);
    return len == strlen(b) && sodium_memcmp(a, b, len) == 0;
}

/* One of its own: the key itself signs and hashes. */
static void sealing_key(const struct secret_key *key, unsigned char out[crypto_secretbox_KEYBYTES])
{
    static const char what[] = "what is sealed";
    _Static_assert(SECRET_KEY_BYTES == crypto_secretbox_KEYBYTES, "a digest is a key");
    secret_digest(key, what, sizeof what - 1, out);
}

#define SEALED_MOST (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + SECRET_SEALED_BYTES)

void secret_seal(const struct secret_key *key, const void *text, size_t len,
                 char hex[SECRET_SEALED_HEX])
{
    unsigned char sealed[SEALED_MOST], own[crypto_secretbox_KEYBYTES];
    _Static_assert(SECRET_SEALED_HEX == 2 * SEALED_MOST + 1, "two digits a byte");
    CHECK(len <= SECRET_SEALED_BYTES);
    sealing_key(key, own);
    randombytes_buf(sealed, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES, text, len, sealed, own);
    sodium_bin2hex(hex, SECRET_SEALED_HEX, sealed,
                   crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + len);
    sodium_memzero(own, sizeof own);
}

bool secret_open(const struct secret_key *key, const char *hex, void *text, size_t len)
{
    unsigned char sealed[SEALED_MOST], own[crypto_secretbox_KEYBYTES];
    size_t got = 0, whole = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + len;
    if (len > SECRET_SEALED_BYTES ||
        sodium_hex2bin(sealed, sizeof sealed, hex, strlen(hex), NULL, &got, NULL) != 0 ||
        got != whole)
        return false;
    sealing_key(key, own);
    bool good = crypto_secretbox_open_easy(text, sealed + crypto_secretbox_NONCEBYTES,
                                           got - crypto_secretbox_NONCEBYTES, sealed, own) == 0;
    sodium_memzero(own, sizeof own);
    return good;
}
