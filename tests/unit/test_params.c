/* Parameters of every encoding into one tree. Expected trees are written as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/multipart.h"
#include "base/params.h"
#include "base/writer.h"

#define NOT_UTF8 "The parameters are not valid UTF-8 or hold a NUL"
#define TOO_MANY "The request holds too many parameters"
#define TOO_DEEP "A parameter is nested too deeply"
#define NOT_VALID "The JSON is not valid"
#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"
#define MULTIPART "multipart/form-data; boundary=B"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

/* A copy of the exact size: the address sanitizer then sees a read beyond it, and a tree that still
 * points into it. */
static char *heap_copy(const char *text, size_t len)
{
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    return copy;
}

static const char *tree_text(const struct value *tree)
{
    struct buf buf;
    struct writer w;
    buf_init(&buf);
    writer_init(&w, &buf);
    writer_value(&w, tree);
    char *text = arena_strndup(&arena, buf.data, buf.len);
    buf_clear(&buf);
    return text;
}

/* The tree as JSON, or the reason. */
static const char *from_form(const char *text, size_t len)
{
    struct value *into = value_array(&arena);
    const char *why = "no reason";
    char *copy = heap_copy(text, len);
    bool ok = params_from_form(&arena, copy, len, into, &why);
    free(copy);
    return ok ? tree_text(into) : why;
}

static const char *from_body(const char *type, const char *query, const char *body, size_t len)
{
    struct value *into = value_array(&arena);
    const char *why = "no reason";
    assert_true(params_from_form(&arena, query, strlen(query), into, NULL));
    char *copy = heap_copy(body, len);
    bool ok = params_from_body(&arena, type, copy, len, into, &why);
    free(copy);
    return ok ? tree_text(into) : why;
}

static void names(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "[]"},
        {"a=1", "{\"a\":\"1\"}"},
        {"a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}"},
        {"b=1&a=2&b=3", "{\"b\":\"3\",\"a\":\"2\"}"},
        {"a", "{\"a\":\"\"}"},
        {"a=", "{\"a\":\"\"}"},
        {"a&b", "{\"a\":\"\",\"b\":\"\"}"},
        {"a=b=c", "{\"a\":\"b=c\"}"},
        {"&&a=1&&", "{\"a\":\"1\"}"},
        {"=1&==&=&a=1", "{\"a\":\"1\"}"},
        {"0=a&1=b", "[\"a\",\"b\"]"},
        /* spaces and dots in the first part only */
        {"a.b=1&c d=2&e+f=3&g%20h=4", "{\"a_b\":\"1\",\"c_d\":\"2\",\"e_f\":\"3\",\"g_h\":\"4\"}"},
        {"a.b[c.d e]=1", "{\"a_b\":{\"c.d e\":\"1\"}}"},
        {"++a=1&%20b=2", "{\"a\":\"1\",\"b\":\"2\"}"},
        {"+=1&+[a]=1", "[]"},
        {"a+=1", "{\"a_\":\"1\"}"},
        {".a=1", "{\"_a\":\"1\"}"},
        {"%09a=1", "{\"\\ta\":\"1\"}"},
        /* arrays */
        {"a[b]=1&a[c]=2", "{\"a\":{\"b\":\"1\",\"c\":\"2\"}}"},
        {"a[b][c][d]=1", "{\"a\":{\"b\":{\"c\":{\"d\":\"1\"}}}}"},
        {"a[]=1&a[]=2", "{\"a\":[\"1\",\"2\"]}"},
        {"a[0]=1&a[1]=2", "{\"a\":[\"1\",\"2\"]}"},
        {"a[1]=1&a[0]=2", "{\"a\":{\"1\":\"1\",\"0\":\"2\"}}"},
        {"a[5]=1&a[]=2", "{\"a\":{\"5\":\"1\",\"6\":\"2\"}}"},
        {"a[x]=1&a[]=2", "{\"a\":{\"x\":\"1\",\"0\":\"2\"}}"},
        {"a[][b]=1&a[][b]=2", "{\"a\":[{\"b\":\"1\"},{\"b\":\"2\"}]}"},
        {"a[][]=1&a[][]=2", "{\"a\":[[\"1\"],[\"2\"]]}"},
        {"a[0][b]=1&a[0][c]=2", "{\"a\":[{\"b\":\"1\",\"c\":\"2\"}]}"},
        {"a[+]=1&a[%09]=2", "{\"a\":[\"1\",\"2\"]}"},
        {"a[++]=1&a[+b]=2", "{\"a\":{\"  \":\"1\",\" b\":\"2\"}}"},
        {"a[07]=1&a[]=2", "{\"a\":{\"07\":\"1\",\"0\":\"2\"}}"},
        {"a[9223372036854775806]=1&a[]=2&a[]=3",
         "{\"a\":{\"9223372036854775806\":\"1\",\"9223372036854775807\":\"2\"}}"},
        {"a%5Bb%5D=1&a%5b%5d=2", "{\"a\":{\"b\":\"1\",\"0\":\"2\"}}"},
        {"fields[PHONE][0][VALUE]=1&fields[PHONE][0][TYPE]=W",
         "{\"fields\":{\"PHONE\":[{\"VALUE\":\"1\",\"TYPE\":\"W\"}]}}"},
        {"filter[>=ID]=1&filter[!%40X]=2", "{\"filter_>\":\"ID]=1\",\"filter\":{\"!@X\":\"2\"}}"},
        {"filter[%3E%3DID]=1", "{\"filter\":{\">=ID\":\"1\"}}"},
        /* a scalar and an array of one name */
        {"a=1&a[b]=2", "{\"a\":{\"b\":\"2\"}}"},
        {"a[b]=1&a=2", "{\"a\":\"2\"}"},
        {"a[b]=1&a[b][c]=2", "{\"a\":{\"b\":{\"c\":\"2\"}}}"},
        {"a[b][c]=1&a[b]=2", "{\"a\":{\"b\":\"2\"}}"},
        /* brackets that are none */
        {"a[b=1", "{\"a_b\":\"1\"}"},
        {"a[=1", "{\"a_\":\"1\"}"},
        {"a[b.c[d e=1", "{\"a_b_c_d_e\":\"1\"}"},
        {"a.b[c=1", "{\"a_b_c\":\"1\"}"},
        {"a[b][c=1", "{\"a\":{\"b\":\"1\"}}"},
        {"a[][c=1", "{\"a\":[\"1\"]}"},
        {"a]=1", "{\"a]\":\"1\"}"},
        {"a]b[c]=1", "{\"a]b\":{\"c\":\"1\"}}"},
        {"a[b]junk=1", "{\"a\":{\"b\":\"1\"}}"},
        {"a[b]junk[c]=1", "{\"a\":{\"b\":\"1\"}}"},
        {"a[b]]=1&a[c][=1", "{\"a\":{\"b\":\"1\",\"c\":\"1\"}}"},
        {"a[[b]=1", "{\"a\":{\"[b\":\"1\"}}"},
        {"a[[]]=1", "{\"a\":{\"[\":\"1\"}}"},
        {"a[]]=1", "{\"a\":[\"1\"]}"},
        {"[b]=1&[]=2&[=3", "[]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *found = from_form(cases[i][0], strlen(cases[i][0]));
        if (strcmp(found, cases[i][1]) != 0)
            fail_msg("%s: %s instead of %s", cases[i][0], found, cases[i][1]);
    }
}

#define BYTES(literal) literal, sizeof literal - 1

static void bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len;
        const char *wanted;
    } cases[] = {
        {BYTES("a=x+y%20z%2B"), "{\"a\":\"x y z+\"}"},
        {BYTES("a=%D0%9F%d1%80"), "{\"a\":\"Пр\"}"},
        {BYTES("a=\xD0\x9F"), "{\"a\":\"П\"}"},
        {BYTES("%D0%9F=1"), "{\"П\":\"1\"}"},
        {BYTES("a[%D0%9F]=1"), "{\"a\":{\"П\":\"1\"}}"},
        {BYTES("a=\xD0%9F&b=%D0\x9F"), "{\"a\":\"П\",\"b\":\"П\"}"},
        {BYTES("a=%"), "{\"a\":\"%\"}"},
        {BYTES("a=%4"), "{\"a\":\"%4\"}"},
        {BYTES("a=%4&b=1"), "{\"a\":\"%4\",\"b\":\"1\"}"},
        {BYTES("a=%zz%4z%z4"), "{\"a\":\"%zz%4z%z4\"}"},
        {BYTES("a=%%41"), "{\"a\":\"%A\"}"},
        {BYTES("a=100%"), "{\"a\":\"100%\"}"},
        {BYTES("a%3Db=%26&c=%25"), "{\"a=b\":\"&\",\"c\":\"%\"}"},
        {BYTES("a=%0A%0D%01"), "{\"a\":\"\\n\\r\\u0001\"}"},
        {BYTES("a=%00"), NOT_UTF8},
        {BYTES("a%00=1"), NOT_UTF8},
        {BYTES("a[%00]=1"), NOT_UTF8},
        {BYTES("a\0=1"), NOT_UTF8},
        {BYTES("a=1\0"), NOT_UTF8},
        {BYTES("\0"), NOT_UTF8},
        {BYTES("a=%FF"), NOT_UTF8},
        {BYTES("a=\xFF"), NOT_UTF8},
        {BYTES("a=%C0%80"), NOT_UTF8},
        {BYTES("a=%ED%A0%80"), NOT_UTF8},
        {BYTES("a=%D0"), NOT_UTF8},
        {BYTES("a=%D0&b=%9F"), NOT_UTF8},
        {BYTES("a\xD0=\x9F"), NOT_UTF8},
        {BYTES("caf%E9=1"), NOT_UTF8},
        {BYTES("=%FF"), NOT_UTF8},
        {BYTES("a[\xD0]\x9F=1"), NOT_UTF8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(from_form(cases[i].text, cases[i].len), cases[i].wanted);
}

static void a_form_adds_to_what_is_there(void **state)
{
    (void)state;
    struct value *into = value_array(&arena);
    assert_true(params_from_form(&arena, "a[x]=1&b=1", 10, into, NULL));
    assert_true(params_from_form(&arena, "a[y]=2&b=2", 10, into, NULL));
    assert_string_equal(tree_text(into), "{\"a\":{\"x\":\"1\",\"y\":\"2\"},\"b\":\"2\"}");
    assert_false(params_from_form(&arena, "a=%FF", 5, into, NULL));
}

static const char *from_repeated(const char *text, size_t times, const char *last)
{
    struct buf form;
    buf_init(&form);
    for (size_t i = 0; i < times; i++)
        buf_adds(&form, text);
    buf_adds(&form, last);
    const char *found = from_form(form.data, form.len);
    buf_clear(&form);
    return found;
}

static void depth(void **state)
{
    (void)state;
    struct buf name;
    buf_init(&name);
    buf_addc(&name, 'a');
    for (size_t i = 0; i < LIMIT_PARAM_DEPTH - 1; i++)
        buf_adds(&name, "[b]");
    const char *found = from_form(name.data, name.len);
    assert_int_equal(found[0], '{');
    /* Whatever a form can say, JSON can say too. */
    assert_non_null(json_parse(&arena, found, strlen(found), NULL));
    buf_adds(&name, "[b]");
    assert_string_equal(from_form(name.data, name.len), TOO_DEEP);
    buf_clear(&name);
    assert_string_equal(from_repeated("a[]", 1, "[][]"), "{\"a\":[[[\"\"]]]}");
    assert_string_equal(from_repeated("[", 100000, ""), "[]");
    assert_int_equal(from_repeated("a[", 50000, "")[0], '{');
    assert_string_equal(from_repeated("a[b]", 50000, ""), "{\"a\":{\"b\":\"\"}}");
    assert_string_equal(from_repeated("a", 1,
                                      "[][][][][][][][][][][][][][][][][][][][][][][][][][]"
                                      "[][][][][][][][][][][][]=1"),
                        TOO_DEEP);
}

static void count(void **state)
{
    (void)state;
    assert_string_equal(from_repeated("a=1&", LIMIT_PARAM_COUNT, ""), "{\"a\":\"1\"}");
    assert_string_equal(from_repeated("a=1&", LIMIT_PARAM_COUNT, "b"), TOO_MANY);
    assert_int_equal(from_repeated("a[]=1&", LIMIT_PARAM_COUNT - 1, "")[0], '{');
    assert_string_equal(from_repeated("a[]=1&", LIMIT_PARAM_COUNT, ""), TOO_MANY);
    assert_string_equal(from_repeated("a[][]=1&", LIMIT_PARAM_COUNT / 2, ""), TOO_MANY);
    assert_string_equal(from_repeated("&", 10 * LIMIT_PARAM_COUNT, "a"), "{\"a\":\"\"}");
    assert_string_equal(from_repeated("=1&", 10 * LIMIT_PARAM_COUNT, "a"), "{\"a\":\"\"}");
}

static void bodies(void **state)
{
    (void)state;
    static const struct {
        const char *type, *query, *body, *wanted;
    } cases[] = {
        {FORM, "", "a=1", "{\"a\":\"1\"}"},
        {FORM "; charset=UTF-8", "", "a=1", "{\"a\":\"1\"}"},
        {FORM, "", "", "[]"},
        {FORM, "", "{\"a\":1}", "{\"{\\\"a\\\":1}\":\"\"}"},
        {JSON, "", "{\"a\":1}", "{\"a\":1}"},
        {JSON "; charset=utf-8", "", "{\"a\":1}", "{\"a\":1}"},
        {"Application/JSON;charset=utf-8", "", "{\"a\":1}", "{\"a\":1}"},
        {" application/json ", "", "{\"a\":1}", "{\"a\":1}"},
        {JSON, "", "", "[]"},
        {JSON, "", " \r\n\t", "[]"},
        {JSON, "", "[]", "[]"},
        {JSON, "", "[1,\"b\"]", "[1,\"b\"]"},
        {JSON, "", "null", "The JSON body must be an object or an array"},
        {JSON, "", "\"a=1\"", "The JSON body must be an object or an array"},
        {JSON, "", "15", "The JSON body must be an object or an array"},
        {JSON, "", "a=1", NOT_VALID},
        {JSON, "", "{\"a\":1", NOT_VALID},
        {JSON, "", "{\"a\":\"\xFF\"}", NOT_VALID},
        /* the body over the query, each name as a whole */
        {FORM, "a=1&b=2", "a=3", "{\"a\":\"3\",\"b\":\"2\"}"},
        {FORM, "a[x]=1&b=2", "a[y]=3", "{\"a\":{\"y\":\"3\"},\"b\":\"2\"}"},
        {JSON, "a[x]=1", "{\"a\":{\"y\":3}}", "{\"a\":{\"y\":3}}"},
        {JSON, "a=1", "", "{\"a\":\"1\"}"},
        {JSON, "0=q", "[\"b\"]", "[\"b\"]"},
        /* other types: JSON where it is JSON */
        {NULL, "", "{\"a\":1}", "{\"a\":1}"},
        {NULL, "", " [1]", "[1]"},
        {NULL, "", "a=1", "{\"a\":\"1\"}"},
        {NULL, "", "", "[]"},
        {"", "", "{\"a\":1}", "{\"a\":1}"},
        {"text/plain", "", "{\"a\":1}", "{\"a\":1}"},
        {"text/plain", "", "{a=1", "{\"{a\":\"1\"}"},
        {"text/plain", "", "17", "{\"17\":\"\"}"},
        {"text/plain", "", "a=%FF", NOT_UTF8},
        {"application/jsonx", "", "a=1", "{\"a\":\"1\"}"},
        {"application/json2; x", "", "{\"a\":1}", "{\"a\":1}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *found =
            from_body(cases[i].type, cases[i].query, cases[i].body, strlen(cases[i].body));
        if (strcmp(found, cases[i].wanted) != 0)
            fail_msg("%s: %s instead of %s", cases[i].body, found, cases[i].wanted);
    }
    assert_string_equal(from_body(JSON, "", BYTES(" \0")), NOT_VALID);
    assert_string_equal(from_body(NULL, "", BYTES("\0")), NOT_UTF8);
}

#define FIELD(name) "Content-Disposition: form-data; " name "\r\n\r\n"
#define BAD_HEADER "A part of the multipart body has a Content-Disposition that is not valid"

static const struct {
    const char *body;
    size_t len;
    const char *wanted;
} multiparts[] = {
    {BYTES("--B--"), "[]"},
    {BYTES("--B--\r\n"), "[]"},
    {BYTES("--B\r\n" FIELD("name=\"a\"") "1\r\n--B--\r\n"), "{\"a\":\"1\"}"},
    {BYTES("--B\r\n" FIELD("name=\"a\"") "1\r\n--B\r\n" FIELD("name=b") "2\r\n--B--"),
     "{\"a\":\"1\",\"b\":\"2\"}"},
    {BYTES("preamble\r\n--B\r\n" FIELD("name=a") "1\r\n--B--epilogue\r\n--B\r\nx"),
     "{\"a\":\"1\"}"},
    {BYTES("\r\n--B\r\n" FIELD("name=a") "1\r\n--B--"), "{\"a\":\"1\"}"},
    {BYTES("--B \t\r\n" FIELD("name=a") "1\r\n--B--"), "{\"a\":\"1\"}"},
    {BYTES("--B\nContent-Disposition: form-data; name=a\n\n1\n--B--\n"), "{\"a\":\"1\"}"},
    /* what only looks like the boundary */
    {BYTES("--Bx\r\n--B\r\n" FIELD("name=a") "1--B\r\n--BB\r\n --B--\r\n--B--"),
     "{\"a\":\"1--B\\r\\n--BB\\r\\n --B--\"}"},
    {BYTES("x--B--\r\n--B--"), "[]"},
    /* data */
    {BYTES("--B\r\n" FIELD("name=a") "\r\n--B--"), "{\"a\":\"\"}"},
    {BYTES("--B\r\n" FIELD("name=a") "--B--"), "{\"a\":\"\"}"},
    {BYTES("--B\r\n" FIELD("name=a") "\r\n\r\n\r\n--B--"), "{\"a\":\"\\r\\n\\r\\n\"}"},
    {BYTES("--B\r\n" FIELD("name=a") "x\r\r\n--B--"), "{\"a\":\"x\\r\"}"},
    {BYTES("--B\r\n" FIELD("name=a") "%41+\xD0\x9F\r\n--B--"), "{\"a\":\"%41+П\"}"},
    {BYTES("--B\r\n" FIELD("name=a") "\xFF\r\n--B--"), NOT_UTF8},
    {BYTES("--B\r\n" FIELD("name=a") "x\0\r\n--B--"), NOT_UTF8},
    /* names */
    {BYTES("--B\r\n" FIELD("name=\"f[A][]\"") "1\r\n--B\r\n" FIELD("name=\"f[A][]\"") "2\r\n--B--"),
     "{\"f\":{\"A\":[\"1\",\"2\"]}}"},
    {BYTES("--B\r\n" FIELD("name=\"a.b\"") "1\r\n--B--"), "{\"a_b\":\"1\"}"},
    {BYTES("--B\r\n" FIELD("name=\"a\\\"b\\\\c\\d;=\"") "1\r\n--B--"),
     "{\"a\\\"b\\\\c\\\\d;=\":\"1\"}"},
    {BYTES("--B\r\n" FIELD("name=\"a\\\\\"") "1\r\n--B--"), "{\"a\\\\\":\"1\"}"},
    {BYTES("--B\r\n" FIELD("name=\"\"") "1\r\n--B--"), "[]"},
    {BYTES("--B\r\n" FIELD("name=") "1\r\n--B--"), "[]"},
    {BYTES("--B\r\n" FIELD("NAME=\"a\" ; x=1;;") "1\r\n--B--"), "{\"a\":\"1\"}"},
    {BYTES("--B\r\n" FIELD("name=\"\xD0\x9F\"") "1\r\n--B--"), "{\"П\":\"1\"}"},
    {BYTES("--B\r\n" FIELD("name=\"\xFF\"") "1\r\n--B--"), NOT_UTF8},
    {BYTES("--B\r\n" FIELD("name=\"a\0b\"") "1\r\n--B--"), NOT_UTF8},
    {BYTES("--B\r\ncontent-disposition:form-data;name=a\r\nX: y\r\n\r\n1\r\n--B--"),
     "{\"a\":\"1\"}"},
    {BYTES("--B\r\nContent-Disposition: form-data;\r\n\tname=\"a\"\r\nno header\r\n\r\n1\r\n--B--"),
     "{\"a\":\"1\"}"},
    /* files */
    {BYTES("--B\r\n" FIELD("name=a; filename=\"x.txt\"") "Hello\r\n--B--"),
     "{\"a\":[\"x.txt\",\"SGVsbG8=\"]}"},
    {BYTES("--B\r\n" FIELD("filename=\"\"; name=a") "\r\n--B--"), "{\"a\":[\"\",\"\"]}"},
    {BYTES("--B\r\n" FIELD("name=a; filename=x") "\0\xFF\xFE\r\n--B--"),
     "{\"a\":[\"x\",\"AP/+\"]}"},
    {BYTES("--B\r\n" FIELD("name=\"f[d]\"; filename=\"C:\\x\\y\"") "\r\n--B--"),
     "{\"f\":{\"d\":[\"C:\\\\x\\\\y\",\"\"]}}"},
    {BYTES("--B\r\n" FIELD("name=a; filename=\"\xFF\"") "\r\n--B--"), NOT_UTF8},
    {BYTES("--B\r\n" FIELD("name=a; filename*=UTF-8''%D0%9F%20%zz") "\r\n--B--"),
     "{\"a\":[\"П %zz\",\"\"]}"},
    {BYTES("--B\r\n" FIELD("name=a; filename*=utf-8'en'b; filename=c") "\r\n--B--"),
     "{\"a\":[\"b\",\"\"]}"},
    {BYTES("--B\r\n" FIELD("name=a; filename*=utf-8''%FF") "\r\n--B--"), NOT_UTF8},
    {BYTES("--B\r\n" FIELD("name=a; filename*=iso-8859-1''b") "\r\n--B--"), BAD_HEADER},
    {BYTES("--B\r\n" FIELD("name=a; filename*=utf-8'b") "\r\n--B--"), BAD_HEADER},
    /* malformed */
    {BYTES(""), "The multipart body does not hold its boundary"},
    {BYTES("--"), "The multipart body does not hold its boundary"},
    {BYTES("--B"), "The multipart body does not hold its boundary"},
    {BYTES("--C\r\n" FIELD("name=a") "1\r\n--C--"),
     "The multipart body does not hold its boundary"},
    {BYTES("--B\r\n"), "A part of the multipart body is cut off"},
    {BYTES("--B\r\n\r\n"), "A part of the multipart body has no name"},
    {BYTES("--B\r\nContent-Disp"), "A part of the multipart body is cut off"},
    {BYTES("--B\r\nContent-Disposition: form-data; name=a\r\n"),
     "A part of the multipart body is cut off"},
    {BYTES("--B\r\nContent-Disposition: form-data; name=a\r\n--B--"),
     "A part of the multipart body is cut off"},
    {BYTES("--B\r\n" FIELD("name=a")), "The multipart body does not end with its boundary"},
    {BYTES("--B\r\n" FIELD("name=a") "1"), "The multipart body does not end with its boundary"},
    {BYTES("--B\r\n" FIELD("name=a") "1\r\n--B"),
     "The multipart body does not end with its boundary"},
    {BYTES("--B\r\n" FIELD("name=a") "1\r\n--B-"),
     "The multipart body does not end with its boundary"},
    {BYTES("--B\r\n" FIELD("name=a") "1\r\n--B\r\n"), "A part of the multipart body is cut off"},
    {BYTES("--B\r\nX: y\r\n\r\n1\r\n--B--"), "A part of the multipart body has no name"},
    {BYTES("--B\r\n" FIELD("x=y") "1\r\n--B--"), BAD_HEADER},
    {BYTES("--B\r\n" FIELD("name") "1\r\n--B--"), BAD_HEADER},
    {BYTES("--B\r\n" FIELD("name=\"a") "1\r\n--B--"), BAD_HEADER},
    {BYTES("--B\r\n" FIELD("name=\"a\\\"") "1\r\n--B--"), BAD_HEADER},
    {BYTES("--B\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--B--"), BAD_HEADER},
    {BYTES("--B\r\nContent-Disposition form-data; name=a\r\n\r\n1\r\n--B--"), BAD_HEADER},
    {BYTES("--B\r\nContent-Disposition\r\n\r\n1\r\n--B--"), BAD_HEADER},
    {BYTES("--B\r\nContent-Disposition: form-data; \0\r\n\r\n1\r\n--B--"), BAD_HEADER},
};

static void multipart_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof multiparts / sizeof *multiparts; i++) {
        const char *found = from_body(MULTIPART, "", multiparts[i].body, multiparts[i].len);
        if (strcmp(found, multiparts[i].wanted) != 0)
            fail_msg("case %zu, %s: %s instead of %s", i, multiparts[i].body, found,
                     multiparts[i].wanted);
    }
}

static void boundaries(void **state)
{
    (void)state;
    static const char body[] = "--B b\"\r\n" FIELD("name=a") "1\r\n--B b\"--";
    static const char plain[] = "--B\r\n" FIELD("name=a") "1\r\n--B--";
    static const char *const good[] = {
        "multipart/form-data; boundary=\"B b\\\"\"",
        "Multipart/Form-Data;BOUNDARY=\"B b\\\"\"",
        "multipart/form-data; charset=utf-8; boundary=\"B b\\\"\"; x",
    };
    static const char *const plain_good[] = {
        "multipart/form-data; boundary=B",
        "multipart/form-data ;boundary = \"B\" ; x=y",
        "multipart/form-data;; boundary=\"\\B\"x",
    };
    static const char *const bad[] = {
        "multipart/form-data",
        "multipart/form-data; boundary",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"B",
        "multipart/form-data; xboundary=B",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_string_equal(from_body(good[i], "", BYTES(body)), "{\"a\":\"1\"}");
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(from_body(plain_good[i], "", BYTES(plain)), "{\"a\":\"1\"}");
    assert_string_equal(from_body(plain_good[2], "", BYTES(plain)),
                        "The multipart body does not hold its boundary");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_string_equal(from_body(bad[i], "", BYTES(plain)),
                            "The content type names no boundary");
}

static void multipart_headers_are_bounded(void **state)
{
    (void)state;
    struct buf body;
    buf_init(&body);
    buf_adds(&body, "--B\r\nX: ");
    while (body.len < MULTIPART_HEADER_BYTES)
        buf_addc(&body, 'x');
    buf_adds(&body, "\r\n" FIELD("name=a") "1\r\n--B--");
    assert_string_equal(from_body(MULTIPART, "", body.data, body.len),
                        "The headers of a part of the multipart body are too long");
    buf_clear(&body);
}

static void multipart_counts_and_depth(void **state)
{
    (void)state;
    static const char part[] = "--B\r\n" FIELD("name=a") "\r\n";
    static const char file[] = "--B\r\n" FIELD("name=a; filename=b") "\r\n";
    struct buf body;
    buf_init(&body);
    for (size_t i = 0; i < LIMIT_PARAM_COUNT; i++)
        buf_adds(&body, part);
    struct buf more = {0};
    buf_add(&more, body.data, body.len);
    buf_adds(&body, "--B--");
    assert_string_equal(from_body(MULTIPART, "", body.data, body.len), "{\"a\":\"\"}");
    buf_adds(&more, part);
    buf_adds(&more, "--B--");
    assert_string_equal(from_body(MULTIPART, "", more.data, more.len), TOO_MANY);
    more.len = 0;
    for (size_t i = 0; i < LIMIT_PARAM_COUNT / 3 + 1; i++) /* a file is three values */
        buf_adds(&more, file);
    buf_adds(&more, "--B--");
    assert_string_equal(from_body(MULTIPART, "", more.data, more.len), TOO_MANY);
    body.len = more.len = 0;
    buf_adds(&body, "--B\r\nContent-Disposition: form-data; name=\"a");
    for (size_t i = 0; i < LIMIT_PARAM_DEPTH - 1; i++)
        buf_adds(&body, "[]");
    buf_add(&more, body.data, body.len);
    buf_adds(&body, "\"\r\n\r\n\r\n--B--");
    buf_adds(&more, "\"; filename=x\r\n\r\n\r\n--B--");
    assert_int_equal(from_body(MULTIPART, "", body.data, body.len)[0], '{');
    assert_string_equal(from_body(MULTIPART, "", more.data, more.len), TOO_DEEP);
    buf_clear(&body);
    buf_clear(&more);
}

/* Bodies that a careless parser takes quadratic time for. No more than 1 MB: the address sanitizer
 * looks at the whole rest of the body in each memmem. */
static void multipart_is_linear(void **state)
{
    (void)state;
    static const char too_long[] = "The headers of a part of the multipart body are too long";
    static const char no_end[] = "The multipart body does not end with its boundary";
    static const char *const pieces[][2] = {
        {"\n--B", too_long},    {"\r\n", no_end},      {"\r\n--Bx\r\n", no_end},  {"-", no_end},
        {"\n--B \t", too_long}, {"\n--B \tx", no_end}, {"\n--\n--B\r\r", no_end},
    };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf body;
        buf_init(&body);
        buf_adds(&body, "--B\r\n" FIELD("name=a"));
        while (body.len < 1024 * 1024)
            buf_adds(&body, pieces[i][0]);
        assert_string_equal(from_body(MULTIPART, "", body.data, body.len), pieces[i][1]);
        buf_clear(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_form_adds_to_what_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(depth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bodies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(multipart_bodies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(boundaries, set_up, tear_down),
        cmocka_unit_test_setup_teardown(multipart_headers_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(multipart_counts_and_depth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(multipart_is_linear, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
