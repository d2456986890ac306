/* Mixed-model equations with few random slopes.
 *
 * With weights w = 1 / (v + tau2), z and y about their weighted means, and the eigenvalues l_j of
 * z' w z, everything at any s2 is a sum over the moderators: each direction is shrunk by
 * 1 / (1 + s2 l_j). More moderators than cities, or collinear ones, are directions of l_j = 0.
 * source  Henderson 1975, Biometrics 31:423; Robinson 1991, Stat Sci 6:15; docs/math/transfer.md */
#include "pool/shrink.h"

#include "base/eigen.h"

#include <string.h>

/* A direction with less of the squares than this is none. */
static const double no_direction = 1e-10;

mdg_status shrink_make(shrink *s, mdg_arena *mem, mdg_error *err)
{
    size_t m = s->m;
    double **const of_m[] = { &s->square, &s->product, &s->here, &s->middle, &s->centre, &s->row };
    for (size_t i = 0; i < sizeof of_m / sizeof *of_m; i++)
        if (!(*of_m[i] = mdg_new(mem, double, m)))
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu moderators", m);
    s->a = m <= SIZE_MAX / (m + 1) ? mdg_new(mem, double, m *m) : NULL;
    s->q = s->a ? mdg_new(mem, double, m *m) : NULL;
    if (!s->q)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu moderators", m);
    return MDG_OK;
}

static void weighted_means(shrink *s)
{
    s->sum_w = s->y_mean = s->log_v = 0;
    memset(s->centre, 0, s->m * sizeof *s->centre);
    for (size_t i = 0; i < s->k; i++) {
        double w = 1 / (s->v[i] + s->tau2);
        s->sum_w += w;
        s->log_v -= log(w);
        s->y_mean += w * s->y[i];
        for (size_t j = 0; j < s->m; j++)
            s->centre[j] += w * s->z[i * s->m + j];
    }
    s->y_mean /= s->sum_w;
    for (size_t j = 0; j < s->m; j++)
        s->centre[j] /= s->sum_w;
}

/* Squares and products about the means, into yy, a and row. */
static void squares(shrink *s, double *products)
{
    size_t m = s->m;
    s->yy = 0;
    memset(products, 0, m * sizeof *products);
    memset(s->a, 0, m * m * sizeof *s->a);
    for (size_t i = 0; i < s->k; i++) {
        double w = 1 / (s->v[i] + s->tau2), y = s->y[i] - s->y_mean;
        s->yy += w * y * y;
        for (size_t j = 0; j < m; j++) {
            double z = s->z[i * m + j] - s->centre[j];
            s->row[j] = z;
            products[j] += w * z * y;
            for (size_t h = 0; h <= j; h++)
                s->a[j * m + h] += w * z * s->row[h];
        }
    }
    for (size_t j = 0; j < m; j++)
        for (size_t h = j + 1; h < m; h++)
            s->a[j * m + h] = s->a[h * m + j];
}

static double along(const shrink *s, size_t direction, const double *x)
{
    double sum = 0;
    for (size_t j = 0; j < s->m; j++)
        sum += s->q[j * s->m + direction] * x[j];
    return sum;
}

void shrink_weigh(shrink *s, double tau2)
{
    size_t m = s->m;
    s->tau2 = tau2;
    weighted_means(s);
    squares(s, s->here);
    double trace = 0;
    for (size_t j = 0; j < m; j++)
        trace += s->a[j * m + j];
    for (size_t j = 0; j < m * m; j++)
        s->a[j] /= trace;
    eigen_symmetric(m, m, s->a, s->q);
    for (size_t j = 0; j < m; j++) {
        s->square[j] = trace * fmax(0, s->a[j * m + j]);
        s->product[j] = along(s, j, s->here);
        s->middle[j] = -along(s, j, s->centre);
    }
    for (size_t j = 0; j < m; j++)
        s->here[j] = along(s, j, s->target) + s->middle[j];
}

/* The city's own measurement: one more observation. */
static void add_own(const shrink *s, shrink_point *p)
{
    double off = s->own_y - p->value, variance = p->variance + s->own_v;
    p->own = p->variance / variance;
    p->loglik -= (log(variance) + off * off / variance) / 2;
    p->value += p->own * off;
    p->variance *= s->own_v / variance;
}

shrink_point shrink_at(const shrink *s, double s2)
{
    shrink_point p = { .value = s->y_mean, .middle = s->y_mean };
    double log_det = s->log_v + log(s->sum_w), fit = s->yy, most = 0, left = 0;
    size_t directions = 0;
    p.variance = p.middle_v = 1 / s->sum_w;
    for (size_t j = 0; j < s->m; j++)
        most = fmax(most, s->square[j]);
    for (size_t j = 0; j < s->m; j++) {
        double shrunk = 1 / (1 + s2 * s->square[j]), variance = s2 * shrunk;
        double slope = variance * s->product[j];
        log_det -= log(shrunk);
        fit -= slope * s->product[j];
        p.value += slope * s->here[j];
        p.variance += variance * s->here[j] * s->here[j];
        p.middle += slope * s->middle[j];
        p.middle_v += variance * s->middle[j] * s->middle[j];
        if (s->square[j] > no_direction * most) {
            left += shrunk;
            directions++;
        }
    }
    p.variance += s->tau2;
    p.loglik = p.others = -(log_det + fit) / 2;
    p.shrinkage = directions ? left / (double)directions : MDG_NAN;
    if (!isnan(s->own_y))
        add_own(s, &p);
    return p;
}
