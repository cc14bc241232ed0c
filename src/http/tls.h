/* tls - the certificate of the server, and another one in its place while it runs.
 *
 * What:    reads chain and key (PEM), sees that they belong together, and hands them to each new TLS
 *          connection. tls_reload reads both files again; connections that are open stay as they are.
 * Used by: http/server. There is one server in a process.
 * Memory:  tls_load to tls_free. What was replaced is kept until no handshake can be using it.
 * Threads: tls_retrieve on any; the others on one at a time.
 * Errors:  NULL or false with a sentence in `why`; a failed reload changes nothing.
 */
#ifndef RAPPORT_HTTP_TLS_H
#define RAPPORT_HTTP_TLS_H

#include <gnutls/abstract.h>
#include <stdbool.h>

#include "base/buf.h"

struct tls;

struct tls *tls_load(const char *cert, const char *key, struct buf *why);
bool tls_reload(struct tls *tls, struct buf *why);
void tls_free(struct tls *tls);

/* For MHD_OPTION_HTTPS_CERT_CALLBACK2. */
gnutls_certificate_retrieve_function3 tls_retrieve;

#endif
