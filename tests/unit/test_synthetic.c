/* Synthetic weights: optimal, and those of other solvers. */
#include "simulated.h"
#include "unit.h"

enum { N = 12, STEPS = 12 };

static void profiles(double a[N * STEPS], double b[STEPS])
{
    for (size_t t = 0; t < STEPS; t++) {
        double at = (double)t;
        b[t] = 12 + 3 * cos(2 * SIMULATED_PI * (at - 1) / 12) + 0.2 * (double)(t % 3);
        for (size_t i = 0; i < N; i++)
            a[i * STEPS + t] =
                10 + (double)(i * 7 % 5) +
                (2 + (double)(i % 3)) * cos(2 * SIMULATED_PI * (at - 0.7 * (double)i) / 12) +
                0.3 * (double)(i * t % 4);
    }
}

static mdg_synthetic solve(const double *a, const double *b, size_t n, size_t steps, double ridge,
                           mdg_arena *mem)
{
    mdg_synthetic_input in = { b, a, n, steps };
    mdg_synthetic_opts opts = MDG_SYNTHETIC_OPTS;
    opts.ridge = ridge;
    mdg_synthetic s;
    assert_int_equal(mdg_match_synthetic(&in, &opts, mem, &s, NULL), MDG_OK);
    return s;
}

/* scipy 1.x: optimize.nnls of the profiles over sqrt(12) mean(b), ridge rows sqrt(ridge 12) I and a
 * row of 1e5 for the sum; optimize.minimize(method='SLSQP', ftol=1e-16) agrees to 1e-8. */
static const struct {
    double ridge, objective, misfit, weight[N];
} oracle[] = {
    { 1e-5,
      0.000467987657178677,
      0.0205150466032582,
      { 0.4673521950, 0.0199457772, 0.5071066129, 0, 0, 0.0055954149, 0, 0, 0, 0, 0, 0 } },
    { 1e-2,
      0.0131988157221834,
      0.0750741985799428,
      { 0.1747532174, 0.1967101704, 0.1991811245, 0.1308070574, 0.1091615485, 0.0596991377,
        0.0572391550, 0.0093665970, 0, 0.0313056655, 0.0137331013, 0.0180432253 } },
};

static void weights_are_those_of_scipy(void **state)
{
    (void)state;
    double a[N * STEPS], b[STEPS];
    mdg_arena mem = { 0 };
    profiles(a, b);
    for (size_t k = 0; k < 2; k++) {
        mdg_synthetic s = solve(a, b, N, STEPS, oracle[k].ridge, &mem);
        double squares = 0;
        for (size_t i = 0; i < N; i++) {
            assert_true(fabs(s.weight[i] - oracle[k].weight[i]) < 1e-9);
            assert_true(oracle[k].weight[i] > 0 || !(fabs(s.weight[i]) > 0));
            squares += s.weight[i] * s.weight[i];
        }
        assert_close(s.objective, oracle[k].objective, 1e-10);
        assert_close(s.misfit, oracle[k].misfit, 1e-9);
        assert_close(s.effective, 1 / squares, 1e-14);
        assert_int_equal(s.used, N);
    }
    mdg_arena_free(&mem);
}

/* The conditions of Karush, Kuhn and Tucker, from the definition: the gradient is the same wherever
 * the weight is above 0, and nowhere lower. */
static void assert_optimal(const double *a, const double *b, size_t n, size_t steps, double ridge,
                           const mdg_synthetic *s)
{
    double scale = 0, sum = 0, on_support = MDG_NAN, lowest = MDG_INFINITY;
    for (size_t t = 0; t < steps; t++)
        scale += fabs(b[t]) / (double)steps;
    for (size_t i = 0; i < n; i++) {
        double g = 2 * ridge * ((double)n * s->weight[i] - 1);
        for (size_t t = 0; t < steps; t++) {
            double r = -b[t];
            for (size_t j = 0; j < n; j++)
                r += s->weight[j] * a[j * steps + t];
            g += 2 * r * a[i * steps + t] / (scale * scale * (double)steps);
        }
        assert_true(s->weight[i] >= 0);
        sum += s->weight[i];
        lowest = fmin(lowest, g);
        if (s->weight[i] > 0) {
            if (isnan(on_support))
                on_support = g;
            assert_true(fabs(g - on_support) < 1e-10);
        }
    }
    assert_close(sum, 1, 1e-13);
    assert_true(lowest > on_support - 1e-10);
    assert_true(s->gap < 1e-10);
}

static void random_problems_are_solved(void **state)
{
    (void)state;
    enum { MOST = 150 };
    static double a[MOST * 52], b[52];
    for (size_t k = 0; k < 60; k++) {
        mdg_rng r = mdg_rng_make(77, k);
        mdg_arena mem = { 0 };
        size_t n = 1 + mdg_rng_below(&r, MOST), steps = 1 + mdg_rng_below(&r, 52);
        double ridge = pow(10, -8 * mdg_rng_uniform(&r));
        for (size_t t = 0; t < steps; t++)
            b[t] = 10 + 3 * mdg_rng_normal(&r);
        for (size_t i = 0; i < n; i++) {
            double level = exp(0.4 * mdg_rng_normal(&r));
            for (size_t t = 0; t < steps; t++)
                a[i * steps + t] = level * (10 + 3 * mdg_rng_normal(&r));
        }
        mdg_synthetic s = solve(a, b, n, steps, ridge, &mem);
        assert_optimal(a, b, n, steps, ridge, &s);
        mdg_arena_free(&mem);
    }
}

static void the_largest_problem_is_solved(void **state)
{
    (void)state;
    enum { MOST = MDG_SYNTHETIC_CANDIDATES };
    static double a[MOST * 12], b[12];
    mdg_arena mem = { 0 };
    mdg_rng r = mdg_rng_make(78, 0);
    for (size_t t = 0; t < 12; t++)
        b[t] = 10 + cos((double)t);
    for (size_t i = 0; i < MOST * 12; i++)
        a[i] = 10 + 3 * mdg_rng_normal(&r);
    mdg_synthetic s = solve(a, b, MOST, 12, 1e-3, &mem);
    assert_optimal(a, b, MOST, 12, 1e-3, &s);
    assert_true(s.effective > 100 && s.misfit < 0.05);
    mdg_arena_free(&mem);
}

static void a_mixture_is_found_again(void **state)
{
    (void)state;
    double a[N * STEPS], b[STEPS];
    mdg_arena mem = { 0 };
    profiles(a, b);
    for (size_t t = 0; t < STEPS; t++)
        b[t] = 0.3 * a[2 * STEPS + t] + 0.7 * a[9 * STEPS + t];
    mdg_synthetic s = solve(a, b, N, STEPS, 1e-10, &mem);
    assert_true(fabs(s.weight[2] - 0.3) < 1e-4 && fabs(s.weight[9] - 0.7) < 1e-4);
    assert_true(s.misfit < 1e-4);
    mdg_arena_free(&mem);
}

static void order_and_unit_change_nothing(void **state)
{
    (void)state;
    double a[N * STEPS], b[STEPS], c[N * STEPS];
    mdg_arena mem = { 0 };
    profiles(a, b);
    mdg_synthetic s = solve(a, b, N, STEPS, 1e-4, &mem);
    for (size_t i = 0; i < N; i++)
        for (size_t t = 0; t < STEPS; t++)
            c[(i * 5 + 3) % N * STEPS + t] = 3.6 * a[i * STEPS + t];
    for (size_t t = 0; t < STEPS; t++)
        b[t] *= 3.6;
    mdg_synthetic p = solve(c, b, N, STEPS, 1e-4, &mem);
    for (size_t i = 0; i < N; i++)
        assert_true(fabs(p.weight[(i * 5 + 3) % N] - s.weight[i]) < 1e-10);
    assert_close(p.misfit, s.misfit, 1e-10);
    mdg_arena_free(&mem);
}

static void missing_values_are_left_out(void **state)
{
    (void)state;
    double a[N * STEPS], b[STEPS], fewer[(N - 1) * (STEPS - 1)], target[STEPS - 1];
    mdg_arena mem = { 0 };
    profiles(a, b);
    size_t k = 0;
    for (size_t i = 1; i < N; i++)
        for (size_t t = 0; t < STEPS; t++)
            if (t != 4)
                fewer[k++] = a[i * STEPS + t];
    for (size_t t = 0; t < STEPS - 1; t++)
        target[t] = b[t < 4 ? t : t + 1];
    mdg_synthetic want = solve(fewer, target, N - 1, STEPS - 1, 1e-4, &mem);
    b[4] = MDG_NAN;             /* the step */
    a[3] = MDG_NAN;             /* meter 0 */
    a[5 * STEPS + 4] = MDG_NAN; /* at a step not in use: nothing lost */
    mdg_synthetic got = solve(a, b, N, STEPS, 1e-4, &mem);
    assert_int_equal(got.used, N - 1);
    assert_true(!(fabs(got.weight[0]) > 0));
    for (size_t i = 1; i < N; i++)
        assert_close(got.weight[i], want.weight[i - 1], 1e-12);
    mdg_arena_free(&mem);
}

static void it_refuses(void **state)
{
    (void)state;
    double a[N * STEPS], b[STEPS], none[STEPS], zeros[STEPS] = { 0 };
    mdg_arena mem = { 0 };
    mdg_synthetic s;
    mdg_synthetic_opts opts = MDG_SYNTHETIC_OPTS, bad = opts;
    profiles(a, b);
    for (size_t t = 0; t < STEPS; t++)
        none[t] = MDG_NAN;
    const struct {
        mdg_synthetic_input in;
        mdg_status want;
    } rows[] = {
        { { none, a, N, STEPS }, MDG_E_SHORT }, { { b, none, 1, STEPS }, MDG_E_SHORT },
        { { b, a, 0, STEPS }, MDG_E_SHORT },    { { zeros, a, N, STEPS }, MDG_E_RANGE },
        { { b, a, 513, STEPS }, MDG_E_RANGE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(mdg_match_synthetic(&rows[i].in, &opts, &mem, &s, NULL), rows[i].want);
    bad.ridge = 0;
    mdg_synthetic_input in = { b, a, N, STEPS };
    assert_int_equal(mdg_match_synthetic(&in, &bad, &mem, &s, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
    mdg_status status = MDG_E_MEMORY;
    long k = 0;
    while (status == MDG_E_MEMORY && k < 30) {
        mdg_arena small = { .fail_after = ++k };
        status = mdg_match_synthetic(&in, &opts, &small, &s, NULL);
        mdg_arena_free(&small);
    }
    assert_int_equal(status, MDG_OK);
    assert_int_equal(k, 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_those_of_scipy),
        cmocka_unit_test(random_problems_are_solved),
        cmocka_unit_test(the_largest_problem_is_solved),
        cmocka_unit_test(a_mixture_is_found_again),
        cmocka_unit_test(order_and_unit_change_nothing),
        cmocka_unit_test(missing_values_are_left_out),
        cmocka_unit_test(it_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
