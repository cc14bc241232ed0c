/* seed - fills a portal with activities, their owners, bindings and communications.
 *
 * Goes through SQL, many rows to a statement and many statements to a transaction, into the schema
 * that the product itself makes. A portal that holds rows of an earlier run is filled up. Only here
 * a commit does not wait for the disk; at the end all is written down.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/args.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/fold.h"
#include "base/log.h"
#include "common.h"
#include "portal/portal.h"

#define PART 50          /* rows to a statement */
#define COMMIT 20000     /* activities to a transaction */
#define ACROSS 24        /* columns of the widest table below */
#define DEPARTMENT 10    /* people to a department */
#define YEARS_S 94608000 /* the activities were made over three years */

static void die(struct db *db, const char *what)
{
    fprintf(stderr, "bench_seed: %s: %s\n", what, db ? db_message(db) : "");
    exit(1);
}

/* ---- rows gathered into one INSERT ---- */

struct value_cell {
    enum { CELL_NULL, CELL_INT, CELL_TEXT } kind;
    int64_t integer;
    char text[TEXT_SIZE];
};

struct sheet {
    struct db *db;
    const char *table, *columns;
    int width, rows, at;
    struct value_cell cells[PART][ACROSS];
};

static struct sheet *sheet_new(struct db *db, const char *table, const char *columns)
{
    struct sheet *sheet = xcalloc(1, sizeof *sheet);
    *sheet = (struct sheet){.db = db, .table = table, .columns = columns, .width = 1};
    for (const char *c = columns; *c; c++)
        sheet->width += *c == ',';
    CHECK(sheet->width <= ACROSS);
    return sheet;
}

static void sheet_write(struct sheet *sheet)
{
    struct buf sql = {0};
    if (!sheet->rows)
        return;
    buf_printf(&sql, "INSERT INTO %s (%s) VALUES ", sheet->table, sheet->columns);
    for (int i = 0; i < sheet->rows * sheet->width; i++)
        buf_printf(&sql, "%s$%d%s",
                   i % sheet->width ? ","
                   : i              ? ",("
                                    : "(",
                   i + 1, i % sheet->width == sheet->width - 1 ? ")" : "");
    struct db_stmt *stmt = db_prepare(sheet->db, buf_text(&sql));
    for (int i = 0; i < sheet->rows * sheet->width; i++) {
        const struct value_cell *cell = &sheet->cells[i / sheet->width][i % sheet->width];
        if (cell->kind == CELL_INT)
            db_bind_int(stmt, i + 1, cell->integer);
        else if (cell->kind == CELL_TEXT)
            db_bind_textz(stmt, i + 1, cell->text);
        else
            db_bind_null(stmt, i + 1);
    }
    if (db_run(stmt) != DB_OK)
        die(sheet->db, sheet->table);
    buf_clear(&sql);
    sheet->rows = 0;
}

static struct value_cell *next_cell(struct sheet *sheet)
{
    CHECK(sheet->at < sheet->width);
    return &sheet->cells[sheet->rows][sheet->at++];
}

static void put_int(struct sheet *sheet, int64_t integer)
{
    struct value_cell *cell = next_cell(sheet);
    cell->kind = CELL_INT;
    cell->integer = integer;
}

static void put_text(struct sheet *sheet, const char *text)
{
    struct value_cell *cell = next_cell(sheet);
    cell->kind = text ? CELL_TEXT : CELL_NULL;
    snprintf(cell->text, sizeof cell->text, "%s", text ? text : "");
}

/* The text, and the key it is found by. */
static void put_keyed(struct sheet *sheet, const char *text)
{
    struct arena arena;
    size_t len;
    arena_init(&arena);
    put_text(sheet, text);
    put_text(sheet, text ? fold_key(&arena, text, strlen(text), &len) : NULL);
    arena_clear(&arena);
}

static void end_row(struct sheet *sheet)
{
    CHECK(sheet->at == sheet->width);
    sheet->at = 0;
    if (++sheet->rows == PART)
        sheet_write(sheet);
}

/* ---- the tables ---- */

struct seed {
    struct db *db;
    struct chance chance;
    int64_t rows, contacts, now;
    struct sheet *owners[4], *activities, *bindings, *communications, *members, *staff,
        *departments, *people, *multifields;
};

static void open_sheets(struct seed *s)
{
    s->members = sheet_new(s->db, "member", "login,login_key,name,last_name,date_register,updated");
    s->departments = sheet_new(s->db, "department", "name,parent_id");
    s->staff = sheet_new(s->db, "member_department", "user_id,department_id");
    s->owners[0] =
        sheet_new(s->db, "lead",
                  "title,title_key,status_id,status_semantic_id,is_manual_opportunity,opened,"
                  "has_phone,has_email,has_imol,is_return_customer,assigned_by_id,"
                  "created_by_id,modify_by_id,date_create,date_modify");
    s->owners[1] = sheet_new(s->db, "deal",
                             "title,title_key,stage_id,stage_semantic_id,is_new,is_recurring,"
                             "is_return_customer,is_repeated_approach,is_manual_opportunity,opened,"
                             "closed,category_id,assigned_by_id,created_by_id,modify_by_id,"
                             "date_create,date_modify");
    s->owners[2] = sheet_new(s->db, "contact",
                             "name,opened,export,has_phone,has_email,has_imol,assigned_by_id,"
                             "created_by_id,modify_by_id,date_create,date_modify");
    s->owners[3] = sheet_new(s->db, "company",
                             "title,title_key,opened,has_phone,has_email,has_imol,is_my_company,"
                             "assigned_by_id,created_by_id,modify_by_id,date_create,date_modify");
    s->activities = sheet_new(s->db, "activity",
                              "owner_id,owner_type_id,type_id,provider_id,provider_type_id,subject,"
                              "created,last_updated,start_time,end_time,deadline,completed,status,"
                              "responsible_id,priority,description,direction,author_id,editor_id,"
                              "origin_id,origin_id_key");
    s->bindings =
        sheet_new(s->db, "activity_binding", "activity_id,owner_type_id,owner_id,assigned_by_id");
    s->communications =
        sheet_new(s->db, "activity_communication",
                  "activity_id,type,value,entity_id,entity_type_id,entity_settings");
    s->people = sheet_new(s->db, "contact",
                          "name,last_name,last_name_key,origin_id,origin_id_key,opened,export,"
                          "has_phone,has_email,has_imol,assigned_by_id,created_by_id,modify_by_id,"
                          "date_create,date_modify");
    s->multifields =
        sheet_new(s->db, "multifield", "entity_id,element_id,type_id,value_type,value,value_key");
}

static void write_sheets(struct seed *s)
{
    sheet_write(s->departments);
    sheet_write(s->members);
    sheet_write(s->staff);
    for (int i = 0; i < 4; i++)
        sheet_write(s->owners[i]);
    sheet_write(s->activities);
    sheet_write(s->bindings);
    sheet_write(s->communications);
    sheet_write(s->people);
    sheet_write(s->multifields);
}

/* Whose an owner is, without looking it up again for its bindings. */
static int64_t assigned_to(struct owner_ref owner)
{
    return 1 + (owner.id * 7 + owner.type * 3) % MEMBERS;
}

static void put_stamps(struct seed *s, struct sheet *sheet, struct owner_ref owner)
{
    put_int(sheet, assigned_to(owner));
    for (int i = 0; i < 2; i++)
        put_int(sheet, 1 + chance_below(&s->chance, MEMBERS));
    put_int(sheet, s->now - YEARS_S);
    put_int(sheet, s->now - chance_below(&s->chance, YEARS_S));
}

static void add_owner(struct seed *s, int64_t number)
{
    static const char *const flags[4][9] = {
        {"NEW", "P", "N", "Y", "N", "N", "N", "N", NULL},
        {"NEW", "P", "N", "N", "N", "N", "N", "Y", "N"},
        {"Y", "Y", "N", "N", "N", NULL},
        {"Y", "N", "N", "N", "N", NULL},
    };
    struct owner_ref owner = owner_at(number);
    struct sheet *sheet = s->owners[owner.type - 1];
    char title[TEXT_SIZE];
    text_subject(&s->chance, number, title);
    if (owner.type == 3)
        put_text(sheet, title);
    else
        put_keyed(sheet, title);
    for (int i = 0; i < 9 && flags[owner.type - 1][i]; i++)
        put_text(sheet, flags[owner.type - 1][i]);
    if (owner.type == 2)
        put_int(sheet, 0);
    put_stamps(s, sheet, owner);
    end_row(sheet);
}

/* The first is the root, which the portal has already; the others are below it. */
static int64_t department_of(int64_t member)
{
    return 1 + member / DEPARTMENT;
}

static void add_department(struct seed *s, int64_t number)
{
    char name[64];
    snprintf(name, sizeof name, "Department %lld", (long long)number);
    put_text(s->departments, name);
    put_int(s->departments, 1);
    end_row(s->departments);
}

static void add_member(struct seed *s, int64_t number)
{
    char login[64];
    snprintf(login, sizeof login, "member%lld", (long long)number);
    put_keyed(s->members, login);
    put_text(s->members, "Alex");
    put_text(s->members, login);
    put_int(s->members, s->now - YEARS_S);
    put_int(s->members, s->now - YEARS_S);
    end_row(s->members);
    put_int(s->staff, number);
    put_int(s->staff, department_of(number));
    end_row(s->staff);
}

static void add_binding(struct seed *s, int64_t activity, struct owner_ref owner)
{
    put_int(s->bindings, activity);
    put_int(s->bindings, owner.type);
    put_int(s->bindings, owner.id);
    put_int(s->bindings, assigned_to(owner));
    end_row(s->bindings);
}

static void add_communication(struct seed *s, int64_t activity, struct owner_ref owner, bool mail)
{
    char value[64];
    snprintf(value, sizeof value, mail ? "client%lld@example.com" : "+1555%07lld",
             (long long)owner.id);
    put_int(s->communications, activity);
    put_text(s->communications, mail ? "EMAIL" : "PHONE");
    put_text(s->communications, value);
    put_int(s->communications, owner.id);
    put_int(s->communications, owner.type);
    put_text(s->communications, "[]");
    end_row(s->communications);
}

/* Row numbers count from 0; the id is one more. */
static void add_activity(struct seed *s, int64_t row)
{
    static const struct {
        int type;
        const char *provider, *kind;
    } sorts[] = {{2, "VOXIMPLANT_CALL", "CALL"}, {2, "VOXIMPLANT_CALL", "CALL"},
                 {6, "CRM_TODO", "TODO"},        {6, "CRM_TODO", "TODO"},
                 {4, "CRM_EMAIL", "EMAIL"},      {1, "CRM_MEETING", "MEETING"}};
    struct sheet *sheet = s->activities;
    char text[TEXT_SIZE];
    struct owner_ref owner = owner_at(owner_of_row(&s->chance, row, s->rows));
    int64_t sort = chance_below(&s->chance, 6), member = 1 + chance_below(&s->chance, MEMBERS);
    /* In the order in which they were made, and most of them long done. */
    int64_t made = s->now - YEARS_S + row * YEARS_S / s->rows;
    int64_t start = made + chance_below(&s->chance, 14 * 86400) / 900 * 900;
    bool done = chance_below(&s->chance, 100) < (start < s->now - 60 * 86400 ? 97 : 40);
    put_int(sheet, owner.id);
    put_int(sheet, owner.type);
    put_int(sheet, sorts[sort].type);
    put_text(sheet, sorts[sort].provider);
    put_text(sheet, sorts[sort].kind);
    text_subject(&s->chance, row, text);
    put_text(sheet, text);
    put_int(sheet, made);
    put_int(sheet, done ? start + 3600 : made);
    put_int(sheet, start);
    put_int(sheet, start + 1800);
    put_int(sheet, start);
    put_text(sheet, done ? "Y" : "N");
    put_int(sheet, done ? 2 : 1);
    put_int(sheet, member);
    put_int(sheet, 2);
    text_description(&s->chance, row, text);
    put_text(sheet, chance_below(&s->chance, 5) < 3 ? text : "");
    put_int(sheet,
            sorts[sort].type == 2 || sorts[sort].type == 4 ? 1 + chance_below(&s->chance, 2) : 0);
    put_int(sheet, member);
    put_int(sheet, member);
    snprintf(text, sizeof text, "EXT-%lld", (long long)row);
    put_keyed(sheet, chance_below(&s->chance, 10) == 0 ? text : NULL);
    end_row(sheet);
    add_binding(s, row + 1, owner);
    /* One in four is bound to a second one, of another kind. */
    if (chance_below(&s->chance, 4) == 0)
        add_binding(s, row + 1, (struct owner_ref){owner.type % 4 + 1, owner.id});
    if (sorts[sort].type == 2 || sorts[sort].type == 4)
        add_communication(s, row + 1, owner, sorts[sort].type == 4);
}

static void add_value(struct seed *s, int64_t contact, const char *type, const char *value,
                      const char *key)
{
    put_text(s->multifields, "CONTACT");
    put_int(s->multifields, contact);
    put_text(s->multifields, type);
    put_text(s->multifields, "WORK");
    put_text(s->multifields, value);
    put_text(s->multifields, key);
    end_row(s->multifields);
}

/* A contact with a phone and an address by its id, beside the owners. */
static void add_contact(struct seed *s, int64_t id)
{
    struct owner_ref owner = {3, id};
    char text[64], key[64];
    put_text(s->people, id % 2 ? "Anna" : "Анна");
    snprintf(text, sizeof text, id % 2 ? "Doe-%lld" : "Ёлкина-%lld", (long long)id);
    put_keyed(s->people, text);
    snprintf(text, sizeof text, "1C-%lld", (long long)id);
    put_keyed(s->people, text);
    for (int i = 0; i < 5; i++)
        put_text(s->people, i < 4 ? "Y" : "N");
    put_stamps(s, s->people, owner);
    end_row(s->people);
    snprintf(text, sizeof text, "+49 30 %lld", (long long)id);
    snprintf(key, sizeof key, "4930%lld", (long long)id);
    add_value(s, id, "PHONE", text, key);
    snprintf(text, sizeof text, "Client%lld@Example.com", (long long)id);
    snprintf(key, sizeof key, "client%lld@example.com", (long long)id);
    add_value(s, id, "EMAIL", text, key);
}

/* ---- all of it ---- */

static int64_t highest(struct db *db, const char *table)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT coalesce(max(id), 0) FROM %s", table);
    struct db_stmt *stmt = db_prepare(db, buf_text(&sql));
    buf_clear(&sql);
    if (db_step(stmt) != DB_ROW)
        die(db, table);
    int64_t id = db_int(stmt, 0);
    db_finish(stmt);
    return id;
}

static int64_t owners_there(struct db *db)
{
    static const char *const tables[] = {"lead", "deal", "contact", "company"};
    int64_t count = 0;
    for (int i = 0; i < 4; i++)
        count += highest(db, tables[i]);
    return count;
}

static void commit(struct seed *s)
{
    write_sheets(s);
    if (db_commit(s->db) != DB_OK)
        die(s->db, "commit");
}

static void begin(struct seed *s)
{
    if (db_begin_write(s->db) != DB_OK)
        die(s->db, "begin");
}

static void fill(struct seed *s)
{
    int64_t owners = owner_count(s->rows);
    begin(s);
    for (int64_t i = highest(s->db, "department") + 1; i <= department_of(MEMBERS); i++)
        add_department(s, i);
    for (int64_t i = highest(s->db, "member") + 1; i <= MEMBERS; i++)
        add_member(s, i);
    for (int64_t i = owners_there(s->db); i < owners; i++)
        add_owner(s, i);
    commit(s);
    int64_t row = highest(s->db, "activity");
    while (row < s->rows) {
        int64_t end = row + COMMIT < s->rows ? row + COMMIT : s->rows;
        begin(s);
        for (; row < end; row++)
            add_activity(s, row);
        commit(s);
        /* load and bare count on ids without a gap. */
        if (highest(s->db, "activity") != row)
            die(s->db, "the ids have gaps");
        if (row % 200000 == 0)
            fprintf(stderr, "  %lld activities\n", (long long)row);
    }
}

/* Contacts with phones and addresses, up to this id. */
static void fill_contacts(struct seed *s)
{
    int64_t id = highest(s->db, "contact");
    while (id < s->contacts) {
        int64_t end = id + COMMIT < s->contacts ? id + COMMIT : s->contacts;
        begin(s);
        while (id < end)
            add_contact(s, ++id);
        commit(s);
        if (highest(s->db, "contact") != id)
            die(s->db, "the ids have gaps");
        if (id % 200000 == 0)
            fprintf(stderr, "  %lld contacts\n", (long long)id);
    }
}

int main(int argc, char **argv)
{
    struct portal_options place = {.create = true, .exclusive = true};
    const char *rows = NULL, *contacts = "0";
    const struct arg args[] = {
        {"--data", "DIR", "the data directory", &place.data_dir, NULL},
        {"--store", "URL", "postgresql://... instead of SQLite", &place.store, NULL},
        {"--rows", "N", "activities that there shall be", &rows, NULL},
        {"--contacts", "N", "contacts with phones and addresses, beside their owners", &contacts,
         NULL},
        {NULL, NULL, NULL, NULL, NULL},
    };
    struct buf why = {0};
    bool help;
    int rest;
    if (!args_parse(argc - 1, argv + 1, args,
                    "Usage: bench_seed --data DIR --rows N [--contacts N] [--store URL]", &help,
                    NULL, 0, &rest))
        return 2;
    if (help)
        return 0;
    struct seed s = {.rows = number_option("--rows", rows, 1, 100000000),
                     .contacts = number_option("--contacts", contacts, 0, 100000000),
                     .now = (int64_t)clock_real()};
    log_set_level(LOG_WARN);
    struct portal *portal = place.data_dir ? portal_open(&place, &why) : NULL;
    s.db = portal ? portal_connect(portal, DB_WRITER, &why) : NULL;
    if (!s.db) {
        fprintf(stderr, "bench_seed: %s\n", place.data_dir ? buf_text(&why) : "--data is needed");
        return 1;
    }
    bool sqlite = !db_is_postgres(portal->store);
    /* Chance goes on where it stopped: other texts for other rows. */
    s.chance.state = (uint64_t)highest(s.db, "activity");
    if (db_exec(s.db, sqlite ? "PRAGMA synchronous=OFF" : "SET synchronous_commit = off") != DB_OK)
        die(s.db, "settings");
    open_sheets(&s);
    fill(&s);
    fill_contacts(&s);
    if (db_exec(s.db, sqlite ? "PRAGMA wal_checkpoint(TRUNCATE)" : "VACUUM ANALYZE") != DB_OK)
        die(s.db, "writing down");
    db_close(s.db);
    portal_close(portal);
    return 0;
}
