/* The choice and coefficients of madang-daily against every candidate's regression done one by one,
 * by Householder's QR in long double. */
#include "offices.h"

enum { COLUMNS = 6 };

/* ---- the reference ------------------------------------------------------------------------ */

typedef struct regression {
    size_t rows, columns;
    long double x[YEAR + 2][COLUMNS], y[YEAR + 2];
    long double beta[COLUMNS], residual; /* sum of squares */
} regression;

/* In place: x becomes R, y becomes Q'y. False when columns are collinear. */
static bool solve(regression *g)
{
    static long double v[YEAR + 2];
    for (size_t k = 0; k < g->columns; k++) {
        long double norm = 0, vv = 0;
        for (size_t i = k; i < g->rows; i++)
            norm += g->x[i][k] * g->x[i][k];
        norm = sqrtl(norm);
        if (norm < 1e-6L)
            return false;
        for (size_t i = k; i < g->rows; i++) {
            v[i] = g->x[i][k] + (i > k ? 0 : g->x[k][k] > 0 ? norm : -norm);
            vv += v[i] * v[i];
        }
        for (size_t j = k; j <= g->columns; j++) {
            long double dot = 0;
            for (size_t i = k; i < g->rows; i++)
                dot += v[i] * (j < g->columns ? g->x[i][j] : g->y[i]);
            for (size_t i = k; i < g->rows; i++)
                *(j < g->columns ? &g->x[i][j] : &g->y[i]) -= 2 * dot / vv * v[i];
        }
    }
    for (size_t k = g->columns; k-- > 0;) {
        g->beta[k] = g->y[k];
        for (size_t j = k + 1; j < g->columns; j++)
            g->beta[k] -= g->x[k][j] * g->beta[j];
        g->beta[k] /= g->x[k][k];
    }
    g->residual = 0;
    for (size_t i = g->columns; i < g->rows; i++)
        g->residual += g->y[i] * g->y[i];
    return true;
}

typedef struct candidate {
    mdg_calendar calendar;
    double lag, heating, cooling; /* NaN: none */
    long double bic, beta[COLUMNS];
    unsigned levels;
} candidate;

/* Columns for the kinds of days that are not workdays; returns how many. */
static unsigned dummies(mdg_calendar calendar, unsigned kind, long double x[3])
{
    x[0] = x[1] = x[2] = 0;
    if (calendar == MDG_CALENDAR_OFF)
        x[0] = kind != MDG_DAY_WORK;
    if (calendar != MDG_CALENDAR_WEEK)
        return calendar == MDG_CALENDAR_OFF;
    x[0] = kind == MDG_DAY_SATURDAY;
    x[1] = kind == MDG_DAY_SUNDAY || kind == MDG_DAY_HOLIDAY;
    x[2] = kind == MDG_DAY_CLOSURE;
    return 3;
}

/* The weighted regression of one candidate; false when it does not qualify. */
static bool regress(const meter *m, candidate *c, regression *g)
{
    static double lagged[N];
    lag_temperature(m->temp, c->lag, lagged);
    unsigned far[2] = { 0, 0 };
    long double weights = 0;
    size_t n = 0, to = m->days.baseline.to;
    for (size_t i = m->days.baseline.from; i < to; i++) {
        if (isnan(m->use[i]) || isnan(m->temp[i]))
            continue;
        long double off[3];
        double age = (double)(to - 1 - i), half = m->opts.half_life_days;
        long double w = half > 0 ? powl(2, -(long double)age / (long double)half) : 1;
        weights += w;
        g->y[n] = w; /* kept until the mean is known */
        c->levels = 1 + dummies(c->calendar, m->kind[i], off);
        size_t k = 0;
        g->x[n][k++] = 1;
        for (; k < c->levels; k++)
            g->x[n][k] = off[k - 1];
        if (!isnan(c->heating))
            g->x[n][k++] = (long double)hinge(c->heating - lagged[i], m->opts.smooth_f);
        if (!isnan(c->cooling))
            g->x[n][k++] = (long double)hinge(lagged[i] - c->cooling, m->opts.smooth_f);
        far[0] += lagged[i] < c->heating;
        far[1] += lagged[i] > c->cooling;
        g->columns = k;
        n++;
    }
    if ((!isnan(c->heating) && far[0] < 10) || (!isnan(c->cooling) && far[1] < 10))
        return false;
    g->rows = n;
    n = 0;
    for (size_t i = m->days.baseline.from; i < to; i++) {
        if (isnan(m->use[i]) || isnan(m->temp[i]))
            continue;
        long double root = sqrtl(g->y[n] * (long double)g->rows / weights);
        for (size_t k = 0; k < g->columns; k++)
            g->x[n][k] *= root;
        g->y[n++] = root * (long double)m->use[i];
    }
    return true;
}

static void consider(const meter *m, candidate c, candidate *best)
{
    static regression g;
    if (!regress(m, &c, &g) || !solve(&g))
        return;
    for (size_t k = c.levels; k < g.columns; k++)
        if (!(g.beta[k] > 0))
            return;
    long double n = (long double)g.rows;
    c.bic = n * logl(g.residual / n) + (long double)g.columns * logl(n);
    memcpy(c.beta, g.beta, sizeof c.beta);
    if (best->levels == 0 || c.bic < best->bic - n * 1e-10L)
        *best = c;
}

static void consider_points(const meter *m, candidate c, candidate *best)
{
    consider(m, c, best);
    for (int h = 34; h <= 74; h += 4) {
        c.heating = h;
        consider(m, c, best);
    }
    for (int k = 50; k <= 82 && m->opts.cooling; k += 4) {
        c.cooling = k;
        c.heating = MDG_NAN;
        consider(m, c, best);
    }
    for (int k = 50; k <= 82 && m->opts.cooling; k += 4) {
        for (int h = 34; h <= 74 && h <= k; h += 4) {
            c.heating = h;
            c.cooling = k;
            consider(m, c, best);
        }
    }
}

/* One degree around the best of the coarse grid. */
static void refine(const meter *m, candidate *best)
{
    candidate coarse = *best, c = coarse;
    bool heat = !isnan(c.heating), cool = !isnan(c.cooling);
    for (int j = cool ? -3 : 0; j <= (cool ? 3 : 0); j++) {
        for (int i = heat ? -3 : 0; i <= (heat ? 3 : 0); i++) {
            c.heating = coarse.heating + i;
            c.cooling = coarse.cooling + j;
            bool outside = c.heating < 34 || c.heating > 74 || c.cooling < 50 || c.cooling > 82;
            if (!outside && !(c.heating > c.cooling) && (heat || cool))
                consider(m, c, best);
        }
    }
}

static candidate choose(const meter *m)
{
    static const double lags[] = { 0, 0.3, 0.6 };
    candidate best = { .levels = 0 };
    for (int k = 0; k < MDG_CALENDARS; k++)
        for (size_t l = 0; l < 3; l++)
            consider_points(
                m, (candidate){ (mdg_calendar)k, lags[l], MDG_NAN, MDG_NAN, 0, { 0 }, 0 }, &best);
    refine(m, &best);
    return best;
}

static void compare(const mdg_madang_daily *got, const candidate *want, size_t seed)
{
    if (got->calendar != want->calendar || fabs(got->lag - want->lag) > 0.01)
        fail_msg("seed %zu: %s, lag %g; wanted %s, lag %g", seed, mdg_calendar_code(got->calendar),
                 got->lag, mdg_calendar_code(want->calendar), want->lag);
    assert_close(got->heating_balance_point_f, want->heating, 0);
    assert_close(got->cooling_balance_point_f, want->cooling, 0);
    bool heat = !isnan(want->heating), cool = !isnan(want->cooling);
    const long double *slope = want->beta + want->levels;
    assert_close(got->level, (double)want->beta[0], 1e-10);
    assert_close(got->beta_hdd, heat ? (double)slope[0] : 0, 1e-10);
    assert_close(got->beta_cdd, cool ? (double)slope[heat] : 0, 1e-10);
    assert_int_equal(got->slopes, heat + cool);
    assert_int_equal(got->calendar_terms, want->levels - 1);
    double offset[3] = { 0, 0, 0 };
    for (size_t k = 0; k < 3 && want->calendar != MDG_CALENDAR_NONE; k++)
        offset[k] = (double)want->beta[want->calendar == MDG_CALENDAR_OFF ? 1 : k + 1];
    assert_true(fabs(got->saturday - offset[0]) <= 1e-10 * fabs(got->level));
    assert_true(fabs(got->sunday - offset[1]) <= 1e-10 * fabs(got->level));
    assert_true(fabs(got->closure - offset[2]) <= 1e-10 * fabs(got->level));
}

/* Kinds of offices, smooth and sharp, with weights of age and without, heating only. */
static void choice_equals_all_regressions(void **state)
{
    (void)state;
    static meter m;
    size_t calendars[MDG_CALENDARS] = { 0 }, slopes[3] = { 0 }, lagging = 0;
    for (size_t seed = 0; seed < 2 * OFFICES; seed++) {
        make(&m, &offices[seed % OFFICES], seed);
        lose_days(&m, seed);
        m.opts.huber = m.opts.shrinkage = 0;
        m.opts.cooling = seed % 5 != 4;
        m.opts.smooth_f = seed % 3 == 2 ? 0 : 6;
        m.opts.half_life_days = seed % 4 == 3 ? 0 : 120;
        m.days.baseline = (mdg_range){ seed * 20, seed * 20 + YEAR };
        mdg_madang_daily got = fit(&m);
        candidate want = choose(&m);
        compare(&got, &want, seed);
        calendars[got.calendar]++;
        slopes[got.slopes]++;
        lagging += got.lag > 0;
        mdg_arena_free(&m.mem);
    }
    for (size_t k = 0; k < 3; k++)
        assert_true(calendars[k] > 0 && slopes[k] > 0);
    assert_true(lagging > 0 && lagging < 2 * OFFICES);
}

/* Slopes that are held back are those of least squares with two rows more: each asks for a slope of
 * 0, as firmly as the share of what the load varies by beside the levels. */
static void shrinkage_is_a_ridge(void **state)
{
    (void)state;
    static meter m;
    static regression g, load;
    make(&m, &offices[0], 3);
    m.opts.huber = 0;
    m.opts.shrinkage = 0.2;
    mdg_madang_daily got = fit(&m);
    assert_int_equal(got.slopes, 2);
    assert_int_equal(got.calendar_terms, 3);
    candidate c = {
        got.calendar, got.lag, got.heating_balance_point_f, got.cooling_balance_point_f, 0, { 0 }, 0
    };
    long double firm[2];
    for (size_t k = 0; k < 2; k++) {
        assert_true(regress(&m, &c, &load));
        for (size_t i = 0; i < load.rows; i++)
            load.y[i] = load.x[i][4 + k];
        load.columns = 4;
        assert_true(solve(&load));
        firm[k] = sqrtl(0.2L * load.residual);
    }
    assert_true(regress(&m, &c, &g));
    for (size_t k = 0; k < 2; k++) {
        memset(g.x[g.rows], 0, sizeof g.x[g.rows]);
        g.x[g.rows][4 + k] = firm[k];
        g.y[g.rows++] = 0;
    }
    assert_true(solve(&g));
    assert_close(got.level, (double)g.beta[0], 1e-10);
    assert_close(got.closure, (double)g.beta[3], 1e-10);
    assert_close(got.beta_hdd, (double)g.beta[4], 1e-10);
    assert_close(got.beta_cdd, (double)g.beta[5], 1e-10);
    mdg_arena_free(&m.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choice_equals_all_regressions),
        cmocka_unit_test(shrinkage_is_a_ridge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
