/* The effect of a new city, against dense matrices, a general optimiser and quadrature. */
#include "unit.h"

enum { MOST = 40, MOST_X = 60 };

/* A case: cities, the one asked for, and by convention value, se, bounds, mean, shrinkage, own
 * weight, tau2, variance of slopes. */
static const struct {
    const char *name;
    size_t k, moderators;
    double y[12], v[12], x[MOST_X], new_x[5], own_y, own_v, want[MDG_POOL_PI_COUNT][9];
} rows[] = {
#include "oracle/transfer_table.inc"
};

typedef struct world {
    double y[MOST], v[MOST], x[2 * MOST], new_x[2];
    mdg_effects e;
    mdg_target city;
} world;

static mdg_transfer predict(const mdg_effects *e, const mdg_target *city, mdg_pool_pi pi)
{
    mdg_arena mem = { 0 };
    mdg_pool_opts opts = MDG_POOL_OPTS;
    opts.pi = pi;
    mdg_transfer out = { 0 };
    mdg_error err = { 0 };
    if (mdg_transfer_predict(e, city, &opts, &mem, &out, &err) != MDG_OK)
        fail_msg("%s", err.message);
    mdg_arena_free(&mem);
    return out;
}

/* k cities with slopes of the given size; effects all of one variance, or not. */
static void make_world(world *w, uint64_t seed, size_t k, double slope, bool even)
{
    mdg_rng r = mdg_rng_make(seed, 0);
    for (size_t i = 0; i < k; i++) {
        w->x[2 * i] = 2000 + 500 * mdg_rng_normal(&r);
        w->x[2 * i + 1] = mdg_rng_normal(&r);
        double se = even ? 0.02 : 0.01 + 0.03 * mdg_rng_uniform(&r);
        w->v[i] = se * se;
        w->y[i] = 0.05 + slope * (w->x[2 * i] - 2000) / 500 - slope * w->x[2 * i + 1] +
                  0.02 * mdg_rng_normal(&r) + se * mdg_rng_normal(&r);
    }
    w->new_x[0] = 2200;
    w->new_x[1] = -0.4;
    w->e = (mdg_effects){ .y = w->y, .v = w->v, .k = k, .x = w->x, .moderators = 2 };
    w->city = (mdg_target){ w->new_x, MDG_NAN, MDG_NAN };
}

static void assert_near(const char *name, const char *what, double got, double want, double unit)
{
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= unit))
        fail_msg("%s: %s %.15g, want %.15g", name, what, got, want);
}

static void same(const char *name, const mdg_transfer *a, const mdg_transfer *b, double tolerance)
{
    double se = tolerance * b->se;
    assert_near(name, "value", a->value, b->value, se);
    assert_near(name, "se", a->se, b->se, se);
    assert_near(name, "lo", a->pi.lo, b->pi.lo, se);
    assert_near(name, "hi", a->pi.hi, b->pi.hi, se);
    assert_near(name, "mean", a->mean, b->mean, se);
    assert_near(name, "shrinkage", a->shrinkage, b->shrinkage, tolerance);
    assert_near(name, "own weight", a->own_weight, b->own_weight, tolerance);
}

static void as_dense_matrices_have_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_effects e = { .y = rows[i].y,
                          .v = rows[i].v,
                          .k = rows[i].k,
                          .x = rows[i].moderators ? rows[i].x : NULL,
                          .moderators = rows[i].moderators };
        mdg_target city = { rows[i].new_x, rows[i].own_y, rows[i].own_v };
        for (int pi = 0; pi < MDG_POOL_PI_COUNT; pi++) {
            const double *w = rows[i].want[pi];
            mdg_transfer got = predict(&e, &city, (mdg_pool_pi)pi);
            mdg_transfer want = { .value = w[0],
                                  .se = w[1],
                                  .pi = { w[2], w[3] },
                                  .mean = w[4],
                                  .shrinkage = w[5],
                                  .own_weight = w[6] };
            same(rows[i].name, &got, &want, 2e-6);
            double unit = 1e-5 * rows[i].v[0];
            assert_near(rows[i].name, "tau2", got.tau2, w[7], unit + 1e-5 * w[7]);
            assert_near(rows[i].name, "variance of slopes", got.slope_variance, w[8],
                        unit + 1e-5 * w[8]);
            assert_true(got.df == (double)e.k - 2 + pi || pi == MDG_POOL_PI_Z);
        }
    }
}

/* ---- whatever the numbers are ------------------------------------------------------------- */

static void units_and_order_do_not_matter(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        world a, b;
        make_world(&a, seed, 9, 0.02, false);
        a.city.y = 0.08;
        a.city.v = 0.0005;
        mdg_pool_pi pi = (mdg_pool_pi)(seed % MDG_POOL_PI_COUNT);
        mdg_transfer want = predict(&a.e, &a.city, pi);
        make_world(&b, seed, 9, 0.02, false);
        b.city.y = 100 * a.city.y + 7;
        b.city.v = 1e4 * a.city.v;
        for (size_t i = 0; i < 9; i++) {
            size_t from = i * 4 % 9; /* another order; another zero, unit and sign */
            b.y[i] = 100 * a.y[from] + 7;
            b.v[i] = 1e4 * a.v[from];
            b.x[2 * i] = 32 + 1.8 * a.x[2 * from];
            b.x[2 * i + 1] = -a.x[2 * from + 1];
        }
        b.new_x[0] = 32 + 1.8 * a.new_x[0];
        b.new_x[1] = -a.new_x[1];
        mdg_transfer got = predict(&b.e, &b.city, pi);
        got.value = (got.value - 7) / 100;
        got.mean = (got.mean - 7) / 100;
        got.pi = (mdg_bounds){ (got.pi.lo - 7) / 100, (got.pi.hi - 7) / 100 };
        got.se /= 100;
        same("other units", &got, &want, 1e-6);
    }
}

/* Of equal variances, whatever tau2: strong slopes leave least squares, none leave the mean. */
static void limits(void **state)
{
    (void)state;
    world w;
    mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_arena mem = { 0 };
    mdg_pool fit = { 0 };
    make_world(&w, 3, 20, 2000, true);
    assert_int_equal(mdg_pool_fit(&w.e, &opts, &mem, &fit, NULL), MDG_OK);
    for (int pi = 0; pi < MDG_POOL_PI_COUNT; pi++) {
        mdg_transfer t = predict(&w.e, &w.city, (mdg_pool_pi)pi);
        assert_near("strong slopes", "value", t.value, mdg_pool_at(&fit, w.new_x).value, 1e-4);
        assert_true(t.shrinkage < 1e-6);
    }
    w.e.moderators = 0;
    assert_int_equal(mdg_pool_fit(&w.e, &opts, &mem, &fit, NULL), MDG_OK);
    for (int pi = 0; pi < MDG_POOL_PI_COUNT; pi++) {
        mdg_transfer t = predict(&w.e, &w.city, (mdg_pool_pi)pi);
        double mean = fit.coefficients[0].value;
        assert_near("no slopes", "value", t.value, mean, 1e-9 * fabs(mean));
        assert_near("no slopes", "tau2", t.tau2, fit.tau2, 1e-6 * fit.tau2);
        /* Where cities differ far more than errors, it is the pool's own interval; of
         * k - 2 degrees of freedom as if tau2 were estimated with these. */
        opts.pi = (mdg_pool_pi)pi;
        assert_int_equal(mdg_pool_fit(&w.e, &opts, &mem, &fit, NULL), MDG_OK);
        double wider = pi == MDG_POOL_PI_T_K2 ? sqrt(19.0 / 18) : 1;
        double half = (fit.pi.hi - fit.pi.lo) / 2 * wider;
        assert_near("no slopes", "half-width", (t.pi.hi - t.pi.lo) / 2, half, 1e-5 * half);
    }
    mdg_arena_free(&mem);
}

static void own_measurement(void **state)
{
    (void)state;
    world w;
    make_world(&w, 4, 8, 0.02, false);
    mdg_transfer none = predict(&w.e, &w.city, MDG_POOL_PI_T_K2);
    double before = 0;
    w.city.y = 0.5;
    for (int power = 4; power > -5; power--) {
        double se = pow(10, power);
        w.city.v = se * se;
        mdg_transfer t = predict(&w.e, &w.city, MDG_POOL_PI_T_K2);
        assert_true(t.own_weight > before);
        assert_near("own", "mean", t.mean, none.mean, 1e-5 * none.se);
        before = t.own_weight;
        if (power >= 3)
            assert_near("worth nothing", "value", t.value, none.value, 1e-3 * none.se);
        if (power == -4)
            assert_near("worth all", "value", t.value, 0.5, 1e-3);
    }
    assert_true(before > 0.999);
    assert_true(none.own_weight == 0);
}

static void outside_of_the_range(void **state)
{
    (void)state;
    static const double y[] = { 0.05, 0.06, 0.04, 0.07 }, v[] = { 1e-4, 2e-4, 1e-4, 3e-4 };
    static const double x[] = { 10, 5, 1, 20, 5, 2, 30, 5, 3, 40, 5, 4 };
    static const struct {
        const char *name;
        double x[3];
        bool outside;
        size_t at;
        double lo, hi;
        bool each[3];
    } cases[] = {
        { "within", { 25, 5, 2.5 }, false, 0, MDG_NAN, MDG_NAN, { false, false, false } },
        { "at both ends", { 10, 5, 4 }, false, 0, MDG_NAN, MDG_NAN, { false, false, false } },
        { "below", { 9, 5, 2 }, true, 0, 10, 40, { true, false, false } },
        { "above", { 25, 5, 4.5 }, true, 2, 1, 4, { false, false, true } },
        { "both, the farther in its range", { 60, 5, 5 }, true, 0, 10, 40, { true, false, true } },
        { "both, the other", { 41, 5, 0 }, true, 2, 1, 4, { true, false, true } },
        { "the same everywhere", { 60, 5.1, 5 }, true, 1, 5, 5, { true, true, true } },
    };
    mdg_effects e = { .y = y, .v = v, .k = 4, .x = x, .moderators = 3 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mdg_target city = { cases[i].x, MDG_NAN, MDG_NAN };
        mdg_transfer t = predict(&e, &city, MDG_POOL_PI_T_K2);
        if (t.outside != cases[i].outside || t.outside_at != cases[i].at)
            fail_msg("%s: %d at %zu", cases[i].name, t.outside, t.outside_at);
        assert_near(cases[i].name, "lo", t.range.lo, cases[i].lo, 0);
        assert_near(cases[i].name, "hi", t.range.hi, cases[i].hi, 0);
        for (size_t j = 0; j < 3; j++) {
            mdg_bounds range;
            if (mdg_transfer_outside(&e, j, cases[i].x[j], &range) != cases[i].each[j])
                fail_msg("%s: moderator %zu", cases[i].name, j);
            assert_true(range.lo <= x[j] && x[j] <= range.hi);
        }
    }
}

/* Thousands of cities: both variances are known, and all conventions agree. */
static void many_cities(void **state)
{
    (void)state;
    enum { K = 5000 };
    mdg_arena mem = { 0 };
    double *y = mdg_new(&mem, double, K), *v = mdg_new(&mem, double, K),
           *x = mdg_new(&mem, double, K), at[1] = { 1 };
    assert_true(y && v && x);
    mdg_rng r = mdg_rng_make(5, 0);
    for (size_t i = 0; i < K; i++) {
        x[i] = mdg_rng_normal(&r);
        v[i] = 1e-4 * (1 + mdg_rng_uniform(&r));
        y[i] = 0.05 + 0.02 * x[i] + 0.01 * mdg_rng_normal(&r) + sqrt(v[i]) * mdg_rng_normal(&r);
    }
    mdg_effects e = { .y = y, .v = v, .k = K, .x = x, .moderators = 1 };
    mdg_target city = { at, MDG_NAN, MDG_NAN };
    mdg_transfer known = predict(&e, &city, MDG_POOL_PI_Z);
    assert_near("many", "value", known.value, 0.07, 0.001);
    assert_near("many", "tau", sqrt(known.tau2), 0.01, 0.0005);
    for (int pi = 0; pi < MDG_POOL_PI_Z; pi++) {
        mdg_transfer t = predict(&e, &city, (mdg_pool_pi)pi);
        same("many", &t, &known, 2e-3);
    }
    mdg_arena_free(&mem);
}

/* ---- what is refused ---------------------------------------------------------------------- */

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *message;
        size_t k;
        double y, v, x, new_x, own_y, own_v, level;
        mdg_status want;
    } cases[] = {
        { "two", "2 effects", 2, 0.1, 1, 1, 1, MDG_NAN, MDG_NAN, 0.9, MDG_E_SHORT },
        { "none", "0 effects", 0, 0.1, 1, 1, 1, MDG_NAN, MDG_NAN, 0.9, MDG_E_SHORT },
        { "no doubt", "effect 1", 4, 0.1, 0, 1, 1, MDG_NAN, MDG_NAN, 0.9, MDG_E_RANGE },
        { "no effect", "effect 1", 4, MDG_NAN, 1, 1, 1, MDG_NAN, MDG_NAN, 0.9, MDG_E_RANGE },
        { "no moderator", "moderator 1", 4, 0.1, 1, MDG_NAN, 1, MDG_NAN, MDG_NAN, 0.9,
          MDG_E_RANGE },
        { "nor the city's", "the city's moderator 1", 4, 0.1, 1, 1, MDG_INFINITY, MDG_NAN, MDG_NAN,
          0.9, MDG_E_RANGE },
        { "own without doubt", "own effect", 4, 0.1, 1, 1, 1, 0.1, MDG_NAN, 0.9, MDG_E_RANGE },
        { "own doubt alone", "own effect", 4, 0.1, 1, 1, 1, MDG_NAN, 0.1, 0.9, MDG_E_RANGE },
        { "own of variance 0", "own effect", 4, 0.1, 1, 1, 1, 0.1, 0, 0.9, MDG_E_RANGE },
        { "level of 1", "level", 4, 0.1, 1, 1, 1, MDG_NAN, MDG_NAN, 1, MDG_E_RANGE },
        { "too far apart", "too far", 4, 1e200, 1e-200, 1, 1, MDG_NAN, MDG_NAN, 0.9, MDG_E_RANGE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double y[4] = { cases[i].y, 0.1, 0.2, 0.3 }, v[4] = { cases[i].v, 1, 1, 1 };
        double x[4] = { cases[i].x, 2, 3, 5 }, new_x[1] = { cases[i].new_x };
        mdg_effects e = { .y = y, .v = v, .k = cases[i].k, .x = x, .moderators = 1 };
        mdg_target city = { new_x, cases[i].own_y, cases[i].own_v };
        mdg_pool_opts opts = MDG_POOL_OPTS;
        opts.level = cases[i].level;
        mdg_arena mem = { 0 };
        mdg_error err = { 0 };
        mdg_transfer out = { .df = -1 };
        mdg_status s = mdg_transfer_predict(&e, &city, &opts, &mem, &out, &err);
        if (s != cases[i].want || !strstr(err.message, cases[i].message) || out.df > -1)
            fail_msg("%s: %d '%s'", cases[i].name, (int)s, err.message);
        mdg_arena_free(&mem);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    world w;
    make_world(&w, 8, 6, 0.02, false);
    mdg_pool_opts opts = MDG_POOL_OPTS;
    for (long k = 1;; k++) {
        mdg_arena mem = { .fail_after = k };
        mdg_transfer out = { .df = -1 };
        mdg_status s = mdg_transfer_predict(&w.e, &w.city, &opts, &mem, &out, NULL);
        mdg_arena_free(&mem);
        if (s == MDG_OK) {
            assert_true(k > 10);
            break;
        }
        assert_int_equal(s, MDG_E_MEMORY);
        assert_true(out.df < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_dense_matrices_have_it),
        cmocka_unit_test(units_and_order_do_not_matter),
        cmocka_unit_test(limits),
        cmocka_unit_test(own_measurement),
        cmocka_unit_test(outside_of_the_range),
        cmocka_unit_test(many_cities),
        cmocka_unit_test(refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
