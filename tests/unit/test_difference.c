/* Difference-in-differences on ratios. */
#include "unit.h"

static const mdg_difference_opts plain = MDG_DIFFERENCE_OPTS;

enum { NT = 40, NC = 60, GROUPS = 8 };

typedef struct meter {
    double observed, counterfactual, weight;
} meter;

static meter treated_meter(size_t k)
{
    double c = 1000 + 50 * (double)(k * 13 % 29);
    return (meter){ c * (0.93 + 0.01 * ((double)(k * 7 % 11) - 5)), c, 1 };
}

static meter comparison_meter(size_t k)
{
    double c = 900 + 40 * (double)(k * 17 % 31);
    return (meter){ c * (1.02 + 0.008 * ((double)(k * 5 % 13) - 6)), c,
                    0.25 + 0.5 * (double)(k % 4) };
}

static void add_all(mdg_difference *d, double unit)
{
    for (size_t k = 0; k < NT; k++) {
        meter m = treated_meter(k);
        mdg_difference_add_treated(d, unit * m.observed, unit * m.counterfactual, k % GROUPS);
    }
    for (size_t k = 0; k < NC; k++) {
        meter m = comparison_meter(k);
        mdg_difference_add_comparison(d, unit * m.observed, unit * m.counterfactual, m.weight,
                                      k % GROUPS);
    }
}

/* statsmodels: sm.WLS(observed, counterfactual, weights=w / counterfactual) has the ratio as its
 * slope; .fit(cov_type='HC0') and, by k % 8, .fit(cov_type='cluster', cov_kwds=dict(groups=k % 8,
 * use_correction=False)) have its standard error, here times 1 / sqrt(1 - 1 / effective). */
static void ratios_are_those_of_statsmodels(void **state)
{
    (void)state;
    mdg_difference d = { 0 };
    add_all(&d, 1);
    mdg_difference_result r = mdg_difference_get(&d, &plain);
    assert_close(r.treated_ratio, 0.92965697240865, 1e-13);
    assert_close(r.comparison_ratio, 1.0210262980445, 1e-13);
    assert_close(r.treated_effective, 37.63747671571193, 1e-13);
    assert_close(r.comparison_effective, 43.44043362301156, 1e-13);
    assert_close(r.treated_se, 0.00527411728934048 / sqrt(1 - 1 / 37.63747671571193), 1e-11);
    assert_close(r.comparison_se, 0.00437970881081817 / sqrt(1 - 1 / 43.44043362301156), 1e-11);
    assert_close(r.effect.value, 1 - 0.92965697240865 / 1.0210262980445, 1e-12);
    double vt = pow(r.treated_se / r.comparison_ratio, 2);
    double vc = pow(r.comparison_se * r.treated_ratio / pow(r.comparison_ratio, 2), 2);
    double df = pow(vt + vc, 2) /
                (vt * vt / (r.treated_effective - 1) + vc * vc / (r.comparison_effective - 1));
    assert_close(r.se, sqrt(vt + vc), 1e-13);
    assert_close(r.df, df, 1e-12);
    assert_close(r.effect.hi - r.effect.value, mdg_t_quantile(0.95, df) * r.se, 1e-12);
    assert_close(r.effect.value - r.effect.lo, r.effect.hi - r.effect.value, 1e-12);
}

static void clusters_are_those_of_statsmodels(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_difference d;
    assert_int_equal(mdg_difference_make(GROUPS, &mem, &d, NULL), MDG_OK);
    add_all(&d, 1);
    mdg_difference_result r = mdg_difference_get(&d, &plain);
    assert_close(r.treated_ratio, 0.92965697240865, 1e-13);
    assert_close(r.treated_effective, 7.9790615640599, 1e-13);
    assert_close(r.comparison_effective, 6.086651662934953, 1e-13);
    assert_close(r.treated_se, 0.00673031354633594 / sqrt(1 - 1 / 7.9790615640599), 1e-11);
    assert_close(r.comparison_se, 0.00295556867313813 / sqrt(1 - 1 / 6.086651662934953), 1e-11);
    mdg_arena_free(&mem);
}

static void a_cluster_for_each_meter_is_none(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_difference alone, none = { 0 };
    assert_int_equal(mdg_difference_make(NT + NC, &mem, &alone, NULL), MDG_OK);
    add_all(&none, 1);
    for (size_t k = 0; k < NT; k++)
        mdg_difference_add_treated(&alone, treated_meter(k).observed,
                                   treated_meter(k).counterfactual, k);
    for (size_t k = 0; k < NC; k++) {
        meter m = comparison_meter(k);
        /* As if it served two cohorts, in the same cluster. */
        mdg_difference_add_comparison(&alone, m.observed, m.counterfactual, 0.4 * m.weight, NT + k);
        mdg_difference_add_comparison(&alone, m.observed, m.counterfactual, 0.6 * m.weight, NT + k);
    }
    mdg_difference_result a = mdg_difference_get(&alone, &plain);
    mdg_difference_result b = mdg_difference_get(&none, &plain);
    assert_close(a.effect.value, b.effect.value, 1e-12);
    assert_close(a.se, b.se, 1e-11);
    assert_close(a.df, b.df, 1e-11);
    assert_close(a.savings.lo, b.savings.lo, 1e-11);
    mdg_arena_free(&mem);
}

/* A shock that a cluster's treated and comparison meters share is no doubt about the effect. */
static void what_a_cluster_shares_cancels(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_difference d;
    assert_int_equal(mdg_difference_make(GROUPS, &mem, &d, NULL), MDG_OK);
    for (size_t k = 0; k < GROUPS; k++) {
        double shock = 1 + 0.1 * ((double)(k % 4) - 1.5);
        mdg_difference_add_treated(&d, 900 * shock, 1000, k);
        mdg_difference_add_comparison(&d, 1000 * shock, 1000, 2, k);
    }
    mdg_difference_result r = mdg_difference_get(&d, &plain);
    assert_close(r.effect.value, 0.1, 1e-12);
    /* What is left is the correction for few clusters, of both sides. */
    assert_true(r.treated_se > 0.03 && r.se < 0.6 * r.treated_se);
    mdg_arena_free(&mem);
}

static void savings_are_the_effect_in_energy(void **state)
{
    (void)state;
    mdg_difference d = { 0 }, kwh = { 0 };
    add_all(&d, 1);
    add_all(&kwh, 3.6);
    mdg_difference_result r = mdg_difference_get(&d, &plain), u = mdg_difference_get(&kwh, &plain);
    double total = 0;
    for (size_t k = 0; k < NT; k++)
        total += treated_meter(k).counterfactual;
    assert_close(r.savings.value, total * r.comparison_ratio * r.effect.value, 1e-12);
    assert_close(u.savings.lo, 3.6 * r.savings.lo, 1e-12);
    assert_close(u.effect.lo, r.effect.lo, 1e-11);
    double half = total * hypot(r.treated_se, r.comparison_se);
    assert_true(r.savings.hi - r.savings.value > 1.6 * half);
    assert_true(r.savings.hi - r.savings.value < 1.7 * half);
}

static void what_years_do_not_share_is_added(void **state)
{
    (void)state;
    mdg_difference d = { 0 };
    add_all(&d, 1);
    mdg_difference_opts opts = plain;
    mdg_difference_result without = mdg_difference_get(&d, &opts);
    opts.shared = (mdg_shared){ .variance = 4e-4, .df = MDG_INFINITY };
    mdg_difference_result with = mdg_difference_get(&d, &opts);
    assert_close(with.se * with.se, without.se * without.se + 4e-4, 1e-13);
    assert_true(with.df > without.df);
    opts.shared.df = 4;
    mdg_difference_result few = mdg_difference_get(&d, &opts);
    assert_true(few.df > 4 && few.df < 8 && few.effect.hi > with.effect.hi);
    opts.shared = mdg_shared_variance(NULL, NULL, 0);
    assert_true(isnan(mdg_difference_get(&d, &opts).effect.lo));
}

static void parts_merge(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_difference whole, part[3], merged;
    mdg_difference_make(GROUPS, &mem, &whole, NULL);
    mdg_difference_make(GROUPS, &mem, &merged, NULL);
    add_all(&whole, 1);
    for (size_t p = 0; p < 3; p++) {
        mdg_difference_make(GROUPS, &mem, &part[p], NULL);
        for (size_t k = p; k < NT; k += 3)
            mdg_difference_add_treated(&part[p], treated_meter(k).observed,
                                       treated_meter(k).counterfactual, k % GROUPS);
        for (size_t k = p; k < NC; k += 3) {
            meter m = comparison_meter(k);
            mdg_difference_add_comparison(&part[p], m.observed, m.counterfactual, m.weight,
                                          k % GROUPS);
        }
        mdg_difference_merge(&merged, &part[p]);
    }
    /* What is missing or weighs nothing is not added. */
    mdg_difference_add_treated(&merged, MDG_NAN, 1000, 0);
    mdg_difference_add_comparison(&merged, 5, MDG_NAN, 1, 0);
    mdg_difference_add_comparison(&merged, 5, 7, 0, 0);
    mdg_difference_result a = mdg_difference_get(&whole, &plain);
    mdg_difference_result b = mdg_difference_get(&merged, &plain);
    assert_int_equal(merged.treated.meters, NT);
    assert_int_equal(merged.comparison.meters, NC);
    assert_close(b.effect.lo, a.effect.lo, 1e-12);
    assert_close(b.savings.hi, a.savings.hi, 1e-12);
    mdg_arena_free(&mem);
}

static void too_little_is_nan(void **state)
{
    (void)state;
    mdg_difference d = { 0 };
    assert_true(isnan(mdg_difference_get(&d, &plain).effect.value));
    mdg_difference_add_treated(&d, 90, 100, 0);
    mdg_difference_add_treated(&d, 95, 100, 0);
    assert_true(isnan(mdg_difference_get(&d, &plain).effect.value));
    mdg_difference_add_comparison(&d, 100, 100, 1, 0);
    mdg_difference_result one = mdg_difference_get(&d, &plain);
    assert_close(one.effect.value, 0.075, 1e-13);
    assert_true(isnan(one.effect.lo) && isnan(one.savings.hi) && isnan(one.comparison_se));
    mdg_difference_add_comparison(&d, 104, 100, 1, 0);
    assert_true(mdg_difference_get(&d, &plain).effect.lo < 0.1);
    mdg_arena full = { .fail_after = 1 };
    assert_int_equal(mdg_difference_make(3, &full, &d, NULL), MDG_E_MEMORY);
    mdg_arena_free(&full);
}

/* ---- coverage ----------------------------------------------------------------------------- */

typedef struct world {
    const char *name;
    size_t treated, comparison, per_cluster; /* per_cluster 0: independent meters */
    double saved, shock, own, cluster, between;
    double lowest, highest; /* share of intervals that hold the truth */
} world;

/* Sizes are lognormal; every meter's use changes by what all share, what its cluster shares, and
 * its own; the treated save beside that. `between` is what the groups do not share in a year. With
 * 2,000 replicates three Monte-Carlo errors of 0.90 are 0.020. */
static const world worlds[] = {
    { "a saving of a tenth", 100, 300, 0, 0.1, -0.12, 0.2, 0, 0, 0.88, 0.92 },
    { "no saving", 100, 300, 0, 0, 0.08, 0.2, 0, 0, 0.88, 0.92 },
    { "clusters of ten", 200, 400, 10, 0.1, -0.12, 0.15, 0.1, 0, 0.88, 0.92 },
    { "years not shared", 200, 400, 0, 0.1, -0.12, 0.2, 0, 0.04, 0.88, 0.92 },
};

enum { REPLICATES = 2000 };

static void add_world(const world *w, mdg_rng *r, mdg_difference *d, bool treated, size_t first)
{
    size_t n = treated ? w->treated : w->comparison;
    double group = 0, year = treated ? w->between * mdg_rng_normal(r) : 0;
    for (size_t i = 0; i < n; i++) {
        if (w->per_cluster > 0 && i % w->per_cluster == 0)
            group = w->cluster * mdg_rng_normal(r);
        double c = 1000 * exp(0.5 * mdg_rng_normal(r));
        double change = (1 + w->shock) * (1 + group + year + w->own * mdg_rng_normal(r));
        size_t cluster = w->per_cluster > 0 ? first + i / w->per_cluster : 0;
        if (treated)
            mdg_difference_add_treated(d, c * change * (1 - w->saved), c, cluster);
        else
            mdg_difference_add_comparison(d, c * change, c, 0.5 + mdg_rng_uniform(r), cluster);
    }
}

static void intervals_cover(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof worlds / sizeof *worlds; k++) {
        const world *w = &worlds[k];
        size_t held = 0;
        double sum = 0, squares = 0;
        mdg_difference_opts opts = MDG_DIFFERENCE_OPTS;
        /* A yearly change of the treated's ratio, as a share, moves the effect by 1 - saved. */
        opts.shared.variance = pow(w->between * (1 - w->saved), 2);
        for (size_t i = 0; i < REPLICATES; i++) {
            mdg_arena mem = { 0 };
            mdg_rng r = mdg_rng_make(900 + k, i);
            mdg_difference d = { 0 };
            size_t of_treated = w->per_cluster > 0 ? w->treated / w->per_cluster : 0;
            if (w->per_cluster > 0)
                mdg_difference_make(of_treated + w->comparison / w->per_cluster, &mem, &d, NULL);
            add_world(w, &r, &d, true, 0);
            add_world(w, &r, &d, false, of_treated);
            mdg_difference_result got = mdg_difference_get(&d, &opts);
            held += got.effect.lo <= w->saved && w->saved <= got.effect.hi ? 1 : 0;
            sum += got.effect.value - w->saved;
            squares += pow(got.effect.value - w->saved, 2);
            mdg_arena_free(&mem);
        }
        double share = (double)held / REPLICATES, bias = sum / REPLICATES;
        double error = sqrt(squares) / REPLICATES;
        print_message("%s: covers %.3f, bias %.5f +- %.5f\n", w->name, share, bias, error);
        if (share < w->lowest || share > w->highest || fabs(bias) > 3.5 * error)
            fail_msg("%s: covers %.3f, bias %.5f +- %.5f", w->name, share, bias, error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_are_those_of_statsmodels),
        cmocka_unit_test(clusters_are_those_of_statsmodels),
        cmocka_unit_test(a_cluster_for_each_meter_is_none),
        cmocka_unit_test(what_a_cluster_shares_cancels),
        cmocka_unit_test(savings_are_the_effect_in_energy),
        cmocka_unit_test(what_years_do_not_share_is_added),
        cmocka_unit_test(parts_merge),
        cmocka_unit_test(too_little_is_nan),
        cmocka_unit_test(intervals_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
