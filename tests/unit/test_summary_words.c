/* Words of a measure's summary: none is missing in either language. */
#include "unit.h"

#include "measure/meter_words.h"
#include "measure/summary_words.h"
#include "measure/tally.h"

/* Hangul has bytes beyond ASCII. */
static void check(const char *english, const char *korean)
{
    assert_non_null(english);
    if (!korean)
        fail_msg("no Korean for '%s'", english);
    bool hangul = false;
    for (const char *c = korean; *c; c++)
        hangul |= (unsigned char)*c >= 0xea && (unsigned char)*c <= 0xed;
    if (!hangul)
        fail_msg("'%s' is no Korean for '%s'", korean, english);
}

static void every_reason_has_words(void **state)
{
    (void)state;
    for (int s = 0; s < MDG_METER_STATUS_COUNT; s++)
        check(meter_status_words(SHOW_ENGLISH, (mdg_meter_status)s),
              meter_status_words(SHOW_KOREAN, (mdg_meter_status)s));
    for (int f = 0; f < MDG_METER_FLAG_COUNT; f++)
        check(meter_flag_words(SHOW_ENGLISH, (mdg_meter_flag)f),
              meter_flag_words(SHOW_KOREAN, (mdg_meter_flag)f));
    for (int r = 0; r < MDG_GRADE_RULE_COUNT; r++)
        check(summary_grade_words(SHOW_ENGLISH, (mdg_grade_rule)r),
              summary_grade_words(SHOW_KOREAN, (mdg_grade_rule)r));
}

static void every_choice_has_words(void **state)
{
    (void)state;
    for (int k = 0; k < MDG_FACTOR_KIND_COUNT; k++)
        check(summary_factor_words(SHOW_ENGLISH, (mdg_factor_kind)k),
              summary_factor_words(SHOW_KOREAN, (mdg_factor_kind)k));
    for (size_t k = 0; k < MEASURE_FEATURES; k++)
        check(summary_feature_words(SHOW_ENGLISH, k), summary_feature_words(SHOW_KOREAN, k));
    const char *fuels[] = { "electricity", "gas", "heat", "cooling", "oil", "wood", "other" };
    for (size_t i = 0; i < sizeof fuels / sizeof *fuels; i++)
        check(fuels[i], summary_fuel_words(SHOW_KOREAN, fuels[i]));
    const char *methods[COMPARE_METHODS] = { "nearest", "strata", "synthetic", "all" };
    for (size_t i = 0; i < COMPARE_METHODS; i++)
        check(methods[i], summary_method_words(SHOW_KOREAN, methods[i]));
}

static void the_citys_own_words_stand(void **state)
{
    (void)state;
    assert_string_equal(summary_column_words(SHOW_KOREAN, "ward"), "ward");
    assert_string_equal(summary_column_words(SHOW_ENGLISH, "district"), "district");
    check("district", summary_column_words(SHOW_KOREAN, "district"));
    assert_string_equal(meter_group_words(SHOW_KOREAN, "North"), "North");
    assert_string_equal(meter_group_words(SHOW_ENGLISH, tally_missing_label), tally_missing_label);
    check(tally_missing_label, meter_group_words(SHOW_KOREAN, tally_missing_label));
    assert_string_equal(summary_fuel_words(SHOW_ENGLISH, "gas"), "gas");
    assert_string_equal(summary_method_words(SHOW_ENGLISH, "all"), "all");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_has_words),
        cmocka_unit_test(every_choice_has_words),
        cmocka_unit_test(the_citys_own_words_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
