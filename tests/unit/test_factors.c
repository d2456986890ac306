/* Emission factors: made by hand, of the grid, of fuels. */
#include "unit.h"

static void units_are_mass_per_energy(void **state)
{
    (void)state;
    mdg_factor f;
    assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, 56.1, "kgCO2e/GJ", &f, NULL), MDG_OK);
    assert_true(f.kind == MDG_FACTOR_FUEL && f.year == 0 && isnan(f.half_width) && !*f.id);
    static const char *const wrong[] = { "kg", "kg/", "/kWh", "kWh/kg", "kg/km", "", "kg/kWh/kWh" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, 0.2, wrong[i], &f, NULL), MDG_E_UNIT);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, -0.2, "kg/kWh", &f, NULL), MDG_E_RANGE);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, MDG_NAN, "kg/kWh", &f, NULL), MDG_E_RANGE);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, 3000, "g/kWh", &f, NULL), MDG_OK);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, 3000, "kg/MWh", &f, NULL), MDG_OK);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, 202, "kg/kWh", &f, NULL), MDG_E_RANGE);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, 3001, "g/kWh", &f, NULL), MDG_E_RANGE);
}

static void averages_and_marginals_never_mix(void **state)
{
    (void)state;
    mdg_factor a, b, sum;
    mdg_error err;
    assert_int_equal(mdg_factor_make(MDG_FACTOR_AVERAGE, 0.2, "kgCO2e/kWh", &a, NULL), MDG_OK);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_MARGINAL, 500, "gCO2e/kWh", &b, NULL), MDG_OK);
    assert_int_equal(mdg_factor_add(&a, &b, &sum, &err), MDG_E_CONFLICT);
    assert_string_equal(err.message, "average and marginal factors do not mix");
    b.kind = MDG_FACTOR_AVERAGE;
    a.half_width = 0.03;
    b.half_width = 40;
    assert_int_equal(mdg_factor_add(&a, &b, &sum, NULL), MDG_OK);
    assert_close(sum.value, 0.7, 1e-15);
    assert_close(sum.half_width, 0.05, 1e-15);
    b.half_width = MDG_NAN;
    assert_int_equal(mdg_factor_add(&a, &b, &sum, NULL), MDG_OK);
    assert_true(isnan(sum.half_width));
    b.year = 2021;
    assert_int_equal(mdg_factor_add(&a, &b, &sum, NULL), MDG_E_CONFLICT);
}

/* Totals that the sources print; the UK's of its tables of 2023 and 2025. */
static const struct {
    mdg_grid_query q;
    double value;
    const char *id;
} grid[] = {
    { { "KR", 2021, MDG_GRID_CONSUMPTION, false }, 0.4113, "grid-KR-2021-consumption" },
    { { "JP", 2021, MDG_GRID_CONSUMPTION, false }, 0.4615, "grid-JP-2021-consumption" },
    { { "IN", 2021, MDG_GRID_CONSUMPTION, false }, 0.7132, "grid-IN-2021-consumption" },
    { { "ID", 2021, MDG_GRID_CONSUMPTION, false }, 0.7848, "grid-ID-2021-consumption" },
    { { "SG", 2021, MDG_GRID_CONSUMPTION, false }, 0.408, "grid-SG-2021-consumption" },
    { { "KR", 2021, MDG_GRID_GENERATION, false }, 0.3706, "grid-KR-2021-generation" },
    { { "KR", 2026, MDG_GRID_GENERATION, true }, 0.3706, "grid-KR-2021-generation" },
    { { "GB", 2025, MDG_GRID_CONSUMPTION, false }, 0.19553, "grid-GB-2025-consumption" },
    { { "FR", 2022, MDG_GRID_GENERATION, false }, 0.05357, "grid-FR-2022-generation" },
};

static void grids_are_found_by_country_and_year(void **state)
{
    (void)state;
    mdg_factor f;
    for (size_t i = 0; i < sizeof grid / sizeof *grid; i++) {
        assert_int_equal(mdg_factor_of_grid(&grid[i].q, &f, NULL), MDG_OK);
        assert_close(f.value, grid[i].value, 1e-14);
        assert_string_equal(f.id, grid[i].id);
        assert_string_equal(f.mass->name, "kgCO2e");
        assert_true(f.kind == MDG_FACTOR_AVERAGE && *f.source && isnan(f.half_width));
    }
}

static const struct {
    mdg_grid_query q;
    const char *message, *hint;
} refused[] = {
    { { "GB", 2024, MDG_GRID_GENERATION, false },
      "no grid factor of GB for 2024 is built in",
      "the nearest years are 2023 and 2025" },
    { { "KR", 2026, MDG_GRID_GENERATION, false },
      "no grid factor of KR for 2026 is built in",
      "the nearest year is 2021" },
    { { "KR", 2020, MDG_GRID_GENERATION, true },
      "no grid factor of KR for 2020 is built in",
      "the nearest year is 2021" },
    { { "XX", 2021, MDG_GRID_GENERATION, false },
      "no grid factor of 'XX' is built in",
      "built in are AT, AU, BE" },
    { { "CA", 2021, MDG_GRID_CONSUMPTION, false },
      "the losses of the grid of CA are not known for 2021",
      "use generation" },
};

static void grids_that_are_missing_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        mdg_factor f = { .value = -1 };
        mdg_error err;
        assert_int_equal(mdg_factor_of_grid(&refused[i].q, &f, &err), MDG_E_RANGE);
        assert_string_equal(err.message, refused[i].message);
        assert_ptr_equal(strstr(err.hint, refused[i].hint), err.hint);
        assert_close(f.value, -1, 0);
    }
}

/* 56100 kg CO2, 5 kg CH4, 0.1 kg N2O per TJ; AR5: 28 and 265, AR4: 25 and 298. */
static void fuels_have_factors(void **state)
{
    (void)state;
    mdg_fuel_use use = { .sector = MDG_SECTOR_RESIDENTIAL, .set = MDG_GWP_AR5 };
    mdg_factor f;
    assert_int_equal(mdg_fuel_find("natural_gas", &use.fuel, NULL), MDG_OK);
    assert_int_equal(mdg_factor_of_fuel(&use, &f, NULL), MDG_OK);
    assert_close(f.value, (56100 + 5 * 28 + 0.1 * 265) * 3.6e-6, 1e-14);
    assert_string_equal(f.id, "fuel-natural_gas-net-residential-AR5");
    assert_int_equal(f.kind, MDG_FACTOR_FUEL);
    use.basis = MDG_CALORIFIC_GROSS;
    use.set = MDG_GWP_AR4;
    assert_int_equal(mdg_factor_of_fuel(&use, &f, NULL), MDG_OK);
    assert_close(f.value, (56100 + 5 * 25 + 0.1 * 298) * 3.6e-6 * 0.9026, 1e-14);
    /* Ids fit, whatever the fuel. */
    size_t n;
    const mdg_fuel *all = mdg_fuels(&n);
    for (size_t i = 0; i < n; i++) {
        use = (mdg_fuel_use){ .fuel = &all[i],
                              .sector = MDG_SECTOR_MANUFACTURING,
                              .set = MDG_GWP_AR5_FEEDBACK };
        assert_int_equal(mdg_factor_of_fuel(&use, &f, NULL), MDG_OK);
        assert_non_null(strstr(f.id, all[i].name));
    }
    use.basis = MDG_CALORIFIC_GROSS;
    assert_int_equal(mdg_factor_of_fuel(&use, &f, NULL), MDG_E_RANGE);
    mdg_factor_kind k;
    assert_int_equal(mdg_factor_kind_find("marginal", &k, NULL), MDG_OK);
    assert_int_equal(k, MDG_FACTOR_MARGINAL);
    assert_int_equal(mdg_factor_kind_find("mean", &k, NULL), MDG_E_SCHEMA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_mass_per_energy),
        cmocka_unit_test(averages_and_marginals_never_mix),
        cmocka_unit_test(grids_are_found_by_country_and_year),
        cmocka_unit_test(grids_that_are_missing_are_refused),
        cmocka_unit_test(fuels_have_factors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
