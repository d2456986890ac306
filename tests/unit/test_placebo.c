/* What a baseline's residuals say of the error of a year, and the placebo that a meter is. */
#include "unit.h"

enum { DAYS = 400 };

/* The days of tests/oracle/make_calibration_figures.py. */
static void make_days(double *observed, double *predicted)
{
    for (size_t i = 0; i < DAYS; i++) {
        double day = (double)i;
        predicted[i] = 20 + 5 * cos(day / 58);
        observed[i] = i % 17 == 3 || (i > 40 && i < 62)
                          ? MDG_NAN
                          : predicted[i] + 3 * sin(day * day / 300) + 1.5 * sin(day / 20);
    }
}

static void spread_of_runs_is_that_of_numpy(void **state)
{
    (void)state;
    double observed[DAYS], predicted[DAYS];
    make_days(observed, predicted);
    mdg_range all = { 0, DAYS };
    assert_close(mdg_error_scale(observed, predicted, all), 0.08237215441466607, 1e-13);
    assert_close(mdg_block_sd(observed, predicted, all, 365), 0.1026022705869215, 1e-13);
    assert_close(mdg_block_sd(observed, predicted, all, 90), 0.1064291075139409, 1e-13);
    assert_close(mdg_block_sd(observed, predicted, all, 10), 0.1159767339088164, 1e-13);
}

/* Twelve runs that are 1 too high and too low in turn, of a mean use of 10: their standard
 * deviation is sqrt(12 / 11). */
static void constructed_runs(void **state)
{
    (void)state;
    double observed[360], predicted[360];
    for (size_t i = 0; i < 360; i++) {
        predicted[i] = 10;
        observed[i] = i / 30 % 2 ? 11 : 9;
    }
    mdg_range all = { 0, 360 };
    double sd = sqrt(12.0 / 11) / 10;
    assert_close(mdg_error_scale(observed, predicted, all), hypot(0.06, sd), 1e-13);
    assert_close(mdg_block_sd(observed, predicted, all, 360),
                 sqrt(sd * sd * (1.0 / 12 + 1.0 / 12) + 0.01), 1e-13);
    /* A bias of the whole baseline is none of its unsteadiness; nor is the unit. */
    for (size_t i = 0; i < 360; i++) {
        predicted[i] = 3.6 * (predicted[i] + 2);
        observed[i] *= 3.6;
    }
    assert_close(mdg_error_scale(observed, predicted, all), hypot(0.06, sd), 1e-12);
    /* A perfect model is not believed: 6 %, and 10 % between years. */
    assert_close(mdg_error_scale(observed, observed, all), 0.06, 1e-15);
    assert_close(mdg_block_sd(observed, observed, all, 365), MDG_METER_SD, 1e-15);
}

static void too_little_to_tell_is_missing(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t from, to;
        size_t known; /* days known of each run, counted from its start */
        double use;
        bool told;
    } rows[] = {
        { "four runs", 0, 120, 30, 1, true },       { "three runs", 0, 90, 30, 1, false },
        { "a half fourth", 0, 105, 30, 1, true },   { "14 days of a fourth", 0, 104, 30, 1, false },
        { "15 days of each", 0, 120, 15, 1, true }, { "14 days of each", 0, 390, 14, 1, false },
        { "no day", 50, 50, 30, 1, false },         { "no use", 0, 390, 30, 0, false },
        { "all missing", 0, 390, 0, 1, false },
    };
    double observed[DAYS], predicted[DAYS];
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        for (size_t i = 0; i < DAYS; i++) {
            bool known = (rows[r].to + 30 * DAYS - i - 1) % 30 >= 30 - rows[r].known;
            observed[i] = known ? rows[r].use : MDG_NAN;
            predicted[i] = rows[r].use;
        }
        mdg_range days = { rows[r].from, rows[r].to };
        if (isnan(mdg_error_scale(observed, predicted, days)) == rows[r].told ||
            isnan(mdg_block_sd(observed, predicted, days, 365)) == rows[r].told)
            fail_msg("%s", rows[r].name);
    }
    mdg_range all = { 0, DAYS };
    make_days(observed, predicted);
    assert_true(isnan(mdg_block_sd(observed, predicted, all, 0)));
}

/* ---- trials -------------------------------------------------------------------------------- */

/* A reporting period of three days: predicted 10, 20, 30, observed 12, missing, 26. */
static void a_meter_becomes_a_trial(void **state)
{
    (void)state;
    static const double observed[] = { 5, 12, MDG_NAN, 26 }, predicted[] = { 5, 10, 20, 30 };
    mdg_measure_work work = { .view = { .observed = observed,
                                        .predicted = predicted,
                                        .baseline = { 0, 1 },
                                        .reporting = { 1, 4 } } };
    mdg_meter_result m = mdg_meter_result_empty();
    m.status = MDG_METER_OK;
    m.counterfactual = 40;
    m.savings = 2;
    m.error_scale = 0.07;
    m.block_sd = 0.11;
    m.band.fsu = 8;
    m.band.t = 2;
    m.metrics.n = 365;
    m.metrics.parameters = 3;
    mdg_trial t;
    assert_true(mdg_trial_make(&work, &m, 7, 2019, &t));
    assert_int_equal(t.placebo.meter, 7);
    assert_int_equal(t.placebo.pair, 2019);
    assert_close(t.placebo.error, 0.05, 1e-15);
    assert_close(t.placebo.counterfactual, 40, 0);
    assert_close(t.placebo.scale, 0.07, 0);
    assert_close(t.block_sd, 0.11, 0);
    assert_close(t.caltrack2_sd, 0.1, 1e-15);
    assert_close(t.caltrack2_df, 362, 0);
    assert_close(t.cvrmse, sqrt((4.0 + 16) / 2) / 19, 1e-14);
    assert_close(t.nmbe, 2.0 / 38, 1e-14);
}

static void a_meter_without_effect_is_no_trial(void **state)
{
    (void)state;
    static const double days[] = { 1, 1, MDG_NAN };
    static const struct {
        const char *name;
        mdg_meter_status status;
        double counterfactual, scale;
        size_t from;
        unsigned flags;
    } rows[] = {
        { "not measured", MDG_METER_NO_MODEL, 1, 0.1, 1, 0 },
        { "no counterfactual", MDG_METER_OK, 0, 0.1, 1, 0 },
        { "counterfactual missing", MDG_METER_OK, MDG_NAN, 0.1, 1, 0 },
        { "counterfactual below 0", MDG_METER_OK, -1, 0.1, 1, 0 },
        { "no scale", MDG_METER_OK, 1, MDG_NAN, 1, 0 },
        { "no day", MDG_METER_OK, 1, 0.1, 2, 0 },
        { "part of a year", MDG_METER_OK, 1, 0.1, 1, 1u << MDG_FLAG_REPORTING_NOT_FULL },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mdg_measure_work work = {
            .view = { .observed = days, .predicted = days, .reporting = { rows[r].from, 3 } }
        };
        mdg_meter_result m = mdg_meter_result_empty();
        m.status = rows[r].status;
        m.counterfactual = rows[r].counterfactual;
        m.error_scale = rows[r].scale;
        m.savings = 0;
        m.flags = rows[r].flags;
        mdg_trial t = { .cvrmse = 99 };
        if (mdg_trial_make(&work, &m, 1, 1, &t) || !(t.cvrmse > 98))
            fail_msg("%s", rows[r].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spread_of_runs_is_that_of_numpy),
        cmocka_unit_test(constructed_runs),
        cmocka_unit_test(too_little_to_tell_is_missing),
        cmocka_unit_test(a_meter_becomes_a_trial),
        cmocka_unit_test(a_meter_without_effect_is_no_trial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
