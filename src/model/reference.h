/* reference - from a row that one may touch to one that one may not read.
 *
 * What:    the one rule for owners, communications, bindings, links and parents: what a caller may not
 *          read he cannot name anew, and it is refused with the text of a missing one; what a row
 *          refers to already may be repeated; entries of a list that he may not read stay when he
 *          writes it; names and titles of what he may not read are not shown, ids in a row are.
 * Used by: model/pairs, model/parent, crm/activity*.
 * Memory:  the request's arena.
 * Threads: the lane's.
 * Errors:  api_rc functions with the store's trouble only: what a missing one means is their user's.
 */
#ifndef RAPPORT_MODEL_REFERENCE_H
#define RAPPORT_MODEL_REFERENCE_H

#include "model/permit.h"

enum reference {
    REFERENCE_MISSING,   /* there is none, or none that the caller may read */
    REFERENCE_READABLE,  /* he may name it */
    REFERENCE_CHANGEABLE /* and update it: what takes part in its timeline asks for that */
};

/* `entity` NULL: of no type that can be named. */
enum api_rc reference_find(struct request *req, const struct entity *entity, int64_t id,
                           enum reference *reference);
/* Of those of one entity: readable[i] tells whether the caller may name ids[i]. */
enum api_rc reference_readable(struct request *req, const struct entity *entity, const int64_t *ids,
                               size_t count, bool *readable);
/* Does the caller read every row of it? Then nothing needs to be looked up or hidden. */
bool reference_reads_all(const struct request *req, const struct entity *entity);

/* A list as the row holds it, and as it is written by who did not see all of it: entries that he may
 * not read keep their places, the given ones fill the others. `room` for stored + given. */
struct reference_ids {
    size_t count;
    int64_t id[];
};
struct reference_ids *reference_ids_new(struct arena *arena, size_t room);
/* Each once. */
void reference_ids_add(struct reference_ids *ids, int64_t id);
bool reference_ids_have(const struct reference_ids *ids, int64_t id);
/* `unseen[i]`: the caller may not read stored->id[i]. */
struct reference_ids *reference_merge(struct arena *arena, const struct reference_ids *stored,
                                      const bool *unseen, const struct reference_ids *given);

#endif
