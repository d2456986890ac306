/* The placebo experiment on 60 hourly buildings of ten years, from Parquet to what it prints. The
 * tables are made once and kept in build/bench-data/. */
#include "bench.h"

#include "cli/progress.h"
#include "store/tables.h"
#include "support/output.h"
#include "validate/experiment.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUILDINGS = 60, FIRST = 2010, YEARS = 10, HOUR = 3600, THREADS = 2 };

typedef struct files {
    char folder[64], readings[96], weather[96];
} files;

/* Temperatures have a year, a day, and days that are warm or cold. */
static const char weather_sql[] =
    "SELECT 'all' AS station, start, round(11 - 9 * cos(0.0172 * (d - 15)) "
    "- 4 * cos(0.2618 * (h - 3)) + 6 * (hash(d) %% 1000 / 1000.0 - 0.5), 2) AS temp_c "
    "FROM (SELECT make_timestamp(%d, 1, 1, 0, 0, 0) + INTERVAL 1 HOUR * i AS start, "
    "i // 24 AS d, i %% 24 AS h FROM range(%zu) AS t(i))";

/* A building has a size, a balance point, working hours, a level of each year and noise of each
 * hour. */
static const char readings_sql[] =
    "SELECT printf('B%%04d', m) AS meter, start, 3600::INTEGER AS seconds, "
    "round((0.5 + m %% 7) * (1 + 0.1 * (hash(m, year(start)) %% 1000 / 1000.0 - 0.5)) "
    "* (4 + (CASE WHEN hour(start) BETWEEN 8 AND 18 AND isodow(start) < 6 THEN 3 ELSE 0 END) "
    "+ 0.6 * greatest(0, 12 + m %% 5 - temp_c) + hash(m, start) %% 1000 / 1000.0), 3) AS value "
    "FROM (%s), range(%zu) AS b(m) ORDER BY m, start";

static mdg_status copy(duckdb_connection con, const char *select, const table_info *info,
                       const char *path, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "COPY (");
    text_add(&sql, select);
    text_add(&sql, ") TO ");
    text_add_sql_string(&sql, path);
    text_add(&sql, " (FORMAT parquet, ");
    table_info_sql(info, &sql);
    text_add(&sql, ")");
    return store_take_run(con, &sql, err);
}

static mdg_status write_tables(const files *f, size_t buildings, output_set *set, store *st,
                               mdg_error *err)
{
    const char *readings, *weather;
    MDG_TRY(output_make_folder(f->folder, err));
    MDG_TRY(output_add(set, f->weather, &weather, err));
    MDG_TRY(output_add(set, f->readings, &readings, err));
    MDG_TRY(store_open(THREADS, 2000, NULL, st, err));
    size_t hours = (size_t)24 * (size_t)(mdg_date_to_day((mdg_date){ FIRST + YEARS, 1, 1 }) -
                                         mdg_date_to_day((mdg_date){ FIRST, 1, 1 }));
    char air[1024], use[2048];
    snprintf(air, sizeof air, weather_sql, FIRST, hours);
    snprintf(use, sizeof use, readings_sql, air, buildings);
    table_info of_weather = { "weather", "temperature", "degC", "", "UTC", "", HOUR, 0 };
    table_info of_readings = { "readings", "gas", "kWh", "interval", "UTC", "", HOUR, 0 };
    fprintf(stderr, "# writing %s\n", f->readings);
    MDG_TRY(copy(st->con, air, &of_weather, weather, err));
    MDG_TRY(copy(st->con, use, &of_readings, readings, err));
    return output_commit(set, err);
}

static mdg_status make_tables(const files *f, size_t buildings, mdg_error *err)
{
    store st = { 0 };
    output_set set = { 0 };
    mdg_status s = write_tables(f, buildings, &set, &st, err);
    store_close(&st);
    output_discard(&set);
    return s;
}

/* In a process of its own: memory is counted of the experiment. */
static mdg_status have_tables(const files *f, size_t buildings, mdg_error *err)
{
    if (access(f->readings, R_OK) == 0)
        return MDG_OK;
    pid_t child = fork();
    if (child == 0) {
        mdg_status s = make_tables(f, buildings, err);
        if (s != MDG_OK)
            fprintf(stderr, "bench: %s\n", err->message);
        _exit(s == MDG_OK ? 0 : 1);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        return mdg_fail(err, MDG_E_INTERNAL, "the tables could not be made");
    return MDG_OK;
}

static mdg_status run(const files *f, mdg_error *err)
{
    experiment_request q = { .readings = f->readings,
                             .weather = f->weather,
                             .model = { MDG_MODEL_CALTRACK_DAILY, MDG_MODEL_MADANG_DAILY },
                             .n_models = 2,
                             .first_year = FIRST,
                             .last_year = FIRST + YEARS - 2,
                             .portfolio = { 10, 30 },
                             .n_portfolios = 2,
                             .level = 0.9,
                             .seed = 1,
                             .madang = MDG_MADANG_DAILY_OPTS,
                             .threads = THREADS,
                             .quiet = true };
    experiment e;
    double began = clock_seconds();
    mdg_status s = experiment_run(&q, &e, err);
    if (s == MDG_OK) {
        bench_print("validate_s", clock_seconds() - began, "s");
        for (size_t i = 0; i < q.n_models; i++)
            fprintf(stderr, "# %s: %zu of %zu meters' years\n", mdg_model_code(q.model[i]),
                    e.model[i].survey.n, e.model[i].sample[0].tried);
    }
    experiment_free(&e);
    return s;
}

mdg_status bench_validate(double scale, mdg_error *err)
{
    size_t buildings = (size_t)(BUILDINGS * scale);
    files f;
    snprintf(f.folder, sizeof f.folder, "build/bench-data/validate-%zu", buildings);
    snprintf(f.readings, sizeof f.readings, "%s/readings.parquet", f.folder);
    snprintf(f.weather, sizeof f.weather, "%s/weather.parquet", f.folder);
    MDG_TRY(have_tables(&f, buildings, err));
    MDG_TRY(run(&f, err));
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    bench_print("validate_rss_mb", (double)used.ru_maxrss / 1024, "MB");
    return MDG_OK;
}
