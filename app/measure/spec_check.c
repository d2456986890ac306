/* What the keys of a measure's file need of each other. */
#include "measure/spec_check.h"

#include <assert.h>
#include <madang/effect.h>
#include <madang/measure_types.h>
#include <string.h>

static const char *const required[] = { "measure",       "quantity",          "quantity.fuel",
                                        "quantity.unit", "readings",          "weather",
                                        "installation",  "installation.from", "installation.to" };
static const char *const fuels[] = { "electricity", "gas",  "heat",  "cooling",
                                     "oil",         "wood", "other", NULL };
static const char *const models[] = {
#define X(name, code) code,
    MDG_MODELS(X)
#undef X
        NULL
};

static mdg_status refuse(const measure_spec *s, const char *key, mdg_status status,
                         const char *hint, mdg_error *err)
{
    mdg_hint(err, "%s", hint);
    return measure_spec_at(s, key, status, err);
}

static mdg_status check_required(const measure_spec *s, mdg_error *err)
{
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (measure_spec_line(s, required[i]) > 0)
            continue;
        mdg_fail(err, MDG_E_SCHEMA, "the key '%s' is missing", required[i]);
        return refuse(s, required[i], MDG_E_SCHEMA, "add it; docs/measure.md has an example", err);
    }
    return MDG_OK;
}

static bool one_of(const char *const *list, const char *s)
{
    for (; *list; list++)
        if (strcmp(*list, s) == 0)
            return true;
    return false;
}

static mdg_status check_words(measure_spec *s, mdg_error *err)
{
    const mdg_measure_type *type;
    if (s->type)
        MDG_TRY(measure_spec_at(s, "type", mdg_measure_type_find(s->type, &type, err), err));
    if (!one_of(fuels, s->fuel)) {
        mdg_fail(err, MDG_E_SCHEMA, "unknown fuel '%s'", s->fuel);
        return refuse(s, "quantity.fuel", MDG_E_SCHEMA,
                      "one of electricity, gas, heat, cooling, oil, wood, other", err);
    }
    if (!one_of(models, s->model)) {
        mdg_fail(err, MDG_E_SCHEMA, "unknown model '%s'", s->model);
        return refuse(s, "model", MDG_E_SCHEMA,
                      "one of caltrack-daily, caltrack-billing, caltrack-hourly, madang-daily",
                      err);
    }
    const mdg_unit *unit;
    mdg_status status = mdg_unit_find(s->unit, &unit, err);
    if (status == MDG_OK && unit->dimension != MDG_DIM_ENERGY) {
        status = mdg_fail(err, MDG_E_UNIT, "'%s' is no unit of energy", s->unit);
        mdg_hint(err, unit->dimension == MDG_DIM_VOLUME
                          ? "import gas volumes with --calorific-value: they become kWh"
                          : "such as kWh, MWh, therm");
    }
    return measure_spec_at(s, "quantity.unit", status, err);
}

static mdg_status check_dates(const measure_spec *s, mdg_error *err)
{
    if (!s->from.column != !s->to.column) {
        mdg_fail(err, MDG_E_SCHEMA, "installation mixes a date and a column");
        return refuse(s, "installation.to", MDG_E_SCHEMA,
                      "give two dates, or two columns of meters", err);
    }
    if (s->from.column && !s->meters) {
        mdg_fail(err, MDG_E_SCHEMA, "installation names columns, but there is no meters table");
        return refuse(s, "installation.from", MDG_E_SCHEMA, "add the key meters, or give two dates",
                      err);
    }
    if (!s->from.column && s->to.day < s->from.day) {
        mdg_fail(err, MDG_E_RANGE, "the installation ends before it begins");
        return refuse(s, "installation.to", MDG_E_RANGE,
                      "from is the first day of work, to the first day after it", err);
    }
    return MDG_OK;
}

static mdg_status check_rest(measure_spec *s, mdg_error *err)
{
    if ((s->treated || s->comparison || s->n_groups) && !s->meters) {
        const char *key = s->treated ? "treated" : s->comparison ? "comparison" : "groups";
        mdg_fail(err, MDG_E_SCHEMA, "'%s' needs a meters table", key);
        return refuse(s, key, MDG_E_SCHEMA, "add the key meters with the table's path", err);
    }
    static const char *const ways[] = { "nearest", "strata", "synthetic", "all", NULL };
    if (s->matching && !one_of(ways, s->matching)) {
        mdg_fail(err, MDG_E_SCHEMA, "unknown method of matching '%s'", s->matching);
        return refuse(s, "matching.method", MDG_E_SCHEMA, "one of nearest, strata, synthetic, all",
                      err);
    }
    if ((s->matching || s->neighbours > 0 || s->match_on || s->apart) && !s->comparison) {
        mdg_fail(err, MDG_E_SCHEMA, "'matching' needs a comparison");
        return refuse(s, "matching", MDG_E_SCHEMA,
                      "say who may be compared: comparison: \"condition\"", err);
    }
    if (s->single && strcmp(s->model, mdg_model_code(MDG_MODEL_CALTRACK_HOURLY)) != 0) {
        mdg_fail(err, MDG_E_CONFLICT, "'hourly.single' does not go with the model %s", s->model);
        return refuse(s, "hourly.single", MDG_E_CONFLICT, "it is for caltrack-hourly", err);
    }
    if (!measure_level_usable(s->level)) {
        mdg_fail(err, MDG_E_RANGE, "a level of %g", s->level);
        return refuse(s, "level", MDG_E_RANGE, MEASURE_LEVEL_HINT, err);
    }
    return measure_co2e_check(s, err);
}

/* Columns need a table, and money a currency. */
static mdg_status check_inclusion(const measure_spec *s, mdg_error *err)
{
    const spec_inclusion *w = &s->inclusion;
    const char *key = w->income                 ? "income"
                      : spec_inclusion_units(w) ? "assignment"
                      : w->cost || w->grant     ? "investment"
                                                : NULL;
    if (key && !s->meters) {
        mdg_fail(err, MDG_E_SCHEMA, "'%s' needs a meters table", key);
        return refuse(s, key, MDG_E_SCHEMA, "add the key meters with the table's path", err);
    }
    if (w->invested && !w->priced) {
        mdg_fail(err, MDG_E_SCHEMA, "'investment' needs a tariff");
        return refuse(s, "investment", MDG_E_SCHEMA,
                      "add the key tariff: its currency, and what use costs", err);
    }
    return MDG_OK;
}

mdg_status measure_spec_check(measure_spec *s, mdg_arena *mem, mdg_error *err)
{
    MDG_TRY(check_required(s, err));
    if (!s->title)
        s->title = s->measure;
    if (!s->model)
        s->model = mdg_arena_strdup(mem, models[0]);
    if (!s->model)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    s->zero_given = measure_spec_line(s, "missing.zero") > 0;
    if (!s->zero_given)
        s->zero_is_missing = strcmp(s->fuel, "electricity") == 0;
    MDG_TRY(check_words(s, err));
    MDG_TRY(check_dates(s, err));
    MDG_TRY(spec_record_check(&s->record, s->inclusion.assignment, s->path, err));
    MDG_TRY(check_inclusion(s, err));
    MDG_TRY(check_rest(s, err));
    const char *key = NULL;
    mdg_status status = spec_footprint_check(&s->footprint, s->n_co2e > 0, s->fuel, &key, err);
    return measure_spec_at(s, key ? key : "footprint", status, err);
}
