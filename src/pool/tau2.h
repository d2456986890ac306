/* Shared by pooling: how much true effects vary. */
#ifndef MADANG_POOL_TAU2_H
#define MADANG_POOL_TAU2_H

#include "pool/linear.h"

typedef struct tau2_estimate {
    double value;
    double se;    /* NaN for EE and when k = p */
    bool at_zero; /* the estimate is 0, or was below and cut */
} tau2_estimate;

/* How tau2 is looked for: to rounding, or no further than metafor, which stops at steps that do not
 * know of the unit `scale` of effects (as_metafor.c). */
typedef struct tau2_way {
    mdg_pool_method method;
    bool as_metafor;
    double scale;
} tau2_way;

/* With k = p always 0. Leaves l fitted with other weights.
 * fails  MDG_E_INTERNAL: no maximum was found; MDG_E_RANGE: metafor finds nothing */
mdg_status tau2_estimate_by(linear *l, const double *v, const tau2_way *way, tau2_estimate *out,
                            mdg_error *err);

/* The tau2 >= 0 at which Q, which falls with it, is `target` > 0; 0 when Q is below from the
 * start, infinite when it is above for all numbers. */
double tau2_where_q_is(linear *l, const double *v, double target);

/* By likelihood, restricted or full (likelihood.c). */
mdg_status tau2_by_likelihood(linear *l, const double *v, bool restricted, double start,
                              double *out, mdg_error *err);
/* Logarithm of the likelihood at the weights of the last fit, but for constants and, when
 * restricted, for the determinant of z' z. */
double tau2_loglik(const linear *l, bool restricted);

#endif
