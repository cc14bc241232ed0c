/* datetime - the protocol's dates, in and out, and time zones.
 *
 * What:    instants are seconds since 1970 (UTC); text is "YYYY-MM-DDThh:mm:ss+hh:mm" in the
 *          portal's zone. A text without a zone is local time of the portal.
 *          Forms: api-reference/data-types.md, and the site's own DD.MM.YYYY of its interface.
 *          A day is no instant: it is counted in days since 1970-01-01, whatever the zone did with
 *          its clocks then, and shown as day_format says.
 * Used by: crm/ (fields and filters), rest/pipeline (time block), method/.
 * Memory:  a zone is loaded once and lives until zone_free.
 * Threads: a loaded zone is read-only, any thread.
 * Errors:  zone_load: NULL for an unknown name. datetime_parse: false for what is no date.
 */
#ifndef RAPPORT_BASE_DATETIME_H
#define RAPPORT_BASE_DATETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct zone;

/* "UTC", a fixed offset as "+03:00", or a name of the tz database as "Europe/Berlin". */
struct zone *zone_load(const char *name);
void zone_free(struct zone *zone);
const char *zone_name(const struct zone *zone);
/* Seconds east of Greenwich at that instant. */
int zone_offset(const struct zone *zone, int64_t instant);

#define DATETIME_SIZE 32 /* enough for years -9999 .. 99999 */

/* Writes "2024-04-03T10:26:32+02:00" and a NUL; returns the length. */
size_t datetime_format(const struct zone *zone, int64_t instant, char out[DATETIME_SIZE]);

enum datetime_form {
    DATETIME_INVALID,
    DATETIME_DATE, /* only a day was given: instant is its midnight, or `zone`'s */
    DATETIME_FULL
};

/* Accepts, with white space around: YYYY-MM-DD, YYYY-MM-DD[T ]hh:mm[:ss[.fff]][Z|+hh:mm|+hhmm|+hh],
 * DD.MM.YYYY[ hh:mm[:ss]], MM/DD/YYYY[ hh:mm[:ss][ am|pm]]. Days and hours must exist; a local time
 * that a change of clocks leaves out is moved on. Years 1 to 9999, also as `zone` has them. */
enum datetime_form datetime_parse(const struct zone *zone, const char *text, size_t len,
                                  int64_t *instant);
/* The day of such a text: as it is written, but for a time of day with a zone beside it, whose day is
 * the one that `zone` has at that instant. Midnight with any zone is the day that is written. */
enum datetime_form day_parse(const struct zone *zone, const char *text, size_t len, int64_t *day);
/* Writes a day as the protocol shows it, with a NUL, and returns the length: midnight UTC in `zone`,
 * "1981-04-01T03:00:00+03:00", and west of Greenwich, where that would be the day before, midnight there,
 * "1981-04-01T00:00:00-05:00". So the first ten bytes are the day. */
size_t day_format(const struct zone *zone, int64_t day, char out[DATETIME_SIZE]);
/* The day that `zone` has at that instant, and the instant at which it begins there. */
int64_t day_of(const struct zone *zone, int64_t instant);
int64_t day_begin(const struct zone *zone, int64_t day);

/* Days since 1970-01-01 of a civil date, and back. */
int64_t days_from_civil(int64_t year, int month, int day);
void civil_from_days(int64_t days, int64_t *year, int *month, int *day);

#endif
