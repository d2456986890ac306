/* Units of energy, power, temperature, mass and volume. */
#include <madang/base.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char si[] = "BIPM SI Brochure, 9th ed. 2019";
static const char it[] = "ISO 80000-5:2019, International Table";

static const mdg_unit units[] = {
    { "J", MDG_DIM_ENERGY, 1, 0, si },
    { "kJ", MDG_DIM_ENERGY, 1e3, 0, si },
    { "MJ", MDG_DIM_ENERGY, 1e6, 0, si },
    { "GJ", MDG_DIM_ENERGY, 1e9, 0, si },
    { "TJ", MDG_DIM_ENERGY, 1e12, 0, si },
    { "Wh", MDG_DIM_ENERGY, 3600, 0, si },
    { "kWh", MDG_DIM_ENERGY, 3.6e6, 0, si },
    { "MWh", MDG_DIM_ENERGY, 3.6e9, 0, si },
    { "GWh", MDG_DIM_ENERGY, 3.6e12, 0, si },
    { "BTU", MDG_DIM_ENERGY, 1055.05585262, 0, it },
    { "kBTU", MDG_DIM_ENERGY, 1055055.85262, 0, it },
    { "MMBTU", MDG_DIM_ENERGY, 1055055852.62, 0, it },
    { "therm", MDG_DIM_ENERGY, 105505585.262, 0, "Council Directive 80/181/EEC: 100,000 BTU (IT)" },
    { "therm_US", MDG_DIM_ENERGY, 105480400, 0, "US Federal Register 33:10756 (1968)" },
    { "kcal", MDG_DIM_ENERGY, 4186.8, 0, it },
    { "toe", MDG_DIM_ENERGY, 4.1868e10, 0, "IEA: 10 Gcal (IT)" },
    { "W", MDG_DIM_POWER, 1, 0, si },
    { "kW", MDG_DIM_POWER, 1e3, 0, si },
    { "MW", MDG_DIM_POWER, 1e6, 0, si },
    { "K", MDG_DIM_TEMPERATURE, 1, 0, si },
    { "degC", MDG_DIM_TEMPERATURE, 1, 273.15, si },
    { "degF", MDG_DIM_TEMPERATURE, 5.0 / 9.0, 273.15 - 32 * 5.0 / 9.0, "NIST SP 811, B.8" },
    { "g", MDG_DIM_MASS, 1e-3, 0, si },
    { "kg", MDG_DIM_MASS, 1, 0, si },
    { "t", MDG_DIM_MASS, 1e3, 0, si },
    { "lb", MDG_DIM_MASS, 0.45359237, 0, "NIST SP 811, B.8" },
    { "gCO2e", MDG_DIM_MASS, 1e-3, 0, si },
    { "kgCO2e", MDG_DIM_MASS, 1, 0, si },
    { "tCO2e", MDG_DIM_MASS, 1e3, 0, si },
    { "lbCO2e", MDG_DIM_MASS, 0.45359237, 0, "NIST SP 811, B.8" },
    { "m3", MDG_DIM_VOLUME, 1, 0, si },
    { "litre", MDG_DIM_VOLUME, 1e-3, 0, si },
    { "ft3", MDG_DIM_VOLUME, 0.028316846592, 0, "NIST SP 811, B.8" },
    { "ccf", MDG_DIM_VOLUME, 2.8316846592, 0, "100 ft3" },
};

enum { UNITS = sizeof units / sizeof *units };

static const char *const dimension_names[] = { "energy", "power", "temperature", "mass", "volume" };

const mdg_unit *mdg_units(size_t *count)
{
    *count = UNITS;
    return units;
}

mdg_status mdg_unit_find(const char *name, const mdg_unit **out, mdg_error *err)
{
    for (size_t i = 0; i < UNITS; i++) {
        if (strcmp(units[i].name, name) == 0) {
            *out = &units[i];
            return MDG_OK;
        }
    }
    const char *names[UNITS];
    for (size_t i = 0; i < UNITS; i++)
        names[i] = units[i].name;
    const char *near = mdg_near_name(name, names, UNITS);
    mdg_fail(err, MDG_E_UNIT, "unknown unit '%s'", name);
    if (near)
        mdg_hint(err, "did you mean '%s'?", near);
    else
        mdg_hint(err, "known are kWh, MWh, MJ, therm, BTU, m3, degC, degF, kg and others");
    return MDG_E_UNIT;
}

mdg_status mdg_unit_convert(double value, const mdg_unit *from, const mdg_unit *to, double *out,
                            mdg_error *err)
{
    if (from->dimension != to->dimension) {
        mdg_fail(err, MDG_E_UNIT, "%s is %s and %s is %s", from->name,
                 dimension_names[from->dimension], to->name, dimension_names[to->dimension]);
        mdg_hint(err, "give a unit of %s", dimension_names[from->dimension]);
        return MDG_E_UNIT;
    }
    *out = from == to ? value : (value * from->factor + (from->offset - to->offset)) / to->factor;
    return MDG_OK;
}

mdg_status mdg_gas_energy_factor(const mdg_unit *volume, double calorific_mj_per_m3,
                                 const mdg_unit *energy, double *out, mdg_error *err)
{
    if (volume->dimension != MDG_DIM_VOLUME || energy->dimension != MDG_DIM_ENERGY) {
        mdg_fail(err, MDG_E_UNIT, "a calorific value turns volume into energy, not %s into %s",
                 volume->name, energy->name);
        mdg_hint(err, "give it with a unit of volume such as m3");
        return MDG_E_UNIT;
    }
    if (!(calorific_mj_per_m3 >= 1 && calorific_mj_per_m3 <= 200)) {
        mdg_fail(err, MDG_E_RANGE, "a calorific value of %g MJ/m3", calorific_mj_per_m3);
        mdg_hint(err, "natural gas has about 38 to 43 MJ/m3 (gross)");
        return MDG_E_RANGE;
    }
    *out = volume->factor * calorific_mj_per_m3 * 1e6 / energy->factor;
    return MDG_OK;
}
