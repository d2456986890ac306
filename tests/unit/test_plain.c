/* What others wrote, as an error message shows it. */
#include "cli/cli.h"
#include "support/plain.h"
#include "unit.h"

#include <stdlib.h>

static const struct {
    const char *in, *out;
} rows[] = {
    { "records/마당 é.json", "records/마당 é.json" },
    { "a\x1b]0;title\x07\x7f\r", "a?]0;title???" },
    { "two\nlines", "two\nlines" },
    { "\xc2\x9b\xe2\x80\xae\xe2\x81\xa9", "???" },
    { "cut off \xe2\x80", "cut off \xe2\x80" },
    { "cut off \xc2", "cut off \xc2" },
};

static void printed_without_controls(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *printed = NULL;
        size_t n = 0;
        FILE *to = open_memstream(&printed, &n);
        assert_non_null(to);
        plain_print(to, rows[i].in);
        fclose(to);
        assert_string_equal(printed, rows[i].out);
        free(printed);
    }
}

static void errors_are(void **state)
{
    (void)state;
    mdg_error err = { 0 };
    mdg_fail(&err, MDG_E_PARSE, "no number: '%s'", "\x1b[2J");
    mdg_hint(&err, "see %s", "\x1b[0m");
    mdg_place(&err, "%s:1", "\x1b[31m.csv");
    char *printed = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&printed, &n);
    assert_non_null(to);
    cli_print_error(to, &err);
    fclose(to);
    assert_string_equal(printed, "madang: ?[31m.csv:1: no number: '?[2J'\n  see ?[0m\n");
    free(printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed_without_controls),
        cmocka_unit_test(errors_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
