#include "support/json_text.h"
#include "unit.h"

static void check(json_t *json, const char *want)
{
    text out = { 0 };
    assert_int_equal(json_text_add(json, &out, NULL), MDG_OK);
    assert_string_equal(text_get(&out), want);
    text_free(&out);
    json_decref(json);
}

static void numbers_are_as_short_as_they_can_be(void **state)
{
    (void)state;
    check(json_pack("[f, f, f, i]", 0.9, 1.0 / 3, -2.0, 7),
          "[\n  0.9,\n  0.3333333333333333,\n  -2.0,\n  7\n]\n");
    check(json_pack("[f, f]", 1e300, 5e-324), "[\n  1e+300,\n  4.94065645841247e-324\n]\n");
    check(json_pack("{s:s, s:b}", "a \"0.90000000000000002\\", "-1.50", "t", 1),
          "{\n  \"a \\\"0.90000000000000002\\\\\": \"-1.50\",\n  \"t\": true\n}\n");
}

static void names_of_files_are_strings(void **state)
{
    (void)state;
    check(json_pack("[o, o]", json_of_path("도시.json"), json_of_path("b\xff.json")),
          "[\n  \"도시.json\",\n  \"b?.json\"\n]\n");
}

static void every_number_reads_back(void **state)
{
    (void)state;
    mdg_rng r = mdg_rng_make(1, 9);
    for (size_t i = 0; i < 2000; i++) {
        double x = mdg_rng_normal(&r) * pow(10, 40 * mdg_rng_uniform(&r) - 20);
        text out = { 0 };
        json_t *json = json_pack("[f]", x);
        assert_int_equal(json_text_add(json, &out, NULL), MDG_OK);
        json_t *back = json_loads(text_get(&out), 0, NULL);
        assert_close(json_real_value(json_array_get(back, 0)), x, 0);
        json_decref(json);
        json_decref(back);
        text_free(&out);
    }
    assert_int_equal(json_text_add(NULL, &(text){ 0 }, NULL), MDG_E_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_as_short_as_they_can_be),
        cmocka_unit_test(names_of_files_are_strings),
        cmocka_unit_test(every_number_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
