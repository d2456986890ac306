/* Exact nearest neighbours of treated meters in a pool of up to millions.
 *
 * The pool goes by in blocks that fit a core's cache, laid out so that one feature of eight meters
 * lies side by side; a chunk of treated meters meets each block, and each keeps its nearest few.
 * Where features are many, most pairs are too far by the first of them already: the others are
 * added up meter by meter, until it is too far. A NaN in the sum marks the pairs in which the pool
 * meter lacks a feature: these few are computed again over what both have. */
#include "effect/comparison.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8, BLOCK_BYTES = 128 * 1024, CHUNK = 64, RUN_FEATURES = 16 };

/* Marks in a list of features: its end, and the end of a run, where far meters are left. */
#define END (SIZE_MAX - 1)
#define RUN SIZE_MAX

typedef struct candidate {
    double squared;
    size_t index;
} candidate;

/* The nearest so far, in order. */
typedef struct shortlist {
    candidate *list;
    size_t n, next; /* next: those before it were taken by others, or by this meter */
} shortlist;

typedef struct matcher {
    const mdg_groups *g;
    const mdg_distance *distance;
    const mdg_match_opts *opts;
    size_t room;     /* of a shortlist */
    double limit;    /* of squared distances */
    shortlist *near; /* one for each treated meter */
    size_t block;    /* pool meters, a multiple of LANES */
    double *tile;    /* of each worker: block x d, in groups of LANES meters */
    double *row;     /* of each worker: CHUNK scaled treated meters */
    size_t *has;     /* of each worker: their features */
    uint8_t *taken;  /* pool meters, without replacement */
} matcher;

/* ---- one pair ------------------------------------------------------------------------------- */

/* Over the features that both have, scaled up; NaN when that is too little. `x` is scaled, `pool`
 * is as given. In the order in which the blocks are added up, so that ties stay ties. */
static double pair_squared(const matcher *m, const double *x, const double *pool)
{
    const mdg_distance *s = m->distance;
    double sum = 0, common = 0;
    for (size_t f = 0; f < s->d; f++) {
        double e = pool[f] * s->multiplier[f] - x[f];
        if (isnan(e))
            continue;
        sum += e * e;
        common += s->weight[f];
    }
    return common > 0 && common >= m->opts->min_common ? sum / common : MDG_NAN;
}

static bool nearer(candidate a, candidate b)
{
    return a.squared < b.squared || (a.squared <= b.squared && a.index < b.index);
}

static void keep(shortlist *near, size_t room, candidate c)
{
    size_t at = near->n < room ? near->n++ : room - 1;
    for (; at > 0 && nearer(c, near->list[at - 1]); at--)
        near->list[at] = near->list[at - 1];
    near->list[at] = c;
}

/* What a candidate must be below: pool meters come in ascending order, so that of equals the first
 * stays. */
static double bar(const matcher *m, const shortlist *near)
{
    return near->n < m->room ? m->limit : near->list[m->room - 1].squared;
}

/* ---- one treated meter against a block ------------------------------------------------------ */

typedef struct treated_row {
    double *x;     /* scaled */
    size_t *has;   /* features that it has, in runs with RUN between them, then END */
    double common; /* their weight */
} treated_row;

static size_t list_room(size_t d)
{
    return d + d / RUN_FEATURES + 1;
}

static void scale_row(const matcher *m, size_t treated, treated_row *r)
{
    const double *value = m->g->treated.value + treated * m->distance->d;
    size_t n = 0;
    r->common = 0;
    for (size_t f = 0; f < m->distance->d; f++) {
        r->x[f] = value[f] * m->distance->multiplier[f];
        if (isnan(r->x[f]))
            continue;
        if (n > 0 && f % RUN_FEATURES == 0)
            r->has[n++] = RUN;
        r->has[n++] = f;
        r->common += m->distance->weight[f];
    }
    r->has[n] = END;
}

/* A little more than a limit, so that rounding loses nothing that a closer look would keep. */
static double beyond(double limit)
{
    return limit * (1 + 1e-12);
}

/* Squared distances to eight meters over the first run of features, not scaled up; returns where
 * the run ends. */
static const size_t *add_lanes(const double *restrict tile, const treated_row *r,
                               double *restrict squared)
{
    const size_t *f = r->has;
    double sum[LANES] = { 0 };
    /* Ended by a mark and not counted, so that compilers vectorise over meters and not over
     * features, which took half as long again. */
    for (; *f < END; f++) {
        const double *p = tile + *f * LANES;
        double x = r->x[*f];
        for (size_t j = 0; j < LANES; j++) {
            double e = p[j] - x;
            sum[j] += e * e;
        }
    }
    memcpy(squared, sum, sizeof sum);
    return f;
}

/* Adds the runs from f on to the squared distance to one of the eight; sums only grow, so that one
 * above `far` could not be kept and is left as it is. In the order of lanes. */
static double add_rest(const double *lane, const treated_row *r, const size_t *f, double squared,
                       double far)
{
    while (*f == RUN && !(squared > far))
        for (f++; *f < END; f++) {
            double e = lane[*f * LANES] - r->x[*f];
            squared += e * e;
        }
    return squared;
}

static void meet_block(const matcher *m, const treated_row *r, const double *tile, mdg_range pool,
                       shortlist *near)
{
    size_t d = m->distance->d;
    double below = bar(m, near), far = beyond(below * r->common);
    for (size_t at = pool.from; at < pool.to; at += LANES, tile += d * LANES) {
        double squared[LANES];
        const size_t *rest = add_lanes(tile, r, squared);
        for (size_t j = 0; j < LANES; j++) {
            squared[j] = add_rest(tile + j, r, rest, squared[j], far);
            if (squared[j] > far)
                continue;
            double s = isnan(squared[j]) ? pair_squared(m, r->x, m->g->pool.value + (at + j) * d)
                                         : squared[j] / r->common;
            if (!(s < below))
                continue;
            keep(near, m->room, (candidate){ s, at + j });
            below = bar(m, near);
            far = beyond(below * r->common);
        }
    }
}

static mdg_range block_at(const matcher *m, size_t from)
{
    size_t n = m->g->pool.n;
    return (mdg_range){ from, from + m->block < n ? from + m->block : n };
}

/* Excluded and taken meters, and the end of the last group of lanes, are infinitely far away. */
static void load_block(const matcher *m, mdg_range pool, double *tile)
{
    const mdg_features *p = &m->g->pool;
    size_t d = p->d;
    for (size_t at = pool.from; at < pool.to; at += LANES, tile += d * LANES)
        for (size_t j = 0; j < LANES; j++) {
            bool out = at + j >= pool.to || m->taken[at + j] || features_excluded(p, at + j);
            for (size_t f = 0; f < d; f++)
                tile[f * LANES + j] =
                    out ? MDG_INFINITY : p->value[(at + j) * d + f] * m->distance->multiplier[f];
        }
}

static bool comparable(const matcher *m, size_t treated, const treated_row *r)
{
    return !features_excluded(&m->g->treated, treated) && r->common > 0 &&
           r->common >= m->opts->min_common;
}

/* One chunk of treated meters against the whole pool. */
static mdg_status search_chunk(void *context, size_t chunk, size_t worker, mdg_error *err)
{
    (void)err;
    const matcher *m = context;
    size_t d = m->distance->d, n = m->g->pool.n;
    size_t from = chunk * CHUNK, to = from + CHUNK;
    if (to > m->g->treated.n)
        to = m->g->treated.n;
    double *tile = m->tile + worker * m->block * d;
    treated_row row[CHUNK];
    for (size_t t = from; t < to; t++) {
        size_t at = worker * CHUNK + t - from;
        row[t - from] = (treated_row){ .x = m->row + at * d, .has = m->has + at * list_room(d) };
        scale_row(m, t, &row[t - from]);
    }
    for (size_t at = 0; at < n; at += m->block) {
        mdg_range pool = block_at(m, at);
        load_block(m, pool, tile);
        for (size_t t = from; t < to; t++)
            if (comparable(m, t, &row[t - from]))
                meet_block(m, &row[t - from], tile, pool, &m->near[t]);
    }
    return MDG_OK;
}

/* ---- without replacement -------------------------------------------------------------------- */

typedef struct turn {
    size_t treated, candidates;
    double farthest; /* squared distance of the last neighbour that it would like */
} turn;

static int hardest_first(const void *a, const void *b)
{
    const turn *x = a, *y = b;
    if (x->candidates != y->candidates)
        return x->candidates < y->candidates ? -1 : 1;
    if (x->farthest > y->farthest || x->farthest < y->farthest)
        return x->farthest > y->farthest ? -1 : 1;
    return x->treated < y->treated ? -1 : 1;
}

static void order_turns(const matcher *m, turn *turns)
{
    for (size_t t = 0; t < m->g->treated.n; t++) {
        const shortlist *near = &m->near[t];
        size_t wanted = near->n < m->opts->neighbours ? near->n : m->opts->neighbours;
        turns[t] = (turn){ .treated = t,
                           .candidates = wanted,
                           .farthest = wanted > 0 ? near->list[wanted - 1].squared : 0 };
    }
    qsort(turns, m->g->treated.n, sizeof *turns, hardest_first);
}

/* The nearest that are still free. */
static void rescan(const matcher *m, size_t treated, shortlist *near)
{
    treated_row row = { .x = m->row, .has = m->has };
    scale_row(m, treated, &row);
    near->n = near->next = 0;
    for (size_t at = 0; at < m->g->pool.n; at += m->block) {
        mdg_range pool = block_at(m, at);
        load_block(m, pool, m->tile);
        meet_block(m, &row, m->tile, pool, near);
    }
}

static bool take_next(const matcher *m, shortlist *near, candidate *out)
{
    for (; near->next < near->n; near->next++) {
        candidate c = near->list[near->next];
        if (m->taken[c.index])
            continue;
        m->taken[c.index] = 1;
        *out = c;
        near->next++;
        return true;
    }
    return false;
}

static void put(mdg_match *r, size_t treated, size_t place, candidate c)
{
    r->neighbour[treated * r->neighbours + place] = c.index;
    r->distance[treated * r->neighbours + place] = sqrt(c.squared);
}

static void choose_in_rounds(const matcher *m, const turn *turns, mdg_match *r)
{
    for (size_t round = 0; round < r->neighbours; round++)
        for (size_t k = 0; k < m->g->treated.n; k++) {
            size_t t = turns[k].treated;
            shortlist *near = &m->near[t];
            candidate c;
            bool found = take_next(m, near, &c);
            /* A list that is not full held all that there was. */
            if (!found && near->n == m->room) {
                rescan(m, t, near);
                r->rescans++;
                found = take_next(m, near, &c);
            }
            if (found)
                put(r, t, round, c);
        }
}

static void choose_nearest(const matcher *m, mdg_match *r)
{
    for (size_t t = 0; t < m->g->treated.n; t++)
        for (size_t k = 0; k < m->near[t].n; k++)
            put(r, t, k, m->near[t].list[k]);
}

/* ---- public --------------------------------------------------------------------------------- */

static mdg_status check_match(const mdg_groups *g, const mdg_distance *distance,
                              const mdg_match_opts *opts, mdg_error *err)
{
    if (g->treated.d != distance->d || g->pool.d != distance->d || distance->d == 0)
        return mdg_fail(err, MDG_E_RANGE, "a distance of %zu features for meters with %zu and %zu",
                        distance->d, g->treated.d, g->pool.d);
    if (opts->neighbours == 0 || opts->threads == 0)
        return mdg_fail(err, MDG_E_RANGE, "%zu neighbours by %zu threads", opts->neighbours,
                        opts->threads);
    if (!(opts->caliper > 0) || !(opts->min_common >= 0 && opts->min_common <= 1))
        return mdg_fail(err, MDG_E_RANGE, "a caliper of %g, a common weight of %g", opts->caliper,
                        opts->min_common);
    return MDG_OK;
}

static size_t shortlist_room(const mdg_groups *g, const mdg_match_opts *opts)
{
    size_t n = g->pool.n, room = opts->neighbours;
    if (!opts->replacement && room < n) {
        room = room > n / 4 ? n : 4 * room;
        room = room < opts->candidates ? opts->candidates : room;
    }
    return room < n ? room : n;
}

/* Scratch; the tile and rows of a worker are its own. */
static mdg_status make_matcher(matcher *m, mdg_arena *mem, mdg_error *err)
{
    size_t d = m->distance->d, n = m->g->treated.n, threads = m->opts->threads;
    if (threads > n / CHUNK + 1)
        threads = n / CHUNK + 1;
    m->room = shortlist_room(m->g, m->opts);
    m->limit = m->opts->caliper * m->opts->caliper;
    m->block = BLOCK_BYTES / (d * sizeof(double)) / LANES * LANES;
    if (m->block == 0)
        m->block = LANES;
    candidate *all = n > 0 && m->room > SIZE_MAX / n ? NULL : mdg_new(mem, candidate, n * m->room);
    m->near = mdg_new(mem, shortlist, n);
    m->tile = mdg_new(mem, double, threads * m->block * d);
    m->row = mdg_new(mem, double, threads *CHUNK *d);
    m->has = mdg_new(mem, size_t, threads * CHUNK * list_room(d));
    m->taken = mdg_new(mem, uint8_t, m->g->pool.n);
    if (!all || !m->near || !m->tile || !m->row || !m->has || !m->taken)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu candidates of %zu meters",
                        m->room, n);
    for (size_t t = 0; t < n; t++)
        m->near[t].list = all + t * m->room;
    return MDG_OK;
}

static mdg_status choose(matcher *m, mdg_arena *mem, mdg_match *r, mdg_error *err)
{
    size_t n = m->g->treated.n;
    MDG_TRY(make_matcher(m, mem, err));
    MDG_TRY(mdg_parallel((n + CHUNK - 1) / CHUNK, m->opts->threads, search_chunk, m, err));
    if (m->opts->replacement) {
        choose_nearest(m, r);
        return MDG_OK;
    }
    turn *turns = mdg_new(mem, turn, n);
    if (!turns)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the turns of %zu meters", n);
    order_turns(m, turns);
    choose_in_rounds(m, turns, r);
    return MDG_OK;
}

static mdg_status make_match(const mdg_groups *g, size_t neighbours, mdg_arena *mem, mdg_match *out,
                             mdg_error *err)
{
    size_t n = g->treated.n;
    bool fits = n == 0 || neighbours <= SIZE_MAX / n;
    *out = (mdg_match){ .neighbours = neighbours };
    out->neighbour = fits ? mdg_new(mem, size_t, n * neighbours) : NULL;
    out->distance = fits ? mdg_new(mem, double, n *neighbours) : NULL;
    out->weight = mdg_new(mem, double, g->pool.n);
    if (!out->neighbour || !out->distance || !out->weight)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu neighbours of %zu meters",
                        neighbours, n);
    for (size_t i = 0; i < n * neighbours; i++) {
        out->neighbour[i] = MDG_NO_METER;
        out->distance[i] = MDG_NAN;
    }
    return MDG_OK;
}

/* Each matched meter hands out a weight of one in equal parts. */
static void hand_out_weights(size_t treated, mdg_match *r)
{
    for (size_t t = 0; t < treated; t++) {
        const size_t *of = r->neighbour + t * r->neighbours;
        size_t n = 0;
        while (n < r->neighbours && of[n] != MDG_NO_METER)
            n++;
        r->matched += n > 0;
        r->short_of += n > 0 && n < r->neighbours;
        for (size_t k = 0; k < n; k++)
            r->weight[of[k]] += 1 / (double)n;
    }
}

mdg_status mdg_match_nearest(const mdg_groups *g, const mdg_distance *distance,
                             const mdg_match_opts *opts, mdg_arena *mem, mdg_match *out,
                             mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    MDG_TRY(check_match(g, distance, opts, err));
    mdg_match r;
    MDG_TRY(make_match(g, opts->neighbours, mem, &r, err));
    mdg_arena_mark mark = mdg_arena_position(mem);
    matcher m = { .g = g, .distance = distance, .opts = opts };
    mdg_status s = choose(&m, mem, &r, err);
    mdg_arena_reset(mem, mark);
    if (s != MDG_OK)
        return s;
    hand_out_weights(g->treated.n, &r);
    *out = r;
    return MDG_OK;
}
