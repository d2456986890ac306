/* Weighted least squares on few moderators by orthogonal columns.
 *
 * Gram and Schmidt's process, each column twice, keeps columns orthonormal to rounding whatever the
 * weights. A fit takes k p^2 steps and no k x k matrix: with P = sqrt(w) (I - q q') sqrt(w), traces
 * of products with P need only q' D q, which is p x p.
 * source  Giraud, Langou and Rozloznik 2005, Comput Math Appl 50:1069 (twice is enough) */
#include "pool/linear.h"

#include <string.h>

/* A moderator whose part apart from the others is smaller, against its range, is none. */
static const double collinear = 1e-9;
/* A moderator that varies less, against its size, is the constant with rounding. */
static const double constant = 1e-13;

static double dot(const double *restrict x, const double *restrict y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* Takes out of x what lies along the first n columns, and adds to `along` how much that was. */
static void orthogonalise(const linear *l, size_t n, double *restrict x, double *restrict along,
                          size_t stride)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t j = 0; j < n; j++) {
            const double *restrict q = l->q + j * l->k;
            double part = dot(q, x, l->k);
            along[j * stride] += part;
            for (size_t i = 0; i < l->k; i++)
                x[i] -= part * q[i];
        }
    }
}

/* ---- the design --------------------------------------------------------------------------- */

static mdg_status allocate(linear *l, mdg_arena *mem, mdg_error *err)
{
    size_t k = l->k, p = l->p;
    l->z = p <= SIZE_MAX / k ? mdg_new(mem, double, p *k) : NULL;
    l->q = p <= SIZE_MAX / k ? mdg_new(mem, double, p *k) : NULL;
    l->y = mdg_new(mem, double, k);
    l->w = mdg_new(mem, double, k);
    l->e = mdg_new(mem, double, k);
    l->hat = mdg_new(mem, double, k);
    l->centre = mdg_new(mem, double, p);
    l->unit = mdg_new(mem, double, p);
    l->c = mdg_new(mem, double, p);
    l->r = mdg_new(mem, double, p *p);
    l->a = mdg_new(mem, double, p *p);
    l->b = mdg_new(mem, double, p *p);
    bool all = l->z && l->q && l->y && l->w && l->e && l->hat && l->centre && l->unit && l->c &&
               l->r && l->a && l->b;
    return all ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", k);
}

/* Mean without overflow; any number near it would do as a centre. */
static double mean(const double *x, size_t n, size_t stride)
{
    mdg_sum sum = { 0 };
    for (size_t i = 0; i < n; i++)
        mdg_sum_add(&sum, x[i * stride] / (double)n);
    return mdg_sum_get(&sum);
}

static mdg_status load_moderator(const mdg_effects *e, size_t m, linear *l, mdg_error *err)
{
    const double *x = e->x + m;
    double *z = l->z + (m + 1) * l->k, size = 0, range = 0;
    double centre = mean(x, l->k, e->moderators);
    for (size_t i = 0; i < l->k; i++) {
        z[i] = x[i * e->moderators] - centre;
        size = fmax(size, fabs(x[i * e->moderators]));
        range = fmax(range, fabs(z[i]));
    }
    if (!(range > constant * size)) {
        mdg_fail(err, MDG_E_RANK, "moderator %zu is the same for all %zu effects", m + 1, l->k);
        mdg_hint(err, "leave it out: it cannot tell effects apart");
        return MDG_E_RANK;
    }
    for (size_t i = 0; i < l->k; i++)
        z[i] /= range;
    l->centre[m + 1] = centre;
    l->unit[m + 1] = range;
    return MDG_OK;
}

/* With weights of 1, r holds how much of each column is its own; that of the constant is above 0.
 */
static mdg_status check_rank(linear *l, mdg_error *err)
{
    for (size_t i = 0; i < l->k; i++)
        l->w[i] = 1;
    linear_fit(l);
    for (size_t j = 0; j < l->p; j++) {
        double own = l->r[j * l->p + j];
        l->log_volume += log(own);
        if (own > collinear)
            continue;
        mdg_fail(err, MDG_E_RANK, "moderator %zu is a combination of those before it", j);
        mdg_hint(err, "leave it out, or one that it follows from");
        return MDG_E_RANK;
    }
    return MDG_OK;
}

mdg_status linear_enough(const mdg_effects *e, mdg_error *err)
{
    if (e->k == 0)
        return mdg_fail(err, MDG_E_SHORT, "no effects to pool");
    if (e->k > e->moderators)
        return MDG_OK;
    mdg_fail(err, MDG_E_SHORT, "%zu effects for %zu moderators and the mean", e->k, e->moderators);
    mdg_hint(err, "leave moderators out, or add effects");
    return MDG_E_SHORT;
}

mdg_status linear_make(const mdg_effects *e, double scale, mdg_arena *mem, linear *out,
                       mdg_error *err)
{
    MDG_TRY(linear_enough(e, err));
    linear l = { .k = e->k, .p = e->moderators + 1 };
    MDG_TRY(allocate(&l, mem, err));
    l.y_centre = mean(e->y, l.k, 1);
    for (size_t i = 0; i < l.k; i++)
        l.y[i] = (e->y[i] - l.y_centre) / scale;
    l.y_centre /= scale;
    for (size_t i = 0; i < l.k; i++)
        l.z[i] = 1;
    l.unit[0] = 1;
    for (size_t m = 0; m < e->moderators; m++)
        MDG_TRY(load_moderator(e, m, &l, err));
    MDG_TRY(check_rank(&l, err));
    *out = l;
    return MDG_OK;
}

/* ---- fits --------------------------------------------------------------------------------- */

void linear_weigh(linear *l, const double *v, double tau2)
{
    for (size_t i = 0; i < l->k; i++)
        l->w[i] = 1 / (v[i] + tau2);
}

void linear_fit(linear *l)
{
    size_t k = l->k, p = l->p;
    memset(l->r, 0, p * p * sizeof *l->r);
    memset(l->c, 0, p * sizeof *l->c);
    memset(l->hat, 0, k * sizeof *l->hat);
    for (size_t i = 0; i < k; i++) {
        double root = sqrt(l->w[i]);
        l->e[i] = root * l->y[i];
        for (size_t j = 0; j < p; j++)
            l->q[j * k + i] = root * l->z[j * k + i];
    }
    for (size_t j = 0; j < p; j++) {
        double *restrict q = l->q + j * k;
        orthogonalise(l, j, q, l->r + j, p);
        double size = l->r[j * p + j] = sqrt(dot(q, q, k));
        for (size_t i = 0; i < k; i++) {
            q[i] /= size;
            l->hat[i] += q[i] * q[i];
        }
    }
    orthogonalise(l, p, l->e, l->c, 1);
    l->rss = dot(l->e, l->e, k);
}

void linear_fit_at(linear *l, const double *v, double tau2)
{
    linear_weigh(l, v, tau2);
    linear_fit(l);
}

void linear_coefficients(const linear *l, double *beta)
{
    size_t p = l->p;
    for (size_t i = p; i-- > 0;) {
        beta[i] = l->c[i];
        for (size_t j = i + 1; j < p; j++)
            beta[i] -= l->r[i * p + j] * beta[j];
        beta[i] /= l->r[i * p + i];
    }
    beta[0] += l->y_centre;
    for (size_t j = 1; j < p; j++) {
        beta[j] /= l->unit[j];
        beta[0] -= beta[j] * l->centre[j];
    }
}

void linear_root(const linear *l, double *root)
{
    size_t p = l->p;
    memset(root, 0, p * p * sizeof *root);
    for (size_t column = 0; column < p; column++) {
        for (size_t i = column + 1; i-- > 0;) {
            double x = i == column;
            for (size_t j = i + 1; j <= column; j++)
                x -= l->r[i * p + j] * root[j * p + column];
            root[i * p + column] = x / l->r[i * p + i];
        }
        for (size_t i = 1; i <= column; i++) {
            root[i * p + column] /= l->unit[i];
            root[column] -= root[i * p + column] * l->centre[i];
        }
    }
}

/* ---- traces ------------------------------------------------------------------------------- */

/* q' D q */
static void project(const linear *l, const double *d, double *out)
{
    for (size_t a = 0; a < l->p; a++) {
        for (size_t b = 0; b <= a; b++) {
            const double *restrict x = l->q + a * l->k, *restrict y = l->q + b * l->k;
            double sum = 0;
            for (size_t i = 0; i < l->k; i++)
                sum += x[i] * y[i] * d[i];
            out[a * l->p + b] = out[b * l->p + a] = sum;
        }
    }
}

double linear_trace(const linear *l, const double *d, const double *e)
{
    project(l, d, l->a);
    project(l, e, l->b);
    double sum = 0;
    for (size_t i = 0; i < l->k; i++)
        sum += d[i] * e[i] * (1 - 2 * l->hat[i]);
    return sum + dot(l->a, l->b, l->p * l->p);
}

double linear_trace_p(const linear *l)
{
    double sum = 0;
    for (size_t i = 0; i < l->k; i++)
        sum += l->w[i] * (1 - l->hat[i]);
    return sum;
}

double linear_trace_pp(const linear *l)
{
    return linear_trace(l, l->w, l->w);
}

double linear_ppy(const linear *l)
{
    double sum = 0;
    for (size_t i = 0; i < l->k; i++)
        sum += l->w[i] * l->e[i] * l->e[i];
    return sum;
}

double linear_pppy(const linear *l)
{
    double sum = 0;
    for (size_t i = 0; i < l->k; i++)
        sum += l->w[i] * l->e[i] * (l->w[i] * l->e[i]);
    for (size_t j = 0; j < l->p; j++) {
        double part = 0;
        for (size_t i = 0; i < l->k; i++)
            part += l->q[j * l->k + i] * l->w[i] * l->e[i];
        sum -= part * part;
    }
    return sum;
}
