/* madang's daily model: levels by kind of day, heating and cooling by a temperature that lags
 * behind, recent days first. The choice among candidates is in madang_choice.c; here the chosen one
 * is fitted so that a few wrong readings change little, and predicts. */
#include "model/madang_choice.h"

#include "series/order.h"

#include <assert.h>
#include <string.h>

enum { MIN_DAYS = 10, ROBUST_STEPS = 5, CHOICES = 3 };

/* At most this share of days counts as outliers: where more are far off, that is how use is. */
static const double most_outliers = 0.05;

static const char *const calendar_codes[MDG_CALENDARS] = { "none", "off-days", "week" };

const char *mdg_calendar_code(mdg_calendar c)
{
    return calendar_codes[c];
}

/* ---- one design ------------------------------------------------------------------------------ */

/* The chosen columns for the days of a baseline. */
typedef struct design {
    const mdg_madang_cache *cache;
    const choice_calendar *calendar;
    bool heating, cooling;
    double shrinkage;
    const double *use;
    double *heat, *cool; /* loads by day; 0 without */
} design;

typedef struct coefficients {
    double level[CHOICE_GROUPS];
    double heat, cool; /* slopes */
} coefficients;

static void fill_loads(const choice *c, design *d)
{
    double width = d->cache->opts.smooth_f, quarter = choice_quarter(width);
    const double *lagged = d->cache->lagged[c->lag];
    for (size_t i = 0; i < d->cache->n; i++) {
        double t = lagged[d->cache->day[i]];
        d->heat[i] = d->heating ? choice_hinge(c->heating - t, width, quarter) : 0;
        d->cool[i] = d->cooling ? choice_hinge(t - c->cooling, width, quarter) : 0;
    }
}

typedef struct moments {
    double weight[CHOICE_GROUPS], use[CHOICE_GROUPS]; /* means but for the weight */
    double heat[CHOICE_GROUPS], cool[CHOICE_GROUPS];
    double hh, cc, hc, hy, cy; /* products of deviations from them */
} moments;

/* Means first, then products of deviations. */
static moments sum_days(const design *d, const double *weight)
{
    moments m = { 0 };
    const uint8_t *kind = d->cache->kind, *group = d->calendar->group;
    for (size_t i = 0; i < d->cache->n; i++) {
        size_t g = group[kind[i]];
        m.weight[g] += weight[i];
        m.use[g] += weight[i] * d->use[i];
        m.heat[g] += weight[i] * d->heat[i];
        m.cool[g] += weight[i] * d->cool[i];
    }
    for (size_t g = 0; g < d->calendar->groups; g++) {
        m.use[g] /= m.weight[g];
        m.heat[g] /= m.weight[g];
        m.cool[g] /= m.weight[g];
    }
    for (size_t i = 0; i < d->cache->n; i++) {
        size_t g = group[kind[i]];
        double h = d->heat[i] - m.heat[g], c = d->cool[i] - m.cool[g], y = d->use[i] - m.use[g];
        m.hh += weight[i] * h * h;
        m.cc += weight[i] * c * c;
        m.hc += weight[i] * h * c;
        m.hy += weight[i] * h * y;
        m.cy += weight[i] * c * y;
    }
    return m;
}

static double single_slope(double xy, double xx)
{
    return xx > 0 && xy > 0 ? xy / xx : 0;
}

/* Least squares with slopes at or above 0 and held back a little. */
static coefficients solve(const design *d, const double *weight)
{
    moments m = sum_days(d, weight);
    double hh = m.hh * (1 + d->shrinkage), cc = m.cc * (1 + d->shrinkage);
    coefficients k = { .heat = single_slope(m.hy, hh), .cool = single_slope(m.cy, cc) };
    if (d->heating && d->cooling && hh > 0 && cc > 0) {
        double r = m.hc / hh; /* cooling orthogonalised against heating */
        double cool = (m.cy - r * m.hy) / (cc - r * m.hc), heat = m.hy / hh - r * cool;
        if (heat > 0 && cool > 0)
            k = (coefficients){ .heat = heat, .cool = cool };
        else if (k.heat * m.hy >= k.cool * m.cy)
            k.cool = 0;
        else
            k.heat = 0;
    }
    for (size_t g = 0; g < d->calendar->groups; g++)
        k.level[g] = m.use[g] - k.heat * m.heat[g] - k.cool * m.cool[g];
    return k;
}

static void predict_baseline(const design *d, const coefficients *k, double *fitted)
{
    for (size_t i = 0; i < d->cache->n; i++)
        fitted[i] = k->level[d->calendar->group[d->cache->kind[i]]] + k->heat * d->heat[i] +
                    k->cool * d->cool[i];
}

/* ---- days far off ---------------------------------------------------------------------------- */

/* The residual from which on a day counts less; 0: none does. */
static double outlier_limit(const design *d, const double *fitted, double huber, double *scratch)
{
    size_t n = d->cache->n, middle = n / 2, many = (size_t)((1 - most_outliers) * (double)(n - 1));
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        scratch[i] = fabs(d->use[i] - fitted[i]);
        largest = scratch[i] > largest ? scratch[i] : largest;
    }
    series_place_kth(scratch, 0, n - 1, middle);
    double limit = huber * 1.4826 * scratch[middle];
    if (!(largest > limit))
        return 0;
    series_place_kth(scratch, middle, n - 1, many);
    limit = limit > scratch[many] ? limit : scratch[many];
    return largest > limit ? limit : 0;
}

/* Huber's weights times those of age; returns how many days are beyond the limit. */
static size_t weigh_outliers(const design *d, const double *fitted, double limit, double *weight)
{
    size_t outliers = 0;
    for (size_t i = 0; i < d->cache->n; i++) {
        double off = fabs(d->use[i] - fitted[i]);
        weight[i] = d->cache->weight[i] * (off > limit ? limit / off : 1);
        outliers += off > limit;
    }
    return outliers;
}

/* Reweighted least squares. Leaves predictions of the baseline in work->fitted; `limit` becomes
 * that of the last step, 0 when no day was far off. */
static coefficients fit_robustly(const design *d, double huber, mdg_madang_daily_work *work,
                                 size_t *outliers, double *limit)
{
    coefficients k = solve(d, d->cache->weight);
    predict_baseline(d, &k, work->fitted);
    *outliers = 0;
    *limit = huber > 0 ? outlier_limit(d, work->fitted, huber, work->scratch) : 0;
    for (size_t step = 0; step<ROBUST_STEPS && * limit> 0; step++) {
        *outliers = weigh_outliers(d, work->fitted, *limit, work->weight);
        k = solve(d, work->weight);
        predict_baseline(d, &k, work->fitted);
        double next = outlier_limit(d, work->fitted, huber, work->scratch);
        *limit = next > 0 ? next : *limit;
    }
    return k;
}

/* Use with what is beyond the limit cut off, for the next choice: weights then stay those of all
 * meters. source  Huber 1981, Robust Statistics, 7.8: modified residuals */
static void hold_back(const design *d, const double *fitted, double limit, double *use)
{
    for (size_t i = 0; i < d->cache->n; i++) {
        double off = d->use[i] - fitted[i];
        off = off > limit ? limit : off < -limit ? -limit : off;
        use[i] = fitted[i] + off;
    }
}

/* ---- the model ------------------------------------------------------------------------------- */

typedef struct outcome {
    choice chosen;
    design design;
    coefficients k;
    size_t outliers;
} outcome;

static bool same_choice(const choice *a, const choice *b)
{
    bool heating = isnan(a->heating) == isnan(b->heating) && !(fabs(a->heating - b->heating) > 0.5);
    bool cooling = isnan(a->cooling) == isnan(b->cooling) && !(fabs(a->cooling - b->cooling) > 0.5);
    return a->calendar == b->calendar && a->lag == b->lag && heating && cooling;
}

/* The choice is by least squares, which wrong readings may lead astray: it is made again on use
 * with these held back. */
static outcome choose_and_fit(const mdg_madang_cache *cache, const double *use,
                              const mdg_madang_daily_opts *opts, mdg_madang_daily_work *work)
{
    outcome o = { .chosen = choice_make(cache, use, work) };
    for (size_t round = 1;; round++) {
        const choice *c = &o.chosen;
        o.design = (design){ .cache = cache,
                             .calendar = &cache->calendar[c->calendar],
                             .heating = !isnan(c->heating),
                             .cooling = !isnan(c->cooling),
                             .shrinkage = opts->shrinkage,
                             .use = use,
                             .heat = work->heat,
                             .cool = work->cool };
        fill_loads(c, &o.design);
        double limit;
        o.k = fit_robustly(&o.design, opts->huber, work, &o.outliers, &limit);
        if (!(limit > 0) || round == CHOICES)
            return o;
        hold_back(&o.design, work->fitted, limit, work->weight);
        choice next = choice_make(cache, work->weight, work);
        if (same_choice(&next, c))
            return o;
        o.chosen = next;
    }
}

static void rate_fit(const outcome *o, const double *fitted, mdg_madang_daily *m)
{
    const mdg_madang_cache *c = o->design.cache;
    const double *use = o->design.use;
    double mean = 0, total = 0, residual = 0, n = (double)c->n;
    for (size_t i = 0; i < c->n; i++) {
        mean += c->weight[i] * use[i] / n;
        m->nonnegative = m->nonnegative && !(use[i] < 0);
    }
    for (size_t i = 0; i < c->n; i++) {
        double y = use[i] - mean, e = use[i] - fitted[i];
        total += c->weight[i] * y * y;
        residual += c->weight[i] * e * e;
    }
    double parameters = m->slopes + m->calendar_terms;
    if (!(parameters > 0))
        return;
    m->r2 = 1 - residual / total;
    m->r2_adj = 1 - (1 - m->r2) * (n - 1) / (n - 1 - parameters);
}

static mdg_madang_daily describe(const outcome *o, const double *fitted)
{
    const mdg_madang_cache *c = o->design.cache;
    const choice_calendar *days = o->design.calendar;
    const double *level = o->k.level;
    bool heating = o->k.heat > 0, cooling = o->k.cool > 0;
    mdg_madang_daily m = {
        .calendar = o->chosen.calendar,
        .level = level[0],
        .saturday = level[days->group[MDG_DAY_SATURDAY]] - level[0],
        .sunday = level[days->group[MDG_DAY_SUNDAY]] - level[0],
        .closure = level[days->group[MDG_DAY_CLOSURE]] - level[0],
        .beta_hdd = o->k.heat,
        .beta_cdd = o->k.cool,
        .heating_balance_point_f = heating ? o->chosen.heating : MDG_NAN,
        .cooling_balance_point_f = cooling ? o->chosen.cooling : MDG_NAN,
        .lag = choice_lags[o->chosen.lag],
        .smooth_f = c->opts.smooth_f,
        .nonnegative = true,
        .n = c->n,
        .outliers = o->outliers,
        .slopes = (unsigned)heating + (unsigned)cooling,
        .calendar_terms = days->groups - 1,
        .candidates = o->chosen.candidates,
    };
    rate_fit(o, fitted, &m);
    return m;
}

/* ---- public ------------------------------------------------------------------------------- */

mdg_status mdg_madang_daily_fit(const double *use, const mdg_madang_days *days,
                                const mdg_madang_daily_opts *opts, mdg_madang_daily_work *work,
                                mdg_madang_daily *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts && days->baseline.to <= days->cells->n);
    if (days->cells->n > work->n)
        return mdg_fail(err, MDG_E_RANGE, "%zu days for a work space of %zu", days->cells->n,
                        work->n);
    const mdg_madang_cache *cache = choice_prepare(use, days, opts, work);
    if (cache->n < MIN_DAYS)
        return mdg_fail(err, MDG_E_SHORT, "%zu days with use and temperature make no model",
                        cache->n);
    for (size_t i = 0; i < cache->n; i++)
        work->use[i] = use[cache->day[i] - days->baseline.from];
    outcome o = choose_and_fit(cache, work->use, opts, work);
    *out = describe(&o, work->fitted);
    return MDG_OK;
}

static bool make_cache(size_t n, mdg_arena *mem, mdg_madang_cache *c)
{
    c->day = mdg_new(mem, uint32_t, n);
    c->kind = mdg_new(mem, uint8_t, n);
    c->weight = mdg_new(mem, double, n);
    c->row = n <= SIZE_MAX / CHOICE_COLUMNS ? mdg_new(mem, double, n *CHOICE_COLUMNS) : NULL;
    bool made = c->day && c->kind && c->weight && c->row;
    for (size_t l = 0; l < CHOICE_LAGS; l++)
        made = (c->lagged[l] = mdg_new(mem, double, n)) && made;
    return made;
}

mdg_status mdg_madang_daily_work_make(size_t n, mdg_arena *mem, mdg_madang_daily_work *out,
                                      mdg_error *err)
{
    mdg_madang_daily_work w = { .n = n };
    double **const columns[] = { &w.use, &w.heat, &w.cool, &w.fitted, &w.weight, &w.scratch };
    w.cache = mdg_new(mem, mdg_madang_cache, MDG_MADANG_CACHES);
    w.day = mdg_new(mem, uint32_t, n + 1);
    w.fine = n <= SIZE_MAX / CHOICE_FINE ? mdg_new(mem, double, n *CHOICE_FINE) : NULL;
    bool made = w.cache && w.day && w.fine;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        made = (*columns[i] = mdg_new(mem, double, n)) && made;
    for (size_t i = 0; i < MDG_MADANG_CACHES && made; i++)
        made = make_cache(n, mem, &w.cache[i]);
    if (!made)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a model of %zu days", n);
    *out = w;
    return MDG_OK;
}

static double calendar_offset(const mdg_madang_daily *m, const uint8_t *kind, size_t i)
{
    const double offset[MDG_DAY_KINDS] = { 0, m->saturday, m->sunday, m->sunday, m->closure };
    return kind ? offset[kind[i]] : (m->saturday + m->sunday) / 7;
}

static void put(double *out, size_t i, double x)
{
    if (out)
        out[i] = x;
}

/* Heating or cooling of a day; x is NaN where there is neither. */
static double load(double slope, double x, double width)
{
    return slope > 0 ? slope * choice_hinge(x, width, choice_quarter(width)) : 0;
}

void mdg_madang_daily_predict(const mdg_madang_daily *m, const mdg_temperature_cells *cells,
                              const uint8_t *kind, const double *length, mdg_madang_terms out)
{
    double width = m->smooth_f, lagged = MDG_NAN;
    for (size_t i = 0; i < cells->n; i++) {
        lagged = choice_lag(m->lag, lagged, cells->temp_f[i]);
        double days = isnan(cells->temp_f[i]) ? MDG_NAN : length ? length[i] : 1;
        double heating = load(m->beta_hdd, m->heating_balance_point_f - lagged, width) * days;
        double cooling = load(m->beta_cdd, lagged - m->cooling_balance_point_f, width) * days;
        double base = m->level * days, calendar = calendar_offset(m, kind, i) * days;
        double total = base + calendar + heating + cooling;
        if (m->nonnegative && total < 0) {
            base = -(calendar + heating + cooling);
            total = 0;
        }
        put(out.total, i, total);
        put(out.base, i, base);
        put(out.calendar, i, calendar);
        put(out.heating, i, heating);
        put(out.cooling, i, cooling);
    }
}
