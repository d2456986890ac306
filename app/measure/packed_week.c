/* Packs hours of the week into 16 bits each. */
#include "measure/packed_week.h"

#define MISSING INT16_MIN

void packed_week_make(const double *hours, packed_week *out)
{
    double largest = 0;
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
        largest = fmax(largest, fabs(hours[h]));
    out->step = largest / INT16_MAX;
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++) {
        double steps = out->step > 0 ? hours[h] / out->step : 0;
        out->hour[h] = isnan(hours[h]) ? MISSING : (int16_t)lround(fmin(steps, INT16_MAX));
    }
}

void packed_week_get(const packed_week *w, double *hours)
{
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
        hours[h] = w->hour[h] == MISSING ? MDG_NAN : w->step * w->hour[h];
}
