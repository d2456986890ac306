/* The terminal summary of a measure. */
#ifndef MADANG_APP_MEASURE_SUMMARY_H
#define MADANG_APP_MEASURE_SUMMARY_H

#include "measure/measure.h"
#include "support/text.h"

/* Appends plain words and aligned tables, in the request's language; with truth where the request
 * has it. */
void measure_summary(const measure_outcome *o, const measure_request *request, text *out);
/* An amount of energy in a unit that reads well: "1.23 GWh" for 1230000 kWh. */
void summary_energy(char *out, size_t size, double value, const char *unit);

/* A percentage for %.1f, without the minus of what is printed as 0.0. */
double summary_percent(double percent);

#endif
