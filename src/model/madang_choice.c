/* The candidates of madang-daily: what depends on weather, calendar and missing days is kept from
 * meter to meter; a meter's use then needs one product with the load terms of its days.
 *
 * Levels of groups of days are eliminated: a sum of products over days, less that of the groups'
 * sums, is what regression on heating and cooling needs. */
#include "model/madang_choice.h"

#include <assert.h>
#include <string.h>

enum { LAGS = CHOICE_LAGS, HEAT = CHOICE_HEAT, COOL = CHOICE_COOL, POINTS = CHOICE_POINTS };
enum { COLUMNS = CHOICE_COLUMNS, PAIRS = CHOICE_PAIRS, GROUPS = CHOICE_GROUPS };
enum { FIRST_HEAT = 34, LAST_HEAT = 74, FIRST_COOL = 50, LAST_COOL = 82, STEP = 4 };
enum { MIN_BEYOND = 10, MIN_OF_KIND = 3, FINE = CHOICE_FINE / 2 };
enum { MOST_TERMS = GROUPS + 2 };

const double choice_lags[LAGS] = { 0, 0.3, 0.6 };

/* A variance or determinant below this share of what it is made from is singular. */
static const double singular = 1e-9;
/* Residual sums of squares that differ by a smaller share are the same, apart from rounding; below
 * the other share of all variation there is nothing but rounding. */
static const double tie = 1e-10, exact = 1e-12;

/* ---- groups of days ----------------------------------------------------------------------- */

/* Kinds to groups, by calendar. Closures come last, and fall in with Sundays where there are too
 * few of them for a level. */
static const struct {
    unsigned groups;
    uint8_t group[MDG_DAY_KINDS];
} calendars[MDG_CALENDARS] = {
    [MDG_CALENDAR_NONE] = { 1, { 0, 0, 0, 0, 0 } },
    [MDG_CALENDAR_OFF] = { 2, { 0, 1, 1, 1, 1 } },
    [MDG_CALENDAR_WEEK] = { 4, { 0, 1, 2, 2, 3 } },
};

static void group_days(const size_t count[MDG_DAY_KINDS], const mdg_madang_daily_opts *opts,
                       mdg_calendar c, choice_calendar *out)
{
    out->groups = calendars[c].groups;
    memcpy(out->group, calendars[c].group, sizeof out->group);
    if (c == MDG_CALENDAR_WEEK && (!opts->closures || count[MDG_DAY_CLOSURE] < MIN_OF_KIND)) {
        out->group[MDG_DAY_CLOSURE] = out->group[MDG_DAY_SUNDAY];
        out->groups--;
    }
    size_t days[GROUPS] = { 0 };
    for (size_t k = 0; k < MDG_DAY_KINDS; k++)
        days[out->group[k]] += count[k];
    out->tried = c == MDG_CALENDAR_NONE || opts->calendar;
    for (size_t g = 0; g < out->groups && c != MDG_CALENDAR_NONE; g++)
        out->tried = out->tried && days[g] >= MIN_OF_KIND;
}

/* ---- sums over days ----------------------------------------------------------------------- */

typedef struct raw_sums {
    size_t count[MDG_DAY_KINDS];
    double weight[MDG_DAY_KINDS];
    double sum[MDG_DAY_KINDS][COLUMNS];
    double square[COLUMNS];
    double beyond[COLUMNS]; /* days whose temperature is beyond the balance point */
    double cross[LAGS][PAIRS];
} raw_sums;

/* Sign and balance point of each column of one lag: a load is the hinge of sign * (T - point). */
static void columns_of_lag(double sign[POINTS], double point[POINTS])
{
    for (size_t i = 0; i < POINTS; i++) {
        sign[i] = i < HEAT ? -1 : 1;
        point[i] =
            i < HEAT ? FIRST_HEAT + STEP * (double)i : FIRST_COOL + STEP * (double)(i - HEAT);
    }
}

static void fill_rows(mdg_madang_cache *c, double mean[COLUMNS], double beyond[COLUMNS])
{
    double sign[POINTS], point[POINTS], width = c->opts.smooth_f, quarter = choice_quarter(width);
    columns_of_lag(sign, point);
    for (size_t i = 0; i < c->n; i++) {
        double *restrict row = c->row + i * COLUMNS;
        for (size_t l = 0; l < LAGS; l++) {
            double t = c->lagged[l][c->day[i]];
            double *restrict load = row + l * POINTS, *restrict far = beyond + l * POINTS;
            for (size_t j = 0; j < POINTS; j++) {
                double x = sign[j] * (t - point[j]);
                load[j] = choice_hinge(x, width, quarter);
                far[j] += x > 0 ? 1 : 0;
            }
        }
        double w = c->weight[i];
        for (size_t j = 0; j < COLUMNS; j++)
            mean[j] += w * row[j];
    }
    for (size_t j = 0; j < COLUMNS; j++)
        mean[j] /= (double)c->n;
}

static void add_products(const double *restrict load, double weight, double *restrict cross)
{
    for (size_t k = 0; k < COOL; k++) {
        double x = weight * load[HEAT + k];
        for (size_t j = 0; j < HEAT; j++)
            cross[k * HEAT + j] += x * load[j];
    }
}

static void sum_rows(mdg_madang_cache *c, raw_sums *s)
{
    double mean[COLUMNS] = { 0 };
    fill_rows(c, mean, s->beyond);
    for (size_t i = 0; i < c->n; i++) {
        double *restrict row = c->row + i * COLUMNS, w = c->weight[i];
        double *restrict sum = s->sum[c->kind[i]];
        for (size_t j = 0; j < COLUMNS; j++) {
            row[j] -= mean[j];
            double x = w * row[j];
            sum[j] += x;
            s->square[j] += x * row[j];
        }
        for (size_t l = 0; l < LAGS; l++)
            add_products(row + l * POINTS, w, s->cross[l]);
        s->count[c->kind[i]]++;
        s->weight[c->kind[i]] += w;
    }
}

static void eliminate_groups(const raw_sums *s, choice_calendar *c)
{
    memset(c->weight, 0, sizeof c->weight);
    memset(c->sum, 0, sizeof c->sum);
    for (size_t k = 0; k < MDG_DAY_KINDS; k++) {
        c->weight[c->group[k]] += s->weight[k];
        for (size_t j = 0; j < COLUMNS; j++)
            c->sum[c->group[k]][j] += s->sum[k][j];
    }
    memcpy(c->variance, s->square, sizeof c->variance);
    memcpy(c->cross, s->cross, sizeof c->cross);
    for (size_t g = 0; g < c->groups; g++) {
        const double *restrict sum = c->sum[g];
        double inverse = 1 / c->weight[g];
        for (size_t j = 0; j < COLUMNS; j++)
            c->variance[j] -= sum[j] * sum[j] * inverse;
        for (size_t l = 0; l < LAGS; l++)
            add_products(sum + l * POINTS, -inverse, c->cross[l]);
    }
}

static void prepare_calendar(const raw_sums *s, choice_calendar *c)
{
    eliminate_groups(s, c);
    for (size_t j = 0; j < COLUMNS; j++)
        if (s->beyond[j] < MIN_BEYOND || !(c->variance[j] > singular * s->square[j]))
            c->variance[j] = 0;
    for (size_t l = 0; l < LAGS; l++) {
        const double *v = c->variance + l * POINTS;
        for (size_t k = 0; k < COOL; k++) {
            for (size_t j = 0; j < HEAT; j++) {
                double x = c->cross[l][k * HEAT + j], product = v[j] * v[HEAT + k];
                double det = product - x * x;
                bool apart = FIRST_COOL + STEP * k >= FIRST_HEAT + STEP * j;
                c->inverse[l][k * HEAT + j] =
                    apart && product > 0 && det > singular * product ? 1 / det : 0;
            }
        }
    }
}

/* ---- caches ------------------------------------------------------------------------------- */

static bool same(double a, double b)
{
    return !(a < b || a > b);
}

static bool same_opts(const mdg_madang_daily_opts *a, const mdg_madang_daily_opts *b)
{
    return a->calendar == b->calendar && a->closures == b->closures &&
           same(a->half_life_days, b->half_life_days) && same(a->smooth_f, b->smooth_f);
}

static bool same_series(const mdg_madang_cache *c, const mdg_madang_days *days)
{
    return c->filled && c->cell == days->cells->cell && c->series == days->cells->n;
}

static bool same_baseline(const mdg_madang_cache *c, const mdg_madang_days *days,
                          const mdg_madang_daily_opts *opts, const uint32_t *day, size_t n)
{
    return same_series(c, days) && c->key.kind == days->kind && c->n == n &&
           c->key.baseline.to == days->baseline.to && same_opts(&c->opts, opts) &&
           memcmp(c->day, day, n * sizeof *day) == 0;
}

static void lag_temperatures(const mdg_temperature_cells *cells, double *const lagged[LAGS])
{
    double state[LAGS] = { MDG_NAN, MDG_NAN, MDG_NAN };
    for (size_t i = 0; i < cells->n; i++)
        for (size_t l = 0; l < LAGS; l++)
            lagged[l][i] = state[l] = choice_lag(choice_lags[l], state[l], cells->temp_f[i]);
}

static void weigh_days(mdg_madang_cache *c, size_t end, double half_life)
{
    double sum = 0;
    for (size_t i = 0; i < c->n; i++) {
        double age = (double)(end - 1 - c->day[i]);
        c->weight[i] = half_life > 0 ? exp2(-age / half_life) : 1;
        sum += c->weight[i];
    }
    for (size_t i = 0; i < c->n; i++)
        c->weight[i] *= (double)c->n / sum;
}

static void fill(mdg_madang_cache *c, const mdg_madang_days *days,
                 const mdg_madang_daily_opts *opts, const uint32_t *day, size_t n)
{
    if (!same_series(c, days))
        lag_temperatures(days->cells, c->lagged);
    c->filled = true;
    c->cell = days->cells->cell;
    c->series = days->cells->n;
    c->key = *days;
    c->opts = *opts;
    c->n = n;
    memcpy(c->day, day, n * sizeof *day);
    for (size_t i = 0; i < n; i++) {
        c->kind[i] = days->kind ? days->kind[day[i]] : MDG_DAY_WORK;
        assert(c->kind[i] < MDG_DAY_KINDS);
    }
    weigh_days(c, days->baseline.to, opts->half_life_days);
    raw_sums s = { 0 };
    sum_rows(c, &s);
    for (size_t k = 0; k < MDG_CALENDARS; k++) {
        group_days(s.count, opts, (mdg_calendar)k, &c->calendar[k]);
        if (c->calendar[k].tried)
            prepare_calendar(&s, &c->calendar[k]);
    }
}

mdg_madang_cache *choice_prepare(const double *use, const mdg_madang_days *days,
                                 const mdg_madang_daily_opts *opts, mdg_madang_daily_work *work)
{
    size_t n = 0;
    for (size_t i = days->baseline.from; i < days->baseline.to; i++) {
        work->day[n] = (uint32_t)i;
        n += !isnan(use[i - days->baseline.from]) && !isnan(days->cells->temp_f[i]);
    }
    for (size_t k = 0; k < MDG_MADANG_CACHES; k++) {
        mdg_madang_cache *c = &work->cache[k];
        if (same_baseline(c, days, opts, work->day, n)) {
            c->opts.lags = opts->lags;
            c->opts.cooling = opts->cooling;
            return c;
        }
    }
    mdg_madang_cache *c = &work->cache[work->next];
    work->next = (work->next + 1) % MDG_MADANG_CACHES;
    fill(c, days, opts, work->day, n);
    return c;
}

/* ---- the search --------------------------------------------------------------------------- */

/* One meter's use, and the best candidate so far. */
typedef struct search {
    const mdg_madang_cache *cache;
    double n, total; /* days; weighted centred sum of squares of use */
    double sum[MDG_DAY_KINDS];
    double product[COLUMNS];
    double *weighted; /* weight * use, its mean taken off */
    choice best;
    double limit[MOST_TERMS + 1]; /* residual that a candidate with so many terms must beat */
} search;

static void project(search *s, const double *use)
{
    const mdg_madang_cache *c = s->cache;
    double mean = 0;
    for (size_t i = 0; i < c->n; i++)
        mean += c->weight[i] * use[i];
    mean /= s->n;
    for (size_t i = 0; i < c->n; i++) {
        double y = use[i] - mean, wy = c->weight[i] * y;
        const double *restrict row = c->row + i * COLUMNS;
        s->weighted[i] = wy;
        s->total += wy * y;
        s->sum[c->kind[i]] += wy;
        for (size_t j = 0; j < COLUMNS; j++)
            s->product[j] += wy * row[j];
    }
    /* Equal values leave a residue of rounding, not a variance. */
    double rounding = 0x1p-44 * mean;
    if (s->total <= s->n * rounding * rounding)
        s->total = 0;
}

static void consider(search *s, choice c, double residual, unsigned terms)
{
    s->best.candidates++;
    if (!(residual < s->limit[terms]))
        return;
    residual = residual > exact * s->total ? residual : exact * s->total;
    c.bic = s->n * log(residual / s->n) + terms * log(s->n);
    if (isfinite(s->best.bic) && !(c.bic < s->best.bic - s->n * tie))
        return;
    c.candidates = s->best.candidates;
    s->best = c;
    for (unsigned p = 1; p <= MOST_TERMS; p++)
        s->limit[p] = s->n * exp((c.bic - p * log(s->n)) / s->n - tie);
}

/* Residual of a pair, or NaN when it does not qualify. */
static double pair_residual(double total, double hh, double cc, double hc, double inverse,
                            double hy, double cy)
{
    double heat = (hy * cc - cy * hc) * inverse, cool = (cy * hh - hy * hc) * inverse;
    return heat > 0 && cool > 0 ? total - heat * hy - cool * cy : MDG_NAN;
}

/* One calendar's sums of products with use. */
typedef struct levelled {
    double total;
    double product[COLUMNS];
} levelled;

static levelled take_levels(const search *s, const choice_calendar *c)
{
    levelled out = { .total = s->total };
    memcpy(out.product, s->product, sizeof out.product);
    double sum[GROUPS] = { 0 };
    for (size_t k = 0; k < MDG_DAY_KINDS; k++)
        sum[c->group[k]] += s->sum[k];
    for (size_t g = 0; g < c->groups; g++) {
        double mean = sum[g] / c->weight[g];
        out.total -= sum[g] * mean;
        for (size_t j = 0; j < COLUMNS; j++)
            out.product[j] -= c->sum[g][j] * mean;
    }
    return out;
}

static void try_singles(search *s, choice c, const levelled *y, const choice_calendar *a)
{
    size_t points = s->cache->opts.cooling ? POINTS : HEAT;
    for (size_t j = 0; j < points; j++) {
        double v = a->variance[c.lag * POINTS + j], xy = y->product[c.lag * POINTS + j];
        if (!(v > 0) || !(xy > 0))
            continue;
        c.heating = j < HEAT ? FIRST_HEAT + STEP * (double)j : MDG_NAN;
        c.cooling = j < HEAT ? MDG_NAN : FIRST_COOL + STEP * (double)(j - HEAT);
        consider(s, c, y->total - xy * xy / v, a->groups + 1);
    }
}

static void try_pairs(search *s, choice c, const levelled *y, const choice_calendar *a)
{
    const double *v = a->variance + c.lag * POINTS, *xy = y->product + c.lag * POINTS;
    const double *cross = a->cross[c.lag], *inverse = a->inverse[c.lag];
    for (size_t k = 0; k < COOL; k++) {
        c.cooling = FIRST_COOL + STEP * (double)k;
        for (size_t j = 0; j < HEAT; j++) {
            size_t at = k * HEAT + j;
            if (!(inverse[at] > 0))
                continue;
            double residual = pair_residual(y->total, v[j], v[HEAT + k], cross[at], inverse[at],
                                            xy[j], xy[HEAT + k]);
            c.heating = FIRST_HEAT + STEP * (double)j;
            if (!isnan(residual))
                consider(s, c, residual, a->groups + 2);
        }
    }
}

static void try_all(search *s)
{
    const mdg_madang_cache *cache = s->cache;
    for (size_t k = 0; k < MDG_CALENDARS; k++) {
        const choice_calendar *a = &cache->calendar[k];
        if (!a->tried)
            continue;
        choice c = { .calendar = (mdg_calendar)k, .heating = MDG_NAN, .cooling = MDG_NAN };
        levelled y = take_levels(s, a);
        consider(s, c, y.total, a->groups);
        for (c.lag = 0; c.lag < (cache->opts.lags ? LAGS : 1); c.lag++) {
            try_singles(s, c, &y, a);
            if (cache->opts.cooling)
                try_pairs(s, c, &y, a);
        }
    }
}

/* ---- one degree around the best ------------------------------------------------------------- */

/* Up to 2 * FINE columns around the chosen balance points, levels eliminated. */
typedef struct fine_grid {
    size_t heat, cool; /* numbers of points */
    double sign[2 * FINE], point[2 * FINE];
    double variance[2 * FINE], product[2 * FINE], cross[FINE * FINE];
} fine_grid;

static size_t points_around(double best, double first, double last, double *point)
{
    size_t n = 0;
    for (int off = 1 - STEP; off < STEP; off++)
        if (best + off >= first && best + off <= last)
            point[n++] = best + off;
    return n;
}

static void fill_fine(const search *s, fine_grid *f, double *restrict rows)
{
    enum { WIDTH = 2 * FINE };
    const mdg_madang_cache *c = s->cache;
    const choice_calendar *a = &c->calendar[s->best.calendar];
    double width = c->opts.smooth_f, quarter = choice_quarter(width);
    double mean[GROUPS][WIDTH] = { { 0 } }, beyond[WIDTH] = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        double t = c->lagged[s->best.lag][c->day[i]], w = c->weight[i];
        double *restrict row = rows + i * WIDTH, *restrict sum = mean[a->group[c->kind[i]]];
        for (size_t j = 0; j < WIDTH; j++) {
            double x = f->sign[j] * (t - f->point[j]);
            row[j] = choice_hinge(x, width, quarter);
            beyond[j] += x > 0 ? 1 : 0;
            sum[j] += w * row[j];
        }
    }
    for (size_t g = 0; g < a->groups; g++)
        for (size_t j = 0; j < WIDTH; j++)
            mean[g][j] /= a->weight[g];
    double square[WIDTH] = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        double *restrict row = rows + i * WIDTH, w = c->weight[i], wy = s->weighted[i];
        const double *restrict level = mean[a->group[c->kind[i]]];
        for (size_t j = 0; j < WIDTH; j++) {
            row[j] -= level[j];
            square[j] += w * row[j] * row[j];
            f->product[j] += wy * row[j];
        }
        for (size_t k = 0; k < FINE; k++) {
            double x = w * row[FINE + k];
            for (size_t j = 0; j < FINE; j++)
                f->cross[k * FINE + j] += x * row[j];
        }
    }
    for (size_t j = 0; j < WIDTH; j++)
        f->variance[j] = beyond[j] >= MIN_BEYOND && square[j] > 0 ? square[j] : 0;
}

static void refine_singles(search *s, choice c, double total, const fine_grid *f)
{
    bool heat = f->heat > 0;
    for (size_t j = heat ? 0 : FINE; j < (heat ? f->heat : FINE + f->cool); j++) {
        if (!(f->variance[j] > 0) || !(f->product[j] > 0))
            continue;
        *(heat ? &c.heating : &c.cooling) = f->point[j];
        consider(s, c, total - f->product[j] * f->product[j] / f->variance[j],
                 s->cache->calendar[c.calendar].groups + 1);
    }
}

static void refine_pairs(search *s, choice c, double total, const fine_grid *f)
{
    for (size_t k = 0; k < f->cool; k++) {
        for (size_t j = 0; j < f->heat; j++) {
            double hh = f->variance[j], cc = f->variance[FINE + k], hc = f->cross[k * FINE + j];
            double det = hh * cc - hc * hc;
            c.heating = f->point[j];
            c.cooling = f->point[FINE + k];
            if (!(det > singular * hh * cc) || c.heating > c.cooling)
                continue;
            double residual =
                pair_residual(total, hh, cc, hc, 1 / det, f->product[j], f->product[FINE + k]);
            if (!isnan(residual))
                consider(s, c, residual, s->cache->calendar[c.calendar].groups + 2);
        }
    }
}

static void refine(search *s, double *rows)
{
    fine_grid f = { 0 };
    choice c = s->best;
    if (!isnan(c.heating))
        f.heat = points_around(c.heating, FIRST_HEAT, LAST_HEAT, f.point);
    if (!isnan(c.cooling))
        f.cool = points_around(c.cooling, FIRST_COOL, LAST_COOL, f.point + FINE);
    if (f.heat + f.cool == 0)
        return;
    for (size_t j = 0; j < 2 * FINE; j++)
        f.sign[j] = j < FINE ? -1 : 1;
    fill_fine(s, &f, rows);
    double total = take_levels(s, &s->cache->calendar[c.calendar]).total;
    if (f.heat > 0 && f.cool > 0)
        refine_pairs(s, c, total, &f);
    else
        refine_singles(s, c, total, &f);
}

choice choice_make(const mdg_madang_cache *cache, const double *use, mdg_madang_daily_work *work)
{
    search s = { .cache = cache, .n = (double)cache->n, .weighted = work->scratch };
    s.best = (choice){ .heating = MDG_NAN, .cooling = MDG_NAN, .bic = MDG_INFINITY };
    for (unsigned p = 0; p <= MOST_TERMS; p++)
        s.limit[p] = MDG_INFINITY;
    project(&s, use);
    if (!(s.total > 0)) {
        s.best.candidates = 1;
        return s.best;
    }
    try_all(&s);
    refine(&s, work->fine);
    return s.best;
}
