/* Local days, and readings summed over them. */
#include "unit.h"

enum { HOUR = 3600, DAY = 86400 };

/* London in March: the 26th has 24 hours, the 27th 23, the 28th 24; in October the 30th has 25. */
static const int64_t spring[] = { 1648252800, 1648339200, 1648422000, 1648508400 };
static const int64_t autumn[] = { 1666998000, 1667084400, 1667174400, 1667260800 };

static mdg_days make(int32_t first, const int64_t *start, mdg_arena *mem)
{
    mdg_days d;
    assert_int_equal(mdg_days_make(first, 3, start, mem, &d, NULL), MDG_OK);
    return d;
}

static void days_have_their_lengths(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_days d = make(19077, spring, &mem);
    assert_close(d.length[0], 1, 0);
    assert_close(d.length[1], 23.0 / 24, 1e-15);
    d = make(19294, autumn, &mem);
    assert_close(d.length[1], 25.0 / 24, 1e-15);
    mdg_days utc;
    assert_int_equal(mdg_days_utc(-2, 5, &mem, &utc, NULL), MDG_OK);
    assert_int_equal(utc.start[0], -2 * DAY);
    assert_int_equal(utc.start[5], 3 * DAY);
    assert_close(utc.length[4], 1, 0);
    mdg_arena_free(&mem);
}

static void a_skipped_day_has_no_length_and_others_are_refused(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_days d;
    const int64_t apia[] = { 0, DAY, DAY, 2 * DAY }, back[] = { 0, DAY, DAY - HOUR, 2 * DAY };
    const int64_t brief[] = { 0, DAY, DAY + 10 * HOUR, 2 * DAY };
    const int64_t endless[] = { 0, DAY, DAY + 40 * HOUR, 4 * DAY };
    assert_int_equal(mdg_days_make(0, 3, apia, &mem, &d, NULL), MDG_OK);
    assert_close(d.length[1] + 1, 1, 0);
    assert_int_equal(mdg_days_find(&d, DAY), 2);
    assert_int_equal(mdg_days_make(0, 3, back, &mem, &d, NULL), MDG_E_RANGE);
    assert_int_equal(mdg_days_make(0, 3, brief, &mem, &d, NULL), MDG_E_RANGE);
    assert_int_equal(mdg_days_make(0, 3, endless, &mem, &d, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
}

static void instants_find_their_day(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    enum { N = 4000 };
    int64_t start[N + 1] = { -7 * (int64_t)DAY };
    mdg_rng r = mdg_rng_make(5, 5);
    for (size_t i = 0; i < N; i++)
        start[i + 1] = start[i] + (23 + (int64_t)mdg_rng_below(&r, 3)) * HOUR;
    mdg_days d;
    assert_int_equal(mdg_days_make(-7, N, start, &mem, &d, NULL), MDG_OK);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(mdg_days_find(&d, start[i]), i);
        assert_int_equal(mdg_days_find(&d, start[i + 1] - 1), i);
    }
    assert_int_equal(mdg_days_find(&d, start[0] - 1), SIZE_MAX);
    assert_int_equal(mdg_days_find(&d, start[N]), SIZE_MAX);
    mdg_arena_free(&mem);
}

/* ---- sums --------------------------------------------------------------------------------- */

typedef struct given {
    int64_t start;
    int32_t seconds;
    double value;
} given;

static void sum(const mdg_days *days, mdg_step_rule rule, bool zero, const given *g, size_t n,
                double value[3])
{
    mdg_arena mem = { 0 };
    mdg_step_sums s;
    assert_int_equal(mdg_step_sums_make(mdg_days_steps(days), rule, zero, &mem, &s, NULL), MDG_OK);
    /* Once for nothing: clearing must leave no trace. */
    mdg_step_sums_add(&s, g[0].start, g[0].seconds, 1e9);
    mdg_step_sums_clear(&s);
    for (size_t i = 0; i < n; i++)
        mdg_step_sums_add(&s, g[i].start, g[i].seconds, g[i].value);
    mdg_step_sums_get(&s, value);
    mdg_arena_free(&mem);
}

static void hours_fill_short_and_long_days(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    const int64_t *starts[] = { spring, autumn };
    for (size_t k = 0; k < 2; k++) {
        mdg_days d = make(19077, starts[k], &mem);
        given g[100];
        size_t n = 0;
        for (int64_t t = starts[k][0]; t < starts[k][3]; t += HOUR)
            g[n++] = (given){ t, HOUR, 2 };
        double value[3];
        sum(&d, MDG_STEP_BY_MIDDLE, true, g, n, value);
        for (size_t i = 0; i < 3; i++)
            assert_close(value[i], 48 * d.length[i], 1e-14);
    }
    mdg_arena_free(&mem);
}

/* More than half of a day must be there; what is there stands for the whole. */
static void days_are_completed_or_missing(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_days d;
    assert_int_equal(mdg_days_utc(0, 3, &mem, &d, NULL), MDG_OK);
    for (size_t hours = 0; hours <= 24; hours++) {
        given g[25] = { { 0, HOUR, MDG_NAN } };
        for (size_t i = 0; i < hours; i++)
            g[i + 1] = (given){ (int64_t)i * HOUR, HOUR, 1.5 };
        double value[3];
        sum(&d, MDG_STEP_BY_MIDDLE, false, g, hours + 1, value);
        assert_close(value[0], hours > 12 ? 36 : MDG_NAN, 1e-14);
        assert_true(isnan(value[1]));
    }
    mdg_arena_free(&mem);
}

static void rules_for_whole_days_zeros_and_bills(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_days d;
    assert_int_equal(mdg_days_utc(0, 3, &mem, &d, NULL), MDG_OK);
    /* A daily reading that begins at 18:00 of the day before lies mostly in day 1. */
    given evening[] = { { 18 * HOUR, DAY, 7 } };
    double value[3];
    sum(&d, MDG_STEP_BY_MIDDLE, false, evening, 1, value);
    assert_true(isnan(value[0]));
    assert_close(value[1], 7, 0);
    sum(&d, MDG_STEP_BY_START, false, evening, 1, value);
    assert_close(value[0], 7, 0);
    given zeros[] = { { 0, DAY, 0 }, { DAY, DAY, 3 } };
    sum(&d, MDG_STEP_BY_MIDDLE, true, zeros, 2, value);
    assert_true(isnan(value[0]));
    sum(&d, MDG_STEP_BY_MIDDLE, false, zeros, 2, value);
    assert_close(value[0] + 1, 1, 0);
    mdg_step_sums s;
    assert_int_equal(
        mdg_step_sums_make(mdg_days_steps(&d), MDG_STEP_BY_MIDDLE, false, &mem, &s, NULL), MDG_OK);
    mdg_step_sums_add(&s, 0, 30 * DAY, 100);
    mdg_step_sums_add(&s, -50 * DAY, DAY, 100);
    mdg_step_sums_add(&s, 90 * DAY, DAY, 100);
    assert_int_equal(s.coarse, 1);
    assert_int_equal(s.used, 0);
    mdg_arena_free(&mem);
}

/* ---- temperature -------------------------------------------------------------------------- */

static void means_need_more_than_half_of_the_hours(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_days d;
    assert_int_equal(mdg_days_utc(0, 2, &mem, &d, NULL), MDG_OK);
    for (size_t n = 1; n <= 24; n++) {
        int64_t start[24];
        double temp[24], mean[2];
        for (size_t i = 0; i < n; i++) {
            start[i] = (int64_t)i * HOUR;
            temp[i] = (double)i;
        }
        assert_int_equal(mdg_daily_temperature(&d, start, temp, n, HOUR, mean, NULL), MDG_OK);
        assert_close(mean[0], n > 12 ? (double)(n - 1) / 2 : MDG_NAN, 1e-15);
        assert_true(isnan(mean[1]));
    }
    const int64_t start[] = { 0, DAY };
    const double temp[] = { 3, MDG_NAN };
    double mean[2];
    assert_int_equal(mdg_daily_temperature(&d, start, temp, 2, DAY, mean, NULL), MDG_OK);
    assert_close(mean[0], 3, 0);
    assert_true(isnan(mean[1]));
    assert_int_equal(mdg_daily_temperature(&d, start, temp, 2, 6 * HOUR, mean, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    for (long k = 1; k < 6; k++) {
        mdg_arena mem = { .fail_after = k };
        mdg_days d = { 0 };
        mdg_step_sums s;
        mdg_status status = mdg_days_utc(0, 3, &mem, &d, NULL);
        if (status == MDG_OK)
            status =
                mdg_step_sums_make(mdg_days_steps(&d), MDG_STEP_BY_START, false, &mem, &s, NULL);
        assert_int_equal(status, k <= 4 ? MDG_E_MEMORY : MDG_OK);
        mdg_arena_free(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_have_their_lengths),
        cmocka_unit_test(a_skipped_day_has_no_length_and_others_are_refused),
        cmocka_unit_test(instants_find_their_day),
        cmocka_unit_test(hours_fill_short_and_long_days),
        cmocka_unit_test(days_are_completed_or_missing),
        cmocka_unit_test(rules_for_whole_days_zeros_and_bills),
        cmocka_unit_test(means_need_more_than_half_of_the_hours),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
