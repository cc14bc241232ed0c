/* layout - how an activity looks in the timeline, as an application describes it.
 *
 * What:    checks a LayoutDto or a RestAppLayoutDto against the documented structure, which is a table
 *          of objects and their fields (layout.c). Pages: api-reference/crm/timeline/activities/
 *          configurable/structure. Codes of icons and logos are not looked up: applications add their
 *          own.
 * Used by: method/crm_activity_configurable.c, method/crm_activity_layout.c.
 * Memory:  the result shares texts with what was given.
 * Threads: any.
 * Errors:  FIELD_REQUIRED, FIELD_REDUNDANT, ENUM_FIELD, TOO_MANY_ITEMS, KEY_SYMBOLS, LANGUAGE and
 *          FIELD_VALUE; the text names the field by its path, "header.tags.status2.type".
 */
#ifndef RAPPORT_CRM_LAYOUT_H
#define RAPPORT_CRM_LAYOUT_H

#include "portal/request.h"

enum layout_kind {
    LAYOUT_WHOLE, /* LayoutDto: of a configurable activity */
    LAYOUT_BLOCKS /* RestAppLayoutDto: a set of content blocks */
};

/* *clean is the layout with its flags and numbers as such ("false" -> false). */
enum api_rc layout_check(struct request *req, enum layout_kind kind, const struct value *layout,
                         struct value **clean);
/* What layout_check takes, as JSON Schema: for the tables of methods (struct param, `schema`). */
void layout_schema(struct writer *out);
void layout_schema_blocks(struct writer *out);
/* The text of a textWithTranslation: itself, or English, or the first of its languages. */
const char *layout_text(struct request *req, const struct value *text);

#endif
