/* Simulated cities that ran the same measure: coverage of what pooling says of them. */
#ifndef MADANG_TESTS_SIMULATED_CITIES_H
#define MADANG_TESTS_SIMULATED_CITIES_H

#include <madang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CITIES = 30, MOST_MODERATORS = 2, BLOCK = 50, MOST_INTERVALS = 24 };

static const double simulated_typical = 0.02, simulated_mean = 0.05;

typedef struct simulated_truth {
    size_t k, moderators;
    double slope; /* of each moderator, itself standard normal */
    double tau;
    bool own;      /* the new city has a measurement of its own */
    uint64_t seed; /* different truths, different draws */
} simulated_truth;

typedef struct simulated_cities {
    double y[MOST_CITIES], v[MOST_CITIES], x[MOST_CITIES * MOST_MODERATORS];
    double new_x[MOST_MODERATORS], new_theta, new_y, new_v;
} simulated_cities;

/* Standard errors are 1 to 4 %, their logarithms evenly: 2 % is typical. */
static inline double simulate_variance(mdg_rng *r)
{
    double se = simulated_typical * exp2(2 * mdg_rng_uniform(r) - 1);
    return se * se;
}

static inline double simulate_effect(mdg_rng *r, const simulated_truth *t, double *x)
{
    double theta = simulated_mean;
    for (size_t j = 0; j < t->moderators; j++) {
        x[j] = mdg_rng_normal(r);
        theta += t->slope * x[j];
    }
    return theta + t->tau * mdg_rng_normal(r);
}

/* The k cities and the new one are drawn alike. */
static inline void simulate_cities(uint64_t stream, const simulated_truth *t, simulated_cities *c)
{
    mdg_rng r = mdg_rng_make(t->seed, stream);
    for (size_t i = 0; i < t->k; i++) {
        double theta = simulate_effect(&r, t, c->x + i * t->moderators);
        c->v[i] = simulate_variance(&r);
        c->y[i] = theta + sqrt(c->v[i]) * mdg_rng_normal(&r);
    }
    c->new_theta = simulate_effect(&r, t, c->new_x);
    double v = simulate_variance(&r), y = c->new_theta + sqrt(v) * mdg_rng_normal(&r);
    c->new_y = t->own ? y : MDG_NAN;
    c->new_v = t->own ? v : MDG_NAN;
}

static inline mdg_effects effects_of(const simulated_cities *c, const simulated_truth *t)
{
    return (mdg_effects){ .y = c->y,
                          .v = c->v,
                          .k = t->k,
                          .x = t->moderators ? c->x : NULL,
                          .moderators = t->moderators };
}

/* ---- coverage ----------------------------------------------------------------------------- */

/* Adds what the intervals of one replicate did: whether each covers, and how wide it is. */
typedef struct covered {
    size_t covers[MOST_INTERVALS];
    double width[MOST_INTERVALS];
} covered;
typedef void replicate_fn(const simulated_cities *c, const simulated_truth *t, mdg_arena *mem,
                          covered *sums);

static inline void count_interval(covered *sums, size_t interval, mdg_bounds b, double truth)
{
    sums->covers[interval] += b.lo <= truth && truth <= b.hi;
    sums->width[interval] += b.hi - b.lo;
}

typedef struct simulation {
    const simulated_truth *truth;
    replicate_fn *replicate;
    covered *block;
} simulation;

static inline mdg_status simulate_block(void *context, size_t block, size_t worker, mdg_error *err)
{
    (void)worker;
    (void)err;
    const simulation *s = context;
    mdg_arena mem = { 0 };
    for (size_t i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
        simulated_cities c = { 0 };
        simulate_cities(i, s->truth, &c);
        s->replicate(&c, s->truth, &mem, &s->block[block]);
        mdg_arena_free(&mem);
    }
    return MDG_OK;
}

/* Percent covered, and mean half-widths in units of the typical standard error, of the first n
 * intervals, over `blocks` times BLOCK replicates; `half` may be NULL. */
static inline void simulate_coverage(const simulated_truth *t, replicate_fn *replicate,
                                     size_t blocks, size_t n, double *percent, double *half)
{
    simulation s = { t, replicate, calloc(blocks, sizeof(covered)) };
    if (!s.block || mdg_parallel(blocks, 2, simulate_block, &s, NULL) != MDG_OK)
        abort();
    double replicates = (double)(blocks * BLOCK);
    for (size_t i = 0; i < n; i++) {
        double covers = 0, width = 0;
        for (size_t b = 0; b < blocks; b++) {
            covers += (double)s.block[b].covers[i];
            width += s.block[b].width[i];
        }
        percent[i] = 100 * covers / replicates;
        if (half)
            half[i] = width / replicates / 2 / simulated_typical;
    }
    free(s.block);
}

#endif
