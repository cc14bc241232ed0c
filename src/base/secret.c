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

static bool read_key(struct secret_key *key, int fd)
{
    return read(fd, key->bytes, sizeof key->bytes) == (ssize_t)sizeof key->bytes;
}

bool secret_key_load(struct secret_key *key, const char *path, struct buf *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        randombytes_buf(key->bytes, sizeof key->bytes);
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0 && write(fd, key->bytes, sizeof key->bytes) == (ssize_t)sizeof key->bytes &&
            fsync(fd) == 0) {
            close(fd);
            return true;
        }
        buf_printf(why, "cannot write %s: %s", path, strerror(errno));
    } else if (fd < 0) {
        buf_printf(why, "cannot read %s: %s", path, strerror(errno));
    } else if (read_key(key, fd)) {
        close(fd);
        return true;
    } else {
        buf_printf(why, "%s is damaged: it must hold %d bytes", path, SECRET_KEY_BYTES);
    }
    if (fd >= 0)
        close(fd);
    return false;
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
