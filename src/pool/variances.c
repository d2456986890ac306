/* The restricted likelihood of the two variances, on a grid that closes in on where it is.
 *
 * Standard deviations are tau = unit sinh(t) and s = unit' sinh(h): near 0 equal steps of t and h
 * are equal steps of standard deviations, far out equal steps of their logarithms. All is smooth in
 * t and h, even about 0, and free of poles within pi / 2 of the real axis if the units are the
 * least there can be; trapezoids then sum it with an error of exp(-pi^2 / step). source  Trefethen
 * and Weideman 2014, SIAM Rev 56:385 (trapezoids); docs/math/transfer.md */
#include "pool/variances.h"

enum { MOST_ZOOMS = 12 };

/* Standard deviations are looked for up to so many times the scatter of effects. */
static const double reach = 1e8;
/* Weights below exp(-this) of the largest are left out. */
static const double negligible = 25;
/* The most likely pair is sought to this step of t and h. */
static const double fine = 1e-9;
/* A variance is 0 when that is as likely but for this. */
static const double no_less_likely = 1e-11;

typedef struct axis {
    double lo, step;
    size_t n;
} axis;

typedef struct grid {
    shrink *s;
    mdg_pool_pi convention;
    double least; /* variance of sampling */
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
    return g->least * sinh(t) * sinh(t);
}

/* The least variance of sampling that a standardised slope may have. */
static double slope_least(const grid *g, double tau2)
{
    return (tau2 + g->least) / (((double)g->s->k - 1) * (double)g->s->m);
}

static double s2_of(const grid *g, double tau2, double h)
{
    return g->s->m ? slope_least(g, tau2) * sinh(h) * sinh(h) : 0;
}

static shrink_point point_at(const grid *g, double t, double h)
{
    double tau2 = tau2_of(g, t);
    shrink_weigh(g->s, tau2);
    return shrink_at(g->s, s2_of(g, tau2, h));
}

/* How much a step of t counts: as a step of tau, which far out gives Student's t with k - 2 degrees
 * of freedom; or less by the typical city's standard deviation, which gives k - 1. */
static double tau_counts(const grid *g, double t)
{
    double less = g->convention == MDG_POOL_PI_T_K1 ? log1p(tau2_of(g, t) / g->s->typical) / 2 : 0;
    return log(cosh(t)) - less + half_at_zero(t);
}

/* A step of h counts as one of s, but less by the standard error of a slope at s. */
static void evaluate(grid *g)
{
    double square[VARIANCES_NODES], log_step[VARIANCES_NODES];
    for (size_t j = 0; j < g->h.n; j++) {
        double h = at_node(&g->h, j);
        square[j] = sinh(h) * sinh(h);
        log_step[j] = log(cosh(h)) + half_at_zero(h);
    }
    for (size_t i = 0; i < g->t.n; i++) {
        double t = at_node(&g->t, i), tau2 = tau2_of(g, t), all_slopes = tau_counts(g, t);
        double least = g->s->m ? slope_least(g, tau2) : 0;
        double error = (double)g->s->m * (tau2 + g->s->typical) / (tau2 + g->least);
        shrink_weigh(g->s, tau2);
        for (size_t j = 0; j < g->h.n; j++) {
            variances_node *n = &g->node[i * g->h.n + j];
            double slopes = g->s->m ? log_step[j] - log(error + square[j]) / 2 : 0;
            n->at = shrink_at(g->s, least * square[j]);
            n->weight = all_slopes + slopes + n->at.loglik;
            n->others_weight = all_slopes + slopes + n->at.others;
        }
    }
}

typedef struct heaviest {
    double all, others;
} heaviest;

static heaviest find_heaviest(const grid *g)
{
    heaviest most = { -MDG_INFINITY, -MDG_INFINITY };
    for (size_t i = 0; i < g->t.n * g->h.n; i++) {
        most.all = fmax(most.all, g->node[i].weight);
        most.others = fmax(most.others, g->node[i].others_weight);
    }
    return most;
}

static bool counts(const variances_node *n, const heaviest *most)
{
    return n->weight > most->all - negligible || n->others_weight > most->others - negligible;
}

/* Narrows an axis to its nodes first..last and one more on either side. */
static void narrow(axis *a, size_t first, size_t last)
{
    double lo = at_node(a, first > 0 ? first - 1 : 0);
    double hi = at_node(a, last + 1 < a->n ? last + 1 : last);
    a->lo = lo;
    a->step = (hi - lo) / (double)(a->n - 1);
}

static bool much_less(size_t steps, size_t nodes)
{
    return 5 * (steps + 2) < 4 * nodes;
}

/* Closes in on the nodes that weigh something; false when they already fill both axes. */
static bool zoom(grid *g)
{
    heaviest most = find_heaviest(g);
    size_t t0 = g->t.n, t1 = 0, h0 = g->h.n, h1 = 0;
    for (size_t i = 0; i < g->t.n; i++) {
        for (size_t j = 0; j < g->h.n; j++) {
            if (!counts(&g->node[i * g->h.n + j], &most))
                continue;
            t0 = i < t0 ? i : t0;
            t1 = i;
            h0 = j < h0 ? j : h0;
            h1 = j > h1 ? j : h1;
        }
    }
    bool narrower_t = much_less(t1 - t0, g->t.n), narrower_h = much_less(h1 - h0, g->h.n);
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
    if (point_at(g, 0, h).loglik > best - no_less_likely)
        t = 0;
    if (point_at(g, t, 0).loglik > best - no_less_likely)
        h = 0;
    *tau2 = tau2_of(g, t);
    *s2 = s2_of(g, *tau2, h);
}

/* ---- public -------------------------------------------------------------------------------- */

/* Logarithms become shares; nodes that weigh nothing go. */
static size_t share_out(grid *g)
{
    heaviest most = find_heaviest(g);
    double sum = 0, others_sum = 0;
    variances_node *node = g->node;
    size_t kept = 0;
    for (size_t i = 0; i < g->t.n * g->h.n; i++) {
        if (!counts(&node[i], &most))
            continue;
        node[kept] = node[i];
        sum += node[kept].weight = exp(node[i].weight - most.all);
        others_sum += node[kept].others_weight = exp(node[i].others_weight - most.others);
        kept++;
    }
    for (size_t i = 0; i < kept; i++) {
        node[i].weight /= sum;
        node[i].others_weight /= others_sum;
    }
    return kept;
}

static double least_variance(const shrink *s)
{
    double least = s->v[0];
    for (size_t i = 1; i < s->k; i++)
        least = fmin(least, s->v[i]);
    return least;
}

mdg_status variances_weigh(shrink *s, mdg_pool_pi convention, mdg_arena *mem, variances *out,
                           mdg_error *err)
{
    grid g = { .s = s, .convention = convention, .least = least_variance(s) };
    double far = reach * sqrt((s->typical + scatter(s)) / g.least);
    g.t = (axis){ .step = asinh(far) / (VARIANCES_NODES - 1), .n = VARIANCES_NODES };
    g.h = (axis){ .n = 1 };
    if (s->m > 0) {
        far *= sqrt(((double)s->k - 1) * (double)s->m);
        g.h = (axis){ .step = asinh(far) / (VARIANCES_NODES - 1), .n = VARIANCES_NODES };
    }
    g.node = mdg_new(mem, variances_node, g.t.n * g.h.n);
    if (!g.node)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the prediction of a city");
    evaluate(&g);
    for (int i = 0; i < MOST_ZOOMS && zoom(&g); i++)
        evaluate(&g);
    if (!isfinite(find_heaviest(&g).all))
        return mdg_fail(err, MDG_E_RANGE, "effects or variances are too far apart to be compared");
    variances v = { .node = g.node };
    climb(&g, &v.tau2, &v.s2);
    if (convention == MDG_POOL_PI_Z) {
        shrink_weigh(s, v.tau2);
        v.node[0] = (variances_node){ shrink_at(s, v.s2), 1, 1 };
        v.n = 1;
    } else {
        v.n = share_out(&g);
    }
    *out = v;
    return MDG_OK;
}
