/* Many cities through the whole chain, pooled. */
#include "demo/cities.h"

#include "demo/imports.h"
#include "demo/path.h"
#include "demo/places.h"
#include "demo/raw_files.h"
#include "demo/signing.h"
#include "measure/measure.h"
#include "measure/summary_words.h"
#include "pool/document.h"
#include "pool/page.h"
#include "pool/print.h"
#include "support/json_text.h"
#include "support/output.h"
#include "support/text.h"

#include <stdio.h>
#include <string.h>

typedef struct city_row {
    city_place place;
    place_climate climate;
    double truth;         /* percent saved by the treated homes */
    double use;           /* kWh a year of one of them, without the measure */
    mdg_estimate percent; /* measured */
    int grade;
} city_row;

typedef struct cities {
    const demo_request *request;
    mdg_arena mem; /* of paths */
    city_row row[PLACES];
} cities;

static bool talks(const cities *d)
{
    return !d->request->quiet && !d->request->json;
}

static show_language language(const cities *d)
{
    return language_of(d->request->language);
}

/* ---- one city ----------------------------------------------------------------------------- */

static uint64_t seed_of(const cities *d, size_t i)
{
    return d->request->seed * PLACES + i;
}

static mdg_status make(const cities *d, city_row *row, size_t i, mdg_arena *mem, city *c,
                       mdg_error *err)
{
    city_opts opts = CITY_OPTS;
    row->place = place_of(d->request->seed, i);
    opts.place = &row->place;
    opts.seed = seed_of(d, i);
    opts.homes = d->request->homes;
    opts.others = 0;
    opts.history = CITY_HISTORY;
    MDG_TRY(city_make(&opts, mem, c, err));
    row->climate = place_climate_of(c);
    return MDG_OK;
}

static void keep_truth(city_row *row, const city *c, const city_truth *truth)
{
    mdg_sum without = { 0 };
    for (size_t i = 0; i < c->n; i++)
        mdg_sum_add(&without, truth->without[CITY_FUELS * i + CITY_GAS]);
    row->truth = truth_percent(c, truth, CITY_GAS, NULL, NULL);
    row->use = mdg_sum_get(&without) / (double)c->treated;
}

static mdg_status measure_and_sign(cities *d, size_t i, const char *folder, mdg_error *err)
{
    city_row *row = &d->row[i];
    measure_request q = { .yaml = demo_path(folder, "measures/heating-controls.yaml", &d->mem),
                          .out = demo_path(folder, "results", &d->mem),
                          .language = d->request->language,
                          .command = "madang measure measures/heating-controls.yaml --out results",
                          .truth = { .savings = MDG_NAN, .percent = MDG_NAN },
                          .threads = d->request->threads,
                          .quiet = true };
    if (!q.yaml || !q.out)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    measure_outcome o;
    mdg_status s = measure_run(&q, &o, err);
    if (s == MDG_OK) {
        demo_signature made;
        row->percent = o.percent;
        row->grade = o.release.grade.value;
        s = demo_sign(d->request->folder, row->place.key, o.record, seed_of(d, i), &d->mem, &made,
                      err);
    }
    measure_outcome_free(&o);
    return s;
}

static mdg_status run_city(cities *d, size_t i, mdg_arena *mem, mdg_error *err)
{
    city_row *row = &d->row[i];
    city c;
    city_truth truth;
    MDG_TRY(make(d, row, i, mem, &c, err));
    char *folder = demo_path(d->request->folder, row->place.key, &d->mem);
    if (!folder)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    raw_request files = { .city = &c, .folder = folder, .gas_only = true, .quiet = true };
    MDG_TRY(raw_files_write(&files, mem, &truth, err));
    keep_truth(row, &c, &truth);
    imports_request tables = {
        .folder = folder, .gas_only = true, .threads = d->request->threads, .quiet = true
    };
    MDG_TRY(imports_run(&tables, mem, err));
    return measure_and_sign(d, i, folder, err);
}

static void show_header(const cities *d)
{
    const demo_request *q = d->request;
    if (language(d) == SHOW_KOREAN)
        printf("모의 도시 12곳, 주택 %zu호씩: %s. 도시마다 일부 주택에 같은 난방 제어기를 설치함. "
               "제어기는\n"
               "난방 사용량을 약 10분의 1 줄이므로, 겨울이 추울수록 전체 가스 사용량의 절감률이 "
               "큼. 도시마다\n"
               "스스로 측정하고 서명함:\n\n"
               "  도시       난방도일   측정                    참값                증거\n",
               q->homes, q->folder);
    else
        printf(
            "Twelve simulated cities of %zu homes, in %s. In each, some homes got the same\n"
            "heating controls, which save about a tenth of heating; so more of all gas is saved\n"
            "where winters are cold. Each city measures and signs by itself:\n\n"
            "  city       degree   measured                the truth            evidence\n"
            "               days\n",
            q->homes, q->folder);
}

static void show_city(const city_row *row, show_language l)
{
    bool inside = row->percent.lo <= row->truth && row->truth <= row->percent.hi;
    printf(l == SHOW_KOREAN
               ? "  %-10s %8.0f   %5.1f %% (%.1f ~ %.1f %%)%*s%5.1f %%   %-7s   %d등급\n"
               : "  %-10s %6.0f   %5.1f %% (%.1f to %.1f %%)%*s%5.1f %%   %-7s   grade %d\n",
           row->place.name, row->climate.hdd18_c, row->percent.value, row->percent.lo,
           row->percent.hi, row->percent.hi < 10 ? 3 : 2, "", row->truth,
           summary_word_in(l, inside ? SUMMARY_WORD_INSIDE : SUMMARY_WORD_OUTSIDE), row->grade);
    fflush(stdout);
}

static mdg_status run_cities(cities *d, mdg_error *err)
{
    if (talks(d))
        show_header(d);
    for (size_t i = 0; i < PLACES_MEASURED; i++) {
        mdg_arena mem = { 0 };
        mdg_status s = run_city(d, i, &mem, err);
        mdg_arena_free(&mem);
        if (s != MDG_OK)
            return s;
        if (talks(d))
            show_city(&d->row[i], language(d));
    }
    return MDG_OK;
}

/* ---- the thirteenth ----------------------------------------------------------------------- */

/* What the controls would save there: known only to the simulation. */
static mdg_status know_the_last(cities *d, mdg_arena *mem, mdg_error *err)
{
    city_row *row = &d->row[PLACES - 1];
    city c;
    city_truth truth;
    MDG_TRY(make(d, row, PLACES - 1, mem, &c, err));
    MDG_TRY(truth_make(&c, mem, &truth, err));
    double *used = mdg_new(mem, double, c.days), *without = mdg_new(mem, double, c.days);
    if (!used || !without)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < c.n; i++) {
        if (!c.building[i].treated)
            continue;
        city_use(&c, i, CITY_GAS, NULL, used, without);
        truth_add(&truth, &c, i, CITY_GAS, used, without);
    }
    keep_truth(row, &c, &truth);
    return MDG_OK;
}

static mdg_status write_city(const city_row *row, double homes, const char *path, mdg_error *err)
{
    text t = { 0 };
    text_addf(&t,
              "city: %s\nname: %s\nclimate: {hdd18_c: %.0f, cdd18_c: %.0f}\n"
              "stock: {number: %.0f, unit: home}\n"
              "baseline_use: {value: %.0f, unit: kWh, fuel: gas}   # of a home in a year\n"
              "factor: {value: 0.202, unit: kgCO2e/kWh, source: \"IPCC 2006, natural gas, 56.1 kg "
              "CO2 per GJ (net)\"}\n",
              row->place.key, row->place.name, row->climate.hdd18_c, row->climate.cdd18_c, homes,
              row->use);
    mdg_status s = text_status(&t, err);
    if (s == MDG_OK)
        s = output_write(path, text_get(&t), strlen(text_get(&t)), err);
    text_free(&t);
    return s;
}

/* ---- together ----------------------------------------------------------------------------- */

static void show_last(const cities *d, const pool_outcome *o)
{
    const mdg_estimate *p = &o->pool[0].target.percent;
    const city_row *last = &d->row[PLACES - 1];
    bool inside = p->lo <= last->truth && last->truth <= p->hi;
    if (language(d) == SHOW_KOREAN)
        printf("\n열세 번째 도시 %s에서는 아직 아무것도 측정하지 않음. 모의 실험이 아는 이 도시의\n"
               "참 절감률 %.1f %%는 예측구간 %.1f ~ %.1f %%의 %s에 있음.\n",
               last->place.name, last->truth, p->lo, p->hi, inside ? "안" : "밖");
    else
        printf("\nIn %s, the thirteenth city, nobody has measured anything. The simulation knows "
               "what\n"
               "the controls would save there: %.1f %%, %s the interval of %.1f to %.1f %%.\n",
               last->place.name, last->truth, inside ? "inside" : "outside", p->lo, p->hi);
}

static mdg_status print_pool(const cities *d, const pool_outcome *o, mdg_error *err)
{
    bool korean = language(d) == SHOW_KOREAN;
    text out = { 0 };
    printf("\n$ madang pool evidence --key keys --moderators hdd18 --for mirinae.yaml --report "
           "pooled.html%s\n",
           korean ? " --lang ko" : "");
    pool_print(o, language(d), &out);
    MDG_TRY(text_print(&out, err));
    show_last(d, o);
    printf(korean ? "\n  보고서     %s/pooled.html\n" : "\n  report     %s/pooled.html\n",
           d->request->folder);
    return MDG_OK;
}

static json_t *truths(const cities *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < PLACES; i++) {
        const city_row *row = &d->row[i];
        json_t *entry = json_pack("{s:s, s:f, s:f}", "city", row->place.key, "hdd18_c",
                                  row->climate.hdd18_c, "truth_percent", row->truth);
        if (i < PLACES_MEASURED)
            json_object_update_new(entry, json_pack("{s:f, s:f, s:f, s:i}", "percent",
                                                    row->percent.value, "lo", row->percent.lo, "hi",
                                                    row->percent.hi, "grade", row->grade));
        json_array_append_new(list, entry);
    }
    return list;
}

static mdg_status conclude(const cities *d, const pool_outcome *o, const char *page, mdg_error *err)
{
    show_language l = language(d);
    MDG_TRY(pool_write_report(o, page, l, err));
    if (d->request->json)
        return json_text_print(
            json_pack("{s:o, s:o}", "cities", truths(d), "pool", pool_document(o, l)), err);
    return talks(d) ? print_pool(d, o, err) : MDG_OK;
}

static mdg_status pool_all(cities *d, mdg_error *err)
{
    const char *folder = d->request->folder;
    const char *evidence = demo_path(folder, "evidence", &d->mem);
    const char *keys = demo_path(folder, "keys", &d->mem);
    const char *yaml = demo_path(folder, "mirinae.yaml", &d->mem);
    const char *page = demo_path(folder, "pooled.html", &d->mem);
    if (!evidence || !keys || !yaml || !page)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(write_city(&d->row[PLACES - 1], (double)d->request->homes, yaml, err));
    cli_list trusted = { .at = { keys }, .n = 1 };
    pool_request q = { .paths = &evidence,
                       .n_paths = 1,
                       .keys = &trusted,
                       .moderators = { "hdd18" },
                       .n_moderators = 1,
                       .city = yaml,
                       .opts = MDG_POOL_OPTS,
                       .threads = d->request->threads };
    pool_outcome o;
    MDG_TRY(pool_run(&q, &d->mem, &o, err));
    return conclude(d, &o, page, err);
}

mdg_status demo_cities(const demo_request *q, mdg_error *err)
{
    cities d = { .request = q };
    mdg_status s = run_cities(&d, err);
    if (s == MDG_OK)
        s = know_the_last(&d, &d.mem, err);
    if (s == MDG_OK)
        s = pool_all(&d, err);
    mdg_arena_free(&d.mem);
    return s;
}
