/* What placebos say of errors, and the intervals that follow. docs/math/intervals.md */
#include <madang/comparison.h>

#include <stdlib.h>
#include <string.h>

/* ---- order -------------------------------------------------------------------------------- */

/* By pair, then by size: a total order of placebos that differ, so that the order in which they
 * came does not matter. */
static int by_pair(const void *a, const void *b)
{
    const mdg_placebo *x = a, *y = b;
    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    if (x->meter != y->meter)
        return x->meter < y->meter ? -1 : 1;
    return mdg_by_number(&x->error, &y->error);
}

static int by_meter(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* An own part and the size of the meter that it is from. */
typedef struct own_part {
    double counterfactual, value;
} own_part;

static int by_size(const void *a, const void *b)
{
    const own_part *x = a, *y = b;
    int order = mdg_by_number(&x->counterfactual, &y->counterfactual);
    return order ? order : mdg_by_number(&x->value, &y->value);
}

/* ---- what placebos say --------------------------------------------------------------------- */

static mdg_status check_placebos(const mdg_placebo *p, size_t n, mdg_error *err)
{
    if (n < 2) {
        mdg_fail(err, MDG_E_SHORT, "%zu placebos", n);
        mdg_hint(err, "give untreated meters, or more years before the measure");
        return MDG_E_SHORT;
    }
    for (size_t i = 0; i < n; i++)
        if (!isfinite(p[i].error) || !(p[i].scale > 0) || !isfinite(p[i].scale) ||
            !(p[i].counterfactual > 0) || !isfinite(p[i].counterfactual))
            return mdg_fail(err, MDG_E_RANGE, "placebo %zu has no error, size or scale", i);
    return MDG_OK;
}

static mdg_status count_meters(const mdg_placebo *p, size_t n, mdg_arena *mem, size_t *out,
                               mdg_error *err)
{
    uint32_t *meter = mdg_new(mem, uint32_t, n);
    if (!meter)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    for (size_t i = 0; i < n; i++)
        meter[i] = p[i].meter;
    qsort(meter, n, sizeof *meter, by_meter);
    *out = 1;
    for (size_t i = 1; i < n; i++)
        *out += meter[i] != meter[i - 1];
    return MDG_OK;
}

/* One pair's meters: their number, the sum of weights and the weighted mean error. */
typedef struct pair_sum {
    size_t from, to;
    double weight, mean;
} pair_sum;

static size_t sum_pairs(const mdg_placebo *p, size_t n, pair_sum *pair)
{
    size_t pairs = 0;
    for (size_t i = 0; i < n; pairs++) {
        pair_sum *s = &pair[pairs];
        mdg_sum weight = { 0 }, error = { 0 };
        s->from = i;
        for (; i < n && p[i].pair == p[s->from].pair; i++) {
            double w = 1 / (p[i].scale * p[i].scale);
            mdg_sum_add(&weight, w);
            mdg_sum_add(&error, w * p[i].error);
        }
        s->to = i;
        s->weight = mdg_sum_get(&weight);
        s->mean = mdg_sum_get(&error) / s->weight;
    }
    return pairs;
}

/* How well the own variance is known: years in which all meters err more, or a few err a lot, make
 * it less than the number of placebos says. Squared residuals add up within their pair, and the
 * variance of these sums is that of the estimate (Satterthwaite). */
static double find_own_df(const mdg_calibration *c, const pair_sum *pair, const double *squares)
{
    double most = (double)(c->n - c->pairs);
    if (c->pairs < 2 || !(c->own_variance > 0))
        return most;
    mdg_sum sum = { 0 };
    for (size_t k = 0; k < c->pairs; k++) {
        double d = squares[k] - c->own_variance * (double)(pair[k].to - pair[k].from - 1);
        mdg_sum_add(&sum, d * d);
    }
    double clusters = (double)c->pairs, variance = mdg_sum_get(&sum) * clusters / (clusters - 1);
    double estimate = c->own_variance * most;
    return variance > 0 ? fmin(most, 2 * estimate * estimate / variance) : most;
}

/* Mean, own variance and what pairs share, by moments, as a meta-analysis of pairs would.
 * squares  receives each pair's sum of squared residuals */
static void find_components(const mdg_placebo *p, const pair_sum *pair, double *squares,
                            mdg_calibration *c)
{
    mdg_sum weight = { 0 }, mean = { 0 }, squared_weight = { 0 }, own = { 0 }, q = { 0 };
    for (size_t k = 0; k < c->pairs; k++) {
        mdg_sum_add(&weight, pair[k].weight);
        mdg_sum_add(&squared_weight, pair[k].weight * pair[k].weight);
        mdg_sum_add(&mean, pair[k].weight * pair[k].mean);
        mdg_sum of_pair = { 0 };
        for (size_t i = pair[k].from; i < pair[k].to; i++) {
            double r = (p[i].error - pair[k].mean) / p[i].scale;
            mdg_sum_add(&of_pair, r * r);
        }
        squares[k] = mdg_sum_get(&of_pair);
        mdg_sum_add(&own, squares[k]);
    }
    double w = mdg_sum_get(&weight);
    c->mean = mdg_sum_get(&mean) / w;
    c->own_variance = c->n > c->pairs ? mdg_sum_get(&own) / (double)(c->n - c->pairs) : 0;
    c->own_df = find_own_df(c, pair, squares);
    for (size_t k = 0; k < c->pairs; k++) {
        double d = pair[k].mean - c->mean;
        mdg_sum_add(&q, pair[k].weight * d * d);
    }
    double excess = mdg_sum_get(&q) - (double)(c->pairs - 1) * c->own_variance;
    double scale = w - mdg_sum_get(&squared_weight) / w;
    c->shared_sd = c->pairs > 1 && excess > 0 ? sqrt(excess / scale) : 0;
}

/* Shared parts, with the spread that is not their own error's; own parts, with the spread that
 * fitting the pairs' means took from them. */
static mdg_status fill_parts(const mdg_placebo *p, const pair_sum *pair, mdg_arena *mem,
                             mdg_calibration *c, mdg_error *err)
{
    own_part *part = mdg_new(mem, own_part, c->n);
    if (!part)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", c->n);
    double lost = c->n > c->pairs ? sqrt((double)c->n / (double)(c->n - c->pairs)) : 1;
    for (size_t k = 0; k < c->pairs; k++) {
        double shared = c->shared_sd * c->shared_sd;
        double error = c->own_variance / pair[k].weight;
        double shrink = shared > 0 ? sqrt(shared / (shared + error)) : 0;
        c->shared[k] = c->mean + shrink * (pair[k].mean - c->mean);
        for (size_t i = pair[k].from; i < pair[k].to; i++)
            part[i] =
                (own_part){ p[i].counterfactual, lost * (p[i].error - pair[k].mean) / p[i].scale };
    }
    qsort(part, c->n, sizeof *part, by_size);
    for (size_t i = 0; i < c->n; i++) {
        c->own[i] = part[i].value;
        c->ratio[i] = p[i].error / p[i].scale;
        c->size[i] = fabs(c->ratio[i]);
    }
    qsort(c->ratio, c->n, sizeof *c->ratio, mdg_by_number);
    qsort(c->size, c->n, sizeof *c->size, mdg_by_number);
    return MDG_OK;
}

static mdg_status calibrate(const mdg_placebo *placebos, mdg_arena *scratch, mdg_calibration *c,
                            mdg_error *err)
{
    size_t n = c->n;
    mdg_placebo *p = mdg_new(scratch, mdg_placebo, n);
    pair_sum *pair = mdg_new(scratch, pair_sum, n);
    double *squares = mdg_new(scratch, double, n);
    if (!p || !pair || !squares)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    memcpy(p, placebos, n * sizeof *p);
    qsort(p, n, sizeof *p, by_pair);
    MDG_TRY(count_meters(p, n, scratch, &c->meters, err));
    c->pairs = sum_pairs(p, n, pair);
    find_components(p, pair, squares, c);
    return fill_parts(p, pair, scratch, c, err);
}

mdg_status mdg_calibrate(const mdg_placebo *placebos, size_t n, mdg_arena *mem,
                         mdg_calibration *out, mdg_error *err)
{
    MDG_TRY(check_placebos(placebos, n, err));
    mdg_calibration c = { .n = n };
    c.shared = mdg_new(mem, double, n);
    c.own = mdg_new(mem, double, n);
    c.ratio = mdg_new(mem, double, n);
    c.size = mdg_new(mem, double, n);
    if (!c.shared || !c.own || !c.ratio || !c.size)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = calibrate(placebos, mem, &c, err);
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        *out = c;
    return s;
}

/* ---- intervals of errors
 * ----------------------------------------------------------------------------- */

/* The k-th smallest covers with the probability k / (n + 1). */
static double upper(const double *ascending, size_t n, double level)
{
    double k = ceil(level * ((double)n + 1) - 1e-9);
    return k > (double)n ? MDG_INFINITY : ascending[k < 1 ? 0 : (size_t)k - 1];
}

static double lower(const double *ascending, size_t n, double level)
{
    double k = floor((1 - level) * ((double)n + 1) + 1e-9);
    return k < 1 ? -MDG_INFINITY : ascending[(size_t)k - 1];
}

mdg_interval mdg_calibrated_meter(const mdg_calibration *c, double scale, double level)
{
    /* truth = estimate - error: an error too high asks for room below. */
    return (mdg_interval){ .half = scale * upper(c->size, c->n, level),
                           .below = scale * upper(c->ratio, c->n, level),
                           .above = -scale * lower(c->ratio, c->n, level) };
}

mdg_interval mdg_interval_of(const double *errors, size_t n, double level, double *scratch)
{
    for (size_t i = 0; i < n; i++)
        scratch[i] = fabs(errors[i]);
    qsort(scratch, n, sizeof *scratch, mdg_by_number);
    return (mdg_interval){ .half = upper(scratch, n, level),
                           .below = upper(errors, n, level),
                           .above = -lower(errors, n, level) };
}

double mdg_detectable(double half, double level)
{
    return half * (1 + mdg_normal_quantile(0.8) / mdg_normal_two_sided(level));
}
