/* The hours of the clock around changes, and their temperatures. */
#include "unit.h"

enum { HOUR = 3600, DAY = 86400 };

/* Three days around a change at `at` (seconds after the first midnight, by the old clock). */
static mdg_hours around(int32_t before, int32_t after, int64_t at, mdg_arena *mem)
{
    int64_t midnight = (int64_t)19000 * DAY - before;
    int64_t start[] = { midnight, midnight + DAY - (after - before),
                        midnight + 2 * DAY - (after - before),
                        midnight + 3 * DAY - (after - before) };
    mdg_days days;
    mdg_hours hours;
    assert_int_equal(mdg_days_make(19000, 3, start, mem, &days, NULL), MDG_OK);
    mdg_offset offsets[] = { { INT64_MIN, before }, { midnight + at, after } };
    assert_int_equal(mdg_hours_make(&days, offsets, 2, mem, &hours, NULL), MDG_OK);
    assert_true(hours.start[hours.n] == start[3]);
    return hours;
}

static void changes_of_an_hour_skip_or_repeat_one(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_hours spring = around(0, HOUR, HOUR, &mem);
    assert_int_equal(spring.n, 71);
    assert_int_equal(spring.hour_of_week[0] % 24, 0);
    assert_int_equal(spring.hour_of_week[1] % 24, 2);
    mdg_hours autumn = around(HOUR, 0, 2 * HOUR, &mem);
    assert_int_equal(autumn.n, 73);
    assert_int_equal(autumn.hour_of_week[1] % 24, 1);
    assert_int_equal(autumn.hour_of_week[2] % 24, 1);
    assert_int_equal(autumn.hour_of_week[3] % 24, 2);
    for (size_t i = 0; i < autumn.n; i++)
        assert_close(autumn.length[i], 1, 0);
    mdg_arena_free(&mem);
}

static void changes_of_half_an_hour_cut_one(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    /* Lord Howe Island: 10:30 and 11:00 hours ahead. */
    mdg_hours spring = around(37800, 39600, 2 * HOUR, &mem);
    assert_int_equal(spring.n, 72);
    assert_int_equal(spring.hour_of_week[2] % 24, 2);
    assert_close(spring.length[2], 0.5, 0);
    mdg_hours autumn = around(39600, 37800, 2 * HOUR, &mem);
    assert_int_equal(autumn.n, 73);
    assert_int_equal(autumn.hour_of_week[2] % 24, 1);
    assert_close(autumn.length[2], 0.5, 0);
    double sum = 0;
    for (size_t i = 0; i < autumn.n; i++)
        sum += autumn.length[i];
    assert_close(sum, 72.5, 1e-12);
    mdg_arena_free(&mem);
}

static void gaps_of_six_hours_are_filled(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_days days;
    mdg_hours hours;
    mdg_offset utc = { 0 };
    assert_int_equal(mdg_days_utc(19000, 1, &mem, &days, NULL), MDG_OK);
    assert_int_equal(mdg_hours_make(&days, &utc, 1, &mem, &hours, NULL), MDG_OK);
    int64_t start[24];
    double temp[24], out[24];
    for (size_t i = 0; i < 24; i++) {
        start[i] = days.start[0] + (int64_t)i * HOUR;
        temp[i] = (i >= 3 && i < 9) || (i >= 12 && i < 19) ? MDG_NAN : 2 * (double)i;
    }
    mdg_hourly_temperature(&hours, start, temp, 24, true, out);
    for (size_t i = 0; i < 12; i++)
        assert_close(out[i], 2 * (double)i, 1e-14);
    for (size_t i = 12; i < 19; i++)
        assert_true(isnan(out[i]));
    mdg_hourly_temperature(&hours, start, temp, 24, false, out);
    assert_true(isnan(out[5]));
    mdg_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_of_an_hour_skip_or_repeat_one),
        cmocka_unit_test(changes_of_half_an_hour_cut_one),
        cmocka_unit_test(gaps_of_six_hours_are_filled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
