/* Counts in equal bins: distributions over meters in constant memory. */
#include <madang/effect.h>

mdg_status mdg_histogram_make(double lo, double hi, size_t n, mdg_arena *mem, mdg_histogram *out,
                              mdg_error *err)
{
    if (n == 0 || !(hi > lo))
        return mdg_fail(err, MDG_E_RANGE, "%zu bins from %g to %g", n, lo, hi);
    uint64_t *count = mdg_new(mem, uint64_t, n);
    if (!count)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu bins", n);
    *out = (mdg_histogram){ .lo = lo, .width = (hi - lo) / (double)n, .n = n, .count = count };
    return MDG_OK;
}

void mdg_histogram_add(mdg_histogram *h, double x)
{
    if (isnan(x))
        return;
    h->total++;
    double at = (x - h->lo) / h->width;
    if (at < 0)
        h->below++;
    else if (at >= (double)h->n)
        h->above++;
    else
        h->count[(size_t)at]++;
}

void mdg_histogram_merge(mdg_histogram *h, const mdg_histogram *other)
{
    for (size_t i = 0; i < h->n; i++)
        h->count[i] += other->count[i];
    h->below += other->below;
    h->above += other->above;
    h->total += other->total;
}

double mdg_histogram_quantile(const mdg_histogram *h, double p)
{
    if (h->total == 0)
        return MDG_NAN;
    double left = p * (double)h->total - (double)h->below;
    if (left < 0)
        return h->lo;
    for (size_t i = 0; i < h->n; i++) {
        double here = (double)h->count[i];
        if (here > 0 && left <= here)
            return h->lo + h->width * ((double)i + left / here);
        left -= here;
    }
    return h->lo + h->width * (double)h->n;
}
