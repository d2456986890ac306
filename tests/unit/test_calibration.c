/* What placebos say, and the intervals that follow. */
#include "placebos.h"

static mdg_calibration fixed_calibration(mdg_arena *mem)
{
    mdg_placebo p[FIXED];
    fixed_placebos(p);
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, FIXED, mem, &c, NULL), MDG_OK);
    return c;
}

/* ---- components ---------------------------------------------------------------------------- */

/* tests/oracle/make_calibration_figures.py: statsmodels' WLS on pairs, combine_effects (DerSimonian
 * and Laird) on their means. */
static void components_are_those_of_statsmodels(void **state)
{
    (void)state;
    static const double shared[FIXED_PAIRS] = { 0.00314531971708623, 0.03324873934446894,
                                                0.01923642585717669, -0.01603081919608524 };
    mdg_arena mem = { 0 };
    mdg_calibration c = fixed_calibration(&mem);
    assert_int_equal(c.n, FIXED);
    assert_int_equal(c.meters, FIXED_METERS);
    assert_int_equal(c.pairs, FIXED_PAIRS);
    assert_close(c.own_variance, 0.2932755501120303, 1e-13);
    assert_close(c.own_df, FIXED - FIXED_PAIRS, 1e-15); /* 41.2 by pairs: they scatter alike */
    assert_close(c.mean, 0.01208264978861272, 1e-13);
    assert_close(c.shared_sd, 0.02131474601788418, 1e-12);
    for (size_t k = 0; k < FIXED_PAIRS; k++)
        assert_close(c.shared[k], shared[k], 1e-12);
    double squares = 0;
    for (size_t i = 0; i < c.n; i++) {
        squares += c.own[i] * c.own[i];
        assert_true(i == 0 || c.ratio[i - 1] <= c.ratio[i]);
        assert_true(i == 0 || c.size[i - 1] <= c.size[i]);
    }
    assert_close(squares / FIXED, 0.2932755501120304, 1e-12);
    mdg_arena_free(&mem);
}

/* Three meters with errors 1, 2, 6 % in one year and 3, 4, 8 % in the next, all of scale 10 %:
 * means 3 and 5 %, own variance (2^2 + 1 + 3^2) 2 / 4 / 10^2, between the means
 * 2 - own variance / 3 in squared percent. */
static void components_by_hand(void **state)
{
    (void)state;
    static const double percent[] = { 1, 2, 6, 3, 4, 8 };
    mdg_placebo p[6];
    for (size_t i = 0; i < 6; i++)
        p[i] = (mdg_placebo){ .meter = (uint32_t)(i % 3),
                              .pair = (int32_t)(i / 3),
                              .error = percent[i] / 100,
                              .counterfactual = 100 + (double)i,
                              .scale = 0.1 };
    mdg_arena mem = { 0 };
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, 6, &mem, &c, NULL), MDG_OK);
    assert_int_equal(c.meters, 3);
    assert_close(c.mean, 0.04, 1e-14);
    assert_close(c.own_variance, 0.07, 1e-13);
    assert_true(c.shared_sd < 1e-9); /* 2 - 7 / 3 < 0: the means differ by no more than chance */
    for (size_t k = 0; k < 2; k++)
        assert_close(c.shared[k], 0.04, 1e-14);
    /* Ascending by size, that is as given here; widened by 6 / 4 for the two means. */
    for (size_t i = 0; i < 6; i++)
        assert_close(c.own[i], sqrt(1.5) * (percent[i] - (i < 3 ? 3 : 5)) / 10, 1e-13);
    mdg_arena_free(&mem);
}

/* Residuals -2, -1, 3 % in one year and ten times as much in the next: sums of squares of 14 and
 * 1400, each 693 from their mean, so that 2 x 1414^2 over twice 693^2 x 2 degrees of freedom are
 * left of four. When all years are alike, all four are. */
static void own_variance_is_known_as_well_as_pairs_agree(void **state)
{
    (void)state;
    static const double residual[] = { -2, -1, 3 };
    static const struct {
        double times, df;
    } rows[] = { { 10, 2.0 * 1414 * 1414 / (4.0 * 693 * 693) }, { 1, 4 } };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mdg_placebo p[6];
        for (size_t i = 0; i < 6; i++)
            p[i] = (mdg_placebo){ .meter = (uint32_t)(i % 3),
                                  .pair = (int32_t)(i / 3),
                                  .error = residual[i % 3] / 100 * (i < 3 ? 1 : rows[r].times),
                                  .counterfactual = 100,
                                  .scale = 0.1 };
        mdg_arena mem = { 0 };
        mdg_calibration c;
        assert_int_equal(mdg_calibrate(p, 6, &mem, &c, NULL), MDG_OK);
        assert_close(c.own_df, rows[r].df, 1e-12);
        mdg_arena_free(&mem);
    }
}

static void order_does_not_matter(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_calibration a = fixed_calibration(&mem), b;
    mdg_placebo p[FIXED];
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fixed_placebos(p);
        mdg_rng rng = mdg_rng_make(seed, 0);
        for (size_t i = FIXED - 1; i > 0; i--) {
            size_t k = (size_t)mdg_rng_below(&rng, i + 1);
            mdg_placebo t = p[i];
            p[i] = p[k];
            p[k] = t;
        }
        assert_int_equal(mdg_calibrate(p, FIXED, &mem, &b, NULL), MDG_OK);
        assert_memory_equal(&a.mean, &b.mean, sizeof a.mean);
        assert_memory_equal(&a.shared_sd, &b.shared_sd, sizeof a.mean);
        assert_memory_equal(&a.own_variance, &b.own_variance, sizeof a.mean);
        assert_memory_equal(&a.own_df, &b.own_df, sizeof a.mean);
        assert_memory_equal(a.shared, b.shared, a.pairs * sizeof *a.shared);
        assert_memory_equal(a.own, b.own, a.n * sizeof *a.own);
        assert_memory_equal(a.ratio, b.ratio, a.n * sizeof *a.ratio);
        assert_memory_equal(a.size, b.size, a.n * sizeof *a.size);
    }
    mdg_arena_free(&mem);
}

static void what_cannot_be_calibrated_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        mdg_placebo bad;
    } rows[] = {
        { "no error", { .error = MDG_NAN, .counterfactual = 1, .scale = 0.1 } },
        { "error without end", { .error = MDG_INFINITY, .counterfactual = 1, .scale = 0.1 } },
        { "no counterfactual", { .error = 0, .counterfactual = 0, .scale = 0.1 } },
        { "counterfactual below 0", { .error = 0, .counterfactual = -1, .scale = 0.1 } },
        { "counterfactual missing", { .error = 0, .counterfactual = MDG_NAN, .scale = 0.1 } },
        { "counterfactual without end",
          { .error = 0, .counterfactual = MDG_INFINITY, .scale = 0.1 } },
        { "no scale", { .error = 0, .counterfactual = 1, .scale = 0 } },
        { "scale missing", { .error = 0, .counterfactual = 1, .scale = MDG_NAN } },
        { "scale without end", { .error = 0, .counterfactual = 1, .scale = MDG_INFINITY } },
    };
    mdg_arena mem = { 0 };
    mdg_placebo p[FIXED];
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        fixed_placebos(p);
        p[7] = rows[r].bad;
        mdg_error err = { 0 };
        mdg_calibration c = { .n = 99 };
        if (mdg_calibrate(p, FIXED, &mem, &c, &err) != MDG_E_RANGE || c.n != 99)
            fail_msg("%s: not refused", rows[r].name);
        assert_string_equal(err.message, "placebo 7 has no error, size or scale");
    }
    fixed_placebos(p);
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, 1, &mem, &c, NULL), MDG_E_SHORT);
    assert_int_equal(mdg_calibrate(p, 0, &mem, &c, NULL), MDG_E_SHORT);
    assert_int_equal(mdg_calibrate(p, 2, &mem, &c, NULL), MDG_OK);
    mdg_arena_free(&mem);
}

/* ---- one meter ----------------------------------------------------------------------------- */

/* tests/oracle/make_calibration_figures.py, for a scale of 0.2: half, below, above. */
static void order_statistics_are_those_of_numpy(void **state)
{
    (void)state;
    static const struct {
        double level, half, below, above;
    } rows[] = {
        { 0.5, 0.09, 0.01333333333333334, -0.01333333333333334 },
        { 0.8, 0.1466666666666667, 0.14, 0.09 },
        { 0.9, 0.2133333333333333, 0.21, 0.12 },
        { 0.95, 0.28, 0.28, 0.22 },
    };
    mdg_arena mem = { 0 };
    mdg_calibration c = fixed_calibration(&mem);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mdg_interval i = mdg_calibrated_meter(&c, 0.2, rows[r].level);
        assert_close(i.half, rows[r].half, 1e-12);
        assert_close(i.below, rows[r].below, 1e-12);
        assert_close(i.above, rows[r].above, 1e-12);
        mdg_interval twice = mdg_calibrated_meter(&c, 0.4, rows[r].level);
        assert_close(twice.half, 2 * i.half, 1e-15);
    }
    /* 35 / 36 is the most that 35 placebos can promise. */
    assert_true(isfinite(mdg_calibrated_meter(&c, 0.2, 35.0 / 36).half));
    mdg_interval none = mdg_calibrated_meter(&c, 0.2, 0.975);
    assert_true(isinf(none.half) && isinf(none.below) && isinf(none.above));
    assert_true(none.half > 0 && none.below > 0 && none.above > 0);
    mdg_arena_free(&mem);
}

/* 60 placebos and a meter of the same world: the 55th of 61 bounds it in 55 of 61 worlds, whatever
 * the tails. Monte-Carlo error 0.0047. */
static void a_meter_is_covered_as_often_as_promised(void **state)
{
    (void)state;
    enum { WORLDS = 4000, N = 60 };
    size_t half = 0, below = 0, above = 0;
    for (uint64_t i = 0; i < WORLDS; i++) {
        world w = { .tau = 0, .rng = mdg_rng_make(2024, i) };
        mdg_placebo p[N + 1];
        draw_world(&w, N + 1, 1, p);
        mdg_arena mem = { 0 };
        mdg_calibration c;
        assert_int_equal(mdg_calibrate(p, N, &mem, &c, NULL), MDG_OK);
        mdg_interval t = mdg_calibrated_meter(&c, p[N].scale, 0.9);
        half += fabs(p[N].error) <= t.half;
        below += p[N].error <= t.below;
        above += -p[N].error <= t.above;
        mdg_arena_free(&mem);
    }
    const size_t hits[] = { half, below, above };
    for (size_t i = 0; i < 3; i++) {
        double coverage = (double)hits[i] / WORLDS;
        print_message("interval %zu of a meter: covers %.3f\n", i, coverage);
        assert_true(fabs(coverage - 55.0 / 61) <= 3 * 0.0047);
    }
}

/* ---- units --------------------------------------------------------------------------------- */

static mdg_interval portfolio_of(const mdg_calibration *c, double unit, mdg_arena *mem)
{
    mdg_placebo p[FIXED];
    fixed_placebos(p);
    for (size_t i = 0; i < FIXED; i++)
        p[i].counterfactual *= unit;
    mdg_members m = { 0 };
    add_members(&m, p + 5, 12, mem);
    mdg_portfolio_opts opts = MDG_PORTFOLIO_OPTS;
    mdg_interval out;
    assert_int_equal(mdg_calibrated_portfolio(c, &m, &opts, mem, &out, NULL), MDG_OK);
    return out;
}

/* Errors of three times the size, from meters that promised no less: three times the interval. The
 * unit of use changes nothing. */
static void errors_scale_intervals_and_units_do_not(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_placebo p[FIXED];
    fixed_placebos(p);
    for (size_t i = 0; i < FIXED; i++) {
        p[i].error *= 3;
        p[i].counterfactual *= 3.6;
    }
    mdg_calibration one = fixed_calibration(&mem), three;
    assert_int_equal(mdg_calibrate(p, FIXED, &mem, &three, NULL), MDG_OK);
    mdg_interval a = mdg_calibrated_meter(&one, 0.1, 0.9);
    mdg_interval b = mdg_calibrated_meter(&three, 0.1, 0.9);
    assert_close(b.half, 3 * a.half, 1e-12);
    assert_close(b.below, 3 * a.below, 1e-12);
    assert_close(b.above, 3 * a.above, 1e-12);
    a = portfolio_of(&one, 1, &mem);
    b = portfolio_of(&three, 3.6, &mem);
    assert_close(b.half, 3 * a.half, 1e-12);
    assert_close(b.below, 3 * a.below, 1e-12);
    assert_close(b.above, 3 * a.above, 1e-12);
    mdg_arena_free(&mem);
}

/* The second alpha quantile of (z 0.8 + z 0.95) / z 0.95: scipy.stats.norm.ppf. */
static void detectable_effects(void **state)
{
    (void)state;
    assert_close(mdg_detectable(1, 0.90), 1 + 0.8416212335729143 / 1.6448536269514722, 1e-12);
    assert_close(mdg_detectable(0.03, 0.95), 0.03 * (1 + 0.8416212335729143 / 1.959963984540054),
                 1e-12);
    assert_true(isnan(mdg_detectable(MDG_NAN, 0.9)));
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    mdg_placebo p[FIXED];
    fixed_placebos(p);
    mdg_calibration c;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 100) {
        mdg_arena mem = { .fail_after = ++k };
        s = mdg_calibrate(p, FIXED, &mem, &c, NULL);
        mdg_arena_free(&mem);
    }
    assert_int_equal(s, MDG_OK);
    assert_int_equal(k, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_are_those_of_statsmodels),
        cmocka_unit_test(components_by_hand),
        cmocka_unit_test(own_variance_is_known_as_well_as_pairs_agree),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(what_cannot_be_calibrated_is_refused),
        cmocka_unit_test(order_statistics_are_those_of_numpy),
        cmocka_unit_test(a_meter_is_covered_as_often_as_promised),
        cmocka_unit_test(errors_scale_intervals_and_units_do_not),
        cmocka_unit_test(detectable_effects),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
