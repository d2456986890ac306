/* Do the intervals hold? Trials whose answers are known. */
#include "placebos.h"

static mdg_validation validate(const mdg_trial *t, size_t n, const mdg_validation_opts *opts,
                               size_t threads)
{
    mdg_arena mem = { 0 };
    mdg_validation v;
    assert_int_equal(mdg_validate(t, n, opts, threads, &mem, &v, NULL), MDG_OK);
    mdg_arena_free(&mem);
    return v;
}

/* The trials of tests/oracle/make_calibration_figures.py. */
static void fixed_trials(mdg_trial *t)
{
    mdg_placebo p[FIXED];
    fixed_placebos(p);
    for (size_t k = 0; k < FIXED; k++) {
        uint32_t i = p[k].meter;
        t[k] = (mdg_trial){ .placebo = p[k],
                            .caltrack2_sd = 0.01 + 0.005 * (i % 4),
                            .caltrack2_df = 20 + i,
                            .block_sd = 0.02 + 0.01 * (i % 4) };
    }
}

/* numpy, scipy, and statsmodels' cov_cluster_2groups. */
static void meters_are_tried_as_numpy_would(void **state)
{
    (void)state;
    mdg_trial t[FIXED];
    fixed_trials(t);
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    opts.interval = MDG_INTERVAL_CALTRACK2;
    mdg_validation v = validate(t, FIXED, &opts, 1);
    assert_int_equal(v.n, FIXED);
    assert_close(v.coverage, 0.3142857142857143, 1e-14);
    assert_close(v.coverage_se, 0.08091027316235552, 1e-12);
    assert_close(v.curve[4], v.coverage, 1e-15);
    assert_close(v.half_width_median, 0.02581114354217816, 1e-12);
    assert_close(v.bias_mean, 0.01285714285714286, 1e-12);
    assert_close(v.bias_mean_se, 0.01231034266148382, 1e-12);
    assert_close(v.bias_median, 0.006, 1e-12);
    assert_close(v.constant_half_width, 0.084, 1e-12);

    opts.interval = MDG_INTERVAL_BLOCK;
    v = validate(t, FIXED, &opts, 1);
    assert_close(v.coverage, 0.8, 1e-14);
    assert_close(v.coverage_se, 0.1030368799967069, 1e-12);
    assert_close(v.half_width_median, 0.05930604092606449, 1e-12);
    assert_close(v.half_width_mean, 0.06594609139344458, 1e-12);
}

/* 40 meters in 4 pairs whose errors are the pair's, 1, 2, 3, 4 %; every portfolio has that error,
 * and half of the block intervals hold: 1.645 hypot(x, 2 %) with x nearly 0 at many meters is 3.3
 * %, so three pairs of four. */
static void portfolios_of_known_errors(void **state)
{
    (void)state;
    enum { METERS = 40, PAIRS = 4 };
    mdg_trial t[METERS * PAIRS];
    for (size_t i = 0; i < METERS * PAIRS; i++) {
        int32_t pair = (int32_t)(i / METERS);
        t[i] = (mdg_trial){ .placebo = { .meter = (uint32_t)(i % METERS),
                                         .pair = pair,
                                         .error = 0.01 * (1 + pair),
                                         .counterfactual = 1 + (double)(i % 7),
                                         .scale = 0.1 } };
    }
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    opts.interval = MDG_INTERVAL_BLOCK;
    opts.meters = 10;
    opts.portfolios = 25;
    mdg_validation v = validate(t, METERS * PAIRS, &opts, 2);
    double half = 1.6448536269514722 * MDG_SHARED_SD;
    assert_int_equal(v.n, 100);
    assert_close(v.coverage, 0.75, 1e-14);
    /* Four pairs, three that hold: 4 / 3 of the sum of squared deviations of 25, over 100^2. */
    assert_close(v.coverage_se, sqrt(4.0 / 3 * 625 * (3 * 0.0625 + 0.5625)) / 100, 1e-12);
    assert_close(v.bias_mean, 0.025, 1e-12);
    assert_close(v.bias_mean_se, sqrt(4.0 / 3 * 625 * (2 * 2.25 + 2 * 0.25)) / 1e4, 1e-12);
    assert_close(v.bias_median, 0.025, 1e-12);
    assert_close(v.half_width_median, half, 1e-12);
    assert_close(v.half_width_mean, half, 1e-12);
    assert_close(v.constant_half_width, 0.04, 1e-12);
    /* 50 %: 1.35 %; 60 %: 1.68; 70 %: 2.07; 80 %: 2.56; 90 %: 3.29; 95 %: 3.92; 99 %: 5.15. */
    static const double curve[MDG_CURVE] = { 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1 };
    for (size_t l = 0; l < MDG_CURVE; l++)
        assert_close(v.curve[l], curve[l], 1e-14);
}

/* One pair of years: its clusters have no spread, but its portfolios are not as sure as that. 40
 * meters are 4 portfolios without a common meter. */
static void errors_have_a_floor(void **state)
{
    (void)state;
    enum { METERS = 40 };
    mdg_trial t[METERS];
    for (size_t i = 0; i < METERS; i++)
        t[i] = (mdg_trial){ .placebo = { .meter = (uint32_t)i,
                                         .error = i % 2 ? 0.02 : -0.01,
                                         .counterfactual = 1,
                                         .scale = 0.1 },
                            .block_sd = 0.1 };
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    opts.interval = MDG_INTERVAL_BLOCK;
    opts.meters = 10;
    mdg_validation v = validate(t, METERS, &opts, 1);
    assert_close(v.coverage, 1, 1e-15);
    assert_close(v.coverage_se, sqrt(0.9 * 0.1 / 4), 1e-12);
    opts.meters = 25;
    assert_true(isnan(validate(t, METERS, &opts, 1).bias_mean_se));
    opts.meters = 20;
    assert_true(validate(t, METERS, &opts, 1).bias_mean_se >= 0);
    /* Ten of 40 without replacement: 0.015 sqrt(1 / 10 * 30 / 39) is the spread of one. */
    assert_close(v.bias_mean_se, 0.015 * sqrt(0.1 * 30 / 39) / sqrt(4), 0.3);
}

/* ---- what has no answer -------------------------------------------------------------------- */

static void without_trials_all_is_missing(void **state)
{
    (void)state;
    mdg_trial t[FIXED];
    fixed_trials(t);
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    const struct {
        const char *name;
        size_t n, meters;
        mdg_interval_method interval;
    } rows[] = {
        { "no trial", 0, 1, MDG_INTERVAL_CALIBRATED },
        { "portfolios larger than any pair", FIXED, 12, MDG_INTERVAL_BLOCK },
        { "too few placebos to calibrate on", 10, 1, MDG_INTERVAL_CALIBRATED },
        { "and for a portfolio", 10, 2, MDG_INTERVAL_CALIBRATED },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        opts.meters = rows[r].meters;
        opts.interval = rows[r].interval;
        mdg_validation v = validate(t, rows[r].n, &opts, 2);
        if (v.n != 0 || !isnan(v.coverage) || !isnan(v.coverage_se) || !isnan(v.bias_mean) ||
            !isnan(v.half_width_median) || !isnan(v.constant_half_width) || !isnan(v.curve[3]))
            fail_msg("%s", rows[r].name);
    }
}

/* A meter without a band is left out of the trials of bands, and of no others. */
static void meters_without_a_band_are_left_out(void **state)
{
    (void)state;
    mdg_trial t[FIXED];
    fixed_trials(t);
    t[4].caltrack2_sd = t[9].caltrack2_sd = MDG_NAN;
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    opts.interval = MDG_INTERVAL_CALTRACK2;
    assert_int_equal(validate(t, FIXED, &opts, 1).n, FIXED - 2);
    opts.interval = MDG_INTERVAL_BLOCK;
    assert_int_equal(validate(t, FIXED, &opts, 1).n, FIXED);
}

/* Of too few placebos for a level no interval has an end: the median width is infinite, not
 * missing, and finite as long as half of the widths are. */
static void widths_without_an_end(void **state)
{
    (void)state;
    mdg_trial t[FIXED];
    fixed_trials(t);
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    opts.level = 0.99;
    mdg_validation v = validate(t, FIXED, &opts, 1);
    assert_int_equal(v.n, FIXED);
    assert_close(v.coverage, 1, 1e-15);
    assert_true(isinf(v.half_width_median) && isinf(v.half_width_mean));

    opts = (mdg_validation_opts)MDG_VALIDATION_OPTS;
    opts.interval = MDG_INTERVAL_BLOCK;
    for (size_t i = 0; i < FIXED; i++)
        t[i].block_sd = i < FIXED / 2 ? MDG_INFINITY : 0.1;
    v = validate(t, FIXED, &opts, 1);
    assert_close(v.half_width_median, mdg_normal_two_sided(0.9) * hypot(0.1, MDG_SHARED_SD), 1e-12);
    t[FIXED - 1].block_sd = MDG_INFINITY;
    assert_true(isinf(validate(t, FIXED, &opts, 1).half_width_median));
    assert_true(isinf(validate(t, FIXED - 1, &opts, 1).half_width_median));
}

/* ---- cross-fitting -------------------------------------------------------------------------- */

/* All meters of one fold and all of one pair err by 50 %; others by 1 %. An interval that had seen
 * either would be wide. */
static void intervals_never_see_what_they_are_tried_on(void **state)
{
    (void)state;
    enum { METERS = 60, PAIRS = 3, FOLDS = 20 };
    mdg_trial t[METERS * PAIRS];
    for (size_t i = 0; i < METERS * PAIRS; i++) {
        double usual = i % 2 ? 0.01 : -0.01;
        t[i] = (mdg_trial){ .placebo = { .meter = (uint32_t)(i % METERS),
                                         .pair = (int32_t)(i / METERS),
                                         .error = i % METERS == 5 ? 0.5 : usual,
                                         .counterfactual = 1,
                                         .scale = 0.1 } };
    }
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    opts.level = 0.99;
    mdg_validation v = validate(t, METERS * PAIRS, &opts, 1);
    /* Of 57 x 2 placebos the 114th, the largest: the odd meter's own interval is 1 %, all others
     * (but for the two meters of its fold) have seen it. */
    assert_int_equal(v.n, METERS * PAIRS);
    double wide = 0.5, narrow = 0.01, share = 3.0 / METERS;
    assert_close(v.half_width_mean, (1 - share) * wide + share * narrow, 1e-12);
    assert_close(v.coverage, 1 - 1.0 / METERS, 1e-12);
    /* The odd pair: what is tried on it has not seen it. */
    for (size_t i = 0; i < METERS * PAIRS; i++)
        t[i].placebo.error = (i % 2 ? 1 : -1) * (i / METERS == 1 ? 0.5 : 0.01);
    v = validate(t, METERS * PAIRS, &opts, 1);
    assert_close(v.half_width_mean, (2 * wide + narrow) / PAIRS, 1e-12);
    assert_close(v.coverage, 2.0 / PAIRS, 1e-12);
}

/* ---- coverage, threads, failures ------------------------------------------------------------- */

static void draw_trials(double tau, size_t meters, size_t pairs, uint64_t seed, mdg_trial *t)
{
    mdg_placebo *p = malloc(meters * pairs * sizeof *p);
    assert_non_null(p);
    world w = { .tau = tau, .rng = mdg_rng_make(717, seed) };
    draw_world(&w, meters, pairs, p);
    for (size_t i = 0; i < meters * pairs; i++)
        t[i] = (mdg_trial){ .placebo = p[i],
                            .caltrack2_sd = p[i].scale / 2,
                            .caltrack2_df = 360,
                            .block_sd = p[i].scale };
    free(p);
}

/* 40 worlds of 60 meters in 8 pairs. Of single meters the Monte-Carlo error is 0.2 %, and more with
 * what pairs share. */
static void coverage_is_as_promised(void **state)
{
    (void)state;
    enum { METERS = 60, PAIRS = 8, WORLDS = 40 };
    static const struct {
        double tau;
        size_t meters;
        double least, most;
    } rows[] = { { 0, 1, 0.89, 0.91 },
                 { 0.02, 1, 0.88, 0.92 },
                 { 0, 10, 0.87, 0.95 },
                 { 0.02, 10, 0.85, 0.95 } };
    mdg_trial t[METERS * PAIRS];
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        double coverage = 0;
        for (uint64_t i = 0; i < WORLDS; i++) {
            draw_trials(rows[r].tau, METERS, PAIRS, i, t);
            mdg_validation_opts opts = MDG_VALIDATION_OPTS;
            opts.meters = rows[r].meters;
            opts.portfolios = 3;
            opts.seed = i;
            coverage += validate(t, METERS * PAIRS, &opts, 2).coverage / WORLDS;
        }
        if (!(coverage >= rows[r].least && coverage <= rows[r].most))
            fail_msg("tau %g, %zu: %g", rows[r].tau, rows[r].meters, coverage);
    }
}

/* Neither the number of threads nor the order of trials changes a bit. */
static void threads_and_order_change_nothing(void **state)
{
    (void)state;
    enum { METERS = 30, PAIRS = 5, N = METERS * PAIRS };
    mdg_trial t[N], turned[N];
    draw_trials(0.02, METERS, PAIRS, 1, t);
    for (size_t i = 0; i < N; i++)
        turned[i] = t[(i * 77 + 5) % N];
    static const size_t sizes[] = { 1, 5, 20 };
    for (int m = 0; m < MDG_INTERVAL_COUNT; m++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            mdg_validation_opts opts = MDG_VALIDATION_OPTS;
            opts.interval = (mdg_interval_method)m;
            opts.meters = sizes[k];
            opts.portfolios = 7;
            mdg_validation one = validate(t, N, &opts, 1);
            mdg_validation eight = validate(t, N, &opts, 8);
            mdg_validation other = validate(turned, N, &opts, 1);
            assert_true(one.n > 0);
            assert_memory_equal(&one, &eight, sizeof one);
            assert_memory_equal(&one, &other, sizeof one);
        }
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    mdg_trial t[FIXED];
    fixed_trials(t);
    static const struct {
        size_t meters;
        long allocations;
    } rows[] = { { 1, 6 }, { 5, 5 } };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mdg_validation_opts opts = MDG_VALIDATION_OPTS;
        opts.meters = rows[r].meters;
        opts.portfolios = 3;
        mdg_validation v;
        mdg_status s = MDG_E_MEMORY;
        long k = 0;
        while (s == MDG_E_MEMORY && k < 100) {
            mdg_arena mem = { .fail_after = ++k };
            s = mdg_validate(t, FIXED, &opts, 2, &mem, &v, NULL);
            mdg_arena_free(&mem);
        }
        assert_int_equal(s, MDG_OK);
        assert_int_equal(k, rows[r].allocations + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meters_are_tried_as_numpy_would),
        cmocka_unit_test(portfolios_of_known_errors),
        cmocka_unit_test(errors_have_a_floor),
        cmocka_unit_test(without_trials_all_is_missing),
        cmocka_unit_test(meters_without_a_band_are_left_out),
        cmocka_unit_test(widths_without_an_end),
        cmocka_unit_test(intervals_never_see_what_they_are_tried_on),
        cmocka_unit_test(coverage_is_as_promised),
        cmocka_unit_test(threads_and_order_change_nothing),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
