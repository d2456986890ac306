/* Rank correlation of effects with their variances.
 * source  Begg and Mazumdar 1994, Biometrics 50:1088; Kendall 1970, Rank Correlation Methods, ch. 5
 *         (exact distribution) and 4 (ties) */
#include "pool/small_studies.h"

#include <stdlib.h>

/* R's exact probabilities go so far: 171! is no number to it. */
enum { EXACT = 170 };

/* Effects about their mean, standardised. About the first one, so that effects that are all alike
 * are exactly 0. */
static void standardise(const mdg_effects *e, double *z)
{
    double weights = 0, mean = 0;
    for (size_t i = 0; i < e->k; i++) {
        weights += 1 / e->v[i];
        mean += (e->y[i] - e->y[0]) / e->v[i];
    }
    mean /= weights;
    for (size_t i = 0; i < e->k; i++)
        z[i] = (e->y[i] - e->y[0] - mean) / sqrt(e->v[i] - 1 / weights);
}

static int sign(double a, double b)
{
    return (a > b) - (a < b);
}

/* Sums over groups of t equal numbers. */
typedef struct ties {
    double pairs;   /* t (t - 1) */
    double triples; /* t (t - 1) (t - 2) */
    double spread;  /* t (t - 1) (2 t + 5) */
} ties;

static ties count_ties(const double *x, size_t n, double *sorted)
{
    ties sum = { 0 };
    for (size_t i = 0; i < n; i++)
        sorted[i] = x[i];
    qsort(sorted, n, sizeof *sorted, mdg_by_number);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && !sign(sorted[to], sorted[from]);)
            to++;
        double t = (double)(to - from);
        sum.pairs += t * (t - 1);
        sum.triples += t * (t - 1) * (t - 2);
        sum.spread += t * (t - 1) * (2 * t + 5);
    }
    return sum;
}

/* How likely at most `discordant` of n (n - 1) / 2 pairs are. Row by row: the i-th of n is out of
 * order with 0 to i - 1 of those before it, all equally likely. */
static mdg_status tail_of(size_t n, size_t discordant, mdg_arena *mem, double *out, mdg_error *err)
{
    double *now = mdg_new(mem, double, discordant + 1),
           *next = mdg_new(mem, double, discordant + 1);
    if (!now || !next)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", n);
    now[0] = 1;
    for (size_t i = 2; i <= n; i++) {
        double window = 0;
        for (size_t q = 0; q <= discordant; q++) {
            window += now[q] - (q >= i ? now[q - i] : 0);
            next[q] = window / (double)i;
        }
        double *swap = now;
        now = next;
        next = swap;
    }
    *out = 0;
    for (size_t q = 0; q <= discordant; q++)
        *out += now[q];
    return MDG_OK;
}

/* Normal, by the variance of concordant less discordant pairs. */
static double normal_p(double difference, double n, ties a, ties b)
{
    double variance = (n * (n - 1) * (2 * n + 5) - a.spread - b.spread) / 18 +
                      a.pairs * b.pairs / (2 * n * (n - 1));
    if (n > 2)
        variance += a.triples * b.triples / (9 * n * (n - 1) * (n - 2));
    return 2 * mdg_normal_sf(fabs(difference) / sqrt(variance));
}

static mdg_status test(const mdg_effects *e, mdg_arena *mem, mdg_rank_test *out, mdg_error *err)
{
    double *z = mdg_new(mem, double, e->k), *sorted = mdg_new(mem, double, e->k);
    if (!z || !sorted)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", e->k);
    standardise(e, z);
    double difference = 0, n = (double)e->k, pairs = n * (n - 1);
    for (size_t i = 0; i < e->k; i++)
        for (size_t j = 0; j < i; j++)
            difference += sign(z[i], z[j]) * sign(e->v[i], e->v[j]);
    ties a = count_ties(z, e->k, sorted), b = count_ties(e->v, e->k, sorted);
    double comparable = sqrt((pairs - a.pairs) * (pairs - b.pairs)) / 2;
    if (!(comparable > 0))
        return MDG_OK;
    out->tau = difference / comparable;
    if (e->k > EXACT || a.pairs + b.pairs > 0) {
        out->p = normal_p(difference, n, a, b);
        return MDG_OK;
    }
    double tail = 0;
    MDG_TRY(tail_of(e->k, (size_t)((pairs / 2 - fabs(difference)) / 2), mem, &tail, err));
    out->p = fmin(1, 2 * tail);
    return MDG_OK;
}

mdg_status rank_test(const mdg_effects *e, mdg_arena *mem, mdg_rank_test *out, mdg_error *err)
{
    *out = (mdg_rank_test){ MDG_NAN, MDG_NAN };
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = test(e, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}
