/* What the measure really saved in the simulated city. */
#ifndef MADANG_APP_DEMO_TRUTH_H
#define MADANG_APP_DEMO_TRUTH_H

#include "demo/city.h"

/* Sums over the treated homes' reporting periods, kWh. */
typedef struct city_truth {
    double *without; /* by building and fuel: [2 * building + fuel], 0 when not treated */
    double *saved;
} city_truth;

/* Arrays of zeros, in mem. fails  MDG_E_MEMORY */
mdg_status truth_make(const city *c, mdg_arena *mem, city_truth *out, mdg_error *err);
/* Adds a treated building's reporting period; others are passed over.
 * used, without  as city_use gives them */
void truth_add(city_truth *t, const city *c, size_t building, city_fuel fuel, const double *used,
               const double *without);

/* Percent of what the treated homes of a group (a column of the meters and a value in it) would
 * have used; by NULL: all of them. */
double truth_percent(const city *c, const city_truth *t, city_fuel fuel, const char *by,
                     const char *label);

#endif
