/* Is there enough baseline? CalTRACK 2.2.1 and 2.3.6. */
#include "series/order.h"

#include <madang/series.h>

enum { BINS = 256 };

static const struct {
    const char *code, *words;
} statuses[] = {
#define X(name, code, words) { code, words },
    MDG_METER_STATUSES(X)
#undef X
};

const char *mdg_meter_status_code(mdg_meter_status s)
{
    return statuses[s].code;
}

const char *mdg_meter_status_words(mdg_meter_status s)
{
    return statuses[s].words;
}

mdg_sufficiency mdg_sufficiency_count(const double *use, const double *temp_f, size_t n)
{
    mdg_sufficiency s = { .days = n };
    for (size_t i = 0; i < n; i++) {
        bool no_use = isnan(use[i]);
        bool no_temp = isnan(temp_f[i]);
        s.use_missing += no_use;
        s.temp_missing += no_temp;
        s.valid += !no_use && !no_temp;
        s.negative += use[i] < 0;
        s.any_use |= use[i] < 0 || use[i] > 0;
    }
    return s;
}

static bool too_many_missing(const mdg_sufficiency *s, size_t missing, bool strict)
{
    if (strict)
        return (double)(s->days - missing) < 0.9 * (double)s->days;
    return missing > (s->days + 9) / 10;
}

mdg_meter_status mdg_sufficiency_verdict(const mdg_sufficiency *s, bool strict)
{
    if (s->use_missing == s->days)
        return MDG_METER_NO_BASELINE;
    if (s->temp_missing == s->days)
        return MDG_METER_NO_WEATHER;
    if (s->negative > 0)
        return MDG_METER_NEGATIVE_USE;
    if (too_many_missing(s, s->temp_missing, strict))
        return MDG_METER_NO_WEATHER;
    if (too_many_missing(s, s->days - s->valid, strict))
        return MDG_METER_MISSING_DAYS;
    if (!s->any_use)
        return MDG_METER_ALL_ZERO;
    return MDG_METER_OK;
}

/* Values in order of their bin: bin b holds x[start[b] .. start[b + 1]). */
typedef struct binned {
    double *x;
    size_t n;
    uint32_t start[BINS + 1];
} binned;

/* Whatever lies where: a value's bin grows with it, so that order statistics are found in one small
 * bin. Values that are not finite are left out. */
static binned bin_values(const double *use, size_t n, double *scratch)
{
    binned b = { .x = scratch };
    double lo = MDG_INFINITY, hi = -MDG_INFINITY;
    for (size_t i = 0; i < n; i++) {
        lo = use[i] < lo && isfinite(use[i]) ? use[i] : lo;
        hi = use[i] > hi && isfinite(use[i]) ? use[i] : hi;
    }
    double scale = hi > lo ? (BINS - 1) / (hi - lo) : 0;
    uint32_t at[BINS] = { 0 };
    for (size_t i = 0; i < n; i++)
        if (isfinite(use[i]))
            at[(size_t)((use[i] - lo) * scale)]++;
    for (size_t k = 0; k < BINS; k++) {
        b.start[k + 1] = b.start[k] + at[k];
        at[k] = b.start[k];
    }
    for (size_t i = 0; i < n; i++)
        if (isfinite(use[i]))
            scratch[at[(size_t)((use[i] - lo) * scale)]++] = use[i];
    b.n = b.start[BINS];
    return b;
}

static double order_statistic(binned *b, size_t k)
{
    size_t bin = 0;
    while (b->start[bin + 1] <= k)
        bin++;
    series_place_kth(b->x, b->start[bin], b->start[bin + 1] - 1, k);
    return b->x[k];
}

/* Linear interpolation between order statistics, as numpy and R (type 7). */
static double quantile(binned *b, double p)
{
    double at = p * (double)(b->n - 1);
    size_t k = (size_t)at;
    double here = order_statistic(b, k);
    double next = k + 1 < b->n ? order_statistic(b, k + 1) : here;
    return here + (at - (double)k) * (next - here);
}

size_t mdg_extreme_values(const double *use, size_t n, double *scratch)
{
    binned b = bin_values(use, n, scratch);
    if (b.n < 4)
        return 0;
    double limit = quantile(&b, 0.5) + 3 * (quantile(&b, 0.75) - quantile(&b, 0.25));
    size_t extreme = 0;
    for (size_t i = 0; i < b.n; i++)
        extreme += b.x[i] > limit;
    return extreme;
}
