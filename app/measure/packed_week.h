/* The shape of a meter's week in 340 bytes, so that half a million meters' fit into memory. */
#ifndef MADANG_APP_MEASURE_PACKED_WEEK_H
#define MADANG_APP_MEASURE_PACKED_WEEK_H

#include <madang.h>

/* 168 numbers, each a whole multiple of `step`: within half a step, 1.6e-5 of the largest. */
typedef struct packed_week {
    double step;
    int16_t hour[MDG_WEEK_HOURS];
} packed_week;

/* hours  MDG_WEEK_HOURS finite numbers; NaN is missing */
void packed_week_make(const double *hours, packed_week *out);
void packed_week_get(const packed_week *w, double *hours);

#endif
