/* Small helpers for building JSON: numbers that may be missing, estimates, days. */
#ifndef MADANG_APP_MEASURE_JSON_H
#define MADANG_APP_MEASURE_JSON_H

#include <jansson.h>
#include <madang.h>

/* null for what is not finite: JSON has no such numbers. */
json_t *json_number_or_null(double x);
/* null for what is NULL or empty. */
json_t *json_text_or_null(const char *s);
json_t *json_day(int32_t day);
/* {"value", "lo", "hi"} */
json_t *json_estimate(const mdg_estimate *e);
/* {"value", "se", "ci"}: the standard error is what the interval's half-width stands for, at the
 * normal quantile of its level. */
json_t *effect_json(const mdg_estimate *e, double level);
json_t *json_count(size_t n);

#endif
