/* Big tables: from Parquet on disk to the record and the per-meter table. Each table is made once
 * and kept in build/bench-data/. */
#include "bench.h"

#include "cli/progress.h"
#include "demo/city.h"
#include "measure/measure.h"
#include "store/tables.h"
#include "store/writer.h"
#include "support/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PATTERNS = 512,
    DAYS = 730,
    HOURS = 24,
    BILLS = 24,
    CYCLES = 20, /* days on which bills begin */
    THREADS = 2,
    HOUR = 3600,
    DAY = 86400,
};

typedef struct table {
    const char *name, *model;
    size_t meters, steps; /* readings of a meter */
    int64_t step_seconds; /* 0: bills */
    size_t patterns;
} table;

static const table daily = { "million_daily", "caltrack-daily", 1000000, DAYS, DAY, PATTERNS };
static const table hourly = {
    "hourly_20k", "caltrack-hourly", 20000, (size_t)DAYS *HOURS, HOUR, 128
};
static const table billing = { "billing_million", "caltrack-billing", 1000000, BILLS, 0, PATTERNS };

/* ---- input -------------------------------------------------------------------------------- */

/* Meter m is pattern m % patterns, scaled by a factor of its own. */
typedef struct maker {
    const table *t;
    size_t meters, at; /* rows made so far: meter at / steps, step at % steps */
    int32_t first;
    float *pattern; /* patterns x steps; for bills, patterns x DAYS running sums */
} maker;

static double factor_of(size_t meter)
{
    return 0.5 + (double)(meter * 2654435761u % 100000) / 100000;
}

/* The k-th bill of a meter: bills begin on a day of the month of its own. */
static int32_t bill_day(const maker *m, size_t meter, size_t k)
{
    mdg_date d = mdg_day_to_date(m->first);
    int month = d.month - 1 + (int)k;
    return mdg_date_to_day(
        (mdg_date){ d.year + month / 12, month % 12 + 1, 1 + (int)(meter % CYCLES) });
}

static double make_reading(const maker *m, size_t meter, size_t k, int64_t *start, int32_t *seconds)
{
    const table *t = m->t;
    const float *pattern =
        m->pattern + meter % t->patterns * (t->step_seconds ? t->steps : (size_t)DAYS);
    if (t->step_seconds) {
        *start = (int64_t)m->first * DAY + (int64_t)k * t->step_seconds;
        *seconds = (int32_t)t->step_seconds;
        return (double)pattern[k] * factor_of(meter);
    }
    int32_t from = bill_day(m, meter, k), to = bill_day(m, meter, k + 1);
    *start = (int64_t)from * DAY;
    *seconds = (to - from) * DAY;
    double sum = 0;
    for (int32_t d = from - m->first; d < to - m->first && d < DAYS; d++)
        sum += (double)pattern[d];
    return sum * factor_of(meter);
}

static mdg_status fill(void *context, duckdb_data_chunk chunk, idx_t *n, mdg_error *err)
{
    (void)err;
    maker *m = context;
    duckdb_vector id = duckdb_data_chunk_get_vector(chunk, 0);
    int64_t *start = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));
    int32_t *seconds = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 2));
    double *value = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 3));
    idx_t room = duckdb_vector_size();
    for (*n = 0; *n < room && m->at < m->meters * m->t->steps; (*n)++, m->at++) {
        size_t meter = m->at / m->t->steps, k = m->at % m->t->steps;
        char name[32];
        snprintf(name, sizeof name, "M%07zu", meter);
        duckdb_vector_assign_string_element(id, *n, name);
        double use = make_reading(m, meter, k, &start[*n], &seconds[*n]);
        start[*n] *= 1000000;
        value[*n] = round(use * 100) / 100;
    }
    return MDG_OK;
}

/* The patterns: a building each, by day or by hour. */
static mdg_status make_patterns(const city *c, maker *m, mdg_arena *mem, mdg_error *err)
{
    const table *t = m->t;
    bool hours = t->step_seconds == HOUR;
    size_t steps = hours ? t->steps : (size_t)DAYS;
    double *use = mdg_new(mem, double, c->days);
    double *by_hour = mdg_new(mem, double, HOURS * c->days);
    m->pattern = mdg_new(mem, float, t->patterns *steps);
    if (!m->pattern || !use || !by_hour)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t p = 0; p < t->patterns; p++) {
        bool all = t->step_seconds != DAY; /* lost days are of the daily table */
        city_use(c, p, CITY_GAS, all ? NULL : use, all ? use : NULL, NULL);
        if (hours)
            city_use_hours(c, p, CITY_GAS, use, by_hour);
        for (size_t i = 0; i < steps; i++)
            m->pattern[p * steps + i] = (float)(hours ? by_hour[i] : use[i]);
    }
    return MDG_OK;
}

static mdg_status write_readings(const table *t, const city *c, const char *path, size_t meters,
                                 mdg_arena *mem, store *st, mdg_error *err)
{
    static const writer_column columns[] = { { "meter", DUCKDB_TYPE_VARCHAR },
                                             { "start", DUCKDB_TYPE_TIMESTAMP },
                                             { "seconds", DUCKDB_TYPE_INTEGER },
                                             { "value", DUCKDB_TYPE_DOUBLE } };
    maker m = { .t = t, .meters = meters, .first = c->first };
    MDG_TRY(make_patterns(c, &m, mem, err));
    int64_t step = t->step_seconds ? t->step_seconds : (int64_t)30 * DAY;
    table_info info = { "readings", "gas", "kWh", "interval", "UTC", "", step, 0 };
    text options = { 0 };
    text_add(&options, "FORMAT parquet, ");
    table_info_sql(&info, &options);
    writer_source source = { "readings", columns, 4, fill, &m };
    mdg_status s = writer_copy(st->con, &source, path, text_get(&options), err);
    text_free(&options);
    return s;
}

static mdg_status write_weather(const city *c, const char *path, store *st, mdg_error *err)
{
    table_info info = { "weather", "temperature", "degC", "", "UTC", "", HOUR, 0 };
    text sql = { 0 };
    text_add(&sql, "COPY (SELECT * FROM (VALUES ");
    for (size_t i = 0; i < HOURS * c->days; i++)
        text_addf(&sql, "%s('all', make_timestamp(%lld), %.2f)", i ? ", " : "",
                  ((long long)c->first * DAY + (long long)i * HOUR) * 1000000, c->hourly_c[0][i]);
    text_add(&sql, ") AS t(station, start, temp_c)) TO ");
    text_add_sql_string(&sql, path);
    text_add(&sql, " (FORMAT parquet, ");
    table_info_sql(&info, &sql);
    text_add(&sql, ")");
    return store_take_run(st->con, &sql, err);
}

static mdg_status write_yaml(const table *t, const char *path, mdg_error *err)
{
    char yaml[512];
    int n = snprintf(yaml, sizeof yaml,
                     "measure: bench\ntitle: %s\nquantity: {fuel: gas, unit: kWh}\nevents: no\n"
                     "readings: readings.parquet\nweather: weather.parquet\n"
                     "installation: {from: 2023-03-01, to: 2023-03-01}\n"
                     "baseline: {days: 365}\nreporting: {days: 365}\nmodel: %s\n",
                     t->name, t->model);
    return output_write(path, yaml, (size_t)n, err);
}

typedef struct files {
    char folder[256], readings[300], weather[300], yaml[300];
} files;

static mdg_status make_input(const table *t, const files *f, size_t meters, mdg_arena *mem,
                             store *st, output_set *set, mdg_error *err)
{
    city_opts opts = CITY_OPTS;
    opts.homes = PATTERNS;
    opts.others = 0;
    city c;
    const char *readings, *weather, *yaml;
    MDG_TRY(city_make(&opts, mem, &c, err));
    MDG_TRY(output_make_folder(f->folder, err));
    MDG_TRY(output_add(set, f->weather, &weather, err));
    MDG_TRY(output_add(set, f->yaml, &yaml, err));
    MDG_TRY(output_add(set, f->readings, &readings, err));
    MDG_TRY(store_open(THREADS, 2000, NULL, st, err));
    fprintf(stderr, "# writing %s\n", f->readings);
    MDG_TRY(write_readings(t, &c, readings, meters, mem, st, err));
    MDG_TRY(write_weather(&c, weather, st, err));
    MDG_TRY(write_yaml(t, yaml, err));
    return output_commit(set, err);
}

static mdg_status have_input(const table *t, const files *f, size_t meters, mdg_error *err)
{
    if (access(f->readings, R_OK) == 0)
        return MDG_OK;
    mdg_arena mem = { 0 };
    store st = { 0 };
    output_set set = { 0 };
    mdg_status s = make_input(t, f, meters, &mem, &st, &set, err);
    store_close(&st);
    output_discard(&set);
    mdg_arena_free(&mem);
    return s;
}

/* ---- measuring ---------------------------------------------------------------------------- */

/* What a child process tells of its run. */
typedef struct figures {
    double seconds, reading, fitting, writing;
} figures;

typedef mdg_status work_fn(const files *f, figures *out, mdg_error *err);

static mdg_status measure(const files *f, figures *out, mdg_error *err)
{
    measure_request q = { .yaml = f->yaml, .language = "en", .threads = THREADS, .quiet = true };
    char per_meter[320], record[320];
    snprintf(per_meter, sizeof per_meter, "%s/per-meter.parquet", f->folder);
    snprintf(record, sizeof record, "%s/record.json", f->folder);
    q.per_meter = per_meter;
    q.record = record;
    q.internal = true;
    measure_outcome o;
    mdg_status s = measure_run(&q, &o, err);
    *out = (figures){ o.seconds, o.reading_seconds, o.fitting_seconds, o.writing_seconds };
    measure_outcome_free(&o);
    return s;
}

/* What DuckDB needs to hand over the same four columns, to nobody. */
static mdg_status read_only(const files *f, figures *out, mdg_error *err)
{
    store st;
    MDG_TRY(store_open(THREADS, 1024, NULL, &st, err));
    text sql = { 0 };
    text_add(&sql, "SELECT max(meter), max(start), max(seconds), sum(value) FROM read_parquet(");
    text_add_sql_string(&sql, f->readings);
    text_add(&sql, ")");
    double began = clock_seconds();
    duckdb_result r;
    mdg_status s = store_query(st.con, text_get(&sql), &r, err);
    out->seconds = clock_seconds() - began;
    if (s == MDG_OK)
        duckdb_destroy_result(&r);
    text_free(&sql);
    store_close(&st);
    return s;
}

static void run_child(int to, work_fn *work, const files *f)
{
    mdg_error err = { 0 };
    figures out = { 0 };
    mdg_status s = work(f, &out, &err);
    if (s != MDG_OK)
        fprintf(stderr, "bench: %s\n", err.message);
    bool told = write(to, &out, sizeof out) == (ssize_t)sizeof out;
    _exit(s == MDG_OK && told ? 0 : 1);
}

/* In a process of its own, whose resident memory is only that work's. */
static mdg_status in_child(work_fn *work, const files *f, figures *out, double *rss_mb,
                           mdg_error *err)
{
    int ends[2];
    if (pipe(ends) != 0)
        return mdg_fail(err, MDG_E_INTERNAL, "no pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child == 0)
        run_child(ends[1], work, f);
    close(ends[1]);
    ssize_t got = read(ends[0], out, sizeof *out);
    close(ends[0]);
    int status = 0;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0 ||
        got != (ssize_t)sizeof *out)
        return mdg_fail(err, MDG_E_INTERNAL, "the benchmark's process failed");
    *rss_mb = (double)used.ru_maxrss / 1024;
    return MDG_OK;
}

static void print_figure(const table *t, const char *what, double value, const char *unit)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%s", t->name, what);
    bench_print(name, value, unit);
}

static mdg_status bench_table(const table *t, double scale, mdg_error *err)
{
    size_t meters = (size_t)((double)t->meters * scale);
    files f;
    snprintf(f.folder, sizeof f.folder, "build/bench-data/%s-%zu", t->model, meters);
    snprintf(f.readings, sizeof f.readings, "%s/readings.parquet", f.folder);
    snprintf(f.weather, sizeof f.weather, "%s/weather.parquet", f.folder);
    snprintf(f.yaml, sizeof f.yaml, "%s/bench.yaml", f.folder);
    MDG_TRY(have_input(t, &f, meters, err));
    if (meters != t->meters)
        print_figure(t, "meters", (double)meters, "meters, not the whole");
    figures run, floor;
    double rss, floor_rss;
    MDG_TRY(in_child(measure, &f, &run, &rss, err));
    MDG_TRY(in_child(read_only, &f, &floor, &floor_rss, err));
    double busy = run.reading + run.fitting + run.writing;
    print_figure(t, "s", run.seconds, "s");
    print_figure(t, "rss_mb", rss, "MB");
    print_figure(t, "reading_share", 100 * run.reading / busy, "%");
    print_figure(t, "fitting_share", 100 * run.fitting / busy, "%");
    print_figure(t, "writing_share", 100 * run.writing / busy, "%");
    print_figure(t, "reading_floor_s", floor.seconds, "s");
    return MDG_OK;
}

mdg_status bench_million_daily(double scale, mdg_error *err)
{
    return bench_table(&daily, scale, err);
}

mdg_status bench_hourly_20k(double scale, mdg_error *err)
{
    return bench_table(&hourly, scale, err);
}

mdg_status bench_billing_million(double scale, mdg_error *err)
{
    return bench_table(&billing, scale, err);
}
