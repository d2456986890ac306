/* How often the intervals cover the truth: many simulated cities, measured in memory. */
#include "demo/demo.h"
#include "demo/try_city.h"
#include "measure/json.h"
#include "support/columns.h"
#include "support/json_text.h"
#include "support/language.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *code, *words[SHOW_LANGUAGES];
} names[TRY_INTERVALS] = {
    [TRY_CALTRACK2] = { "caltrack2", { "CalTRACK's", "CalTRACK 구간" } },
    [TRY_CALIBRATED] = { "calibrated", { "calibrated on placebos", "위약 연도로 보정" } },
    [TRY_DIFFERENCE] = { "difference", { "against a comparison group", "비교 집단과 비교" } },
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

static void add_header(const experiment *e, size_t cities, size_t homes, show_language l, text *out)
{
    static const struct {
        size_t width;
        const char *above, *below;
    } korean[] = { { 42, "사업", "100개 중 (표준오차)" },
                   { 12, "주택", "100개 중" },
                   { 9, "", "평균" },
                   { 16, "추정값 - 참값", "도시 간 편차" },
                   { 10, "구간의", "반너비" } };
    enum { CELLS = sizeof korean / sizeof *korean };
    if (l == SHOW_ENGLISH) {
        text_addf(out,
                  "intervals that contain the truth, nominally %.0f in 100, in %zu simulated "
                  "cities with\n"
                  "%zu measured homes\n\n"
                  "                              programmes       homes   estimate minus truth   "
                  "half of\n"
                  "                            in 100 (s.e.)     in 100     mean  between cities  "
                  "interval\n",
                  100 * e->level, cities, homes);
        return;
    }
    text_addf(
        out,
        "참값을 포함하는 구간, 표시 수준은 100개 중 %.0f개: 모의 도시 %zu곳, 측정된 주택 %zu호\n\n",
        100 * e->level, cities, homes);
    for (size_t i = 0; i < CELLS; i++)
        columns_right(out, korean[i].above, korean[i].width);
    text_add(out, "\n");
    for (size_t i = 0; i < CELLS; i++)
        columns_right(out, korean[i].below, korean[i].width);
    text_add(out, "\n");
}

static mdg_status print_table(const experiment *e, const kind_result *kinds, size_t cities,
                              size_t homes, mdg_error *err)
{
    show_language l = language_of(e->request->language);
    text out = { 0 };
    add_header(e, cities, homes, l, &out);
    for (int k = 0; k < TRY_INTERVALS; k++) {
        const kind_result *r = &kinds[k];
        text_addf(&out, "  %s", names[k].words[l]);
        columns_fill(&out, names[k].words[l], 27);
        text_addf(&out, "%6.1f (%.1f)  ", 100 * r->coverage, 100 * r->coverage_se);
        if (isnan(r->homes_coverage))
            text_addf(&out, "%10s", "-");
        else
            text_addf(&out, "%10.1f", 100 * r->homes_coverage);
        text_addf(&out, "   %+6.2f  %14.2f  %8.2f\n", r->bias, r->bias_sd, r->half_width);
    }
    text_add(&out, l == SHOW_KOREAN
                       ? "\n  마지막 세 열의 단위는 사업 전체의 %p\n"
                       : "\n  the last three columns are points of percent of the programme\n");
    return text_print(&out, err);
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
    return print_table(e, kinds, cities, homes, err);
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
