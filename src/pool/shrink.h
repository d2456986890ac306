/* Shared by transfer: one city's effect given how much slopes and cities vary. */
#ifndef MADANG_POOL_SHRINK_H
#define MADANG_POOL_SHRINK_H

#include <madang/transfer.h>

/* y_i = mean + z_i' b + u_i + e_i, b ~ N(0, s2 I), u ~ N(0, tau2), e_i ~ N(0, v_i); the mean is
 * free. */
typedef struct shrink {
    size_t k, m;          /* cities, moderators */
    const double *y, *v;  /* k */
    const double *z;      /* k rows of m, about their means */
    const double *target; /* m: of the city asked for */
    double own_y, own_v;  /* its own measurement, or NaN */
    double typical;       /* variance of sampling of a typical city */

    /* What shrink_weigh left: all but s2. Moderators as seen along the eigenvectors of their
     * weighted squares. */
    double tau2;
    double sum_w, y_mean, yy, log_v; /* sum of weights; weighted mean; weighted squares of y about
                                        it; sum of the logarithms of v + tau2 */
    double *square;                  /* m: eigenvalues */
    double *product;                 /* m: with y */
    double *here, *middle;           /* m: the target, and 0, from the weighted mean */
    double *a, *q, *centre, *row;    /* scratch: m x m, m x m, m, m */
} shrink;

/* A normal distribution, and how likely what was measured is. */
typedef struct shrink_point {
    double loglik;           /* restricted, of all that was measured */
    double value, variance;  /* of the city's true effect */
    double others;           /* the logarithm of the likelihood without its own measurement, */
    double middle, middle_v; /* and what the others say of a city at z = 0, but for u */
    double shrinkage;        /* mean over directions of 1 / (1 + s2 square) */
    double own;              /* weight of its own measurement */
} shrink_point;

/* Scratch for l->m moderators. */
mdg_status shrink_make(shrink *s, mdg_arena *mem, mdg_error *err);
void shrink_weigh(shrink *s, double tau2);
shrink_point shrink_at(const shrink *s, double s2);

#endif
