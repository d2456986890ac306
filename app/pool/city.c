/* Reads a city to predict for. */
#include "pool/city.h"

#include "measure/spec_co2e.h"
#include "measure/spec_document.h"
#include "measure/spec_table.h"
#include "support/bytes.h"

#include <assert.h>
#include <string.h>

enum { MAX_FILE = 1024 * 1024 };
static const char manual[] = "docs/pool.md";

#define AT(member) offsetof(pool_city, member)
static const spec_entry entries[] = {
    { "city", spec_value_line, AT(key), 0, 0 },
    { "name", spec_value_line, AT(name), 0, 0 },
    { "climate", NULL, 0, 0, 0 },
    { "climate.hdd18_c", spec_value_number, AT(hdd18_c), 0, 20000 },
    { "climate.cdd18_c", spec_value_number, AT(cdd18_c), 0, 20000 },
    { "stock", NULL, 0, 0, 0 },
    { "stock.number", spec_value_number, AT(stock), 1, 1e12 },
    { "stock.unit", spec_value_line, AT(stock_unit), 0, 0 },
    { "baseline_use", NULL, 0, 0, 0 },
    { "baseline_use.value", spec_value_number, AT(use), 1e-9, 1e15 },
    { "baseline_use.unit", spec_value_line, AT(use_unit), 0, 0 },
    { "baseline_use.fuel", spec_value_line, AT(fuel), 0, 0 },
    { "factor", NULL, 0, 0, 0 },
    { "factor.value", spec_value_number, AT(factor), 0, 1e6 },
    { "factor.unit", spec_value_line, AT(factor_unit), 0, 0 },
    { "factor.source", spec_value_line, AT(factor_source), 0, 0 },
    { "factor.half_width", spec_value_number, AT(half_width), 0, 1e6 },
    { "dose", NULL, 0, 0, 0 },
    { "dose.number", spec_value_number, AT(dose), 0, 1e15 },
    { "dose.unit", spec_value_line, AT(dose_unit), 0, 0 },
    { "year", spec_value_number, AT(year), 1900, 2200 },
};
enum { ENTRIES = sizeof entries / sizeof *entries };
static_assert((int)ENTRIES <= (int)POOL_CITY_KEYS, "lines[] must hold every key");
static const spec_table table = { entries, ENTRIES, AT(lines), manual };

mdg_status pool_city_at(const pool_city *c, const char *key, mdg_status s, mdg_error *err)
{
    if (s != MDG_OK)
        mdg_place(err, "%s", c->path);
    return spec_table_at(&table, c, c->path, key, s, err);
}

static bool given(const pool_city *c, const char *key)
{
    return spec_table_line(&table, c, key) > 0;
}

/* ---- what must fit together ----------------------------------------------------------------- */

/* What a map needs, and an example of it whole. */
static const struct {
    const char *map, *needs[3], *example;
} wholes[] = {
    { "climate",
      { "climate.hdd18_c", "climate.cdd18_c", NULL },
      "climate: {hdd18_c: 2850, cdd18_c: 680}" },
    { "stock", { "stock.number", "stock.unit", NULL }, "stock: {number: 12000, unit: home}" },
    { "baseline_use",
      { "baseline_use.value", "baseline_use.unit", "baseline_use.fuel" },
      "baseline_use: {value: 8000, unit: kWh, fuel: gas}" },
    { "factor",
      { "factor.value", "factor.unit", "factor.source" },
      "factor: {value: 0.202, unit: kgCO2e/kWh, source: \"where it is from\"}" },
    { "dose",
      { "dose.number", "dose.unit", NULL },
      "dose: {number: 1, unit: controller per home}" },
};

static mdg_status check_whole(const pool_city *c, mdg_error *err)
{
    if (!c->key) {
        mdg_fail(err, MDG_E_SCHEMA, "the key 'city' is missing");
        mdg_hint(err, "add the city's code, such as city: KR-GOY");
        return pool_city_at(c, "city", MDG_E_SCHEMA, err);
    }
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++) {
        for (size_t k = 0; k < 3 && wholes[i].needs[k]; k++) {
            if (!given(c, wholes[i].map) || given(c, wholes[i].needs[k]))
                continue;
            mdg_fail(err, MDG_E_SCHEMA, "'%s' is missing", wholes[i].needs[k]);
            mdg_hint(err, "such as %s", wholes[i].example);
            return pool_city_at(c, wholes[i].map, MDG_E_SCHEMA, err);
        }
    }
    return MDG_OK;
}

static mdg_status check_use(pool_city *c, mdg_error *err)
{
    const mdg_unit *unit, *kwh;
    if (!c->use_unit)
        return MDG_OK;
    mdg_status s = mdg_unit_find(c->use_unit, &unit, err);
    if (s == MDG_OK && unit->dimension != MDG_DIM_ENERGY) {
        s = mdg_fail(err, MDG_E_UNIT, "'%s' is no unit of energy", c->use_unit);
        mdg_hint(err, "such as kWh, MWh, therm");
    }
    if (s == MDG_OK)
        s = mdg_unit_find("kWh", &kwh, err);
    if (s == MDG_OK)
        s = mdg_unit_convert(c->use, unit, kwh, &c->use_kwh, err);
    return pool_city_at(c, "baseline_use.unit", s, err);
}

static mdg_status check_factor(pool_city *c, mdg_error *err)
{
    c->made.value = MDG_NAN;
    if (!c->factor_unit)
        return MDG_OK;
    if (!c->use_unit) {
        mdg_fail(err, MDG_E_SCHEMA, "'factor' needs the energy that it multiplies");
        mdg_hint(err, "add baseline_use: {value: 8000, unit: kWh, fuel: gas}");
        return pool_city_at(c, "factor", MDG_E_SCHEMA, err);
    }
    MDG_TRY(pool_city_at(
        c, "factor.unit",
        mdg_factor_make(measure_co2e_usual_kind(c->fuel), c->factor, c->factor_unit, &c->made, err),
        err));
    c->made.half_width = c->half_width;
    c->made.source = c->factor_source;
    return MDG_OK;
}

static mdg_status check_year(const pool_city *c, mdg_error *err)
{
    if (isnan(c->year) || fabs(c->year - nearbyint(c->year)) <= 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_RANGE, "'year' cannot be %g", c->year);
    mdg_hint(err, "give a whole year, such as 2025");
    return pool_city_at(c, "year", MDG_E_RANGE, err);
}

/* ---- public --------------------------------------------------------------------------------- */

typedef struct parsing {
    const char *path;
    mdg_arena *mem;
    pool_city *out;
} parsing;

static mdg_status read_root(void *context, yaml_document_t *doc, const yaml_node_t *root,
                            mdg_error *err)
{
    const parsing *p = context;
    pool_city c = { .path = p->path,
                    .hdd18_c = MDG_NAN,
                    .cdd18_c = MDG_NAN,
                    .stock = MDG_NAN,
                    .use = MDG_NAN,
                    .use_kwh = MDG_NAN,
                    .factor = MDG_NAN,
                    .half_width = MDG_NAN,
                    .dose = MDG_NAN,
                    .year = MDG_NAN };
    spec_source from = { p->path, doc, p->mem, err };
    MDG_TRY(spec_table_read(&from, &table, "", root, &c));
    MDG_TRY(check_whole(&c, err));
    MDG_TRY(check_use(&c, err));
    MDG_TRY(check_factor(&c, err));
    MDG_TRY(check_year(&c, err));
    if (!c.name)
        c.name = c.key;
    *p->out = c;
    return MDG_OK;
}

mdg_status pool_city_parse(const char *path, const char *yaml, size_t length, mdg_arena *mem,
                           pool_city *out, mdg_error *err)
{
    spec_document document = { path, "city", manual };
    parsing p = { path, mem, out };
    return spec_document_read(&document, yaml, length, read_root, &p, err);
}

mdg_status pool_city_read(const char *path, mdg_arena *mem, pool_city *out, mdg_error *err)
{
    bytes file;
    MDG_TRY(bytes_read(path, "a city's file", MAX_FILE, mem, &file, err));
    return pool_city_parse(path, (const char *)file.data, file.n, mem, out, err);
}

mdg_status pool_city_moderators(const pool_city *c, const pool_request *q,
                                double out[POOL_MODERATORS], mdg_error *err)
{
    static const char *const keys[] = { "climate", "climate", "dose", "year", "baseline_use" };
    const double values[] = { c->hdd18_c, c->cdd18_c, c->dose, c->year, c->use_kwh };
    for (size_t m = 0; m < q->n_moderators; m++) {
        pool_moderator which;
        bool known = pool_moderator_find(q->moderators[m], &which);
        out[m] = known ? values[which] : MDG_NAN;
        if (isfinite(out[m]))
            continue;
        mdg_fail(err, MDG_E_SCHEMA, "the city's file does not say the moderator '%.60s'",
                 q->moderators[m]);
        if (known)
            mdg_hint(err, "add the key %s; %s has an example", keys[which], manual);
        else
            mdg_hint(err, "it can say hdd18, cdd18, dose, year and use");
        return pool_city_at(c, "city", MDG_E_SCHEMA, err);
    }
    return MDG_OK;
}
