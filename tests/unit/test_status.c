#include "unit.h"

static void messages_are_kept_and_cleared(void **state)
{
    (void)state;
    mdg_error err = { 0 };
    assert_int_equal(mdg_fail(&err, MDG_E_RANGE, "a level of %g", 90.0), MDG_E_RANGE);
    mdg_hint(&err, "give a share");
    mdg_place(&err, "%s:%d", "m.yaml", 3);
    assert_string_equal(err.message, "a level of 90");
    assert_string_equal(err.place, "m.yaml:3");
    mdg_fail(&err, MDG_E_OPEN, "again");
    assert_string_equal(err.hint, "");
    assert_string_equal(err.place, "");
    assert_int_equal(err.status, MDG_E_OPEN);
}

static void nobody_need_listen(void **state)
{
    (void)state;
    assert_int_equal(mdg_fail(NULL, MDG_E_RANK, "x"), MDG_E_RANK);
    mdg_hint(NULL, "x");
    mdg_place(NULL, "x");
}

/* Cut text stays UTF-8: whole characters of three bytes each, whatever the offset. */
static void long_messages_end_at_a_character(void **state)
{
    (void)state;
    for (size_t lead = 0; lead < 3; lead++) {
        char text[1200] = "";
        memset(text, 'x', lead);
        for (size_t i = 0; i < 300; i++)
            snprintf(text + lead + 3 * i, sizeof text - lead - 3 * i, "마");
        mdg_error err = { 0 };
        mdg_fail(&err, MDG_E_PARSE, "%s", text);
        size_t n = strlen(err.message);
        assert_true(n < sizeof err.message && n + 3 >= sizeof err.message - 1);
        assert_int_equal((n - lead) % 3, 0);
    }
}

static void exit_statuses(void **state)
{
    (void)state;
    assert_int_equal(mdg_status_exit(MDG_OK), 0);
    assert_int_equal(mdg_status_exit(MDG_E_USAGE), 2);
    assert_int_equal(mdg_status_exit(MDG_E_PARSE), 3);
    assert_int_equal(mdg_status_exit(MDG_E_MEMORY), 4);
    for (int s = MDG_OK; s <= MDG_E_INTERNAL; s++)
        assert_true(*mdg_status_words((mdg_status)s) != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_kept_and_cleared),
        cmocka_unit_test(nobody_need_listen),
        cmocka_unit_test(long_messages_end_at_a_character),
        cmocka_unit_test(exit_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
