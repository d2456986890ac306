/* Fuels: amounts to net energy, and what burning gives off. */
#include "carbon/tables.h"

#include <string.h>

enum { MAX_NAMES = 256 };

static const char *const sector_codes[] = {
#define X(name, code) code,
    MDG_FUEL_SECTORS(X)
#undef X
};

const char *mdg_fuel_sector_code(mdg_fuel_sector s)
{
    return sector_codes[s];
}

mdg_status mdg_fuel_sector_find(const char *code, mdg_fuel_sector *out, mdg_error *err)
{
    size_t i;
    MDG_TRY(carbon_find("sector", sector_codes, MDG_SECTOR_COUNT, code,
                        "one of energy, manufacturing, commercial, residential", &i, err));
    *out = (mdg_fuel_sector)i;
    return MDG_OK;
}

const mdg_fuel *mdg_fuels(size_t *count)
{
    *count = fuel_table_len;
    return fuel_table;
}

mdg_status mdg_fuel_find(const char *name, const mdg_fuel **out, mdg_error *err)
{
    const char *names[MAX_NAMES];
    size_t n = fuel_table_len < MAX_NAMES ? fuel_table_len : MAX_NAMES, i;
    for (i = 0; i < n; i++)
        names[i] = fuel_table[i].name;
    MDG_TRY(carbon_find("fuel", names, n, name, "docs/carbon.md lists the fuels", &i, err));
    *out = &fuel_table[i];
    return MDG_OK;
}

static mdg_status need(const mdg_fuel *fuel, double property, const char *what, mdg_error *err)
{
    if (property > 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_RANGE, "no %s known for '%s'", what, fuel->name);
    mdg_hint(err, "give your own, or the amount in another unit");
    return MDG_E_RANGE;
}

mdg_status mdg_fuel_net_tj(const mdg_fuel *fuel, double amount, const mdg_unit *unit,
                           mdg_calorific basis, double *tj, mdg_error *err)
{
    double base = amount * unit->factor; /* J, kg or m3 */
    switch (unit->dimension) {
    case MDG_DIM_ENERGY:
        if (basis == MDG_CALORIFIC_GROSS)
            MDG_TRY(need(fuel, fuel->net_per_gross, "ratio of net to gross calorific value", err));
        *tj = base / 1e12 * (basis == MDG_CALORIFIC_GROSS ? fuel->net_per_gross : 1);
        return MDG_OK;
    case MDG_DIM_VOLUME:
        MDG_TRY(need(fuel, fuel->density, "density", err));
        base *= fuel->density;
        break;
    case MDG_DIM_MASS:
        break;
    default:
        mdg_fail(err, MDG_E_UNIT, "'%s' is no unit of a fuel", unit->name);
        mdg_hint(err, "give energy, mass or volume: kWh, t, litre, m3");
        return MDG_E_UNIT;
    }
    MDG_TRY(need(fuel, fuel->ncv, "calorific value", err));
    *tj = base / 1e6 * fuel->ncv;
    return MDG_OK;
}

mdg_combustion mdg_fuel_burn(const mdg_fuel *fuel, mdg_fuel_sector sector, double tj)
{
    return (mdg_combustion){ .co2_kg = fuel->biogenic ? 0 : fuel->co2 * tj,
                             .co2_biogenic_kg = fuel->biogenic ? fuel->co2 * tj : 0,
                             .ch4_kg = fuel->ch4[sector] * tj,
                             .n2o_kg = fuel->n2o[sector] * tj };
}
