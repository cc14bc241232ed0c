/* dialect - how a call spells what an entity's descriptor says: the names of its fields, values, errors.
 *
 * What:    the classic dialect is that of crm.lead.*, crm.deal.* ...: TITLE, "15", "Y". `req->dialect` is NULL
 *          then. The other one is item_dialect, that of crm.item.*: title, 15, "Y". One engine serves both:
 *          a method sets req->dialect for its call (dialect_speak_item), and reads the caller's names into
 *          those of the descriptor (model/translate) before the engine sees them. What the engine writes it writes by the dialect: a
 *          field's name (dialect_key), a value (cell_write), an error.
 *          Names are derived: ASSIGNED_BY_ID <-> assignedById. Where the item dialect calls a field something
 *          else the field says so (struct field, .item_name: "CREATED_TIME" of DATE_CREATE). Pages:
 *          api-reference/crm/universal/, "Field Naming Conventions".
 * Used by: model/, whatever writes a field's name or refuses its value; method/crm_item.c.
 * Memory:  the names of an entity are made once, with its first use, and kept in its `names`; an entity without
 *          that gets them in the request's arena. What is made at run time frees its own (names_free).
 * Threads: any.
 * Errors:  those of the pages of crm.item.*: see the functions.
 */
#ifndef RAPPORT_MODEL_DIALECT_H
#define RAPPORT_MODEL_DIALECT_H

#include "model/entity.h"

struct names;

struct dialect {
    const char *name; /* "item" */
    bool
        plain_names; /* fields are called as the descriptor calls them: values alone are the item dialect's */
    /* Of one call: whose rows it is about, and whether custom fields keep their own names
     * (useOriginalUfNames). */
    const struct entity *entity;
    const struct names *names;
    bool original;
    /* A value that the field does not take; a field that must be given. */
    enum api_rc (*invalid)(struct request *req, const struct field *field);
    enum api_rc (*missing)(struct request *req, const struct field *field);
    /* A value that the field of this name (the descriptor's) cannot be compared with. */
    enum api_rc (*uncomparable)(struct request *req, const struct entity *entity, const char *name);
    /* There is no such row; the caller may not. */
    enum api_rc (*absent)(struct request *req);
    enum api_rc (*denied)(struct request *req);
};

extern const struct dialect item_dialect;

/* From here on the call speaks the item dialect, about rows of this entity. */
void dialect_speak_item(struct request *req, const struct entity *entity, bool original);

/* ---- names of the item dialect ---- */

/* Where an entity keeps its names once they are made: `.names = &(struct names_slot){0}`. */
struct names_slot {
    _Atomic(struct names *) made;
};

/* One name for each field, and the way back: struct names. */
const struct names *names_of(struct request *req, const struct entity *entity);
/* The field that is called so; NULL: none, or none of this dialect. Also in UPPER_CASE (ASSIGNED_BY_ID), and of a
 * custom field each spelling: ufCrm3_17, ufCrm_3_17, UF_CRM_3_17. */
const struct field *names_find(const struct names *names, const char *name);
/* What this field is called; NULL: it is none of this dialect. */
const char *names_key(const struct names *names, size_t at);
void names_free(struct names_slot *slot);

/* "ASSIGNED_BY_ID" -> "assignedById", "UF_CRM_3_DIGIT10" -> "ufCrm_3_DIGIT10". `camel` has room for strlen + 1. */
void name_to_camel(const char *upper, char *camel);

/* ---- for the engine ---- */

const char *dialect_name(const struct dialect *dialect, const struct field *field);

/* The field's name as this call spells it. */
static inline const char *dialect_key(const struct request *req, const struct field *field)
{
    return req->dialect ? dialect_name(req->dialect, field) : field->name;
}

/* Is it a call of crm.item.*? */
static inline bool dialect_is_item(const struct request *req)
{
    return req->dialect && req->dialect->names;
}

/* Is the field one that this call may name? */
static inline bool dialect_has(const struct request *req, const struct field *field)
{
    return !(field->flags & (dialect_is_item(req) ? FIELD_CLASSIC_ONLY : FIELD_ITEM_ONLY));
}

#endif
