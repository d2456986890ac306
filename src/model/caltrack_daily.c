/* CalTRACK's daily model: 2,014 candidate regressions from 244 sums.
 *
 * Ordinary least squares of use on degree days needs only means, variances and covariances. For a
 * cooling balance point at or above the heating one no day has both HDD and CDD, so the raw cross
 * moment of every pair is 0 and the centred one is -n * mean(HDD) * mean(CDD). What depends on the
 * weather alone is kept from meter to meter (mdg_caltrack_cache). */
#include <madang/model.h>

#include <assert.h>
#include <string.h>

enum { POINTS = MDG_BALANCE_POINTS, MIN_DAYS = 10, MIN_DEGREE_DAYS = 20 };

/* Two fits whose adjusted R2 differ by less are the same fit, apart from rounding. */
static const double tie = 1e-12;
/* A determinant below this share of the product of variances is a singular pair. */
static const double singular = 1e-10;

static const char *const form_names[] = { "intercept_only", "hdd_only", "cdd_only", "cdd_hdd" };

typedef struct candidate {
    mdg_caltrack_form form;
    size_t h, c;      /* indices of balance points */
    double explained; /* sum of squares explained */
    double r2_adj;
} candidate;

/* One degree-day variable at every balance point, for one meter. */
typedef struct predictor {
    double mean[POINTS];
    double variance[POINTS];   /* centred sum of squares; 0 where the balance point is not tried */
    double covariance[POINTS]; /* centred sum of products with use */
} predictor;

typedef struct fit {
    const mdg_degree_days *dd;
    double n, mean, total; /* days, mean use per day, centred sum of squares of use */
    bool zero_slopes;
    predictor heat, cool;
    size_t qualified;
    candidate best;
} fit;

const char *mdg_caltrack_form_name(mdg_caltrack_form f)
{
    return form_names[f];
}

/* ---- sums ------------------------------------------------------------------------------- */

static void centre_predictor(const double *sum, const double *sq, const uint32_t *days, double n,
                             predictor *p)
{
    for (size_t i = 0; i < POINTS; i++) {
        p->mean[i] = sum[i] / n;
        double v = sq[i] - sum[i] * p->mean[i];
        bool tried = days[i] >= MIN_DAYS && sum[i] >= MIN_DEGREE_DAYS && v > singular * sq[i];
        p->variance[i] = tried ? v : 0;
    }
}

/* Inverse determinants of all pairs; 0 where the pair is not tried. */
static void invert_pairs(const predictor *heat, const predictor *cool, double n, double *inverse)
{
    for (size_t c = 0; c < POINTS; c++) {
        for (size_t h = 0; h <= c; h++) {
            double cross = n * heat->mean[h] * cool->mean[c];
            double product = heat->variance[h] * cool->variance[c];
            double det = product - cross * cross;
            inverse[c * POINTS + h] = product > 0 && det > singular * product ? 1 / det : 0;
        }
    }
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
                            const mdg_caltrack_opts *opts, mdg_caltrack_cache *cache, fit *f)
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
    f->dd = dd;
    f->n = (double)dd->n;
    centre_predictor(dd->hdd, dd->hdd_sq, dd->hdd_days, f->n, &f->heat);
    centre_predictor(dd->cdd, dd->cdd_sq, dd->cdd_days, f->n, &f->cool);
    if (hit)
        return;
    if (opts->cooling)
        invert_pairs(&f->heat, &f->cool, f->n, cache->inverse);
    cache->pairs = opts->cooling;
    cache->cell = cacheable ? cells->cell : NULL;
    cache->n = cells->n;
    memcpy(cache->present, bits, cacheable ? sizeof bits : 0);
}

/* ---- candidates ------------------------------------------------------------------------- */

static double adjusted_r2(double explained, double total, double n, unsigned slopes)
{
    return 1 - ((total - explained) / (n - slopes - 1)) / (total / (n - 1));
}

static bool positive(const fit *f, double x)
{
    return f->zero_slopes ? x >= 0 : x > 0;
}

static void consider(fit *f, candidate c)
{
    if (c.r2_adj > f->best.r2_adj + tie)
        f->best = c;
}

static void try_single(fit *f, const predictor *p, mdg_caltrack_form form)
{
    for (size_t i = 0; i < POINTS; i++) {
        if (!(p->variance[i] > 0))
            continue;
        double beta = p->covariance[i] / p->variance[i];
        if (!positive(f, beta) || !positive(f, f->mean - beta * p->mean[i]))
            continue;
        double explained = beta * p->covariance[i];
        f->qualified++;
        consider(f, (candidate){ .form = form,
                                 .h = i,
                                 .c = i,
                                 .explained = explained,
                                 .r2_adj = adjusted_r2(explained, f->total, f->n, 1) });
    }
}

/* All pairs with one cooling balance point: `explained[h]` is what heating at h adds up to, or -1
 * where the pair does not qualify. Returns how many do. Branch-free, for the compiler to vectorise.
 */
static size_t explain_pairs(const fit *f, size_t c, const double *restrict inverse,
                            double *restrict explained)
{
    const double *restrict hv = f->heat.variance, *restrict hy = f->heat.covariance;
    const double *restrict hm = f->heat.mean;
    double cm = f->cool.mean[c], cv = f->cool.variance[c], cy = f->cool.covariance[c];
    double floor = f->zero_slopes ? -0x1p-1074 : 0;
    for (size_t h = 0; h <= c; h++) {
        double cross = -f->n * hm[h] * cm;
        double beta_h = (hy[h] * cv - cy * cross) * inverse[h];
        double beta_c = (cy * hv[h] - hy[h] * cross) * inverse[h];
        double intercept = f->mean - beta_h * hm[h] - beta_c * cm;
        double both = beta_h * hy[h] + beta_c * cy;
        double least = beta_h < beta_c ? beta_h : beta_c;
        least = intercept < least ? intercept : least;
        double result = least > floor ? both : -1;
        explained[h] = inverse[h] > 0 ? result : -1;
    }
    size_t qualified = 0;
    for (size_t h = 0; h <= c; h++)
        qualified += explained[h] >= 0;
    return qualified;
}

/* What a pair must explain to come near the best candidate: a little less than it must to beat it,
 * so that the exact comparison decides. */
static double worth_comparing(const fit *f)
{
    double unexplained = (1 - f->best.r2_adj - tie) * (f->n - 3) / (f->n - 1);
    return f->total * (1 - unexplained - 1e-9);
}

static void try_pairs(fit *f, const double *inverse)
{
    double enough = worth_comparing(f);
    for (size_t c = 0; c < POINTS; c++) {
        if (!(f->cool.variance[c] > 0))
            continue;
        double explained[POINTS];
        f->qualified += explain_pairs(f, c, inverse + c * POINTS, explained);
        for (size_t h = 0; h <= c; h++) {
            if (!(explained[h] >= 0) || explained[h] < enough)
                continue;
            consider(f, (candidate){ .form = MDG_CALTRACK_CDD_HDD,
                                     .h = h,
                                     .c = c,
                                     .explained = explained[h],
                                     .r2_adj = adjusted_r2(explained[h], f->total, f->n, 2) });
            enough = worth_comparing(f);
        }
    }
}

static void select_candidate(fit *f, const mdg_caltrack_opts *opts, const double *inverse)
{
    f->best = (candidate){ .form = MDG_CALTRACK_INTERCEPT_ONLY };
    f->qualified = positive(f, f->mean);
    if (!f->qualified)
        f->best.r2_adj = -INFINITY;
    if (!(f->total > 0))
        return;
    try_single(f, &f->heat, MDG_CALTRACK_HDD_ONLY);
    if (opts->cooling) {
        try_single(f, &f->cool, MDG_CALTRACK_CDD_ONLY);
        try_pairs(f, inverse);
    }
}

/* ---- the chosen model, from the days themselves -------------------------------------------- */

typedef struct moments {
    double h, c, hh, cc, hc, hy, cy;
} moments;

/* Means first, then products of deviations: the accuracy of a QR for a problem of this size. */
static moments centred_moments(const mdg_temperature_cells *cells, const double *use,
                               const mdg_caltrack_daily *m, double mean_use)
{
    moments s = { 0 };
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

static void solve(const moments *s, double mean_use, double total, mdg_caltrack_daily *m)
{
    if (m->form == MDG_CALTRACK_HDD_ONLY) {
        m->beta_hdd = s->hy / s->hh;
    } else if (m->form == MDG_CALTRACK_CDD_ONLY) {
        m->beta_cdd = s->cy / s->cc;
    } else {
        /* Cooling orthogonalised against heating, as one step of Gram-Schmidt. */
        double r = s->hc / s->hh;
        m->beta_cdd = (s->cy - r * s->hy) / (s->cc - r * s->hc);
        m->beta_hdd = s->hy / s->hh - r * m->beta_cdd;
    }
    m->intercept = mean_use - m->beta_hdd * s->h - m->beta_cdd * s->c;
    double explained = m->beta_hdd * s->hy + m->beta_cdd * s->cy;
    m->r2 = explained / total;
    m->r2_adj = adjusted_r2(explained, total, (double)m->n, m->slopes);
}

static void finish(const fit *f, const mdg_temperature_cells *cells, const double *use,
                   mdg_caltrack_daily *m)
{
    static const unsigned slopes[] = { 0, 1, 1, 2 };
    const candidate *best = &f->best;
    *m = (mdg_caltrack_daily){ .form = best->form,
                               .intercept = f->mean,
                               .heating_balance_point_f = MDG_NAN,
                               .cooling_balance_point_f = MDG_NAN,
                               .n = f->dd->n,
                               .slopes = slopes[best->form],
                               .candidates = f->qualified };
    if (best->form & MDG_CALTRACK_HDD_ONLY)
        m->heating_balance_point_f = MDG_BALANCE_FIRST_F + (double)best->h;
    if (best->form & MDG_CALTRACK_CDD_ONLY)
        m->cooling_balance_point_f = MDG_BALANCE_FIRST_F + (double)best->c;
    if (best->form != MDG_CALTRACK_INTERCEPT_ONLY) {
        moments s = centred_moments(cells, use, m, f->mean);
        solve(&s, f->mean, f->total, m);
    }
}

/* ---- public ----------------------------------------------------------------------------- */

static void centre_use(const mdg_temperature_cells *cells, const double *use, double *centred,
                       fit *f)
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
                                  mdg_caltrack_daily *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    if (cells->n > work->n)
        return mdg_fail(err, MDG_E_RANGE, "%zu days for a work space of %zu", cells->n, work->n);
    fit f = { .zero_slopes = opts->zero_slopes };
    prepare_weather(cells, use, opts, &work->cache, &f);
    if (f.dd->n < MIN_DAYS)
        return mdg_fail(err, MDG_E_SHORT, "%zu days with use and temperature make no model",
                        f.dd->n);
    centre_use(cells, use, work->centred, &f);
    mdg_degree_days_use(cells, work->centred, f.heat.covariance, f.cool.covariance);
    select_candidate(&f, opts, work->cache.inverse);
    if (f.qualified == 0)
        return mdg_fail(err, MDG_E_RANK, "no candidate model qualifies");
    finish(&f, cells, use, out);
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

void mdg_caltrack_daily_predict(const mdg_caltrack_daily *m, const double *temp_f,
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
