/* The hourly model against what defines it: weighted residuals are orthogonal to every column of
 * the 182-column design, and where columns are collinear no other solution has a smaller norm. */
#include "simulated.h"
#include "unit.h"

enum { DAYS = 365, HOURS = 24 * DAYS, WEEK = MDG_HOURS_OF_WEEK };

typedef struct meter {
    mdg_arena mem;
    mdg_days days;
    mdg_hours hours;
    mdg_hour_weather weather;
    mdg_caltrack_hourly_work work;
    double temp[HOURS], use[HOURS], predicted[HOURS];
} meter;

static meter m;
static mdg_caltrack_hourly model;

/* A home that is warm by day and cool by night, with its week. */
static void make(uint64_t seed, double spread)
{
    mdg_rng r = mdg_rng_make(seed, 0);
    double daily[DAYS];
    simulate_temperature(&r, DAYS, daily);
    m.mem = (mdg_arena){ 0 };
    assert_int_equal(mdg_days_utc(18993, DAYS, &m.mem, &m.days, NULL), MDG_OK);
    mdg_offset utc = { 0 };
    assert_int_equal(mdg_hours_make(&m.days, &utc, 1, &m.mem, &m.hours, NULL), MDG_OK);
    assert_int_equal(m.hours.n, HOURS);
    for (size_t i = 0; i < HOURS; i++) {
        size_t how = m.hours.hour_of_week[i], hour = how % 24;
        m.temp[i] = 60 + spread * (daily[i / 24] - 60 + 8 * sin(SIMULATED_PI * (double)hour / 12));
        bool open = how < 120 && hour >= 8 && hour < 18;
        double load = open ? 3 + 0.08 * mdg_hdd(m.temp[i], 58) + 0.1 * mdg_cdd(m.temp[i], 70)
                           : 1 + 0.03 * mdg_hdd(m.temp[i], 50);
        m.use[i] = load * exp(0.1 * mdg_rng_normal(&r));
    }
    assert_int_equal(mdg_hour_weather_make(m.temp, HOURS, &m.mem, &m.weather, NULL), MDG_OK);
    assert_int_equal(mdg_caltrack_hourly_work_make(HOURS, &m.mem, &m.work, NULL), MDG_OK);
}

static mdg_status fit(bool single, double least_share)
{
    mdg_caltrack_hourly_opts opts = MDG_CALTRACK_HOURLY_OPTS;
    opts.single = single;
    opts.least_share = least_share;
    return mdg_caltrack_hourly_fit(m.use, &m.hours, &m.weather, 0, HOURS, &opts, &m.work, &model,
                                   NULL);
}

static double weight_of(size_t month, size_t of)
{
    if (model.single || month == of)
        return 1;
    return (month + 1) % 12 == of || (of + 1) % 12 == month ? 0.5 : 0;
}

/* The parts of a temperature in each bin, as CalTRACK has them: they add up to it. */
static size_t parts(const mdg_caltrack_segment *s, size_t kind, double t, double x[MDG_MAX_BINS])
{
    size_t n = s->bins[kind];
    for (size_t b = 0; b < n; b++) {
        double lo = b > 0 ? s->end[kind][b - 1] : 0, hi = b + 1 < n ? s->end[kind][b] : 1e9;
        x[b] = b == 0 ? fmin(t, hi) : fmax(0, fmin(t, hi) - lo);
    }
    return n;
}

static void residuals_are_orthogonal(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        make(seed, seed == 3 ? 2 : 1);
        assert_int_equal(fit(seed == 4, 0.9), MDG_OK);
        for (size_t k = 0; k < (seed == 4 ? 1 : 12); k++) {
            const mdg_caltrack_segment *s = &model.segment[k];
            double week[WEEK] = { 0 }, bin[2][MDG_MAX_BINS] = { { 0 } }, scale = 0;
            for (size_t i = 0; i < HOURS; i++) {
                double w = weight_of(m.hours.month[i], k), x[MDG_MAX_BINS];
                size_t how = m.hours.hour_of_week[i], kind = s->occupied[how];
                size_t n = parts(s, kind, m.temp[i], x);
                double predicted = s->base[how];
                for (size_t b = 0; b < n; b++)
                    predicted += s->slope[kind][b] * x[b];
                double residual = w * (m.use[i] - predicted);
                week[how] += residual;
                for (size_t b = 0; b < n; b++)
                    bin[kind][b] += residual * x[b];
                scale += w * m.use[i] * fabs(m.temp[i]);
            }
            for (size_t h = 0; h < WEEK; h++)
                assert_true(fabs(week[h]) < 1e-11 * scale);
            for (size_t b = 0; b < MDG_MAX_BINS; b++)
                assert_true(fabs(bin[0][b]) < 1e-11 * scale && fabs(bin[1][b]) < 1e-11 * scale);
        }
        mdg_arena_free(&m.mem);
    }
}

static void office_hours_are_found(void **state)
{
    (void)state;
    make(7, 1);
    assert_int_equal(fit(false, 0.9), MDG_OK);
    assert_int_equal(model.fitted, 12);
    for (size_t h = 0; h < WEEK; h++)
        assert_int_equal(model.segment[0].occupied[h], h < 120 && h % 24 >= 8 && h % 24 < 18);
    mdg_arena_free(&m.mem);
}

static void prediction_is_the_formula(void **state)
{
    (void)state;
    make(5, 1);
    assert_int_equal(fit(false, 0.9), MDG_OK);
    mdg_caltrack_hourly_predict(&model, &m.hours, &m.weather, 100, HOURS, m.predicted);
    for (size_t i = 100; i < HOURS; i += 37) {
        const mdg_caltrack_segment *s = &model.segment[m.hours.month[i]];
        size_t how = m.hours.hour_of_week[i], kind = s->occupied[how];
        double x[MDG_MAX_BINS], want = s->base[how];
        size_t n = parts(s, kind, m.temp[i], x);
        for (size_t b = 0; b < n; b++)
            want += s->slope[kind][b] * x[b];
        assert_close(m.predicted[i - 100], want, 1e-12);
    }
    mdg_arena_free(&m.mem);
}

/* One temperature for all hours: base and slope cannot be told apart. base_h + t * slope is known,
 * so with n hours of the week of one kind the least norm has slope = t * sum(base_h). */
static void collinear_terms_have_least_norm(void **state)
{
    (void)state;
    make(6, 0);
    assert_int_equal(fit(false, 0.9), MDG_OK);
    for (size_t k = 0; k < 12; k++) {
        const mdg_caltrack_segment *s = &model.segment[k];
        double sum[2] = { 0 };
        for (size_t h = 0; h < WEEK; h++)
            sum[s->occupied[h]] += s->base[h];
        for (size_t kind = 0; kind < 2; kind++) {
            assert_int_equal(s->bins[kind], 1);
            assert_close(s->slope[kind][0], 60 * sum[kind], 1e-6);
        }
    }
    mdg_caltrack_hourly_predict(&model, &m.hours, &m.weather, 0, HOURS, m.predicted);
    double error = 0, total = 0;
    for (size_t i = 0; i < HOURS; i++) {
        error += m.predicted[i] - m.use[i];
        total += m.use[i];
    }
    assert_true(fabs(error) < 0.01 * total);
    mdg_arena_free(&m.mem);
}

static void months_without_hours_have_no_model(void **state)
{
    (void)state;
    make(8, 1);
    /* Four days of June are gone: June, and its neighbours, cannot be fitted. */
    for (size_t i = 0; i < HOURS; i++)
        if (m.hours.month[i] == 5 && i % 720 < 96)
            m.use[i] = MDG_NAN;
    assert_int_equal(fit(false, 0.9), MDG_OK);
    assert_int_equal(model.fitted, 9);
    assert_false(model.segment[4].fitted || model.segment[5].fitted || model.segment[6].fitted);
    assert_int_equal(fit(false, 0), MDG_OK);
    assert_int_equal(model.fitted, 12);
    /* Without any hour of its own, June stands on May and July; but not with these gone too. */
    for (size_t i = 0; i < HOURS; i++)
        if (m.hours.month[i] == 5)
            m.use[i] = MDG_NAN;
    assert_int_equal(fit(false, 0), MDG_OK);
    assert_int_equal(model.fitted, 12);
    for (size_t i = 0; i < HOURS; i++)
        if (m.hours.month[i] == 4 || m.hours.month[i] == 6)
            m.use[i] = MDG_NAN;
    assert_int_equal(fit(false, 0), MDG_OK);
    assert_false(model.segment[5].fitted);
    for (size_t i = 0; i < HOURS; i++)
        m.use[i] = MDG_NAN;
    assert_int_equal(fit(false, 0.9), MDG_E_SHORT);
    assert_int_equal(fit(true, 0.9), MDG_E_SHORT);
    mdg_arena_free(&m.mem);
}

static void zero_use_is_a_model(void **state)
{
    (void)state;
    make(9, 1);
    for (size_t i = 0; i < HOURS; i++)
        if (m.hours.month[i] >= 4 && m.hours.month[i] <= 8)
            m.use[i] = 0;
    assert_int_equal(fit(false, 0.9), MDG_OK);
    mdg_caltrack_hourly_predict(&model, &m.hours, &m.weather, 0, HOURS, m.predicted);
    for (size_t i = 0; i < HOURS; i++)
        if (m.hours.month[i] >= 5 && m.hours.month[i] <= 7)
            assert_true(fabs(m.predicted[i]) < 1e-12);
    mdg_arena_free(&m.mem);
}

static void single_model_has_conditions(void **state)
{
    (void)state;
    make(10, 1);
    assert_int_equal(fit(true, 0.9), MDG_OK);
    mdg_caltrack_hourly_predict(&model, &m.hours, &m.weather, 0, HOURS, m.predicted);
    mdg_range year = { 0, HOURS };
    /* Its own predictions as use: no bias in any month. */
    assert_true(
        mdg_caltrack_single_allowed(m.predicted, m.predicted, &m.hours, &m.weather, year, year));
    for (size_t i = 0; i < HOURS; i++)
        m.use[i] = m.predicted[i] * (m.hours.month[i] < 3 ? 1.02 : 1);
    assert_false(mdg_caltrack_single_allowed(m.use, m.predicted, &m.hours, &m.weather, year, year));
    /* Far warmer than the baseline ever was. */
    m.temp[HOURS - 1] += 120;
    assert_true(mdg_caltrack_single_allowed(m.use, m.predicted, &m.hours, &m.weather,
                                            (mdg_range){ 0, HOURS - 24 }, year));
    mdg_arena_free(&m.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residuals_are_orthogonal),
        cmocka_unit_test(office_hours_are_found),
        cmocka_unit_test(prediction_is_the_formula),
        cmocka_unit_test(collinear_terms_have_least_norm),
        cmocka_unit_test(months_without_hours_have_no_model),
        cmocka_unit_test(zero_use_is_a_model),
        cmocka_unit_test(single_model_has_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
