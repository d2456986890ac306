/* Bands, steps, rounded effects, noise, likelihood profiles. */
#include "unit.h"

static const struct {
    size_t n, from, to;
} bands[] = {
    { 0, 0, 0 },
    { 1, 1, 99 },
    { 99, 1, 99 },
    { 100, 100, 249 },
    { 249, 100, 249 },
    { 250, 250, 499 },
    { 999, 500, 999 },
    { 1000, 1000, 2499 },
    { 2500, 2500, 4999 },
    { 9999, 5000, 9999 },
    { 1234567, 1000000, 2499999 },
};

static void bands_as_stated(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++) {
        mdg_band b = mdg_band_of(bands[i].n);
        assert_int_equal(b.from, bands[i].from);
        assert_int_equal(b.to, bands[i].to);
    }
    mdg_band last = mdg_band_of(SIZE_MAX);
    assert_true(last.from <= SIZE_MAX / 2 && last.to == SIZE_MAX);
}

static const struct {
    double at_least;
    int digit, power;
} steps[] = {
    { 0.1, 1, -1 }, { 0.11, 2, -1 }, { 0.2, 2, -1 },        { 50.0 / 250, 2, -1 }, { 0.21, 5, -1 },
    { 0.51, 1, 0 }, { 1, 1, 0 },     { 3.0001, 5, 0 },      { 6, 1, 1 },           { 1e-7, 1, -7 },
    { 1234, 2, 3 }, { 5e9, 5, 9 },   { 50.0 / 486, 2, -1 },
};

static void steps_are_nice(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        mdg_step s = mdg_nice_step(steps[i].at_least);
        if (s.digit != steps[i].digit || s.power != steps[i].power)
            fail_msg("%g: %d e%d", steps[i].at_least, s.digit, s.power);
    }
    mdg_rng r = mdg_rng_make(5, 1);
    for (size_t i = 0; i < 10000; i++) {
        double x = pow(10, 16 * mdg_rng_uniform(&r) - 8);
        double size = mdg_step_size(mdg_nice_step(x));
        assert_true(size >= x * (1 - 1e-12) && size < 2.5 * x * (1 + 1e-12));
    }
}

/* The double that the decimal digits name: it is printed with no more of them. */
static void rounded_numbers_are_short(void **state)
{
    (void)state;
    assert_true(mdg_round_to(7.643, (mdg_step){ 2, -1 }) == 7.6);
    assert_true(mdg_round_to(7.75, (mdg_step){ 5, -1 }) == 8);
    assert_true(mdg_round_to(-7.643, (mdg_step){ 2, -1 }) == -7.6);
    assert_true(mdg_round_to(301234, (mdg_step){ 5, 2 }) == 301000);
    assert_true(mdg_round_up_to(0.31, (mdg_step){ 5, -2 }) == 0.35);
    assert_true(mdg_round_up_to(0.35, (mdg_step){ 5, -2 }) == 0.35);
    assert_true(mdg_round_up_to(0.350001, (mdg_step){ 5, -2 }) == 0.4);
    assert_true(isnan(mdg_round_to(MDG_NAN, (mdg_step){ 1, 0 })));
    mdg_rng r = mdg_rng_make(5, 2);
    for (size_t i = 0; i < 5000; i++) {
        mdg_step s = mdg_nice_step(pow(10, 6 * mdg_rng_uniform(&r) - 4));
        double x = 200 * mdg_rng_uniform(&r) - 100, got = mdg_round_to(x, s);
        char digits[64];
        snprintf(digits, sizeof digits, "%.*f", s.power < 0 ? -s.power : 0, got);
        assert_true(strtod(digits, NULL) == got);
        assert_true(fabs(got - x) <= mdg_step_size(s) / 2 * (1 + 1e-9));
    }
}

static mdg_contributions set_of(size_t n, double each, double largest)
{
    mdg_contributions c = { 0 };
    for (size_t i = 0; i < n - 1; i++)
        mdg_contributions_add(&c, each);
    mdg_contributions_add(&c, largest);
    return c;
}

/* What one meter's effect, moved by 100 points, does to the rounded one: at most one step. */
static void no_meter_moves_more_than_two_steps(void **state)
{
    (void)state;
    const mdg_disclosure_opts opts = MDG_DISCLOSURE_RESIDENTIAL;
    mdg_contributions equal = set_of(250, 3, 3), unequal = set_of(250, 3, 30);
    assert_close(mdg_step_size(mdg_effect_step(&equal, &opts)), 0.2, 1e-15);
    /* 30 / 777 of the sum: 50 times that is 1.93. */
    assert_close(mdg_step_size(mdg_effect_step(&unequal, &opts)), 2, 1e-15);
    assert_close(mdg_step_size(mdg_sum_step(&unequal, &opts)), 20, 1e-15);
    for (size_t seed = 0; seed < 500; seed++) {
        mdg_rng r = mdg_rng_make(7, seed);
        mdg_contributions c = { 0 };
        for (size_t i = 0; i < 120; i++)
            mdg_contributions_add(&c, exp(mdg_rng_normal(&r)));
        double step = mdg_step_size(mdg_effect_step(&c, &opts));
        assert_true(step >= 50.0 / 120 * (1 - 1e-12));
        assert_true(100 * c.first / mdg_sum_get(&c.sum) <= 2 * step * (1 + 1e-12));
    }
}

/* Rounding's error is that of a uniform distribution, and it is in the standard error. */
static void rounding_is_in_the_error(void **state)
{
    (void)state;
    mdg_step step = { 5, -1 };
    mdg_rounded e = mdg_round_effect(7.643, 0.4, step);
    assert_true(e.value == 7.5);
    assert_true(e.se == 0.45); /* sqrt(0.16 + 0.25 / 12) = 0.425, up to 0.05 */
    e = mdg_round_effect(MDG_NAN, MDG_NAN, step);
    assert_true(isnan(e.value) && isnan(e.se));
    double squares = 0;
    size_t covered = 0, n = 20000;
    for (size_t i = 0; i < n; i++) {
        mdg_rng r = mdg_rng_make(11, i);
        double truth = 20 * mdg_rng_uniform(&r), estimate = truth + 0.2 * mdg_rng_normal(&r);
        e = mdg_round_effect(estimate, 0.2, step);
        squares += (e.value - truth) * (e.value - truth);
        covered += fabs(e.value - truth) <= mdg_normal_quantile(0.95) * e.se;
    }
    /* 0.04 + 0.25 / 12 */
    assert_close(squares / (double)n, 0.060833, 0.03);
    assert_in_range(covered, (size_t)(0.895 * (double)n), n);
}

static void noise_is_laplace(void **state)
{
    (void)state;
    enum { N = 100000 };
    double sum = 0, squares = 0, sizes = 0;
    const double epsilon = 0.5;
    const size_t meters = 200;
    double scale = 2 / (200 * 0.5);
    for (size_t i = 0; i < N; i++) {
        mdg_rng r = mdg_rng_make(13, i);
        double e = mdg_noisy_mean(20, meters, epsilon, &r) - 0.1;
        sum += e;
        squares += e * e;
        sizes += fabs(e);
    }
    /* 2 sqrt(2) / (n epsilon) */
    assert_close(mdg_noise_sd(meters, epsilon), 2 * sqrt(2) / 100, 1e-14);
    assert_true(fabs(sum / N) < 4 * sqrt(2) * scale / sqrt(N));
    assert_close(squares / N, 2 * scale * scale, 0.03);
    assert_close(sizes / N, scale, 0.01);
    assert_true(mdg_clip_effect(1.5) <= 1 && mdg_clip_effect(-9) >= -1);
    assert_close(mdg_clip_effect(0.3), 0.3, 0);
}

/* What is said of the noise tells of the number of meters no more than its band and the rule. */
static void stated_noise_hides_the_number(void **state)
{
    (void)state;
    const mdg_disclosure_opts homes = MDG_DISCLOSURE_RESIDENTIAL, others = MDG_DISCLOSURE_OTHER;
    static const struct {
        size_t n, as;
        bool home;
    } rows[] = {
        { 100, 100, true }, { 158, 100, true }, { 249, 100, true },
        { 250, 250, true }, { 499, 250, true }, { 2499, 1000, true },
        { 15, 15, false },  { 99, 15, false },  { 120, 100, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double sd = mdg_stated_noise_sd(rows[i].n, 0.5, rows[i].home ? &homes : &others);
        assert_close(sd, 2 * sqrt(2) / (0.5 * (double)rows[i].as), 1e-14);
        assert_true(sd >= mdg_noise_sd(rows[i].n, 0.5));
    }
}

/* Two worlds that differ in one meter: no outcome is exp(epsilon) times as likely in one of them.
 */
static void noise_hides_one_meter(void **state)
{
    (void)state;
    enum { N = 400000, BINS = 40 };
    const double epsilon = 1;
    const size_t meters = 100;
    static size_t count[2][BINS];
    memset(count, 0, sizeof count);
    for (size_t world = 0; world < 2; world++) {
        /* Sums 10 and 12: one meter went from -1 to 1. */
        for (size_t i = 0; i < N; i++) {
            mdg_rng r = mdg_rng_make(17 + world, i);
            double v = mdg_noisy_mean(world ? 12 : 10, meters, epsilon, &r);
            double bin = floor((v - 0.01) * 200);
            if (bin >= 0 && bin < BINS)
                count[world][(size_t)bin]++;
        }
    }
    double worst = 0;
    for (size_t b = 0; b < BINS; b++)
        if (count[0][b] > 2000 && count[1][b] > 2000)
            worst = fmax(worst, fabs(log((double)count[0][b] / (double)count[1][b])));
    assert_true(worst < epsilon + 0.1);
    assert_true(worst > 0.8); /* with no noise to speak of, or all of it, this would not be */
}

static void profile_is_normal_in_the_ratio(void **state)
{
    (void)state;
    mdg_log_ratio p = mdg_log_ratio_of(20, 4, 15);
    assert_close(p.value, log(0.8), 1e-15);
    assert_close(p.se, 0.05, 1e-14);
    assert_int_equal(p.n, 15);
    assert_close(p.x[7], p.value, 0);
    assert_true(fabs(p.loglik[7]) < 1e-25);
    for (size_t i = 0; i < p.n; i++) {
        double z = (exp(p.x[i]) - 0.8) / 0.04;
        assert_close(p.loglik[i], -z * z / 2, 1e-9);
        assert_true(i == 0 || p.x[i] > p.x[i - 1]);
    }
    /* Skew: what lies above in x lies farther in the ratio. */
    assert_true(p.loglik[14] < p.loglik[0]);
    p = mdg_log_ratio_of(MDG_NAN, 1, 15);
    assert_true(isnan(p.value) && p.n == 0);
    p = mdg_log_ratio_of(100, 1, 15);
    assert_true(isnan(p.value) && p.n == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_as_stated),
        cmocka_unit_test(steps_are_nice),
        cmocka_unit_test(rounded_numbers_are_short),
        cmocka_unit_test(no_meter_moves_more_than_two_steps),
        cmocka_unit_test(rounding_is_in_the_error),
        cmocka_unit_test(noise_is_laplace),
        cmocka_unit_test(stated_noise_hides_the_number),
        cmocka_unit_test(noise_hides_one_meter),
        cmocka_unit_test(profile_is_normal_in_the_ratio),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
