/* The restricted likelihood of effects within cities within all, and its derivatives. */
#ifndef MADANG_POOL_LEVELS_LIKELIHOOD_H
#define MADANG_POOL_LEVELS_LIKELIHOOD_H

#include "pool/climb.h"
#include "pool/fit.h"

/* The coordinates of a climb_point. */
enum { LEVELS_BETWEEN, LEVELS_WITHIN, LEVELS_VARIANCES };

typedef struct levels_model {
    pooling in;
    size_t clusters;
    size_t *start; /* clusters + 1: first record of each city */
    linear white;  /* in.l times the root of the inverse of the variances */
    double *own;   /* k: v + within */
    double *g;     /* k: V^-1 residuals */
    double *u;     /* p columns of k: V^-1 times the design, turned so that its part is 1 */
    double *along; /* p: scratch */
    double *uu, *tt, *ug, *tg; /* p x p, p x p, p, p: sums of the likelihood's derivatives */
} levels_model;

/* Fits at the variances in p->x; the restricted likelihood's logarithm but for constants. */
double levels_fit_at(levels_model *m, const climb_point *p);
/* The same with its derivatives, for climb: `context` is the address of a pointer to the model. */
void levels_look(const void *context, climb_point *at);

#endif
