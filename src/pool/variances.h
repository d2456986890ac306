/* Shared by transfer: how likely each pair of variances is. */
#ifndef MADANG_POOL_VARIANCES_H
#define MADANG_POOL_VARIANCES_H

#include "pool/shrink.h"

/* Nodes of either variance. */
enum { VARIANCES_NODES = 64 };

typedef struct variances_node {
    shrink_point at;
    double weight;        /* all sum to 1 */
    double others_weight; /* without the city's own measurement; all sum to 1 */
} variances_node;

typedef struct variances {
    size_t n; /* nodes that weigh something; 1 where only the most likely pair counts */
    variances_node *node;
    double tau2, s2; /* the most likely pair */
} variances;

/* Weighs the pairs as `convention` has it.
 * fails  MDG_E_RANGE: nothing finite is left of numbers too far apart; MDG_E_MEMORY */
mdg_status variances_weigh(shrink *s, mdg_pool_pi convention, mdg_arena *mem, variances *out,
                           mdg_error *err);

#endif
