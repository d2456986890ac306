/* The restricted likelihood of the two variances, on a grid that closes in on where it is.
 *
 * Standard deviations are tau = typical sinh(t) and s = unit sinh(h), with `typical` the standard
 * error of a typical city and `unit` that of a slope at this tau: near 0 equal steps of t and h are
 * equal steps of standard deviations, far out equal steps of their logarithms. What is smooth in
 * tau2 and even in t is then summed by trapezoids nearly without error.
 * source  Trefethen and Weideman 2014, SIAM Rev 56:385 (trapezoids); docs/math/transfer.md */
#include "pool/variances.h"

enum { MOST_ZOOMS = 12 };

/* Standard deviations are looked for up to so many times the scatter of effects. */
static const double reach = 1e6;
/* Weights below exp(-this) of the largest are left out. */
static const double negligible = 30;
/* The most likely pair is sought to this step of t and h. */
static const double fine = 1e-9;

typedef struct axis {
    double lo, step;
    size_t n;
} axis;

typedef struct grid {
    shrink *s;
    mdg_pool_pi convention;
    double typical; /* variance of sampling */
    axis t, h;
    variances_node *node; /* t.n rows of h.n; weights still logarithms */
} grid;

static double at_node(const axis *a, size_t i)
{
    return a->lo + (double)i * a->step;
}

/* The first trapezoid's half that lies at a standard deviation of 0. */
static double half_at_zero(double x)
{
    return x > 0 ? 0 : -log(2);
}

/* Variance of sampling of a typical city.
 * source  Higgins and Thompson 2002, Stat Med 21:1539 */
static double typical_variance(const shrink *s)
{
    double sum = 0, squares = 0, k = (double)s->k;
    for (size_t i = 0; i < s->k; i++)
        sum += 1 / s->v[i];
    for (size_t i = 0; i < s->k; i++) {
        double share = 1 / s->v[i] / sum;
        squares += share * (1 - share);
    }
    return (k - 1) / (sum * squares);
}

static double scatter(const shrink *s)
{
    double mean = 0, squares = 0, k = (double)s->k;
    for (size_t i = 0; i < s->k; i++)
        mean += s->y[i] / k;
    for (size_t i = 0; i < s->k; i++)
        squares += (s->y[i] - mean) * (s->y[i] - mean);
    return squares / (k - 1);
}

static double tau2_of(const grid *g, double t)
{
    return g->typical * sinh(t) * sinh(t);
}

/* A standardised slope's variance of sampling is about that of one city over k - 1. */
static double s2_of(const grid *g, double tau2, double h)
{
    return (tau2 + g->typical) / ((double)g->s->k - 1) * sinh(h) * sinh(h);
}

static shrink_point point_at(const grid *g, double t, double h)
{
    double tau2 = tau2_of(g, t);
    shrink_weigh(g->s, tau2);
    return shrink_at(g->s, s2_of(g, tau2, h));
}

/* How much a step of t counts: all alike, which far out is 1 / tau and gives Student's t with k - 1
 * degrees of freedom; or as steps of tau, which gives k - 2. */
static double log_prior(const grid *g, double t)
{
    return g->convention == MDG_POOL_PI_T_K2 ? log(cosh(t)) : 0;
}

static void evaluate(grid *g)
{
    for (size_t i = 0; i < g->t.n; i++) {
        double t = at_node(&g->t, i), tau2 = tau2_of(g, t);
        double counts = log_prior(g, t) + half_at_zero(t);
        shrink_weigh(g->s, tau2);
        for (size_t j = 0; j < g->h.n; j++) {
            double h = at_node(&g->h, j);
            variances_node *n = &g->node[i * g->h.n + j];
            n->at = shrink_at(g->s, s2_of(g, tau2, h));
            n->weight = counts + half_at_zero(h) + n->at.loglik;
            n->others_weight = counts + half_at_zero(h) + n->at.others;
        }
    }
}

static double heaviest(const grid *g)
{
    double most = -INFINITY;
    for (size_t i = 0; i < g->t.n * g->h.n; i++)
        most = fmax(most, g->node[i].weight);
    return most;
}

/* Narrows an axis to its nodes first..last and one more on either side. */
static void narrow(axis *a, size_t first, size_t last)
{
    double lo = at_node(a, first > 0 ? first - 1 : 0);
    double hi = at_node(a, last + 1 < a->n ? last + 1 : last);
    a->lo = lo;
    a->step = (hi - lo) / (double)(a->n - 1);
}

/* Closes in on the nodes that weigh something; false when they already fill half of both axes. */
static bool zoom(grid *g)
{
    double most = heaviest(g);
    size_t t0 = g->t.n, t1 = 0, h0 = g->h.n, h1 = 0;
    for (size_t i = 0; i < g->t.n; i++) {
        for (size_t j = 0; j < g->h.n; j++) {
            if (g->node[i * g->h.n + j].weight < most - negligible)
                continue;
            t0 = i < t0 ? i : t0;
            t1 = i;
            h0 = j < h0 ? j : h0;
            h1 = j > h1 ? j : h1;
        }
    }
    bool narrower_t = 2 * (t1 - t0 + 2) < g->t.n, narrower_h = 2 * (h1 - h0 + 2) < g->h.n;
    if (narrower_t)
        narrow(&g->t, t0, t1);
    if (narrower_h)
        narrow(&g->h, h0, h1);
    return narrower_t || narrower_h;
}

/* ---- the most likely pair ------------------------------------------------------------------ */

/* From the likeliest node to the best of eight neighbours, or to half the step. */
static void climb(const grid *g, double *tau2, double *s2)
{
    size_t likeliest = 0;
    for (size_t i = 1; i < g->t.n * g->h.n; i++)
        if (g->node[i].at.loglik > g->node[likeliest].at.loglik)
            likeliest = i;
    double t = at_node(&g->t, likeliest / g->h.n), h = at_node(&g->h, likeliest % g->h.n);
    double t_step = g->t.step, h_step = g->h.step;
    double best = point_at(g, t, h).loglik;
    while (fmax(t_step, h_step) > fine) {
        double t_next = t, h_next = h;
        bool moved = false;
        for (int i = -1; i <= 1; i++) {
            for (int j = -1; j <= 1; j++) {
                double t_try = fmax(0, t + i * t_step), h_try = fmax(0, h + j * h_step);
                double loglik = point_at(g, t_try, h_try).loglik;
                if (loglik > best) {
                    best = loglik;
                    moved = true;
                    t_next = t_try;
                    h_next = h_try;
                }
            }
        }
        if (!moved) {
            t_step /= 2;
            h_step /= 2;
        }
        t = t_next;
        h = h_next;
    }
    *tau2 = tau2_of(g, t);
    *s2 = s2_of(g, *tau2, h);
}

/* ---- public -------------------------------------------------------------------------------- */

/* Logarithms become shares; nodes that weigh nothing go. */
static size_t share_out(variances_node *node, size_t n)
{
    double most = -INFINITY, others_most = -INFINITY, sum = 0, others_sum = 0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, node[i].weight);
        others_most = fmax(others_most, node[i].others_weight);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        double below = most - node[i].weight, others_below = others_most - node[i].others_weight;
        if (!(below < negligible || others_below < negligible))
            continue;
        node[kept] = node[i];
        sum += node[kept].weight = exp(-below);
        others_sum += node[kept].others_weight = exp(-others_below);
        kept++;
    }
    for (size_t i = 0; i < kept; i++) {
        node[i].weight /= sum;
        node[i].others_weight /= others_sum;
    }
    return kept;
}

mdg_status variances_weigh(shrink *s, mdg_pool_pi convention, mdg_arena *mem, variances *out,
                           mdg_error *err)
{
    grid g = { .s = s, .convention = convention, .typical = typical_variance(s) };
    double far = reach * sqrt(1 + scatter(s) / g.typical);
    g.t = (axis){ .step = asinh(far) / (VARIANCES_NODES - 1), .n = VARIANCES_NODES };
    g.h = (axis){ .n = 1 };
    if (s->m > 0)
        g.h = (axis){ .step = asinh(far * sqrt((double)s->k - 1)) / (VARIANCES_NODES - 1),
                      .n = VARIANCES_NODES };
    g.node = mdg_new(mem, variances_node, g.t.n * g.h.n);
    if (!g.node)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the prediction of a city");
    evaluate(&g);
    for (int i = 0; i < MOST_ZOOMS && zoom(&g); i++)
        evaluate(&g);
    if (!isfinite(heaviest(&g)))
        return mdg_fail(err, MDG_E_RANGE, "effects or variances are too far apart to be compared");
    variances v = { .node = g.node };
    climb(&g, &v.tau2, &v.s2);
    if (convention == MDG_POOL_PI_Z) {
        shrink_weigh(s, v.tau2);
        v.node[0] = (variances_node){ shrink_at(s, v.s2), 1, 1 };
        v.n = 1;
    } else {
        v.n = share_out(g.node, g.t.n * g.h.n);
    }
    *out = v;
    return MDG_OK;
}
