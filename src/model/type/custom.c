#include "model/type/custom.h"

#include "base/limits.h"
#include "base/utf8.h"

int64_t custom_int(const struct field *field, const char *setting)
{
    int64_t integer;
    return value_to_int(value_get(field->custom->settings, setting), &integer) ? integer : 0;
}

double custom_real(const struct field *field, const char *setting)
{
    double real;
    return value_to_double(value_get(field->custom->settings, setting), &real) ? real : 0;
}

const char *custom_text(const struct field *field, const char *setting)
{
    const struct value *value = value_get(field->custom->settings, setting);
    return value && value->type == VALUE_STRING ? value->string.text : "";
}

bool custom_flag(const struct field *field, const char *setting)
{
    bool flag;
    return value_to_flag(value_get(field->custom->settings, setting), &flag) && flag;
}

bool custom_in_range(const struct field *field, double number)
{
    double least = custom_real(field, "MIN_VALUE"), most = custom_real(field, "MAX_VALUE");
    return (least == 0 || number >= least) && (most == 0 || number <= most);
}

bool custom_fits(const struct field *field, const char *text, size_t len)
{
    int64_t least = custom_int(field, "MIN_LENGTH"), most = custom_int(field, "MAX_LENGTH");
    int64_t chars = least > 0 || most > 0 ? (int64_t)utf8_length(text, len) : 0;
    if (len > custom_most(field))
        return false;
    return !len || ((least <= 0 || chars >= least) && (most <= 0 || chars <= most));
}

size_t custom_most(const struct field *field)
{
    (void)field;
    return LIMIT_TEXT_BYTES;
}
