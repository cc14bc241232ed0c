/* control_socket - how the commands of the program speak to its running server.
 *
 * What:    a Unix socket in the data directory: one JSON object {"action", "params"} in, one JSON value
 *          out. When a command has returned, the next request meets what it asked for; a file that
 *          the server looks at now and then could not promise that. Who may write to the data
 *          directory may use it; it needs no credential.
 * Used by: app/serve (start, stop), app/command_fault (ask).
 * Memory:  control_socket_start to control_socket_stop.
 * Threads: one of its own.
 * Errors:  NULL or false with a sentence in `why`.
 */
#ifndef RAPPORT_APP_CONTROL_SOCKET_H
#define RAPPORT_APP_CONTROL_SOCKET_H

#include "portal/portal.h"

struct control_socket;

struct control_socket *control_socket_start(struct portal *portal, struct buf *why);
void control_socket_stop(struct control_socket *control);

enum control_asked {
    CONTROL_DONE,      /* the answer is there */
    CONTROL_REFUSED,   /* `why` is what the server says */
    CONTROL_NO_SERVER, /* nobody serves this data directory */
    CONTROL_TROUBLE    /* `why` says what */
};

/* Asks the server of a data directory. `params` is a JSON object. */
enum control_asked control_socket_ask(const char *data_dir, const char *action, const char *params,
                                      struct buf *answer, struct buf *why);

#endif
