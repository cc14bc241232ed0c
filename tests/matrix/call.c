/* One call through the pipeline, and what is said when its answer is wrong. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/format.h"
#include "matrix.h"
#include "portal/event.h"
#include "rest/pipeline.h"

long checks, failures;

/* The last call, to be said, to be sent again in a batch, or with another id. */
static struct {
    const struct user *user;
    enum credential by;
    char method[600], body[4000];
} last;

/* ---- has each method been done and refused? ---- */

enum { METHODS_MOST = 250 };
#define FEW 40 /* fewer calls of a method may all end the same way by chance */

static struct {
    char name[60];
    long done, refused;
} methods[METHODS_MOST];

static void count_call(const struct user *user, const char *name, bool done)
{
    size_t i = 0;
    while (i < METHODS_MOST - 1 && methods[i].name[0] && strcmp(methods[i].name, name) != 0)
        i++;
    snprintf(methods[i].name, sizeof methods[i].name, "%s", name);
    if (!user->admin)
        done ? methods[i].done++ : methods[i].refused++;
}

/* What the administrator alone may do. */
static bool for_administrators(const char *name)
{
    const char *verb = strstr(name, ".userfield.");
    return verb && strcmp(verb, ".userfield.get") != 0 && strcmp(verb, ".userfield.list") != 0;
}

/* A matrix whose calls are all refused, or none, checks nothing. A batch is never refused, and the calls of the
 * administrator, who alone makes some, do not count. */
void check_methods(bool print)
{
    for (size_t i = 0; i < METHODS_MOST && methods[i].name[0]; i++) {
        const char *name = methods[i].name;
        long done = methods[i].done, refused = methods[i].refused;
        bool counts = strcmp(name, "batch") != 0 && done + refused >= FEW;
        if (print)
            printf("%-40s %6ld done %6ld refused\n", name, done, refused);
        if (counts && ((!done && !for_administrators(name)) || !refused)) {
            printf("FAILED %s was never %s, of %ld calls\n", name, done ? "refused" : "done",
                   done + refused);
            failures++;
        }
    }
}

/* ---- numbers ---- */

static uint64_t state;

/* splitmix64 */
uint64_t random_next(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void random_seed(uint64_t seed)
{
    state = seed;
    state = random_next() ^ (seed << 32); /* else the next seed's numbers are these, one later */
}

int random_below(int n)
{
    return (int)(random_next() % (uint64_t)n);
}

bool random_one_in(int n)
{
    return random_below(n) == 0;
}

/* ---- the call ---- */

static struct answer send(const struct user *user, enum credential by, const char *path,
                          const char *query, const char *method, const char *body)
{
    struct call call;
    struct answer answer = {.error = ""};
    char why[ANSWER_WHY] = "";
    event_subscriptions_changed(portal);
    checks++;
    call_init(&call);
    call.path = path;
    call.query = query;
    call.base_url = "http://test";
    if (by == APP_ONE || by == APP_TWO)
        call.authorization = user->bearer[by - APP_ONE];
    if (body) {
        call.body = body;
        call.body_len = strlen(body);
        call.content_type = "application/json";
    }
    if (pipeline_prepare(&call, portal, db) != PIPELINE_ANSWER)
        do
            pipeline_execute(&call, db, 0);
        while (call.rc == API_OK && pipeline_more(&call));
    if (call.rc == API_STORE)
        die(db_state(db), db_message(db));
    pipeline_answer(&call);
    answer.status = call.status;
    answer.text = strdup(buf_text(&call.answer));
    if (method) {
        answer.json = answer_read(method, body, call.status, answer.text, call.answer.len, why);
        answer.result = json_object_get(answer.json, "result");
        const json_t *text = json_object_get(answer.json, "error_description");
        answer.error = text ? json_string_value(text) : "";
    }
    if (call.file >= 0)
        close(call.file);
    call_clear(&call);
    if (method && !answer.json)
        check(false, &answer, "an answer: %s", why);
    return answer;
}

static struct answer send_last(const char *body)
{
    char path[1000];
    const struct user *user = last.user;
    if (last.by == WEBHOOK || last.by == NARROW)
        snprintf(path, sizeof path, "/rest/%lld/%s/%s", (long long)user->id,
                 last.by == WEBHOOK ? user->code : user->narrow, last.method);
    else
        snprintf(path, sizeof path, "/rest/%.150s", last.method);
    return send(user, last.by, path, NULL, last.method, body);
}

struct answer call(const struct user *user, enum credential by, const char *method,
                   const char *body, ...)
{
    va_list args;
    last.user = user;
    last.by = by;
    snprintf(last.method, sizeof last.method, "%s", method);
    va_start(args, body);
    vsnprintf(last.body, sizeof last.body, body, args);
    va_end(args);
    struct answer answer = send_last(last.body);
    count_call(user, method, answer.result != NULL);
    if (!user->admin)
        check_words(&answer);
    return answer;
}

struct answer call_page(const struct user *user, enum credential by, const char *address)
{
    char path[600], query[900];
    size_t at = strcspn(address, "?");
    last.user = user;
    last.by = by;
    snprintf(last.method, sizeof last.method, "%s", address);
    last.body[0] = '\0';
    snprintf(path, sizeof path, "%.*s", (int)at, address);
    snprintf(query, sizeof query, "%s", address[at] ? address + at + 1 : "");
    if (by == WEBHOOK || by == NARROW) {
        char *signature = strstr(query, "&auth=");
        size_t len = signature ? (size_t)(signature - query) : strlen(query);
        snprintf(query + len, sizeof query - len, "&auth=%s",
                 by == WEBHOOK ? user->code : user->narrow);
    }
    return send(user, by, path, query, NULL, NULL);
}

void answer_clear(struct answer *answer)
{
    free(answer->text);
    json_decref(answer->json);
    *answer = (struct answer){.error = ""};
}

bool is_denied(const struct answer *answer)
{
    return !strncmp(answer->error, "Access denied", 13);
}

/* ---- the same call in other words ---- */

void same_in_batch(const struct answer *alone)
{
    char body[4800], method[sizeof last.method];
    snprintf(body, sizeof body, "{\"cmd\":{\"x\":{\"method\":\"%.60s\",\"params\":%s}}}",
             last.method, last.body);
    snprintf(method, sizeof method, "%s", last.method);
    snprintf(last.method, sizeof last.method, "batch");
    struct answer batch = send_last(body);
    snprintf(last.method, sizeof last.method, "%s", method);
    const json_t *result = json_object_get(json_object_get(batch.result, "result"), "x");
    const json_t *error = json_object_get(json_object_get(batch.result, "result_error"), "x");
    const json_t *text = json_object_get(error, "error_description");
    bool same = alone->result ? result && json_equal((json_t *)(uintptr_t)result,
                                                     (json_t *)(uintptr_t)alone->result)
                              : text && !strcmp(json_string_value(text), alone->error);
    check(same, &batch, "in batch the same as alone: %s", alone->text);
    answer_clear(&batch);
}

/* A copy with every "id" as a whole number in place of which stands `other`. */
static void replace_number(char *to, size_t size, const char *from, int64_t id, const char *other)
{
    char number[24];
    size_t len = format_text(number, sizeof number, "%lld", (long long)id), at = 0;
    for (const char *c = from; *c && at + 32 < size;) {
        bool starts = c == from || !isalnum((unsigned char)c[-1]);
        if (starts && !strncmp(c, number, len) && !isalnum((unsigned char)c[len])) {
            at += format_text(to + at, size - at, "%s", other);
            c += len;
        } else {
            to[at++] = *c++;
        }
    }
    to[at] = '\0';
}

void same_as_missing(const struct answer *answer, const char *name, int64_t id)
{
    char body[sizeof last.body + 64], old[80], here[1000], there[1000];
    size_t len = format_text(old, sizeof old, "\"%s\":%lld", name, (long long)id);
    const char *at = strstr(last.body, old);
    if (!at)
        die("no such parameter", old);
    snprintf(body, sizeof body, "%.*s\"%s\":%d%s", (int)(at - last.body), last.body, name, MISSING,
             at + len);
    struct answer missing = send_last(body);
    replace_number(here, sizeof here, answer->error, id, "@");
    replace_number(there, sizeof there, missing.error, MISSING, "@");
    check(answer->status == missing.status && !strcmp(here, there), answer,
          "the words for a missing one: %s", missing.text);
    answer_clear(&missing);
}

/* ---- what is wrong ---- */

/* How often each kind of check failed. */
static struct {
    const char *expected;
    long count;
} tally[100];

static void count_failure(const char *expected)
{
    size_t i = 0;
    while (i < 99 && tally[i].count && tally[i].expected != expected)
        i++;
    tally[i].expected = expected;
    tally[i].count++;
    failures++;
}

void print_tally(void)
{
    for (size_t i = 0; i < 100 && tally[i].count; i++)
        printf("%6ld times not: %s\n", tally[i].count, tally[i].expected);
}

static void print_user(const struct user *user)
{
    static const char levels[] = "-odsa";
    printf("    user %lld%s, departments", (long long)user->id, user->admin ? " (admin)" : "");
    for (int d = 0; d < DEPARTMENTS; d++) {
        if (user->in[d])
            printf(" %lld", (long long)world.departments[d].id);
    }
    printf("; read/add/update/delete (- none, o own, d department, s subtree, a all):");
    for (int type = LEAD; type <= TYPES; type++) {
        printf(" %s ", type_names[type]);
        for (int action = READ; action < ACTIONS; action++)
            putchar(levels[level(user, type, action)]);
    }
    items_print_levels(user, levels);
    printf("\n");
}

bool check(bool good, const struct answer *answer, const char *expected, ...)
{
    static const char *const by[] = {"a webhook", "a webhook of another scope", "application 1",
                                     "application 2", "no credential"};
    va_list args;
    if (good)
        return true;
    count_failure(expected);
    if (failures > 30)
        return false;
    printf("FAILED --seed %llu, by %s\n", (unsigned long long)world.seed, by[last.by]);
    print_user(last.user);
    printf("    call: %s %s\n    expected: ", last.method, last.body);
    va_start(args, expected);
    vprintf(expected, args);
    va_end(args);
    printf("\n");
    if (answer)
        printf("    got: %d %.1500s\n", answer->status, answer->text ? answer->text : "");
    return false;
}

/* Whose word it is; true when the caller may know it. */
static bool may_know(const char *word, bool subject)
{
    for (int i = 0; i < before.row_count && !subject; i++) {
        const struct row *row = &before.rows[i];
        if (!strncmp(row->word, word, 5))
            return covers(last.user, READ, row);
    }
    for (int i = 0; i < before.act_count && subject; i++) {
        const struct act *act = &before.acts[i];
        if (!strncmp(act->subject, word, 5))
            return reads(&before, last.user, act);
    }
    return true;
}

void check_words(const struct answer *answer)
{
    bool good = true;
    for (const char *at = answer->text; good && (at = strchr(at, 'Z')); at++) {
        bool is_word = (at[1] == 'q' || at[1] == 's') && isdigit((unsigned char)at[2]);
        if (is_word && !may_know(at, at[1] == 's'))
            good = check(false, answer, "no word of what is not readable: %.5s", at);
    }
    for (const char *at = answer->text; good && (at = strstr(at, "+7999000")); at++) {
        char word[8];
        snprintf(word, sizeof word, "Zq%.3s", at + 8);
        if (!may_know(word, false))
            good = check(false, answer, "no phone of what is not readable: %.11s", at);
    }
}

int64_t to_id(const json_t *value)
{
    int64_t id = json_is_integer(value) ? json_integer_value(value) : 0;
    return json_is_string(value) ? strtoll(json_string_value(value), NULL, 10) : id;
}

int64_t get_id(const json_t *object, const char *name)
{
    return to_id(json_object_get(object, name));
}

/* Rights are the person's, however he calls. */
enum credential any_credential(void)
{
    static const enum credential all[] = {WEBHOOK, WEBHOOK, APP_ONE, APP_TWO};
    return all[random_below(4)];
}

const struct user *any_user(void)
{
    return &world.users[random_below(USERS)];
}

const struct row *any_row(int type)
{
    const struct row *row;
    do
        row = &before.rows[random_below(before.row_count)];
    while (type && row->type != type);
    return row;
}

const struct act *any_act(void)
{
    return &before.acts[random_below(before.act_count)];
}

/* Most of what people try they may do. */
#define TRIES 24

const struct row *row_for(const struct user *user, int type, int action)
{
    const struct row *row = any_row(type);
    bool wanted = !random_one_in(3);
    for (int i = 0; i < TRIES && wanted && !may(&before, user, action, row->type, row->id); i++)
        row = any_row(type);
    return row;
}

const struct row *owner_for(const struct user *user, int type)
{
    const struct row *row = any_row(type);
    bool wanted = !random_one_in(3);
    for (int i = 0; i < TRIES && wanted && !may_own(user, row->type, row->id); i++)
        row = any_row(type);
    return row;
}

const struct act *act_for(const struct user *user, bool (*fits)(const struct act *act))
{
    const struct act *act = any_act();
    bool wanted = !random_one_in(3);
    for (int i = 0; i < 4 * TRIES && wanted && !(fits(act) && updates(&before, user, act)); i++)
        act = any_act();
    return act;
}
