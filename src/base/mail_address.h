/* mail_address - the address in what people write as a sender or a recipient.
 *
 * Used by: send/ (who a message goes to), crm/ (which are taken).
 * Memory:  the arena's.
 * Threads: any.
 */
#ifndef RAPPORT_BASE_MAIL_ADDRESS_H
#define RAPPORT_BASE_MAIL_ADDRESS_H

#include <stdbool.h>

#include "base/arena.h"

/* The address in "Name <a@b.c>" or "a@b.c"; NULL when it cannot be one. */
const char *mail_address(struct arena *arena, const char *text);
/* Is the whole text an address? Something before one @, and behind it a name with a dot; any script. */
bool mail_address_fits(const char *text, size_t len);

#endif
