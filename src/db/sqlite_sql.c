/* What SQLite says in its own way: folding, dates, the trigram index, DDL. */
#include "db/sqlite.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/utf8.h"

void sqlite_sql_fold(struct db *db, struct buf *sql, const char *column, int letters)
{
    (void)db, (void)letters;
    buf_printf(sql, "fold(%s)", column);
}

void sqlite_sql_caseless(struct db *db, struct buf *sql, const char *column, int letters)
{
    (void)db, (void)letters;
    buf_printf(sql, "%s COLLATE caseless", column);
}

void sqlite_sql_count_ids(struct db *db, struct buf *sql, const char *select)
{
    (void)db;
    buf_printf(sql, "SELECT count_ids(c.id) FROM (%s) c", select);
}

void sqlite_sql_number(struct db *db, struct buf *sql, const char *column, bool money)
{
    (void)db;
    buf_printf(sql, "number_text(%s, %d)", column, money);
}

void sqlite_sql_datetime(struct db *db, struct buf *sql, const char *column, int offset)
{
    (void)db;
    buf_printf(sql, "strftime('%%Y-%%m-%%dT%%H:%%M:%%S', %s + %d, 'unixepoch')", column, offset);
}

/* The index knows which rows hold all three-letter pieces; the exact comparison beside it sorts out
 * the few that hold them apart. */
void sqlite_sql_search(struct db *db, struct buf *sql, const char *table, int param)
{
    (void)db;
    buf_printf(sql, "t.id IN (SELECT rowid FROM %s_search WHERE %s_search MATCH $%d)", table, table,
               param);
}

/* "abcd" -> "abc" "bcd" (FTS5: all of them). */
const char *sqlite_search_text(struct db *db, struct arena *arena, const char *folded, size_t len)
{
    (void)db;
    if (utf8_length(folded, len) < 3)
        return NULL;
    struct buf query;
    buf_init(&query);
    const char *end = folded + len;
    for (const char *at = folded; at < end; at++) {
        if (((unsigned char)*at & 0xC0) == 0x80)
            continue;
        const char *stop = at;
        for (int points = 0; points < 3 && stop < end; points++) {
            do
                stop++;
            while (stop < end && ((unsigned char)*stop & 0xC0) == 0x80);
        }
        if (utf8_length(at, (size_t)(stop - at)) < 3)
            break;
        buf_adds(&query, query.len ? " \"" : "\"");
        for (const char *c = at; c < stop; c++) {
            if (*c == '"')
                buf_addc(&query, '"');
            buf_addc(&query, *c);
        }
        buf_addc(&query, '"');
    }
    const char *text = arena_strndup(arena, query.data, query.len);
    buf_clear(&query);
    return text;
}

/* FTS5 takes pieces in a row as all of them. */
const char *sqlite_search_both(struct arena *arena, const char *a, const char *b)
{
    return arena_printf(arena, "%s %s", a, b);
}

static void search_doc(struct buf *out, const char *row, char *columns)
{
    char *save = NULL;
    bool first = true;
    for (char *c = strtok_r(columns, " \t\n;", &save); c; c = strtok_r(NULL, " \t\n;", &save)) {
        buf_printf(out, "%sfold(coalesce(%s.%s,''))", first ? "" : "||' '||", row, c);
        first = false;
    }
}

static void search_columns(struct buf *out, const char *columns)
{
    for (; *columns; columns++)
        buf_addc(out, *columns == ' ' ? ',' : *columns);
}

/* The search index: contentless, one document per row, trigrams without positions, so that a
 * write touches as little as can be. Triggers keep it; an update of other columns costs nothing.
 * Each commit leaves a segment; merging sixteen at a time (not four) rewrites each trigram half as
 * often, and a search of so many segments is no slower to measure. */
static void search_ddl(struct buf *out, const char *line)
{
    char table[64] = "", columns[256] = "";
    CHECK(sscanf(line, "@search %63[a-z_] %255[a-z_ ]", table, columns) == 2);
    struct buf old_doc, new_doc;
    buf_init(&old_doc);
    buf_init(&new_doc);
    char copy[256];
    memcpy(copy, columns, sizeof copy);
    search_doc(&old_doc, "old", copy);
    memcpy(copy, columns, sizeof copy);
    search_doc(&new_doc, "new", copy);
    buf_printf(out,
               "CREATE VIRTUAL TABLE %s_search USING fts5(doc, content='', detail=none, "
               "columnsize=0, tokenize='trigram case_sensitive 1');\n"
               "INSERT INTO %s_search(%s_search, rank) VALUES ('automerge', 16);\n"
               "INSERT INTO %s_search(%s_search, rank) VALUES ('crisismerge', 64);\n",
               table, table, table, table, table);
    buf_printf(out,
               "CREATE TRIGGER %s_search_add AFTER INSERT ON %s BEGIN INSERT INTO %s_search(rowid, "
               "doc) VALUES (new.id, %s); END;\n",
               table, table, table, buf_text(&new_doc));
    buf_printf(out,
               "CREATE TRIGGER %s_search_del AFTER DELETE ON %s BEGIN INSERT INTO %s_search"
               "(%s_search, rowid, doc) VALUES ('delete', old.id, %s); END;\n",
               table, table, table, table, buf_text(&old_doc));
    buf_printf(out, "CREATE TRIGGER %s_search_set AFTER UPDATE OF ", table);
    search_columns(out, columns);
    buf_printf(out,
               " ON %s BEGIN INSERT INTO %s_search(%s_search, rowid, doc) VALUES ('delete', "
               "old.id, %s); INSERT INTO %s_search(rowid, doc) VALUES (new.id, %s); END;\n",
               table, table, table, buf_text(&old_doc), table, buf_text(&new_doc));
    buf_clear(&old_doc);
    buf_clear(&new_doc);
}

void sqlite_sql_ddl(struct db *db, struct buf *out, const char *line)
{
    (void)db;
    static const struct {
        const char *token, *text;
    } tokens[] = {{"{ID}", "INTEGER PRIMARY KEY AUTOINCREMENT"},
                  {"{INT}", "INTEGER"},
                  {"{REAL}", "REAL"},
                  {"{BESIDE} ", ""},
                  {"{TEXT}", "TEXT"}};
    if (!strncmp(line, "@search_anew ", 13)) /* the function is as it always was */
        return;
    if (!strncmp(line, "@search ", 8)) {
        search_ddl(out, line);
        return;
    }
    while (*line) {
        size_t i;
        for (i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
            size_t len = strlen(tokens[i].token);
            if (!strncmp(line, tokens[i].token, len)) {
                buf_adds(out, tokens[i].text);
                line += len;
                break;
            }
        }
        if (i == sizeof tokens / sizeof tokens[0])
            buf_addc(out, *line++);
    }
    buf_addc(out, '\n');
}

/* ---- tables ---- */

/* The tables behind a search index are not of the type `table` here: triggers keep them. */
const char sqlite_tables[] =
    "SELECT t.name, (SELECT group_concat(i.name, ', ') FROM pragma_table_info(t.name) AS i WHERE "
    "i.pk "
    "> 0), CASE WHEN m.sql LIKE '%AUTOINCREMENT%' THEN t.name END FROM pragma_table_list AS t JOIN "
    "main.sqlite_master AS m ON m.type = 'table' AND m.name = t.name WHERE t.schema = 'main' AND "
    "t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name";

void sqlite_sql_lock(struct db *db, struct buf *sql, const char *table)
{
    (void)db, (void)sql, (void)table; /* a write transaction has all of the file for itself */
}

/* SQLite itself looks at the largest id of the table, too. */
void sqlite_sql_next_id(struct db *db, struct buf *sql, const char *prefix, const char *table,
                        const char *sequence)
{
    (void)db, (void)sequence;
    buf_printf(sql,
               "DELETE FROM main.sqlite_sequence WHERE name = '%s';\n"
               "INSERT INTO main.sqlite_sequence (name, seq) SELECT name, seq FROM "
               "%ssqlite_sequence WHERE name = '%s';\n",
               table, prefix, table);
}
