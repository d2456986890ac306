/* Which emission factors a measure asks for. */
#include "measure/spec.h"

#include <stdio.h>
#include <string.h>

enum {
    NUMBER = 1 << CO2E_NUMBER,
    GRID = 1 << CO2E_GRID,
    FUEL = 1 << CO2E_FUEL,
    SERIES = 1 << CO2E_SERIES
};

/* What each key goes with. */
static const struct {
    const char *key;
    unsigned ways;
} keys[] = {
    { "factor", NUMBER },
    { "unit", NUMBER },
    { "source", NUMBER | SERIES },
    { "id", NUMBER | SERIES },
    { "year", NUMBER | GRID },
    { "half_width", NUMBER | GRID | FUEL | SERIES },
    { "region", GRID | SERIES },
    { "use", GRID },
    { "latest", GRID },
    { "fuel", FUEL },
    { "sector", FUEL },
    { "gwp", FUEL },
    { "gross", FUEL },
    { "factors", SERIES },
    { "kind", NUMBER | SERIES },
};
static const char *const way_words[] = { "a factor of your own", "a grid of the table",
                                         "a fuel of the table", "a table of factors" };

static const char *full(const measure_co2e *c, const char *key, char out[64])
{
    snprintf(out, 64, "%s.%s", c->key, key);
    return out;
}

static bool has(const measure_spec *s, const measure_co2e *c, const char *key)
{
    char name[64];
    return measure_spec_line(s, full(c, key, name)) > 0;
}

static mdg_status refuse(const measure_spec *s, const measure_co2e *c, const char *key,
                         const char *hint, mdg_error *err)
{
    char name[64];
    mdg_hint(err, "%s", hint);
    return measure_spec_at(s, *key ? full(c, key, name) : c->key, err ? err->status : MDG_E_SCHEMA,
                           err);
}

static mdg_status check_keys(const measure_spec *s, measure_co2e *c, mdg_error *err)
{
    c->way = c->factors                                 ? CO2E_SERIES
             : has(s, c, "factor") || has(s, c, "unit") ? CO2E_NUMBER
             : c->region                                ? CO2E_GRID
             : c->fuel                                  ? CO2E_FUEL
                                                        : CO2E_NUMBER;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!has(s, c, keys[i].key) || keys[i].ways >> c->way & 1)
            continue;
        mdg_fail(err, MDG_E_CONFLICT, "'%s.%s' does not go with %s", c->key, keys[i].key,
                 way_words[c->way]);
        return refuse(s, c, keys[i].key, "leave it out; docs/carbon.md has examples", err);
    }
    if (has(s, c, "half_width") && !(c->half_width >= 0)) {
        mdg_fail(err, MDG_E_RANGE, "a half-width of %g", c->half_width);
        return refuse(s, c, "half_width", "give a number of 0 or more, in the factor's unit", err);
    }
    return MDG_OK;
}

static mdg_status check_number(const measure_spec *s, const measure_co2e *c, mdg_error *err)
{
    if (c->unit && c->source && !isnan(c->factor))
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "%s needs factor, unit and source", c->key);
    return refuse(s, c, "",
                  "such as {factor: 0.183, unit: kgCO2e/kWh, source: \"where it is from\"}, or "
                  "{region: KR, year: 2021}, {fuel: natural_gas} or {factors: TABLE.parquet}",
                  err);
}

static mdg_status check_grid(const measure_spec *s, const measure_co2e *c, mdg_error *err)
{
    if (c->year == 0) {
        mdg_fail(err, MDG_E_SCHEMA, "%s needs the year of the grid", c->key);
        return refuse(s, c, "region", "such as {region: KR, year: 2021, use: consumption}", err);
    }
    if (c->use && strcmp(c->use, "generation") != 0 && strcmp(c->use, "consumption") != 0) {
        mdg_fail(err, MDG_E_SCHEMA, "unknown use of the grid '%s'", c->use);
        return refuse(s, c, "use", "generation (at the power plant) or consumption (with losses)",
                      err);
    }
    return MDG_OK;
}

/* The tables of grids and fuels are per kWh of electricity and per kWh of fuel. */
static mdg_status check_quantity(const measure_spec *s, const measure_co2e *c, mdg_error *err)
{
    static const char *const unburnt[] = { "electricity", "heat", "cooling" };
    bool electric = strcmp(s->fuel, "electricity") == 0, burnt = true;
    for (size_t i = 0; i < sizeof unburnt / sizeof *unburnt; i++)
        burnt &= strcmp(s->fuel, unburnt[i]) != 0;
    bool grid = c->way == CO2E_GRID;
    if (c->way == CO2E_NUMBER || c->way == CO2E_SERIES || (grid ? electric : burnt))
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "%s gives no factor of %s", way_words[c->way], s->fuel);
    return refuse(s, c, grid ? "region" : "fuel", "give factor, unit and source", err);
}

mdg_factor_kind measure_co2e_usual_kind(const char *fuel)
{
    static const char *const burnt[] = { "gas", "oil", "wood" };
    for (size_t i = 0; i < sizeof burnt / sizeof *burnt; i++)
        if (strcmp(fuel, burnt[i]) == 0)
            return MDG_FACTOR_FUEL;
    return MDG_FACTOR_AVERAGE;
}

static mdg_status find_basis(const measure_spec *s, measure_co2e *c, mdg_error *err)
{
    c->basis = c->way == CO2E_GRID   ? MDG_FACTOR_AVERAGE
               : c->way == CO2E_FUEL ? MDG_FACTOR_FUEL
                                     : measure_co2e_usual_kind(s->fuel);
    if (!c->kind)
        return MDG_OK;
    mdg_status status = mdg_factor_kind_find(c->kind, &c->basis, err);
    char name[64];
    return measure_spec_at(s, full(c, "kind", name), status, err);
}

static mdg_status check_one(const measure_spec *s, measure_co2e *c, mdg_error *err)
{
    MDG_TRY(check_keys(s, c, err));
    MDG_TRY(check_quantity(s, c, err));
    MDG_TRY(find_basis(s, c, err));
    if (c->way == CO2E_NUMBER)
        MDG_TRY(check_number(s, c, err));
    if (c->way == CO2E_GRID)
        MDG_TRY(check_grid(s, c, err));
    return MDG_OK;
}

/* One of `average` and `marginal`, which say what they are. */
static mdg_status check_named(measure_spec *s, measure_co2e *c, mdg_factor_kind kind,
                              mdg_error *err)
{
    MDG_TRY(check_one(s, c, err));
    if (kind == MDG_FACTOR_MARGINAL && c->way == CO2E_GRID) {
        mdg_fail(err, MDG_E_CONFLICT, "the table of grids has averages, and '%s' is marginal",
                 c->key);
        return refuse(s, c, "region", "give factor, unit and source, or factors: TABLE.parquet",
                      err);
    }
    c->basis = kind;
    s->co2e[s->n_co2e++] = *c;
    return MDG_OK;
}

mdg_status measure_co2e_check(measure_spec *s, mdg_error *err)
{
    measure_co2e *plain = &s->co2e_plain, *average = &s->co2e_average,
                 *marginal = &s->co2e_marginal;
    plain->key = "co2e";
    average->key = "co2e.average";
    marginal->key = "co2e.marginal";
    plain->given = measure_spec_line(s, plain->key) > 0;
    average->given = measure_spec_line(s, average->key) > 0;
    marginal->given = measure_spec_line(s, marginal->key) > 0;
    bool apart = average->given || marginal->given;
    for (size_t i = 0; apart && i < sizeof keys / sizeof *keys; i++) {
        if (!has(s, plain, keys[i].key))
            continue;
        mdg_fail(err, MDG_E_CONFLICT, "'co2e.%s' stands beside 'average' or 'marginal'",
                 keys[i].key);
        return refuse(s, plain, keys[i].key, "move it into the one that it belongs to", err);
    }
    if (plain->given && !apart) {
        MDG_TRY(check_one(s, plain, err));
        s->co2e[s->n_co2e++] = *plain;
    }
    if (average->given)
        MDG_TRY(check_named(s, average, MDG_FACTOR_AVERAGE, err));
    if (marginal->given)
        MDG_TRY(check_named(s, marginal, MDG_FACTOR_MARGINAL, err));
    return MDG_OK;
}
