#include "measure/packed_week.h"
#include "unit.h"

static void fill(uint64_t seed, double size, double *hours)
{
    mdg_rng r = mdg_rng_make(7, seed);
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
        hours[h] = size * mdg_rng_normal(&r);
}

static void nothing_is_off_by_more_than_half_a_step(void **state)
{
    (void)state;
    const double sizes[] = { 1, 1e-300, 1e300, 168 };
    for (uint64_t seed = 0; seed < 40; seed++) {
        double hours[MDG_WEEK_HOURS], got[MDG_WEEK_HOURS], largest = 0;
        fill(seed, sizes[seed % 4], hours);
        hours[seed] = MDG_NAN;
        packed_week w;
        packed_week_make(hours, &w);
        packed_week_get(&w, got);
        for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
            largest = fmax(largest, fabs(hours[h]));
        for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
            if (isnan(hours[h]) ? !isnan(got[h]) : !(fabs(got[h] - hours[h]) <= 1.6e-5 * largest))
                fail_msg("seed %d, hour %zu: %g for %g", (int)seed, h, got[h], hours[h]);
    }
}

static void weeks_of_nothing(void **state)
{
    (void)state;
    double hours[MDG_WEEK_HOURS] = { 0 }, got[MDG_WEEK_HOURS];
    hours[3] = MDG_NAN;
    packed_week w;
    packed_week_make(hours, &w);
    packed_week_get(&w, got);
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
        assert_true(h == 3 ? isnan(got[h]) : fabs(got[h]) <= 0);
    assert_true(sizeof w <= 344);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_off_by_more_than_half_a_step),
        cmocka_unit_test(weeks_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
