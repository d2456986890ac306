/* Savings by hour, or by day: sums over the treated meters, for those who want other factors. */
#ifndef MADANG_APP_MEASURE_BY_STEP_H
#define MADANG_APP_MEASURE_BY_STEP_H

#include "measure/inputs.h"

/* Sums over steps; arrays have n entries, or are NULL with n 0. */
typedef struct by_step {
    size_t n;
    size_t *meters; /* that have both in their reporting period */
    double *observed, *counterfactual;
} by_step;

/* fails  MDG_E_MEMORY */
mdg_status by_step_make(size_t n, mdg_arena *mem, by_step *out, mdg_error *err);
/* Adds one meter's reporting period. */
void by_step_add(by_step *s, const mdg_day_view *view);
void by_step_merge(by_step *s, const by_step *other);

/* Writes start (UTC), seconds, meters, observed, counterfactual of the steps that any meter has, in
 * the measure's unit.
 * path  ends in .csv or .parquet */
mdg_status by_step_write(const char *path, const by_step *s, const measure_inputs *in,
                         duckdb_connection con, mdg_error *err);

#endif
