/* How alike the treated and the comparison group are, before and after weighting. */
#include "effect/comparison.h"

static const double GOOD = 0.1, ACCEPTABLE = 0.25;

typedef struct moments {
    double mean, variance; /* the variance of a sample; NaN with fewer than two meters in effect */
} moments;

/* Of one feature over the rows that have it. */
static moments weighted_moments(const mdg_features *f, size_t feature, const double *weight)
{
    mdg_sum sum = { 0 }, weights = { 0 }, squared_weights = { 0 }, squares = { 0 };
    for (size_t i = 0; i < f->n; i++) {
        double x = f->value[i * f->d + feature], w = weight ? weight[i] : 1;
        if (isnan(x) || features_excluded(f, i))
            continue;
        mdg_sum_add(&sum, w * x);
        mdg_sum_add(&weights, w);
        mdg_sum_add(&squared_weights, w * w);
    }
    double total = mdg_sum_get(&weights), mean = mdg_sum_get(&sum) / total;
    if (!(total > 0))
        return (moments){ MDG_NAN, MDG_NAN };
    for (size_t i = 0; i < f->n; i++) {
        double e = f->value[i * f->d + feature] - mean, w = weight ? weight[i] : 1;
        if (!isnan(e) && !features_excluded(f, i))
            mdg_sum_add(&squares, w * e * e);
    }
    /* n - 1 of n equal weights. */
    double of = total - mdg_sum_get(&squared_weights) / total;
    return (moments){ mean, of > 1e-12 * total ? mdg_sum_get(&squares) / of : MDG_NAN };
}

static mdg_balance_row compare(const mdg_groups *g, size_t feature, const double *weight)
{
    moments t = weighted_moments(&g->treated, feature, NULL);
    moments before = weighted_moments(&g->pool, feature, NULL);
    moments after = weighted_moments(&g->pool, feature, weight);
    double sd = sqrt(t.variance > 0 ? t.variance : before.variance);
    mdg_balance_row r = { .treated = t.mean, .before = before.mean, .after = after.mean };
    r.smd_before = sd > 0 ? (before.mean - t.mean) / sd : MDG_NAN;
    r.smd_after = sd > 0 ? (after.mean - t.mean) / sd : MDG_NAN;
    r.variance_before = t.variance > 0 ? before.variance / t.variance : MDG_NAN;
    r.variance_after = t.variance > 0 ? after.variance / t.variance : MDG_NAN;
    return r;
}

/* The feature in [from, to) that is farthest off; `from` when none can be compared. */
static size_t farthest(const mdg_balance_row *row, size_t from, size_t to)
{
    size_t worst = from;
    for (size_t i = from + 1; i < to; i++)
        if (fabs(row[i].smd_after) > fabs(row[worst].smd_after) || isnan(row[worst].smd_after))
            worst = i;
    return isnan(row[worst].smd_after) ? from : worst;
}

static double effective_number(const mdg_features *pool, const double *weight)
{
    mdg_sum sum = { 0 }, squares = { 0 };
    for (size_t i = 0; i < pool->n; i++) {
        if (features_excluded(pool, i))
            continue;
        mdg_sum_add(&sum, weight[i]);
        mdg_sum_add(&squares, weight[i] * weight[i]);
    }
    double total = mdg_sum_get(&sum);
    return total > 0 ? total * total / mdg_sum_get(&squares) : 0;
}

mdg_status mdg_balance_make(const mdg_groups *g, const double *weight, mdg_arena *mem,
                            mdg_balance *out, mdg_error *err)
{
    size_t d = g->treated.d;
    if (d != g->pool.d || d < MDG_FEATURES_DAILY)
        return mdg_fail(err, MDG_E_RANGE, "%zu features of treated meters, %zu of the pool", d,
                        g->pool.d);
    mdg_balance b = { .d = d, .row = mdg_new(mem, mdg_balance_row, d) };
    if (!b.row)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu features", d);
    for (size_t i = 0; i < d; i++)
        b.row[i] = compare(g, i, weight);
    b.worst = farthest(b.row, 0, d);
    b.worst_month = farthest(b.row, MDG_FEATURE_MONTH, MDG_FEATURE_HOUR) - MDG_FEATURE_MONTH;
    b.max_smd = fabs(b.row[b.worst].smd_after);
    b.effective = effective_number(&g->pool, weight);
    b.verdict = b.max_smd <= GOOD         ? MDG_BALANCE_GOOD
                : b.max_smd <= ACCEPTABLE ? MDG_BALANCE_ACCEPTABLE
                                          : MDG_BALANCE_POOR;
    *out = b;
    return MDG_OK;
}

const char *mdg_balance_words(mdg_balance_verdict v)
{
    static const char *const words[] = { "good", "acceptable", "poor" };
    return words[v];
}
