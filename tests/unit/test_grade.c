/* The grade of an effect, rung by rung and with every deduction. */
#include "unit.h"

/* Letters of facts: Placebos, Alike, Calibrated, Randomised, by the Unit; then what is bad: Short
 * baseline, cOncurrent, Modelled, spillover (X). */
static const struct {
    const char *name;
    mdg_design design;
    mdg_plan plan;
    const char *facts;
    int value;
    const char *steps; /* codes of the steps, in order */
} rows[] = {
    { "deemed", MDG_DESIGN_DEEMED, MDG_PLAN_NONE, "", 0, "deemed " },
    { "deemed, all else right", MDG_DESIGN_DEEMED, MDG_PLAN_BEFORE, "PACRU", 0, "deemed " },
    { "raw", MDG_DESIGN_RAW, MDG_PLAN_NONE, "P", 1, "before-after " },
    { "one series", MDG_DESIGN_ADJUSTED, MDG_PLAN_NONE, "PC", 2,
      "before-after adjusted no-comparison " },
    { "one series, placebos failed", MDG_DESIGN_ADJUSTED, MDG_PLAN_NONE, "", 1,
      "before-after placebos-missed " },
    { "comparison", MDG_DESIGN_COMPARISON, MDG_PLAN_NONE, "PAC", 3,
      "before-after adjusted comparison no-plan " },
    { "unlike before", MDG_DESIGN_COMPARISON, MDG_PLAN_BEFORE, "PC", 2,
      "before-after adjusted unlike " },
    { "comparison, placebos failed", MDG_DESIGN_COMPARISON, MDG_PLAN_BEFORE, "AC", 1,
      "before-after placebos-missed " },
    { "plan stated", MDG_DESIGN_COMPARISON, MDG_PLAN_STATED, "PAC", 3,
      "before-after adjusted comparison plan-stated " },
    { "planned", MDG_DESIGN_COMPARISON, MDG_PLAN_BEFORE, "PAC", 4,
      "before-after adjusted comparison planned " },
    { "planned but uncalibrated", MDG_DESIGN_COMPARISON, MDG_PLAN_BEFORE, "PA", 3,
      "before-after adjusted comparison uncalibrated " },
    { "plan too late", MDG_DESIGN_COMPARISON, MDG_PLAN_LATE, "PAC", 2,
      "before-after adjusted comparison plan-late " },
    { "randomised", MDG_DESIGN_COMPARISON, MDG_PLAN_BEFORE, "PACRU", 5,
      "before-after adjusted comparison planned randomised " },
    { "randomised without plan", MDG_DESIGN_COMPARISON, MDG_PLAN_NONE, "PACRU", 5,
      "before-after adjusted comparison no-plan randomised " },
    { "randomised, wrong unit", MDG_DESIGN_COMPARISON, MDG_PLAN_BEFORE, "PACR", 4,
      "before-after adjusted comparison planned assignment-missed " },
    { "randomised, plan too late", MDG_DESIGN_COMPARISON, MDG_PLAN_LATE, "PACRU", 2,
      "before-after adjusted comparison randomised plan-late " },
    { "short baseline", MDG_DESIGN_COMPARISON, MDG_PLAN_BEFORE, "PACS", 3,
      "before-after adjusted comparison planned short-baseline " },
    { "all deductions", MDG_DESIGN_COMPARISON, MDG_PLAN_BEFORE, "PACSOMX", 0,
      "before-after adjusted comparison planned short-baseline concurrent modelled spillover " },
    { "no spillover without comparison", MDG_DESIGN_ADJUSTED, MDG_PLAN_NONE, "PX", 2,
      "before-after adjusted no-comparison " },
    { "never below zero", MDG_DESIGN_RAW, MDG_PLAN_NONE, "OM", 0,
      "before-after concurrent modelled " },
};

static const char letters[] = "PACRUSOMX";

static mdg_grade_facts facts_of(unsigned bits, mdg_design design, mdg_plan plan)
{
    return (mdg_grade_facts){ .design = design,
                              .plan = plan,
                              .placebos = bits & 1,
                              .alike = bits & 2,
                              .calibrated = bits & 4,
                              .randomised = bits & 8,
                              .by_assignment = bits & 16,
                              .short_baseline = bits & 32,
                              .concurrent = bits & 64,
                              .modelled = bits & 128,
                              .spillover = bits & 256 };
}

static void rows_as_stated(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned bits = 0;
        for (const char *p = rows[i].facts; *p; p++)
            bits |= 1u << (strchr(letters, *p) - letters);
        mdg_grade_facts facts = facts_of(bits, rows[i].design, rows[i].plan);
        mdg_grade g = mdg_grade_of(&facts);
        char steps[512] = "";
        for (size_t k = 0, end = 0; k < g.n; k++)
            end += (size_t)snprintf(steps + end, sizeof steps - end, "%s ",
                                    mdg_grade_code(g.step[k].rule));
        if (g.value != rows[i].value || strcmp(steps, rows[i].steps) != 0)
            fail_msg("%s: %d by %s", rows[i].name, g.value, steps);
        assert_int_equal(g.step[g.n - 1].value, g.value);
    }
}

/* Over all facts there are: in range, and what is better is never worth less. */
static void better_facts_never_lower(void **state)
{
    (void)state;
    for (int d = MDG_DESIGN_DEEMED; d <= MDG_DESIGN_COMPARISON; d++) {
        for (int p = MDG_PLAN_NONE; p <= MDG_PLAN_LATE; p++) {
            for (unsigned bits = 0; bits < 512; bits++) {
                mdg_grade_facts f = facts_of(bits, (mdg_design)d, (mdg_plan)p);
                mdg_grade g = mdg_grade_of(&f);
                assert_in_range(g.value, 0, 5);
                assert_true(d > MDG_DESIGN_DEEMED || g.value == 0);
                assert_true(p != MDG_PLAN_LATE || g.value <= 2);
                for (unsigned b = 0; b < 9; b++) {
                    mdg_grade_facts with = facts_of(bits | 1u << b, (mdg_design)d, (mdg_plan)p);
                    mdg_grade_facts without =
                        facts_of(bits & ~(1u << b), (mdg_design)d, (mdg_plan)p);
                    int more = mdg_grade_of(&with).value, less = mdg_grade_of(&without).value;
                    assert_true(b < 5 ? more >= less : more <= less);
                }
            }
        }
    }
}

static void placebos_hold(void **state)
{
    (void)state;
    assert_true(mdg_placebos_hold(20, 0.80, 0.90));
    assert_true(mdg_placebos_hold(500, 0.97, 0.90));
    assert_false(mdg_placebos_hold(19, 0.90, 0.90));
    assert_false(mdg_placebos_hold(20, 0.79, 0.90));
    assert_false(mdg_placebos_hold(20, MDG_NAN, 0.90));
}

static void every_step_has_words(void **state)
{
    (void)state;
    for (int i = 0; i < MDG_GRADE_RULE_COUNT; i++) {
        assert_true(strlen(mdg_grade_code((mdg_grade_rule)i)) > 0);
        assert_true(strlen(mdg_grade_words((mdg_grade_rule)i)) > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_as_stated),
        cmocka_unit_test(better_facts_never_lower),
        cmocka_unit_test(placebos_hold),
        cmocka_unit_test(every_step_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
