/* CalTRACK's hourly model: time of week and temperature, by month.
 *
 * The design has a column for each hour of the week and, apart for occupied and other hours, the
 * parts of the temperature that fall into each bin. Occupancy belongs to the hour of the week, so
 * the two kinds of hours are two regressions. In each, the hour-of-week terms are taken out by
 * subtracting weighted means (Frisch, Waugh and Lovell), which leaves one slope a bin. Sums of
 * products of bin parts need one number an hour: in all bins but its own, an hour's part is 0 or
 * the whole width of the bin. */
#include "base/eigen.h"

#include <madang/model.h>

#include <assert.h>
#include <string.h>

enum {
    WEEK = MDG_HOURS_OF_WEEK,
    BINS = MDG_MAX_BINS,
    ENDS = MDG_BIN_ENDS,
    MONTHS = MDG_MONTHS,
    NO_BIN = 255,
    MIN_BIN_ROWS = 20,
};

static const double all_ends[ENDS] = { 30, 45, 55, 65, 75, 90 };
static const double heating_point = 50, cooling_point = 65, occupied_share = 0.65;
/* A pivot below this share of its diagonal means collinear slopes. */
static const double singular = 1e-11;

mdg_status mdg_hour_weather_make(const double *temp_f, size_t n, mdg_arena *mem,
                                 mdg_hour_weather *out, mdg_error *err)
{
    uint8_t *bin = mdg_new(mem, uint8_t, n);
    if (!bin)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu temperatures", n);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < ENDS && temp_f[i] > all_ends[k])
            k++;
        bin[i] = isnan(temp_f[i]) ? NO_BIN : (uint8_t)k;
    }
    *out = (mdg_hour_weather){ .n = n, .temp_f = temp_f, .bin = bin };
    return MDG_OK;
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* The hours of the baseline that have use and temperature, in order of their month. */
typedef struct rows {
    double *use, *temp_f;
    uint8_t *hour_of_week, *bin;
    size_t from[MONTHS + 1];
    size_t due[MONTHS]; /* hours of each month in the baseline, with data or not */
} rows;

static rows sort_rows(const double *use, const mdg_hours *hours, const mdg_hour_weather *weather,
                      mdg_range baseline, mdg_caltrack_hourly_work *w)
{
    rows r = { .use = w->use, .temp_f = w->temp_f, .hour_of_week = w->hour_of_week, .bin = w->bin };
    size_t count[MONTHS] = { 0 }, at[MONTHS];
    for (size_t i = baseline.from; i < baseline.to; i++) {
        r.due[hours->month[i]]++;
        count[hours->month[i]] += !isnan(use[i]) && weather->bin[i] != NO_BIN;
    }
    for (size_t k = 0; k < MONTHS; k++) {
        at[k] = r.from[k];
        r.from[k + 1] = r.from[k] + count[k];
    }
    for (size_t i = baseline.from; i < baseline.to; i++) {
        if (isnan(use[i]) || weather->bin[i] == NO_BIN)
            continue;
        size_t to = at[hours->month[i]]++;
        r.use[to] = use[i] / hours->length[i];
        r.temp_f[to] = weather->temp_f[i];
        r.hour_of_week[to] = hours->hour_of_week[i];
        r.bin[to] = weather->bin[i];
    }
    return r;
}

/* ---- occupancy ------------------------------------------------------------------------------ */

typedef struct occupancy_sums {
    double n, h, c, y, hh, cc, hy, cy;
} occupancy_sums;

static double heating_part(double t)
{
    return t < heating_point ? heating_point - t : 0;
}

static double cooling_part(double t)
{
    return t > cooling_point ? t - cooling_point : 0;
}

static occupancy_sums add_occupancy(const rows *r, const double weight[MONTHS], double mean)
{
    occupancy_sums total = { 0 };
    for (size_t k = 0; k < MONTHS; k++) {
        occupancy_sums s = { 0 };
        for (size_t i = r->from[k]; i < r->from[k + 1] && weight[k] > 0; i++) {
            double h = heating_part(r->temp_f[i]), c = cooling_part(r->temp_f[i]);
            double y = r->use[i] - mean;
            s.n += 1;
            s.h += h;
            s.c += c;
            s.y += y;
            s.hh += h * h;
            s.cc += c * c;
            s.hy += h * y;
            s.cy += c * y;
        }
        total.n += weight[k] * s.n;
        total.h += weight[k] * s.h;
        total.c += weight[k] * s.c;
        total.y += weight[k] * s.y;
        total.hh += weight[k] * s.hh;
        total.cc += weight[k] * s.cc;
        total.hy += weight[k] * s.hy;
        total.cy += weight[k] * s.cy;
    }
    return total;
}

typedef struct line {
    double intercept, heating, cooling;
} line;

/* Weighted least squares of use on heating and cooling parts, which never occur together. */
static line fit_line(const occupancy_sums *s, double mean)
{
    double vh = s->hh - s->h * s->h / s->n, vc = s->cc - s->c * s->c / s->n;
    double hc = -s->h * s->c / s->n;
    double hy = s->hy - s->h * s->y / s->n, cy = s->cy - s->c * s->y / s->n;
    bool heat = vh > singular * s->hh, cool = vc > singular * s->cc;
    line l = { 0 };
    double det = vh * vc - hc * hc;
    if (heat && cool && det > singular * vh * vc) {
        l.heating = (hy * vc - cy * hc) / det;
        l.cooling = (cy * vh - hy * hc) / det;
    } else if (heat) {
        l.heating = hy / vh;
    } else if (cool) {
        l.cooling = cy / vc;
    }
    l.intercept = mean + (s->y - l.heating * s->h - l.cooling * s->c) / s->n;
    return l;
}

static double mean_use(const rows *r, const double weight[MONTHS])
{
    double sum = 0, n = 0;
    for (size_t k = 0; k < MONTHS; k++) {
        double month = 0;
        for (size_t i = r->from[k]; i < r->from[k + 1] && weight[k] > 0; i++)
            month += r->use[i];
        sum += weight[k] * month;
        n += weight[k] * (double)(r->from[k + 1] - r->from[k]);
    }
    return n > 0 ? sum / n : MDG_NAN;
}

/* An hour of the week is occupied when more than 65 % of its hours lie above the line. */
static void find_occupancy(const rows *r, const double weight[MONTHS], double mean,
                           mdg_caltrack_segment *seg)
{
    occupancy_sums s = add_occupancy(r, weight, mean);
    line l = fit_line(&s, mean);
    uint32_t above[WEEK] = { 0 }, n[WEEK] = { 0 };
    for (size_t k = 0; k < MONTHS; k++) {
        for (size_t i = r->from[k]; i < r->from[k + 1] && weight[k] > 0; i++) {
            double predicted = l.intercept + l.heating * heating_part(r->temp_f[i]) +
                               l.cooling * cooling_part(r->temp_f[i]);
            above[r->hour_of_week[i]] += r->use[i] > predicted;
            n[r->hour_of_week[i]]++;
        }
    }
    for (size_t h = 0; h < WEEK; h++) {
        seg->occupied[h] = n[h] > 0 && (double)above[h] / n[h] > occupied_share;
        seg->base[h] = n[h] > 0 ? 0 : MDG_NAN;
        seg->rows += n[h];
    }
}

/* ---- temperature bins ----------------------------------------------------------------------- */

/* Bins that are kept: `last[b]` is the base bin that bin b ends with. */
typedef struct kept_bins {
    size_t n;
    size_t last[BINS];
    uint32_t count[BINS];
} kept_bins;

/* Puts bin b and the next one together. */
static void merge_bins(kept_bins *k, size_t b)
{
    k->count[b] += k->count[b + 1];
    k->last[b] = k->last[b + 1];
    for (size_t i = b + 1; i + 1 < k->n; i++) {
        k->count[i] = k->count[i + 1];
        k->last[i] = k->last[i + 1];
    }
    k->n--;
}

/* The first and last bins with fewer than 20 hours give way; when both have enough, so do all inner
 * ones, each into the next. Again, until nothing changes. */
static kept_bins choose_bins(const uint32_t count[BINS])
{
    kept_bins k = { .n = BINS };
    for (size_t b = 0; b < BINS; b++) {
        k.last[b] = b;
        k.count[b] = count[b];
    }
    while (k.n > 1) {
        bool first = k.count[0] < MIN_BIN_ROWS, last = k.count[k.n - 1] < MIN_BIN_ROWS;
        if (last)
            merge_bins(&k, k.n - 2);
        if (first && k.n > 1)
            merge_bins(&k, 0);
        if (first || last)
            continue;
        /* Marked before any is merged: the counts are those of this round. */
        bool drop[BINS] = { false }, any = false;
        for (size_t b = 1; b + 1 < k.n; b++) {
            drop[b] = k.count[b] < MIN_BIN_ROWS;
            any |= drop[b];
        }
        for (size_t b = k.n - 1; b-- > 1;)
            if (drop[b])
                merge_bins(&k, b);
        if (!any)
            break;
    }
    return k;
}

/* ---- slopes ---------------------------------------------------------------------------------- */

/* The bins of one kind of hours. An hour in base bin k has its own part in bin own[k]: its
 * temperature less start[own[k]]; the parts of bins below it are their widths. Bin 0 starts at its
 * upper end, so that most hours have 0 there (or at a middling temperature, when it is the only
 * one): the shift goes into the hour-of-week terms. */
typedef struct bins {
    size_t n;
    size_t own[BINS];
    double start[BINS], width[BINS];
} bins;

static bins lay_out(const kept_bins *k)
{
    bins b = { .n = k->n };
    for (size_t i = 0, base = 0; i < k->n; i++)
        for (; base <= k->last[i]; base++)
            b.own[base] = i;
    for (size_t i = 0; i < k->n; i++) {
        b.start[i] = i > 0 ? all_ends[k->last[i - 1]] : k->n > 1 ? all_ends[k->last[0]] : 60;
        b.width[i] = i > 0 && i + 1 < k->n ? all_ends[k->last[i]] - b.start[i] : 0;
    }
    return b;
}

/* Weighted sums of one hour of the week, or of all of one kind, by bin. */
typedef struct bin_sums {
    double n[BINS], part[BINS];
} bin_sums;

typedef struct slope_sums {
    bin_sums week[WEEK];
    double use[WEEK];                                           /* weighted, less the mean */
    double total[WEEK];                                         /* weights */
    double square[2][BINS], use_in[2][BINS], use_part[2][BINS]; /* by bin: part^2, y, part * y */
} slope_sums;

static void add_rows(const rows *r, const double weight[MONTHS], double mean, const bins kinds[2],
                     const uint8_t *occupied, slope_sums *s)
{
    memset(s, 0, sizeof *s);
    for (size_t k = 0; k < MONTHS; k++) {
        double w = weight[k];
        for (size_t i = r->from[k]; i < r->from[k + 1] && w > 0; i++) {
            size_t h = r->hour_of_week[i], kind = occupied[h];
            size_t b = kinds[kind].own[r->bin[i]];
            double part = r->temp_f[i] - kinds[kind].start[b], y = w * (r->use[i] - mean);
            bin_sums *hour = &s->week[h];
            hour->n[b] += w;
            hour->part[b] += w * part;
            s->use[h] += y;
            s->total[h] += w;
            s->square[kind][b] += w * part * part;
            s->use_in[kind][b] += y;
            s->use_part[kind][b] += y * part;
        }
    }
}

/* Sums of each bin's parts: its own hours' parts, and its width for those in the bins above. */
static void sum_parts(const bins *b, const bin_sums *s, double x[BINS])
{
    double above = 0;
    for (size_t j = b->n; j-- > 0;) {
        x[j] = s->part[j] + b->width[j] * above;
        above += s->n[j];
    }
}

typedef struct normal_equations {
    size_t n;
    double a[BINS][BINS], rhs[BINS];
} normal_equations;

/* Sums of products over all hours of one kind, not yet centred. */
static void raw_products(const bins *b, const slope_sums *s, size_t kind, const uint8_t *occupied,
                         normal_equations *e)
{
    bin_sums all = { 0 };
    for (size_t h = 0; h < WEEK; h++) {
        for (size_t j = 0; j < b->n && occupied[h] == kind; j++) {
            all.n[j] += s->week[h].n[j];
            all.part[j] += s->week[h].part[j];
        }
    }
    double x[BINS], above = 0, use_above = 0;
    sum_parts(b, &all, x);
    for (size_t j = b->n; j-- > 0;) {
        for (size_t i = 0; i < j; i++)
            e->a[i][j] = b->width[i] * x[j];
        e->a[j][j] = s->square[kind][j] + b->width[j] * b->width[j] * above;
        e->rhs[j] = s->use_part[kind][j] + b->width[j] * use_above;
        above += all.n[j];
        use_above += s->use_in[kind][j];
    }
}

/* Takes the hour-of-week terms out. */
static void centre_products(const bins *b, const slope_sums *s, size_t kind,
                            const uint8_t *occupied, normal_equations *e)
{
    for (size_t h = 0; h < WEEK; h++) {
        if (occupied[h] != kind || !(s->total[h] > 0))
            continue;
        double x[BINS];
        sum_parts(b, &s->week[h], x);
        for (size_t j = 0; j < b->n; j++) {
            double mean = x[j] / s->total[h];
            for (size_t i = 0; i <= j; i++)
                e->a[i][j] -= x[i] * mean;
            e->rhs[j] -= s->use[h] * mean;
        }
    }
    for (size_t j = 0; j < b->n; j++)
        for (size_t i = j + 1; i < b->n; i++)
            e->a[i][j] = e->a[j][i];
}

/* Solves by Cholesky's factors, scaled by `scale` (the diagonal before centring); false when a
 * pivot vanishes. */
static bool solve(const normal_equations *e, const double *scale, double *x)
{
    size_t n = e->n;
    double l[BINS][BINS];
    for (size_t j = 0; j < n; j++) {
        double d = e->a[j][j];
        for (size_t k = 0; k < j; k++)
            d -= l[j][k] * l[j][k];
        if (!(d > singular * scale[j]))
            return false;
        l[j][j] = sqrt(d);
        for (size_t i = j + 1; i < n; i++) {
            double v = e->a[i][j];
            for (size_t k = 0; k < j; k++)
                v -= l[i][k] * l[j][k];
            l[i][j] = v / l[j][j];
        }
    }
    for (size_t i = 0; i < n; i++) {
        x[i] = e->rhs[i];
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i][k] * x[k];
        x[i] /= l[i][i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            x[i] -= l[k][i] * x[k];
        x[i] /= l[i][i];
    }
    return true;
}

/* ---- minimum norm ---------------------------------------------------------------------------- */

/* One solution b of the collinear equations, and a basis z of what may be added to it. */
static size_t solve_collinear(const normal_equations *e, const double *scale, double *b,
                              double z[BINS][BINS])
{
    size_t n = e->n, free = 0;
    double a[BINS][BINS], v[BINS][BINS], root[BINS];
    for (size_t i = 0; i < n; i++)
        root[i] = scale[i] > 0 ? sqrt(scale[i]) : 1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i][j] = e->a[i][j] / (root[i] * root[j]);
    eigen_symmetric(n, BINS, a[0], v[0]);
    for (size_t i = 0; i < n; i++)
        b[i] = 0;
    for (size_t k = 0; k < n; k++) {
        if (a[k][k] > singular) {
            double along = 0;
            for (size_t i = 0; i < n; i++)
                along += v[i][k] * e->rhs[i] / root[i];
            for (size_t i = 0; i < n; i++)
                b[i] += v[i][k] * along / a[k][k] / root[i];
        } else {
            for (size_t i = 0; i < n; i++)
                z[free][i] = v[i][k] / root[i];
            free++;
        }
    }
    return free;
}

/* Mean of each bin's part over one hour of the week, with bin 0 as the design has it: from 0 deg F.
 */
static void design_means(const bins *b, const bin_sums *s, double total, double x[BINS])
{
    assert(b->n > 0);
    sum_parts(b, s, x);
    for (size_t j = 0; j < b->n; j++)
        x[j] /= total;
    x[0] += b->start[0];
}

/* Adds to b what makes the sum of squares of all terms, those of hours of the week too, least. */
static void least_norm(const bins *b, const slope_sums *s, size_t kind, const uint8_t *occupied,
                       double mean, double z[BINS][BINS], size_t free, double *slope)
{
    normal_equations e = { .n = free };
    double scale[BINS], c[BINS];
    for (size_t i = 0; i < free; i++) {
        for (size_t k = 0; k < b->n; k++) {
            e.rhs[i] -= z[i][k] * slope[k];
            for (size_t j = 0; j < free; j++)
                e.a[i][j] += z[i][k] * z[j][k];
        }
    }
    for (size_t h = 0; h < WEEK; h++) {
        if (occupied[h] != kind || !(s->total[h] > 0))
            continue;
        double x[BINS], along[BINS] = { 0 };
        design_means(b, &s->week[h], s->total[h], x);
        double base = mean + s->use[h] / s->total[h];
        for (size_t k = 0; k < b->n; k++) {
            base -= x[k] * slope[k];
            for (size_t i = 0; i < free; i++)
                along[i] += x[k] * z[i][k];
        }
        for (size_t i = 0; i < free; i++) {
            e.rhs[i] += along[i] * base;
            for (size_t j = 0; j < free; j++)
                e.a[i][j] += along[i] * along[j];
        }
    }
    for (size_t i = 0; i < free; i++)
        scale[i] = e.a[i][i] * 1e-5;
    if (!solve(&e, scale, c))
        return;
    for (size_t i = 0; i < free; i++)
        for (size_t k = 0; k < b->n; k++)
            slope[k] += c[i] * z[i][k];
}

/* ---- one segment ----------------------------------------------------------------------------- */

static void fit_kind(const bins *b, const slope_sums *s, size_t kind, double mean,
                     mdg_caltrack_segment *seg)
{
    const uint8_t *occupied = seg->occupied;
    normal_equations e = { .n = b->n };
    double scale[BINS] = { 0 }, *slope = seg->slope[kind];
    raw_products(b, s, kind, occupied, &e);
    for (size_t j = 0; j < b->n; j++)
        scale[j] = e.a[j][j];
    centre_products(b, s, kind, occupied, &e);
    if (!solve(&e, scale, slope)) {
        double z[BINS][BINS] = { 0 };
        size_t free = solve_collinear(&e, scale, slope, z);
        least_norm(b, s, kind, occupied, mean, z, free, slope);
        seg->slopes += (unsigned)(b->n - free);
    } else {
        seg->slopes += (unsigned)b->n;
    }
    for (size_t h = 0; h < WEEK; h++) {
        if (occupied[h] != kind || !(s->total[h] > 0))
            continue;
        double x[BINS];
        design_means(b, &s->week[h], s->total[h], x);
        seg->base[h] = mean + s->use[h] / s->total[h];
        for (size_t j = 0; j < b->n; j++)
            seg->base[h] -= x[j] * slope[j];
    }
}

static void fit_segment(const rows *r, const double weight[MONTHS], mdg_caltrack_segment *seg)
{
    double mean = mean_use(r, weight);
    find_occupancy(r, weight, mean, seg);
    uint32_t count[2][BINS] = { 0 };
    bool any[2] = { false };
    for (size_t k = 0; k < MONTHS; k++) {
        for (size_t i = r->from[k]; i < r->from[k + 1] && weight[k] > 0; i++) {
            size_t kind = seg->occupied[r->hour_of_week[i]];
            count[kind][r->bin[i]]++;
            any[kind] = true;
        }
    }
    bins kinds[2];
    for (size_t kind = 0; kind < 2; kind++) {
        kept_bins kept = choose_bins(count[kind]);
        kinds[kind] = lay_out(&kept);
        seg->bins[kind] = (unsigned)kept.n;
        for (size_t b = 0; b + 1 < kept.n; b++)
            seg->end[kind][b] = all_ends[kept.last[b]];
    }
    slope_sums s;
    add_rows(r, weight, mean, kinds, seg->occupied, &s);
    for (size_t kind = 0; kind < 2; kind++)
        if (any[kind])
            fit_kind(&kinds[kind], &s, kind, mean, seg);
    seg->fitted = true;
}

/* ---- public ----------------------------------------------------------------------------- */

mdg_status mdg_caltrack_hourly_work_make(size_t n, mdg_arena *mem, mdg_caltrack_hourly_work *out,
                                         mdg_error *err)
{
    mdg_caltrack_hourly_work w = { .n = n,
                                   .use = mdg_new(mem, double, n),
                                   .temp_f = mdg_new(mem, double, n),
                                   .hour_of_week = mdg_new(mem, uint8_t, n),
                                   .bin = mdg_new(mem, uint8_t, n) };
    if (!w.use || !w.temp_f || !w.hour_of_week || !w.bin)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a model of %zu hours", n);
    *out = w;
    return MDG_OK;
}

static bool enough(const rows *r, size_t month, double least_share)
{
    size_t n = r->from[month + 1] - r->from[month];
    return r->due[month] > 0 && (double)n > least_share * (double)r->due[month];
}

static unsigned fit_months(const rows *r, double least_share, mdg_caltrack_hourly *m)
{
    for (size_t k = 0; k < MONTHS; k++) {
        size_t before = (k + MONTHS - 1) % MONTHS, after = (k + 1) % MONTHS;
        double weight[MONTHS] = { 0 };
        weight[before] = weight[after] = 0.5;
        weight[k] = 1;
        bool all = enough(r, k, least_share) && enough(r, before, least_share) &&
                   enough(r, after, least_share);
        /* A month without hours of its own may stand on its neighbours'. */
        bool some = r->from[k + 1] > r->from[k] || r->from[before + 1] > r->from[before] ||
                    r->from[after + 1] > r->from[after];
        if (least_share > 0 ? !all : !some)
            continue;
        fit_segment(r, weight, &m->segment[k]);
        m->fitted++;
    }
    return m->fitted;
}

mdg_status mdg_caltrack_hourly_fit(const double *use, const mdg_hours *hours,
                                   const mdg_hour_weather *weather, size_t from, size_t to,
                                   const mdg_caltrack_hourly_opts *opts,
                                   mdg_caltrack_hourly_work *work, mdg_caltrack_hourly *out,
                                   mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    if (to - from > work->n)
        return mdg_fail(err, MDG_E_RANGE, "%zu hours for a work space of %zu", to - from, work->n);
    rows r = sort_rows(use, hours, weather, (mdg_range){ from, to }, work);
    memset(out, 0, sizeof *out);
    out->single = opts->single;
    if (opts->single && r.from[MONTHS] > 0) {
        double weight[MONTHS];
        for (size_t k = 0; k < MONTHS; k++)
            weight[k] = 1;
        fit_segment(&r, weight, &out->segment[0]);
        out->fitted = 1;
    } else if (!opts->single) {
        fit_months(&r, opts->least_share, out);
    }
    if (out->fitted == 0)
        return mdg_fail(err, MDG_E_SHORT, "no month has enough hours with use and temperature");
    return MDG_OK;
}

/* What the temperature adds: the slopes times the parts of the bins. */
static double temperature_part(const mdg_caltrack_segment *seg, size_t kind, double t)
{
    const double *end = seg->end[kind], *slope = seg->slope[kind];
    size_t n = seg->bins[kind];
    if (n == 1 || t <= end[0])
        return slope[0] * t;
    double sum = slope[0] * end[0];
    for (size_t j = 1; j < n && t > end[j - 1]; j++)
        sum += slope[j] * ((j + 1 < n && t > end[j] ? end[j] : t) - end[j - 1]);
    return sum;
}

void mdg_caltrack_hourly_predict(const mdg_caltrack_hourly *m, const mdg_hours *hours,
                                 const mdg_hour_weather *weather, size_t from, size_t to,
                                 double *predicted)
{
    for (size_t i = from; i < to; i++) {
        const mdg_caltrack_segment *seg = &m->segment[m->single ? 0 : hours->month[i]];
        size_t h = hours->hour_of_week[i];
        bool known = seg->fitted && weather->bin[i] != NO_BIN;
        predicted[i - from] =
            known ? (seg->base[h] + temperature_part(seg, seg->occupied[h], weather->temp_f[i])) *
                        hours->length[i]
                  : MDG_NAN;
    }
}

static void extremes(const mdg_range *r, const double *t, double *low, double *high)
{
    *low = MDG_INFINITY;
    *high = -MDG_INFINITY;
    for (size_t i = r->from; i < r->to; i++) {
        *low = t[i] < *low ? t[i] : *low;
        *high = t[i] > *high ? t[i] : *high;
    }
}

bool mdg_caltrack_single_allowed(const double *use, const double *predicted, const mdg_hours *hours,
                                 const mdg_hour_weather *weather, mdg_range baseline,
                                 mdg_range reporting)
{
    double error[MONTHS] = { 0 }, sum[MONTHS] = { 0 };
    for (size_t i = baseline.from; i < baseline.to; i++) {
        if (isnan(use[i]) || isnan(predicted[i]))
            continue;
        error[hours->month[i]] += predicted[i] - use[i];
        sum[hours->month[i]] += use[i];
    }
    unsigned biased = 0;
    for (size_t k = 0; k < MONTHS; k++)
        biased += fabs(error[k]) > 0.01 * fabs(sum[k]);
    double low, high, low_after, high_after;
    extremes(&baseline, weather->temp_f, &low, &high);
    extremes(&reporting, weather->temp_f, &low_after, &high_after);
    double margin = 0.1 * (high - low);
    return biased <= 2 || low_after < low - margin || high_after > high + margin;
}
