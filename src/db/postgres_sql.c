/* postgres_sql - the SQL that PostgreSQL has differently: fold, search, DDL, check.
 *
 * The search index of a table is a GIN index of trigrams on one expression over the document's
 * columns. The index itself is the only record of these columns: a connection reads them back from
 * its definition at the first search in the table. Without the index (no right to create pg_trgm)
 * the condition is TRUE and the exact comparison beside it does the work.
 *
 * A comparison without regard to case must be exact, whatever locales and version of ICU the server has. So
 * lower() does the letters of ASCII (COLLATE "C"), and translate() those others that can matter for what is looked
 * for, which the statement binds (base/fold). The index may hold a few rows too many, and takes lower() of ICU, which
 * maps whole texts: a capital sigma at the end of a word and the Turkish dotted I would come out
 * otherwise than from utf8_fold, which goes code point by code point, and are replaced before it.
 */
#include "db/pg.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/utf8.h"

#define COLLATION "COLLATE \"und-x-icu\""
#define COLUMNS_MAX 16
#define SEARCH_POINTS 3 /* a trigram index knows nothing of shorter texts */

struct pg_search {
    struct pg_search *next;
    char *table;
    char *document; /* the expression, with the columns of the table's alias t; NULL: no index */
};

static struct pg *cast(struct db *db)
{
    return (struct pg *)(void *)db;
}

void pg_sql_count_ids(struct db *db, struct buf *sql, const char *select)
{
    (void)db;
    /* Unlike count(DISTINCT), which sorts, this is hashed. */
    buf_printf(sql, "SELECT count(*) FROM (SELECT DISTINCT c.id FROM (%s) c) d", select);
}

void pg_sql_fold(struct db *db, struct buf *sql, const char *column, int letters)
{
    (void)db;
    if (letters)
        buf_printf(sql, "translate(lower((%s) COLLATE \"C\"), $%d::text, $%d::text)", column,
                   letters, letters + 1);
    else
        buf_printf(sql, "lower((%s) COLLATE \"C\")", column);
}

void pg_sql_number(struct db *db, struct buf *sql, const char *column, bool money)
{
    (void)db;
    buf_printf(sql, money ? "CAST(round(CAST(%s AS NUMERIC), 2) AS TEXT)" : "CAST(%s AS TEXT)",
               column);
}

void pg_sql_datetime(struct db *db, struct buf *sql, const char *column, int offset)
{
    (void)db;
    buf_printf(sql,
               "to_char(to_timestamp(%s + %d) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')",
               column, offset);
}

/* ---- search ---- */

/* lower(translate(coalesce(a,'') || ' ' || coalesce(b,''), ...) COLLATE ...): query and index must agree
 * in it. */
static void document_begin(struct buf *sql)
{
    buf_adds(sql, "lower(translate((");
}

static void document_column(struct buf *sql, bool first, const char *alias, const char *column)
{
    buf_printf(sql, "%scoalesce(%s%s,'')", first ? "" : " || ' ' || ", alias, column);
}

static void document_end(struct buf *sql)
{
    buf_adds(sql, "), 'İΣς', 'iσσ') " COLLATION ")");
}

/* False when the store could not be asked. */
static bool look_up(struct db *db, const char *table, char **document)
{
    struct buf sql, index;
    buf_init(&sql);
    buf_init(&index);
    buf_printf(&index, "%s_search", table);
    struct db_stmt *stmt =
        pg_prepare(db, "SELECT part[1] FROM pg_catalog.pg_index AS i, regexp_matches(pg_get_expr("
                       "i.indexprs, i.indrelid), 'COALESCE\\((\"[^\"]+\"|\\w+)', 'g') AS part"
                       " WHERE i.indexrelid = to_regclass($1) AND i.indrelid = to_regclass($2)"
                       " AND i.indisvalid");
    pg_bind_text(stmt, 1, index.data, index.len);
    pg_bind_text(stmt, 2, table, strlen(table));
    enum db_rc rc;
    document_begin(&sql);
    size_t columns = 0;
    for (; (rc = pg_step(stmt)) == DB_ROW; columns++)
        document_column(&sql, columns == 0, "t.", pg_get_text(stmt, 0, NULL));
    document_end(&sql);
    pg_finish(stmt);
    *document = rc == DB_NONE && columns ? xstrdup(buf_text(&sql)) : NULL;
    buf_clear(&sql);
    buf_clear(&index);
    return rc == DB_NONE;
}

static const char *search_document(struct db *db, const char *table)
{
    struct pg *pg = cast(db);
    for (struct pg_search *search = pg->searches; search; search = search->next)
        if (strcmp(search->table, table) == 0)
            return search->document;
    char *document;
    if (!look_up(db, table, &document))
        return NULL; /* the statement itself will meet the same error */
    struct pg_search *search = xcalloc(1, sizeof *search);
    search->table = xstrdup(table);
    search->document = document;
    search->next = pg->searches;
    pg->searches = search;
    return document;
}

void pg_search_forget(struct pg *pg)
{
    for (struct pg_search *search = pg->searches, *next; search; search = next) {
        next = search->next;
        free(search->document);
        free(search->table);
        free(search);
    }
    pg->searches = NULL;
}

void pg_sql_search(struct db *db, struct buf *sql, const char *table, int param)
{
    const char *document = search_document(db, table);
    /* The parameter is bound in any case, so it is named in any case. */
    if (document)
        buf_printf(sql, "%s LIKE $%d", document, param);
    else
        buf_printf(sql, "$%d::text IS NOT NULL", param);
}

const char *pg_search_text(struct db *db, struct arena *arena, const char *folded, size_t len)
{
    (void)db;
    if (utf8_length(folded, len) < SEARCH_POINTS)
        return NULL;
    char *pattern = arena_alloc(arena, 2 * len + 3), *out = pattern;
    *out++ = '%';
    for (size_t i = 0; i < len; i++) {
        if (folded[i] == '\\' || folded[i] == '%' || folded[i] == '_')
            *out++ = '\\';
        *out++ = folded[i];
    }
    *out++ = '%';
    *out = '\0';
    return pattern;
}

/* ---- DDL ---- */

/* The columns' expression for the index; `words` is cut up. */
static void index_document(struct buf *out, char *words)
{
    char *rest = NULL;
    size_t columns = 0;
    document_begin(out);
    for (char *c = strtok_r(words, " \t\r\n;", &rest); c; c = strtok_r(NULL, " \t\r\n;", &rest))
        document_column(out, columns++ == 0, "", c);
    document_end(out);
    CHECK(columns >= 1 && columns <= COLUMNS_MAX);
}

/* pg_trgm is a trusted extension: who may create in the database may create it. Where that is not
 * so, or the package is missing, searching works without an index. The extension serves all schemas
 * of the database, so it goes into public, or is where someone has put it. */
static void search_ddl(struct buf *out, const char *words)
{
    static const char name_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t len = strspn(words, name_characters);
    CHECK(len > 0 && words[len] == ' ');
    char *table = xstrdup(words);
    table[len] = '\0';
    buf_adds(out, "DO $search$\nDECLARE\n  home text;\nBEGIN\n"
                  "  BEGIN\n"
                  "    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;\n"
                  "  EXCEPTION WHEN insufficient_privilege OR undefined_file OR\n"
                  "      feature_not_supported OR invalid_schema_name THEN\n"
                  "    RAISE NOTICE 'no search index, pg_trgm: %', SQLERRM;\n"
                  "  END;\n"
                  "  SELECT n.nspname INTO home FROM pg_catalog.pg_extension AS e\n"
                  "    JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace\n"
                  "    WHERE e.extname = 'pg_trgm';\n"
                  "  IF home IS NOT NULL THEN\n");
    buf_printf(out, "    EXECUTE format($$CREATE INDEX IF NOT EXISTS %s_search ON %s USING gin (",
               table, table);
    index_document(out, table + len + 1);
    buf_adds(out, " %I.gin_trgm_ops)$$, home);\n  END IF;\nEND\n$search$;\n");
    free(table);
}

void pg_sql_ddl(struct db *db, struct buf *out, const char *line)
{
    static const struct {
        const char *token, *text;
    } tokens[] = {{"{ID}", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
                  {"{INT}", "BIGINT"},
                  {"{REAL}", "DOUBLE PRECISION"},
                  {"{BESIDE}", "CONCURRENTLY"},
                  {"{TEXT}", "TEXT COLLATE \"C\""}};
    (void)db;
    if (strncmp(line, "@search_anew ", 13) == 0) {
        size_t name = strcspn(line + 13, " ");
        buf_printf(out, "DROP INDEX IF EXISTS %.*s_search;\n", (int)name, line + 13);
        search_ddl(out, line + 13);
        return;
    }
    if (strncmp(line, "@search ", 8) == 0) {
        search_ddl(out, line + 8);
        return;
    }
    while (*line) {
        const char *text = NULL;
        for (size_t i = 0; i < sizeof tokens / sizeof *tokens && !text; i++)
            if (strncmp(line, tokens[i].token, strlen(tokens[i].token)) == 0) {
                text = tokens[i].text;
                line += strlen(tokens[i].token);
            }
        if (text)
            buf_adds(out, text);
        else
            buf_addc(out, *line++);
    }
    buf_addc(out, '\n');
}

/* ---- check ---- */

/* PostgreSQL has no check of its own data short of amcheck, which needs an administrator. What it
 * knows of itself: indexes whose making failed, constraints never verified, checksums that did not
 * match, and a character type under which pg_trgm sees no letters but ASCII. */
static const char sql_check[] =
    "SELECT 'index ' || c.relname || ' is invalid; REINDEX INDEX ' || c.relname FROM "
    "pg_catalog.pg_index AS i"
    " JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid"
    " WHERE c.relnamespace = to_regnamespace($1) AND NOT (i.indisvalid AND i.indisready)"
    " UNION ALL "
    "SELECT 'constraint ' || conname || ' was never verified; ALTER TABLE ... VALIDATE CONSTRAINT "
    "' || conname FROM pg_catalog.pg_constraint"
    " WHERE connamespace = to_regnamespace($1) AND NOT convalidated"
    " UNION ALL "
    "SELECT checksum_failures || ' pages failed their checksum; look after the disk, and take the "
    "portal from the last"
    " backup (rapport restore) into another database' FROM pg_catalog.pg_stat_database"
    " WHERE datname = $2 AND checksum_failures > 0"
    " UNION ALL "
    "SELECT 'the database''s LC_CTYPE is ' || datctype || ': searches for other than Latin letters"
    " are slow; to change it, rapport backup and then rapport restore into a database with another"
    " LC_CTYPE' FROM pg_catalog.pg_database WHERE datname = $2 AND datctype IN ('C', 'POSIX')";

enum db_rc pg_check(struct db *db, struct buf *problems)
{
    struct pg *pg = cast(db);
    char *schema = pg->schema ? PQescapeIdentifier(pg->conn, pg->schema, strlen(pg->schema)) : NULL;
    const char *where = schema ? schema : "public", *base = PQdb(pg->conn);
    struct db_stmt *stmt = pg_prepare(db, sql_check);
    pg_bind_text(stmt, 1, where, strlen(where));
    pg_bind_text(stmt, 2, base, strlen(base));
    enum db_rc rc;
    while ((rc = pg_step(stmt)) == DB_ROW)
        buf_printf(problems, "%s\n", pg_get_text(stmt, 0, NULL));
    pg_finish(stmt);
    PQfreemem(schema);
    return rc == DB_NONE ? DB_OK : rc;
}

/* ---- tables ---- */

const char pg_tables[] =
    "SELECT c.relname, (SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM "
    "pg_catalog.pg_index AS i JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum "
    "= "
    "ANY (i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary), (SELECT s.relname FROM "
    "pg_catalog.pg_depend AS d JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = "
    "'S' "
    "WHERE d.refobjid = c.oid AND d.deptype IN ('a', 'i') LIMIT 1) FROM pg_catalog.pg_class AS c "
    "WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind = 'r' ORDER BY "
    "c.relname";

/* Of the connection's schema only, which may not be there yet: then `public` is the first that is. */
const char pg_has_table[] =
    "SELECT 1 FROM pg_catalog.pg_class WHERE relkind = 'r' AND relname = $1 AND relnamespace = "
    "to_regnamespace(split_part(current_setting('search_path'), ',', 1))";

void pg_sql_lock(struct db *db, struct buf *sql, const char *table)
{
    (void)db;
    buf_printf(sql, "LOCK TABLE %s IN EXCLUSIVE MODE;\n", table);
}

void pg_sql_next_id(struct db *db, struct buf *sql, const char *prefix, const char *table,
                    const char *sequence)
{
    (void)db;
    buf_printf(
        sql,
        "SELECT setval('%s', greatest(s.last_value, t.most), s.is_called OR t.most > 0) FROM "
        "%s%s AS s, (SELECT coalesce(max(id), 0) AS most FROM %s) AS t;\n",
        sequence, prefix, sequence, table);
}

/* A sequence does not take part in a rollback. */
enum db_rc pg_ids_again(struct db *db)
{
    struct buf sql = {0};
    struct db_stmt *stmt = pg_prepare(db, pg_tables);
    enum db_rc rc;
    while ((rc = pg_step(stmt)) == DB_ROW) {
        if (!pg_is_null(stmt, 2))
            buf_printf(&sql,
                       "SELECT setval('%s', greatest(most, 1), most > 0) FROM (SELECT "
                       "coalesce(max(id), 0) AS most FROM %s) AS t;\n",
                       pg_get_text(stmt, 2, NULL), pg_get_text(stmt, 0, NULL));
    }
    pg_finish(stmt);
    if (rc == DB_NONE)
        rc = sql.len ? db_exec(db, buf_text(&sql)) : DB_OK;
    buf_clear(&sql);
    return rc;
}
