/* Numbers of the terminal summary. */
#include "measure/summary.h"
#include "unit.h"

static void nothing_has_no_sign(void **state)
{
    (void)state;
    static const struct {
        double percent;
        const char *shown;
    } rows[] = {
        { 0, "0.0" },        { -0.0, "0.0" },   { -0.0001, "0.0" }, { -0.0499, "0.0" },
        { -0.0501, "-0.1" }, { 0.0499, "0.0" }, { 0.0501, "0.1" },  { -12.34, "-12.3" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char shown[16];
        snprintf(shown, sizeof shown, "%.1f", summary_percent(rows[i].percent));
        assert_string_equal(shown, rows[i].shown);
    }
    assert_true(isnan(summary_percent(MDG_NAN)));
}

static void energy_in_fitting_units(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *unit, *shown;
    } rows[] = {
        { 9.994, "kWh", "9.99 kWh" }, { 57.94, "kWh", "57.9 kWh" },  { 9999, "kWh", "9999 kWh" },
        { 1e4, "kWh", "10.0 MWh" },   { -131e3, "kWh", "-131 MWh" }, { 2.12e6, "kWh", "2.12 GWh" },
        { 1e4, "m3", "10000 m3" },    { 99999, "MJ", "99999 MJ" },   { 1e5, "MJ", "100 GJ" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char shown[48];
        summary_energy(shown, sizeof shown, rows[i].value, rows[i].unit);
        assert_string_equal(shown, rows[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_has_no_sign),
        cmocka_unit_test(energy_in_fitting_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
