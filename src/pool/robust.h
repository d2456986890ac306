/* Shared by pooling: standard errors that hold even if the model of variances does not. */
#ifndef MADANG_POOL_ROBUST_H
#define MADANG_POOL_ROBUST_H

#include <madang/base.h>

/* A fit whose records lie in clusters, one after the other. Cluster i has the variances
 * diag(own) + between 1 1'. */
typedef struct clustered {
    size_t k, p, clusters;
    const size_t *start; /* clusters + 1: first record of each */
    const double *own;   /* k, > 0 */
    double between;
    const double *y;    /* p columns of k: the design, turned so that y' V^-1 y = 1 */
    const double *e;    /* k: residuals */
    const double *root; /* p x p by row: coefficients = root y' V^-1 effects */
} clustered;

/* CR2 standard errors of the coefficients and Satterthwaite's degrees of freedom, p each. Takes
 * about 250 k (p + 2)^2 multiplications. fails  MDG_E_MEMORY */
mdg_status robust_errors(const clustered *c, mdg_arena *mem, double *se, double *df,
                         mdg_error *err);

#endif
