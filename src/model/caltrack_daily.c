/* CalTRACK's daily model: 2,014 candidate regressions from 244 sums.
 *
 * For a cooling balance point at or above the heating one no day has both HDD and CDD, so the raw
 * cross moment of every pair is 0 and the centred one is -n * mean(HDD) * mean(CDD). What depends
 * on the weather alone is kept from meter to meter (mdg_caltrack_cache). */
#include "model/grid.h"

#include <assert.h>
#include <string.h>

enum { POINTS = GRID_POINTS, MIN_DAYS = 10, MIN_DEGREE_DAYS = 20 };

/* ---- sums ------------------------------------------------------------------------------- */

static void centre_predictor(const double *sum, const double *sq, const uint32_t *days, double n,
                             grid_predictor *p)
{
    for (size_t i = 0; i < POINTS; i++) {
        p->mean[i] = sum[i] / n;
        double v = sq[i] - sum[i] * p->mean[i];
        bool tried = days[i] >= MIN_DAYS && sum[i] >= MIN_DEGREE_DAYS && v > GRID_SINGULAR * sq[i];
        p->variance[i] = tried ? v : 0;
    }
}

static void cross_pairs(const grid_fit *f, double *cross)
{
    for (size_t c = 0; c < POINTS; c++)
        for (size_t h = 0; h <= c; h++)
            cross[c * POINTS + h] = -f->n * f->heat.mean[h] * f->cool.mean[c];
}

static bool day_bits(const mdg_temperature_cells *cells, const double *use, uint64_t bits[64])
{
    if (cells->n > 4096)
        return false;
    memset(bits, 0, 64 * sizeof *bits);
    for (size_t i = 0; i < cells->n; i++)
        bits[i / 64] |= (uint64_t)!isnan(use[i]) << (i % 64);
    return true;
}

/* Weather moments and determinants: from the cache, or computed into it. */
static void prepare_weather(const mdg_temperature_cells *cells, const double *use,
                            const mdg_caltrack_opts *opts, mdg_caltrack_cache *cache, grid_fit *f)
{
    uint64_t bits[64];
    bool cacheable = day_bits(cells, use, bits);
    size_t words = (cells->n + 63) / 64;
    bool hit = cacheable && cache->cell == cells->cell && cache->n == cells->n &&
               memcmp(cache->present, bits, words * sizeof *bits) == 0 &&
               cache->pairs >= opts->cooling;
    if (!hit)
        mdg_degree_days_weather(cells, use, &cache->moments);
    const mdg_degree_days *dd = &cache->moments;
    f->n = (double)dd->n;
    centre_predictor(dd->hdd, dd->hdd_sq, dd->hdd_days, f->n, &f->heat);
    centre_predictor(dd->cdd, dd->cdd_sq, dd->cdd_days, f->n, &f->cool);
    f->pairs = (grid_pairs){ .cross = cache->cross, .inverse = cache->inverse };
    if (hit)
        return;
    if (opts->cooling) {
        cross_pairs(f, cache->cross);
        grid_invert_pairs(&f->heat, &f->cool, cache->cross, cache->inverse);
    }
    cache->pairs = opts->cooling;
    cache->cell = cacheable ? cells->cell : NULL;
    cache->n = cells->n;
    memcpy(cache->present, bits, cacheable ? sizeof bits : 0);
}

/* ---- the chosen model, from the days themselves -------------------------------------------- */

/* Means first, then products of deviations: the accuracy of a QR for a problem of this size. */
static grid_sums centred_sums(const mdg_temperature_cells *cells, const double *use,
                              const mdg_caltrack_model *m, double mean_use)
{
    grid_sums s = { 0 };
    bool heat = m->form & MDG_CALTRACK_HDD_ONLY, cool = m->form & MDG_CALTRACK_CDD_ONLY;
    for (size_t i = 0; i < cells->n; i++) {
        if (isnan(use[i]) || isnan(cells->temp_f[i]))
            continue;
        s.h += heat ? mdg_hdd(cells->temp_f[i], m->heating_balance_point_f) : 0;
        s.c += cool ? mdg_cdd(cells->temp_f[i], m->cooling_balance_point_f) : 0;
    }
    s.h /= (double)m->n;
    s.c /= (double)m->n;
    for (size_t i = 0; i < cells->n; i++) {
        if (isnan(use[i]) || isnan(cells->temp_f[i]))
            continue;
        double h = heat ? mdg_hdd(cells->temp_f[i], m->heating_balance_point_f) - s.h : 0;
        double c = cool ? mdg_cdd(cells->temp_f[i], m->cooling_balance_point_f) - s.c : 0;
        double y = use[i] - mean_use;
        s.hh += h * h;
        s.cc += c * c;
        s.hc += h * c;
        s.hy += h * y;
        s.cy += c * y;
    }
    return s;
}

/* ---- public ----------------------------------------------------------------------------- */

static void centre_use(const mdg_temperature_cells *cells, const double *use, double *centred,
                       grid_fit *f)
{
    double sum = 0;
    for (size_t i = 0; i < cells->n; i++)
        sum += isnan(use[i]) || isnan(cells->temp_f[i]) ? 0 : use[i];
    f->mean = sum / f->n;
    f->total = 0;
    for (size_t i = 0; i < cells->n; i++) {
        centred[i] = isnan(cells->temp_f[i]) ? MDG_NAN : use[i] - f->mean;
        f->total += isnan(centred[i]) ? 0 : centred[i] * centred[i];
    }
    /* Equal values leave a residue of rounding, not a variance. */
    double rounding = 0x1p-52 * f->mean;
    if (f->total <= f->n * rounding * rounding * 4)
        f->total = 0;
}

mdg_status mdg_caltrack_daily_fit(const double *use, const mdg_temperature_cells *cells,
                                  const mdg_caltrack_opts *opts, mdg_caltrack_work *work,
                                  mdg_caltrack_model *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    if (cells->n > work->n)
        return mdg_fail(err, MDG_E_RANGE, "%zu days for a work space of %zu", cells->n, work->n);
    grid_fit f = { .cooling = opts->cooling, .zero_slopes = opts->zero_slopes };
    prepare_weather(cells, use, opts, &work->cache, &f);
    if (f.n < MIN_DAYS)
        return mdg_fail(err, MDG_E_SHORT, "%.0f days with use and temperature make no model", f.n);
    centre_use(cells, use, work->centred, &f);
    mdg_degree_days_use(cells, work->centred, f.heat.covariance, f.cool.covariance);
    grid_select(&f);
    if (f.qualified == 0)
        return mdg_fail(err, MDG_E_RANK, "no candidate model qualifies");
    mdg_caltrack_model m = grid_model(&f);
    if (m.slopes > 0) {
        grid_sums s = centred_sums(cells, use, &m, f.mean);
        grid_solve(&f, &s, &m);
    }
    *out = m;
    return MDG_OK;
}

mdg_status mdg_caltrack_work_make(size_t n, mdg_arena *mem, mdg_caltrack_work *out, mdg_error *err)
{
    double *centred = mdg_new(mem, double, n);
    if (!centred)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a model of %zu days", n);
    memset(out, 0, sizeof *out);
    out->n = n;
    out->centred = centred;
    return MDG_OK;
}

void mdg_caltrack_daily_predict(const mdg_caltrack_model *m, const double *temp_f,
                                const double *length, size_t n, mdg_load_terms out)
{
    bool heat = m->slopes > 0 && !isnan(m->heating_balance_point_f);
    bool cool = m->slopes > 0 && !isnan(m->cooling_balance_point_f);
    for (size_t i = 0; i < n; i++) {
        double days = length ? length[i] : 1;
        double t = temp_f[i];
        double base = isnan(t) ? MDG_NAN : m->intercept * days;
        double heating = heat ? m->beta_hdd * mdg_hdd(t, m->heating_balance_point_f) * days : 0;
        double cooling = cool ? m->beta_cdd * mdg_cdd(t, m->cooling_balance_point_f) * days : 0;
        if (out.total)
            out.total[i] = base + heating + cooling;
        if (out.base)
            out.base[i] = base;
        if (out.heating)
            out.heating[i] = isnan(t) ? MDG_NAN : heating;
        if (out.cooling)
            out.cooling[i] = isnan(t) ? MDG_NAN : cooling;
    }
}
