/* What madang's daily model promises about wrong readings, age, kinds of days, caches and terms. */
#include "offices.h"

static void predict(const meter *m, const mdg_madang_daily *model, double *total)
{
    mdg_madang_daily_predict(model, &m->cells, m->days.kind, NULL,
                             (mdg_madang_terms){ .total = total });
}

/* ---- what is known is found ------------------------------------------------------------------ */

static void exact_use_gives_the_exact_model(void **state)
{
    (void)state;
    static meter m;
    office o = { 30, -8, -12, -14, 0.6, 0.9, 57, 66, 0.3, 0 };
    make(&m, &o, 5);
    m.opts.shrinkage = 0;
    mdg_madang_daily got = fit(&m);
    assert_int_equal(got.calendar, MDG_CALENDAR_WEEK);
    assert_close(got.lag, 0.3, 0);
    assert_close(got.heating_balance_point_f, 57, 0);
    assert_close(got.cooling_balance_point_f, 66, 0);
    assert_close(got.level, 30, 1e-10);
    assert_close(got.saturday, -8, 1e-10);
    assert_close(got.sunday, -12, 1e-10);
    assert_close(got.closure, -14, 1e-10);
    assert_close(got.beta_hdd, 0.6, 1e-10);
    assert_close(got.beta_cdd, 0.9, 1e-10);
    assert_close(got.r2, 1, 1e-12);
    assert_int_equal(got.n, YEAR);
    double total[N];
    predict(&m, &got, total);
    for (size_t i = 0; i < N; i++)
        assert_close(total[i], m.use[i], 1e-10);
    mdg_arena_free(&m.mem);
}

/* At one temperature the level is the mean of use by weights of age. */
static void recent_days_weigh_more(void **state)
{
    (void)state;
    static meter m;
    make(&m, &offices[0], 1);
    for (size_t i = 0; i < N; i++) {
        m.temp[i] = 60;
        m.use[i] = i < 200 ? 10 : 20;
    }
    mdg_temperature_cells_make(m.temp, N, &m.mem, &m.cells, NULL);
    m.opts.calendar = false;
    m.opts.huber = 0;
    for (size_t i = 210; i < 260; i++)
        m.use[i] = MDG_NAN;
    for (int k = 0; k < 4; k++) {
        double half = 60 * k, sum = 0, weights = 0;
        for (size_t i = 0; i < YEAR; i++) {
            double w = half > 0 ? pow(0.5, (double)(YEAR - 1 - i) / half) : 1;
            sum += isnan(m.use[i]) ? 0 : w * m.use[i];
            weights += isnan(m.use[i]) ? 0 : w;
        }
        m.opts.half_life_days = half;
        mdg_madang_daily got = fit(&m);
        assert_int_equal(got.slopes, 0);
        assert_close(got.level, sum / weights, 1e-13);
    }
    mdg_arena_free(&m.mem);
}

/* Wrong readings, ten times too high, change predictions little: by under 2 % of mean use, and
 * without the weights by far more. */
static void a_few_wrong_readings_change_little(void **state)
{
    (void)state;
    static meter m;
    static double right[N], wrong[N];
    for (size_t seed = 0; seed < OFFICES; seed++) {
        office o = offices[seed];
        o.noise = 0.05 * o.level;
        make(&m, &o, seed);
        mdg_madang_daily a = fit(&m);
        predict(&m, &a, right);
        mdg_rng r = mdg_rng_make(31, seed);
        for (size_t k = 0; k < 3; k++)
            m.use[mdg_rng_below(&r, YEAR)] *= 10;
        mdg_madang_daily robust = fit(&m);
        assert_true(robust.outliers >= 3 && robust.outliers < 20);
        m.opts.huber = 0;
        mdg_madang_daily plain = fit(&m);
        assert_int_equal(plain.outliers, 0);
        double sum = 0, off[2] = { 0, 0 };
        for (int way = 0; way < 2; way++) {
            predict(&m, way ? &plain : &robust, wrong);
            for (size_t i = YEAR; i < N; i++) {
                sum += right[i] / 2;
                off[way] += (wrong[i] - right[i]) * (wrong[i] - right[i]);
            }
        }
        for (int way = 0; way < 2; way++)
            off[way] = sqrt(off[way] / YEAR) / (sum / YEAR);
        if (off[0] > 0.02 || off[1] < 2 * off[0])
            fail_msg("seed %zu: %g, without weights %g", seed, off[0], off[1]);
        mdg_arena_free(&m.mem);
    }
}

/* Where more than one day in twenty is far off, that is how use is: the mean stays near. */
static void use_on_few_days_is_not_wrong(void **state)
{
    (void)state;
    static meter m;
    make(&m, &offices[0], 2);
    double mean = 0;
    mdg_rng r = mdg_rng_make(5, 5);
    for (size_t i = 0; i < N; i++) {
        m.use[i] = mdg_rng_below(&r, 3) == 0 ? 100 + mdg_rng_normal(&r) : 0;
        mean += i < YEAR ? m.use[i] / YEAR : 0;
    }
    m.opts.half_life_days = 0;
    mdg_madang_daily got = fit(&m);
    double total[N], predicted = 0;
    predict(&m, &got, total);
    for (size_t i = 0; i < YEAR; i++)
        predicted += total[i] / YEAR;
    assert_true(fabs(predicted / mean - 1) < 0.05);
    mdg_arena_free(&m.mem);
}

/* ---- invariances and limits --------------------------------------------------------------------
 */

static void scale_of_use_is_scale_of_the_model(void **state)
{
    (void)state;
    static meter m;
    for (size_t seed = 0; seed < OFFICES; seed++) {
        make(&m, &offices[seed], seed);
        lose_days(&m, seed);
        mdg_madang_daily a = fit(&m);
        for (size_t i = 0; i < N; i++)
            m.use[i] *= 1000;
        mdg_madang_daily b = fit(&m);
        assert_true(a.calendar == b.calendar && a.slopes == b.slopes && a.outliers == b.outliers);
        assert_close(b.lag, a.lag, 0);
        assert_close(b.heating_balance_point_f, a.heating_balance_point_f, 0);
        assert_close(b.cooling_balance_point_f, a.cooling_balance_point_f, 0);
        assert_close(b.level, 1000 * a.level, 1e-10);
        assert_close(b.beta_hdd, 1000 * a.beta_hdd, 1e-10);
        assert_close(b.beta_cdd, 1000 * a.beta_cdd, 1e-10);
        assert_close(b.r2, a.r2, 1e-9);
        mdg_arena_free(&m.mem);
    }
}

static void kinds_of_days(void **state)
{
    (void)state;
    static meter m;
    make(&m, &offices[0], 7);
    m.days.kind = NULL;
    mdg_madang_daily none = fit(&m);
    assert_int_equal(none.calendar, MDG_CALENDAR_NONE);
    assert_close(none.saturday + none.sunday + none.closure, 0, 0);
    m.days.kind = m.kind;
    m.opts.calendar = false;
    mdg_madang_daily off = fit(&m);
    assert_memory_equal(&none, &off, sizeof none);
    m.opts.calendar = true;
    m.opts.closures = false;
    mdg_madang_daily sundays = fit(&m);
    assert_int_equal(sundays.calendar_terms, 2);
    assert_close(sundays.closure, sundays.sunday, 0);
    m.opts.closures = true;
    m.days.baseline = (mdg_range){ 5, YEAR - 7 }; /* two closures make no level */
    assert_close(fit(&m).closure, fit(&m).sunday, 0);
    m.days.baseline = (mdg_range){ 5, YEAR - 6 };
    assert_true(fabs(fit(&m).closure - fit(&m).sunday) > 0.1);
    m.days.baseline = (mdg_range){ 7, 7 + 19 }; /* two Saturdays, two Sundays: no week */
    assert_true(fit(&m).calendar != MDG_CALENDAR_WEEK);
    mdg_arena_free(&m.mem);
}

static void gas_has_no_cooling(void **state)
{
    (void)state;
    static meter m;
    for (size_t seed = 0; seed < OFFICES; seed++) {
        make(&m, &offices[seed], seed);
        m.opts.cooling = false;
        mdg_madang_daily got = fit(&m);
        assert_true(isnan(got.cooling_balance_point_f) && got.slopes <= 1);
        assert_close(got.beta_cdd, 0, 0);
        mdg_arena_free(&m.mem);
    }
}

static void too_little_or_nothing_to_fit(void **state)
{
    (void)state;
    static meter m;
    make(&m, &offices[0], 3);
    mdg_madang_daily out = { .n = 77 };
    for (size_t i = 0; i < N; i++)
        m.use[i] = 4.1;
    mdg_madang_daily flat = fit(&m);
    assert_true(flat.slopes == 0 && flat.calendar_terms == 0 && !(fabs(flat.r2) > 0));
    assert_close(flat.level, 4.1, 1e-14);
    m.days.baseline = (mdg_range){ 30, 40 };
    assert_int_equal(fit(&m).n, 10);
    m.use[33] = MDG_NAN;
    assert_int_equal(mdg_madang_daily_fit(m.use + 30, &m.days, &m.opts, &m.work, &out, NULL),
                     MDG_E_SHORT);
    m.days.baseline.to = 30;
    assert_int_equal(mdg_madang_daily_fit(m.use + 30, &m.days, &m.opts, &m.work, &out, NULL),
                     MDG_E_SHORT);
    assert_int_equal(out.n, 77);
    m.work.n = N - 1;
    assert_int_equal(mdg_madang_daily_fit(m.use, &m.days, &m.opts, &m.work, &out, NULL),
                     MDG_E_RANGE);
    mdg_arena_free(&m.mem);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    mdg_measure_opts opts = MDG_MEASURE_OPTS;
    opts.model = MDG_MODEL_MADANG_DAILY;
    mdg_measure_work work;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 100) {
        mdg_arena mem = { .fail_after = ++k };
        s = mdg_measure_work_make(N, 0, &opts, &mem, &work, NULL);
        mdg_arena_free(&mem);
    }
    assert_int_equal(s, MDG_OK);
    assert_true(k > 40);
}

/* What is kept must never serve other days, kinds, weather or options. */
static void caches_change_nothing(void **state)
{
    (void)state;
    static meter m, fresh;
    make(&m, &offices[0], 1);
    for (size_t round = 0; round < 60; round++) {
        m.use[(round * 7) % YEAR] = round % 3 ? MDG_NAN : 25;
        m.opts.cooling = round % 2;
        m.opts.lags = round % 5;
        m.opts.smooth_f = round % 7 ? 6 : 0;
        m.opts.half_life_days = round % 11 ? 120 : 90;
        m.opts.closures = round % 6;
        m.opts.calendar = round % 10;
        m.days.kind = round % 9 ? m.kind : NULL;
        m.days.baseline = (mdg_range){ 30 * (round % 4), YEAR + 20 * (round % 3) };
        mdg_madang_daily cached = fit(&m), again = fit(&m);
        make(&fresh, &offices[0], 1);
        memcpy(fresh.use, m.use, sizeof m.use);
        fresh.opts = m.opts;
        fresh.days.baseline = m.days.baseline;
        fresh.days.kind = m.days.kind ? fresh.kind : NULL;
        mdg_madang_daily plain = fit(&fresh);
        assert_memory_equal(&cached.level, &plain.level, 9 * sizeof(double));
        assert_memory_equal(&cached.level, &again.level, 9 * sizeof(double));
        assert_int_equal(cached.candidates, plain.candidates);
        mdg_arena_free(&fresh.mem);
    }
    mdg_arena_free(&m.mem);
}

/* ---- predictions --------------------------------------------------------------------------------
 */

static void terms_add_up(void **state)
{
    (void)state;
    static meter m;
    make(&m, &offices[0], 4);
    lose_days(&m, 4);
    mdg_madang_daily model = fit(&m);
    static double total[N], base[N], calendar[N], heating[N], cooling[N], length[N];
    for (size_t i = 0; i < N; i++)
        length[i] = i % 9 == 0 ? 23.0 / 24 : 1;
    mdg_madang_terms out = { total, base, calendar, heating, cooling };
    mdg_madang_daily_predict(&model, &m.cells, m.kind, length, out);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(isnan(total[i]), isnan(m.temp[i]));
        assert_int_equal(isnan(heating[i]) + isnan(cooling[i]), 2 * isnan(m.temp[i]));
        if (isnan(total[i]))
            continue;
        assert_close(total[i], base[i] + calendar[i] + heating[i] + cooling[i], 1e-14);
        assert_close(base[i], model.level * length[i], 1e-15);
        assert_close(calendar[i],
                     m.kind[i] == MDG_DAY_SUNDAY ? model.sunday * length[i] : calendar[i], 1e-15);
        assert_true(heating[i] >= 0 && cooling[i] >= 0);
    }
    mdg_madang_daily_predict(&model, &m.cells, NULL, NULL, out);
    for (size_t i = 0; i < N; i++)
        if (!isnan(m.temp[i]))
            assert_close(calendar[i], (model.saturday + model.sunday) / 7, 1e-15);
    /* Below 0 only where the baseline was. */
    model.level = -50;
    assert_true(model.nonnegative);
    mdg_madang_daily_predict(&model, &m.cells, m.kind, NULL, out);
    for (size_t i = 0; i < N; i++)
        assert_true(isnan(total[i]) || (total[i] >= 0 && fabs(total[i] - base[i] - calendar[i] -
                                                              heating[i] - cooling[i]) < 1e-12));
    m.use[10] = -1;
    assert_false(fit(&m).nonnegative);
    mdg_arena_free(&m.mem);
}

typedef struct measured {
    mdg_measure_opts opts;
    mdg_measure_work work;
    mdg_meter_input in;
} measured;

static measured start(meter *m)
{
    measured s = { .opts = MDG_MEASURE_OPTS };
    s.opts.model = MDG_MODEL_MADANG_DAILY;
    assert_int_equal(mdg_measure_work_make(N, 0, &s.opts, &m->mem, &s.work, NULL), MDG_OK);
    s.in = (mdg_meter_input){ .use = m->use,
                              .cells = &m->cells,
                              .kind = m->kind,
                              .baseline_to = YEAR,
                              .reporting_from = YEAR,
                              .reporting_to = N,
                              .readings = N };
    return s;
}

/* Eleven percent saved, but for what slopes are held back by. */
static void a_meter_is_measured(void **state)
{
    (void)state;
    static meter m;
    office o = offices[0];
    o.noise = 0;
    make(&m, &o, 6);
    for (size_t i = YEAR; i < N; i++)
        m.use[i] *= 0.89;
    measured s = start(&m);
    mdg_temperature_cells days = mdg_temperature_cells_slice(&m.cells, 100, 100 + YEAR);
    mdg_normal_year normal = { .days = &days };
    s.in.normal = &normal;
    mdg_meter_result r;
    assert_int_equal(mdg_measure_meter(&s.in, &s.opts, &s.work, &r, NULL), MDG_OK);
    assert_int_equal(r.status, MDG_METER_OK);
    assert_true(fabs(r.savings / r.counterfactual - 0.11) < 0.01);
    assert_close(r.observed + r.savings, r.counterfactual, 1e-12);
    assert_close(r.base + r.heating + r.cooling, r.counterfactual, 1e-12);
    assert_int_equal(r.metrics.parameters, 5);
    assert_int_equal(r.metrics.parameters, r.daily.slopes + r.daily.calendar_terms);
    assert_true(fabs(r.model.intercept - r.daily.level) <= 0 && r.band.fsu > 0 && r.lo < r.savings);
    assert_true(fabs(r.normalised.savings / r.normalised.baseline - 0.11) < 0.01);
    assert_close(r.normalised.base + r.normalised.heating + r.normalised.cooling,
                 r.normalised.savings, 1e-10);
    mdg_madang_daily again;
    m.opts = (mdg_madang_daily_opts)MDG_MADANG_DAILY_OPTS;
    again = fit(&m);
    assert_memory_equal(&again.level, &r.daily.level, 9 * sizeof(double));
    mdg_arena_free(&m.mem);
}

static void bad_meters_have_a_status(void **state)
{
    (void)state;
    static meter m;
    make(&m, &offices[0], 6);
    measured s = start(&m);
    mdg_meter_result r;
    s.in.readings = 0;
    assert_int_equal(mdg_measure_meter(&s.in, &s.opts, &s.work, &r, NULL), MDG_OK);
    assert_int_equal(r.status, MDG_METER_NO_READINGS);
    assert_true(isnan(r.daily.level) && isnan(r.savings));
    s.in.readings = N;
    for (size_t i = 0; i < YEAR; i++)
        m.use[i] = MDG_NAN;
    assert_int_equal(mdg_measure_meter(&s.in, &s.opts, &s.work, &r, NULL), MDG_OK);
    assert_int_equal(r.status, MDG_METER_NO_BASELINE);
    assert_true(isnan(r.daily.level));
    s.work.n = N - 1;
    assert_int_equal(mdg_measure_meter(&s.in, &s.opts, &s.work, &r, NULL), MDG_E_RANGE);
    mdg_arena_free(&m.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_use_gives_the_exact_model),
        cmocka_unit_test(recent_days_weigh_more),
        cmocka_unit_test(a_few_wrong_readings_change_little),
        cmocka_unit_test(use_on_few_days_is_not_wrong),
        cmocka_unit_test(scale_of_use_is_scale_of_the_model),
        cmocka_unit_test(kinds_of_days),
        cmocka_unit_test(gas_has_no_cooling),
        cmocka_unit_test(too_little_or_nothing_to_fit),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(caches_change_nothing),
        cmocka_unit_test(terms_add_up),
        cmocka_unit_test(a_meter_is_measured),
        cmocka_unit_test(bad_meters_have_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
