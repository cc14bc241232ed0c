/* totp - codes that change with time (RFC 6238: SHA-1, six digits, 30 seconds), and base32 (RFC 4648).
 *
 * Used by: people/second_factor.
 * Memory:  the caller's buffers.
 * Threads: any.
 * Errors:  none.
 */
#ifndef RAPPORT_BASE_TOTP_H
#define RAPPORT_BASE_TOTP_H

#include <stddef.h>
#include <stdint.h>

#define TOTP_STEP_S 30
#define TOTP_DIGITS 6
#define TOTP_SECRET_BYTES 20 /* as long as what SHA-1 gives: RFC 4226, section 4 */
#define TOTP_SECRET_TEXT 33  /* base32 of it and a NUL */

/* The code of a step: seconds since 1970 divided by TOTP_STEP_S. */
void totp_code(const unsigned char *secret, size_t len, int64_t step, char code[TOTP_DIGITS + 1]);
/* Without padding; `len` is a multiple of 5, `text` has len * 8 / 5 characters and a NUL. */
void base32_write(const unsigned char *bytes, size_t len, char *text);

#endif
