/* For whom, as the record and the report have it. NULL when memory is full. */
#ifndef MADANG_APP_MEASURE_INCLUSION_JSON_H
#define MADANG_APP_MEASURE_INCLUSION_JSON_H

#include "measure/json.h"
#include "measure/measure.h"

/* Adds bill, investment and burden, of all measured meters or of a group, to an object, which it
 * returns; null where the measure does not ask for them.
 * record  estimates as the record has them: effect_json, else json_estimate */
json_t *inclusion_json_add_money(json_t *object, const measure_outcome *o, const inclusion_money *m,
                                 bool record);
/* The group against the others, or null. */
json_t *inclusion_json_test(const mdg_group_test *t);
/* Whether the groups of each column differ: a list. */
json_t *inclusion_json_interaction(const measure_outcome *o);
/* How the benefit is spread over incomes, or null.
 * curve  with its points, for the report */
json_t *inclusion_json_concentration(const measure_outcome *o, bool curve);
/* Share of losers, or null where no meter was measured for whom. */
json_t *inclusion_json_losers(const measure_outcome *o);

/* CO2e that the group saved, by the first of the measure's factors; null without any. */
json_t *inclusion_json_co2e(const measure_outcome *o, const tally_group *g, bool record);

#endif
