/* Means of cities' likelihoods. */
#include "unit.h"

enum { CITIES = 5, POINTS = MDG_PROFILE_MOST };

/* ---- what numerical integration says --------------------------------------------------------- */

static const struct set {
    const char *name;
    size_t k, n[CITIES];
    double x[CITIES][POINTS], loglik[CITIES][POINTS];
    double want[5]; /* mean, tau2, interval at 90 %, loglik */
} sets[] = {
#include "../oracle/profile_table.inc"
};
enum { SETS = sizeof sets / sizeof *sets };

static void load(const struct set *s, mdg_loglik_profile *p)
{
    for (size_t i = 0; i < s->k; i++)
        p[i] = (mdg_loglik_profile){ s->x[i], s->loglik[i], s->n[i] };
}

static mdg_pool_profiled pool(const mdg_loglik_profile *p, size_t k, double level)
{
    mdg_arena mem = { 0 };
    mdg_pool_profiled out;
    mdg_error err = { 0 };
    if (mdg_pool_profiles(p, k, level, &mem, &out, &err) != MDG_OK)
        fail_msg("%s", err.message);
    mdg_arena_free(&mem);
    return out;
}

static void near_to(const char *set, const char *what, double got, double want, double within)
{
    if (!(fabs(got - want) <= within))
        fail_msg("%s: %s is %.15g, not %.15g", set, what, got, want);
}

static void figures_are_those_of_scipy(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETS; i++) {
        const struct set *s = &sets[i];
        mdg_loglik_profile p[CITIES];
        load(s, p);
        mdg_pool_profiled got = pool(p, s->k, 0.9);
        double width = s->want[3] - s->want[2];
        near_to(s->name, "log likelihood", got.loglik, s->want[4], 1e-8);
        near_to(s->name, "mean", got.value, s->want[0], 1e-6 * width);
        near_to(s->name, "tau2", got.tau2, s->want[1], 1e-5 * s->want[1]);
        near_to(s->name, "low", got.ci.lo, s->want[2], 1e-6 * width);
        near_to(s->name, "high", got.ci.hi, s->want[3], 1e-6 * width);
    }
}

/* ---- parabolas ------------------------------------------------------------------------------- */

typedef struct parabolas {
    size_t k;
    double y[40], v[40], x[40][POINTS], loglik[40][POINTS];
    mdg_loglik_profile p[40];
} parabolas;

/* Effects with normal errors; points at unequal steps, and not about the top. */
static void draw(uint64_t seed, double tau, parabolas *d)
{
    mdg_rng r = mdg_rng_make(1996, seed);
    d->k = 2 + mdg_rng_below(&r, 20);
    for (size_t i = 0; i < d->k; i++) {
        d->v[i] = 0.01 * exp(mdg_rng_normal(&r));
        d->y[i] = -0.1 + hypot(tau, sqrt(d->v[i])) * mdg_rng_normal(&r);
        size_t n = 3 + mdg_rng_below(&r, POINTS - 2);
        double at = d->y[i] - sqrt(d->v[i]) * (double)n * mdg_rng_uniform(&r) / 2;
        for (size_t j = 0; j < n; j++) {
            d->x[i][j] = at;
            d->loglik[i][j] = -(at - d->y[i]) * (at - d->y[i]) / (2 * d->v[i]);
            at += sqrt(d->v[i]) * (0.1 + mdg_rng_uniform(&r));
        }
        d->p[i] = (mdg_loglik_profile){ d->x[i], d->loglik[i], n };
    }
}

static void parabolas_are_a_fit_by_likelihood(void **state)
{
    (void)state;
    mdg_pool_opts opts = MDG_POOL_OPTS;
    opts.method = MDG_POOL_ML;
    for (uint64_t seed = 0; seed < 60; seed++) {
        static parabolas d;
        draw(seed, seed % 3 ? 0.3 : 0, &d);
        mdg_arena mem = { 0 };
        mdg_effects e = { .y = d.y, .v = d.v, .k = d.k };
        mdg_pool fit;
        assert_int_equal(mdg_pool_fit(&e, &opts, &mem, &fit, NULL), MDG_OK);
        mdg_pool_profiled got = pool(d.p, d.k, 0.9);
        near_to("parabolas", "mean", got.value, fit.coefficients->value, 1e-8);
        near_to("parabolas", "tau2", got.tau2, fit.tau2, 1e-8 * fmax(0.01, fit.tau2));
        double loglik = fit.loglik;
        for (size_t i = 0; i < d.k; i++)
            loglik += log(2 * 3.14159265358979323846 * d.v[i]) / 2;
        near_to("parabolas", "log likelihood", got.loglik, loglik, 1e-9 * (1 + fabs(loglik)));
        assert_true(got.ci.lo < got.value && got.value < got.ci.hi);
        mdg_arena_free(&mem);
    }
}

/* With normal effects of one variance, and tau2 above 0 all along, Student's own interval. */
static void equal_variances_give_students_interval(void **state)
{
    (void)state;
    enum { K = 5 };
    const double y[K] = { -0.5, 0.3, -0.9, 0.8, 0.1 }, v = 1e-4;
    double x[K][3], loglik[K][3], mean = 0, squares = 0;
    mdg_loglik_profile p[K];
    for (size_t i = 0; i < K; i++) {
        for (size_t j = 0; j < 3; j++) {
            x[i][j] = y[i] + ((double)j - 1) * sqrt(v);
            loglik[i][j] = j == 1 ? 0 : -0.5;
        }
        p[i] = (mdg_loglik_profile){ x[i], loglik[i], 3 };
        mean += y[i] / K;
    }
    for (size_t i = 0; i < K; i++)
        squares += (y[i] - mean) * (y[i] - mean);
    mdg_pool_profiled got = pool(p, K, 0.8);
    double half = mdg_t_quantile(0.9, K - 1) * sqrt(squares / (K - 1) / K);
    assert_close(got.value, mean, 1e-9);
    assert_close(got.tau2, squares / K - v, 1e-8);
    assert_close(got.ci.hi - mean, half, 1e-8);
    assert_close(mean - got.ci.lo, half, 1e-8);
}

/* Of two cities nearly nothing can be excluded, but not nothing. */
static void wide_intervals_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETS; i++) {
        mdg_loglik_profile p[CITIES];
        load(&sets[i], p);
        double half = 0, beyond = 0.1;
        for (int times = 0; times < 5; times++) {
            mdg_pool_profiled got = pool(p, sets[i].k, 1 - beyond);
            double low = got.value - got.ci.lo, high = got.ci.hi - got.value;
            assert_true(isfinite(low) && isfinite(high) && fmin(low, high) > half);
            half = fmin(low, high);
            beyond /= 10;
        }
    }
}

/* ---- properties -------------------------------------------------------------------------------
 */

/* Order, unit, zero, and turning about. */
static void order_unit_and_zero_change_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETS; i++) {
        const struct set *s = &sets[i];
        struct set t = *s;
        const double unit = -1000, shift = 0.25;
        mdg_loglik_profile p[CITIES], q[CITIES];
        for (size_t j = 0; j < s->k; j++) {
            size_t from = s->k - 1 - j;
            t.n[j] = s->n[from];
            for (size_t a = 0; a < t.n[j]; a++) {
                t.x[j][a] = unit * (s->x[from][t.n[j] - 1 - a] - shift);
                t.loglik[j][a] = s->loglik[from][t.n[j] - 1 - a];
            }
        }
        load(s, p);
        load(&t, q);
        mdg_pool_profiled a = pool(p, s->k, 0.9), b = pool(q, s->k, 0.9);
        double width = a.ci.hi - a.ci.lo;
        near_to(s->name, "mean", b.value / unit + shift, a.value, 1e-8 * width);
        near_to(s->name, "tau2", b.tau2 / unit / unit, a.tau2, 1e-7 * width * width);
        near_to(s->name, "low", b.ci.hi / unit + shift, a.ci.lo, 1e-8 * width);
        near_to(s->name, "high", b.ci.lo / unit + shift, a.ci.hi, 1e-8 * width);
    }
}

/* What records carry. */
static void profiles_of_records_are_taken(void **state)
{
    (void)state;
    const double percent[] = { 8, 15, -3, 30, 12 }, se[] = { 2, 4, 8, 25, 0.5 };
    mdg_log_ratio r[5];
    mdg_loglik_profile p[5];
    for (size_t n = 3; n <= MDG_PROFILE_MOST; n += 2) {
        for (size_t i = 0; i < 5; i++) {
            r[i] = mdg_log_ratio_of(percent[i], se[i], n);
            p[i] = (mdg_loglik_profile){ r[i].x, r[i].loglik, r[i].n };
        }
        mdg_pool_profiled got = pool(p, 5, 0.9);
        assert_true(got.value > log(0.8) && got.value < log(0.95));
        assert_true(got.ci.lo < got.value && got.value < got.ci.hi && got.ci.hi < 0.1);
        /* More says the more, and holds the less. */
        mdg_pool_profiled wide = pool(p, 5, 0.99);
        assert_true(wide.ci.lo < got.ci.lo && wide.ci.hi > got.ci.hi);
    }
}

static void bad_profiles_are_named(void **state)
{
    (void)state;
    static const double x[] = { 0, 1, 2, 3 }, tied[] = { 0, 1, 1, 3 };
    static const double peak[] = { -2, 0, -1, -4 }, valley[] = { 0, -3, -4, 0 },
                        flat[] = { 0, 0, 0, 0 }, rising[] = { -4, -2, -1, 3 },
                        gap[] = { -1, MDG_NAN, -1, -2 };
    static const struct {
        const char *name, *message;
        mdg_loglik_profile p;
    } bad[] = {
        { "two points", "a profile has 2 points: it takes 3", { x, peak, 2 } },
        { "a tie", "point 3 of a profile does not lie above the one before it", { tied, peak, 4 } },
        { "a gap", "point 2 of a profile is not a finite number", { x, gap, 4 } },
        { "a valley",
          "a profile has no maximum: it does not fall on both sides",
          { x, valley, 4 } },
        { "flat", "a profile has no maximum: it does not fall on both sides", { x, flat, 4 } },
        { "rising", "a profile has no maximum: it does not fall on both sides", { x, rising, 4 } },
    };
    mdg_arena mem = { 0 };
    mdg_pool_profiled out;
    mdg_error err = { 0 };
    mdg_loglik_profile p[2] = { { x, peak, 4 } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        p[1] = bad[i].p;
        if (mdg_pool_profiles(p, 2, 0.9, &mem, &out, &err) != MDG_E_RANGE)
            fail_msg("%s is taken", bad[i].name);
        assert_string_equal(err.message, bad[i].message);
        assert_string_equal(err.place, "profile 2 of 2");
        assert_int_equal(mdg_pool_profiles(p, 2, 0.9, &mem, &out, NULL), MDG_E_RANGE);
    }
    assert_int_equal(mdg_pool_profiles(p, 1, 0.9, &mem, &out, &err), MDG_E_SHORT);
    assert_int_equal(mdg_pool_profiles(p, 2, 1, &mem, &out, &err), MDG_E_RANGE);
    mdg_arena_free(&mem);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    mdg_loglik_profile p[CITIES];
    load(&sets[0], p);
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    for (; s != MDG_OK; k++) {
        mdg_arena small = { .fail_after = k + 1 };
        mdg_pool_profiled out;
        mdg_error err = { 0 };
        s = mdg_pool_profiles(p, sets[0].k, 0.9, &small, &out, &err);
        assert_true(s == MDG_OK || (s == MDG_E_MEMORY && err.message[0]));
        mdg_arena_free(&small);
    }
    assert_true(k > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_scipy),
        cmocka_unit_test(parabolas_are_a_fit_by_likelihood),
        cmocka_unit_test(equal_variances_give_students_interval),
        cmocka_unit_test(wide_intervals_are_found),
        cmocka_unit_test(order_unit_and_zero_change_nothing),
        cmocka_unit_test(profiles_of_records_are_taken),
        cmocka_unit_test(bad_profiles_are_named),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
