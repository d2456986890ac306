/* Temperatures taken more often than by the hour, or off the hour, to hourly means. */
#ifndef MADANG_APP_IMPORT_HOURLY_H
#define MADANG_APP_IMPORT_HOURLY_H

#include "store/store.h"

/* Reads `from` (station, s, temp_c, row; sorted by nobody) and makes the table `to` (station, s,
 * temp_c, row) with one row an hour: a value for each minute, by a straight line between readings
 * up to an hour apart, and the mean of an hour of which more than half has minutes. source
 * CalTRACK 2.3.4 */
mdg_status hourly_means(duckdb_connection con, const char *from, const char *to, mdg_error *err);

/* The same for one station: n times in ascending order, seconds; temperatures, NaN is missing.
 * emit  called for each hour that has a mean */
typedef mdg_status hourly_emit(void *context, int64_t hour, double mean, mdg_error *err);
mdg_status hourly_station(const int64_t *time, const double *temp, size_t n, hourly_emit *emit,
                          void *context, mdg_error *err);

#endif
