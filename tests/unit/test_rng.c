#include "unit.h"

/* Known answers of Philox4x32-10. source  Random123 1.14.0, tests/kat_vectors */
static void known_answers(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], want[4];
    } rows[] = {
        { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
          { 0xffffffff, 0xffffffff },
          { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
          { 0xa4093822, 0x299f31d0 },
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_rng r = mdg_rng_make(0, 0);
        memcpy(r.key, rows[i].key, sizeof r.key);
        memcpy(r.counter, rows[i].counter, sizeof r.counter);
        for (size_t k = 0; k < 4; k++)
            assert_int_equal(mdg_rng_u32(&r), rows[i].want[k]);
    }
}

static void streams_and_seeds_differ(void **state)
{
    (void)state;
    uint64_t seen[64];
    for (size_t i = 0; i < 64; i++) {
        mdg_rng r = mdg_rng_make(i / 8, i % 8), again = mdg_rng_make(i / 8, i % 8);
        seen[i] = mdg_rng_u64(&r);
        assert_int_equal(seen[i], mdg_rng_u64(&again));
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(seen[i], seen[k]);
    }
}

typedef double draw_fn(mdg_rng *r);

static double draw_gamma_half(mdg_rng *r)
{
    return mdg_rng_gamma(r, 0.5);
}

static double draw_gamma_four(mdg_rng *r)
{
    return mdg_rng_gamma(r, 4);
}

/* Mean and variance within five standard errors. */
static void moments(void **state)
{
    (void)state;
    enum { N = 200000 };
    static const struct {
        draw_fn *draw;
        double mean, variance, kurtosis; /* fourth central moment over squared variance */
    } rows[] = {
        { mdg_rng_uniform, 0.5, 1.0 / 12, 1.8 },
        { mdg_rng_normal, 0, 1, 3 },
        { draw_gamma_half, 0.5, 0.5, 15 },
        { draw_gamma_four, 4, 4, 4.5 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_rng r = mdg_rng_make(7, i);
        double sum = 0, squares = 0;
        for (size_t k = 0; k < N; k++) {
            double x = rows[i].draw(&r);
            assert_true(isfinite(x));
            sum += x - rows[i].mean;
            squares += (x - rows[i].mean) * (x - rows[i].mean);
        }
        double v = rows[i].variance;
        assert_true(fabs(sum / N) < 5 * sqrt(v / N));
        assert_true(fabs(squares / N - v) < 5 * v * sqrt((rows[i].kurtosis - 1) / N));
    }
}

static void below_is_uniform(void **state)
{
    (void)state;
    enum { SIDES = 7, EACH = 10000, N = SIDES * EACH };
    mdg_rng r = mdg_rng_make(3, 1);
    size_t count[SIDES] = { 0 };
    for (size_t i = 0; i < N; i++)
        count[mdg_rng_below(&r, SIDES)]++;
    double chi2 = 0;
    for (size_t i = 0; i < SIDES; i++)
        chi2 += pow((double)count[i] - EACH, 2) / EACH;
    assert_true(mdg_chi2_sf(chi2, SIDES - 1) > 1e-6);
    assert_int_equal(mdg_rng_below(&r, 1), 0);
    assert_true(mdg_rng_below(&r, UINT64_MAX) < UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(streams_and_seeds_differ),
        cmocka_unit_test(moments),
        cmocka_unit_test(below_is_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
