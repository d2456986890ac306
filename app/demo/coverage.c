/* How often the intervals cover the truth: many simulated cities, measured in memory. */
#include "demo/demo.h"
#include "demo/try_city.h"
#include "measure/json.h"
#include "support/json_text.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *code, *words;
} names[TRY_INTERVALS] = {
    [TRY_CALTRACK2] = { "caltrack2", "CalTRACK's" },
    [TRY_CALIBRATED] = { "calibrated", "calibrated on placebos" },
    [TRY_DIFFERENCE] = { "difference", "against a comparison group" },
};

typedef struct experiment {
    const demo_request *request;
    double level;
    try_result *cities;
} experiment;

static mdg_status one_city(void *context, size_t chunk, size_t worker, mdg_error *err)
{
    (void)worker;
    experiment *e = context;
    city_opts opts = CITY_OPTS;
    opts.seed = e->request->seed + chunk;
    opts.homes = e->request->homes;
    opts.others = 0;
    opts.history = CITY_HISTORY;
    mdg_arena mem = { 0 };
    city c;
    mdg_status s = city_make(&opts, &mem, &c, err);
    if (s == MDG_OK)
        s = try_city(&c, e->level, &mem, &e->cities[chunk], err);
    mdg_arena_free(&mem);
    return s;
}

/* ---- counting ----------------------------------------------------------------------------- */

/* One kind of interval over all cities; in points of percent. */
typedef struct kind_result {
    size_t inside, homes_inside;
    double coverage, coverage_se;
    double homes_coverage; /* NaN: none for single homes */
    double bias, bias_sd, half_width;
} kind_result;

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : MDG_NAN;
}

static kind_result sum_up(const try_result *cities, size_t n, try_interval k)
{
    kind_result r = { 0 };
    mdg_sum bias = { 0 }, squares = { 0 }, half = { 0 };
    size_t homes = 0;
    for (size_t i = 0; i < n; i++) {
        const try_result *c = &cities[i];
        const mdg_estimate *p = &c->percent[k];
        r.inside += p->lo <= c->truth && c->truth <= p->hi;
        r.homes_inside += c->inside[k];
        homes += c->homes;
        mdg_sum_add(&bias, p->value - c->truth);
        mdg_sum_add(&half, (p->hi - p->lo) / 2);
    }
    r.bias = mdg_sum_get(&bias) / (double)n;
    r.half_width = mdg_sum_get(&half) / (double)n;
    for (size_t i = 0; i < n; i++) {
        double d = cities[i].percent[k].value - cities[i].truth - r.bias;
        mdg_sum_add(&squares, d * d);
    }
    r.bias_sd = n > 1 ? sqrt(mdg_sum_get(&squares) / (double)(n - 1)) : MDG_NAN;
    r.coverage = share(r.inside, n);
    r.coverage_se = sqrt(r.coverage * (1 - r.coverage) / (double)n);
    r.homes_coverage = k == TRY_DIFFERENCE ? MDG_NAN : share(r.homes_inside, homes);
    return r;
}

/* ---- printing ----------------------------------------------------------------------------- */

static json_t *kind_json(const kind_result *r, try_interval k)
{
    return json_pack("{s:s, s:f, s:f, s:o, s:f, s:o, s:f}", "interval", names[k].code, "coverage",
                     r->coverage, "coverage_se", r->coverage_se, "homes_coverage",
                     json_number_or_null(r->homes_coverage), "bias_percent", r->bias,
                     "bias_sd_percent", json_number_or_null(r->bias_sd), "half_width_percent",
                     r->half_width);
}

static mdg_status print_json(const experiment *e, const kind_result *kinds, size_t cities,
                             size_t homes, mdg_error *err)
{
    json_t *list = json_array();
    for (int k = 0; k < TRY_INTERVALS; k++)
        json_array_append_new(list, kind_json(&kinds[k], (try_interval)k));
    return json_text_print(json_pack("{s:f, s:I, s:I, s:o}", "level", e->level, "cities",
                                     (json_int_t)cities, "homes", (json_int_t)homes, "intervals",
                                     list),
                           err);
}

static void print_table(const experiment *e, const kind_result *kinds, size_t cities, size_t homes)
{
    printf(
        "intervals that contain the truth, nominally %.0f in 100, in %zu simulated cities with\n"
        "%zu measured homes\n\n"
        "                              programmes       homes   estimate minus truth   half of\n"
        "                            in 100 (s.e.)     in 100     mean  between cities  interval\n",
        100 * e->level, cities, homes);
    for (int k = 0; k < TRY_INTERVALS; k++) {
        const kind_result *r = &kinds[k];
        printf("  %-26s %6.1f (%.1f)  ", names[k].words, 100 * r->coverage, 100 * r->coverage_se);
        if (isnan(r->homes_coverage))
            printf("%10s", "-");
        else
            printf("%10.1f", 100 * r->homes_coverage);
        printf("   %+6.2f  %14.2f  %8.2f\n", r->bias, r->bias_sd, r->half_width);
    }
    printf("\n  the last three columns are points of percent of the programme\n");
}

static mdg_status report(const experiment *e, size_t cities, mdg_error *err)
{
    kind_result kinds[TRY_INTERVALS];
    size_t homes = 0;
    for (size_t i = 0; i < cities; i++)
        homes += e->cities[i].homes;
    for (int k = 0; k < TRY_INTERVALS; k++)
        kinds[k] = sum_up(e->cities, cities, (try_interval)k);
    if (e->request->json)
        return print_json(e, kinds, cities, homes, err);
    print_table(e, kinds, cities, homes);
    return MDG_OK;
}

mdg_status demo_coverage(const demo_request *q, size_t cities, mdg_error *err)
{
    experiment e = { .request = q, .level = 0.90 };
    mdg_arena mem = { 0 };
    e.cities = mdg_new(&mem, try_result, cities);
    mdg_status s = e.cities ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    if (s == MDG_OK)
        s = mdg_parallel(cities, q->threads, one_city, &e, err);
    if (s == MDG_OK && (q->json || !q->quiet))
        s = report(&e, cities, err);
    mdg_arena_free(&mem);
    return s;
}
