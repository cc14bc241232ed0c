#include "base/totp.h"

#include <gnutls/crypto.h>
#include <stdio.h>

#include "base/check.h"

#define SHA1_BYTES 20

void totp_code(const unsigned char *secret, size_t len, int64_t step, char code[TOTP_DIGITS + 1])
{
    unsigned char counter[8], hash[SHA1_BYTES];
    for (int i = 7; i >= 0; i--, step >>= 8)
        counter[i] = (unsigned char)(step & 255);
    /* libsodium has no SHA-1, which is what the devices of people know. */
    CHECK(gnutls_hmac_fast(GNUTLS_MAC_SHA1, secret, len, counter, sizeof counter, hash) == 0);
    const unsigned char *at = hash + (hash[SHA1_BYTES - 1] & 15);
    uint32_t number =
        ((uint32_t)(at[0] & 127) << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | at[3];
    snprintf(code, TOTP_DIGITS + 1, "%06u", number % 1000000);
}

void base32_write(const unsigned char *bytes, size_t len, char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    CHECK(len % 5 == 0);
    for (size_t i = 0; i < len; i += 5) {
        uint64_t group = 0;
        for (size_t j = 0; j < 5; j++)
            group = group << 8 | bytes[i + j];
        for (int shift = 35; shift >= 0; shift -= 5)
            *text++ = letters[group >> shift & 31];
    }
    *text = '\0';
}
