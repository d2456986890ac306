/* The demo's chain: simulate, import, measure, and compare with the truth. */
#include "demo/demo.h"

#include "demo/footprint.h"
#include "demo/imports.h"
#include "demo/path.h"
#include "demo/raw_files.h"
#include "demo/signing.h"
#include "measure/json.h"
#include "measure/measure.h"
#include "measure/record.h"
#include "measure/summary.h"
#include "measure/summary_words.h"
#include "support/json_text.h"

#include <stdlib.h>
#include <string.h>

typedef struct demo {
    const demo_request *request;
    mdg_arena mem;
    city city;
    city_truth truth;
    city_fuel fuel; /* that is being measured */
} demo;

static bool talks(const demo *d)
{
    return !d->request->quiet && !d->request->json;
}

static show_language language(const demo *d)
{
    return language_of(d->request->language);
}

/* ---- truth -------------------------------------------------------------------------------- */

static double true_percent(const void *context, const char *by, const char *label)
{
    const demo *d = context;
    return truth_percent(&d->city, &d->truth, d->fuel, by, label);
}

/* ---- measures ----------------------------------------------------------------------------- */

static const struct {
    city_fuel fuel;
    const char *yaml;
} measured[] = {
    { CITY_GAS, "measures/heating-controls.yaml" },
    { CITY_ELECTRICITY, "measures/heating-controls-electricity.yaml" },
};

static mdg_status show_summary(const measure_outcome *o, const measure_request *q, mdg_error *err)
{
    text out = { 0 };
    measure_summary(o, q, &out);
    return text_print(&out, err);
}

static mdg_status show_measure(const demo *d, const measure_outcome *o, const measure_request *q,
                               mdg_error *err)
{
    printf("\n$ %s\n", q->command);
    if (d->fuel == CITY_GAS)
        return show_summary(o, q, err);
    printf(language(d) == SHOW_KOREAN
               ? "%s:\n  %.1f %% (%.1f ~ %.1f %%), 참값 %.1f %%\n  보고서     %s\n"
               : "%s:\n  %.1f %% (%.1f to %.1f %%), the truth is %.1f %%\n  report     %s\n",
           o->spec.title, summary_percent(o->percent.value), o->percent.lo, o->percent.hi,
           q->truth.percent, o->report);
    return MDG_OK;
}

/* Too few homes for a public record: the rule asks for 100, and some homes have bad data. Of those
 * with a smart meter too few are alike. */
static bool is_small(const demo *d)
{
    bool smart_only = d->fuel == CITY_GAS && d->request->gas == GAS_HOURS;
    return smart_only || d->city.treated < 120;
}

/* Kg CO2e a year that the measured homes avoided, less rebound and footprint, as it is: the truth
 * of all treated homes, scaled to those that could be measured. NaN without a footprint. */
static double true_net(const demo *d, const measure_outcome *o)
{
    if (!o->net[0].given)
        return MDG_NAN;
    mdg_sum saved = { 0 };
    bool smart_only = d->fuel == CITY_GAS && d->request->gas == GAS_HOURS;
    for (size_t i = 0; i < d->city.n; i++)
        if (!smart_only || raw_smart(&d->city, i))
            mdg_sum_add(&saved, d->truth.saved[CITY_FUELS * i + d->fuel]);
    double kg = mdg_sum_get(&saved) * o->carbon.entry[0].factor.value * 365.25 /
                (double)o->spec.reporting_days;
    return o->net[0].share * footprint_true_net(raw_controls(&d->city, d->request->gas), kg);
}

static void show_net(const demo *d, const measure_outcome *o, double truth)
{
    const mdg_drawn *net = &o->net[0].net.part[MDG_NET_NET];
    bool inside = truth >= net->lo && truth <= net->hi;
    printf(
        language(d) == SHOW_KOREAN
            ? "\n  자체 배출량을 뺀 순감축량, 연간 %.1f t (%.1f ~ %.1f); 참값 %.1f t: %s\n"
            : "\n  net of its footprint, %.1f t a year (%.1f to %.1f); the truth is %.1f t: %s\n",
        net->value / 1000, net->lo / 1000, net->hi / 1000, truth / 1000,
        summary_word_in(language(d), inside ? SUMMARY_WORD_INSIDE : SUMMARY_WORD_OUTSIDE));
}

/* A public record is signed with the city's key, and verified with its public half. */
static mdg_status sign_one(demo *d, const measure_outcome *o, json_t *entry, mdg_error *err)
{
    demo_signature made;
    const char *key = o->spec.city;
    MDG_TRY(demo_sign(d->request->folder, key, o->record, d->request->seed, &d->mem, &made, err));
    json_object_set_new(entry, "envelope", json_string(made.sign.envelope));
    json_object_set_new(entry, "key", json_sprintf("%s.pub", made.key));
    if (!talks(d))
        return MDG_OK;
    if (d->fuel == CITY_GAS)
        printf("\n$ madang key new keys/%s.key --city %s\n", key, key);
    printf("$ madang sign results/%s.record.json --key keys/%s.key --out evidence\n"
           "$ madang verify evidence --key keys/%s.key.pub\n",
           o->spec.measure, key, key);
    printf(language(d) == SHOW_KOREAN
               ? "  기록의 바이트가 도시의 키로 서명한 것과 같음\n  봉투       %s\n"
               : "  the record's bytes are those that the city's key signed\n  envelope   %s\n",
           made.sign.envelope);
    return MDG_OK;
}

static mdg_status conclude_one(demo *d, const measure_outcome *o, const measure_request *q,
                               json_t *records, mdg_error *err)
{
    double net = true_net(d, o);
    json_t *groups = json_object();
    for (size_t i = 0; i < o->tally.n_groups; i++) {
        const tally_group *g = &o->tally.groups[i];
        const char *by = o->spec.groups[g->by];
        char name[256];
        snprintf(name, sizeof name, "%s=%s", by, g->label);
        json_object_set_new(groups, name, json_number_or_null(true_percent(d, by, g->label)));
    }
    mdg_status s = talks(d) ? show_measure(d, o, q, err) : MDG_OK;
    if (talks(d) && !isnan(net))
        show_net(d, o, net);
    json_t *entry = json_object();
    if (d->request->json)
        json_object_update_new(entry,
                               json_pack("{s:o, s:f, s:O, s:o}", "record", measure_record(o),
                                         "truth_percent", q->truth.percent, "truth_groups_percent",
                                         groups, "truth_net_kg", json_number_or_null(net)));
    json_decref(groups);
    if (s == MDG_OK && o->release.is_public)
        s = sign_one(d, o, entry, err);
    json_array_append_new(records, entry);
    return s;
}

static mdg_status measure_one(demo *d, size_t k, json_t *records, mdg_error *err)
{
    d->fuel = measured[k].fuel;
    text command = { 0 };
    text_addf(&command, "madang measure %s --out results%s%s", measured[k].yaml,
              is_small(d) ? " --internal" : "", language(d) == SHOW_KOREAN ? " --lang ko" : "");
    measure_request q = { .yaml = demo_path(d->request->folder, measured[k].yaml, &d->mem),
                          .out = demo_path(d->request->folder, "results", &d->mem),
                          .language = d->request->language,
                          .command = text_get(&command),
                          .truth = { .known = true,
                                     .savings = MDG_NAN,
                                     .percent = true_percent(d, NULL, NULL),
                                     .group_percent = true_percent,
                                     .context = d },
                          .internal = is_small(d),
                          .threads = d->request->threads,
                          .quiet = d->request->quiet };
    mdg_status s = q.yaml && q.out ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    if (s == MDG_OK) {
        measure_outcome o;
        s = measure_run(&q, &o, err);
        if (s == MDG_OK)
            s = conclude_one(d, &o, &q, records, err);
        measure_outcome_free(&o);
    }
    text_free(&command);
    return s;
}

/* ---- the story ---------------------------------------------------------------------------- */

static void show_city(const demo *d)
{
    const demo_request *q = d->request;
    size_t others = d->city.n - d->city.homes;
    double saved = 100 * d->city.place->heating_saved;
    if (language(d) == SHOW_KOREAN)
        printf("주택 %zu호와 그 밖의 건물 %zu동이 있는 모의 도시: %s. 주택 %zu호에 난방 제어기를 "
               "설치함.\n제어기는 난방 사용량을 정확히 %.0f %% 줄이고 온수 사용량은 줄이지 않음. "
               "파일은 "
               "실제 도시의 파일과\n같은 과정을 거침; %s에서 같은 명령을 실행하면 같은 결과가 "
               "나옴:\n\n",
               d->city.homes, others, q->folder, d->city.treated, saved, q->folder);
    else
        printf(
            "A simulated city of %zu homes and %zu other buildings, in %s. %zu homes got heating\n"
            "controls that save exactly %.0f %% of their heating, and nothing of their hot water.\n"
            "Its files go the way that yours would; from %s the same commands do the same:\n\n",
            d->city.homes, others, q->folder, d->city.treated, saved, q->folder);
}

static mdg_status run_chain(demo *d, json_t *records, mdg_error *err)
{
    const demo_request *q = d->request;
    city_opts opts = CITY_OPTS;
    opts.seed = q->seed;
    opts.homes = q->homes;
    opts.history = CITY_HISTORY;
    MDG_TRY(city_make(&opts, &d->mem, &d->city, err));
    raw_request files = { .city = &d->city, .folder = q->folder, .gas = q->gas, .quiet = q->quiet };
    MDG_TRY(raw_files_write(&files, &d->mem, &d->truth, err));
    if (talks(d))
        show_city(d);
    imports_request tables = { .folder = q->folder,
                               .gas = q->gas,
                               .threads = q->threads,
                               .quiet = q->quiet,
                               .talks = talks(d),
                               .language = language(d) };
    MDG_TRY(imports_run(&tables, &d->mem, err));
    for (size_t k = 0; k < sizeof measured / sizeof *measured; k++)
        MDG_TRY(measure_one(d, k, records, err));
    return MDG_OK;
}

mdg_status demo_run(const demo_request *q, mdg_error *err)
{
    demo d = { .request = q };
    json_t *records = json_array();
    mdg_status s = run_chain(&d, records, err);
    if (s == MDG_OK && q->json)
        s = json_text_print(records, err);
    else
        json_decref(records);
    mdg_arena_free(&d.mem);
    return s;
}
