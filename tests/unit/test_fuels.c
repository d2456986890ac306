/* Fuels: units, net and gross, what burning gives off. */
#include "unit.h"

static const mdg_unit *unit(const char *name)
{
    const mdg_unit *u;
    assert_int_equal(mdg_unit_find(name, &u, NULL), MDG_OK);
    return u;
}

static const mdg_fuel *fuel(const char *name)
{
    const mdg_fuel *f;
    assert_int_equal(mdg_fuel_find(name, &f, NULL), MDG_OK);
    return f;
}

static void every_fuel_is_whole(void **state)
{
    (void)state;
    size_t n;
    const mdg_fuel *f = mdg_fuels(&n);
    assert_int_equal(n, 54);
    for (size_t i = 0; i < n; i++) {
        assert_true(f[i].co2 > 40000 && f[i].co2 < 300000);
        assert_true(isnan(f[i].ncv) || (f[i].ncv > 2 && f[i].ncv < 60));
        assert_true(isnan(f[i].net_per_gross) ||
                    (f[i].net_per_gross > 0.85 && f[i].net_per_gross < 1));
        assert_true(isnan(f[i].density) || (f[i].density > 0.5 && f[i].density < 1000));
        for (size_t s = 0; s < MDG_SECTOR_COUNT; s++)
            assert_true(f[i].ch4[s] > 0 && f[i].n2o[s] > 0);
        assert_true(*f[i].source);
    }
}

/* By hand from the 2006 IPCC Guidelines: natural gas 48.0 TJ/Gg, diesel 43.0. */
static const struct {
    const char *fuel, *unit;
    mdg_calorific basis;
    double amount, tj;
} rows[] = {
    { "natural_gas", "kWh", MDG_CALORIFIC_NET, 1, 3.6e-6 },
    { "natural_gas", "kWh", MDG_CALORIFIC_GROSS, 1, 3.6e-6 * 0.9026 },
    { "natural_gas", "TJ", MDG_CALORIFIC_NET, 2, 2 },
    { "natural_gas", "m3", MDG_CALORIFIC_NET, 1000, 0.7 * 48e-3 },
    { "natural_gas", "m3", MDG_CALORIFIC_GROSS, 1000, 0.7 * 48e-3 },
    { "diesel_oil", "t", MDG_CALORIFIC_NET, 1, 43e-3 },
    { "diesel_oil", "litre", MDG_CALORIFIC_NET, 1000, 0.8306 * 43e-3 },
};

static void amounts_become_net_energy(void **state)
{
    (void)state;
    double tj;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(mdg_fuel_net_tj(fuel(rows[i].fuel), rows[i].amount, unit(rows[i].unit),
                                         rows[i].basis, &tj, NULL),
                         MDG_OK);
        assert_close(tj, rows[i].tj, 1e-14);
    }
    mdg_error err;
    assert_int_equal(
        mdg_fuel_net_tj(fuel("wood_wood_waste"), 1, unit("kWh"), MDG_CALORIFIC_GROSS, &tj, &err),
        MDG_E_RANGE);
    assert_string_equal(err.message,
                        "no ratio of net to gross calorific value known for 'wood_wood_waste'");
    assert_int_equal(mdg_fuel_net_tj(fuel("ethane"), 1, unit("m3"), MDG_CALORIFIC_NET, &tj, NULL),
                     MDG_E_RANGE);
    assert_int_equal(
        mdg_fuel_net_tj(fuel("industrial_wastes"), 1, unit("t"), MDG_CALORIFIC_NET, &tj, NULL),
        MDG_E_RANGE);
    assert_int_equal(mdg_fuel_net_tj(fuel("ethane"), 1, unit("kW"), MDG_CALORIFIC_NET, &tj, NULL),
                     MDG_E_UNIT);
    const mdg_fuel *f;
    assert_int_equal(mdg_fuel_find("natural gas", &f, &err), MDG_E_SCHEMA);
    assert_string_equal(err.hint, "did you mean 'natural_gas'?");
    mdg_fuel_sector s;
    assert_int_equal(mdg_fuel_sector_find("homes", &s, NULL), MDG_E_SCHEMA);
}

static void wood_gives_off_biogenic_carbon(void **state)
{
    (void)state;
    mdg_combustion c = mdg_fuel_burn(fuel("wood_wood_waste"), MDG_SECTOR_RESIDENTIAL, 2);
    assert_close(c.co2_kg, 0, 0);
    assert_close(c.co2_biogenic_kg, 224000, 1e-15);
    assert_close(c.ch4_kg, 600, 1e-15);
    assert_close(c.n2o_kg, 8, 1e-15);
    c = mdg_fuel_burn(fuel("anthracite"), MDG_SECTOR_ENERGY, 1);
    assert_close(c.co2_kg, 98300, 1e-15);
    assert_close(c.ch4_kg, 1, 1e-15);
}

/* ---- the UK's table ------------------------------------------------------------------------ */

enum { CO2E, CO2, CH4, N2O, GASES };

static const struct {
    const char *fuel, *unit;
    double kg[GASES];
} uk[] = {
#include "oracle/uk_table.inc"
};
enum { UK = sizeof uk / sizeof *uk };

/* Figures of the table that its own other figures do not give; docs/carbon.md says why. */
static const struct {
    const char *fuel, *unit;
    int gas;
} odd[] = {
    { "CNG", "net", CO2 },
    { "CNG", "gross", CO2 },
    { "LNG", "net", CO2 },
    { "LNG", "gross", CO2 },
    { "Propane", "gross", CO2 },
    { "Natural gas", "net", CO2 },
    { "Natural gas", "gross", CO2 },
    { "Natural gas", "m3", CO2 },
    { "Natural gas", "m3", CH4 },
    { "Natural gas (100% mineral blend)", "net", CO2 },
    { "Natural gas (100% mineral blend)", "gross", CO2 },
    { "Natural gas (100% mineral blend)", "m3", CO2 },
    { "Natural gas (100% mineral blend)", "m3", CH4 },
    { "Diesel (average biofuel blend)", "net", CO2 },
    { "Diesel (average biofuel blend)", "net", N2O },
    { "Diesel (average biofuel blend)", "gross", CO2 },
    { "Diesel (average biofuel blend)", "gross", N2O },
    { "Diesel (average biofuel blend)", "litre", CO2 },
    { "Diesel (average biofuel blend)", "litre", N2O },
    { "Diesel (100% mineral diesel)", "net", CO2 },
    { "Diesel (100% mineral diesel)", "net", N2O },
    { "Diesel (100% mineral diesel)", "litre", CO2 },
    { "Diesel (100% mineral diesel)", "litre", N2O },
    { "Petrol (average biofuel blend)", "net", CO2 },
    { "Petrol (average biofuel blend)", "gross", CO2 },
    { "Petrol (average biofuel blend)", "gross", CH4 },
    { "Petrol (average biofuel blend)", "gross", N2O },
    { "Petrol (average biofuel blend)", "litre", CO2 },
    { "Petrol (average biofuel blend)", "litre", CH4 },
    { "Petrol (average biofuel blend)", "litre", N2O },
    { "Petrol (100% mineral petrol)", "net", CO2 },
    { "Petrol (100% mineral petrol)", "litre", CO2 },
    { "Waste oils", "litre", CH4 },
    { "Coal (electricity generation)", "net", CO2 },
    { "Coal (electricity generation)", "net", N2O },
    { "Coal (electricity generation)", "gross", CO2 },
    { "Coal (electricity generation)", "gross", N2O },
    { "Coal (electricity generation - home produced coal only)", "net", CO2 },
    { "Coal (electricity generation - home produced coal only)", "net", N2O },
    { "Coal (electricity generation - home produced coal only)", "gross", CO2 },
    { "Coal (electricity generation - home produced coal only)", "gross", N2O },
};

static bool is_odd(size_t row, int gas)
{
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (strcmp(odd[i].fuel, uk[row].fuel) == 0 && strcmp(odd[i].unit, uk[row].unit) == 0 &&
            odd[i].gas == gas)
            return true;
    return false;
}

static size_t uk_row(const char *name, const char *unit_name)
{
    size_t i = 0;
    while (i < UK && (strcmp(uk[i].fuel, name) != 0 || strcmp(uk[i].unit, unit_name) != 0))
        i++;
    return i;
}

/* CO2e of its gases, whose masses are their CO2e by the potentials of AR5. */
static double sum_of_gases(const double kg[GASES])
{
    mdg_combustion c = { .co2_kg = kg[CO2], .ch4_kg = kg[CH4] / 28, .n2o_kg = kg[N2O] / 265 };
    return mdg_combustion_co2e(&c, MDG_GWP_AR5);
}

/* Five decimals are printed: four figures, each half a digit off, differ by two digits at most. */
static void gases_of_the_uk_sum_to_their_co2e(void **state)
{
    (void)state;
    for (size_t i = 0; i < UK; i++)
        if (fabs(sum_of_gases(uk[i].kg) - uk[i].kg[CO2E]) > 2e-5 + 1e-12)
            fail_msg("%s, %s: %.6f", uk[i].fuel, uk[i].unit, sum_of_gases(uk[i].kg));
}

/* A fuel whose calorific values and density are the table's, by CO2e; its gases are those of a
 * tonne. */
static mdg_fuel uk_fuel(const char *name)
{
    size_t t = uk_row(name, "t"), net = uk_row(name, "net"), gross = uk_row(name, "gross");
    size_t litre = uk_row(name, "litre"), m3 = uk_row(name, "m3");
    mdg_fuel f = { .name = name, .density = MDG_NAN };
    f.ncv = uk[t].kg[CO2E] / 1000 / uk[net].kg[CO2E] * 3.6;
    f.net_per_gross = uk[gross].kg[CO2E] / uk[net].kg[CO2E];
    if (litre < UK)
        f.density = uk[litre].kg[CO2E] / uk[t].kg[CO2E] * 1e6;
    if (m3 < UK)
        f.density = uk[m3].kg[CO2E] / uk[t].kg[CO2E] * 1e3;
    f.co2 = uk[t].kg[CO2] / f.ncv * 1000;
    f.ch4[0] = uk[t].kg[CH4] / 28 / f.ncv * 1000;
    f.n2o[0] = uk[t].kg[N2O] / 265 / f.ncv * 1000;
    return f;
}

static void check_uk_row(size_t row)
{
    mdg_fuel f = uk_fuel(uk[row].fuel);
    bool net = strcmp(uk[row].unit, "net") == 0, gross = strcmp(uk[row].unit, "gross") == 0;
    double tj;
    assert_int_equal(mdg_fuel_net_tj(&f, 1, unit(net || gross ? "kWh" : uk[row].unit),
                                     gross ? MDG_CALORIFIC_GROSS : MDG_CALORIFIC_NET, &tj, NULL),
                     MDG_OK);
    mdg_combustion c = mdg_fuel_burn(&f, MDG_SECTOR_ENERGY, tj);
    double got[GASES] = { mdg_combustion_co2e(&c, MDG_GWP_AR5), c.co2_kg, c.ch4_kg * 28,
                          c.n2o_kg * 265 };
    for (int g = 0; g < GASES; g++) {
        /* One printed digit: half for this figure, half for the CO2e that the calorific values and
         * the density are from. CO2e has the halves of its gases too. */
        double digit = g == CO2E ? 2e-5 : 1e-5;
        bool same = fabs(got[g] - uk[row].kg[g]) <= digit + 1e-12;
        if (same == is_odd(row, g))
            fail_msg("%s, %s, gas %d: got %.7f, printed %.5f", uk[row].fuel, uk[row].unit, g,
                     got[g], uk[row].kg[g]);
    }
}

static void fuels_of_the_uk_are_arithmetic(void **state)
{
    (void)state;
    size_t checked = 0, figures = 0;
    for (size_t i = 0; i < UK; i++) {
        if (uk_row(uk[i].fuel, "gross") == UK)
            continue;
        check_uk_row(i);
        checked++;
        figures += strcmp(uk[i].unit, "t") != 0 ? GASES : 0;
    }
    assert_int_equal(checked, 117);
    print_message("%zu of %zu figures by litre, m3 and kWh come out\n",
                  figures - sizeof odd / sizeof *odd, figures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fuel_is_whole),
        cmocka_unit_test(amounts_become_net_energy),
        cmocka_unit_test(wood_gives_off_biogenic_carbon),
        cmocka_unit_test(gases_of_the_uk_sum_to_their_co2e),
        cmocka_unit_test(fuels_of_the_uk_are_arithmetic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
