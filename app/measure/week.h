/* The shape of a meter's week in 340 bytes, so that half a million meters' fit into memory. */
#ifndef MADANG_APP_MEASURE_WEEK_H
#define MADANG_APP_MEASURE_WEEK_H

#include <madang.h>

/* 168 numbers, each a whole multiple of `step`: within half a step, 1.6e-5 of the largest. */
typedef struct week {
    double step;
    int16_t hour[MDG_WEEK_HOURS];
} week;

/* hours  MDG_WEEK_HOURS finite numbers; NaN is missing */
void week_pack(const double *hours, week *out);
void week_unpack(const week *w, double *hours);

#endif
