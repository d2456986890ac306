/* Shared by pooling: one city's likelihood as a smooth curve, and what it says of a mean. */
#ifndef MADANG_POOL_PROFILE_H
#define MADANG_POOL_PROFILE_H

#include <madang/pool.h>

/* A cubic spline through the points: value, slope and curvature have no jumps. */
typedef struct profile {
    size_t n;
    const double *x, *loglik;
    double *bend;    /* n: second derivatives at the points; none above 0 at the ends */
    double top;      /* the point with the highest value */
    double sharpest; /* minus the lowest second derivative, > 0 */
} profile;

/* fails  MDG_E_RANGE, without a place: the caller names the profile; MDG_E_MEMORY */
mdg_status profile_make(const mdg_loglik_profile *whole, mdg_arena *mem, profile *out,
                        mdg_error *err);

/* Value and first three derivatives of the curve at x. */
typedef struct profile_at {
    double value, d1, d2, d3;
} profile_at;
profile_at profile_look(const profile *p, double x);

/* ln of the integral of exp(curve(x)) over x normal about mean with variance tau2 >= 0, and its
 * derivatives by mean (m) and tau2 (t). */
typedef struct profile_integral {
    double value, m, t, mm, mt, tt;
} profile_integral;
profile_integral profile_integrate(const profile *p, double mean, double tau2);

#endif
