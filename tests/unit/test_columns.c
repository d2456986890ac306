/* Text in columns of a terminal. */
#include "unit.h"

#include "support/columns.h"

static const struct {
    const char *name, *s;
    size_t columns;
} rows[] = {
    { "empty", "", 0 },
    { "ASCII", "abc", 3 },
    { "Hangul", "\xea\xb0\x80\xed\x9e\xa3", 4 },                /* U+AC00, U+D7A3 */
    { "Han and kana", "\xe6\xbc\xa2\xe3\x81\x8b", 4 },          /* U+6F22, U+304B */
    { "full width", "\xef\xbc\xa1", 2 },                        /* U+FF21 */
    { "beyond the BMP", "\xf0\xa0\x80\x80", 2 },                /* U+20000 */
    { "Latin with marks", "\xc3\xa9\xc2\xb7", 2 },              /* U+00E9, U+00B7 */
    { "narrow of three bytes", "\xe2\x80\x93\xe2\x82\x82", 2 }, /* U+2013, U+2082 */
    { "mixed", "LED \xea\xb0\x80", 6 },
    { "broken UTF-8", "\xea\xb0", 2 },
    { "lone continuation", "a\x80z", 3 },
};

static void wide_characters_take_two(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (columns_of(rows[i].s) != rows[i].columns)
            fail_msg("%s: %zu", rows[i].name, columns_of(rows[i].s));
}

static void columns_are_filled(void **state)
{
    (void)state;
    text t = { 0 };
    columns_fill(&t, "\xea\xb0\x80", 5);
    assert_string_equal(text_get(&t), "   ");
    text_clear(&t);
    columns_fill(&t, "longer", 4);
    assert_string_equal(text_get(&t), " ");
    text_free(&t);
}

static void cells_stand_at_the_right(void **state)
{
    (void)state;
    text t = { 0 };
    columns_right(&t, "\xea\xb0\x80", 5);
    columns_right(&t, "longer", 6);
    columns_right(&t, "", 2);
    assert_string_equal(text_get(&t), "   \xea\xb0\x80 longer  ");
    text_free(&t);
}

static void whole_characters_fit(void **state)
{
    (void)state;
    assert_int_equal(columns_fitting("abc", 2), 2);
    assert_int_equal(columns_fitting("abc", 9), 3);
    assert_int_equal(columns_fitting("a\xea\xb0\x80z", 2), 1);
    assert_int_equal(columns_fitting("a\xea\xb0\x80z", 3), 4);
    assert_int_equal(columns_fitting("\xc3\xa9z", 1), 2);
    assert_int_equal(columns_fitting("", 3), 0);
}

static void words_are_wrapped(void **state)
{
    (void)state;
    text t = { 0 };
    columns_wrap(&t, "one two  three fourteen", 2, 9);
    assert_string_equal(text_get(&t), "one two\n  three\n  fourteen\n");
    text_clear(&t);
    columns_wrap(&t, "\xea\xb0\x80\xea\xb0\x80 \xea\xb0\x80 b", 0, 7);
    assert_string_equal(text_get(&t), "\xea\xb0\x80\xea\xb0\x80 \xea\xb0\x80\nb\n");
    text_clear(&t);
    columns_wrap(&t, "", 4, 10);
    assert_string_equal(text_get(&t), "\n");
    text_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_characters_take_two), cmocka_unit_test(columns_are_filled),
        cmocka_unit_test(cells_stand_at_the_right), cmocka_unit_test(whole_characters_fit),
        cmocka_unit_test(words_are_wrapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
