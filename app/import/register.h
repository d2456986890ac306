/* Stands of one meter's register to the use between them. */
#ifndef MADANG_APP_IMPORT_REGISTER_H
#define MADANG_APP_IMPORT_REGISTER_H

#include "import/normalise.h"

/* Differences of n stands in the order of their instants, into fewer than n readings; returns how
 * many. Missing stands, and those off a course that goes on as before, are bridged. raw is changed.
 * factor   unit of the stands to unit of the table
 * step     of the meter in seconds, to count gaps; 0: none
 * scratch  n doubles */
size_t register_differences(raw_reading *raw, size_t n, double factor, int64_t step,
                            double *scratch, reading *out, account *a);

#endif
