/* Shared by pooling: the highest point of a likelihood of at most three parameters, within bounds.
 */
#ifndef MADANG_POOL_CLIMB_H
#define MADANG_POOL_CLIMB_H

#include <madang/base.h>

enum { CLIMB_MOST = 3 };

/* A likelihood's logarithm at a point. `curve` is minus its second derivatives, or what is expected
 * of them; a value that is not finite is off the map. */
typedef struct climb_point {
    double x[CLIMB_MOST];
    double value;
    double slope[CLIMB_MOST];
    double curve[CLIMB_MOST][CLIMB_MOST];
} climb_point;

typedef struct climb {
    size_t n;                                    /* parameters, 1..3 */
    double lower[CLIMB_MOST], upper[CLIMB_MOST]; /* a parameter with both the same is held there */
    /* Reads p->x and fills in the rest, which is 0. */
    void (*look)(const void *context, climb_point *p);
    const void *context;
} climb;

/* From p->x, within bounds, to the top nearest uphill; a bound is reached exactly. False when none
 * is found: the climb leads away without end, or starts off the map. */
bool climb_to_top(const climb *c, climb_point *p);
/* The variance of one parameter by the curvature at `p`, parameters at a bound being held there;
 * NaN when the curvature does not give one. */
double climb_variance(const climb *c, const climb_point *p, size_t parameter);

#endif
