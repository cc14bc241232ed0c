#include "scenario_ids.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

#define ROOM 1000 /* ids of one scenario */

bool ids_prepare(struct db *db)
{
    return db_exec(db,
                   "INSERT INTO user_field (entity_id, field_name, user_type_id, sort, multiple, "
                   "mandatory, show_filter, show_in_list, edit_in_list, is_searchable, settings, "
                   "labels, created) VALUES ('', '', 'string', 1, 'N', 'N', 'N', 'N', 'N', 'N', "
                   "'[]', '[]', 0);"
                   "INSERT INTO user_field_enum (field_id, value, def, sort, xml_id) VALUES (1, "
                   "'', 'N', 0, '');"
                   "INSERT INTO user_field_file (field_id, name, size, content) VALUES (1, '', 0, "
                   "'');"
                   "DELETE FROM user_field; DELETE FROM user_field_enum; DELETE FROM "
                   "user_field_file") == DB_OK;
}

bool ids_begin(struct db *db, int64_t *base)
{
    static const char *const tables[] = {"user_field", "user_field_enum", "user_field_file"};
    static int64_t last;
    bool good = true;
    *base = last += ROOM;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        good = good && db_skip_ids(db, tables[i], last) == DB_OK;
    return good;
}

static const char *fill(const char *text, int64_t base, struct arena *arena)
{
    struct buf out = {0};
    if (!text || !strchr(text, '~'))
        return text;
    while (*text) {
        int64_t number = 0;
        if (*text != '~' || !isdigit((unsigned char)text[1])) {
            buf_addc(&out, *text++);
            continue;
        }
        for (text++; isdigit((unsigned char)*text); text++)
            number = number * 10 + (*text - '0');
        buf_printf(&out, "%lld", (long long)(base + number));
    }
    const char *filled = arena_strdup(arena, buf_text(&out));
    buf_clear(&out);
    return filled;
}

static void fill_all(const char **texts, size_t count, int64_t base, struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        texts[i] = fill(texts[i], base, arena);
}

#define ALL(texts) texts, sizeof(texts) / sizeof((texts)[0])

struct scenario ids_filled(const struct scenario *s, int64_t base, struct arena *arena)
{
    struct scenario filled = *s;
    const char **const texts[] = {&filled.call,   &filled.json,       &filled.text,
                                  &filled.result, &filled.then,       &filled.then_json,
                                  &filled.before, &filled.before_json};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = fill(*texts[i], base, arena);
    fill_all(ALL(filled.has), base, arena);
    fill_all(ALL(filled.lacks), base, arena);
    fill_all(ALL(filled.then_has), base, arena);
    fill_all(ALL(filled.then_lacks), base, arena);
    return filled;
}

const char *const scenario_made_events[SCENARIO_MADE] = {
    "ONCRMDYNAMICITEMADD",      "ONCRMDYNAMICITEMUPDATE",      "ONCRMDYNAMICITEMDELETE",
    "ONCRMDYNAMICITEMADD_1030", "ONCRMDYNAMICITEMUPDATE_1030", "ONCRMDYNAMICITEMDELETE_1030"};
