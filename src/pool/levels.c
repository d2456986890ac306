/* Effects within cities within all: records city by city, and the likeliest variances.
 * source  Konstantopoulos 2011, Res Synth Methods 2:61 */
#include "pool/levels_likelihood.h"
#include "pool/robust.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- records city by city ------------------------------------------------------------------ */

typedef struct place {
    uint32_t cluster;
    size_t at;
} place;

static int by_cluster(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->cluster != y->cluster)
        return x->cluster < y->cluster ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static mdg_status sort_records(const mdg_effects *e, mdg_arena *mem, mdg_effects *out,
                               levels_model *m, mdg_error *err)
{
    size_t q = e->moderators;
    bool fits = q == 0 || e->k <= SIZE_MAX / q;
    place *order = mdg_new(mem, place, e->k);
    double *y = mdg_new(mem, double, e->k), *v = mdg_new(mem, double, e->k);
    double *x = fits ? mdg_new(mem, double, q * e->k) : NULL;
    m->start = mdg_new(mem, size_t, e->k + 1);
    if (!order || !y || !v || !x || !m->start)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", e->k);
    for (size_t i = 0; i < e->k; i++)
        order[i] = (place){ e->cluster[i], i };
    qsort(order, e->k, sizeof *order, by_cluster);
    for (size_t i = 0; i < e->k; i++) {
        y[i] = e->y[order[i].at];
        v[i] = e->v[order[i].at];
        for (size_t j = 0; j < q; j++)
            x[i * q + j] = e->x[order[i].at * q + j];
        if (i == 0 || order[i].cluster != order[i - 1].cluster)
            m->start[m->clusters++] = i;
    }
    m->start[m->clusters] = e->k;
    *out = (mdg_effects){ .y = y, .v = v, .k = e->k, .x = q ? x : NULL, .moderators = q };
    return MDG_OK;
}

static mdg_status load(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                       levels_model *m, mdg_error *err)
{
    mdg_effects sorted;
    /* In the order given, so that a bad effect is called by the caller's number. */
    MDG_TRY(pooling_load(e, opts, mem, &m->in, err));
    MDG_TRY(sort_records(e, mem, &sorted, m, err));
    if (m->clusters < m->in.l.p + 1) {
        mdg_fail(err, MDG_E_SHORT, "records of %zu cities for %zu coefficients", m->clusters,
                 m->in.l.p);
        mdg_hint(err, "there have to be more cities than coefficients");
        return MDG_E_SHORT;
    }
    MDG_TRY(pooling_load(&sorted, opts, mem, &m->in, err));
    size_t k = m->in.l.k, p = m->in.l.p;
    m->white = m->in.l;
    m->white.z = mdg_new(mem, double, p *k);
    m->white.y = mdg_new(mem, double, k);
    m->own = mdg_new(mem, double, k);
    m->g = mdg_new(mem, double, k);
    m->u = mdg_new(mem, double, p *k);
    m->along = mdg_new(mem, double, p);
    m->uu = mdg_new(mem, double, p *p);
    m->tt = mdg_new(mem, double, p *p);
    m->ug = mdg_new(mem, double, p);
    m->tg = mdg_new(mem, double, p);
    bool all = m->white.z && m->white.y && m->own && m->g && m->u && m->along && m->uu && m->tt &&
               m->ug && m->tg;
    return all ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", k);
}

/* ---- variances ----------------------------------------------------------------------------- */

/* Records of one city each cannot tell within from between. */
static bool one_each(const levels_model *m)
{
    return m->clusters == m->white.k;
}

/* The highest of the tops above different starts, shares of the scatter. */
static mdg_status estimate(levels_model *m, climb_point *best, mdg_error *err)
{
    static const double shares[][LEVELS_VARIANCES] = {
        { 0.5, 0.5 }, { 1, 0 }, { 0, 1 }, { 0.01, 0.01 }
    };
    climb c = { .n = LEVELS_VARIANCES,
                .upper = { MDG_INFINITY, one_each(m) ? 0 : MDG_INFINITY },
                .look = levels_look,
                .context = &m };
    climb_point flat = { .x = { 0 } };
    bool any = false;
    levels_fit_at(m, &flat);
    double scatter = 0;
    for (size_t i = 0; i < m->white.k; i++)
        scatter += m->white.e[i] * m->white.e[i] * m->own[i];
    scatter /= (double)m->white.k;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        climb_point p = { .x = { shares[i][LEVELS_BETWEEN] * scatter,
                                 shares[i][LEVELS_WITHIN] * scatter } };
        if (!climb_to_top(&c, &p) || (any && p.value <= best->value))
            continue;
        any = true;
        *best = p;
    }
    if (!any)
        return mdg_fail(err, MDG_E_INTERNAL, "no likeliest variances between and within cities");
    levels_look(c.context, best);
    return MDG_OK;
}

/* ---- results ------------------------------------------------------------------------------- */

static mdg_status describe_robust(levels_model *m, double between, const double *root,
                                  mdg_arena *mem, mdg_pool_levels *out, mdg_error *err)
{
    size_t k = m->white.k, p = m->white.p;
    double *se = mdg_new(mem, double, p);
    if (!se)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu coefficients", p);
    /* From V^-1 times residuals and design to these themselves. */
    for (size_t i = 0; i < m->clusters; i++) {
        for (size_t j = 0; j <= p; j++) {
            double *x = j < p ? m->u + j * k : m->g, sum = 0;
            for (size_t a = m->start[i]; a < m->start[i + 1]; a++)
                sum += x[a];
            for (size_t a = m->start[i]; a < m->start[i + 1]; a++)
                x[a] = m->own[a] * x[a] + between * sum;
        }
    }
    clustered c = { .k = k,
                    .p = p,
                    .clusters = m->clusters,
                    .start = m->start,
                    .own = m->own,
                    .between = between,
                    .y = m->u,
                    .e = m->g,
                    .root = root };
    MDG_TRY(robust_errors(&c, mem, se, out->robust_df, err));
    for (size_t j = 0; j < p; j++)
        out->robust[j] = pool_coefficient(out->coefficients[j].value, m->in.scale * se[j],
                                          m->in.opts.level, out->robust_df[j]);
    return MDG_OK;
}

static void describe(const levels_model *m, const climb_point *top, const double *root,
                     double *beta, mdg_pool_levels *out)
{
    size_t p = m->white.p;
    double scale = m->in.scale, df = (double)(m->clusters - p);
    double log_2pi = 2 * 0.918938533204672741780;
    if (m->in.opts.test == MDG_POOL_TEST_Z)
        df = MDG_INFINITY;
    linear_coefficients(&m->white, beta);
    pool_covariance(root, p, out->covariance);
    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l < p; l++)
            out->covariance[j * p + l] *= scale * scale;
        out->coefficients[j] = pool_coefficient(scale * beta[j], sqrt(out->covariance[j * p + j]),
                                                m->in.opts.level, df);
    }
    out->clusters = m->clusters;
    out->between = scale * scale * top->x[LEVELS_BETWEEN];
    out->within = scale * scale * top->x[LEVELS_WITHIN];
    out->loglik =
        top->value + m->white.log_volume - (double)(m->white.k - p) * (log_2pi / 2 + log(scale));
    mdg_pool as_cities = { .opts = m->in.opts, .k = m->clusters, .p = p, .tau2 = out->between };
    as_cities.opts.method = MDG_POOL_REML;
    out->pi = (mdg_bounds){ MDG_NAN, MDG_NAN };
    if (p == 1)
        out->pi = predict_interval(&as_cities, out->coefficients->value, out->coefficients->se);
}

static mdg_status fit(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                      mdg_pool_levels *out, mdg_error *err)
{
    levels_model m = { 0 };
    climb_point top;
    MDG_TRY(load(e, opts, mem, &m, err));
    MDG_TRY(estimate(&m, &top, err));
    double *root = mdg_new(mem, double, out->p * out->p);
    if (!root)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu coefficients", out->p);
    linear_root(&m.white, root);
    describe(&m, &top, root, m.along, out);
    return describe_robust(&m, top.x[LEVELS_BETWEEN], root, mem, out, err);
}

mdg_status mdg_pool_levels_fit(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                               mdg_pool_levels *out, mdg_error *err)
{
    assert(e->cluster);
    size_t p = e->moderators + 1;
    mdg_pool_levels result = { .k = e->k,
                               .p = p,
                               .coefficients = mdg_new(mem, mdg_coefficient, p),
                               .covariance = mdg_new(mem, double, p *p),
                               .robust = mdg_new(mem, mdg_coefficient, p),
                               .robust_df = mdg_new(mem, double, p) };
    if (!result.coefficients || !result.covariance || !result.robust || !result.robust_df)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu coefficients", p);
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = fit(e, opts, mem, &result, err);
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        *out = result;
    return s;
}
