/* Opens the tables of a measure. */
#include "measure/inputs_parts.h"

#include "measure/inclusion.h"
#include "store/predicate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RANGES = 256, HOUR = 3600, DAY = 86400 };

/* ---- tables and columns ------------------------------------------------------------------- */

static mdg_status open_table(const measure_spec *spec, duckdb_connection con, const char *key,
                             const char *path, table_info *out, mdg_error *err)
{
    return measure_spec_at(spec, key, table_info_read(con, path, key, out, err), err);
}

static mdg_status check_column(duckdb_connection con, const char *path, const char *column,
                               mdg_error *err)
{
    bool has = false;
    MDG_TRY(table_has_column(con, path, column, &has, err));
    if (has)
        return MDG_OK;
    text names = { 0 };
    mdg_status s = table_columns(con, path, &names, err);
    if (s == MDG_OK) {
        mdg_fail(err, MDG_E_SCHEMA, "'%s' has no column '%s'", path, column);
        mdg_hint(err, "it has %s", text_get(&names));
        s = MDG_E_SCHEMA;
    }
    text_free(&names);
    return s;
}

mdg_status measure_inputs_column(const measure_spec *spec, duckdb_connection con, const char *key,
                                 const char *column, mdg_error *err)
{
    return measure_spec_at(spec, key, check_column(con, spec->meters, column, err), err);
}

/* Over all rows: a conversion may fail on one of them. */
static mdg_status try_predicate(duckdb_connection con, const char *predicate, const char *from,
                                mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql, "SELECT count(*) FROM %s WHERE (\n%s\n)", from, predicate);
    mdg_status s = store_take_run(con, &sql, err);
    if (s == MDG_E_PARSE)
        mdg_hint(err, "the condition fails on a row; try_cast(column AS INTEGER) is null instead");
    return s;
}

static mdg_status check_predicate(const measure_inputs *in, duckdb_connection con,
                                  const char *predicate, const char *key, mdg_error *err)
{
    if (!predicate)
        return MDG_OK;
    text from = { 0 };
    inputs_table_sql(in->spec->meters, &from);
    mdg_status s = predicate_check(con, predicate, text_get(&from), err);
    if (s == MDG_OK)
        s = try_predicate(con, predicate, text_get(&from), err);
    text_free(&from);
    return measure_spec_at(in->spec, key, s, err);
}

static mdg_status open_meters(measure_inputs *in, duckdb_connection con, mdg_error *err)
{
    const measure_spec *spec = in->spec;
    in->meters_in_table = -1;
    if (!spec->meters)
        return MDG_OK;
    MDG_TRY(open_table(spec, con, "meters", spec->meters, &in->meters, err));
    in->meters_in_table = in->meters.rows;
    MDG_TRY(table_has_column(con, spec->meters, "station", &in->station_column, err));
    for (size_t i = 0; i < spec->n_groups; i++)
        MDG_TRY(measure_spec_at(spec, "groups",
                                check_column(con, spec->meters, spec->groups[i], err), err));
    if (spec->apart)
        MDG_TRY(measure_spec_at(spec, "matching.apart",
                                check_column(con, spec->meters, spec->apart, err), err));
    if (spec->from.column) {
        MDG_TRY(measure_spec_at(spec, "installation.from",
                                check_column(con, spec->meters, spec->from.column, err), err));
        MDG_TRY(measure_spec_at(spec, "installation.to",
                                check_column(con, spec->meters, spec->to.column, err), err));
    }
    MDG_TRY(check_predicate(in, con, spec->treated, "treated", err));
    MDG_TRY(check_predicate(in, con, spec->comparison, "comparison", err));
    return inclusion_check_columns(spec, con, err);
}

static mdg_status check_units(measure_inputs *in, mdg_error *err)
{
    const mdg_unit *from;
    MDG_TRY(mdg_unit_find(in->spec->unit, &in->unit, err));
    mdg_status s = mdg_unit_find(in->readings.unit, &from, err);
    if (s == MDG_OK)
        s = mdg_unit_convert(1, from, in->unit, &in->scale, err);
    if (s == MDG_OK && *in->readings.quantity && strcmp(in->readings.quantity, in->spec->fuel)) {
        mdg_fail(err, MDG_E_CONFLICT, "the measure is about %s, but the readings are of %s",
                 in->spec->fuel, in->readings.quantity);
        mdg_hint(err, "name the table of the right quantity, or correct quantity.fuel");
        s = MDG_E_CONFLICT;
    }
    return measure_spec_at(in->spec, s == MDG_E_CONFLICT ? "quantity.fuel" : "quantity.unit", s,
                           err);
}

/* ---- dates -------------------------------------------------------------------------------- */

static void treated_sql(const measure_spec *spec, text *sql)
{
    if (spec->treated)
        text_addf(sql, "coalesce((\n%s\n)::BOOLEAN, false)", spec->treated);
    else
        text_add(sql, "true");
}

static mdg_status date_of(duckdb_connection con, const measure_spec *spec, const char *function,
                          const char *column, int32_t *day, bool *none, mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql, "SELECT %s(TRY_CAST(", function);
    text_add_sql_name(&sql, column);
    text_add(&sql, " AS DATE)) - DATE '1970-01-01' FROM ");
    inputs_table_sql(spec->meters, &sql);
    text_add(&sql, " WHERE ");
    treated_sql(spec, &sql);
    int64_t value = 0;
    mdg_status s = store_take_int(con, &sql, &value, none, err);
    *day = (int32_t)value;
    return s;
}

static mdg_status find_dates(measure_inputs *in, duckdb_connection con, mdg_error *err)
{
    const measure_spec *spec = in->spec;
    in->first_from = spec->from.day;
    in->last_to = spec->to.day;
    if (!spec->from.column)
        return MDG_OK;
    bool no_from = false, no_to = false;
    MDG_TRY(date_of(con, spec, "min", spec->from.column, &in->first_from, &no_from, err));
    MDG_TRY(date_of(con, spec, "max", spec->to.column, &in->last_to, &no_to, err));
    if (no_from || no_to || in->last_to < in->first_from) {
        mdg_fail(err, MDG_E_SCHEMA, "no treated meter has usable dates in '%s' and '%s'",
                 spec->from.column, spec->to.column);
        mdg_hint(err,
                 "the columns must hold dates, and 'treated' must select the meters with them");
        return measure_spec_at(spec, "installation.from", MDG_E_SCHEMA, err);
    }
    return MDG_OK;
}

/* ---- ranges ------------------------------------------------------------------------------- */

/* Any ascending ids cut the work correctly; the first ids of row groups cut it evenly. */
static mdg_status cut_ranges(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                             mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "WITH g AS (SELECT row_group_id AS id, stats_min_value AS low FROM "
                   "parquet_metadata(");
    text_add_sql_string(&sql, in->spec->readings);
    text_addf(&sql,
              ") WHERE path_in_schema = 'meter'), c AS (SELECT greatest(1, (count(*) + %d) // %d) "
              "AS every FROM g) SELECT DISTINCT low FROM g, c WHERE id > 0 AND id %% every = 0 AND "
              "low IS NOT NULL ORDER BY low",
              MAX_RANGES - 1, MAX_RANGES);
    duckdb_result r;
    MDG_TRY(store_take_query(con, &sql, &r, err));
    size_t n = (size_t)duckdb_row_count(&r);
    in->bounds = mdg_new(mem, char *, n + 2);
    in->n_ranges = 1;
    mdg_status s = MDG_OK;
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const duckdb_string_t *v = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        for (idx_t i = 0; in->bounds && i < duckdb_data_chunk_get_size(c); i++) {
            table_text b = table_string(&v[i]);
            char *id = mdg_new(mem, char, b.length + 1);
            if (id)
                memcpy(id, b.data, b.length);
            in->bounds[in->n_ranges++] = id;
            if (!id)
                s = mdg_fail(err, MDG_E_MEMORY, "out of memory");
        }
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    return in->bounds ? s : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

void measure_inputs_range_sql(const measure_inputs *in, size_t i, text *sql)
{
    const char *low = in->bounds[i], *high = i + 1 < in->n_ranges ? in->bounds[i + 1] : NULL;
    text_add(sql, low || high ? "" : "true");
    if (low) {
        text_add(sql, "meter >= ");
        text_add_sql_string(sql, low);
    }
    text_add(sql, low && high ? " AND " : "");
    if (high) {
        text_add(sql, "meter < ");
        text_add_sql_string(sql, high);
    }
}

/* ---- matching --- */

/* All that the readings allow, unless the measure says what. Bills and days have no hours. */
static mdg_status choose_features(measure_inputs *in, mdg_error *err)
{
    const measure_spec *spec = in->spec;
    int64_t step = in->readings.step_seconds;
    bool hours = step > 0 && step <= HOUR;
    if (!spec->comparison || in->reference)
        return MDG_OK;
    in->match_on = MEASURE_LEVEL | MEASURE_MONTHS | (hours ? MEASURE_HOURS : 0);
    if (spec->match_on & ~in->match_on) {
        mdg_fail(err, MDG_E_UNSUPPORTED, "'%s' has no hourly readings to match on", spec->readings);
        mdg_hint(err, "leave hours out of matching.on; they need hourly or finer readings");
        return measure_spec_at(spec, "matching.on", MDG_E_UNSUPPORTED, err);
    }
    if (spec->match_on)
        in->match_on = spec->match_on;
    return MDG_OK;
}

/* ---- public ------------------------------------------------------------------------------- */

static mdg_status check_steps(const measure_inputs *in, mdg_error *err)
{
    int64_t step = in->readings.step_seconds;
    int64_t longest = in->model == MDG_MODEL_CALTRACK_HOURLY ? HOUR : DAY + HOUR;
    if (in->model == MDG_MODEL_CALTRACK_BILLING || step <= longest)
        return MDG_OK;
    if (step > DAY + HOUR)
        mdg_fail(err, MDG_E_UNSUPPORTED, "'%s' has readings every %.4g days", in->spec->readings,
                 (double)step / DAY);
    else
        mdg_fail(err, MDG_E_UNSUPPORTED, "'%s' has readings every %.1f hours", in->spec->readings,
                 (double)step / HOUR);
    mdg_hint(err, step > DAY + HOUR ? "bills need model: caltrack-billing"
                                    : "caltrack-hourly needs hourly or finer readings; "
                                      "caltrack-daily does not");
    return measure_spec_at(in->spec, "readings", MDG_E_UNSUPPORTED, err);
}

mdg_status measure_inputs_open(const measure_spec *spec, const mdg_measure_opts *opts,
                               duckdb_connection con, mdg_arena *mem, measure_inputs *out,
                               mdg_error *err)
{
    *out = (measure_inputs){ .spec = spec, .model = opts->model, .reference = opts->reference };
    measure_inputs *in = out;
    MDG_TRY(open_table(spec, con, "readings", spec->readings, &in->readings, err));
    in->zero_is_missing = spec->zero_given || *in->readings.zero == '\0'
                              ? spec->zero_is_missing
                              : strcmp(in->readings.zero, "missing") == 0;
    MDG_TRY(open_table(spec, con, "weather", spec->weather, &in->weather, err));
    MDG_TRY(table_has_column(con, spec->readings, "estimated", &in->estimated_column, err));
    MDG_TRY(table_has_column(con, spec->weather, "ghi", &in->ghi_column, err));
    MDG_TRY(inputs_check_weather(in, err));
    MDG_TRY(open_meters(in, con, err));
    MDG_TRY(check_units(in, err));
    MDG_TRY(check_steps(in, err));
    MDG_TRY(choose_features(in, err));
    MDG_TRY(find_dates(in, con, err));
    MDG_TRY(inputs_make_days(in, con, mem, err));
    MDG_TRY(inputs_find_kinds(in, mem, err));
    if (inputs_need_hours(in) || in->match_on & MEASURE_HOURS)
        MDG_TRY(inputs_make_hours(in, con, mem, err));
    MDG_TRY(inputs_load_weather(in, con, mem, err));
    MDG_TRY(inputs_load_normal_year(in, con, mem, err));
    return cut_ranges(in, con, mem, err);
}

bool measure_inputs_events(const measure_inputs *in)
{
    return in->spec->events && !in->reference && in->model != MDG_MODEL_CALTRACK_BILLING;
}
