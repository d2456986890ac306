#include "unit.h"

static const struct {
    const char *in, *want;
} rows[] = {
    { "level", "level" },     { "LEVEL", "level" },
    { "levle", "level" },     { "grups", "groups" },
    { "weathre", "weather" }, { "x", NULL },
    { "something", NULL },    { "", NULL },
    { "temperatures", NULL }, { "readngs", "readings" },
};

static void names_that_may_have_been_meant(void **state)
{
    (void)state;
    static const char *const names[] = { "level", "groups", "weather", "readings" };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = mdg_near_name(rows[i].in, names, 4);
        if (!got != !rows[i].want || (got && strcmp(got, rows[i].want) != 0))
            fail_msg("'%s': %s", rows[i].in, got ? got : "none");
    }
    assert_null(mdg_near_name("level", names, 0));
}

static void long_names_are_far_from_all(void **state)
{
    (void)state;
    char name[1000];
    memset(name, 'l', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    static const char *const names[] = { "level" };
    assert_null(mdg_near_name(name, names, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_may_have_been_meant),
        cmocka_unit_test(long_names_are_far_from_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
