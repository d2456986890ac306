/* The gas meters' exports at other resolutions than the day. */
#ifndef MADANG_APP_DEMO_RAW_GAS_H
#define MADANG_APP_DEMO_RAW_GAS_H

#include "demo/city.h"

#include <stdio.h>

typedef enum gas_resolution { GAS_DAYS, GAS_HOURS, GAS_BILLS } gas_resolution;

/* The header line of a file. */
const char *raw_gas_header(gas_resolution resolution);
/* One building's lines of one year, for hours and bills.
 * values   hours: 24 for each day, NaN is missing; bills: daily use */
void raw_gas_hours(const city *c, size_t building, const double *hours, char (*dates)[11], int year,
                   FILE *to);
void raw_gas_bills(const city *c, size_t building, const double *used, char (*dates)[11], int year,
                   FILE *to);

#endif
