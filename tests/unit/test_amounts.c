/* Energy times factor, with the doubt of both. */
#include "unit.h"

static const mdg_unit *unit(const char *name)
{
    const mdg_unit *u;
    assert_int_equal(mdg_unit_find(name, &u, NULL), MDG_OK);
    return u;
}

static mdg_factor factor(mdg_factor_kind kind, double value, double half)
{
    mdg_factor f;
    assert_int_equal(mdg_factor_make(kind, value, "kgCO2e/kWh", &f, NULL), MDG_OK);
    f.half_width = half;
    return f;
}

static mdg_co2e of(mdg_estimate energy, const mdg_factor *f)
{
    mdg_co2e c;
    assert_int_equal(mdg_co2e_estimate(&energy, unit("kWh"), f, 0.90, &c, NULL), MDG_OK);
    return c;
}

static void energy_becomes_co2e(void **state)
{
    (void)state;
    mdg_factor f = factor(MDG_FACTOR_FUEL, 0.202, MDG_NAN);
    double out;
    assert_int_equal(mdg_co2e_kg(2, unit("MWh"), &f, &out, NULL), MDG_OK);
    assert_close(out, 404, 1e-13);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_FUEL, 56.1, "kgCO2e/GJ", &f, NULL), MDG_OK);
    assert_int_equal(mdg_co2e_kg(1, unit("MWh"), &f, &out, NULL), MDG_OK);
    assert_close(out, 56.1 * 3.6, 1e-13);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_MARGINAL, 1000, "lb/MWh", &f, NULL), MDG_OK);
    assert_int_equal(mdg_co2e_kg(1, unit("kWh"), &f, &out, NULL), MDG_OK);
    assert_close(out, 0.45359237, 1e-14);
    assert_int_equal(mdg_co2e_kg(1, unit("kg"), &f, &out, NULL), MDG_E_UNIT);
}

/* Half-widths at 90 and 95 % by Goodman's variance, written out. */
static void doubt_is_that_of_a_product(void **state)
{
    (void)state;
    mdg_factor f = factor(MDG_FACTOR_AVERAGE, 0.4, 0.08);
    mdg_co2e c = of((mdg_estimate){ 1000, 700, 1300 }, &f);
    double z90 = mdg_normal_quantile(0.95), z95 = mdg_normal_quantile(0.975);
    double sx = 300 / z90, sf = 0.08 / z95;
    double sd = sqrt(0.16 * sx * sx + 1e6 * sf * sf + sx * sx * sf * sf);
    assert_close(c.kg.value, 400, 1e-14);
    assert_close(c.kg.hi - c.kg.value, z90 * sd, 1e-13);
    assert_close(c.kg.value - c.kg.lo, z90 * sd, 1e-13);
    assert_close(c.energy_hi, 120, 1e-13);
    assert_close(c.factor_half, 1000 * z90 * sf, 1e-13);
    /* An interval that is not symmetric stays so; an unknown doubt is left out. */
    f.half_width = MDG_NAN;
    c = of((mdg_estimate){ -1000, -1500, -900 }, &f);
    assert_close(c.kg.lo, -600, 1e-13);
    assert_close(c.kg.hi, -360, 1e-13);
    assert_true(isnan(c.factor_half));
    /* A factor of zero, in doubt. */
    f = factor(MDG_FACTOR_AVERAGE, 0, 0.1);
    c = of((mdg_estimate){ 1000, 1000, 1000 }, &f);
    assert_close(c.kg.hi, 1000 * 0.1 / z95 * z90, 1e-13);
}

/* Estimates drawn around a truth: how often the interval holds it. */
static double coverage(double energy_sd, double factor_sd, double level)
{
    enum { DRAWS = 100000 };
    double z = mdg_normal_two_sided(level), z95 = mdg_normal_quantile(0.975);
    size_t in = 0;
    for (uint64_t k = 0; k < DRAWS; k++) {
        mdg_rng r = mdg_rng_make(5, k);
        double x = 1 + energy_sd * mdg_rng_normal(&r), half = z * energy_sd;
        mdg_factor f =
            factor(MDG_FACTOR_AVERAGE, fabs(1 + factor_sd * mdg_rng_normal(&r)), z95 * factor_sd);
        mdg_estimate e = { x, x - half, x + half };
        mdg_co2e c;
        assert_int_equal(mdg_co2e_estimate(&e, unit("kWh"), &f, level, &c, NULL), MDG_OK);
        in += c.kg.lo <= 1 && 1 <= c.kg.hi;
    }
    return (double)in / DRAWS;
}

/* docs/math/carbon.md has these. Monte-Carlo error: 0.1 points. */
static void intervals_hold_the_truth(void **state)
{
    (void)state;
    static const struct {
        double energy_sd, factor_sd, worst; /* distance from 90 % */
    } rows[] = {
        { 0.1, 0.05, 0.003 },
        { 0.1, 0.1, 0.004 },
        { 0.3, 0.1, 0.006 },
        { 0.3, 0.2, 0.008 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double share = coverage(rows[i].energy_sd, rows[i].factor_sd, 0.90);
        print_message("sd of the saving %.2f, of the factor %.2f: covers %.4f\n", rows[i].energy_sd,
                      rows[i].factor_sd, share);
        assert_true(fabs(share - 0.90) <= rows[i].worst);
    }
}

/* Two groups of meters by one factor: as all of them at once. */
static void the_factor_is_common_to_all(void **state)
{
    (void)state;
    mdg_factor f = factor(MDG_FACTOR_AVERAGE, 0.4, 0.1);
    mdg_co2e a = of((mdg_estimate){ 1000, 700, 1200 }, &f);
    mdg_co2e b = of((mdg_estimate){ 500, 100, 1000 }, &f), sum;
    mdg_co2e all = of((mdg_estimate){ 1500, 1500 - hypot(300, 400), 1500 + hypot(200, 500) }, &f);
    assert_int_equal(mdg_co2e_add(&a, &b, &sum, NULL), MDG_OK);
    assert_close(sum.kg.value, all.kg.value, 1e-14);
    assert_close(sum.kg.lo, all.kg.lo, 1e-13);
    assert_close(sum.kg.hi, all.kg.hi, 1e-13);
    /* A loss takes its part of the factor's error away. */
    mdg_co2e loss = of((mdg_estimate){ -1000, -1000, -1000 }, &f);
    assert_int_equal(mdg_co2e_add(&a, &loss, &sum, NULL), MDG_OK);
    assert_true(sum.factor_half <= 1e-12);
    mdg_factor marginal = factor(MDG_FACTOR_MARGINAL, 0.4, 0.1);
    mdg_error err;
    b = of((mdg_estimate){ 500, 100, 1000 }, &marginal);
    assert_int_equal(mdg_co2e_add(&a, &b, &sum, &err), MDG_E_CONFLICT);
    assert_string_equal(err.message, "CO2e by average and by marginal factors does not add");
    f.half_width = MDG_NAN;
    b = of((mdg_estimate){ 500, 100, 1000 }, &f);
    assert_int_equal(mdg_co2e_add(&a, &b, &sum, NULL), MDG_E_CONFLICT);
}

/* ---- sums over steps ------------------------------------------------------------------------ */

enum { STEPS = 1000 };

typedef struct steps {
    double factor[STEPS], observed[STEPS], predicted[STEPS];
} steps;

static void draw(steps *s)
{
    mdg_rng r = mdg_rng_make(11, 0);
    for (size_t i = 0; i < STEPS; i++) {
        s->factor[i] = 0.1 + 0.5 * mdg_rng_uniform(&r);
        s->predicted[i] = 3 * mdg_rng_uniform(&r);
        s->observed[i] = s->predicted[i] * (0.6 + 0.6 * mdg_rng_uniform(&r));
    }
}

static mdg_co2e_saving saving_of(const mdg_co2e_sums *s)
{
    double expected = mdg_sum_get(&s->expected) + mdg_sum_get(&s->expected_bare);
    double saved = expected - mdg_sum_get(&s->observed) - mdg_sum_get(&s->observed_bare);
    return (mdg_co2e_saving){ .kind = MDG_FACTOR_MARGINAL,
                              .energy = { saved, saved - 20, saved + 30 },
                              .counterfactual = expected,
                              .level = 0.90,
                              .factor_half = MDG_NAN };
}

static void savings_of_steps_take_their_factors(void **state)
{
    (void)state;
    steps s;
    draw(&s);
    s.observed[7] = s.predicted[8] = MDG_NAN;
    double want = 0, weighted = 0, expected = 0, mean, missing;
    for (size_t i = 5; i < STEPS; i++) {
        if (i == 7 || i == 8)
            continue;
        want += (s.predicted[i] - s.observed[i]) * s.factor[i];
        weighted += s.predicted[i] * s.factor[i];
        expected += s.predicted[i];
    }
    mdg_co2e_sums sums = { 0 }, half = { 0 };
    mdg_co2e_sums_add(&sums, s.factor, s.observed, s.predicted, (mdg_range){ 5, 400 });
    mdg_co2e_sums_add(&half, s.factor, s.observed, s.predicted, (mdg_range){ 400, STEPS });
    mdg_co2e_sums_merge(&sums, &half);
    mdg_co2e_saving saving = saving_of(&sums);
    mdg_co2e c;
    assert_int_equal(mdg_co2e_of_sums(&sums, &saving, &c, &mean, &missing, NULL), MDG_OK);
    assert_close(c.kg.value, want, 1e-12);
    assert_close(mean, weighted / expected, 1e-13);
    assert_close(missing, 0, 0);
    assert_close(c.kg.lo, want - 20 * mean, 1e-12);
    assert_close(c.kg.hi, want + 30 * mean, 1e-12);
    assert_int_equal(c.kind, MDG_FACTOR_MARGINAL);
    /* A counterfactual that a comparison group raises by 2 %: each step's is. */
    saving.counterfactual *= 1.02;
    assert_int_equal(mdg_co2e_of_sums(&sums, &saving, &c, &mean, &missing, NULL), MDG_OK);
    assert_close(c.kg.value, want + 0.02 * weighted, 1e-12);
    saving.factor_half = 0.1;
    assert_int_equal(mdg_co2e_of_sums(&sums, &saving, &c, &mean, &missing, NULL), MDG_OK);
    double z = mdg_normal_quantile(0.95) / mdg_normal_quantile(0.975);
    assert_close(c.factor_half, 0.1 * z * c.kg.value, 1e-12);
}

static void a_flat_series_is_a_constant(void **state)
{
    (void)state;
    steps s;
    draw(&s);
    for (size_t i = 0; i < STEPS; i++)
        s.factor[i] = 0.4;
    for (size_t i = 0; i < 9; i++)
        s.factor[100 + i] = MDG_NAN;
    mdg_co2e_sums sums = { 0 };
    mdg_co2e_sums_add(&sums, s.factor, s.observed, s.predicted, (mdg_range){ 0, STEPS });
    mdg_co2e_saving saving = saving_of(&sums);
    saving.factor_half = 0.25;
    mdg_factor f = factor(MDG_FACTOR_MARGINAL, 0.4, 0.1);
    mdg_co2e constant = of(saving.energy, &f), c;
    double mean, missing;
    assert_int_equal(mdg_co2e_of_sums(&sums, &saving, &c, &mean, &missing, NULL), MDG_OK);
    assert_close(c.kg.value, constant.kg.value, 1e-12);
    assert_close(c.kg.lo, constant.kg.lo, 1e-12);
    assert_close(c.kg.hi, constant.kg.hi, 1e-12);
    assert_true(missing > 0.001 && missing < 0.01);
}

static void too_few_factors_are_refused(void **state)
{
    (void)state;
    steps s;
    draw(&s);
    for (size_t i = 0; i < 20; i++)
        s.factor[i] = MDG_NAN;
    mdg_co2e_sums sums = { 0 };
    mdg_co2e_sums_add(&sums, s.factor, s.observed, s.predicted, (mdg_range){ 0, STEPS });
    mdg_co2e_saving saving = saving_of(&sums);
    mdg_co2e c;
    double mean, missing;
    mdg_error err;
    assert_int_equal(mdg_co2e_of_sums(&sums, &saving, &c, &mean, &missing, &err), MDG_E_SHORT);
    assert_non_null(strstr(err.message, "% of the energy has no emission factor"));
    mdg_co2e_sums none = { 0 };
    mdg_co2e_sums_add(&none, s.factor, s.observed, s.predicted, (mdg_range){ 0, 20 });
    assert_int_equal(mdg_co2e_of_sums(&none, &saving, &c, &mean, &missing, &err), MDG_E_SHORT);
    assert_string_equal(err.message, "100.0 % of the energy has no emission factor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_becomes_co2e),
        cmocka_unit_test(doubt_is_that_of_a_product),
        cmocka_unit_test(intervals_hold_the_truth),
        cmocka_unit_test(the_factor_is_common_to_all),
        cmocka_unit_test(savings_of_steps_take_their_factors),
        cmocka_unit_test(a_flat_series_is_a_constant),
        cmocka_unit_test(too_few_factors_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
