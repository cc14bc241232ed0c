#include "http/tls.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#define CHAIN 16
#define FILE_BYTES 1048576

struct generation {
    struct generation *older;
    gnutls_pcert_st chain[CHAIN];
    unsigned count;
    gnutls_privkey_t key;
    time_t expires;
    double replaced; /* when; 0: in use */
};

struct tls {
    char *cert, *key;
    struct generation *newest;
};

/* What new connections get. */
static _Atomic(struct generation *) current;

static bool read_file(const char *path, struct buf *text, struct buf *why)
{
    FILE *file = fopen(path, "rbe");
    if (!file) {
        buf_printf(why, "cannot read %s: %s", path, strerror(errno));
        return false;
    }
    buf_reserve(text, FILE_BYTES);
    text->len = fread(text->data, 1, FILE_BYTES, file);
    bool whole = feof(file) && !ferror(file);
    fclose(file);
    if (!whole || !text->len)
        buf_printf(why, "%s is %s", path, text->len ? "too large" : "empty");
    return whole && text->len;
}

static bool fail(struct buf *why, const char *what, const char *path, int code)
{
    buf_printf(why, "%s %s: %s", what, path, gnutls_strerror(code));
    return false;
}

/* GnuTLS compares chain and key when it takes them as credentials. */
static bool belong_together(const struct tls *tls, const gnutls_datum_t *chain,
                            const gnutls_datum_t *key, struct buf *why)
{
    gnutls_certificate_credentials_t trial;
    CHECK(gnutls_certificate_allocate_credentials(&trial) == 0);
    int code = gnutls_certificate_set_x509_key_mem(trial, chain, key, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(trial);
    return code >= 0 || fail(why, "the certificate does not fit with its key", tls->key, code);
}

static time_t expiry(const gnutls_pcert_st *pcert)
{
    gnutls_x509_crt_t crt;
    gnutls_pcert_st copy = *pcert; /* the export does not change it */
    if (gnutls_pcert_export_x509(&copy, &crt) < 0)
        return 0;
    time_t expires = gnutls_x509_crt_get_expiration_time(crt);
    gnutls_x509_crt_deinit(crt);
    return expires;
}

static void free_generation(struct generation *g)
{
    if (!g)
        return;
    for (unsigned i = 0; i < g->count; i++)
        gnutls_pcert_deinit(&g->chain[i]);
    if (g->key)
        gnutls_privkey_deinit(g->key);
    free(g);
}

static bool import(const struct tls *tls, struct generation *g, const gnutls_datum_t *chain,
                   const gnutls_datum_t *key, struct buf *why)
{
    unsigned count = CHAIN;
    int code = gnutls_pcert_list_import_x509_raw(g->chain, &count, chain, GNUTLS_X509_FMT_PEM, 0);
    if (code < 0)
        return fail(why, "no certificate chain is in", tls->cert, code);
    g->count = count;
    g->expires = expiry(&g->chain[0]);
    code = gnutls_privkey_init(&g->key);
    if (code == 0)
        code = gnutls_privkey_import_x509_raw(g->key, key, GNUTLS_X509_FMT_PEM, NULL, 0);
    return code >= 0 || fail(why, "no private key is in", tls->key, code);
}

static struct generation *read_generation(const struct tls *tls, struct buf *why)
{
    struct buf cert = {0}, key = {0};
    struct generation *g = xcalloc(1, sizeof *g);
    bool good = read_file(tls->cert, &cert, why) && read_file(tls->key, &key, why);
    gnutls_datum_t chain_text = {(unsigned char *)(void *)cert.data, (unsigned)cert.len};
    gnutls_datum_t key_text = {(unsigned char *)(void *)key.data, (unsigned)key.len};
    good = good && import(tls, g, &chain_text, &key_text, why) &&
           belong_together(tls, &chain_text, &key_text, why);
    if (key.data)
        gnutls_memset(key.data, 0, key.len);
    buf_clear(&cert);
    buf_clear(&key);
    if (good)
        return g;
    free_generation(g);
    return NULL;
}

static bool has_expired(const struct generation *g)
{
    return g->expires && g->expires < (time_t)clock_real();
}

struct tls *tls_load(const char *cert, const char *key, struct buf *why)
{
    struct tls *tls = xcalloc(1, sizeof *tls);
    tls->cert = xstrdup(cert);
    tls->key = xstrdup(key);
    tls->newest = read_generation(tls, why);
    if (!tls->newest) {
        tls_free(tls);
        return NULL;
    }
    if (has_expired(tls->newest))
        log_warn("the certificate in %s has run out", cert);
    atomic_store(&current, tls->newest);
    return tls;
}

/* A handshake has ended long before: its connection would have been ended. */
static void forget_old(struct tls *tls, double now)
{
    for (struct generation **link = &tls->newest->older; *link;) {
        struct generation *g = *link;
        if (now - g->replaced < 2 * (TIMEOUT_IDLE_S + TIMEOUT_HEADERS_S)) {
            link = &g->older;
            continue;
        }
        *link = g->older;
        free_generation(g);
    }
}

bool tls_reload(struct tls *tls, struct buf *why)
{
    struct generation *g = read_generation(tls, why);
    if (g && has_expired(g) && !has_expired(tls->newest)) {
        buf_printf(why, "the certificate in %s has run out", tls->cert);
        free_generation(g);
        g = NULL;
    }
    if (!g)
        return false;
    double now = clock_monotonic();
    tls->newest->replaced = now;
    g->older = tls->newest;
    tls->newest = g;
    atomic_store(&current, g);
    forget_old(tls, now);
    return true;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    atomic_store(&current, NULL);
    for (struct generation *g = tls->newest, *older; g; g = older) {
        older = g->older;
        free_generation(g);
    }
    free(tls->cert);
    free(tls->key);
    free(tls);
}

int tls_retrieve(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                 gnutls_pcert_st **chain, unsigned *count, gnutls_ocsp_data_st **ocsp,
                 unsigned *ocsp_count, gnutls_privkey_t *key, unsigned *flags)
{
    struct generation *g = atomic_load(&current);
    (void)session, (void)info;
    if (!g)
        return -1;
    *chain = g->chain;
    *count = g->count;
    *key = g->key;
    *ocsp = NULL;
    *ocsp_count = 0;
    *flags = 0; /* all of it stays ours */
    return 0;
}
