/* Balance between the groups. */
#include "unit.h"

enum { D = MDG_FEATURES_DAILY, NT = 4, NP = 5 };

static const double level_t[NT] = { 1.5, 2, 2.25, 3 }, level_p[NP] = { 1, 1.5, 2, 2.5, 4 };
static const double weight[NP] = { 0, 1, 2, 1, 0.5 };

/* The level as given; March three times as far off as the level; other months alike. */
static void fill(double treated[NT * D], double pool[NP * D])
{
    for (size_t i = 0; i < NT; i++)
        for (size_t f = 0; f < D; f++)
            treated[i * D + f] = level_t[i];
    for (size_t i = 0; i < NP; i++)
        for (size_t f = 0; f < D; f++)
            pool[i * D + f] = level_t[i % NT];
    for (size_t i = 0; i < NP; i++) {
        pool[i * D] = level_p[i];
        pool[i * D + 3] = level_p[i] + 0.07;
    }
}

/* numpy: sd = x.std(ddof=1); (np.average(y, weights=w) - x.mean()) / sd; the weighted variance is
 * sum(w (y - m)^2) / (sum(w) - sum(w^2) / sum(w)) */
static void figures_are_those_of_numpy(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    double treated[NT * D], pool[NP * D];
    fill(treated, pool);
    mdg_groups g = { { NT, D, treated, NULL }, { NP, D, pool, NULL } };
    mdg_balance b;
    assert_int_equal(mdg_balance_make(&g, weight, &mem, &b, NULL), MDG_OK);
    assert_close(b.row[0].treated, 2.1875, 1e-15);
    assert_close(b.row[0].before, 2.2, 1e-15);
    assert_close(b.row[0].smd_before, 0.02, 1e-12);
    assert_close(b.row[0].smd_after, 0.0555555555555557, 1e-12);
    assert_close(b.row[0].variance_before, 3.392, 1e-12);
    assert_close(b.row[0].variance_after, 1.87428571428571, 1e-12);
    assert_close(b.effective, 3.24, 1e-14);
    assert_int_equal(b.worst, 3);
    assert_int_equal(b.worst_month, 2);
    assert_close(b.max_smd, 0.0555555555555557 + 0.07 / 0.625, 1e-12);
    assert_int_equal(b.verdict, MDG_BALANCE_ACCEPTABLE);
    mdg_arena_free(&mem);
}

/* A meter of weight 0, excluded, or without the feature, and ten times the weights, change
 * nothing. */
static void what_does_not_count_does_not_count(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    double treated[(NT + 1) * D], pool[(NP + 1) * D], tenfold[NP + 1];
    const bool no_treated[NT + 1] = { false, false, false, false, true };
    fill(treated, pool);
    mdg_groups g = { { NT, D, treated, NULL }, { NP, D, pool, NULL } };
    mdg_balance a, b;
    assert_int_equal(mdg_balance_make(&g, weight, &mem, &a, NULL), MDG_OK);
    for (size_t f = 0; f < D; f++) {
        treated[NT * D + f] = 1e9;
        pool[NP * D + f] = MDG_NAN;
    }
    for (size_t i = 0; i < NP; i++)
        tenfold[i] = 10 * weight[i];
    tenfold[NP] = 8;
    g = (mdg_groups){ { NT + 1, D, treated, no_treated }, { NP + 1, D, pool, NULL } };
    assert_int_equal(mdg_balance_make(&g, tenfold, &mem, &b, NULL), MDG_OK);
    for (size_t f = 0; f < D; f++) {
        assert_close(b.row[f].smd_before, a.row[f].smd_before, 1e-13);
        assert_close(b.row[f].smd_after, a.row[f].smd_after, 1e-13);
        assert_close(b.row[f].variance_after, a.row[f].variance_after, 1e-13);
    }
    mdg_arena_free(&mem);
}

static const struct {
    double off; /* of March, in standard deviations */
    mdg_balance_verdict want;
    const char *words;
} verdicts[] = {
    { 0, MDG_BALANCE_GOOD, "good" },
    { 0.09, MDG_BALANCE_GOOD, "good" },
    { -0.11, MDG_BALANCE_ACCEPTABLE, "acceptable" },
    { 0.24, MDG_BALANCE_ACCEPTABLE, "acceptable" },
    { -0.26, MDG_BALANCE_POOR, "poor" },
};

static void verdicts_have_limits(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof verdicts / sizeof *verdicts; k++) {
        mdg_arena mem = { 0 };
        double treated[NT * D], pool[NP * D];
        const double ones[NT] = { 1, 1, 1, 1 };
        fill(treated, pool);
        memcpy(pool, treated, sizeof treated);
        for (size_t i = 0; i < NT; i++)
            pool[i * D + 3] += verdicts[k].off * 0.625;
        mdg_groups g = { { NT, D, treated, NULL }, { NT, D, pool, NULL } };
        mdg_balance b;
        assert_int_equal(mdg_balance_make(&g, ones, &mem, &b, NULL), MDG_OK);
        assert_int_equal(b.verdict, verdicts[k].want);
        assert_string_equal(mdg_balance_words(b.verdict), verdicts[k].words);
        mdg_arena_free(&mem);
    }
}

static void nothing_to_compare_is_poor(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    double treated[NT * D], pool[NP * D];
    const double none[NP] = { 0 };
    fill(treated, pool);
    mdg_groups g = { { NT, D, treated, NULL }, { NP, D, pool, NULL } };
    mdg_balance b;
    assert_int_equal(mdg_balance_make(&g, none, &mem, &b, NULL), MDG_OK);
    assert_true(isnan(b.max_smd) && isnan(b.row[0].smd_after) && !isnan(b.row[0].smd_before));
    assert_int_equal(b.verdict, MDG_BALANCE_POOR);
    g.treated.n = 1; /* no spread of its own: the pool's */
    assert_int_equal(mdg_balance_make(&g, weight, &mem, &b, NULL), MDG_OK);
    assert_close(b.row[0].smd_before, 0.7 / sqrt(1.325), 1e-13);
    g.pool.d = D + 1;
    assert_int_equal(mdg_balance_make(&g, weight, &mem, &b, NULL), MDG_E_RANGE);
    g.pool.d = D;
    mdg_arena full = { .fail_after = 1 };
    assert_int_equal(mdg_balance_make(&g, weight, &full, &b, NULL), MDG_E_MEMORY);
    mdg_arena_free(&mem);
    mdg_arena_free(&full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_numpy),
        cmocka_unit_test(what_does_not_count_does_not_count),
        cmocka_unit_test(verdicts_have_limits),
        cmocka_unit_test(nothing_to_compare_is_poor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
