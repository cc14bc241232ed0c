/* serve_options - what `rapport serve` is told, and whether it may be.
 *
 * Used by: app/serve, app/command_config.
 * Memory:  texts are those of the command line, of the environment and of the file (app/config).
 * Errors:  false, with a sentence in `why`.
 */
#ifndef RAPPORT_APP_SERVE_OPTIONS_H
#define RAPPORT_APP_SERVE_OPTIONS_H

#include "app/args.h"
#include "base/buf.h"
#include "http/server.h"
#include "portal/age.h"

struct serve_options {
    const char *listen, *data, *store, *cert, *key, *plan, *code, *zone, *log, *max_body,
        *max_bodies, *max_unknown_bodies, *max_answer, *threads, *commit_jobs, *url, *attempts,
        *scope, *smtp, *rate, *burst, *operating, *time, *unknown, *metrics, *log_format, *config;
    const char *slow;            /* seconds */
    const char *keep[AGE_KINDS]; /* days */
    const char *proxies[ARG_MOST + 1];
    bool demo, require_https, control, private_handlers, mcp_open, audit_rows;
};

#define SERVE_ARGS 40 /* with the one that ends them */

/* The defaults, and the table of all options: `args` has SERVE_ARGS places. */
void serve_options_init(struct serve_options *o, struct arg *args);
/* What the server is started with; the log is set, too. */
bool serve_options_check(const struct serve_options *o, struct server_options *server,
                         struct limit_plan *plan, char host[80], struct buf *why);
/* Behind serve_options_check. Days by enum age_kind. */
/* Days by enum age_kind, and the seconds of a slow request; part of the check, and what it read. */
bool serve_options_keep(const struct serve_options *o, int64_t keep[AGE_KINDS], double *slow,
                        struct buf *why);
/* "127.0.0.1:8024", "[::1]:0", ":8024". */
bool serve_split_listen(const char *option, const char *text, char host[80], int *port,
                        struct buf *why);
bool serve_set_log(const char *name, struct buf *why);
/* NULL: as it fits where stderr leads. */
bool serve_set_log_format(const char *name, struct buf *why);

#endif
