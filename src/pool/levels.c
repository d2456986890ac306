/* Effects within cities within all.
 *
 * The variances of a city's records are diag(v + within) + between 1 1'. Multiplied by the square
 * root of its inverse, which is a diagonal and a column (Sherman and Morrison), records become
 * independent of variance 1, and the rest is plain least squares: with P as in likelihood.c, traces
 * and quadratic forms of the restricted likelihood's first two derivatives are sums over records
 * and cities. `curve` is the observed information, twice the average less the expected one.
 * source  Konstantopoulos 2011, Res Synth Methods 2:61; Gilmour, Thompson and Cullis 1995,
 *         Biometrics 51:1440 (average information) */
#include "pool/climb.h"
#include "pool/fit.h"
#include "pool/robust.h"
#include "pool/student.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BETWEEN, WITHIN, VARIANCES };

typedef struct model {
    pooling in;
    size_t clusters;
    size_t *start; /* clusters + 1: first record of each city */
    linear white;  /* in.l times the root of the inverse of the variances */
    double *own;   /* k: v + within */
    double *g;     /* k: V^-1 residuals */
    double *u;     /* p columns of k: V^-1 times the design, turned so that its part is 1 */
    double *along; /* p: scratch */
    double *uu, *tt, *ug, *tg; /* p x p, p x p, p, p: sums of the likelihood's derivatives */
} model;

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

static mdg_status sort_records(const mdg_effects *e, mdg_arena *mem, mdg_effects *out, model *m,
                               mdg_error *err)
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

static mdg_status load(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem, model *m,
                       mdg_error *err)
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

/* ---- one city ------------------------------------------------------------------------------ */

typedef struct city {
    size_t from, to;
    double between;
    double weights[4]; /* sums of powers of 1 / own */
    double spread;     /* 1 + between * weights[1] */
} city;

static city city_of(const model *m, size_t i, double between)
{
    city c = { .from = m->start[i], .to = m->start[i + 1], .between = between };
    for (size_t j = c.from; j < c.to; j++) {
        double w = 1 / m->own[j];
        c.weights[1] += w;
        c.weights[2] += w * w;
        c.weights[3] += w * w * w;
    }
    c.spread = 1 + between * c.weights[1];
    return c;
}

/* How much of the mean direction the root of the inverse takes: (1 - 1 / sqrt(spread)) / weights,
 * without cancellation. */
static double taken(const city *c)
{
    double root = sqrt(c->spread);
    return c->between / (root * (1 + root));
}

/* out = root x, with root' root = V^-1 */
static void whiten(const model *m, const city *c, const double *x, double *out)
{
    double sum = 0, share = taken(c);
    for (size_t i = c->from; i < c->to; i++)
        sum += x[i] / m->own[i];
    for (size_t i = c->from; i < c->to; i++)
        out[i] = (x[i] - share * sum) / sqrt(m->own[i]);
}

/* out = root' x */
static void unwhiten(const model *m, const city *c, const double *x, double *out)
{
    double sum = 0, share = taken(c);
    for (size_t i = c->from; i < c->to; i++)
        sum += x[i] / sqrt(m->own[i]);
    for (size_t i = c->from; i < c->to; i++)
        out[i] = (x[i] / sqrt(m->own[i])) - share * sum / m->own[i];
}

/* x' V^-1 x */
static double weigh(const model *m, const city *c, const double *x)
{
    double squares = 0, sum = 0;
    for (size_t i = c->from; i < c->to; i++) {
        squares += x[i] * x[i] / m->own[i];
        sum += x[i] / m->own[i];
    }
    return squares - c->between / c->spread * sum * sum;
}

/* ---- the likelihood ------------------------------------------------------------------------ */

static double dot(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* Fits at the variances in p->x; the restricted likelihood's logarithm but for constants. */
static double fit_at(model *m, const climb_point *p)
{
    linear *l = &m->white;
    mdg_sum volume = { 0 };
    for (size_t i = 0; i < l->k; i++) {
        m->own[i] = m->in.v[i] + p->x[WITHIN];
        mdg_sum_add(&volume, log(m->own[i]));
    }
    for (size_t i = 0; i < m->clusters; i++) {
        city c = city_of(m, i, p->x[BETWEEN]);
        mdg_sum_add(&volume, log(c.spread));
        whiten(m, &c, m->in.l.y, l->y);
        for (size_t j = 0; j < l->p; j++)
            whiten(m, &c, m->in.l.z + j * l->k, l->z + j * l->k);
    }
    linear_fit(l);
    return tau2_loglik(l, true) - mdg_sum_get(&volume) / 2;
}

/* Sums over all records of what the derivatives need; of the matrices the lower triangle. */
typedef struct sums {
    double slope[VARIANCES];
    double expected[VARIANCES][VARIANCES], average[VARIANCES][VARIANCES];
} sums;

static void add_city(const model *m, const city *c, sums *s)
{
    const double *w = c->weights;
    double shrink = c->between / c->spread, ones = w[1] / c->spread;
    double residual = 0, weighted = 0, squares = 0;
    for (size_t i = c->from; i < c->to; i++) {
        residual += m->g[i];
        weighted += m->g[i] / m->own[i];
        squares += m->g[i] * m->g[i];
    }
    s->slope[BETWEEN] += residual * residual - ones;
    s->slope[WITHIN] += squares - (w[1] - shrink * w[2]);
    s->expected[BETWEEN][BETWEEN] += ones * ones;
    s->expected[WITHIN][BETWEEN] += w[2] / (c->spread * c->spread);
    s->expected[WITHIN][WITHIN] += w[2] - 2 * shrink * w[3] + shrink * shrink * w[2] * w[2];
    s->average[BETWEEN][BETWEEN] += residual * residual * ones;
    s->average[WITHIN][BETWEEN] += residual * weighted / c->spread;
    s->average[WITHIN][WITHIN] += weigh(m, c, m->g);
    for (size_t j = 0; j < m->white.p; j++)
        m->tg[j] += m->along[j] * residual;
}

/* Adds the j-th column of the design's part in a city; `along` holds the columns' sums. */
static void add_column(const model *m, const city *c, size_t j, sums *s)
{
    size_t k = m->white.k, p = m->white.p, n = c->to - c->from;
    const double *u = m->u + j * k, *t = m->along;
    double over = 0;
    for (size_t i = c->from; i < c->to; i++)
        over += u[i] / m->own[i];
    s->slope[BETWEEN] += t[j] * t[j];
    s->expected[BETWEEN][BETWEEN] -= 2 * c->weights[1] / c->spread * t[j] * t[j];
    s->expected[WITHIN][BETWEEN] -= 2 * t[j] * over / c->spread;
    s->expected[WITHIN][WITHIN] -= 2 * weigh(m, c, u);
    for (size_t l = 0; l < p; l++) {
        m->uu[j * p + l] += dot(u + c->from, m->u + l * k + c->from, n);
        m->tt[j * p + l] += t[j] * t[l];
    }
    m->ug[j] += dot(u + c->from, m->g + c->from, n);
    s->slope[WITHIN] += dot(u + c->from, u + c->from, n);
}

/* Sums over all cities, after which m->uu, tt, ug and tg hold theirs. */
static sums add_all(model *m, double between)
{
    size_t k = m->white.k, p = m->white.p;
    sums s = { 0 };
    memset(m->uu, 0, p * p * sizeof *m->uu);
    memset(m->tt, 0, p * p * sizeof *m->tt);
    memset(m->ug, 0, p * sizeof *m->ug);
    memset(m->tg, 0, p * sizeof *m->tg);
    for (size_t i = 0; i < m->clusters; i++) {
        city c = city_of(m, i, between);
        unwhiten(m, &c, m->white.e, m->g);
        for (size_t j = 0; j < p; j++) {
            unwhiten(m, &c, m->white.q + j * k, m->u + j * k);
            m->along[j] = 0;
            for (size_t a = c.from; a < c.to; a++)
                m->along[j] += m->u[j * k + a];
        }
        add_city(m, &c, &s);
        for (size_t j = 0; j < p; j++)
            add_column(m, &c, j, &s);
    }
    return s;
}

static void look(const void *context, climb_point *at)
{
    model *m = *(model *const *)context;
    size_t p = m->white.p;
    at->value = fit_at(m, at);
    sums s = add_all(m, at->x[BETWEEN]);
    const double *uu = m->uu, *tt = m->tt, *ug = m->ug, *tg = m->tg;
    s.expected[BETWEEN][BETWEEN] += dot(tt, tt, p * p);
    s.expected[WITHIN][BETWEEN] += dot(uu, tt, p * p);
    s.expected[WITHIN][WITHIN] += dot(uu, uu, p * p);
    s.average[BETWEEN][BETWEEN] -= dot(tg, tg, p);
    s.average[WITHIN][BETWEEN] -= dot(ug, tg, p);
    s.average[WITHIN][WITHIN] -= dot(ug, ug, p);
    for (size_t a = 0; a < VARIANCES; a++) {
        at->slope[a] = s.slope[a] / 2;
        for (size_t b = 0; b <= a; b++)
            at->curve[a][b] = at->curve[b][a] = s.average[a][b] - s.expected[a][b] / 2;
    }
}

/* ---- variances ----------------------------------------------------------------------------- */

/* Records of one city each cannot tell within from between. */
static bool one_each(const model *m)
{
    return m->clusters == m->white.k;
}

/* The highest of the tops above different starts, shares of the scatter. */
static mdg_status estimate(model *m, climb_point *best, mdg_error *err)
{
    static const double shares[][VARIANCES] = { { 0.5, 0.5 }, { 1, 0 }, { 0, 1 }, { 0.01, 0.01 } };
    climb c = { .n = VARIANCES,
                .upper = { INFINITY, one_each(m) ? 0 : INFINITY },
                .look = look,
                .context = &m };
    climb_point flat = { .x = { 0 } };
    bool any = false;
    fit_at(m, &flat);
    double scatter = 0;
    for (size_t i = 0; i < m->white.k; i++)
        scatter += m->white.e[i] * m->white.e[i] * m->own[i];
    scatter /= (double)m->white.k;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        climb_point p = { .x = { shares[i][BETWEEN] * scatter, shares[i][WITHIN] * scatter } };
        if (!climb_to_top(&c, &p) || (any && p.value <= best->value))
            continue;
        any = true;
        *best = p;
    }
    if (!any)
        return mdg_fail(err, MDG_E_INTERNAL, "no likeliest variances between and within cities");
    look(c.context, best);
    return MDG_OK;
}

/* ---- results ------------------------------------------------------------------------------- */

static mdg_status describe_robust(model *m, double between, const double *root, mdg_arena *mem,
                                  mdg_pool_levels *out, mdg_error *err)
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

static void describe(const model *m, const climb_point *top, const double *root, double *beta,
                     mdg_pool_levels *out)
{
    size_t p = m->white.p;
    double scale = m->in.scale, df = (double)(m->clusters - p);
    double log_2pi = 2 * 0.918938533204672741780;
    if (m->in.opts.test == MDG_POOL_TEST_Z)
        df = (double)INFINITY;
    linear_coefficients(&m->white, beta);
    pool_covariance(root, p, out->covariance);
    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l < p; l++)
            out->covariance[j * p + l] *= scale * scale;
        out->coefficients[j] = pool_coefficient(scale * beta[j], sqrt(out->covariance[j * p + j]),
                                                m->in.opts.level, df);
    }
    out->clusters = m->clusters;
    out->between = scale * scale * top->x[BETWEEN];
    out->within = scale * scale * top->x[WITHIN];
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
    model m = { 0 };
    climb_point top;
    MDG_TRY(load(e, opts, mem, &m, err));
    MDG_TRY(estimate(&m, &top, err));
    double *root = mdg_new(mem, double, out->p * out->p);
    if (!root)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu coefficients", out->p);
    linear_root(&m.white, root);
    describe(&m, &top, root, m.along, out);
    return describe_robust(&m, top.x[BETWEEN], root, mem, out, err);
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
