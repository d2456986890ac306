/* Do groups differ? */
#include "unit.h"

enum { G = 5 };

static const mdg_group_effect five[G] = {
    { 0.05, 3e5, 1e-4 },   { 0.09, 1e5, 2e-4 },   { 0.07, 5e5, 0.5e-4 },
    { 0.12, 0.5e5, 4e-4 }, { 0.02, 2e5, 1.5e-4 },
};
static const mdg_group_years no_years = { 0, 0, 1 };

/* tests/oracle/make_inclusion_figures.py: multipletests of statsmodels. */
static void holm_is_that_of_statsmodels(void **state)
{
    (void)state;
    double p[] = { 0.012, 0.2, 0.03, 0.004, 0.65, MDG_NAN, 0.03, 0.9, 0.01 };
    const double want[] = { 0.072, 0.6, 0.15, 0.032, 1, MDG_NAN, 0.15, 1, 0.07 };
    mdg_arena mem = { 0 };
    assert_int_equal(mdg_holm(p, 9, &mem, p, NULL), MDG_OK);
    for (size_t i = 0; i < 9; i++)
        assert_close(p[i], want[i], 1e-14);
    mdg_arena full = { .fail_after = 1 };
    assert_int_equal(mdg_holm(p, 9, &full, p, NULL), MDG_E_MEMORY);
    mdg_arena_free(&mem);
}

static void tests_are_those_of_statsmodels(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_group_test each[G];
    mdg_heterogeneity h;
    assert_int_equal(mdg_groups_differ(five, G, no_years, &mem, each, &h, NULL), MDG_OK);
    assert_close(h.q, 26.764150943396203, 1e-13);
    assert_close(h.p, 2.2185030476698885e-05, 1e-11);
    assert_true(isinf(h.df_error) && isinf(each[3].df));
    mdg_group_years years = { 0.5e-4, 0.3e-4, 6 };
    assert_int_equal(mdg_groups_differ(five, G, years, &mem, each, &h, NULL), MDG_OK);
    assert_close(h.q, 20.997343957503304, 1e-13);
    assert_close(h.df_error, 71.42743765971971, 1e-12);
    assert_close(h.p, 0.0009172509450281388, 1e-10);
    assert_close(each[3].difference, 0.06272727272727271, 1e-13);
    assert_close(each[3].se, 0.02214714130014515, 1e-13);
    assert_close(each[3].df, 305.76584201388886, 1e-12);
    assert_close(each[3].p, 0.0049282815441449145, 1e-10);
    double p[G];
    for (size_t i = 0; i < G; i++)
        p[i] = each[i].p;
    assert_int_equal(mdg_holm(p, G, &mem, p, NULL), MDG_OK);
    for (size_t i = 0; i < G; i++)
        assert_close(each[i].p_holm, p[i], 1e-15);
    mdg_arena_free(&mem);
}

/* Of two groups, either against the other is the whole of it. */
static void two_groups_are_one_test(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_group_test each[2];
    mdg_heterogeneity h;
    assert_int_equal(mdg_groups_differ(five, 2, no_years, &mem, each, &h, NULL), MDG_OK);
    assert_close(each[0].p, h.p, 1e-12);
    assert_close(each[1].p, h.p, 1e-12);
    assert_close(each[0].p_holm, h.p, 1e-12);
    assert_close(each[0].difference, -each[1].difference, 1e-13);
    assert_int_equal(mdg_groups_differ(five, 1, no_years, &mem, each, &h, NULL), MDG_OK);
    assert_true(isnan(h.p) && isnan(each[0].p_holm));
    mdg_arena_free(&mem);
}

/* tests/oracle/make_inclusion_figures.py */
static void years_of_groups_are_those_of_statsmodels(void **state)
{
    (void)state;
    enum { N = 96 };
    mdg_placebo p[N];
    uint32_t group[N];
    for (int k = 0; k < N; k++) {
        group[k] = (uint32_t)(k % 4);
        int pair = k / 4 % 3;
        p[k] = (mdg_placebo){ .meter = (uint32_t)k,
                              .pair = pair,
                              .error = 0.001 * (k * 19 % 41 - 20) + 0.02 * (k % 4) * (pair - 1),
                              .counterfactual = 1000 + 50.0 * (k * 13 % 29),
                              .scale = 0.06 + 0.01 * (k * 7 % 5) };
    }
    mdg_arena mem = { 0 };
    mdg_group_years years;
    assert_int_equal(mdg_group_years_of(p, group, N, 4, 0.04, &mem, &years, NULL), MDG_OK);
    assert_close(years.variance, 0.00039887268274377204, 1e-12);
    assert_close(years.se, 0.00020427049270530442, 1e-12);
    assert_int_equal(years.cells, 9);
    /* One group in each pair tells nothing. */
    for (int k = 0; k < N; k++)
        group[k] = (uint32_t)p[k].pair;
    assert_int_equal(mdg_group_years_of(p, group, N, 4, 0.04, &mem, &years, NULL), MDG_OK);
    assert_int_equal(years.cells, 0);
    group[5] = 4;
    assert_int_equal(mdg_group_years_of(p, group, N, 4, 0.04, &mem, &years, NULL), MDG_E_RANGE);
    assert_int_equal(mdg_group_years_of(p, group, N, 5, 0, &mem, &years, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
}

/* ---- false alarms ------------------------------------------------------------------------------
 */

enum { WORLDS = 1500, HOMES = 60, GROUPS = 5 };

typedef struct alarms {
    double all, any; /* percent of worlds with p below 10 %: the Q test; any group after Holm */
} alarms;

/* One year of all groups: what all share, what each group has for itself, and its homes' own. */
static void draw_year(mdg_rng *rng, double group_sd, int32_t pair, mdg_placebo *p, uint32_t *group)
{
    double shared = 0.03 * mdg_rng_normal(rng);
    for (uint32_t g = 0; g < GROUPS; g++) {
        double own = shared + group_sd * mdg_rng_normal(rng);
        for (size_t i = 0; i < HOMES; i++, p++) {
            double scale = 0.07 + 0.05 * mdg_rng_uniform(rng);
            *group++ = g;
            *p = (mdg_placebo){ .pair = pair,
                                .error = own + scale * mdg_rng_normal(rng),
                                .counterfactual = 1000 * (0.5 + mdg_rng_uniform(rng)),
                                .scale = scale };
        }
    }
}

/* Earlier years say what groups have for themselves; then a year in which nothing differs. */
static alarms count_alarms(double group_sd, int32_t pairs, bool told)
{
    enum { YEAR = HOMES * GROUPS };
    alarms a = { 0 };
    mdg_arena mem = { 0 };
    mdg_placebo *p = mdg_new(&mem, mdg_placebo, YEAR * 9);
    uint32_t *group = mdg_new(&mem, uint32_t, YEAR * 9);
    for (size_t w = 0; w < WORLDS; w++) {
        mdg_rng rng = mdg_rng_make(31, w);
        for (int32_t k = 0; k <= pairs; k++)
            draw_year(&rng, group_sd, k, p + k * YEAR, group + k * YEAR);
        mdg_group_years years = no_years;
        if (told)
            assert_int_equal(
                mdg_group_years_of(p, group, (size_t)pairs * YEAR, GROUPS, 1, &mem, &years, NULL),
                MDG_OK);
        mdg_group_effect g[GROUPS] = { { 0 } };
        for (size_t i = 0; i < YEAR; i++) {
            const mdg_placebo *m = &p[(size_t)pairs * YEAR + i];
            g[group[i]].whole += m->counterfactual;
            g[group[i]].effect += m->counterfactual * m->error;
            g[group[i]].variance += pow(m->counterfactual * m->scale, 2);
        }
        for (size_t k = 0; k < GROUPS; k++) {
            g[k].effect /= g[k].whole;
            g[k].variance /= g[k].whole * g[k].whole;
        }
        mdg_group_test each[GROUPS];
        mdg_heterogeneity h;
        assert_int_equal(mdg_groups_differ(g, GROUPS, years, &mem, each, &h, NULL), MDG_OK);
        bool any = false;
        for (size_t k = 0; k < GROUPS; k++)
            any = any || each[k].p_holm < 0.1;
        a.all += h.p < 0.1 ? 100.0 / WORLDS : 0;
        a.any += any ? 100.0 / WORLDS : 0;
    }
    mdg_arena_free(&mem);
    return a;
}

/* Nominal 10; the Monte-Carlo error of 1500 worlds is 0.8. */
static void alarms_are_as_rare_as_they_should_be(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double group_sd;
        int32_t pairs;
        bool told;
        double least, most;
    } rows[] = {
        { "groups share all of a year", 0, 3, false, 7.5, 12.5 },
        { "the same, from three pairs", 0, 3, true, 1.5, 12.5 },
        { "own years, known from three pairs", 0.012, 3, true, 4, 12.5 },
        { "own years, known from eight pairs", 0.012, 8, true, 6, 12.5 },
        { "own years, left out", 0.012, 3, false, 20, 100 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        alarms a = count_alarms(rows[i].group_sd, rows[i].pairs, rows[i].told);
        print_message("%s: all %.1f %%, any %.1f %%\n", rows[i].name, a.all, a.any);
        if (!(a.all >= rows[i].least && a.all <= rows[i].most))
            fail_msg("%s: %.1f %% alarms", rows[i].name, a.all);
        assert_true(!rows[i].told || a.any <= 13);
    }
}

static void refusals(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_group_test each[G];
    mdg_heterogeneity h;
    assert_int_equal(mdg_groups_differ(five, 0, no_years, &mem, each, &h, NULL), MDG_E_SHORT);
    mdg_group_effect bad[2] = { five[0], five[1] };
    bad[1].variance = 0;
    assert_int_equal(mdg_groups_differ(bad, 2, no_years, &mem, each, &h, NULL), MDG_E_RANGE);
    bad[1] = five[1];
    bad[0].whole = MDG_NAN;
    assert_int_equal(mdg_groups_differ(bad, 2, no_years, &mem, each, &h, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
    /* Unknown years count as the prior says. */
    mdg_group_years unknown = { 0 }, prior = { MDG_APART_SD * MDG_APART_SD, 0, 1 };
    assert_int_equal(mdg_groups_differ(five, G, unknown, &mem, each, &h, NULL), MDG_OK);
    double p = h.p;
    assert_int_equal(mdg_groups_differ(five, G, prior, &mem, each, &h, NULL), MDG_OK);
    assert_close(h.p, p, 1e-15);
    mdg_arena_free(&mem);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    mdg_group_test each[G];
    mdg_heterogeneity h;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 9) {
        mdg_arena small = { .fail_after = ++k };
        s = mdg_groups_differ(five, G, no_years, &small, each, &h, NULL);
        mdg_arena_free(&small);
    }
    assert_int_equal(k, 3);
    mdg_placebo p[4] = {
        { 0, 0, 0.1, 9, 0.1 }, { 1, 0, 0.1, 9, 0.1 }, { 2, 0, 0.1, 9, 0.1 }, { 3, 0, 0.1, 9, 0.1 }
    };
    const uint32_t group[4] = { 0, 0, 1, 1 };
    mdg_group_years years;
    for (k = 0, s = MDG_E_MEMORY; s == MDG_E_MEMORY && k < 9;) {
        mdg_arena small = { .fail_after = ++k };
        s = mdg_group_years_of(p, group, 4, 2, 1, &small, &years, NULL);
        mdg_arena_free(&small);
    }
    assert_int_equal(k, 3);
    assert_int_equal(years.cells, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holm_is_that_of_statsmodels),
        cmocka_unit_test(tests_are_those_of_statsmodels),
        cmocka_unit_test(two_groups_are_one_test),
        cmocka_unit_test(years_of_groups_are_those_of_statsmodels),
        cmocka_unit_test(alarms_are_as_rare_as_they_should_be),
        cmocka_unit_test(refusals),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
