/* Features of a baseline, and the distance between two meters. */
#include "simulated.h"
#include "unit.h"

enum { DAYS = 500, D = MDG_FEATURES_DAILY };

static int32_t day_of(int year, int month, int day)
{
    return mdg_date_to_day((mdg_date){ year, month, day });
}

static void long_baseline(double use[DAYS], int32_t first)
{
    for (size_t i = 0; i < DAYS; i++) {
        use[i] = 10 + 0.1 * (double)(i % 17) + 4 * cos(2 * SIMULATED_PI * (double)i / 365);
        mdg_date d = mdg_day_to_date(first + (int32_t)i);
        if (i % 23 == 0 || (d.month == 7 && i > 110))
            use[i] = MDG_NAN;
    }
}

/* pandas 2: s = pd.Series(use, pd.date_range('2021-03-10', periods=500)).iloc[5:480];
 * g = s.groupby(s.index.month); m = g.mean().where(g.count() >= 15); m / m.mean() */
static void features_are_those_of_pandas(void **state)
{
    (void)state;
    static const double want[D] = { 2.40172012397588,  1.19648085598119, 1.31584045736003,
                                    1.32848079292211,  1.27118366383334, 1.1236663014942,
                                    0.940007859422817, MDG_NAN,          0.651092974234118,
                                    0.627647315085842, 0.69141436486246, 0.830235945455061,
                                    1.02394946934884 };
    double use[DAYS], got[D];
    int32_t first = day_of(2021, 3, 10);
    long_baseline(use, first);
    assert_int_equal(mdg_load_features(use, first, (mdg_range){ 5, 480 }, NULL, got, NULL), MDG_OK);
    for (size_t i = 0; i < D; i++)
        assert_close(got[i], want[i], 1e-13);
}

static void a_constant_factor_moves_the_level_only(void **state)
{
    (void)state;
    double use[DAYS], hours[168], a[MDG_FEATURES_HOURLY], b[MDG_FEATURES_HOURLY], sum = 0;
    int32_t first = day_of(2021, 3, 10);
    long_baseline(use, first);
    for (size_t i = 0; i < 168; i++)
        hours[i] = i == 40 ? MDG_NAN : 1 + (double)(i % 24);
    mdg_range all = { 0, DAYS };
    assert_int_equal(mdg_load_features(use, first, all, hours, a, NULL), MDG_OK);
    for (size_t i = 0; i < DAYS; i++)
        use[i] *= 3;
    for (size_t i = 0; i < 168; i++)
        hours[i] *= 7;
    assert_int_equal(mdg_load_features(use, first, all, hours, b, NULL), MDG_OK);
    assert_close(b[0] - a[0], log(3), 1e-13);
    for (size_t i = 1; i < MDG_FEATURES_HOURLY; i++)
        assert_close(b[i], a[i], 1e-13);
    for (size_t i = MDG_FEATURE_HOUR; i < MDG_FEATURES_HOURLY; i++)
        sum += isnan(a[i]) ? 0 : a[i];
    assert_close(sum, 167, 1e-13);
    assert_true(isnan(a[MDG_FEATURE_HOUR + 40]));
}

/* Calendar months from January 2023: `days` of use in each of the first `months`. */
static const struct {
    const char *name;
    int months, days;
    double use;
    mdg_status want;
} rows[] = {
    { "a full year", 12, 28, 5, MDG_OK },       { "nine months", 9, 15, 5, MDG_OK },
    { "eight months", 8, 28, 5, MDG_E_SHORT },  { "short months", 12, 14, 5, MDG_E_SHORT },
    { "nothing used", 12, 28, 0, MDG_E_RANGE }, { "exports", 12, 28, -1, MDG_E_RANGE },
};

static void meters_that_match_nothing(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        double use[365], out[D];
        int32_t first = day_of(2023, 1, 1);
        for (int i = 0; i < 365; i++) {
            mdg_date d = mdg_day_to_date(first + i);
            use[i] = d.month <= rows[k].months && d.day <= rows[k].days ? rows[k].use : MDG_NAN;
        }
        mdg_error err = { 0 };
        mdg_status s = mdg_load_features(use, first, (mdg_range){ 0, 365 }, NULL, out, &err);
        if (s != rows[k].want)
            fail_msg("%s: %s", rows[k].name, mdg_status_words(s));
        for (size_t i = 0; i < D; i++)
            assert_true(s == MDG_OK || isnan(out[i]));
        assert_true((s == MDG_E_SHORT) == (err.hint[0] != 0));
    }
    double use[365], out[MDG_FEATURES_HOURLY], zeros[168] = { 0 };
    for (size_t i = 0; i < 365; i++)
        use[i] = 1;
    assert_int_equal(
        mdg_load_features(use, day_of(2023, 1, 1), (mdg_range){ 0, 365 }, zeros, out, NULL),
        MDG_E_RANGE);
    assert_true(isnan(out[0]) && isnan(out[MDG_FEATURES_HOURLY - 1]));
}

static void means_leave_out_what_is_missing(void **state)
{
    (void)state;
    const double value[] = { 1, MDG_NAN, 2, MDG_NAN, 6, MDG_NAN, 100, 1 };
    const bool excluded[] = { false, false, false, true };
    const double weight[] = { 1, 1, 2, 5 };
    mdg_features f = { .n = 4, .d = 2, .value = value, .excluded = excluded };
    double out[2];
    mdg_features_mean(&f, NULL, out);
    assert_close(out[0], 3, 1e-15);
    assert_true(isnan(out[1]));
    mdg_features_mean(&f, weight, out);
    assert_close(out[0], 15.0 / 4, 1e-15);
}

/* ---- the distance ------------------------------------------------------------------------- */

/* Level: 1..n, so the median absolute deviation is known; months: month m is m times that. */
static void ladder(size_t n, double *value)
{
    for (size_t i = 0; i < n; i++)
        for (size_t f = 0; f < D; f++)
            value[i * D + f] = (double)(i + 1) * (f == 0 ? 1 : (double)f);
}

static void spreads_are_robust_and_of_the_treated(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    double treated[11 * D], pool[5 * D];
    ladder(11, treated);
    ladder(5, pool);
    treated[10 * D] = 1e6; /* one of eleven does not move the median deviation of 3 */
    mdg_groups g = { { 11, D, treated, NULL }, { 5, D, pool, NULL } };
    mdg_distance_opts opts = MDG_DISTANCE_OPTS;
    mdg_distance d;
    opts.level = 3;
    assert_int_equal(mdg_distance_make(&g, &opts, &mem, &d, NULL), MDG_OK);
    /* Of 12 months with spreads m 3: root mean square, sum of m^2 is 650. */
    assert_close(d.weight[0], 0.75, 1e-15);
    assert_close(d.weight[5], 0.25 / 12, 1e-15);
    assert_close(d.multiplier[0], sqrt(0.75) / (1.4826 * 3), 1e-14);
    assert_close(d.multiplier[7], sqrt(0.25 / 12) / (1.4826 * 3 * sqrt(650.0 / 12)), 1e-14);
    g.treated.n = 9; /* too few: the pool's, whose median deviation is 1 */
    assert_int_equal(mdg_distance_make(&g, &opts, &mem, &d, NULL), MDG_OK);
    assert_close(d.multiplier[0], sqrt(0.75) / 1.4826, 1e-14);
    g.pool.n = 1; /* and none there */
    assert_int_equal(mdg_distance_make(&g, &opts, &mem, &d, NULL), MDG_OK);
    assert_close(d.multiplier[0], sqrt(0.75), 1e-14);
    mdg_arena_free(&mem);
}

static void distances_refuse(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    double value[20 * D];
    ladder(20, value);
    mdg_groups g = { { 20, D, value, NULL }, { 20, D, value, NULL } }, other = g;
    mdg_distance_opts opts = MDG_DISTANCE_OPTS;
    mdg_distance d;
    other.pool.d = D - 1;
    assert_int_equal(mdg_distance_make(&other, &opts, &mem, &d, NULL), MDG_E_RANGE);
    other.treated.d = D - 1;
    assert_int_equal(mdg_distance_make(&other, &opts, &mem, &d, NULL), MDG_E_RANGE);
    opts.level = -1;
    assert_int_equal(mdg_distance_make(&g, &opts, &mem, &d, NULL), MDG_E_RANGE);
    opts.level = opts.months = 0;
    assert_int_equal(mdg_distance_make(&g, &opts, &mem, &d, NULL), MDG_E_RANGE);
    opts.months = 1;
    long k = 0;
    mdg_status s = MDG_E_MEMORY;
    mdg_arena_free(&mem);
    while (s == MDG_E_MEMORY && k < 20) {
        mdg_arena small = { .fail_after = ++k };
        s = mdg_distance_make(&g, &opts, &small, &d, NULL);
        mdg_arena_free(&small);
    }
    assert_int_equal(s, MDG_OK);
    assert_int_equal(k, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_those_of_pandas),
        cmocka_unit_test(a_constant_factor_moves_the_level_only),
        cmocka_unit_test(meters_that_match_nothing),
        cmocka_unit_test(means_leave_out_what_is_missing),
        cmocka_unit_test(spreads_are_robust_and_of_the_treated),
        cmocka_unit_test(distances_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
