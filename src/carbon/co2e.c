/* Energy times an emission factor. */
#include <madang/carbon.h>

#include <string.h>

mdg_status mdg_co2e_factor_make(double value, const char *unit, mdg_co2e_factor *out,
                                mdg_error *err)
{
    const char *slash = strchr(unit, '/');
    char mass_name[16];
    size_t n = slash ? (size_t)(slash - unit) : 0;
    mdg_co2e_factor f = { .value = value };
    if (!slash || n == 0 || n >= sizeof mass_name) {
        mdg_fail(err, MDG_E_UNIT, "'%s' is no unit of an emission factor", unit);
        mdg_hint(err, "write mass per energy, such as kgCO2e/kWh");
        return MDG_E_UNIT;
    }
    memcpy(mass_name, unit, n);
    mass_name[n] = '\0';
    MDG_TRY(mdg_unit_find(mass_name, &f.mass, err));
    MDG_TRY(mdg_unit_find(slash + 1, &f.energy, err));
    if (f.mass->dimension != MDG_DIM_MASS || f.energy->dimension != MDG_DIM_ENERGY) {
        mdg_fail(err, MDG_E_UNIT, "'%s' is not mass per energy", unit);
        mdg_hint(err, "write it such as kgCO2e/kWh");
        return MDG_E_UNIT;
    }
    if (!isfinite(value) || value < 0) {
        mdg_fail(err, MDG_E_RANGE, "an emission factor of %g %s", value, unit);
        mdg_hint(err, "give a number of 0 or more");
        return MDG_E_RANGE;
    }
    *out = f;
    return MDG_OK;
}

mdg_status mdg_co2e_kg(double energy, const mdg_unit *unit, const mdg_co2e_factor *factor,
                       double *kg, mdg_error *err)
{
    double in_factor_unit;
    MDG_TRY(mdg_unit_convert(energy, unit, factor->energy, &in_factor_unit, err));
    *kg = in_factor_unit * factor->value * factor->mass->factor;
    return MDG_OK;
}

mdg_status mdg_co2e_estimate(const mdg_estimate *energy, const mdg_unit *unit,
                             const mdg_co2e_factor *factor, mdg_estimate *kg, mdg_error *err)
{
    mdg_estimate e;
    MDG_TRY(mdg_co2e_kg(energy->value, unit, factor, &e.value, err));
    MDG_TRY(mdg_co2e_kg(energy->lo, unit, factor, &e.lo, err));
    MDG_TRY(mdg_co2e_kg(energy->hi, unit, factor, &e.hi, err));
    *kg = e;
    return MDG_OK;
}
