/* Metrics, bands, one meter's effect, sums over meters, histograms. */
#include "simulated.h"
#include "unit.h"

enum { YEAR = 365, N = 2 * YEAR };

/* ---- metrics and bands -------------------------------------------------------------------- */

/* eemeter 3.2.0, test_metrics: observed and predicted there, values printed with three digits. */
static void metrics_of_the_reference(void **state)
{
    (void)state;
    const double observed[] = { 1, 3, 4, 1, 6 }, predicted[] = { 2, 3, 3, 2, 4 };
    mdg_fit_metrics m;
    assert_int_equal(mdg_fit_metrics_compute(observed, predicted, 5, 2, &m, NULL), MDG_OK);
    assert_close(round(m.cvrmse * 1000), 509, 0);
    assert_close(round(m.nmbe * 1000), -67, 0);
    assert_close(round(m.autocorrelation * 1000), -674, 0);
    assert_int_equal(m.n, 5);
    const double ends[] = { 6, 1, 1, 6 }, mean[] = { 3.5, 3.5, 3.5, 3.5 };
    mdg_fit_metrics flat;
    assert_int_equal(mdg_fit_metrics_compute(ends, mean, 4, 0, &flat, NULL), MDG_OK);
    assert_close(flat.rmse_adj, 2.5, 1e-15);
    assert_close(round(flat.cvrmse * 1000), 714, 0);
    assert_close(flat.autocorrelation, -0.5, 1e-14);
    double gaps[] = { 1, MDG_NAN, 3, 4, MDG_NAN, 1, 6 };
    double with_gaps[] = { 2, 7, 3, 3, MDG_NAN, 2, 4 };
    mdg_fit_metrics g;
    assert_int_equal(mdg_fit_metrics_compute(gaps, with_gaps, 7, 2, &g, NULL), MDG_OK);
    assert_int_equal(g.n, m.n);
    assert_memory_equal(&g.mean, &m.mean, 6 * sizeof(double));
    assert_int_equal(mdg_fit_metrics_compute(observed, predicted, 3, 2, &g, NULL), MDG_E_SHORT);
}

static const mdg_fit_metrics baseline = { .n = 365,
                                          .parameters = 2,
                                          .mean = 30,
                                          .variance = 200,
                                          .rmse_adj = 6,
                                          .cvrmse = 0.2,
                                          .autocorrelation = 0.4 };

static mdg_caltrack2_band days_band(const mdg_fit_metrics *b, double days, double counterfactual,
                                    double mean, const mdg_caltrack2_opts *opts)
{
    mdg_caltrack2_reporting r = { .periods = days,
                                  .months = opts->reference ? days / 30 : days * 12 / 365.25,
                                  .counterfactual = counterfactual,
                                  .mean = mean };
    return mdg_caltrack2_bands(b, &r, opts);
}

/* The formulas of CalTRACK 4.3.2, written out once more. */
static void bands_are_the_formulas(void **state)
{
    (void)state;
    mdg_caltrack2_opts opts = MDG_CALTRACK2_OPTS;
    double t = mdg_t_quantile(0.95, 363), effective = 365 * 0.6 / 1.4;
    double months = 200 * 12 / 365.25;
    double y = -0.00024 * months * months + 0.03535 * months + 1.00286;
    mdg_caltrack2_band b = days_band(&baseline, 200, 5000, 25, &opts);
    assert_close(b.t, t, 1e-13);
    assert_close(b.fsu, 5000 * t * y * 0.2 * sqrt(365 / effective * (1 + 2 / effective) / 200),
                 1e-13);
    double model = t * 6 * 200 / sqrt(365) * sqrt(1 + 25.0 / 200);
    assert_close(b.ols, hypot(model, t * 6 * sqrt(200 * 365 / effective)), 1e-13);
    /* The reference: the baseline's total, months of 30 days. */
    opts.reference = true;
    months = 200.0 / 30;
    y = -0.00024 * months * months + 0.03535 * months + 1.00286;
    b = days_band(&baseline, 200, 5000, 25, &opts);
    assert_close(b.fsu, 30 * 365 * t * y * 0.2 * sqrt(365 / effective * (1 + 2 / effective) / 200),
                 1e-13);
}

static void negative_correlation_does_not_narrow(void **state)
{
    (void)state;
    mdg_caltrack2_opts opts = MDG_CALTRACK2_OPTS;
    mdg_fit_metrics none = baseline, negative = baseline;
    none.autocorrelation = 0;
    negative.autocorrelation = -0.5;
    mdg_caltrack2_band a = days_band(&none, 365, 9000, 30, &opts);
    mdg_caltrack2_band b = days_band(&negative, 365, 9000, 30, &opts);
    assert_close(a.fsu, b.fsu, 0);
    opts.reference = true;
    assert_true(days_band(&negative, 365, 9000, 30, &opts).fsu <
                days_band(&none, 365, 9000, 30, &opts).fsu);
    negative.autocorrelation = 1;
    assert_true(isnan(days_band(&negative, 365, 9000, 30, &opts).fsu));
    assert_true(isnan(days_band(&none, 0, 0, 30, &opts).fsu));
}

/* ---- one meter ---------------------------------------------------------------------------- */

typedef struct meter {
    mdg_arena mem;
    double temp[N], use[N];
    mdg_temperature_cells cells;
    mdg_measure_work work;
    mdg_measure_opts opts;
    mdg_meter_input in;
} meter;

static const simulated_home home = { 10, 1.5, 0.9, 58, 67, 0 };

static void make(meter *m, uint64_t seed, double noise, double saved)
{
    *m = (meter){ .opts = MDG_MEASURE_OPTS };
    mdg_rng r = mdg_rng_make(19, seed);
    simulated_home h = home;
    h.noise = noise;
    simulate_temperature(&r, N, m->temp);
    simulate_use(&r, &h, m->temp, N, YEAR, saved, m->use);
    assert_int_equal(mdg_temperature_cells_make(m->temp, N, &m->mem, &m->cells, NULL), MDG_OK);
    assert_int_equal(mdg_measure_work_make(N, 0, &m->opts, &m->mem, &m->work, NULL), MDG_OK);
    m->in = (mdg_meter_input){ .use = m->use,
                               .cells = &m->cells,
                               .baseline_to = YEAR,
                               .reporting_from = YEAR,
                               .reporting_to = N,
                               .readings = N };
}

static mdg_meter_result measure(meter *m)
{
    mdg_meter_result r;
    assert_int_equal(mdg_measure_meter(&m->in, &m->opts, &m->work, &r, NULL), MDG_OK);
    return r;
}

static void exact_use_gives_the_exact_saving(void **state)
{
    (void)state;
    static meter m;
    make(&m, 1, 0, 0.11);
    m.use[YEAR + 5] = MDG_NAN;
    mdg_meter_result r = measure(&m);
    assert_int_equal(r.status, MDG_METER_OK);
    assert_int_equal(r.reporting_days, YEAR - 1);
    assert_close(r.savings / r.counterfactual, 0.11, 1e-9);
    assert_close(r.observed + r.savings, r.counterfactual, 1e-12);
    assert_close(r.base + r.heating + r.cooling, r.counterfactual, 1e-12);
    assert_close(r.model.heating_balance_point_f, 58, 0);
    assert_close(r.model.cooling_balance_point_f, 67, 0);
    mdg_arena_free(&m.mem);
}

typedef void spoil_fn(meter *m);

static void no_readings(meter *m)
{
    m->in.readings = 0;
}

static void bills(meter *m)
{
    m->in.readings = 0;
    m->in.coarse = 24;
}

static void baseline_gone(meter *m)
{
    for (size_t i = 0; i < YEAR; i++)
        m->use[i] = MDG_NAN;
}

static void gap(meter *m)
{
    for (size_t i = 100; i < 138; i++)
        m->use[i] = MDG_NAN;
}

static void negative_day(meter *m)
{
    m->use[17] = -1;
}

static void zeros(meter *m)
{
    for (size_t i = 0; i < YEAR; i++)
        m->use[i] = 0;
}

static void reporting_gone(meter *m)
{
    for (size_t i = YEAR; i < N; i++)
        m->use[i] = MDG_NAN;
}

static void erratic(meter *m)
{
    mdg_rng r = mdg_rng_make(3, 3);
    for (size_t i = 0; i < N; i++)
        m->use[i] = mdg_rng_below(&r, 40) == 0 ? 1000 : 0.1;
}

static const struct {
    const char *name;
    spoil_fn *spoil;
    mdg_meter_status want;
} rows[] = {
    { "no readings", no_readings, MDG_METER_NO_READINGS },
    { "bills", bills, MDG_METER_TOO_COARSE },
    { "no baseline", baseline_gone, MDG_METER_NO_BASELINE },
    { "38 days missing", gap, MDG_METER_MISSING_DAYS },
    { "a negative day", negative_day, MDG_METER_NEGATIVE_USE },
    { "zeros", zeros, MDG_METER_ALL_ZERO },
    { "no reporting days", reporting_gone, MDG_METER_NO_REPORTING },
    { "erratic use", erratic, MDG_METER_CVRMSE },
};

static void bad_meters_have_a_status_and_enter_no_sum(void **state)
{
    (void)state;
    static meter m;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        make(&m, i, 2, 0.1);
        rows[i].spoil(&m);
        mdg_meter_result r = measure(&m);
        if (r.status != rows[i].want)
            fail_msg("%s: %s", rows[i].name, mdg_meter_status_code(r.status));
        mdg_effect e = { 0 };
        mdg_effect_add(&e, &r);
        assert_int_equal(e.meters, 0);
        mdg_arena_free(&m.mem);
    }
}

static void memory_may_run_out(void **state)
{
    (void)state;
    mdg_measure_opts opts = MDG_MEASURE_OPTS;
    mdg_measure_work work;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 20) {
        mdg_arena mem = { .fail_after = ++k };
        s = mdg_measure_work_make(N, 0, &opts, &mem, &work, NULL);
        mdg_arena_free(&mem);
    }
    assert_int_equal(s, MDG_OK);
    assert_true(k > 4);
}

/* ---- sums --------------------------------------------------------------------------------- */

static void parts_add_up_to_the_whole(void **state)
{
    (void)state;
    enum { METERS = 60, GROUPS = 4 };
    static meter m;
    mdg_effect whole = { 0 }, part[GROUPS] = { { 0 } }, merged = { 0 };
    double squares = 0;
    for (size_t i = 0; i < METERS; i++) {
        make(&m, i, 3, 0.1);
        mdg_meter_result r = measure(&m);
        mdg_effect_add(&whole, &r);
        mdg_effect_add(&part[i % GROUPS], &r);
        squares += r.band.fsu * r.band.fsu;
        mdg_arena_free(&m.mem);
    }
    for (size_t g = 0; g < GROUPS; g++)
        mdg_effect_merge(&merged, &part[g]);
    mdg_estimate a = mdg_effect_savings(&whole), b = mdg_effect_savings(&merged);
    mdg_estimate p = mdg_effect_percent(&whole);
    assert_int_equal(merged.meters, METERS);
    assert_close(b.value, a.value, 1e-14);
    assert_close(b.lo, a.lo, 1e-13);
    assert_close(a.hi - a.value, sqrt(squares), 1e-12);
    assert_close(p.value, 100 * a.value / mdg_sum_get(&whole.counterfactual), 1e-14);
    assert_true(p.lo < 10 && 10 < p.hi);
    mdg_effect none = { 0 };
    assert_true(isnan(mdg_effect_percent(&none).value));
}

static void quantiles_are_within_a_bin(void **state)
{
    (void)state;
    enum { VALUES = 5000 };
    static double x[VALUES];
    mdg_arena mem = { 0 };
    mdg_histogram h, half[2];
    assert_int_equal(mdg_histogram_make(-10, 10, 200, &mem, &h, NULL), MDG_OK);
    for (size_t i = 0; i < 2; i++)
        mdg_histogram_make(-10, 10, 200, &mem, &half[i], NULL);
    mdg_rng r = mdg_rng_make(2, 2);
    for (size_t i = 0; i < VALUES; i++) {
        x[i] = 2 * mdg_rng_normal(&r);
        mdg_histogram_add(&h, x[i]);
        mdg_histogram_add(&half[i % 2], x[i]);
    }
    mdg_histogram_add(&h, MDG_NAN);
    mdg_histogram_merge(&half[0], &half[1]);
    assert_memory_equal(h.count, half[0].count, 200 * sizeof *h.count);
    qsort(x, VALUES, sizeof *x, mdg_by_number);
    for (size_t i = 1; i < 100; i++)
        assert_true(fabs(mdg_histogram_quantile(&h, 0.01 * (double)i) - x[i * VALUES / 100]) <=
                    0.2);
    mdg_histogram_add(&h, 1e300);
    mdg_histogram_add(&h, -1e300);
    assert_int_equal(h.below + h.above, 2);
    assert_close(mdg_histogram_quantile(&h, 1), 10, 0);
    assert_int_equal(mdg_histogram_make(1, 1, 5, &mem, &h, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_of_the_reference),
        cmocka_unit_test(bands_are_the_formulas),
        cmocka_unit_test(negative_correlation_does_not_narrow),
        cmocka_unit_test(exact_use_gives_the_exact_saving),
        cmocka_unit_test(bad_meters_have_a_status_and_enter_no_sum),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(parts_add_up_to_the_whole),
        cmocka_unit_test(quantiles_are_within_a_bin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
