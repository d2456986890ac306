/* Shared by transfer: a mixture of normal distributions. */
#ifndef MADANG_POOL_MIXTURE_H
#define MADANG_POOL_MIXTURE_H

#include <stddef.h>

typedef struct mixture_part {
    double weight, mean, sd; /* weights sum to 1; sd > 0 */
} mixture_part;

/* The number below which lies the probability p, 0 < p < 1, of n >= 1 parts. */
double mixture_quantile(const mixture_part *part, size_t n, double p);

#endif
