/* xml - a finished answer tree as XML.
 *
 * What:    the protocol's XML form of an answer (a method called with the suffix .xml): root
 *          element <response>, an element per key; list positions become <item>; text escaped;
 *          booleans 1 and empty, null an empty element, as PHP prints them. Page: settings/how-to-
 *          call-rest-api/general-principles.
 * Used by: rest/pipeline.
 * Memory:  appends to the caller's buf.
 * Errors:  none. Characters XML cannot hold (control characters) are left out; a key that is no XML
 *          name becomes <item key="...">.
 */
#ifndef RAPPORT_BASE_XML_H
#define RAPPORT_BASE_XML_H

#include "base/buf.h"
#include "base/value.h"

void xml_from_value(struct buf *out, const struct value *answer);

#endif
