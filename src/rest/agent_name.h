/* agent_name - how a person knows a browser: "Firefox, Linux".
 *
 * Used by: rest/entry.
 * Memory:  the caller's buffer.
 * Threads: any.
 * Errors:  none: of what is no browser that is known, the first word of its header; "" without one.
 */
#ifndef RAPPORT_REST_AGENT_NAME_H
#define RAPPORT_REST_AGENT_NAME_H

#define AGENT_NAME_SIZE 64

/* `header`: User-Agent as sent, or NULL. */
void agent_name(const char *header, char name[AGENT_NAME_SIZE]);

#endif
