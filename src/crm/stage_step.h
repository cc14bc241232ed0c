/* stage_step - what a change does about stage and funnel, and the history it leaves.
 *
 * What:    the codes of stages, the step of `check` that settles stage and funnel, and the part of a change that
 *          keeps the history and tells of another funnel. All by `struct stages` of the descriptor.
 * Used by: descriptors with stages.
 * Memory:  the request's arena.
 * Threads: the write lane's.
 * Errors:  as portal/request.h.
 */
#ifndef RAPPORT_CRM_STAGE_STEP_H
#define RAPPORT_CRM_STAGE_STEP_H

#include "model/change.h"
#include "model/codes.h"

/* Codes of fields that hold a stage of the row's funnel; a new row that names a stage and no funnel belongs
 * to that stage's. */
extern const struct field_codes codes_stage;

/* In `check`: fills in funnel and stage, the first where none is given. *moved tells that one of them is
 * another than before; then *semantics is 'P', 'S' or 'F', and the semantic field, MOVED_BY_ID and MOVED_TIME
 * are set. */
enum api_rc stage_settle(struct change *change, bool *moved, char *semantics);
/* Does the row stand in the first stage of its funnel? */
enum api_rc stage_is_first(struct change *change, bool *is_first);
/* `.history` of an entity with stages: keeps where its rows went, and tells of those that came into another
 * funnel. */
extern const struct change_part stage_history;

#endif
