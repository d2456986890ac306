/* Trim and fill.
 *
 * Effects are turned so that they are missing on the left. Those farthest to the right are trimmed
 * until what is left is symmetrical: with k0 trimmed, the ranks of all distances to the mean of the
 * rest say how many have no partner, k0 anew. Then partners are put in.
 * source  Duval and Tweedie 2000, J Am Stat Assoc 95:89 (estimator L0) */
#include "pool/small_studies.h"

#include <stdlib.h>

enum { ROUNDS = 100 };

/* An effect this near the mean, in standard errors, lies at the mean. */
static const double at_mean = 1e-12;

/* An effect to be sorted by its value, or by how far it is from the mean, and on which side. */
typedef struct item {
    double key;
    size_t at;
    int side;
} item;

/* Of equal ones the first comes first. */
static int by_key(const void *a, const void *b)
{
    const item *x = a, *y = b;
    if (x->key < y->key || x->key > y->key)
        return x->key < y->key ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

typedef struct funnel {
    size_t k;
    double *y, *v; /* k, ascending, and room for k more */
    item *items;   /* k */
    mdg_pool_opts opts;
    mdg_arena *mem;
} funnel;

static mdg_status load(const mdg_effects *e, mdg_side side, funnel *f, mdg_error *err)
{
    size_t room = e->k <= SIZE_MAX / 2 ? 2 * e->k : SIZE_MAX;
    f->y = mdg_new(f->mem, double, room);
    f->v = mdg_new(f->mem, double, room);
    f->items = mdg_new(f->mem, item, e->k);
    if (!f->y || !f->v || !f->items)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", e->k);
    f->k = e->k;
    for (size_t i = 0; i < e->k; i++)
        f->items[i] = (item){ side == MDG_SIDE_RIGHT ? -e->y[i] : e->y[i], i, 0 };
    qsort(f->items, e->k, sizeof *f->items, by_key);
    for (size_t i = 0; i < e->k; i++) {
        f->y[i] = f->items[i].key;
        f->v[i] = e->v[f->items[i].at];
    }
    return MDG_OK;
}

/* The mean of the first n. */
static mdg_status pool_first(const funnel *f, size_t n, mdg_coefficient *out, mdg_error *err)
{
    mdg_pool fit;
    mdg_arena_mark mark = mdg_arena_position(f->mem);
    mdg_effects e = { .y = f->y, .v = f->v, .k = n };
    mdg_status s = mdg_pool_fit(&e, &f->opts, f->mem, &fit, err);
    if (s == MDG_OK)
        *out = *fit.coefficients;
    mdg_arena_reset(f->mem, mark);
    return s;
}

/* How many have no partner, all measured from `mean`. */
static size_t without_partner(const funnel *f, double mean)
{
    double k = (double)f->k, ranks = 0;
    for (size_t i = 0; i < f->k; i++) {
        double from = f->y[i] - mean;
        int side = (from > 0) - (from < 0);
        if (fabs(from) <= at_mean * sqrt(f->v[i]))
            side = 0;
        f->items[i] = (item){ fabs(from), i, side };
    }
    qsort(f->items, f->k, sizeof *f->items, by_key);
    for (size_t r = 0; r < f->k; r++)
        ranks += f->items[r].side > 0 ? (double)(r + 1) : 0;
    return (size_t)fmax(0, nearbyint((4 * ranks - k * (k + 1)) / (2 * k - 1)));
}

/* Trims until the number is the same twice. */
static mdg_status trim(const funnel *f, size_t *missing, double *mean, bool *settled,
                       mdg_error *err)
{
    *missing = 0;
    *settled = false;
    for (int round = 0; round < ROUNDS && !*settled; round++) {
        mdg_coefficient rest;
        MDG_TRY(pool_first(f, f->k - *missing, &rest, err));
        size_t found = without_partner(f, rest.value);
        *mean = rest.value;
        *settled = found == *missing;
        *missing = found;
    }
    return MDG_OK;
}

/* Puts `missing` partners behind the k, and pools all. */
static mdg_status fill(const funnel *f, double mean, mdg_side side, mdg_trim_fill *out,
                       mdg_error *err)
{
    double sign = side == MDG_SIDE_RIGHT ? -1 : 1;
    for (size_t i = 0; i < out->missing; i++) {
        size_t from = f->k - out->missing + i;
        f->y[f->k + i] = 2 * mean - f->y[from];
        f->v[f->k + i] = f->v[from];
        out->filled[i] = sign * f->y[f->k + i];
        out->filled_v[i] = f->v[from];
    }
    mdg_coefficient all;
    MDG_TRY(pool_first(f, f->k + out->missing, &all, err));
    out->value = sign * all.value;
    out->se = all.se;
    out->ci = side == MDG_SIDE_RIGHT ? (mdg_bounds){ -all.ci.hi, -all.ci.lo } : all.ci;
    return MDG_OK;
}

static mdg_status trim_and_fill(const mdg_effects *e, funnel *f, mdg_trim_fill *out, mdg_error *err)
{
    double mean;
    bool settled;
    MDG_TRY(load(e, out->side, f, err));
    MDG_TRY(trim(f, &out->missing, &mean, &settled, err));
    if (!settled) {
        out->missing = 0;
        return MDG_OK;
    }
    return fill(f, mean, out->side, out, err);
}

mdg_status trim_fill(const mdg_effects *e, const mdg_pool_opts *opts, mdg_side side, mdg_arena *mem,
                     mdg_trim_fill *out, mdg_error *err)
{
    *out = (mdg_trim_fill){ .side = side,
                            .value = MDG_NAN,
                            .se = MDG_NAN,
                            .ci = { MDG_NAN, MDG_NAN },
                            .filled = mdg_new(mem, double, e->k),
                            .filled_v = mdg_new(mem, double, e->k) };
    if (!out->filled || !out->filled_v)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", e->k);
    funnel f = { .opts = *opts, .mem = mem };
    f.opts.test = MDG_POOL_TEST_Z;
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = trim_and_fill(e, &f, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}
