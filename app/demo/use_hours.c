/* A building's day of use, hour by hour: heating follows the cold of the hour and the clock, the
 * rest follows people. The hours of a day add up to the day of city_use. */
#include "demo/city.h"

enum { STREAM_HOURS = 3 << 28, HOURS = 24 };

/* Shares of a day, before they are made to add up to one. */
static const double heating_hours[HOURS] = { 0.6, 0.5, 0.5, 0.5, 0.7, 1.2, 1.9, 2.0,
                                             1.5, 1.1, 1.0, 0.9, 0.8, 0.8, 0.8, 0.9,
                                             1.1, 1.5, 1.8, 1.8, 1.6, 1.3, 1.0, 0.8 };
static const double water_hours[HOURS] = { 0.2, 0.1, 0.1, 0.1, 0.3, 1.0, 2.4, 2.6,
                                           1.6, 1.0, 0.8, 0.9, 1.0, 0.8, 0.6, 0.6,
                                           0.8, 1.2, 1.8, 2.0, 1.9, 1.5, 0.9, 0.5 };
static const double power_hours[HOURS] = { 0.6, 0.5, 0.5, 0.5, 0.5, 0.7, 1.0, 1.2,
                                           1.1, 1.0, 1.0, 1.0, 1.1, 1.0, 0.9, 0.9,
                                           1.1, 1.4, 1.7, 1.8, 1.7, 1.5, 1.1, 0.8 };

static void add_up_to(double *x, double total)
{
    double sum = 0;
    for (size_t h = 0; h < HOURS; h++)
        sum += x[h];
    for (size_t h = 0; h < HOURS; h++)
        x[h] *= sum > 0 ? total / sum : 0;
}

void city_use_hours(const city *c, size_t building, city_fuel fuel, const double *days,
                    double *hours)
{
    const city_building *b = &c->building[building];
    mdg_rng rng = mdg_rng_make(c->seed, STREAM_HOURS + 2 * building + fuel);
    double shift = 2 * mdg_rng_uniform(&rng) - 1;
    for (size_t i = 0; i < c->days; i++) {
        const double *t = c->hourly_c[b->station] + i * HOURS;
        double cold = fmax(0.2, b->heating_base_c - c->daily_c[b->station][i]);
        /* Of a winter's day most is heating, of a summer's day nothing. */
        double heated = fuel == CITY_GAS ? b->heating_per_k * cold : 0;
        double share = heated / (heated + fmax(0.1, b->hot_water));
        double *x = hours + i * HOURS;
        for (size_t h = 0; h < HOURS; h++) {
            double heating = heating_hours[h] * fmax(0.2, b->heating_base_c - t[h]) / cold;
            double rest = fuel == CITY_GAS ? water_hours[h] : power_hours[h];
            double noise = exp(0.25 * mdg_rng_normal(&rng));
            x[h] = noise * (share * heating + (1 - share) * rest) *
                   (1 + 0.2 * shift * (h < 12 ? 1 : -1));
        }
        add_up_to(x, days[i]);
        for (size_t h = 0; h < HOURS; h++)
            x[h] = isnan(days[i]) ? MDG_NAN : round(x[h] * 1000) / 1000;
    }
}
