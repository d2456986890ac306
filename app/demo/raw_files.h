/* The simulated city as a city has it: meter exports by year, a weather file, a list of meters, and
 * the measure's YAML file. */
#ifndef MADANG_APP_DEMO_RAW_FILES_H
#define MADANG_APP_DEMO_RAW_FILES_H

#include "demo/raw_gas.h"

enum { RAW_YEARS = 3 };

/* Sums over the treated homes' reporting periods. */
typedef struct city_truth {
    double *without; /* by building and fuel: [2 * building + fuel], 0 when not treated */
    double *saved;
} city_truth;

/* Writes folder/raw/..., folder/measures/...; files appear together at the end.
 * gas    by day and bill of all buildings; by hour of those with the measure
 * truth  out, arrays in mem
 * fails  MDG_E_WRITE, MDG_E_MEMORY */
mdg_status raw_files_write(const city *c, const char *folder, gas_resolution gas, bool quiet,
                           mdg_arena *mem, city_truth *truth, mdg_error *err);
/* "gas", "electricity" */
const char *raw_fuel_name(city_fuel fuel);

#endif
