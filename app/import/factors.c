/* madang import factors: emission factors of grids by hour, day, month or year. */
#include "import/stage_sql.h"

#include <madang/carbon.h>
#include <stdio.h>
#include <string.h>

enum { DAY = 86400 };

static const char *const roles[] = { "start", "value", "region", "life_cycle", NULL };

/* ---- what was asked for ------------------------------------------------------------------- */

static const char *value_column(const import_job *job)
{
    bool life_cycle = job->request->boundary && strcmp(job->request->boundary, "life-cycle") == 0;
    const char *column = life_cycle ? mapping_column(&job->mapping, "life_cycle") : NULL;
    return column ? column : mapping_column(&job->mapping, "value");
}

/* What factors count: the power plants' chimneys, or also what is behind them. */
static mdg_status find_boundary(import_job *job, mdg_error *err)
{
    const import_request *q = job->request;
    const import_format *f = job->source.found;
    bool ember = f->id == FORMAT_EMBER, maps = f->id == FORMAT_ELECTRICITY_MAPS;
    if (q->boundary && f->columns && !maps) {
        mdg_fail(err, MDG_E_USAGE, "--boundary does not go with %s files", f->name);
        mdg_hint(err, "leave it out: they have %s factors only", ember ? "life-cycle" : "direct");
        return MDG_E_USAGE;
    }
    job->account->quantity = q->boundary  ? q->boundary
                             : ember      ? "life-cycle"
                             : f->columns ? "direct"
                                          : "not stated";
    return MDG_OK;
}

static mdg_status check_request(import_job *job, double *scale, mdg_error *err)
{
    const import_request *q = job->request;
    mdg_factor_kind kind;
    mdg_factor unit;
    MDG_TRY(mapping_parse(q->columns, roles, false, &job->mem, &job->mapping, err));
    for (size_t i = 0; i < 2; i++) {
        if (mapping_column(&job->mapping, roles[i]))
            continue;
        mdg_fail(err, MDG_E_USAGE, "--columns does not name the column for '%s'", roles[i]);
        mdg_hint(err, "such as --columns start=time,value=intensity");
        return MDG_E_USAGE;
    }
    MDG_TRY(mdg_factor_kind_find(q->kind, &kind, err));
    /* Of a unit alone, one of which may be more than any factor is. */
    MDG_TRY(mdg_factor_make(kind, 0, q->unit, &unit, err));
    MDG_TRY(mdg_factor_per_kwh(&unit, 1, scale, err));
    job->account->unit = "kgCO2e/kWh";
    job->account->kind = mdg_factor_kind_code(kind);
    job->account->time_zone = "UTC";
    return find_boundary(job, err);
}

/* ---- rows --------------------------------------------------------------------------------- */

typedef struct parts {
    text region, value, time, offset, sql, given, given_time;
} parts;

static void free_parts(parts *p)
{
    text *all[] = {
        &p->region, &p->value, &p->time, &p->offset, &p->sql, &p->given, &p->given_time
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_free(all[i]);
}

static mdg_status region_sql(import_job *job, text *sql, mdg_error *err)
{
    if (mapping_column(&job->mapping, "region") && job->request->region) {
        mdg_fail(err, MDG_E_USAGE, "--region names one region, but the files name theirs");
        mdg_hint(err, "leave it out, or choose rows with --where");
        return MDG_E_USAGE;
    }
    return stage_name_sql(job, "region", job->request->region, sql, err);
}

static mdg_status stage(import_job *job, parts *p, double scale, mdg_error *err)
{
    const source *s = &job->source;
    const char *start = mapping_column(&job->mapping, "start"), *value = value_column(job);
    MDG_TRY(region_sql(job, &p->region, err));
    MDG_TRY(source_number_sql(s, job->store.con, value, &p->value, err));
    MDG_TRY(source_time_sql(s, job->store.con, start, &p->time, &p->offset, err));
    text_add_sql_name(&p->given, value);
    text_add_sql_name(&p->given_time, start);
    text_add(&p->sql, "COPY (SELECT *, CASE ");
    stage_fault_of_place("region", &p->sql);
    stage_fault_of_number("value", &p->sql);
    text_addf(
        &p->sql,
        "END AS why FROM (SELECT row_number() OVER () AS row, %s AS region, (%s)::BIGINT AS t, "
        "CASE WHEN isfinite(%s) THEN (%s) * %.17g END AS value, ",
        text_get(&p->region), text_get(&p->time), text_get(&p->value), text_get(&p->value), scale);
    text_addf(&p->sql, "(%s) AS has_offset, trim(%s::VARCHAR) AS given, %s::VARCHAR AS given_time",
              text_get(&p->offset), text_get(&p->given), text_get(&p->given_time));
    return stage_run_rows(job, &p->sql, err);
}

static mdg_status create_rows(import_job *job, parts *p, mdg_error *err)
{
    bool all_offset = false;
    MDG_TRY(import_check_offsets(job, &all_offset, err));
    text_clear(&p->sql);
    text_add(&p->sql, "CREATE TEMP VIEW good AS SELECT * FROM read_parquet(");
    text_add_sql_string(&p->sql, job->stage);
    text_add(&p->sql, ") WHERE why IS NULL; CREATE TEMP TABLE placed AS SELECT region, s, value, "
                      "row FROM (");
    import_instants_sql(job, all_offset, "region", &p->sql);
    text_add(&p->sql, ")");
    MDG_TRY(text_status(&p->sql, err));
    return store_run(job->store.con, text_get(&p->sql), err);
}

/* ---- checks ------------------------------------------------------------------------------- */

static mdg_status check_values(import_job *job, mdg_error *err)
{
    double low, high;
    MDG_TRY(store_double(job->store.con, "SELECT min(value) FROM placed", &low, err));
    MDG_TRY(store_double(job->store.con, "SELECT max(value) FROM placed", &high, err));
    if (isnan(low)) {
        mdg_fail(err, MDG_E_SHORT, "'%s' has no factors", job->source.files[0]);
        mdg_hint(err, job->source.found->columns ? "they are missing: export it again"
                                                 : "name their column: --columns value=NAME");
        return MDG_E_SHORT;
    }
    if (low >= 0 && high <= MDG_FACTOR_MOST)
        return MDG_OK;
    mdg_fail(err, MDG_E_RANGE, "factors from %.3g to %.3g kgCO2e/kWh", low, high);
    mdg_hint(err, low < 0 ? "a factor of electricity is 0 or more: mark missing values as empty"
                          : "is --unit right? such as gCO2e/kWh");
    mdg_place(err, "%s", job->source.files[0]);
    return MDG_E_RANGE;
}

/* ---- steps -------------------------------------------------------------------------------- */

/* Seconds of a step, 0 where the calendar tells: months and years. */
static const struct {
    const char *name;
    int64_t seconds;
    int64_t shortest, longest; /* distances between rows that look like it */
    const char *interval;
} steps[] = {
    { "5m", 300, 300, 300, NULL },
    { "15m", 900, 900, 900, NULL },
    { "30m", 1800, 1800, 1800, NULL },
    { "1h", 3600, 3600, 3600, NULL },
    { "1d", DAY, 23 * 3600, 25 * 3600, NULL },
    { "month", 0, 28 * DAY - 3600, 31 * DAY + 3600, "1 MONTH" },
    { "year", 0, 365 * DAY - 3600, 366 * DAY + 3600, "1 YEAR" },
};
enum { STEPS = sizeof steps / sizeof *steps };

/* The commonest distance between two factors of a region. */
static mdg_status find_distance(import_job *job, int64_t *distance, bool *none, mdg_error *err)
{
    return store_int(
        job->store.con,
        "SELECT d FROM (SELECT s - lag(s) OVER (PARTITION BY region ORDER BY s) AS d FROM (SELECT "
        "DISTINCT region, s FROM placed)) WHERE d > 0 GROUP BY d ORDER BY count(*) DESC, d LIMIT 1",
        distance, none, err);
}

/* One factor must not stand for the time of others: the last would hold for a whole step. */
static mdg_status check_given_step(const import_job *job, size_t step, int64_t distance,
                                   mdg_error *err)
{
    if (distance >= steps[step].shortest)
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "the factors are %.4g hour%s apart, closer than --step %s",
             (double)distance / 3600, distance == 3600 ? "" : "s", steps[step].name);
    mdg_hint(err, "leave --step out: it is found");
    mdg_place(err, "%s", job->source.files[0]);
    return MDG_E_CONFLICT;
}

static mdg_status find_step(import_job *job, size_t *step, mdg_error *err)
{
    bool none = false;
    int64_t distance = 0;
    MDG_TRY(find_distance(job, &distance, &none, err));
    const char *given = job->request->step;
    for (size_t i = 0; i < STEPS; i++) {
        *step = i;
        if (given ? strcmp(given, steps[i].name) == 0
                  : distance >= steps[i].shortest && distance <= steps[i].longest)
            return given && !none ? check_given_step(job, i, distance, err) : MDG_OK;
    }
    if (none)
        mdg_fail(err, MDG_E_UNSUPPORTED,
                 "no region has two factors, so that their step is unknown");
    else
        mdg_fail(err, MDG_E_UNSUPPORTED, "the factors are %.4g hours apart",
                 (double)distance / 3600);
    mdg_hint(err, "say how long each holds: --step 5m, 15m, 30m, 1h, 1d, month or year");
    mdg_place(err, "%s", job->source.files[0]);
    return MDG_E_UNSUPPORTED;
}

/* Adds `seconds`: no step reaches beyond the next; months and years of a local clock end where the
 * next begins, the last by the calendar. */
static mdg_status make_steps(import_job *job, parts *p, size_t step, mdg_error *err)
{
    text_clear(&p->sql);
    text_add(&p->sql,
             "CREATE TEMP TABLE stepped AS SELECT region, s, value, CASE WHEN lead(s) OVER w - s ");
    if (steps[step].interval)
        text_addf(&p->sql,
                  "<= %lld THEN lead(s) OVER w - s ELSE epoch_us(make_timestamp(s * 1000000) + "
                  "INTERVAL %s) // 1000000 - s END",
                  (long long)steps[step].longest, steps[step].interval);
    else
        text_addf(&p->sql, "<= %lld THEN lead(s) OVER w - s ELSE %lld END",
                  (long long)steps[step].longest, (long long)steps[step].seconds);
    text_add(&p->sql,
             " AS seconds FROM (SELECT DISTINCT ON (region, s) * FROM placed ORDER BY "
             "region, s, value IS NULL, row) WINDOW w AS (PARTITION BY region ORDER BY s)");
    MDG_TRY(text_status(&p->sql, err));
    return store_run(job->store.con, text_get(&p->sql), err);
}

static mdg_status count_all(import_job *job, mdg_error *err)
{
    account *a = job->account;
    const struct {
        const char *sql;
        int64_t *to;
    } counts[] = {
        { "SELECT seconds FROM stepped GROUP BY seconds ORDER BY count(*) DESC, seconds DESC LIMIT "
          "1",
          &a->step_seconds },
        { "SELECT count(DISTINCT region) FROM stepped", &a->meters },
        { "SELECT count(*) FROM stepped WHERE value IS NULL", &a->missing },
        { "SELECT count(*) FROM stepped", &a->written },
        { "SELECT min(s) FROM stepped", &a->first },
        { "SELECT max(s + seconds) FROM stepped", &a->last },
        { "SELECT count(*) FROM (SELECT lead(s) OVER (PARTITION BY region ORDER BY s) - s - "
          "seconds AS gap FROM stepped) WHERE gap > 0",
          &a->gaps },
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        MDG_TRY(store_int(job->store.con, counts[i].sql, counts[i].to, NULL, err));
    a->has_span = true;
    return MDG_OK;
}

static mdg_status write_table(import_job *job, parts *p, mdg_error *err)
{
    table_info info = import_table_info(job, "factors");
    text_clear(&p->sql);
    text_add(&p->sql, "COPY (SELECT region, make_timestamp(s * 1000000) AS start, seconds::INTEGER "
                      "AS seconds, value FROM stepped ORDER BY region, s) TO ");
    text_add_sql_string(&p->sql, job->temp);
    text_add(&p->sql, " (FORMAT parquet, COMPRESSION zstd, ");
    table_info_sql(&info, &p->sql);
    text_add(&p->sql, ")");
    MDG_TRY(text_status(&p->sql, err));
    return store_run(job->store.con, text_get(&p->sql), err);
}

static mdg_status chain(import_job *job, parts *p, double scale, mdg_error *err)
{
    static const stage_conflict conflict = { "region", "value", "factors for", "kgCO2e/kWh" };
    size_t step;
    MDG_TRY(stage(job, p, scale, err));
    MDG_TRY(import_check_lines(job, err));
    MDG_TRY(create_rows(job, p, err));
    MDG_TRY(check_values(job, err));
    MDG_TRY(stage_check_conflicts(job, &conflict, err));
    MDG_TRY(find_step(job, &step, err));
    MDG_TRY(make_steps(job, p, step, err));
    MDG_TRY(count_all(job, err));
    return write_table(job, p, err);
}

static mdg_status work(import_job *job, mdg_error *err)
{
    double scale;
    MDG_TRY(import_recognise(job, "factors", err));
    MDG_TRY(check_request(job, &scale, err));
    MDG_TRY(import_open(job, err));
    parts p = { 0 };
    mdg_status s = chain(job, &p, scale, err);
    free_parts(&p);
    return s;
}

mdg_status import_factors(const import_request *q, account *out, mdg_error *err)
{
    return import_job_run(q, "factors", work, out, err);
}
