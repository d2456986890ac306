/* Savings in CO2e: the factors that a measure asks for, and what they give. */
#ifndef MADANG_APP_MEASURE_CARBON_H
#define MADANG_APP_MEASURE_CARBON_H

#include "measure/inputs.h"
#include "measure/tally.h"

/* One set of factors with its result. */
typedef struct carbon_entry {
    mdg_factor factor; /* of a series: the mean, once it is known */
    bool series;
    double *by_step;      /* of a series: kg CO2e per unit of the measure, by day or hour */
    const char *region;   /* of a series; or NULL */
    int64_t step_seconds; /* most common one of the series */
    double missing;       /* share of the counterfactual that no factor was known for */
    mdg_co2e result;      /* of all treated meters */
} carbon_entry;

typedef struct carbon {
    carbon_entry entry[MEASURE_CO2E];
    size_t n;
} carbon;

/* Takes the factors that do not change with time.
 * fails  with the key's line: MDG_E_UNIT, MDG_E_RANGE, MDG_E_SCHEMA */
mdg_status carbon_prepare(const measure_spec *spec, carbon *out, mdg_error *err);
/* Reads the tables of factors and lays them over the days or hours of the inputs.
 * fails  with the key's line: MDG_E_OPEN, MDG_E_SCHEMA, MDG_E_CONFLICT */
mdg_status carbon_load(carbon *c, const measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                       mdg_error *err);

/* What some meters saved, in the measure's unit: savings against the counterfactual that their
 * interval belongs to, and their sums over steps. */
typedef struct carbon_saving {
    mdg_estimate energy;
    double counterfactual;
    const mdg_co2e_sums *sums; /* MEASURE_CO2E of them */
    double level;
} carbon_saving;
/* CO2e of it by entry i.
 * fails  MDG_E_SHORT when too many steps have no factor */
mdg_status carbon_estimate(const carbon *c, size_t i, const measure_inputs *in,
                           const carbon_saving *saving, mdg_co2e *out, mdg_error *err);
/* The results of all treated meters. */
mdg_status carbon_conclude(carbon *c, const measure_inputs *in, const carbon_saving *saving,
                           mdg_error *err);

#endif
