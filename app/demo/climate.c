/* Simulated weather, near that of Seoul: 12.6 deg C in the mean of the year, winters below zero. */
#include "demo/climate.h"

#include <math.h>

enum { STREAM_ANOMALY = 1, STREAM_STATION = 2, STREAM_YEARS = 4096 };

#define PI 3.14159265358979323846

static const struct {
    double offset_c, swing, range_c; /* against the city's mean; half of a day's range */
} stations[] = { { 0.4, 0.95, 4.0 }, { -1.1, 1.05, 5.2 } };

/* Day of the year as an angle; coldest on 20 January. */
static double season_angle(int32_t day)
{
    mdg_date d = mdg_day_to_date(day);
    int32_t start = mdg_date_to_day((mdg_date){ d.year, 1, 1 });
    return 2 * PI * (day - start - 19) / 365.25;
}

/* Each year of the history, from March to February, has a mean of its own. */
static double year_shift(uint64_t seed, int32_t day)
{
    const double spread_c = 0.7;
    mdg_date d = mdg_day_to_date(day);
    int32_t year = d.month < 3 ? d.year - 1 : d.year;
    if (year >= 2022)
        return 0;
    mdg_rng rng = mdg_rng_make(seed, STREAM_YEARS + (uint64_t)year);
    return spread_c * mdg_rng_normal(&rng);
}

/* The last winter is milder, with twelve warm days in February. */
static double climate_shift(int32_t day)
{
    int32_t mild_from = mdg_date_to_day((mdg_date){ 2023, 10, 1 });
    int32_t spell_from = mdg_date_to_day((mdg_date){ 2024, 2, 9 });
    double shift = day >= mild_from ? 0.9 : 0;
    if (day >= spell_from && day < spell_from + 12)
        shift += 6.5 * sin(PI * (day - spell_from + 0.5) / 12);
    return shift;
}

void climate_anomaly(uint64_t seed, int32_t first, size_t days, double *anomaly)
{
    const double persistence = 0.74, spread_c = 2.9;
    mdg_rng rng = mdg_rng_make(seed, STREAM_ANOMALY);
    double a = spread_c * mdg_rng_normal(&rng);
    for (size_t i = 0; i < days; i++) {
        anomaly[i] = a + climate_shift(first + (int32_t)i) + year_shift(seed, first + (int32_t)i);
        a = persistence * a + spread_c * sqrt(1 - persistence * persistence) * mdg_rng_normal(&rng);
    }
}

void climate_station(uint64_t seed, size_t station, int32_t first, size_t days,
                     const double *anomaly, double *hourly_c, double *daily_c)
{
    mdg_rng rng = mdg_rng_make(seed, STREAM_STATION + station);
    for (size_t i = 0; i < days; i++) {
        double season =
            12.6 - 14.2 * stations[station].swing * cos(season_angle(first + (int32_t)i));
        double mean = season + stations[station].offset_c + anomaly[i] + 0.5 * mdg_rng_normal(&rng);
        double range = stations[station].range_c * (0.6 + 0.8 * mdg_rng_uniform(&rng));
        double sum = 0;
        for (size_t h = 0; h < 24; h++) {
            double t =
                mean - range * cos(2 * PI * ((double)h - 3.0) / 24) + 0.25 * mdg_rng_normal(&rng);
            /* As a weather service gives it. */
            t = round(t * 10) / 10;
            hourly_c[24 * i + h] = t;
            sum += t;
        }
        daily_c[i] = sum / 24;
    }
}
