#include "unit.h"

enum { DAYS = 400, HOUR = 3600, DAY = 86400 };

static int32_t day_of(int year, int month, int day)
{
    return mdg_date_to_day((mdg_date){ year, month, day });
}

/* 400 days in London from 10 March 2021, with three changes of the clock. */
static mdg_hours london(mdg_arena *mem)
{
    int32_t first = day_of(2021, 3, 10);
    const int32_t change[] = { day_of(2021, 3, 28), day_of(2021, 10, 31), day_of(2022, 3, 27) };
    int64_t start[DAYS + 1];
    for (int32_t d = 0; d <= DAYS; d++) {
        size_t changes = 0;
        while (changes < 3 && change[changes] < first + d)
            changes++;
        start[d] = (int64_t)(first + d) * DAY - (changes % 2 ? HOUR : 0);
    }
    mdg_offset offsets[4] = { { INT64_MIN, 0 } };
    for (size_t i = 0; i < 3; i++)
        offsets[i + 1] = (mdg_offset){ (int64_t)change[i] * DAY + HOUR, i % 2 ? 0 : HOUR };
    mdg_days days;
    mdg_hours hours;
    assert_int_equal(mdg_days_make(first, DAYS, start, mem, &days, NULL), MDG_OK);
    assert_int_equal(mdg_hours_make(&days, offsets, 4, mem, &hours, NULL), MDG_OK);
    return hours;
}

/* pandas 2.1.4: s = pd.Series(use, pd.date_range('2021-03-10', '2022-04-14', freq='h',
 * tz='Europe/London', inclusive='left')).iloc[100:9000]
 * g = s.groupby(s.index.dayofweek * 24 + s.index.hour); m = g.mean().where(g.count() >= 13) */
static void means_are_those_of_pandas(void **state)
{
    (void)state;
    static const struct {
        size_t hour;
        double want;
    } rows[] = {
        { 0, 1.9383620923762583 },  { 1, 1.9572173739439285 },   { 53, MDG_NAN },
        { 65, 1.9817938677491544 }, { 138, 3.2083906504158586 }, { 167, 3.2191825530046305 },
    };
    mdg_arena mem = { 0 };
    mdg_hours hours = london(&mem);
    assert_int_equal(hours.n, 9599);
    double *use = mdg_new(&mem, double, hours.n), got[MDG_WEEK_HOURS], sum = 0;
    for (size_t i = 0; i < hours.n; i++) {
        size_t h = hours.hour_of_week[i];
        use[i] = 2 + sin(0.37 * (double)i) + (h % 24 >= 18 ? 1.5 : 0) - (h >= 120 ? 0.25 : 0);
        if (i % 29 == 4 || (h == 53 && i > 12 * MDG_WEEK_HOURS))
            use[i] = MDG_NAN;
    }
    assert_true(mdg_week_means(&hours, use, (mdg_range){ 100, 9000 }, got));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_close(got[rows[i].hour], rows[i].want, 1e-12);
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
        sum += isnan(got[h]) ? 0 : got[h];
    assert_close(sum / 167, 2.30561287242781, 1e-12);
    mdg_arena_free(&mem);
}

static void what_has_no_week(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_hours hours = london(&mem);
    double *use = mdg_new(&mem, double, hours.n), got[MDG_WEEK_HOURS];
    mdg_range all = { 0, hours.n };
    assert_false(mdg_week_means(&hours, use, all, got));
    for (size_t i = 0; i < hours.n; i++)
        use[i] = 1;
    assert_true(mdg_week_means(&hours, use, all, got));
    /* Eleven weeks are too short. */
    assert_false(mdg_week_means(&hours, use, (mdg_range){ 0, 11 * MDG_WEEK_HOURS }, got));
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
        assert_true(isnan(got[h]));
    mdg_arena_free(&mem);
}

/* An hour cut in half by the clock counts for what it is long. */
static void short_hours_have_the_same_use_per_hour(void **state)
{
    (void)state;
    enum { N = 14 };
    const double length[N] = { 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    const uint8_t hour_of_week[N] = { 0 };
    double use[N], got[MDG_WEEK_HOURS];
    for (size_t i = 0; i < N; i++)
        use[i] = 3 * length[i];
    mdg_hours hours = { .n = N, .length = length, .hour_of_week = hour_of_week };
    assert_true(mdg_week_means(&hours, use, (mdg_range){ 0, N }, got));
    assert_close(got[0], 3, 1e-15);
    assert_true(isnan(got[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_are_those_of_pandas),
        cmocka_unit_test(what_has_no_week),
        cmocka_unit_test(short_hours_have_the_same_use_per_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
