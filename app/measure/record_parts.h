/* Parts of the record. Each returns a new reference, or NULL when memory is full. */
#ifndef MADANG_APP_MEASURE_RECORD_PARTS_H
#define MADANG_APP_MEASURE_RECORD_PARTS_H

#include "measure/measure.h"

#include <jansson.h>

/* Months are as fine as a record's dates get. */
json_t *record_month(int32_t day);
/* A number of meters, or of anything that counts them: a band such as "100-249" in a public
 * record. */
json_t *record_count(const measure_outcome *o, size_t n);
/* A figure. What follows from rounded numbers is not worth more than twelve digits: 0.6 is printed
 * as that. */
json_t *record_shown(const measure_outcome *o, double x);
/* {"value", "se", "ci"}: the standard error is what the interval's half-width stands for, at the
 * normal quantile of its level. */
json_t *record_effect(const measure_outcome *o, const mdg_estimate *e);
/* A diagnostic, to the given step in a public record. */
json_t *record_number(const measure_outcome *o, double x, double step);

json_t *record_city(const measure_outcome *o);
json_t *record_method(const measure_outcome *o);
json_t *record_diagnostics(const measure_outcome *o);
/* How many meters were left out, by the reason. */
json_t *record_excluded(const measure_outcome *o);
json_t *record_disclosure(const measure_outcome *o);
json_t *record_withheld(const measure_outcome *o);
json_t *record_provenance(const measure_outcome *o);
json_t *record_grade(const measure_outcome *o);

#endif
