/* Emission factors: made by hand, of the grid, of fuels. */
#include "carbon/tables.h"

#include <string.h>

static const char *const kind_codes[] = {
#define X(name, code) code,
    MDG_FACTOR_KINDS(X)
#undef X
};

const char *mdg_factor_kind_code(mdg_factor_kind k)
{
    return kind_codes[k];
}

mdg_status mdg_factor_kind_find(const char *code, mdg_factor_kind *out, mdg_error *err)
{
    size_t i;
    MDG_TRY(carbon_find("kind of factor", kind_codes, MDG_FACTOR_KIND_COUNT, code,
                        "one of average, marginal, fuel", &i, err));
    *out = (mdg_factor_kind)i;
    return MDG_OK;
}

mdg_status mdg_factor_make(mdg_factor_kind kind, double value, const char *unit, mdg_factor *out,
                           mdg_error *err)
{
    const char *slash = strchr(unit, '/');
    char mass_name[16];
    size_t n = slash ? (size_t)(slash - unit) : 0;
    mdg_factor f = { .kind = kind, .value = value, .half_width = MDG_NAN };
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
    double per_kwh;
    MDG_TRY(mdg_factor_per_kwh(&f, value, &per_kwh, err));
    if (per_kwh > MDG_FACTOR_MOST) {
        mdg_fail(err, MDG_E_RANGE, "an emission factor of %g %s", value, unit);
        mdg_hint(err, "above %g kgCO2e/kWh no fuel or grid is known: is the unit right?",
                 MDG_FACTOR_MOST);
        return MDG_E_RANGE;
    }
    *out = f;
    return MDG_OK;
}

mdg_status mdg_factor_add(const mdg_factor *a, const mdg_factor *b, mdg_factor *out, mdg_error *err)
{
    if (a->kind != b->kind) {
        mdg_fail(err, MDG_E_CONFLICT, "%s and %s factors do not mix", kind_codes[a->kind],
                 kind_codes[b->kind]);
        mdg_hint(err, "give results by each kind side by side");
        return MDG_E_CONFLICT;
    }
    if (a->year != b->year) {
        mdg_fail(err, MDG_E_CONFLICT, "factors of %d and %d do not add", a->year, b->year);
        mdg_hint(err, "take both of one year");
        return MDG_E_CONFLICT;
    }
    mdg_factor sum = *a;
    double scale = b->mass->factor / a->mass->factor * (a->energy->factor / b->energy->factor);
    sum.value += b->value * scale;
    sum.half_width = hypot(a->half_width, b->half_width * scale);
    *out = sum;
    return MDG_OK;
}

/* Adds a part after a hyphen; what finds no room is left out. */
static void add_to_id(mdg_factor *f, const char *part)
{
    size_t at = strlen(f->id), hyphen = at > 0, n = strlen(part);
    if (at + hyphen + n >= sizeof f->id)
        return;
    f->id[at] = '-';
    memcpy(f->id + at + hyphen, part, n + 1);
}

/* ---- the grid ----------------------------------------------------------------------------- */

static mdg_status unknown_region(const char *region, mdg_error *err)
{
    mdg_fail(err, MDG_E_RANGE, "no grid factor of '%s' is built in", region);
    mdg_hint(err, "built in are %s; for others give factor, unit and source", grid_regions_text);
    return MDG_E_RANGE;
}

/* The years on both sides of a gap, or the end that is nearest. */
static mdg_status missing_year(const mdg_grid_query *q, const grid_row *before,
                               const grid_row *after, mdg_error *err)
{
    mdg_fail(err, MDG_E_RANGE, "no grid factor of %s for %d is built in", q->region, q->year);
    if (before && after)
        mdg_hint(err, "the nearest years are %d and %d; name one, or give factor, unit and source",
                 before->year, after->year);
    else
        mdg_hint(err, "the nearest year is %d; name it, or give factor, unit and source",
                 before ? before->year : after->year);
    return MDG_E_RANGE;
}

static mdg_status find_row(const mdg_grid_query *q, const grid_row **out, mdg_error *err)
{
    const grid_row *before = NULL, *after = NULL;
    for (size_t i = 0; i < grid_table_len; i++) {
        const grid_row *row = &grid_table[i];
        if (strcmp(row->region, q->region) != 0)
            continue;
        if (row->year <= q->year)
            before = row;
        else if (!after)
            after = row;
    }
    if (!before && !after)
        return unknown_region(q->region, err);
    if (!before || (before->year != q->year && !q->latest))
        return missing_year(q, before, after, err);
    *out = before;
    return MDG_OK;
}

mdg_status mdg_factor_of_grid(const mdg_grid_query *q, mdg_factor *out, mdg_error *err)
{
    const grid_row *row = NULL;
    MDG_TRY(find_row(q, &row, err));
    bool consumption = q->use == MDG_GRID_CONSUMPTION;
    mdg_factor f;
    MDG_TRY(mdg_factor_make(MDG_FACTOR_AVERAGE, row->generation, "kgCO2e/kWh", &f, err));
    f.half_width = row->generation_half;
    f.year = row->year;
    f.source = row->source;
    add_to_id(&f, row->id);
    add_to_id(&f, consumption ? "consumption" : "generation");
    if (consumption && isnan(row->losses)) {
        mdg_fail(err, MDG_E_RANGE, "the losses of the grid of %s are not known for %d", row->region,
                 row->year);
        mdg_hint(err, "use generation, or give factor, unit and source");
        return MDG_E_RANGE;
    }
    if (consumption) {
        mdg_factor losses = f;
        losses.value = row->losses;
        losses.half_width = row->losses_half;
        MDG_TRY(mdg_factor_add(&f, &losses, &f, err));
    }
    *out = f;
    return MDG_OK;
}

/* ---- fuels -------------------------------------------------------------------------------- */

mdg_status mdg_factor_of_fuel(const mdg_fuel_use *use, mdg_factor *out, mdg_error *err)
{
    const mdg_fuel *fuel = use->fuel;
    const mdg_unit *kwh;
    double tj;
    MDG_TRY(mdg_unit_find("kWh", &kwh, err));
    MDG_TRY(mdg_fuel_net_tj(fuel, 1, kwh, use->basis, &tj, err));
    mdg_combustion burnt = mdg_fuel_burn(fuel, use->sector, tj);
    mdg_factor f;
    MDG_TRY(mdg_factor_make(MDG_FACTOR_FUEL, mdg_combustion_co2e(&burnt, use->set), "kgCO2e/kWh",
                            &f, err));
    /* The other gases' doubt is large, but they are a small part of a fossil fuel's CO2e. */
    f.half_width = fuel->biogenic ? MDG_NAN : fuel->co2_half_width * tj;
    f.source = fuel->source;
    add_to_id(&f, "fuel");
    add_to_id(&f, fuel->name);
    add_to_id(&f, use->basis == MDG_CALORIFIC_GROSS ? "gross" : "net");
    add_to_id(&f, mdg_fuel_sector_code(use->sector));
    add_to_id(&f, mdg_gwp_set_code(use->set));
    *out = f;
    return MDG_OK;
}
