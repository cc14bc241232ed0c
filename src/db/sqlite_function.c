/* sqlite_function - what SQL may call: fold(text), number_text(real, money); and the collation `caseless`. */
#include <sqlite3.h>

#include "base/fold.h"
#include "base/format.h"
#include "base/utf8.h"
#include "base/value.h"
#include "db/sqlite.h"

static void fold(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    struct buf folded;
    buf_init(&folded);
    const char *text = (const char *)sqlite3_value_text(values[0]);
    utf8_fold(&folded, text, (size_t)sqlite3_value_bytes(values[0]));
    sqlite3_result_text(context, buf_text(&folded), (int)folded.len, SQLITE_TRANSIENT);
    buf_clear(&folded);
}

static int caseless(void *unused, int a_len, const void *a, int b_len, const void *b)
{
    (void)unused;
    return fold_compare(a, (size_t)a_len, b, (size_t)b_len);
}

/* A number as answers show it: SQLite's own text of a double has 15 digits and ".0". */
static void number_text(sqlite3_context *context, int count, sqlite3_value **values)
{
    char text[352];
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    double real = sqlite3_value_double(values[0]);
    size_t len = sqlite3_value_int(values[1]) ? format_text(text, sizeof text, "%.2f", real)
                                              : double_to_text(real, text, sizeof text);
    sqlite3_result_text(context, text, (int)len, SQLITE_TRANSIENT);
}

int sqlite_functions_register(struct sqlite3 *handle)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    int code = sqlite3_create_function(handle, "fold", 1, flags, NULL, fold, NULL, NULL);
    if (code == SQLITE_OK)
        code =
            sqlite3_create_function(handle, "number_text", 2, flags, NULL, number_text, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_create_collation(handle, "caseless", SQLITE_UTF8, NULL, caseless);
    return code;
}
