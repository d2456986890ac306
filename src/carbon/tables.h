/* The tables that tools/embed-factors makes of data/gwp.csv, fuels.csv and grid.csv. */
#ifndef MADANG_CARBON_TABLES_H
#define MADANG_CARBON_TABLES_H

#include <madang/carbon.h>

/* A country's grid in one year; kg CO2e per kWh, NaN is not known. Rows are in order of region and
 * year. */
typedef struct grid_row {
    const char *region, *id; /* "grid-KR-2021" */
    int year;
    double generation, losses;
    double generation_half, losses_half; /* 95 % */
    const char *source;
} grid_row;

extern const mdg_gas gas_table[];
extern const size_t gas_table_len;
extern const mdg_fuel fuel_table[];
extern const size_t fuel_table_len;
extern const grid_row grid_table[];
extern const size_t grid_table_len;
extern const char grid_regions_text[]; /* with commas between, for people */

/* Index of `name` among n names.
 * what   "fuel" and so on, for messages
 * list   the names that there are, or where they stand
 * fails  MDG_E_SCHEMA with the nearest name, or the list */
mdg_status carbon_find(const char *what, const char *const *names, size_t n, const char *name,
                       const char *list, size_t *out, mdg_error *err);

#endif
