/* Units of assignment, drawn again with replacement. */
#ifndef MADANG_SRC_INCLUSION_RESAMPLE_H
#define MADANG_SRC_INCLUSION_RESAMPLE_H

#include <madang/inclusion.h>

/* What is drawn: units, or groups of them when they are very many. */
typedef struct resample {
    size_t n;
    uint32_t *of; /* of each recipient, below n */
} resample;

/* recipients  how many, with their units as in mdg_concentration_data
 * fails       MDG_E_RANGE (a unit not below units), MDG_E_MEMORY */
mdg_status resample_make(const uint32_t *unit, size_t units, size_t recipients, uint64_t seed,
                         mdg_arena *mem, resample *out, mdg_error *err);
/* How often each of n units comes in one replicate; leaves the generator where draws of other kinds
 * may follow. */
void resample_draw(size_t n, mdg_rng *rng, uint32_t *times);

/* Ascending; NaN last. */
void resample_sort(double *x, size_t n);
/* The interval that replicates give, which are sorted in place: percentiles at levels that
 * Student's quantile for `units` widens. NaN with fewer than MDG_LEAST_UNITS units, or when over
 * one replicate in a hundred is NaN. */
void resample_interval(double *replicates, size_t n, size_t units, double level, mdg_estimate *out);

#endif
