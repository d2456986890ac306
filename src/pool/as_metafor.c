/* The iterations of metafor 3.8.1 (rma.uni, confint.rma.uni) with its default settings: the same
 * starts, steps, searched range and stops. Its stops do not know of the unit of effects, which here
 * are in units of `scale`. docs/math/pool.md */
#include "pool/as_metafor.h"

enum { MOST_STEPS = 100, MOST_STEPS_OF_BOUND = 1000 };

/* Scoring stops at this step of tau2. */
static const double small_step = 1e-5;
/* The error allowed of roots of Q, and how much more likely 0 must be than a maximum beyond it:
 * a fourth root of 2^-52. */
static const double loose = 0x1p-13;
/* Roots of Q are looked for at least so far. */
static const double far_enough = 100;

/* ---- roots of Q ------------------------------------------------------------------------------ */

typedef struct curve {
    linear *l;
    const double *v;
    double target;
} curve;

typedef struct point {
    double x, above; /* tau2; Q less its target */
} point;

static point on(const curve *q, double tau2)
{
    linear_fit_at(q->l, q->v, tau2);
    return (point){ tau2, q->l->rss - q->target };
}

/* From b to where the line through a and b is 0. */
static double step_by_line(point a, point b)
{
    return (a.x - b.x) * (b.above / (b.above - a.above));
}

/* From b to where the parabola of x through all three is at 0. */
static double step_by_parabola(point a, point b, point c)
{
    double at_a = b.above / (a.above - b.above) * (c.above / (a.above - c.above));
    double at_c = a.above / (c.above - a.above) * (b.above / (c.above - b.above));
    return (a.x - b.x) * at_a + (c.x - b.x) * at_c;
}

/* Interpolated if that stays within three quarters of the way to c and below half of the step
 * before, which brought a to b; else half the way. Never below `fine`. */
static double brent_step(point a, point b, point c, double last, double fine)
{
    double half = (c.x - b.x) / 2, step = half;
    if (fabs(last) >= fine && fabs(a.above) > fabs(b.above)) {
        bool two = !(fabs(a.x - c.x) > 0);
        double try = two ? step_by_line(a, b) : step_by_parabola(a, b, c);
        bool towards_c = try * half > 0 && fabs(try) < 1.5 * fabs(half) - fine / 2;
        if (towards_c && fabs(try) < fabs(last) / 2)
            step = try;
    }
    return fabs(step) < fine ? copysign(fine, step) : step;
}

/* The root between 0 and `far`, where Q is above and below, by Brent's method, or how far `most`
 * steps lead. Unlike the book, R's uniroot compares a step with the last one, not with the last
 * but one, and is content with half of the error allowed.
 * source  Brent 1973, Algorithms for Minimization without Derivatives, ch. 4 */
static double root(const curve *q, double far, double error, int most)
{
    point a = on(q, 0), b = on(q, far), c = a;
    for (int i = 0; i <= most; i++) {
        double last = b.x - a.x;
        if (fabs(c.above) < fabs(b.above)) {
            a = b;
            b = c;
            c = a;
        }
        double fine = 0x1p-51 * fabs(b.x) + error / 2;
        if (fabs(c.x - b.x) / 2 <= fine || !(fabs(b.above) > 0))
            break;
        double step = brent_step(a, b, c, last, fine);
        a = b;
        b = on(q, b.x + step);
        if ((b.above > 0) == (c.above > 0))
            c = a;
    }
    return b.x;
}

/* 1.4826 times the median distance from the median, squared. */
static double robust_variance(linear *l)
{
    double *x = l->e;
    for (size_t i = 0; i < l->k; i++)
        x[i] = l->y[i];
    double middle = mdg_median(x, l->k);
    for (size_t i = 0; i < l->k; i++)
        x[i] = fabs(l->y[i] - middle);
    double deviation = 1.4826 * mdg_median(x, l->k);
    return deviation * deviation;
}

mdg_status as_metafor_by_paule(linear *l, const double *v, double scale, double target, double *out,
                               mdg_error *err)
{
    double unit = scale * scale, far = fmax(far_enough / unit, 10 * robust_variance(l));
    curve q = { l, v, target };
    if (on(&q, far).above > 0) {
        mdg_fail(err, MDG_E_RANGE, "metafor looks for the variance up to %g, and it is beyond",
                 far * unit);
        mdg_hint(err, "let iterations go on to rounding, or take other units");
        return MDG_E_RANGE;
    }
    *out = on(&q, 0).above < 0 ? 0 : root(&q, far, loose / unit, MOST_STEPS);
    return MDG_OK;
}

double as_metafor_bound(linear *l, const double *v, double scale, double tau2, double target)
{
    double unit = scale * scale, far = fmax(far_enough / unit, 10 * tau2);
    curve q = { l, v, target };
    if (on(&q, 0).above < 0)
        return 0;
    return on(&q, far).above > 0 ? far : root(&q, far, loose / unit, MOST_STEPS_OF_BOUND);
}

/* ---- scoring --------------------------------------------------------------------------------- */

static double score(linear *l, const double *v, mdg_pool_method method, double tau2)
{
    linear_fit_at(l, v, tau2);
    double all = 0, squares = 0, k = (double)l->k;
    for (size_t i = 0; i < l->k; i++) {
        all += l->w[i];
        squares += l->w[i] * l->w[i];
    }
    if (method == MDG_POOL_EB)
        return (l->rss * k / (double)(l->k - l->p) - k) / all;
    if (method == MDG_POOL_ML)
        return (linear_ppy(l) - all) / squares;
    return (linear_ppy(l) - linear_trace_p(l)) / linear_trace_pp(l);
}

/* Where 0 is clearly more likely, it is 0. */
static double not_stuck(linear *l, const double *v, bool restricted, double tau2)
{
    linear_fit_at(l, v, 0);
    double at_zero = tau2_loglik(l, restricted);
    linear_fit_at(l, v, tau2);
    return at_zero - tau2_loglik(l, restricted) > loose ? 0 : tau2;
}

mdg_status as_metafor_by_scoring(linear *l, const double *v, const tau2_way *way, double start,
                                 double *out, mdg_error *err)
{
    double tau2 = start, change = MDG_INFINITY, small = small_step / (way->scale * way->scale);
    for (int i = 0; i < MOST_STEPS && change > small; i++) {
        double step = score(l, v, way->method, tau2), before = tau2;
        while (isfinite(step) && tau2 + step < 0)
            step /= 2;
        tau2 += step;
        change = fabs(tau2 - before);
    }
    if (!(change <= small)) {
        mdg_fail(err, MDG_E_RANGE, "metafor's steps to the variance do not settle within %d",
                 MOST_STEPS);
        mdg_hint(err, "let iterations go on to rounding, or take other units");
        return MDG_E_RANGE;
    }
    bool looks_at_zero = way->method != MDG_POOL_EB && tau2 > small;
    *out = looks_at_zero ? not_stuck(l, v, way->method == MDG_POOL_REML, tau2) : tau2;
    return MDG_OK;
}
