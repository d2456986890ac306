/* The likelihood of effects within cities within all.
 *
 * The variances of a city's records are diag(v + within) + between 1 1'. Multiplied by the square
 * root of its inverse, which is a diagonal and a column (Sherman and Morrison), records become
 * independent of variance 1, and the rest is plain least squares: with P as in likelihood.c, traces
 * and quadratic forms of the restricted likelihood's first two derivatives are sums over records
 * and cities. `curve` is the observed information, twice the average less the expected one.
 * source  Konstantopoulos 2011, Res Synth Methods 2:61; Gilmour, Thompson and Cullis 1995,
 *         Biometrics 51:1440 (average information) */
#include "pool/levels_likelihood.h"

#include <string.h>

/* ---- one city ------------------------------------------------------------------------------ */

typedef struct city {
    size_t from, to;
    double between;
    double weights[4]; /* sums of powers of 1 / own */
    double spread;     /* 1 + between * weights[1] */
} city;

static city city_of(const levels_model *m, size_t i, double between)
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
static void whiten(const levels_model *m, const city *c, const double *x, double *out)
{
    double sum = 0, share = taken(c);
    for (size_t i = c->from; i < c->to; i++)
        sum += x[i] / m->own[i];
    for (size_t i = c->from; i < c->to; i++)
        out[i] = (x[i] - share * sum) / sqrt(m->own[i]);
}

/* out = root' x */
static void unwhiten(const levels_model *m, const city *c, const double *x, double *out)
{
    double sum = 0, share = taken(c);
    for (size_t i = c->from; i < c->to; i++)
        sum += x[i] / sqrt(m->own[i]);
    for (size_t i = c->from; i < c->to; i++)
        out[i] = (x[i] / sqrt(m->own[i])) - share * sum / m->own[i];
}

/* x' V^-1 x */
static double weigh(const levels_model *m, const city *c, const double *x)
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
double levels_fit_at(levels_model *m, const climb_point *p)
{
    linear *l = &m->white;
    mdg_sum volume = { 0 };
    for (size_t i = 0; i < l->k; i++) {
        m->own[i] = m->in.v[i] + p->x[LEVELS_WITHIN];
        mdg_sum_add(&volume, log(m->own[i]));
    }
    for (size_t i = 0; i < m->clusters; i++) {
        city c = city_of(m, i, p->x[LEVELS_BETWEEN]);
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
    double slope[LEVELS_VARIANCES];
    double expected[LEVELS_VARIANCES][LEVELS_VARIANCES],
        average[LEVELS_VARIANCES][LEVELS_VARIANCES];
} sums;

static void add_city(const levels_model *m, const city *c, sums *s)
{
    const double *w = c->weights;
    double shrink = c->between / c->spread, ones = w[1] / c->spread;
    double residual = 0, weighted = 0, squares = 0;
    for (size_t i = c->from; i < c->to; i++) {
        residual += m->g[i];
        weighted += m->g[i] / m->own[i];
        squares += m->g[i] * m->g[i];
    }
    s->slope[LEVELS_BETWEEN] += residual * residual - ones;
    s->slope[LEVELS_WITHIN] += squares - (w[1] - shrink * w[2]);
    s->expected[LEVELS_BETWEEN][LEVELS_BETWEEN] += ones * ones;
    s->expected[LEVELS_WITHIN][LEVELS_BETWEEN] += w[2] / (c->spread * c->spread);
    s->expected[LEVELS_WITHIN][LEVELS_WITHIN] +=
        w[2] - 2 * shrink * w[3] + shrink * shrink * w[2] * w[2];
    s->average[LEVELS_BETWEEN][LEVELS_BETWEEN] += residual * residual * ones;
    s->average[LEVELS_WITHIN][LEVELS_BETWEEN] += residual * weighted / c->spread;
    s->average[LEVELS_WITHIN][LEVELS_WITHIN] += weigh(m, c, m->g);
    for (size_t j = 0; j < m->white.p; j++)
        m->tg[j] += m->along[j] * residual;
}

/* Adds the j-th column of the design's part in a city; `along` holds the columns' sums. */
static void add_column(const levels_model *m, const city *c, size_t j, sums *s)
{
    size_t k = m->white.k, p = m->white.p, n = c->to - c->from;
    const double *u = m->u + j * k, *t = m->along;
    double over = 0;
    for (size_t i = c->from; i < c->to; i++)
        over += u[i] / m->own[i];
    s->slope[LEVELS_BETWEEN] += t[j] * t[j];
    s->expected[LEVELS_BETWEEN][LEVELS_BETWEEN] -= 2 * c->weights[1] / c->spread * t[j] * t[j];
    s->expected[LEVELS_WITHIN][LEVELS_BETWEEN] -= 2 * t[j] * over / c->spread;
    s->expected[LEVELS_WITHIN][LEVELS_WITHIN] -= 2 * weigh(m, c, u);
    for (size_t l = 0; l < p; l++) {
        m->uu[j * p + l] += dot(u + c->from, m->u + l * k + c->from, n);
        m->tt[j * p + l] += t[j] * t[l];
    }
    m->ug[j] += dot(u + c->from, m->g + c->from, n);
    s->slope[LEVELS_WITHIN] += dot(u + c->from, u + c->from, n);
}

/* Sums over all cities, after which m->uu, tt, ug and tg hold theirs. */
static sums add_all(levels_model *m, double between)
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

void levels_look(const void *context, climb_point *at)
{
    levels_model *m = *(levels_model *const *)context;
    size_t p = m->white.p;
    at->value = levels_fit_at(m, at);
    sums s = add_all(m, at->x[LEVELS_BETWEEN]);
    const double *uu = m->uu, *tt = m->tt, *ug = m->ug, *tg = m->tg;
    s.expected[LEVELS_BETWEEN][LEVELS_BETWEEN] += dot(tt, tt, p * p);
    s.expected[LEVELS_WITHIN][LEVELS_BETWEEN] += dot(uu, tt, p * p);
    s.expected[LEVELS_WITHIN][LEVELS_WITHIN] += dot(uu, uu, p * p);
    s.average[LEVELS_BETWEEN][LEVELS_BETWEEN] -= dot(tg, tg, p);
    s.average[LEVELS_WITHIN][LEVELS_BETWEEN] -= dot(ug, tg, p);
    s.average[LEVELS_WITHIN][LEVELS_WITHIN] -= dot(ug, ug, p);
    for (size_t a = 0; a < LEVELS_VARIANCES; a++) {
        at->slope[a] = s.slope[a] / 2;
        for (size_t b = 0; b <= a; b++)
            at->curve[a][b] = at->curve[b][a] = s.average[a][b] - s.expected[a][b] / 2;
    }
}
