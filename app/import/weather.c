/* madang import weather: hourly or daily temperatures of one or more stations. */
#include "import/job.h"
#include "import/pace.h"
#include "import/stage_sql.h"

#include <stdio.h>
#include <string.h>

enum { HOUR = 3600, DAY = 86400, COLDEST_C = -90, HOTTEST_C = 60 };

static const char *const roles[] = { "start", "temp", "station", NULL };

static bool is_role(const char *name)
{
    for (const char *const *r = roles; *r; r++)
        if (strcmp(*r, name) == 0)
            return true;
    return false;
}

/* Celsius from the source's unit. */
static mdg_status temperature_sql(import_job *job, text *sql, mdg_error *err)
{
    const mdg_unit *unit, *celsius;
    MDG_TRY(mdg_unit_find(job->request->unit, &unit, err));
    MDG_TRY(mdg_unit_find("degC", &celsius, err));
    double at_zero, at_one;
    MDG_TRY(mdg_unit_convert(0, unit, celsius, &at_zero, err));
    MDG_TRY(mdg_unit_convert(1, unit, celsius, &at_one, err));
    text value = { 0 };
    mdg_status s = source_number_sql(&job->source, job->store.con,
                                     mapping_column(&job->mapping, "temp"), &value, err);
    if (unit == celsius)
        text_add(sql, text_get(&value));
    else if (strcmp(unit->name, "degF") == 0)
        text_addf(sql, "((%s) - 32) / 1.8", text_get(&value));
    else
        text_addf(sql, "(%s) + (%.17g)", text_get(&value), at_zero);
    text_free(&value);
    return s;
}

/* Further columns, such as ghi, are kept under the name of their role. */
static mdg_status extras_sql(import_job *job, text *expressions, text *names, mdg_error *err)
{
    for (size_t i = 0; i < job->mapping.n; i++) {
        const mapping_entry *e = &job->mapping.entries[i];
        if (is_role(e->role))
            continue;
        text_add(expressions, ", ");
        MDG_TRY(source_number_sql(&job->source, job->store.con, e->column, expressions, err));
        text_add(expressions, " AS ");
        text_add_sql_name(expressions, e->role);
        text_add(names, ", ");
        text_add_sql_name(names, e->role);
    }
    return MDG_OK;
}

typedef struct parts {
    text station, temp, extras, names, time, offset, sql, given, given_time;
} parts;

static void free_parts(parts *p)
{
    text *all[] = { &p->station, &p->temp, &p->extras, &p->names,     &p->time,
                    &p->offset,  &p->sql,  &p->given,  &p->given_time };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_free(all[i]);
}

static mdg_status stage(import_job *job, parts *p, mdg_error *err)
{
    const source *s = &job->source;
    MDG_TRY(stage_name_sql(job, "station", job->request->station, &p->station, err));
    MDG_TRY(temperature_sql(job, &p->temp, err));
    MDG_TRY(extras_sql(job, &p->extras, &p->names, err));
    MDG_TRY(source_time_sql(s, job->store.con, mapping_column(&job->mapping, "start"), &p->time,
                            &p->offset, err));
    text_add_sql_name(&p->given, mapping_column(&job->mapping, "temp"));
    text_add_sql_name(&p->given_time, mapping_column(&job->mapping, "start"));
    text_add(&p->sql, "COPY (SELECT *, CASE ");
    stage_fault_of_place("station", &p->sql);
    stage_fault_of_number("temp_c", &p->sql);
    text_addf(&p->sql,
              "END AS why FROM (SELECT row_number() OVER () AS row, %s AS station, (%s)::BIGINT AS "
              "t, CASE WHEN isfinite(%s) THEN %s END AS temp_c, (%s) AS has_offset, "
              "trim(%s::VARCHAR) AS given, %s::VARCHAR AS given_time",
              text_get(&p->station), text_get(&p->time), text_get(&p->temp), text_get(&p->temp),
              text_get(&p->offset), text_get(&p->given), text_get(&p->given_time));
    text_add(&p->sql, text_get(&p->extras));
    return stage_run_rows(job, &p->sql, err);
}

/* What the only station is called: as asked for; one place of Open-Meteo is `all`, like the station
 * of a file that names none. */
static mdg_status name_station(import_job *job, text *sql, mdg_error *err)
{
    const char *name = job->request->station;
    text count = { 0 };
    text_add(&count, "SELECT count(DISTINCT station) FROM read_parquet(");
    text_add_sql_string(&count, job->stage);
    text_add(&count, ") WHERE why IS NULL");
    int64_t n = 0;
    MDG_TRY(store_take_int(job->store.con, &count, &n, NULL, err));
    if (name && n > 1) {
        mdg_fail(err, MDG_E_USAGE, "--station names one station, but there are %lld", (long long)n);
        mdg_hint(err, "leave it out: the files name them");
        mdg_place(err, "%s", job->source.files[0]);
        return MDG_E_USAGE;
    }
    if (!name && n == 1 && job->source.found->id == FORMAT_OPEN_METEO)
        name = "all";
    if (name)
        text_add_sql_string(sql, name);
    else
        text_add(sql, "station");
    return MDG_OK;
}

static mdg_status create_rows(import_job *job, parts *p, mdg_error *err)
{
    bool all_offset = false;
    MDG_TRY(import_check_offsets(job, &all_offset, err));
    text_clear(&p->station);
    MDG_TRY(name_station(job, &p->station, err));
    text_clear(&p->sql);
    text_add(&p->sql, "CREATE TEMP VIEW good AS SELECT * FROM read_parquet(");
    text_add_sql_string(&p->sql, job->stage);
    text_add(&p->sql, ") WHERE why IS NULL; CREATE TEMP TABLE placed AS SELECT ");
    text_add(&p->sql, text_get(&p->station));
    text_add(&p->sql, " AS station, s, temp_c, row");
    text_add(&p->sql, text_get(&p->names));
    text_add(&p->sql, " FROM (");
    import_instants_sql(job, all_offset, "station", &p->sql);
    text_add(&p->sql, ")");
    MDG_TRY(text_status(&p->sql, err));
    return store_run(job->store.con, text_get(&p->sql), err);
}

/* A typical year of a leap year: its 29 February, which the format places in 2016. */
static mdg_status leave_out_leap_day(import_job *job, mdg_error *err)
{
    if (job->source.found->id != FORMAT_EPW)
        return MDG_OK;
    MDG_TRY(store_int(job->store.con, "SELECT count(*) FROM placed WHERE s < 1483228800",
                      &job->account->leap_day, NULL, err));
    return store_run(job->store.con, "DELETE FROM placed WHERE s < 1483228800", err);
}

static mdg_status check_temperatures(import_job *job, mdg_error *err)
{
    double low, high;
    MDG_TRY(store_double(job->store.con, "SELECT min(temp_c) FROM placed", &low, err));
    MDG_TRY(store_double(job->store.con, "SELECT max(temp_c) FROM placed", &high, err));
    if (isnan(low)) {
        mdg_fail(err, MDG_E_SHORT, "'%s' has no temperatures", job->source.files[0]);
        mdg_hint(err, job->source.found->columns ? "they are missing, or marked as suspect"
                                                 : "name their column: --columns temp=NAME");
        return MDG_E_SHORT;
    }
    if (low >= COLDEST_C && high <= HOTTEST_C)
        return MDG_OK;
    mdg_fail(err, MDG_E_RANGE, "temperatures from %.1f to %.1f degC", low, high);
    mdg_hint(err, job->source.found->columns ? "correct the file: no weather has these"
                  : high > 200               ? "they look like kelvin: --unit K"
                  : high > HOTTEST_C && strcmp(job->request->unit, "degC") == 0
                      ? "they look like Fahrenheit: --unit degF"
                      : "check the unit, and mark missing values as empty");
    mdg_place(err, "%s", job->source.files[0]);
    return MDG_E_RANGE;
}

static mdg_status check_conflicts(import_job *job, mdg_error *err)
{
    static const stage_conflict conflict = { "station", "temp_c", "temperatures for the station",
                                             "degC" };
    /* Stations report a time more than once, in reports of several kinds: one is taken. */
    if (job->source.found->id == FORMAT_ISD || job->source.found->id == FORMAT_GHCNH)
        return store_int(job->store.con,
                         "SELECT count(*) - count(DISTINCT (station, s)) FROM placed",
                         &job->account->identical, NULL, err);
    return stage_check_conflicts(job, &conflict, err);
}

static mdg_status make_hourly(import_job *job, const parts *p, mdg_error *err)
{
    pace_counts n;
    MDG_TRY(pace_make_hourly(job->store.con, p->names.length > 0, &n, err));
    job->account->irregular = n.irregular;
    job->account->off_hour = n.off_hour;
    return MDG_OK;
}

static mdg_status count_all(import_job *job, mdg_error *err)
{
    account *a = job->account;
    bool none = false;
    MDG_TRY(
        store_int(job->store.con,
                  "SELECT mode(d) FROM (SELECT s - lag(s) OVER (PARTITION BY station ORDER BY s) "
                  "AS d FROM placed) WHERE d > 0",
                  &a->step_seconds, &none, err));
    job->opts.step_seconds = a->step_seconds;
    if (none || (a->step_seconds > HOUR && a->step_seconds != DAY)) {
        mdg_fail(err, MDG_E_UNSUPPORTED,
                 none ? "no station has two temperatures" : "the temperatures are %.1f hours apart",
                 (double)a->step_seconds / HOUR);
        mdg_hint(err, "give hourly or daily weather");
        mdg_place(err, "%s", job->source.files[0]);
        return MDG_E_UNSUPPORTED;
    }
    MDG_TRY(store_int(job->store.con, "SELECT count(DISTINCT station) FROM placed", &a->meters,
                      NULL, err));
    MDG_TRY(store_int(job->store.con, "SELECT count(*) FROM placed WHERE temp_c IS NULL",
                      &a->missing, NULL, err));
    MDG_TRY(store_int(job->store.con, "SELECT min(s) FROM placed", &a->first, NULL, err));
    MDG_TRY(store_int(job->store.con, "SELECT max(s) FROM placed", &a->last, NULL, err));
    a->last += a->step_seconds;
    a->has_span = true;
    text sql = { 0 };
    text_addf(&sql,
              "SELECT count(*) FROM (SELECT s - lag(s) OVER (PARTITION BY station ORDER BY s) AS d "
              "FROM placed) WHERE d > %lld",
              (long long)a->step_seconds + (a->step_seconds == DAY ? 2 * HOUR : 0));
    mdg_status s = store_take_int(job->store.con, &sql, &a->gaps, NULL, err);
    if (s != MDG_OK)
        return s;
    return store_int(job->store.con, "SELECT count(DISTINCT (station, s)) FROM placed", &a->written,
                     NULL, err);
}

static mdg_status check_typical(import_job *job, mdg_error *err)
{
    if (!job->request->typical_year)
        return MDG_OK;
    int64_t days = (job->account->last - job->account->first + DAY - 1) / DAY;
    if (days >= 365 && days <= 366 && job->account->first % DAY == 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_SHORT, "a typical year of %lld day%s", (long long)days,
             days == 1 ? "" : "s");
    mdg_hint(err, "it must go from the first of January to the end of December");
    mdg_place(err, "%s", job->source.files[0]);
    return MDG_E_SHORT;
}

static mdg_status write_table(import_job *job, parts *p, mdg_error *err)
{
    table_info info = import_table_info(job, "weather");
    text_clear(&p->sql);
    text_addf(&p->sql,
              "COPY (SELECT station, make_timestamp(s * 1000000) AS start, temp_c%s FROM (SELECT "
              "DISTINCT ON (station, s) * FROM placed ORDER BY station, s, temp_c IS NULL, row) "
              "ORDER BY station, "
              "s) TO ",
              text_get(&p->names));
    text_add_sql_string(&p->sql, job->temp);
    text_add(&p->sql, " (FORMAT parquet, COMPRESSION zstd, ");
    table_info_sql(&info, &p->sql);
    text_add(&p->sql, ")");
    MDG_TRY(text_status(&p->sql, err));
    return store_run(job->store.con, text_get(&p->sql), err);
}

static mdg_status chain(import_job *job, parts *p, mdg_error *err)
{
    MDG_TRY(stage(job, p, err));
    MDG_TRY(import_check_lines(job, err));
    MDG_TRY(create_rows(job, p, err));
    MDG_TRY(leave_out_leap_day(job, err));
    MDG_TRY(check_temperatures(job, err));
    MDG_TRY(check_conflicts(job, err));
    MDG_TRY(make_hourly(job, p, err));
    MDG_TRY(count_all(job, err));
    MDG_TRY(check_typical(job, err));
    return write_table(job, p, err);
}

static mdg_status work(import_job *job, mdg_error *err)
{
    MDG_TRY(import_recognise(job, "weather", err));
    MDG_TRY(mapping_parse(job->request->columns, roles, true, &job->mem, &job->mapping, err));
    for (size_t i = 0; i < 2; i++) {
        if (mapping_column(&job->mapping, roles[i]))
            continue;
        mdg_fail(err, MDG_E_USAGE, "--columns does not name the column for '%s'", roles[i]);
        mdg_hint(err, "such as --columns start=time,temp=temp_c");
        return MDG_E_USAGE;
    }
    const mdg_unit *unit;
    MDG_TRY(mdg_unit_find(job->request->unit, &unit, err));
    if (unit->dimension != MDG_DIM_TEMPERATURE) {
        mdg_fail(err, MDG_E_UNIT, "'%s' is no unit of temperature", unit->name);
        mdg_hint(err, "degC, degF or K");
        return MDG_E_UNIT;
    }
    MDG_TRY(import_open(job, err));
    job->account->quantity = "temperature";
    job->account->unit = "degC";
    job->account->kind = job->request->typical_year ? "typical" : "interval";
    job->account->time_zone = job->request->time_zone ? job->request->time_zone : "UTC";
    parts p = { 0 };
    mdg_status s = chain(job, &p, err);
    free_parts(&p);
    return s;
}

mdg_status import_weather(const import_request *q, account *out, mdg_error *err)
{
    return import_job_run(q, "weather", work, out, err);
}
