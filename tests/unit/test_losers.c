/* Who lost. */
#include "unit.h"

enum { N = 80 };

static const mdg_losers_opts plain = MDG_LOSERS_OPTS;

static void eighty(double *saved, double *sd)
{
    for (int k = 0; k < N; k++) {
        saved[k] = 0.06 + 0.01 * (k * 17 % 37 - 18) + 0.01 * (k * 5 % 7 - 3);
        sd[k] = 0.05 + 0.01 * (k * 3 % 5);
    }
}

static mdg_losers compute(const mdg_losers_data *d, const mdg_losers_opts *o)
{
    mdg_arena mem = { 0 };
    mdg_losers l;
    assert_int_equal(mdg_losers_compute(d, o, &mem, &l, NULL), MDG_OK);
    mdg_arena_free(&mem);
    return l;
}

/* tests/oracle/make_inclusion_figures.py: combine_effects of statsmodels (DerSimonian and Laird).
 */
static void figures_are_those_of_statsmodels(void **state)
{
    (void)state;
    double saved[N], sd[N];
    eighty(saved, sd);
    mdg_losers_data d = { .n = N, .saved = saved, .sd = sd };
    mdg_losers l = compute(&d, &plain);
    assert_close(l.mean, 0.05665839649639866, 1e-12);
    assert_close(l.spread, 0.09322727852287772, 1e-12);
    assert_close(l.share.value, 0.2716783627096547, 1e-11);
    assert_close(l.noise, 0.20282381103547512, 1e-11);
    assert_close(l.raw, 0.35, 1e-15);
    assert_true(l.share.lo < l.share.value && l.share.value < l.share.hi);
    /* Placebo errors in place of normal ones: a quarter of them below every mean. */
    const double error[] = { 9, -9, 0.1, 0.2 };
    d.error = error;
    d.n_errors = 4;
    assert_close(compute(&d, &plain).noise, 0.25, 1e-15);
}

/* ---- worlds whose losers are known ------------------------------------------------------------
 */

enum { WORLDS = 400, METERS = 200 };

typedef struct world_opts {
    const char *name;
    double mean, spread, shared_sd;
    bool heavy; /* errors of a Student's t with 5 degrees of freedom */
    double least_coverage;
} world_opts;

static double draw_error(mdg_rng *rng, bool heavy)
{
    double z = mdg_rng_normal(rng);
    /* A t with 5 degrees of freedom has the variance 5 / 3. */
    return heavy ? z / sqrt(2 * mdg_rng_gamma(rng, 2.5) / 5) / sqrt(5 / 3.0) : z;
}

/* True shares are normal, errors are as large as the model says; the variance of errors is known
 * from as many placebos. */
static void losers_are_found(void **state)
{
    (void)state;
    static const world_opts rows[] = {
        { "a twelfth loses", 0.07, 0.05, 0, false, 86 },
        { "and heavy tails", 0.07, 0.05, 0, true, 86 },
        { "and a year's error", 0.07, 0.05, 0.02, false, 86 },
        { "a third loses", 0.03, 0.07, 0, false, 86 },
        { "nobody loses", 0.08, 0, 0, false, 86 },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        const world_opts *w = &rows[r];
        double truth = w->spread > 0 ? mdg_normal_cdf(-w->mean / w->spread) : 0;
        double raw = 0, share = 0;
        size_t hits = 0;
        for (size_t i = 0; i < WORLDS; i++) {
            double saved[METERS], sd[METERS];
            mdg_rng rng = mdg_rng_make(21 + r, i);
            double shared = w->shared_sd * mdg_rng_normal(&rng), squares = 0, fourth = 0;
            /* As many placebos give the variance of errors, and how well it is known. */
            for (size_t k = 0; k < METERS; k++) {
                double e = draw_error(&rng, w->heavy);
                squares += e * e / METERS;
                fourth += e * e * e * e / METERS;
            }
            for (size_t k = 0; k < METERS; k++) {
                double own = 0.06 + 0.08 * mdg_rng_uniform(&rng);
                saved[k] = w->mean + w->spread * mdg_rng_normal(&rng) + shared +
                           own * draw_error(&rng, w->heavy);
                sd[k] = own * sqrt(squares);
            }
            mdg_losers_data d = { .n = METERS,
                                  .saved = saved,
                                  .sd = sd,
                                  .shared_sd = w->shared_sd,
                                  .doubt = sqrt((fourth / (squares * squares) - 1) / METERS) };
            mdg_losers_opts o = plain;
            o.replicates = 400;
            o.seed = i;
            mdg_losers l = compute(&d, &o);
            raw += 100 * l.raw / WORLDS;
            share += 100 * l.share.value / WORLDS;
            hits += l.share.lo <= truth && truth <= l.share.hi;
        }
        double covered = 100.0 * (double)hits / WORLDS;
        print_message("%s: truth %.1f %%, raw %.1f, corrected %.1f, covered %.1f %%\n", w->name,
                      100 * truth, raw, share, covered);
        assert_true(raw > 100 * truth + 4);
        assert_true(fabs(share - 100 * truth) < 2.5);
        if (covered < w->least_coverage)
            fail_msg("%s: covered %.1f %%", w->name, covered);
    }
}

static void all_alike(void **state)
{
    (void)state;
    double saved[N], sd[N];
    for (size_t i = 0; i < N; i++) {
        saved[i] = 0.05 + (i % 2 ? 0.001 : -0.001);
        sd[i] = 0.1;
    }
    mdg_losers_data d = { .n = N, .saved = saved, .sd = sd };
    mdg_losers l = compute(&d, &plain);
    assert_true(!(l.spread > 0) && !(l.share.value > 0) && !(l.raw > 0));
    assert_close(l.noise, mdg_normal_cdf(-0.5), 1e-13);
    for (size_t i = 0; i < N; i++)
        saved[i] -= 0.2;
    l = compute(&d, &plain);
    assert_close(l.share.value, 1, 1e-15);
    assert_close(l.raw, 1, 1e-15);
    /* Not a matter of the unit or of the order. */
    eighty(saved, sd);
    mdg_losers a = compute(&d, &plain);
    for (size_t i = 0; i < N; i++) {
        saved[i] *= 3;
        sd[i] *= 3;
    }
    assert_close(compute(&d, &plain).share.value, a.share.value, 1e-12);
    assert_close(compute(&d, &plain).share.hi, a.share.hi, 1e-12);
}

static void refusals(void **state)
{
    (void)state;
    double saved[N], sd[N], error[] = { 1, MDG_NAN };
    eighty(saved, sd);
    mdg_arena mem = { 0 };
    mdg_losers l;
    mdg_losers_data d = { .n = N, .saved = saved, .sd = sd, .error = error, .n_errors = 2 };
    assert_int_equal(mdg_losers_compute(&d, &plain, &mem, &l, NULL), MDG_E_RANGE);
    d.n_errors = 1;
    assert_int_equal(mdg_losers_compute(&d, &plain, &mem, &l, NULL), MDG_OK);
    sd[4] = 0;
    assert_int_equal(mdg_losers_compute(&d, &plain, &mem, &l, NULL), MDG_E_RANGE);
    sd[4] = 1;
    mdg_losers_opts o = plain;
    o.level = 1;
    assert_int_equal(mdg_losers_compute(&d, &o, &mem, &l, NULL), MDG_E_RANGE);
    d.n = 1;
    assert_int_equal(mdg_losers_compute(&d, &plain, &mem, &l, NULL), MDG_E_SHORT);
    mdg_arena_free(&mem);
    d.n = N;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 20) {
        mdg_arena small = { .fail_after = ++k };
        s = mdg_losers_compute(&d, &plain, &small, &l, NULL);
        mdg_arena_free(&small);
    }
    assert_int_equal(s, MDG_OK);
    assert_int_equal(k, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_statsmodels),
        cmocka_unit_test(losers_are_found),
        cmocka_unit_test(all_alike),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
