/* What a meter's baseline looks like: level and shape, and how far apart two meters are. */
#include "effect/comparison.h"

#include <assert.h>

enum { MONTHS = 12, FEW_TREATED = 10, KINDS = 3 };

/* ---- one meter ---------------------------------------------------------------------------- */

/* Means of the calendar months, NaN where too few days have use. */
static void month_means(const double *use, int32_t first, mdg_range days, double mean[MONTHS])
{
    double sum[MONTHS] = { 0 };
    size_t count[MONTHS] = { 0 };
    for (size_t i = days.from; i < days.to;) {
        int32_t day = first + (int32_t)i;
        mdg_date d = mdg_day_to_date(day);
        size_t m = (size_t)d.month - 1;
        mdg_date next = { d.year + (d.month == MONTHS), d.month % MONTHS + 1, 1 };
        size_t end = i + (size_t)(mdg_date_to_day(next) - day);
        for (end = end < days.to ? end : days.to; i < end; i++) {
            sum[m] += isnan(use[i]) ? 0 : use[i];
            count[m] += isnan(use[i]) ? 0 : 1;
        }
    }
    for (size_t m = 0; m < MONTHS; m++)
        mean[m] = count[m] >= MDG_FEATURE_MONTH_DAYS ? sum[m] / (double)count[m] : MDG_NAN;
}

/* Divides the values by the mean of those that are there; the mean, or NaN when it is not above 0.
 * `count` receives how many there are. */
static double relative(const double *value, size_t n, double *out, size_t *count)
{
    double sum = 0;
    size_t there = 0;
    for (size_t i = 0; i < n; i++) {
        sum += isnan(value[i]) ? 0 : value[i];
        there += isnan(value[i]) ? 0 : 1;
    }
    double mean = sum / (double)there;
    *count = there;
    for (size_t i = 0; i < n; i++)
        out[i] = value[i] / mean;
    return mean > 0 ? mean : MDG_NAN;
}

static mdg_status fill(const double *use, int32_t first, mdg_range baseline, const double *hours,
                       double *out, mdg_error *err)
{
    double mean[MONTHS];
    size_t months, known;
    month_means(use, first, baseline, mean);
    double level = relative(mean, MONTHS, out + MDG_FEATURE_MONTH, &months);
    if (months < MDG_FEATURE_MONTHS) {
        mdg_fail(err, MDG_E_SHORT, "%zu months of the baseline have use", months);
        mdg_hint(err, "a meter that is compared needs %d months with %d days each",
                 MDG_FEATURE_MONTHS, MDG_FEATURE_MONTH_DAYS);
        return MDG_E_SHORT;
    }
    if (isnan(level))
        return mdg_fail(err, MDG_E_RANGE, "the baseline's mean use is not above 0");
    out[MDG_FEATURE_LEVEL] = log(level);
    if (hours && isnan(relative(hours, MDG_WEEK_HOURS, out + MDG_FEATURE_HOUR, &known)))
        return mdg_fail(err, MDG_E_RANGE, "the mean use of the hours of the week is not above 0");
    return MDG_OK;
}

mdg_status mdg_load_features(const double *use, int32_t first, mdg_range baseline,
                             const double *hours, double *out, mdg_error *err)
{
    mdg_status s = fill(use, first, baseline, hours, out, err);
    if (s == MDG_OK)
        return MDG_OK;
    for (size_t i = 0; i < (hours ? MDG_FEATURES_HOURLY : MDG_FEATURES_DAILY); i++)
        out[i] = MDG_NAN;
    return s;
}

/* ---- a group of meters -------------------------------------------------------------------- */

void mdg_features_mean(const mdg_features *f, const double *weight, double *out)
{
    for (size_t j = 0; j < f->d; j++) {
        mdg_sum sum = { 0 }, weights = { 0 };
        for (size_t i = 0; i < f->n; i++) {
            double x = f->value[i * f->d + j];
            if (isnan(x) || features_excluded(f, i))
                continue;
            double w = weight ? weight[i] : 1;
            mdg_sum_add(&sum, w * x);
            mdg_sum_add(&weights, w);
        }
        double total = mdg_sum_get(&weights);
        out[j] = total > 0 ? mdg_sum_get(&sum) / total : MDG_NAN;
    }
}

/* ---- the distance ------------------------------------------------------------------------- */

/* 1.4826 is what makes it the standard deviation of normal values. */
static double robust_spread(const mdg_features *f, size_t feature, double *scratch, size_t *count)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        double x = f->value[i * f->d + feature];
        if (!isnan(x) && !features_excluded(f, i))
            scratch[n++] = x;
    }
    *count = n;
    if (n == 0)
        return 0;
    double middle = mdg_median(scratch, n);
    for (size_t i = 0; i < n; i++)
        scratch[i] = fabs(scratch[i] - middle);
    return 1.4826 * mdg_median(scratch, n);
}

/* Root mean square over the features of a kind; 0 when a feature has fewer than `least` values. */
static double kind_spread(const mdg_features *f, mdg_range kind, size_t least, double *scratch)
{
    double squares = 0;
    for (size_t j = kind.from; j < kind.to; j++) {
        size_t n;
        double s = robust_spread(f, j, scratch, &n);
        if (n < least)
            return 0;
        squares += s * s;
    }
    return sqrt(squares / (double)(kind.to - kind.from));
}

static double spread(const mdg_groups *g, mdg_range kind, double *scratch)
{
    double s = kind_spread(&g->treated, kind, FEW_TREATED, scratch);
    if (!(s > 0))
        s = kind_spread(&g->pool, kind, 1, scratch);
    return s > 0 ? s : 1;
}

static const mdg_range kinds[KINDS] = {
    { MDG_FEATURE_LEVEL, MDG_FEATURE_MONTH },
    { MDG_FEATURE_MONTH, MDG_FEATURE_HOUR },
    { MDG_FEATURE_HOUR, MDG_FEATURES_HOURLY },
};

static mdg_status check_distance(const mdg_groups *g, const double weight[KINDS], mdg_error *err)
{
    size_t d = g->treated.d;
    if (d != g->pool.d || (d != MDG_FEATURES_DAILY && d != MDG_FEATURES_HOURLY))
        return mdg_fail(err, MDG_E_RANGE, "%zu features of treated meters, %zu of the pool", d,
                        g->pool.d);
    double total = 0;
    for (size_t k = 0; k < KINDS && kinds[k].from < d; k++) {
        if (!(weight[k] >= 0) || isinf(weight[k]))
            return mdg_fail(err, MDG_E_RANGE, "a weight of a distance is %g", weight[k]);
        total += weight[k];
    }
    return total > 0 ? MDG_OK : mdg_fail(err, MDG_E_RANGE, "all weights of a distance are 0");
}

mdg_status mdg_distance_make(const mdg_groups *g, const mdg_distance_opts *opts, mdg_arena *mem,
                             mdg_distance *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    const double weight[KINDS] = { opts->level, opts->months, opts->hours };
    MDG_TRY(check_distance(g, weight, err));
    size_t d = g->treated.d, n = g->treated.n > g->pool.n ? g->treated.n : g->pool.n;
    mdg_distance r = { .d = d, .multiplier = mdg_new(mem, double, d) };
    r.weight = mdg_new(mem, double, d);
    mdg_arena_mark mark = mdg_arena_position(mem);
    double *scratch = mdg_new(mem, double, n);
    if (!r.multiplier || !r.weight || !scratch)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the spreads of %zu meters", n);
    double total = 0;
    for (size_t k = 0; k < KINDS && kinds[k].from < d; k++)
        total += weight[k];
    for (size_t k = 0; k < KINDS && kinds[k].from < d; k++) {
        double s = weight[k] > 0 ? spread(g, kinds[k], scratch) : 1;
        for (size_t j = kinds[k].from; j < kinds[k].to; j++) {
            r.weight[j] = weight[k] / total / (double)(kinds[k].to - kinds[k].from);
            r.multiplier[j] = sqrt(r.weight[j]) / s;
        }
    }
    mdg_arena_reset(mem, mark);
    *out = r;
    return MDG_OK;
}
