/* Savings in CO2e. */
#include "measure/carbon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- factors that do not change ----------------------------------------------------------- */

static mdg_status at(const measure_spec *s, const measure_co2e *c, const char *key,
                     mdg_status status, mdg_error *err)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", c->key, *key ? "." : "", key);
    return measure_spec_at(s, name, status, err);
}

static mdg_status take_number(const measure_spec *s, const measure_co2e *c, mdg_factor *f,
                              mdg_error *err)
{
    MDG_TRY(at(s, c, "unit", mdg_factor_make(c->basis, c->factor, c->unit, f, err), err));
    f->source = c->source;
    f->year = c->year;
    snprintf(f->id, sizeof f->id, "%s", c->id ? c->id : "");
    return MDG_OK;
}

static mdg_status take_grid(const measure_spec *s, const measure_co2e *c, mdg_factor *f,
                            mdg_error *err)
{
    bool generation = c->use && strcmp(c->use, "generation") == 0;
    mdg_grid_query q = { .region = c->region,
                         .year = c->year,
                         .use = generation ? MDG_GRID_GENERATION : MDG_GRID_CONSUMPTION,
                         .latest = c->latest };
    return at(s, c, "region", mdg_factor_of_grid(&q, f, err), err);
}

static mdg_status take_fuel(const measure_spec *s, const measure_co2e *c, mdg_factor *f,
                            mdg_error *err)
{
    mdg_fuel_use use = { .basis = c->gross ? MDG_CALORIFIC_GROSS : MDG_CALORIFIC_NET,
                         .sector = MDG_SECTOR_RESIDENTIAL,
                         .set = MDG_GWP_AR5 };
    MDG_TRY(at(s, c, "fuel", mdg_fuel_find(c->fuel, &use.fuel, err), err));
    if (c->sector)
        MDG_TRY(at(s, c, "sector", mdg_fuel_sector_find(c->sector, &use.sector, err), err));
    if (c->gwp)
        MDG_TRY(at(s, c, "gwp", mdg_gwp_set_find(c->gwp, &use.set, err), err));
    return at(s, c, c->gross ? "gross" : "fuel", mdg_factor_of_fuel(&use, f, err), err);
}

/* Of a series the unit is that of its table; its mean is found later. */
static mdg_status take_series(const measure_co2e *c, carbon_entry *e, mdg_error *err)
{
    MDG_TRY(mdg_factor_make(c->basis, 0, "kgCO2e/kWh", &e->factor, err));
    e->series = true;
    const char *slash = strrchr(c->factors, '/');
    const char *name = slash ? slash + 1 : c->factors;
    e->factor.source = c->source ? c->source : name;
    snprintf(e->factor.id, sizeof e->factor.id, "%s", c->id ? c->id : name);
    return MDG_OK;
}

static mdg_status take_half_width(const measure_spec *s, const measure_co2e *c, mdg_factor *f,
                                  mdg_error *err)
{
    double per_kwh;
    MDG_TRY(mdg_factor_per_kwh(f, c->half_width, &per_kwh, err));
    if (per_kwh > MDG_FACTOR_MOST) {
        mdg_fail(err, MDG_E_RANGE, "a half-width of %g %s/%s", c->half_width, f->mass->name,
                 f->energy->name);
        mdg_hint(err, "it is in the factor's unit, not in percent: at most %g kgCO2e/kWh",
                 MDG_FACTOR_MOST);
        return at(s, c, "half_width", MDG_E_RANGE, err);
    }
    f->half_width = c->half_width;
    return MDG_OK;
}

mdg_status carbon_prepare(const measure_spec *spec, carbon *out, mdg_error *err)
{
    carbon all = { .n = spec->n_co2e };
    for (size_t i = 0; i < all.n; i++) {
        const measure_co2e *c = &spec->co2e[i];
        carbon_entry *e = &all.entry[i];
        switch (c->way) {
        case CO2E_NUMBER:
            MDG_TRY(take_number(spec, c, &e->factor, err));
            break;
        case CO2E_GRID:
            MDG_TRY(take_grid(spec, c, &e->factor, err));
            break;
        case CO2E_FUEL:
            MDG_TRY(take_fuel(spec, c, &e->factor, err));
            break;
        case CO2E_SERIES:
            MDG_TRY(take_series(c, e, err));
            break;
        }
        if (!isnan(c->half_width))
            MDG_TRY(take_half_width(spec, c, &e->factor, err));
    }
    *out = all;
    return MDG_OK;
}

/* ---- factors by time ---------------------------------------------------------------------- */

static mdg_status check_kind(const measure_spec *s, const measure_co2e *c, const table_info *info,
                             mdg_factor_kind *kind, mdg_error *err)
{
    mdg_factor_kind stored;
    MDG_TRY(at(s, c, "factors", mdg_factor_kind_find(info->kind, &stored, err), err));
    bool stated = c->kind || strcmp(c->key, "co2e") != 0;
    if (stated && stored != c->basis) {
        mdg_fail(err, MDG_E_CONFLICT, "'%s' holds %s factors, not %s ones", c->factors, info->kind,
                 mdg_factor_kind_code(c->basis));
        mdg_hint(err, "average and marginal factors are not exchangeable: name the right table");
        return at(s, c, "factors", MDG_E_CONFLICT, err);
    }
    *kind = stored;
    return MDG_OK;
}

static mdg_status choose_region(const measure_spec *s, const measure_co2e *c, duckdb_connection con,
                                mdg_arena *mem, const char **out, mdg_error *err)
{
    text sql = { 0 };
    char *list = NULL;
    int64_t n = 0;
    text_add(&sql, "SELECT count(DISTINCT region) FROM read_parquet(");
    text_add_sql_string(&sql, c->factors);
    text_add(&sql, ")");
    if (c->region) {
        text_add(&sql, " WHERE region = ");
        text_add_sql_string(&sql, c->region);
    }
    MDG_TRY(store_take_int(con, &sql, &n, NULL, err));
    text names = { 0 };
    text_add(&names, "SELECT string_agg(region, ', ' ORDER BY region) FROM (SELECT DISTINCT region "
                     "FROM read_parquet(");
    text_add_sql_string(&names, c->factors);
    text_add(&names, ") ORDER BY region LIMIT 12)");
    MDG_TRY(store_take_text(con, &names, &list, err));
    mdg_status status = MDG_OK;
    if (n == 1) {
        *out = mdg_arena_strdup(mem, c->region ? c->region : list);
        status = *out ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    } else {
        status =
            c->region
                ? mdg_fail(err, MDG_E_SCHEMA, "'%s' has no region '%s'", c->factors, c->region)
                : mdg_fail(err, MDG_E_SCHEMA, "'%s' has %lld regions", c->factors, (long long)n);
        mdg_hint(err, "choose with the key 'region' among %.300s", list ? list : "none");
        status = at(s, c, c->region ? "region" : "factors", status, err);
    }
    free(list);
    return status;
}

static mdg_status read_steps(const measure_inputs *in, const measure_co2e *c, const char *region,
                             duckdb_connection con, duckdb_result *r, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT epoch_us(start::TIMESTAMP) // 1000000, seconds::INTEGER, value::DOUBLE "
                   "FROM read_parquet(");
    text_add_sql_string(&sql, c->factors);
    text_add(&sql, ") WHERE region = ");
    text_add_sql_string(&sql, region);
    text_addf(&sql,
              " AND epoch_us(start::TIMESTAMP) // 1000000 < %lld AND epoch_us(start::TIMESTAMP) // "
              "1000000 + seconds > %lld ORDER BY start",
              (long long)in->days.start[in->days.n], (long long)in->days.start[0]);
    return store_take_query(con, &sql, r, err);
}

typedef struct columns {
    int64_t *start;
    int32_t *seconds;
    double *value;
    size_t n;
} columns;

static void take_rows(duckdb_data_chunk c, columns *to)
{
    duckdb_vector values = duckdb_data_chunk_get_vector(c, 2);
    const int64_t *start = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
    const int32_t *seconds = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 1));
    const double *value = duckdb_vector_get_data(values);
    uint64_t *valid = duckdb_vector_get_validity(values);
    for (idx_t i = 0; i < duckdb_data_chunk_get_size(c); i++, to->n++) {
        to->start[to->n] = start[i];
        to->seconds[to->n] = seconds[i];
        to->value[to->n] = !valid || duckdb_validity_row_is_valid(valid, i) ? value[i] : MDG_NAN;
    }
}

static mdg_status load_series(const measure_inputs *in, const measure_co2e *c, const char *region,
                              duckdb_connection con, mdg_arena *mem, mdg_factor_series *out,
                              mdg_error *err)
{
    duckdb_result r;
    MDG_TRY(read_steps(in, c, region, con, &r, err));
    size_t n = (size_t)duckdb_row_count(&r);
    columns to = { mdg_new(mem, int64_t, n), mdg_new(mem, int32_t, n), mdg_new(mem, double, n), 0 };
    bool memory = to.start && to.seconds && to.value;
    for (duckdb_data_chunk k = duckdb_fetch_chunk(r); k; k = duckdb_fetch_chunk(r)) {
        if (memory)
            take_rows(k, &to);
        duckdb_destroy_data_chunk(&k);
    }
    duckdb_destroy_result(&r);
    if (!memory)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu factors", n);
    out->n = n;
    out->start = to.start;
    out->seconds = to.seconds;
    out->value = to.value;
    return MDG_OK;
}

static mdg_status load_entry(carbon_entry *e, const measure_co2e *c, const measure_inputs *in,
                             duckdb_connection con, mdg_arena *mem, mdg_error *err)
{
    table_info info;
    MDG_TRY(
        at(in->spec, c, "factors", table_info_read(con, c->factors, "factors", &info, err), err));
    MDG_TRY(check_kind(in->spec, c, &info, &e->factor.kind, err));
    MDG_TRY(choose_region(in->spec, c, con, mem, &e->region, err));
    e->step_seconds = info.step_seconds;
    mdg_steps steps = measure_inputs_steps(in);
    e->by_step = mdg_new(mem, double, steps.n);
    if (!e->by_step)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    mdg_factor_series series = { .kind = e->factor.kind,
                                 .mass = e->factor.mass,
                                 .energy = e->factor.energy };
    MDG_TRY(load_series(in, c, e->region, con, mem, &series, err));
    return at(in->spec, c, "factors",
              mdg_factor_series_align(&series, steps, in->unit, e->by_step, err), err);
}

mdg_status carbon_load(carbon *c, const measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                       mdg_error *err)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->entry[i].series)
            MDG_TRY(load_entry(&c->entry[i], &in->spec->co2e[i], in, con, mem, err));
    return MDG_OK;
}

/* ---- results ------------------------------------------------------------------------------ */

/* The half-width of a series is in its unit, and is common to all steps: a share of the mean. */
static mdg_status of_series(const carbon_entry *e, const measure_inputs *in,
                            const carbon_saving *saving, const mdg_co2e_sums *sums, mdg_co2e *out,
                            double mean_missing[2], mdg_error *err)
{
    mdg_co2e_saving s = { .kind = e->factor.kind,
                          .energy = saving->energy,
                          .counterfactual = saving->counterfactual,
                          .level = saving->level };
    double per_unit, mean = mdg_sum_get(&sums->expected_kg) / mdg_sum_get(&sums->expected);
    MDG_TRY(mdg_co2e_kg(1, in->unit,
                        &(mdg_factor){ .value = e->factor.half_width,
                                       .mass = e->factor.mass,
                                       .energy = e->factor.energy },
                        &per_unit, err));
    s.factor_half = per_unit / mean;
    return mdg_co2e_of_sums(sums, &s, out, &mean_missing[0], &mean_missing[1], err);
}

mdg_status carbon_estimate(const carbon *c, size_t i, const measure_inputs *in,
                           const carbon_saving *saving, mdg_co2e *out, mdg_error *err)
{
    const carbon_entry *e = &c->entry[i];
    double ignored[2];
    if (e->series)
        return of_series(e, in, saving, &saving->sums[i], out, ignored, err);
    return mdg_co2e_estimate(&saving->energy, in->unit, &e->factor, saving->level, out, err);
}

/* Adds to an error of missing factors which steps have none, first of all. */
static mdg_status name_missing(const carbon_entry *e, const measure_inputs *in, mdg_status s,
                               mdg_error *err)
{
    mdg_steps steps = measure_inputs_steps(in);
    int32_t from = in->spec->to.column ? in->first_from : in->last_to;
    int64_t begin = in->days.start[from - in->days.first];
    size_t missing = 0, first = 0;
    for (size_t i = 0; s == MDG_E_SHORT && i < steps.n; i++) {
        if (steps.start[i] < begin || !isnan(e->by_step[i]))
            continue;
        first = missing++ ? first : i;
    }
    if (missing == 0)
        return s;
    char day[11];
    mdg_day_format(in->days.first + (int32_t)mdg_days_find(&in->days, steps.start[first]), day);
    mdg_hint(err,
             "%zu %ss of the reporting period have none, the first on %s; up to %g %% of the "
             "energy may be without",
             missing, in->model == MDG_MODEL_CALTRACK_HOURLY ? "hour" : "day", day,
             100 * MDG_FACTOR_MISSING);
    return s;
}

mdg_status carbon_conclude(carbon *c, const measure_inputs *in, const carbon_saving *saving,
                           mdg_error *err)
{
    for (size_t i = 0; i < c->n; i++) {
        carbon_entry *e = &c->entry[i];
        if (!e->series) {
            MDG_TRY(carbon_estimate(c, i, in, saving, &e->result, err));
            continue;
        }
        double mean_missing[2] = { MDG_NAN, MDG_NAN }, unit_in_kwh = 1;
        const measure_co2e *given = &in->spec->co2e[i];
        mdg_status s = of_series(e, in, saving, &saving->sums[i], &e->result, mean_missing, err);
        MDG_TRY(at(in->spec, given, "factors", name_missing(e, in, s, err), err));
        MDG_TRY(mdg_unit_convert(1, in->unit, e->factor.energy, &unit_in_kwh, err));
        e->factor.value = mean_missing[0] / unit_in_kwh;
        e->missing = mean_missing[1];
    }
    return MDG_OK;
}
