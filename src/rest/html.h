/* html - small pages for people: sign in, consent, what went wrong.
 *
 * Used by: page/oauth.
 * Memory:  written to the call's answer.
 * Threads: the lane's.
 * Every value goes through html_text: nothing from a request is ever markup.
 */
#ifndef RAPPORT_REST_HTML_H
#define RAPPORT_REST_HTML_H

#include "rest/call.h"

/* Begins a page of this title: replaces what the answer held and sets the reply's headers (never
 * framed, never cached, no script). html_end closes it. */
void html_begin(struct call *call, int status, const char *title);
void html_end(struct call *call);
/* Appends text, escaped. */
void html_text(struct call *call, const char *text);
/* Appends markup of our own. */
void html_markup(struct call *call, const char *markup);
/* <input type="hidden">. */
void html_hidden(struct call *call, const char *name, const char *value);
/* A whole page of one sentence. */
enum api_rc html_message(struct call *call, int status, const char *title, const char *text);

#endif
