/* The XML form of answers. Answers are given as JSON, as rest/pipeline has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/xml.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>"
#define TAIL "</response>\n"

static void answers(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[]", ""},
        {"null", ""},
        {"true", "1"},
        {"\"text\"", "text"},
        {"{\"result\":true}", "<result>1</result>"},
        {"{\"result\":false,\"b\":null}", "<result></result><b></b>"},
        {"{\"result\":{\"ID\":\"15\",\"SUM\":1.5,\"N\":-3}}",
         "<result><ID>15</ID><SUM>1.5</SUM><N>-3</N></result>"},
        {"{\"result\":[1,[2,3],{\"a\":4}]}",
         "<result><item>1</item><item><item>2</item><item>3</item></item>"
         "<item><a>4</a></item></result>"},
        {"{\"result\":[]}", "<result></result>"},
        {"{\"a\":\"<b> & \\\"c\\\" 'd' ]]>\"}", "<a>&lt;b&gt; &amp; &quot;c&quot; 'd' ]]&gt;</a>"},
        {"{\"a\":\"Привет 😀\"}", "<a>Привет 😀</a>"},
        {"{\"a\":\"x\\ty\\nz\"}", "<a>x\ty\nz</a>"},
        {"{\"a\":\"x\\r\\ny\"}", "<a>x&#13;\ny</a>"},
        {"{\"a\":\"\\u0001x\\u0008\\u000b\\u000c\\u001fy\\u0002\"}", "<a>xy</a>"},
        {"{\"a\":\"x\\ufffey\\uffff\\ufffd\"}", "<a>xy\xEF\xBF\xBD</a>"},
        {"{\"a\":\"\\uff5e\"}", "<a>\xEF\xBD\x9E</a>"},
        {"{\"a_b-c.d1\":1,\"_x\":2}", "<a_b-c.d1>1</a_b-c.d1><_x>2</_x>"},
        {"{\"5\":1,\"a\":2}", "<item key=\"5\">1</item><a>2</a>"},
        {"{\"1\":1,\"0\":2}", "<item key=\"1\">1</item><item key=\"0\">2</item>"},
        {"{\"\":1}", "<item key=\"\">1</item>"},
        {"{\"-a\":1}", "<item key=\"-a\">1</item>"},
        {"{\"a b\":1}", "<item key=\"a b\">1</item>"},
        {"{\"a:b\":1}", "<item key=\"a:b\">1</item>"},
        {"{\"a><b\":1}", "<item key=\"a&gt;&lt;b\">1</item>"},
        {"{\"q\\\"\\n\\t\\u0001&\":1}", "<item key=\"q&quot;&#10;&#9;&amp;\">1</item>"},
        {"{\"ключ\":1}", "<item key=\"ключ\">1</item>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        struct buf out;
        arena_init(&arena);
        buf_init(&out);
        const struct value *answer = json_parse(&arena, cases[i][0], strlen(cases[i][0]), NULL);
        assert_non_null(answer);
        xml_from_value(&out, answer);
        const char *wanted = arena_printf(&arena, HEAD "%s" TAIL, cases[i][1]);
        assert_string_equal(buf_text(&out), wanted);
        buf_clear(&out);
        arena_clear(&arena);
    }
}

static void appends(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out);
    buf_adds(&out, "before");
    xml_from_value(&out, NULL);
    assert_string_equal(buf_text(&out), "before" HEAD TAIL);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(appends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
