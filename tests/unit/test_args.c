/* The options of the command line. */
#include "support.h"

#include "app/args.h"

static const char *store, *port;
static bool demo, help;
static const char *rest[2];
static int rest_count;
static char *printed; /* what went to stdout and stderr */

static const struct arg args[] = {
    {"--store", "URL", "where the data is", &store, NULL},
    {"--port", "NUMBER", "where to listen", &port, NULL},
    {"--demo", NULL, "begin with demo data", NULL, &demo},
    {NULL, NULL, NULL, NULL, NULL},
};

static bool parse(const char *const *words)
{
    static char words_kept[8][64]; /* values point into argv, so it must last */
    char *argv[8];
    int count = 0;
    size_t size;
    FILE *out = stdout, *err = stderr;
    store = port = NULL;
    demo = false;
    for (; words[count]; count++) {
        snprintf(words_kept[count], sizeof words_kept[count], "%s", words[count]);
        argv[count] = words_kept[count];
    }
    free(printed);
    FILE *memory = open_memstream(&printed, &size);
    stdout = stderr = memory;
    bool good = args_parse(count, argv, args, "usage: rapport serve", &help, rest, 2, &rest_count);
    stdout = out;
    stderr = err;
    fclose(memory);
    return good;
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static void nothing_is_fine(void **state)
{
    (void)state;
    assert_true(parse((const char *const[]){NULL}));
    assert_null(store);
    assert_false(demo);
    assert_false(help);
    assert_int_equal(rest_count, 0);
    assert_string_equal(printed, "");
}

static void both_ways_of_a_value(void **state)
{
    (void)state;
    assert_true(PARSE("--store", "a.db", "--port=80", "--demo"));
    assert_string_equal(store, "a.db");
    assert_string_equal(port, "80");
    assert_true(demo);
}

static void a_value_is_taken_as_it_is(void **state)
{
    (void)state;
    assert_true(PARSE("--store=a=b=c", "--port", "--demo"));
    assert_string_equal(store, "a=b=c");
    assert_string_equal(port, "--demo");
    assert_false(demo);
    assert_true(PARSE("--store=", "--port", ""));
    assert_string_equal(store, "");
    assert_string_equal(port, "");
}

static void the_last_value_wins(void **state)
{
    (void)state;
    assert_true(PARSE("--port", "1", "--port=2"));
    assert_string_equal(port, "2");
}

static void words_go_to_rest_in_order(void **state)
{
    (void)state;
    assert_true(PARSE("add", "--port", "1", "-"));
    assert_int_equal(rest_count, 2);
    assert_string_equal(rest[0], "add");
    assert_string_equal(rest[1], "-");
    assert_false(PARSE("one", "two", "three"));
    assert_non_null(strstr(printed, "unexpected argument three"));
}

static void what_is_unknown_is_named(void **state)
{
    (void)state;
    static const char *const wrong[] = {"--nothing", "--stor",     "--stores",   "-p",
                                        "--",        "--demo=yes", "--nothing=1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "rapport: unknown option %s; see --help\n", wrong[i]);
        assert_false(PARSE(wrong[i]));
        assert_string_equal(printed, wanted);
    }
}

static void a_missing_value_is_named(void **state)
{
    (void)state;
    assert_false(PARSE("--demo", "--port"));
    assert_string_equal(printed, "rapport: option --port needs a value: NUMBER\n");
}

static void help_shows_every_option(void **state)
{
    (void)state;
    static const char *const ways[] = {"--help", "-h"};
    for (size_t i = 0; i < 2; i++) {
        assert_true(PARSE("--demo", ways[i], "--nothing"));
        assert_true(help);
        assert_non_null(strstr(printed, "usage: rapport serve\n"));
        assert_non_null(strstr(printed, "--store URL"));
        assert_non_null(strstr(printed, "where to listen"));
        assert_non_null(strstr(printed, "begin with demo data"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_fine),           cmocka_unit_test(both_ways_of_a_value),
        cmocka_unit_test(a_value_is_taken_as_it_is), cmocka_unit_test(the_last_value_wins),
        cmocka_unit_test(words_go_to_rest_in_order), cmocka_unit_test(what_is_unknown_is_named),
        cmocka_unit_test(a_missing_value_is_named),  cmocka_unit_test(help_shows_every_option),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(printed);
    return failed;
}
