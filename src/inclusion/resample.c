/* Units of assignment, drawn again with replacement. */
#include "inclusion/resample.h"

#include <stdlib.h>
#include <string.h>

/* Streams of groups lie far from those of replicates. */
static const uint64_t stream_groups = (uint64_t)1 << 40;

mdg_status resample_make(const uint32_t *unit, size_t units, size_t recipients, uint64_t seed,
                         mdg_arena *mem, resample *out, mdg_error *err)
{
    size_t known = unit ? units : recipients;
    resample r = { .n = known < MDG_RESAMPLE_UNITS ? known : MDG_RESAMPLE_UNITS,
                   .of = mdg_new(mem, uint32_t, recipients) };
    if (!r.of)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu recipients", recipients);
    for (size_t i = 0; i < recipients; i++) {
        size_t u = unit ? unit[i] : i;
        if (u >= known)
            return mdg_fail(err, MDG_E_RANGE, "a unit %zu of %zu", u, known);
        mdg_rng rng = mdg_rng_make(seed, stream_groups + u);
        r.of[i] = (uint32_t)(known > r.n ? mdg_rng_below(&rng, r.n) : u);
    }
    *out = r;
    return MDG_OK;
}

void resample_draw(size_t n, mdg_rng *rng, uint32_t *times)
{
    memset(times, 0, n * sizeof *times);
    for (size_t i = 0; i < n; i++)
        times[mdg_rng_below(rng, n)]++;
}

void resample_sort(double *x, size_t n)
{
    qsort(x, n, sizeof *x, mdg_by_number);
}

/* Linear between order statistics (type 7 of Hyndman and Fan). */
static double quantile(const double *ascending, size_t n, double p)
{
    double at = p * (double)(n - 1);
    size_t i = (size_t)at;
    if (i + 1 >= n)
        return ascending[n - 1];
    return ascending[i] + (at - (double)i) * (ascending[i + 1] - ascending[i]);
}

void resample_interval(double *replicates, size_t n, size_t units, double level, mdg_estimate *out)
{
    out->lo = out->hi = MDG_NAN;
    resample_sort(replicates, n);
    size_t known = n;
    while (known > 0 && isnan(replicates[known - 1]))
        known--;
    if (units < MDG_LEAST_UNITS || (n - known) * 100 > n)
        return;
    double k = (double)units, tail = (1 - level) / 2;
    double wide = sqrt(k / (k - 1)) * mdg_t_quantile(tail, k - 1);
    double p = mdg_normal_cdf(wide);
    out->lo = quantile(replicates, known, p);
    out->hi = quantile(replicates, known, 1 - p);
}
