/* Greenhouse gases and their warming potentials; names of the room's codes. */
#include "carbon/tables.h"

#include <string.h>

enum { MAX_NAMES = 128 };

mdg_status carbon_find(const char *what, const char *const *names, size_t n, const char *name,
                       const char *list, size_t *out, mdg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return MDG_OK;
        }
    }
    const char *near = mdg_near_name(name, names, n);
    mdg_fail(err, MDG_E_SCHEMA, "unknown %s '%s'", what, name);
    if (near)
        mdg_hint(err, "did you mean '%s'?", near);
    else
        mdg_hint(err, "%s", list);
    return MDG_E_SCHEMA;
}

static const char *const set_codes[] = {
#define X(name, code) code,
    MDG_GWP_SETS(X)
#undef X
};

const char *mdg_gwp_set_code(mdg_gwp_set set)
{
    return set_codes[set];
}

mdg_status mdg_gwp_set_find(const char *code, mdg_gwp_set *out, mdg_error *err)
{
    size_t i;
    MDG_TRY(carbon_find("set of warming potentials", set_codes, MDG_GWP_SET_COUNT, code,
                        "one of AR4, AR5, AR5-feedback, AR6", &i, err));
    *out = (mdg_gwp_set)i;
    return MDG_OK;
}

const mdg_gas *mdg_gases(size_t *count)
{
    *count = gas_table_len;
    return gas_table;
}

mdg_status mdg_gas_find(const char *name, const mdg_gas **out, mdg_error *err)
{
    const char *names[MAX_NAMES];
    size_t n = gas_table_len < MAX_NAMES ? gas_table_len : MAX_NAMES, i;
    for (i = 0; i < n; i++)
        names[i] = gas_table[i].name;
    MDG_TRY(carbon_find("gas", names, n, name, "data/gwp.csv lists the gases", &i, err));
    *out = &gas_table[i];
    return MDG_OK;
}

/* Of the table's gases by name; those asked for here are always in it. */
static double potential(const char *name, mdg_gwp_set set)
{
    const mdg_gas *gas;
    return mdg_gas_find(name, &gas, NULL) == MDG_OK ? gas->gwp[set] : MDG_NAN;
}

double mdg_combustion_co2e(const mdg_combustion *c, mdg_gwp_set set)
{
    return c->co2_kg * potential("CO2", set) + c->ch4_kg * potential("CH4", set) +
           c->n2o_kg * potential("N2O", set);
}
