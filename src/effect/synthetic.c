/* A synthetic comparison: the weights on the simplex that rebuild the treated's profile best.
 *
 * Minimised: |A'w - b|^2 + r n |w - 1/n|^2 with w >= 0 and sum 1, where the rows of A are the
 * candidates' profiles and everything is scaled by the target's mean. Meters enter the support one
 * by one, the steepest first; those that would become negative leave it. On the support the
 * weights solve a linear system, whose Cholesky factor is continued when a meter enters.
 * source  Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23 */
#include "effect/comparison.h"

#include <assert.h>

/* Of the gradient, whose terms are near one. */
static const double TOLERANCE = 1e-12;

enum { STEPS_PER_CANDIDATE = 20 };

typedef struct problem {
    size_t n, steps; /* usable candidates, steps in use */
    double *a, *b;   /* n x steps, steps; scaled */
    double *h;       /* n x n: half the Hessian */
    size_t *row;     /* n: candidate of each */
    double ridge;    /* r n */
    double *w, *gradient, *residual;
    size_t *support; /* in the order of entering */
    size_t m;        /* in the support */
    double *factor;  /* lower triangle over the support, rows of n */
    double *x, *y;   /* scratch of the solution on the support */
    bool *in;
} problem;

/* ---- what it is made of --------------------------------------------------------------------- */

static bool complete(const mdg_synthetic_input *in, size_t candidate)
{
    for (size_t t = 0; t < in->steps; t++)
        if (!isnan(in->target[t]) && isnan(in->candidates[candidate * in->steps + t]))
            return false;
    return true;
}

static mdg_status allocate(const mdg_synthetic_input *in, mdg_arena *mem, problem *p,
                           mdg_error *err)
{
    size_t n = in->n;
    p->a = mdg_new(mem, double, n * in->steps);
    p->b = mdg_new(mem, double, in->steps);
    p->h = mdg_new(mem, double, n *n);
    p->row = mdg_new(mem, size_t, n);
    p->w = mdg_new(mem, double, n);
    p->gradient = mdg_new(mem, double, n);
    p->residual = mdg_new(mem, double, in->steps);
    p->support = mdg_new(mem, size_t, n);
    p->factor = mdg_new(mem, double, n *n);
    p->x = mdg_new(mem, double, n);
    p->y = mdg_new(mem, double, n);
    p->in = mdg_new(mem, bool, n);
    if (!p->a || !p->b || !p->h || !p->row || !p->w || !p->gradient || !p->residual ||
        !p->support || !p->factor || !p->x || !p->y || !p->in)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu candidates of %zu steps", n,
                        in->steps);
    return MDG_OK;
}

/* Only what is complete, scaled so that the misfit is a mean square relative to the target. */
static mdg_status load(const mdg_synthetic_input *in, double ridge, problem *p, mdg_error *err)
{
    double sum = 0;
    for (size_t t = 0; t < in->steps; t++) {
        p->steps += isnan(in->target[t]) ? 0 : 1;
        sum += isnan(in->target[t]) ? 0 : fabs(in->target[t]);
    }
    for (size_t i = 0; i < in->n; i++)
        if (complete(in, i))
            p->row[p->n++] = i;
    if (p->steps == 0 || p->n == 0)
        return mdg_fail(err, MDG_E_SHORT, "%zu steps, and %zu candidates without missing values",
                        p->steps, p->n);
    if (!(sum > 0))
        return mdg_fail(err, MDG_E_RANGE, "the profile to rebuild is all zeros");
    double steps = (double)p->steps, scale = 1 / (sum / steps * sqrt(steps));
    size_t k = 0;
    for (size_t t = 0; t < in->steps; t++) {
        if (isnan(in->target[t]))
            continue;
        p->b[k] = in->target[t] * scale;
        for (size_t i = 0; i < p->n; i++)
            p->a[i * p->steps + k] = in->candidates[p->row[i] * in->steps + t] * scale;
        k++;
    }
    p->ridge = ridge * (double)p->n;
    return MDG_OK;
}

static double dot(const double *restrict x, const double *restrict y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static void fill_hessian(problem *p)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j <= i; j++) {
            double v = dot(p->a + i * p->steps, p->a + j * p->steps, p->steps);
            p->h[i * p->n + j] = p->h[j * p->n + i] = v + (i == j ? p->ridge : 0);
        }
}

/* Half the gradient at w, through the residual; the misfit squared. */
static double gradient(problem *p)
{
    for (size_t t = 0; t < p->steps; t++) {
        p->residual[t] = -p->b[t];
        for (size_t k = 0; k < p->m; k++)
            p->residual[t] += p->w[p->support[k]] * p->a[p->support[k] * p->steps + t];
    }
    double equal = 1 / (double)p->n;
    for (size_t i = 0; i < p->n; i++)
        p->gradient[i] =
            dot(p->a + i * p->steps, p->residual, p->steps) + p->ridge * (p->w[i] - equal);
    return dot(p->residual, p->residual, p->steps);
}

/* ---- the support ---------------------------------------------------------------------------- */

/* Rows `from` and on of the Cholesky factor of the support's Hessian. */
static void factorise(problem *p, size_t from)
{
    for (size_t i = from; i < p->m; i++) {
        double *row = p->factor + i * p->n;
        const double *h = p->h + p->support[i] * p->n;
        for (size_t j = 0; j < i; j++) {
            const double *above = p->factor + j * p->n;
            row[j] = (h[p->support[j]] - dot(row, above, j)) / above[j];
        }
        row[i] = sqrt(h[p->support[i]] - dot(row, row, i));
    }
}

static void solve(const problem *p, double *x)
{
    for (size_t i = 0; i < p->m; i++)
        x[i] = (x[i] - dot(p->factor + i * p->n, x, i)) / p->factor[i * p->n + i];
    for (size_t i = p->m; i-- > 0;) {
        x[i] /= p->factor[i * p->n + i];
        for (size_t j = 0; j < i; j++)
            x[j] -= p->factor[i * p->n + j] * x[i];
    }
}

/* The best weights on the support that sum to one, whatever their signs, into x. */
static void solve_support(problem *p)
{
    double sum_x = 0, sum_y = 0, equal = 1 / (double)p->n;
    for (size_t k = 0; k < p->m; k++) {
        p->x[k] = dot(p->a + p->support[k] * p->steps, p->b, p->steps) + p->ridge * equal;
        p->y[k] = 1;
    }
    solve(p, p->x);
    solve(p, p->y);
    for (size_t k = 0; k < p->m; k++) {
        sum_x += p->x[k];
        sum_y += p->y[k];
    }
    for (size_t k = 0; k < p->m; k++)
        p->x[k] -= (sum_x - 1) / sum_y * p->y[k];
}

static void enter(problem *p, size_t candidate)
{
    p->support[p->m++] = candidate;
    p->in[candidate] = true;
    factorise(p, p->m - 1);
}

static void leave(problem *p, size_t place)
{
    p->in[p->support[place]] = false;
    p->w[p->support[place]] = 0;
    p->m--;
    for (size_t k = place; k < p->m; k++)
        p->support[k] = p->support[k + 1];
    factorise(p, place);
}

/* Goes from w toward the solution on the support until a weight becomes 0, drops it, and again. */
static void settle(problem *p)
{
    for (;;) {
        solve_support(p);
        double step = 1;
        size_t first = p->m;
        for (size_t k = 0; k < p->m; k++) {
            double w = p->w[p->support[k]];
            if (p->x[k] > 0)
                continue;
            double to_zero = w > 0 ? w / (w - p->x[k]) : 0;
            if (first == p->m || to_zero < step) {
                step = to_zero;
                first = k;
            }
        }
        for (size_t k = 0; k < p->m; k++) {
            double *w = &p->w[p->support[k]];
            *w = first == p->m ? p->x[k] : *w + step * (p->x[k] - *w);
        }
        if (first == p->m)
            return;
        leave(p, first);
    }
}

/* The steepest way down from w: the candidate with the lowest gradient; `gap` is what the objective
 * can still lose at most, as it is convex. */
static size_t steepest(const problem *p, double *gap)
{
    size_t best = 0;
    for (size_t i = 1; i < p->n; i++)
        if (p->gradient[i] < p->gradient[best])
            best = i;
    *gap = 2 * (dot(p->w, p->gradient, p->n) - p->gradient[best]);
    return best;
}

static size_t best_single(const problem *p)
{
    size_t best = 0;
    double least = MDG_INFINITY;
    for (size_t i = 0; i < p->n; i++) {
        double f = p->h[i * p->n + i] - 2 * dot(p->a + i * p->steps, p->b, p->steps);
        if (f < least) {
            least = f;
            best = i;
        }
    }
    return best;
}

/* ---- public --------------------------------------------------------------------------------- */

static void minimise(problem *p, mdg_synthetic *out)
{
    fill_hessian(p);
    enter(p, best_single(p));
    p->w[p->support[0]] = 1;
    double misfit = gradient(p);
    size_t best = steepest(p, &out->gap);
    /* A candidate already in the support, or one that leaves at once, is as low as rounding lets
     * it be. */
    for (size_t k = 0; k < STEPS_PER_CANDIDATE * p->n && out->gap > TOLERANCE && !p->in[best];
         k++) {
        size_t entered = best;
        enter(p, best);
        settle(p);
        misfit = gradient(p);
        best = steepest(p, &out->gap);
        if (!p->in[entered] && best == entered)
            break;
    }
    double squares = dot(p->w, p->w, p->n), n = (double)p->n;
    out->used = p->n;
    out->misfit = sqrt(misfit);
    out->objective = misfit;
    for (size_t i = 0; i < p->n; i++)
        out->objective += p->ridge * (p->w[i] - 1 / n) * (p->w[i] - 1 / n);
    out->effective = 1 / squares;
    for (size_t i = 0; i < p->n; i++)
        out->weight[p->row[i]] = p->w[i];
}

mdg_status mdg_match_synthetic(const mdg_synthetic_input *in, const mdg_synthetic_opts *opts,
                               mdg_arena *mem, mdg_synthetic *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    if (in->n > MDG_SYNTHETIC_CANDIDATES) {
        mdg_fail(err, MDG_E_RANGE, "%zu candidates of a synthetic comparison", in->n);
        mdg_hint(err, "preselect the nearest, at most %d", MDG_SYNTHETIC_CANDIDATES);
        return MDG_E_RANGE;
    }
    if (!(opts->ridge > 0) || isinf(opts->ridge))
        return mdg_fail(err, MDG_E_RANGE, "a ridge of %g", opts->ridge);
    mdg_synthetic r = { .weight = mdg_new(mem, double, in->n) };
    if (!r.weight)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu weights", in->n);
    mdg_arena_mark mark = mdg_arena_position(mem);
    problem p = { 0 };
    MDG_TRY(allocate(in, mem, &p, err));
    MDG_TRY(load(in, opts->ridge, &p, err));
    minimise(&p, &r);
    mdg_arena_reset(mem, mark);
    *out = r;
    return MDG_OK;
}
