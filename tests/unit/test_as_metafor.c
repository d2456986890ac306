/* Pooling that stops where metafor does by default: its figures, what it gives up on, and that its
 * stops are those of effects as they came. */
#include "pool_sets.h"

static const struct stop_row {
    const char *set;
    mdg_pool_method method;
    double value, se, tau2, tau2_se, i2, r2, lo, hi, i2_lo, i2_hi; /* all NaN: metafor gives up */
} stops[] = {
#define STOPS
#include "../oracle/stops_table.inc"
#undef STOPS
};

static mdg_pool_opts as_metafor(mdg_pool_method method)
{
    mdg_pool_opts o = MDG_POOL_OPTS;
    o.method = method;
    o.test = MDG_POOL_TEST_Z;
    o.level = 0.95;
    o.as_metafor = true;
    return o;
}

/* To eight digits of `want`, or of `least` where it is less. */
static void near(const struct stop_row *r, const char *what, double got, double want, double least)
{
    if (!(fabs(got - want) <= 1e-8 * fmax(fabs(want), least)) && !(isnan(got) && isnan(want)))
        fail_msg("%s %s, %s: got %.17g, want %.17g", r->set, mdg_pool_method_code(r->method), what,
                 got, want);
}

static void figures_are_those_where_metafor_stops(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        const struct stop_row *r = &stops[i];
        if (isnan(r->value))
            continue;
        mdg_effects e = effects_of(r->set);
        mdg_pool_opts o = as_metafor(r->method);
        mdg_arena mem = { 0 };
        mdg_pool fit = pool(&e, &o, &mem);
        near(r, "value", fit.coefficients->value, r->value, 0);
        near(r, "se", fit.coefficients->se, r->se, 0);
        near(r, "tau2", fit.tau2, r->tau2, 1e-6 * e.v[0]);
        near(r, "tau2_se", fit.tau2_se, r->tau2_se, 0);
        near(r, "i2", fit.i2, r->i2, 1e-4);
        near(r, "r2", fit.r2, r->r2, 0);
        near(r, "tau2 from", fit.tau2_ci.lo, r->lo, 0);
        near(r, "tau2 to", fit.tau2_ci.hi, r->hi, 0);
        near(r, "I2 from", fit.i2_ci.lo, r->i2_lo, 0);
        near(r, "I2 to", fit.i2_ci.hi, r->i2_hi, 0);
        mdg_arena_free(&mem);
    }
}

static void what_metafor_gives_up_on_is_refused(void **state)
{
    (void)state;
    size_t refused = 0;
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        const struct stop_row *r = &stops[i];
        if (!isnan(r->value))
            continue;
        mdg_effects e = effects_of(r->set);
        mdg_pool_opts o = as_metafor(r->method);
        mdg_arena mem = { 0 };
        mdg_pool fit = { .k = 99 };
        mdg_error err = { 0 };
        assert_int_equal(mdg_pool_fit(&e, &o, &mem, &fit, &err), MDG_E_RANGE);
        assert_string_equal(err.message,
                            r->method == MDG_POOL_PM
                                ? "metafor looks for the variance up to 100, and it is beyond"
                                : "metafor's steps to the variance do not settle within 100");
        assert_int_equal(fit.k, 99);
        o.as_metafor = false;
        assert_true(isfinite(pool(&e, &o, &mem).tau2));
        mdg_arena_free(&mem);
        refused++;
    }
    assert_int_equal(refused, 4);
}

/* Without each one of three, as the fit of the others. */
static void steps_stop_as_fits_do(void **state)
{
    (void)state;
    mdg_effects three = effects_of("three");
    mdg_pool_opts o = as_metafor(MDG_POOL_REML), carried = o;
    carried.as_metafor = false;
    mdg_arena mem = { 0 };
    mdg_pool_step left[3], added[3];
    assert_int_equal(mdg_pool_leave_one_out(&three, &o, &mem, left, NULL), MDG_OK);
    assert_int_equal(mdg_pool_cumulative(&three, NULL, &o, &mem, added, NULL), MDG_OK);
    mdg_effects first_two = { .y = three.y, .v = three.v, .k = 2 };
    double two = pool(&first_two, &o, &mem).tau2, all = pool(&three, &o, &mem).tau2;
    assert_close(left[2].tau2, two, 0);
    assert_close(added[1].tau2, two, 0);
    assert_close(added[2].tau2, all, 0);
    assert_true(fabs(all - pool(&three, &carried, &mem).tau2) > 1e-9);
    mdg_arena_free(&mem);
}

/* Of effects a thousand times as large metafor's stops are a millionth as large, so that its
 * estimates come near those carried to rounding. */
static void stops_do_not_know_of_units(void **state)
{
    (void)state;
    mdg_effects e = effects_of("three");
    const double times = 1000;
    double y[3], v[3];
    for (size_t i = 0; i < 3; i++) {
        y[i] = times * e.y[i];
        v[i] = times * times * e.v[i];
    }
    mdg_effects large = { .y = y, .v = v, .k = 3 };
    for (mdg_pool_method m = MDG_POOL_PM; m < MDG_POOL_METHOD_COUNT; m++) {
        mdg_arena mem = { 0 };
        mdg_pool_opts o = as_metafor(m), carried = o;
        carried.as_metafor = false;
        double want = pool(&e, &carried, &mem).tau2;
        double off = fabs(pool(&e, &o, &mem).tau2 / want - 1);
        double large_off = fabs(pool(&large, &o, &mem).tau2 / (times * times * want) - 1);
        assert_true(large_off < 1e-7 && (off > 1e3 * large_off || off < 1e-12));
        mdg_arena_free(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_where_metafor_stops),
        cmocka_unit_test(what_metafor_gives_up_on_is_refused),
        cmocka_unit_test(steps_stop_as_fits_do),
        cmocka_unit_test(stops_do_not_know_of_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
