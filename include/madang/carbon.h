/* carbon: energy to CO2e. */
#ifndef MADANG_CARBON_H
#define MADANG_CARBON_H

#include <madang/effect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An emission factor: mass of CO2e per energy. */
typedef struct mdg_co2e_factor {
    double value;
    const mdg_unit *mass;
    const mdg_unit *energy;
} mdg_co2e_factor;

/* Reads a factor's unit such as "kgCO2e/kWh"; `value` is kept as it is.
 * fails  MDG_E_UNIT when it is not mass per energy, MDG_E_RANGE when value is negative or not
 *        finite */
mdg_status mdg_co2e_factor_make(double value, const char *unit, mdg_co2e_factor *out,
                                mdg_error *err);
/* kg CO2e of an amount of energy in `unit`.
 * fails  MDG_E_UNIT when unit is no energy */
mdg_status mdg_co2e_kg(double energy, const mdg_unit *unit, const mdg_co2e_factor *factor,
                       double *kg, mdg_error *err);
/* The same for an estimate with its interval. The factor's own uncertainty is not in it. */
mdg_status mdg_co2e_estimate(const mdg_estimate *energy, const mdg_unit *unit,
                             const mdg_co2e_factor *factor, mdg_estimate *kg, mdg_error *err);

#ifdef __cplusplus
}
#endif
#endif
