/* Greenhouse gases. */
#include "unit.h"

/* Rows that were checked in their source, without CO2: how many, and their sum in the package
 * globalwarmingpotentials 0.13.2 of PyPI. */
static const struct {
    mdg_gwp_set set;
    size_t n;
    double sum;
} sums[] = {
    { MDG_GWP_AR4, 22, 147856 },
    { MDG_GWP_AR5, 25, 140494 },
    { MDG_GWP_AR5_FEEDBACK, 25, 157211 },
    { MDG_GWP_AR6, 25, 154150.9 },
};

static void potentials_are_those_of_the_reports(void **state)
{
    (void)state;
    size_t count;
    const mdg_gas *gases = mdg_gases(&count);
    for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
        size_t n = 0;
        double sum = 0;
        for (size_t i = 1; i < count; i++) {
            bool checked = gases[i].checked[sums[k].set];
            n += checked;
            sum += checked ? gases[i].gwp[sums[k].set] : 0;
        }
        assert_int_equal(n, sums[k].n);
        assert_close(sum, sums[k].sum, 1e-15);
    }
    assert_string_equal(gases[0].name, "CO2");
}

static const struct {
    const char *gas;
    double gwp[MDG_GWP_SET_COUNT];
} rows[] = {
    { "CO2", { 1, 1, 1, 1 } },
    { "CH4", { 25, 28, 34, 27.9 } },
    { "N2O", { 298, 265, 298, 273 } },
    { "HFC-134a", { 1430, 1300, 1549, 1530 } },
    { "SF6", { 22800, 23500, 26087, 25200 } },
    { "NF3", { 17200, 16100, 17885, 17400 } },
};

static void gases_are_found_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const mdg_gas *g;
        assert_int_equal(mdg_gas_find(rows[i].gas, &g, NULL), MDG_OK);
        for (size_t s = 0; s < MDG_GWP_SET_COUNT; s++) {
            assert_close(g->gwp[s], rows[i].gwp[s], 0);
            assert_true(*g->source[s]);
        }
    }
    const mdg_gas *g;
    mdg_error err;
    assert_int_equal(mdg_gas_find("HFC-134b", &g, &err), MDG_E_SCHEMA);
    assert_string_equal(err.message, "unknown gas 'HFC-134b'");
    assert_non_null(strstr(err.hint, "HFC-134"));
    mdg_gwp_set set;
    for (size_t s = 0; s < MDG_GWP_SET_COUNT; s++) {
        assert_int_equal(mdg_gwp_set_find(mdg_gwp_set_code((mdg_gwp_set)s), &set, NULL), MDG_OK);
        assert_int_equal(set, s);
    }
    assert_int_equal(mdg_gwp_set_find("SAR", &set, NULL), MDG_E_SCHEMA);
}

static void biogenic_carbon_stays_apart(void **state)
{
    (void)state;
    mdg_combustion c = { .co2_kg = 100, .ch4_kg = 2, .n2o_kg = 1, .co2_biogenic_kg = 1e6 };
    assert_close(mdg_combustion_co2e(&c, MDG_GWP_AR5), 100 + 2 * 28 + 265, 1e-15);
    assert_close(mdg_combustion_co2e(&c, MDG_GWP_AR4), 100 + 2 * 25 + 298, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(potentials_are_those_of_the_reports),
        cmocka_unit_test(gases_are_found_by_name),
        cmocka_unit_test(biogenic_carbon_stays_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
