/* Factors after NIST SP 811, appendix B, and the sources in the table of units. */
#include "unit.h"

static const struct {
    double value;
    const char *from, *to;
    double want;
} rows[] = {
    { 1, "kWh", "J", 3.6e6 },
    { 1, "MWh", "kWh", 1000 },
    { 1, "GWh", "MWh", 1000 },
    { 1, "BTU", "J", 1055.05585262 },
    { 1, "MMBTU", "kWh", 293.07107017222222 },
    { 1, "therm", "kWh", 29.307107017222222 },
    { 100, "kBTU", "therm", 1 },
    { 1, "kcal", "kJ", 4.1868 },
    { 1, "toe", "GJ", 41.868 },
    { 2.5, "MW", "kW", 2500 },
    { 0, "degC", "degF", 32 },
    { 212, "degF", "degC", 100 },
    { -40, "degC", "degF", -40 },
    { 0, "K", "degC", -273.15 },
    { 1, "t", "kg", 1000 },
    { 1, "lb", "kg", 0.45359237 },
    { 1, "tCO2e", "kgCO2e", 1000 },
    { 1, "ft3", "m3", 0.028316846592 },
    { 1, "m3", "litre", 1000 },
};

static const mdg_unit *find(const char *name)
{
    const mdg_unit *u = NULL;
    mdg_error err = { 0 };
    if (mdg_unit_find(name, &u, &err) != MDG_OK)
        fail_msg("%s: %s", name, err.message);
    return u;
}

static void factors_are_the_published_ones(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got, back;
        assert_int_equal(
            mdg_unit_convert(rows[i].value, find(rows[i].from), find(rows[i].to), &got, NULL),
            MDG_OK);
        if (!(fabs(got - rows[i].want) <= 1e-9 * fmax(1, fabs(rows[i].want))))
            fail_msg("%s in %s: %.17g", rows[i].from, rows[i].to, got);
        mdg_unit_convert(got, find(rows[i].to), find(rows[i].from), &back, NULL);
        assert_true(fabs(back - rows[i].value) <= 1e-9);
    }
}

static void every_pair_is_convertible_or_refused(void **state)
{
    (void)state;
    size_t n;
    const mdg_unit *units = mdg_units(&n);
    assert_true(n > 25);
    for (size_t i = 0; i < n; i++) {
        assert_true(units[i].factor > 0 && *units[i].source);
        for (size_t j = 0; j < n; j++) {
            double out;
            mdg_error err = { 0 };
            mdg_status s = mdg_unit_convert(1, &units[i], &units[j], &out, &err);
            assert_int_equal(s == MDG_OK, units[i].dimension == units[j].dimension);
            if (s != MDG_OK)
                assert_true(strstr(err.message, units[i].name) &&
                            strstr(err.message, units[j].name));
        }
    }
}

static void near_names_are_offered(void **state)
{
    (void)state;
    static const char *const pairs[][2] = { { "kwh", "kWh" }, { "KWH", "kWh" }, { "Mwh", "MWh" } };
    for (size_t i = 0; i < 3; i++) {
        const mdg_unit *u = NULL;
        mdg_error err = { 0 };
        assert_int_equal(mdg_unit_find(pairs[i][0], &u, &err), MDG_E_UNIT);
        assert_non_null(strstr(err.hint, pairs[i][1]));
        assert_null(u);
    }
}

static void gas_needs_a_calorific_value(void **state)
{
    (void)state;
    double factor;
    assert_int_equal(mdg_gas_energy_factor(find("m3"), 39.6, find("kWh"), &factor, NULL), MDG_OK);
    assert_close(factor, 11, 1e-12);
    assert_int_equal(mdg_gas_energy_factor(find("ft3"), 39.6, find("kWh"), &factor, NULL), MDG_OK);
    assert_close(factor, 11 * 0.028316846592, 1e-12);
    assert_int_equal(mdg_gas_energy_factor(find("kWh"), 39.6, find("kWh"), &factor, NULL),
                     MDG_E_UNIT);
    assert_int_equal(mdg_gas_energy_factor(find("m3"), 39.6, find("kg"), &factor, NULL),
                     MDG_E_UNIT);
    static const double impossible[] = { 0, -39, 0.5, 4000, MDG_NAN, MDG_INFINITY };
    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++)
        assert_int_equal(
            mdg_gas_energy_factor(find("m3"), impossible[i], find("kWh"), &factor, NULL),
            MDG_E_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_are_the_published_ones),
        cmocka_unit_test(every_pair_is_convertible_or_refused),
        cmocka_unit_test(near_names_are_offered),
        cmocka_unit_test(gas_needs_a_calorific_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
