/* matrix - the permission matrix: what everybody may do with everything, against a plain model.
 *
 * What:    a seed makes a world (people, departments, roles, rows, links, activities); then calls by
 *          anybody of anything go through the real pipeline, in memory. What the answer must be, and
 *          what may have changed in the store, is said by `rules.c`: the rules of DESIGN.md,
 *          "Permissions", written down once more, naively, without any of the program's code. Nothing
 *          is committed.
 * Used by: ./test; by hand for longer: `matrix STORE --seed N --checks N`.
 * Memory:  the world and its facts are static; an answer is released by answer_clear.
 * Errors:  a check that fails prints seed, user, roles, call, what was expected and what came.
 *
 * world.c   makes the world            facts.c   reads the store as it is
 * rules.c   the model                  call.c    a call and its answer, failures
 * read_*.c, write_*.c the checks       effects.c what a write may have changed
 */
#ifndef RAPPORT_TESTS_MATRIX_H
#define RAPPORT_TESTS_MATRIX_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "portal/portal.h"

/* ---- numbers out of the seed ---- */

void random_seed(uint64_t seed);
uint64_t random_next(void);
int random_below(int n);   /* 0 to n - 1 */
bool random_one_in(int n); /* once in n times */

/* ---- the world ---- */

enum { LEAD = 1, DEAL, CONTACT, COMPANY, TYPES = COMPANY };
enum { READ, ADD, UPDATE, DELETE, ACTIONS };
enum { NONE, OWN, DEPARTMENT, SUBTREE, ALL };
enum { USERS = 8, DEPARTMENTS = 6, ROLES = 6, APPS = 2, LISTENERS = 2, FUNNELS = 3 };

struct department {
    int64_t id;
    int parent; /* its place, or -1 */
};

struct user {
    int64_t id;
    bool admin;
    bool in[DEPARTMENTS];
    char code[40], narrow[40]; /* webhooks: of scope crm, and of another one */
    char bearer[APPS][80];
};

struct role {
    int64_t id;
    int level[TYPES + 1][ACTIONS];
    bool of_funnel[FUNNELS]; /* of deals: it says something of this one */
    int funnel_level[FUNNELS][ACTIONS];
    bool all, users[USERS], departments[DEPARTMENTS];
};

struct world {
    uint64_t seed;
    struct department departments[DEPARTMENTS];
    struct user users[USERS]; /* the first is the administrator */
    struct role roles[ROLES];
    int64_t funnels[FUNNELS];                /* of deals; the first is number 0 */
    const struct user *listeners[LISTENERS]; /* handlers are bound for them */
};

extern struct world world;
extern struct portal *portal;
extern struct db *db;

void die(const char *what, const char *why) __attribute__((noreturn));
void apps_make(void);   /* once */
void fields_make(void); /* once */
void world_make(uint64_t seed);
/* Rows of what the descriptors tell (items.c): their types once, roles and rows in a world. */
void items_types_make(void);
void items_roles_make(void);
void items_make(void);
/* " quote oo--": what a user may with each of them, one of `letters` by action. */
void items_print_levels(const struct user *user, const char *letters);
void sql(const char *text); /* runs it or dies */

extern const char *const type_names[TYPES + 1]; /* "lead" ... */

/* ---- the store as it is ---- */

enum { MANY = 400 };

struct row {
    int type;
    int64_t id, assigned;
    int64_t company; /* COMPANY_ID of a lead or deal, 0: none */
    int64_t funnel;  /* CATEGORY_ID of a deal */
    int64_t first;   /* the first of its links, as its row holds it; 0: none, or a company */
    char word[24];   /* the unique word of its names */
};

struct pair { /* a reference: a link, a binding or a communication */
    int type;
    int64_t id; /* of what refers; of a binding and a communication: the activity, type 0 */
    int other_type;
    int64_t other;
};

struct act {
    int64_t id, owner, responsible, app;
    int owner_type, kind; /* kind: TYPE_ID */
    int files;
    bool completed, todo, configurable;
    char subject[40];
};

struct facts {
    struct row rows[MANY];
    struct act acts[MANY];
    struct pair links[MANY], bindings[MANY], communications[MANY];
    int row_count, act_count, link_count, binding_count, communication_count;
};

extern struct facts before, after;

void facts_read(struct facts *facts);
const struct row *find_row(const struct facts *facts, int type, int64_t id);
const struct act *find_act(const struct facts *facts, int64_t id);
bool find_pair(const struct pair *pairs, int count, const struct pair *pair);

/* ---- the rules ---- */

/* The highest level in any funnel; the lowest. */
bool has_role(const struct user *user, const struct role *role);
bool level_covers(const struct user *user, int level, int64_t assigned);
int level(const struct user *user, int type, int action);
int least_level(const struct user *user, int type, int action);
/* `row`: its type, funnel and responsible person. */
bool covers(const struct user *user, int action, const struct row *row);
/* False for what does not exist as well. */
bool may(const struct facts *facts, const struct user *user, int action, int type, int64_t id);
bool reads(const struct facts *facts, const struct user *user, const struct act *act);
bool updates(const struct facts *facts, const struct user *user, const struct act *act);
bool deletes(const struct facts *facts, const struct user *user, const struct act *act);
/* Nothing may tell that the activity exists, to a call that reads or changes it. */
bool hidden(const struct facts *facts, const struct user *user, const struct act *act, int action);
/* The caller may read and change nothing of any type. */
bool powerless(const struct user *user);

/* ---- calls ---- */

struct answer {
    int status;
    char *text;
    json_t *json;
    const json_t *result; /* NULL: refused */
    const char *error;    /* its error_description, or "" */
};

enum credential { WEBHOOK, NARROW, APP_ONE, APP_TWO, NOBODY };

/* `body`: a format for the JSON parameters. The call is remembered for failures. */
struct answer call(const struct user *user, enum credential by, const char *method,
                   const char *body, ...) __attribute__((format(printf, 4, 5)));
/* A page, by its address with query. */
struct answer call_page(const struct user *user, enum credential by, const char *address);
void answer_clear(struct answer *answer);
/* "Access denied", with whatever the method's page puts behind it. */
bool is_denied(const struct answer *answer);
/* The same call again, as a command of a batch: its `result` or error must be the same. */
void same_in_batch(const struct answer *alone);
/* The same call with an id that does not exist as its parameter `name`: the two answers must not differ. */
void same_as_missing(const struct answer *answer, const char *name, int64_t id);

extern long checks, failures; /* a call is a check, whatever is looked at in its answer */
/* Counts a failure; says what was wrong. `answer`: NULL when there are several. */
bool check(bool good, const struct answer *answer, const char *expected, ...)
    __attribute__((format(printf, 3, 4)));
void print_tally(void);
void check_methods(bool print);
/* Names, subjects and phones of what the caller may not read stand in no answer. */
void check_words(const struct answer *answer);

/* An id out of a JSON value that may be a number or a text. */
int64_t to_id(const json_t *value);
int64_t get_id(const json_t *object, const char *name);

#define MISSING 987654321 /* no row has this id */

/* ---- the checks: each one random call ---- */

void read_row(void);
void read_rows(void);
void read_act(void);
void read_acts(void);
void read_bindings(void);
void read_file(void);
void read_picture(void);
void read_reference(void);
void read_transcript(void);
void read_narrow(void);
void write_row(void);
void write_link(void);
void write_act(void);
void write_communications(void);
void write_binding(void);
void write_wide(void);
void write_todo(void);
void write_one_communication(void);
void write_blocks(void);
void write_configurable(void);
void write_rights(void);
void write_people(void);
void write_products(void);
void read_phone(void);
void write_merge(void);
void write_fields(void);
void read_custom_file(void);
void read_item(void);
void write_item(void);

/* Runs between a savepoint and its undoing; then the effects are held against the rules. `subject`: what
 * the call changes (type 0: an activity). */
struct subject {
    int type;
    int64_t id;
    bool deletes, moves;
};
void effects_begin(void);
void effects_end(const struct user *user, const struct subject *subject,
                 const struct answer *answer);

/* An application's activity is its own. */
bool fits_app(const struct act *act, enum credential by);
/* What is named as an owner must be readable, else it is missing, and updatable. */
bool may_own(const struct user *user, int type, int64_t id);
/* A refusal because of the entity that `parameter` names. */
void check_named(const struct user *user, const struct answer *a, int type, int64_t id,
                 const char *parameter);
bool is_bound(const struct act *act, const struct row *row);
const struct row *any_bound(const struct act *act);
/* The activity that `parameter` names is refused, without a hint where nothing may be known. */
void check_refusal(const struct user *user, const struct answer *a, const struct act *act,
                   int action, const char *parameter);

enum credential any_credential(void);
const struct user *any_user(void);
const struct row *any_row(int type); /* 0: of any type */
const struct act *any_act(void);
/* Mostly one with which he may do it; which he may name as an owner; which he may update. */
const struct row *row_for(const struct user *user, int type, int action);
const struct row *owner_for(const struct user *user, int type);
const struct act *act_for(const struct user *user, bool (*fits)(const struct act *act));

#endif
