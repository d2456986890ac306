/* What the effects of other cities say of one more: moderators are standardised, everything that is
 * given the two variances is a normal distribution (shrink.c), and how likely these are
 * (variances.c) mixes them (mixture.c). */
#include <madang/transfer.h>

#include "pool/fit.h"
#include "pool/mixture.h"
#include "pool/variances.h"

/* A moderator that varies less, against its size, is constant but for rounding. */
static const double constant = 1e-13;

static mdg_status check(const mdg_effects *e, const mdg_target *city, const mdg_pool_opts *opts,
                        mdg_error *err)
{
    if (e->k < MDG_TRANSFER_LEAST) {
        mdg_fail(err, MDG_E_SHORT, "%zu effects say nothing of another city", e->k);
        mdg_hint(err, "give %d or more", MDG_TRANSFER_LEAST);
        return MDG_E_SHORT;
    }
    MDG_TRY(pool_check(e, opts, err));
    for (size_t j = 0; j < e->moderators; j++)
        if (!isfinite(city->x[j]))
            return mdg_fail(err, MDG_E_RANGE, "the city's moderator %zu is %g", j + 1, city->x[j]);
    bool own = !isnan(city->y) || !isnan(city->v);
    if (own && (!isfinite(city->y) || !(city->v > 0) || !isfinite(city->v)))
        return mdg_fail(err, MDG_E_RANGE, "the city's own effect is %g with the variance %g",
                        city->y, city->v);
    return MDG_OK;
}

/* ---- moderators --------------------------------------------------------------------------- */

static mdg_bounds range_of(const mdg_effects *e, size_t moderator)
{
    mdg_bounds r = { MDG_INFINITY, -MDG_INFINITY };
    for (size_t i = 0; i < e->k; i++) {
        double x = e->x[i * e->moderators + moderator];
        r.lo = fmin(r.lo, x);
        r.hi = fmax(r.hi, x);
    }
    return r;
}

static bool varies(mdg_bounds r)
{
    return r.hi / 2 - r.lo / 2 > constant * fmax(fabs(r.lo), fabs(r.hi));
}

/* How far x lies beyond the range of a moderator, in units of it; 0 within. */
static double units_beyond(mdg_bounds r, double x)
{
    double beyond = fmax(r.lo - x, x - r.hi);
    bool wide = varies(r);
    if (!(beyond > (wide ? 0 : constant * fabs(r.lo))))
        return 0;
    return wide ? beyond / (r.hi - r.lo) : MDG_INFINITY;
}

static void find_outside(const mdg_effects *e, const double *x, mdg_transfer *out)
{
    double farthest = 0;
    out->range = (mdg_bounds){ MDG_NAN, MDG_NAN };
    for (size_t j = 0; j < e->moderators; j++) {
        mdg_bounds r = range_of(e, j);
        double units = units_beyond(r, x[j]);
        if (!(units > farthest))
            continue;
        farthest = units;
        out->outside = true;
        out->outside_at = j;
        out->range = r;
    }
}

/* One moderator into a column of k numbers, m apart, about its mean and in its standard deviations;
 * `x`, the city's, likewise into *target. */
static void standardise(const mdg_effects *e, size_t moderator, double x, double *column, size_t m,
                        double *target)
{
    mdg_bounds r = range_of(e, moderator);
    double half = r.hi / 2 - r.lo / 2, mean = 0, squares = 0, k = (double)e->k;
    for (size_t i = 0; i < e->k; i++) {
        column[i * m] = (e->x[i * e->moderators + moderator] / 2 - r.lo / 2) / half;
        mean += column[i * m] / k;
    }
    for (size_t i = 0; i < e->k; i++) {
        column[i * m] -= mean;
        squares += column[i * m] * column[i * m];
    }
    double sd = sqrt(squares / (k - 1));
    for (size_t i = 0; i < e->k; i++)
        column[i * m] /= sd;
    *target = ((x / 2 - r.lo / 2) / half - mean) / sd;
}

static size_t count_varying(const mdg_effects *e)
{
    size_t m = 0;
    for (size_t j = 0; j < e->moderators; j++)
        m += varies(range_of(e, j));
    return m;
}

/* Effects as in `p`; moderators that vary, standardised. */
static mdg_status prepare(const mdg_effects *e, const mdg_target *city, pooling *p, mdg_arena *mem,
                          shrink *out, mdg_error *err)
{
    size_t k = e->k, m = count_varying(e);
    double *target = mdg_new(mem, double, m);
    double *z = k <= SIZE_MAX / (m + 1) ? mdg_new(mem, double, k *m) : NULL;
    if (!z || !target)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", k);
    for (size_t j = 0, to = 0; j < e->moderators; j++) {
        if (!varies(range_of(e, j)))
            continue;
        standardise(e, j, city->x[j], z + to, m, target + to);
        to++;
    }
    linear_fit_at(&p->l, p->v, 0);
    *out = (shrink){ .k = k,
                     .m = m,
                     .y = p->l.y,
                     .v = p->v,
                     .z = z,
                     .target = target,
                     .own_y = city->y / p->scale - p->l.y_centre,
                     .own_v = city->v / p->scale / p->scale,
                     .typical = heterogeneity_typical(&p->l) };
    return shrink_make(out, mem, err);
}

/* ---- what is said ------------------------------------------------------------------------- */

static void say_city(const variances *v, double level, mixture_part *part, mdg_transfer *out)
{
    for (size_t i = 0; i < v->n; i++)
        part[i] =
            (mixture_part){ v->node[i].weight, v->node[i].at.value, sqrt(v->node[i].at.variance) };
    out->value = mixture_quantile(part, v->n, 0.5);
    out->pi.lo = mixture_quantile(part, v->n, (1 - level) / 2);
    out->pi.hi = mixture_quantile(part, v->n, (1 + level) / 2);
    out->se = (out->pi.hi - out->pi.lo) / 2 / mdg_t_two_sided(level, out->df);
}

static void say_middle(const variances *v, mixture_part *part, mdg_transfer *out)
{
    for (size_t i = 0; i < v->n; i++)
        part[i] = (mixture_part){ v->node[i].others_weight, v->node[i].at.middle,
                                  sqrt(v->node[i].at.middle_v) };
    out->mean = mixture_quantile(part, v->n, 0.5);
}

static double degrees_of_freedom(size_t k, mdg_pool_pi convention)
{
    switch (convention) {
    case MDG_POOL_PI_T_K2:
        return (double)k - 2;
    case MDG_POOL_PI_T_K1:
        return (double)k - 1;
    case MDG_POOL_PI_Z:
    case MDG_POOL_PI_COUNT:
        break;
    }
    return MDG_INFINITY;
}

/* Everything back on the scale of the effects. */
static void rescale(const pooling *p, mdg_transfer *t)
{
    t->value = (t->value + p->l.y_centre) * p->scale;
    t->pi.lo = (t->pi.lo + p->l.y_centre) * p->scale;
    t->pi.hi = (t->pi.hi + p->l.y_centre) * p->scale;
    t->mean = (t->mean + p->l.y_centre) * p->scale;
    t->se *= p->scale;
    t->tau2 *= p->scale * p->scale;
    t->slope_variance *= p->scale * p->scale;
}

static mdg_status predict(const mdg_effects *e, const mdg_target *city, const mdg_pool_opts *opts,
                          mdg_arena *mem, mdg_transfer *out, mdg_error *err)
{
    mdg_effects bare = { .y = e->y, .v = e->v, .k = e->k };
    pooling p;
    shrink s;
    variances v;
    MDG_TRY(pooling_load(&bare, opts, mem, &p, err));
    MDG_TRY(prepare(e, city, &p, mem, &s, err));
    MDG_TRY(variances_weigh(&s, opts->pi, mem, &v, err));
    mixture_part *part = mdg_new(mem, mixture_part, v.n);
    if (!part)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the prediction of a city");
    mdg_transfer t = { .df = degrees_of_freedom(e->k, opts->pi), .tau2 = v.tau2 };
    t.slope_variance = s.m > 0 ? v.s2 : MDG_NAN;
    say_city(&v, opts->level, part, &t);
    say_middle(&v, part, &t);
    for (size_t i = 0; i < v.n; i++) {
        t.shrinkage += v.node[i].weight * v.node[i].at.shrinkage;
        t.own_weight += v.node[i].weight * v.node[i].at.own;
    }
    rescale(&p, &t);
    find_outside(e, city->x, &t);
    *out = t;
    return MDG_OK;
}

/* ---- public ------------------------------------------------------------------------------- */

bool mdg_transfer_outside(const mdg_effects *e, size_t moderator, double x, mdg_bounds *range)
{
    *range = range_of(e, moderator);
    return units_beyond(*range, x) > 0;
}

mdg_status mdg_transfer_predict(const mdg_effects *e, const mdg_target *city,
                                const mdg_pool_opts *opts, mdg_arena *mem, mdg_transfer *out,
                                mdg_error *err)
{
    MDG_TRY(check(e, city, opts, err));
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = predict(e, city, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}
