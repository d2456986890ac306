/* The pooled mean, or coefficients of moderators, with their tests. */
#include "pool/fit.h"

#include <assert.h>

/* Numbers this far from the typical standard error leave no digits to compute with. */
static const double farthest = 1e100;
/* Scatter below this, in units of errors, is rounding. */
static const double no_scatter = 0x1p-52;

/* ---- what goes in ------------------------------------------------------------------------- */

static mdg_status check_effect(const mdg_effects *e, size_t i, mdg_error *err)
{
    if (!isfinite(e->y[i]))
        return mdg_fail(err, MDG_E_RANGE, "effect %zu of %zu is not a finite number", i + 1, e->k);
    if (!(e->v[i] > 0) || !isfinite(e->v[i])) {
        mdg_fail(err, MDG_E_RANGE, "effect %zu of %zu has the variance %g", i + 1, e->k, e->v[i]);
        mdg_hint(err, "an effect without a doubt cannot be weighed: give a variance above 0");
        return MDG_E_RANGE;
    }
    for (size_t m = 0; m < e->moderators; m++)
        if (!isfinite(e->x[i * e->moderators + m]))
            return mdg_fail(err, MDG_E_RANGE, "moderator %zu of effect %zu is not a finite number",
                            m + 1, i + 1);
    return MDG_OK;
}

mdg_status pool_check(const mdg_effects *e, const mdg_pool_opts *opts, mdg_error *err)
{
    assert(opts->size >= sizeof *opts && opts->method < MDG_POOL_METHOD_COUNT &&
           opts->test < MDG_POOL_TEST_COUNT && opts->pi < MDG_POOL_PI_COUNT &&
           (e->x || e->moderators == 0));
    if (!(opts->level > 0 && opts->level < 1))
        return mdg_fail(err, MDG_E_RANGE, "a level of %g", opts->level);
    for (size_t i = 0; i < e->k; i++)
        MDG_TRY(check_effect(e, i, err));
    return MDG_OK;
}

/* The exponent of the typical standard error. */
static int exponent_of(const double *v, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < k; i++)
        sum += ilogb(v[i]);
    return (int)floor(sum / (double)k / 2);
}

mdg_status pooling_load(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                        pooling *out, mdg_error *err)
{
    MDG_TRY(pool_check(e, opts, err));
    int exponent = e->k ? exponent_of(e->v, e->k) : 0;
    pooling p = { .opts = *opts, .scale = ldexp(1, exponent), .v = mdg_new(mem, double, e->k) };
    if (!p.v)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", e->k);
    MDG_TRY(linear_make(e, p.scale, mem, &p.l, err));
    for (size_t i = 0; i < e->k; i++) {
        p.v[i] = ldexp(e->v[i], -2 * exponent);
        bool near = p.v[i] > 1 / farthest && p.v[i] < farthest && fabs(p.l.y[i]) < farthest;
        if (!near)
            return mdg_fail(err, MDG_E_RANGE,
                            "effect %zu of %zu, %g with the variance %g, is too far from the "
                            "others to be computed with",
                            i + 1, e->k, e->y[i], e->v[i]);
    }
    if (p.l.k == p.l.p)
        p.opts.test = MDG_POOL_TEST_Z;
    *out = p;
    return MDG_OK;
}

/* ---- the fit ------------------------------------------------------------------------------ */

tau2_way pooling_way(const pooling *p)
{
    return (tau2_way){ p->opts.method, p->opts.as_metafor, p->scale };
}

mdg_status pooling_solve(pooling *p, mdg_error *err)
{
    tau2_way way = pooling_way(p);
    MDG_TRY(tau2_estimate_by(&p->l, p->v, &way, &p->tau2, err));
    linear_fit_at(&p->l, p->v, p->tau2.value);
    if (!isfinite(p->l.rss))
        return mdg_fail(err, MDG_E_RANGE,
                        "effects and variances too far apart to be computed with");
    p->spread = 1;
    p->df = MDG_INFINITY;
    if (p->opts.test == MDG_POOL_TEST_Z)
        return MDG_OK;
    p->df = (double)(p->l.k - p->l.p);
    p->spread = p->l.rss > no_scatter ? p->l.rss / p->df : 0;
    if (p->opts.test == MDG_POOL_TEST_KNHA_ADHOC)
        p->spread = fmax(1, p->spread);
    return MDG_OK;
}

mdg_status pool_allocate(const mdg_effects *e, mdg_arena *mem, mdg_pool *out, mdg_error *err)
{
    MDG_TRY(linear_enough(e, err));
    size_t p = e->moderators + 1;
    *out = (mdg_pool){ .k = e->k,
                       .p = p,
                       .coefficients = mdg_new(mem, mdg_coefficient, p),
                       .covariance = mdg_new(mem, double, p *p),
                       .root = mdg_new(mem, double, p *p),
                       .weight = mdg_new(mem, double, e->k) };
    bool all = out->coefficients && out->covariance && out->root && out->weight;
    return all ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", e->k);
}

mdg_coefficient pool_coefficient(double value, double se, double level, double df)
{
    double statistic = value / se, half = mdg_t_two_sided(level, df) * se;
    return (mdg_coefficient){
        value, se, statistic, mdg_t_p(statistic, df), { value - half, value + half }
    };
}

void pool_covariance(const double *root, size_t p, double *covariance)
{
    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j < p; j++) {
            double sum = 0;
            for (size_t a = i > j ? i : j; a < p; a++)
                sum += root[i * p + a] * root[j * p + a];
            covariance[i * p + j] = sum;
        }
    }
}

static void describe_coefficients(const pooling *p, mdg_pool *out)
{
    size_t n = out->p;
    double times = p->scale * sqrt(p->spread), *beta = p->l.a;
    linear_coefficients(&p->l, beta);
    linear_root(&p->l, out->root);
    for (size_t i = 0; i < n * n; i++)
        out->root[i] *= times;
    pool_covariance(out->root, n, out->covariance);
    for (size_t i = 0; i < n; i++)
        out->coefficients[i] = pool_coefficient(
            p->scale * beta[i], sqrt(out->covariance[i * n + i]), p->opts.level, p->df);
}

/* All moderators at once. Columns are orthogonal, the constant's first, so that what moderators
 * take of the weighted squares is the sum of theirs. */
static void test_moderators(const pooling *p, mdg_pool *out)
{
    out->qm = out->qm_p = out->qm_scaled = MDG_NAN;
    if (out->p == 1)
        return;
    double sum = 0, m = (double)(out->p - 1);
    for (size_t j = 1; j < out->p; j++)
        sum += p->l.c[j] * p->l.c[j];
    bool normal = isinf(p->df);
    out->qm = sum / p->spread;
    out->qm_scaled = normal ? out->qm : out->qm / m;
    out->qm_p = normal ? mdg_chi2_sf(out->qm, m) : mdg_f_sf(out->qm_scaled, m, p->df);
}

static double loglik(const pooling *p)
{
    const linear *l = &p->l;
    bool restricted = p->opts.method == MDG_POOL_REML;
    double n = (double)(restricted ? l->k - l->p : l->k);
    return tau2_loglik(l, restricted) + (restricted ? l->log_volume : 0) -
           n * (0.918938533204672741780 + log(p->scale));
}

mdg_status pool_describe(pooling *p, mdg_pool *out, mdg_error *err)
{
    MDG_TRY(pooling_solve(p, err));
    out->opts = p->opts;
    out->df = p->df;
    describe_coefficients(p, out);
    test_moderators(p, out);
    for (size_t i = 0; i < out->k; i++)
        out->weight[i] = p->l.hat[i] / (double)out->p;
    out->tau2 = p->tau2.value * p->scale * p->scale;
    out->tau2_se = p->tau2.se * p->scale * p->scale;
    out->tau2_at_zero = p->tau2.at_zero;
    out->loglik = loglik(p);
    heterogeneity_describe(p, out);
    out->tau2_ci = out->i2_ci = out->pi = (mdg_bounds){ MDG_NAN, MDG_NAN };
    out->r2 = MDG_NAN;
    if (out->p == 1)
        out->pi = predict_interval(out, out->coefficients->value, out->coefficients->se);
    return MDG_OK;
}

/* ---- public -------------------------------------------------------------------------------- */

static mdg_status fit(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                      mdg_pool *out, mdg_error *err)
{
    pooling p;
    MDG_TRY(pooling_load(e, opts, mem, &p, err));
    MDG_TRY(pool_describe(&p, out, err));
    return heterogeneity_bound(&p, out, err);
}

mdg_status mdg_pool_fit(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                        mdg_pool *out, mdg_error *err)
{
    mdg_pool result;
    MDG_TRY(pool_allocate(e, mem, &result, err));
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = fit(e, opts, mem, &result, err);
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        *out = result;
    return s;
}
