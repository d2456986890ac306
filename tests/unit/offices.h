/* Simulated offices, and meters of them, for tests of madang-daily. */
#ifndef MADANG_TESTS_OFFICES_H
#define MADANG_TESTS_OFFICES_H

#include "simulated.h"
#include "unit.h"

enum { YEAR = 365, N = 2 * YEAR };

typedef struct office {
    double level, saturday, sunday, closure, heating, cooling, heating_point, cooling_point, lag;
    double noise;
} office;

typedef struct meter {
    mdg_arena mem;
    double temp[N], use[N];
    uint8_t kind[N];
    mdg_temperature_cells cells;
    mdg_madang_daily_work work;
    mdg_madang_daily_opts opts;
    mdg_madang_days days;
} meter;

static const office offices[] = {
    { 30, -8, -12, -14, 0.6, 0.9, 58, 66, 0, 2 },
    { 30, -8, -12, -14, 0.6, 0, 61, 80, 0.6, 2 },
    { 20, -9, -9, -9, 0, 0.9, 40, 62, 0.3, 1 },
    { 20, 0, 0, 0, 1, 0.8, 55, 70, 0, 3 },
    { 50, -5, -20, -25, 0, 0, 50, 70, 0, 6 },
    { 9e5, -1e5, -2e5, -4e5, 3e4, 1e4, 63, 67, 0.3, 9e4 },
    { 3, 0, 0, 0, 0.1, 0.05, 50, 75, 0, 4 },
    { 12, 2, 3, 0, 0.5, 0.6, 57, 57, 0.6, 1 },
};
enum { OFFICES = sizeof offices / sizeof *offices };

/* max(x, 0), its corner rounded over -width..width. */
static inline double hinge(double x, double width)
{
    if (x >= width)
        return x;
    return x <= -width ? 0 : (x + width) * (x + width) / (4 * width);
}

/* Weeks from a Monday on; a holiday every 41 days; the last nine days of each year are closures. */
static inline mdg_day_kind kind_of(size_t day)
{
    if (day % YEAR >= YEAR - 9)
        return MDG_DAY_CLOSURE;
    if (day % 41 == 40)
        return MDG_DAY_HOLIDAY;
    return day % 7 == 5 ? MDG_DAY_SATURDAY : day % 7 == 6 ? MDG_DAY_SUNDAY : MDG_DAY_WORK;
}

static inline void lag_temperature(const double *temp, double share, double *lagged)
{
    double state = MDG_NAN;
    for (size_t i = 0; i < N; i++) {
        if (isnan(state))
            state = temp[i];
        else if (!isnan(temp[i]))
            state = (1 - share) * temp[i] + share * state;
        lagged[i] = state;
    }
}

static inline void simulate_office(mdg_rng *r, const office *o, const meter *m, double *use)
{
    const double offset[] = { 0, o->saturday, o->sunday, o->sunday, o->closure };
    static double lagged[N];
    lag_temperature(m->temp, o->lag, lagged);
    for (size_t i = 0; i < N; i++)
        use[i] = o->level + offset[m->kind[i]] +
                 o->heating * hinge(o->heating_point - lagged[i], m->opts.smooth_f) +
                 o->cooling * hinge(lagged[i] - o->cooling_point, m->opts.smooth_f) +
                 o->noise * mdg_rng_normal(r);
}

static inline void make(meter *m, const office *o, size_t seed)
{
    *m = (meter){ .opts = MDG_MADANG_DAILY_OPTS };
    mdg_rng r = mdg_rng_make(23, seed);
    simulate_temperature(&r, N, m->temp);
    for (size_t i = 0; i < N; i++)
        m->kind[i] = (uint8_t)kind_of(i);
    simulate_office(&r, o, m, m->use);
    assert_int_equal(mdg_temperature_cells_make(m->temp, N, &m->mem, &m->cells, NULL), MDG_OK);
    assert_int_equal(mdg_madang_daily_work_make(N, &m->mem, &m->work, NULL), MDG_OK);
    m->days = (mdg_madang_days){ &m->cells, m->kind, { 0, YEAR } };
}

static inline void lose_days(meter *m, size_t seed)
{
    mdg_rng r = mdg_rng_make(29, seed);
    for (size_t i = 0; i < N; i++) {
        if (mdg_rng_below(&r, 30) == 0)
            m->use[i] = MDG_NAN;
        if (mdg_rng_below(&r, 30) == 0)
            m->temp[i] = MDG_NAN;
    }
    assert_int_equal(mdg_temperature_cells_make(m->temp, N, &m->mem, &m->cells, NULL), MDG_OK);
}

static inline mdg_madang_daily fit(meter *m)
{
    mdg_madang_daily out;
    mdg_error err = { 0 };
    if (mdg_madang_daily_fit(m->use + m->days.baseline.from, &m->days, &m->opts, &m->work, &out,
                             &err) != MDG_OK)
        fail_msg("%s", err.message);
    return out;
}

#endif
