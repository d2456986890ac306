/* Irregular temperatures to hourly means, CalTRACK 2.3.4. */
#include "import/hourly.h"

#include "store/tables.h"

#include <stdlib.h>
#include <string.h>

enum { MINUTE = 60, HOUR = 3600, LONGEST_GAP = 3600, ENOUGH_MINUTES = 31 };

static int64_t floor_to(int64_t t, int64_t step)
{
    return t / step * step - (t % step < 0 ? step : 0);
}

typedef struct hour_sum {
    int64_t hour;
    double sum;
    int minutes;
    hourly_emit *emit;
    void *context;
} hour_sum;

static mdg_status end_hour(hour_sum *h, mdg_error *err)
{
    if (h->minutes < ENOUGH_MINUTES)
        return MDG_OK;
    return h->emit(h->context, h->hour, h->sum / h->minutes, err);
}

static mdg_status add_minute(hour_sum *h, int64_t at, double temp, mdg_error *err)
{
    int64_t hour = floor_to(at, HOUR);
    if (hour != h->hour) {
        MDG_TRY(end_hour(h, err));
        h->hour = hour;
        h->sum = 0;
        h->minutes = 0;
    }
    h->sum += temp;
    h->minutes++;
    return MDG_OK;
}

mdg_status hourly_station(const int64_t *time, const double *temp, size_t n, hourly_emit *emit,
                          void *context, mdg_error *err)
{
    hour_sum h = { .hour = INT64_MIN, .emit = emit, .context = context };
    size_t before = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        if (isnan(temp[i]))
            continue;
        bool near = before != SIZE_MAX && time[i] - time[before] <= LONGEST_GAP;
        double step = near && time[i] > time[before]
                          ? (temp[i] - temp[before]) / (double)(time[i] - time[before])
                          : 0;
        /* The whole minutes after the reading before, up to this one. */
        int64_t first = near ? floor_to(time[before], MINUTE) + MINUTE : floor_to(time[i], MINUTE);
        for (int64_t at = first; at <= time[i]; at += MINUTE)
            MDG_TRY(add_minute(
                &h, at, near ? temp[before] + step * (double)(at - time[before]) : temp[i], err));
        before = i;
    }
    return end_hour(&h, err);
}

/* ---- tables ------------------------------------------------------------------------------- */

typedef struct station {
    char *name;
    int64_t *time;
    double *temp;
    size_t n, capacity;
    duckdb_appender to;
    int64_t rows;
} station;

static mdg_status append(void *context, int64_t hour, double mean, mdg_error *err)
{
    station *s = context;
    duckdb_append_varchar(s->to, s->name);
    duckdb_append_int64(s->to, hour);
    duckdb_append_double(s->to, mean);
    duckdb_append_int64(s->to, ++s->rows);
    return duckdb_appender_end_row(s->to) == DuckDBSuccess
               ? MDG_OK
               : mdg_fail(err, MDG_E_MEMORY, "out of memory for hourly temperatures");
}

static mdg_status end_station(station *s, mdg_error *err)
{
    mdg_status status = s->name ? hourly_station(s->time, s->temp, s->n, append, s, err) : MDG_OK;
    free(s->name);
    s->name = NULL;
    s->n = 0;
    return status;
}

static mdg_status add(station *s, table_text name, int64_t time, double temp, mdg_error *err)
{
    if (!s->name || strlen(s->name) != name.length ||
        memcmp(s->name, name.data, name.length) != 0) {
        MDG_TRY(end_station(s, err));
        s->name = strndup(name.data, name.length);
        if (!s->name)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    }
    if (s->n == s->capacity) {
        size_t capacity = s->capacity ? s->capacity * 2 : 8192;
        int64_t *times = realloc(s->time, capacity * sizeof *times);
        s->time = times ? times : s->time;
        double *temps = times ? realloc(s->temp, capacity * sizeof *temps) : NULL;
        s->temp = temps ? temps : s->temp;
        if (!temps)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu temperatures", capacity);
        s->capacity = capacity;
    }
    s->time[s->n] = time;
    s->temp[s->n++] = temp;
    return MDG_OK;
}

static mdg_status add_chunk(station *s, duckdb_data_chunk c, mdg_error *err)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, 2);
    const duckdb_string_t *name = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
    const int64_t *time = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 1));
    const double *temp = duckdb_vector_get_data(v);
    uint64_t *valid = duckdb_vector_get_validity(v);
    for (idx_t i = 0; i < duckdb_data_chunk_get_size(c); i++) {
        bool known = !valid || duckdb_validity_row_is_valid(valid, i);
        MDG_TRY(add(s, table_string(&name[i]), time[i], known ? temp[i] : MDG_NAN, err));
    }
    return MDG_OK;
}

mdg_status hourly_means(duckdb_connection con, const char *from, const char *to, mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql,
              "CREATE OR REPLACE TEMP TABLE %s (station VARCHAR, s BIGINT, temp_c DOUBLE, "
              "row BIGINT)",
              to);
    MDG_TRY(store_take_run(con, &sql, err));
    /* Several reports of one time: the first that has a temperature. */
    text_addf(&sql,
              "SELECT DISTINCT ON (station, s) station, s::BIGINT, temp_c::DOUBLE FROM %s ORDER BY "
              "station, s, temp_c IS NULL, row",
              from);
    duckdb_result r;
    MDG_TRY(store_take_query(con, &sql, &r, err));
    station s = { 0 };
    mdg_status status = duckdb_appender_create_ext(con, "temp", "main", to, &s.to) == DuckDBSuccess
                            ? MDG_OK
                            : mdg_fail(err, MDG_E_INTERNAL, "no table for hourly temperatures");
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        if (status == MDG_OK)
            status = add_chunk(&s, c, err);
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    if (status == MDG_OK)
        status = end_station(&s, err);
    if (duckdb_appender_destroy(&s.to) != DuckDBSuccess && status == MDG_OK)
        status = mdg_fail(err, MDG_E_MEMORY, "out of memory for hourly temperatures");
    free(s.name);
    free(s.time);
    free(s.temp);
    return status;
}
