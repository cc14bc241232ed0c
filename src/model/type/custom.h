/* custom - what the types of custom fields have in common. `field->custom` says which field it is.
 *
 * Used by: model/type/, crm/, user/: the files of types.
 * Memory:  static, or the arena given.
 * Threads: the lane's.
 * Errors:  none.
 */
#ifndef RAPPORT_MODEL_TYPE_CUSTOM_H
#define RAPPORT_MODEL_TYPE_CUSTOM_H

#include "model/type/common.h"
#include "model/user_field.h"

/* A setting of the field; 0, "" where there is none. */
int64_t custom_int(const struct field *field, const char *setting);
double custom_real(const struct field *field, const char *setting);
const char *custom_text(const struct field *field, const char *setting);
bool custom_flag(const struct field *field, const char *setting);
/* Is it not below MIN_VALUE and not above MAX_VALUE, where those are no zero? */
bool custom_in_range(const struct field *field, double number);
/* Has the text as many characters as MIN_LENGTH and MAX_LENGTH ask for? Nothing is no text. */
bool custom_fits(const struct field *field, const char *text, size_t len);
size_t custom_most(const struct field *field);

/* Texts that are "" where there is nothing. */
#define CUSTOM_TEXT                                                                                \
    .storage = STORE_TEXT, .orders = true,                                                         \
    .classic = {type_write_text, type_none_text, "{\"type\":\"string\"}"},                         \
    .item = {type_write_text, type_none_text, "{\"type\":\"string\"}"}, .most = custom_most,       \
    .asks_empty = type_asks_empty, .empty = "''", .bind = type_bind_text, .caseless = true
/* Ids: zero is nothing. */
#define CUSTOM_ID                                                                                  \
    .storage = STORE_INT, .orders = true,                                                          \
    .classic = {type_write_int_text, type_none_null, "{\"type\":[\"string\",\"null\"]}"},          \
    .item = {type_write_int, type_none_null, "{\"type\":[\"integer\",\"null\"]}"},                 \
    .asks_empty = type_asks_zero, .empty = "0", .bind = type_bind_int, .sql_text = type_sql_int

#endif
