/* How often the intervals cover the truth: many simulated cities, measured in memory. */
#include "demo/city.h"
#include "demo/demo.h"
#include "support/json_text.h"

#include <stdio.h>
#include <stdlib.h>

enum { WINDOW = 365 };

typedef struct coverage {
    mdg_estimate percent; /* of the whole programme */
    double truth;
    size_t homes, homes_inside; /* single homes: savings against their own truth */
} coverage;

typedef struct experiment {
    const demo_request *request;
    double level;
    coverage *cities;
} experiment;

/* What a worker needs to measure the homes of one city. */
typedef struct bench {
    const city *city;
    mdg_measure_opts opts;
    mdg_temperature_cells cells[CITY_STATIONS];
    mdg_measure_work work;
    double *reading, *used, *without;
} bench;

static mdg_status bench_make(const city *c, double level, mdg_arena *mem, bench *out,
                             mdg_error *err)
{
    bench b = { .city = c, .opts = MDG_MEASURE_OPTS };
    b.opts.level = level;
    b.opts.cooling = false;
    b.reading = mdg_new(mem, double, c->days);
    b.used = mdg_new(mem, double, c->days);
    b.without = mdg_new(mem, double, c->days);
    if (!b.reading || !b.used || !b.without)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(city_cells(c, mem, b.cells, err));
    MDG_TRY(mdg_measure_work_make(c->days, 0, &b.opts, mem, &b.work, err));
    *out = b;
    return MDG_OK;
}

/* Measures one treated home; adds its truth over the whole reporting period to the sums, and
 * compares its interval with its truth over the days that were measured. */
static mdg_status measure_home(bench *b, size_t home, mdg_effect *effect, mdg_sum *saved,
                               mdg_sum *without, coverage *out, mdg_error *err)
{
    const city_building *home_of = &b->city->building[home];
    city_use(b->city, home, CITY_GAS, b->reading, b->used, b->without);
    size_t from = (size_t)(home_of->from - b->city->first);
    size_t to = (size_t)(home_of->to - b->city->first);
    mdg_meter_input input = { .use = b->reading,
                              .cells = &b->cells[home_of->station],
                              .baseline_from = from - WINDOW,
                              .baseline_to = from,
                              .reporting_from = to,
                              .reporting_to = to + WINDOW,
                              .readings = b->city->days };
    mdg_meter_result m;
    MDG_TRY(mdg_measure_meter(&input, &b->opts, &b->work, &m, err));
    mdg_effect_add(effect, &m);
    mdg_sum measured = { 0 };
    for (size_t i = to; i < to + WINDOW; i++) {
        mdg_sum_add(saved, b->without[i] - b->used[i]);
        mdg_sum_add(without, b->without[i]);
        if (!isnan(b->reading[i]))
            mdg_sum_add(&measured, b->without[i] - b->used[i]);
    }
    if (m.status == MDG_METER_OK) {
        double truth = mdg_sum_get(&measured);
        out->homes++;
        out->homes_inside += m.lo <= truth && truth <= m.hi;
    }
    return MDG_OK;
}

static mdg_status measure_city(const city *c, double level, mdg_arena *mem, coverage *out,
                               mdg_error *err)
{
    bench b;
    MDG_TRY(bench_make(c, level, mem, &b, err));
    coverage result = { 0 };
    mdg_effect effect = { 0 };
    mdg_sum saved = { 0 }, without = { 0 };
    for (size_t i = 0; i < c->homes; i++)
        if (c->building[i].treated)
            MDG_TRY(measure_home(&b, i, &effect, &saved, &without, &result, err));
    result.percent = mdg_effect_percent(&effect);
    result.truth = 100 * mdg_sum_get(&saved) / mdg_sum_get(&without);
    *out = result;
    return MDG_OK;
}

static mdg_status one_city(void *context, size_t chunk, size_t worker, mdg_error *err)
{
    (void)worker;
    experiment *e = context;
    city_opts opts = CITY_OPTS;
    opts.seed = e->request->seed + chunk;
    opts.homes = e->request->homes;
    opts.others = 0;
    mdg_arena mem = { 0 };
    city c;
    mdg_status s = city_make(&opts, &mem, &c, err);
    if (s == MDG_OK)
        s = measure_city(&c, e->level, &mem, &e->cities[chunk], err);
    mdg_arena_free(&mem);
    return s;
}

typedef struct result {
    size_t cities, inside, homes, homes_inside;
    double bias, bias_sd, half_width; /* in points of percent */
} result;

static result sum_up(const coverage *cities, size_t n)
{
    result r = { .cities = n };
    mdg_sum bias = { 0 }, squares = { 0 }, half = { 0 };
    for (size_t i = 0; i < n; i++) {
        const coverage *c = &cities[i];
        r.inside += c->percent.lo <= c->truth && c->truth <= c->percent.hi;
        r.homes += c->homes;
        r.homes_inside += c->homes_inside;
        mdg_sum_add(&bias, c->percent.value - c->truth);
        mdg_sum_add(&half, (c->percent.hi - c->percent.lo) / 2);
    }
    r.bias = mdg_sum_get(&bias) / (double)n;
    r.half_width = mdg_sum_get(&half) / (double)n;
    for (size_t i = 0; i < n; i++) {
        double d = cities[i].percent.value - cities[i].truth - r.bias;
        mdg_sum_add(&squares, d * d);
    }
    r.bias_sd = n > 1 ? sqrt(mdg_sum_get(&squares) / (double)(n - 1)) : MDG_NAN;
    return r;
}

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : MDG_NAN;
}

static mdg_status print(const experiment *e, const result *r, mdg_error *err)
{
    double p = share(r->inside, r->cities);
    double error = sqrt(p * (1 - p) / (double)r->cities);
    if (!e->request->json) {
        printf(
            "intervals that contain the truth, nominally %.0f in 100 (CalTRACK's, uncalibrated)\n\n"
            "  programmes    %6.1f in 100 of %zu simulated cities (standard error %.1f)\n"
            "  single homes  %6.1f in 100 of %zu\n\n"
            "  estimate minus truth  %+.2f points in the mean, %.2f from city to city\n"
            "  half of an interval   %.2f points in the mean\n",
            100 * e->level, 100 * p, r->cities, 100 * error, 100 * share(r->homes_inside, r->homes),
            r->homes, r->bias, r->bias_sd, r->half_width);
        return MDG_OK;
    }
    json_t *j =
        json_pack("{s:s, s:f, s:I, s:f, s:f, s:I, s:f, s:f, s:f, s:f}", "interval", "caltrack2",
                  "level", e->level, "cities", (json_int_t)r->cities, "coverage", p, "coverage_se",
                  error, "homes", (json_int_t)r->homes, "homes_coverage",
                  share(r->homes_inside, r->homes), "bias_percent", r->bias, "bias_sd_percent",
                  isnan(r->bias_sd) ? 0.0 : r->bias_sd, "half_width_percent", r->half_width);
    return json_text_print(j, err);
}

mdg_status demo_coverage(const demo_request *q, size_t cities, mdg_error *err)
{
    experiment e = { .request = q, .level = 0.90 };
    mdg_arena mem = { 0 };
    e.cities = mdg_new(&mem, coverage, cities);
    mdg_status s = e.cities ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    if (s == MDG_OK)
        s = mdg_parallel(cities, q->threads, one_city, &e, err);
    if (s == MDG_OK && (q->json || !q->quiet)) {
        result r = sum_up(e.cities, cities);
        s = print(&e, &r, err);
    }
    mdg_arena_free(&mem);
    return s;
}
