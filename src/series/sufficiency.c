/* Is there enough baseline? CalTRACK 2.2.1 and 2.3.6. */
#include <madang/series.h>

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

static void swap(double *a, double *b)
{
    double t = *a;
    *a = *b;
    *b = t;
}

/* Puts the k-th smallest of x[lo..hi] at k, smaller ones before and greater ones behind it
 * (Hoare's selection, pivot the median of three). */
static void place_kth(double *x, size_t lo, size_t hi, size_t k)
{
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (x[mid] < x[lo])
            swap(&x[mid], &x[lo]);
        if (x[hi] < x[lo])
            swap(&x[hi], &x[lo]);
        if (x[hi] < x[mid])
            swap(&x[hi], &x[mid]);
        double pivot = x[mid];
        size_t i = lo, j = hi;
        for (;;) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i >= j)
                break;
            swap(&x[i++], &x[j--]);
        }
        /* x[lo..j] <= pivot <= x[j+1..hi] */
        if (k <= j)
            hi = j;
        else
            lo = j + 1;
    }
}

/* Linear interpolation between order statistics, as numpy and R (type 7). Values before `from` are
 * known to be smaller; *from moves on to the statistic found. */
static double quantile(double *x, size_t n, double p, size_t *from)
{
    double at = p * (double)(n - 1);
    size_t k = (size_t)at;
    place_kth(x, *from, n - 1, k);
    *from = k;
    double next = x[k];
    if (k + 1 < n) {
        next = x[k + 1];
        for (size_t i = k + 2; i < n; i++)
            next = x[i] < next ? x[i] : next;
    }
    return x[k] + (at - (double)k) * (next - x[k]);
}

size_t mdg_extreme_values(const double *use, size_t n, double *scratch)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(use[i]))
            scratch[m++] = use[i];
    if (m < 4)
        return 0;
    size_t from = 0;
    double q1 = quantile(scratch, m, 0.25, &from);
    double median = quantile(scratch, m, 0.5, &from);
    double q3 = quantile(scratch, m, 0.75, &from);
    double limit = median + 3 * (q3 - q1);
    size_t extreme = 0;
    for (size_t i = from; i < m; i++)
        extreme += scratch[i] > limit;
    return extreme;
}
