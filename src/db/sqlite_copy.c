/* COPY text for SQLite: what PostgreSQL does itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/value.h"
#include "db/sqlite.h"

#define COLUMNS_MAX 2000 /* of a table; SQLite's own limit */

enum kind { KIND_INT, KIND_REAL, KIND_TEXT };

/* The kinds of the columns in their order; -1 when the store said no. */
static int read_kinds(struct db *db, const char *table, const char *columns, enum kind *kinds)
{
    int count = 0;
    struct db_stmt *stmt = db_prepare(db, "SELECT type FROM pragma_table_info($1) WHERE name = $2");
    for (const char *at = columns; *at && count >= 0;) {
        size_t len = strcspn(at, ",");
        CHECK(count < COLUMNS_MAX);
        db_bind_textz(stmt, 1, table);
        db_bind_text(stmt, 2, at, len);
        if (db_step(stmt) == DB_ROW) {
            char first = db_text(stmt, 0, NULL)[0];
            kinds[count++] = first == 'I' ? KIND_INT : first == 'R' ? KIND_REAL : KIND_TEXT;
        } else {
            snprintf(db->message, sizeof db->message, "%s has no column %.*s", table, (int)len, at);
            count = -1;
        }
        db_finish(stmt);
        stmt = db_prepare(db, "SELECT type FROM pragma_table_info($1) WHERE name = $2");
        at += len + strspn(at + len, ", ");
    }
    db_finish(stmt);
    return count;
}

/* ---- out ---- */

/* What PostgreSQL writes as a backslash and a letter. */
static const char escaped[] = "\\\b\f\n\r\t\v", letters[] = "\\bfnrtv";

static void add_text(struct buf *line, const char *text, size_t len)
{
    for (const char *end = text + len; text < end; text++) {
        const char *special = memchr(escaped, *text, sizeof escaped - 1);
        if (special) {
            buf_addc(line, '\\');
            buf_addc(line, letters[special - escaped]);
        } else if (!*text)
            buf_adds(line, "\\x00");
        else
            buf_addc(line, *text);
    }
}

static void add_row(struct buf *line, struct db_stmt *stmt, const enum kind *kinds, int count)
{
    char number[40];
    size_t len;
    line->len = 0;
    for (int i = 0; i < count; i++) {
        if (i)
            buf_addc(line, '\t');
        if (db_is_null(stmt, i)) {
            buf_adds(line, "\\N");
        } else if (kinds[i] == KIND_INT) {
            buf_printf(line, "%lld", (long long)db_int(stmt, i));
        } else if (kinds[i] == KIND_REAL) {
            len = double_to_text(db_double(stmt, i), number, sizeof number);
            buf_add(line, number, len);
        } else {
            const char *text = db_text(stmt, i, &len);
            add_text(line, text, len);
        }
    }
    buf_addc(line, '\n');
}

enum db_rc sqlite_copy_out(struct db *db, const char *table, const char *columns, const char *order,
                           db_copy_line *take, void *context)
{
    enum kind *kinds = xcalloc(COLUMNS_MAX, sizeof *kinds);
    int count = read_kinds(db, table, columns, kinds);
    struct buf sql = {0}, line = {0};
    enum db_rc rc = DB_ERROR;
    buf_printf(&sql, "SELECT %s FROM %s ORDER BY %s", columns, table, order);
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    while (count >= 0 && (rc = db_step(stmt)) == DB_ROW) {
        add_row(&line, stmt, kinds, count);
        if (!take(context, line.data, line.len)) {
            rc = DB_ERROR;
            break;
        }
    }
    db_finish(stmt);
    buf_clear(&sql);
    buf_clear(&line);
    free(kinds);
    return rc == DB_NONE ? DB_OK : rc;
}

/* ---- in ---- */

/* One value up to the next tab or line end, without its escapes. NULL: null. */
static const char *take_value(const char **at, struct buf *out)
{
    const char *text = *at;
    bool null = text[0] == '\\' && text[1] == 'N';
    out->len = 0;
    for (; *text != '\t' && *text != '\n'; text++) {
        if (*text != '\\') {
            buf_addc(out, *text);
            continue;
        }
        if (*++text == '\n')
            break;
        if (!strncmp(text, "x00", 3)) {
            buf_addc(out, '\0');
            text += 2;
        } else {
            const char *letter = memchr(letters, *text, sizeof letters - 1);
            buf_addc(out, letter ? escaped[letter - letters] : *text);
        }
    }
    *at = text;
    return null ? NULL : buf_text(out);
}

static void bind_value(struct db_stmt *stmt, int at, enum kind kind, const char *text, size_t len)
{
    if (!text)
        db_bind_null(stmt, at);
    else if (kind == KIND_INT)
        db_bind_int(stmt, at, strtoll(text, NULL, 10));
    else if (kind == KIND_REAL)
        db_bind_double(stmt, at, strtod(text, NULL));
    else
        db_bind_text(stmt, at, text, len);
}

static void insert_sql(struct buf *sql, const char *table, const char *columns, int count)
{
    buf_printf(sql, "INSERT INTO %s (%s) VALUES (", table, columns);
    for (int i = 1; i <= count; i++)
        buf_printf(sql, "%s$%d", i > 1 ? ", " : "", i);
    buf_adds(sql, ")");
}

static enum db_rc wrong_line(struct db *db, const char *table)
{
    snprintf(db->message, sizeof db->message, "a line of %s has another number of values", table);
    return DB_ERROR;
}

enum db_rc sqlite_copy_in(struct db *db, const char *table, const char *columns, const char *lines,
                          size_t len)
{
    enum kind *kinds = xcalloc(COLUMNS_MAX, sizeof *kinds);
    int count = read_kinds(db, table, columns, kinds);
    struct buf *values = xcalloc((size_t)(count > 0 ? count : 1), sizeof *values), sql = {0};
    enum db_rc rc = count > 0 ? DB_OK : DB_ERROR;
    if (rc == DB_OK && len && lines[len - 1] != '\n')
        rc = wrong_line(db, table);
    insert_sql(&sql, table, columns, count);
    for (const char *at = lines; rc == DB_OK && at < lines + len; at++) {
        struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
        for (int i = 0; i < count && rc == DB_OK; i++) {
            const char *text = take_value(&at, &values[i]);
            bind_value(stmt, i + 1, kinds[i], text, values[i].len);
            if (*at != (i + 1 < count ? '\t' : '\n'))
                rc = wrong_line(db, table);
            at += i + 1 < count;
        }
        if (rc == DB_OK)
            rc = db_run(stmt);
        else
            db_finish(stmt);
    }
    for (int i = 0; i < count; i++)
        buf_clear(&values[i]);
    free(values);
    free(kinds);
    buf_clear(&sql);
    return rc;
}

/* ---- ids ---- */

void sqlite_sql_last_id(struct buf *sql, const char *table, const char *sequence)
{
    (void)sequence;
    buf_printf(sql, "SELECT seq FROM main.sqlite_sequence WHERE name = '%s'", table);
}

void sqlite_sql_set_last_id(struct buf *sql, const char *table, const char *sequence, int64_t last)
{
    (void)sequence;
    buf_printf(sql,
               "DELETE FROM main.sqlite_sequence WHERE name = '%s'; INSERT INTO "
               "main.sqlite_sequence (name, seq) VALUES ('%s', %lld)",
               table, table, (long long)last);
}
