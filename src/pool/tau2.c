/* How much true effects vary: the estimators that need no maximum of a likelihood, and Q.
 * Formulas and standard errors are in docs/math/pool.md. */
#include "pool/as_metafor.h"

static double square(double x)
{
    return x * x;
}

static double sum_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

/* ---- where Q is a given number ---------------------------------------------------------------
 */

double tau2_where_q_is(linear *l, const double *v, double target)
{
    /* 1 / Q is concave in tau2 (a weighted harmonic mean of lines), so that Newton's steps on it
     * come from the left and never pass the root. */
    double tau2 = 0;
    for (int i = 0; i < 1000; i++) {
        linear_fit_at(l, v, tau2);
        double step = l->rss * (l->rss / target - 1) / linear_ppy(l);
        if (!(step > 0x1p-52 * tau2))
            return tau2;
        tau2 += step;
        if (!isfinite(tau2))
            return MDG_INFINITY;
    }
    return tau2;
}

/* ---- moments --------------------------------------------------------------------------------
 */

/* The variance of y' P y, with P as of the last fit and tau2 in place of the truth: what each of
 * these estimators' standard error is made of. */
static double variance_of_q(double vv, double v1, double one, double tau2)
{
    return 2 * vv + 4 * tau2 * v1 + 2 * tau2 * tau2 * one;
}

static void cut(tau2_estimate *out)
{
    out->at_zero = !(out->value > 0);
    out->value = fmax(0, out->value);
}

/* DerSimonian and Laird, and Hunter and Schmidt: weights of equal effects. */
static void by_equal_weights(linear *l, const double *v, bool laird, tau2_estimate *out)
{
    linear_fit_at(l, v, 0);
    double df = (double)(l->k - l->p), trace = linear_trace_p(l);
    double per = laird ? trace : sum_of(l->w, l->k);
    out->value = (l->rss - (laird ? df : (double)l->k)) / per;
    cut(out);
    out->se = sqrt(variance_of_q(df, trace, linear_trace_pp(l), out->value)) / per;
}

/* v times the weights of the last fit, which it spoils. */
static double *times_weights(linear *l, const double *v)
{
    for (size_t i = 0; i < l->k; i++)
        l->e[i] = v[i] * l->w[i];
    return l->e;
}

static void by_hedges(linear *l, const double *v, tau2_estimate *out)
{
    for (size_t i = 0; i < l->k; i++)
        l->w[i] = 1;
    linear_fit(l);
    double df = (double)(l->k - l->p), rss = l->rss, trace = 0;
    for (size_t i = 0; i < l->k; i++)
        trace += v[i] * (1 - l->hat[i]);
    out->value = (rss - trace) / df;
    cut(out);
    const double *vw = times_weights(l, v);
    out->se = sqrt(variance_of_q(linear_trace(l, vw, vw), trace, df, out->value)) / df;
}

static void by_sidik(linear *l, const double *v, tau2_estimate *out)
{
    double start = 0, df = (double)(l->k - l->p);
    for (size_t i = 0; i < l->k; i++)
        start += square(l->y[i]) / (double)l->k;
    linear_fit_at(l, v, start);
    out->value = start * l->rss / df;
    cut(out);
    const double *vw = times_weights(l, v);
    double vv = linear_trace(l, vw, vw), v1 = linear_trace(l, vw, l->w);
    out->se = start / df * sqrt(variance_of_q(vv, v1, linear_trace_pp(l), out->value));
}

/* ---- all of them ------------------------------------------------------------------------------
 */

/* Paule and Mandel; empirical Bayes has the same root and the same standard error. */
static mdg_status by_paule(linear *l, const double *v, const tau2_way *way, tau2_estimate *out,
                           mdg_error *err)
{
    double df = (double)(l->k - l->p);
    if (!way->as_metafor) {
        out->value = tau2_where_q_is(l, v, df);
    } else if (way->method == MDG_POOL_PM) {
        MDG_TRY(as_metafor_by_paule(l, v, way->scale, df, &out->value, err));
    } else {
        by_hedges(l, v, out);
        MDG_TRY(as_metafor_by_scoring(l, v, way, out->value, &out->value, err));
    }
    cut(out);
    linear_weigh(l, v, out->value);
    out->se = (double)l->k * sqrt(2 / df) / sum_of(l->w, l->k);
    return MDG_OK;
}

static mdg_status by_likelihood(linear *l, const double *v, const tau2_way *way, tau2_estimate *out,
                                mdg_error *err)
{
    bool restricted = way->method == MDG_POOL_REML;
    by_hedges(l, v, out);
    MDG_TRY(way->as_metafor ? as_metafor_by_scoring(l, v, way, out->value, &out->value, err)
                            : tau2_by_likelihood(l, v, restricted, out->value, &out->value, err));
    cut(out);
    linear_fit_at(l, v, out->value);
    double information = 0;
    for (size_t i = 0; i < l->k; i++)
        information += square(l->w[i]);
    out->se = sqrt(2 / (restricted ? linear_trace_pp(l) : information));
    return MDG_OK;
}

mdg_status tau2_estimate_by(linear *l, const double *v, const tau2_way *way, tau2_estimate *out,
                            mdg_error *err)
{
    *out = (tau2_estimate){ .se = MDG_NAN };
    if (l->k == l->p)
        return MDG_OK;
    switch (way->method) {
    case MDG_POOL_DL:
    case MDG_POOL_HS:
        by_equal_weights(l, v, way->method == MDG_POOL_DL, out);
        break;
    case MDG_POOL_PM:
    case MDG_POOL_EB:
        return by_paule(l, v, way, out, err);
    case MDG_POOL_REML:
    case MDG_POOL_ML:
        return by_likelihood(l, v, way, out, err);
    case MDG_POOL_SJ:
        by_sidik(l, v, out);
        break;
    case MDG_POOL_HE:
        by_hedges(l, v, out);
        break;
    case MDG_POOL_EE:
    case MDG_POOL_METHOD_COUNT:
        break;
    }
    return MDG_OK;
}
