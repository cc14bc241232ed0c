/* bytes - the kinds of bytes that the grammar of HTTP knows, and runs of them.
 *
 * Used by: http/wire only; apart from it for its length.
 * Threads: any.
 */
#ifndef RAPPORT_HTTP_BYTES_H
#define RAPPORT_HTTP_BYTES_H

#define IS_TOKEN 1
#define IS_TARGET 2 /* what may stand in an address: also raw UTF-8, as PHP's clients send it */
#define IS_VALUE 4
#define IS_HOST 8

extern unsigned char bytes_class[256];

/* Each returns where the run ends. */
static inline char *bytes_skip(char *at, const char *end, unsigned char which)
{
    while (at < end && bytes_class[(unsigned char)*at] & which)
        at++;
    return at;
}

/* Stops at LF at the latest, which is of no kind; so one must be there. */
static inline char *bytes_over(char *at, unsigned char which)
{
    while (bytes_class[(unsigned char)*at] & which)
        at++;
    return at;
}

/* Values and addresses are most of what a request consists of: eight bytes at once. */
char *bytes_skip_value(char *at, const char *end);
char *bytes_skip_target(char *at, const char *end);

#endif
