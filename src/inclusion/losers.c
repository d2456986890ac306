/* How many lost: the share of estimates below zero, and what is left of it when their errors are
 * taken out. */
#include "inclusion/resample.h"

enum { LEAST_REPLICATES = 100, MOST_REPLICATES = 100000 };

static const uint64_t stream_replicates = (uint64_t)1 << 42;

/* Sums over the meters of a unit, each with its precision w = 1 / sd^2. */
typedef struct unit_sum {
    double n, w, wy, wyy, ww;
} unit_sum;

typedef struct moments {
    double mean, spread;
} moments;

static void add(unit_sum *to, const unit_sum *s, double times)
{
    to->n += times * s->n;
    to->w += times * s->w;
    to->wy += times * s->wy;
    to->wyy += times * s->wyy;
    to->ww += times * s->ww;
}

/* Mean and spread of true shares; `variance` scales that of the errors, which is otherwise as
 * sd^2 says. Values are near `centre`, which all of them had taken off. */
static moments solve(const unit_sum *s, double centre, double variance)
{
    double mean = s->wy / s->w, q = s->wyy - s->wy * mean;
    double excess = q - variance * (s->n - 1), scale = s->w - s->ww / s->w;
    return (moments){ centre + mean, scale > 0 && excess > 0 ? sqrt(excess / scale) : 0 };
}

/* The part of a normal distribution that lies below 0. */
static double below_zero(moments m)
{
    if (m.spread > 0)
        return mdg_normal_cdf(-m.mean / m.spread);
    return m.mean < 0 ? 1 : 0;
}

/* ---- what noise alone does ---------------------------------------------------------------- */

/* The share of errors, as large as a meter's own, that turn `mean` negative. */
static double error_below(const double *ascending, size_t n, double limit)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        if (ascending[middle] < limit)
            lo = middle + 1;
        else
            hi = middle;
    }
    return (double)lo / (double)n;
}

static mdg_status noise_share(const mdg_losers_data *d, double mean, mdg_arena *mem, double *out,
                              mdg_error *err)
{
    double *sorted = mdg_new(mem, double, d->n_errors);
    if (!sorted)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu errors", d->n_errors);
    for (size_t i = 0; i < d->n_errors; i++)
        sorted[i] = d->error[i];
    resample_sort(sorted, d->n_errors);
    mdg_sum sum = { 0 };
    for (size_t i = 0; i < d->n; i++) {
        double limit = -mean / d->sd[i];
        mdg_sum_add(&sum, d->n_errors > 0 ? error_below(sorted, d->n_errors, limit)
                                          : mdg_normal_cdf(limit));
    }
    *out = mdg_sum_get(&sum) / (double)d->n;
    return MDG_OK;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static mdg_status check(const mdg_losers_data *d, const mdg_losers_opts *o, mdg_error *err)
{
    if (d->n < 2)
        return mdg_fail(err, MDG_E_SHORT, "%zu meters cannot tell how savings are spread", d->n);
    if (!(o->level > 0 && o->level < 1) || o->replicates < LEAST_REPLICATES ||
        o->replicates > MOST_REPLICATES)
        return mdg_fail(err, MDG_E_RANGE, "options of a share of losers that cannot be");
    bool fine = isfinite(d->shared_sd) && d->shared_sd >= 0 && isfinite(d->doubt) && d->doubt >= 0;
    for (size_t i = 0; i < d->n; i++)
        fine = fine && isfinite(d->saved[i]) && isfinite(d->sd[i]) && d->sd[i] > 0;
    for (size_t i = 0; i < d->n_errors; i++)
        fine = fine && isfinite(d->error[i]);
    return fine ? MDG_OK
                : mdg_fail(err, MDG_E_RANGE, "savings or errors of meters that are not finite");
}

static double plain_mean(const double *x, size_t n)
{
    mdg_sum sum = { 0 };
    for (size_t i = 0; i < n; i++)
        mdg_sum_add(&sum, x[i]);
    return mdg_sum_get(&sum) / (double)n;
}

/* Each replicate draws the units, the error that all share, and the variance of errors. */
static void replicate(const mdg_losers_data *d, const mdg_losers_opts *o, const unit_sum *sum,
                      size_t units, double centre, uint32_t *times, double *share)
{
    for (size_t i = 0; i < o->replicates; i++) {
        mdg_rng rng = mdg_rng_make(o->seed, stream_replicates + i);
        double error = d->shared_sd * mdg_rng_normal(&rng);
        double variance = fmax(0, 1 + d->doubt * mdg_rng_normal(&rng));
        resample_draw(units, &rng, times);
        unit_sum drawn = { 0 };
        for (size_t u = 0; u < units; u++)
            add(&drawn, &sum[u], (double)times[u]);
        share[i] = below_zero(solve(&drawn, centre + error, variance));
    }
}

static mdg_status compute(const mdg_losers_data *d, const mdg_losers_opts *o, mdg_arena *mem,
                          mdg_losers *out, mdg_error *err)
{
    resample units;
    MDG_TRY(resample_make(d->unit, d->units, d->n, o->seed, mem, &units, err));
    unit_sum *sum = mdg_new(mem, unit_sum, units.n);
    uint32_t *times = mdg_new(mem, uint32_t, units.n);
    double *share = mdg_new(mem, double, o->replicates);
    if (!sum || !times || !share)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu units", units.n);
    double centre = plain_mean(d->saved, d->n);
    mdg_losers l = { .n = d->n };
    for (size_t i = 0; i < d->n; i++) {
        double w = 1 / (d->sd[i] * d->sd[i]), y = d->saved[i] - centre;
        add(&sum[units.of[i]], &(unit_sum){ 1, w, w * y, w * y * y, w * w }, 1);
        l.raw += d->saved[i] < 0;
    }
    l.raw /= (double)d->n;
    unit_sum all = { 0 };
    for (size_t u = 0; u < units.n; u++)
        add(&all, &sum[u], 1);
    moments m = solve(&all, centre, 1);
    l.mean = m.mean;
    l.spread = m.spread;
    l.share.value = below_zero(m);
    MDG_TRY(noise_share(d, m.mean, mem, &l.noise, err));
    replicate(d, o, sum, units.n, centre, times, share);
    resample_interval(share, o->replicates, units.n, o->level, &l.share);
    *out = l;
    return MDG_OK;
}

mdg_status mdg_losers_compute(const mdg_losers_data *data, const mdg_losers_opts *opts,
                              mdg_arena *mem, mdg_losers *out, mdg_error *err)
{
    MDG_TRY(check(data, opts, err));
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = compute(data, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}
