/* Order statistics without sorting. */
#ifndef MADANG_SERIES_ORDER_H
#define MADANG_SERIES_ORDER_H

#include <stddef.h>

/* Puts the k-th smallest of x[lo..hi] at k, smaller ones before and greater ones behind it. No
 * value may be NaN. */
void series_place_kth(double *x, size_t lo, size_t hi, size_t k);

#endif
