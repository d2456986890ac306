/* A million meters x 730 days: from a Parquet table on disk to the record and the per-meter table.
 * The table is made once and kept in build/bench-data/. */
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

enum { METERS = 1000000, DAYS = 730, PATTERNS = 512, THREADS = 2, SECONDS_A_DAY = 86400 };

/* ---- input -------------------------------------------------------------------------------- */

/* Meter m is pattern m % PATTERNS, scaled by a factor of its own. */
typedef struct maker {
    size_t meters, at; /* rows made so far: meter at / DAYS, day at % DAYS */
    int64_t first;
    float *pattern; /* PATTERNS x DAYS */
} maker;

static double factor_of(size_t meter)
{
    return 0.5 + (double)(meter * 2654435761u % 100000) / 100000;
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
    for (*n = 0; *n < room && m->at < m->meters * DAYS; (*n)++, m->at++) {
        size_t meter = m->at / DAYS, day = m->at % DAYS;
        char name[32];
        snprintf(name, sizeof name, "M%07zu", meter);
        duckdb_vector_assign_string_element(id, *n, name);
        start[*n] = (m->first + (int64_t)day * SECONDS_A_DAY) * 1000000;
        seconds[*n] = SECONDS_A_DAY;
        double use = (double)m->pattern[meter % PATTERNS * DAYS + day] * factor_of(meter);
        value[*n] = round(use * 100) / 100;
    }
    return MDG_OK;
}

static mdg_status write_readings(const city *c, const char *path, size_t meters, mdg_arena *mem,
                                 store *st, mdg_error *err)
{
    static const writer_column columns[] = { { "meter", DUCKDB_TYPE_VARCHAR },
                                             { "start", DUCKDB_TYPE_TIMESTAMP },
                                             { "seconds", DUCKDB_TYPE_INTEGER },
                                             { "value", DUCKDB_TYPE_DOUBLE } };
    maker m = { .meters = meters, .first = (int64_t)c->first * SECONDS_A_DAY };
    m.pattern = mdg_new(mem, float, (size_t)PATTERNS *DAYS);
    double *use = mdg_new(mem, double, c->days);
    if (!m.pattern || !use)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t p = 0; p < PATTERNS; p++) {
        city_use(c, p, CITY_GAS, use, NULL, NULL);
        for (size_t i = 0; i < DAYS; i++)
            m.pattern[p * DAYS + i] = (float)use[i];
    }
    table_info info = { "readings", "gas", "kWh", "interval", "UTC", SECONDS_A_DAY, 0 };
    text options = { 0 };
    text_add(&options, "FORMAT parquet, ");
    table_info_sql(&info, &options);
    writer_source source = { columns, 4, fill, &m };
    mdg_status s = writer_copy(st->con, &source, path, text_get(&options), err);
    text_free(&options);
    return s;
}

static mdg_status write_weather(const city *c, const char *path, store *st, mdg_error *err)
{
    table_info info = { "weather", "temperature", "degC", "", "UTC", SECONDS_A_DAY, 0 };
    text sql = { 0 };
    text_add(&sql, "COPY (SELECT * FROM (VALUES ");
    for (size_t i = 0; i < c->days; i++)
        text_addf(&sql, "%s('all', make_timestamp(%lld), %.2f)", i ? ", " : "",
                  ((long long)c->first + (long long)i) * SECONDS_A_DAY * 1000000, c->daily_c[0][i]);
    text_add(&sql, ") AS t(station, start, temp_c)) TO ");
    text_add_sql_string(&sql, path);
    text_add(&sql, " (FORMAT parquet, ");
    table_info_sql(&info, &sql);
    text_add(&sql, ")");
    return store_take_run(st->con, &sql, err);
}

static mdg_status write_yaml(const char *path, mdg_error *err)
{
    static const char yaml[] =
        "measure: million-daily\ntitle: a million meters\nquantity: {fuel: gas, unit: kWh}\n"
        "readings: readings.parquet\nweather: weather.parquet\n"
        "installation: {from: 2023-03-01, to: 2023-03-01}\n"
        "baseline: {days: 365}\nreporting: {days: 365}\nmodel: caltrack-daily\n";
    return output_write(path, yaml, sizeof yaml - 1, err);
}

typedef struct files {
    char folder[256], readings[300], weather[300], yaml[300];
} files;

static mdg_status make_input(const files *f, size_t meters, mdg_arena *mem, store *st,
                             output_set *set, mdg_error *err)
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
    MDG_TRY(write_readings(&c, readings, meters, mem, st, err));
    MDG_TRY(write_weather(&c, weather, st, err));
    MDG_TRY(write_yaml(yaml, err));
    return output_commit(set, err);
}

static mdg_status have_input(const files *f, size_t meters, mdg_error *err)
{
    if (access(f->readings, R_OK) == 0)
        return MDG_OK;
    mdg_arena mem = { 0 };
    store st = { 0 };
    output_set set = { 0 };
    mdg_status s = make_input(f, meters, &mem, &st, &set, err);
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

mdg_status bench_million_daily(double scale, mdg_error *err)
{
    size_t meters = (size_t)(METERS * scale);
    files f;
    snprintf(f.folder, sizeof f.folder, "build/bench-data/daily-%zu", meters);
    snprintf(f.readings, sizeof f.readings, "%s/readings.parquet", f.folder);
    snprintf(f.weather, sizeof f.weather, "%s/weather.parquet", f.folder);
    snprintf(f.yaml, sizeof f.yaml, "%s/million-daily.yaml", f.folder);
    MDG_TRY(have_input(&f, meters, err));
    if (meters != METERS)
        bench_print("meters_instead_of_a_million", (double)meters, "meters");
    figures run, floor;
    double rss, floor_rss;
    MDG_TRY(in_child(measure, &f, &run, &rss, err));
    MDG_TRY(in_child(read_only, &f, &floor, &floor_rss, err));
    double busy = run.reading + run.fitting + run.writing;
    bench_print("million_daily_s", run.seconds, "s");
    bench_print("million_daily_rss_mb", rss, "MB");
    bench_print("million_daily_reading_share", 100 * run.reading / busy, "%");
    bench_print("million_daily_fitting_share", 100 * run.fitting / busy, "%");
    bench_print("million_daily_writing_share", 100 * run.writing / busy, "%");
    bench_print("million_daily_reading_floor_s", floor.seconds, "s");
    return MDG_OK;
}
