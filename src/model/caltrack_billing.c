/* CalTRACK's billing model: the candidates of the daily model, on bills weighted by their days.
 * What depends on the weather and the dates alone is kept from meter to meter. */
#include "model/grid.h"

#include <assert.h>
#include <string.h>

enum { POINTS = GRID_POINTS, MIN_BILLS = 4, MIN_DEGREE_DAYS = 20 };

/* ---- the weather of bills ------------------------------------------------------------------ */

static int32_t clamp(int64_t x, size_t n)
{
    return x < 0 ? 0 : x > (int64_t)n ? (int32_t)n : (int32_t)x;
}

/* The days of a bill whose weather counts, as far as there are temperatures at all. */
static mdg_temperature_cells cells_of(const mdg_bill *b, const mdg_temperature_cells *cells,
                                      int32_t first, const mdg_caltrack_opts *opts)
{
    int64_t from = (int64_t)b->from - first, to = (int64_t)b->to - first;
    if (opts->bill_weather_days > 0 && to - from > (int64_t)opts->bill_weather_days)
        to = from + (int64_t)opts->bill_weather_days;
    return mdg_temperature_cells_slice(cells, (size_t)clamp(from, cells->n),
                                       (size_t)clamp(to, cells->n));
}

static bool enough_days(const mdg_bill *b, size_t days, const mdg_caltrack_opts *opts)
{
    if (opts->bill_weather_days > 0)
        return days > 0;
    return days > 0 && (double)days >= 0.9 * (double)(b->to - b->from);
}

static bool known_weather(const mdg_bill *bills, size_t n, const mdg_temperature_cells *cells,
                          const mdg_caltrack_billing_work *w)
{
    if (w->cell != cells->cell || w->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (bills[i].from != w->from[i] || bills[i].to != w->to[i] ||
            w->present[i] == isnan(bills[i].use))
            return false;
    return true;
}

/* Weighted means and centred sums of squares of one variable at every balance point; variance 0
 * where the balance point is not tried. */
static void centre(const mdg_caltrack_billing_work *w, const double (*dd)[POINTS], double *mean,
                   double *variance)
{
    double total = 0, sum[POINTS] = { 0 }, sq[POINTS] = { 0 };
    for (size_t i = 0; i < w->n; i++) {
        total += (double)w->weight[i];
        for (size_t b = 0; b < POINTS && w->weight[i] > 0; b++)
            sum[b] += (double)w->weight[i] * dd[i][b];
    }
    for (size_t b = 0; b < POINTS; b++) {
        mean[b] = sum[b] / total;
        variance[b] = 0;
    }
    for (size_t i = 0; i < w->n; i++) {
        double k = (double)w->weight[i];
        for (size_t b = 0; b < POINTS && k > 0; b++) {
            double d = dd[i][b] - mean[b];
            variance[b] += k * d * d;
            sq[b] += k * dd[i][b] * dd[i][b];
        }
    }
    for (size_t b = 0; b < POINTS; b++)
        if (!(sum[b] >= MIN_DEGREE_DAYS) || !(variance[b] > GRID_SINGULAR * sq[b]))
            variance[b] = 0;
}

static void cross_pairs(const mdg_caltrack_billing_work *w, double *restrict cross)
{
    memset(cross, 0, GRID_PAIRS * sizeof *cross);
    for (size_t i = 0; i < w->n; i++) {
        if (w->weight[i] == 0)
            continue;
        double h[POINTS];
        for (size_t b = 0; b < POINTS; b++)
            h[b] = (double)w->weight[i] * (w->hdd[i][b] - w->hdd_mean[b]);
        for (size_t c = 0; c < POINTS; c++) {
            double d = w->cdd[i][c] - w->cdd_mean[c];
            for (size_t b = 0; b <= c; b++)
                cross[c * POINTS + b] += h[b] * d;
        }
    }
}

static void prepare_weather(const mdg_bill *bills, size_t n, const mdg_temperature_cells *cells,
                            int32_t first, const mdg_caltrack_opts *opts,
                            mdg_caltrack_billing_work *w)
{
    w->cell = cells->cell;
    w->n = n;
    for (size_t i = 0; i < n; i++) {
        const mdg_bill *b = &bills[i];
        w->from[i] = b->from;
        w->to[i] = b->to;
        w->present[i] = !isnan(b->use);
        w->weight[i] = 0;
        if (isnan(b->use))
            continue;
        mdg_temperature_cells days = cells_of(b, cells, first, opts);
        size_t known = mdg_degree_days_sum(&days, w->hdd[i], w->cdd[i]);
        if (!enough_days(b, known, opts))
            continue;
        w->weight[i] = known;
        for (size_t k = 0; k < POINTS; k++) {
            w->hdd[i][k] /= (double)known;
            w->cdd[i][k] /= (double)known;
        }
    }
    centre(w, (const double(*)[POINTS])w->hdd, w->hdd_mean, w->hdd_variance);
    centre(w, (const double(*)[POINTS])w->cdd, w->cdd_mean, w->cdd_variance);
}

static void prepare_pairs(const grid_fit *f, mdg_caltrack_billing_work *w)
{
    cross_pairs(w, w->cross);
    grid_invert_pairs(&f->heat, &f->cool, w->cross, w->inverse);
}

/* ---- use ----------------------------------------------------------------------------------- */

static double per_day(const mdg_bill *b)
{
    return b->use / mdg_bill_days(b);
}

static void centre_use(const mdg_bill *bills, const mdg_caltrack_billing_work *w, grid_fit *f)
{
    double days = 0, sum = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (w->weight[i] == 0)
            continue;
        f->n++;
        days += (double)w->weight[i];
        sum += (double)w->weight[i] * per_day(&bills[i]);
    }
    f->mean = sum / days;
    for (size_t i = 0; i < w->n; i++) {
        if (w->weight[i] == 0)
            continue;
        double k = (double)w->weight[i], y = per_day(&bills[i]) - f->mean;
        f->total += k * y * y;
        for (size_t b = 0; b < POINTS; b++) {
            f->heat.covariance[b] += k * y * (w->hdd[i][b] - w->hdd_mean[b]);
            f->cool.covariance[b] += k * y * (w->cdd[i][b] - w->cdd_mean[b]);
        }
    }
    /* Equal values leave a residue of rounding, not a variance. */
    double rounding = 0x1p-52 * f->mean;
    if (f->total <= 4 * days * rounding * rounding)
        f->total = 0;
}

/* The same sums for the chosen balance points, from temperatures themselves. */
static grid_sums centred_sums(const mdg_bill *bills, const mdg_temperature_cells *cells,
                              int32_t first, const mdg_caltrack_opts *opts,
                              const mdg_caltrack_billing_work *w, const grid_fit *f)
{
    grid_sums s = { 0 };
    double h[MDG_MAX_BILLS], c[MDG_MAX_BILLS], days = 0;
    bool heat = f->best.form & MDG_CALTRACK_HDD_ONLY, cool = f->best.form & MDG_CALTRACK_CDD_ONLY;
    double h_point = MDG_BALANCE_FIRST_F + (double)f->best.h;
    double c_point = MDG_BALANCE_FIRST_F + (double)f->best.c;
    for (size_t i = 0; i < w->n; i++) {
        if (w->weight[i] == 0)
            continue;
        mdg_temperature_cells t = cells_of(&bills[i], cells, first, opts);
        h[i] = c[i] = 0;
        for (size_t d = 0; d < t.n; d++) {
            h[i] += heat && !isnan(t.temp_f[d]) ? mdg_hdd(t.temp_f[d], h_point) : 0;
            c[i] += cool && !isnan(t.temp_f[d]) ? mdg_cdd(t.temp_f[d], c_point) : 0;
        }
        s.h += h[i];
        s.c += c[i];
        h[i] /= (double)w->weight[i];
        c[i] /= (double)w->weight[i];
        days += (double)w->weight[i];
    }
    s.h /= days;
    s.c /= days;
    for (size_t i = 0; i < w->n; i++) {
        if (w->weight[i] == 0)
            continue;
        double k = (double)w->weight[i], y = per_day(&bills[i]) - f->mean;
        double dh = heat ? h[i] - s.h : 0, dc = cool ? c[i] - s.c : 0;
        s.hh += k * dh * dh;
        s.cc += k * dc * dc;
        s.hc += k * dh * dc;
        s.hy += k * dh * y;
        s.cy += k * dc * y;
    }
    return s;
}

/* ---- public ----------------------------------------------------------------------------- */

mdg_status mdg_caltrack_billing_fit(const mdg_bill *bills, size_t n,
                                    const mdg_temperature_cells *cells, int32_t first,
                                    const mdg_caltrack_opts *opts, mdg_caltrack_billing_work *work,
                                    mdg_caltrack_model *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    if (n > MDG_MAX_BILLS)
        return mdg_fail(err, MDG_E_RANGE, "%zu bills, more than %d", n, MDG_MAX_BILLS);
    bool known = known_weather(bills, n, cells, work);
    if (!known)
        prepare_weather(bills, n, cells, first, opts, work);
    grid_fit f = { .cooling = opts->cooling,
                   .zero_slopes = opts->zero_slopes,
                   .pairs = { .cross = work->cross, .inverse = work->inverse } };
    centre_use(bills, work, &f);
    if (f.n < MIN_BILLS) {
        work->cell = NULL;
        return mdg_fail(err, MDG_E_SHORT, "%.0f bills with use and temperature make no model", f.n);
    }
    memcpy(f.heat.mean, work->hdd_mean, sizeof f.heat.mean);
    memcpy(f.heat.variance, work->hdd_variance, sizeof f.heat.variance);
    memcpy(f.cool.mean, work->cdd_mean, sizeof f.cool.mean);
    memcpy(f.cool.variance, work->cdd_variance, sizeof f.cool.variance);
    if (!known)
        prepare_pairs(&f, work);
    grid_select(&f);
    if (f.qualified == 0)
        return mdg_fail(err, MDG_E_RANK, "no candidate model qualifies");
    mdg_caltrack_model m = grid_model(&f);
    if (m.slopes > 0) {
        grid_sums s = centred_sums(bills, cells, first, opts, work, &f);
        grid_solve(&f, &s, &m);
    }
    *out = m;
    return MDG_OK;
}

void mdg_caltrack_billing_predict(const mdg_caltrack_model *m, const mdg_bill *bills, size_t n,
                                  const mdg_temperature_cells *cells, int32_t first,
                                  const mdg_caltrack_opts *opts, mdg_load_terms out)
{
    bool heat = m->form & MDG_CALTRACK_HDD_ONLY, cool = m->form & MDG_CALTRACK_CDD_ONLY;
    for (size_t i = 0; i < n; i++) {
        mdg_temperature_cells t = cells_of(&bills[i], cells, first, opts);
        double h = 0, c = 0, days = mdg_bill_days(&bills[i]);
        size_t known = 0;
        for (size_t d = 0; d < t.n; d++) {
            if (isnan(t.temp_f[d]))
                continue;
            known++;
            h += heat ? mdg_hdd(t.temp_f[d], m->heating_balance_point_f) : 0;
            c += cool ? mdg_cdd(t.temp_f[d], m->cooling_balance_point_f) : 0;
        }
        /* Whole days of 24 hours have degree days, in the reference implementation. */
        double whole = floor(days), scale = MDG_NAN;
        if (enough_days(&bills[i], known, opts))
            scale = whole / (double)known;
        double base = isnan(scale) ? MDG_NAN : m->intercept * days;
        double heating = m->beta_hdd * h * scale, cooling = m->beta_cdd * c * scale;
        if (out.total)
            out.total[i] = base + heating + cooling;
        if (out.base)
            out.base[i] = base;
        if (out.heating)
            out.heating[i] = heating;
        if (out.cooling)
            out.cooling[i] = cooling;
    }
}
