/* type - what a kind of value is: how it is stored, taken, compared, written and described.
 *
 * What:    a table of functions and constants for each type, one file a type in model/type/. Nothing else asks
 *          which type it has in hand: a new type is a new file.
 * Used by: descriptors (struct field names its type), model/row, model/query, model/entity_*.
 * Memory:  types are static; texts of cells live in the request's arena.
 * Threads: the lane's.
 * Errors:  as portal/request.h; `take` only says whether the value fits.
 */
#ifndef RAPPORT_MODEL_TYPE_H
#define RAPPORT_MODEL_TYPE_H

#include "portal/request.h"

struct field;
struct query;

/* One value of a row. */
struct cell {
    bool null;
    bool given;   /* by the caller, in this call */
    bool changed; /* differs from what is stored */
    int64_t integer;
    double real;
    const char *text; /* of types that store text: JSON is text too */
    size_t len;
};

enum filter_op {
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_LIKE,            /* % : value somewhere in the text */
    OP_NOT_LIKE,        /* !% */
    OP_LIKE_PATTERN,    /* =% and %= : the value's own % are the wildcards */
    OP_NOT_LIKE_PATTERN /* !=% and !%= */
};

/* What of a cell is in use, and what column keeps it. */
enum storage { STORE_NONE, STORE_INT, STORE_REAL, STORE_TEXT };

/* How a dialect writes the type: "15" of crm.deal.get is 15 of crm.item.get. */
struct writing {
    void (*value)(struct request *req, const struct field *field, const struct cell *cell);
    void (*none)(struct writer *out, const struct field *field); /* where nothing is stored */
    const char *schema;                                          /* JSON Schema of both */
};

/* What `bind` answers when the request failed, and for a value that no stored one is equal to. */
enum { BIND_FAILED = 0, BIND_NEVER = -1 };

struct field_type {
    const char *name;
    enum storage storage;
    bool orders;   /* rows can be sorted by it */
    bool caseless; /* a free text: equal without regard to case, unless the field is a FIELD_CODE */
    struct writing classic, item;
    const char *item_name; /* as crm.item.fields calls it; NULL: as the field's own `type` */

    /* The caller's value becomes a cell that is all zero but for `given`. False when it does not fit. */
    bool (*take)(struct request *req, const struct field *field, const struct value *value,
                 struct cell *cell);
    /* The most bytes of a text; NULL: it has no length. */
    size_t (*most)(const struct field *field);

    /* ---- filters ---- */

    /* Does the value ask for rows where nothing is filled in? */
    bool (*asks_empty)(const struct value *value);
    /* What counts as not filled in beside NULL, as SQL: "''", "0"; NULL: nothing does. */
    const char *empty;
    /* Binds a value as the column compares it and answers the parameter's number, BIND_FAILED or BIND_NEVER. May
     * change *op. `name` is for the error's text. */
    int (*bind)(struct query *query, const char *name, enum filter_op *op,
                const struct value *value);
    /* What a substring is looked for in: the value as answers show it. NULL: the column itself. */
    void (*sql_text)(struct request *req, const struct field *field, const char *column,
                     struct buf *sql);

    /* ---- of custom fields: what a value has elsewhere (a file) ---- */

    /* These are the row's values of the field from now on, once it has its id; none: it goes, or they do.
     * NULL: there is nothing elsewhere. */
    enum api_rc (*settle)(struct request *req, const struct field *field, int64_t row_id,
                          const struct cell *cells, size_t count);
};

extern const struct field_type type_int;  /* "15"; null -> null */
extern const struct field_type type_text; /* "text"; null -> null */
extern const struct field_type type_flag; /* "Y" or "N", stored as that text */
extern const struct field_type
    type_datetime; /* seconds since 1970; "2024-04-03T10:26:32+02:00"; null -> "" */
extern const struct field_type
    type_date; /* days since 1970-01-01; as day_format shows them; null -> "" */
extern const struct field_type type_double;  /* "100.5"; null -> null */
extern const struct field_type type_money;   /* "3607999.00"; null -> null */
extern const struct field_type type_rate;    /* "12.2251"; null -> null */
extern const struct field_type type_object;  /* any JSON, stored as text; null or empty -> [] */
extern const struct field_type type_virtual; /* no column of this table: it lives in a relation */

#define FIELD_INT (&type_int)
#define FIELD_TEXT (&type_text)
#define FIELD_FLAG (&type_flag)
#define FIELD_DATETIME (&type_datetime)
#define FIELD_DATE (&type_date)
#define FIELD_DOUBLE (&type_double)
#define FIELD_MONEY (&type_money)
#define FIELD_RATE (&type_rate)
#define FIELD_OBJECT (&type_object)
#define FIELD_VIRTUAL (&type_virtual)

/* A sum in cents, as type_money stores it. */
double type_cents(double real);

#endif
