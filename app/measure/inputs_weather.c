/* The temperatures of a measure: of its stations, and of a typical year. */
#include "measure/inputs_parts.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR = 3600, DAY = 86400, YEAR_DAYS = 366 };

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
    inputs_table_sql(in->spec->weather, &sql);
    text_add(&sql, " ORDER BY station");
    duckdb_result r;
    MDG_TRY(store_take_query(con, &sql, &r, err));
    in->stations = mdg_new(mem, station, (size_t)duckdb_row_count(&r));
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const duckdb_string_t *v = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        for (idx_t i = 0; in->stations && i < duckdb_data_chunk_get_size(c); i++) {
            table_text b = table_string(&v[i]);
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
    inputs_table_sql(table, &sql);
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
    bool hourly = inputs_need_hours(in);
    if (s == MDG_OK)
        s = take_temperatures(&h, in->weather.step_seconds, &in->days, hourly ? &in->hours : NULL,
                              !in->reference, mem, &st->cells, &st->hours, err);
    mdg_arena_free(&scratch);
    for (size_t i = 0; s == MDG_OK && i < in->days.n; i++)
        *known += isnan(st->cells.temp_f[i]) ? 0 : 1;
    return s;
}

mdg_status inputs_check_weather(const measure_inputs *in, mdg_error *err)
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

mdg_status inputs_load_weather(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
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
    inputs_table_sql(in->spec->normal_weather, &sql);
    int64_t first = 0, last = 0;
    MDG_TRY(store_take_int(con, &sql, &first, NULL, err));
    text_add(&sql, "SELECT epoch_us(max(start)) // 86400000000 FROM ");
    inputs_table_sql(in->spec->normal_weather, &sql);
    MDG_TRY(store_take_int(con, &sql, &last, NULL, err));
    *day = (int32_t)first;
    *days = (size_t)(last - first + 1);
    if (*days >= 365 && *days <= YEAR_DAYS)
        return MDG_OK;
    mdg_fail(err, MDG_E_SHORT, "'%s' has %zu day%s, not a year", in->spec->normal_weather, *days,
             *days == 1 ? "" : "s");
    mdg_hint(err, "give a typical year, such as an EPW file");
    return measure_spec_at(in->spec, "normalise.weather", MDG_E_SHORT, err);
}

/* The typical year's days are those of its own clock, which knows no summer time. */
mdg_status inputs_load_normal_year(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
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
    inputs_table_sql(spec->normal_weather, &sql);
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
