/* The simulated city as a city has it: meter exports by year, a weather file, a list of meters, and
 * the measure's YAML file. */
#ifndef MADANG_APP_DEMO_RAW_FILES_H
#define MADANG_APP_DEMO_RAW_FILES_H

#include "demo/raw_gas.h"
#include "demo/truth.h"

enum { RAW_FIRST_YEAR = 2019, RAW_YEARS = 6 }; /* electricity: the last three */

typedef struct raw_request {
    const city *city;
    const char *folder;
    gas_resolution gas; /* by day and bill of all buildings; by hour of those with a smart meter */
    bool gas_only;      /* no electricity */
    bool quiet;
} raw_request;

/* Writes folder/raw/..., folder/measures/...; files appear together at the end.
 * truth  out, arrays in mem; of fuels that are not written 0
 * fails  MDG_E_WRITE, MDG_E_MEMORY */
mdg_status raw_files_write(const raw_request *q, mdg_arena *mem, city_truth *truth, mdg_error *err);
/* A third of the treated homes and a twentieth of the others have a smart gas meter. */
bool raw_smart(const city *c, size_t building);
/* Homes that got controls and are in the files of that resolution. */
size_t raw_controls(const city *c, gas_resolution gas);
/* "gas", "electricity" */
const char *raw_fuel_name(city_fuel fuel);

#endif
