/* Degree-day moments and sufficiency against loops that do what the definition says. */
#include "unit.h"

enum { N = 400 };

typedef struct naive {
    double h, hh, c, cc, hy, cy;
    unsigned h_days, c_days;
} naive;

static naive count(const double *temp, const double *use, size_t n, double b)
{
    naive s = { 0 };
    for (size_t i = 0; i < n; i++) {
        if (isnan(temp[i]) || isnan(use[i]))
            continue;
        double h = fmax(0, b - temp[i]), c = fmax(0, temp[i] - b);
        s.h += h;
        s.hh += h * h;
        s.c += c;
        s.cc += c * c;
        s.hy += h * use[i];
        s.cy += c * use[i];
        s.h_days += h > 0;
        s.c_days += c > 0;
    }
    return s;
}

/* Within rounding of sums as large as `scale`. */
static void near(const char *what, double got, double want, double scale)
{
    if (!(fabs(got - want) <= 1e-12 * fmax(scale, 1)))
        fail_msg("%s: %.17g, wanted %.17g", what, got, want);
}

/* Temperatures on grid points, between them and beyond both ends; with gaps. */
static void draw(mdg_rng *r, double *temp, double *use)
{
    for (size_t i = 0; i < N; i++) {
        temp[i] = 20 + 80 * mdg_rng_uniform(r);
        if (mdg_rng_below(r, 4) == 0)
            temp[i] = round(temp[i]);
        use[i] = 10 * mdg_rng_normal(r);
        if (mdg_rng_below(r, 15) == 0)
            temp[i] = MDG_NAN;
        if (mdg_rng_below(r, 15) == 0)
            use[i] = MDG_NAN;
    }
}

static void moments_equal_the_definition(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < 40; seed++) {
        mdg_arena mem = { 0 };
        mdg_rng r = mdg_rng_make(11, seed);
        double temp[N], use[N], hy[MDG_BALANCE_POINTS], cy[MDG_BALANCE_POINTS];
        draw(&r, temp, use);
        mdg_temperature_cells all, cells;
        mdg_degree_days dd;
        assert_int_equal(mdg_temperature_cells_make(temp, N, &mem, &all, NULL), MDG_OK);
        size_t from = seed * 3, to = N - seed;
        cells = mdg_temperature_cells_slice(&all, from, to);
        mdg_degree_days_weather(&cells, use + from, &dd);
        mdg_degree_days_use(&cells, use + from, hy, cy);
        for (size_t i = 0; i < MDG_BALANCE_POINTS; i++) {
            naive s = count(temp + from, use + from, to - from, MDG_BALANCE_FIRST_F + (double)i);
            near("hdd", dd.hdd[i], s.h, s.h);
            near("hdd^2", dd.hdd_sq[i], s.hh, s.hh);
            near("cdd", dd.cdd[i], s.c, s.c);
            near("cdd^2", dd.cdd_sq[i], s.cc, s.cc);
            near("hdd use", hy[i], s.hy, 1e6);
            near("cdd use", cy[i], s.cy, 1e6);
            assert_int_equal(dd.hdd_days[i], s.h_days);
            assert_int_equal(dd.cdd_days[i], s.c_days);
        }
        mdg_arena_free(&mem);
    }
}

/* ---- sufficiency -------------------------------------------------------------------------- */

static mdg_meter_status verdict(size_t use_missing, size_t temp_missing, bool strict)
{
    double use[365], temp[365];
    for (size_t i = 0; i < 365; i++) {
        use[i] = i < use_missing ? MDG_NAN : 5;
        temp[i] = 364 - i < temp_missing ? MDG_NAN : 50;
    }
    mdg_sufficiency s = mdg_sufficiency_count(use, temp, 365);
    assert_int_equal(s.days, 365);
    assert_int_equal(s.valid, 365 - use_missing - temp_missing);
    return mdg_sufficiency_verdict(&s, strict);
}

static void a_tenth_of_the_days_may_be_missing(void **state)
{
    (void)state;
    assert_int_equal(verdict(0, 0, false), MDG_METER_OK);
    assert_int_equal(verdict(37, 0, false), MDG_METER_OK);
    assert_int_equal(verdict(38, 0, false), MDG_METER_MISSING_DAYS);
    assert_int_equal(verdict(20, 17, false), MDG_METER_OK);
    assert_int_equal(verdict(20, 18, false), MDG_METER_MISSING_DAYS);
    assert_int_equal(verdict(36, 0, true), MDG_METER_OK);
    assert_int_equal(verdict(37, 0, true), MDG_METER_MISSING_DAYS);
    assert_int_equal(verdict(365, 0, false), MDG_METER_NO_BASELINE);
    assert_int_equal(verdict(0, 365, false), MDG_METER_NO_WEATHER);
}

static void one_negative_day_or_only_zeros(void **state)
{
    (void)state;
    double use[365], temp[365];
    for (size_t i = 0; i < 365; i++) {
        use[i] = 0;
        temp[i] = 50;
    }
    mdg_sufficiency s = mdg_sufficiency_count(use, temp, 365);
    assert_int_equal(mdg_sufficiency_verdict(&s, false), MDG_METER_ALL_ZERO);
    use[100] = -0.01;
    s = mdg_sufficiency_count(use, temp, 365);
    assert_int_equal(s.negative, 1);
    assert_int_equal(mdg_sufficiency_verdict(&s, false), MDG_METER_NEGATIVE_USE);
}

/* ---- extreme values ----------------------------------------------------------------------- */

static double sorted_quantile(const double *x, size_t n, double p)
{
    double at = p * (double)(n - 1);
    size_t k = (size_t)at;
    double next = x[k + 1 < n ? k + 1 : k];
    return x[k] + (at - (double)k) * (next - x[k]);
}

static size_t count_extreme(const double *use, size_t n)
{
    double x[N];
    size_t m = 0, extreme = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(use[i]))
            x[m++] = use[i];
    if (m < 4)
        return 0;
    qsort(x, m, sizeof *x, mdg_by_number);
    double limit = sorted_quantile(x, m, 0.5) +
                   3 * (sorted_quantile(x, m, 0.75) - sorted_quantile(x, m, 0.25));
    for (size_t i = 0; i < m; i++)
        extreme += x[i] > limit;
    return extreme;
}

static void extreme_values_as_by_sorting(void **state)
{
    (void)state;
    double use[N], scratch[N];
    size_t found = 0;
    for (size_t seed = 0; seed < 300; seed++) {
        mdg_rng r = mdg_rng_make(13, seed);
        size_t n = mdg_rng_below(&r, N);
        for (size_t i = 0; i < n; i++) {
            use[i] = mdg_rng_gamma(&r, 0.8);
            if (seed % 3 == 0)
                use[i] = floor(use[i] * 3);
            if (mdg_rng_below(&r, 20) == 0)
                use[i] = seed % 2 ? MDG_NAN : 1e6 * mdg_rng_uniform(&r);
        }
        size_t want = count_extreme(use, n);
        assert_int_equal(mdg_extreme_values(use, n, scratch), want);
        found += want > 0;
    }
    assert_true(found > 50);
    double odd[] = { 1, 2, 3, MDG_INFINITY, -MDG_INFINITY, 4, 5 };
    assert_int_equal(mdg_extreme_values(odd, 7, scratch), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_equal_the_definition),
        cmocka_unit_test(a_tenth_of_the_days_may_be_missing),
        cmocka_unit_test(one_negative_day_or_only_zeros),
        cmocka_unit_test(extreme_values_as_by_sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
