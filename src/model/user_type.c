#include "model/user_type.h"

#include <math.h>
#include <string.h>

#include "base/json.h"

const struct user_type *user_type_find(const char *id)
{
    for (size_t i = 0; user_types[i]; i++) {
        if (!strcmp(user_types[i]->id, id))
            return user_types[i];
    }
    /* "rest_5_color" is of the application 5: what it means, the application knows. */
    return !strncmp(id, "rest_", 5) ? user_type_find("rest") : NULL;
}

/* Is `text` one of "LIST|UI"? */
static bool is_choice(const char *choices, const struct value *given)
{
    size_t len = given && given->type == VALUE_STRING ? given->string.len : 0;
    for (const char *at = choices; len && at; at = strchr(at, '|')) {
        at += *at == '|';
        if (!strncmp(at, given->string.text, len) && (at[len] == '|' || !at[len]))
            return true;
    }
    return false;
}

static struct value *texts(struct arena *arena, const struct value *given)
{
    struct value *list = value_array(arena);
    for (size_t i = 0; value_is_array(given) && i < given->array.count; i++) {
        size_t len;
        const char *text = value_to_text(arena, given->array.items[i].value, &len);
        if (text && len)
            value_push(arena, list, value_string(arena, text, len));
    }
    return list;
}

/* NULL: it is none, the fallback holds. */
static struct value *take(struct arena *arena, const struct user_setting *setting,
                          const struct value *given)
{
    int64_t integer;
    double real;
    bool flag;
    size_t len;
    const char *text;
    switch (setting->form) {
    case SETTING_TEXT:
        text = value_to_text(arena, given, &len);
        return text ? value_string(arena, text, len) : NULL;
    case SETTING_INT:
        return value_to_int(given, &integer) && integer >= setting->least
                   ? value_int(arena, integer)
                   : NULL;
    case SETTING_WHOLE:
        return value_to_int(given, &integer) ? value_int(arena, integer) : NULL;
    case SETTING_REAL:
        if (!value_to_double(given, &real))
            return NULL;
        return real == floor(real) && fabs(real) < 1e15 ? value_int(arena, (int64_t)real)
                                                        : value_double(arena, real);
    case SETTING_FLAG:
        return value_to_flag(given, &flag) ? value_string(arena, flag ? "Y" : "N", 1) : NULL;
    case SETTING_CHOICE:
        return is_choice(setting->choices, given)
                   ? value_string(arena, given->string.text, given->string.len)
                   : NULL;
    case SETTING_LIST:
        return texts(arena, given);
    case SETTING_ANY:
        return (struct value *)(uintptr_t)given;
    case SETTING_END:
        break;
    }
    return NULL;
}

static void set_one(struct arena *arena, struct value *made, const struct user_setting *setting,
                    const char *name, const struct value *given, const struct value *old)
{
    const struct value *wanted = value_get(given, name);
    struct value *value = wanted ? take(arena, setting, wanted) : NULL;
    if (!value)
        value = value_get(old, name);
    if (!value && setting->fallback)
        value = json_parse_own(arena, setting->fallback, strlen(setting->fallback));
    if (value)
        value_set(arena, made, name, strlen(name), value);
}

/* Of "DYNAMIC_*" all names that are there. */
static void set_all(struct arena *arena, struct value *made, const struct user_setting *setting,
                    const struct value *given, const struct value *old)
{
    const struct value *from[] = {old, given};
    size_t len = strlen(setting->name) - 1;
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; value_is_array(from[k]) && i < from[k]->array.count; i++) {
            const char *name = from[k]->array.items[i].key;
            if (!strncmp(name, setting->name, len))
                set_one(arena, made, setting, name, given, old);
        }
    }
}

struct value *user_type_settings(struct arena *arena, const struct user_type *type,
                                 const struct value *given, const struct value *old)
{
    struct value *made = value_array(arena);
    for (const struct user_setting *s = type->settings; s && s->form != SETTING_END; s++) {
        if (s->name[strlen(s->name) - 1] == '*')
            set_all(arena, made, s, given, old);
        else
            set_one(arena, made, s, s->name, given, old);
    }
    return made;
}
