/* What must hold of measuring meters, whatever the numbers are. */
#include "simulated.h"
#include "unit.h"

enum { YEAR = 365, N = 2 * YEAR, HOMES = 400 };

typedef struct meter {
    double temp[N], use[N];
} meter;

/* Homes differ in everything; errors are independent from day to day. */
static void draw(size_t seed, double saved, meter *m)
{
    mdg_rng r = mdg_rng_make(23, seed);
    simulated_home h = { .base = 5 + 15 * mdg_rng_uniform(&r),
                         .heating = 0.5 + 2 * mdg_rng_uniform(&r),
                         .cooling = mdg_rng_below(&r, 2) ? 0 : 0.3 + mdg_rng_uniform(&r),
                         .heating_point = 50 + floor(12 * mdg_rng_uniform(&r)),
                         .cooling_point = 64 + floor(8 * mdg_rng_uniform(&r)) };
    h.noise = 0.1 * (h.base + 10 * h.heating);
    simulate_temperature(&r, N, m->temp);
    simulate_use(&r, &h, m->temp, N, YEAR, saved, m->use);
    for (size_t i = 0; i < N; i++)
        if (mdg_rng_below(&r, 50) == 0)
            m->use[i] = MDG_NAN;
}

static mdg_meter_result measure(const meter *m)
{
    mdg_arena mem = { 0 };
    mdg_temperature_cells cells;
    mdg_measure_work work;
    mdg_measure_opts opts = MDG_MEASURE_OPTS;
    mdg_meter_result out;
    mdg_meter_input in = { .use = m->use,
                           .cells = &cells,
                           .baseline_to = YEAR,
                           .reporting_from = YEAR,
                           .reporting_to = N,
                           .readings = N };
    assert_int_equal(mdg_temperature_cells_make(m->temp, N, &mem, &cells, NULL), MDG_OK);
    assert_int_equal(mdg_measure_work_make(N, 0, &opts, &mem, &work, NULL), MDG_OK);
    assert_int_equal(mdg_measure_meter(&in, &opts, &work, &out, NULL), MDG_OK);
    mdg_arena_free(&mem);
    return out;
}

static void sums_do_not_depend_on_the_order(void **state)
{
    (void)state;
    mdg_effect forward = { 0 }, backward = { 0 };
    static mdg_meter_result results[HOMES];
    static meter m;
    for (size_t i = 0; i < HOMES; i++) {
        draw(i, 0.1, &m);
        results[i] = measure(&m);
    }
    for (size_t i = 0; i < HOMES; i++) {
        mdg_effect_add(&forward, &results[i]);
        mdg_effect_add(&backward, &results[HOMES - 1 - i]);
    }
    mdg_estimate a = mdg_effect_percent(&forward), b = mdg_effect_percent(&backward);
    assert_close(a.value, b.value, 1e-15);
    assert_close(a.lo, b.lo, 1e-14);
}

static void units_do_not_matter(void **state)
{
    (void)state;
    static meter kwh, mwh;
    for (size_t i = 0; i < 60; i++) {
        draw(i, 0.1, &kwh);
        draw(i, 0.1, &mwh);
        for (size_t k = 0; k < N; k++)
            mwh.use[k] /= 1000;
        mdg_meter_result a = measure(&kwh), b = measure(&mwh);
        assert_int_equal(a.status, b.status);
        assert_close(b.savings * 1000, a.savings, 1e-9);
        assert_close(b.band.fsu * 1000, a.band.fsu, 1e-9);
        assert_close(b.metrics.cvrmse, a.metrics.cvrmse, 1e-10);
    }
}

/* Five degrees more everywhere: the same savings, balance points five degrees higher. */
static void a_warmer_thermometer_moves_balance_points(void **state)
{
    (void)state;
    static meter m;
    for (size_t i = 0; i < 60; i++) {
        draw(i, 0.1, &m);
        for (size_t k = 0; k < N; k++)
            m.temp[k] = round(m.temp[k] * 8) / 8; /* exact in binary, also when shifted */
        mdg_meter_result a = measure(&m);
        for (size_t k = 0; k < N; k++)
            m.temp[k] += 5;
        mdg_meter_result b = measure(&m);
        double h = a.model.heating_balance_point_f, c = a.model.cooling_balance_point_f;
        if (h < 36 || c > 80)
            continue; /* the grid's ends do not move */
        assert_close(b.model.heating_balance_point_f, h + 5, 0);
        assert_close(b.model.cooling_balance_point_f, c + 5, 0);
        assert_close(b.savings, a.savings, 1e-9);
    }
}

/* What is removed is found: the mean error over many homes is within its own doubt. */
static void estimates_are_unbiased(void **state)
{
    (void)state;
    static const double saved[] = { 0, 0.05, 0.2 };
    static meter m;
    for (size_t s = 0; s < 3; s++) {
        double sum = 0, squares = 0;
        size_t n = 0;
        for (size_t i = 0; i < HOMES; i++) {
            draw(1000 * s + i, saved[s], &m);
            mdg_meter_result r = measure(&m);
            if (r.status != MDG_METER_OK)
                continue;
            double error = r.savings / r.counterfactual - saved[s];
            sum += error;
            squares += error * error;
            n++;
        }
        double mean = sum / (double)n,
               se = sqrt(squares / (double)n - mean * mean) / sqrt((double)n);
        assert_true(n > HOMES * 9 / 10);
        if (!(fabs(mean) < 4 * se))
            fail_msg("saved %g: mean error %g, standard error %g", saved[s], mean, se);
    }
}

/* With independent errors and the model's own form, which is the best case, the band must cover at
 * least as often as it says. On real meters it does not. */
static void the_band_covers_in_the_best_case(void **state)
{
    (void)state;
    static meter m;
    size_t n = 0, covered = 0;
    for (size_t i = 0; i < HOMES; i++) {
        draw(7000 + i, 0.1, &m);
        mdg_meter_result r = measure(&m);
        if (r.status != MDG_METER_OK)
            continue;
        double truth = 0.1 * (r.observed / 0.9);
        n++;
        covered += r.lo <= truth && truth <= r.hi;
    }
    double share = (double)covered / (double)n;
    print_message("covered %.3f of %zu\n", share, n);
    assert_true(share > 0.90 - 3 * sqrt(0.09 / (double)n));
}

static void filling_a_gap_changes_only_what_it_adds(void **state)
{
    (void)state;
    static meter m;
    for (size_t i = 0; i < 40; i++) {
        draw(i, 0.1, &m);
        size_t day = YEAR + 10 + i;
        double value = isnan(m.use[day]) ? 12 : m.use[day];
        m.use[day] = MDG_NAN;
        mdg_meter_result without = measure(&m);
        m.use[day] = value;
        mdg_meter_result with = measure(&m);
        assert_int_equal(with.reporting_days, without.reporting_days + 1);
        assert_close(with.observed - without.observed, value, 1e-9);
        assert_true(with.counterfactual > without.counterfactual);
        assert_close(with.model.intercept, without.model.intercept, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_do_not_depend_on_the_order),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(a_warmer_thermometer_moves_balance_points),
        cmocka_unit_test(estimates_are_unbiased),
        cmocka_unit_test(the_band_covers_in_the_best_case),
        cmocka_unit_test(filling_a_gap_changes_only_what_it_adds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
