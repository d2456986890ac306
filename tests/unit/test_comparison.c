/* Who may serve, spillover, what years do not share, and methods side by side. */
#include "unit.h"

/* Reporting days 100 to 465; at least 90 are wanted. */
static const struct {
    const char *name;
    int32_t treated_from, to;
} spans[] = {
    { "never treated", MDG_NEVER, 465 },      { "treated after the period", 465, 465 },
    { "treated on its last day", 464, 464 },  { "treated within", 200, 200 },
    { "just enough left", 190, 190 },         { "a day too few", 189, 100 },
    { "treated on the first day", 100, 100 }, { "treated in the baseline", 20, 100 },
    { "treated long ago", INT32_MIN, 100 },
};

static void a_comparison_meter_leaves_at_its_date(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        mdg_day_span s = mdg_comparison_days((mdg_day_span){ 100, 465 }, spans[i].treated_from, 90);
        if (s.from != 100 || s.to != spans[i].to)
            fail_msg("%s: %d to %d", spans[i].name, s.from, s.to);
    }
}

static void neighbours_of_treated_meters_leave(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    const uint32_t treated[] = { 4, 1, 4 }, pool[] = { 0, 1, 2, 4, 4, 3 };
    bool excluded[6] = { true };
    size_t count;
    mdg_clusters c = { treated, pool, 3, 6, 5 };
    assert_int_equal(mdg_exclude_neighbours(&c, &mem, excluded, &count, NULL), MDG_OK);
    const bool want[6] = { true, true, false, true, true, false };
    assert_memory_equal(excluded, want, sizeof want);
    assert_int_equal(count, 3);
    c.clusters = 4;
    assert_int_equal(mdg_exclude_neighbours(&c, &mem, excluded, &count, NULL), MDG_E_RANGE);
    c.clusters = 5;
    mdg_arena full = { .fail_after = 1 };
    assert_int_equal(mdg_exclude_neighbours(&c, &full, excluded, &count, NULL), MDG_E_MEMORY);
    mdg_arena_free(&full);
    mdg_arena_free(&mem);
}

static void what_years_do_not_share(void **state)
{
    (void)state;
    const double effect[] = { 0.03, -0.02, 0.01 }, se[] = { 0.01, 0.01, 0.02 };
    mdg_shared s = mdg_shared_variance(effect, se, 3);
    assert_close(s.variance, (14e-4 - 6e-4) / 3, 1e-12);
    assert_close(s.df, 3, 0);
    const double large[] = { 1, 1, 1 };
    assert_true(!(mdg_shared_variance(effect, large, 3).variance > 0));
    assert_true(isnan(mdg_shared_variance(effect, se, 0).variance));
}

static void methods_stand_side_by_side(void **state)
{
    (void)state;
    mdg_method_effect m[] = { { "none", { MDG_NAN, MDG_NAN, MDG_NAN } },
                              { "nearest", { 0.08, 0.05, 0.11 } },
                              { "strata", { 0.10, 0.08, 0.12 } },
                              { "synthetic", { 0.07, 0.03, 0.09 } } };
    mdg_sensitivity s = mdg_sensitivity_of(m, 4);
    assert_int_equal(s.methods, 3);
    assert_int_equal(s.lowest, 3);
    assert_int_equal(s.highest, 2);
    assert_close(s.range, 0.03, 1e-13);
    assert_close(s.lo, 0.03, 0);
    assert_close(s.hi, 0.12, 0);
    assert_true(s.overlap);
    m[3].effect.hi = 0.079;
    assert_false(mdg_sensitivity_of(m, 4).overlap);
    s = mdg_sensitivity_of(m, 1);
    assert_true(s.methods == 0 && isnan(s.range) && isnan(s.lo) && isnan(s.hi) && !s.overlap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comparison_meter_leaves_at_its_date),
        cmocka_unit_test(neighbours_of_treated_meters_leave),
        cmocka_unit_test(what_years_do_not_share),
        cmocka_unit_test(methods_stand_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
