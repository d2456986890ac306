/* Simulated weather: seasons, days that resemble their neighbours, a mild last winter with a warm
 * spell. */
#ifndef MADANG_APP_DEMO_CLIMATE_H
#define MADANG_APP_DEMO_CLIMATE_H

#include <madang/base.h>

/* Hourly temperatures of one station, deg C, from local midnight of `first` on.
 * anomaly   days departures from the season that all stations share (climate_anomaly)
 * hourly_c  24 * days out
 * daily_c   days means out */
void climate_station(uint64_t seed, size_t station, int32_t first, size_t days,
                     const double *anomaly, double *hourly_c, double *daily_c);
void climate_anomaly(uint64_t seed, int32_t first, size_t days, double *anomaly);

#endif
