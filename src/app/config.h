/* config - options that are not in the command line: of the environment, and of a file.
 *
 * What:    the first that says something wins: the command line, RAPPORT_NAME of the environment (--tls-cert is RAPPORT_TLS_CERT), the file,
 *          the default. The file is read only where it is named (--config, RAPPORT_CONFIG): a server that is started by hand does not take
 *          up what is meant for the machine's service. It has lines "name = value", as "listen = 127.0.0.1:8024"; a flag is yes or no;
 *          what may come several times has a line for each, or a list with commas in the environment; # begins a comment.
 * Used by: app/serve, app/command_config.
 * Memory:  values live as long as the program.
 * Threads: the first.
 * Errors:  false, with a sentence in `why` that names the place.
 */
#ifndef RAPPORT_APP_CONFIG_H
#define RAPPORT_APP_CONFIG_H

#include "app/args.h"
#include "base/buf.h"

enum config_from { CONFIG_DEFAULT, CONFIG_FILE, CONFIG_ENVIRONMENT, CONFIG_COMMAND };

/* "default", "file", "environment", "command line" */
const char *config_from_name(enum config_from from);

/* Behind args_parse of the same table. `path` NULL: that of RAPPORT_CONFIG, if any. from[i]: where args[i] comes from; an option
 * named "--config" is left alone. */
bool config_fill(const struct arg *args, const char *path, enum config_from *from, struct buf *why);

#endif
