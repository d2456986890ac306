/* The days and hours that a measure looks at, by its clock and calendar. */
#include "import/zone.h"
#include "measure/inputs_parts.h"

#include <string.h>

enum { MAX_WINDOW = 36600, HOUR = 3600, DAY = 86400 };

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

mdg_status inputs_make_days(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
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
mdg_status inputs_find_kinds(measure_inputs *in, mdg_arena *mem, mdg_error *err)
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
bool inputs_need_hours(const measure_inputs *in)
{
    return in->model == MDG_MODEL_CALTRACK_HOURLY ||
           (in->reference && in->model == MDG_MODEL_CALTRACK_BILLING &&
            in->weather.step_seconds <= HOUR);
}

/* ---- hours ------------------------------------------------------------------------------- */

mdg_status inputs_make_hours(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
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
