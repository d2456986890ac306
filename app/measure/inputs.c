/* Opens the tables of a measure. */
#include "measure/inputs.h"

#include "import/zone.h"
#include "measure/inclusion.h"
#include "store/predicate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WINDOW = 36600, MAX_RANGES = 256, HOUR = 3600, DAY = 86400, YEAR_DAYS = 366 };

static void parquet_sql(const char *path, text *sql)
{
    text_add(sql, "read_parquet(");
    text_add_sql_string(sql, path);
    text_add(sql, ")");
}

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
    parquet_sql(in->spec->meters, &from);
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

/* ---- days --------------------------------------------------------------------------------- */

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
    parquet_sql(spec->meters, &sql);
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

static mdg_status local_starts(const measure_inputs *in, duckdb_connection con, int32_t first,
                               size_t n, int64_t *start, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT epoch_us(timezone(");
    text_add_sql_string(&sql, in->time_zone);
    text_addf(&sql,
              ", (DATE '1970-01-01' + i::INTEGER)::TIMESTAMP)) // 1000000 FROM range(%d, %lld) "
              "t(i) ORDER BY i",
              first, (long long)first + (long long)n + 1);
    duckdb_result r;
    mdg_status s = store_take_query(con, &sql, &r, err);
    if (s == MDG_E_PARSE) {
        mdg_status unknown = zone_check(con, in->time_zone, err);
        return measure_spec_at(in->spec, "time_zone", unknown != MDG_OK ? unknown : s, err);
    }
    MDG_TRY(s);
    size_t at = 0;
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const int64_t *v = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        for (idx_t i = 0; i < duckdb_data_chunk_get_size(c) && at <= n; i++)
            start[at++] = v[i];
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    return at == n + 1 ? MDG_OK : mdg_fail(err, MDG_E_INTERNAL, "days are missing");
}

static mdg_status make_days(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                            mdg_error *err)
{
    const measure_spec *spec = in->spec;
    /* Bills that belong to a period may begin before it or end after it. */
    int64_t margin = in->model == MDG_MODEL_CALTRACK_BILLING ? 2 * MDG_BILL_LONGEST : 0;
    int64_t first = (int64_t)in->first_from - (int64_t)spec->baseline_days -
                    (int64_t)spec->history_days - margin;
    int64_t last = (int64_t)in->last_to + (int64_t)spec->reporting_days + margin;
    if (last - first > MAX_WINDOW) {
        mdg_fail(err, MDG_E_RANGE, "the installation dates lie %lld days apart",
                 (long long)(in->last_to - in->first_from));
        mdg_hint(err, "check the dates");
        return measure_spec_at(spec, "installation.from", MDG_E_RANGE, err);
    }
    size_t n = (size_t)(last - first);
    const char *name = in->reference             ? "UTC"
                       : spec->time_zone         ? spec->time_zone
                       : *in->readings.time_zone ? in->readings.time_zone
                                                 : "UTC";
    in->time_zone = mdg_arena_strdup(mem, name);
    if (!in->time_zone)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    if (strcmp(in->time_zone, "UTC") == 0)
        return mdg_days_utc((int32_t)first, n, mem, &in->days, err);
    int64_t *start = mdg_new(mem, int64_t, n + 1);
    if (!start)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(local_starts(in, con, (int32_t)first, n, start, err));
    return mdg_days_make((int32_t)first, n, start, mem, &in->days, err);
}

/* The country whose holidays count: the measure's own word, its city's, or that of the clock. */
static mdg_status find_kinds(measure_inputs *in, mdg_arena *mem, mdg_error *err)
{
    const measure_spec *spec = in->spec;
    size_t n = 0;
    const char *const *known = mdg_holiday_countries(&n);
    in->country = mdg_country_of_zone(in->time_zone);
    for (size_t i = 0; i < n && spec->city; i++)
        if (strncmp(spec->city, known[i], 2) == 0 && spec->city[2] == '-')
            in->country = known[i];
    if (spec->holidays)
        in->country = strcmp(spec->holidays, "none") == 0 ? NULL : spec->holidays;
    uint8_t *kinds = mdg_new(mem, uint8_t, in->days.n);
    if (!kinds)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    in->kinds = kinds;
    mdg_status s = mdg_day_kinds(in->country, in->days.first, in->days.n, kinds, err);
    return measure_spec_at(spec, "holidays", s, err);
}

/* The reference implementation's days of bills are made of hours too. */
static bool needs_hours(const measure_inputs *in)
{
    return in->model == MDG_MODEL_CALTRACK_HOURLY ||
           (in->reference && in->model == MDG_MODEL_CALTRACK_BILLING &&
            in->weather.step_seconds <= HOUR);
}

/* ---- hours -------------------------------------------------------------------------------- */

static mdg_status make_hours(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                             mdg_error *err)
{
    zone z = { .utc = true };
    if (strcmp(in->time_zone, "UTC") != 0)
        MDG_TRY(zone_load(con, in->time_zone, in->days.start[0] - DAY,
                          in->days.start[in->days.n] + DAY, mem, &z, err));
    mdg_offset *offsets = mdg_new(mem, mdg_offset, z.n + 1);
    in->first_hour = mdg_new(mem, size_t, in->days.n + 1);
    if (!offsets || !in->first_hour)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    offsets[0] = (mdg_offset){ .utc = INT64_MIN, .seconds = z.first_offset };
    for (size_t i = 0; i < z.n; i++)
        offsets[i + 1] = (mdg_offset){ .utc = z.changes[i].utc, .seconds = z.changes[i].after };
    MDG_TRY(mdg_hours_make(&in->days, offsets, z.n + 1, mem, &in->hours, err));
    size_t at = 0;
    for (size_t d = 0; d <= in->days.n; d++) {
        while (at < in->hours.n && in->hours.day[at] < d)
            at++;
        in->first_hour[d] = at;
    }
    return MDG_OK;
}

/* ---- weather ------------------------------------------------------------------------------ */

typedef struct hours {
    int64_t *start;
    double *temp_c;
    size_t n;
} hours;

static mdg_status count_stations(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                                 mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT DISTINCT station FROM ");
    parquet_sql(in->spec->weather, &sql);
    text_add(&sql, " ORDER BY station");
    duckdb_result r;
    MDG_TRY(store_take_query(con, &sql, &r, err));
    in->stations = mdg_new(mem, station, (size_t)duckdb_row_count(&r));
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const duckdb_string_t *v = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        for (idx_t i = 0; in->stations && i < duckdb_data_chunk_get_size(c); i++) {
            bytes b = table_string(&v[i]);
            char *name = mdg_new(mem, char, b.length + 1);
            if (name)
                memcpy(name, b.data, b.length);
            in->stations[in->n_stations++].name = name;
        }
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    return in->stations ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

static mdg_status read_hours(const char *table, int64_t from, int64_t to, duckdb_connection con,
                             const char *name, mdg_arena *mem, hours *out, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT epoch_us(start) // 1000000, temp_c FROM ");
    parquet_sql(table, &sql);
    if (name) {
        text_add(&sql, " WHERE station = ");
        text_add_sql_string(&sql, name);
    }
    text_addf(&sql, "%s epoch_us(start) >= %lld AND epoch_us(start) < %lld ORDER BY start",
              name ? " AND" : " WHERE", (long long)from * 1000000, (long long)to * 1000000);
    duckdb_result r;
    MDG_TRY(store_take_query(con, &sql, &r, err));
    size_t n = (size_t)duckdb_row_count(&r);
    hours h = { mdg_new(mem, int64_t, n), mdg_new(mem, double, n), 0 };
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const int64_t *start = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        duckdb_vector v = duckdb_data_chunk_get_vector(c, 1);
        const double *temp = duckdb_vector_get_data(v);
        uint64_t *valid = duckdb_vector_get_validity(v);
        for (idx_t i = 0; h.temp_c && h.start && i < duckdb_data_chunk_get_size(c); i++) {
            h.start[h.n] = start[i];
            h.temp_c[h.n++] = valid && !duckdb_validity_row_is_valid(valid, i) ? MDG_NAN : temp[i];
        }
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    if (!h.start || !h.temp_c)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    *out = h;
    return MDG_OK;
}

/* Daily temperatures in deg F, and hourly ones where `hourly` is given. */
static mdg_status take_temperatures(const hours *h, int64_t step, const mdg_days *days,
                                    const mdg_hours *hourly, bool interpolate, mdg_arena *mem,
                                    mdg_temperature_cells *cells, mdg_hour_weather *weather,
                                    mdg_error *err)
{
    double *mean = mdg_new(mem, double, days->n);
    if (!mean)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(mdg_daily_temperature(days, h->start, h->temp_c, h->n, (int32_t)step, mean, err));
    for (size_t i = 0; i < days->n; i++)
        mean[i] = mean[i] * 1.8 + 32;
    MDG_TRY(mdg_temperature_cells_make(mean, days->n, mem, cells, err));
    if (!hourly)
        return MDG_OK;
    double *temp = mdg_new(mem, double, hourly->n);
    if (!temp)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    mdg_hourly_temperature(hourly, h->start, h->temp_c, h->n, interpolate, temp);
    for (size_t i = 0; i < hourly->n; i++)
        temp[i] = temp[i] * 1.8 + 32;
    return mdg_hour_weather_make(temp, hourly->n, mem, weather, err);
}

static mdg_status load_station(measure_inputs *in, duckdb_connection con, station *st,
                               mdg_arena *mem, size_t *known, mdg_error *err)
{
    if (!st->name)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    mdg_arena scratch = { 0 };
    hours h = { 0 };
    mdg_status s = read_hours(in->spec->weather, in->days.start[0] - DAY,
                              in->days.start[in->days.n] + DAY, con, st->name, &scratch, &h, err);
    bool hourly = needs_hours(in);
    if (s == MDG_OK)
        s = take_temperatures(&h, in->weather.step_seconds, &in->days, hourly ? &in->hours : NULL,
                              !in->reference, mem, &st->cells, &st->hours, err);
    mdg_arena_free(&scratch);
    for (size_t i = 0; s == MDG_OK && i < in->days.n; i++)
        *known += isnan(st->cells.temp_f[i]) ? 0 : 1;
    return s;
}

static mdg_status check_weather(const measure_inputs *in, mdg_error *err)
{
    if (strcmp(in->weather.kind, "typical") == 0) {
        mdg_fail(err, MDG_E_CONFLICT, "'%s' is a typical year, not the weather that was",
                 in->spec->weather);
        mdg_hint(err, "give measured weather here, and the typical year as normalise: {weather: "
                      "...}");
        return measure_spec_at(in->spec, "weather", MDG_E_CONFLICT, err);
    }
    if (in->model == MDG_MODEL_CALTRACK_HOURLY && in->weather.step_seconds > HOUR) {
        mdg_fail(err, MDG_E_UNSUPPORTED, "'%s' has no hourly temperatures", in->spec->weather);
        mdg_hint(err, "caltrack-hourly needs them; caltrack-daily does not");
        return measure_spec_at(in->spec, "weather", MDG_E_UNSUPPORTED, err);
    }
    return MDG_OK;
}

static mdg_status load_weather(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                               mdg_error *err)
{
    MDG_TRY(count_stations(in, con, mem, err));
    if (in->n_stations > 1 && !in->station_column) {
        mdg_fail(err, MDG_E_SCHEMA, "the weather has %zu stations, but meters do not name theirs",
                 in->n_stations);
        mdg_hint(err, "import the meters with --columns meter=...,station=...");
        return measure_spec_at(in->spec, "meters", MDG_E_SCHEMA, err);
    }
    size_t known = 0;
    for (size_t i = 0; i < in->n_stations; i++)
        MDG_TRY(load_station(in, con, &in->stations[i], mem, &known, err));
    if (known > 0)
        return MDG_OK;
    char from[11], to[11];
    mdg_day_format(in->days.first, from);
    mdg_day_format(in->days.first + (int32_t)in->days.n, to);
    mdg_fail(err, MDG_E_SHORT, "'%s' has no temperatures between %s and %s", in->spec->weather,
             from, to);
    mdg_hint(err, "import weather for the baseline and the reporting period");
    return measure_spec_at(in->spec, "weather", MDG_E_SHORT, err);
}

/* ---- the typical year ---------------------------------------------------------------------- */

static mdg_status first_day(const measure_inputs *in, duckdb_connection con, int32_t *day,
                            size_t *days, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT epoch_us(min(start)) // 86400000000 FROM ");
    parquet_sql(in->spec->normal_weather, &sql);
    int64_t first = 0, last = 0;
    MDG_TRY(store_take_int(con, &sql, &first, NULL, err));
    text_add(&sql, "SELECT epoch_us(max(start)) // 86400000000 FROM ");
    parquet_sql(in->spec->normal_weather, &sql);
    MDG_TRY(store_take_int(con, &sql, &last, NULL, err));
    *day = (int32_t)first;
    *days = (size_t)(last - first + 1);
    if (*days >= 365 && *days <= YEAR_DAYS)
        return MDG_OK;
    mdg_fail(err, MDG_E_SHORT, "'%s' has %zu days, not a year", in->spec->normal_weather, *days);
    mdg_hint(err, "give a typical year, such as an EPW file");
    return measure_spec_at(in->spec, "normalise.weather", MDG_E_SHORT, err);
}

/* The typical year's days are those of its own clock, which knows no summer time. */
static mdg_status load_normal_year(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                                   mdg_error *err)
{
    const measure_spec *spec = in->spec;
    if (!spec->normal_weather)
        return MDG_OK;
    MDG_TRY(measure_spec_at(spec, "normalise.weather",
                            table_info_read(con, spec->normal_weather, "weather", &in->normal, err),
                            err));
    if (strcmp(in->normal.kind, "typical") != 0) {
        mdg_fail(err, MDG_E_CONFLICT, "'%s' is not marked as a typical year", spec->normal_weather);
        mdg_hint(err, "import an EPW file, or another with --typical-year");
        return measure_spec_at(spec, "normalise.weather", MDG_E_CONFLICT, err);
    }
    int32_t first;
    size_t n;
    MDG_TRY(first_day(in, con, &first, &n, err));
    mdg_days days;
    MDG_TRY(mdg_days_utc(first, n, mem, &days, err));
    mdg_offset utc = { 0 };
    MDG_TRY(mdg_hours_make(&days, &utc, 1, mem, &in->normal_hours, err));
    text sql = { 0 };
    text_add(&sql, "SELECT count(DISTINCT station) FROM ");
    parquet_sql(spec->normal_weather, &sql);
    int64_t stations = 0;
    MDG_TRY(store_take_int(con, &sql, &stations, NULL, err));
    bool hourly = in->model == MDG_MODEL_CALTRACK_HOURLY;
    for (size_t i = 0; i < in->n_stations; i++) {
        station *st = &in->stations[i];
        hours h = { 0 };
        /* The only typical year is everybody's. */
        MDG_TRY(read_hours(spec->normal_weather, days.start[0], days.start[n], con,
                           stations > 1 ? st->name : NULL, mem, &h, err));
        MDG_TRY(take_temperatures(&h, in->normal.step_seconds, &days,
                                  hourly ? &in->normal_hours : NULL, true, mem, &st->normal_days,
                                  &st->normal_hours, err));
        st->normal = h.n > 0;
        st->normal_year = (mdg_normal_year){ .days = &st->normal_days,
                                             .hours = &in->normal_hours,
                                             .weather = &st->normal_hours };
    }
    return MDG_OK;
}

const station *measure_inputs_station(const measure_inputs *in, const char *name)
{
    if (in->n_stations == 1 && (!in->station_column || !name))
        return &in->stations[0];
    if (!name)
        return NULL;
    size_t lo = 0, hi = in->n_stations;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = strcmp(in->stations[mid].name, name);
        if (order == 0)
            return &in->stations[mid];
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
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
            bytes b = table_string(&v[i]);
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

/* ---- public ------------------------------------------------------------------------------- */

static mdg_status check_steps(const measure_inputs *in, mdg_error *err)
{
    int64_t step = in->readings.step_seconds;
    int64_t longest = in->model == MDG_MODEL_CALTRACK_HOURLY ? HOUR : DAY + HOUR;
    if (in->model == MDG_MODEL_CALTRACK_BILLING || step <= longest)
        return MDG_OK;
    if (step > DAY + HOUR)
        mdg_fail(err, MDG_E_UNSUPPORTED, "'%s' has readings every %lld days", in->spec->readings,
                 (long long)(step / DAY));
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
    MDG_TRY(check_weather(in, err));
    MDG_TRY(open_meters(in, con, err));
    MDG_TRY(check_units(in, err));
    MDG_TRY(check_steps(in, err));
    MDG_TRY(find_dates(in, con, err));
    MDG_TRY(make_days(in, con, mem, err));
    MDG_TRY(find_kinds(in, mem, err));
    if (needs_hours(in))
        MDG_TRY(make_hours(in, con, mem, err));
    MDG_TRY(load_weather(in, con, mem, err));
    MDG_TRY(load_normal_year(in, con, mem, err));
    return cut_ranges(in, con, mem, err);
}

bool measure_inputs_events(const measure_inputs *in)
{
    return in->spec->events && !in->reference && in->model != MDG_MODEL_CALTRACK_BILLING;
}
