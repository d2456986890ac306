/* Stratified comparison: the pool's shares of strata of level and season become the treated's. */
#include "effect/comparison.h"

#include <assert.h>
#include <stdlib.h>

enum { MAX_BINS = 100 };

/* A pool meter in its stratum, with the random number that it is drawn by. */
typedef struct ticket {
    uint64_t number;
    size_t stratum, index;
} ticket;

static double level_of(const mdg_features *f, size_t row)
{
    return features_excluded(f, row) ? MDG_NAN : f->value[row * f->d + MDG_FEATURE_LEVEL];
}

/* Mean of December, January and February, of those that are there. */
static double season_of(const mdg_features *f, size_t row)
{
    const double *month = f->value + row * f->d + MDG_FEATURE_MONTH;
    const double winter[] = { month[0], month[1], month[11] };
    double sum = 0, n = 0;
    for (size_t i = 0; i < 3; i++) {
        sum += isnan(winter[i]) ? 0 : winter[i];
        n += !isnan(winter[i]);
    }
    return n > 0 ? sum / n : MDG_NAN;
}

static bool placed(const mdg_features *f, size_t row)
{
    return !isnan(level_of(f, row)) && !isnan(season_of(f, row));
}

/* ---- cuts ----------------------------------------------------------------------------------- */

/* Quantiles 1/bins, 2/bins, ... by linear interpolation between order statistics. */
static void cut_at_quantiles(double *x, size_t n, size_t bins, double *cut)
{
    qsort(x, n, sizeof *x, mdg_by_number);
    for (size_t b = 1; b < bins; b++) {
        double at = (double)b / (double)bins * (double)(n - 1);
        size_t i = (size_t)at;
        double next = i + 1 < n ? x[i + 1] : x[i];
        cut[b - 1] = x[i] + (at - (double)i) * (next - x[i]);
    }
}

static size_t bin_of(double x, const double *cut, size_t bins)
{
    size_t b = 0;
    while (b + 1 < bins && x >= cut[b])
        b++;
    return b;
}

static size_t stratum_of(const mdg_strata *s, const mdg_features *f, size_t row)
{
    return bin_of(level_of(f, row), s->level_cut, s->levels) * s->seasons +
           bin_of(season_of(f, row), s->season_cut, s->seasons);
}

static mdg_status make_cuts(const mdg_features *treated, mdg_arena *mem, mdg_strata *s,
                            mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    double *level = mdg_new(mem, double, treated->n), *season = mdg_new(mem, double, treated->n);
    if (!level || !season)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu treated meters", treated->n);
    size_t n = 0;
    for (size_t i = 0; i < treated->n; i++) {
        if (!placed(treated, i))
            continue;
        level[n] = level_of(treated, i);
        season[n++] = season_of(treated, i);
    }
    s->unplaced = treated->n - n;
    if (n > 0) {
        cut_at_quantiles(level, n, s->levels, s->level_cut);
        cut_at_quantiles(season, n, s->seasons, s->season_cut);
    }
    mdg_arena_reset(mem, mark);
    return n > 0 ? MDG_OK
                 : mdg_fail(err, MDG_E_SHORT, "no treated meter has a level and a winter month");
}

/* ---- draws ---------------------------------------------------------------------------------- */

static int by_stratum_and_number(const void *a, const void *b)
{
    const ticket *x = a, *y = b;
    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static size_t draw_count(const mdg_stratum *s, double ratio)
{
    if (s->treated == 0)
        return 0;
    double wanted = ceil(ratio * (double)s->treated);
    return wanted < (double)s->pool ? (size_t)wanted : s->pool;
}

/* The first few tickets of each stratum, and a weight for each of them. */
static mdg_status draw(const mdg_features *pool, const mdg_strata_opts *opts, mdg_arena *mem,
                       mdg_strata *s, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    ticket *tickets = mdg_new(mem, ticket, pool->n);
    if (!tickets)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a pool of %zu meters", pool->n);
    size_t n = 0;
    for (size_t i = 0; i < pool->n; i++) {
        if (!placed(pool, i))
            continue;
        mdg_rng r = mdg_rng_make(opts->seed, i);
        tickets[n] = (ticket){ mdg_rng_u64(&r), stratum_of(s, pool, i), i };
        s->stratum[tickets[n++].stratum].pool++;
    }
    qsort(tickets, n, sizeof *tickets, by_stratum_and_number);
    for (size_t i = 0; i < n;) {
        mdg_stratum *of = &s->stratum[tickets[i].stratum];
        of->drawn = draw_count(of, opts->ratio);
        for (size_t k = 0; k < of->drawn; k++)
            s->weight[tickets[i + k].index] = (double)of->treated / (double)of->drawn;
        i += of->pool;
    }
    mdg_arena_reset(mem, mark);
    return MDG_OK;
}

/* ---- public --------------------------------------------------------------------------------- */

static mdg_status check_strata(const mdg_groups *g, const mdg_strata_opts *opts, mdg_error *err)
{
    if (g->treated.d != g->pool.d || g->treated.d < MDG_FEATURES_DAILY)
        return mdg_fail(err, MDG_E_RANGE, "%zu features of treated meters, %zu of the pool",
                        g->treated.d, g->pool.d);
    if (opts->levels == 0 || opts->levels > MAX_BINS || opts->seasons == 0 ||
        opts->seasons > MAX_BINS)
        return mdg_fail(err, MDG_E_RANGE, "%zu strata of level by %zu of season", opts->levels,
                        opts->seasons);
    if (!(opts->ratio > 0))
        return mdg_fail(err, MDG_E_RANGE, "%g pool meters for each treated one", opts->ratio);
    return MDG_OK;
}

static void count_treated(const mdg_features *treated, mdg_strata *s)
{
    for (size_t i = 0; i < treated->n; i++)
        if (placed(treated, i))
            s->stratum[stratum_of(s, treated, i)].treated++;
}

static void report_empty(mdg_strata *s)
{
    for (size_t i = 0; i < s->levels * s->seasons; i++) {
        bool empty = s->stratum[i].treated > 0 && s->stratum[i].pool == 0;
        s->empty += empty;
        s->lost += empty ? s->stratum[i].treated : 0;
        s->matched += empty ? 0 : s->stratum[i].treated;
    }
}

mdg_status mdg_match_strata(const mdg_groups *g, const mdg_strata_opts *opts, mdg_arena *mem,
                            mdg_strata *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    MDG_TRY(check_strata(g, opts, err));
    mdg_strata s = { .levels = opts->levels, .seasons = opts->seasons };
    s.level_cut = mdg_new(mem, double, s.levels - 1);
    s.season_cut = mdg_new(mem, double, s.seasons - 1);
    s.stratum = mdg_new(mem, mdg_stratum, s.levels * s.seasons);
    s.weight = mdg_new(mem, double, g->pool.n);
    if (!s.level_cut || !s.season_cut || !s.stratum || !s.weight)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for weights of %zu meters", g->pool.n);
    MDG_TRY(make_cuts(&g->treated, mem, &s, err));
    count_treated(&g->treated, &s);
    MDG_TRY(draw(&g->pool, opts, mem, &s, err));
    report_empty(&s);
    *out = s;
    return MDG_OK;
}
