/* Shared by pooling: effects made ready, and the parts of a fit. */
#ifndef MADANG_POOL_FIT_H
#define MADANG_POOL_FIT_H

#include "pool/tau2.h"

/* Effects are in units of `scale`, a power of two near the typical standard error, so that neither
 * tiny nor huge ones leave the range of numbers. */
typedef struct pooling {
    mdg_pool_opts opts; /* as used */
    linear l;
    double *v;
    double scale;

    tau2_estimate tau2;
    double spread; /* what the test multiplies the covariance by */
    double df;     /* of the test; infinite for z */
} pooling;

/* How its tau2 is looked for. */
tau2_way pooling_way(const pooling *p);
/* fails  MDG_E_RANGE: a number that is not finite, v <= 0, level */
mdg_status pool_check(const mdg_effects *e, const mdg_pool_opts *opts, mdg_error *err);
/* fails  as mdg_pool_fit, but for MDG_E_INTERNAL */
mdg_status pooling_load(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                        pooling *out, mdg_error *err);
/* tau2, and the fit with its weights, which p->l then holds. fails  MDG_E_INTERNAL, MDG_E_RANGE */
mdg_status pooling_solve(pooling *p, mdg_error *err);

/* Allocates the arrays of `out`. fails  MDG_E_SHORT, MDG_E_MEMORY */
mdg_status pool_allocate(const mdg_effects *e, mdg_arena *mem, mdg_pool *out, mdg_error *err);
/* All of a fit but tau2_ci, i2_ci and r2 (heterogeneity.c), which are NaN. */
mdg_status pool_describe(pooling *p, mdg_pool *out, mdg_error *err);

/* The typical variance of sampling, after the fit of equal effects. */
double heterogeneity_typical(const linear *l);
/* Q, I2 and H2, which need tau2; spoils the fit in p->l. */
void heterogeneity_describe(pooling *p, mdg_pool *out);
/* Intervals of tau2 and I2, by the Q-profile, and the share that moderators explain; the same. */
mdg_status heterogeneity_bound(pooling *p, mdg_pool *out, mdg_error *err);

/* A coefficient with its test and interval by t, or normal where df is infinite. */
mdg_coefficient pool_coefficient(double value, double se, double level, double df);
/* root root', of the upper triangle that linear_root gives; p x p. */
void pool_covariance(const double *root, size_t p, double *covariance);

/* The prediction interval around a mean. */
mdg_bounds predict_interval(const mdg_pool *fit, double value, double se);

#endif
