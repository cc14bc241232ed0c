/* control - what the people who test against this server may do to it: faults, the clock, the state.
 *
 * What:    actions by name with parameters in, one JSON value out; the same for the two doors: pages
 *          under /_rapport/ (page/control, with --control) and the commands of the program
 *          (app/control_socket).
 * Used by: page/control, app/control_socket.
 * Memory:  the request's arena.
 * Threads: any.
 * Errors:  as a method's: api_fail with a text for the caller.
 */
#ifndef RAPPORT_REST_CONTROL_H
#define RAPPORT_REST_CONTROL_H

#include "portal/request.h"

/* Runs the action `name` ("faults/add") with req->params; writes one JSON value to req->out.
 * API_ERR_NOT_FOUND: there is no such action. */
enum api_rc control_run(struct request *req, const char *name);

/* "800ms", "2s", "5m" or a number of seconds. */
bool control_duration(const char *text, size_t len, double *seconds);

#endif
