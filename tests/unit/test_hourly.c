/* CalTRACK 2.3.4: irregular temperatures to hourly means. */
#include "import/hourly.h"
#include "unit.h"

enum { HOUR = 3600, MOST = 8 };

typedef struct means {
    int64_t hour[MOST];
    double mean[MOST];
    size_t n;
} means;

static mdg_status take(void *context, int64_t hour, double mean, mdg_error *err)
{
    (void)err;
    means *m = context;
    assert_true(m->n < MOST);
    m->hour[m->n] = hour;
    m->mean[m->n++] = mean;
    return MDG_OK;
}

static means run(const int64_t *minutes, const double *temp, size_t n)
{
    int64_t time[64];
    for (size_t i = 0; i < n; i++)
        time[i] = minutes[i] * 60;
    means m = { .n = 0 };
    assert_int_equal(hourly_station(time, temp, n, take, &m, NULL), MDG_OK);
    return m;
}

static void straight_lines_between_readings(void **state)
{
    (void)state;
    /* Off the hour, rising by 6 degrees an hour: minutes 0..59 of hour 1 are 0.7 to 6.6. */
    const int64_t minutes[] = { 53, 113, 173 };
    const double temp[] = { 0, 6, 12 };
    means m = run(minutes, temp, 3);
    assert_int_equal(m.n, 2);
    assert_int_equal(m.hour[0], HOUR);
    assert_close(m.mean[0], 0.7 + 59 * 0.1 / 2, 1e-12);
    assert_close(m.mean[1], 6.7 + 53 * 0.1 / 2, 1e-12); /* minutes up to 173 only */
}

static void gaps_stay_gaps(void **state)
{
    (void)state;
    const int64_t minutes[] = { 0, 20, 40, 59, 121, 150, 179 };
    const double temp[] = { 1, 1, 1, 1, 5, 5, 5 };
    means m = run(minutes, temp, 7);
    assert_int_equal(m.n, 2); /* nothing for hour 1: 62 minutes without a reading */
    assert_close(m.mean[0], 1, 1e-14);
    assert_int_equal(m.hour[1], 2 * HOUR);
    assert_close(m.mean[1], 5, 1e-14);
}

static void half_an_hour_is_not_enough(void **state)
{
    (void)state;
    const int64_t minutes[] = { 0, 29 };
    const double temp[] = { 1, 1 };
    assert_int_equal(run(minutes, temp, 2).n, 0);
    const int64_t more[] = { -60, -30 };
    means m = run(more, temp, 2);
    assert_int_equal(m.n, 1); /* 31 minutes, before 1970 too */
    assert_int_equal(m.hour[0], -HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_lines_between_readings),
        cmocka_unit_test(gaps_stay_gaps),
        cmocka_unit_test(half_an_hour_is_not_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
