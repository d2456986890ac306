/* Differences of documents. */
#include "evidence/diff.h"
#include "unit.h"

static const struct {
    const char *a, *b, *lines;
} rows[] = {
    { "{\"a\":1}", "{\"a\":1.0}", "the same in every field\n" },
    { "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "the same in every field\n" },
    { "{\"a\":1}", "{\"a\":1.5}", "/a: 1 -> 1.5 (+0.5, +50 %)\n1 field differs\n" },
    { "{\"a\":-2}", "{\"a\":-3}", "/a: -2 -> -3 (-1, -50 %)\n1 field differs\n" },
    { "{\"a\":0}", "{\"a\":3}", "/a: 0 -> 3 (+3)\n1 field differs\n" },
    { "{\"a\":1}", "{\"a\":\"1\"}", "/a: 1 -> \"1\"\n1 field differs\n" },
    { "{\"a\":null}", "{}", "/a: only in the first: null\n1 field differs\n" },
    { "{}", "{\"a\":{\"b\":[]}}", "/a: only in the second: {\"b\":[]}\n1 field differs\n" },
    { "{\"a\":[1,{\"b\":true}]}", "{\"a\":[1,{\"b\":false},3]}",
      "/a/1/b: true -> false\n/a/2: only in the second: 3\n2 fields differ\n" },
    { "{\"a/b\":{\"~\":1}}", "{\"a/b\":{\"~\":2}}",
      "/a~1b/~0: 1 -> 2 (+1, +100 %)\n1 field differs\n" },
    { "{\"g\":[{\"by\":\"d\",\"group\":\"N\",\"x\":1},{\"by\":\"d\",\"group\":\"S\",\"x\":2}]}",
      "{\"g\":[{\"by\":\"d\",\"group\":\"S\",\"x\":3},{\"by\":\"d\",\"group\":\"W\",\"x\":2}]}",
      "/g/0: only in the first: {\"by\":\"d\",\"group\":\"N\",\"x\":1}\n/g/1/x: 2 -> 3 (+1, +50 "
      "%)\n"
      "/g/1: only in the second: {\"by\":\"d\",\"group\":\"W\",\"x\":2}\n3 fields differ\n" },
    { "{\"r\":[{\"rule\":1,\"x\":1},{\"rule\":1,\"x\":2}]}",
      "{\"r\":[{\"rule\":1,\"x\":1},{\"rule\":1,\"x\":4},{\"rule\":1,\"x\":5}]}",
      "/r/1/x: 2 -> 4 (+2, +100 %)\n/r/2: only in the second: {\"rule\":1,\"x\":5}\n2 fields "
      "differ\n" },
    { "{\"r\":[{\"rule\":1}]}", "{\"r\":[3]}",
      "/r/0: only in the first: {\"rule\":1}\n/r/0: only in the second: 3\n2 fields differ\n" },
    { "{\"a\":[]}", "{\"a\":{}}", "/a: [] -> {}\n1 field differs\n" },
    { "{\"a\":\"x\\u001b\"}", "{\"a\":\"\xe2\x80\xae\"}",
      "/a: \"x\\u001B\" -> \"?\"\n1 field differs\n" },
};

static void check(json_t *a, json_t *b, const char *want)
{
    text out = { 0 };
    json_t *list = diff_records(a, b);
    diff_print(list, &out);
    assert_string_equal(text_get(&out), want);
    text_free(&out);
    json_decref(list);
}

static void fields_are_compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *a = json_loads(rows[i].a, 0, NULL), *b = json_loads(rows[i].b, 0, NULL);
        assert_true(a && b);
        check(a, b, rows[i].lines);
        check(a, a, "the same in every field\n");
        json_decref(a);
        json_decref(b);
    }
}

/* Long values are cut between characters. */
static void long_values_are_cut(void **state)
{
    (void)state;
    text korean = { 0 }, want = { 0 }, out = { 0 };
    for (int i = 0; i < 30; i++)
        text_add(&korean, "마");
    json_t *a = json_pack("{s:s}", "a", text_get(&korean)), *b = json_pack("{s:n}", "a");
    json_t *list = diff_records(a, b);
    diff_print(list, &out);
    text_add(&want, "/a: \"");
    for (int i = 0; i < 19; i++)
        text_add(&want, "마");
    text_add(&want, "... -> null\n1 field differs\n");
    assert_string_equal(text_get(&out), text_get(&want));
    text_free(&korean);
    text_free(&want);
    text_free(&out);
    json_decref(list);
    json_decref(a);
    json_decref(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_compared),
        cmocka_unit_test(long_values_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
