/* Placebos for tests. */
#ifndef MADANG_TESTS_PLACEBOS_H
#define MADANG_TESTS_PLACEBOS_H

#include "unit.h"

/* The 35 placebos of tests/oracle/make_calibration_figures.py, by pair and meter. */
enum { FIXED_PAIRS = 4, FIXED_METERS = 11, FIXED = 35 };

static inline void fixed_placebos(mdg_placebo *out)
{
    size_t n = 0;
    for (int k = 0; k < FIXED_PAIRS; k++) {
        for (int i = 0; i < FIXED_METERS; i++) {
            if ((i + 2 * k) % 5 == 0)
                continue;
            out[n++] = (mdg_placebo){
                .meter = (uint32_t)i,
                .pair = k,
                .error = 0.03 * (k * k % 3 - 0.6) + 0.012 * ((7 * i * i + 3 * k) % 13 - 5),
                .counterfactual = 1000 + 100 * ((5 * i + 2 * k) % 13),
                .scale = 0.06 + 0.01 * ((3 * i + k) % 7),
            };
        }
    }
    assert_int_equal(n, FIXED);
}

/* A world of meters: each has a size and a scale of its own, each pair of years a part that all
 * share, and errors have heavy tails (Student's t with 3 degrees of freedom). */
typedef struct world {
    double tau;
    mdg_rng rng;
} world;

static inline double heavy_tailed(mdg_rng *r)
{
    return mdg_rng_normal(r) / sqrt(2 * mdg_rng_gamma(r, 1.5) / 3);
}

static inline void draw_meters(world *w, size_t meters, mdg_placebo *out)
{
    for (size_t i = 0; i < meters; i++)
        out[i] = (mdg_placebo){ .meter = (uint32_t)i,
                                .counterfactual = exp(mdg_rng_normal(&w->rng)),
                                .scale = 0.06 * exp(0.5 * mdg_rng_normal(&w->rng)) };
}

/* The errors of all meters in one more pair of years. */
static inline void draw_pair(world *w, int32_t pair, size_t meters, mdg_placebo *out)
{
    double shared = w->tau * mdg_rng_normal(&w->rng);
    for (size_t i = 0; i < meters; i++) {
        out[i].pair = pair;
        out[i].error = shared + out[i].scale * heavy_tailed(&w->rng);
    }
}

/* meters x pairs placebos, by pair. */
static inline void draw_world(world *w, size_t meters, size_t pairs, mdg_placebo *out)
{
    draw_meters(w, meters, out);
    draw_pair(w, 0, meters, out);
    for (size_t k = 1; k < pairs; k++) {
        memcpy(out + k * meters, out, meters * sizeof *out);
        draw_pair(w, (int32_t)k, meters, out + k * meters);
    }
}

static inline double portfolio_error(const mdg_placebo *p, size_t n)
{
    double error = 0, whole = 0;
    for (size_t i = 0; i < n; i++) {
        error += p[i].counterfactual * p[i].error;
        whole += p[i].counterfactual;
    }
    return error / whole;
}

static inline void add_members(mdg_members *m, const mdg_placebo *p, size_t n, mdg_arena *mem)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(mdg_members_add(m,
                                         (mdg_member){ .counterfactual = p[i].counterfactual,
                                                       .scale = p[i].scale,
                                                       .block_sd = 2 * p[i].scale },
                                         mem, NULL),
                         MDG_OK);
}

#endif
