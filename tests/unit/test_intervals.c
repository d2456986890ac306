/* Intervals of a single meter, where its baseline cannot tell how unsteady it is. */
#include "measure/intervals.h"
#include "placebos.h"

static mdg_meter_result unknown_spread(void)
{
    mdg_meter_result m = mdg_meter_result_empty();
    m.status = MDG_METER_OK;
    m.counterfactual = 1000;
    m.observed = m.savings = 500;
    m.band.fsu = 7; /* CalTRACK's, which is not asked for */
    m.error_scale = m.block_sd = MDG_NAN;
    return m;
}

static void without_placebos_the_prior_stands_in(void **state)
{
    (void)state;
    const intervals v = { .method = MDG_INTERVAL_BLOCK, .level = 0.8 };
    mdg_meter_result m = unknown_spread();
    mdg_interval i = intervals_meter(&v, &m);
    double sd = hypot(MDG_METER_SD, MDG_SHARED_SD);
    assert_close(i.half, mdg_normal_two_sided(0.8) * sd, 1e-14);
    assert_close(i.below, mdg_normal_quantile(0.8) * sd, 1e-14);
    assert_close(i.above, i.below, 1e-15);
}

static void with_placebos_too(void **state)
{
    (void)state;
    mdg_placebo p[FIXED];
    fixed_placebos(p);
    mdg_arena mem = { 0 };
    intervals v = { .method = MDG_INTERVAL_CALIBRATED, .level = 0.8 };
    assert_int_equal(mdg_calibrate(p, FIXED, &mem, &v.calibration, NULL), MDG_OK);
    mdg_meter_result m = unknown_spread();
    mdg_interval i = intervals_meter(&v, &m);
    assert_close(i.half, mdg_calibrated_meter(&v.calibration, MDG_METER_SD, 0.8).half, 1e-14);
    m.error_scale = 0.07;
    i = intervals_meter(&v, &m);
    assert_close(i.half, mdg_calibrated_meter(&v.calibration, 0.07, 0.8).half, 1e-14);
    mdg_arena_free(&mem);
}

static void of_the_reference_it_is_caltracks(void **state)
{
    (void)state;
    const intervals v = { .method = MDG_INTERVAL_CALTRACK2, .level = 0.8 };
    mdg_meter_result m = unknown_spread();
    assert_close(intervals_meter(&v, &m).half, 0.007, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_placebos_the_prior_stands_in),
        cmocka_unit_test(with_placebos_too),
        cmocka_unit_test(of_the_reference_it_is_caltracks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
