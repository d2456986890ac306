#include "import/mapping.h"
#include "unit.h"

static const char *const roles[] = { "meter", "start", "value", NULL };

static const struct {
    const char *name, *in;
    mdg_status want;
    const char *meter, *value;
} rows[] = {
    { "plain", "meter=MPRN,value=kwh", MDG_OK, "MPRN", "kwh" },
    { "one role", "value=kwh", MDG_OK, NULL, "kwh" },
    { "spaces in a name", "value=read at", MDG_OK, NULL, "read at" },
    { "quoted comma", "value=\"kWh, total\",meter=m", MDG_OK, "m", "kWh, total" },
    { "quoted quote", "value=\"a\"\"b\"", MDG_OK, NULL, "a\"b" },
    { "quoted equals sign", "value=\"a=b\"", MDG_OK, NULL, "a=b" },
    { "Korean", "meter=계량기,value=사용량", MDG_OK, "계량기", "사용량" },
    { "nothing", "", MDG_E_USAGE, NULL, NULL },
    { "no name", "meter=", MDG_E_USAGE, NULL, NULL },
    { "no role", "=x", MDG_E_USAGE, NULL, NULL },
    { "no equals sign", "meter", MDG_E_USAGE, NULL, NULL },
    { "twice", "meter=a,meter=b", MDG_E_USAGE, NULL, NULL },
    { "unknown role", "metre=a", MDG_E_USAGE, NULL, NULL },
    { "open quote", "meter=\"a", MDG_E_USAGE, NULL, NULL },
    { "text after a quote", "meter=\"a\"b", MDG_E_USAGE, NULL, NULL },
    { "trailing comma", "meter=a,", MDG_E_USAGE, NULL, NULL },
};

static void same(const char *name, const char *got, const char *want)
{
    if (!got != !want || (got && strcmp(got, want) != 0))
        fail_msg("%s: '%s', wanted '%s'", name, got ? got : "none", want ? want : "none");
}

static void mappings_are_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_arena mem = { 0 };
        mapping m = { .n = 0 };
        mdg_error err = { 0 };
        mdg_status s = mapping_parse(rows[i].in, roles, false, &mem, &m, &err);
        if (s != rows[i].want)
            fail_msg("%s: status %d, wanted %d", rows[i].name, s, rows[i].want);
        if (s == MDG_OK) {
            same(rows[i].name, mapping_column(&m, "meter"), rows[i].meter);
            same(rows[i].name, mapping_column(&m, "value"), rows[i].value);
        } else {
            assert_true(*err.message && *err.hint);
        }
        mdg_arena_free(&mem);
    }
}

static void other_roles_may_be_allowed(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mapping m;
    assert_int_equal(mapping_parse("value=a,ghi=b", roles, true, &mem, &m, NULL), MDG_OK);
    same("extra", mapping_column(&m, "ghi"), "b");
    mdg_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mappings_are_read_or_refused),
        cmocka_unit_test(other_roles_may_be_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
