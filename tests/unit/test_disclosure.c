/* What a set of meters must be like for its sum to be published. */
#include "unit.h"

static const mdg_disclosure_opts residential = MDG_DISCLOSURE_RESIDENTIAL;
static const mdg_disclosure_opts other = MDG_DISCLOSURE_OTHER;

/* `n` equal meters, and two more if they are not 0. */
static mdg_contributions set_of(size_t n, double each, double first, double second)
{
    mdg_contributions c = { 0 };
    for (size_t i = 0; i < n; i++)
        mdg_contributions_add(&c, each);
    if (first > 0)
        mdg_contributions_add(&c, first);
    if (second > 0)
        mdg_contributions_add(&c, second);
    return c;
}

/* The rules' own definitions: 100; 15 with none above 15 %; sum - x1 - x2 >= p / 100 x1. */
static const struct {
    const char *name;
    size_t equal;
    double first, second;
    mdg_cohort_rule home, office;
} rows[] = {
    { "99 homes", 99, 0, 0, MDG_RULE_MEMBERS, MDG_COHORT_RULE_COUNT },
    { "100 homes", 100, 0, 0, MDG_COHORT_RULE_COUNT, MDG_COHORT_RULE_COUNT },
    { "14 offices", 14, 0, 0, MDG_RULE_MEMBERS, MDG_RULE_MEMBERS },
    { "15 offices", 15, 0, 0, MDG_RULE_MEMBERS, MDG_COHORT_RULE_COUNT },
    { "one of exactly 15 %", 85, 15, 0, MDG_RULE_MEMBERS, MDG_COHORT_RULE_COUNT },
    { "one a little above", 85, 15.001, 0, MDG_RULE_MEMBERS, MDG_RULE_DOMINANCE },
    { "two giants, the rest a tenth", 100, 1000, 900, MDG_COHORT_RULE_COUNT, MDG_RULE_DOMINANCE },
    { "two giants, the rest less", 100, 1001, 900, MDG_RULE_P_PERCENT, MDG_RULE_DOMINANCE },
    { "nobody", 0, 0, 0, MDG_RULE_MEMBERS, MDG_RULE_MEMBERS },
};

static void rules_as_defined(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_contributions c = set_of(rows[i].equal, 1, rows[i].first, rows[i].second);
        if (mdg_cohort_check(&c, &residential) != rows[i].home ||
            mdg_cohort_check(&c, &other) != rows[i].office)
            fail_msg("%s: %d, %d", rows[i].name, mdg_cohort_check(&c, &residential),
                     mdg_cohort_check(&c, &other));
    }
}

static void the_largest_two_survive_merging(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < 200; seed++) {
        mdg_rng r = mdg_rng_make(3, seed);
        mdg_contributions whole = { 0 }, part[4] = { 0 }, merged = { 0 };
        for (size_t i = 0; i < 40; i++) {
            double x = (double)mdg_rng_below(&r, 50) + 1;
            mdg_contributions_add(&whole, x);
            mdg_contributions_add(&part[mdg_rng_below(&r, 4)], x);
        }
        for (size_t i = 0; i < 4; i++)
            mdg_contributions_merge(&merged, &part[i]);
        assert_int_equal(merged.n, 40);
        assert_close(merged.first, whole.first, 0);
        assert_close(merged.second, whole.second, 0);
        assert_close(mdg_sum_get(&merged.sum), mdg_sum_get(&whole.sum), 1e-15);
    }
}

/* Counts alone: neither shares nor the p%-rule can be looked at. */
static void counts_alone(void **state)
{
    (void)state;
    mdg_disclosure_opts counts = MDG_DISCLOSURE_COUNTS(&other);
    mdg_contributions c = { .n = 15 };
    assert_int_equal(mdg_cohort_check(&c, &counts), MDG_COHORT_RULE_COUNT);
    c.n = 14;
    assert_int_equal(mdg_cohort_check(&c, &counts), MDG_RULE_MEMBERS);
}

static void rules_have_words(void **state)
{
    (void)state;
    for (int i = 0; i < MDG_COHORT_RULE_COUNT; i++)
        assert_true(*mdg_cohort_rule_code((mdg_cohort_rule)i) &&
                    *mdg_cohort_rule_words((mdg_cohort_rule)i));
    for (int i = 1; i < MDG_WITHHELD_COUNT; i++)
        assert_true(*mdg_withheld_code((mdg_withheld)i) && *mdg_withheld_words((mdg_withheld)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_as_defined),
        cmocka_unit_test(the_largest_two_survive_merging),
        cmocka_unit_test(counts_alone),
        cmocka_unit_test(rules_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
