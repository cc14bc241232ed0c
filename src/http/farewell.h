/* farewell - an answer that ends the connection is read by a client that is still sending.
 *
 * What:    closing a socket with unread bytes makes the kernel reset the connection, and the client
 *          may lose the answer that says why. A socket handed over here is shut for writing, and
 *          what still comes is thrown away until the client ends it too, for some seconds at most.
 * Used by: http/peer.
 * Memory:  farewell_start to farewell_stop. A bounded number of sockets; the oldest goes first.
 * Threads: farewell_add from any; one thread of its own, which sleeps while there is nothing.
 */
#ifndef RAPPORT_HTTP_FAREWELL_H
#define RAPPORT_HTTP_FAREWELL_H

struct farewell;

struct farewell *farewell_start(void);
/* A duplicate of the descriptor is taken; the caller closes its own. */
void farewell_add(struct farewell *farewell, int fd);
void farewell_stop(struct farewell *farewell);

#endif
